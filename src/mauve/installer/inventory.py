"""What is installed in an environment, by the names of folders; files are read only when a question needs them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from msgspec import Struct

from mauve.enumerations import Enum
from mauve.errors import MauveError
from mauve.filesystem.placing import PARTIAL_PREFIX, PARTIAL_SUFFIX
from mauve.standards.names import InvalidName, PackageName, package_name
from mauve.standards.versions import InvalidVersion, Version, parse_version

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mauve.installer.ports import CompatibleTags
    from mauve.installer.target import InstallTarget


_EVERYWHERE = frozenset({"py3-none-any", "py2.py3-none-any"})


class InstalledKind(Enum):
    """In which form a distribution is recorded."""

    DIST_INFO = "dist-info"
    EGG_INFO_FOLDER = "egg-info folder"
    EGG_INFO_FILE = "egg-info file"
    EGG_LINK = "egg-link"


class InstalledDistribution(Struct, frozen=True, order=True):
    """One distribution that is installed.

    Attributes:
        path: of the `.dist-info`, `.egg-info` or `.egg-link`.
    """

    name: PackageName
    version: Version
    path: str
    kind: InstalledKind = InstalledKind.DIST_INFO

    def read(self, filename: str) -> bytes | None:
        """Return the content of the file *filename* of the dist-info folder, or None if there is none."""
        try:
            with open(f"{self.path}/{filename}", "rb", buffering=0) as file:
                return file.read()
        except OSError:
            return None

    @property
    def direct_url(self) -> bytes | None:
        """Return the content of `direct_url.json`."""
        return self.read("direct_url.json")

    @property
    def cache_info(self) -> bytes | None:
        """Return the content of `uv_cache.json`."""
        return self.read("uv_cache.json")

    @property
    def build_info(self) -> bytes | None:
        """Return the content of `uv_build.json`."""
        return self.read("uv_build.json")

    def tags(self) -> tuple[str, ...]:
        """Return the tags that `WHEEL` records, each `python-abi-platform`; empty if it cannot be read."""
        text = (self.read("WHEEL") or b"").partition(b"\n\n")[0].decode(errors="replace")
        return tuple([line[4:].strip() for line in text.splitlines() if line.startswith("Tag:")])


class UnreadableInstallation(MauveError):
    """The name of a dist-info folder is not that of a distribution.

    Attributes:
        path: of the folder.
    """

    def __init__(self, path: str) -> None:
        """Name the folder."""
        super().__init__(f"Failed to read metadata from: {path}")
        self.path = path


class MalformedField(MauveError):
    """A name, a version or another field that is recorded is not what it must be."""

    def __init__(self, reason: str) -> None:
        """Say why."""
        super().__init__(reason)
        self.reason = reason

    def __str__(self) -> str:
        """Return the reason."""
        return self.reason


class Inventory(Struct, frozen=True):
    """Everything that is installed.

    Attributes:
        distributions: by name; more than one of a name is a broken environment that is repaired.
        partial: dist-info folders of installations and removals that were interrupted.
        dangling: those that another installer left behind; they count for nothing.
    """

    distributions: dict[PackageName, tuple[InstalledDistribution, ...]]
    partial: tuple[str, ...] = ()
    dangling: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[InstalledDistribution]:
        """Yield every distribution."""
        for installed in self.distributions.values():
            yield from installed

    def get(self, name: PackageName) -> tuple[InstalledDistribution, ...]:
        """Return what is installed of that name."""
        return self.distributions.get(name, ())


def read_inventory(target: InstallTarget) -> Inventory:
    """Return what is installed in the library folders of *target*; folders that do not exist are empty.

    Raises:
        UnreadableInstallation: a folder has no valid name; everything else would be guesswork.
    """
    return read_libraries(target.libraries)


def read_libraries(libraries: Iterable[str]) -> Inventory:
    """Return what is installed in the folders *libraries*; those that do not exist are empty.

    Raises:
        UnreadableInstallation: a folder has no valid name; everything else would be guesswork.
    """
    found: dict[PackageName, tuple[InstalledDistribution, ...]] = {}
    partial: list[str] = []
    dangling: list[str] = []
    for library in libraries:
        try:
            names = os.listdir(library)
        except (FileNotFoundError, NotADirectoryError):
            continue
        for filename in sorted(names):
            if filename.startswith(PARTIAL_PREFIX) and filename.endswith(f".dist-info{PARTIAL_SUFFIX}"):
                partial.append(f"{library}/{filename}")
                continue
            if filename.startswith("~") and filename.endswith(".dist-info"):
                dangling.append(f"{library}/{filename}")
                continue
            installed = _read(library, filename)
            if installed is not None:
                found[installed.name] = (*found.get(installed.name, ()), installed)
    return Inventory(found, tuple(partial), tuple(dangling))


def _read(library: str, filename: str) -> InstalledDistribution | None:
    path = f"{library}/{filename}"
    if filename.endswith(".dist-info"):
        name, separator, version = filename[:-10].partition("-")
        if not separator:
            return None
        return _distribution(name, version, path, InstalledKind.DIST_INFO)
    if filename.endswith(".egg-info"):
        return _read_egg_info(filename, path)
    if filename.endswith(".egg-link"):
        return _read_egg_link(path)
    return None


def _distribution(name: str, version: str, path: str, kind: InstalledKind) -> InstalledDistribution:
    try:
        return InstalledDistribution(package_name(name), parse_version(version), path, kind)
    except InvalidName as error:
        raise UnreadableInstallation(path) from error
    except InvalidVersion as error:
        raise UnreadableInstallation(path) from MalformedField(error.reason)


def _read_egg_info(filename: str, path: str) -> InstalledDistribution | None:
    kind = InstalledKind.EGG_INFO_FOLDER if os.path.isdir(path) else InstalledKind.EGG_INFO_FILE
    name, separator, rest = filename[:-9].partition("-")
    if separator:
        # name-version[-py3.12[-platform]]
        return _distribution(name, rest.partition("-py")[0], path, kind)
    metadata = f"{path}/PKG-INFO" if kind is InstalledKind.EGG_INFO_FOLDER else path
    version = _version_of(metadata)
    return None if version is None else _distribution(name, version, path, kind)


def linked_tree(path: str) -> tuple[str, str] | None:
    """Return the source tree that the development link at *path* leads to, and its metadata; None if nowhere."""
    try:
        with open(path, encoding="utf-8") as file:
            tree = file.readline().strip()
        infos = [name for name in os.listdir(tree) if name.endswith(".egg-info")]
    except (OSError, UnicodeDecodeError):
        return None
    stem = os.path.basename(path).removesuffix(".egg-link").replace("_", "-")
    for info in infos:
        if info.removesuffix(".egg-info").replace("_", "-") == stem:
            return tree, f"{tree}/{info}/PKG-INFO"
    return None


def _read_egg_link(path: str) -> InstalledDistribution | None:
    """Return the distribution that a development link leads to, or None if it leads nowhere."""
    linked = linked_tree(path)
    version = None if linked is None else _version_of(linked[1])
    if version is None:
        return None
    return _distribution(os.path.basename(path).removesuffix(".egg-link"), version, path, InstalledKind.EGG_LINK)


def _version_of(metadata: str) -> str | None:
    try:
        with open(metadata, encoding="utf-8", errors="replace") as file:
            for line in file:
                if line.startswith("Version:"):
                    return line[8:].strip()
                if line == "\n":
                    break
    except OSError:
        return None
    return None


def fits_environment(installed: InstalledDistribution, tags: CompatibleTags) -> bool:
    """Return whether one of the recorded tags is accepted; a distribution without recorded tags is taken as it is."""
    recorded = installed.tags()
    if not recorded or not _EVERYWHERE.isdisjoint(recorded):
        return True
    return any(_accepts(tags, tag, installed.name, installed.version) for tag in recorded)


def _accepts(tags: CompatibleTags, tag: str, name: PackageName, version: Version) -> bool:
    parts = tag.split("-")
    if len(parts) != 3:
        return False
    python, abi, platform = (tuple(part.split(".")) for part in parts)
    from mauve.standards.filenames import WheelFilename

    return tags.priority(WheelFilename(name, version, None, python, abi, platform)) is not None
