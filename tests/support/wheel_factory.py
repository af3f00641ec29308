"""Valid wheels and source distributions, made in memory and byte for byte the same each time."""

from __future__ import annotations

import hashlib
import io
import tarfile
import zipfile
from base64 import urlsafe_b64encode
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_MOMENT = (2024, 1, 1, 0, 0, 0)
_SECONDS = 1704067200


class BuiltFile(Struct, frozen=True, kw_only=True):
    """A distribution with what an index says about it.

    Attributes:
        metadata: the content of METADATA or PKG-INFO.
    """

    filename: str
    content: bytes
    metadata: bytes
    requires_python: str | None = None

    @property
    def sha256(self) -> str:
        """Return the digest of the content."""
        return hashlib.sha256(self.content).hexdigest()


def render_metadata(
    name: str,
    version: str,
    *,
    requires: Iterable[str] = (),
    requires_python: str | None = None,
    extras: Iterable[str] = (),
    dynamic: Iterable[str] = (),
    metadata_version: str = "2.2",
) -> bytes:
    """Return core metadata with a description."""
    lines = [f"Metadata-Version: {metadata_version}", f"Name: {name}", f"Version: {version}"]
    lines += [f"Requires-Python: {requires_python}"] if requires_python else []
    lines += [f"Requires-Dist: {requirement}" for requirement in requires]
    lines += [f"Provides-Extra: {extra}" for extra in extras]
    lines += [f"Dynamic: {field}" for field in dynamic]
    return ("\n".join(lines) + "\n\nA package for tests.\n").encode()


def make_wheel(
    name: str,
    version: str,
    *,
    tag: str = "py3-none-any",
    build: str | None = None,
    requires: Iterable[str] = (),
    requires_python: str | None = None,
    extras: Iterable[str] = (),
    files: Mapping[str, str | bytes] | None = None,
    entry_points: str | None = None,
    metadata: bytes | None = None,
    root_is_purelib: bool = True,
    compression: int = zipfile.ZIP_DEFLATED,
) -> BuiltFile:
    """Return a wheel; without *files* it has one module `name/__init__.py` with its version.

    Args:
        name: as written; the file name and module use `_`.
        version: as written.
        tag: interpreter, ABI and platform, compressed sets allowed.
        build: the build tag.
        requires: requirements, as written.
        requires_python: for metadata and index.
        extras: names of extras.
        files: path in the archive to content; `NAME-VERSION.data/…` paths are installed elsewhere.
        entry_points: content of `entry_points.txt`.
        metadata: replaces METADATA, for broken ones.
        root_is_purelib: as in WHEEL.
        compression: of the archive's members.
    """
    module = name.replace("-", "_").replace(".", "_").lower()
    folder = f"{module}-{version}.dist-info"
    if metadata is None:
        metadata = render_metadata(name, version, requires=requires, requires_python=requires_python, extras=extras)
    members: dict[str, bytes] = {
        path: content.encode() if isinstance(content, str) else content
        for path, content in (
            files if files is not None else {f"{module}/__init__.py": f'__version__ = "{version}"\n'}
        ).items()
    }
    python, abi, platform = tag.split("-")
    tags = [f"Tag: {p}-{a}-{f}" for p in python.split(".") for a in abi.split(".") for f in platform.split(".")]
    wheel = ["Wheel-Version: 1.0", "Generator: tests", f"Root-Is-Purelib: {str(root_is_purelib).lower()}", *tags]
    wheel += [f"Build: {build}"] if build else []
    members[f"{folder}/METADATA"] = metadata
    members[f"{folder}/WHEEL"] = ("\n".join(wheel) + "\n").encode()
    if entry_points is not None:
        members[f"{folder}/entry_points.txt"] = entry_points.encode()
    record = [f"{path},sha256={_record_hash(content)},{len(content)}" for path, content in members.items()]
    members[f"{folder}/RECORD"] = ("\n".join([*record, f"{folder}/RECORD,,"]) + "\n").encode()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for path, content in members.items():
            info = zipfile.ZipInfo(path, _MOMENT)
            info.external_attr = 0o100644 << 16
            info.compress_type = compression
            archive.writestr(info, content)
    parts = [module, version, *([build] if build else []), tag]
    return BuiltFile(
        filename=f"{'-'.join(parts)}.whl", content=buffer.getvalue(), metadata=metadata, requires_python=requires_python
    )


def make_sdist(
    name: str,
    version: str,
    *,
    requires: Iterable[str] = (),
    requires_python: str | None = None,
    dynamic: Iterable[str] = (),
    metadata_version: str = "2.2",
    files: Mapping[str, str | bytes] | None = None,
    extension: str = ".tar.gz",
) -> BuiltFile:
    """Return a source distribution with PKG-INFO and *files* (paths relative to its folder)."""
    module = name.replace("-", "_").replace(".", "_").lower()
    metadata = render_metadata(
        name,
        version,
        requires=requires,
        requires_python=requires_python,
        dynamic=dynamic,
        metadata_version=metadata_version,
    )
    folder = f"{module}-{version}"
    members = {f"{folder}/PKG-INFO": metadata}
    for path, content in (files or {}).items():
        members[f"{folder}/{path}"] = content.encode() if isinstance(content, str) else content
    content = _zip(members) if extension == ".zip" else _tar(members)
    return BuiltFile(
        filename=f"{folder}{extension}", content=content, metadata=metadata, requires_python=requires_python
    )


def _record_hash(content: bytes) -> str:
    return urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()


def _zip(members: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in members.items():
            archive.writestr(zipfile.ZipInfo(path, _MOMENT), content)
    return buffer.getvalue()


def _tar(members: Mapping[str, bytes]) -> bytes:
    import gzip

    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w") as archive:
        for path, content in members.items():
            info = tarfile.TarInfo(path)
            info.size = len(content)
            info.mtime = _SECONDS
            archive.addfile(info, io.BytesIO(content))
    return gzip.compress(plain.getvalue(), mtime=0)
