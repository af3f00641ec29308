"""The long help pages, which `help COMMAND` shows: whole paragraphs about every option, and what values mean.

The prose is in the folder `pages`, a file a command: first what the command does, then `## OPTION` and what there is to
say of it; `* VALUE: MEANING` tells about a value. What several commands say alike is in `shared.md`, the meanings of
values also where a command has other words for the option itself. Names, variables and the order of options are those
of the short page.
"""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from mauve.cli.help import WIDTH, HelpWriter, has_told_value, wrap

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    from mauve.config.declare import OptionSpec

_INDENT: Final = 10
_SHARED: Final = "shared"
_DEFAULT: Final = "[default:"


class Entry(Struct, frozen=True):
    """What there is to say of an option.

    Attributes:
        lines: of the text, an empty one between two paragraphs.
        values: and what they mean.
    """

    lines: tuple[str, ...]
    values: tuple[tuple[str, str], ...] = ()


class Manual(Struct, frozen=True):
    """The prose of one command: the lines about itself, and the entries of its options by name."""

    about: tuple[str, ...]
    entries: dict[str, Entry]


def read_manual(path: str) -> Manual | None:
    """Return what is written about the command or group at *path*; None if nothing is."""
    name = path.replace(" ", "-")
    if not _page(name).is_file():
        return None
    about, own = _read_page(name)
    entries = _read_page(_SHARED)[1]
    for name, entry in own.items():
        shared = entries.get(name)
        entries[name] = entry if entry.values or shared is None else Entry(entry.lines, shared.values)
    return Manual(about, entries)


def _page(name: str) -> Traversable:
    return files("mauve.cli").joinpath("pages", f"{name}.md")


def _read_page(name: str) -> tuple[tuple[str, ...], dict[str, Entry]]:
    from mauve.config.default_index import default_index_url, registry_url

    text = _page(name).read_text(encoding="utf-8")
    text = text.replace("{default_index}", default_index_url()).replace("{registry}", registry_url())
    about, *sections = f"\n{text}".split("\n## ")
    found: dict[str, Entry] = {}
    for section in sections:
        option, _, content = section.partition("\n")
        rows = content.strip("\n").split("\n")
        values = [row[2:].partition(": ") for row in rows if row.startswith("* ")]
        found[option] = Entry(
            tuple(row for row in rows if not row.startswith("* ")),
            tuple((value, meaning) for value, _, meaning in values),
        )
    return tuple(about.strip("\n").split("\n")), found


class ManualWriter(HelpWriter):
    """Renders the long pages; `_manual` is what is written about the command whose page is being made.

    The page of the program has no long form, but names all commands.
    """

    _manual: Manual | None = None

    def _about(self, path: str, summary: str) -> list[str]:
        self._manual = read_manual(path) if path else None
        if self._manual is None:
            return [summary]
        return [part for line in self._manual.about for part in wrap(line, WIDTH)]

    def _pointer(self, path: str, *, is_group: bool) -> str | None:
        if not is_group:
            return None
        name = self._style.bold(f"{f'{self._program} help {path}'.rstrip()} <command>")
        return f"Use `{name}` for more information on a specific command."

    def _section(self, title: str, options: list[OptionSpec]) -> list[str]:
        manual = self._manual
        if manual is None:
            return super()._section(title, options)
        lines = [self._heading(f"{title}:")]
        for option in options:
            if lines[1:]:
                lines.append("")
            lines.append(self._start(option, 2 if option.is_positional else 6) + self._styled_name(option))
            lines += [f"{' ' * _INDENT}{line}" if line else "" for line in self._explained(option, manual) or [""]]
        return lines

    def _explained(self, option: OptionSpec, manual: Manual) -> list[str]:
        name = option.label if option.is_positional else option.names[-1]
        entry = manual.entries.get(name, Entry((option.help,) if option.help else ()))
        width = WIDTH - _INDENT
        paragraphs = [part for line in entry.lines if not line.startswith(_DEFAULT) for part in wrap(line, width)]
        while paragraphs and not paragraphs[-1]:
            paragraphs.pop()
        if entry.values:
            paragraphs += [*[""] * bool(paragraphs), "Possible values:", *_described(entry.values, width)]
        variable = self._variable(option)
        if variable and has_told_value(option):  # what only names a variable is part of the prose
            paragraphs += ["", *wrap(variable, width)]
        for line in entry.lines:
            if line.startswith(_DEFAULT):
                paragraphs += ["", line]
        if option.choices and not entry.values:
            paragraphs += ["", *wrap(f"[possible values: {', '.join(option.choices)}]", width)]
        return paragraphs


def _described(values: tuple[tuple[str, str], ...], width: int) -> list[str]:
    """Return a line for every value, and further ones, indented, for what does not fit in it."""
    longest = max(len(value) for value, _ in values)
    lines: list[str] = []
    for value, meaning in values:
        start = f"- {value}:".ljust(longest + 4)
        first, *rest = wrap(start + meaning, width) if meaning else [f"- {value}"]
        lines.append(first)
        if rest:
            lines += [f"  {line}" for line in wrap(" ".join(rest), width - 2)]
    return lines
