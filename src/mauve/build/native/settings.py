"""`[tool.uv.build-backend]`: which files belong to a distribution."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

DEFAULT_EXCLUDES: Final = ("__pycache__", "*.pyc", "*.pyo")
"""Never part of a distribution, unless `default-excludes` is false."""


class DataFolders(Struct, frozen=True, rename="kebab"):
    """The folders whose contents a wheel installs elsewhere than modules, in the order of wheels."""

    purelib: str | None = None
    platlib: str | None = None
    headers: str | None = None
    scripts: str | None = None
    data: str | None = None

    def items(self) -> list[tuple[str, str]]:
        """Return kind and folder of each that is given."""
        return [(name, folder) for name in self.__struct_fields__ if (folder := getattr(self, name)) is not None]


class BackendSettings(Struct, frozen=True, kw_only=True, rename="kebab"):
    """The settings as in the file.

    Attributes:
        module_root: the folder that holds the modules.
        module_name: dotted names; None for the one that the package's name suggests.
        namespace: whether the modules' structure is not checked.
    """

    module_root: str = "src"
    module_name: str | tuple[str, ...] | None = None
    source_include: tuple[str, ...] = ()
    default_excludes: bool = True
    source_exclude: tuple[str, ...] = ()
    wheel_exclude: tuple[str, ...] = ()
    namespace: bool = False
    data: DataFolders = DataFolders()

    def sdist_excludes(self) -> list[str]:
        """Return what a source distribution does not contain, each pattern once."""
        excludes = DEFAULT_EXCLUDES if self.default_excludes else ()
        return list(dict.fromkeys((*excludes, *self.source_exclude)))

    def wheel_excludes(self) -> list[str]:
        """Return what a wheel does not contain; what a source distribution lacks cannot come back."""
        excludes = DEFAULT_EXCLUDES if self.default_excludes else ()
        return list(dict.fromkeys((*excludes, *self.wheel_exclude, *self.source_exclude)))


NO_SETTINGS: Final = BackendSettings()
"""What holds where a project says nothing."""
