"""Read `requirements.txt` and the files it includes: what is required, what only constrains, and where it comes from.

Relative paths of requirements start at the working directory, those of included files at the file that includes them.

Specification: pip's "Requirements File Format"; docs/project.md "add".
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Final

from msgspec import Struct, structs

from mauve.distributions.sources import FromUrl
from mauve.errors import MauveError
from mauve.project.listed_options import NO_OPTIONS, STANDARD_INPUT, ListedOptions
from mauve.project.requested import InvalidRequested, Requested, parse_requested

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

_VALUED: Final = {
    "-r": "--requirement",
    "-c": "--constraint",
    "-e": "--editable",
    "-i": "--index-url",
    "-f": "--find-links",
}
_SETTINGS: Final = frozenset(("--index-url", "--extra-index-url", "--find-links", "--no-binary", "--only-binary"))
_UNSUPPORTED: Final = {
    "--pre": " (hint: pass `--pre` on the command line instead)",
    "--trusted-host": " (hint: pass `--trusted-host` on the command line instead)",
    "--prefer-binary": "",
    "--use-feature": "",
}
_FLAGS: Final = frozenset(("--no-index", "--require-hashes", "--pre", "--prefer-binary"))
_VARIABLE: Final = re.compile(r"\$\{([A-Z_][A-Z0-9_]*)\}")
_OPTION: Final = re.compile(r"(--[\w-]+(?==)|-\S+)[\s=](.*)")
_COMMENT: Final = re.compile(r"(^|\s)#.*")
_EXPECTED: Final = "expected '-c', '-e', '-r' or the start of a requirement"


class MissingRequirementsFile(MauveError):
    """A file of requirements or constraints is not there."""

    def __init__(self, shown: str) -> None:
        """Name the file."""
        super().__init__(shown)
        self.shown = shown

    def __str__(self) -> str:
        """Return the message in uv's words."""
        return f"File not found: {self.shown}"


class UndecodableRequirementsFile(MauveError):
    """A file of requirements or constraints is not UTF-8."""

    def __init__(self, shown: str) -> None:
        """Name the file."""
        super().__init__(shown)
        self.shown = shown

    def __str__(self) -> str:
        """Return the message in uv's words."""
        return f"failed to decode file `{self.shown}`: stream did not contain valid UTF-8"


class BadLine(MauveError):
    """A line is no requirement and no option; the message says why and where."""


class BadRequirement(MauveError):
    """A line is no requirement; the cause points at what is wrong."""

    def __init__(self, shown: str, position: int) -> None:
        """Name the file, and where the line begins, in characters."""
        super().__init__(shown, position)
        self.shown = shown
        self.position = position

    def __str__(self) -> str:
        """Return the message in uv's words."""
        return f"Couldn't parse requirement in `{self.shown}` at position {self.position}"


class BadInclusion(MauveError):
    """An included file cannot be used; the cause says why."""

    def __init__(self, shown: str, position: int) -> None:
        """Name the including file, and where it includes the other one, in characters."""
        super().__init__(shown, position)
        self.shown = shown
        self.position = position

    def __str__(self) -> str:
        """Return the message in uv's words."""
        return f"Error parsing included file in `{self.shown}` at position {self.position}"


class BadEditable(MauveError):
    """What is to be installed in place is not on this machine."""

    def __init__(self, shown: str, number: int, text: str) -> None:
        """Name the file, the line and what it says."""
        super().__init__(shown, number, text)
        self.shown = shown
        self.number = number
        self.text = text
        self.__cause__ = NotAUrl("Remote archives cannot be editable")

    def __str__(self) -> str:
        """Return the message in uv's words."""
        return f"Unsupported editable requirement in `{self.shown}` at line {self.number}: `{self.text}`"

    def hints(self) -> tuple[str, ...]:
        """Return the way out."""
        return ("Editable requirements must refer to a local directory",)


class BadUrl(MauveError):
    """An option names no place."""

    def __init__(self, shown: str, position: int, value: str) -> None:
        """Name the file, where the line begins, and the value."""
        super().__init__(shown, position, value)
        self.shown = shown
        self.position = position
        self.value = value
        self.__cause__ = NotAUrl("relative URL without a base")

    def __str__(self) -> str:
        """Return the message in uv's words."""
        return f"Invalid URL in `{self.shown}` at position {self.position}: {self.value}"


class NotAUrl(MauveError):
    """A text is no URL; the message says why."""


class RequirementsFile(Struct, frozen=True):
    """What a file and those that it includes say."""

    requirements: tuple[Requested, ...] = ()
    constraints: tuple[Requested, ...] = ()
    options: ListedOptions = NO_OPTIONS


class _Line(Struct, frozen=True):
    """A logical line: what is on several lines that end in a backslash is one."""

    text: str
    position: int
    number: int


def read_requirements_file(
    shown: str,
    directory: str,
    variables: Mapping[str, str],
    read: Callable[[str], str],
    warn: Callable[[str], None],
) -> RequirementsFile:
    """Return what the file that the user calls *shown* says; `-` is standard input.

    Args:
        shown: relative to *directory*, or absolute.
        directory: where relative paths of requirements start.
        variables: may stand in lines as `${NAME}`.
        read: returns the text at a path or an address, or of `-`.
        warn: told of options that have no effect.

    Raises:
        MauveError: the file is not there, or has a line that is none.
    """
    return _Reader(directory, variables, read, warn).file(
        shown, "" if shown == STANDARD_INPUT else os.path.dirname(shown)
    )


class _Reader:
    """Reads one tree of files."""

    def __init__(
        self, directory: str, variables: Mapping[str, str], read: Callable[[str], str], warn: Callable[[str], None]
    ) -> None:
        self._warn = warn
        self._directory = directory
        self._variables = variables
        self._read = read

    def file(self, shown: str, folder: str) -> RequirementsFile:
        path = shown if shown == STANDARD_INPUT or "://" in shown else os.path.join(self._directory, shown)
        try:
            text = self._read(path)
        except OSError:
            raise MissingRequirementsFile(shown) from None
        except UnicodeDecodeError:
            raise UndecodableRequirementsFile(shown) from None
        found = RequirementsFile()
        for line in _logical_lines(text):
            found = _joined(found, self._line(line, shown, folder))
        return found

    def _place(self, value: str, line: _Line, shown: str, folder: str) -> str:
        """Return the URL or path *value* of an option; a path is beside the file that has it, or nowhere.

        Raises:
            BadUrl: it is neither.
        """
        if "://" in value or value.startswith("file:"):
            return value
        path = os.path.join(self._directory, folder, os.path.expanduser(value))
        if not os.path.exists(path):
            raise BadUrl(shown, line.position, value)
        return os.path.normpath(path)

    def _line(self, line: _Line, shown: str, folder: str) -> RequirementsFile:
        text = _VARIABLE.sub(lambda match: self._variables.get(match[1], match[0]), line.text)
        if not text.startswith("-"):
            return RequirementsFile((self._requirement(text, line, shown),))
        option, value = _option(text, line, shown)
        match option:
            case "--requirement":
                return self._included(value, line, shown, folder)
            case "--constraint":
                included = self._included(value, line, shown, folder)
                return RequirementsFile((), (*included.requirements, *included.constraints), included.options)
            case "--editable":
                return RequirementsFile((self._editable(value, line, shown),))
            case _ if option in _UNSUPPORTED:
                self._warn(f"Ignoring unsupported option in `{shown}`: `{option}`{_UNSUPPORTED[option]}")
                return RequirementsFile()
            case "--index-url" | "--extra-index-url" | "--find-links":
                return RequirementsFile(options=_setting(option, self._place(value, line, shown, folder)))
            case _:
                return RequirementsFile(options=_setting(option, value))

    def _editable(self, value: str, line: _Line, shown: str) -> Requested:
        """Return what is to be installed in place: a path where it says nothing else.

        Raises:
            BadEditable: it is not on this machine.
        """
        is_path = not any(mark in value for mark in ("://", "@", os.sep))
        requested = self._requirement(f".{os.sep}{value}" if is_path else value, line, shown)
        if isinstance(requested.source, FromUrl):
            raise BadEditable(shown, line.number, value)
        return structs.replace(requested, editable=True)

    def _included(self, value: str, line: _Line, shown: str, folder: str) -> RequirementsFile:
        path = value if "://" in value else os.path.join(folder, value)
        try:
            return self.file(path, os.path.dirname(path))
        except MauveError as error:
            raise BadInclusion(shown, line.position) from error

    def _requirement(self, text: str, line: _Line, shown: str) -> Requested:
        hashes: tuple[str, ...] = ()
        start = re.search(r"\s--", text)
        if start is not None:
            words = text[start.start() :].split()
            wrong = next((word for word in words if not word.startswith("--hash=") and word != "--hash"), None)
            if wrong is not None and wrong.startswith("--"):
                place = f"{shown}:{line.number}:{start.start() + 2}"
                raise BadLine(f'Expected `--hash`, found `"{wrong}"`: {place}')
            hashes = tuple([word.removeprefix("--hash=") for word in words if word != "--hash"])
            text = text[: start.start()]
        if not (text[0].isalnum() or text[0] in "./~_$\\"):
            raise BadLine(f"Unexpected '{text[0]}', {_EXPECTED}: {shown}:{line.number}:1")
        try:
            requested = parse_requested(text.strip(), self._directory)
        except InvalidRequested as error:
            raise BadRequirement(shown, line.position) from error.__cause__
        return structs.replace(requested, hashes=hashes) if hashes else requested


def _setting(option: str, value: str) -> ListedOptions:
    """Return what a line with *option* and its *value* says."""
    match option:
        case "--index-url":
            return ListedOptions(index_url=value)
        case "--extra-index-url":
            return ListedOptions(extra_index_urls=(value,))
        case "--find-links":
            return ListedOptions(find_links=(value,))
        case "--no-index":
            return ListedOptions(no_index=True)
        case "--no-binary":
            return ListedOptions(no_binary=_several(value))
        case "--only-binary":
            return ListedOptions(only_binary=_several(value))
        case _:
            return ListedOptions(require_hashes=True)


def _several(value: str) -> tuple[str, ...]:
    return tuple([part.strip() for part in value.split(",") if part.strip()])


def _option(text: str, line: _Line, shown: str) -> tuple[str, str]:
    """Return the long name of the option of a line, and its value."""
    parts = _OPTION.match(text)
    name = parts[1] if parts is not None else text
    value = "" if parts is None else _unquoted(parts[2].strip())
    long = _VALUED.get(name, name)
    if long in _FLAGS:
        return long, ""
    if long in _SETTINGS or long in _VALUED.values() or long in _UNSUPPORTED:
        if not value:
            raise BadLine(f"`{long}` must be followed by an argument: {shown}:{line.number + 1}:1")
        return long, value
    if name[:2] in _VALUED and not name.startswith("--"):
        raise BadLine(f"Expected '=' or whitespace, found Some({name[2]!r}): {shown}:{line.number}:3")
    raise BadLine(f"Unexpected '-', {_EXPECTED}: {shown}:{line.number}:1")


def _unquoted(value: str) -> str:
    """Return *value* as a shell reads one word; what is not quoted is taken as it is."""
    if not any(mark in value for mark in "'\""):
        return value
    from shlex import split

    try:
        words = split(value)
    except ValueError:
        return value  # a quotation mark without another one
    return words[0] if len(words) == 1 else value


def _logical_lines(text: str) -> Iterator[_Line]:
    """Yield the lines that say something, comments left out and continued ones joined."""
    position, number = 0, 1
    parts: list[str] = []
    start, first = 0, 1
    for raw in text.splitlines(keepends=True):
        content = raw.rstrip("\r\n")
        if not parts:
            start, first = position + len(content) - len(content.lstrip()), number
        position += len(raw)
        number += 1
        if content.endswith("\\") and not content.lstrip().startswith("#"):
            parts.append(content[:-1])
            continue
        joined = _COMMENT.sub("", " ".join([*parts, content])).strip()
        parts = []
        if joined:
            yield _Line(joined, start, first)


def _joined(one: RequirementsFile, other: RequirementsFile) -> RequirementsFile:
    return RequirementsFile(
        one.requirements + other.requirements, one.constraints + other.constraints, one.options + other.options
    )
