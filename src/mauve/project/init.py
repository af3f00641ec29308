"""What a new project or script consists of, as values; `write_files` puts them on disk.

Specification: docs/project.md "init".
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from mauve.compatibility import COMPATIBLE_UV, NEXT_SERIES
from mauve.enumerations import StrEnum
from mauve.errors import MauveError
from mauve.filesystem.atomic import write_atomically
from mauve.project import templates
from mauve.standards.names import InvalidName, PackageName, package_name
from mauve.standards.script import find_script_block

if TYPE_CHECKING:
    from collections.abc import Iterable


class BuildBackend(StrEnum):
    """Who builds the new project."""

    UV = "uv"
    HATCH = "hatch"
    FLIT = "flit"
    PDM = "pdm"
    POETRY = "poetry"
    SETUPTOOLS = "setuptools"
    MATURIN = "maturin"
    SCIKIT = "scikit"


def _compatible_range() -> str:
    """Return the versions of `uv_build` that go with the uv that is followed: up to its next minor version."""
    return f">={COMPATIBLE_UV},<{NEXT_SERIES}.0"


_BACKENDS: Final[dict[BuildBackend, tuple[tuple[str, ...], str]]] = {
    BuildBackend.UV: ((f"uv_build{_compatible_range()}",), "uv_build"),
    BuildBackend.HATCH: (("hatchling",), "hatchling.build"),
    BuildBackend.FLIT: (("flit_core>=3.2,<4",), "flit_core.buildapi"),
    BuildBackend.PDM: (("pdm-backend",), "pdm.backend"),
    BuildBackend.POETRY: (("poetry-core>=2,<3",), "poetry.core.masonry.api"),
    BuildBackend.SETUPTOOLS: (("setuptools>=61",), "setuptools.build_meta"),
    BuildBackend.MATURIN: (("maturin>=1.0,<2.0",), "maturin"),
    BuildBackend.SCIKIT: (("scikit-build-core>=0.12", "pybind11>=3"), "scikit_build_core.build"),
}
_BINARY: Final = (BuildBackend.MATURIN, BuildBackend.SCIKIT)


class ProjectKind(StrEnum):
    """What the project is for."""

    APPLICATION = "app"
    LIBRARY = "lib"


class Author(Struct, frozen=True):
    """Who writes the project; at least one of both is known."""

    name: str | None = None
    email: str | None = None


class NewProject(Struct, frozen=True, kw_only=True):
    """All decisions about a project that is to be created.

    Attributes:
        is_package: it is built and installed; libraries always are.
        is_bare: nothing but `pyproject.toml`.
        description: None for none.
        pin: content of `.python-version`, without the line end; None for no file.
        has_gitignore: a repository is created with it.
    """

    name: PackageName
    requires_python: str
    kind: ProjectKind = ProjectKind.APPLICATION
    is_package: bool = True
    is_bare: bool = False
    backend: BuildBackend = BuildBackend.UV
    description: str | None = None
    has_readme: bool = True
    author: Author | None = None
    pin: str | None = None
    has_gitignore: bool = False

    @property
    def module(self) -> str:
        """Return the name of the import package."""
        return self.name.replace("-", "_")


class NewFile(Struct, frozen=True):
    """A file to write; *path* is relative to the new folder. What exists stays unless *replaces*."""

    path: str
    text: str
    replaces: bool = False


class InvalidProjectName(MauveError):
    """The folder's name is no name for a package."""

    def __init__(self, name: str, *, is_current: bool) -> None:
        """Keep the name of the folder."""
        super().__init__(name, is_current)
        self.name = name
        self.is_current = is_current

    def __str__(self) -> str:
        """Return the message."""
        which = "current" if self.is_current else "target"
        return (
            f"The {which} directory (`{self.name}`) is not a valid package name. Please provide a package name with "
            "`--name`."
        )


class AlreadyScript(MauveError):
    """The file has a block of inline metadata."""

    def __init__(self, path: str) -> None:
        """Name the file."""
        super().__init__(path)
        self.path = path

    def __str__(self) -> str:
        """Return the message."""
        return f"`{self.path}` is already a PEP 723 script; use `uv run` to execute it"


def project_name(folder: str, *, is_current: bool) -> PackageName:
    """Return the name that a project in *folder* gets.

    Raises:
        InvalidProjectName: the name of the folder is no package name.
    """
    name = os.path.basename(folder)
    try:
        return package_name(name.replace(" ", "-"))
    except InvalidName as error:
        invalid = InvalidProjectName(name, is_current=is_current)
        raise invalid from (error if not name else None)


def project_files(project: NewProject) -> tuple[NewFile, ...]:
    """Return the files of *project*, `pyproject.toml` first."""
    files = [NewFile("pyproject.toml", render_pyproject(project), replaces=True)]
    if not project.is_bare:
        files += _source_files(project)
        if project.has_readme:
            files.append(NewFile("README.md", ""))
    if project.pin is not None:
        files.append(NewFile(".python-version", f"{project.pin}\n"))
    if project.has_gitignore:
        files.append(NewFile(".gitignore", templates.GITIGNORE))
    return tuple(files)


def render_pyproject(project: NewProject) -> str:
    """Return the text of `pyproject.toml`."""
    description = "" if project.description is None else f'\ndescription = "{_escape(project.description)}"'
    has_readme = project.has_readme and not project.is_bare
    parts = [
        templates.BARE_METADATA.format(
            name=project.name,
            description=description,
            readme='\nreadme = "README.md"' if has_readme else "",
            authors=_authors(project.author),
            requires_python=project.requires_python,
        )
    ]
    if project.is_package:
        if project.kind is ProjectKind.APPLICATION and not project.is_bare:
            parts.append(f'[project.scripts]\n{project.name} = "{project.module}:main"\n')
        if project.backend is BuildBackend.MATURIN:
            parts.append(templates.MATURIN_TABLES.format(module=project.module))
        elif project.backend is BuildBackend.SCIKIT:
            parts.append(templates.SCIKIT_TABLES.format())
        requires, backend = _BACKENDS[project.backend]
        listed = ", ".join(f'"{requirement}"' for requirement in requires)
        parts.append(f'[build-system]\nrequires = [{listed}]\nbuild-backend = "{backend}"\n')
    return "\n".join(parts)


def _authors(author: Author | None) -> str:
    if author is None:
        return ""
    fields = [("name", author.name), ("email", author.email)]
    table = ", ".join(f'{key} = "{_escape(value)}"' for key, value in fields if value)
    return f"\nauthors = [\n    {{ {table} }}\n]"


def _escape(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _source_files(project: NewProject) -> list[NewFile]:
    name, module = project.name, project.module
    if not project.is_package:
        return [NewFile("main.py", templates.UNPACKAGED.format(name=name))]
    is_library = project.kind is ProjectKind.LIBRARY
    folder = f"src/{module}"
    files: list[NewFile] = []
    if project.backend is BuildBackend.MATURIN:
        files += [
            NewFile("Cargo.toml", templates.CARGO.format(module=module)),
            NewFile("src/lib.rs", templates.RUST.format(name=name)),
        ]
    elif project.backend is BuildBackend.SCIKIT:
        files += [NewFile("CMakeLists.txt", templates.CMAKE), NewFile("src/main.cpp", templates.CPP.format(name=name))]
    if project.backend in _BINARY:
        text = (templates.BINARY_LIBRARY if is_library else templates.BINARY_APPLICATION).format(module=module)
        files.append(NewFile(f"{folder}/_core.pyi", templates.BINARY_STUB))
    else:
        text = (templates.LIBRARY if is_library else templates.APPLICATION).format(name=name)
    files.append(NewFile(f"{folder}/__init__.py", text))
    if is_library:
        files.append(NewFile(f"{folder}/py.typed", ""))
    return files


def script_text(existing: str | None, shown_path: str, requires_python: str, *, is_bare: bool = False) -> str:
    """Return the text of a script with a block of inline metadata, made around *existing* if there is a file.

    Raises:
        AlreadyScript: *existing* has such a block.
    """
    block = templates.SCRIPT_BLOCK.format(requires_python=requires_python)
    if existing is None:
        return block if is_bare else block + templates.SCRIPT_BODY.format(name=os.path.basename(shown_path))
    if find_script_block(existing) is not None:
        raise AlreadyScript(shown_path)
    if existing.startswith("#!"):
        shebang, _, rest = existing.partition("\n")
        return f"{shebang}\n#\n{block}\n{rest}"
    return f"{block}\n{existing}"


def write_files(root: str, files: Iterable[NewFile]) -> None:
    """Write *files* below *root*, which is created; existing files stay unless they are to be replaced."""
    os.makedirs(root, exist_ok=True)
    for file in files:
        path = os.path.join(root, *file.path.split("/"))
        if file.replaces or not os.path.exists(path):
            os.makedirs(os.path.dirname(path), exist_ok=True)
            write_atomically(path, file.text)
