"""A source tree and the build system it asks for.

Specification: PEP 517, PEP 518, docs/environments.md "Source builds".
"""

from __future__ import annotations

import os

import msgspec
from msgspec import Struct

from mauve.errors import ExitStatus, MauveError
from mauve.standards.names import PackageName
from mauve.standards.requirements import InvalidRequirement, Requirement, parse_requirement
from mauve.standards.toml import InvalidToml, parse_toml

LEGACY_BACKEND = "setuptools.build_meta:__legacy__"
LEGACY_REQUIREMENT = "setuptools>=40.8.0"


class SourceTree(Struct, frozen=True, kw_only=True):
    """A directory that can be built.

    Attributes:
        root: absolute.
        shown: how messages name the distribution: `sd==1.0`, `sd @ file:///…`; None if nothing is known yet.
        name: of the package, if known.
        version: likewise, as text.
        is_remote: whether it had to be downloaded.
        is_editable: whether it is going to be installed in place, which the backend may have an own answer for.
    """

    root: str
    shown: str | None = None
    name: PackageName | None = None
    version: str | None = None
    is_remote: bool = False
    is_editable: bool = False


class BuildSystem(Struct, frozen=True, kw_only=True):
    """What `[build-system]` says, or what stands in for it.

    Attributes:
        requires: what must be installed before the backend is imported.
        backend: `module` or `module:object`.
        backend_path: directories that are searched first, as written.
        is_declared: whether there is a table; without one setuptools builds as it always did.
        version: of the project, if the same file says it.
        warning: what is suspicious about the tree, None if nothing.
    """

    requires: tuple[Requirement, ...]
    backend: str = LEGACY_BACKEND
    backend_path: tuple[str, ...] = ()
    is_declared: bool = True
    version: str | None = None
    warning: str | None = None

    @property
    def origin(self) -> str:
        """Return where the requirements come from, as messages say it."""
        return "`build-system.requires`" if self.is_declared else "`setup.py` build"

    @property
    def module(self) -> str:
        """Return the module that is imported."""
        return self.backend.partition(":")[0].strip()

    @property
    def uses_setuptools(self) -> bool:
        """Return whether setuptools builds, which writes into the source tree."""
        return self.module.split(".", 1)[0] == "setuptools"


class NotAProject(MauveError):
    """The directory has neither pyproject.toml nor setup.py."""

    status = ExitStatus.FAILURE

    def __init__(self, root: str) -> None:
        """Name the directory."""
        super().__init__(root)
        self.root = root

    def __str__(self) -> str:
        """Return the message."""
        return (
            f"`{self.root}` does not appear to be a Python project, as neither `pyproject.toml` nor `setup.py` are "
            "present in the directory"
        )


class InvalidBuildSystem(MauveError):
    """`pyproject.toml` does not have the shape that builds need; the cause points at the place."""

    def __str__(self) -> str:
        """Return the message, in which uv blames the project's name for everything."""
        return (
            "`pyproject.toml` does not match the required schema. When the `[project]` table is present, "
            "`project.name` must be present and non-empty."
        )


class InvalidBuildSystemReason(MauveError):
    """What is wrong with `[build-system]`."""

    def __init__(self, reason: str) -> None:
        """Store the report."""
        super().__init__(reason)
        self.reason = reason

    def __str__(self) -> str:
        """Return the report."""
        return self.reason


class InvalidBackendPath(MauveError):
    """An entry of `backend-path` cannot be searched."""

    status = ExitStatus.FAILURE

    def __init__(self, entry: str, *, is_outside: bool) -> None:
        """Store the entry, and whether it leaves the source tree."""
        super().__init__(entry)
        self.entry = entry
        self.is_outside = is_outside

    def __str__(self) -> str:
        """Return the message."""
        if self.is_outside:
            return f"`backend-path` entry `{self.entry}` must be a relative path within the source tree"
        return f"`backend-path` entry `{self.entry}` does not exist or is not a directory"


def read_build_system(root: str) -> BuildSystem:
    """Return the build system of the source tree at *root*.

    Raises:
        NotAProject: there is nothing that could be built.
        InvalidBuildSystem: from `InvalidBuildSystemReason`.
        InvalidBackendPath: an entry of `backend-path` is missing or outside of the tree.
    """
    try:
        with open(os.path.join(root, "pyproject.toml"), encoding="utf-8") as file:
            text = file.read()
    except (FileNotFoundError, NotADirectoryError):
        if not os.path.isfile(os.path.join(root, "setup.py")):
            raise NotAProject(root) from None
        return BuildSystem(requires=(parse_requirement(LEGACY_REQUIREMENT),), is_declared=False)
    system = parse_build_system(text)
    if not system.is_declared and not any(
        os.path.isfile(os.path.join(root, name)) for name in ("setup.py", "setup.cfg")
    ):
        return BuildSystem(requires=system.requires, is_declared=False, warning=_undeclared(root))
    for entry in system.backend_path:
        _check_backend_path(root, entry)
    return system


def parse_build_system(text: str) -> BuildSystem:
    """Return the build system that *text*, a pyproject.toml, declares; paths are not looked at.

    Raises:
        InvalidBuildSystem: from `InvalidBuildSystemReason`.
    """
    try:
        document: dict[str, object] = parse_toml(text)
    except InvalidToml as error:
        raise InvalidBuildSystem from InvalidBuildSystemReason(str(error))
    table, project = document.get("build-system"), document.get("project")
    version = project.get("version") if isinstance(project, dict) else None
    version = version if isinstance(version, str) else None
    if table is None:
        return BuildSystem(requires=(parse_requirement(LEGACY_REQUIREMENT),), is_declared=False, version=version)
    try:
        wire = msgspec.convert(table, _BuildSystemTable)
        requires = tuple(map(parse_requirement, wire.requires))
    except msgspec.ValidationError as error:
        missing = "requires" not in table if isinstance(table, dict) else False
        reason = "missing field `requires`" if missing else str(error)
        raise InvalidBuildSystem from InvalidBuildSystemReason(_at(text, reason))
    except InvalidRequirement as error:
        raise InvalidBuildSystem from InvalidBuildSystemReason(_at(text, str(error)))
    return BuildSystem(
        requires=requires,
        backend=wire.build_backend or LEGACY_BACKEND,
        backend_path=wire.backend_path,
        version=version,
    )


class _BuildSystemTable(Struct, rename="kebab"):
    """`[build-system]` as in the file."""

    requires: tuple[str, ...]
    build_backend: str | None = None
    backend_path: tuple[str, ...] = ()


def _at(text: str, reason: str) -> str:
    """Return *reason* as TOML errors are reported, at the table's header."""
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip().replace(" ", "") == "[build-system]":
            return str(InvalidToml(text, number, line.index("[") + 1, reason, len(line.strip())))
    return reason


def _undeclared(root: str) -> str:
    return (
        f"`{root}` does not appear to be a Python project, as the `pyproject.toml` does not include a "
        "`[build-system]` table, and neither `setup.py` nor `setup.cfg` are present in the directory"
    )


def _check_backend_path(root: str, entry: str) -> None:
    path = os.path.normpath(os.path.join(root, entry))
    inside = path == os.path.normpath(root) or path.startswith(os.path.join(os.path.normpath(root), ""))
    if os.path.isabs(entry) or not inside:
        raise InvalidBackendPath(entry, is_outside=True)
    if not os.path.isdir(path):
        raise InvalidBackendPath(entry, is_outside=False)
