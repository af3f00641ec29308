"""Markers read, rendered, restricted and sorted by us and by the real uv must be the same texts.

uv is asked in bulk: constraints on packages that do not occur are written to the lockfile as they were read, so one
`uv lock` renders thousands of markers. `MAUVE_MARKER_SEED=7` (any number) asks about others than CI does.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import tomllib
import zipfile
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
from tests.support.oracle import oracle_uv

from mauve.standards.markers.canonical import canonical_form
from mauve.standards.markers.diagram import restrict
from mauve.standards.markers.order import sort_key
from mauve.standards.markers.parse import parse_marker
from mauve.standards.markers.python import simplify
from mauve.standards.markers.render import render
from mauve.standards.version_sets import VersionSet
from mauve.standards.versions import parse_version

pytestmark = pytest.mark.oracle

COUNT = 5000
"""Random markers in all; a run takes about ten seconds."""

VALUES = {
    "os_name": ["nt", "posix", "java"],
    "sys_platform": ["linux", "darwin", "win32", "ios", "aix", "android", "cygwin", "wasi", "emscripten"],
    "platform_system": ["Linux", "Darwin", "Windows", "FreeBSD", "iOS", "Java", "SunOS", "iPadOS"],
    "platform_machine": ["x86_64", "arm64", "AMD64"],
    "platform_python_implementation": ["CPython", "PyPy"],
    "platform_release": ["5", "20.0", "5.15.0-generic", "abc", "23.1"],
    "platform_version": ["1", "10.0", "abc"],
    "implementation_name": ["cpython", "pypy", "graalpy"],
    "implementation_version": ["3.8", "3.11.2", "7.3"],
    # No trailing zeros: how uv spells those depends on which marker of the process named them first.
    "python_full_version": ["3.9", "3.10", "3.11.4", "3.12", "3.12.1rc1"],
    "python_version": ["3.9", "3.10", "3.11", "3.12", "3.13", "3.11.2"],
    "extra": ["x", "y", "z-w"],
}
VERSIONS = {"python_version", "python_full_version", "implementation_version"}
PLATFORMS = ["os_name", "sys_platform", "platform_system", "platform_machine"]
RELEASES = ["sys_platform", "platform_release", "platform_version"]
NO_PYTHON = [name for name in VALUES if name not in {*VERSIONS, "extra"}]


def random_clause(chooser: random.Random, name: str) -> str:
    value, other = chooser.choice(VALUES[name]), chooser.choice(VALUES[name])
    if name == "extra":
        return f"extra {chooser.choice(['==', '!='])} '{value}'"
    ordered = name in {*VERSIONS, "platform_release", "platform_version"}
    operator = chooser.choice(["==", "!=", "<", "<=", ">", ">="] if ordered else ["==", "!="])
    shapes = [
        f"{name} {operator} '{value}'",
        f"{name} {operator} '{value}'",
        f"{name} {operator} '{value}'",
        f"'{value}' {operator} {name}",
        f"{name} {chooser.choice(['in', 'not in'])} '{value} {other}'",
    ]
    if name in VERSIONS:
        shapes += [f"{name} {chooser.choice(['==', '!='])} '{value.partition('rc')[0]}.*'", f"{name} ~= '{value}'"]
    else:
        shapes += [f"'{value[:3]}' {chooser.choice(['in', 'not in'])} {name}"]
    return chooser.choice(shapes)


def random_tree(chooser: random.Random, names: list[str], size: int) -> str:
    if size == 1:
        return random_clause(chooser, chooser.choice(names))
    left = chooser.randint(1, size - 1)
    sides = [random_tree(chooser, names, left), random_tree(chooser, names, size - left)]
    texts = [f"({side})" if chooser.random() < 0.8 else side for side in sides]
    return f" {chooser.choice(['and', 'or'])} ".join(texts)


def random_markers(seed: int, count: int, names: list[str] | None = None, size: int = 8) -> list[str]:
    chooser = random.Random(seed + 1000 * int(os.environ.get("MAUVE_MARKER_SEED", "0")))
    pool = names or list(VALUES)
    return [
        random_tree(chooser, chooser.sample(pool, chooser.randint(1, min(5, len(pool)))), chooser.randint(1, size))
        for _ in range(count)
    ]


class Uv:
    """The real uv, run in an empty project."""

    def __init__(self, program: str, directory: Path) -> None:
        self.program = program
        self.directory = directory

    def lock(self, *, project: str = "", settings: str = "", wheels: dict[str, list[str]] | None = None) -> Any:
        """Return the lockfile of a project with these lines in its tables, the *wheels* being all there is."""
        shutil.rmtree(self.directory, ignore_errors=True)
        (self.directory / "wheels").mkdir(parents=True)
        for name, requirements in (wheels or {}).items():
            self._write_wheel(name, requirements)
        (self.directory / "pyproject.toml").write_text(
            f'[project]\nname = "p"\nversion = "0.1"\nrequires-python = ">=3.8"\n{project}\n'
            f'[tool.uv]\nfork-strategy = "fewest"\n{settings}\n'
            '[[tool.uv.index]]\nname = "i"\nurl = "wheels"\nformat = "flat"\ndefault = true\n',
            encoding="utf-8",
        )
        environment = {**os.environ, "UV_CACHE_DIR": str(self.directory / "cache")}  # the child inherits all
        command = [self.program, "lock", "--offline", "--no-python-downloads"]
        result = subprocess.run(
            command, cwd=self.directory, env=environment, capture_output=True, text=True, check=False
        )
        assert result.returncode == 0, result.stderr
        return tomllib.loads((self.directory / "uv.lock").read_text(encoding="utf-8"))

    def _write_wheel(self, name: str, requirements: list[str]) -> None:
        lines = [
            "Metadata-Version: 2.1",
            f"Name: {name}",
            "Version: 1.0",
            *(f"Requires-Dist: {r}" for r in requirements),
        ]
        with zipfile.ZipFile(self.directory / "wheels" / f"{name}-1.0-py3-none-any.whl", "w") as wheel:
            wheel.writestr(f"{name}-1.0.dist-info/METADATA", "\n".join(lines) + "\n")
            wheel.writestr(
                f"{name}-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
            )
            wheel.writestr(f"{name}-1.0.dist-info/RECORD", "")

    def constraints(self, requirements: list[str]) -> list[dict[str, str]]:
        """Return *requirements* as the lockfile lists them among its constraints."""
        settings = f"constraint-dependencies = {toml_array(requirements)}"
        return self.lock(settings=settings)["manifest"]["constraints"]


def toml_array(texts: list[str]) -> str:
    return "[" + ", ".join(json.dumps(text) for text in texts) + "]"


@pytest.fixture
def uv(tmp_path: Path) -> Uv:
    """The uv to compare with; a missing one is a failure, not a reason to skip."""
    return Uv(oracle_uv(), tmp_path / "project")


def differences(inputs: list[str], ours: list[str | None], theirs: list[str | None]) -> str:
    found = [
        f"{text}\n  ours   {mine}\n  theirs {yours}"
        for text, mine, yours in zip(inputs, ours, theirs, strict=True)
        if mine != yours
    ]
    return "\n".join(sorted(found, key=len)[:5])


@pytest.mark.parametrize(
    ("seed", "count", "names"),
    [
        pytest.param(1, COUNT, None, id="every variable"),
        pytest.param(2, COUNT // 2, PLATFORMS, id="variables that exclude each other"),
        pytest.param(3, COUNT // 2, RELEASES, id="releases of kernels"),
        pytest.param(4, COUNT // 2, ["sys_platform", "extra", "python_version"], id="extras"),
    ],
)
def test_random_markers_are_rendered_like_uv(uv: Uv, seed: int, count: int, names: list[str] | None) -> None:
    """The texts of markers in a lockfile are byte for byte those of uv."""
    texts = random_markers(seed, count, names)
    entries = uv.constraints([f"z{number} ; {text}" for number, text in enumerate(texts)])
    by_name = {entry["name"]: entry.get("marker") for entry in entries}
    theirs = [by_name[f"z{number}"] for number in range(count)]
    assert not differences(texts, [render(parse_marker(text)) for text in texts], theirs)


def test_random_markers_are_simplified_by_requires_python_like_uv(uv: Uv) -> None:
    """Edges of a lockfile do not repeat what requires-python says."""
    texts = random_markers(5, 300, [*PLATFORMS, "python_version", "python_full_version"])
    texts = [text for text in texts if not parse_marker(text).is_false]
    groups = "\n".join(f"g{number} = {toml_array([f'a ; {text}'])}" for number, text in enumerate(texts))
    lock = uv.lock(project=f"[dependency-groups]\n{groups}", wheels={"a": []})
    edges = next(package for package in lock["package"] if package["name"] == "p")["dev-dependencies"]
    bounds = VersionSet((parse_version("3.8").key,))
    simple = [simplify(parse_marker(text), bounds) for text in texts]
    theirs = [edges[f"g{number}"][0].get("marker") if f"g{number}" in edges else "none" for number in range(len(texts))]
    ours = ["none" if marker.is_false else render(marker) for marker in simple]
    assert not differences(texts, ours, theirs)


@pytest.mark.parametrize("seed", [6, 7, 8])
def test_random_edges_are_made_relative_to_their_parent_like_uv(uv: Uv, seed: int) -> None:
    """An edge of the lockfile says only what the parent's own marker does not say."""
    edges = random_markers(seed, 500, NO_PYTHON, 5)
    parents = random_markers(seed + 100, 500, NO_PYTHON, 4)
    pairs = [
        (edge, parent)
        for edge, parent in zip(edges, parents, strict=True)
        if not parse_marker(edge).is_disjoint(parse_marker(parent))
    ]
    wheels = {f"b{number}": [f"a ; {edge}"] for number, (edge, _) in enumerate(pairs)}
    roots = [f"b{number} ; {parent}" for number, (_, parent) in enumerate(pairs)]
    lock = uv.lock(project=f"dependencies = {toml_array(roots)}", wheels={"a": [], **wheels})
    packages = {package["name"]: package for package in lock["package"]}
    theirs = [packages[f"b{number}"]["dependencies"][0].get("marker") for number in range(len(pairs))]
    ours = [
        render(restrict(canonical_form(parse_marker(edge)), canonical_form(parse_marker(parent))))
        for edge, parent in pairs
    ]
    assert not differences([f"{edge} UNDER {parent}" for edge, parent in pairs], ours, theirs)


@pytest.mark.parametrize("names", [None, PLATFORMS, RELEASES, ["extra", "python_version", "implementation_version"]])
def test_random_markers_are_sorted_like_uv(uv: Uv, names: list[str] | None) -> None:
    """Requirements with one name are sorted by the structure of their markers."""
    texts = random_markers(9, 600, names, 4)
    theirs = [entry.get("marker") for entry in uv.constraints([f"z ; {text}" for text in texts])]
    markers = {canonical_form(parse_marker(text)) for text in texts}
    # Two conditions can have one text: `platform_release < '5'` compares versions on macOS and strings elsewhere.
    ours = [text for text, _ in groupby(render(marker) for marker in sorted(markers, key=sort_key))]
    assert ours == [text for text, _ in groupby(theirs)]


@pytest.mark.parametrize(
    "text",
    [
        "foo == 'x'",
        "sys_platform = 'x'",
        "sys_platform == 'x",
        "(sys_platform == 'x'",
        "sys_platform == 'x' bar",
        "sys_platform ==",
        "sys_platform not 'x'",
        "sys_platform not'x'",
        "extras == 'x'",
        "'x' == extras",
    ],
)
def test_malformed_markers_are_explained_like_uv(uv: Uv, text: str) -> None:
    """The reason and the marked place are uv's."""
    from mauve.standards.markers.parse import InvalidMarker

    with pytest.raises(InvalidMarker) as caught:
        parse_marker(text)
    with pytest.raises(AssertionError) as refused:
        uv.constraints([f"z ; {text}"])
    lines = str(caught.value).splitlines()
    assert lines[0] in str(refused.value)
    assert f"z ; {text}\n" in str(refused.value)
    assert f"{' ' * len('z ; ')}{lines[2]}\n" in str(refused.value)
