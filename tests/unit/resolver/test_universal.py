"""Whole resolutions over a universe in memory: what is chosen, where it is split, and with how much effort."""

from __future__ import annotations

import pytest
from tests.support.universe import OTHER_INDEX, Universe, edges, forks, requirement, versions

from mauve.distributions.conflicts import ConflictItem, Conflicts, ConflictSet
from mauve.resolver.errors import NoSolution
from mauve.resolver.manifest import (
    ExcludeNewer,
    ForkStrategy,
    PrereleaseMode,
    ResolutionMode,
    ResolverOptions,
    ScopedExclude,
    ScopedOverride,
)
from mauve.resolver.manifest import PackageScope as Scope
from mauve.resolver.preferences import Preference, Preferences
from mauve.standards.cutoffs import Cutoff
from mauve.standards.markers.parse import parse_marker
from mauve.standards.names import extra_name, package_name
from mauve.standards.versions import parse_version


def prefer(name: str, version: str) -> Preferences:
    """Return the preferences of an old lock that chose *version*."""
    return Preferences((Preference(name=package_name(name), version=parse_version(version)),))


def test_the_newest_versions_are_chosen() -> None:
    """Nothing is in the way: one version of each, every metadata read once."""
    universe = Universe().add("a", "1.0").add("a", "2.0", ["b>=1"]).add("b", "1.0").add("b", "1.5")
    assert versions(universe.resolve(["a"])) == {"a": ["2.0"], "b": ["1.5"]}
    assert universe.asked == [("a", "2.0"), ("b", "1.5")]


def test_an_older_version_is_chosen_if_a_newer_one_contradicts() -> None:
    """What was decided first stays; the later package gives way."""
    universe = Universe().add("a", "1.0", ["c<2"]).add("b", "1.0").add("b", "2.0", ["c>=2"])
    universe.add("c", "1.0").add("c", "2.0")
    assert versions(universe.resolve(["a", "b"])) == {"a": ["1.0"], "b": ["1.0"], "c": ["1.0"]}


def test_a_package_that_was_often_in_the_way_keeps_its_turn_until_something_is_learnt_about_it() -> None:
    """Five versions of `a` fail because of `c`, which moves up; nothing is new about it, so `b` is still before it."""
    universe = Universe().add("a", "1.0")
    for version in range(2, 8):
        universe.add("a", f"{version}.0", ["c<1"])
    universe.add("b", "1.0").add("b", "2.0", ["c<=1"]).add("c", "0.5").add("c", "1.0").add("c", "2.0")
    graph = universe.resolve(["a", "b", "c>=1"])
    assert versions(graph) == {"a": ["1.0"], "b": ["2.0"], "c": ["1.0"]}


def test_siblings_with_markers_split_the_resolution() -> None:
    """Only requirements of one package split; the fork with an upper bound is solved first."""
    universe = Universe().add("a", "1.0").add("a", "2.0")
    graph = universe.resolve(["a<2 ; sys_platform == 'win32'", "a>=2 ; sys_platform != 'win32'"])
    assert forks(graph) == ["sys_platform == 'win32'", "sys_platform != 'win32'"]
    assert edges(graph) == [
        "project 0.1.0 -> a 1.0 ; sys_platform == 'win32'",
        "project 0.1.0 -> a 2.0 ; sys_platform != 'win32'",
    ]


def test_files_of_a_later_moment_do_not_exist() -> None:
    """Those without a time were always there."""
    universe = Universe().add("a", "1.0", uploaded=1).add("a", "2.0", uploaded=5).add("b", "1.0", uploaded=None)
    graph = universe.resolve(["a", "b"], options=ResolverOptions(published_before=5))
    assert versions(graph) == {"a": ["1.0"], "b": ["1.0"]}


def test_a_cut_off_stands_in_place_of_the_moment_of_publication() -> None:
    """Who says what may be used says what is there."""
    universe = Universe().add("a", "1.0", uploaded=1).add("a", "2.0", uploaded=5).add("a", "3.0", uploaded=9)
    options = ResolverOptions(published_before=5, exclude_newer=ExcludeNewer(Cutoff(9, "1970-01-01T00:00:00.009Z")))
    assert versions(universe.resolve(["a"], options=options)) == {"a": ["2.0"]}


def test_distant_packages_with_markers_do_not_split() -> None:
    """Forks arise between siblings only; elsewhere a contradiction stays a contradiction."""
    universe = Universe().add("a", "1.0").add("a", "2.0").add("b", "1.0", ["a<2 ; sys_platform == 'win32'"])
    universe.add("c", "1.0", ["a>=2 ; sys_platform != 'win32'"])
    with pytest.raises(NoSolution):
        universe.resolve(["b", "c"])


def test_a_version_that_needs_a_newer_python_splits_over_it() -> None:
    """Newer Pythons get the newest version and are solved first."""
    universe = Universe().add("a", "1.0").add("a", "2.0", python=">=3.11").add("a", "3.0", python=">=3.12")
    graph = universe.resolve(["a"], python=">=3.10")
    assert forks(graph) == [
        "python_full_version >= '3.12'",
        "python_full_version == '3.11.*'",
        "python_full_version < '3.11'",
    ]
    assert versions(graph) == {"a": ["1.0", "2.0", "3.0"]}


def test_fewest_takes_one_version_for_all_pythons() -> None:
    """With `fewest` a version for newer Pythons is passed over."""
    universe = Universe().add("a", "1.0").add("a", "2.0", python=">=3.12")
    options = ResolverOptions(fork_strategy=ForkStrategy.FEWEST)
    assert versions(universe.resolve(["a"], options=options)) == {"a": ["1.0"]}


def test_later_forks_follow_earlier_ones() -> None:
    """A version that fits is reused, so that a lock has as few versions as possible."""
    universe = Universe().add("x", "1.0").add("x", "2.0").add("a", "1.0").add("a", "2.0")
    graph = universe.resolve(["x<2 ; os_name == 'nt'", "x>=2 ; os_name != 'nt'", "a<2 ; os_name == 'nt'", "a"])
    assert versions(graph)["a"] == ["1.0"]


def test_an_extra_brings_its_requirements_and_the_package_itself() -> None:
    """Proxies vanish; what remains is an edge to the extra and one to its package."""
    universe = Universe().add("a", "1.0", ["b ; extra == 'x'", "c"], extras=["x"]).add("b", "1.0").add("c", "1.0")
    assert edges(universe.resolve(["a[x]"])) == [
        "a 1.0 -> c 1.0",
        "a[x] 1.0 -> b 1.0",
        "project 0.1.0 -> a 1.0",
        "project 0.1.0 -> a[x] 1.0",
    ]


def test_an_extra_of_an_extra_is_flattened() -> None:
    """A package may require its own extras."""
    universe = (
        Universe().add("a", "1.0", ["a[y] ; extra == 'x'", "b ; extra == 'y'"], extras=["x", "y"]).add("b", "1.0")
    )
    assert "a[x] 1.0 -> b 1.0" in edges(universe.resolve(["a[x]"]))


def test_a_missing_extra_is_a_warning() -> None:
    """The resolution succeeds, and the user hears of it."""
    graph = Universe().add("a", "1.0").resolve(["a[nope]"])
    assert [warning.text for warning in graph.warnings] == ["The package `a==1.0` does not have an extra named `nope`"]


@pytest.mark.parametrize(
    ("mode", "texts", "chosen"),
    [
        (PrereleaseMode.IF_NECESSARY, "a", "1.0"),
        (PrereleaseMode.IF_NECESSARY, "a>=1.1", "2.0a1"),
        (PrereleaseMode.IF_NECESSARY, "a>=2.0a1", "2.0a1"),
        (PrereleaseMode.ALLOW, "a", "2.0a1"),
        (PrereleaseMode.EXPLICIT, "a>1,<3", None),
        (PrereleaseMode.EXPLICIT, "a>=2.0a1", "2.0a1"),
        (PrereleaseMode.DISALLOW, "a>=2.0a1", None),
    ],
)
def test_prereleases_follow_the_mode(mode: PrereleaseMode, texts: str, chosen: str | None) -> None:
    """Stable versions go first; what happens without one depends on the mode."""
    universe = Universe().add("a", "1.0").add("a", "2.0a1")
    options = ResolverOptions(prerelease=mode)
    if chosen is None:
        with pytest.raises(NoSolution):
            universe.resolve([texts], options=options)
    else:
        assert versions(universe.resolve([texts], options=options)) == {"a": [chosen]}


def test_lowest_takes_the_oldest_and_lowest_direct_only_for_direct_requirements() -> None:
    """The modes differ for what is not asked for directly."""
    universe = Universe().add("a", "1.0", ["b"]).add("a", "2.0", ["b"]).add("b", "1.0").add("b", "2.0")
    lowest = universe.resolve(["a"], options=ResolverOptions(resolution=ResolutionMode.LOWEST))
    assert versions(lowest) == {"a": ["1.0"], "b": ["1.0"]}
    direct = universe.resolve(["a"], options=ResolverOptions(resolution=ResolutionMode.LOWEST_DIRECT))
    assert versions(direct) == {"a": ["1.0"], "b": ["2.0"]}


def test_yanked_version_is_used_when_pinned_exactly() -> None:
    """PEP 592: a pin is the only way to a yanked version, and it is warned about."""
    universe = Universe().add("a", "1.0").add("a", "2.0", yanked="broken")
    assert versions(universe.resolve(["a"])) == {"a": ["1.0"]}
    graph = universe.resolve(["a==2.0"])
    assert versions(graph) == {"a": ["2.0"]}
    assert [warning.text for warning in graph.warnings] == ['`a==2.0` is yanked (reason: "broken")']


def test_yanked_version_is_kept_if_the_old_lock_has_it() -> None:
    """A lock does not change because somebody yanked a file."""
    universe = Universe().add("a", "1.0").add("a", "2.0", yanked="")
    assert versions(universe.resolve(["a"], preferences=prefer("a", "2.0"))) == {"a": ["2.0"]}


def test_an_old_version_is_kept_while_it_fits() -> None:
    """Preferences are not constraints."""
    universe = Universe().add("a", "1.0").add("a", "2.0")
    assert versions(universe.resolve(["a"], preferences=prefer("a", "1.0"))) == {"a": ["1.0"]}
    assert versions(universe.resolve(["a>1"], preferences=prefer("a", "1.0"))) == {"a": ["2.0"]}


def test_files_behind_the_cutoff_do_not_exist() -> None:
    """Equal to the cut-off is behind it, and a file without a time counts as behind."""
    universe = Universe().add("a", "1.0", uploaded=99).add("a", "2.0", uploaded=100).add("a", "3.0", uploaded=None)
    options = ResolverOptions(exclude_newer=ExcludeNewer(everything=Cutoff(100, "")))
    assert versions(universe.resolve(["a"], options=options)) == {"a": ["1.0"]}
    exempt = ResolverOptions(exclude_newer=ExcludeNewer(Cutoff(100, ""), {package_name("a"): None}))
    assert versions(universe.resolve(["a"], options=exempt)) == {"a": ["3.0"]}


def test_a_constraint_narrows_but_does_not_introduce() -> None:
    """`constraint-dependencies`."""
    universe = Universe().add("a", "1.0").add("a", "2.0").add("b", "1.0")
    graph = universe.resolve(["a"], constraints=(requirement("a<2"), requirement("b")))
    assert versions(graph) == {"a": ["1.0"]}


def test_an_override_replaces_marker_and_range() -> None:
    """`override-dependencies` are taken as a whole."""
    universe = Universe().add("a", "1.0", ["b>=2 ; sys_platform == 'win32'"]).add("b", "1.0").add("b", "2.0")
    graph = universe.resolve(["a"], overrides=(requirement("b<2"),))
    assert edges(graph) == ["a 1.0 -> b 1.0", "project 0.1.0 -> a 1.0"]


def test_a_scoped_override_and_an_exclusion_apply_to_their_parent() -> None:
    """Other parents keep what they require."""
    universe = (
        Universe().add("a", "1.0", ["c>=2"]).add("b", "1.0", ["c", "d"]).add("c", "1.0").add("c", "2.0").add("d", "1.0")
    )
    scoped = ScopedOverride(Scope(package_name("a")), (requirement("c<2"),))
    graph = universe.resolve(["a", "b"], scoped_overrides=(scoped,), excludes=(package_name("d"),))
    assert versions(graph) == {"a": ["1.0"], "b": ["1.0"], "c": ["1.0"]}


def test_what_is_said_of_one_version_replaces_what_is_said_of_all() -> None:
    """Several entries of one kind are one."""
    universe = Universe().add("a", "1.0", ["x>1", "y", "z"]).add("a", "2.0", ["x>1", "y", "z"])
    universe.add("x", "1.0").add("x", "2.0").add("y", "1.0").add("z", "1.0")
    exact, every = Scope(package_name("a"), parse_version("1")), Scope(package_name("a"))
    excludes = tuple([ScopedExclude(scope, (package_name(name),)) for scope, name in ((exact, "y"), (every, "z"))])
    assert set(versions(universe.resolve(["a<2"], scoped_excludes=excludes))) == {"a", "x", "z"}
    assert set(versions(universe.resolve(["a"], scoped_excludes=excludes))) == {"a", "x", "y"}
    nothing = ScopedExclude(exact, ())
    assert set(versions(universe.resolve(["a<2"], scoped_excludes=(nothing, excludes[1])))) == {"a", "x", "y", "z"}
    overrides = tuple([ScopedOverride(every, (requirement(text),)) for text in ("x==1", "y ; python_version < '3'")])
    assert versions(universe.resolve(["a"], scoped_overrides=overrides)) == {"a": ["2.0"], "x": ["1.0"], "z": ["1.0"]}
    overrides = (*overrides, ScopedOverride(exact, (requirement("x==2"),)))
    chosen = versions(universe.resolve(["a<2"], scoped_overrides=overrides))
    assert chosen == {"a": ["1.0"], "x": ["2.0"], "y": ["1.0"], "z": ["1.0"]}


def test_a_pinned_index_is_asked_instead_of_the_others() -> None:
    """An explicit index serves only what is pinned to it."""
    universe = Universe().add("a", "9.0").add("a", "1.0", index=OTHER_INDEX)
    assert versions(universe.resolve([requirement("a", OTHER_INDEX)])) == {"a": ["1.0"]}


def test_conflicting_extras_are_resolved_apart() -> None:
    """With the items out, with each of them in; the last one first."""
    universe = Universe().add("a", "1.0").add("a", "2.0")
    items = (
        ConflictItem(package_name("project"), extra_name("x")),
        ConflictItem(package_name("project"), extra_name("y")),
    )
    graph = universe.resolve([], extras={"x": ["a<2"], "y": ["a>=2"]}, conflicts=Conflicts((ConflictSet(items),)))
    assert versions(graph) == {"a": ["1.0", "2.0"]}
    assert len(graph.fork_markers) == 3
    assert "project[x] 0.1.0 -> a 1.0" in edges(graph)


def test_a_required_environment_splits_off_where_the_newest_version_has_no_wheel() -> None:
    """Versions without source distribution must cover what is required, or share with an older one."""
    universe = Universe().add("a", "1.0").add("a", "2.0", tags=["py3-none-win_amd64"])
    graph = universe.resolve(["a"], required_environments=(parse_marker("sys_platform == 'linux'"),))
    assert forks(graph) == ["sys_platform == 'win32'", "sys_platform != 'win32'"]
    assert versions(graph) == {"a": ["1.0", "2.0"]}


def test_a_local_version_shares_with_the_plain_one_where_it_has_no_wheel() -> None:
    """As for PyTorch: `+cpu` on Linux, the plain version on macOS."""
    universe = Universe().add("t", "1.0", tags=["py3-none-macosx_11_0_arm64"])
    universe.add("t", "1.0+cpu", tags=["py3-none-manylinux_2_17_x86_64"])
    assert versions(universe.resolve(["t"])) == {"t": ["1.0", "1.0+cpu"]}


def test_wheels_for_newer_pythons_do_not_serve_a_fork_for_older_ones() -> None:
    """A fork is judged by its own upper bound, the project by its lower one."""
    universe = Universe().add("a", "1.0").add("a", "2.0", tags=["cp311-cp311-win_amd64"])
    universe.add("x", "1.0").add("x", "2.0")
    requires = ["x<2 ; python_version < '3.11'", "x>=2 ; python_version >= '3.11'", "a"]
    assert versions(universe.resolve(requires)) == {"a": ["1.0", "2.0"], "x": ["1.0", "2.0"]}


def test_old_forks_are_taken_up_again() -> None:
    """So a small change of the project leaves the shape of its lock as it was."""
    universe = Universe().add("a", "1.0")
    markers = (parse_marker("python_version >= '3.12'"), parse_marker("python_version < '3.12'"))
    assert forks(universe.resolve(["a"], preferences=Preferences(fork_markers=markers))) == [
        "python_full_version >= '3.12'",
        "python_full_version < '3.12'",
    ]


def test_a_failure_carries_all_that_a_report_needs() -> None:
    """The text is made elsewhere, from these values alone."""
    universe = Universe().add("a", "1.0").add("a", "2.0", yanked="bad")
    with pytest.raises(NoSolution) as failure:
        universe.resolve(["a>1", "missing"])
    error = failure.value
    assert str(error) == "No solution found when resolving dependencies"
    assert [version.text for version in error.available[package_name("a")]] == ["1.0", "2.0"]
    assert parse_version("2.0") in error.unavailable_versions[package_name("a")]
