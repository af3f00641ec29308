"""Colours and weights as ECMA-48 sequences, or nothing at all.

A style is decided once per stream; everything else asks for a meaning ("a name", "an error"), not a colour.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from mauve.config.environment import Variables

_RESET: Final = "\x1b[0m"


class Style:
    """Wraps text in sequences if colour is wanted on the stream."""

    __slots__ = ("colour",)

    def __init__(self, *, colour: bool) -> None:
        """Render with or without sequences."""
        self.colour = colour

    def _wrap(self, code: str, text: str) -> str:
        return f"\x1b[{code}m{text}{_RESET}" if self.colour else text

    def bold(self, text: str) -> str:
        """Names in lists."""
        return self._wrap("1", text)

    def dim(self, text: str) -> str:
        """Versions and what surrounds a number in a summary."""
        return self._wrap("2", text)

    def italic(self, text: str) -> str:
        """Footnotes."""
        return self._wrap("3", text)

    def cyan(self, text: str) -> str:
        """Paths."""
        return self._wrap("36", text)

    def green(self, text: str) -> str:
        """Commands to type, additions."""
        return self._wrap("32", text)

    def red(self, text: str) -> str:
        """Removals."""
        return self._wrap("31", text)

    def yellow(self, text: str) -> str:
        """Replacements."""
        return self._wrap("33", text)

    def error(self, text: str) -> str:
        """The words `error` and `cause`."""
        return self._wrap("1m\x1b[31" if self.colour else "", text)

    def warning(self, text: str) -> str:
        """The word `warning`."""
        return self._wrap("1m\x1b[33" if self.colour else "", text)

    def hint(self, text: str) -> str:
        """The word `hint`."""
        return self._wrap("1m\x1b[36" if self.colour else "", text)

    def heading(self, text: str) -> str:
        """Headings of help pages."""
        return self._wrap("1m\x1b[32" if self.colour else "", text)

    def literal(self, text: str) -> str:
        """Words to type in help pages."""
        return self._wrap("1m\x1b[36" if self.colour else "", text)

    def literal_value(self, text: str) -> str:
        """Placeholders in help pages."""
        return self._wrap("36", text)

    def summary(self, verb: str, number: str, tail: str) -> str:
        """A summary line: dim, with the number in bold (`Resolved 3 packages in 5ms`)."""
        if not self.colour:
            return " ".join([part for part in (verb, number, tail) if part])
        middle = f"\x1b[1m{number}{_RESET} \x1b[2m" if number else ""
        return f"\x1b[2m{verb} {middle}{tail}{_RESET}{_RESET if number else ''}"


def wants_colour(choice: str | None, variables: Variables, *, is_terminal: bool) -> bool:
    """Return whether a stream gets colour: *choice* is `auto`, `always`, `never` or None = not said."""
    if choice in ("always", "never"):
        return choice == "always"
    if variables.text("NO_COLOR"):
        return False
    if variables.text("FORCE_COLOR") or variables.text("CLICOLOR_FORCE"):
        return True
    return is_terminal and variables.raw("TERM") != "dumb"
