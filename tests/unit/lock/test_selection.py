"""What one environment gets of a lock. Expectations were made with uv and the lockfiles in `fixtures/lockfiles`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from mauve.distributions.resolution import Resolution
from mauve.distributions.sources import DirectorySource, EditableSource, RegistrySource
from mauve.errors import MauveError
from mauve.lock.model import Lock
from mauve.lock.parse import parse_lock
from mauve.lock.selection import ExtrasSelection, GroupsSelection, InstallFilter, Selection, select_resolution
from mauve.resolver.manifest import BuildPolicy
from mauve.standards.markers.environment import MarkerEnvironment
from mauve.standards.names import ExtraName, GroupName, PackageName
from mauve.standards.tags import Tags, tags_for

LOCKFILES = Path(__file__).parents[3] / "fixtures" / "lockfiles"
LINUX = MarkerEnvironment(
    implementation_name="cpython",
    implementation_version="3.12.1",
    os_name="posix",
    platform_machine="x86_64",
    platform_python_implementation="CPython",
    platform_release="6.1.0",
    platform_system="Linux",
    platform_version="#1 SMP",
    python_full_version="3.12.1",
    python_version="3.12",
    sys_platform="linux",
)
P = PackageName("p")


def _tags(minor: int = 12) -> Tags:
    return tags_for(
        implementation="cpython",
        version=(3, minor),
        operating_system="manylinux",
        os_version=(2, 36),
        architecture="x86_64",
    )


def _lock(name: str) -> Lock:
    return parse_lock((LOCKFILES / f"{name}.lock").read_text())


def _select(name: str, environment: MarkerEnvironment = LINUX, minor: int = 12, **more: Any) -> Resolution:
    options = {"roots": (P,), "project": P, "members": frozenset({P}), **more}
    return select_resolution(_lock(name), "/w", environment, _tags(minor), Selection(**options))


def _shown(resolution: Resolution) -> str:
    return " ".join(f"{each.name}=={each.version}" for each in resolution if each.name != P)


def _groups(*names: str, **more: Any) -> GroupsSelection:
    return GroupsSelection(included=frozenset(map(GroupName, names)), **more)


def _extras(*names: str) -> ExtrasSelection:
    return ExtrasSelection(frozenset(map(ExtraName, names)))


@pytest.mark.parametrize(
    ("name", "more", "shown"),
    [
        ("basic", {}, "a==3.0.0 f==2.0.0"),
        ("forks", {}, "a==2.0.0 b==2.0.0 c==1.0.0 e==1.0.0 g==1.0.0"),
        ("extras", {"extras": _extras("zz")}, "a==2.0.0 b==2.0.0 c==1.0.0 d==1.0.0 e==1.0.0"),
        ("groups", {}, "a==3.0.0 c==1.0.0 d==1.0.0"),
        ("groups", {"groups": GroupsSelection(defaults=False)}, "a==3.0.0"),
        ("groups", {"groups": _groups("lint", only=True, defaults=False)}, "c==1.0.0 d==1.0.0"),
        ("groups", {"groups": GroupsSelection(excluded=frozenset({GroupName("lint")}))}, "a==3.0.0 c==1.0.0"),
        ("groups_all", {}, "c==1.0.0 d==1.0.0"),
        ("groups_none", {}, ""),
        ("conflict_extras", {}, "a==2.0.0 b==2.0.0"),
        ("conflict_extras", {"extras": _extras("x")}, "a==1.0.0 b==2.0.0"),
        ("conflict_extras", {"extras": _extras("y")}, "a==2.0.0 b==2.0.0 c==1.0.0 e==1.0.0"),
        ("conflict_groups", {"groups": _groups("inc")}, "a==3.0.0 b==2.0.0 d==1.0.0"),
        ("req_envs", {}, "g==1.0.0 t==1.0.0+cpu"),
    ],
)
def test_the_selection_is_that_of_uv(name: str, more: dict[str, Any], shown: str):
    """Recorded with `sync --dry-run --frozen` on CPython 3.12, Linux."""
    assert _shown(_select(name, **more)) == shown


def test_the_interpreter_decides_between_forks():
    """`f` 3.0.0 needs Python 3.13."""
    environment = structs.replace(LINUX, python_full_version="3.13.0", python_version="3.13")
    assert _shown(_select("basic", environment, 13)) == "a==3.0.0 f==3.0.0"


def test_a_root_without_project_brings_its_groups_and_all_members():
    """As `sync` does there."""
    member = PackageName("m1")
    resolution = _select("virtual_ws", roots=(member,), project=None, members=frozenset({member}))
    assert _shown(resolution) == "a==3.0.0 b==2.0.0 c==1.0.0 e==1.0.0 m1==0.1.0"


def _workspace(**more: Any) -> Resolution:
    members = frozenset(map(PackageName, ("m1", "m2", "m3", "m4", "root")))
    root = PackageName("root")
    return _select("ws", roots=(root,), project=root, own=root, members=members, **more)


@pytest.mark.parametrize(
    ("install", "shown"),
    [
        (InstallFilter(), "a b c m1 m2 m3 root"),
        (InstallFilter(no_project=True), "a b c m1 m2 m3"),
        (InstallFilter(no_workspace=True), "a b c"),
        (InstallFilter(no_local=True), "a b c"),
        (InstallFilter(no_packages=frozenset({PackageName("a")})), "b c m1 m2 m3 root"),
        (InstallFilter(only_workspace=True), "m1 m2 m3 root"),
        (InstallFilter(only_workspace=True, only_project=True), "m1 m2 m3 root"),
        (InstallFilter(only_packages=frozenset({PackageName("a")}), only_workspace=True), "a"),
        (
            InstallFilter(only_workspace=True, no_project=True, no_packages=frozenset({PackageName("m1")})),
            "m1 m2 m3 root",
        ),
        (InstallFilter(only_project=True, no_workspace=True, no_local=True), "root"),
    ],
)
def test_some_are_left_out_although_what_they_require_is_not(install: InstallFilter, shown: str):
    """`--no-install-*` and `--only-install-*`."""
    assert " ".join(each.name for each in _workspace(install=install)) == shown


def test_no_editable_turns_members_into_ordinary_source_trees():
    """Paths become absolute on the way."""
    plain = {each.name: each.source for each in _workspace()}
    assert plain["m2"] == EditableSource("/w/packages/m2")
    copied = {each.name: each.source for each in _workspace(editable=False)}
    assert copied["m2"] == DirectorySource("/w/packages/m2")


def test_single_members_may_be_ordinary_source_trees():
    """`--no-editable-package` is about the packages it names."""
    sources = {each.name: each.source for each in _workspace(no_editable_packages=frozenset({PackageName("m2")}))}
    assert sources["m2"] == DirectorySource("/w/packages/m2")
    others = {name: each for name, each in sources.items() if name != "m2"}
    assert others == {each.name: each.source for each in _workspace() if each.name != "m2"}


def test_the_best_wheel_comes_first_and_the_rest_is_left_out():
    """The lock has eleven wheels of `g`."""
    (wheel,) = next(each for each in _select("forks") if each.name == "g").wheels
    assert wheel.file.filename == "g-1.0.0-cp312-cp312-manylinux_2_17_x86_64.whl"
    assert wheel.file.url.startswith("http://127.0.0.1:8000/files/")
    assert wheel.file.hashes[0].algorithm == "sha256"


def test_files_of_local_indexes_become_urls():
    """The lock has paths relative to the index."""
    (one,) = [each for each in _select("flat") if each.name == "a"]
    assert one.source == RegistrySource("/files", is_path=True)
    assert one.wheels[0].file.url == "file:///files/a-3.0.0-py3-none-any.whl"


def test_a_package_that_may_not_be_installed_from_wheels_is_built():
    """`--no-binary-package`."""
    policy = BuildPolicy(no_binary_packages=frozenset({PackageName("g")}))
    (one,) = [each for each in _select("forks", build=policy) if each.name == "g"]
    assert one.wheels == ()
    assert one.sdist is not None
    assert one.sdist.file.filename == "g-1.0.0.tar.gz"


ERRORS: dict[str, tuple[str, dict[str, Any], str]] = {
    "extras": (
        "conflict_extras",
        {"extras": _extras("x", "y")},
        "Extras `x` and `y` are incompatible with the declared conflicts: {`p[x]`, `p[y]`}",
    ),
    "groups": (
        "conflict_groups",
        {"groups": _groups("z1", "z2")},
        "Groups `z1` and `z2` are incompatible with the conflicts: {`p:z1`, `p:z2`}",
    ),
    "extra and group": (
        "conflict_groups",
        {"groups": _groups("z1"), "extras": _extras("x")},
        "Extra `x` and group `z1` are incompatible with the declared conflicts: {`p[x]`, `p[y]`, `p:z1`}",
    ),
    "projects": (
        "ws_conflict",
        {"roots": (PackageName("m1"), PackageName("m2"))},
        "Package `m1` and package `m2` are incompatible with the declared conflicts: {m1, m2}",
    ),
    "unknown extra": (
        "basic",
        {"extras": _extras("nope")},
        "Extra `nope` is not defined in the `optional-dependencies` table for `p`",
    ),
    "unknown group": (
        "basic",
        {"groups": _groups("nope")},
        "Group `nope` is not defined in the project's `dependency-groups` table",
    ),
    "unknown group of a workspace": (
        "ws_conflict",
        {"roots": (PackageName("m1"),), "project": None, "groups": _groups("nope")},
        "Group `nope` is not defined in any project's `dependency-groups` table",
    ),
    "unknown root": ("basic", {"roots": (PackageName("zz"),)}, "Could not find root package `zz`"),
    "no sdist": (
        "flat",
        {"build": BuildPolicy(no_binary_packages=frozenset({PackageName("c")}))},
        (
            "Distribution `c==1.0.0 @ registry+../files` can't be installed because it is "
            "marked as `--no-binary` but has "
            "no source distribution"
        ),
    ),
}


@pytest.mark.parametrize("case", ERRORS)
def test_what_cannot_be_installed_is_refused_in_the_words_of_uv(case: str):
    """All of them end with status 2."""
    name, more, message = ERRORS[case]
    with pytest.raises(MauveError) as caught:
        _select(name, **more)
    assert str(caught.value) == message
    assert caught.value.status == 2


def test_an_interpreter_outside_the_range_of_the_lock_is_refused():
    """The lock says nothing about it."""
    with pytest.raises(MauveError, match=r"The current Python version \(3\.9\.1\) is not compatible"):
        _select("basic", structs.replace(LINUX, python_full_version="3.9.1"))


def test_a_platform_outside_the_supported_environments_is_refused():
    """`tool.uv.environments` leaves out Windows."""
    with pytest.raises(MauveError, match="The current Python platform is not compatible with the lockfile's"):
        _select("envs", structs.replace(LINUX, sys_platform="win32", os_name="nt"))


HINTS: dict[str, tuple[tuple[str, ...], str]] = {
    "python": (
        ("cp313-cp313-manylinux_2_17_x86_64", "pp311-pypy311_pp73-win32"),
        (
            "You're using CPython 3.12 (`cp312`), but `a` (v1.0) only has wheels with the following Python "
            "implementation tags: `cp313`, `pp311`"
        ),
    ),
    "abi": (
        ("cp312-cp312d-manylinux_2_17_x86_64", "cp313-cp313-win32"),
        (
            "You're using CPython 3.12 (`cp312`), but `a` (v1.0) only has wheels with the following Python ABI tag: "
            "`cp312d`"
        ),
    ),
    "platform": (
        ("cp312-cp312-win32", "cp313-cp313-macosx_11_0_arm64"),
        (
            "You're on Linux (`manylinux_2_36_x86_64`), but `a` (v1.0) only has wheels for the following platform: "
            "`win32`; consider adding \"sys_platform == 'linux' and platform_machine == 'x86_64'\" to "
            "`tool.uv.required-environments` to ensure uv resolves to a version with compatible wheels"
        ),
    ),
}


@pytest.mark.parametrize("case", HINTS)
def test_a_hint_says_which_part_of_the_tags_does_not_fit(case: str):
    """That of the wheel which is nearest to fitting."""
    tags, hint = HINTS[case]
    wheels = "".join(f'    {{ path = "a-1.0-{tag}.whl" }},\n' for tag in tags)
    text = (
        'version = 1\nrevision = 5\nrequires-python = ">=3.11"\n\n[[package]]\nname = "a"\nversion = "1.0"\n'
        f'source = {{ registry = "wheels" }}\nwheels = [\n{wheels}]\n\n[[package]]\nname = "p"\n'
        'version = "0.1.0"\nsource = { virtual = "." }\ndependencies = [\n    { name = "a" },\n]\n'
    )
    with pytest.raises(MauveError) as caught:
        select_resolution(parse_lock(text), "/w", LINUX, _tags(), Selection(roots=(P,)))
    assert caught.value.hints() == (hint,)
