"""Build source trees: make an environment, fill it, call the hooks of the backend in order.

`Builder.prepare` returns a `SourceBuild`, which can make metadata and one distribution and must be closed. Builds are
synchronous and independent of each other, so several may run in threads.

Specification: PEP 517, PEP 660, docs/environments.md "Source builds".
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, TypeVar

import msgspec
from msgspec import structs

from mauve.build.failures import (
    BackendError,
    BuildBroke,
    BuildFailed,
    CyclicBuild,
    NativeBuildFailed,
    RequirementsNotInstalled,
    RequirementsUnresolved,
)
from mauve.build.hook_process import MISSING, Backend, call_hook, encode_settings, failure, hook_variables
from mauve.build.isolation import ISOLATED
from mauve.build.settings import ConfigSettings
from mauve.build.source_tree import read_build_system
from mauve.enumerations import StrEnum
from mauve.errors import ExitStatus, MauveError
from mauve.filesystem.removal import remove
from mauve.filesystem.temporary import make_temporary_folder
from mauve.project.lowering import FailedEntry
from mauve.python.environment import Environment

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from contextlib import AbstractContextManager
    from types import TracebackType
    from typing import Self

    from mauve.build.isolation import BuildEnvironments, BuildIsolation
    from mauve.build.native.backend import NativeBackend
    from mauve.build.source_tree import BuildSystem, SourceTree
    from mauve.python.interpreter import Interpreter
    from mauve.standards.names import PackageName
    from mauve.standards.requirements import Requirement

Result = TypeVar("Result")

_NO_VARIABLES: dict[str, str] = {}


class BuildKind(StrEnum):
    """What is built; the value is the end of the hooks' names."""

    WHEEL = "wheel"
    EDITABLE = "editable"
    SDIST = "sdist"


class Builder:
    """Builds source trees; made once per command.

    Attributes:
        interpreter: what build environments are made of.
        directory: the cache bucket in which builds happen.
    """

    def __init__(
        self,
        *,
        environments: BuildEnvironments,
        interpreter: Interpreter,
        directory: str,
        variables: Mapping[str, str],
        tool: str | None = None,
        isolation: BuildIsolation = ISOLATED,
        settings: ConfigSettings | None = None,
        extra_variables: Mapping[PackageName, Mapping[str, str]] | None = None,
        extended: frozenset[PackageName] = frozenset(),
        show_output: bool = True,
        log: Callable[[str], None] | None = None,
        uses_native: bool = True,
        uses_sources: bool = True,
        warn: Callable[[str], None] | None = None,
    ) -> None:
        """Store the values.

        Args:
            environments: resolves and installs what builds require.
            interpreter: what build environments are made of; an environment's stands for its base.
            directory: the cache bucket in which builds happen.
            variables: the environment that hooks inherit.
            tool: the path of this program, for backends that call it.
            isolation: which packages are built in an environment of their own.
            settings: what backends are told.
            extra_variables: further variables by package.
            extended: packages for whose builds *environments* installs more than they ask for.
            show_output: whether failures contain the output of hooks.
            log: receives that output line by line, as it comes.
            uses_native: whether `uv_build` is taken to be part of this program, where versions allow it.
            uses_sources: whether `[tool.uv.sources]` counts; if not, that backend keeps its warnings for itself.
            warn: receives warnings, without a prefix.
        """
        self.environments = environments
        self.interpreter = interpreter
        self.directory = directory
        self._variables = variables
        self._tool = tool
        self._isolation = isolation
        self._settings = settings or ConfigSettings()
        self._extra_variables = extra_variables or {}
        self._extended = extended
        self._show_output = show_output
        self._log = log
        self._uses_native = uses_native
        self._uses_sources = uses_sources
        self._warn = warn
        self._warnings: set[str] = set()

    def build_metadata(
        self,
        tree: SourceTree,
        building: tuple[str, ...] = (),
        *,
        announce: Callable[[], None] | None = None,
        keep: Callable[[str], None] | None = None,
    ) -> bytes:
        """Return the METADATA of *tree*; a wheel is built if the backend cannot tell it otherwise.

        *announce* is called before that, *keep* after it with the path of the wheel, which does not stay. *building* is
        the chain of distributions whose builds this one is part of. Raises as `prepare` does.
        """
        native = self.native(tree)
        if native is not None:
            return native_call(tree, native.metadata)
        kind = BuildKind.EDITABLE if tree.is_editable else BuildKind.WHEEL
        with self.prepare(tree, kind, building) as build:
            directory = build.metadata_directory()
            if directory is not None:
                with open(os.path.join(directory, "METADATA"), "rb") as file:
                    return file.read()
            if announce is not None:
                announce()
            output = make_temporary_folder(self.directory)
            try:
                path = os.path.join(output, build.build(output))
                metadata = metadata_of_wheel(path)
                if keep is not None:
                    keep(path)
                return metadata
            finally:
                remove(output)

    def build(self, tree: SourceTree, kind: BuildKind, output: str, building: tuple[str, ...] = ()) -> str:
        """Build *tree* into the directory *output* and return the name of the file. Raises as `prepare` does."""
        os.makedirs(output, exist_ok=True)
        native = self.native(tree)
        if native is not None:
            make = {BuildKind.WHEEL: native.wheel, BuildKind.EDITABLE: native.editable, BuildKind.SDIST: native.sdist}
            return native_call(tree, lambda: make[kind](output))
        with self.prepare(tree, kind, building) as build:
            return build.build(output)

    def prepare(self, tree: SourceTree, kind: BuildKind, building: tuple[str, ...] = ()) -> SourceBuild:
        """Return a build of *tree* whose environment is complete; close it when done.

        Raises:
            NotAProject: there is nothing to build.
            InvalidBuildSystem: `[build-system]` is malformed.
            InvalidBackendPath: `backend-path` is malformed.
            RequirementsUnresolved: what the build needs cannot be had; likewise `RequirementsNotInstalled`.
            BackendError: a hook failed; if the package's name is known, as the cause of `BuildFailed`.
            CyclicBuild: *tree* needs itself to be built.
        """
        shown = tree.shown or tree.root
        if shown in building:
            raise CyclicBuild(shown)
        system = read_build_system(tree.root)
        if system.warning is not None:
            self._warn_once(system.warning)
        tree = structs.replace(tree, version=system.version or tree.version)
        work = make_temporary_folder(self.directory)
        build = SourceBuild(self, tree, system, kind, work, (*building, shown))
        try:
            build.set_up(self._isolation.shared_for(tree.name))
        except BaseException:
            build.close()
            raise
        return build

    def native(self, tree: SourceTree) -> NativeBackend | None:
        """Return what builds *tree* within this process, None if that takes an environment."""
        if not self._uses_native or tree.name in self._extended:
            return None
        from mauve.build.native.backend import NativeBackend, builds_natively

        system = read_build_system(tree.root)
        warn = self._warn_once if self._uses_sources else _keep_quiet
        return NativeBackend(tree.root, system, warn) if builds_natively(system) else None

    def _warn_once(self, warning: str) -> None:
        if self._warn is not None and warning not in self._warnings:
            self._warnings.add(warning)
            self._warn(warning)

    def settings_of(self, tree: SourceTree) -> dict[str, object]:
        """Return what the backend of *tree* is told."""
        return encode_settings(self._settings.for_package(tree.name))

    def is_extended(self, tree: SourceTree) -> bool:
        """Return whether more is installed for the build of *tree* than it asks for."""
        return tree.name in self._extended

    def backend_in(self, environment: Environment, tree: SourceTree, system: BuildSystem) -> Backend:
        """Return the backend of *tree* as it can be called in *environment*."""
        return Backend(
            executable=environment.executable,
            source=tree.root,
            entry=system.backend,
            path=system.backend_path,
            variables=hook_variables(
                self._variables,
                scripts=environment.scripts,
                root=environment.root,
                source=tree.root,
                tool=self._tool,
                extra=self._extra_variables.get(tree.name, _NO_VARIABLES) if tree.name else _NO_VARIABLES,
            ),
            show_output=self._show_output,
            log=self._log,
        )


class SourceBuild:
    """One build of one source tree, with its environment; closing it removes all but the result.

    Attributes:
        tree: what is built.
        system: its build system.
        kind: what is built of it.
        work: a directory of this build alone; its environment, unless it is built in a shared one.
    """

    def __init__(
        self,
        builder: Builder,
        tree: SourceTree,
        system: BuildSystem,
        kind: BuildKind,
        work: str,
        building: tuple[str, ...],
    ) -> None:
        """Own the directory *work*; the environment is made by `set_up`."""
        self.tree = tree
        self.system = system
        self.kind = kind
        self.work = work
        self._builder = builder
        self._building = building
        self._backend: Backend | None = None
        self._metadata: str | None = None
        self._metadata_asked = False

    def __enter__(self) -> Self:
        """Return this build."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Close this build."""
        self.close()

    def close(self) -> None:
        """Remove the environment and everything temporary."""
        remove(self.work)

    def set_up(self, shared: Environment | None) -> None:
        """Make and fill the environment; in the *shared* one nothing is installed and nothing is asked for."""
        builder, tree, system = self._builder, self.tree, self.system
        if shared is not None:
            self._backend = builder.backend_in(shared, tree, system)
            return
        from mauve.python.virtualenv import create_environment

        create_environment(self.work, builder.interpreter.environment_base())
        environment = Environment(self.work, builder.interpreter.in_environment(self.work))
        self._backend = builder.backend_in(environment, tree, system)
        requirements = system.requires
        extra_origin = " and `extra-build-dependencies`" if builder.is_extended(tree) else ""
        if requirements or extra_origin:
            self._install(environment, requirements, system.origin + extra_origin)
        hook = f"get_requires_for_build_{self.kind}"
        extra = self._parse_requires(hook, self._call(hook, builder.settings_of(tree)))
        missing = tuple(requirement for requirement in extra if requirement not in requirements)
        if missing:
            # Resolved together, so that the two sets agree.
            self._install(environment, (*requirements, *missing), f"`{self.system.backend}.{hook}`{extra_origin}")

    def metadata_directory(self) -> str | None:
        """Return the `.dist-info` directory that the backend writes, None if it cannot do this; it is asked once."""
        if not self._metadata_asked:
            self._metadata_asked = True
            hook = f"prepare_metadata_for_build_{self.kind}"
            folder = os.path.join(self.work, "metadata_directory")
            os.mkdir(folder)
            name = self._call(hook, folder, self._builder.settings_of(self.tree))
            if name is not MISSING:
                if not isinstance(name, str):
                    raise self._useless(hook)
                self._metadata = os.path.join(folder, name)
        return self._metadata

    def build(self, output: str) -> str:
        """Build into the directory *output* and return the name of the file."""
        hook = f"build_{self.kind}"
        arguments: list[object] = [output, self._builder.settings_of(self.tree)]
        if self.kind is not BuildKind.SDIST:
            arguments.append(self._metadata)
        if self.system.uses_setuptools:
            with self._locked():
                name = self._call(hook, *arguments)
        else:
            name = self._call(hook, *arguments)
        if not isinstance(name, str) or not os.path.isfile(os.path.join(output, name)):
            raise self._useless(hook)
        return name

    def _install(self, environment: Environment, requirements: tuple[Requirement, ...], origin: str) -> None:
        port = self._builder.environments
        try:
            resolution = port.resolve(requirements, self.tree, self._building)
        except FailedEntry as error:
            if self.tree.shown is None:
                raise
            raise BuildFailed(self.tree) from error
        except MauveError as error:
            raise self._outer(RequirementsUnresolved(origin), error)  # noqa: B904 - the cause is set within
        try:
            port.install(resolution, environment, self._building)
        except MauveError as error:
            raise self._outer(RequirementsNotInstalled(origin), error)  # noqa: B904 - likewise

    def _parse_requires(self, hook: str, value: object) -> tuple[Requirement, ...]:
        from mauve.standards.requirements import InvalidRequirement, parse_requirement

        if value is MISSING:
            return ()
        try:
            return tuple(map(parse_requirement, msgspec.convert(value, tuple[str, ...])))
        except (msgspec.ValidationError, InvalidRequirement):
            raise self._useless(hook)  # noqa: B904 - the cause is set within

    def _call(self, hook: str, *arguments: object) -> object:
        if self._backend is None:
            raise RuntimeError("the build was not set up")
        answer = os.path.join(self.work, f"{hook}.txt")
        try:
            return call_hook(self._backend, hook, arguments, answer)
        except BackendError as error:
            if self.tree.shown is None:
                raise
            raise BuildFailed(self.tree) from error

    def _useless(self, hook: str) -> MauveError:
        """Return the error of a hook that ended well without doing its work."""
        if self._backend is None:
            raise RuntimeError("the build was not set up")
        return self._outer(BackendError(), failure(self._backend, hook, 0))

    def _outer(self, error: MauveError, cause: MauveError) -> MauveError:
        """Return what is raised for *error*, which *cause* led to: `BuildFailed` if messages can name the package."""
        error.__cause__ = cause
        if self.tree.shown is None:
            return error
        is_broken = not isinstance(error, BackendError) and cause.status is ExitStatus.ERROR
        failed = BuildBroke(self.tree) if is_broken else BuildFailed(self.tree)
        failed.__cause__ = error
        return failed

    def _locked(self) -> AbstractContextManager[None]:
        """Hold a lock per source tree: setuptools writes `build/` and `*.egg-info` into it."""
        from binascii import crc32
        from tempfile import gettempdir

        from mauve.filesystem.locks import file_lock

        name = f"mauve-setuptools-{crc32(os.fsencode(os.path.realpath(self.tree.root))):08x}.lock"
        return file_lock(os.path.join(gettempdir(), name))


def _keep_quiet(warning: str) -> None:
    del warning


def native_call(tree: SourceTree, call: Callable[[], Result]) -> Result:
    """Return what *call* returns; its failure is the cause of one that names *tree*, if messages can name it."""
    from mauve.build.native.errors import NativeBuildError

    try:
        return call()
    except NativeBuildError as error:
        if tree.shown is None:
            raise
        raise NativeBuildFailed(tree) from error


def metadata_of_wheel(path: str) -> bytes:
    """Return the METADATA of the wheel at *path*."""
    from zipfile import ZipFile

    with ZipFile(path) as archive:
        for name in archive.namelist():
            if name.endswith(".dist-info/METADATA") and name.count("/") == 1:
                return archive.read(name)
    raise FileNotFoundError(path)
