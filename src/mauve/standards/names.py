"""Normalised names of packages, extras and dependency groups.

Specification: "Names and normalization" (PEP 503, PEP 685, PEP 735).
"""

from __future__ import annotations

from typing import NewType

PackageName = NewType("PackageName", str)
ExtraName = NewType("ExtraName", str)
GroupName = NewType("GroupName", str)

_SEPARATORS = str.maketrans("_.", "--")
_normal: dict[str, str] = {}


class InvalidName(ValueError):
    """The text is not a valid name of a package, extra or group."""

    def __init__(self, text: str) -> None:
        """Name the offending *text*."""
        super().__init__(
            f'Not a valid package or extra name: "{text}". Names must start and end with a letter or digit and may '
            "only contain -, _, ., and alphanumeric characters."
        )
        self.text = text


def normalise(text: str) -> str:
    """Return *text* in lower case with runs of `-_.` as one `-`.

    Raises:
        InvalidName: *text* is not a name.
    """
    known = _normal.get(text)
    if known is None:
        parts = text.translate(_SEPARATORS).lower().split("-")
        words = [part for part in parts if part]
        # Starts and ends with a letter or digit, and holds nothing but those and separators.
        if not text.isascii() or not parts[0] or not parts[-1] or not "".join(words).isalnum():
            raise InvalidName(text)
        known = _normal[text] = "-".join(words)
    return known


def package_name(text: str) -> PackageName:
    """Return *text* as a normalised package name."""
    return PackageName(normalise(text))


def extra_name(text: str) -> ExtraName:
    """Return *text* as a normalised extra name."""
    return ExtraName(normalise(text))


def group_name(text: str) -> GroupName:
    """Return *text* as a normalised group name."""
    return GroupName(normalise(text))
