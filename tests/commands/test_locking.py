"""What ends up in `uv.lock`, and what keeps a lock from being made."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.support.project import write_project
from tests.support.wheel_factory import make_wheel

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.command_line import CommandLine
    from tests.support.index_server import IndexServer


@pytest.mark.parametrize("key", ["environments", "required-environments"])
def test_a_wheel_of_a_url_has_to_serve_the_environments_that_are_asked_for(
    tool: CommandLine, server: IndexServer, key: str
) -> None:
    """There is nothing else that could be installed there."""
    wheel = make_wheel("w", "1.0", tag="py3-none-macosx_11_0_arm64")
    server.publish("w", wheel)
    url = server.file_url(wheel.filename)
    tool.write_project(f"w @ {url}", rest=f"[tool.uv]\n{key} = [\"sys_platform == 'win32'\"]\n")
    ran = tool.run("lock")
    assert (ran.status, "w==1.0 has no Windows-compatible wheels" in ran.err) == (1, True), ran.err
    tool.write_project(
        f"w @ {url} ; sys_platform == 'darwin'", rest=f"[tool.uv]\n{key} = [\"sys_platform == 'win32'\"]\n"
    )
    assert tool.run("lock").status == 0


def test_an_index_that_is_typed_in_another_spelling_takes_the_new_one(tool: CommandLine, server: IndexServer) -> None:
    """Else the lock would not fit the project that was just written."""
    tool.write_project(rest=f'[[tool.uv.index]]\nname = "own"\nurl = "{server.url}/"\n')
    assert tool.run("add", "a", "--no-sync", "--index", server.url).status == 0
    text = (tool.project / "pyproject.toml").read_text()
    assert f'url = "{server.url}"\n' in text
    assert tool.run("lock", "--check").status == 0


def test_a_lock_of_indexes_does_not_hold_where_none_may_be_asked(tool: CommandLine, tmp_path: Path) -> None:
    """Files of a folder may still be used."""
    tool.write_project("b")
    assert tool.run("lock").status == 0
    ran = tool.run("lock", "--check", "--no-index")
    assert (ran.status, "Packages were unavailable because index lookups were disabled" in ran.err) == (1, True), (
        ran.err
    )
    wheel = make_wheel("b", "1.0")
    (tmp_path / wheel.filename).write_bytes(wheel.content)
    local = ("--no-index", "--find-links", str(tmp_path))
    assert "Updated b v2.0 -> v1.0" in tool.run("lock", *local).err
    assert tool.run("lock", "--check", *local).status == 0


INDEXES = "".join(
    f'[[tool.uv.index]]\nname = "{name}"\nurl = "ORIGIN/{name}"\nexplicit = true\n' for name in ("one", "two")
)


def test_extras_in_conflict_take_one_name_from_indexes_of_their_own(tool: CommandLine, server: IndexServer) -> None:
    """What excludes an extra has nothing to do with its index; a group without a source asks the usual one."""
    for version, index in (("1.0", "one"), ("2.0", "two"), ("3.0", "simple")):
        server.publish("torch", make_wheel("torch", version), index=index)
    extras = '[project.optional-dependencies]\ncpu = ["torch"]\ncu = ["torch"]\n[dependency-groups]\ng = ["torch"]\n'
    tool.write_project(
        rest=f'{extras}[tool.uv]\nconflicts = [[{{ extra = "cpu" }}, {{ extra = "cu" }}, {{ group = "g" }}]]\n'
        '[tool.uv.sources]\ntorch = [{ index = "one", extra = "cpu" }, { index = "two", extra = "cu" }]\n'
        + INDEXES.replace("ORIGIN", server.origin)
    )
    ran = tool.run("lock")
    assert ran.status == 0, ran.err
    lines = (tool.project / "uv.lock").read_text().splitlines()
    edges = [line.partition(" source")[0] for line in lines if line.startswith("    { name") and "version" in line]
    assert edges == [f'    {{ name = "torch", version = "{version}",' for version in ("1.0", "2.0", "3.0")]


def test_two_indexes_for_one_name_are_told_with_the_markers_where_they_meet(
    tool: CommandLine, server: IndexServer
) -> None:
    """Extras that may be installed together cannot have a source each."""
    tool.write_project(
        "a ; sys_platform == 'linux'",
        "a>=1 ; sys_platform != 'linux'",
        rest='[project.optional-dependencies]\nx = ["a"]\ny = ["a"]\n'
        '[tool.uv.sources]\na = [{ index = "one", extra = "x" }, { index = "two", extra = "y" }]\n'
        + INDEXES.replace("ORIGIN", server.origin),
    )
    ran = tool.run("lock")
    expected = "Requirements contain conflicting indexes for package `a` in split `sys_platform != 'linux'`:"
    assert (ran.status, expected in ran.err) == (1, True), ran.err


@pytest.mark.parametrize("url", ["file://${PLACE}/w", "file:///${PROJECT_ROOT}/w", "${PROJECT_ROOT}/w"])
def test_variables_of_the_environment_may_stand_in_urls(tool: CommandLine, url: str) -> None:
    """Where they lead is written relative to the lockfile, as the file names no place itself."""
    (tool.project / "w").mkdir()
    (tool.project / "w" / "pyproject.toml").write_text('[project]\nname = "w"\nversion = "1.0"\n')
    tool.write_project(f"w @ {url}")
    ran = tool.run("lock", variables={"PLACE": str(tool.project)})
    assert ran.status == 0, ran.err
    assert 'source = { directory = "w" }' in (tool.project / "uv.lock").read_text()


def test_what_packages_require_by_absolute_paths_is_locked_by_relative_ones(tool: CommandLine, tmp_path: Path) -> None:
    """Only the spelling of the user's own projects counts."""
    wheel = make_wheel("w", "1.0", requires=[f"leaf @ file://{tmp_path}/leaf"])
    (tmp_path / wheel.filename).write_bytes(wheel.content)
    extra = f'optional-dependencies.x = ["leaf @ file://{tmp_path}/leaf"]\n'
    group = f'[dependency-groups]\ng = ["other"]\n[tool.uv.sources]\nother.path = "{tmp_path}/other"\n'
    write_project(tmp_path / "tree", extra + group, "tree")
    write_project(tmp_path / "leaf", name="leaf")
    tool.write_project(f"tree[x] @ file://{tmp_path}/tree", f"w @ file://{tmp_path}/{wheel.filename}")
    ran = tool.run("lock")
    assert ran.status == 0, ran.err
    text = (tool.project / "uv.lock").read_text()
    assert text.count(f'directory = "{tmp_path}/tree"') == 2  # of the project, and of the tree itself
    assert text.count('directory = "../leaf"') == 3  # of both that require it, and of the leaf itself
    assert text.count('directory = "../other"') == 1
    assert tool.run("lock", "--check").status == 0


def test_a_misformatted_lockfile_fails_a_check_and_is_formatted_on_request(tool: CommandLine) -> None:
    """Only in the preview, and only by `--refresh`: an equal lock is left alone otherwise."""
    tool.write_project("a")
    assert tool.run("lock").status == 0
    path = tool.project / "uv.lock"
    text = path.read_text()
    path.write_text(text.replace("version = 1\n", "version  = 1\n"))
    preview = ("--preview-features", "lockfile-format-check")
    assert tool.run("lock", "--check").status == 0
    ran = tool.run("lock", "--check", *preview)
    assert (ran.status, "has non-canonical formatting at line 1, but `--check` was provided" in ran.err) == (1, True)
    assert tool.run("lock", *preview).status == 0
    assert path.read_text() != text
    assert tool.run("lock", "--refresh", *preview).status == 0
    assert path.read_text() == text


def test_what_may_still_change_is_told_unless_it_was_asked_for(tool: CommandLine, server: IndexServer) -> None:
    """A cut-off of an index is told when it is used, the others whenever they are read."""
    index = f'[[tool.uv.index]]\nname = "own"\nurl = "{server.url}"\nexclude-newer = "2025-01-01"\n'
    sets = (
        'conflicts = [[{ package = "p" }, { package = "p", extra = "x" }]]\nminimum-libc-version = { glibc = "2.28" }\n'
    )
    tool.write_project("a", rest=f"[tool.uv]\n{sets}{index}")
    features = ("package-conflicts", "minimum-libc-version", "index-exclude-newer")
    first, second = tool.run("lock").err, tool.run("lock").err
    assert [f"`--preview-features {feature}`" in first for feature in features] == [True, True, True]
    assert [f"`--preview-features {feature}`" in second for feature in features] == [True, True, False]
    assert "experimental" not in tool.run("lock", "--preview-features", ",".join(features)).err
    tool.write_project("a<3", rest=index.replace('"2025-01-01"', "false"))
    assert "experimental" in tool.run("lock").err
    tool.write_project("a<2", rest=f"[tool.uv]\nexclude-newer-package = {{ a = false }}\n{index}")
    assert "experimental" not in tool.run("lock").err


def test_files_without_an_upload_time_are_told_under_a_cut_off(tool: CommandLine, server: IndexServer) -> None:
    """They do not exist then, which nobody expects."""
    server.publish("n", make_wheel("n", "1.0"), upload_time=None)
    tool.write_project("n")
    ran = tool.run("lock", "--exclude-newer", "2025-01-01T00:00:00Z")
    assert ran.status == 1
    warning = "warning: `n-1.0-py3-none-any.whl` is missing an upload date, but user provided: 2025-01-01T00:00:00Z\n"
    assert warning in ran.err
    assert "upload date" not in tool.run("lock").err


@pytest.mark.parametrize(
    ("mode", "direct", "transitive"),
    [("lowest", ["a", "c"], ["a", "c"]), ("lowest-direct", ["a", "c"], []), ("highest", [], [])],
)
def test_missing_lower_bounds_are_told_where_the_lowest_versions_are_chosen(
    tool: CommandLine, mode: str, direct: list[str], transitive: list[str]
) -> None:
    """`b` is bounded by nobody else than the project; `c` bounds its `b` from above only."""
    tool.write_project("a", "b>=1", "c<9")
    lines = tool.run("lock", "--resolution", mode).err.splitlines()
    assert [line.split("`")[1] for line in lines if line.startswith("warning: The direct")] == direct
    assert [line.split("`")[1] for line in lines if line.startswith("warning: The transitive")] == transitive


def _locked_versions(tool: CommandLine) -> dict[str, str]:
    entries = (tool.project / "uv.lock").read_text().split("\n[[package]]\n")[1:]
    fields = [dict(line.split(" = ", 1) for line in entry.splitlines()[:2]) for entry in entries]
    return {each["name"].strip('"'): each["version"].strip('"') for each in fields}


@pytest.fixture
def old_lock(tool: CommandLine, server: IndexServer) -> CommandLine:
    """Return the program in a project whose lock has `a` and `b` 1.0, of which there are newer versions."""
    server.publish("a", make_wheel("a", "1.5"))
    tool.write_project("a", "b", rest='[tool.uv]\nconstraint-dependencies = ["a<1.5", "b<2"]\n')
    assert tool.run("lock").status == 0
    text = (tool.project / "uv.lock").read_text()
    (tool.project / "uv.lock").write_text(text[: text.index("[manifest]")] + text[text.index("[[package]]") :])
    tool.write_project("a", "b")
    return tool


@pytest.mark.parametrize(
    ("words", "settings", "expected"),
    [
        ((), "", {"a": "1.0", "b": "1.0"}),
        (("-P", "a"), "", {"a": "2.0", "b": "1.0"}),
        (("-P", "a<2"), "", {"a": "1.5", "b": "1.0"}),
        (("-U", "-P", "a==1.5"), "", {"a": "1.5", "b": "2.0"}),
        (("-P", "b"), 'upgrade-package = ["a<2"]', {"a": "1.5", "b": "2.0"}),
        (("-P", "a"), "upgrade = true", {"a": "2.0", "b": "2.0"}),
        (("--no-upgrade",), 'upgrade-package = ["a"]', {"a": "1.0", "b": "1.0"}),
        (("--no-upgrade", "-P", "b"), "upgrade = true", {"a": "1.0", "b": "2.0"}),
    ],
)
def test_upgrades_go_as_far_as_they_are_told(
    old_lock: CommandLine, words: tuple[str, ...], settings: str, expected: dict[str, str]
) -> None:
    """What is typed adds to what is written; a range bounds the versions of this run and is not recorded."""
    old_lock.write_project("a", "b", rest=f"[tool.uv]\n{settings}\n")
    ran = old_lock.run("lock", *words)
    assert ran.status == 0, ran.err
    assert _locked_versions(old_lock) == {**expected, "p": "0.1.0"}
    assert "[manifest]" not in (old_lock.project / "uv.lock").read_text()


def test_a_bound_of_an_upgrade_that_nothing_meets_has_no_solution(old_lock: CommandLine) -> None:
    """It is a constraint like any other."""
    ran = old_lock.run("lock", "-P", "a==9")
    assert (ran.status, "there is no version of a==9" in ran.err) == (1, True), ran.err


@pytest.mark.parametrize(("command", "option"), [("lock", "--check"), ("lock", "--locked"), ("sync", "--frozen")])
def test_a_lock_that_may_not_change_cannot_be_upgraded(tool: CommandLine, command: str, option: str) -> None:
    """The words contradict each other."""
    tool.write_project("a")
    ran = tool.run(command, "-U", option)
    assert (ran.status, f"the argument '--upgrade' cannot be used with '{option}'" in ran.err) == (2, True)


def test_a_script_has_no_groups_to_upgrade(tool: CommandLine) -> None:
    """And a frozen lock of one is only read."""
    (tool.project / "s.py").write_text('# /// script\n# dependencies = ["a"]\n# ///\n')
    assert tool.run("lock", "--script", "s.py").status == 0
    frozen = tool.run("lock", "--script", "s.py", "--frozen")
    assert (frozen.status, "was only checked for validity" in frozen.err) == (0, True)
    ran = tool.run("lock", "--script", "s.py", "--upgrade-group", "x")
    assert ran.status == 2
    assert "PEP 723 scripts do not support dependency groups, but group `x` was specified" in ran.err


def test_a_malformed_setting_is_told_and_the_others_of_the_file_do_not_count(tool: CommandLine) -> None:
    """The project itself can be locked without them."""
    tool.write_project("a", rest='[tool.uv]\nconstraint-dependencies = ["a<2"]\nexclude-newer = "soon"\n')
    ran = tool.run("lock")
    assert ran.status == 0, ran.err
    assert "during settings discovery:\n  TOML parse error at line 10, column 17\n" in ran.err
    assert "exclude-newer" not in (tool.project / "uv.lock").read_text()


def test_the_legacy_list_of_a_root_that_is_no_project_is_read_without_a_word(tool: CommandLine) -> None:
    """As in uv: it is told of projects only."""
    legacy = '[tool.uv]\ndev-dependencies = ["a"]\n'
    (tool.project / "pyproject.toml").write_text(f"{legacy}[tool.uv.workspace]\nmembers = []\n")
    assert "deprecated" not in tool.run("lock").err
    tool.write_project(rest=legacy)
    assert "The `tool.uv.dev-dependencies` field (used in `pyproject.toml`) is deprecated" in tool.run("lock").err


def test_a_malformed_entry_of_a_group_is_explained_once(tool: CommandLine) -> None:
    """The place in the entry says it all."""
    tool.write_project(rest='[dependency-groups]\ng = ["a>1.x.y"]\n')
    ran = tool.run("lock")
    reason = "after parsing `1`, found `.x.y`, which is not part of a valid version"
    expected = f"`a>1.x.y`\n  cause: {reason}\n{'a>1.x.y':>16}\n{'^^^^^^':>16}\n"
    assert (ran.status, ran.err.partition("Failed to parse entry in group `g`: ")[2]) == (2, expected)


def test_only_of_indexes_of_the_root_is_told_that_they_want_credentials(tool: CommandLine, server: IndexServer) -> None:
    """What a member declares is not known where the failure is explained, in uv either."""
    server.faults.statuses["/simple/x/"] = 401
    pinned = f'[[tool.uv.index]]\nname = "i"\nurl = "{server.url}"\nexplicit = true\n[tool.uv.sources]\nx.index = "i"\n'
    elsewhere = {"UV_DEFAULT_INDEX": f"{server.origin}/nothing"}
    tool.write_project("x", rest=pinned)
    assert "(401 Unauthorized)" in tool.run("lock", variables=elsewhere).err
    tool.write_project(rest='[tool.uv.workspace]\nmembers = ["m"]\n')
    write_project(tool.project / "m", f'requires-python = ">=3.11"\ndependencies = ["x"]\n{pinned}', "m")
    ran = tool.run("lock", variables=elsewhere)
    assert (ran.status, "(401 Unauthorized)" in ran.err) == (1, False), ran.err


def test_cut_offs_of_names_that_are_not_in_the_lock_are_left_out_on_request(tool: CommandLine) -> None:
    """They are no difference, so the lock holds for those who did not ask, too."""
    tool.write_project("a", rest='[tool.uv.exclude-newer-package]\na = "2030-01-01T00:00:00Z"\nother = false\n')
    assert tool.run("lock", "--preview-features", "missing-exclude-newer-package-lock").status == 0
    text = (tool.project / "uv.lock").read_text()
    assert '[options.exclude-newer-package]\na = "2030-01-01T00:00:00Z"\n\n' in text
    assert tool.run("lock", "--check").status == 0
    assert tool.run("lock", "--upgrade").status == 0
    assert "other = false" in (tool.project / "uv.lock").read_text()


def test_a_project_that_is_excluded_takes_the_indexes_of_its_extras_along(
    tool: CommandLine, server: IndexServer
) -> None:
    """Those of its groups stay, as the workspace still asks for the groups."""
    for version, index in (("1.0", "one"), ("2.0", "two")):
        server.publish("torch", make_wheel("torch", version), index=index)

    def lock(table: str, scope: str) -> int:
        item = f'{{ package = "n", {scope} }}'
        rest = f'[tool.uv]\nworkspace.members = ["m", "n"]\nconflicts = [[{{ package = "m" }}, {item}]]\n'
        tool.write_project(rest=rest + INDEXES.replace("ORIGIN", server.origin))
        for name, index in (("m", "one"), ("n", "two")):
            sources = f'[tool.uv.sources]\ntorch = {{ index = "{index}", {scope} }}\n'
            write_project(tool.project / name, f'[{table}]\ng = ["torch"]\n{sources}', name)
        return tool.run("lock").status

    assert lock("project.optional-dependencies", 'extra = "g"') == 0
    assert lock("dependency-groups", 'group = "g"') == 1


def test_a_lock_for_other_pythons_is_told_of(tool: CommandLine) -> None:
    """Its versions are kept, and may be none that the new ones can use."""
    tool.write_project("a")
    assert tool.run("lock").status == 0
    lockfile = tool.project / "uv.lock"
    lockfile.write_text(lockfile.read_text().replace('">=3.11"', '">=3.9, <3.11"'))
    ran = tool.run("lock")
    assert ran.status == 0
    assert "Resolving despite existing lockfile due to fork markers being disjoint with `requires-python`" in ran.err
