"""What source archives say about themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.support.wheel_factory import make_sdist

from mauve.metadata.sdist_archive import parse_static_project, read_static_metadata

if TYPE_CHECKING:
    from pathlib import Path

PROJECT = """[project]
name = "A.b"
version = "1.0"
dependencies = ["c>=1"]
[project.optional-dependencies]
x = ["d", "e ; python_version < '3.9'"]
"""


def read(tmp_path: Path, **options):
    sdist = make_sdist("a.b", "1.0", **options)
    (tmp_path / sdist.filename).write_bytes(sdist.content)
    return read_static_metadata(str(tmp_path / sdist.filename))


@pytest.mark.parametrize("extension", [".tar.gz", ".zip"])
def test_new_metadata_without_dynamic_fields_is_static(tmp_path: Path, extension: str) -> None:
    """PEP 643."""
    metadata = read(tmp_path, requires=["c"], extension=extension)
    assert metadata is not None
    assert metadata.requires_dist == ("c",)


@pytest.mark.parametrize("options", [{"metadata_version": "2.1"}, {"dynamic": ["Requires-Dist"]}])
def test_other_metadata_is_not(tmp_path: Path, options: dict[str, object]) -> None:
    """A build may give something else."""
    assert read(tmp_path, **options) is None


def test_dynamic_fields_that_do_not_matter_do_not_matter(tmp_path: Path) -> None:
    """Such as the description."""
    assert read(tmp_path, dynamic=["Description"]) is not None


def test_a_static_project_table_is_as_good(tmp_path: Path) -> None:
    """For archives made before PEP 643."""
    metadata = read(tmp_path, metadata_version="2.1", files={"pyproject.toml": PROJECT})
    assert metadata is not None
    assert metadata.name == "a-b"
    assert metadata.requires_dist == ("c>=1", "d ; extra == 'x'", "e  ; (python_version < '3.9') and extra == 'x'")
    assert metadata.provides_extra == ("x",)


@pytest.mark.parametrize(
    "change",
    [
        ('version = "1.0"', 'dynamic = ["version"]'),
        ('version = "1.0"', 'version = "1.0"\ndynamic = ["optional-dependencies"]'),
        ('dependencies = ["c>=1"]\n[project', "[tool.poetry]\n[project"),
        ("[project]", "[other]"),
        ("[project]", "[project"),
        ('"1.0"', "1.0"),
    ],
)
def test_a_project_table_with_computed_parts_is_not(change: tuple[str, str]) -> None:
    """Nor one that cannot be read."""
    assert parse_static_project(PROJECT.replace(*change).encode()) is None


def test_what_is_no_archive_has_no_metadata(tmp_path: Path) -> None:
    """The build says what is wrong."""
    (tmp_path / "a-1.0.tar.gz").write_bytes(b"nonsense")
    assert read_static_metadata(str(tmp_path / "a-1.0.tar.gz")) is None
