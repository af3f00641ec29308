"""Resolutions become locks: order, edges, markers, files, metadata."""

from __future__ import annotations

from typing import Any

import pytest
from tests.support.universe import Universe

from mauve.distributions.conflicts import ConflictItem, Conflicts, ConflictSet
from mauve.lock.from_resolution import lock_resolution, upload_time_text
from mauve.lock.parse import parse_lock
from mauve.lock.render import render_lock
from mauve.lock.wheel_order import flat_order
from mauve.resolver.manifest import Manifest
from mauve.resolver.preferences import Preferences
from mauve.resolver.reporter import SilentReporter
from mauve.resolver.universal import resolve
from mauve.standards.filenames import parse_wheel_filename
from mauve.standards.markers.parse import parse_marker
from mauve.standards.names import extra_name, package_name

ROOT = "/project"


def _lock_text(universe: Universe, requires: tuple[str, ...] = (), **more: Any) -> str:
    manifest: Manifest = universe.manifest(requires, **more)
    graph = resolve(manifest, universe, Preferences(), SilentReporter())
    lock = lock_resolution(graph, manifest, ROOT)
    text = render_lock(lock)
    assert parse_lock(text) == lock
    return text


def _entry(text: str, name: str) -> str:
    """Return the lines of the only package *name*, without files."""
    (entry,) = [part for part in text.split("[[package]]\n") if part.startswith(f'name = "{name}"\n')]
    lines = [line for line in entry.split("\n") if "url = " not in line and not line.startswith(("sdist", "wheels"))]
    return "\n".join(lines)


def test_packages_and_edges_are_sorted_by_name():
    """The order of discovery must not show."""
    universe = Universe().add("b", "1.0", ["a"]).add("a", "1.0").add("c", "1.0")
    text = _lock_text(universe, ("c", "b"))
    assert [line for line in text.split("\n") if line.startswith("name")] == [
        'name = "a"', 'name = "b"', 'name = "c"', 'name = "project"',
    ]  # fmt: skip
    assert 'dependencies = [\n    { name = "b" },\n    { name = "c" },\n]' in text


def test_edges_name_version_and_source_only_where_the_name_is_ambiguous():
    """Two forks with two versions."""
    universe = Universe().add("a", "1.0").add("a", "2.0").add("b", "1.0", ["a"])
    text = _lock_text(universe, ("a==1.0 ; sys_platform == 'win32'", "a==2.0 ; sys_platform != 'win32'", "b"))
    source = '{ registry = "https://packages.test/simple" }'
    assert (
        f'    {{ name = "a", version = "1.0", source = {source}, marker = "sys_platform == \'win32\'" }},\n'
        f'    {{ name = "a", version = "2.0", source = {source}, marker = "sys_platform != \'win32\'" }},\n'
    ) in _entry(text, "b")
    assert '    { name = "b" },\n' in _entry(text, "project")
    assert "resolution-markers = [\n    \"sys_platform == 'win32'\",\n]" in text


def test_a_marker_that_the_parent_implies_is_not_repeated():
    """`d` is only reached on Windows, so its edge to `e` needs no marker."""
    universe = Universe().add("d", "1.0", ["e ; sys_platform == 'win32'"]).add("e", "1.0")
    text = _lock_text(universe, ("d ; sys_platform == 'win32'",))
    assert "marker" not in _entry(text, "d")
    assert '{ name = "d", marker = "sys_platform == \'win32\'" }' in _entry(text, "project")


def test_edges_of_an_extra_are_relative_to_who_reaches_the_extra():
    """The package is reached everywhere, its extra on Linux only."""
    universe = (
        Universe().add("k", "1.0", ["c ; sys_platform == 'linux' and extra == 'x'"], extras=["x"]).add("c", "1.0")
    )
    text = _lock_text(universe, ("k[x] ; sys_platform == 'linux'", "k"))
    assert 'x = [\n    { name = "c" },\n]' in _entry(text, "k")
    assert '    { name = "k" },\n    { name = "k", extra = ["x"], marker = "sys_platform == \'linux\'" },\n' in text


def test_an_extra_without_requirements_leaves_a_plain_edge():
    """Which may stand beside the edge that was there already, as in uv."""
    universe = Universe().add("k", "1.0", extras=["nothing"])
    text = _lock_text(universe, ("k[nothing] ; sys_platform == 'linux'", "k"))
    assert '    { name = "k" },\n    { name = "k", marker = "sys_platform == \'linux\'" },\n' in _entry(text, "project")


def test_an_extra_is_asked_for_even_if_what_it_requires_never_applies():
    """The fork was split after the requirement had been met; the extra leads there, under an impossible marker."""
    requires = ["b", "b ; python_version < '3.12' and extra == 'y'"]
    universe = Universe().add("a", "1.0").add("a", "2.0", requires, extras=["y"]).add("b", "1.0", python=">=3.12")
    text = _lock_text(universe, ("a[y]",))
    newest = """version = "2.0", source = { registry = "https://packages.test/simple" }, extra = ["y"]"""
    assert newest in _entry(text, "project")
    assert """y = [\n    { name = "b", marker = "python_version < '0'" },\n]""" in text


def test_declared_metadata_is_kept_for_projects_only():
    """Markers there are not made relative to requires-python."""
    universe = Universe().add("a", "1.0", ["b>=1"]).add("b", "1.0")
    text = _lock_text(
        universe,
        ("a ; python_version >= '3.8'",),
        extras={"y": ["b"], "x": []},
        groups={"lint": ["b"], "empty": []},
    )
    assert "[package.metadata]" not in _entry(text, "a")
    assert _entry(text, "project").endswith(
        "[package.metadata]\n"
        "requires-dist = [\n"
        '    { name = "a", marker = "python_full_version >= \'3.8\'" },\n'
        '    { name = "b", marker = "extra == \'y\'" },\n'
        "]\n"
        'provides-extras = ["y", "x"]\n'
        "\n"
        "[package.metadata.requires-dev]\n"
        "empty = []\n"
        'lint = [{ name = "b" }]\n'
    )
    assert '    { name = "a" },\n' in _entry(text, "project")


def test_requirements_of_one_name_are_in_the_order_of_uv():
    """Extras before markers, markers by structure, specifiers by operator."""
    universe = Universe().add("a", "9.5", extras=["b", "z"])
    requires = (
        "a[z,b]", "a<11", "a!=3.0", "a>=10.0 ; sys_platform == 'linux'", "a>=9", "a ; sys_platform != 'linux'",
        "a ; sys_platform == 'linux'", "a ; python_version < '3.11'", "a",
    )  # fmt: skip
    universe.add("a", "10.5", extras=["b", "z"])
    text = _lock_text(universe, requires)
    listed = text.partition("requires-dist = [\n")[2].partition("]\n")[0].split("\n")[:-1]
    assert [line.strip()[len('{ name = "a"') : -len(" },")].lstrip(", ") for line in listed] == [
        "",
        'specifier = "!=3.0"',
        'specifier = "<11"',
        'specifier = ">=9"',
        "marker = \"python_full_version < '3.11'\"",
        "marker = \"sys_platform != 'linux'\"",
        "marker = \"sys_platform == 'linux'\"",
        'marker = "sys_platform == \'linux\'", specifier = ">=10.0"',
        'extras = ["z", "b"]',
    ]


def test_wheels_that_no_environment_needs_are_left_out():
    """Windows wheels are dropped if Windows is not supported, old Pythons by requires-python."""
    tags = (
        "cp38-cp38-win32",
        "cp312-cp312-win_amd64",
        "cp312-cp312-manylinux_2_17_x86_64",
        "cp39-abi3-win32",
        "py3-none-any",
    )
    universe = Universe().add("a", "1.0", tags=tags, sdist=True)
    text = _lock_text(universe, ("a",), python=">=3.10")
    assert [tag for tag in tags if tag in text] == list(tags[1:])
    text = _lock_text(universe, ("a",), python=">=3.10", environments=(parse_marker("sys_platform == 'linux'"),))
    assert [tag for tag in tags if tag in text] == ["cp312-cp312-manylinux_2_17_x86_64", "py3-none-any"]


def test_conflicting_extras_are_told_apart_by_encoded_names():
    """The edge to `b` holds whichever version of `a` is chosen."""
    universe = Universe().add("a", "1.0").add("a", "2.0").add("b", "1.0", ["a"])
    name = package_name("project")
    items = tuple(ConflictItem(name, extra=extra_name(extra)) for extra in ("x", "y"))
    text = _lock_text(
        universe, ("b",), extras={"x": ["a==1.0"], "y": ["a==2.0"]}, conflicts=Conflicts((ConflictSet(items),))
    )
    assert (
        'conflicts = [[\n    { package = "project", extra = "x" },\n    { package = "project", extra = "y" },\n]]\n'
        in text
    )
    assert "resolution-markers" not in text
    assert "extra == 'extra-7-project-x'" in _entry(text, "b")


@pytest.mark.parametrize(
    ("milliseconds", "text"),
    [
        (0, "1970-01-01T00:00:00Z"),
        (1735787045123, "2025-01-02T03:04:05.123Z"),
        (1735787045920, "2025-01-02T03:04:05.92Z"),
    ],
)
def test_upload_times_have_no_trailing_zeros(milliseconds: int, text: str):
    """As uv prints them."""
    assert upload_time_text(milliseconds) == text


def test_wheels_of_flat_indexes_are_in_the_order_of_their_tags():
    """`cp38` before `cp310`; compressed sets and build tags last."""
    names = [
        "o-1.0-py3-none-any.whl",
        "o-1.0-py3-abi3-any.whl",
        "o-1.0-py310-none-any.whl",
        "o-1.0-cp38-abi3-win32.whl",
        "o-1.0-cp310-none-win32.whl",
        "o-1.0-cp310-cp310-manylinux_2_5_x86_64.whl",
        "o-1.0-cp310-cp310-manylinux_2_17_aarch64.whl",
        "o-1.0-cp310-cp310-manylinux1_x86_64.whl",
        "o-1.0-cp310-cp310-linux_x86_64.whl",
        "o-1.0-cp310-cp310-musllinux_1_1_x86_64.whl",
        "o-1.0-cp310-cp310-macosx_10_9_universal2.whl",
        "o-1.0-cp310-cp310-macosx_11_0_arm64.whl",
        "o-1.0-cp310-cp310-win32.whl",
        "o-1.0-cp310-cp310d-win32.whl",
        "o-1.0-pp310-pypy310_pp73-win32.whl",
        "o-1.0-py2.py3-none-any.whl",
        "o-1.0-2-py3-none-any.whl",
        "o-1.0-10-py3-none-any.whl",
    ]
    assert sorted(sorted(names), key=lambda name: flat_order(parse_wheel_filename(name))) == names
