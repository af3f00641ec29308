"""Write `[[tool.uv.index]]`: the newest index stands first, and none is written twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import tomlkit
from tomlkit.items import Bool, SingleKey

from mauve.project.editing.outline import Entry

if TYPE_CHECKING:
    from mauve.project.editing.outline import Body, Outline, Section
    from mauve.project.editing.tables import TableEditor

_PATH: Final = ("tool", "uv", "index")


class IndexEditor:
    """The indexes of one document while they are edited."""

    __slots__ = ("_tables",)

    def __init__(self, tables: TableEditor) -> None:
        """Edit through *tables*."""
        self._tables = tables

    def urls(self) -> list[str]:
        """Return the URLs as they are written."""
        found = [_values(section).get("url") for section in _sections(self._tables.document.outline)]
        return [str(url) for url in found if isinstance(url, str)]

    def put_first(self, url: str, name: str | None, *, is_default: bool) -> None:
        """Write an index before all others; one that is the same moves there and keeps what else it says.

        Args:
            url: without credentials.
            name: None if it has none.
            is_default: it replaces the default index.
        """
        document = self._tables.document
        outline, newline = document.outline, document.newline
        sections = _sections(outline)
        same = [section for section in sections if _is_same(section, url, name, is_default=is_default)]
        lines: Body = []
        if same:
            lines = same[0].body[: same[0].values_end()]
        wanted = {"name": name and _quote(name), "url": _quote(url), "default": "true" if is_default else None}
        for key, value in wanted.items():
            if value is not None:
                _set(lines, key, value, newline)
        if same and same == sections[:1]:
            same[0].body[: same[0].values_end()] = lines
        else:
            for section in reversed(same):
                self._tables.remove_section(section)
            if same:
                document.changed()
            self._tables.add_first(_PATH, lines)
        document.changed()


def _sections(outline: Outline) -> list[Section]:
    found = outline.find(_PATH)
    elements = found if isinstance(found, list) else []
    return [element.section for element in elements if element.section is not None]


def _values(section: Section) -> dict[str, object]:
    return {key.key: item for key, item in section.body if key is not None}


def _is_same(section: Section, url: str, name: str | None, *, is_default: bool) -> bool:
    values = _values(section)
    default = values.get("default")
    return (
        (name is not None and values.get("name") == name)
        or (is_default and isinstance(default, Bool) and default.value)
        or _is_same_url(values.get("url"), url)
    )


def _is_same_url(written: object, url: str) -> bool:
    return isinstance(written, str) and written.rstrip("/") == url.rstrip("/")


def _set(lines: Body, key: str, value: str, newline: str) -> None:
    """Write *value* for *key* in *lines*."""
    for index, (known, item) in enumerate(lines):
        if known is not None and known.key == key:
            new = tomlkit.value(value)
            if item.unwrap() != new.unwrap():
                Entry(lines, index, None).replace(new)
            return
    if lines and "\n" not in lines[-1][1].trivia.trail:
        lines[-1][1].trivia.trail += newline
    new = tomlkit.value(value)
    new.trivia.trail = newline
    lines.append((SingleKey(key), new))


def _quote(text: str) -> str:
    return tomlkit.string(text).as_string()
