"""Read `.env` files: assignments with quotes, escapes, comments, and references to earlier variables.

The dialect is that of the reader which people know from the same command line: a file counts up to its first line
that cannot be read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mauve.errors import MauveError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_ESCAPED: Final = {"\\": "\\", "'": "'", '"': '"', "$": "$", " ": " ", "n": "\n"}


class MissingEnvironmentFile(MauveError):
    """A file of `--env-file` is not there."""

    def __init__(self, path: str) -> None:
        """Name the file."""
        super().__init__(path)
        self.path = path

    def __str__(self) -> str:
        """Return the message in uv's words."""
        return f"No environment file found at: {self.path}"


class UnreadableLine(ValueError):
    """A line is no assignment; *text* is what was being read, *position* the place in it."""

    def __init__(self, text: str, position: int) -> None:
        """Keep both."""
        super().__init__(text, position)
        self.text = text
        self.position = position


def read_environment_files(paths: tuple[str, ...], inherited: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """Return the variables of `.env` files (later files win) that *inherited* does not set, and warnings.

    Raises:
        MissingEnvironmentFile: one does not exist.
    """
    found: dict[str, str] = {}
    warnings: list[str] = []
    texts: list[str] = []
    for path in reversed(paths):  # the strongest is told first
        try:
            with open(path, encoding="utf-8", errors="surrogateescape") as file:
                texts.append(file.read())
        except OSError:
            raise MissingEnvironmentFile(path) from None
    for path, text in zip(paths, reversed(texts), strict=True):
        try:
            for entry in parse_environment_file(text, inherited, found):
                found.update((entry,))
        except UnreadableLine as error:
            warnings.append(f"Failed to parse environment file `{path}` at position {error.position}: {error.text}")
    return {name: value for name, value in found.items() if name not in inherited}, warnings


def parse_environment_file(
    text: str, inherited: Mapping[str, str], earlier: Mapping[str, str] | None = None
) -> Iterator[tuple[str, str]]:
    """Yield the assignments in *text*, references replaced by *inherited* variables or else *earlier* ones.

    Raises:
        UnreadableLine: a line is something else.
    """
    known = {**(earlier or {})}
    for line in _logical_lines(text):
        entry = _read_line(line, inherited, known)
        if entry is not None:
            known[entry[0]] = entry[1]
            yield entry


def _logical_lines(text: str) -> Iterator[str]:
    """Yield lines; one that ends within quotes goes on with the next one.

    Raises:
        UnreadableLine: the text ends within quotes.
    """
    pending = ""
    for line in text.split("\n"):
        pending = f"{pending}\n{line}" if pending else line
        if not _is_within_quotes(pending):
            yield pending.removesuffix("\r")
            pending = ""
    if pending:
        raise UnreadableLine(pending, len(pending))


def _is_within_quotes(text: str) -> bool:
    quote = ""
    is_escaped = False
    before = " "
    for character in text:
        if is_escaped:
            is_escaped = False
        elif quote == "'":
            quote = "" if character == "'" else quote
        elif character == "\\":
            is_escaped = True
        elif quote == '"':
            quote = "" if character == '"' else quote
        elif character in "'\"":
            quote = character
        elif character == "#" and before in " \t\n":
            return False
        before = character
    return bool(quote)


def _read_line(line: str, inherited: Mapping[str, str], known: Mapping[str, str]) -> tuple[str, str] | None:
    """Return name and value, None for an empty line or a comment."""
    place = _skip_spaces(line, 0)
    if place == len(line) or line[place] == "#":
        return None
    name, place = _read_name(line, place)
    place = _skip_spaces(line, place)
    if name == "export" and line[place : place + 1] != "=":
        name, place = _read_name(line, place)
        place = _skip_spaces(line, place)
    if line[place : place + 1] != "=":
        raise UnreadableLine(line, place)
    place = _skip_spaces(line, place + 1)
    if place == len(line) or line[place] == "#":
        return name, ""
    return name, _Value(line[place:].rstrip(), inherited, known).read()


def _skip_spaces(line: str, place: int) -> int:
    while place < len(line) and line[place].isspace():
        place += 1
    return place


def _read_name(line: str, place: int) -> tuple[str, int]:
    start = place
    first = line[place : place + 1]
    if not (first == "_" or (first.isascii() and first.isalpha())):
        raise UnreadableLine(line, place)
    while place < len(line) and line[place].isascii() and (line[place].isalnum() or line[place] in "_."):
        place += 1
    return line[start:place], place


class _Value:
    """Reads one value, character by character."""

    def __init__(self, text: str, inherited: Mapping[str, str], known: Mapping[str, str]) -> None:
        self._text = text
        self._inherited = inherited
        self._known = known

    def read(self) -> str:
        """Return the value without quotes and escapes, references replaced."""
        text = self._text
        output: list[str] = []
        quote = ""
        place = 0
        while place < len(text):
            character = text[place]
            place += 1
            if quote == "'":
                if character == "'":
                    quote = ""
                else:
                    output.append(character)
            elif character == "\\":
                output.append(self._escaped(place))
                place += 1
            elif character == "$":
                is_bare = text[place : place + 1] != "{"
                value, place = self._reference(place)
                output.append(value)
                if is_bare and text[place : place + 1] not in ("", "$"):
                    # As in uv: what ends a name stands for itself, even a quote.
                    output.append(text[place])
                    place += 1
            elif character == quote:
                quote = ""
            elif quote:
                output.append(character)
            elif character in "'\"":
                quote = character
            elif character in " \t":
                self._check_end(place)
                break
            else:
                output.append(character)
        if quote:
            raise UnreadableLine(text, len(text) - 1)
        return "".join(output)

    def _escaped(self, place: int) -> str:
        character = self._text[place : place + 1]
        if not character:
            return ""
        if character not in _ESCAPED:
            raise UnreadableLine(self._text, place)
        return _ESCAPED[character]

    def _reference(self, place: int) -> tuple[str, int]:
        """Return the value of the variable that is named at *place*, and where its name ends."""
        text = self._text
        if text[place : place + 1] == "{":
            end = text.find("}", place)
            if end < 0:
                raise UnreadableLine(text, len(text) - 1)
            return self._lookup(text[place + 1 : end]), end + 1
        end = place
        while end < len(text) and text[end].isalnum():
            end += 1
        return self._lookup(text[place:end]), end

    def _lookup(self, name: str) -> str:
        value = self._inherited.get(name)
        return self._known.get(name, "") if value is None else value

    def _check_end(self, place: int) -> None:
        """Refuse anything but a comment behind the value."""
        while place < len(self._text) and self._text[place] in " \t":
            place += 1
        if place < len(self._text) and self._text[place] != "#":
            raise UnreadableLine(self._text, place)
