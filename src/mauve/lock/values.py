"""Whether the texts in a lock are what they are taken for: versions, markers, digests, commits, choices.

The model keeps texts, and whoever uses one parses it then. What uv would refuse while it reads is refused here, once,
before a lock is kept in the cache.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final

from mauve.distributions.sources import GitReferenceKind
from mauve.lock.model import SourceKind, split_git_location
from mauve.standards.hashes import HashAlgorithm

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mauve.distributions.conflicts import Conflicts
    from mauve.lock.model import Lock, LockedDependency, LockedMetadata, LockedOptions, LockedPackage

    Path = tuple[str | int, ...]

_SHA256_LENGTH: Final = 71
_HEXADECIMAL: Final = "0123456789abcdefABCDEF"
_DIGITS: Final = {
    HashAlgorithm.MD5: 32,
    HashAlgorithm.SHA256: 64,
    HashAlgorithm.SHA384: 96,
    HashAlgorithm.SHA512: 128,
    HashAlgorithm.BLAKE2B: 64,
}
_COMMIT: Final = re.compile(r"[0-9a-fA-F]{40}")
_GIT_SCHEMES: Final = frozenset(("http", "https", "ssh", "file"))
_MODES: Final = {
    "resolution-mode": ("highest", "lowest", "lowest-direct"),
    "prerelease-mode": ("disallow", "allow", "if-necessary", "explicit", "if-necessary-or-explicit"),
    "fork-strategy": ("fewest", "requires-python"),
}
_PAIR: Final = 2


class BadValue(Exception):
    """The value at `path` (from the table being read) is wrong, or its key."""

    def __init__(self, message: str, *path: str | int, is_key: bool = False) -> None:
        """Say what is wrong, and where."""
        super().__init__(message)
        self.message = message
        self.path = path
        self.is_key = is_key

    def below(self, *path: str | int) -> BadValue:
        """Return the same error as seen from an enclosing table."""
        return BadValue(self.message, *path, *self.path, is_key=self.is_key)


def check_values(lock: Lock, key: str = "package") -> None:
    """Raise `BadValue` where a text is malformed.

    Args:
        lock: just read.
        key: of its packages in the file.
    """
    _check(_specifier_fault, lock.requires_python, "requires-python")
    _check_markers(lock.resolution_markers, "resolution-markers")
    _check_markers(lock.supported_markers, "supported-markers")
    _check_markers(lock.required_markers, "required-markers")
    _check_conflicts(lock.conflicts)
    _check_options(lock.options)
    for place, entry in enumerate(lock.manifest.dependency_metadata):
        where = ("manifest", "dependency-metadata", place)
        if entry.version is not None:
            _check(_version_fault, entry.version, *where, "version")
        for number, text in enumerate(entry.requires_dist):
            _check(_requirement_fault, text, *where, "requires-dist", number)
        if entry.requires_python is not None:
            _check(_specifier_fault, entry.requires_python, *where, "requires-python")
    for place, package in enumerate(lock.packages):
        _check_package(package, (key, place))


def _check(fault: Callable[[str], str | None], text: str, *path: str | int) -> None:
    message = fault(text)
    if message is not None:
        raise BadValue(message, *path)


def _check_markers(texts: tuple[str, ...], *path: str | int) -> None:
    for place, text in enumerate(texts):
        _check(_marker_fault, text, *path, place)


def _check_conflicts(conflicts: Conflicts) -> None:
    for place, conflict in enumerate(conflicts.sets):
        if len(conflict.items) < _PAIR:
            found = "only one" if conflict.items else "none"
            message = f"Each set of conflicts must have at least two entries, but found {found}"
            raise BadValue(message, "conflicts") if place == 0 else BadValue(message, "conflicts", place)
        for item in conflict.items:
            if item.extra is not None and item.group is not None:
                message = "Expected one of `extra` or `group` in conflicting entry, but found both"
                raise BadValue(message, "conflicts", place)


def _check_options(options: LockedOptions) -> None:
    _check_choice(options.resolution_mode, "resolution-mode", "options", "resolution-mode")
    # The modes that share their table with packages are pointed at by that table.
    _check_choice(options.prerelease_mode, "prerelease-mode", "options")
    _check_choice(options.fork_strategy, "fork-strategy", "options", "fork-strategy")
    for mode in options.prerelease_package.values():
        _check_choice(mode, "prerelease-mode", "options")
    from mauve.standards.cutoffs import find_cutoff_fault

    for cutoff in (options.exclude_newer, *options.exclude_newer_package.values()):
        if cutoff is not None:
            _check(_time_fault, cutoff.timestamp, "options")
            if cutoff.span is not None:
                _check(find_cutoff_fault, cutoff.span, "options")


def _check_choice(value: str | None, key: str, *path: str) -> None:
    choices = _MODES[key]
    if value is None or value in choices:
        return
    listed = [f"`{choice}`" for choice in choices]
    expected = " or ".join(listed) if len(listed) == _PAIR else f"one of {', '.join(listed)}"
    message = f"unknown variant `{value}`, expected {expected}"
    raise BadValue(message, *path)


def _check_package(package: LockedPackage, path: Path) -> None:
    if package.version is not None:
        _check(_version_fault, package.version, *path, "version")
    if package.source.kind is SourceKind.GIT:
        _check(_git_fault, package.source.location, *path)
    _check_markers(package.resolution_markers, *path, "resolution-markers")
    _check_files(package, path)
    for edges, where in _sections(package):
        for place, edge in enumerate(edges):
            if edge.marker is not None:
                _check(_marker_fault, edge.marker, *path, *where, place, "marker")
    for group, bound in package.group_requires_python.items():
        _check(_specifier_fault, bound, *path, "group-requires-python", group)
    if package.metadata is not None:
        _check_metadata(package.metadata, path)


def _check_files(package: LockedPackage, path: Path) -> None:
    sdist = package.files.sdist
    if sdist is not None and sdist.hash is not None:
        _check_hash(sdist.hash, *path, "sdist", "hash")
    for place, wheel in enumerate(package.files.wheels):
        if wheel.hash is not None:
            _check_hash(wheel.hash, *path, "wheels", place, "hash")


def _sections(package: LockedPackage) -> Iterator[tuple[tuple[LockedDependency, ...], Path]]:
    yield package.dependencies, ("dependencies",)
    for extra, edges in package.optional_dependencies.items():
        yield edges, ("optional-dependencies", extra)
    for group, edges in package.dev_dependencies.items():
        yield edges, ("dev-dependencies", group)


def _check_metadata(metadata: LockedMetadata, path: Path) -> None:
    tables = [(metadata.requires_dist, (*path, "metadata", "requires-dist"))]
    tables += [
        (requirements, (*path, "metadata", "requires-dev", group))
        for group, requirements in metadata.requires_dev.items()
    ]
    for requirements, where in tables:
        for place, requirement in enumerate(requirements):
            if requirement.specifier is not None and _specifier_fault(requirement.specifier) is not None:
                message = "data did not match any variant of untagged enum RequirementSourceWire"
                raise BadValue(message, *where, place)
            if requirement.marker is not None:
                _check(_marker_fault, requirement.marker, *where, place, "marker")


def _check_hash(text: str, *path: str | int) -> None:
    if len(text) == _SHA256_LENGTH and text.startswith("sha256:") and not text[7:].strip(_HEXADECIMAL):
        return
    name, separator, digest = text.partition(":")
    if not separator:
        message = f"Unexpected hash (expected `<algorithm>:<hash>`): {text}"
        raise BadValue(message, *path)
    try:
        algorithm = HashAlgorithm(name)
    except ValueError:
        known = "`md5`, `sha256`, `sha384`, `sha512`, or `blake2b`"
        message = f"Unsupported hash algorithm (expected one of: {known}) on: `{name}`"
        raise BadValue(message, *path) from None
    if len(digest) != _DIGITS[algorithm]:
        expected = f"expected {_DIGITS[algorithm]} hexadecimal characters, found {len(digest)}"
        message = f"Invalid hash digest length ({expected})"
        raise BadValue(message, *path)
    if digest.strip(_HEXADECIMAL):
        raise BadValue(f"Invalid hash digest (expected only hexadecimal characters): `{digest}`", *path)


# --- what is wrong with a text; most texts occur many times


@cache
def _marker_fault(text: str) -> str | None:
    from mauve.standards.markers.parse import InvalidMarker, parse_marker

    try:
        parse_marker(text)
    except InvalidMarker as error:
        return str(error)
    return None


@cache
def _specifier_fault(text: str) -> str | None:
    from mauve.standards.specifiers import InvalidSpecifier, parse_specifiers

    try:
        parse_specifiers(text)
    except InvalidSpecifier as error:
        return str(error).rstrip("\n")
    return None


def _requirement_fault(text: str) -> str | None:
    from mauve.standards.requirements import InvalidRequirement, parse_requirement

    try:
        parse_requirement(text)
    except InvalidRequirement as error:
        return str(error)
    return None


def _time_fault(text: str) -> str | None:
    from mauve.standards.cutoffs import InvalidCutoff, parse_timestamp

    try:
        parse_timestamp(text)
    except InvalidCutoff as error:
        return str(error)
    return None


def _version_fault(text: str) -> str | None:
    from mauve.standards.versions import InvalidVersion, parse_version

    try:
        parse_version(text)
    except InvalidVersion as error:
        return error.reason
    return None


def _git_fault(location: str) -> str | None:
    git = split_git_location(location)
    scheme, separator, rest = git.url.partition("://")
    if not separator or not rest or not scheme.isalpha():
        return "Failed to parse Git URL"
    if scheme not in _GIT_SCHEMES:
        expected = "expected one of `https:`, `ssh:`, or `file:`"
        return f"Unsupported Git URL scheme `{scheme}:` in `{_shown(git.url)}` ({expected})"
    if git.commit is None or _COMMIT.fullmatch(git.commit) is None:
        return "Failed to parse Git URL"
    wanted = git.reference.value
    if (
        git.reference.kind is GitReferenceKind.REV
        and _COMMIT.fullmatch(wanted) is not None
        and wanted.lower() != git.commit.lower()
    ):
        return f"Exact Git revision `{wanted}` does not match precise commit `{git.commit}` for `{_shown(git.url)}`"
    return None


def _shown(url: str) -> str:
    """Return *url* with what may be secret masked; the user of `ssh` is none."""
    scheme, separator, rest = url.partition("://")
    login, at, place = rest.rpartition("@")
    if not at or (scheme == "ssh" and ":" not in login):
        return url
    name, colon, _ = login.partition(":")
    return f"{scheme}{separator}{name if colon else ''}{colon}****@{place}"
