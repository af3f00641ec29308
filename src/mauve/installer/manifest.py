"""What an unpacked wheel contains, stored beside it so that installing it walks nothing and parses nothing.

The manifest is made once, from the archive. It does not depend on the environment: everything below the root of the
wheel keeps its path, and what moves (scripts, `.data`) is listed with the rest of its RECORD row.

Specification: "Binary distribution format", "Recording installed projects".

Annotations are no texts in this module, since msgspec would compile each of them in every run.
"""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Final

from msgspec import Struct, structs

from mauve.errors import MauveError
from mauve.installer.scripts import check_name, wants_interpreter
from mauve.standards.entry_points import EntryPoint, EntryPoints, InvalidEntryPoints, parse_entry_points
from mauve.standards.record import InvalidRecord, RecordRow, parse_record, render_record

if TYPE_CHECKING:
    from mauve.installer.archive import Directory

MANIFEST: Final = "manifest"
"""Name of the stored manifest in the folder of an unpacked wheel."""
FILES: Final = "files"
"""Name of the folder of the unpacked files beside it."""

_SCHEMES: Final = frozenset({"data", "headers", "platlib", "purelib", "scripts"})
_SIGNATURES: Final = frozenset({"RECORD.jws", "RECORD.p7s"})


class InvalidWheel(MauveError):
    """The archive is sound, but what it contains is not a wheel.

    Attributes:
        reason: in the words of uv.
    """

    def __init__(self, reason: str) -> None:
        """Record the *reason*."""
        super().__init__(reason)
        self.reason = reason


class MissingRecord(InvalidWheel):
    """Nothing says which files the wheel has."""


class Folder(Struct, frozen=True, array_like=True):
    """A folder, relative to the root of the wheel (empty: the root), and the names of its files."""

    path: str
    names: tuple[str, ...]


class MovedFile(Struct, frozen=True, array_like=True):
    """A file of the `.data` folder.

    Attributes:
        scheme: where it goes: `data`, `headers`, `platlib`, `purelib` or `scripts`.
        path: below the folder of that scheme.
        place: path in the wheel.
        digest: of its row in RECORD, which may be empty.
        size: of its row in RECORD.
        wants_interpreter: a script whose first line is to be replaced.
    """

    scheme: str
    path: str
    place: str
    digest: str
    size: int | None
    wants_interpreter: bool = False


class Manifest(Struct, frozen=True, array_like=True):
    """Everything about one unpacked wheel that installing it needs.

    Attributes:
        sha256: hexadecimal digest of the archive.
        digests: every digest of the archive that was computed, `algorithm:hex`, the first one included.
        dist_info: name of the dist-info folder.
        metadata_name: as METADATA spells it.
        metadata_version: as METADATA spells it.
        folders: all but those of dist-info and `.data`; parents first; empty ones included.
        info: the dist-info folder and those below it.
        record_before: finished RECORD lines that sort before those of dist-info.
        record_info: rows in dist-info, and every other row that sorts among them.
        record_after: finished RECORD lines that sort behind.
        first: path of the first row of `record_before`.
        problem: why this wheel cannot be installed, or empty.
    """

    sha256: str
    digests: tuple[str, ...]
    dist_info: str
    metadata_name: str
    metadata_version: str
    root_is_purelib: bool
    folders: tuple[Folder, ...]
    info: tuple[Folder, ...]
    moved: tuple[MovedFile, ...]
    entry_points: EntryPoints
    record_before: str
    record_info: tuple[RecordRow, ...]
    record_after: str
    first: str
    problem: str = ""

    @property
    def launchers(self) -> tuple[EntryPoint, ...]:
        """Return the entry points that become scripts, console ones first."""
        return _all(self.entry_points)

    def render_record(self, added: Iterable[RecordRow]) -> str:
        """Return the RECORD of the installed wheel: its own rows and *added* ones, sorted by path, digest and size."""
        inside = list(self.record_info)
        outside: list[RecordRow] = []
        prefix = f"{self.dist_info}/"
        for row in added:
            (inside if row.path.startswith(prefix) else outside).append(row)
        middle = render_record(inside)
        if not outside:
            return f"{self.record_before}{middle}{self.record_after}"
        last = max([row.path for row in outside])
        if last < prefix and (not self.first or last < self.first):
            return f"{render_record(outside)}{self.record_before}{middle}{self.record_after}"
        # Rare: a file of the wheel sorts before the scripts and data files (`../..`).
        return render_record([*parse_record(f"{self.record_before}{middle}{self.record_after}"), *outside])


def read_manifest(entry: str) -> Manifest | None:
    """Return the manifest of the unpacked wheel in the folder *entry*, or None if there is none that can be read."""
    from msgspec import DecodeError, msgpack

    try:
        with open(f"{entry}/{MANIFEST}", "rb", buffering=0) as file:
            raw = file.read()
        manifest = msgpack.decode(raw, type=Manifest)
    except (OSError, DecodeError, UnicodeDecodeError):
        return None
    # What was cut or overwritten seldom decodes; if it does, it speaks of another wheel or of bytes that no text has.
    is_damaged = "\0" in manifest.record_before or not entry.endswith(manifest.sha256)
    return None if is_damaged else manifest


def encode_manifest(manifest: Manifest) -> bytes:
    """Return the stored form."""
    from msgspec import msgpack

    return msgpack.encode(manifest)


def build_manifest(
    directory: "Directory", read: Callable[[str], bytes], read_start: Callable[[str], bytes], digests: tuple[str, ...]
) -> Manifest:
    """Return the manifest of a wheel.

    Args:
        directory: the contents of the archive.
        read: gives the content of the file at a path.
        read_start: gives at least its first eight bytes.
        digests: of the archive, SHA-256 first.

    Raises:
        InvalidWheel: without a usable dist-info folder or RECORD. Other faults are recorded as `problem`, since they
            are reported when the wheel is installed.
    """
    files = {member.path: member.size for member in directory.members}
    dist_info = _find_dist_info(directory.folders)
    if f"{dist_info}/RECORD" not in files:
        raise MissingRecord(f"failed to open file `{dist_info}/RECORD`: No such file or directory (os error 2)")
    try:
        rows = _heal(parse_record(_decode(read(f"{dist_info}/RECORD"), "RECORD")), files, dist_info)
    except InvalidRecord as error:
        raise InvalidWheel("`RECORD` file is invalid") from error
    name, version = _identity(read(f"{dist_info}/METADATA") if f"{dist_info}/METADATA" in files else b"")
    problem = ""
    purelib = False
    entry_points = EntryPoints()
    moved: tuple[MovedFile, ...] = ()
    prefix = f"{dist_info.removesuffix('.dist-info')}.data/"
    try:
        wheel = read(f"{dist_info}/WHEEL") if f"{dist_info}/WHEEL" in files else b""
        purelib = _root_is_purelib(_decode(wheel, "WHEEL"))
        if f"{dist_info}/entry_points.txt" in files:
            entry_points = _entry_points(_decode(read(f"{dist_info}/entry_points.txt"), "entry_points.txt"))
        moved = _moved_files(rows, prefix, entry_points, read_start)
    except InvalidWheel as error:
        problem = error.reason
    places = {file.place for file in moved}
    inside = f"{dist_info}/"
    before: list[RecordRow] = []
    within: list[RecordRow] = []
    after: list[RecordRow] = []
    for place, row in rows.items():
        if row.path.startswith(inside):
            within.append(row)
        elif place not in places:
            (before if row.path < inside else after).append(row)
    library: list[str] = []
    info: list[str] = []
    for path in files:
        if path.startswith(inside):
            info.append(path)
        elif not path.startswith(prefix):
            library.append(path)
    info.remove(f"{inside}RECORD")
    outside = [folder for folder in directory.folders if not f"{folder}/".startswith((inside, prefix))]
    return Manifest(
        sha256=digests[0].partition(":")[2],
        digests=digests,
        dist_info=dist_info,
        metadata_name=name,
        metadata_version=version,
        root_is_purelib=purelib,
        folders=_folders(["", *outside], library),
        info=_folders([folder for folder in directory.folders if f"{folder}/".startswith(inside)], info),
        moved=moved,
        entry_points=entry_points,
        record_before=render_record(before),
        record_info=tuple(within),
        record_after=render_record(after),
        first=min([row.path for row in before], default=""),
        problem=problem,
    )


def _decode(raw: bytes, name: str) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        raise InvalidWheel(f"`{name}` is not valid UTF-8") from error


def _find_dist_info(folders: Iterable[str]) -> str:
    found = [folder for folder in folders if folder.endswith(".dist-info") and "/" not in folder]
    if not found:
        raise InvalidWheel("Missing .dist-info directory")
    if len(found) > 1:
        raise InvalidWheel(f"Multiple .dist-info directories found: {', '.join(sorted(found))}")
    return found[0]


def _heal(rows: list[RecordRow], files: dict[str, int], dist_info: str) -> dict[str, RecordRow]:
    """Return, by file, *rows* without repetitions and missing files, and with a row for every file that had none."""
    kept: dict[str, RecordRow] = {}
    for row in rows:
        path = row.path
        if path not in files:
            path = "/".join([part for part in path.split("/") if part not in {"", "."}])
            if path not in files:
                continue
        # Where an absolute path would lead, nothing of the wheel is.
        kept.setdefault(path, structs.replace(row, path=path) if row.path.startswith("/") else row)
    for path, size in files.items():
        if path not in kept:
            folder, _, name = path.rpartition("/")
            if not (folder == dist_info and name in _SIGNATURES):
                kept[path] = RecordRow(path, "", size)
    return kept


def _identity(metadata: bytes) -> tuple[str, str]:
    """Return name and version as METADATA gives them; empty where it does not."""
    name = version = ""
    for line in metadata.splitlines():
        if not line:
            break
        key, _, value = line.partition(b":")
        if key.lower() == b"name" and not name:
            name = value.strip().decode(errors="replace")
        elif key.lower() == b"version" and not version:
            version = value.strip().decode(errors="replace")
    return name, version


def _root_is_purelib(text: str) -> bool:
    headers: dict[str, str] = {}
    for line in text.splitlines():
        key, separator, value = line.partition(":")
        if separator:
            headers.setdefault(key.strip().lower(), value.strip())
    version = headers.get("wheel-version")
    if version is None:
        raise InvalidWheel("The wheel is invalid: Wheel-Version header is missing from WHEEL file")
    major = version.partition(".")[0]
    if major != "1":
        raise InvalidWheel(f"The wheel is invalid: Unsupported wheel major version (expected 1, got {major})")
    return headers.get("root-is-purelib") == "true"


def _entry_points(text: str) -> EntryPoints:
    try:
        entry_points = parse_entry_points(text)
    except InvalidEntryPoints as error:
        raise InvalidWheel(str(error)) from error
    for entry_point in _all(entry_points):
        fault = check_name(entry_point.name)
        if fault is not None:
            raise InvalidWheel(fault)
    return entry_points


def _all(entry_points: EntryPoints) -> tuple[EntryPoint, ...]:
    return (*entry_points.console, *entry_points.gui)


def _moved_files(
    rows: dict[str, RecordRow], prefix: str, entry_points: EntryPoints, read_start: Callable[[str], bytes]
) -> tuple[MovedFile, ...]:
    taken = {entry_point.name for entry_point in _all(entry_points)}
    moved: list[MovedFile] = []
    for place, row in rows.items():
        if not place.startswith(prefix):
            continue
        scheme, _, path = place.removeprefix(prefix).partition("/")
        if scheme not in _SCHEMES or not path:
            raise InvalidWheel(f"The wheel is invalid: Unknown wheel data type: {scheme}")
        wants = False
        if scheme == "scripts":
            if "/" in path:
                folder = place.removesuffix(path) + path.partition("/")[0]
                raise InvalidWheel(
                    "The wheel is invalid: Wheel contains an invalid entry (directory) in the `scripts` directory: "
                    f"{folder}"
                )
            if _without_suffix(path) in taken:
                continue  # the entry point of this name is used; the row stays, as uv leaves it
            fault = check_name(path)
            if fault is not None:
                raise InvalidWheel(fault)
            wants = wants_interpreter(read_start(place))
        elif scheme == "data" and path.startswith("bin/"):
            fault = check_name(path.removeprefix("bin/"))
            if fault is not None:
                raise InvalidWheel(fault)
        moved.append(MovedFile(scheme, path, place, row.digest, row.size, wants))
    return tuple(moved)


def _without_suffix(name: str) -> str:
    for suffix in (".exe", "-script.py", ".pya"):
        if name.endswith(suffix):
            return name.removesuffix(suffix)
    return name


def _folders(folders: Iterable[str], paths: Iterable[str]) -> tuple[Folder, ...]:
    """Return *folders* with the names of the files *paths* in them."""
    names: dict[str, list[str]] = {folder: [] for folder in folders}
    for path in paths:
        folder, _, name = path.rpartition("/")
        names[folder].append(name)
    return tuple([Folder(path, tuple(sorted(files))) for path, files in names.items()])
