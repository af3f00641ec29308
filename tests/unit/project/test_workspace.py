"""Which projects belong together."""

from __future__ import annotations

from pathlib import Path

import pytest

from mauve.errors import MauveError
from mauve.project.workspace import MissingPyProject, UnmanagedProject, discover_workspace, home_of
from mauve.project.workspace_errors import (
    ContradictoryEditable,
    DuplicateMember,
    MissingMemberFile,
    MissingProjectTable,
    NestedWorkspace,
    UnknownMember,
)
from mauve.standards.names import package_name


def project(name: str, rest: str = "") -> str:
    return f'[project]\nname = "{name}"\nversion = "0.1.0"\n{rest}'


def members(*patterns: str, exclude: tuple[str, ...] = ()) -> str:
    return f"[tool.uv.workspace]\nmembers = {list(patterns)}\nexclude = {list(exclude)}\n"


def tree(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = root / name
        path = path if path.suffix else path / "pyproject.toml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def found(root: Path, folder: str = ".") -> tuple[str, list[str], str | None]:
    workspace = discover_workspace(str(root / folder))
    return str(Path(workspace.root).relative_to(root)), list(workspace.members), workspace.current


def test_a_project_alone_is_a_workspace_of_one(tmp_path: Path) -> None:
    """Nothing else has to ask whether there is a workspace."""
    tree(tmp_path, {".": project("p")})
    assert found(tmp_path) == (".", ["p"], "p")


def test_members_are_found_from_inside_and_sorted(tmp_path: Path) -> None:
    """A command in a member works on the whole workspace."""
    tree(tmp_path, {".": project("p", members("packages/*")), "packages/b": project("b"), "packages/a": project("a")})
    (tmp_path / "packages/a/src").mkdir()
    assert found(tmp_path, "packages/a/src") == (".", ["a", "b", "p"], "a")


def test_a_root_without_project_has_no_current_project(tmp_path: Path) -> None:
    """Then everything below is meant."""
    tree(tmp_path, {".": members("a"), "a": project("a")})
    assert found(tmp_path) == (".", ["a"], None)


@pytest.mark.parametrize(
    ("root", "expected"),
    [
        (members("packages/*", exclude=("packages/a",)), "packages/a"),
        (members("other/*"), "packages/a"),
        (members("packages/a/**"), "packages/a"),
        (members("packages/**"), "."),
        (members("./packages/a/"), "."),
    ],
    ids=["excluded", "not-named", "only-below", "below", "spelled-otherwise"],
)
def test_patterns_decide_who_belongs(tmp_path: Path, root: str, expected: str) -> None:
    """A folder that no pattern takes in is a project of its own."""
    tree(tmp_path, {".": project("p", root), "packages/a": project("a")})
    assert found(tmp_path, "packages/a")[0] == expected


def test_only_the_nearest_file_above_is_asked(tmp_path: Path) -> None:
    """A project between both hides the workspace, as in uv."""
    tree(tmp_path, {".": project("p", members("a/b")), "a": project("a"), "a/b": project("b")})
    assert found(tmp_path, "a/b")[0] == "a/b"


def test_hidden_and_unmanaged_folders_are_passed_over(tmp_path: Path) -> None:
    """Neither is a forgotten project."""
    unmanaged = project("b", "[tool.uv]\nmanaged = false\n")
    tree(tmp_path, {".": project("p", members("packages/*")), "packages/b": unmanaged})
    (tmp_path / "packages/.cache").mkdir()
    assert found(tmp_path)[1] == ["p"]


def test_a_folder_with_ignored_files_only_is_no_member(tmp_path: Path) -> None:
    """What an earlier branch left behind must not break the workspace."""
    tree(tmp_path, {".": project("p", members("packages/*"))})
    (tmp_path / ".git").mkdir()
    (tmp_path / ".gitignore").write_text("__pycache__/\n*.log\n!keep.log\n")
    (tmp_path / "packages/old/__pycache__").mkdir(parents=True)
    (tmp_path / "packages/old/__pycache__/x.pyc").touch()
    (tmp_path / "packages/old/x.log").touch()
    assert found(tmp_path)[1] == ["p"]
    (tmp_path / "packages/old/keep.log").touch()
    with pytest.raises(MissingMemberFile, match=r"missing a `pyproject.toml` \(matches: `packages/\*`\)"):
        found(tmp_path)


FAULTS = {
    "twice": ({".": project("p", members("a")), "a": project("p")}, ".", DuplicateMember),
    "nested": ({".": project("p", members("a")), "a": project("a", members("x"))}, ".", NestedWorkspace),
    "no-project": ({".": project("p", members("a")), "a": "[tool.x]\n"}, ".", MissingProjectTable),
    "unmanaged": ({".": project("p", "[tool.uv]\nmanaged = false\n")}, ".", UnmanagedProject),
    "editable": (
        {
            ".": project("p", members("a", "b") + "[tool.uv.sources]\na = { workspace = true, editable = true }\n"),
            "a": project("a"),
            "b": project("b", "[tool.uv.sources]\na = { workspace = true, editable = false }\n"),
        },
        ".",
        ContradictoryEditable,
    ),
}


@pytest.mark.parametrize(("files", "folder", "error"), FAULTS.values(), ids=FAULTS.keys())
def test_broken_workspaces_are_refused(
    tmp_path: Path, files: dict[str, str], folder: str, error: type[MauveError]
) -> None:
    """Each fault has a class of its own, since callers treat them differently."""
    tree(tmp_path, files)
    with pytest.raises(error):
        found(tmp_path, folder)


def test_no_project_at_all_is_an_error(tmp_path: Path) -> None:
    """`run` catches it and goes on without one."""
    with pytest.raises(MissingPyProject):
        discover_workspace(str(tmp_path))


def test_required_members_are_packages(tmp_path: Path) -> None:
    """Somebody depends on it, so it has to be installed, with or without a build system."""
    sources = "[tool.uv.sources]\na = { workspace = true }\n"
    tree(tmp_path, {".": project("p", members("a", "b") + sources), "a": project("a"), "b": project("b")})
    workspace = discover_workspace(str(tmp_path))
    packages = {name: workspace.is_package(member) for name, member in workspace.members.items()}
    assert packages == {"a": True, "b": False, "p": False}


def test_a_project_between_a_member_and_the_root_keeps_the_member_to_itself(tmp_path: Path) -> None:
    """From inside the member, the workspace cannot be seen; so its requirements know no other member."""
    tree(
        tmp_path,
        {".": project("p", members("a", "mid/b")), "a": project("a"), "mid": project("m"), "mid/b": project("b")},
    )
    workspace = discover_workspace(str(tmp_path))
    homes = {name: list(home_of(member, workspace).members) for name, member in workspace.members.items()}
    assert homes == {"a": ["a", "b", "p"], "b": ["b"], "p": ["a", "b", "p"]}


def test_unknown_members_are_named(tmp_path: Path) -> None:
    """`--package` with a typing error."""
    tree(tmp_path, {".": project("p")})
    with pytest.raises(UnknownMember, match="does not have a member zz"):
        discover_workspace(str(tmp_path)).select(package_name("zz"))
