"""Interpreters as plain values."""

from __future__ import annotations

import marshal
import os
import sys

import pytest

from mauve.python.asking import probe
from mauve.python.records import pack_interpreter, read_record, write_record

STAMP = (1, 2, 3)


@pytest.fixture(scope="module")
def record() -> bytes:
    """The record of the interpreter that runs the tests."""
    return write_record("/p", STAMP, "host", pack_interpreter(probe(sys.executable, os.environ)))


def test_what_is_read_is_what_was_written(record: bytes) -> None:
    """With the types of every field."""
    assert read_record(record, "/p", STAMP, "host") == probe(sys.executable, os.environ)


@pytest.mark.parametrize(("path", "stamp", "host"), [("/q", STAMP, "host"), ("/p", (1, 2), "host"), ("/p", STAMP, "")])
def test_another_file_or_host_is_another_interpreter(
    record: bytes, path: str, stamp: tuple[int, ...], host: str
) -> None:
    """A file that was replaced is asked again."""
    assert read_record(record, path, stamp, host) is None


def test_records_with_other_fields_are_not_read(record: bytes) -> None:
    """They are of another version of this program."""
    path, stamp, host, (fields, *values) = marshal.loads(record)
    for changed in ((fields[:-1], *values), (fields, *values[1:]), ()):
        assert read_record(marshal.dumps((path, stamp, host, changed)), "/p", STAMP, "host") is None


@pytest.mark.parametrize("content", [b"", b"\x00", b"nonsense", marshal.dumps(5)])
def test_damaged_records_are_not_read(content: bytes) -> None:
    """The interpreter is asked again."""
    assert read_record(content, "/p", STAMP, "host") is None
