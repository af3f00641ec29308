"""Reading a `pyproject.toml`, and saying what is wrong with it."""

from __future__ import annotations

import pytest

from mauve.errors import MauveError
from mauve.filesystem.text import UnreadableFile
from mauve.project.pyproject import InvalidPyProject, PyProject, parse_pyproject, read_pyproject

HEAD = '[project]\nname = "P_x"\nversion = "0.1.0"\n'


def read(text: str) -> PyProject:
    return parse_pyproject(text, "/somewhere/pyproject.toml")


def report(text: str) -> str:
    """Return the whole chain of causes, headline left out."""
    with pytest.raises(InvalidPyProject) as caught:
        read(text)
    lines: list[str] = []
    cause: BaseException | None = caught.value.__cause__
    while cause is not None:
        lines.append(str(cause))
        cause = cause.__cause__
    return "\n".join(lines)


def test_names_are_normalised_and_requirements_stay_text() -> None:
    """A malformed requirement may only be refused when it is needed."""
    pyproject = read(HEAD + 'dependencies = ["a b"]\n')
    assert pyproject.project is not None
    assert (pyproject.project.name, pyproject.project.dependencies) == ("p-x", ("a b",))


@pytest.mark.parametrize(
    ("tables", "expected"),
    [
        ("", False),
        ("[build-system]\nrequires = []\n", True),
        ("[build-system]\nrequires = []\n[tool.uv]\npackage = false\n", False),
        ("[tool.uv]\npackage = true\n", True),
    ],
    ids=["nothing", "build-system", "refused", "wanted"],
)
def test_a_package_has_a_build_system_or_says_so(tables: str, expected: bool) -> None:
    """What is not a package is not installed, only its dependencies."""
    assert read(HEAD + tables).is_package() is expected


REPORTS = {
    "type": (
        "[project]\nname = 1\n",
        (
            "TOML parse error at line 2, column 8\n  |\n2 | name = 1\n  |        ^\n"
            "invalid type: integer `1`, expected a string"
        ),
    ),
    "no-name": (
        "[project]\nversion = '1'\n",
        (
            "TOML parse error at line 1, column 1\n  |\n1 | [project]\n  | ^^^^^^^^^\n"
            "`pyproject.toml` is using the `[project]` table, but the required `project.name` field is not set"
        ),
    ),
    "source-key": (
        HEAD + "[tool.uv.sources]\nx = { foo = 1 }\n",
        (
            "TOML parse error at line 5, column 7\n  |\n5 | x = { foo = 1 }\n  |       ^^^\n"
            "unknown field `foo`, expected one of `git`, `subdirectory`, `rev`, `tag`, `branch`, `lfs`, `url`, `path`, "
            "`editable`, `package`, `index`, `workspace`, `marker`, `extra`, `group`"
        ),
    ),
    "source-list": (
        HEAD + '[tool.uv.sources]\nx = [{ index = "i" }, { index = "j" }]\n',
        (
            "Failed to parse `tool.uv.sources`\nWhen multiple sources are provided, each source must include a "
            "platform marker (e.g., `marker = \"sys_platform == 'linux'\"`)"
        ),
    ),
    "conflict": (
        HEAD + "[tool.uv]\nconflicts = [[{ extra = 'a' }]]\n",
        (
            "TOML parse error at line 5, column 13\n  |\n5 | conflicts = [[{ extra = 'a' }]]\n"
            "  |             ^^^^^^^^^^^^^^^^^^^\n"
            "Each set of conflicts must have at least two entries, but found only one"
        ),
    ),
    "constraint": (
        HEAD + "[tool.uv]\nconstraint-dependencies = ['a b']\n",
        (
            "TOML parse error at line 5, column 28\n  |\n5 | constraint-dependencies = ['a b']\n"
            "  |                            ^^^^^\n"
            "Expected one of `@`, `(`, `<`, `=`, `>`, `~`, `!`, `;`, found `b`\na b\n  ^"
        ),
    ),
    "index-twice": (
        HEAD + "[[tool.uv.index]]\nname = 'a'\nurl = 'b'\n[[tool.uv.index]]\nname = 'a'\nurl = 'c'\n",
        (
            "TOML parse error at line 4, column 1\n  |\n4 | [[tool.uv.index]]\n  | ^^^^^^^^^^^^^^^^^\n"
            "duplicate index name `a`"
        ),
    ),
    "default-groups": (
        HEAD + "[tool.uv]\ndefault-groups = 'dev'\n",
        (
            "TOML parse error at line 5, column 18\n  |\n5 | default-groups = 'dev'\n  |                  ^^^^^\n"
            'default-groups must be "all" or a ["list", "of", "groups"]'
        ),
    ),
    "glob": (
        HEAD + "[tool.uv.workspace]\nmembers = ['x[']\n",
        (
            "TOML parse error at line 5, column 12\n  |\n5 | members = ['x[']\n  |            ^^^^\n"
            "Pattern syntax error near position 1: invalid range pattern"
        ),
    ),
}


@pytest.mark.parametrize(("text", "expected"), REPORTS.values(), ids=REPORTS.keys())
def test_faults_are_pointed_at(text: str, expected: str) -> None:
    """The position and the words are those that people know from uv."""
    assert report(text) == expected


def test_files_that_are_not_text_are_named(tmp_path) -> None:
    """A wrong encoding is no fault in the TOML."""
    path = tmp_path / "pyproject.toml"
    path.write_bytes(b"\xff")
    with pytest.raises(UnreadableFile, match="stream did not contain valid UTF-8"):
        read_pyproject(str(path))


def test_newer_toml_is_read() -> None:
    """Uv accepts TOML 1.1, which the standard library does not."""
    assert read(HEAD + "[tool.uv.sources]\nx = {\n  index = 'i',\n}\n").uv.sources["x"]


def test_errors_are_for_the_user() -> None:
    """The command line shows them without a stack trace."""
    assert issubclass(InvalidPyProject, MauveError)
