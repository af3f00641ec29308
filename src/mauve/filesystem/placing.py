"""Put what an unpacked wheel consists of into the folders of an environment, as was decided before.

A wheel is not installed until its dist-info folder has its final name. Until then the folder has a name that nobody
takes for a distribution (`partial_name`), and holds RECORD from the start; so whatever an interrupted run leaves
behind can be taken back.

Standard library only, and little of it: `mauve.fastpath` uses it before anything is imported.
"""

from __future__ import annotations

import errno
import os

from mauve.filesystem.writing import write_new

TYPE_CHECKING = False
"""As in `typing`, which is not imported for it."""
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from types import TracebackType
    from typing import Any, Self

    LinkFiles = Callable[[str, int, int, Sequence[str]], None]
    """Puts files, named relative to a folder (its path and its descriptor), into the folder of another descriptor."""
    Packed = tuple[Any, ...]
    """What `marshal` can have of a placement."""

MANY = 3000
"""Files for which a second process (`mauve.filesystem.halves`) is worth its start."""

PACKED = 11
"""Values of a placement that is packed."""

PARTIAL_PREFIX = "."
PARTIAL_SUFFIX = ".partial"

_FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_CLOEXEC", 0)
_FEW = 2
"""Files of a folder that are reached from the root: more are worth opening the folder on both sides."""


def partial_name(dist_info: str) -> str:
    """Return the name of the folder *dist_info* while it is not complete."""
    return f"{PARTIAL_PREFIX}{dist_info}{PARTIAL_SUFFIX}"


class Placement:
    """What becomes of one unpacked wheel.

    Attributes:
        files: the folder with the files of the wheel.
        library: the folder of packages.
        dist_info: name of the dist-info folder.
        record: content of RECORD.
        record_mode: permission bits of RECORD.
        folders: of the library, relative to it (empty: itself), parents first, with the names of their files.
        info: the same for the dist-info folder, relative to it.
        moved: files that go elsewhere: their folder, relative to `files`; the folder they go to; their names.
        scripts: path and content of files that are written and can be executed.
        additions: name and content of files that are added to dist-info.
    """

    __slots__ = (
        "additions",
        "dist_info",
        "files",
        "folders",
        "info",
        "library",
        "moved",
        "record",
        "record_mode",
        "scripts",
    )

    def __init__(
        self,
        files: str,
        library: str,
        dist_info: str,
        record: bytes,
        record_mode: int,
        folders: Sequence[tuple[str, Sequence[str]]],
        info: Sequence[tuple[str, Sequence[str]]],
        moved: Sequence[tuple[str, str, Sequence[str]]],
        scripts: Sequence[tuple[str, bytes]],
        additions: Sequence[tuple[str, bytes]],
    ) -> None:
        """Store the values."""
        self.files = files
        self.library = library
        self.dist_info = dist_info
        self.record = record
        self.record_mode = record_mode
        self.folders = folders
        self.info = info
        self.moved = moved
        self.scripts = scripts
        self.additions = additions

    @property
    def number(self) -> int:
        """Return how many files are linked into the library."""
        return sum([len(names) for _, names in self.folders])

    def targets(self) -> Iterator[tuple[str, Sequence[str]]]:
        """Yield every folder that gets files, by its path, with their names."""
        library = self.library
        for path, names in self.folders:
            if names:
                yield f"{library}/{path}", names
        yield f"{library}/{self.dist_info}", ("RECORD",)
        for _, folder, names in self.moved:
            # As the folders of the library are named: it may be one of them, or itself.
            yield (f"{library}/" if folder == library else folder), names
        for path, _ in self.scripts:
            folder, _, name = path.rpartition("/")
            yield folder, (name,)

    def packed(self) -> Packed:
        """Return the same in few objects, for `unpacked`; the first is `number`."""
        return (
            self.number,
            self.files,
            self.library,
            self.dist_info,
            self.record,
            self.record_mode,
            _pack(self.folders),
            _pack(self.info),
            self.moved,
            self.scripts,
            self.additions,
        )


def unpacked(packed: Packed) -> Placement:
    """Return the placement that was packed."""
    _, files, library, dist_info, record, mode, folders, info, moved, scripts, additions = packed
    return Placement(
        files, library, dist_info, record, mode, _unpack(folders), _unpack(info), moved, scripts, additions
    )


def _pack(folders: Sequence[tuple[str, Sequence[str]]]) -> str:
    return "\0".join([f"{path}\0{'/'.join(names)}" for path, names in folders])


def _unpack(packed: str) -> list[tuple[str, Sequence[str]]]:
    parts = packed.split("\0")
    return [(path, names.split("/") if names else ()) for path, names in zip(parts[::2], parts[1::2])]  # noqa: B905


def clashing(placements: Iterable[Placement]) -> set[int]:
    """Return the numbers of those of *placements* that have a file of the same path as another: their order matters."""
    firsts: dict[str, tuple[int, Sequence[str]]] = {}
    common: dict[str, list[tuple[int, Sequence[str]]]] = {}
    for number, placement in enumerate(placements):
        for folder, names in placement.targets():
            entry = (number, names)
            first = firsts.setdefault(folder, entry)
            if first is not entry:
                common.setdefault(folder, [first]).append(entry)
    found: set[int] = set()
    for entries in common.values():
        owners: dict[str, int] = {}
        for number, names in entries:
            for name in names:
                owner = owners.setdefault(name, number)
                if owner != number:
                    found |= {owner, number}
    return found


class SourceGone(Exception):
    """The unpacked wheel lacks a file."""


class NotPlaced(Exception):
    """The system refused an operation; its error is the cause.

    Attributes:
        action: `link` or `link into`.
        path: of the file or folder.
        error: what the system answered.
    """

    def __init__(self, action: str, path: str, error: OSError) -> None:
        """Say what was attempted."""
        super().__init__(action, path)
        self.action = action
        self.path = path
        self.error = error


class Placer:
    """Places any number of wheels; a context manager.

    Descriptors of the library folders stay open, and folders that were made are remembered, for the whole run.
    """

    __slots__ = ("_fds", "_link_files", "_made")

    def __init__(self, link_files: LinkFiles) -> None:
        """Use *link_files* for all files that are not written."""
        self._link_files = link_files
        self._fds: dict[str, int] = {}
        self._made: set[str] = set()

    def __enter__(self) -> Self:
        """Return the placer."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Close all descriptors."""
        for descriptor in self._fds.values():
            os.close(descriptor)
        self._fds.clear()

    def place(self, placement: Placement) -> None:
        """Do what *placement* says; files of others with the same path are replaced.

        Raises:
            SourceGone: a file is not there any more.
            NotPlaced: a file cannot be linked.
            OSError: something cannot be made or written.
        """
        library, dist_info = placement.library, placement.dist_info
        library_fd = self._open(library)
        partial = partial_name(dist_info)
        _make_empty(partial, library_fd, f"{library}/{partial}")
        partial_fd = os.open(partial, _FOLDER, dir_fd=library_fd)
        try:
            # RECORD comes first, so that an interrupted installation can be undone; see the module's docstring.
            write_new("RECORD", placement.record, partial_fd, placement.record_mode)
            files_fd = _open_source(placement.files)
            try:
                self._link_folders(placement.files, files_fd, library, library_fd, placement.folders)
                self._link_moved(placement)
                for path, content in placement.scripts:
                    self._make(os.path.dirname(path))
                    write_new(path, content, None, 0o777)
                for name, content in placement.additions:
                    write_new(name, content, partial_fd)
                info = f"{placement.files}/{dist_info}"
                info_fd = _open_source(dist_info, files_fd)
                try:
                    self._link_folders(info, info_fd, f"{library}/{partial}", partial_fd, placement.info)
                finally:
                    os.close(info_fd)
            finally:
                os.close(files_fd)
        finally:
            os.close(partial_fd)
        _rename(partial, dist_info, library_fd, library)

    def _open(self, path: str) -> int:
        """Return a descriptor of the folder *path*, which is made if missing."""
        known = self._fds.get(path)
        if known is None:
            try:
                known = os.open(path, _FOLDER)
            except FileNotFoundError:
                os.makedirs(path, exist_ok=True)
                known = os.open(path, _FOLDER)
            self._fds[path] = known
        return known

    def _make(self, folder: str) -> None:
        if folder not in self._made:
            os.makedirs(folder, exist_ok=True)
            self._made.add(folder)

    def _link_folders(
        self, source: str, source_fd: int, target: str, target_fd: int, folders: Sequence[tuple[str, Sequence[str]]]
    ) -> None:
        for path, names in folders:
            if not path:
                self._link(source, source_fd, target, target_fd, names)
                continue
            _make_folder(path, target_fd)
            if len(names) <= _FEW:
                if names:
                    self._link(source, source_fd, target, target_fd, [f"{path}/{name}" for name in names])
                continue
            into = os.open(path, _FOLDER, dir_fd=target_fd)
            try:
                within = _open_source(path, source_fd)
                try:
                    self._link(f"{source}/{path}", within, f"{target}/{path}", into, names)
                finally:
                    os.close(within)
            finally:
                os.close(into)

    def _link_moved(self, placement: Placement) -> None:
        for place, folder, names in placement.moved:
            self._make(folder)
            source = f"{placement.files}/{place}"
            source_fd = _open_source(source)
            try:
                target_fd = os.open(folder, _FOLDER)
                try:
                    self._link(source, source_fd, folder, target_fd, names)
                finally:
                    os.close(target_fd)
            finally:
                os.close(source_fd)

    def _link(self, source: str, source_fd: int, target: str, target_fd: int, names: Sequence[str]) -> None:
        try:
            self._link_files(source, source_fd, target_fd, names)
        except FileNotFoundError as error:
            folder = os.path.dirname(f"{target}/{names[0]}")
            if os.path.isdir(folder):
                raise SourceGone(source) from error
            raise NotPlaced("link into", folder, error) from error
        except OSError as error:
            name = os.fsdecode(error.filename) if error.filename else ""
            raise NotPlaced("link", f"{target}/{name}", error) from error


def hard_link(
    source_fd: int, target_fd: int, names: Sequence[str], done: int = 0
) -> tuple[int, None] | tuple[int, OSError]:
    """Link *names* from the one folder into the other, but for the first *done*; files that exist are replaced.

    Returns how many are done then: all, or those up to the one that cannot be linked, and why not.

    Raises:
        FileNotFoundError: one is gone.
    """
    link = os.link
    for place in range(done, len(names)):
        name = names[place]
        try:
            link(name, name, src_dir_fd=source_fd, dst_dir_fd=target_fd)
        except FileExistsError:
            _replace_by_link(name, source_fd, target_fd)
        except FileNotFoundError:
            raise
        except OSError as error:
            return place, error
    return len(names), None


def _replace_by_link(name: str, source_fd: int, target_fd: int) -> None:
    # By name and rename: whoever has the old file open, or imports it now, sees either the old or the new one.
    folder, slash, last = name.rpartition("/")
    temporary = f"{folder}{slash}.{last[:80]}.{os.getpid():x}.tmp"
    _unlink(temporary, target_fd)
    os.link(name, temporary, src_dir_fd=source_fd, dst_dir_fd=target_fd)
    try:
        os.rename(temporary, name, src_dir_fd=target_fd, dst_dir_fd=target_fd)
    finally:
        # A rename between two links to one file does nothing and leaves both.
        _unlink(temporary, target_fd)


def _unlink(name: str, folder_fd: int) -> None:
    try:
        os.unlink(name, dir_fd=folder_fd)
    except FileNotFoundError:
        return


def _make_folder(path: str, within: int) -> None:
    try:
        os.mkdir(path, dir_fd=within)
    except FileExistsError:
        return


def _open_source(path: str, within: int | None = None) -> int:
    try:
        return os.open(path, _FOLDER, dir_fd=within)
    except FileNotFoundError as error:
        raise SourceGone(path) from error


def _make_empty(name: str, folder_fd: int, path: str) -> None:
    try:
        os.mkdir(name, dir_fd=folder_fd)
    except FileExistsError:
        from mauve.filesystem.removal import remove

        remove(path)
        os.mkdir(name, dir_fd=folder_fd)


def _rename(name: str, new: str, folder_fd: int, folder: str) -> None:
    try:
        os.rename(name, new, src_dir_fd=folder_fd, dst_dir_fd=folder_fd)
    except OSError as error:
        if error.errno not in {errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR}:
            raise
        from mauve.filesystem.removal import remove

        remove(f"{folder}/{new}")
        os.rename(name, new, src_dir_fd=folder_fd, dst_dir_fd=folder_fd)
