"""Install unpacked wheels into one environment: decide what becomes of each; `mauve.filesystem.placing` does it.

What an interrupted run leaves behind is taken back by `mauve.installer.uninstall.remove_partial`.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final, Self

from msgspec import Struct

from mauve.errors import MauveError
from mauve.filesystem.placing import NotPlaced, Placement, Placer, SourceGone
from mauve.installer.manifest import FILES, InvalidWheel, Manifest, MovedFile
from mauve.installer.scripts import (
    is_activation_script,
    render_launcher,
    render_shebang,
    replace_shebang,
    versioned_launchers,
)
from mauve.standards.names import PackageName, normalise
from mauve.standards.record import RecordRow
from mauve.standards.versions import InvalidVersion, Version, parse_version

if TYPE_CHECKING:
    from types import TracebackType

    from mauve.installer.links import Linker
    from mauve.installer.target import InstallTarget

INSTALLER: Final = b"mauve"
"""Content of INSTALLER, without line end."""


class CachedWheel(Struct, frozen=True, kw_only=True):
    """A wheel that lies unpacked in the cache, and what is recorded about its origin when it is installed.

    Attributes:
        entry: folder of the unpacked wheel: the manifest and the files.
        filename: of the wheel.
        display: how it is named once its version is known: `name==1.0`, followed by ` (from URL)` if not from an index.
        direct_url: content of `direct_url.json`; None for an index.
        cache_info: content of `uv_cache.json`; None unless it comes from a local file or folder.
        build_info: content of `uv_build.json`; None unless it was built here.
        only_read: it was built for its metadata and never installed.
    """

    name: PackageName
    version: Version
    entry: str
    filename: str
    manifest: Manifest
    display: str = ""
    direct_url: bytes | None = None
    cache_info: bytes | None = None
    build_info: bytes | None = None
    only_read: bool = False

    @property
    def metadata_path(self) -> str:
        """Return where its METADATA is."""
        return f"{self.entry}/{FILES}/{self.manifest.dist_info}/METADATA"

    @property
    def activation_scripts(self) -> tuple[str, ...]:
        """Return the scripts that replace those which activate the environment; each deserves a warning."""
        manifest = self.manifest
        names = [entry_point.name for entry_point in manifest.launchers]
        names += [moved.path for moved in manifest.moved if moved.scheme == "scripts"]
        return tuple([name for name in names if is_activation_script(name)])


class FailedToInstall(MauveError):
    """A wheel could not be installed; what it had linked stays until the next run takes it back.

    Attributes:
        filename: of the wheel.
        display: of the distribution.
    """

    def __init__(self, filename: str, display: str) -> None:
        """Name the wheel."""
        super().__init__(f"Failed to install: {filename} ({display})")
        self.filename = filename
        self.display = display


class UnusableFile(MauveError):
    """The system refused an operation on a file.

    Attributes:
        path: of the file or folder.
        code: the system's number of the error.
    """

    def __init__(self, action: str, path: str, error: OSError) -> None:
        """Say what was attempted (`write`, `link`) and what the system answered."""
        super().__init__(f"failed to {action} `{path}`: {error.strerror} (os error {error.errno})")
        self.path = path
        self.code = error.errno


class DamagedEntry(MauveError):
    """Files of an unpacked wheel are gone from the cache; it has to be fetched again.

    Attributes:
        wheel: the one concerned.
    """

    def __init__(self, wheel: CachedWheel) -> None:
        """Name the *wheel*."""
        super().__init__(f"The cache entry of `{wheel.filename}` is damaged: {wheel.entry}")
        self.wheel = wheel


class MetadataPolicy(Struct, frozen=True):
    """Which files are added to dist-info folders.

    Attributes:
        is_written: INSTALLER, REQUESTED and what is known about the origin (`UV_NO_INSTALLER_METADATA`).
        checks_filename: name and version must be those of the wheel's file name (`UV_SKIP_WHEEL_FILENAME_CHECK`).
    """

    is_written: bool = True
    checks_filename: bool = True


class WheelInstaller:
    """Installs any number of wheels into one environment; a context manager.

    Attributes:
        placements: what was decided about each wheel that was installed.
    """

    __slots__ = ("_placer", "_policy", "_prefixes", "_shebang", "_target", "placements")

    def __init__(self, target: InstallTarget, linker: Linker, policy: MetadataPolicy) -> None:
        """Prepare to install into *target*; nothing is touched yet."""
        self._target = target
        self._placer = Placer(linker.link_files)
        self.placements: list[Placement] = []
        self._policy = policy
        self._shebang = render_shebang(target.python, relocatable=target.relocatable)
        self._prefixes: dict[tuple[str, str], str] = {}

    def __enter__(self) -> Self:
        """Return the installer."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Close all descriptors."""
        self._placer.__exit__(kind, error, traceback)

    def install(self, wheel: CachedWheel) -> None:
        """Install *wheel*; files of others with the same path are replaced.

        Raises:
            DamagedEntry: the cache lacks a file; fetch the wheel again and retry.
            FailedToInstall: everything else, with the reason as cause.
        """
        self.place(wheel, self.decide(wheel))

    def decide(self, wheel: CachedWheel) -> Placement:
        """Return what becomes of *wheel*.

        Raises:
            DamagedEntry: as `install`.
            FailedToInstall: as `install`.
        """
        try:
            self._check(wheel)
        except InvalidWheel as error:
            raise _failed(wheel) from error
        manifest = wheel.manifest
        library = self._target.purelib if manifest.root_is_purelib else self._target.platlib
        files = f"{wheel.entry}/{FILES}"
        scripts = self._scripts(wheel, files)
        additions = self._additions(wheel)
        record = manifest.render_record(self._added_rows(wheel, library, scripts, additions))
        start = len(manifest.dist_info) + 1
        written = {name for name, _ in additions}
        return Placement(
            files=files,
            library=library,
            dist_info=manifest.dist_info,
            record=record.encode(),
            record_mode=_record_mode(f"{files}/{manifest.dist_info}/RECORD"),
            folders=[(folder.path, folder.names) for folder in manifest.folders],
            info=[
                (path := folder.path[start:], [name for name in folder.names if path or name not in written])
                for folder in manifest.info
            ],
            moved=self._moved(wheel),
            scripts=[(f"{self._target.scripts}/{name}", content) for name, content in scripts],
            additions=additions,
        )

    def place(self, wheel: CachedWheel, placement: Placement) -> None:
        """Do what was decided about *wheel*.

        Raises:
            DamagedEntry: as `install`.
            FailedToInstall: as `install`.
        """
        try:
            self._placer.place(placement)
            self.placements.append(placement)
        except SourceGone as error:
            raise DamagedEntry(wheel) from error
        except NotPlaced as error:
            raise _failed(wheel) from UnusableFile(error.action, error.path, error.error)
        except OSError as error:
            raise _failed(wheel) from UnusableFile("write", str(error.filename or self._target.root), error)

    def _check(self, wheel: CachedWheel) -> None:
        manifest = wheel.manifest
        if self._policy.checks_filename:
            _check_identity(manifest, wheel)
        if manifest.problem:
            raise InvalidWheel(manifest.problem)

    def _moved(self, wheel: CachedWheel) -> list[tuple[str, str, list[str]]]:
        moved: dict[tuple[str, str], list[str]] = {}
        for file in wheel.manifest.moved:
            if not file.wants_interpreter:
                folder, _, name = f"{self._target.folder(file.scheme, wheel.name)}/{file.path}".rpartition("/")
                moved.setdefault((file.place.rpartition("/")[0], folder), []).append(name)
        return [(place, folder, names) for (place, folder), names in moved.items()]

    def _scripts(self, wheel: CachedWheel, files: str) -> list[tuple[str, bytes]]:
        """Return name and content of the scripts that are written, not linked."""
        scripts: list[tuple[str, bytes]] = []
        for moved in wheel.manifest.moved:
            if moved.wants_interpreter:
                try:
                    with open(f"{files}/{moved.place}", "rb", buffering=0) as file:
                        content = file.read()
                except FileNotFoundError as error:
                    raise DamagedEntry(wheel) from error
                scripts.append((moved.path, replace_shebang(content, self._shebang)))
        launchers = versioned_launchers(wheel.manifest.launchers, self._target.minor)
        scripts += [(launcher.name, render_launcher(launcher, self._shebang)) for launcher in launchers]
        return scripts

    def _additions(self, wheel: CachedWheel) -> list[tuple[str, bytes]]:
        """Return name and content of the files that are added to dist-info."""
        if not self._policy.is_written:
            return []
        additions = [("INSTALLER", INSTALLER), ("REQUESTED", b"")]
        for name, content in (
            ("direct_url.json", wheel.direct_url),
            ("uv_cache.json", wheel.cache_info),
            ("uv_build.json", wheel.build_info),
        ):
            if content is not None:
                additions.append((name, content))
        return additions

    def _added_rows(
        self, wheel: CachedWheel, library: str, scripts: list[tuple[str, bytes]], additions: list[tuple[str, bytes]]
    ) -> list[RecordRow]:
        dist_info = wheel.manifest.dist_info
        rows = [_row(f"{dist_info}/{name}", content) for name, content in additions]
        if scripts:
            prefix = self._prefix(library, self._target.scripts)
            rows += [_row(prefix + name, content) for name, content in scripts]
        rows += [
            RecordRow(self._moved_path(moved, wheel.name, library), moved.digest, moved.size)
            for moved in wheel.manifest.moved
            if not moved.wants_interpreter
        ]
        return rows

    def _moved_path(self, moved: MovedFile, name: PackageName, library: str) -> str:
        return self._prefix(library, self._target.folder(moved.scheme, name)) + moved.path

    def _prefix(self, library: str, folder: str) -> str:
        """Return what leads from *library* to *folder* in RECORD, ending in a slash unless empty."""
        known = self._prefixes.get((library, folder))
        if known is None:
            relative = os.path.relpath(folder, library).replace(os.sep, "/")
            known = self._prefixes[library, folder] = "" if relative == "." else f"{relative}/"
        return known


def _failed(wheel: CachedWheel) -> FailedToInstall:
    return FailedToInstall(wheel.filename, wheel.display or f"{wheel.name}=={wheel.version}")


def _check_identity(manifest: Manifest, wheel: CachedWheel) -> None:
    remedy = "which indicates a malformed wheel. If this is intentional, set `UV_SKIP_WHEEL_FILENAME_CHECK=1`."
    if manifest.metadata_name != wheel.name and normalise(manifest.metadata_name or "-") != wheel.name:
        raise InvalidWheel(
            f"Wheel package name does not match filename ({manifest.metadata_name} != {wheel.name}), {remedy}"
        )
    if manifest.metadata_version == wheel.version.text:
        return
    try:
        version = parse_version(manifest.metadata_version)
    except InvalidVersion as error:
        raise InvalidWheel(f"The wheel is invalid: {error}") from error
    if version not in {wheel.version, wheel.version.without_local()}:
        raise InvalidWheel(f"Wheel version does not match filename ({version} != {wheel.version}), {remedy}")


def _row(path: str, content: bytes) -> RecordRow:
    return RecordRow(path, _digest(content), len(content))


_known_digests: dict[bytes, str] = {}
"""Digests of the contents that every wheel gets (INSTALLER, REQUESTED)."""


def _digest(content: bytes) -> str:
    known = _known_digests.get(content)
    if known is None:
        from binascii import b2a_base64

        from mauve.standards.hashes import sha256_of_few

        encoded = b2a_base64(sha256_of_few(content), newline=False).rstrip(b"=").decode()
        known = f"sha256={encoded.replace('+', '-').replace('/', '_')}"
        if len(content) < 16:
            _known_digests[content] = known
    return known


def _record_mode(path: str) -> int:
    """Return the mode for RECORD: executable if the wheel's own one is, which some builders do to every file."""
    try:
        return 0o777 if os.stat(path).st_mode & 0o100 else 0o666
    except OSError:
        return 0o666
