"""From what the user wrote to the inputs of a resolution."""

from __future__ import annotations

from pathlib import Path

import pytest

from mauve.distributions.sources import EditableSource, FromDirectory, FromRegistry, VirtualSource
from mauve.errors import ExitStatus, MauveError
from mauve.project.lowering import SourcePolicy
from mauve.project.manifest import BuildMetadata, ManifestValues, assemble_manifest, build_constraints, default_groups
from mauve.project.python_bounds import ConflictingPythons, intersect_bounds, lock_python, python_bounds, tilde_warnings
from mauve.project.workspace import discover_workspace
from mauve.resolver.manifest import Manifest
from mauve.standards.markers.render import render
from mauve.standards.metadata import CoreMetadata
from mauve.standards.names import PackageName, package_name
from mauve.standards.requires_python import RequiresPython
from mauve.standards.specifiers import parse_specifiers
from mauve.standards.versions import parse_version

DEFAULT_POLICY = SourcePolicy()


def no_build(root: str, _name: PackageName, *, is_editable: bool) -> CoreMetadata:
    raise AssertionError(root, is_editable)


def assemble(
    tmp_path: Path, files: dict[str, str], build: BuildMetadata = no_build, policy: SourcePolicy = DEFAULT_POLICY
) -> Manifest:
    for name, text in files.items():
        path = tmp_path / name / "pyproject.toml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    requires_python = RequiresPython.from_specifiers(parse_specifiers(">=3.11"))
    assert requires_python is not None
    values = ManifestValues(requires_python=requires_python, build_metadata=build, sources=policy)
    return assemble_manifest(discover_workspace(str(tmp_path)), values)


def project(rest: str = "", name: str = "p") -> str:
    return f'[project]\nname = "{name}"\nversion = "0.1.0"\n{rest}'


def causes(error: BaseException) -> str:
    lines: list[str] = []
    current: BaseException | None = error
    while current is not None:
        lines.append(str(current))
        current = current.__cause__
    return "\n".join(lines)


def test_static_projects_are_not_built(tmp_path: Path) -> None:
    """A lock of static projects starts no process."""
    text = project('dependencies = ["a>=1"]\n[project.optional-dependencies]\nZz = ["b"]\naa = []\n')
    metadata = assemble(tmp_path, {".": text}).members[0].metadata
    assert [requirement.name for requirement in metadata.requires_dist] == ["a", "b"]
    assert render(metadata.requires_dist[1].marker) == "extra == 'zz'"
    assert metadata.provides_extras == ("zz", "aa")


@pytest.mark.parametrize(
    "rest", ['dynamic = ["dependencies"]\n', 'dependencies = ["a b"]\n'], ids=["dynamic", "malformed"]
)
def test_what_is_not_static_is_built(tmp_path: Path, rest: str) -> None:
    """A requirement that cannot be read is left to the build backend, as uv does."""
    built = CoreMetadata(
        metadata_version="2.1", name=package_name("p"), version=parse_version("9"), requires_dist=("q>1",)
    )

    def build(root: str, name: PackageName, *, is_editable: bool) -> CoreMetadata:
        assert (root, name, is_editable) == (str(tmp_path), "p", False)
        return built

    metadata = assemble(tmp_path, {".": project(rest)}, build=build).members[0].metadata
    assert (metadata.version, [each.name for each in metadata.requires_dist]) == (parse_version("9"), ["q"])


def test_members_are_virtual_unless_somebody_needs_them(tmp_path: Path) -> None:
    """The kind decides what is installed."""
    sources = "[tool.uv.workspace]\nmembers = ['a']\n[tool.uv.sources]\na = { workspace = true }\n"
    manifest = assemble(tmp_path, {".": project('dependencies = ["a"]\n' + sources), "a": project(name="a")})
    assert [type(member.source) for member in manifest.members] == [EditableSource, VirtualSource]
    required = manifest.members[1].metadata.requires_dist[0].source
    assert isinstance(required, FromDirectory)
    assert (required.given, required.editable, required.virtual) == ("a", True, False)


def test_pins_apply_where_they_are_declared(tmp_path: Path) -> None:
    """The rest of the environments gets the package from the usual indexes."""
    text = project(
        'dependencies = ["a>1"]\n[[tool.uv.index]]\nname = "i"\nurl = "http://127.0.0.1/simple"\n'
        '[tool.uv.sources]\na = { index = "i", marker = "sys_platform == \'win32\'" }\n'
    )
    manifest = assemble(tmp_path, {".": text})
    found = [
        (each.source.index, render(each.marker))
        for each in manifest.members[0].metadata.requires_dist
        if isinstance(each.source, FromRegistry)
    ]
    assert found == [("http://127.0.0.1/simple", "sys_platform == 'win32'"), (None, "sys_platform != 'win32'")]
    assert [index.explicit for index in manifest.indexes.indexes] == [True]


def test_sources_can_be_switched_off(tmp_path: Path) -> None:
    """`--no-sources` shows what a published package would see."""
    text = project('dependencies = ["a"]\n[tool.uv.sources]\na = { path = "x" }\n')
    manifest = assemble(tmp_path, {".": text}, policy=SourcePolicy(ignore_all=True))
    assert isinstance(manifest.members[0].metadata.requires_dist[0].source, FromRegistry)


FAULTS = {
    "index": (
        project('dependencies = ["a"]\n[tool.uv.sources]\na = { index = "i" }\n'),
        "Failed to parse entry: `a`\nPackage `a` references an undeclared index: `i`",
    ),
    "group": (
        project('[dependency-groups]\ndev = ["a"]\n[tool.uv.sources]\na = { workspace = true }\n'),
        (
            "Failed to parse entry in group `dev`: `a`\n`a` references a workspace in `tool.uv.sources` (e.g., "
            "`a = { workspace = true }`), but is not a workspace member"
        ),
    ),
    "extra": (
        project('[tool.uv.sources]\na = { path = "x", extra = "e" }\n'),
        (
            "Source entry for `a` only applies to extra `e`, but the `e` extra does not exist. When an extra is "
            'present on a source (e.g., `extra = "e"`), the relevant package must be included in the '
            "`project.optional-dependencies` section for that extra "
            '(e.g., `project.optional-dependencies = { "e" = ["a"] }`).'
        ),
    ),
}


@pytest.mark.parametrize(("text", "expected"), FAULTS.values(), ids=FAULTS.keys())
def test_sources_that_do_not_fit_fail_like_a_build(tmp_path: Path, text: str, expected: str) -> None:
    """Uv reports them as a failed build of the project, with exit code 1."""
    with pytest.raises(MauveError) as caught:
        assemble(tmp_path, {".": text})
    assert causes(caught.value) == f"Failed to build `p @ file://{tmp_path}`\n{expected}"
    assert caught.value.status is ExitStatus.FAILURE


def test_groups_carry_their_python_bound(tmp_path: Path) -> None:
    """The bound is part of every marker, and listed for the group and those that include it."""
    text = project(
        '[dependency-groups]\na = ["x"]\nb = [{ include-group = "a" }]\n'
        '[tool.uv.dependency-groups]\na = { requires-python = ">=3.12" }\n'
    )
    member = assemble(tmp_path, {".": text}).members[0]
    assert {name: render(group[0].marker) for name, group in member.metadata.groups.items()} == {
        "a": "python_full_version >= '3.12'",
        "b": "python_full_version >= '3.12'",
    }
    assert member.group_requires_python == {"a": ">=3.12", "b": ">=3.12"}


def test_environments_are_simplified_and_must_not_overlap(tmp_path: Path) -> None:
    """They become forks, which have to be disjoint."""
    one = project("[tool.uv]\nenvironments = \"sys_platform == 'win32' and python_version >= '3.8'\"\n")
    assert [render(marker) for marker in assemble(tmp_path, {".": one}).environments] == ["sys_platform == 'win32'"]
    both = project("[tool.uv]\nenvironments = [\"sys_platform == 'win32'\", \"os_name == 'nt'\"]\n")
    with pytest.raises(MauveError, match="Supported environments must be disjoint") as caught:
        assemble(tmp_path, {".": both})
    assert caught.value.hints() == ("replace `os_name == 'nt'` with `os_name == 'nt' and sys_platform != 'win32'`",)


def test_conflicts_spread_to_groups_that_include_the_conflicting_one(tmp_path: Path) -> None:
    """Installing the including group installs the conflicting one."""
    text = project(
        '[dependency-groups]\nx = []\ny = []\ninc = [{ include-group = "x" }]\n'
        '[tool.uv]\nconflicts = [[{ group = "y" }, { group = "x" }]]\n'
    )
    sets = assemble(tmp_path, {".": text}).conflicts.sets
    assert [[item.group for item in each.items] for each in sets] == [["x", "y"], ["inc", "y"]]


def test_a_conflict_of_a_virtual_root_needs_a_package(tmp_path: Path) -> None:
    """There is no project that it could mean."""
    with pytest.raises(MauveError, match=r'Expected `package` field in conflicting entry: { extra = "a" }'):
        assemble(tmp_path, {".": '[tool.uv]\nconflicts = [[{ extra = "a" }, { extra = "b" }]]\n'})


def test_build_constraints_are_known_without_a_lock(tmp_path: Path) -> None:
    """A synchronisation of a frozen lock builds under them, too."""
    (tmp_path / "pyproject.toml").write_text(project('[tool.uv]\nbuild-constraint-dependencies = ["setuptools<78"]\n'))
    (constraint,) = build_constraints(discover_workspace(str(tmp_path)))
    assert isinstance(constraint.source, FromRegistry)
    assert (constraint.name, str(constraint.source.specifiers)) == ("setuptools", "<78")


def test_default_groups_must_exist(tmp_path: Path) -> None:
    """Only the implied `dev` may be missing."""
    with pytest.raises(MauveError, match="Default group `nope`"):
        assemble(tmp_path, {".": project("[tool.uv]\ndefault-groups = ['nope']\n")})
    (tmp_path / "pyproject.toml").write_text(project("[dependency-groups]\nx = []\n"))
    assert default_groups(discover_workspace(str(tmp_path)).pyproject) == ()


def test_python_bounds_of_members_are_intersected(tmp_path: Path) -> None:
    """One lock serves every member."""
    files = {
        ".": project('requires-python = "<3.11"\n[tool.uv.workspace]\nmembers = ["a"]\n'),
        "a": project('requires-python = "~=3.11"\n', "a"),
    }
    assemble(tmp_path, files)
    bounds = python_bounds(discover_workspace(str(tmp_path)))
    with pytest.raises(ConflictingPythons, match=r"Found conflicting Python requirements:\n- a: ~=3.11\n- p: <3.11"):
        intersect_bounds(bounds)
    assert "`>=3.11, <4`" in tilde_warnings(bounds)[0]


def test_a_missing_lower_bound_is_warned_of() -> None:
    """Without one every old Python would have to be supported."""
    assert str(lock_python(None, (3, 12)).requires_python) == ">=3.12"
    upper = RequiresPython.from_specifiers(parse_specifiers("<3.13"))
    assert "does not contain a lower bound" in (lock_python(upper, (3, 12)).warning or "")
