"""When `uv_build` is this program, and what it then builds: the hooks of the backend, without a process.

A project asks for a range of versions of `uv_build`. If the range admits the version whose behaviour is followed
here, or one that is known to build alike, neither an environment nor a download is needed.

Specification: PEP 517, PEP 660.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from mauve.build.native.errors import NativeBuildError
from mauve.compatibility import COMPATIBLE_UV, NEXT_SERIES
from mauve.standards.specifiers import Operator
from mauve.standards.versions import parse_version

if TYPE_CHECKING:
    from collections.abc import Callable

    from mauve.build.native.listing import ArchiveListing
    from mauve.build.native.project import NativeTree
    from mauve.build.source_tree import BuildSystem
    from mauve.standards.requirements import Requirement

BACKEND: Final = "uv_build"
PACKAGE: Final = "uv-build"

_ALIKE: Final = ("0.9.30", "0.10.12", "0.11.33", "0.12.24")
"""Versions of the backend that make the same of a project; the last ones of their series."""


_BOUNDING: Final = (
    Operator.EQUAL,
    Operator.EQUAL_STAR,
    Operator.EXACT_EQUAL,
    Operator.TILDE_EQUAL,
    Operator.LESS_THAN,
    Operator.LESS_THAN_EQUAL,
)

_UNBOUNDED: Final = (
    '`build_system.requires = ["{}"]` is missing an upper bound on the `uv_build` version such as `<{}`. '
    "Without bounding the `uv_build` version, the source distribution will break when a future, breaking version of "
    "`uv_build` is released."
)


def builds_natively(system: BuildSystem) -> bool:
    """Return whether projects with *system* are built by this program itself."""
    return reason_against(system) is None


def reason_against(system: BuildSystem) -> str | None:
    """Return why *system* needs a backend from elsewhere, None if it does not."""
    if system.backend != BACKEND:
        return f"`build_system.build-backend` is not `{BACKEND}`, but `{system.backend if system.is_declared else ''}`"
    if len(system.requires) != 1 or system.requires[0].name != PACKAGE:
        from mauve.standards.requirements import render_requirement

        found = ", ".join(f"`{render_requirement(requirement)}`" for requirement in system.requires) or "``"
        return f"`build-system.requires` is not exactly `{BACKEND}`, but {found}"
    requirement = system.requires[0]
    if requirement.url is not None:
        return "`build_system.requires` uses a URL requirement"
    if not _admits_current(requirement) and not _admits_alike(requirement):
        return f"`{BACKEND}{requirement.specifiers}` is not a known compatible range"
    return None


def _admits_current(requirement: Requirement) -> bool:
    return requirement.specifiers.contains(parse_version(COMPATIBLE_UV))


def _admits_alike(requirement: Requirement) -> bool:
    """Return whether a version that builds alike is allowed; who pins one exactly gets that one."""
    specifiers = requirement.specifiers
    return not any(specifier.operator is Operator.EQUAL for specifier in specifiers) and any(
        specifiers.contains(parse_version(version)) for version in _ALIKE
    )


class NativeBackend:
    """Builds one source tree.

    Args:
        root: the source tree, absolute.
        system: its build system, which `builds_natively`.
        warn: receives what is suspicious, without a prefix.
    """

    def __init__(self, root: str, system: BuildSystem, warn: Callable[[str], None]) -> None:
        """Keep the values; nothing is read yet."""
        self._root = root
        self._system = system
        self._warn = warn
        self._tree: NativeTree | None = None

    @property
    def stem(self) -> str:
        """Return name and version as file names begin with them."""
        return self._read().project.stem

    def metadata(self) -> bytes:
        """Return METADATA.

        Raises:
            NativeBuildError: the metadata breaks a rule.
        """
        return dict(self.dist_info())["METADATA"]

    def dist_info(self) -> list[tuple[str, bytes]]:
        """Return the files that `prepare_metadata_for_build_wheel` writes, but RECORD."""
        from mauve.build.native.wheel import dist_info

        return dist_info(self._root, self._read(), self._warn)

    def wheel(self, output: str) -> str:
        """Write a wheel into the folder *output* and return its name. Raises as `metadata` does."""
        from mauve.build.native.wheel import build_wheel

        return self._guarded(lambda: build_wheel(self._root, self._read(), output, self._warn))

    def editable(self, output: str) -> str:
        """Write an editable wheel into the folder *output* and return its name. Raises as `metadata` does."""
        from mauve.build.native.wheel import build_editable

        return self._guarded(lambda: build_editable(self._root, self._read(), output, self._warn))

    def sdist(self, output: str) -> str:
        """Write a source distribution into the folder *output* and return its name. Raises as `metadata` does."""
        from mauve.build.native.sdist import build_sdist

        self._check_bound()
        return self._guarded(lambda: build_sdist(self._root, self._read(), output, self._warn))

    def list_sdist(self) -> ArchiveListing:
        """Return what a source distribution would have. Raises as `metadata` does."""
        from mauve.build.native.sdist import list_sdist

        self._check_bound()
        return list_sdist(self._root, self._read(), self._warn)

    def list_wheel(self) -> ArchiveListing:
        """Return what a wheel would have. Raises as `metadata` does."""
        from mauve.build.native.wheel import list_wheel

        return list_wheel(self._root, self._read(), self._warn)

    def _check_bound(self) -> None:
        """Warn if later versions of the backend, which may build otherwise, are never refused."""
        requires = self._system.requires
        if requires and not any(each.operator in _BOUNDING for each in requires[0].specifiers):
            self._warn(_UNBOUNDED.format(self._read().document["build-system"]["requires"][0], NEXT_SERIES))

    def _guarded(self, build: Callable[[], str]) -> str:
        try:
            return build()
        except OSError as error:
            raise NativeBuildError(f"{error.strerror} (os error {error.errno})") from None

    def _read(self) -> NativeTree:
        if self._tree is None:
            from mauve.build.native.project import read_tree
            from mauve.project.pyproject import shown_path

            path = os.path.join(self._root, "pyproject.toml")
            with open(path, encoding="utf-8") as file:
                self._tree = read_tree(file.read(), shown_path(path))
            self._check_range()
        return self._tree

    def _check_range(self) -> None:
        requirement = self._system.requires[0] if self._system.requires else None
        if requirement is not None and requirement.name == PACKAGE and not _admits_current(requirement):
            from mauve.standards.requirements import render_requirement

            self._warn(
                f'`build_system.requires = ["{render_requirement(requirement)}"]` does not contain the current uv '
                f"version {COMPATIBLE_UV}"
            )
