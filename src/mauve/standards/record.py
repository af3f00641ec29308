"""RECORD: the list of the files of an installed distribution, with digests and sizes.

Specification: "Recording installed projects" of the packaging specifications.

Annotations are no texts in this module, since msgspec would compile each of them in every run.
"""

from collections.abc import Iterable

from msgspec import Struct

from mauve.errors import MauveError


class InvalidRecord(MauveError):
    """A line of RECORD does not have three fields.

    Attributes:
        line: its number, from 1.
    """

    def __init__(self, line: int) -> None:
        """Point at the line."""
        super().__init__(line)
        self.line = line

    def __str__(self) -> str:
        """Return one line."""
        return f"RECORD file is invalid: line {self.line} does not have a path, a hash and a size"


class RecordRow(Struct, frozen=True):
    """One file.

    Attributes:
        path: relative to the directory that holds `.dist-info`, with `/`, possibly starting with `..`; or absolute.
        digest: `algorithm=urlsafe base64 without padding`, empty if unknown.
        size: bytes, None if unknown.
    """

    path: str
    digest: str = ""
    size: int | None = None

    @property
    def order(self) -> tuple[str, str, int]:
        """Return the key by which rows are sorted: path, then digest, then size; what is unknown comes first."""
        return (self.path, self.digest, -1 if self.size is None else self.size)

    def line(self) -> str:
        """Return the row as a line without line end; fields are quoted only where needed."""
        return f"{_field(self.path)},{_field(self.digest)},{'' if self.size is None else self.size}"


def parse_record(text: str) -> list[RecordRow]:
    """Return the rows of *text* in order.

    Raises:
        InvalidRecord: a line has fewer than three fields, or a size that is not a number.
    """
    if '"' in text:
        import csv
        import io

        lines: Iterable[list[str]] = csv.reader(io.StringIO(text, newline=""))
    else:
        # Not `splitlines`, which also cuts at characters that may stand in a file name.
        plain = text.replace("\r\n", "\n").removesuffix("\r") if "\r" in text else text
        lines = [line.split(",") for line in plain.split("\n")]
    rows: list[RecordRow] = []
    for number, fields in enumerate(lines, start=1):
        if len(fields) == 3 and fields[2].isdecimal():
            rows.append(RecordRow(fields[0], fields[1], int(fields[2])))
            continue
        if not fields or fields == [""]:
            continue
        if len(fields) < 3 or not (fields[2] == "" or fields[2].strip().isdecimal()):
            raise InvalidRecord(number)
        path, digest, size = fields[:3]
        rows.append(RecordRow(path, digest, int(size) if size else None))
    return rows


def _field(text: str) -> str:
    if "," in text or '"' in text or "\n" in text or "\r" in text:
        return '"' + text.replace('"', '""') + '"'
    return text


def render_record(rows: Iterable[RecordRow]) -> str:
    """Return the text of RECORD: sorted by path, fields quoted only where needed."""
    listed = list(rows)
    known = {row.path: row for row in listed}
    ordered = [row for _, row in sorted(known.items())] if len(known) == len(listed) else sorted(listed, key=_order)
    text = "".join([f"{row.path},{row.digest},{'' if row.size is None else row.size}\n" for row in ordered])
    number = len(ordered)
    if text.count(",") == 2 * number and text.count("\n") == number and '"' not in text and "\r" not in text:
        return text
    return "".join([f"{row.line()}\n" for row in ordered])


def _order(row: RecordRow) -> tuple[str, str, int]:
    return row.order
