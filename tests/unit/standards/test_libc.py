"""Which wheels the oldest C libraries of a project can run."""

from __future__ import annotations

import pytest

from mauve.standards.filenames import parse_wheel_filename
from mauve.standards.libc import Libc, parse_libc
from mauve.standards.markers.parse import parse_marker
from mauve.standards.platforms import covered_environments

GLIBC = Libc("glibc", 2, 28)
MUSL = Libc("musl", 1, 2)


@pytest.mark.parametrize(
    ("tag", "glibc", "musl"),
    [
        ("manylinux_2_28_x86_64", True, False),
        ("manylinux_2_34_x86_64", False, False),
        ("manylinux1_x86_64", True, False),
        ("manylinux2014_aarch64", True, False),
        ("musllinux_1_2_x86_64", False, True),
        ("musllinux_1_3_x86_64", False, False),
        ("linux_x86_64", True, True),
        ("win_amd64", True, True),
        ("any", True, True),
    ],
)
def test_a_tag_is_served_by_the_library_it_was_built_for(tag: str, *, glibc: bool, musl: bool) -> None:
    """Tags of other systems do not depend on it."""
    assert (GLIBC.serves(tag), MUSL.serves(tag)) == (glibc, musl)


def test_versions_have_two_numbers() -> None:
    """Anything else is refused where it is read."""
    assert parse_libc("glibc", "2.31") == Libc("glibc", 2, 31)
    assert str(parse_libc("glibc", "2.31")) == "2.31"
    assert parse_libc("glibc", "2.31.1") is None
    assert parse_libc("glibc", "two") is None


def test_every_library_must_be_served_for_linux_to_be_covered() -> None:
    """A wheel for one of two libraries is not enough, a wheel for each is."""
    linux = parse_marker("sys_platform == 'linux' and platform_machine == 'x86_64'")
    names = [f"a-1.0-py3-none-{tag}_x86_64.whl" for tag in ("manylinux_2_17", "musllinux_1_2")]
    for_glibc, for_musl = map(parse_wheel_filename, names)
    assert covered_environments([for_glibc], [GLIBC, MUSL]).is_disjoint(linux)
    assert not covered_environments([for_glibc], [GLIBC]).is_disjoint(linux)
    assert not covered_environments([for_glibc, for_musl], [GLIBC, MUSL]).is_disjoint(linux)
    assert not covered_environments([for_musl], []).is_disjoint(linux)
