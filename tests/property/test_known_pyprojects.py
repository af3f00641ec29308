"""Editing the `pyproject.toml` files of known projects: what was added and removed left no trace.

Two projects in every run; `MAUVE_KNOWN_PROJECTS=all` asks for the others too. Source distributions of tools bring the
files of their own tests along, which are the strangest.
"""

from __future__ import annotations

import io
import os
import tarfile
import tomllib
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

import pytest
from tests.support.known_projects import source_distribution

from mauve.project.edit import GroupTable, OptionalTable, Production, ProjectEditor
from mauve.standards.names import extra_name, group_name
from mauve.standards.requirements import parse_requirement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mauve.project.edit import DependencyTable

QUICK = {"starlette": "0.47.3", "typer": "0.16.1"}
OTHERS = {
    "black": "25.1.0",
    "cibuildwheel": "3.1.4",
    "django": "5.2.5",
    "fastapi": "0.116.1",
    "flit": "3.12.0",
    "hatch": "1.14.1",
    "litestar": "2.13.0",
    "meson-python": "0.18.0",
    "mkdocs-material": "9.6.18",
    "pdm": "2.25.4",
    "poetry-core": "2.1.3",
    "pydantic": "2.11.7",
    "pytest": "8.4.1",
    "scikit-build-core": "0.11.6",
    "scrapy": "2.13.3",
    "sphinx": "8.2.3",
    "tox": "4.28.4",
    "uvicorn": "0.35.0",
}
ALL = os.environ.get("MAUVE_KNOWN_PROJECTS") == "all"
PROJECTS = QUICK | OTHERS if ALL else QUICK
NEW = ("aaaa-first", "mmmm-middle[x]>=1", "zzzz-last ; sys_platform == 'win32'")

pytestmark = pytest.mark.network


def pyprojects(name: str, version: str) -> Iterator[str]:
    """Yield the texts of every such file in the source distribution."""
    with tarfile.open(fileobj=io.BytesIO(source_distribution(name, version))) as archive:
        for member in archive.getmembers():
            file = archive.extractfile(member) if member.name.endswith("/pyproject.toml") else None
            if file is not None:
                yield file.read().decode(errors="surrogateescape")


def filled_lists(text: str) -> list[DependencyTable]:
    """Return the lists of requirements in *text* that have entries; none if it is not TOML."""
    try:
        document: dict[str, Any] = tomllib.loads(text.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError:
        return []
    project = document.get("project", {})
    found: list[DependencyTable] = [Production()] if project.get("dependencies") else []
    extras, groups = project.get("optional-dependencies", {}), document.get("dependency-groups", {})
    found += [OptionalTable(extra_name(name)) for name, entries in extras.items() if entries]
    return found + [GroupTable(group_name(name)) for name, entries in groups.items() if entries]


@pytest.mark.parametrize(("name", "version"), PROJECTS.items())
def test_what_is_added_and_removed_leaves_no_trace(name: str, version: str) -> None:
    """And what is added shows as one line, perhaps with the comma before it."""
    for text in pyprojects(name, version):
        for table in filled_lists(text):
            for requirement in map(parse_requirement, NEW):
                editor = ProjectEditor(text)
                editor.add_dependency(table, requirement)
                added = editor.text
                editor.remove_dependency(table, requirement.name)
                assert editor.text == text
                changes = SequenceMatcher(None, text.splitlines(), added.splitlines(), autojunk=False).get_opcodes()
                different = [code for code in changes if code[0] != "equal"]
                assert sum(code[2] - code[1] for code in different) <= 1
                assert sum(code[4] - code[3] for code in different) <= 2


def test_the_corpus_has_files_with_requirements() -> None:
    """All of it has more than forty."""
    texts = {text for name, version in PROJECTS.items() for text in pyprojects(name, version) if filled_lists(text)}
    assert len(texts) > (40 if ALL else 1)
