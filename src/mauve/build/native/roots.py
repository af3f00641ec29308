"""Where the modules of a project are.

Without settings that is one module, named as the package, in `src`. Names may be dotted, for modules in a
namespace; packages of type stubs end with `-stubs` and hold `.pyi` files.

Specification: PEP 420 (namespaces), PEP 561 (stubs).
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from msgspec import Struct

from mauve.build.native.errors import (
    InvalidIdentifier,
    InvalidModuleName,
    MissingModule,
    NotANamespace,
    OutsideOfProject,
)
from mauve.build.native.identifiers import check_identifier
from mauve.project.pyproject import shown_path

if TYPE_CHECKING:
    from collections.abc import Callable

    from mauve.build.native.settings import BackendSettings
    from mauve.standards.names import PackageName


class ModuleRoots(Struct, frozen=True):
    """The modules of a project.

    Attributes:
        source: the folder that is searched for them, relative to the source tree; empty for the tree itself.
        modules: paths relative to `source`, with `/`.
    """

    source: str
    modules: tuple[str, ...]


def find_roots(tree: str, name: PackageName, settings: BackendSettings, warn: Callable[[str], None]) -> ModuleRoots:
    """Return the modules of the package *name* in the source tree *tree*.

    Raises:
        OutsideOfProject: `module-root` leaves the tree.
        InvalidModuleName: from `InvalidIdentifier`.
        MissingModule: there is no module where one should be.
        NotANamespace: a folder above a module is a package itself.
    """
    source = inside(tree, settings.module_root)
    if source is None:
        raise OutsideOfProject.module_root(os.path.normpath(settings.module_root))
    folder = os.path.join(tree, source)
    wanted = settings.module_name
    names: tuple[str, ...]
    if wanted is None:
        module = name.replace("-", "_")
        if not settings.namespace:
            module = _module_of_package(folder, name)
        return ModuleRoots(source, (module,))
    names = (wanted,) if isinstance(wanted, str) else _without_redundant(wanted, warn)
    if settings.namespace:
        return ModuleRoots(source, tuple(name.replace(".", "/") for name in names))
    return ModuleRoots(source, tuple(_module_of_name(folder, name) for name in names))


def inside(tree: str, path: str) -> str | None:
    """Return *path* relative to *tree* in its shortest form, None if it is outside; empty for the tree itself."""
    normal = os.path.normpath(os.path.join(tree, path))
    root = os.path.normpath(tree)
    if normal == root:
        return ""
    if not normal.startswith(os.path.join(root, "")):
        return None
    return os.path.relpath(normal, root).replace(os.sep, "/")


def data_place(tree: str, kind: str, path: str) -> str:
    """Return the folder *path* of data, relative to *tree* in its shortest form.

    Raises:
        OutsideOfProject: it is outside, perhaps by a link.
    """
    place = inside(tree, path)
    top = os.path.realpath(tree)
    if place is None or os.path.commonpath((top, os.path.realpath(os.path.join(tree, place)))) != top:
        raise OutsideOfProject.data(kind, path)
    return place


def _module_of_package(folder: str, name: PackageName) -> str:
    if name.endswith("-stubs"):
        module = name.removesuffix("-stubs").replace("-", "_") + "-stubs"
        init = "__init__.pyi"
    else:
        module = name.replace("-", "_")
        init = "__init__.py"
    path = os.path.join(folder, module, init)
    if not os.path.isfile(path):
        raise MissingModule(shown_path(path))
    return module


def _module_of_name(folder: str, name: str) -> str:
    root, *inner = name.split(".")
    is_stubs = root.endswith("-stubs")
    for word in (root.removesuffix("-stubs"), *inner):
        try:
            check_identifier(word)
        except InvalidIdentifier as error:
            raise InvalidModuleName(name) from error
    module = name.replace(".", "/")
    init = os.path.join(folder, module, "__init__.pyi" if is_stubs else "__init__.py")
    if not os.path.isfile(init):
        raise MissingModule(shown_path(init))
    parent: str = module
    while parent:
        parent = os.path.dirname(parent)
        above = os.path.normpath(os.path.join(folder, parent))
        if any(os.path.exists(os.path.join(above, init)) for init in ("__init__.py", "__init__.pyi")):
            raise NotANamespace(shown_path(above))
    return module


def _without_redundant(names: tuple[str, ...], warn: Callable[[str], None]) -> tuple[str, ...]:
    """Return *names* sorted, without those that are inside of another one."""
    kept: list[str] = []
    for name in sorted(names):
        if not any(name == other or name.startswith(f"{other}.") for other in kept):
            kept.append(name)
    redundant: list[str] = []
    seen: set[str] = set()
    for name in names:
        if name not in kept or name in seen:
            redundant.append(name)
        seen.add(name)
    if redundant:
        shown = ", ".join(f"`{name}`" for name in redundant)
        warn(
            f"Ignoring redundant module name{'s'[: len(redundant) > 1]} in `tool.uv.build-backend.module-name`: {shown}"
        )
    return tuple(kept)
