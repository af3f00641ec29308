"""Help pages, rendered from the same data that the parser is built from.

The layout follows clap's, which uv users know: an option and its help share a line where the section
leaves room for it, otherwise the help stands below, and everything wraps at 100 columns.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mauve.config.declare import ARGUMENTS, COUNT, FLAG, HELP, READ_BY_PARSER

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mauve.config.declare import CommandSpec, OptionSpec
    from mauve.config.environment import Variables
    from mauve.terminal.style import Style

WIDTH: Final = 100
_CROWDED: Final = 0.44
"""Share of the width that names may take before help moves below them."""


class HelpWriter:
    """Renders help for one program name and environment; *style* decides about colour.

    `_path` is that of the command whose page is being written.
    """

    def __init__(self, program: str, variables: Variables, style: Style) -> None:
        """Remember what every page needs."""
        self._program = program
        self._variables = variables
        self._style = style
        self._path = ""

    def command(self, spec: CommandSpec) -> str:
        """Return the concise help page of a command."""
        from mauve.cli.help_order import is_listed

        self._path = spec.path
        if spec.path == "help":
            return self._page_of_help(spec)
        lines = [*self._about(spec.path, spec.summary), "", self.usage(spec), ""]
        positional = [option for option in spec.specs().values() if option.is_positional and not option.hidden]
        if positional and not any(option.trailing for option in positional):
            lines += [*self._section("Arguments", positional), ""]
        for title, options in _by_title(spec).items():
            if title == "Global options" and is_listed(spec.path, HELP.names[-1]):
                options.append(HELP)
            lines += [*self._section(title, options), ""]
        return self._ended(lines, self._pointer(spec.path, is_group=False))

    def _page_of_help(self, spec: CommandSpec) -> str:
        """Return the page of `help` itself, which has no words for what every command takes."""
        (option,) = [option for option in spec.groups[0].specs.values() if not option.is_positional]
        heading = self._heading("Options:")
        row = f"  {self._literal(option.names[0])} {option.help}"
        return "\n".join([spec.summary, "", self.usage(spec), "", heading, row]) + "\n"

    def group(
        self,
        path: str,
        summary: str,
        commands: Iterable[tuple[str, str]],
        sections: dict[str, list[OptionSpec]],
    ) -> str:
        """Return the help page of the program (`path` empty) or of a group of commands."""
        name = f"{self._program} {path}".rstrip()
        rows = list(commands)
        column = max(len(command) for command, _ in rows) + 4
        lines = [
            *self._about(path, summary),
            "",
            self._heading("Usage:") + f" {self._literal(name)} [OPTIONS] <COMMAND>",
            "",
        ]
        lines.append(self._heading("Commands:"))
        for command, text in rows:
            folded = wrap(text, WIDTH - column)
            lines.append(f"  {self._literal(command)}{' ' * (column - 2 - len(command))}{folded[0]}")
            lines += [" " * column + more for more in folded[1:]]
        lines.append("")
        for title, options in sections.items():
            lines += [*self._section(title, options), ""]
        return self._ended(lines, self._pointer(path, is_group=True))

    def _about(self, path: str, summary: str) -> list[str]:
        """Return what the page of the command at *path* begins with."""
        del path
        return [summary]

    def _pointer(self, path: str, *, is_group: bool) -> str | None:
        """Return the last line of the page, which says where to read on; None if there is none."""
        from mauve.cli.help_order import has_pointer

        if not has_pointer(path):
            return None
        name = f"{self._program} help {path}" if path else f"{self._program} help"
        del is_group
        return f"Use `{self._style.bold(name)}` for more details."

    def _ended(self, lines: list[str], pointer: str | None) -> str:
        return "\n".join(lines[:-1] if pointer is None else [*lines, pointer]) + "\n"

    def usage(self, spec: CommandSpec) -> str:
        """Return the line that shows the shape of a command."""
        return f"{self._heading('Usage:')} {self._literal(f'{self._program} {spec.path}')} {usage_tail(spec)}".rstrip()

    def _heading(self, text: str) -> str:
        return self._style.heading(text)

    def _literal(self, text: str) -> str:
        return self._style.literal(text)

    def _section(self, title: str, options: list[OptionSpec]) -> list[str]:
        lines = [self._heading(f"{title}:")]
        longest = max(len(_long_form(option)) for option in options)
        has_short = any(len(option.names) > 1 for option in options)
        positional = options[0].is_positional
        indent = 2 if positional or not (has_short or title != "Options" or _has_long(options)) else 6
        taken = longest + 12
        texts = [self._help(option) for option in options]
        crowded = taken / WIDTH > _CROWDED and any(len(text) > WIDTH - taken for text in texts)
        for option, text in zip(options, texts, strict=True):
            name = _long_form(option)
            shown = self._start(option, indent) + self._styled_name(option)
            if crowded:
                lines.append(shown)
                lines += [" " * 10 + line for line in wrap(text, WIDTH - 10)]
            else:
                column = (2 if positional else 6) + longest + 2
                folded = wrap(text, WIDTH - column)
                lines.append(f"{shown}{' ' * (column - indent - len(name))}{folded[0]}")
                lines += [" " * column + line for line in folded[1:]]
        return lines

    def _start(self, option: OptionSpec, indent: int) -> str:
        """Return what stands before the long name: the short one, or blanks."""
        if option.is_positional or len(option.names) == 1:
            return " " * indent
        return f"  {self._literal(option.names[0])}, "

    def _styled_name(self, option: OptionSpec) -> str:
        name, _, value = _long_form(option).partition(" ")
        return self._literal(name) + (f" {self._style.literal_value(value)}" if value else "")

    def _help(self, option: OptionSpec) -> str:
        from mauve.cli.help_order import own_words

        text = own_words(self._path, option.names[-1], option.help)
        if "{default_index}" in text:
            from mauve.config.default_index import default_index_url

            text = text.replace("{default_index}", default_index_url())
        parts = [text]
        parts.append(self._variable(option))
        if option.choices:
            parts.append(f"[possible values: {', '.join(option.choices)}]")
        return " ".join(part for part in parts if part)

    def _variable(self, option: OptionSpec) -> str:
        """Return which variable answers for *option*, and what it says now; empty if none does."""
        if option.env is None or option.is_positional or option.hide_env:
            return ""
        if option.hide_env_value:
            return f"[env: {option.env}]"
        return f"[env: {option.env}={(self._variables.raw(option.env) or '') if has_told_value(option) else ''}]"


def has_told_value(option: OptionSpec) -> bool:
    """Return whether pages show what the variable of *option* says; those of other flags are named only."""
    return option.kind != FLAG or option.env in READ_BY_PARSER


def usage_tail(spec: CommandSpec, used: tuple[OptionSpec, ...] = ()) -> str:
    """Return `[OPTIONS] [PATH]` for a command; what was *used* stands in place of the first word."""
    words = [option.label for option in used if not option.is_positional] if used else ["[OPTIONS]"]
    if spec.positional_usage is not None:
        return " ".join([*words, spec.positional_usage])
    for option in spec.specs().values():
        if option.trailing:
            words += [] if used else [f"[{option.value_name}]"]
        elif option.is_positional and not option.hidden:
            words.append(option.given_label if option in used else option.label)
    return " ".join(words)


def _by_title(spec: CommandSpec) -> dict[str, list[OptionSpec]]:
    """Return the options that are shown under each heading, both in the order of the page."""
    from mauve.cli.help_order import is_listed, option_order

    places = option_order(spec.path)
    last = len(places)
    sections: dict[str, list[OptionSpec]] = {}
    for group in spec.groups:
        shown = [
            option
            for option in group.specs.values()
            if not (option.hidden or option.is_positional) and is_listed(spec.path, option.names[-1])
        ]
        if shown:
            sections.setdefault(group.title, []).extend(shown)
    for options in sections.values():
        options.sort(key=lambda option: places.get(option.names[-1], last))
    titles = sorted(sections, key=lambda title: _rank(title, places.get(sections[title][0].names[-1], last)))
    return {title: sections[title] for title in titles}


def _rank(title: str, place: int) -> tuple[bool, bool, int]:
    """Return where a section stands: the command's own options first, those of every command last."""
    return (title != "Options", title == "Global options", place)


def _has_long(options: list[OptionSpec]) -> bool:
    return any(option.names[-1].startswith("--") for option in options)


def _long_form(option: OptionSpec) -> str:
    if option.is_positional:
        return option.label
    name = option.names[-1]
    if option.kind == COUNT:
        return f"{name}..."
    if option.kind in (FLAG, ARGUMENTS):
        return name
    return f"{name} <{option.value_name}>"


def wrap(text: str, width: int) -> list[str]:
    """Break *text* at blanks so that no line is wider than *width*."""
    lines: list[str] = []
    line = ""
    for word in text.split(" "):
        if line and len(line) + 1 + len(word) > width:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}" if line else word
    lines.append(line)
    return lines
