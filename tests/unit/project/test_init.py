"""The files of new projects."""

from __future__ import annotations

import tomllib

import pytest

from mauve.project.init import (
    AlreadyScript,
    Author,
    BuildBackend,
    InvalidProjectName,
    NewFile,
    NewProject,
    ProjectKind,
    project_files,
    project_name,
    render_pyproject,
    script_text,
    write_files,
)
from mauve.standards.names import package_name

NAME = package_name("foo-bar")


def test_the_default_project_reads_like_uvs() -> None:
    """The template is part of the interface."""
    project = NewProject(
        name=NAME, requires_python=">=3.11", description="Add your description here", author=Author("N", "e@x")
    )
    assert render_pyproject(project) == (
        '[project]\nname = "foo-bar"\nversion = "0.1.0"\ndescription = "Add your description here"\n'
        'readme = "README.md"\nauthors = [\n    { name = "N", email = "e@x" }\n]\nrequires-python = ">=3.11"\n'
        'dependencies = []\n\n[project.scripts]\nfoo-bar = "foo_bar:main"\n\n[build-system]\n'
        'requires = ["uv_build>=0.13.9,<0.14.0"]\nbuild-backend = "uv_build"\n'
    )


def test_a_bare_project_is_one_file() -> None:
    """`--bare` is for those who write the rest themselves."""
    project = NewProject(name=NAME, requires_python=">=3.11", is_package=False, is_bare=True)
    assert project_files(project) == (
        NewFile(
            "pyproject.toml",
            '[project]\nname = "foo-bar"\nversion = "0.1.0"\nrequires-python = ">=3.11"\ndependencies = []\n',
            replaces=True,
        ),
    )


@pytest.mark.parametrize(
    ("project", "paths"),
    [
        (
            {"pin": "3.11", "has_gitignore": True},
            {"README.md", ".python-version", ".gitignore", "src/foo_bar/__init__.py"},
        ),
        ({"is_package": False}, {"README.md", "main.py"}),
        ({"kind": ProjectKind.LIBRARY, "has_readme": False}, {"src/foo_bar/__init__.py", "src/foo_bar/py.typed"}),
        (
            {"backend": BuildBackend.MATURIN, "has_readme": False},
            {"Cargo.toml", "src/lib.rs", "src/foo_bar/__init__.py", "src/foo_bar/_core.pyi"},
        ),
        (
            {"backend": BuildBackend.SCIKIT, "has_readme": False},
            {"CMakeLists.txt", "src/main.cpp", "src/foo_bar/__init__.py", "src/foo_bar/_core.pyi"},
        ),
    ],
    ids=["application", "unpackaged", "library", "maturin", "scikit"],
)
def test_each_kind_has_its_files(project: dict, paths: set[str]) -> None:
    """Nothing is missing and nothing is left over."""
    files = project_files(NewProject(name=NAME, requires_python=">=3.11", **project))
    assert {file.path for file in files} == paths | {"pyproject.toml"}


@pytest.mark.parametrize("backend", BuildBackend)
def test_every_backend_gives_valid_toml(backend: BuildBackend) -> None:
    """Braces and quotes of the templates come out right, whatever the user typed."""
    project = NewProject(name=NAME, requires_python=">=3.11", backend=backend, description='a "b" \\ c')
    document = tomllib.loads(render_pyproject(project))
    assert document["project"]["description"] == 'a "b" \\ c'
    assert document["build-system"]["requires"]


def test_folders_give_their_name() -> None:
    """Blanks become hyphens; what is still no name has to be given."""
    assert project_name("/x/My Tool", is_current=True) == "my-tool"
    with pytest.raises(InvalidProjectName, match=r"The current directory \(`_1`\) is not a valid package name"):
        project_name("/x/_1", is_current=True)


def test_existing_files_stay(tmp_path) -> None:
    """Only `pyproject.toml` is known not to exist."""
    (tmp_path / "README.md").write_text("mine")
    write_files(str(tmp_path), [NewFile("README.md", ""), NewFile("a/b.py", "x")])
    assert ((tmp_path / "README.md").read_text(), (tmp_path / "a/b.py").read_text()) == ("mine", "x")


BLOCK = '# /// script\n# requires-python = ">=3.11"\n# dependencies = []\n# ///\n'


@pytest.mark.parametrize(
    ("existing", "expected"),
    [
        ("print(1)\n", f"{BLOCK}\nprint(1)\n"),
        ("#!/usr/bin/env python3\nprint(1)\n", f"#!/usr/bin/env python3\n#\n{BLOCK}\nprint(1)\n"),
    ],
    ids=["plain", "shebang"],
)
def test_a_script_gets_its_block(existing: str, expected: str) -> None:
    """A shebang has to stay the first line."""
    assert script_text(existing, "s.py", ">=3.11") == expected


def test_a_script_with_a_block_is_refused() -> None:
    """There is nothing left to do for it."""
    with pytest.raises(AlreadyScript, match=r"`s.py` is already a PEP 723 script"):
        script_text(BLOCK, "s.py", ">=3.11")
