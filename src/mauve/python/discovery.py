"""Find the interpreter that a request asks for.

`Discovery.find` walks candidates in the order of their sources, asks each (through the cache of
`mauve.python.probe`) what it is, and returns the first that fits. Candidates are generated lazily, so the usual
case costs a few stat calls. Nothing is downloaded.

Specification: docs/environments.md "Sources, in order".
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from mauve.enumerations import Enum, StrEnum
from mauve.errors import MauveError
from mauve.python.downloads import DownloadPolicy, download_hint
from mauve.python.probe import BrokenLink, InterpreterMissing, ProbeFailed
from mauve.python.request import (
    AnyRequest,
    DefaultRequest,
    DirectoryRequest,
    FileRequest,
    ImplementationRequest,
    KeyRequest,
    NameRequest,
    PathKind,
    RangePart,
    Variant,
    VersionPart,
    VersionRequest,
    parse_key,
    parse_request,
    requested_version,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from mauve.python.interpreter import Interpreter
    from mauve.python.probe import InterpreterReader
    from mauve.python.request import PythonRequest, VersionConstraint
    from mauve.python.search_path import Executable
    from mauve.python.variables import PythonEnvironmentVariables


class PythonPreference(StrEnum):
    """Whether managed or system installations are used, and which first."""

    MANAGED = "managed"
    SYSTEM = "system"
    ONLY_MANAGED = "only-managed"
    ONLY_SYSTEM = "only-system"


class EnvironmentPreference(Enum):
    """Whether the interpreters of environments, of the system, or both are looked at."""

    ONLY_SYSTEM = 1
    """Bases for environments: `venv`, project commands."""
    ONLY_VIRTUAL = 2
    """`pip install` and the like."""
    EXPLICIT_SYSTEM = 3
    """Environments, and the system only where a path or variable names it."""
    ANY = 4
    """`python find`, `pip list`."""


class Source(Enum):
    """Where a candidate came from; the value is its name in messages."""

    PROVIDED_PATH = "provided path"
    PARENT_INTERPRETER = "parent interpreter"
    ACTIVE_ENVIRONMENT = "active virtual environment"
    CONDA_PREFIX = "conda prefix"
    BASE_CONDA_PREFIX = "base conda prefix"
    DISCOVERED_ENVIRONMENT = "virtual environment"
    MANAGED = "managed installations"
    SEARCH_PATH_FIRST = "first executable in the search path"
    SEARCH_PATH = "search path"

    @property
    def is_search_path(self) -> bool:
        """Return whether the candidate is an executable on the search path."""
        return self in (Source.SEARCH_PATH, Source.SEARCH_PATH_FIRST)

    @property
    def is_explicit(self) -> bool:
        """Return whether the user named this very place."""
        return self in (
            Source.PROVIDED_PATH,
            Source.PARENT_INTERPRETER,
            Source.ACTIVE_ENVIRONMENT,
            Source.CONDA_PREFIX,
        )


class FoundInterpreter(Struct, frozen=True):
    """An interpreter, the source it came from, and the path at which it was found, as the source has it."""

    interpreter: Interpreter
    source: Source
    path: str


class InspectionFailed(MauveError):
    """An executable that should have been usable did not describe itself; the reason is the cause."""

    def __init__(self, source: Source, shown: str, failure: ProbeFailed) -> None:
        """Name the source and the path as it is shown."""
        super().__init__(source, shown, failure)
        self.source = source
        self.shown = shown
        self.failure = failure

    def __str__(self) -> str:
        """Return the message."""
        return f"Failed to inspect Python interpreter from {self.source.value} at `{self.shown}`"

    def hints(self) -> tuple[str, ...]:
        """Return what the cause suggests."""
        return self.failure.hints()


class _Candidate(Struct, frozen=True):
    path: str
    source: Source
    place: int = sys.maxsize
    """Of an executable on the search path: how many stand before it."""


_PLACES: Final = {
    PythonPreference.MANAGED: ("managed installations", "search path"),
    PythonPreference.SYSTEM: ("search path", "managed installations"),
    PythonPreference.ONLY_MANAGED: ("managed installations",),
    PythonPreference.ONLY_SYSTEM: ("search path",),
}


def describe_places(preference: PythonPreference, environments: EnvironmentPreference) -> str:
    """Return the sources that are searched, as errors list them."""
    if environments is EnvironmentPreference.ONLY_VIRTUAL:
        return "virtual environments"
    places = _PLACES[preference]
    if os.name == "nt" and "search path" in places:
        places = (*places[: places.index("search path") + 1], "registry", *places[places.index("search path") + 1 :])
    if environments is not EnvironmentPreference.ONLY_SYSTEM:
        places = ("virtual environments", *places)
    if len(places) < 3:
        return " or ".join(places)
    return ", ".join(places[:-1]) + ", or " + places[-1]


class Discovery:
    """Finds interpreters; made once per command with the values it depends on.

    Attributes:
        variables: what the process environment says.
        directory: the working directory, absolute.
        reader: describes executables.
        preference: managed or system installations.
        downloads: when interpreters may be downloaded; only for what errors suggest.
        offline: whether the network may not be used; likewise.
    """

    __slots__ = ("directory", "downloads", "offline", "preference", "reader", "variables")

    def __init__(
        self,
        *,
        variables: PythonEnvironmentVariables,
        directory: str,
        reader: InterpreterReader,
        preference: PythonPreference = PythonPreference.MANAGED,
        downloads: DownloadPolicy = DownloadPolicy.AUTOMATIC,
        offline: bool = False,
    ) -> None:
        """Store the values."""
        self.downloads = downloads
        self.offline = offline
        self.variables = variables
        self.directory = directory
        self.reader = reader
        self.preference = preference

    def preferring(self, preference: PythonPreference) -> Discovery:
        """Return the same discovery with another *preference*."""
        return Discovery(
            variables=self.variables,
            directory=self.directory,
            reader=self.reader,
            preference=preference,
            downloads=self.downloads,
            offline=self.offline,
        )

    def parse_request(self, text: str) -> PythonRequest:
        """Return what *text* asks for; paths are relative to the working directory."""
        separators = "/\\" if os.name == "nt" else "/"
        return parse_request(text, self._path_kind, separators)

    def find(
        self, request: PythonRequest, environments: EnvironmentPreference, *, is_base: bool = False
    ) -> FoundInterpreter:
        """Return the interpreter for *request*; *is_base*: for a new environment, though those of others count.

        Raises:
            InterpreterNotFound: nothing fits.
            InspectionFailed: nothing fits, and this was the first candidate that could not be asked.
            BrokenEnvironment: the nearest `.venv` is no environment.
            InvalidVersionRequest: no supported interpreter has this version.
        """
        version = requested_version(request)
        if version is not None:
            version.check_supported()
        fallback: FoundInterpreter | None = None
        first_error: InspectionFailed | None = None
        first_place = 0
        for candidate in self._candidates(request, environments):
            try:
                interpreter = self._read(candidate)
            except InspectionFailed as error:
                if _is_critical(error):
                    raise
                # The newest of a directory was asked first, but what the directory lists first is told.
                if first_error is None or (first_error.source.is_search_path and candidate.place < first_place):
                    first_error, first_place = error, candidate.place
                continue
            if not self._fits(interpreter, candidate.source, request, environments):
                continue
            found = FoundInterpreter(interpreter, candidate.source, candidate.path)
            if self._needs_opt_in(found, request):
                fallback = fallback or found
                continue
            return found
        if fallback is not None:
            return fallback
        if first_error is not None:
            raise first_error
        # Only bases of environments are downloaded; `python find` and `pip` never do.
        is_base = is_base or environments is EnvironmentPreference.ONLY_SYSTEM
        hint = download_hint(request, self.downloads, offline=self.offline) if is_base else None
        from mauve.python.discovery_errors import InterpreterNotFound

        raise InterpreterNotFound(request, describe_places(self.preference, environments), hint)

    def find_all(
        self, request: PythonRequest, environments: EnvironmentPreference, tell: Callable[[InspectionFailed], None]
    ) -> Iterator[FoundInterpreter]:
        """Yield every interpreter that fits *request*, the first choice first; *tell* is told about broken ones.

        Raises:
            BrokenEnvironment: the nearest `.venv` is no environment.
            InvalidVersionRequest: no supported interpreter has this version.
        """
        version = requested_version(request)
        if version is not None:
            version.check_supported()
        for candidate in self._candidates(request, environments):
            try:
                interpreter = self._read(candidate)
            except InspectionFailed as error:
                if not isinstance(error.failure, InterpreterMissing):
                    tell(error)
                continue
            if self._fits(interpreter, candidate.source, request, environments):
                yield FoundInterpreter(interpreter, candidate.source, candidate.path)

    def satisfies(self, interpreter: Interpreter, request: PythonRequest) -> bool:
        """Return whether *interpreter*, wherever it came from, is what *request* asks for."""
        match request:
            case DirectoryRequest(path=path):
                root = os.path.join(self.directory, path)
                return _same_file(root, interpreter.prefix) or _same_file(root, interpreter.base_prefix)
            case FileRequest(path=path):
                return self._is_executable_of(interpreter, os.path.join(self.directory, path))
            case NameRequest(name=name):
                if os.path.basename(interpreter.executable) == name:
                    return True
                from mauve.python.search_path import search

                found = search(name, self.variables.search_path)
                return any(self._is_executable_of(interpreter, executable.path) for executable in found)
            case _:
                return _matches(interpreter, request)

    def allows(self, interpreter: Interpreter) -> bool:
        """Return whether the preference for managed or system installations allows *interpreter*."""
        match self.preference:
            case PythonPreference.ONLY_MANAGED:
                return self.variables.is_managed(interpreter)
            case PythonPreference.ONLY_SYSTEM:
                return not self.variables.is_managed(interpreter)
            case _:
                return True

    def shown(self, path: str) -> str:
        """Return *path* as messages show it: relative if it is below the working directory."""
        return show_path(path, self.directory)

    def _is_executable_of(self, interpreter: Interpreter, path: str) -> bool:
        if _same_file(path, interpreter.executable) or _same_file(path, interpreter.base_executable):
            return True
        try:
            asked = self.reader.read(os.path.abspath(path))
        except ProbeFailed:
            return False
        return _same_file(asked.base_executable, interpreter.base_executable)

    def _path_kind(self, path: str) -> PathKind:
        absolute = os.path.join(self.directory, path)
        if os.path.isdir(absolute):
            return PathKind.DIRECTORY
        return PathKind.FILE if os.path.isfile(absolute) else PathKind.NOTHING

    def _read(self, candidate: _Candidate) -> Interpreter:
        absolute = os.path.join(self.directory, candidate.path)
        try:
            return self.reader.read(absolute, candidate.path)
        except ProbeFailed as error:
            shown = candidate.path if candidate.source is Source.PROVIDED_PATH else self.shown(candidate.path)
            raise InspectionFailed(candidate.source, shown, error) from error

    def _fits(
        self, interpreter: Interpreter, source: Source, request: PythonRequest, environments: EnvironmentPreference
    ) -> bool:
        if source is Source.PROVIDED_PATH:
            return True
        # Whoever names a place wants what is there, managed or not; so does who has an environment changed.
        is_meant = source is Source.DISCOVERED_ENVIRONMENT and environments is EnvironmentPreference.EXPLICIT_SYSTEM
        is_allowed = is_meant or source.is_explicit or self.allows(interpreter)
        if not (_is_level(interpreter, source, environments) and is_allowed):
            return False
        return isinstance(request, NameRequest) or _matches(interpreter, request)

    def _needs_opt_in(self, found: FoundInterpreter, request: PythonRequest) -> bool:
        """Return whether *found* is used only if nothing else is: a pre-release, or another implementation."""
        interpreter, source = found.interpreter, found.source
        if source.is_explicit or (source.is_search_path and interpreter.has_default_name):
            return False
        if isinstance(request, AnyRequest | NameRequest | DirectoryRequest | FileRequest):
            return False
        if self.preference is PythonPreference.SYSTEM and source is Source.MANAGED:
            return False
        if source is Source.MANAGED and interpreter.version.is_prerelease and not _allows_prereleases(request):
            return True
        asked = isinstance(request, ImplementationRequest | KeyRequest) and request.implementation is not None
        return interpreter.implementation != "cpython" and not asked

    def _candidates(self, request: PythonRequest, environments: EnvironmentPreference) -> Iterator[_Candidate]:
        match request:
            case FileRequest(path=path):
                if os.path.exists(os.path.join(self.directory, path)):
                    yield _Candidate(path, Source.PROVIDED_PATH)
            case DirectoryRequest(path=path):
                root = os.path.join(self.directory, path)
                executable = environment_executable(root)
                if os.path.lexists(executable):
                    yield _Candidate(os.path.join(path, os.path.relpath(executable, root)), Source.PROVIDED_PATH)
            case NameRequest(name=name):
                if self.preference is not PythonPreference.ONLY_MANAGED:
                    from mauve.python.search_path import search

                    yield from _as_search_path(search(name, self.variables.search_path))
            case _:
                yield from self._ordinary_candidates(request, environments)

    def _ordinary_candidates(self, request: PythonRequest, environments: EnvironmentPreference) -> Iterator[_Candidate]:
        variables = self.variables
        if variables.parent_interpreter:
            yield _Candidate(variables.parent_interpreter, Source.PARENT_INTERPRETER)
        if environments is not EnvironmentPreference.ONLY_SYSTEM:
            yield from self._environments()
        if environments is EnvironmentPreference.ONLY_VIRTUAL:
            return
        if variables.conda_prefix and variables.conda_is_base:
            yield _Candidate(environment_executable(variables.conda_prefix), Source.BASE_CONDA_PREFIX)
        match self.preference:
            case PythonPreference.ONLY_MANAGED:
                yield from self._managed(request)
                if variables.counted_as_managed is not None:
                    yield from self._on_search_path(request)
            case PythonPreference.ONLY_SYSTEM:
                yield from self._on_search_path(request)
            case PythonPreference.SYSTEM:
                yield from self._on_search_path(request)
                yield from self._managed(request)
            case PythonPreference.MANAGED:
                yield from self._managed(request)
                yield from self._on_search_path(request)

    def _environments(self) -> Iterator[_Candidate]:
        variables = self.variables
        if variables.virtual_env:
            root = os.path.join(self.directory, variables.virtual_env)
            yield _Candidate(environment_executable(root), Source.ACTIVE_ENVIRONMENT)
        if variables.conda_prefix and not variables.conda_is_base:
            yield _Candidate(environment_executable(variables.conda_prefix), Source.CONDA_PREFIX)
        nearest = find_environment(self.directory)
        if nearest is not None:
            yield _Candidate(environment_executable(nearest), Source.DISCOVERED_ENVIRONMENT)

    def _managed(self, request: PythonRequest) -> Iterator[_Candidate]:
        """Yield the executables of managed installations that may fit by name, newest first."""
        try:
            names = os.listdir(self.variables.installations)
        except OSError:
            return
        wanted = requested_version(request)
        found: list[tuple[tuple[int, ...], bool, str]] = []
        for name in names:
            key = parse_key(name)
            folder = os.path.join(self.variables.installations, name)
            if key is None or not isinstance(key.version, VersionPart) or os.path.islink(folder):
                continue
            if not _is_host(key) or (isinstance(wanted, VersionPart) and not _may_be(key.version, wanted)):
                continue
            if isinstance(request, ImplementationRequest) and key.implementation != request.implementation:
                continue
            found.append((key.version.release, not key.version.pre, name))
        for release, _, name in sorted(found, reverse=True):
            folder = os.path.join(self.variables.installations, name)
            short = ".".join(map(str, release[:2]))
            stem = "pypy" if name.startswith("pypy") else "graalpy" if name.startswith("graalpy") else "python"
            if os.name == "nt":
                yield _Candidate(os.path.join(folder, "python.exe"), Source.MANAGED)
            elif stem == "graalpy":
                yield _Candidate(os.path.join(folder, "bin", "graalpy"), Source.MANAGED)
            else:
                suffix = "t" if "+freethreaded" in name else ""
                yield _Candidate(os.path.join(folder, "bin", f"{stem}{short}{suffix}"), Source.MANAGED)

    def _on_search_path(self, request: PythonRequest) -> Iterator[_Candidate]:
        from mauve.python.search_path import search_names

        given = self.variables.python_search_path
        path = given if given is not None else self.variables.search_path
        yield from _as_search_path(search_names(request, path))


def find_interpreter(
    discovery: Discovery,
    request: PythonRequest | None = None,
    environments: EnvironmentPreference = EnvironmentPreference.ONLY_SYSTEM,
) -> Interpreter:
    """Return the interpreter for *request* (the default one without a request); raises as `Discovery.find` does."""
    return discovery.find(request or DefaultRequest(), environments).interpreter


def environment_executable(root: str) -> str:
    """Return the path of the executable of the environment or installation at *root*, whether it exists or not."""
    if os.name == "nt":
        for name in ("Scripts\\python.exe", "bin\\python.exe", "python.exe"):
            path = os.path.join(root, name)
            if os.path.exists(path):
                return path
        return os.path.join(root, "Scripts", "python.exe")
    path = os.path.join(root, "bin", "python")
    if not os.path.lexists(path):
        alternative = path + "3"
        if os.path.lexists(alternative):
            return alternative
    return path


def find_environment(directory: str) -> str | None:
    """Return the root of the environment that *directory* is in, or of the nearest `.venv` upwards.

    Raises:
        BrokenEnvironment: that `.venv` is a directory without pyvenv.cfg.
    """
    while True:
        if os.path.isfile(os.path.join(directory, "pyvenv.cfg")):
            return directory
        candidate = os.path.join(directory, ".venv")
        if os.path.isdir(candidate):
            if not os.path.isfile(os.path.join(candidate, "pyvenv.cfg")):
                from mauve.python.discovery_errors import BrokenEnvironment

                raise BrokenEnvironment(candidate)
            return candidate
        parent = os.path.dirname(directory)
        if parent == directory:
            return None
        directory = parent


def show_path(path: str, directory: str) -> str:
    """Return *path*, relative if it lies below *directory*; `.` for the directory itself."""
    if path == directory:
        return "."
    prefix = os.path.join(directory, "")
    return path.removeprefix(prefix)


def _is_critical(error: InspectionFailed) -> bool:
    """Return whether the search must stop: the system failed, or the environment that was activated is broken."""
    from mauve.python.asking import SpawnFailed

    match error.failure:
        case SpawnFailed() as failure:
            cause = failure.__cause__
            return "Permission denied" not in str(cause)
        case BrokenLink(path=path) | InterpreterMissing(path=path):
            root = os.path.dirname(os.path.dirname(path))
            return error.source is Source.ACTIVE_ENVIRONMENT and os.path.isfile(os.path.join(root, "pyvenv.cfg"))
        case _:
            return False


def _is_level(interpreter: Interpreter, source: Source, environments: EnvironmentPreference) -> bool:
    match environments:
        case EnvironmentPreference.ANY:
            return True
        case EnvironmentPreference.ONLY_SYSTEM:
            return not interpreter.is_virtual or source is Source.PARENT_INTERPRETER
        case EnvironmentPreference.ONLY_VIRTUAL:
            return interpreter.is_virtual or source in (Source.CONDA_PREFIX, Source.PARENT_INTERPRETER)
        case EnvironmentPreference.EXPLICIT_SYSTEM:
            return interpreter.is_virtual or source.is_explicit or source is Source.BASE_CONDA_PREFIX


def _matches(interpreter: Interpreter, request: PythonRequest) -> bool:
    """Return whether *interpreter* has the version, build and implementation of *request*; paths always match."""
    match request:
        case VersionRequest(version=version):
            return _matches_version(interpreter, version)
        case ImplementationRequest(implementation=implementation, version=version):
            return interpreter.implementation == implementation and _matches_version(interpreter, version)
        case KeyRequest():
            key = interpreter.key.rsplit("-", 3)
            wanted = (request.operating_system, request.architecture, request.libc)
            if any(want is not None and want != have for want, have in zip(wanted, key[1:], strict=True)):
                return False
            if request.implementation is not None and interpreter.implementation != request.implementation:
                return False
            return _matches_version(interpreter, request.version)
        case DefaultRequest():
            return _matches_build(interpreter, Variant.DEFAULT)
        case _:
            return True


def _matches_version(interpreter: Interpreter, version: VersionConstraint | None) -> bool:
    if version is None:
        return _matches_build(interpreter, Variant.DEFAULT)
    return version.matches(interpreter.version) and _matches_build(interpreter, version.variant)


def _matches_build(interpreter: Interpreter, variant: Variant) -> bool:
    if variant is Variant.DEFAULT:
        return not interpreter.free_threaded or interpreter.has_default_name or interpreter.is_virtual
    if variant in (Variant.GIL, Variant.GIL_DEBUG) and interpreter.free_threaded:
        return False
    if variant.is_free_threaded and not interpreter.free_threaded:
        return False
    return interpreter.debug or not variant.is_debug


def _allows_prereleases(request: PythonRequest) -> bool:
    match requested_version(request):
        case VersionPart(pre=pre):
            return bool(pre)
        case RangePart(specifiers=specifiers):
            return any(specifier.version.is_prerelease for specifier in specifiers.specifiers)
        case None:
            return False


def _may_be(installed: VersionPart, wanted: VersionPart) -> bool:
    return installed.release[: len(wanted.release)] == wanted.release


def _is_host(key: KeyRequest) -> bool:
    """Return whether an installation of *key* can run here."""
    import sys

    system = {"linux": "linux", "darwin": "macos", "win32": "windows"}.get(sys.platform, sys.platform)
    if key.operating_system != system:
        return False
    if not hasattr(os, "uname"):
        return True
    machine = {"arm64": "aarch64", "amd64": "x86_64"}.get(os.uname().machine, os.uname().machine)
    return key.architecture is None or key.architecture.startswith(machine)


def _same_file(one: str, other: str) -> bool:
    try:
        return os.path.samefile(one, other)
    except OSError:
        return False


def _as_search_path(executables: Iterable[Executable]) -> Iterator[_Candidate]:
    for found in executables:
        yield _Candidate(found.path, Source.SEARCH_PATH if found.place else Source.SEARCH_PATH_FIRST, found.place)
