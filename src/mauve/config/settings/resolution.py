"""How versions are chosen, what is fetched again, and how sources are built."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct

from mauve.config.environment import EnvVar, InvalidVariable
from mauve.config.settings.indexes import index_locations
from mauve.distributions.index import IndexLocations
from mauve.distributions.requirements import SourcedRequirement
from mauve.errors import ExitStatus, MauveError
from mauve.resolver.manifest import (
    BuildPolicy,
    ExcludeNewer,
    ForkStrategy,
    PrereleaseMode,
    ResolutionMode,
    ResolverOptions,
)
from mauve.standards.libc import parse_libc
from mauve.standards.names import GroupName, PackageName, group_name, package_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from mauve.config.arguments.build import BuildArgs
    from mauve.config.arguments.cache import RefreshArgs
    from mauve.config.arguments.index import IndexArgs
    from mauve.config.arguments.resolver import ResolverArgs
    from mauve.config.environment import Variables
    from mauve.config.merge import MergedFiles
    from mauve.config.settings.installation import Reinstall
    from mauve.config.tables import DependencyMetadataTable, SettingsTable
    from mauve.standards.cutoffs import Cutoff
    from mauve.standards.requirements import Requirement

ConfigSettings: TypeAlias = "dict[str, str | tuple[str, ...]]"


class Upgrade(Struct, frozen=True):
    """What is not kept of an old lock.

    Attributes:
        everything: `--upgrade`.
        packages: names given to `--upgrade-package`.
        groups: names given to `--upgrade-group`.
        constraints: the requirements that were given in place of such names, for this run only.
    """

    everything: bool = False
    packages: frozenset[PackageName] = frozenset()
    groups: frozenset[GroupName] = frozenset()
    constraints: tuple[Requirement, ...] = ()

    @property
    def is_none(self) -> bool:
        """Return whether everything is kept."""
        return not (self.everything or self.packages or self.groups)


class Refresh(Struct, frozen=True):
    """What of the cache is asked for again."""

    everything: bool = False
    packages: frozenset[PackageName] = frozenset()

    @property
    def is_none(self) -> bool:
        """Return whether the cache is trusted as far as it says."""
        return not (self.everything or self.packages)


class Isolation(Struct, frozen=True):
    """Which packages are built in an environment of their own."""

    everything: bool = True
    shared_packages: frozenset[PackageName] = frozenset()


class ExtraBuildRequirement(Struct, frozen=True):
    """What is installed in addition where a package is built.

    Attributes:
        match_runtime: in the version that is installed in the end.
    """

    requirement: Requirement
    match_runtime: bool = False


class SourcesPolicy(Struct, frozen=True):
    """Whether `tool.uv.sources` counts."""

    disabled: bool = False
    disabled_packages: frozenset[PackageName] = frozenset()


class ResolutionSettings(Struct, frozen=True, kw_only=True):
    """Everything that locking needs besides the project.

    Attributes:
        constraints: of this run only; a lock does not name them.
    """

    indexes: IndexLocations
    options: ResolverOptions
    upgrade: Upgrade = Upgrade()
    refresh: Refresh = Refresh()
    constraints: tuple[SourcedRequirement, ...] = ()
    sources: SourcesPolicy = SourcesPolicy()
    isolation: Isolation = Isolation()
    config_settings: ConfigSettings = {}
    config_settings_packages: dict[PackageName, ConfigSettings] = {}
    extra_build_requirements: dict[PackageName, tuple[ExtraBuildRequirement, ...]] = {}
    extra_build_variables: dict[PackageName, dict[str, str]] = {}
    require_build_hashes: bool = False
    keyring: bool = False
    dependency_metadata: tuple[DependencyMetadataTable, ...] = ()


class InvalidValue(MauveError):
    """The value of an option cannot be read."""

    status = ExitStatus.ERROR

    def __init__(self, given: str, option: str, reason: str) -> None:
        """Name the value, the option as help spells it, and the reason."""
        super().__init__(given, option, reason)
        self.given = given
        self.option = option
        self.reason = reason

    def __str__(self) -> str:
        """Return the message in uv's words."""
        return f"invalid value '{self.given}' for '{self.option}': {self.reason}\n\nFor more information, try '--help'."


def current_time(variables: Variables) -> datetime:
    """Return now, or the fixed moment that a test environment names."""
    fixed = variables.text(EnvVar.TEST_CURRENT_TIMESTAMP) or variables.text("UV_INTERNAL__TEST_CURRENT_TIMESTAMP")
    if not fixed:
        return datetime.now(timezone.utc)  # noqa: UP017
    from mauve.standards.cutoffs import parse_timestamp

    return parse_timestamp(fixed)


def _published_before(variables: Variables) -> int | None:
    """Return the moment after which a test environment wants no file to exist."""
    text = variables.text(EnvVar.TEST_AVAILABLE_VERSION_CUTOFF)
    if text is None:
        return None
    from mauve.standards.cutoffs import parse_cutoff

    return parse_cutoff(text, current_time(variables)).timestamp


def resolution_settings(
    index: IndexArgs,
    resolver: ResolverArgs,
    build: BuildArgs,
    refresh: RefreshArgs,
    files: MergedFiles,
    variables: Variables,
    directory: str,
    default_url: Callable[[], str],
    reinstall: Reinstall | None = None,
) -> ResolutionSettings:
    """Merge command line, environment and files; what is put in again by *reinstall* is looked at again, too.

    Raises:
        InvalidValue: an option's value cannot be read.
    """
    keyring = index.keyring_provider or files.first(lambda table: table.keyring_provider)
    upgrade = _upgrade(resolver, files)
    isolated = _said(build.no_build_isolation, files.first(lambda table: table.no_build_isolation))
    indexes = index_locations(index, files, directory, default_url)
    return ResolutionSettings(
        indexes=indexes,
        options=_options(
            resolver,
            files,
            _exclude_newer(resolver, files, variables, indexes),
            build_policy(build, files),
            _published_before(variables),
        ),
        upgrade=upgrade,
        refresh=_refresh(refresh, upgrade, reinstall),
        sources=SourcesPolicy(
            disabled=_said(resolver.no_sources, files.first(lambda table: table.no_sources)),
            disabled_packages=_names(resolver.no_sources_package)
            | _names(files.joined(lambda table: table.no_sources_package)),
        ),
        isolation=Isolation(
            everything=not isolated,
            shared_packages=_names(build.no_build_isolation_package)
            | _names(files.joined(lambda table: table.no_build_isolation_package)),
        ),
        config_settings=_config_settings(
            build.config_setting, _as_settings(files.merged(lambda table: table.config_settings))
        ),
        config_settings_packages=_package_config_settings(build, files),
        extra_build_requirements=_extra_build_requirements(files),
        extra_build_variables={
            package_name(name): variables
            for name, variables in files.merged(lambda table: table.extra_build_variables).items()
        },
        require_build_hashes=_requires_build_hashes(build, files),
        keyring=keyring == "subprocess",
        dependency_metadata=files.joined(lambda table: table.dependency_metadata),
    )


def _requires_build_hashes(build: BuildArgs, files: MergedFiles) -> bool:
    if build.require_build_hashes or build.no_require_build_hashes:
        return bool(build.require_build_hashes)
    return bool(files.first(lambda table: table.require_build_hashes))


def _extra_build_requirements(files: MergedFiles) -> dict[PackageName, tuple[ExtraBuildRequirement, ...]]:
    declared = files.merged(lambda table: table.extra_build_dependencies)
    if not declared:
        return {}
    from mauve.standards.requirements import parse_requirement

    return {
        package_name(name): tuple(
            [
                ExtraBuildRequirement(parse_requirement(entry))
                if isinstance(entry, str)
                else ExtraBuildRequirement(parse_requirement(entry.requirement), entry.match_runtime)
                for entry in entries
            ]
        )
        for name, entries in declared.items()
    }


def build_policy(build: BuildArgs, files: MergedFiles) -> BuildPolicy:
    """Return which packages may be built and which may come as wheels."""
    return BuildPolicy(
        no_build=_said(build.no_build, files.first(lambda table: table.no_build)),
        no_build_packages=_names(build.no_build_package) | _names(files.joined(lambda table: table.no_build_package)),
        no_binary=_said(build.no_binary, files.first(lambda table: table.no_binary)),
        no_binary_packages=_names(build.no_binary_package)
        | _names(files.joined(lambda table: table.no_binary_package)),
    )


def _options(
    resolver: ResolverArgs,
    files: MergedFiles,
    exclude_newer: ExcludeNewer,
    build: BuildPolicy,
    published_before: int | None,
) -> ResolverOptions:
    resolution = resolver.resolution or files.first(lambda table: table.resolution)
    prerelease = "allow" if resolver.pre else resolver.prerelease or files.first(lambda table: table.prerelease)
    strategy = resolver.fork_strategy or files.first(lambda table: table.fork_strategy)
    prerelease_packages = {
        package_name(name): _prerelease_mode(mode)
        for name, mode in files.merged(lambda table: table.prerelease_package).items()
    }
    for text in resolver.prerelease_package:
        name, separator, mode = text.partition("=")
        if not separator:
            reason = f"Invalid `prerelease-package` value `{text}`: expected format `PACKAGE=MODE`"
            raise InvalidValue(text, "--prerelease-package <PRERELEASE_PACKAGE>", reason)
        if mode not in _PRERELEASE_MODES:
            *first, last = (f"`{known}`" for known in _PRERELEASE_MODES)
            reason = f"Invalid `prerelease-package` mode: expected one of {', '.join(first)}, or {last}, found `{mode}`"
            raise InvalidValue(text, "--prerelease-package <PRERELEASE_PACKAGE>", reason)
        prerelease_packages[package_name(name)] = _prerelease_mode(mode)
    libcs = files.merged(lambda table: table.minimum_libc_version)
    return ResolverOptions(
        resolution=ResolutionMode(resolution) if resolution else ResolutionMode.HIGHEST,
        prerelease=_prerelease_mode(prerelease) if prerelease else PrereleaseMode.IF_NECESSARY,
        prerelease_packages=prerelease_packages,
        fork_strategy=ForkStrategy(strategy) if strategy else ForkStrategy.REQUIRES_PYTHON,
        exclude_newer=exclude_newer,
        build=build,
        minimum_libc=tuple(
            [libc for name, text in sorted(libcs.items()) if (libc := parse_libc(name, text)) is not None]
        ),
        published_before=published_before,
    )


_PRERELEASE_MODES = ("disallow", "allow", "if-necessary", "explicit", "if-necessary-or-explicit")


def _prerelease_mode(text: str) -> PrereleaseMode:
    return PrereleaseMode.IF_NECESSARY if text == "if-necessary-or-explicit" else PrereleaseMode(text)


def _written_cutoff(table: SettingsTable) -> str | None:
    return (
        table.exclude_newer
        if isinstance(table.exclude_newer, str)
        else None
        if table.exclude_newer is None
        else "false"
    )


def _exclude_newer(
    resolver: ResolverArgs, files: MergedFiles, variables: Variables, indexes: IndexLocations
) -> ExcludeNewer:
    now = current_time(variables)
    text = resolver.exclude_newer
    if text is None and EnvVar.EXCLUDE_NEWER in variables.mapping:
        text = ""
    everything: Cutoff | None = None
    if text is None:
        written_globally = files.first(_written_cutoff)
        if written_globally is not None and written_globally != "false":
            everything = _cutoff_in_file(written_globally, now, "exclude-newer")
    elif text != "false":
        everything = _cutoff(text, now, "--exclude-newer <EXCLUDE_NEWER>")
    packages: dict[PackageName, Cutoff | None] = {}
    for name, written in files.merged(lambda table: table.exclude_newer_package).items():
        packages[package_name(name)] = _cutoff_in_file(written, now, "exclude-newer-package")
    for pair in resolver.exclude_newer_package:
        name, separator, written_text = pair.partition("=")
        option = "--exclude-newer-package <EXCLUDE_NEWER_PACKAGE>"
        if not separator:
            raise InvalidValue(
                pair,
                option,
                f"Invalid `exclude-newer-package` value `{pair}`: expected format `PACKAGE=DATE` or `PACKAGE=false`",
            )
        if written_text == "false":
            packages[package_name(name)] = None
            continue
        from mauve.standards.cutoffs import InvalidCutoff, parse_cutoff

        try:
            packages[package_name(name)] = parse_cutoff(written_text, now)
        except InvalidCutoff as error:
            reason = f"Invalid `exclude-newer-package` value `{written_text}`: {error}"
            raise InvalidValue(pair, option, reason) from None
    of_indexes = {
        index.url: _cutoff_in_file(index.exclude_newer, now, "exclude-newer")
        for index in indexes.indexes
        if index.exclude_newer is not None
    }
    return ExcludeNewer(everything=everything, packages=packages, indexes=of_indexes)


def _cutoff_in_file(
    written: str | bool | None,  # noqa: FBT001 - `false` or a time
    now: datetime,
    option: str,
) -> Cutoff | None:
    if written is None or isinstance(written, bool):
        return None
    return _cutoff(written, now, option)


def _cutoff(text: str, now: datetime, option: str) -> Cutoff:
    from mauve.standards.cutoffs import InvalidCutoff, parse_cutoff

    try:
        return parse_cutoff(text, now)
    except InvalidCutoff as error:
        if option.startswith("--"):
            raise InvalidValue(text, option, str(error)) from None
        raise InvalidVariable(option, text, str(error)) from error


def _upgrade(resolver: ResolverArgs, files: MergedFiles) -> Upgrade:
    from mauve.standards.requirements import InvalidRequirement, parse_requirement

    everything = _said(resolver.upgrade, files.first(lambda table: table.upgrade))
    packages: set[PackageName] = set()
    constraints: list[Requirement] = []
    typed: list[Requirement] = []
    for text in resolver.upgrade_package:
        try:
            typed.append(parse_requirement(text))
        except InvalidRequirement as error:
            raise InvalidValue(text, "--upgrade-package <UPGRADE_PACKAGE>", str(error)) from None
    # `--no-upgrade` takes back what files say.
    written = () if resolver.upgrade is False else files.joined(lambda table: table.upgrade_package)
    for requirement in (*typed, *map(parse_requirement, written)):
        packages.add(requirement.name)
        if requirement.url is not None or not requirement.specifiers.is_empty:
            constraints.append(requirement)
    return Upgrade(
        everything=everything,
        packages=frozenset() if everything else frozenset(packages),
        groups=frozenset(group_name(text) for text in resolver.upgrade_group),
        constraints=tuple(constraints),
    )


def _refresh(refresh: RefreshArgs, upgrade: Upgrade, reinstall: Reinstall | None) -> Refresh:
    """Return what is asked for again: because that was said, or because it is upgraded or put in again."""
    everything = bool(refresh.refresh) or upgrade.everything
    packages = _names(refresh.refresh_package) | upgrade.packages
    if reinstall is not None:
        everything, packages = everything or reinstall.everything, packages | reinstall.packages
    return Refresh(everything=everything, packages=packages)


def _config_settings(pairs: Iterable[str], base: ConfigSettings) -> ConfigSettings:
    merged: ConfigSettings = {}
    for pair in pairs:
        key, separator, text = pair.partition("=")
        if not separator:
            raise InvalidValue(
                pair,
                "--config-setting <CONFIG_SETTING>",
                f"Invalid config setting: {pair} (expected `KEY=VALUE`)",
            )
        known = merged.get(key)
        if known is None:
            merged[key] = text
        else:
            merged[key] = (*known, text) if isinstance(known, tuple) else (known, text)
    return {**base, **merged}


def _as_settings(table: dict[str, str | list[str]]) -> ConfigSettings:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in table.items()}


def _package_config_settings(build: BuildArgs, files: MergedFiles) -> dict[PackageName, ConfigSettings]:
    settings = {
        package_name(name): _as_settings(values)
        for name, values in files.merged(lambda table: table.config_settings_package).items()
    }
    for text in build.config_settings_package:
        name, separator, pair = text.partition(":")
        if separator and "=" not in pair:
            reason = f"Invalid config setting: {pair} (expected `KEY=VALUE`)"
            raise InvalidValue(text, "--config-settings-package <CONFIG_SETTINGS_PACKAGE>", reason)
        if not separator:
            raise InvalidValue(
                text,
                "--config-settings-package <CONFIG_SETTINGS_PACKAGE>",
                f"Invalid config setting: {text} (expected `PACKAGE:KEY=VALUE`)",
            )
        key = package_name(name)
        settings[key] = _config_settings([pair], settings.get(key, {}))
    return settings


def _names(texts: Iterable[str]) -> frozenset[PackageName]:
    return frozenset(package_name(text) for text in texts)


def _said(typed: bool | None, in_file: bool | None) -> bool:  # noqa: FBT001 - both are answers to one question
    return bool(in_file) if typed is None else typed
