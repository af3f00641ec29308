"""From the options and files of `pip install` and `pip sync` to settings, and from what was done to lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import structs

from mauve.cli.index_texts import warn_of_index_texts
from mauve.config.arguments.build import BuildArgs, HookArgs
from mauve.config.declare import UsageError
from mauve.config.environment import Variables
from mauve.config.settings.installation import InstallationSettings, installation_settings
from mauve.config.settings.resolution import ResolutionSettings, resolution_settings
from mauve.errors import ExitStatus
from mauve.operations.listed_options import read_selection, with_listed_options
from mauve.project.requested import Requested, parse_requested
from mauve.standards.names import PackageName, extra_name, package_name
from mauve.standards.versions import InvalidVersion, parse_version
from mauve.terminal.counts import duration

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from mauve.cli.pip import PipSession
    from mauve.config.arguments.cache import RefreshArgs
    from mauve.config.arguments.index import IndexArgs
    from mauve.config.arguments.installer import InstallerArgs
    from mauve.config.arguments.pip_install import PipPlanArgs
    from mauve.config.arguments.resolver import ResolverArgs
    from mauve.config.tables import SettingsTable
    from mauve.operations.install import InstallOutcome
    from mauve.operations.pip_install import PipInstallOutcome, PipInstallRequest
    from mauve.operations.requirement_sources import Asked
    from mauve.terminal.changes import Change


class PipInstallSettings:
    """The merged settings of one installation."""

    def __init__(self, pip: PipSession, resolution: ResolutionSettings, installation: InstallationSettings) -> None:
        """Take what was merged."""
        self._pip = pip
        self._resolution = resolution
        self._installation = installation

    def _listed(self, pick: Callable[[SettingsTable], list[object] | None]) -> tuple[Requested, ...]:
        found: list[Requested] = []
        for entry, folder in self._pip.session.files.items_with_folder(pick):
            if isinstance(entry, str):
                found.append(parse_requested(entry, folder))
            elif isinstance(entry, dict) and "requirement" in entry:
                found.append(
                    structs.replace(parse_requested(entry["requirement"], folder), hashes=tuple(entry["hashes"]))
                )
        return tuple(found)

    def request(self, asked: Asked, plan: PipPlanArgs, extras: Iterable[str], *, all_extras: bool) -> PipInstallRequest:
        """Return the request for what is *asked*, with what both commands say about it.

        Raises:
            MauveError: a value cannot be read.
        """
        from mauve.operations.pip_install import PipInstallRequest

        files = self._pip.files
        return PipInstallRequest(
            asked=asked,
            settings=with_listed_options(self._resolution, asked.options, self._pip.services.directory),
            installation=self._installation,
            extras=frozenset(extra_name(text) for text in extras),
            all_extras=all_extras,
            constraints=self._listed(lambda table: table.constraint_dependencies),
            build_constraints=self._listed(lambda table: table.build_constraint_dependencies),
            dry_run=bool(plan.dry_run or plan.check),
            python_version=self._python_version(plan),
            platform=plan.python_platform or files.first(lambda table: table.python_platform),
            require_hashes=files.said(plan.require_hashes, lambda table: table.require_hashes)
            or asked.options.require_hashes,
            verify_hashes=self._verifies_hashes(plan),
            strict=files.said(plan.strict, lambda table: table.strict),
        )

    def overrides(self) -> tuple[Requested, ...]:
        """Return the overrides of settings files."""
        return self._listed(lambda table: table.override_dependencies)

    def excludes(self) -> tuple[PackageName, ...]:
        """Return the names that settings files exclude."""
        excluded = self._pip.session.files.joined(lambda table: table.exclude_dependencies)
        return tuple([package_name(each) for each in excluded if isinstance(each, str)])

    def _python_version(self, plan: PipPlanArgs) -> str | None:
        """Return the version of Python that is chosen for, None for that of the environment.

        Raises:
            UsageError: it is none.
        """
        text = plan.python_version
        if text is None:
            return self._pip.files.first(lambda table: table.python_version)
        try:
            parse_version(text)
        except InvalidVersion as error:
            message = (
                f"invalid value '{text}' for '{plan.specs['python_version'].label}': Python version `{text}` could not "
                f"be parsed: {error.reason}"
            )
            raise UsageError(message, show_usage=False) from error
        return text

    def _verifies_hashes(self, plan: PipPlanArgs) -> bool:
        """Return whether digests that are given have to fit."""
        if plan.no_verify_hashes is not None:
            return not plan.no_verify_hashes
        said = self._pip.files.first(lambda table: table.verify_hashes)
        return True if said is None else said


def read_pip_settings(
    pip: PipSession,
    index: IndexArgs,
    resolver: ResolverArgs,
    build: HookArgs,
    plan: PipPlanArgs,
    refresh: RefreshArgs,
    installer: InstallerArgs,
) -> PipInstallSettings:
    """Return the merged settings.

    Raises:
        MauveError: options contradict each other, or a value cannot be read.
    """
    session = pip.session
    if plan.torch_backend is not None:
        from mauve.cli.errors import NotSupported

        raise NotSupported("--torch-backend")
    if session.settings.network.offline and (refresh.refresh or refresh.refresh_package):
        from mauve.cli.errors import ContradictingOptions

        raise ContradictingOptions("--offline", "--refresh")
    warn_of_index_texts(session, index)
    files = pip.files.shared
    installation = installation_settings(installer, files)
    resolution = resolution_settings(
        index,
        resolver,
        _build_options(pip, build, plan),
        refresh,
        files,
        session.variables,
        session.directory,
        pip.services.default_index_url,
        installation.reinstall,
    )
    return PipInstallSettings(pip, resolution, installation)


def _build_options(pip: PipSession, build: HookArgs, plan: PipPlanArgs) -> BuildArgs:
    """Return the options in the form that other commands have."""
    no_binary, no_binary_packages = read_selection(pip.files.joined(plan.no_binary, lambda table: table.no_binary))
    no_build, no_build_packages = read_selection(pip.files.joined(plan.only_binary, lambda table: table.only_binary))
    said = {
        **{field: getattr(build, field) for field in build.specs},
        # `--build` takes back what the table of `pip` says, not what is said of all commands.
        "no_build": True if no_build or pip.session.files.first(lambda table: table.no_build) else plan.no_build,
        "no_build_package": no_build_packages,
        "no_binary": True if no_binary else None,
        "no_binary_package": no_binary_packages,
        "require_build_hashes": plan.require_build_hashes,
        "no_require_build_hashes": plan.no_require_build_hashes,
    }
    return BuildArgs(said, Variables({}))


def report_installation(
    pip: PipSession,
    request: PipInstallRequest,
    outcome: PipInstallOutcome,
    plan: PipPlanArgs,
) -> ExitStatus:
    """Say what was done, or would be; return how the command ends."""
    reporter, installed = pip.reporter, outcome.install
    if installed is None:
        reporter.summary("Checked", outcome.number or None, f"in {duration(outcome.seconds)}")
        if request.dry_run:
            reporter.note("Would make no changes")
    elif request.dry_run:
        reporter.planned(installed, outcome.number)
    else:
        reporter.changes(installed)
    for warning in outcome.warnings:
        pip.session.printer.warning(warning)
    if plan.output_format == "json":
        from mauve.cli.sync_report import render_changes

        report = render_changes(_changes(installed, dry_run=request.dry_run), dry_run=request.dry_run)
        pip.session.printer.data(report, important=True)
    needs_changes = installed is not None and not installed.plan.is_noop
    return ExitStatus.FAILURE if plan.check and needs_changes else ExitStatus.SUCCESS


def _changes(installed: InstallOutcome | None, *, dry_run: bool) -> list[Change]:
    if installed is None:
        return []
    from mauve.cli.reporting import installation_changes, planned_changes

    return planned_changes(installed.plan) if dry_run else installation_changes(installed)
