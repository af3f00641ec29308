"""The Python range of a project: its text, its bounds, and the wheels it can use."""

from __future__ import annotations

import pytest

from mauve.standards.filenames import parse_wheel_filename
from mauve.standards.markers.parse import parse_marker
from mauve.standards.requires_python import RequiresPython
from mauve.standards.specifiers import parse_specifiers
from mauve.standards.versions import parse_version


def _range(text: str) -> RequiresPython:
    found = RequiresPython.from_specifiers(parse_specifiers(text))
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("written", "locked"),
    [
        (">=3.10,<4", ">=3.10, <4"),
        ("~=3.11", ">=3.11, <4"),
        ("~=3.11.2", ">=3.11.2, <3.12"),
        ("~=3.11.0", "==3.11.*"),
        (">=3.11.0,<3.12", "==3.11.*"),
        ("==3.*", ">=3, <4"),
        ("===3.11.7", "==3.11.7"),
        ("!=3.12.*,>=3.10", ">=3.10, !=3.12.*"),
        (">=3.10,!=3.11.*,!=3.12.*", ">=3.10, !=3.11.*, !=3.12.*"),
        (">=3.11, <3.14,!=3.13.1", ">=3.11, !=3.13.1, <3.14"),
        (">=3.8,!=3.10.*,!=3.11.0", ">=3.8"),
        (">=2,!=3.*,<5", ">=2, <5"),
        (">=2.6,!=2.*", ">=3"),
        (">=3.10rc1,<4.0.0a0", ">=3.10, <4.0.0"),
        (">=3.10.0,>=3.10", ">=3.10"),
        (">=3.10,>=3.10.0", ">=3.10.0"),
        (">=3.10,<4,<4.0", ">=3.10, <4"),
        ("!=3.8.*,!=3.9", ""),
    ],
)
def test_the_lockfile_shows_the_range_rebuilt(written: str, locked: str) -> None:
    """Each row was written by uv; holes that cannot be expressed vanish there too."""
    assert _range(written).lock_text() == locked


def test_members_intersect() -> None:
    """A workspace has one range, the one all members share."""
    shared = RequiresPython.intersection([parse_specifiers(">=3.9"), parse_specifiers(">=3.10,<3.14")])
    assert shared is not None
    assert shared.lock_text() == ">=3.10, <3.14"


def test_an_empty_range_is_none() -> None:
    """Callers report which members disagree."""
    assert RequiresPython.intersection([parse_specifiers("<3.9"), parse_specifiers(">=3.9")]) is None


def test_a_prerelease_interpreter_counts_as_its_release() -> None:
    """3.14.0rc1 may be used by a project that wants 3.14."""
    assert _range(">=3.14").contains(parse_version("3.14.0rc1"))
    assert not _range("<3.14").contains(parse_version("3.14.0rc1"))


@pytest.mark.parametrize(
    ("specifier", "contained"), [(">=3.8", True), (">=3.10", True), (">=3.11", False), ("<4", True), (">3.10", False)]
)
def test_only_the_lower_bound_of_a_distribution_counts(specifier: str, contained: bool) -> None:
    """Upper bounds of published metadata are ignored."""
    assert _range(">=3.10,<3.14").contains_lower_of(parse_specifiers(specifier)) is contained


def test_narrowing_gives_none_if_nothing_changes() -> None:
    """A fork on the platform keeps the range of its parent."""
    requires_python = _range(">=3.10")
    assert requires_python.narrow(parse_marker("sys_platform == 'linux'")) is None
    narrowed = requires_python.narrow(parse_marker("python_version < '3.12'"))
    assert narrowed is not None
    assert narrowed.lock_text() == ">=3.10, <3.12"


@pytest.mark.parametrize(
    ("specifier", "kept", "dropped"),
    [
        (
            ">=3.10",
            "cp312-abi3-win32 cp38-abi3-any pp310-pypy310_pp73-any py37-none-any py2.py3-none-any cp313-cp313t-any",
            "cp39-cp39-any cp39-none-any pp39-none-any py2-none-any cp27-cp27mu-any pp39-pypy39_pp73-any",
        ),
        (">=3.10,<3.12", "cp312-abi3-win32 cp311-cp311-any", "py313-none-any cp312-none-any cp312-cp312-any"),
        (">=3.10,<3.12.1", "cp312-cp312-any", "cp313-cp313-any"),
        (">=3.10,<=3.12", "cp312-cp312-any", "cp313-cp313-any"),
        (">=3.10,<3.12.0", "cp311-cp311-any", "cp312-cp312-any"),
    ],
)
def test_wheels_are_kept_by_their_python_and_abi_tags(specifier: str, kept: str, dropped: str) -> None:
    """The lockfile lists only wheels that some allowed Python could use."""
    requires_python = _range(specifier)
    fits = {
        tag: requires_python.wheel_fits(parse_wheel_filename(f"a-1-{tag}.whl")) for tag in f"{kept} {dropped}".split()
    }
    assert [tag for tag, fit in fits.items() if fit] == kept.split()
