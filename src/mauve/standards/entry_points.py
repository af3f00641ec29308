"""Entry points of a distribution, as far as they become scripts.

Specification: "Entry points specification" of the packaging specifications.

Annotations are no texts in this module, since msgspec would compile each of them in every run.
"""

import re
from collections.abc import Callable
from functools import cache

from msgspec import Struct

from mauve.errors import MauveError


class InvalidEntryPoints(MauveError):
    """`entry_points.txt` cannot be read, or a script in it does not name an object.

    Attributes:
        reason: what is wrong, worded to follow "The wheel is invalid: ".
    """

    def __init__(self, reason: str) -> None:
        """Say what is wrong."""
        super().__init__(reason)
        self.reason = reason

    def __str__(self) -> str:
        """Return one line (a value that spans lines is shown as it is)."""
        return f"The wheel is invalid: {self.reason}"


class EntryPoint(Struct, frozen=True):
    """One script.

    Attributes:
        name: of the script.
        module: to import.
        target: the dotted object within the module to call.
    """

    name: str
    module: str
    target: str

    @property
    def import_name(self) -> str:
        """Return the first part of `target`, which is what can be imported from the module."""
        return self.target.partition(".")[0]


class EntryPoints(Struct, frozen=True):
    """The scripts of one distribution, each kind sorted by name."""

    console: tuple[EntryPoint, ...] = ()
    gui: tuple[EntryPoint, ...] = ()


@cache
def _reference() -> Callable[[str], re.Match[str] | None]:
    return re.compile(r"\s*([\w.-]+)\s*:\s*([\w.-]+)\s*(?:\[[^\]]*\])?\s*").fullmatch


def parse_entry_points(text: str) -> EntryPoints:
    """Return the scripts of `entry_points.txt`; extras after an object are ignored.

    Raises:
        InvalidEntryPoints: the text or a script is malformed.
    """
    sections = _read_sections(text)
    return EntryPoints(_scripts(sections.get("console_scripts", {})), _scripts(sections.get("gui_scripts", {})))


def _scripts(options: dict[str, str]) -> tuple[EntryPoint, ...]:
    scripts: list[EntryPoint] = []
    for name, value in sorted(options.items()):
        match = None if "\n" in value else _reference()(value)
        if match is None:
            raise InvalidEntryPoints(f"invalid console script: '{value}'")
        scripts.append(EntryPoint(name, match[1], match[2]))
    return tuple(scripts)


def _read_sections(text: str) -> dict[str, dict[str, str]]:
    """Return names and values by section; names keep their case, an indented line continues a value."""
    sections: dict[str, dict[str, str]] = {}
    section: dict[str, str] | None = None
    name: str | None = None
    for number, line in enumerate(text.splitlines(), start=1):
        content = line.strip()
        if not content or content[0] in "#;":
            continue
        if line[0].isspace() and section is not None and name is not None:
            section[name] += f"\n{content}"
            continue
        if content[0] == "[" and content[-1] == "]":
            if content[1:-1] in sections:
                raise InvalidEntryPoints(f"`entry_points.txt` is invalid: duplicate section at line {number}")
            section, name = sections.setdefault(content[1:-1], {}), None
            continue
        if section is None:
            raise InvalidEntryPoints(f"`entry_points.txt` is invalid: expected a section header at line {number}")
        key, equals, value = content.partition("=")
        name = key.strip()
        if not equals or not name:
            raise InvalidEntryPoints(
                f"`entry_points.txt` is invalid: invalid option or section header at line {number}"
            )
        if name in section:
            raise InvalidEntryPoints(f"`entry_points.txt` is invalid: duplicate option at line {number}")
        section[name] = value.strip()
    return sections
