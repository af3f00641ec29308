"""Find the wheels that a resolution can be installed from without fetching anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mauve.distributions.sources import PathSource, RegistrySource, UrlSource
from mauve.installer.origin import describe_origin, direct_url_of, identify, local_path
from mauve.installer.store import PLAIN_BUILD
from mauve.installer.wheel import CachedWheel
from mauve.standards.direct_url import render_direct_url
from mauve.standards.filenames import InvalidFilename, parse_wheel_filename
from mauve.standards.hashes import HashAlgorithm, HashDigest

if TYPE_CHECKING:
    from mauve.distributions.files import Wheel
    from mauve.distributions.resolution import ResolvedDistribution
    from mauve.distributions.sources import Source
    from mauve.installer.manifest import Manifest
    from mauve.installer.ports import CompatibleTags, SourceStates
    from mauve.installer.store import Pointed, WheelStore
    from mauve.standards.names import PackageName


class CachedWheels:
    """Answers `mauve.installer.plan.CacheIndex` from the wheel store."""

    __slots__ = ("_build_infos", "_states", "_store", "_tags")

    def __init__(
        self,
        store: WheelStore,
        states: SourceStates,
        tags: CompatibleTags,
        build_infos: dict[PackageName, bytes] | None = None,
    ) -> None:
        """Look into *store*; local sources must be as *states* says, built wheels must fit *tags*."""
        self._store = store
        self._states = states
        self._tags = tags
        self._build_infos = build_infos or {}

    def find(self, distribution: ResolvedDistribution) -> CachedWheel | None:
        """Return the wheel to install for *distribution*, or None if it has to be fetched or built."""
        if distribution.wheels:
            return self._find_wheel(distribution, distribution.wheels[0])
        return self._find_built(distribution)

    def _find_wheel(self, distribution: ResolvedDistribution, wheel: Wheel) -> CachedWheel | None:
        name, hashes = distribution.name, wheel.file.hashes or distribution.hashes
        path = wheel_path(distribution, wheel)
        digest = sha256_of(hashes)
        if digest is not None and path is None:
            manifest = self._store.find(name, digest)
            return None if manifest is None else make_cached(self._store, distribution, wheel.file.filename, manifest)
        stamp = b"" if path is None else self._states.state(path)
        for pointed in reversed(self._store.pointed(name, wheel_origin(wheel, path))):
            if pointed.stamp == stamp and pointed.filename == wheel.file.filename:
                manifest = self._store.find(name, pointed.sha256)
                if manifest is not None and is_one_of(manifest, hashes):
                    return make_cached(self._store, distribution, pointed.filename, manifest, cache_info=stamp or None)
        return None

    def _find_built(self, distribution: ResolvedDistribution) -> CachedWheel | None:
        path = local_path(distribution.source)
        stamp = b"" if path is None else self._states.state(path)
        build_info = self._build_infos.get(distribution.name, PLAIN_BUILD)
        best: tuple[int, Pointed] | None = None
        for pointed in reversed(self._store.pointed(distribution.name, build_origin(distribution))):
            if (pointed.stamp, pointed.build_info) != (stamp, build_info):
                continue
            rank = self._rank(pointed.filename, distribution)
            if rank is not None and (best is None or rank < best[0]):
                best = rank, pointed
        if best is None:
            return None
        manifest = self._store.find(distribution.name, best[1].sha256)
        if manifest is None:
            return None
        return make_cached(
            self._store,
            distribution,
            best[1].filename,
            manifest,
            cache_info=stamp or None,
            build_info=build_info,
            only_read=best[1].only_read,
        )

    def _rank(self, filename: str, distribution: ResolvedDistribution) -> int | None:
        try:
            parsed = parse_wheel_filename(filename)
        except InvalidFilename:
            return None
        if distribution.version is not None and parsed.version.without_local() != distribution.version.without_local():
            return None
        return self._tags.priority(parsed)


def make_cached(
    store: WheelStore,
    distribution: ResolvedDistribution,
    filename: str,
    manifest: Manifest,
    *,
    cache_info: bytes | None = None,
    build_info: bytes | None = None,
    only_read: bool = False,
) -> CachedWheel:
    """Return the installable wheel for *distribution* whose file is called *filename*."""
    direct_url = direct_url_of(distribution.source)
    version = parse_wheel_filename(filename).version
    origin = "" if direct_url is None else f" (from {describe_origin(direct_url)})"
    return CachedWheel(
        name=distribution.name,
        version=version,
        entry=store.entry(distribution.name, manifest.sha256),
        filename=filename,
        manifest=manifest,
        display=f"{distribution.name}=={version}{origin}",
        direct_url=None if direct_url is None else render_direct_url(direct_url).encode(),
        cache_info=cache_info,
        build_info=build_info,
        only_read=only_read,
    )


def describe(distribution: ResolvedDistribution) -> str:
    """Return how messages name what is not yet known: `name==1.0`, or `name @ URL` if it is not from an index."""
    direct_url = direct_url_of(distribution.source)
    if direct_url is None:
        return f"{distribution.name}=={distribution.version}"
    return f"{distribution.name} @ {describe_origin(direct_url)}"


def sha256_of(hashes: tuple[HashDigest, ...]) -> str | None:
    """Return the SHA-256 among *hashes*."""
    return next((digest.digest for digest in hashes if digest.algorithm is HashAlgorithm.SHA256), None)


def is_one_of(manifest: Manifest, hashes: tuple[HashDigest, ...]) -> bool:
    """Return whether the wheel is one with one of *hashes*; an algorithm that was not computed then does not count."""
    return not hashes or any(str(digest) in manifest.digests for digest in hashes)


def wheel_path(distribution: ResolvedDistribution, wheel: Wheel) -> str | None:
    """Return the path of a wheel that is a local file."""
    if isinstance(distribution.source, PathSource):
        return distribution.source.path
    if wheel.file.url.startswith("file:"):
        from urllib.parse import unquote

        return unquote(wheel.file.url.removeprefix("file://").partition("#")[0])
    return None


def wheel_origin(wheel: Wheel, path: str | None) -> str:
    """Return the key under which a wheel without known digest is remembered."""
    return f"wheel:{wheel.file.url.partition('#')[0]}" if path is None else f"wheel-path:{path}"


def build_origin(distribution: ResolvedDistribution) -> str:
    """Return the key under which wheels that were built from *distribution* are remembered."""
    sdist = distribution.sdist
    if sdist is not None and isinstance(distribution.source, RegistrySource | UrlSource):
        digest = sha256_of(sdist.file.hashes or distribution.hashes)
        place = sdist.file.url.partition("#")[0] if digest is None else digest
        subdirectory = distribution.source.subdirectory if isinstance(distribution.source, UrlSource) else None
        return archive_origin(place, subdirectory)
    return source_origin(distribution.source)


def archive_origin(place: str, subdirectory: str | None) -> str:
    """Return the key of wheels that were built of an archive from a server: *place* is its SHA-256, or else its URL."""
    return f"built:{place}#{subdirectory or ''}"


def source_origin(source: Source) -> str:
    """Return the key of wheels that were built of anything else."""
    return f"built:{identify(source)}"
