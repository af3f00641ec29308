"""Compatibility tags of an interpreter: which wheels it can use, and which of several is best.

The accepted tags of an interpreter are a product of few (python, ABI) pairs and some dozens of platforms, except
that `any` goes last. So a rank is computed from two small dictionaries, and the thousand triples are never built.

Specification: PEP 425; the order is that of uv.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mauve.enumerations import IntEnum
from mauve.standards.platforms import platform_tags

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mauve.standards.filenames import WheelFilename, WheelTags

_ANY: Final = "any"
_FIRST_STABLE_ABI_MINOR: Final = 2


class TagMismatch(IntEnum):
    """Which part of a wheel's tags does not fit; the later ones are nearer to fitting."""

    PYTHON = 1
    ABI = 2
    PLATFORM = 3


class Tags:
    """The tags that one interpreter accepts.

    Attributes:
        python_tag: the most specific python tag (`cp311`).
        abi_tag: the native ABI (`cp311`).
        platforms: accepted platform tags, best first, without `any`.
    """

    __slots__ = ("_pairs", "_pairs_of_any", "_places", "_pythons", "_ranks", "abi_tag", "platforms", "python_tag")

    def __init__(
        self, pairs: list[tuple[str, str]], pairs_of_any: list[tuple[str, str]], platforms: tuple[str, ...]
    ) -> None:
        """Accept each of *pairs* with every platform, then *pairs_of_any* with `any`; best first."""
        self.python_tag, self.abi_tag = pairs[0]
        self.platforms = platforms
        self._places = {platform: place for place, platform in reversed(list(enumerate(platforms)))}
        width = len(platforms)
        self._pairs = {pair: index * width for index, pair in reversed(list(enumerate(pairs)))}
        first_of_any = len(pairs) * width
        self._pairs_of_any = {pair: first_of_any + index for index, pair in reversed(list(enumerate(pairs_of_any)))}
        self._pythons = {python for python, _ in (*pairs, *pairs_of_any)}
        self._ranks: dict[WheelTags, int | None] = {}

    def __iter__(self) -> Iterator[str]:
        """Yield every accepted tag, best first."""
        for (python, abi), _ in sorted(self._pairs.items(), key=lambda item: item[1]):
            for platform in self.platforms:
                yield f"{python}-{abi}-{platform}"
        for (python, abi), _ in sorted(self._pairs_of_any.items(), key=lambda item: item[1]):
            yield f"{python}-{abi}-{_ANY}"

    @property
    def platform_tag(self) -> str:
        """Return the best platform tag, as messages name this system."""
        return self.platforms[0] if self.platforms else _ANY

    def priority(self, wheel: WheelFilename) -> int | None:
        """Return the rank of the best accepted tag of *wheel* (0 = most specific), None if none is accepted."""
        return self.priority_of((wheel.python_tags, wheel.abi_tags, wheel.platform_tags))

    def priority_of(self, key: WheelTags) -> int | None:
        """As `priority`, of the tags alone."""
        try:
            return self._ranks[key]
        except KeyError:
            rank = self._ranks[key] = self._rank(*key)
            return rank

    def _rank(self, python_tags: tuple[str, ...], abi_tags: tuple[str, ...], platforms: tuple[str, ...]) -> int | None:
        best: int | None = None
        for pair in ((python, abi) for python in python_tags for abi in abi_tags):
            base = self._pairs.get(pair)
            for platform in platforms:
                if platform == _ANY:
                    rank = self._pairs_of_any.get(pair)
                else:
                    place = self._places.get(platform)
                    rank = None if base is None or place is None else base + place
                if rank is not None and (best is None or rank < best):
                    best = rank
        return best

    def mismatch(self, wheel: WheelFilename) -> TagMismatch | None:
        """Return what keeps *wheel* from fitting, by its most fitting tag; None if it fits."""
        if self.priority(wheel) is not None:
            return None
        nearest = TagMismatch.PYTHON
        for python in wheel.python_tags:
            if python not in self._pythons:
                continue
            nearest = max(nearest, TagMismatch.ABI)
            if any((python, abi) in self._pairs or (python, abi) in self._pairs_of_any for abi in wheel.abi_tags):
                return TagMismatch.PLATFORM
        return nearest

    def runs(self, wheel: WheelFilename) -> bool:
        """Return whether *wheel* fits, or would if only its platform were another one."""
        return self.mismatch(wheel) in (None, TagMismatch.PLATFORM)


def _language_tag(implementation: str, major: int, minor: int) -> str:
    prefix = {"cpython": "cp", "pypy": "pp", "graalpy": "graalpy", "pyston": "pt", "pyodide": "cp"}.get(implementation)
    return f"py{major}{minor}" if prefix is None else f"{prefix}{major}{minor}"


def _abi_tag(
    implementation: str,
    version: tuple[int, int],
    implementation_version: tuple[int, int],
    *,
    free_threaded: bool,
    debug: bool,
) -> str:
    major, minor = version
    if implementation == "pypy":
        return f"pypy{major}{minor}_pp{implementation_version[0]}{implementation_version[1]}"
    if implementation == "graalpy":
        graal = "".join(map(str, implementation_version))
        return f"graalpy{major}{minor}_graalpy{graal}_{major}{minor}_native"
    if implementation == "pyston":
        return f"pyston_{implementation_version[0]}{implementation_version[1]}_x86_64_linux_gnu"
    memory_allocator = "m" if version <= (3, 7) else ""
    return f"cp{major}{minor}{'t' if free_threaded else ''}{'d' if debug else ''}{memory_allocator}"


def tags_for(
    *,
    implementation: str,
    version: tuple[int, int],
    operating_system: str,
    os_version: tuple[int, int],
    architecture: str,
    implementation_version: tuple[int, int] = (0, 0),
    free_threaded: bool = False,
    debug: bool = False,
    manylinux_compatible: bool = True,
) -> Tags:
    """Return the tags of an interpreter; see `mauve.standards.platforms.platform_tags` for the system.

    Args:
        implementation: `sys.implementation.name`.
        version: major and minor of the language.
        operating_system: as of `platform_tags`, like the next two.
        os_version: of the libc or the system.
        architecture: in the spelling of Linux.
        manylinux_compatible: what the module `_manylinux` says.
        implementation_version: major and minor of the implementation, used by PyPy and GraalPy.
        free_threaded: built without the global interpreter lock: no stable ABI.
        debug: a debug build, which also takes wheels of the release ABI.
    """
    major, minor = version
    platforms = platform_tags(operating_system, os_version, architecture, manylinux_compatible=manylinux_compatible)
    language = _language_tag(implementation, major, minor)
    native = _abi_tag(implementation, version, implementation_version, free_threaded=free_threaded, debug=debug)
    is_cpython = implementation in {"cpython", "pyodide"}
    pairs = [(language, native)]
    if debug and is_cpython:
        pairs.append((language, native.replace("d", "", 1)))
    if is_cpython:
        for number in range(minor, _FIRST_STABLE_ABI_MINOR - 1, -1):
            if not free_threaded:
                pairs.append((_language_tag(implementation, major, number), "abi3"))
            if number == minor:
                pairs.append((language, "none"))
    else:
        pairs.append((language, "none"))
    generic: list[tuple[str, str]] = []
    for number in range(minor, -1, -1):
        generic.append((f"py{major}{number}", "none"))
        if number == minor:
            generic.append((f"py{major}", "none"))
    of_any = [(language, "none"), *generic] if is_cpython else generic
    return Tags([*pairs, *generic], of_any, platforms)
