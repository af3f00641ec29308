"""Old locks are judged: what changed, how much may be kept, in which words."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import Struct, structs
from tests.support.universe import Universe, requirement

from mauve.lock.freshness import Preferable, Satisfied, Unusable, Verdict, Versions, judge
from mauve.lock.from_resolution import lock_resolution
from mauve.lock.model import Lock
from mauve.lock.parse import parse_lock
from mauve.lock.preferences import preferences_from
from mauve.lock.render import render_lock
from mauve.resolver.manifest import (
    ExcludeNewer,
    ForkStrategy,
    Manifest,
    PrereleaseMode,
    ResolutionMode,
    ResolverOptions,
)
from mauve.resolver.preferences import Preferences
from mauve.resolver.reporter import SilentReporter
from mauve.resolver.universal import resolve
from mauve.standards.cutoffs import Cutoff
from mauve.standards.markers.parse import parse_marker
from mauve.standards.names import GroupName, PackageName

ROOT = "/project"
UNIVERSE = Universe().add("a", "1.0").add("b", "1.0", ["a"]).add("f", "1.0").add("f", "2.0", python=">=3.12")


class _Upgrade(Struct, frozen=True):
    everything: bool = False
    packages: frozenset[PackageName] = frozenset()
    groups: frozenset[GroupName] = frozenset()


def _lock(manifest: Manifest) -> Lock:
    graph = resolve(manifest, UNIVERSE, Preferences(), SilentReporter())
    return parse_lock(render_lock(lock_resolution(graph, manifest, ROOT)))


def _manifest(requires: tuple[str, ...] = ("b",), **more: Any) -> Manifest:
    return UNIVERSE.manifest(requires, **more)


def _judge(lock: Lock, manifest: Manifest, upgrade: _Upgrade = _Upgrade(), **more: Any) -> Verdict:  # noqa: B008
    return judge(lock, manifest, ROOT, upgrade, **more)


def _text(verdict: Verdict) -> str:
    assert not isinstance(verdict, Satisfied)
    return verdict.reason.text


def _cutoff(text: str) -> Cutoff:
    return Cutoff(1, text)


def _options(**more: Any) -> ResolverOptions:
    return ResolverOptions(**more)


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"extras": {"x": ["a"], "empty": []}},
        {"groups": {"dev": ["a"], "empty": []}},
        {"requires": ("f", "b")},
        {"requires": ("a ; python_version >= '3.8'", "b[z,y]>=0.1,<5")},
        {"environments": (parse_marker("sys_platform == 'linux'"), parse_marker("sys_platform == 'win32'"))},
        {"constraints": (requirement("a<3"), requirement("a>=0.5"))},
        {"options": _options(resolution=ResolutionMode.LOWEST, fork_strategy=ForkStrategy.FEWEST)},
    ],
)
def test_nothing_changed(more: dict[str, Any]):
    """Otherwise every `lock` would resolve again."""
    manifest = _manifest(**more)
    assert isinstance(_judge(_lock(manifest), manifest), Satisfied)


CHANGES: dict[str, tuple[dict[str, Any], dict[str, Any], type, str]] = {
    "resolution mode": (
        {},
        {"options": _options(resolution=ResolutionMode.LOWEST)},
        Unusable,
        "Ignoring existing lockfile due to change in resolution mode: `highest` vs. `lowest`",
    ),
    "fork strategy": (
        {},
        {"options": _options(fork_strategy=ForkStrategy.FEWEST)},
        Unusable,
        "Ignoring existing lockfile due to change in fork strategy: `requires-python` vs. `fewest`",
    ),
    "new cut-off": (
        {},
        {"options": _options(exclude_newer=ExcludeNewer(_cutoff("2026-01-02T00:00:00Z")))},
        Preferable,
        "Resolving despite existing lockfile due to addition of global exclude newer 2026-01-02T00:00:00Z",
    ),
    "new span": (
        {},
        {"options": _options(exclude_newer=ExcludeNewer(Cutoff(9, "2026-01-02T00:00:00Z", "P1W")))},
        Preferable,
        "Resolving despite existing lockfile due to addition of global exclude newer 2026-01-02T00:00:00Z",
    ),
    "earlier cut-off": (
        {"options": _options(exclude_newer=ExcludeNewer(_cutoff("2026-01-02T00:00:00Z")))},
        {"options": _options(exclude_newer=ExcludeNewer(_cutoff("2026-01-01T00:00:00Z")))},
        Preferable,
        (
            "Resolving despite existing lockfile due to change of exclude newer timestamp from "
            "`2026-01-02T00:00:00Z` to "
            "`2026-01-01T00:00:00Z`"
        ),
    ),
    "new cut-off of a package": (
        {},
        {"options": _options(exclude_newer=ExcludeNewer(None, {PackageName("a"): _cutoff("2026-01-02T00:00:00Z")}))},
        Preferable,
        "Resolving despite existing lockfile due to addition of exclude newer `2026-01-02T00:00:00Z` for package `a`",
    ),
    "cut-off of a package beside the one of all": (
        {"options": _options(exclude_newer=ExcludeNewer(_cutoff("2026-01-01T00:00:00Z")))},
        {
            "options": _options(
                exclude_newer=ExcludeNewer(
                    _cutoff("2026-01-01T00:00:00Z"), {PackageName("a"): _cutoff("2026-01-02T00:00:00Z")}
                )
            )
        },
        Preferable,
        "Resolving despite existing lockfile due to addition of exclude newer `2026-01-02T00:00:00Z` for package `a`",
    ),
    "a package is no longer exempt": (
        {"options": _options(exclude_newer=ExcludeNewer(None, {PackageName("a"): None}))},
        {},
        Preferable,
        "Resolving despite existing lockfile due to removal of exclude newer for package `a`",
    ),
    "an exempt package gets a cut-off": (
        {"options": _options(exclude_newer=ExcludeNewer(None, {PackageName("a"): None}))},
        {"options": _options(exclude_newer=ExcludeNewer(None, {PackageName("a"): _cutoff("2026-01-02T00:00:00Z")}))},
        Preferable,
        (
            "Resolving despite existing lockfile due to remove exclude newer exclusion (now `2026-01-02T00:00:00Z`) "
            "for package `a`"
        ),
    ),
    "environments": (
        {"environments": (parse_marker("sys_platform == 'linux'"),)},
        {"environments": (parse_marker("sys_platform == 'win32'"),)},
        Versions,
        (
            "Resolving despite existing lockfile due to change in supported environments: "
            "`[sys_platform == 'linux']` vs. "
            "`[sys_platform == 'win32']`"
        ),
    ),
    "Python without forks": (
        {"python": ">=3.9"},
        {"python": ">=3.10"},
        Preferable,
        "Resolving despite existing lockfile due to change in Python requirement: `>=3.9` vs. `>=3.10`",
    ),
    "Python with forks": (
        {"python": ">=3.9", "requires": ("f",)},
        {"python": ">=3.10", "requires": ("f",)},
        Versions,
        "Resolving despite existing lockfile due to change in Python requirement: `>=3.9` vs. `>=3.10`",
    ),
    "pre-releases": (
        {},
        {"options": _options(prerelease=PrereleaseMode.ALLOW)},
        Preferable,
        "Resolving despite existing lockfile due to change in pre-release mode: `if-necessary` vs. `allow`",
    ),
    "constraints": (
        {},
        {"constraints": (requirement("a<3"),)},
        Preferable,
        "Resolving despite existing lockfile due to mismatched constraints",
    ),
    "requirements": (
        {},
        {"requires": ("b", "a")},
        Preferable,
        "Resolving despite existing lockfile due to mismatched requirements for: `project==0.1.0`",
    ),
    "extras": (
        {},
        {"extras": {"x": []}},
        Preferable,
        "Resolving despite existing lockfile due to mismatched extras for: `project==0.1.0`",
    ),
    "groups": (
        {},
        {"groups": {"dev": []}},
        Preferable,
        "Resolving despite existing lockfile due to mismatched dependency groups for: `project==0.1.0`",
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_decides_what_is_kept(change: str):
    """The words are uv's."""
    before, after, kind, text = CHANGES[change]
    verdict = _judge(_lock(_manifest(**before)), _manifest(**after))
    assert (type(verdict), _text(verdict)) == (kind, text)


def test_a_later_cut_off_is_no_change():
    """What was chosen before may still be chosen."""
    before = _manifest(options=_options(exclude_newer=ExcludeNewer(_cutoff("2026-01-01T00:00:00Z"))))
    after = _manifest(options=_options(exclude_newer=ExcludeNewer(_cutoff("2026-01-02T00:00:00Z"))))
    assert isinstance(_judge(_lock(before), after), Satisfied)


def test_requirements_are_compared_where_the_python_range_applies():
    """`python_version >= '3.8'` says nothing in a project for 3.9 and later."""
    lock = _lock(_manifest(("a ; python_version >= '3.8'", "b[y,x]")))
    assert isinstance(_judge(lock, _manifest(("a", "b[x,y]"))), Satisfied)


def test_an_index_that_is_not_configured_any_more_is_noticed():
    """Unless none is configured at all: then any will do."""
    manifest = _manifest()
    lock = _lock(manifest)
    assert isinstance(_judge(lock, manifest, indexes=frozenset({"https://packages.test/simple"})), Satisfied)
    verdict = _judge(lock, manifest, indexes=frozenset({"https://elsewhere.test/simple"}))
    assert _text(verdict) == (
        "Resolving despite existing lockfile due to missing remote index: `b` `1.0` from `https://packages.test/simple`"
    )


def test_locks_of_early_revisions_know_less():
    """Extras, empty groups and default groups were not recorded once."""
    manifest = _manifest(extras={"x": []}, groups={"empty": []})
    lock = structs.replace(_lock(_manifest()), revision=0)
    assert isinstance(_judge(lock, manifest), Satisfied)


def test_forks_that_do_not_cover_everything_are_found_anew():
    """Somebody edited the file."""
    manifest = _manifest(("f",))
    lock = _lock(manifest)
    verdict = _judge(structs.replace(lock, resolution_markers=lock.resolution_markers[:1]), manifest)
    assert isinstance(verdict, Versions)
    assert _text(verdict) == (
        "Resolving despite existing lockfile due to fork markers not covering the supported environments: "
        "`python_full_version >= '3.12'` vs `python_full_version >= '3.9'`"
    )


def test_preferences_depend_on_the_verdict():
    """Nothing, versions, or versions and forks."""
    manifest = _manifest(("f",))
    lock = _lock(manifest)
    satisfied = preferences_from(lock, Satisfied(), ROOT, _Upgrade())
    assert [(str(preference.version), len(preference.markers)) for preference in satisfied.versions] == [
        ("1.0", 1),
        ("2.0", 1),
        ("0.1.0", 0),
    ]
    assert len(satisfied.fork_markers) == 2
    reason = _judge(lock, _manifest(("f",), python=">=3.10"))
    assert isinstance(reason, Versions)
    assert preferences_from(lock, reason, ROOT, _Upgrade()).fork_markers == ()
    assert preferences_from(lock, Satisfied(), ROOT, _Upgrade(everything=True)) == Preferences()
    upgraded = preferences_from(lock, Satisfied(), ROOT, _Upgrade(packages=frozenset({PackageName("f")})))
    assert [preference.name for preference in upgraded.versions] == ["project"]
