"""Reading `.env` files."""

from __future__ import annotations

from pathlib import Path

import pytest

from mauve.operations.environment_files import (
    MissingEnvironmentFile,
    UnreadableLine,
    parse_environment_file,
    read_environment_files,
)


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("A=1", "1"),
        ("export A = 1  # comment", "1"),
        ("A=", ""),
        ("A=a#b", "a#b"),
        ('A="x y # z" # comment', "x y # z"),
        (r"A='\n $B'", r"\n $B"),
        (r'A="\n\"\$B"', '\n"$B'),
        ("A=$B-${B}z", "old-oldz"),
        ("A=$UNKNOWN", ""),
        ('A="two\nlines"', "two\nlines"),
        ("A=1\r", "1"),
        (r"A=a\ b", "a b"),
    ],
)
def test_a_value_loses_quotes_escapes_and_comments(line: str, value: str) -> None:
    """References see what was inherited."""
    assert dict(parse_environment_file(line, {"B": "old"})) == {"A": value}


@pytest.mark.parametrize(
    ("text", "position", "shown"),
    [
        ("A^B=1", 1, "A^B=1"),
        ("1A=1", 0, "1A=1"),
        ("A", 1, "A"),
        ("A=x y", 2, "x y"),
        ('A="x\nB=1\n', 9, 'A="x\nB=1\n'),
        ("A=${B", 3 - 1 + 0, "${B"),
        (r"A=\x", 1, r"\x"),
        ('A="$B"', 3, '"$B"'),
    ],
)
def test_what_is_no_assignment_is_pointed_at(text: str, position: int, shown: str) -> None:
    """The position is that within the part that was being read."""
    with pytest.raises(UnreadableLine) as caught:
        list(parse_environment_file(text, {}))
    assert (caught.value.position, caught.value.text) == (position, shown)


def test_a_broken_line_ends_its_file_and_not_the_run(tmp_path: Path) -> None:
    """What stood before it counts, and so do later files, which win."""
    first, second = tmp_path / "first", tmp_path / "second"
    first.write_text("A=1\nB=1\n^\nC=1\n")
    second.write_text("B=${A}2\n")
    found, warnings = read_environment_files((str(first), str(second)), {})
    assert found == {"A": "1", "B": "12"}
    assert warnings == [f"Failed to parse environment file `{first}` at position 0: ^"]


def test_inherited_variables_win(tmp_path: Path) -> None:
    """A file fills gaps only."""
    path = tmp_path / ".env"
    path.write_text("A=1\nB=2\n")
    assert read_environment_files((str(path),), {"A": "0"})[0] == {"B": "2"}


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    """It was asked for by name."""
    with pytest.raises(MissingEnvironmentFile, match="No environment file found at: "):
        read_environment_files((str(tmp_path / "none"),), {})
