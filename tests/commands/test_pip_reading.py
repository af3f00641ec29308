"""`pip freeze`, `list`, `show`, `check` and `tree` of environments that are made on the spot."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import pytest
from tests.support.command_line import CommandLine
from tests.support.holdings import hold, hold_link, library_of
from tests.support.index_server import IndexServer
from tests.support.wheel_factory import make_sdist, make_wheel

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ARCHIVE = {"url": "https://example.com/ar-1.0.tar.gz", "subdirectory": "x", "archive_info": {}}
COMMIT = {"url": "https://example.com/gi.git", "vcs_info": {"vcs": "git", "commit_id": "0" * 40}}


@pytest.fixture
def server() -> Iterator[IndexServer]:
    """An index that has nothing yet."""
    with IndexServer({}) as server:
        yield server


@pytest.fixture
def line(tmp_path: Path, server: IndexServer) -> CommandLine:
    """A folder with an environment of some packages: a requires b and c, and b requires d."""
    line = CommandLine(tmp_path, server)
    assert line.run("venv").status == 0
    del line.variables["UV_PYTHON"]
    library = library_of(line.project / ".venv")
    hold(library, "a", requires=["b>=1", "c[x] ; python_version > '3'", "z ; python_version < '3'"], files=["a.py"])
    hold(library, "b", "1.5", requires=["d"])
    hold(library, "c", "2.0", requires=["e ; extra == 'x'"])
    hold(library, "d", "0.1")
    return line


def held(line: CommandLine) -> Path:
    """Return the folder of packages."""
    return library_of(line.project / ".venv")


def test_a_frozen_environment_names_where_everything_came_from(line: CommandLine, tmp_path: Path) -> None:
    """Passwords are not among it."""
    hold(held(line), "ar", origin=ARCHIVE)
    hold(held(line), "as", origin={**ARCHIVE, "url": "https://u:secret@example.com/as.zip"})
    hold(held(line), "ed", origin={"url": f"file://{tmp_path}/ed", "dir_info": {"editable": True}})
    hold(held(line), "gi", origin=COMMIT)
    hold_link(held(line), tmp_path / "tree", "li")
    lines = line.run("pip", "freeze").out.splitlines()
    assert lines == [
        "a==1.0",
        "ar @ https://example.com/ar-1.0.tar.gz#subdirectory=x",
        "as @ https://u:****@example.com/as.zip#subdirectory=x",
        "b==1.5",
        "c==2.0",
        "d==0.1",
        f"-e file://{tmp_path}/ed",
        f"gi @ git+https://example.com/gi.git@{'0' * 40}",
        f"-e {tmp_path}/tree",
    ]
    without = line.run("pip", "freeze", "--exclude-editable", "--exclude", "A", "--exclude", "ar").out.splitlines()
    assert without == [each for each in lines if each[:2] != "-e" and each[:2] not in ("a=", "ar")]


def test_a_list_is_a_table_lines_or_json(line: CommandLine, tmp_path: Path) -> None:
    """The column of source trees is there only if one is."""
    assert line.run("pip", "list", "--exclude", "a").out == (
        "Package Version\n------- -------\nb       1.5\nc       2.0\nd       0.1\n"
    )
    assert line.run("pip", "list", "--editable").out == ""
    tree = str(tmp_path / "tree")
    hold_link(held(line), tmp_path / "tree", "li", "3")
    assert line.run("pip", "ls", "-e").out == (
        "Package Version Editable project location\n"
        f"------- ------- {'-' * max(len(tree), 25)}\nli      3       {tree}\n"
    )
    assert line.run("pip", "list", "--format", "freeze", "--exclude-editable").out == "a==1.0\nb==1.5\nc==2.0\nd==0.1\n"
    listed = json.loads(line.run("pip", "list", "--format", "json").out)
    assert listed[0] == {"name": "a", "version": "1.0"}
    assert listed[-1] == {"name": "li", "version": "3", "editable_project_location": tree}


def test_newer_versions_are_those_that_this_python_can_use(line: CommandLine, server: IndexServer) -> None:
    """No pre-releases, no wheels for other systems, nothing that was yanked or comes too late; b is up to date."""
    for name, built in (
        ("a", make_wheel("a", "2.0")),
        ("a", make_wheel("a", "3.0", requires_python=">=4")),
        ("a", make_wheel("a", "4.0rc1")),
        ("a", make_wheel("a", "5.0", tag="cp39-cp39-win32")),
        ("b", make_wheel("b", "1.5")),
        ("c", make_sdist("c", "2.1")),
    ):
        server.publish(name, built)
    assert line.run("pip", "list", "--outdated").out == (
        "Package Version Latest Type\n------- ------- ------ -----\na       1.0     2.0    wheel\n"
        "c       2.0     2.1    sdist\n"
    )
    assert json.loads(line.run("pip", "list", "--outdated", "--format", "json", "--exclude", "c").out) == [
        {"name": "a", "version": "1.0", "latest_version": "2.0", "latest_filetype": "wheel"}
    ]
    assert line.run("pip", "tree", "--outdated", "--depth", "0").out == "a v1.0 (latest: v2.0)\n"
    ran = line.run("pip", "list", "--outdated", "--format", "freeze")
    assert (ran.status, ran.err) == (2, "error: `--outdated` cannot be used with `--format freeze`\n")


def test_a_package_is_shown_with_those_around_it(line: CommandLine) -> None:
    """What is asked for comes by name; what is not there is told."""
    ran = line.run("pip", "show", "--files", "b", "nowhere", "A")
    assert (ran.status, ran.err) == (0, "warning: Package(s) not found for: nowhere\n")
    assert ran.out == (
        f"Name: a\nVersion: 1.0\nLocation: {held(line)}\nRequires: b, c\nRequired-by:\n"
        "Files:\n  a.py\n  a-1.0.dist-info/METADATA\n  a-1.0.dist-info/RECORD\n---\n"
        f"Name: b\nVersion: 1.5\nLocation: {held(line)}\nRequires: d\nRequired-by: a\n"
        "Files:\n  b-1.5.dist-info/METADATA\n  b-1.5.dist-info/RECORD\n"
    )
    assert line.run("pip", "show", "nowhere").status == 1
    assert line.run("pip", "show").err == "warning: Please provide a package name or names.\n"


def test_a_sound_environment_passes(line: CommandLine) -> None:
    """Extras that nobody can have asked for are not required."""
    ran = line.run("pip", "check")
    assert (ran.status, ran.out) == (0, "")
    assert ran.err.startswith("Checked 4 packages in ")
    assert ran.err.endswith("\nAll installed packages are compatible\n")


def test_everything_that_is_wrong_is_told(line: CommandLine) -> None:
    """And by other commands as warnings, if they are asked to be strict."""
    hold(held(line), "k", requires=["gone>=1", "d>2 ; sys_platform != 'nowhere'", "c @ https://example.com/c.whl"])
    hold(held(line), "l", python=">=3.99", tags=["cp39-cp39-nowhere"])
    (hold(held(line), "m") / "WHEEL").unlink()
    (hold(held(line), "n") / "METADATA").unlink()
    two = [hold(held(line), "o", version) for version in ("1.0", "2.0")]
    version = ".".join(map(str, sys.version_info[:3]))
    advice = f"Consider recreating the virtualenv, or removing the package directory at: {held(line)}"
    ran = line.run("pip", "check")
    faults = [
        "The package `k` requires `gone>=1`, but it's not installed",
        "The package `k` requires `d>2 ; sys_platform != 'nowhere'`, but `0.1` is installed",
        f"The package `l` requires Python >=3.99, but `{version}` is installed",
        "The package `l` was built for a different platform",
        f"The package `m` is broken or incomplete (unable to read `WHEEL` file). {advice}/m-1.0.dist-info.",
        f"The package `n` is broken or incomplete (unable to read `METADATA`). {advice}/n-1.0.dist-info.",
        "The package `o` has multiple installed distributions: ",
        *[f"  - {folder}" for folder in two],
    ]
    assert ran.status == 1
    assert ran.err.splitlines()[1:] == ["Found 7 incompatibilities", *faults]
    strict = line.run("pip", "freeze", "--strict")
    assert strict.status == 0
    assert strict.err.splitlines() == [each if each[0] == " " else f"warning: {each}" for each in faults]
    quiet = line.run("-q", "pip", "check", "--python-version", "3.99", "--python-platform", "windows")
    assert [row for row in quiet.err.splitlines() if "`l`" in row] == [
        "The package `l` was built for a different platform"
    ]


def test_a_tree_shows_who_requires_whom(line: CommandLine) -> None:
    """In either direction, as deep as it is asked for, and with what is required."""
    hold(held(line), "r", requires=["a", "b", "d>3"])
    assert line.run("pip", "tree").out == (
        "r v1.0\n├── a v1.0\n│   ├── b v1.5\n│   │   └── d v0.1\n│   └── c v2.0\n└── b v1.5 (*)\n"
        "(*) Package tree already displayed\n"
    )
    assert line.run("pip", "tree", "--depth", "1", "--prune", "d", "--package", "r").out == (
        "r v1.0\n├── a v1.0\n└── b v1.5\n"
    )
    assert line.run("pip", "tree", "--show-version-specifiers", "--prune", "b", "--depth", "1").out == (
        "d v0.1\nr v1.0\n└── a v1.0 [required: *]\n"
    )
    assert line.run("pip", "tree", "--invert", "--package", "d", "--show-version-specifiers").out == (
        "d v0.1\n└── b v1.5 [requires: d *]\n    ├── a v1.0 [requires: b >=1]\n"
        "    │   └── r v1.0 [requires: a *]\n    └── r v1.0 [requires: b *]\n"
    )
    assert line.run("pip", "tree", "--no-dedupe", "--package", "b", "--package", "d").out == "b v1.5\n└── d v0.1\n"


def test_what_is_left_out_for_its_depth_was_shown(line: CommandLine) -> None:
    """A mark stands where the package is shown again."""
    hold(held(line), "s", requires=["b"])
    hold(held(line), "t", requires=["b"])
    assert line.run("pip", "tree", "--depth", "1", "--package", "s", "--package", "t").out == (
        "s v1.0\n└── b v1.5\nt v1.0\n└── b v1.5 (*)\n(*) Package tree already displayed\n"
    )


def test_a_circle_has_one_root(line: CommandLine) -> None:
    """What hangs on it is shown below it."""
    hold(held(line), "y", requires=["x"])
    hold(held(line), "x", requires=["y", "d"])
    assert line.run("pip", "tree", "--prune", "a").out == (
        "b v1.5\n└── d v0.1\nc v2.0\nx v1.0\n├── d v0.1\n└── y v1.0\n    └── x v1.0 (*)\n"
        "(*) Package tree already displayed\n"
    )
    assert line.run("pip", "tree", "--package", "y", "--no-dedupe").out == (
        "x v1.0\n├── d v0.1\n└── y v1.0\n    └── x v1.0 (*)\n(*) Package tree is a cycle and cannot be shown\n"
    )


def test_folders_are_read_as_well(line: CommandLine, tmp_path: Path) -> None:
    """And not made."""
    hold(tmp_path / "other", "q")
    hold(tmp_path / "another", "q")
    folders = (str(tmp_path / "other"), "nowhere", str(tmp_path / "another"))
    assert line.run("pip", "freeze", *[word for path in folders for word in ("--path", path)]).out == "q==1.0\n"
    assert line.run("pip", "list", "--target", str(tmp_path / "other"), "--format", "freeze").out == "q==1.0\n"
    assert line.run("pip", "freeze", "--prefix", "nowhere").out == ""
    assert not (line.project / "nowhere").exists()


def test_what_cannot_be_read_is_told(line: CommandLine) -> None:
    """A folder that an installer left behind is passed over."""
    (held(line) / "~x-1.0.dist-info").mkdir()
    ran = line.run("pip", "list", "--exclude", "a", "--format", "freeze")
    assert (ran.status, ran.out) == (0, "b==1.5\nc==2.0\nd==0.1\n")
    assert ran.err == f"warning: Ignoring dangling temporary directory: {held(line)}/~x-1.0.dist-info\n"
    (held(line) / "d-0.1.dist-info/METADATA").write_text("Name: d\n", encoding="utf-8")
    shown = (held(line) / "d-0.1.dist-info/METADATA").relative_to(line.project)
    ran = line.run("pip", "tree", "-q")
    assert (ran.status, ran.err) == (
        2,
        f"error: Failed to parse `METADATA` file: {shown}\n  cause: Metadata field Version not found\n",
    )
    (hold(held(line), "w") / "direct_url.json").write_text('{"url": "x"}', encoding="utf-8")
    assert line.run("pip", "freeze").err.splitlines()[-2:] == [
        f"error: Failed to read metadata from: {held(line)}/w-1.0.dist-info",
        "  cause: data did not match any variant of untagged enum DirectUrl",
    ]


def test_a_strict_installation_tells_what_it_does_not_get_on_with(line: CommandLine, server: IndexServer) -> None:
    """And not what was wrong before."""
    hold(held(line), "k", requires=["gone"])
    hold(held(line), "l", requires=["n<1"])
    server.publish("n", make_wheel("n", "1.0", requires=["d>2"]))
    ran = line.run("pip", "install", "--no-deps", "--strict", "n")
    assert ran.status == 0
    assert [row for row in ran.err.splitlines() if row.startswith("warning")] == [
        "warning: The package `l` requires `n<1`, but `1.0` is installed",
        "warning: The package `n` requires `d>2`, but `0.1` is installed",
    ]
    assert "warning" not in line.run("pip", "install", "--no-deps", "--reinstall", "n").err


def test_settings_files_have_a_say(line: CommandLine) -> None:
    """Folders count for commands that have an option for them."""
    hold(held(line), "l", requires=["gone"], python=">=3.99")
    settings = line.project / "uv.toml"
    settings.write_text("[pip]\nstrict = true\n", encoding="utf-8")
    assert "requires `gone`" in line.run("pip", "list").err
    assert line.run("pip", "list", "--no-strict").err == ""
    settings.write_text("[pip]\nprefix = 'nowhere'\npython-version = '3.99'\n", encoding="utf-8")
    assert line.run("pip", "freeze").out == ""
    assert "Found 1 incompatibility" in line.run("pip", "check").err
    assert line.run("pip", "tree", "--package", "b").out == "b v1.5\n└── d v0.1\n"
