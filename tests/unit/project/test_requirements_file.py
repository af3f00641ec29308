"""Files of requirements: what counts, what is included, and how mistakes are told."""

from __future__ import annotations

import pytest

from mauve.errors import MauveError
from mauve.project.requirements_file import (
    BadInclusion,
    BadLine,
    BadRequirement,
    MissingRequirementsFile,
    RequirementsFile,
    read_requirements_file,
)


def read(
    files: dict[str, str], shown: str = "r.txt", warnings: list[str] | None = None, **variables: str
) -> RequirementsFile:
    """Read *shown* of *files*, whose paths are below `/w`."""
    told = [] if warnings is None else warnings

    def text(path: str) -> str:
        try:
            return files[path.removeprefix("/w/")]
        except KeyError:
            raise FileNotFoundError(path) from None

    return read_requirements_file(shown, "/w", variables, text, told.append)


def texts(text: str, **variables: str) -> list[str]:
    """Return the requirements of *text*."""
    return [requested.text for requested in read({"r.txt": text}, **variables).requirements]


def test_comments_hashes_and_settings_are_passed_over() -> None:
    """Only requirements have a place in a project."""
    text = (
        "# head\n  # indented\na==1 # why\n\n-i https://x.invalid\n-f file:///x\nb>2 \\\n    --hash=sha256:00 \\\n"
        "    --hash=sha256:11\n--no-binary=:all:\n--no-index\nc ; os_name == 'nt'\r\nu @ https://x.invalid/u.zip#a=b"
    )
    assert texts(text) == ["a==1", "b>2", "c ; os_name == 'nt'", "u @ https://x.invalid/u.zip#a=b"]


def test_variables_that_are_set_are_filled_in() -> None:
    """Others are left for the error to show."""
    assert texts("a==${V}\nb @ https://${HOST}/b.zip\n", V="1") == ["a==1", "b @ https://${HOST}/b.zip"]


@pytest.mark.parametrize(
    "line", ["-r \"more/\"'m.txt'", "-r more/m.txt", "--requirement=more/m.txt", "--requirement  more/m.txt"]
)
def test_included_files_are_found_beside_the_one_that_includes(line: str) -> None:
    """And may include others."""
    found = read({"d/r.txt": f"a\n{line}\n", "d/more/m.txt": "b\n-r n.txt\n", "d/more/n.txt": "c\n"}, "d/r.txt")
    assert [requested.text for requested in found.requirements] == ["a", "b", "c"]


def test_included_constraints_only_constrain() -> None:
    """Whatever includes them."""
    found = read({"r.txt": "a\n-c c.txt\n", "c.txt": "b<2\n-r d.txt\n", "d.txt": "c\n"})
    assert [requested.text for requested in found.requirements] == ["a"]
    assert [requested.text for requested in found.constraints] == ["b<2", "c"]


def test_folders_may_be_editable() -> None:
    """`-e` is said of one line."""
    found = read({"r.txt": "-e ./lib\n../other\n--editable=./third\n"}).requirements
    assert [(requested.text, requested.editable) for requested in found] == [
        ("./lib", True),
        ("../other", None),
        ("./third", True),
    ]


def test_options_without_effect_are_told() -> None:
    """With what to do instead, if there is something."""
    warnings: list[str] = []
    read({"r.txt": "--pre\n--use-feature=x\n--require-hashes\n"}, warnings=warnings)
    assert warnings == [
        "Ignoring unsupported option in `r.txt`: `--pre` (hint: pass `--pre` on the command line instead)",
        "Ignoring unsupported option in `r.txt`: `--use-feature`",
    ]


@pytest.mark.parametrize(
    ("text", "kind", "message"),
    [
        ("\n\n--foo\n", BadLine, "Unexpected '-', expected '-c', '-e', '-r' or the start of a requirement: r.txt:3:1"),
        ("@x\n", BadLine, "Unexpected '@', expected '-c', '-e', '-r' or the start of a requirement: r.txt:1:1"),
        ("-i\n", BadLine, "`--index-url` must be followed by an argument: r.txt:2:1"),
        ("-rx.txt\n", BadLine, "Expected '=' or whitespace, found Some('x'): r.txt:1:3"),
        ("a --global-option=x\n", BadLine, 'Expected `--hash`, found `"--global-option=x"`: r.txt:1:3'),
        ("a\nx y\n", BadRequirement, "Couldn't parse requirement in `r.txt` at position 2"),
        ("a\n-r no.txt\n", BadInclusion, "Error parsing included file in `r.txt` at position 2"),
    ],
)
def test_mistakes_are_told_with_their_place(text: str, kind: type[MauveError], message: str) -> None:
    """In uv's words."""
    with pytest.raises(kind) as caught:
        read({"r.txt": text})
    assert str(caught.value) == message


def test_a_missing_file_is_named_as_typed() -> None:
    """Also one that is included."""
    with pytest.raises(MissingRequirementsFile, match=r"File not found: no\.txt"):
        read({}, "no.txt")
