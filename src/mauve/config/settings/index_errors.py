"""What is wrong with indexes that are asked for together."""

from __future__ import annotations

from mauve.errors import MauveError


class DuplicateDefaultIndex(MauveError):
    """Two indexes claim to be the default."""

    def __str__(self) -> str:
        """Return the message."""
        return "found multiple indexes with `default = true`; only one index may be marked as default"


class InvalidIndexName(MauveError):
    """The name in `--index name=url` has other characters than letters, digits, `-`, `_` and `.`."""

    def __init__(self, name: str) -> None:
        """Name the *name*."""
        super().__init__(name)
        self.name = name

    def __str__(self) -> str:
        """Return the message."""
        return (
            f"Index names may only contain letters, digits, hyphens, underscores, and periods, but found unsupported "
            f"character in: `{self.name}`"
        )
