"""Write a TOML document anew, in syntax that readers of TOML 1.0 know.

Comments and layout are lost. A table's values come before its tables; arrays of more than one value have a line for
each; strings are written in the plainest of the four ways that needs no escapes.

Specification: TOML 1.0. Used for `pyproject.toml` in source distributions.
"""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any, Final, TypeAlias

Table: TypeAlias = dict[str, Any]
Value: TypeAlias = Table | list[Any] | str | bool | int | float | datetime | date | time

_ESCAPES: Final = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\"}


def render_toml(document: Table) -> str:
    """Return the text of *document*."""
    sections: list[str] = []
    _render_table(document, (), sections)
    return "\n".join(sections)


def _render_table(table: Table, path: tuple[str, ...], sections: list[str], *, in_array: bool = False) -> None:
    values = [f"{_key(key)} = {_value(value)}\n" for key, value in table.items() if not _is_section(value)]
    if not path:
        if values:
            sections.append("".join(values))
    elif in_array:
        sections.append(f"[[{'.'.join(map(_key, path))}]]\n{''.join(values)}")
    elif values or not table:
        sections.append(f"[{'.'.join(map(_key, path))}]\n{''.join(values)}")
    for key, value in table.items():
        if not _is_section(value):
            continue
        is_array = isinstance(value, list)
        entries: list[Table] = value if is_array else [value]
        for entry in entries:
            _render_table(entry, (*path, key), sections, in_array=is_array)


def _is_section(value: Value) -> bool:
    """Return whether *value* has headers of its own: it is a table, or an array of nothing but tables."""
    if isinstance(value, list):
        return bool(value) and all(isinstance(entry, dict) for entry in value)
    return isinstance(value, dict)


def _value(value: Value) -> str:
    if isinstance(value, str):
        return _string(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _float(value)
    if isinstance(value, list):
        texts = [_value(entry) for entry in value]
        if len(texts) < 2:
            return f"[{''.join(texts)}]"
        return "[\n" + "".join([f"    {text},\n" for text in texts]) + "]"
    if isinstance(value, dict):
        pairs = [f"{_key(key)} = {_value(entry)}" for key, entry in value.items()]
        return f"{{ {', '.join(pairs)} }}" if pairs else "{}"
    if isinstance(value, datetime | date | time):
        return _moment(value)
    return str(value)


def _float(value: float) -> str:
    """Return *value* without an exponent, which is how uv writes it."""
    from decimal import Decimal
    from math import isfinite

    if not isfinite(value):
        return str(value)

    text = format(Decimal(repr(value)), "f")
    return text if "." in text else f"{text}.0"


def _moment(value: datetime | date | time) -> str:
    text = value.isoformat()
    if "." in text:
        head, _, fraction = text.partition(".")
        digits = fraction[:6]
        text = f"{head}.{digits.rstrip('0')}{fraction[6:]}"
    return text.removesuffix("+00:00") + "Z" if text.endswith("+00:00") else text


def _key(key: str) -> str:
    if key and all(character.isascii() and (character.isalnum() or character in "_-") for character in key):
        return key
    if _is_plain(key) and '"' not in key:
        return f'"{key}"'
    if not _has_controls(key) and "'" not in key and "\n" not in key:
        return f"'{key}'"
    return f'"{_escaped(key)}"'


def _string(text: str) -> str:
    lines = "\n" in text
    start = "\n" if lines else ""
    controlled = _has_controls(text)
    if not controlled:
        if not lines and _is_plain(text) and '"' not in text:
            return f'"{_escaped(text)}"'
        if not lines and "'" not in text:
            return f"'{text}'"
        if "\\" not in text and '"""' not in text:
            return f'"""{start}{_escaped_lines(text)}"""'
        if "'''" not in text:
            return f"'''{start}{text}'''"
    return f'"""\n{_escaped_lines(text)}"""' if lines else f'"{_escaped(text)}"'


def _is_plain(text: str) -> bool:
    return "\\" not in text and "\n" not in text and not _has_controls(text)


def _has_controls(text: str) -> bool:
    """Return whether *text* holds what only escapes can write."""
    return any(character < " " or character == "\x7f" for character in text if character not in "\t\n")


def _escaped(text: str) -> str:
    return "".join([_ESCAPES.get(character) or _plain(character) for character in text])


def _plain(character: str) -> str:
    return f"\\u{ord(character):04X}" if character < " " or character == "\x7f" else character


def _escaped_lines(text: str) -> str:
    """Return *text* for between three quotes: of three in a row, the last is escaped."""
    escaped: list[str] = []
    quotes = 0
    for character in text:
        quotes = quotes + 1 if character == '"' else 0
        if character == "\n" or (character == '"' and quotes < 3):
            escaped.append(character)
        else:
            escaped.append(_ESCAPES.get(character) or _plain(character))
            quotes = 0
    return "".join(escaped)
