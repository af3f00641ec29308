"""What every command on a project opens: settings, services, the workspace."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from msgspec import structs

from mauve.cli.index_texts import warn_of_index_texts
from mauve.config.settings.resolution import InvalidValue, ResolutionSettings, resolution_settings
from mauve.operations.context import Services
from mauve.project.pyproject import shown_path
from mauve.project.workspace import Workspace, discover_frozen, discover_workspace
from mauve.standards.names import InvalidName, package_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mauve.cli.session import Session
    from mauve.config.arguments.build import BuildArgs
    from mauve.config.arguments.cache import RefreshArgs
    from mauve.config.arguments.everywhere import GlobalArgs
    from mauve.config.arguments.index import IndexArgs
    from mauve.config.arguments.installer import InstallerArgs
    from mauve.config.arguments.python import PythonRequestArgs
    from mauve.config.arguments.resolver import ResolverArgs
    from mauve.config.settings.installation import Reinstall
    from mauve.lock.selection import InstallFilter
    from mauve.operations.lock import LockMode
    from mauve.operations.project import LockWish

_NAMING: Final = frozenset(("no_build_package", "no_binary_package", "no_sources_package", "refresh_package"))
"""The fields of options whose values are names of packages."""


class OpenProject:
    """A project with the services of this run."""

    __slots__ = ("services", "settings", "workspace")

    def __init__(self, workspace: Workspace, services: Services, settings: ResolutionSettings) -> None:
        """Store the parts."""
        self.workspace = workspace
        self.services = services
        self.settings = settings

    def exempt_members(self, install: InstallFilter | None = None) -> None:
        """Let members be built whatever settings say of source distributions, those at least that *install* keeps."""
        workspace, build = self.workspace, self.settings.options.build
        if not (build.no_build or build.no_build_packages):
            return
        exempt = frozenset(
            [
                name
                for name, member in workspace.members.items()
                if workspace.is_package(member) and (install is None or install.keeps_member(name, workspace.current))
            ]
        )
        options = structs.replace(self.settings.options, build=structs.replace(build, exempt=exempt))
        self.settings = structs.replace(self.settings, options=options)

    def lock_wish(
        self,
        mode: tuple[LockMode, str],
        python: PythonRequestArgs,
        shared: GlobalArgs,
        *,
        active: bool | None = False,
        rechecks: bool = False,
    ) -> LockWish:
        """Return how the options want this project locked; *mode* comes with the option that chose it."""
        from mauve.operations.project import LockWish

        return LockWish(
            mode=mode[0],
            option=mode[1],
            settings=self.settings,
            python=python.python,
            active=active,
            no_config=bool(shared.no_config),
            rechecks=rechecks,
        )


@contextmanager
def open_project(
    session: Session,
    index: IndexArgs,
    resolver: ResolverArgs,
    build: BuildArgs,
    refresh: RefreshArgs,
    package: str | None = None,
    *,
    installer: InstallerArgs | None = None,
    frozen: bool = False,
) -> Iterator[OpenProject]:
    """Find the project around the session's directory; its network ends with the block.

    With *frozen* the lockfile stands for what of the project is not there.

    Raises:
        MauveError: there is no project, or it cannot be read.
    """
    services = Services(session.settings, session.directory, session.variables.mapping)
    services.project_directory = session.project_directory
    settings = read_resolution_settings(session, services, index, resolver, build, refresh, installer)
    if frozen:
        workspace, is_project = discover_frozen(session.project_directory)
        if not is_project:
            session.warn_of_preview("frozen-lockfile", "Using `uv.lock` without a `pyproject.toml`")
    else:
        workspace = discover_workspace(session.project_directory)
    _warn_of_legacy_lists(session, workspace)
    if package is not None:
        workspace = workspace.select(package_name(package))
    project = OpenProject(workspace, services, settings)
    project.exempt_members()
    try:
        yield project
    finally:
        services.close()


def _warn_of_legacy_lists(session: Session, workspace: Workspace) -> None:
    files = [member.pyproject for member in workspace.members.values()]
    legacy = [shown_path(file.path) for file in files if file.uv.dev_dependencies is not None]
    if legacy:
        fields = ", ".join(f"`{path}`" for path in legacy)
        session.printer.warning(
            f"The `tool.uv.dev-dependencies` field (used in {fields}) is deprecated and will be removed in a future "
            "release; use `dependency-groups.dev` instead"
        )


def _check_names(*groups: ResolverArgs | BuildArgs | RefreshArgs) -> None:
    """Raise `InvalidValue` if an option that takes names of packages has something else."""
    for group in groups:
        for field in _NAMING.intersection(group.specs):
            for text in getattr(group, field):
                try:
                    package_name(text)
                except InvalidName as error:
                    raise InvalidValue(text, group.specs[field].label, str(error)) from None


def _reinstall(installer: InstallerArgs, session: Session) -> Reinstall:
    from mauve.config.settings.installation import installation_settings

    return installation_settings(installer, session.files).reinstall


def read_resolution_settings(
    session: Session,
    services: Services,
    index: IndexArgs,
    resolver: ResolverArgs,
    build: BuildArgs,
    refresh: RefreshArgs,
    installer: InstallerArgs | None = None,
) -> ResolutionSettings:
    """Return the merged settings of a resolution, with what *installer* says if it is installed, too.

    Raises:
        ContradictingOptions: options contradict each other.
        InvalidValue: an option's value cannot be read.
    """
    _check_names(resolver, build, refresh)
    if session.settings.network.offline and (refresh.refresh or refresh.refresh_package):
        from mauve.cli.errors import ContradictingOptions

        raise ContradictingOptions("--offline", "--refresh")
    warn_of_index_texts(session, index)
    settings = resolution_settings(
        index,
        resolver,
        build,
        refresh,
        session.files,
        session.variables,
        session.directory,
        services.default_index_url,
        None if installer is None else _reinstall(installer, session),
    )
    if settings.require_build_hashes:
        session.warn_of_preview("build-dependency-hashes", "The `--require-build-hashes` option")
    if any(found.hash_algorithm is not None for found in settings.indexes.indexes):
        session.warn_of_preview("index-hash-algorithm", "Setting `hash-algorithm` on configured indexes")
    return settings
