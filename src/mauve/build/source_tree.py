"""A source tree and the build system it asks for.

Specification: PEP 517, PEP 518, docs/environments.md "Source builds".
"""

from __future__ import annotations

import os

import msgspec
from msgspec import Struct, structs

from mauve.errors import ExitStatus, MauveError
from mauve.standards.names import InvalidName, PackageName, package_name
from mauve.standards.requirements import InvalidRequirement, Requirement, parse_requirement
from mauve.standards.toml import InvalidToml, described, parse_toml, point_at
from mauve.standards.versions import InvalidVersion, parse_version

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
        origin: the folder that was packed, of an unpacked archive that was made a moment ago.
    """

    root: str
    shown: str | None = None
    name: PackageName | None = None
    version: str | None = None
    is_remote: bool = False
    is_editable: bool = False
    origin: str | None = None

    @property
    def declaring(self) -> str:
        """Return the folder whose `[tool.uv.sources]` count, and that their paths start from."""
        return self.origin or self.root


class BuildSystem(Struct, frozen=True, kw_only=True):
    """What `[build-system]` says, or what stands in for it.

    Attributes:
        requires: what must be installed before the backend is imported.
        backend: `module` or `module:object`.
        backend_path: directories that are searched first, as written.
        is_declared: whether there is a table; without one setuptools builds as it always did.
        name: of the project, if the same file says it.
        version: likewise.
        warning: what is suspicious about the tree, None if nothing.
    """

    requires: tuple[Requirement, ...]
    backend: str = LEGACY_BACKEND
    backend_path: tuple[str, ...] = ()
    is_declared: bool = True
    name: PackageName | None = None
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


class UnreadablePyProject(MauveError):
    """`pyproject.toml` is no TOML; the cause points at the place."""

    status = ExitStatus.FAILURE

    def __str__(self) -> str:
        """Return the message."""
        return "Invalid `pyproject.toml`"


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
        InvalidBuildSystem, UnreadablePyProject: from `InvalidBuildSystemReason`.
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
        return structs.replace(system, warning=_undeclared(root, text) if system.name is None else None)
    for entry in system.backend_path:
        _check_backend_path(root, entry)
    return system


def parse_build_system(text: str) -> BuildSystem:
    """Return the build system that *text*, a pyproject.toml, declares; paths are not looked at.

    Raises:
        InvalidBuildSystem, UnreadablePyProject: from `InvalidBuildSystemReason`.
    """
    try:
        document: dict[str, object] = parse_toml(text)
    except InvalidToml as error:
        raise UnreadablePyProject from InvalidBuildSystemReason(str(error))
    table = document.get("build-system")
    name, version = _identity(document.get("project"), text)
    if table is None:
        legacy = (parse_requirement(LEGACY_REQUIREMENT),)
        return BuildSystem(requires=legacy, is_declared=False, name=name, version=version)
    try:
        wire = msgspec.convert(table, _BuildSystemTable)
        requires = tuple(map(parse_requirement, wire.requires))
    except msgspec.ValidationError as error:
        raise InvalidBuildSystem from _fault(table, text, error)
    except InvalidRequirement as error:
        place = ("build-system", "requires", wire.requires.index(error.text))
        raise InvalidBuildSystem from InvalidBuildSystemReason(str(point_at(text, place, str(error))))
    return BuildSystem(
        requires=requires,
        backend=wire.build_backend or LEGACY_BACKEND,
        backend_path=wire.backend_path,
        name=name,
        version=version,
    )


class _BuildSystemTable(Struct, rename="kebab"):
    """`[build-system]` as in the file."""

    requires: tuple[str, ...]
    build_backend: str | None = None
    backend_path: tuple[str, ...] = ()


def _identity(project: object, text: str) -> tuple[PackageName | None, str | None]:
    """Return name and version in the table *project*; None without a table, and without a version.

    Raises:
        InvalidBuildSystem: it has no name, or one of them is malformed.
    """
    if not isinstance(project, dict):
        return None, None
    name, version = project.get("name"), project.get("version")
    if name is None:
        raise InvalidBuildSystem from InvalidBuildSystemReason(_at(text, "project", "missing field `name`"))
    if not isinstance(name, str) or not isinstance(version, str | None):
        return None, None  # the project's own rules say what is wrong with it
    key = "name"
    try:
        parsed = package_name(name)
        key = "version"
        if version is not None:
            parse_version(version)
    except (InvalidName, InvalidVersion) as error:
        reason = error.reason if isinstance(error, InvalidVersion) else str(error)
        raise InvalidBuildSystem from InvalidBuildSystemReason(str(point_at(text, ("project", key), reason)))
    return parsed, version


def _fault(table: object, text: str, error: msgspec.ValidationError) -> InvalidBuildSystemReason:
    """Return what is wrong with the shape of the *table* `[build-system]`, with its place."""
    if not isinstance(table, dict):
        return InvalidBuildSystemReason(str(point_at(text, ("build-system",), str(error))))
    if "requires" not in table:
        return InvalidBuildSystemReason(_at(text, "build-system", "missing field `requires`"))
    for key, is_list in (("requires", True), ("build-backend", False), ("backend-path", True)):
        value = table.get(key)
        if value is not None and not isinstance(value, list if is_list else str):
            reason = f"invalid type: {described(value)}, expected a {'sequence' if is_list else 'string'}"
            return InvalidBuildSystemReason(str(point_at(text, ("build-system", key), reason)))
    return InvalidBuildSystemReason(_at(text, "build-system", str(error)))


def _at(text: str, table: str, reason: str) -> str:
    """Return *reason* as TOML errors are reported, at the header of *table*."""
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip().replace(" ", "") == f"[{table}]":
            return str(InvalidToml(text, number, line.index("[") + 1, reason, len(line.strip())))
    return reason


def _undeclared(root: str, text: str) -> str:
    """Return what is suspicious about a tree whose pyproject.toml, *text*, has neither a project nor a build system."""
    settings = parse_toml(text).get("tool", {}).get("uv", {})
    if isinstance(settings, dict) and "workspace" in settings:
        return (
            f"`{root}` appears to be a workspace root without a Python project; consider using `uv sync` to install "
            "the workspace, or add a `[build-system]` table to `pyproject.toml`"
        )
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
