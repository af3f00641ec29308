"""Text as a TOML string, in the form that is easiest to read. Tabs are escaped wherever escapes are read.

Specification: TOML 1.0, "String".
"""

from __future__ import annotations

from typing import Final

_ESCAPES: Final = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}


def quote(text: str) -> str:
    """Return *text* as a TOML string: basic, else literal, else the long form of either, whichever needs no escape."""
    if '"' not in text and "\\" not in text and text.isprintable():
        return f'"{text}"'
    return _quote_unusual(text)


def _quote_unusual(text: str) -> str:
    needs_codes = any((character < " " and character not in "\t\n") or character == "\x7f" for character in text)
    long = "\n" in text
    if not needs_codes:
        if not long and '"' not in text and "\\" not in text:
            return f'"{_without_tabs(text)}"'
        if not long and "'" not in text:
            return f"'{text}'"
        start = "\n" if long else ""
        if "\\" not in text and '"""' not in text:
            return f'"""{start}{_without_tabs(text)}"""'
        if "'''" not in text:
            return f"'''{start}{text}'''"
    return '"' + "".join(_escape(character) for character in text) + '"'


def _without_tabs(text: str) -> str:
    return text.replace("\t", _ESCAPES["\t"])


def _escape(character: str) -> str:
    known = _ESCAPES.get(character)
    if known is not None:
        return known
    code = ord(character)
    return f"\\u{code:04X}" if code < ord(" ") or code == 0x7F else character
