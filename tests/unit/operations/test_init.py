"""Creating projects: which decisions are made, and what happens to a workspace above."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support.project import write_project

from mauve.operations.init import (
    AuthorSource,
    ExistingProject,
    FailedDiscovery,
    InitOutcome,
    InitRequest,
    Membership,
    PythonChoice,
    init_project,
    init_script,
)
from mauve.project.init import Author
from mauve.project.workspace import Workspace


class Repositories:
    """A version control system in memory."""

    def __init__(self, inside: bool = False) -> None:
        self.inside = inside
        self.created: list[str] = []

    def is_inside(self, folder: str) -> bool:
        """Answer as told."""
        return self.inside

    def create(self, folder: str) -> bool:
        """Keep the folder."""
        self.created.append(folder)
        return True

    def author(self, folder: str) -> Author:
        """Return somebody."""
        return Author("N")


def choose(folder: str, workspace: Workspace | None, *, pins: bool) -> PythonChoice:
    return PythonChoice(">=3.12", "3.12" if pins else None)


def init(root: Path, repositories: Repositories | None = None, **options) -> InitOutcome:
    root.mkdir(exist_ok=True)
    return init_project(InitRequest(directory=str(root), **options), choose, repositories or Repositories())


def files(root: Path) -> set[str]:
    return {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}


def test_a_project_gets_a_repository_and_a_pin(tmp_path: Path) -> None:
    """The default is a complete start."""
    repositories = Repositories()
    outcome = init(tmp_path / "foo", repositories)
    assert outcome.lines() == ("Initialized project `foo`",)
    assert files(tmp_path / "foo") == {
        ".gitignore",
        ".python-version",
        "README.md",
        "pyproject.toml",
        "src/foo/__init__.py",
    }
    assert repositories.created == [str(tmp_path / "foo")]


@pytest.mark.parametrize(
    ("options", "inside", "created"),
    [
        ({}, True, False),
        ({"uses_git": False}, False, False),
        ({"is_bare": True}, False, False),
        ({"is_bare": True, "uses_git": True}, False, True),
    ],
    ids=["inside-another", "refused", "bare", "bare-but-wanted"],
)
def test_repositories_are_made_where_they_make_sense(
    tmp_path: Path, options: dict, inside: bool, created: bool
) -> None:
    """Nested repositories are never made."""
    repositories = Repositories(inside)
    init(tmp_path / "foo", repositories, **options)
    assert (bool(repositories.created), (tmp_path / "foo/.gitignore").exists()) == (created, created)


@pytest.mark.parametrize(
    ("options", "expected"),
    [({}, True), ({"is_package": False}, False), ({"author_source": AuthorSource.NONE}, False)],
    ids=["package", "unpackaged", "refused"],
)
def test_authors_are_for_packages(tmp_path: Path, options: dict, expected: bool) -> None:
    """A folder of scripts has no metadata to publish."""
    init(tmp_path / "foo", **options)
    assert ("authors" in (tmp_path / "foo/pyproject.toml").read_text()) is expected


def test_a_project_joins_the_workspace_above(tmp_path: Path) -> None:
    """The pattern is the path below the root."""
    path = write_project(tmp_path, 'requires-python = ">=3.11"\n')
    outcome = init(tmp_path, path="libs/foo")
    assert outcome.membership is Membership.ADDED
    assert 'members = [\n    "libs/foo",\n]' in path.read_text()


@pytest.mark.parametrize(
    ("table", "membership"),
    [('members = ["libs/*"]\n', Membership.ALREADY), ('exclude = ["libs/*"]\n', Membership.EXCLUDED)],
)
def test_a_workspace_that_has_decided_is_not_edited(tmp_path: Path, table: str, membership: Membership) -> None:
    """Its patterns say it all."""
    path = write_project(tmp_path, f"[tool.uv.workspace]\n{table}")
    before = path.read_bytes()
    assert init(tmp_path, path="libs/foo").membership is membership
    assert path.read_bytes() == before


def test_what_is_above_may_be_passed_over(tmp_path: Path) -> None:
    """`--no-workspace`, and the advice to use it."""
    (tmp_path / "pyproject.toml").write_text("[tool.x]\n")
    with pytest.raises(FailedDiscovery, match="use `uv init --no-workspace` to ignore"):
        init(tmp_path, path="foo")
    assert init(tmp_path, path="foo", joins_workspace=False).membership is None


def test_an_existing_project_is_not_overwritten(tmp_path: Path) -> None:
    """Its file may be all there is."""
    write_project(tmp_path)
    with pytest.raises(ExistingProject, match=r"because `pyproject.toml` already exists"):
        init(tmp_path)


def test_scripts_are_created_or_completed(tmp_path: Path) -> None:
    """A shebang that passes over the block is told."""
    request = InitRequest(directory=str(tmp_path), path="tools/s.py")
    assert init_script(request, lambda folder: ">=3.12").shebang is None
    assert 'print("Hello from s.py!")' in (tmp_path / "tools/s.py").read_text()
    (tmp_path / "t.py").write_text("#!/usr/bin/env python3\nprint(1)\n")
    request = InitRequest(directory=str(tmp_path), path="t.py")
    assert init_script(request, lambda folder: ">=3.12").shebang == "#!/usr/bin/env python3"
