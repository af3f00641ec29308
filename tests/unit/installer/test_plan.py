"""Deciding what to do: values in, values out."""

from __future__ import annotations

import pytest
from tests.support.installation import REGISTRY

from mauve.distributions.resolution import Resolution, ResolvedDistribution
from mauve.distributions.sources import (
    DirectorySource,
    EditableSource,
    GitReference,
    GitReferenceKind,
    GitSource,
    PathSource,
    RegistrySource,
    Source,
    UrlSource,
    VirtualSource,
)
from mauve.installer.inventory import InstalledDistribution, InstalledKind, Inventory
from mauve.installer.plan import InstallPlan, PackageSelection, PlanPolicy, plan_installation, seed_packages
from mauve.standards.filenames import WheelFilename
from mauve.standards.names import PackageName
from mauve.standards.versions import parse_version

AA = PackageName("aa")


class Installed(InstalledDistribution, frozen=True):
    """An installed distribution whose files are values."""

    files: dict[str, bytes] = {}  # noqa: RUF012  # msgspec copies it

    def read(self, filename: str) -> bytes | None:
        """Return the given content."""
        return self.files.get(filename)


class NothingCached:
    """A cache without wheels."""

    def find(self, distribution: ResolvedDistribution) -> None:
        """Know nothing."""


class States:
    """Every local source is in the same state."""

    def __init__(self, state: bytes = b"now") -> None:
        self._state = state

    def state(self, path: str) -> bytes:
        """Return it."""
        return self._state


class Python3Only:
    """Accepts pure wheels for Python 3 and those for this ABI."""

    def priority(self, wheel: WheelFilename) -> int | None:
        """Accept or not."""
        return 0 if {"py3", "cp312"} & set(wheel.python_tags) else None


def _installed(version: str = "1.0", **files: bytes) -> Installed:
    named = {"direct_url": "direct_url.json", "cache": "uv_cache.json", "build": "uv_build.json", "wheel": "WHEEL"}
    return Installed(
        AA, parse_version(version), f"/site/aa-{version}.dist-info", files={named[key]: files[key] for key in files}
    )


def _wanted(source: Source = REGISTRY, version: str | None = "1.0") -> ResolvedDistribution:
    return ResolvedDistribution(name=AA, version=version and parse_version(version), source=source)


def _plan(
    wanted: ResolvedDistribution | None,
    *installed: InstalledDistribution,
    policy: PlanPolicy = PlanPolicy(),  # noqa: B008
    state: bytes = b"now",
) -> InstallPlan:
    by_name: dict[PackageName, tuple[InstalledDistribution, ...]] = {}
    for one in installed:
        by_name[one.name] = (*by_name.get(one.name, ()), one)
    resolution = Resolution(() if wanted is None else (wanted,))
    return plan_installation(resolution, Inventory(by_name), NothingCached(), States(state), Python3Only(), policy)


def test_an_installed_version_that_fits_needs_nothing() -> None:
    """The common case."""
    plan = _plan(_wanted(), _installed())
    assert plan.is_noop
    assert plan.satisfied == 1


def test_another_version_is_replaced_and_the_rest_removed() -> None:
    """The environment becomes what the lock says."""
    other = InstalledDistribution(PackageName("bb"), parse_version("1"), "/site/bb-1.dist-info")
    plan = _plan(_wanted(version="2.0"), _installed(), other)
    assert plan.reinstalls == (_installed(),)
    assert plan.extraneous == (other,)
    assert [remote.distribution.name for remote in plan.remote] == [AA]


def test_extraneous_packages_are_kept_if_asked_or_preserved() -> None:
    """`--inexact`, and seed packages of environments made by others."""
    assert _plan(None, _installed(), policy=PlanPolicy(keeps_extraneous=True)).is_noop
    assert _plan(None, _installed(), policy=PlanPolicy(preserved=frozenset({AA}))).is_noop


def test_two_installed_versions_are_both_replaced() -> None:
    """Even if one of them fits: files of both are mixed up."""
    assert len(_plan(_wanted(), _installed("1.0"), _installed("2.0")).reinstalls) == 2


@pytest.mark.parametrize("selection", [PackageSelection(everything=True), PackageSelection(frozenset({AA}))])
def test_reinstall_replaces_what_fits(selection: PackageSelection) -> None:
    """`--reinstall` and `--reinstall-package`."""
    plan = _plan(_wanted(), _installed(), policy=PlanPolicy(reinstall=selection))
    assert len(plan.reinstalls) == len(plan.remote) == 1


def test_interrupted_work_is_never_a_noop() -> None:
    """It has to be taken back even if nothing else changes."""
    assert not InstallPlan(partial=("/site/.aa-1.0.dist-info.partial",)).is_noop


def test_a_virtual_project_is_not_installed() -> None:
    """Only its dependencies are."""
    assert _plan(_wanted(VirtualSource("/p"))).is_noop


COMMIT = "a" * 40
GIT = GitSource(url="https://h/r.git", commit=COMMIT, reference=GitReference(GitReferenceKind.TAG, "v1"))
ARCHIVE = b'{"url":"%s","archive_info":{}}'
FOLDER = b'{"url":"file:///p","dir_info":{%s}}'
REPOSITORY = b'{"url":"%s","vcs_info":{"vcs":"git","commit_id":"%s"}}'


@pytest.mark.parametrize(
    ("source", "files", "fits"),
    [
        (REGISTRY, {"direct_url": ARCHIVE % b"http://h/a.whl"}, False),
        (RegistrySource("http://other.test"), {}, True),
        (UrlSource("http://h/a.whl"), {"direct_url": ARCHIVE % b"http://h/a.whl#sha256=0"}, True),
        (UrlSource("http://h/a.whl"), {"direct_url": ARCHIVE % b"http://h/b.whl"}, False),
        (UrlSource("http://h/a.zip", "sub"), {"direct_url": ARCHIVE % b"http://h/a.zip"}, False),
        (UrlSource("http://h/a.whl"), {}, False),
        (UrlSource("http://h/a.whl"), {"direct_url": b"broken"}, False),
        (PathSource("/a.whl"), {"direct_url": ARCHIVE % b"file:///a.whl", "cache": b"now"}, True),
        (PathSource("/a.whl"), {"direct_url": ARCHIVE % b"file:///a.whl", "cache": b"then"}, False),
        (DirectorySource("/p"), {"direct_url": FOLDER % b'"editable":false', "cache": b"now"}, True),
        (DirectorySource("/p"), {"direct_url": FOLDER % b"", "cache": b"now"}, False),
        (EditableSource("/p"), {"direct_url": FOLDER % b'"editable":true', "cache": b"now"}, True),
        (EditableSource("/p"), {"direct_url": FOLDER % b'"editable":true'}, False),
        (EditableSource("/p"), {"direct_url": FOLDER % b'"editable":false', "cache": b"now"}, False),
        (GIT, {"direct_url": REPOSITORY % (b"https://h/r", COMMIT.encode())}, True),
        (GIT, {"direct_url": REPOSITORY % (b"https://h/r", b"b" * 40)}, False),
    ],
)
def test_the_origin_must_be_the_same(source: Source, files: dict[str, bytes], fits: bool) -> None:
    """Uv's rules, by what is recorded about the installed one."""
    assert _plan(_wanted(source), _installed(**files)).is_noop is fits


def test_a_source_without_anything_to_watch_is_put_in_again() -> None:
    """Its cache keys match no file, so nothing is recorded and nobody knows whether it changed."""
    recorded = _installed(direct_url=FOLDER % b'"editable":true')
    assert _plan(_wanted(EditableSource("/p"), version=None), recorded, state=b"").reinstalls == (recorded,)


def test_any_origin_may_be_accepted() -> None:
    """`pip install` keeps a version that fits wherever it came from."""
    recorded = _installed(direct_url=ARCHIVE % b"http://h/a.whl")
    assert _plan(_wanted(), recorded, policy=PlanPolicy(accepts_any_origin=True)).is_noop


@pytest.mark.parametrize(("now", "fits"), [({}, False), ({AA: b'{"config_settings":{"a":"b"}}'}, True)])
def test_other_build_settings_mean_another_build(now: dict[PackageName, bytes], fits: bool) -> None:
    """They are recorded with what was built."""
    recorded = _installed(build=b'{"config_settings":{"a":"b"}}')
    assert _plan(_wanted(), recorded, policy=PlanPolicy(build_infos=now)).is_noop is fits


@pytest.mark.parametrize(
    ("tags", "fits"),
    [
        (b"Tag: py3-none-any\n", True),
        (b"Tag: cp311-cp311-linux_x86_64\n", False),
        (b"Tag: cp311-cp311-linux_x86_64\nTag: cp312-cp312-linux_x86_64\n", True),
        (b"", True),
    ],
)
def test_a_wheel_for_another_interpreter_is_replaced(tags: bytes, fits: bool) -> None:
    """The interpreter below an environment may have been replaced."""
    assert _plan(_wanted(), _installed(wheel=tags)).is_noop is fits


def test_an_egg_serves_as_a_distribution_of_an_index_only() -> None:
    """Nothing is known about where it came from."""
    egg = InstalledDistribution(AA, parse_version("1.0"), "/site/aa.egg-info", InstalledKind.EGG_INFO_FOLDER)
    assert _plan(_wanted(), egg).is_noop
    assert not _plan(_wanted(UrlSource("http://h/a.whl")), egg).is_noop


@pytest.mark.parametrize(
    ("python", "is_made_by_uv", "is_seeded", "names"),
    [
        ((3, 12), True, False, set()),
        ((3, 12), True, True, {"pip", "uv"}),
        ((3, 12), False, False, {"pip", "uv"}),
        ((3, 11), False, False, {"pip", "setuptools", "uv", "wheel"}),
    ],
)
def test_seed_packages_stay(python: tuple[int, int], is_made_by_uv: bool, is_seeded: bool, names: set[str]) -> None:
    """`python -m venv` installs pip; syncing does not take it away."""
    assert seed_packages(python, is_made_by_uv=is_made_by_uv, is_seeded=is_seeded) == names
