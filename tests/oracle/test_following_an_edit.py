"""What `add`, `remove` and `version` do to an environment, and where they write: the same as uv."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.support.index_server import IndexServer
from tests.support.side_by_side import SideBySide
from tests.support.wheel_factory import make_wheel

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.oracle

PROJECT = """
[project]
name = "p"
version = "1"
requires-python = ">=3.11"
dependencies = [
    "c",
]

[project.optional-dependencies]
x = [
    "e",
]
o = [
    "z",
]

[dependency-groups]
g = [
    "a",
]
dev = [
    "f",
]
h = [
    "q",
]
"""


@pytest.fixture
def server() -> Iterator[IndexServer]:
    """Serve one version of each package."""
    with IndexServer({name: [make_wheel(name, "1.0")] for name in "abcdefqz"}) as server:
        yield server


@pytest.mark.parametrize("default_groups", ["", 'default-groups = ["g"]', 'default-groups = "all"'])
@pytest.mark.parametrize(
    "words",
    [
        ("add", "b"),
        ("add", "b", "--dev"),
        ("add", "b", "--group", "h"),
        ("add", "b", "--optional", "x"),
        ("remove", "c"),
        ("remove", "a", "--group", "g"),
        ("version", "2.0"),
    ],
    ids=" ".join,
)
def test_the_environment_follows(
    tmp_path: Path, server: IndexServer, words: tuple[str, ...], default_groups: str
) -> None:
    """What else is in it stays there, but for `remove`; only who adds to `dev` has that group."""
    both = SideBySide(tmp_path, server, {"pyproject.toml": f"{PROJECT}\n[tool.uv]\n{default_groups}\n"})
    both.run("sync", "--all-groups")
    theirs, ours = both.run(*words)
    assert theirs.status == 0
    assert ours == theirs
    assert both.files(1) == both.files(0)


TABLES = {
    "groups": '\n[dependency-groups]\nlint = ["a"]\n',
    "scripts": '\n[project.scripts]\np = "p:main"\n',
    "workspace": "\n[tool.uv.workspace]\nmembers = []\n",
    "sources": '\n[tool.uv.sources]\nq = { index = "i" }\n',
    "uv": "\n[tool.uv]\npackage = false\n",
    "index": '\n[[tool.uv.index]]\nname = "i"\nurl = "ORIGIN/other"\n',
    "other": "\n[tool.other]\nkey = 1\n",
}


@pytest.mark.parametrize(
    "tables",
    [
        "",
        "groups",
        "scripts",
        "uv other",
        "workspace uv",
        "groups workspace sources uv",
        "workspace sources uv other groups",
        "scripts workspace sources uv",
        "index groups",
        "groups index other",
        "sources index groups uv",
        "uv index sources groups",
    ],
)
@pytest.mark.parametrize("words", [("--dev",), ("--optional", "x")], ids=" ".join)
def test_new_tables_stand_where_uv_writes_them(
    tmp_path: Path, server: IndexServer, tables: str, words: tuple[str, ...]
) -> None:
    """A default index comes with them, which is written too."""
    text = '[project]\nname = "p"\nversion = "1"\nrequires-python = ">=3.11"\ndependencies = []\n'
    text += "".join(TABLES[name] for name in tables.split())
    both = SideBySide(tmp_path, server, {"pyproject.toml": text})
    theirs, ours = both.run("add", "b", "--frozen", "--raw", *words)
    assert theirs.status == 0
    assert ours == theirs
    assert both.files(1) == both.files(0)


@pytest.mark.parametrize(
    "requirements",
    [
        ("b>=0.9 ; os_name != 'nt'", "b==1.*"),
        ("b<2", "b>1 ; os_name == 'nt'"),
        ("b ; os_name == 'nt'", "b<2"),
        ("b[x]<2", "b<1 ; os_name == 'nt'"),
        ("b~=1.0", "b!=2 ; os_name == 'nt'"),
    ],
    ids=" and ".join,
)
def test_requirements_of_one_name_are_in_order(
    tmp_path: Path, server: IndexServer, requirements: tuple[str, ...]
) -> None:
    """By their specifiers, operators included."""
    text = '[project]\nname = "p"\nversion = "1"\nrequires-python = ">=3.11"\ndependencies = []\n'
    both = SideBySide(tmp_path, server, {"pyproject.toml": text})
    for words in (requirements, requirements[::-1]):
        both.write({"pyproject.toml": text})
        theirs, ours = both.run("add", "--frozen", "--raw", *words)
        assert ours == theirs
        assert both.files(1) == both.files(0)


@pytest.mark.parametrize("locked", [None, "1", ""], ids=["no lock", "locked", "no version"])
@pytest.mark.parametrize(
    "words", [("--frozen",), ("--frozen", "--dry-run"), ("--frozen", "--short"), ("2", "--frozen")]
)
def test_version_reads_a_frozen_lock(
    tmp_path: Path, server: IndexServer, locked: str | None, words: tuple[str, ...]
) -> None:
    """The version that the lockfile has is told, not that of the project."""
    project = '[project]\nname = "p"\nversion = "5"\nrequires-python = ">=3.11"\n'
    lock = 'version = 1\nrevision = 5\nrequires-python = ">=3.11"\n\n[[package]]\nname = "p"\n'
    files = {"pyproject.toml": project}
    if locked is not None:
        version = f'version = "{locked}"\n' if locked else ""
        files["uv.lock"] = f'{lock}{version}source = {{ virtual = "." }}\n'
    both = SideBySide(tmp_path, server, files)
    theirs, ours = both.run("version", *words)
    assert ours == theirs
    assert both.files(1) == both.files(0)


@pytest.mark.parametrize(
    "words",
    [
        ("sync",),
        ("sync", "--frozen"),
        ("sync", "--locked"),
        ("sync", "--dry-run"),
        ("run", "--no-sync", "python", "-V"),
        ("run", "--frozen", "python", "-V"),
        ("export",),
        ("tree", "--frozen"),
        ("add", "b", "--frozen"),
        ("remove", "c", "--frozen"),
        ("remove", "c"),
        ("version", "2", "--dry-run"),
        ("version", "2"),
        ("lock",),
        ("venv",),
    ],
    ids=" ".join,
)
def test_default_groups_that_are_missing_are_told_of_first(
    tmp_path: Path, server: IndexServer, words: tuple[str, ...]
) -> None:
    """Before anything is made."""
    both = SideBySide(tmp_path, server, {"pyproject.toml": f'{PROJECT}\n[tool.uv]\ndefault-groups = ["nope"]\n'})
    theirs, ours = both.run(*words)
    assert ours == theirs
    assert [(project / ".venv").exists() for project in both.projects] in ([False] * 2, [True] * 2)


@pytest.mark.parametrize(
    "words",
    [
        ("--extra", "zz", "--extra", "aa"),
        ("--no-extra", "aa", "--extra", "zz"),
        ("--group", "zz", "--group", "aa"),
        ("--no-group", "aa", "--group", "zz"),
        ("--only-group", "zz", "--no-group", "bb"),
        ("--group", "aa", "--extra", "zz"),
    ],
    ids=" ".join,
)
@pytest.mark.parametrize("command", ["sync", "export"])
def test_of_several_wrong_names_the_same_is_told(
    tmp_path: Path, server: IndexServer, command: str, words: tuple[str, ...]
) -> None:
    """The first that was given, mostly."""
    both = SideBySide(tmp_path, server, {"pyproject.toml": PROJECT})
    theirs, ours = both.run(command, *words)
    assert theirs.status == 2
    assert ours == theirs


@pytest.mark.parametrize(
    "words",
    [
        ("--all-groups", "--no-default-groups", "--group", "h", "--group", "g", "--no-group", "dev", "--no-dev"),
        ("--only-group", "g", "--only-dev", "--no-default-groups"),
        ("--all-extras", "--no-extra", "z", "--no-extra", "X_y"),
        ("--extra", "z", "--no-extra", "X_y"),
        ("--extra", "z", "--extra", "y", "--no-sync", "--frozen"),
    ],
    ids=" ".join,
)
def test_options_of_projects_are_useless_elsewhere(tmp_path: Path, server: IndexServer, words: tuple[str, ...]) -> None:
    """They are named in the same order, with one name or none."""
    script = "# /// script\n# dependencies = ['a']\n# ///\nprint(1)\n"
    both = SideBySide(tmp_path, server, {"pyproject.toml": PROJECT, "job.py": script})
    for line in (("run", *words, "--no-project", "python", "-V"), ("run", *words, "job.py")):
        theirs, ours = both.run(*line)
        assert ours == theirs


@pytest.mark.parametrize("place", [(), ("--directory", "m")], ids=["root", "member"])
@pytest.mark.parametrize("option", ["no", "only"])
def test_the_own_project_of_a_whole_workspace_is_the_current_one(
    tmp_path: Path, server: IndexServer, option: str, place: tuple[str, ...]
) -> None:
    """`--no-install-project` with `--all-packages`, and the like of `export`."""
    build = '\n[build-system]\nrequires = ["uv_build>=0.13,<0.14"]\nbuild-backend = "uv_build"\n'
    both = SideBySide(
        tmp_path,
        server,
        {
            "pyproject.toml": f'{PROJECT}{build}\n[tool.uv.workspace]\nmembers = ["m"]\n',
            "src/p/__init__.py": "",
            "m/pyproject.toml": PROJECT.replace('"p"', '"m"') + build,
            "m/src/m/__init__.py": "",
        },
    )
    for words in (
        ("sync", "--all-packages", f"--{option}-install-project"),
        ("export", "--all-packages", f"--{option}-emit-project"),
    ):
        theirs, ours = both.run(*words, *place)
        assert theirs.status == 0
        assert (ours.status, ours.out) == (0, theirs.out)
        assert both.files(1)["installed"] == both.files(0)["installed"]
