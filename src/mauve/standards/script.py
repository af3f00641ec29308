"""Inline metadata of scripts: find the block, read it, write it back.

Specification: PEP 723.
"""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from mauve.errors import MauveError

OPENING: Final = "# /// script"
"""Begins a block; a text without it has none."""
_CLOSING: Final = "# ///"


class UnclosedScriptBlock(MauveError):
    """A block of inline metadata has no end."""

    def __str__(self) -> str:
        """Return one line."""
        return (
            "An opening tag (`# /// script`) was found without a closing tag (`# ///`). Ensure that every line between "
            "the opening and closing tags (including empty lines) starts with a leading `#`."
        )


class ScriptBlock(Struct, frozen=True):
    """A script taken apart at its block of inline metadata.

    Attributes:
        prelude: everything before the block (a shebang line, comments).
        metadata: the TOML of the block, without comment signs.
        postlude: everything behind the block.
    """

    prelude: str
    metadata: str
    postlude: str

    def with_metadata(self, metadata: str) -> str:
        """Return the whole script with *metadata* in place of the old block."""
        return f"{self.prelude}{render_script_block(metadata)}{self.postlude}"


def find_script_block(text: str) -> ScriptBlock | None:
    """Return *text* taken apart, None if it has no `script` block.

    Raises:
        UnclosedScriptBlock: the block does not end.
    """
    if OPENING not in text:
        return None
    lines = text.splitlines(keepends=True)
    opening = next((place for place, line in enumerate(lines) if line.rstrip("\r\n").rstrip() == OPENING), None)
    if opening is None:
        return None
    behind = opening + 1
    while behind < len(lines) and _is_content(lines[behind].rstrip("\r\n")):
        behind += 1
    # Of several closing lines the last one counts: TOML in the block may itself contain such a line.
    closing = next((place for place in range(behind - 1, opening, -1) if lines[place].strip() == _CLOSING), None)
    if closing is None:
        raise UnclosedScriptBlock
    content = [line.rstrip("\r\n") for line in lines[opening + 1 : closing]]
    metadata = "".join([f"{line[2:] if line.startswith('# ') else line[1:]}\n" for line in content])
    return ScriptBlock("".join(lines[:opening]), metadata, "".join(lines[closing + 1 :]))


def _is_content(line: str) -> bool:
    return line == "#" or line.startswith("# ")


def render_script_block(metadata: str) -> str:
    """Return the block for *metadata* (TOML), every line a comment, with a line feed at the end."""
    lines = [f"# {line}" if line else "#" for line in metadata.splitlines()]
    return "\n".join([OPENING, *lines, _CLOSING, ""])
