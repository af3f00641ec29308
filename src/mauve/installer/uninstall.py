"""Take installed distributions out of an environment.

The dist-info folder loses its name first and goes last: a removal that is interrupted leaves a folder which nobody
takes for a distribution and from which the next run finishes the work.

Specification: "Recording installed projects".
"""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

from msgspec import Struct

from mauve.errors import MauveError
from mauve.filesystem.placing import partial_name
from mauve.installer.inventory import InstalledDistribution, InstalledKind
from mauve.installer.wheel import UnusableFile
from mauve.standards.record import InvalidRecord, parse_record

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mauve.installer.target import InstallTarget


class Uninstalled(Struct, frozen=True):
    """What a removal did.

    Attributes:
        skipped: paths of RECORD that were left alone because they are outside of the environment.
    """

    files: int = 0
    directories: int = 0
    skipped: tuple[str, ...] = ()


class MissingRecord(MauveError):
    """Without RECORD nobody knows what belongs to the package.

    Attributes:
        path: where it was expected.
    """

    def __init__(self, path: str) -> None:
        """Name the file."""
        super().__init__(f"Cannot uninstall package; `RECORD` file not found at: {path}")
        self.path = path


class MissingTopLevel(MauveError):
    """The egg-info folder does not say which modules belong to it.

    Attributes:
        path: where `top_level.txt` was expected.
    """

    def __init__(self, path: str) -> None:
        """Name the file."""
        super().__init__(f"Cannot uninstall package; `top_level.txt` file not found at: {path}")
        self.path = path


class InstalledByDistutils(MauveError):
    """The package was installed in a way that leaves no list of files."""

    def __init__(self, installed: InstalledDistribution) -> None:
        """Name the distribution."""
        super().__init__(
            f"Unable to uninstall `{installed.name}=={installed.version}`. distutils-installed distributions do not "
            "include the metadata required to uninstall safely."
        )
        self.installed = installed


def uninstall(installed: InstalledDistribution, target: InstallTarget) -> Uninstalled:
    """Remove the files of *installed*; what it did not bring stays.

    Raises:
        MissingRecord: and other errors above, before anything is changed.
        UnusableFile: a file cannot be removed; the rest can be removed by a later call.
    """
    try:
        match installed.kind:
            case InstalledKind.DIST_INFO:
                return _uninstall_wheel(installed.path, target)
            case InstalledKind.EGG_INFO_FOLDER:
                return _uninstall_egg(installed.path)
            case InstalledKind.EGG_LINK:
                return _uninstall_link(installed.path)
            case InstalledKind.EGG_INFO_FILE:
                raise InstalledByDistutils(installed)
    except OSError as error:
        raise UnusableFile("remove", str(error.filename or installed.path), error) from error


def remove_partial(path: str, target: InstallTarget, others: Iterable[InstalledDistribution]) -> Uninstalled:
    """Remove what an interrupted installation or removal left, except files that belong to one of *others*.

    *path* is one of `Inventory.partial`.
    """
    library = os.path.dirname(path)
    kept = _files_of(others)
    skipped: list[str] = []
    try:
        paths = [place for place in _record_paths(path, library, target, skipped) if place not in kept]
    except (MissingRecord, InvalidRecord):
        # RECORD is written first and removed last, so without it there is nothing else.
        paths = []
    try:
        return _remove_files(paths, path, library, tuple(skipped))
    except OSError as error:
        raise UnusableFile("remove", str(error.filename or path), error) from error


def _uninstall_wheel(path: str, target: InstallTarget) -> Uninstalled:
    library, name = os.path.split(path)
    skipped: list[str] = []
    paths = _record_paths(path, library, target, skipped)
    partial = f"{library}/{partial_name(name)}"
    if os.path.lexists(partial):
        from mauve.filesystem.removal import remove

        remove(partial)
    os.rename(path, partial)
    own = f"{path}/"
    return _remove_files([place for place in paths if not place.startswith(own)], partial, library, tuple(skipped))


def _record_paths(info: str, library: str, target: InstallTarget, skipped: list[str]) -> list[str]:
    """Return the absolute paths that the RECORD in *info* lists; those outside of the scheme go to *skipped*."""
    record = f"{info}/RECORD"
    try:
        with open(record, "rb", buffering=0) as file:
            rows = parse_record(file.read().decode(errors="surrogateescape"))
    except (FileNotFoundError, NotADirectoryError) as error:
        raise MissingRecord(record) from error
    roots = {target.root, target.purelib, target.platlib, target.scripts, target.data, target.headers}
    allowed = tuple([f"{root}/" for root in roots])
    paths: list[str] = []
    for row in rows:
        path = row.path
        place = f"{library}/{path}"
        if ".." in path or path.startswith("/") or "//" in path or "./" in path:
            place = os.path.normpath(os.path.join(library, path))
            if not place.startswith(allowed):
                skipped.append(path)
                continue
        paths.append(place)
    return paths


def _files_of(others: Iterable[InstalledDistribution]) -> set[str]:
    kept: set[str] = set()
    for other in others:
        record = other.read("RECORD") if other.kind is InstalledKind.DIST_INFO else None
        if record is None:
            continue
        library = os.path.dirname(other.path)
        with suppress(InvalidRecord):  # a RECORD that cannot be read protects nothing
            for row in parse_record(record.decode(errors="surrogateescape")):
                kept.add(os.path.normpath(os.path.join(library, row.path)))
    return kept


def _remove_files(paths: list[str], info: str, library: str, skipped: tuple[str, ...]) -> Uninstalled:
    """Remove *paths*, then `__pycache__` and empty folders above them within *library*, then the folder *info*."""
    from mauve.filesystem.removal import remove

    files = directories = 0
    touched: dict[str, None] = {}
    unlink = os.unlink
    for path in paths:
        try:
            unlink(path)
        except (FileNotFoundError, NotADirectoryError):
            continue
        except (IsADirectoryError, PermissionError):
            if not os.path.isdir(path) or os.path.islink(path):
                raise
            removed = remove(path)
            files += removed.files
            directories += removed.directories
        else:
            files += 1
        touched[path.rpartition("/")[0]] = None
    for folder in sorted(touched, reverse=True):
        directories += _prune(folder, library)
    last = f"{info}/RECORD"
    for name in os.listdir(info):
        if name != "RECORD":
            removed = remove(f"{info}/{name}")
            files += removed.files
            directories += removed.directories
    removed = remove(last) + remove(info)
    return Uninstalled(files + removed.files, directories + removed.directories, skipped)


def _prune(folder: str, library: str) -> int:
    """Remove *folder* and its parents below *library* as far as they are empty; return how many."""
    from mauve.filesystem.removal import remove

    removed = 0
    while folder.startswith(f"{library}/"):
        try:
            names = os.listdir(folder)
        except (FileNotFoundError, NotADirectoryError):
            names = []
        else:
            if "__pycache__" in names:
                removed += remove(f"{folder}/__pycache__").directories
                names.remove("__pycache__")
            if names:
                break
            os.rmdir(folder)
            removed += 1
        folder = folder.rpartition("/")[0]
    return removed


def _uninstall_egg(path: str) -> Uninstalled:
    from mauve.filesystem.removal import Removal, remove

    library = os.path.dirname(path)
    modules = _lines(f"{path}/top_level.txt")
    if modules is None:
        raise MissingTopLevel(f"{path}/top_level.txt")
    namespaces = set(_lines(f"{path}/namespace_packages.txt") or ())
    total = Removal()
    for module in modules:
        if module in namespaces or not module or "/" in module or module in {".", ".."}:
            continue
        total += remove(f"{library}/{module}")
        for suffix in (".py", ".pyc", ".pyo"):
            total += remove(f"{library}/{module}{suffix}")
    total += remove(path)
    return Uninstalled(total.files, total.directories)


def _uninstall_link(path: str) -> Uninstalled:
    from mauve.filesystem.atomic import write_atomically
    from mauve.filesystem.removal import remove

    library = os.path.dirname(path)
    tree = (_lines(path) or ("",))[0]
    listed = f"{library}/easy-install.pth"
    lines = _lines(listed)
    if lines is not None and tree in lines:
        write_atomically(listed, "".join([f"{line}\n" for line in lines if line != tree]))
    removed = remove(path)
    return Uninstalled(removed.files, removed.directories)


def _lines(path: str) -> tuple[str, ...] | None:
    try:
        with open(path, encoding="utf-8") as file:
            return tuple([line.strip() for line in file])
    except FileNotFoundError:
        return None
