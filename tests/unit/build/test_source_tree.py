"""Which build system a source tree asks for."""

import pytest

from mauve.build.source_tree import (
    LEGACY_BACKEND,
    InvalidBackendPath,
    InvalidBuildSystem,
    NotAProject,
    parse_build_system,
    read_build_system,
)


def test_a_declared_system_is_read():
    """The backend's module is what stands before the colon."""
    system = parse_build_system('[build-system]\nrequires = ["a>=1"]\nbuild-backend = "a.b:c"\nbackend-path = ["."]\n')
    assert [requirement.name for requirement in system.requires] == ["a"]
    assert (system.backend, system.module, system.backend_path) == ("a.b:c", "a.b", (".",))
    assert system.origin == "`build-system.requires`"


def test_without_a_table_setuptools_builds_as_it_always_did():
    """With a table that names no backend it does too, but requires what is written."""
    system = parse_build_system('[project]\nname = "x"\n')
    assert system.backend == LEGACY_BACKEND
    assert [requirement.name for requirement in system.requires] == ["setuptools"]
    assert system.uses_setuptools
    assert system.origin == "`setup.py` build"
    assert parse_build_system("[build-system]\nrequires = []\n").requires == ()


def test_a_directory_with_neither_file_is_no_project(tmp_path):
    """setup.cfg alone does not make one."""
    (tmp_path / "setup.cfg").touch()
    with pytest.raises(NotAProject, match="does not appear to be a Python project, as neither"):
        read_build_system(str(tmp_path))
    (tmp_path / "setup.py").touch()
    assert not read_build_system(str(tmp_path)).is_declared


def test_a_project_that_setuptools_would_not_understand_is_suspicious(tmp_path):
    """It is built all the same."""
    pyproject = tmp_path / "pyproject.toml"
    pyproject.write_text("[tool.x]\n")
    assert "does not include a `[build-system]` table" in read_build_system(str(tmp_path)).warning
    pyproject.write_text("[tool.uv.workspace]\n")
    assert "appears to be a workspace root without a Python project" in read_build_system(str(tmp_path)).warning
    pyproject.write_text('[project]\nname = "x"\n')
    assert read_build_system(str(tmp_path)).warning is None
    pyproject.write_text("[tool.x]\n")
    (tmp_path / "setup.cfg").touch()
    assert read_build_system(str(tmp_path)).warning is None


def test_a_table_without_requires_is_invalid():
    """The cause points at the table."""
    with pytest.raises(InvalidBuildSystem) as caught:
        parse_build_system('\n[build-system]\nbuild-backend = "x"\n')
    assert str(caught.value.__cause__) == (
        "TOML parse error at line 2, column 1\n  |\n2 | [build-system]\n  | ^^^^^^^^^^^^^^\nmissing field `requires`"
    )


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("nope", "`backend-path` entry `nope` does not exist or is not a directory"),
        ("../x", "`backend-path` entry `../x` must be a relative path within the source tree"),
        ("/", "`backend-path` entry `/` must be a relative path within the source tree"),
    ],
)
def test_backend_paths_stay_inside_of_the_tree(tmp_path, entry, message):
    """PEP 517 demands it; the texts are part of the command line's interface."""
    (tmp_path / "pyproject.toml").write_text(f'[build-system]\nrequires = []\nbackend-path = ["{entry}"]\n')
    with pytest.raises(InvalidBackendPath) as caught:
        read_build_system(str(tmp_path))
    assert str(caught.value) == message
