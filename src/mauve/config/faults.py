"""What is wrong with the values of a settings file, besides their types.

Each check is given a value of the right or of any type, and yields nothing where the type is wrong: types are judged
when the file is decoded. What takes time to read is read only where it is written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from mauve.standards.names import InvalidName, normalise
from mauve.standards.toml import described

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator


class Fault(Struct, frozen=True):
    """What is wrong, and where: `place` leads to the value, or to the key of the value if *is_key*."""

    place: tuple[str | int, ...]
    reason: str
    is_key: bool = False


def find_fault(table: dict[str, Any]) -> Fault | None:
    """Return the first fault of the settings *table*, in the order in which it is written."""
    for key, value in table.items():
        check = _CHECKS.get(key)
        if check is not None:
            for fault in check(value):
                return Fault((key, *fault.place), fault.reason, fault.is_key)
    return None


# --- single values


def _choice(*choices: str) -> Callable[[Any], Iterator[Fault]]:
    listed = [f"`{choice}`" for choice in choices]
    expected = " or ".join(listed) if len(listed) == 2 else f"one of {', '.join(listed)}"

    def check(value: Any) -> Iterator[Fault]:
        if isinstance(value, str) and value not in choices:
            yield Fault((), f"unknown variant `{value}`, expected {expected}")

    return check


def _name(value: Any) -> Iterator[Fault]:
    if isinstance(value, str):
        try:
            normalise(value)
        except InvalidName as error:
            yield Fault((), str(error))


def _requirement(value: Any) -> Iterator[Fault]:
    if isinstance(value, str):
        from mauve.standards.requirements import InvalidRequirement, parse_requirement

        try:
            parse_requirement(value)
        except InvalidRequirement as error:
            yield Fault((), str(error))


def _build_constraint(value: Any) -> Iterator[Fault]:
    if isinstance(value, str):
        yield from _requirement(value)
        return
    if not isinstance(value, dict):
        expected = "a requirement string or a table with requirement and hashes"
        yield Fault((), f"invalid type: {described(value)}, expected {expected}")
        return
    for fault in _requirement(value.get("requirement")):
        yield Fault(("requirement", *fault.place), fault.reason, fault.is_key)
    hashes = value.get("hashes", [])
    if not isinstance(hashes, list):
        yield Fault(("hashes",), f"invalid type: {described(hashes)}, expected a sequence")
    missing = next((key for key in ("requirement", "hashes") if key not in value), None)
    if missing is not None:
        yield Fault((), f"missing field `{missing}`")


def _specifiers(value: Any) -> Iterator[Fault]:
    if isinstance(value, str):
        from mauve.standards.specifiers import InvalidSpecifier, parse_specifiers

        try:
            parse_specifiers(value)
        except InvalidSpecifier as error:
            yield Fault((), str(error))


def _version(value: Any) -> Iterator[Fault]:
    if isinstance(value, str):
        from mauve.standards.versions import InvalidVersion, parse_version

        try:
            parse_version(value)
        except InvalidVersion as error:
            yield Fault((), error.reason)


def _markers(value: Any) -> Iterator[Fault]:
    from mauve.standards.markers.parse import InvalidMarker, parse_marker

    for text in value if isinstance(value, list) else (value,):
        if isinstance(text, str):
            try:
                parse_marker(text)
            except InvalidMarker as error:
                yield Fault((), str(error))


def _cutoff(value: Any) -> Iterator[Fault]:
    from mauve.standards.cutoffs import find_cutoff_fault

    reason = find_cutoff_fault(value)
    if reason is not None:
        yield Fault((), reason)


def _nonzero(value: Any) -> Iterator[Fault]:
    if isinstance(value, int) and not isinstance(value, bool) and value <= 0:
        yield Fault((), f"invalid value: {described(value)}, expected a nonzero usize")


# --- lists and tables


def _each(check: Callable[[Any], Iterable[Fault]]) -> Callable[[Any], Iterator[Fault]]:
    def check_list(value: Any) -> Iterator[Fault]:
        for place, element in enumerate(value if isinstance(value, list) else ()):
            for fault in check(element):
                yield Fault((place, *fault.place), fault.reason, fault.is_key)

    return check_list


def _by_package(check: Callable[[Any], Iterable[Fault]]) -> Callable[[Any], Iterator[Fault]]:
    def check_table(value: Any) -> Iterator[Fault]:
        for name, element in value.items() if isinstance(value, dict) else ():
            for fault in _name(name):
                yield Fault((name,), fault.reason, is_key=True)
            for fault in check(element):
                yield Fault((name, *fault.place), fault.reason, fault.is_key)

    return check_table


def _nothing(_value: Any) -> Iterator[Fault]:
    return iter(())


_METADATA: Final[dict[str, Callable[[Any], Iterator[Fault]]]] = {
    "name": _name,
    "version": _version,
    "requires-dist": _each(_requirement),
    "requires-python": _specifiers,
    "provides-extra": _each(_name),
    "provides-extras": _each(_name),
}
_CACHE_KEYS: Final = ("file", "dir", "git", "env")


def _static_metadata(value: Any) -> Iterator[Fault]:
    if not isinstance(value, dict):
        return
    for key, content in value.items():
        if key not in _METADATA:
            expected = ", ".join(f"`{known}`" for known in _METADATA)
            yield Fault((key,), f"unknown field `{key}`, expected one of {expected}", is_key=True)
            return
        for fault in _METADATA[key](content):
            yield Fault((key, *fault.place), fault.reason, fault.is_key)
    if "name" not in value:
        yield Fault((), "missing field `name`")


def _cache_key(value: Any) -> Iterator[Fault]:
    for key in value if isinstance(value, dict) else ():
        if key not in _CACHE_KEYS:
            expected = ", ".join(f"`{known}`" for known in _CACHE_KEYS)
            yield Fault((key,), f"unknown field `{key}`, expected one of {expected}", is_key=True)


def _pip(value: Any) -> Iterator[Fault]:
    """Yield what is wrong with the settings of `pip` commands; keys that the top level has too mean the same."""
    from mauve.config.pip_table import PIP_FIELDS

    if not isinstance(value, dict):
        yield Fault((), f"invalid type: {described(value)}, expected struct PipOptions")
        return
    for key, content in value.items():
        if key not in PIP_FIELDS:
            expected = ", ".join(f"`{known}`" for known in PIP_FIELDS)
            yield Fault((key,), f"unknown field `{key}`, expected one of {expected}", is_key=True)
            return
        check = _PIP_CHECKS.get(key) or _CHECKS.get(key)
        for fault in check(content) if check is not None else ():
            yield Fault((key, *fault.place), fault.reason, fault.is_key)


def _python_version(value: Any) -> Iterator[Fault]:
    for fault in _version(value):
        yield Fault(fault.place, f"Python version `{value}` could not be parsed: {fault.reason}")


_PRERELEASES: Final = ("disallow", "allow", "if-necessary", "explicit", "if-necessary-or-explicit")
_NAMES: Final = _each(_name)
_NAMES_OR_ALL: Final = _each(lambda value: () if value in (":all:", ":none:") else _name(value))
_REQUIREMENTS: Final = _each(_requirement)
_CHECKS: Final[dict[str, Callable[[Any], Iterator[Fault]]]] = {
    "required-version": _specifiers,
    "resolution": _choice("highest", "lowest", "lowest-direct"),
    "prerelease": _choice(*_PRERELEASES),
    "prerelease-package": _by_package(_choice(*_PRERELEASES)),
    "fork-strategy": _choice("fewest", "requires-python"),
    "index-strategy": _choice("first-index", "unsafe-any-match", "unsafe-first-match", "unsafe-best-match"),
    "keyring-provider": _choice("disabled", "subprocess"),
    "link-mode": _choice("clone", "copy", "hardlink", "symlink"),
    "python-preference": _choice("only-managed", "managed", "system", "only-system"),
    "python-downloads": _choice("auto", "automatic", "manual", "never"),
    "add-bounds": _choice("lower", "major", "minor", "exact"),
    "concurrent-downloads": _nonzero,
    "concurrent-builds": _nonzero,
    "concurrent-installs": _nonzero,
    "exclude-newer": _cutoff,
    "exclude-newer-package": _by_package(_cutoff),
    "dependency-metadata": _each(_static_metadata),
    "config-settings-package": _by_package(_nothing),
    "no-build-package": _NAMES,
    "no-binary-package": _NAMES,
    "no-build-isolation-package": _NAMES,
    "no-sources-package": _NAMES,
    "reinstall-package": _NAMES,
    "upgrade-package": _REQUIREMENTS,
    "constraint-dependencies": _REQUIREMENTS,
    "build-constraint-dependencies": _each(_build_constraint),
    "override-dependencies": _REQUIREMENTS,
    "exclude-dependencies": _NAMES,
    "environments": _markers,
    "required-environments": _markers,
    "cache-keys": _each(_cache_key),
    "pip": _pip,
}
_PIP_CHECKS: Final[dict[str, Callable[[Any], Iterator[Fault]]]] = {
    "no-binary": _NAMES_OR_ALL,
    "only-binary": _NAMES_OR_ALL,
    "extra": _NAMES,
    "no-extra": _NAMES,
    "no-emit-package": _NAMES,
    "annotation-style": _choice("line", "split"),
    "python-version": _python_version,
}
