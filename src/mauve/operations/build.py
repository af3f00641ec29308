"""Build source distributions and wheels for their author.

What is built of several sources is made in turns: first everybody's source distribution, then everybody's wheel. One
that fails keeps no other from being built.

Specification: PEP 517; docs/environments.md "Source builds".
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct, structs

from mauve.build.failures import BuildFailed
from mauve.build.frontend import BuildKind, native_call
from mauve.build.native.backend import reason_against
from mauve.build.source_tree import SourceTree, read_build_system
from mauve.errors import MauveError
from mauve.operations.build_needs import NO_NEEDS, BuildNeeds, declared_needs
from mauve.operations.build_outputs import (
    ArchiveContents,
    Declared,
    NotListable,
    check_agreement,
    clear_output,
    prepare_output,
)
from mauve.operations.build_sources import BuildRoute, check_archive, find_sources
from mauve.operations.builds import SourceBuilds
from mauve.operations.reporter import LockEvents
from mauve.project.workspace import MissingPyProject, UnmanagedProject, discover_workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mauve.build.frontend import Builder
    from mauve.config.settings.resolution import ResolutionSettings
    from mauve.distributions.requirements import SourcedRequirement
    from mauve.operations.build_sources import BuildSource, FoundSources, SourceWish
    from mauve.operations.context import Services
    from mauve.python.interpreter import Interpreter


class BuildEvents(LockEvents, Protocol):
    """Hears what is built."""

    def making(self, what: str, source: BuildSource) -> None:
        """*what* is being made of *source*."""
        ...

    def output(self, line: str) -> None:
        """A build backend printed *line*."""
        ...


class BuildRequest(Struct, frozen=True, kw_only=True):
    """What is to be built, and how.

    Attributes:
        constraints: reads the files that bound what builds install, which may fail.
        python: `--python`.
        no_config: version files do not count.
        lists: only say what archives would have.
        forces_hooks: call the backend in an environment even if this program could do its work.
        logs: whether the output of backends is told as it comes.
        clears: empty the folder for the results first.
        ignores: have version control ignore that folder.
    """

    wish: SourceWish
    settings: ResolutionSettings
    constraints: Callable[[], tuple[SourcedRequirement, ...]]
    sdist: bool = False
    wheel: bool = False
    python: str | None = None
    no_config: bool = False
    lists: bool = False
    forces_hooks: bool = False
    logs: bool = True
    clears: bool = False
    ignores: bool = True


class BuiltSource(Struct):
    """What became of one source.

    Attributes:
        files: paths of what was made.
        listings: of what would be made.
        failure: why it ended early.
    """

    source: BuildSource
    files: list[str] = []
    listings: list[ArchiveContents] = []
    failure: MauveError | None = None


def build_sources(request: BuildRequest, services: Services, events: BuildEvents) -> tuple[BuiltSource, ...]:
    """Return what became of everything that is asked for.

    Raises:
        MauveError: nothing can be built at all.
    """
    found = find_sources(request.wish, services.project_directory, services.directory, services.discovery.shown)
    services.network(request.settings.indexes, keyring=request.settings.keyring)
    needs = _needs(request.settings, services)
    results = [BuiltSource(source) for source in found.sources]
    turns = [_Build(result, request, needs, services, events).turns(found) for result in results]
    waiting = list(zip(results, turns, strict=True))
    while waiting:
        waiting = [(result, turn) for result, turn in waiting if _advance(result, turn)]
    return tuple(results)


def _advance(result: BuiltSource, turns: Iterator[None]) -> bool:
    """Make the next thing of a source and return whether there may be another one."""
    try:
        next(turns)
    except StopIteration:
        return False
    except MauveError as error:
        result.failure = error
        return False
    return True


def _needs(settings: ResolutionSettings, services: Services) -> BuildNeeds:
    """Return what the project around the working directory adds to builds; what is built may be another one."""
    try:
        workspace = discover_workspace(services.project_directory)
    except MauveError:
        return NO_NEEDS  # it is no project, or one that cannot be read; then its settings do not count either
    return declared_needs(workspace, settings)


class _Build:
    """Makes what is asked for of one source."""

    def __init__(
        self, result: BuiltSource, request: BuildRequest, needs: BuildNeeds, services: Services, events: BuildEvents
    ) -> None:
        self._result = result
        self._source = result.source
        self._request = request
        self._needs = needs
        self._services = services
        self._events = events
        self._tree = SourceTree(root=result.source.path, shown=result.source.shown)
        self._flaw: MauveError | None = None

    def turns(self, found: FoundSources) -> Iterator[None]:
        """Make one thing after the other.

        Raises:
            BuildFailed: one cannot be made.
        """
        try:
            yield from self._turns(found)
        except BuildFailed:
            raise
        except MauveError as error:
            raise BuildFailed(self._tree) from error
        except OSError as error:
            raise BuildFailed(self._tree) from _refusal(error)

    def _turns(self, found: FoundSources) -> Iterator[None]:
        source, request = self._source, self._request
        route = source.route(sdist=request.sdist, wheel=request.wheel)
        check_archive(source, self._services.discovery.shown)
        interpreter = self._interpreter(found)
        self._flaw = found.failure if found.workspace is None else None
        needs = self._needs
        needs = BuildNeeds((*needs.constraints, *request.constraints()), needs.extras)
        builds = SourceBuilds(self._services, request.settings, lambda: interpreter, self._events, needs)
        if request.clears:
            clear_output(source)
        prepare_output(source.output, ignores=request.ignores)
        builder = builds.builder(
            show_output=False,
            log=self._events.output if request.logs else None,
            uses_native=not (request.forces_hooks or source.is_file),
        )
        yield
        declared: Declared | None = None
        if request.lists:
            self._list(builder, route)
            if route is not BuildRoute.SDIST_TO_WHEEL:
                return
        if route is BuildRoute.WHEEL_OF_SDIST:
            declared = Declared.of_sdist(os.path.basename(source.path))
            self._make_of_archive(builder, source.path, declared)
            return
        if route is not BuildRoute.WHEEL:
            name = self._make(builder, self._tree, BuildKind.SDIST, "source distribution")
            declared = Declared.of_sdist(name)
            yield
            if route is BuildRoute.SDIST_TO_WHEEL:
                self._make_of_archive(builder, os.path.join(source.output, name), declared)
                return
        if route is not BuildRoute.SDIST:
            name = self._make(builder, self._tree, BuildKind.WHEEL, "wheel")
            check_agreement(declared, name)

    def _interpreter(self, found: FoundSources) -> Interpreter:
        from mauve.operations.pythons import build_python

        request = self._request
        return build_python(
            found.workspace,
            found.folder,
            request.python,
            self._services,
            self._events.warning,
            no_config=request.no_config,
        )

    def _list(self, builder: Builder, route: BuildRoute) -> None:
        """Note what archives would have."""
        native = None if self._unlistable() else builder.native(self._tree)
        if native is None:
            reason = self._unlistable() or reason_against(read_build_system(self._source.path)) or ""
            raise NotListable(self._services.discovery.shown(self._source.path), reason)
        if route is not BuildRoute.WHEEL:
            self._result.listings.append(ArchiveContents.of(native_call(self._tree, native.list_sdist)))
        if route in (BuildRoute.WHEEL, BuildRoute.BOTH):
            self._result.listings.append(ArchiveContents.of(native_call(self._tree, native.list_wheel)))

    def _unlistable(self) -> str | None:
        """Return why the `pyproject.toml` of the source cannot be read; None if it can."""
        path = os.path.join(self._source.path, "pyproject.toml")
        try:
            os.stat(path)
        except OSError as error:
            refusal = f"{error.strerror} (os error {error.errno})"
            return f"its `pyproject.toml` failed to parse: failed to open file `{path}`: {refusal}"
        return None

    def _make_of_archive(self, builder: Builder, archive: str, declared: Declared | None) -> None:
        """Make a wheel of the source distribution *archive*."""
        from mauve.filesystem.removal import remove

        folder = self._services.cache.scratch()
        try:
            origin = None if self._source.is_file else self._source.path
            tree = structs.replace(self._tree, root=self._unpacked(archive, folder), origin=origin)
            native = builder.native(tree) if self._request.lists else None
            if native is not None:
                self._result.listings.append(ArchiveContents.of(native_call(tree, native.list_wheel)))
                return
            name = self._make(builder, tree, BuildKind.WHEEL, "wheel from source distribution")
            check_agreement(declared, name)
        finally:
            remove(folder)

    def _unpacked(self, archive: str, folder: str) -> str:
        from mauve.build.archive import DamagedArchive, FailedToUnpack, unpack_source

        try:
            return unpack_source(archive, folder)
        except FailedToUnpack as error:
            if isinstance(error.__cause__, DamagedArchive):
                raise error.__cause__  # noqa: B904 - it has a cause of its own
            raise

    def _make(self, builder: Builder, tree: SourceTree, kind: BuildKind, what: str) -> str:
        self._events.making(what, self._source)
        system = read_build_system(tree.root)
        tree = structs.replace(tree, name=system.name, version=system.version)
        if self._flaw is not None and system.name is not None and builder.native(tree) is None:
            self._check_workspace(self._flaw)
        name = builder.build(tree, kind, self._source.output)
        self._result.files.append(os.path.join(self._source.output, name))
        return name

    def _check_workspace(self, flaw: MauveError) -> None:
        """Refuse a workspace with a *flaw*, by which the sources of what the build requires would be found."""
        if not (self._request.settings.sources.disabled or isinstance(flaw, MissingPyProject | UnmanagedProject)):
            raise flaw


def _refusal(error: OSError) -> MauveError:
    from mauve.operations.build_outputs import OutputRefused

    return OutputRefused(error)
