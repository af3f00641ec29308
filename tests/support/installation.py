"""What tests of the installer share: unpacked wheels, installing them, and looking at the result."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mauve.distributions.files import File, Wheel
from mauve.distributions.resolution import ResolvedDistribution
from mauve.distributions.sources import RegistrySource, Source
from mauve.installer import partner
from mauve.installer.cached import make_cached
from mauve.installer.changes import SilentReporter, install_all
from mauve.installer.links import Linker, LinkMode
from mauve.installer.partner import Partners
from mauve.installer.wheel import CachedWheel, MetadataPolicy
from mauve.standards.filenames import parse_wheel_filename
from mauve.standards.hashes import HashDigest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.wheel_factory import BuiltFile

    from mauve.installer.store import WheelStore
    from mauve.installer.target import InstallTarget

REGISTRY = RegistrySource("http://index.test/simple")


def distribution(built: BuiltFile, source: Source = REGISTRY) -> ResolvedDistribution:
    """Return what a lock would say about the wheel *built*."""
    filename = parse_wheel_filename(built.filename)
    file = File(
        filename=built.filename,
        url=f"http://index.test/files/{built.filename}",
        hashes=(HashDigest.parse(f"sha256:{built.sha256}"),),
        size=len(built.content),
    )
    return ResolvedDistribution(
        name=filename.name, version=filename.version, source=source, wheels=(Wheel(file, filename),)
    )


def cache(store: WheelStore, built: BuiltFile, source: Source = REGISTRY) -> CachedWheel:
    """Unpack *built* into *store* and return it ready to install."""
    resolved = distribution(built, source)
    manifest = store.add(resolved.name, built.content, (f"sha256:{built.sha256}",))
    return make_cached(store, resolved, built.filename, manifest)


def install(
    target: InstallTarget,
    *wheels: CachedWheel,
    linker: Linker | None = None,
    policy: MetadataPolicy = MetadataPolicy(),  # noqa: B008
) -> None:
    """Install *wheels* by hard links."""
    install_all(
        wheels, target, linker or Linker(LinkMode.HARDLINK), policy=policy, reporter=SilentReporter(), restore=None
    )


@contextmanager
def helping(monkeypatch: pytest.MonkeyPatch, store: WheelStore, number: int) -> Iterator[Partners]:
    """Start *number* processes, whatever there is to do and however many processors there are; they end behind it."""
    monkeypatch.setattr(partner, "_WORTH", 1)
    monkeypatch.setattr(partner, "spare_processors", lambda: number)
    partners = Partners()
    try:
        with partners:
            partners.start([100_000], store, number)
            assert len(partners) == number
            yield partners
    finally:
        partners.reap()


def tree(folder: str) -> dict[str, bytes | None]:
    """Return paths below *folder* with contents; None for folders."""
    root = Path(folder)
    return {
        path.relative_to(root).as_posix(): path.read_bytes() if path.is_file() else None for path in root.rglob("*")
    }


posix = pytest.mark.skipif(sys.platform == "win32", reason="launchers and links of POSIX")
