"""Why resolutions fail, word for word: argument, hints and headline."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests.support.universe import OTHER_INDEX, Universe, requirement

from mauve.distributions.conflicts import ConflictItem, Conflicts, ConflictSet
from mauve.resolver.errors import NoSolution
from mauve.resolver.manifest import BuildPolicy, ExcludeNewer, ForkStrategy, PrereleaseMode, ResolverOptions
from mauve.standards.cutoffs import Cutoff
from mauve.standards.markers.environment import MarkerEnvironment
from mauve.standards.markers.parse import parse_marker
from mauve.standards.names import extra_name, package_name

if TYPE_CHECKING:
    from collections.abc import Sequence

UNSATISFIABLE = "we can conclude that your project's requirements are unsatisfiable."
CURRENT = MarkerEnvironment(
    implementation_name="cpython",
    implementation_version="3.11.7",
    os_name="posix",
    platform_machine="x86_64",
    platform_python_implementation="CPython",
    platform_release="6.1",
    platform_system="Linux",
    platform_version="#1",
    python_full_version="3.11.7",
    python_version="3.11",
    sys_platform="linux",
)


def world() -> Universe:
    """Return packages that are at odds."""
    universe = Universe()
    for version in ("1.0.0", "2.0.0", "2.1.0a1"):
        universe.add("a", version)
    universe.add("needs-a1", "1.0.0", ["a==1.0.0"]).add("needs-a2", "1.0.0", ["a==2.0.0"])
    universe.add("b", "1.0.0").add("b", "2.0.0", ["a>=1"])
    universe.add("c", "1.0.0").add("c", "2.0.0", python=">=3.12")
    universe.add("e", "1.0.0").add("e", "1.1.0", yanked="broken.")
    universe.add("old", "1.0.0", tags=("cp39-cp39-win_amd64", "cp38-cp38-win_amd64"))
    universe.add("pre", "1.0.0b1").add("pre", "1.0.0b2")
    universe.add("extra", "1.0.0", ["a<2 ; extra == 'x'"], extras=("x",))
    universe.add("late", "1.0.0", uploaded=0).add("late", "2.0.0", uploaded=1_700_000_000_000)
    universe.add("shadow", "1.0.0", ["project==5"])
    for major in range(1, 6):
        universe.add("many", f"{major}.0", ["a==1.0.0" if major in {2, 3, 5} else "a==2.1.0a1"])
    universe.add("selfish", "1.0.0", ["selfish>=2"])
    for major in range(1, 5):
        universe.add("odd", f"{major}.0", ["a==1.0.0"] if major == 2 else [], yanked=None if major == 2 else "")
    return universe


def failure(requires: Sequence[Any], **more: Any) -> NoSolution:
    """Return why *requires* cannot be had."""
    with pytest.raises(NoSolution) as caught:
        world().resolve(requires, **{"python": ">=3.11", **more})
    assert str(caught.value.__cause__) == caught.value.report.argument
    return caught.value


@pytest.mark.parametrize(
    ("requires", "expected"),
    [
        (
            ["nope"],
            f"Because nope was not found in the package registry and your project depends on nope, {UNSATISFIABLE}",
        ),
        (["a>=5"], f"Because only a<=2.1.0a1 is available and your project depends on a>=5, {UNSATISFIABLE}"),
        (["a==7"], f"Because there is no version of a==7 and your project depends on a==7, {UNSATISFIABLE}"),
        (["a<1,>2"], "your project depends on a<1 and a>2, which are incompatible"),
        (["a==1.0.0", "a==2.0.0"], f"Because your project depends on a==1.0.0 and a==2.0.0, {UNSATISFIABLE}"),
        (
            ["needs-a1", "needs-a2"],
            (
                "Because all versions of needs-a2 depend on a==2.0.0 and all versions of needs-a1 depend on "
                "a==1.0.0, we can "
                "conclude that all versions of needs-a1 and all versions of needs-a2 are incompatible.\n"
                f"And because your project depends on needs-a1 and needs-a2, {UNSATISFIABLE}"
            ),
        ),
        (
            ["e>1"],
            (
                "Because e==1.1.0 was yanked (reason: broken) and only the following versions of e are available:\n"
                "    e<=1\n"
                "    e==1.1.0\n"
                "we can conclude that e>1 cannot be used.\n"
                f"And because your project depends on e>1, {UNSATISFIABLE}"
            ),
        ),
        (
            ["extra[x]", "a>=2"],
            (
                "Because all versions of extra[x] depend on a<2 and your project depends on a>=2, we can "
                "conclude that your "
                "project and all versions of extra[x] are incompatible.\n"
                f"And because your project depends on extra[x], {UNSATISFIABLE}"
            ),
        ),
        (
            ["many", "a==2.0.0"],
            (
                "Because all of:\n"
                "    many>=2.0,<=3.0\n"
                "    many>=5.0\n"
                "depend on a==1.0.0 and all of:\n"
                "    many<=1.0\n"
                "    many==4.0\n"
                "depend on a==2.1.0a1, we can conclude that all versions of many depend on one of:\n"
                "    a<=1.0.0\n"
                "    a>=2.1.0a1\n\n"
                f"And because your project depends on a==2.0.0 and many, {UNSATISFIABLE}"
            ),
        ),
        (
            ["selfish"],
            (
                "Because all versions of selfish have incompatible dependencies on themselves and your project depends "
                f"on selfish, {UNSATISFIABLE}"
            ),
        ),
        (
            ["odd", "a==2.0.0"],
            (
                "Because all of:\n"
                "    odd<=1.0\n"
                "    odd>=3.0\n"
                " were yanked and odd==2.0 depends on a==1.0.0, we can conclude that all versions of odd depend on "
                "a==1.0.0.\n"
                f"And because your project depends on a==2.0.0 and odd, {UNSATISFIABLE}"
            ),
        ),
        (["project>5"], f"Because your project has an incompatible dependency on itself, {UNSATISFIABLE}"),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) < 30 else None,
)
def test_arguments(requires: list[str], expected: str) -> None:
    """One world, many ways to fail."""
    assert failure(requires).report.argument == expected


def test_extras_and_groups_of_the_project_are_named() -> None:
    """The root requires them all; their parents are told by name."""
    argument = failure([], extras={"q": ["needs-a1"]}, groups={"g": ["a>4"]}).report.argument
    assert argument.split("\n") == [
        (
            "Because all versions of needs-a1 depend on a==1.0.0 and project:g depends on a>4, we can conclude "
            "that all "
            "versions of needs-a1 and project:g are incompatible."
        ),
        "And because project[q] depends on needs-a1, we can conclude that project:g and project[q] are incompatible.",
        f"And because your project requires project[q] and project:g, {UNSATISFIABLE}",
    ]


def test_a_constraint_is_told_as_a_dependency() -> None:
    """Both bounds come from the version that has the requirement."""
    argument = failure(["b>=2"], constraints=(requirement("a<1"),)).report.argument
    assert argument.startswith(
        "Because b>=2.0.0 depends on a>=1 and a<1, we can conclude that b>=2.0.0 cannot be used."
    )


def test_a_python_that_is_too_old_is_told_with_advice() -> None:
    """The version depends on Python like on anything else."""
    error = failure(["c==2.0.0"], options=ResolverOptions(fork_strategy=ForkStrategy.FEWEST))
    assert error.report.argument.startswith(
        "Because the requested Python version (>=3.11) does not satisfy Python>=3.12 and c==2.0.0 depends on "
        "Python>=3.12, we can conclude that c==2.0.0 cannot be used."
    )
    assert error.hints() == (
        (
            "The `requires-python` value (>=3.11) includes Python versions that are not supported by your dependencies "
            "(e.g., c==2.0.0 only supports >=3.12). Consider using a more restrictive `requires-python` value "
            "(like >=3.12)."
        ),
    )


def test_wheels_for_other_pythons_are_listed() -> None:
    """The argument names a tag that would do, the hint those that exist, the oldest first."""
    error = failure(["old"])
    assert "has no wheels with a matching Python version tag (e.g., `cp311`)" in error.report.argument
    assert error.hints() == (
        "Wheels are available for `old` (v1.0.0) with the following Python ABI tags: `cp38`, `cp39`",
    )


@pytest.mark.parametrize(
    ("requires", "options", "hint"),
    [
        (
            "pre",
            ResolverOptions(prerelease=PrereleaseMode.DISALLOW),
            (
                "Pre-releases are available for `pre` in the requested range (e.g., 1.0.0b2), but pre-releases "
                "weren't enabled "
                "(try: `--prerelease=allow`)"
            ),
        ),
        (
            "a>=2.1a1",
            ResolverOptions(prerelease=PrereleaseMode.DISALLOW),
            (
                "`a` was requested with a pre-release marker (e.g., a>=2.1a1), but pre-releases weren't enabled (try: "
                "`--prerelease=allow`)"
            ),
        ),
        (
            "a",
            ResolverOptions(build=BuildPolicy(no_binary=True)),
            (
                "A source distribution is required for `a` because using pre-built wheels is disabled for all "
                "packages (i.e., "
                "with `--no-binary`)"
            ),
        ),
        (
            "a",
            ResolverOptions(build=BuildPolicy(no_binary_packages=frozenset({package_name("a")}))),
            (
                "A source distribution is required for `a` because using pre-built wheels is disabled for `a` "
                "(i.e., with "
                "`--no-binary-package a`)"
            ),
        ),
        (
            "late>=1.5",
            ResolverOptions(exclude_newer=ExcludeNewer(everything=Cutoff(1_600_000_000_000, "2020-09-13T12:26:40Z"))),
            (
                "`late` was filtered by `exclude-newer` to only include packages uploaded before "
                "2020-09-13T12:26:40Z. The "
                "latest version satisfying the requirement is v2.0.0, published at 2023-11-14T22:13:20Z. "
                "Consider using "
                "`exclude-newer-package` to override the cutoff for this package."
            ),
        ),
        (
            "shadow",
            ResolverOptions(),
            (
                "The package `shadow` depends on the package `project` but the name is shadowed by your "
                "project. Consider "
                "changing the name of the project."
            ),
        ),
    ],
)
def test_hints(requires: str, options: ResolverOptions, hint: str) -> None:
    """What can be done is told below the argument."""
    assert failure([requires], options=options).hints() == (hint,)


def test_a_fork_is_named_and_the_running_python_set_against_it() -> None:
    """The headline says where it failed; the hint why the user's own machine is not affected."""
    error = failure(["a==1.0.0 ; python_version < '3.12'", "a==7 ; python_version >= '3.12'"])
    error.current = CURRENT
    assert (
        str(error) == "No solution found when resolving dependencies for split (markers: python_full_version >= '3.12')"
    )
    assert error.hints()[0].startswith("While the active Python version is 3.11, the resolution failed for other")


def test_a_fork_for_another_platform_is_told() -> None:
    """The Python fits, the platform does not."""
    error = failure(["a==7"], environments=(parse_marker("sys_platform == 'win32'"),))
    error.current = CURRENT
    assert error.hints()[0].startswith("The resolution failed for an environment that is not the current one")


def test_conflicting_items_are_named_in_the_headline() -> None:
    """Which extras were in and which were out."""
    name = package_name("project")
    items = (ConflictItem(name, extra_name("x")), ConflictItem(name, extra_name("y")))
    error = failure(
        [], extras={"x": ["needs-a1"], "y": ["needs-a2", "a>3"]}, conflicts=Conflicts((ConflictSet(items),))
    )
    assert str(error).endswith(" for split (included: project[y]; excluded: project[x])")


def test_a_pinned_index_has_no_successor() -> None:
    """Another index would not be asked in any case."""
    universe = world().add("a", "9.0", index=OTHER_INDEX)
    with pytest.raises(NoSolution) as caught:
        universe.resolve([requirement("a<5", OTHER_INDEX)], python=">=3.11")
    assert caught.value.hints() == ()
