"""What a user may ask for as a Python: `3.12`, `>=3.8`, `pypy@3.10`, a path, an executable's name.

Reading is pure: whether a text names a directory or file is asked through a function. `mauve.python.discovery`
answers requests.

Specification: docs/environments.md "Requests".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct

from mauve.enumerations import Enum, StrEnum
from mauve.errors import MauveError

if TYPE_CHECKING:
    from collections.abc import Callable

    from mauve.standards.specifiers import Specifiers
    from mauve.standards.versions import Version


class Variant(StrEnum):
    """A build of an interpreter; the value is what follows `+`."""

    DEFAULT = ""
    FREE_THREADED = "freethreaded"
    DEBUG = "debug"
    FREE_THREADED_DEBUG = "freethreaded+debug"
    GIL = "gil"
    GIL_DEBUG = "gil+debug"

    @property
    def suffix(self) -> str:
        """Return what follows a version."""
        return f"+{self.value}" if self.value else ""

    @property
    def executable_suffix(self) -> str:
        """Return the letters at the end of an executable's name."""
        return {"freethreaded": "t", "debug": "d", "freethreaded+debug": "td", "gil+debug": "d"}.get(self.value, "")

    @property
    def is_free_threaded(self) -> bool:
        """Return whether the lock must be absent."""
        return self in (Variant.FREE_THREADED, Variant.FREE_THREADED_DEBUG)

    @property
    def is_debug(self) -> bool:
        """Return whether it must be a debug build."""
        return self in (Variant.DEBUG, Variant.FREE_THREADED_DEBUG, Variant.GIL_DEBUG)


_VARIANTS = {
    "": Variant.DEFAULT,
    "t": Variant.FREE_THREADED,
    "freethreaded": Variant.FREE_THREADED,
    "d": Variant.DEBUG,
    "debug": Variant.DEBUG,
    "td": Variant.FREE_THREADED_DEBUG,
    "freethreaded+debug": Variant.FREE_THREADED_DEBUG,
    "gil": Variant.GIL,
    "gil+debug": Variant.GIL_DEBUG,
}

IMPLEMENTATIONS = {"cpython": "CPython", "pypy": "PyPy", "graalpy": "GraalPy", "pyodide": "Pyodide"}
"""Names as in `sys.implementation.name`, and as in messages."""

_SHORT_IMPLEMENTATIONS = {"cp": "cpython", "pp": "pypy", "gp": "graalpy"}


class InvalidVersionRequest(MauveError):
    """The version exists in no supported interpreter."""

    def __init__(self, limit: str, requested: str, *, free_threading: bool = False) -> None:
        """Store the first supported version and the one that was asked for."""
        super().__init__(limit, requested)
        self.limit = limit
        self.requested = requested
        self.free_threading = free_threading

    def __str__(self) -> str:
        """Return the message; it ends in a full stop as uv's does."""
        lack = "does not support free-threading" if self.free_threading else "is not supported"
        return f"Invalid version request: Python <{self.limit} {lack} but {self.requested} was requested."


class VersionPart(Struct, frozen=True):
    """A version as far as it was given: `3`, `3.12`, `3.12.1`, `3.13rc1`.

    Attributes:
        release: one to three numbers.
        pre: `rc1`, or empty.
    """

    release: tuple[int, ...]
    pre: str = ""
    variant: Variant = Variant.DEFAULT

    def __str__(self) -> str:
        """Return the text with the variant."""
        return ".".join(map(str, self.release)) + self.pre + self.variant.suffix

    def matches(self, version: Version) -> bool:
        """Return whether an interpreter of *version* fits, its variant aside."""
        count = len(self.release)
        if version.release[:count] != self.release:
            return False
        return not self.pre or (version.pre is not None and f"{version.pre[0]}{version.pre[1]}" == self.pre)

    def check_supported(self) -> None:
        """Raise `InvalidVersionRequest` if no supported interpreter has this version."""
        if self.release < ((3,) if len(self.release) == 1 else (3, 6)):
            limit = "3" if len(self.release) == 1 else "3.6"
            raise InvalidVersionRequest(limit, str(self))
        if self.variant.is_free_threaded and len(self.release) > 1 and self.release < (3, 13):
            raise InvalidVersionRequest("3.13", str(self), free_threading=True)


class RangePart(Struct, frozen=True):
    """A range of versions: `>=3.8,<3.10`."""

    specifiers: Specifiers
    variant: Variant = Variant.DEFAULT

    def __str__(self) -> str:
        """Return the specifiers, sorted; uv does not show the variant of a range."""
        return self.specifiers.lock_text(", ")

    def matches(self, version: Version) -> bool:
        """Return whether an interpreter of *version* fits, its variant aside."""
        return self.specifiers.contains(version)

    def check_supported(self) -> None:
        """Ranges are never refused: the interpreters decide."""


VersionConstraint: TypeAlias = VersionPart | RangePart


class AnyRequest(Struct, frozen=True):
    """Any interpreter, also pre-releases and other implementations."""

    def __str__(self) -> str:
        """Return the canonical text."""
        return "any"


class DefaultRequest(Struct, frozen=True):
    """The first usual interpreter."""

    def __str__(self) -> str:
        """Return the canonical text."""
        return "default"


class VersionRequest(Struct, frozen=True):
    """An interpreter of a version."""

    version: VersionConstraint

    def __str__(self) -> str:
        """Return the canonical text."""
        return str(self.version)


class ImplementationRequest(Struct, frozen=True):
    """An implementation, perhaps of a version."""

    implementation: str
    version: VersionConstraint | None = None

    def __str__(self) -> str:
        """Return the canonical text."""
        return f"{self.implementation}@{self.version}" if self.version else self.implementation


class DirectoryRequest(Struct, frozen=True):
    """The root of an environment or installation."""

    path: str

    def __str__(self) -> str:
        """Return the path as given."""
        return self.path


class FileRequest(Struct, frozen=True):
    """An executable's path."""

    path: str

    def __str__(self) -> str:
        """Return the path as given."""
        return self.path


class NameRequest(Struct, frozen=True):
    """An executable's name, to be found in the search path."""

    name: str

    def __str__(self) -> str:
        """Return the name."""
        return self.name


class KeyRequest(Struct, frozen=True, kw_only=True):
    """Parts of an installation key; None stands for any."""

    implementation: str | None = None
    version: VersionConstraint | None = None
    operating_system: str | None = None
    architecture: str | None = None
    libc: str | None = None

    def __str__(self) -> str:
        """Return the five parts; those that were not given are `any`."""
        version = str(self.version) if self.version else None
        parts = (self.implementation, version, self.operating_system, self.architecture, self.libc)
        return "-".join(part or "any" for part in parts)


PythonRequest: TypeAlias = (
    AnyRequest
    | DefaultRequest
    | VersionRequest
    | ImplementationRequest
    | DirectoryRequest
    | FileRequest
    | NameRequest
    | KeyRequest
)


class PathKind(Enum):
    """What lies at a path."""

    NOTHING = 0
    FILE = 1
    DIRECTORY = 2


def nothing_there(_path: str) -> PathKind:
    """Look nowhere: with this no text is a path unless it contains a separator."""
    return PathKind.NOTHING


def parse_request(
    text: str, path_kind: Callable[[str], PathKind] = nothing_there, separators: str = "/"
) -> PythonRequest:
    """Return what *text* asks for; every text asks for something."""
    text = text.strip()
    folded = text.lower()
    if folded == "any":
        return AnyRequest()
    if folded == "default":
        return DefaultRequest()
    request = _parse_version_or_implementation(folded)
    if request is not None:
        return request
    kind = path_kind(text) if text else PathKind.NOTHING
    if kind is PathKind.DIRECTORY:
        return DirectoryRequest(text)
    if kind is PathKind.FILE or any(separator in text for separator in separators):
        return FileRequest(text)
    return _parse_key(folded) or NameRequest(text)


def range_request(specifiers: Specifiers) -> PythonRequest:
    """Return the request of a `requires-python`; without bounds it is the default one."""
    return VersionRequest(_range_or_version(specifiers)) if not specifiers.is_empty else DefaultRequest()


def describe(request: PythonRequest) -> str:
    """Return *request* as messages name it: ``Python 3.12``, ``executable name `x` ``."""
    match request:
        case AnyRequest():
            return "any Python"
        case DefaultRequest():
            return "a default Python"
        case VersionRequest(version=version):
            return f"Python {version}"
        case ImplementationRequest(implementation=implementation, version=version):
            name = IMPLEMENTATIONS.get(implementation, implementation)
            return f"{name} {version}" if version else name
        case DirectoryRequest(path=path):
            return f"directory `{path}`"
        case FileRequest(path=path):
            return f"path `{path}`"
        case NameRequest(name=name):
            return f"executable name `{name}`"
        case KeyRequest():
            return str(request)


def requested_version(request: PythonRequest) -> VersionConstraint | None:
    """Return the version part of *request*, if it has one."""
    match request:
        case VersionRequest(version=version):
            return version
        case ImplementationRequest(version=version) | KeyRequest(version=version):
            return version
        case _:
            return None


def parse_version_constraint(text: str) -> VersionConstraint | None:
    """Return the version or range that *text* (in lower case) is, or None if it is neither."""
    bare, variant = _split_variant(text)
    version = _parse_version_part(bare, variant)
    if version is not None:
        return version
    if not bare or bare[0] not in "<>=!~":
        return None
    from mauve.standards.specifiers import InvalidSpecifier, parse_specifiers

    try:
        specifiers = parse_specifiers(bare)
    except InvalidSpecifier:
        return None
    return None if specifiers.is_empty else _range_or_version(specifiers, variant)


def _range_or_version(specifiers: Specifiers, variant: Variant = Variant.DEFAULT) -> VersionConstraint:
    """Return what *specifiers* ask for: of an exact version alone, that version, as far as it is given."""
    from mauve.standards.specifiers import Operator

    first, *others = specifiers.specifiers
    if not others and first.operator is Operator.EQUAL:
        version = _parse_version_part(str(first.version), variant)
        if version is not None:
            return version
    return RangePart(specifiers, variant)


def _parse_version_or_implementation(text: str) -> PythonRequest | None:
    for prefix in ("python", ""):
        version = _after_prefix(prefix, text)
        if version is not None:
            return VersionRequest(version)
    for name in (*IMPLEMENTATIONS, *_SHORT_IMPLEMENTATIONS):
        implementation = _SHORT_IMPLEMENTATIONS.get(name, name)
        if text == name:
            return ImplementationRequest(implementation)
        version = _after_prefix(name, text)
        if version is not None:
            return ImplementationRequest(implementation, version)
    return None


def _after_prefix(prefix: str, text: str) -> VersionConstraint | None:
    if not text.startswith(prefix):
        return None
    rest = text[len(prefix) :]
    if prefix:
        rest = rest.removeprefix("@")
    return parse_version_constraint(rest)


def _split_variant(text: str) -> tuple[str, Variant]:
    """Split `3.13t` and `3.13+freethreaded`; what follows the last digit counts."""
    end = len(text)
    while end and not text[end - 1].isdigit():
        end -= 1
    if not end or end == len(text):
        return text, Variant.DEFAULT
    variant = _VARIANTS.get(text[end:].removeprefix("+"))
    return (text, Variant.DEFAULT) if variant is None else (text[:end], variant)


def _parse_version_part(text: str, variant: Variant) -> VersionPart | None:
    if not text or not text[0].isdigit():
        return None
    from mauve.standards.versions import InvalidVersion, parse_version

    try:
        version = parse_version(text)
    except InvalidVersion:
        return None
    if version.post is not None or version.dev is not None or version.local or version.epoch:
        return None
    release = version.release
    if len(release) == 1 and release[0] > 9:
        digits = str(release[0])
        release = (int(digits[0]), int(digits[1:]))
    if len(release) > 3 or max(release) > 255:
        return None
    if version.pre is None:
        return VersionPart(release, "", variant)
    if len(release) == 1 or (len(release) == 3 and release[2] != 0):
        # Only the first patch release of a minor version has pre-releases.
        return None
    return VersionPart(release[:2], f"{version.pre[0]}{version.pre[1]}", variant)


_SYSTEMS = {
    "linux": "linux",
    "macos": "macos",
    "darwin": "macos",
    "windows": "windows",
    "freebsd": "freebsd",
    "netbsd": "netbsd",
    "openbsd": "openbsd",
    "emscripten": "emscripten",
}
_ARCHITECTURES = {
    "x86_64": "x86_64",
    "amd64": "x86_64",
    "x86_64_v2": "x86_64_v2",
    "x86_64_v3": "x86_64_v3",
    "x86_64_v4": "x86_64_v4",
    "x86": "i686",
    "i686": "i686",
    "i386": "i386",
    "aarch64": "aarch64",
    "arm64": "aarch64",
    "armv7": "armv7",
    "armv7l": "armv7",
    "armv6": "armv6",
    "arm": "arm",
    "powerpc64": "powerpc64",
    "powerpc64le": "powerpc64le",
    "ppc64le": "powerpc64le",
    "s390x": "s390x",
    "riscv64": "riscv64",
    "riscv64gc": "riscv64",
    "loongarch64": "loongarch64",
    "wasm32": "wasm32",
}
_LIBCS = frozenset({"gnu", "gnueabi", "gnueabihf", "musl", "musleabi", "musleabihf", "none"})


def parse_key(text: str) -> KeyRequest | None:
    """Return the installation key *text* is (`cpython-3.12-linux-x86_64-gnu`, or a part of it), or None."""
    return _parse_key(text.lower())


def _parse_key(text: str) -> KeyRequest | None:
    parts = text.split("-")
    values: list[str | VersionConstraint | None] = [None] * 5
    readers: tuple[Callable[[str], str | VersionConstraint | None], ...] = (
        _read_implementation,
        parse_version_constraint,
        _SYSTEMS.get,
        _ARCHITECTURES.get,
        lambda part: part if part in _LIBCS else None,
    )
    place = 0
    for part in parts:
        value = None
        while place < len(readers):
            if part == "any":
                place += 1
                break
            value = readers[place](part)
            place += 1
            if value is not None:
                values[place - 1] = value
                break
        else:
            return None
    implementation, version, system, architecture, libc = values
    return KeyRequest(
        implementation=implementation if isinstance(implementation, str) else None,
        version=version if not isinstance(version, str) else None,
        operating_system=system if isinstance(system, str) else None,
        architecture=architecture if isinstance(architecture, str) else None,
        libc=libc if isinstance(libc, str) else None,
    )


def _read_implementation(text: str) -> str | None:
    name = _SHORT_IMPLEMENTATIONS.get(text, text)
    return name if name in IMPLEMENTATIONS else None
