"""The unpacked wheels of the cache: `<bucket>/<name>/<sha256 of the wheel>/{manifest,files/}`.

Where the digest of a wheel is not known beforehand (a URL without hash, a local file, something built here), a pointer
beside the entries leads from its origin to it. Entries appear whole, by a rename; several processes may make the same
one, and the later one is thrown away.
"""

from __future__ import annotations

import os
from contextlib import suppress
from itertools import count
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from mauve.installer.manifest import FILES, MANIFEST, Manifest, build_manifest, encode_manifest, read_manifest
from mauve.standards.hashes import sha256_of_few

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from mauve.installer.archive import Buffer, Directory, Member
    from mauve.installer.team import Team
    from mauve.standards.names import PackageName

PLAIN_BUILD: Final = b"{}"
"""`uv_build.json` of a wheel that was built without settings."""

_UNPACKING: Final = ".unpacking"
_POINTER: Final = ".pointer"
_counter = count()
_TRIES: Final = 5


class Pointed(Struct, frozen=True, array_like=True):
    """One wheel that came from an origin.

    Attributes:
        filename: of the wheel.
        sha256: its entry.
        stamp: what the origin looked like then (`uv_cache.json`); empty if it cannot change.
        build_info: content of `uv_build.json`, or empty if it was not built here.
        only_read: it was built for its metadata and never installed; who installs it tells that it was prepared.
    """

    filename: str
    sha256: str
    stamp: bytes = b""
    build_info: bytes = b""
    only_read: bool = False


class WheelStore:
    """The bucket of unpacked wheels, one for a run; constructing it touches no disk."""

    __slots__ = ("_folder", "_new_digests", "_new_origins")

    def __init__(self, folder: str) -> None:
        """Use the bucket *folder* (`Cache.path(CacheBucket.WHEELS)`)."""
        self._folder = folder
        self._new_origins: set[str] = set()
        self._new_digests: set[str] = set()

    def entry(self, name: PackageName, sha256: str) -> str:
        """Return the folder of the wheel with that digest, whether it exists or not."""
        return f"{self._folder}/{name}/{sha256}"

    def find(self, name: PackageName, sha256: str) -> Manifest | None:
        """Return the manifest of the wheel with that digest, or None if it is not there."""
        return read_manifest(self.entry(name, sha256))

    def scratch(self) -> str:
        """Return a folder for unfinished things, which need not exist."""
        return f"{self._folder}/{_UNPACKING}"

    def claim(self, name: PackageName, sha256: str) -> str:
        """Return the file that is locked by who makes the entry of the wheel with that digest."""
        return f"{self.scratch()}/{name}-{sha256}.lock"

    def discard(self, name: PackageName, sha256: str) -> None:
        """Remove a damaged entry."""
        from mauve.filesystem.removal import remove

        # Without its manifest the entry is as good as gone, so other processes stop using it at once.
        entry = self.entry(name, sha256)
        remove(f"{entry}/{MANIFEST}")
        remove(entry)

    def pointed(self, name: PackageName, origin: str) -> tuple[Pointed, ...]:
        """Return the wheels that came from *origin*, latest last; empty if none is known."""
        from msgspec import DecodeError, msgpack

        try:
            with open(self._pointer(name, origin), "rb", buffering=0) as file:
                return msgpack.decode(file.read(), type=tuple[Pointed, ...])
        except (OSError, DecodeError):
            return ()

    def is_new(self, origin: str) -> bool:
        """Return whether a wheel that came from *origin* was made in this run."""
        return origin in self._new_origins

    def is_unpacked_now(self, sha256: str) -> bool:
        """Return whether the wheel with that digest was unpacked in this run."""
        return sha256 in self._new_digests

    def built_entries(self, name: str) -> frozenset[str]:
        """Return the names of what belongs to wheels of *name* that were built here, in the folder of that package."""
        from msgspec import DecodeError, msgpack

        kept: set[str] = set()
        with suppress(OSError):  # a folder that is no package has nothing to keep
            for entry in os.scandir(f"{self._folder}/{name}"):
                if not entry.name.endswith(_POINTER):
                    continue
                with open(entry.path, "rb", buffering=0) as file, suppress(DecodeError):
                    pointed = msgpack.decode(file.read(), type=tuple[Pointed, ...])
                    digests = {each.sha256 for each in pointed if each.build_info}
                    kept |= {entry.name, *digests} if digests else set()
        return frozenset(kept)

    def point(self, name: PackageName, origin: str, pointed: Pointed) -> None:
        """Remember that *pointed* came from *origin*; an earlier one that was made in the same way is forgotten."""
        from msgspec import msgpack

        from mauve.cache.entries import write_entry

        kept = [known for known in self.pointed(name, origin) if _made_as(known) != _made_as(pointed)]
        write_entry(self._pointer(name, origin), (msgpack.encode((*kept, pointed)),))
        self._new_origins.add(origin)

    def add(
        self, name: PackageName, raw: Buffer, digests: tuple[str, ...], team: Team[Member] | None = None
    ) -> Manifest:
        """Unpack the wheel *raw* and return its manifest.

        Args:
            name: of the package.
            raw: the whole archive.
            digests: `algorithm:hex`, SHA-256 first; already checked.
            team: helps.

        Raises:
            InvalidArchive: the archive is damaged.
            InvalidWheel: it contains no wheel.
        """
        from mauve.installer.archive import read_directory
        from mauve.installer.team import HelpLost

        directory = read_directory(raw)
        for _ in range(_TRIES - 1):
            try:
                return self._unpack(name, raw, directory, digests, team)
            except (FileNotFoundError, HelpLost):
                # Somebody removes the cache while it is used, or a helper failed: what is unpacked begins again.
                team = None
        return self._unpack(name, raw, directory, digests, None)

    def extract(self, raw: Buffer, members: Sequence[Member], target: str) -> None:
        """Write *members* of the wheel *raw* below the folder *target*, for who unpacks it. Raises as `add`."""
        from mauve.installer.archive import MemberWriter

        writer = MemberWriter(raw, target, _is_executable)
        try:
            for member in members:
                writer.write(member)
        finally:
            writer.close()

    def _unpack(
        self,
        name: PackageName,
        raw: Buffer,
        directory: Directory,
        digests: tuple[str, ...],
        team: Team[Member] | None,
    ) -> Manifest:
        from mauve.installer.archive import unpack

        members = {member.path: member for member in directory.members}
        work = f"{self._folder}/{_UNPACKING}/{os.getpid():x}-{next(_counter):x}-{os.urandom(4).hex()}"
        files = f"{work}/{FILES}"
        os.makedirs(files)
        try:
            unpack(raw, directory, files, _is_executable, team)
            manifest = build_manifest(directory, *_readers(raw, members, files), digests)
            with open(f"{work}/{MANIFEST}", "xb", buffering=0) as file:
                file.write(encode_manifest(manifest))
            self._publish(work, self.entry(name, manifest.sha256))
            self._new_digests.add(manifest.sha256)
        finally:
            from mauve.filesystem.removal import remove

            remove(work)
        return manifest

    def _publish(self, work: str, entry: str) -> None:
        for _ in range(3):
            try:
                os.rename(work, entry)
            except FileNotFoundError:
                os.makedirs(os.path.dirname(entry), exist_ok=True)
            except OSError:
                # Somebody else was faster, or left a broken entry that has to make room.
                if read_manifest(entry) is not None:
                    return
                from mauve.filesystem.removal import remove

                remove(entry)
            else:
                return
        os.rename(work, entry)

    def _pointer(self, name: PackageName, origin: str) -> str:
        return f"{self._folder}/{name}/{sha256_of_few(origin.encode()).hex()[:32]}{_POINTER}"


def _made_as(pointed: Pointed) -> tuple[str, bytes]:
    return pointed.filename, pointed.build_info


def _is_executable(member: Member) -> bool:
    if member.is_executable:
        return True
    top, _, rest = member.path.partition("/")
    return top.endswith(".data") and rest.startswith("scripts/")


def _readers(
    raw: Buffer, members: Mapping[str, Member], files: str
) -> tuple[Callable[[str], bytes], Callable[[str], bytes]]:
    """Return how a manifest gets at the whole content, and at the first bytes, of a member."""
    from mauve.installer.archive import fastest_inflater, read_member

    inflater = fastest_inflater()

    def read(path: str) -> bytes:
        return bytes(read_member(raw, members[path], inflater))

    def read_start(path: str) -> bytes:
        with open(f"{files}/{path}", "rb", buffering=0) as file:
            return file.read(8)

    return read, read_start
