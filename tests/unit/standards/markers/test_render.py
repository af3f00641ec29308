"""Rendering markers; the expectations were taken from uv."""

from __future__ import annotations

import pytest

from mauve.standards.markers.diagram import FALSE, TRUE, python_full_version_marker
from mauve.standards.markers.parse import parse_marker
from mauve.standards.markers.render import canonical_form, render
from mauve.standards.version_sets import between
from mauve.standards.versions import parse_version

FOUR_PLATFORMS = (
    "(sys_platform == 'linux' or sys_platform == 'darwin') and "
    "(platform_machine == 'aarch64' or platform_machine == 'x86_64')"
)


@pytest.mark.parametrize(
    ("text", "rendered"),
    [
        ("sys_platform == 'win32' or sys_platform == 'linux'", "sys_platform == 'linux' or sys_platform == 'win32'"),
        ("python_version >= '3.11' and python_version < '3.12'", "python_full_version == '3.11.*'"),
        ("python_version < '3.11' or python_version >= '3.12'", "python_full_version != '3.11.*'"),
        ("python_full_version != '3.11.4'", "python_full_version != '3.11.4'"),
        (
            (
                "(sys_platform=='win32' and python_version<'3.11') or "
                "(sys_platform=='win32' and platform_machine=='AMD64') or sys_platform=='darwin'"
            ),
            (
                "(python_full_version < '3.11' or platform_machine == 'AMD64') and sys_platform == 'win32' "
                "or sys_platform == 'darwin'"
            ),
        ),
        (
            (
                "python_version<'3.11' and (sys_platform=='win32' or sys_platform=='darwin') "
                "or sys_platform=='linux' and python_version>='3.12'"
            ),
            (
                "python_full_version < '3.11' and (sys_platform == 'darwin' or sys_platform == 'win32') "
                "or python_full_version >= '3.12' and sys_platform == 'linux'"
            ),
        ),
        (
            FOUR_PLATFORMS,
            (
                "(platform_machine == 'aarch64' or platform_machine == 'x86_64') "
                "and (sys_platform == 'darwin' or sys_platform == 'linux')"
            ),
        ),
        (
            f"{FOUR_PLATFORMS} and python_version < '3.12'",
            (
                "python_full_version < '3.12' and ((platform_machine == 'aarch64' and sys_platform == 'darwin') "
                "or (platform_machine == 'x86_64' and sys_platform == 'darwin') "
                "or (platform_machine == 'aarch64' and sys_platform == 'linux') "
                "or (platform_machine == 'x86_64' and sys_platform == 'linux'))"
            ),
        ),
        (
            "platform_machine != 'x86_64' or sys_platform != 'linux'",
            "platform_machine != 'x86_64' or sys_platform != 'linux'",
        ),
        (
            (
                "sys_platform == 'linux' and platform_machine == 'aarch64' "
                "or sys_platform == 'win32' and platform_machine == 'x86_64'"
            ),
            (
                "(platform_machine == 'aarch64' and sys_platform == 'linux') "
                "or (platform_machine == 'x86_64' and sys_platform == 'win32')"
            ),
        ),
        (
            "(python_version >= '3.11' and sys_platform != 'linux') or sys_platform == 'win32'",
            (
                "(python_full_version >= '3.11' and sys_platform != 'linux' and sys_platform != 'win32') "
                "or sys_platform == 'win32'"
            ),
        ),
        (
            "(platform_machine=='AMD64' and implementation_name!='pypy') or implementation_name=='cpython'",
            (
                "implementation_name == 'cpython' or (implementation_name != 'cpython' "
                "and implementation_name != 'pypy' and platform_machine == 'AMD64')"
            ),
        ),
        (
            "python_version < '3.12' and 'linux' in sys_platform",
            "python_full_version < '3.12' and 'linux' in sys_platform",
        ),
        ("sys_platform == 'linux' or extra == 'foo'", "sys_platform == 'linux' or extra == 'foo'"),
        (
            "python_full_version != '3.11.*' and python_full_version != '3.12.4'",
            (
                "python_full_version < '3.11' or python_full_version > '3.12.4' "
                "or (python_full_version >= '3.12' and python_full_version < '3.12.4')"
            ),
        ),
        (
            "extra == 'x' and extra != 'y' or extra != 'x' and extra == 'y'",
            "(extra != 'x' and extra == 'y') or (extra == 'x' and extra != 'y')",
        ),
        (
            (
                "platform_release < '23.1' or (platform_version != '1' and platform_version != '10.0') "
                "or (platform_release != 'abc' and platform_release > '5')"
            ),
            (
                "platform_release < '23.1' or platform_release > 'abc' or platform_release > '5' and "
                "platform_release < 'abc' or platform_release >= '23.1' and platform_release <= '5' and "
                "sys_platform == 'darwin' or platform_version != '1' and platform_version != '10.0'"
            ),
        ),
        ('os_name == "it\'s"', 'os_name == "it\'s"'),
    ],
)
def test_markers_are_rendered_as_uv_renders_them(text: str, rendered: str) -> None:
    """One text for each condition, terms and clauses sorted, common terms factored out."""
    assert render(parse_marker(text)) == rendered


@pytest.mark.parametrize(
    ("text", "rendered"),
    [
        ("os_name == 'posix' and sys_platform != 'win32'", "os_name == 'posix'"),
        ("sys_platform == 'linux' and os_name != 'nt'", "sys_platform == 'linux'"),
        ("sys_platform != 'win32' or os_name == 'posix'", "sys_platform != 'win32'"),
        (
            "os_name == 'posix' and (sys_platform == 'linux' or sys_platform == 'win32')",
            "os_name == 'posix' and sys_platform == 'linux'",
        ),
        ("os_name == 'nt' and sys_platform == 'win32'", "os_name == 'nt' and sys_platform == 'win32'"),
        ("os_name == 'posix' or sys_platform == 'win32'", "os_name == 'posix' or sys_platform == 'win32'"),
        (
            "platform_system == 'FreeBSD' or sys_platform == 'linux' and platform_machine == 'x86_64'",
            (
                "(platform_machine == 'x86_64' and sys_platform == 'linux') "
                "or (platform_system == 'FreeBSD' and sys_platform != 'linux')"
            ),
        ),
    ],
)
def test_impossible_platforms_leave_no_trace(text: str, rendered: str) -> None:
    """What follows from `os_name` about `sys_platform` is not repeated."""
    assert render(parse_marker(text)) == rendered


def test_markers_that_agree_where_platforms_are_possible_have_one_canonical_form() -> None:
    """Requirements are compared and sorted by this form."""
    redundant = parse_marker("sys_platform == 'linux' and os_name != 'nt'")
    plain = parse_marker("sys_platform == 'linux'")
    assert redundant is not plain
    assert canonical_form(redundant) is canonical_form(plain)


def test_always_is_no_text_and_never_is_an_impossible_python() -> None:
    """The two markers without a variable."""
    assert render(TRUE) is None
    assert render(FALSE) == "python_version < '0'"


def test_long_releases_are_rendered_from_their_position() -> None:
    """Positions of long versions are fractions; the text is recovered from them all the same."""
    release = ".".join(map(str, range(1, 19)))
    marker = python_full_version_marker(between(parse_version("3.200.70000").key, parse_version(f"4.{release}").key))
    assert render(marker) == f"python_full_version >= '3.200.70000' and python_full_version < '4.{release}'"
