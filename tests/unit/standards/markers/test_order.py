"""The structural order of markers."""

from __future__ import annotations

import random

from mauve.standards.markers.diagram import FALSE, TRUE
from mauve.standards.markers.order import sort_key
from mauve.standards.markers.parse import parse_marker

SORTED_BY_UV = [
    "implementation_version < '3'",
    "python_full_version != '3.11.*'",
    "python_full_version < '3.11'",
    "python_full_version == '3.11.*'",
    "python_full_version >= '3.11'",
    "os_name != 'nt'",
    "os_name == 'nt'",
    "os_name == 'nt' and sys_platform == 'win32'",
    "sys_platform == 'darwin' or sys_platform == 'linux'",
    "sys_platform == 'darwin'",
    "sys_platform != 'linux'",
    "sys_platform == 'linux'",
    "python_full_version < '3.11' and sys_platform == 'linux'",
    "python_full_version < '3.11' or sys_platform == 'linux'",
    "sys_platform != 'win32'",
    "sys_platform == 'win32'",
    "platform_machine == 'x'",
    "platform_release > 'x'",
    "implementation_name == 'y'",
    "sys_platform in 'l'",
    "'l' in sys_platform",
    "'l' not in sys_platform",
]


def test_markers_are_sorted_by_structure_as_uv_does() -> None:
    """The order in which a lockfile lists requirements of one name."""
    shuffled = SORTED_BY_UV[:]
    random.Random(0).shuffle(shuffled)
    assert sorted(shuffled, key=lambda text: sort_key(parse_marker(text))) == SORTED_BY_UV


def test_always_is_first_and_never_second() -> None:
    """A requirement without a marker leads the list."""
    markers = [parse_marker(SORTED_BY_UV[0]), FALSE, TRUE]
    assert sorted(markers, key=sort_key) == [TRUE, FALSE, markers[0]]


def test_releases_of_kernels_are_behind_those_of_python() -> None:
    """Below `sys_platform`, where diagrams have them the other way round."""
    python = parse_marker("python_full_version < '3.11' or sys_platform != 'darwin'")
    kernel = parse_marker("platform_release < '5' or sys_platform != 'darwin'")
    assert sort_key(python) < sort_key(kernel)
