"""Small projects, each with one unusual trait: what uv and mauve say and leave is the same."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from tests.support.index_server import IndexServer
from tests.support.side_by_side import SideBySide
from tests.support.wheel_factory import make_sdist, make_wheel

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

pytestmark = pytest.mark.oracle


@pytest.fixture
def server() -> Iterator[IndexServer]:
    """Serve `a` 1.0, and `b` 1.0 and 2.0."""
    packages = {"a": [make_wheel("a", "1.0")], "b": [make_wheel("b", "1.0"), make_wheel("b", "2.0")]}
    with IndexServer(packages) as server:
        yield server


def project(name: str, dependencies: Sequence[str] = (), rest: str = "") -> str:
    """Return a `pyproject.toml`."""
    head = f'[project]\nname = "{name}"\nversion = "0.1.0"\nrequires-python = ">=3.11"\n'
    return f"{head}dependencies = {json.dumps(list(dependencies))}\n{rest}"


def extras(**requirements: Sequence[str]) -> str:
    """Return the optional dependencies of a project."""
    rows = "".join(f"{name} = {json.dumps(list(found))}\n" for name, found in requirements.items())
    return f"[project.optional-dependencies]\n{rows}"


def groups(**requirements: Sequence[str]) -> str:
    """Return the dependency groups of a project."""
    return extras(**requirements).replace("project.optional-dependencies", "dependency-groups")


def conflicts(sets: Sequence[Sequence[str]]) -> str:
    """Return the table of conflicts; an item is `m` (a project), `m[x]` (an extra) or `m:g` (a group)."""
    tables = []
    for items in sets:
        row = []
        for item in items:
            name, kind, rest = re.split(r"([\[:]|$)", item, maxsplit=1)
            named = {"[": f', extra = "{rest[:-1]}"', ":": f', group = "{rest}"', "": ""}[kind]
            row.append(f'{{ package = "{name}"{named} }}')
        tables.append(f"[{', '.join(row)}]")
    return f"[tool.uv]\nconflicts = [{', '.join(tables)}]\n"


SOURCES = "[tool.uv.sources]\np = { workspace = true }\nm = { workspace = true }\n"
MEMBER = f'[tool.uv.workspace]\nmembers = ["m"]\n{SOURCES}'


@pytest.mark.parametrize(
    ("dependencies", "rest"),
    [
        (["p==0.2"], ""),
        (["p==0.2 ; sys_platform == 'linux'"], ""),
        (["p[x]==0.2"], extras(x=["a"])),
        ([], extras(x=["p==0.2"])),
        ([], extras(x=["p!=0.1.0 ; sys_platform == 'linux'"])),
        ([], extras(x=["p[y]>=0.2,<3"], y=["a"])),
        ([], groups(g=["p>0.2"])),
        ([], extras(x=["a"]) + groups(g=["p[x]>0.2"])),
    ],
)
def test_a_project_that_needs_another_version_of_itself(
    tmp_path: Path, server: IndexServer, dependencies: list[str], rest: str
) -> None:
    """Of its base, an extra or a group: the words name what depends, and on which version."""
    theirs, ours = SideBySide(tmp_path, server, {"pyproject.toml": project("p", dependencies, rest)}).run("lock")
    assert theirs.status == 1
    assert ours == theirs


@pytest.mark.parametrize(
    "requires",
    [
        {"x": ["m[x]"], "y": ["m[y]"]},
        {"x1": ["m[x]"], "x2": ["m[y]"]},
        {"x": ["m[y]"], "y": ["a"]},
        {"x": ["m", "m[z]"], "z": ["m[x,z]"]},
        {"x": ["m[x,y,z] ; sys_platform == 'linux'"]},
    ],
    ids=str,
)
def test_extras_that_ask_for_conflicting_extras(
    tmp_path: Path, server: IndexServer, requires: dict[str, list[str]]
) -> None:
    """An extra that is called like the conflicting one it asks for has other edges than one that is not."""
    conflicts = '[tool.uv]\nconflicts = [[{ package = "m", extra = "x" }, { package = "m", extra = "y" }]]\n'
    files = {
        "pyproject.toml": project("p", rest=extras(**requires) + MEMBER + conflicts),
        "m/pyproject.toml": project("m", rest=extras(x=["b==1"], y=["b==2"], z=["a"])),
    }
    theirs, ours = SideBySide(tmp_path, server, files).run("lock")
    assert theirs.status == 0
    assert ours == theirs


@pytest.mark.parametrize(
    ("sets", "tables", "requires"),
    [
        # What an extra requires is asked by the extra's own name: `m[x]` is out where `m` is.
        ([["m", "p[x]"]], extras(x=["m[z]"]), []),
        ([["m", "p[x]"]], extras(x=[], y=["m[z]"]), []),
        ([["m", "p:g"]], groups(g=["m[z]"]), []),
        # Of a set that only one item is left of nothing is split, and what is out is out by name.
        ([["m", "p:g"], ["m[x]", "p[x]"]], extras(x=[]), ["m"]),
        ([["m[x]", "m"], ["m[y]", "p[x]"]], extras(x=[]), ["a"]),
        # Where two are left, an extra of a project that is out may be in.
        ([["n", "m"], ["p[x]", "p[y]", "m[x]"]], extras(y=[], z=["a"]), []),
    ],
)
def test_extras_of_a_project_that_is_out(
    tmp_path: Path, server: IndexServer, sets: list[list[str]], tables: str, requires: list[str]
) -> None:
    """A project that excludes something takes its extras along, but not what includes one of them by name."""
    files = {
        "pyproject.toml": project("p", requires, f"{tables}{MEMBER}{conflicts(sets)}"),
        "m/pyproject.toml": project("m", rest=extras(x=[], y=[], z=["b"])),
    }
    theirs, ours = SideBySide(tmp_path, server, files).run("lock")
    assert theirs.status == 0
    assert ours.lock == theirs.lock


@pytest.mark.parametrize(
    "requires",
    [
        ["s[y]", "s ; sys_platform == 'win32' and extra == 'y'"],
        ["s[y]>=1", "s ; sys_platform == 'win32' and extra == 'y'"],
        ["s[y]", "s>=1 ; sys_platform == 'win32' and extra == 'y'", "s ; sys_platform == 'linux' and extra == 'y'"],
        ["s[y]>=1", "s[x]>=1 ; sys_platform == 'win32' and extra == 'y'"],
        ["s[y]", "s[x] ; sys_platform == 'win32' and extra == 'y'", "s[x] ; os_name == 'nt' and extra == 'y'"],
        ["s[y]>=1 ; sys_platform == 'linux'", "s ; sys_platform == 'win32' and extra == 'y'"],
        ["b ; os_name == 'nt'", "s[y] ; os_name == 'nt'", "b ; sys_platform == 'linux' and extra == 'y'"],
    ],
    ids=str,
)
def test_a_package_whose_extras_ask_for_itself(tmp_path: Path, server: IndexServer, requires: list[str]) -> None:
    """That splits like any other requirement, unless both conditions never hold together."""
    server.publish("s", make_wheel("s", "1.0", requires=requires, extras=["x", "y"]))
    theirs, ours = SideBySide(tmp_path, server, {"pyproject.toml": project("p", ["s"])}).run("lock")
    assert theirs.status == 0
    assert ours.lock == theirs.lock


@pytest.mark.parametrize(
    ("requires", "override"),
    [
        (["s"], "s[y,x]"),
        (["s[y]"], "s[x]"),
        (["s[y]"], "s"),
        (["s>=1 ; sys_platform == 'linux'", "a ; extra == 'x'"], "s[x]"),
        (["s[x]", "a ; extra == 'x'"], "s[x]>=1 ; sys_platform == 'linux'"),
    ],
)
def test_a_package_that_an_override_makes_ask_for_itself(
    tmp_path: Path, server: IndexServer, requires: list[str], override: str
) -> None:
    """Extras of itself are replaced by what they require only if it asked for any on its own."""
    server.publish("s", make_wheel("s", "1.0", requires=requires, extras=["x", "y"]))
    settings = f'[tool.uv]\noverride-dependencies = ["{override}"]\n'
    theirs, ours = SideBySide(tmp_path, server, {"pyproject.toml": project("p", ["s"], settings)}).run("lock")
    assert theirs.status == 0
    assert ours.lock == theirs.lock


@pytest.mark.parametrize("requires", [[], ["s"], ["a ; extra == 'x'"], ["s>=1", "a ; extra == 'x'"]], ids=str)
@pytest.mark.parametrize("override", ["s", "s[x]>=1", "s[x,y] ; sys_platform == 'linux'"])
def test_a_package_that_an_override_for_it_alone_makes_ask_for_itself(
    tmp_path: Path, server: IndexServer, requires: list[str], override: str
) -> None:
    """Then it counts as having asked on its own."""
    server.publish("s", make_wheel("s", "1.0", requires=requires, extras=["x"]))
    scoped = f'{{ package = {{ name = "s" }}, dependencies = ["{override}"] }}'
    settings = f"[tool.uv]\noverride-dependencies = [{scoped}]\n"
    theirs, ours = SideBySide(tmp_path, server, {"pyproject.toml": project("p", ["s"], settings)}).run("lock")
    assert theirs.status == 0
    assert ours.lock == theirs.lock


@pytest.mark.parametrize(
    ("asked", "requires", "settings"),
    [
        ("f", ["c"], ""),
        ("f", ["b"], ""),
        ("f ; sys_platform == 'win32'", ["b"], ""),
        ("f", ["b ; sys_platform == 'win32'"], ""),
        ("f", [], ""),
        ("f[x]", [], ""),
        ("f", ["b"], 'override-dependencies = ["b>=1"]'),
        ("d @ ORIGIN/files/d-1.0-py3-none-any.whl", [], ""),
    ],
)
def test_what_a_folder_asks_for_is_direct(
    tmp_path: Path, server: IndexServer, asked: str, requires: list[str], settings: str
) -> None:
    """The lowest versions of direct dependencies are those of what folders ask for, too, but not archives."""
    for name in "cd":
        server.publish(name, make_wheel(name, "1.0", requires=["b"]))
    sources = f'[tool.uv]\nresolution = "lowest-direct"\n{settings}\n[tool.uv.sources]\nf = {{ path = "f" }}\n'
    files = {
        "pyproject.toml": project("p", [asked, "c"], sources),
        "f/pyproject.toml": project("f", requires, extras(x=["b"])),
    }
    theirs, ours = SideBySide(tmp_path, server, files).run("lock")
    assert theirs.status == 0
    assert ours.lock == theirs.lock


WINDOWS = "sys_platform == 'win32'"
ENVIRONMENTS = f"""[tool.uv]\nenvironments = ["sys_platform == 'linux'", "{WINDOWS}"]\n"""


@pytest.mark.parametrize(
    ("dependencies", "rest"),
    [
        (["a ; os_name != 'nt'", "a ; platform_machine == 'arm64'"], ENVIRONMENTS),
        (["b<2 ; os_name == 'nt'", "b ; os_name != 'nt'", "a ; sys_platform != 'linux'"], ENVIRONMENTS),
        ([], extras(y=["m[x] ; os_name == 'nt'"]) + MEMBER + conflicts([["m[x]", "m[y]"]]) + ENVIRONMENTS[10:]),
        ([], extras(z=["m[x] ; os_name == 'nt'"]) + MEMBER + conflicts([["m[x]", "m[y]"]]) + ENVIRONMENTS[10:]),
        (
            ["b<2 ; sys_platform == 'darwin' or platform_machine == 'arm64'", "b ; platform_machine == 'x86_64'"],
            groups(g=["a ; os_name == 'nt'", "a>=1 ; platform_machine != 'arm64'"]),
        ),
    ],
)
def test_what_no_platform_can_be_is_not_told_apart(
    tmp_path: Path, server: IndexServer, dependencies: list[str], rest: str
) -> None:
    """Forks and edges say nothing of Linux with the name of Windows, also where environments are declared."""
    member = project("m", rest=extras(x=[], y=[]))
    files = {"pyproject.toml": project("p", dependencies, rest), "m/pyproject.toml": member}
    theirs, ours = SideBySide(tmp_path, server, files).run("lock")
    assert theirs.status == 0
    assert ours.lock == theirs.lock


@pytest.mark.parametrize(
    ("dependencies", "rest"),
    [
        (["a ; os_name == 'nt'", "a>=1 ; os_name == 'nt' and sys_platform != 'linux'"], ""),
        (["a", "a>=1 ; os_name != 'nt' or sys_platform != 'linux'"], ""),
        ([], extras(x=["p[y] ; os_name == 'nt'", "a ; os_name == 'nt'"], y=["a ; sys_platform != 'linux'"])),
        (
            ["a ; platform_system == 'FreeBSD'"],
            f"""[tool.uv]\nconstraint-dependencies = ["a>=1 ; {WINDOWS.replace("=", "!", 1)}"]\n""",
        ),
    ],
)
def test_conditions_that_differ_only_where_no_platform_can_be_split_nothing(
    tmp_path: Path, server: IndexServer, dependencies: list[str], rest: str
) -> None:
    """Requirements of one name under one condition are no reason for forks."""
    theirs, ours = SideBySide(tmp_path, server, {"pyproject.toml": project("p", dependencies, rest)}).run("lock")
    assert ours.lock == theirs.lock
    assert theirs.lock is not None
    assert "resolution-markers" not in theirs.lock


def test_wheels_of_a_package_whose_extra_is_asked_for_in_a_conflict(tmp_path: Path, server: IndexServer) -> None:
    """A wheel for Linux of a version that is only for macOS is left out, whoever asks for extras of the package."""
    for tag in ("py3-none-any", "py3-none-manylinux_2_17_x86_64"):
        server.publish("d", make_wheel("d", "2.0", tag=tag))
    server.publish("d", make_wheel("d", "3.0"))
    server.publish("c", make_wheel("c", "1.0", requires=["d[y]"]))
    tables = groups(g=["c"], h=[]) + conflicts([["p:g", "p:h"]])
    environments = """environments = ["sys_platform == 'linux'", "sys_platform == 'darwin'"]\n"""
    files = {"pyproject.toml": project("p", ["d<3 ; sys_platform == 'darwin'"], tables + environments)}
    theirs, ours = SideBySide(tmp_path, server, files).run("lock")
    assert ours.lock == theirs.lock
    assert theirs.lock is not None
    assert "manylinux" not in theirs.lock


@pytest.mark.parametrize(
    "words",
    [
        ("--extra", "x", "--extra", "y"),
        ("--extra", "z", "--extra", "y"),
        ("--extra", "x", "--group", "g"),
        ("--extra", "x", "--group", "h"),
        ("--group", "g", "--group", "h"),
        ("--group", "h", "--group", "i"),
        ("--only-group", "h", "--only-group", "i"),
        ("--package", "m", "--extra", "x", "--group", "h"),
        ("--all-packages", "--group", "h", "--group", "i"),
        ("--all-extras",),
        ("--all-groups",),
    ],
    ids=" ".join,
)
def test_what_excludes_each_other_is_selected(tmp_path: Path, server: IndexServer, words: tuple[str, ...]) -> None:
    """Extras that packages ask for are refused in other words, and only where two extras exclude each other."""
    conflicts = '[tool.uv]\npackage = false\nconflicts = [[{ extra = "x" }, { extra = "y" }, { group = "g" }]]\n'
    tables = extras(x=["a"], y=["a"], z=["p[x]"]) + groups(g=["a"], h=["p[y]"], i=["p[x]"])
    member = project("m", rest=f"{extras(x=['p[x]'], y=['p[y]'])}{SOURCES}[tool.uv]\npackage = false\n")
    files = {"pyproject.toml": project("p", rest=tables + MEMBER + conflicts), "m/pyproject.toml": member}
    both = SideBySide(tmp_path, server, files)
    theirs, ours = both.run("lock")
    assert ours == theirs
    theirs, ours = both.run("sync", "--frozen", "--dry-run", *words)
    assert ours == theirs


@pytest.mark.parametrize("state", ["missing", "stale", "malformed"])
@pytest.mark.parametrize(
    "words",
    [
        ("sync", "--frozen"),
        ("sync", "--frozen", "--dry-run"),
        ("sync", "--locked", "--dry-run"),
        ("sync", "--check", "--locked"),
        ("sync", "--check", "--dry-run"),
        ("lock", "--check", "--directory", "m"),
        ("lock", "--check-exists", "--project", "m"),
    ],
    ids=" ".join,
)
def test_a_lockfile_that_cannot_be_used(
    tmp_path: Path, server: IndexServer, words: tuple[str, ...], state: str
) -> None:
    """Whether it is refused before there is an environment, or after a plan was told, is as in uv."""
    both = SideBySide(tmp_path, server, {"pyproject.toml": project("p", rest=MEMBER), "m/pyproject.toml": project("m")})
    if state == "stale":
        both.run("lock")
        both.write({"pyproject.toml": project("p", ["a"], MEMBER)})
    elif state == "malformed":
        both.write({"uv.lock": "version = 1\nrequires-python = 3\n"})
    theirs, ours = both.run(*words)
    assert ours == theirs
    assert both.projects[0].joinpath(".venv").exists() == both.projects[1].joinpath(".venv").exists()


def test_a_stale_lock_is_told_after_an_environment_that_is_up_to_date(tmp_path: Path, server: IndexServer) -> None:
    """With `--check` a difference of the environment is what is told."""
    both = SideBySide(tmp_path, server, {"pyproject.toml": project("p", ["a"])})
    both.run("sync")
    both.write({"pyproject.toml": project("p", ["a>0"])})
    for words in (("--locked", "--check"), ("--locked", "--dry-run"), ("--check",)):
        theirs, ours = both.run("sync", *words)
        assert theirs.status == 1 or words != ("--locked", "--check")
        assert ours == theirs


UNUSABLE = {
    "y": {"yanked": "broken"},
    "t": {"tag": "cp39-cp39-win_amd64"},
    "s": {"sdist": True},
    "n": {"yanked": True},
}
"""Why a version cannot be used: yanked, without a wheel that fits, not to be built, yanked without a reason."""


@pytest.mark.parametrize("versions", ["yt", "ytt", "yty", "ytss", "ytssy", "ysytt", "tssyyt", "nyytst", "systsyt"])
def test_versions_that_cannot_be_used_for_several_reasons(tmp_path: Path, server: IndexServer, versions: str) -> None:
    """Neighbours are told together, and what is missing between them only where the conclusion needs it."""
    for number, kind in enumerate(versions, 1):
        reason = dict(UNUSABLE[kind])
        yanked = reason.pop("yanked", False)
        make = make_sdist if reason.pop("sdist", False) else make_wheel
        server.publish("bad", make("bad", f"{number}.0", **reason), yanked=yanked)
    files = {"pyproject.toml": project("p", ["bad"], "[tool.uv]\nno-build = true\n")}
    theirs, ours = SideBySide(tmp_path, server, files).run("lock")
    assert theirs.status == 1
    assert ours == theirs


@pytest.mark.parametrize("machine", ["x86_64", "arm64"])
def test_an_edge_that_a_supported_environment_excludes_or_implies(
    tmp_path: Path, server: IndexServer, machine: str
) -> None:
    """What the environments say about the machine is part of how an edge is written."""
    for tag in ("py3-none-manylinux_2_17_x86_64", "py3-none-win_amd64"):
        requires = [f"a ; platform_machine == '{machine}'"]
        server.publish("split", make_wheel("split", "2.0", requires=requires, tag=tag))
    server.publish("split", make_wheel("split", "1.0"))
    environments = [
        "sys_platform == 'linux'",
        "sys_platform == 'win32'",
        "sys_platform == 'darwin' and platform_machine == 'arm64'",
    ]
    files = {"pyproject.toml": project("p", ["split"], f"[tool.uv]\nenvironments = {json.dumps(environments)}\n")}
    theirs, ours = SideBySide(tmp_path, server, files).run("lock")
    assert theirs.status == 0
    assert ours == theirs


@pytest.mark.parametrize(
    "setting",
    [
        'exclude-dependencies = [{ package = { name = "a" }, dependencies = ["c", "b", "c"] }]',
        (
            'exclude-dependencies = [{ package = { name = "a" }, dependencies = ["c"] }, "d", '
            '{ package = { name = "a" }, dependencies = ["b"] }, { package = { name = "a" }, dependencies = ["b"] }]'
        ),
        (
            'override-dependencies = [{ package = { name = "a" }, dependencies = ["b>0"] }, '
            '{ package = { name = "a" }, dependencies = ["b<3"] }]'
        ),
    ],
)
def test_what_is_told_of_one_package_is_written_in_order(tmp_path: Path, server: IndexServer, setting: str) -> None:
    """Entries are sorted and told once; what one entry lists stays as the user wrote it."""
    files = {"pyproject.toml": project("p", ["a"], f"[tool.uv]\n{setting}\n")}
    both = SideBySide(tmp_path, server, files)
    for words in (("lock",), ("lock", "--check")):
        theirs, ours = both.run(*words)
        assert theirs.status == 0
        assert ours == theirs


@pytest.mark.parametrize("refused", [("no-binary",), ("no-binary", "no-build")])
def test_a_lock_with_a_wheel_that_is_refused_now(tmp_path: Path, server: IndexServer, refused: tuple[str, ...]) -> None:
    """A wheel at a URL is locked whatever is refused, but such a lock is not trusted again."""
    source = '[tool.uv.sources]\na = { url = "ORIGIN/files/a-1.0-py3-none-any.whl" }\n'
    settings = "".join(f'{option}-package = ["a"]\n' for option in refused)
    both = SideBySide(tmp_path, server, {"pyproject.toml": project("p", ["a", "b"], f"[tool.uv]\n{settings}{source}")})
    for words in (("lock",), ("lock",), ("lock", "--check"), ("lock", "--offline"), ("lock", "-P", "b"), ("sync",)):
        theirs, ours = both.run(*words)
        assert ours == theirs


def test_a_name_that_is_overridden_is_direct_where_the_override_is(tmp_path: Path, server: IndexServer) -> None:
    """With `lowest-direct` that decides whether its lowest version is taken."""
    settings = '[tool.uv]\nresolution = "lowest-direct"\noverride-dependencies = ["b>=1"]\n'
    settings += "environments = [\"sys_platform == 'linux'\", \"sys_platform == 'win32'\"]\n"
    files = {"pyproject.toml": project("p", ["b ; sys_platform != 'linux'"], settings)}
    theirs, ours = SideBySide(tmp_path, server, files).run("lock")
    assert theirs.status == 0
    assert ours == theirs
