"""What the backend says when it cannot build.

The texts are uv's; each error is the cause of the one that names the distribution.
"""

from __future__ import annotations

from mauve.errors import MauveError


class NativeBuildError(MauveError):
    """The backend cannot build a source tree; a cause may say more."""

    def __init__(self, message: str) -> None:
        """Store the message."""
        super().__init__(message)
        self.message = message

    def __str__(self) -> str:
        """Return the message."""
        return self.message


class InvalidMetadataFormat(NativeBuildError):
    """`pyproject.toml` has not the shape that the backend needs; the cause points at the place."""

    def __init__(self, path: str) -> None:
        """Name the file."""
        super().__init__(f"Invalid metadata format in: {path}")


class InvalidShape(NativeBuildError):
    """The report on a place in `pyproject.toml`."""


class InvalidProjectMetadata(NativeBuildError):
    """`[project]` can be read and breaks a rule, which the cause states."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__("Invalid project metadata")


class BrokenRule(NativeBuildError):
    """A rule on `[project]` that is broken."""


class MissingModule(NativeBuildError):
    """There is no module where one is expected.

    Attributes:
        path: of its `__init__.py`.
    """

    def __init__(self, path: str) -> None:
        """Name the file that is missing."""
        super().__init__(f"Expected a Python module at: {path}")
        self.path = path


class NotANamespace(NativeBuildError):
    """A folder above a module of a namespace is a regular package.

    Attributes:
        path: of the folder.
    """

    def __init__(self, path: str) -> None:
        """Name the folder."""
        super().__init__(f"For namespace packages, `__init__.py[i]` is not allowed in parent directory: {path}")
        self.path = path


class OutsideOfProject(NativeBuildError):
    """A folder that the settings name is not part of the source tree."""

    @classmethod
    def module_root(cls, path: str) -> OutsideOfProject:
        """Return the error for `module-root`."""
        return cls(f"Module root must be inside the project: {path}")

    @classmethod
    def data(cls, name: str, path: str) -> OutsideOfProject:
        """Return the error for the kind *name* of `data`."""
        return cls(f"The path for the data directory {name} must be inside the project: {path}")


class InvalidModuleName(NativeBuildError):
    """A part of a module's name is not an identifier; the cause says why."""

    def __init__(self, name: str) -> None:
        """Name the part."""
        super().__init__(f"Invalid module name: {name}")


class InvalidIdentifier(NativeBuildError):
    """Why a word is not an identifier."""


class UnsupportedGlob(NativeBuildError):
    """A pattern cannot be used; the cause says why.

    Attributes:
        field: the key of `pyproject.toml` that holds it.
    """

    def __init__(self, field: str) -> None:
        """Name the key."""
        super().__init__(f"Unsupported glob expression in: {field}")
        self.field = field


class PyProjectExcluded(NativeBuildError):
    """The settings exclude what makes an archive a source distribution."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__("`pyproject.toml` must not be excluded from source distribution build")


class EnvironmentInSources(NativeBuildError):
    """A virtual environment is among the files."""

    def __init__(self, path: str) -> None:
        """Name the environment's folder."""
        super().__init__(
            "Virtual environments must not be added to source distributions or wheels, remove the directory or "
            f"exclude it from the build: {path}"
        )


class NameTaken(NativeBuildError):
    """A file would overwrite another one of the same archive."""

    def __init__(self, path: str) -> None:
        """Name the file within the archive."""
        super().__init__(f"archive entry collides with existing path {path}")
