"""Show who requires whom in a lock."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct, structs

from mauve.config.settings.resolution import InvalidValue
from mauve.lock.tree.dependencies import TreeRequest, TreeView
from mauve.lock.tree.text import TreeStyle
from mauve.standards.versions import InvalidVersion, Version, parse_version

if TYPE_CHECKING:
    from mauve.config.settings.resolution import ResolutionSettings
    from mauve.lock.tree.json import TreeTarget
    from mauve.operations.context import Services
    from mauve.operations.reading import ReadLock
    from mauve.standards.markers.environment import MarkerEnvironment


class Target(Struct, frozen=True):
    """What a tree is filtered for: the interpreter, as it would be with a version of Python or on a platform."""

    version: Version | None = None
    platform: str | None = None


class TreeWish(Struct, frozen=True, kw_only=True):
    """How a tree is shown.

    Attributes:
        request: what is shown; the environment is filled in.
        target: None = nothing is left out.
        repeats: what was shown is shown again.
        outdated: newer versions are looked up and shown.
    """

    request: TreeRequest
    target: Target | None = None
    as_json: bool = False
    repeats: bool = False
    sizes: bool = False
    outdated: bool = False


def show_tree(
    read: ReadLock,
    wish: TreeWish,
    of: TreeTarget,
    settings: ResolutionSettings,
    services: Services,
    style: TreeStyle,
) -> str:
    """Return the tree of a lock, as lines or as JSON.

    Raises:
        MauveError: an index that is to be asked for newer versions cannot be reached.
    """
    environment = None
    if wish.target is not None and read.interpreter is not None:
        environment = target_environment(read.interpreter.markers, wish.target)
    view = TreeView(read.lookup, structs.replace(wish.request, environment=environment))
    latest: dict[int, str] = {}
    if wish.outdated:
        from mauve.operations.latest import newer_versions

        latest = newer_versions(read.lookup.lock, of.root, settings, services)
    if wish.as_json:
        from mauve.lock.tree.json import render_tree_json

        return f"{render_tree_json(view, of, latest=latest)}\n"
    from mauve.cache.size import human_size
    from mauve.lock.tree.text import render_tree

    return render_tree(view, latest=latest, size=human_size if wish.sizes else None, repeats=wish.repeats, style=style)


def read_python_version(text: str, option: str) -> Version:
    """Return the version of Python that *text* names; *option* is how errors call where it is from.

    Raises:
        InvalidValue: it is none.
    """
    try:
        return parse_version(text)
    except InvalidVersion as error:
        raise InvalidValue(text, option, f"Python version `{text}` could not be parsed: {error.reason}") from None


def target_environment(environment: MarkerEnvironment, target: Target) -> MarkerEnvironment:
    """Return *environment* as it would be on *target*."""
    if target.platform is not None:
        from mauve.standards.target_triples import platform_environment

        environment = platform_environment(environment, target.platform)
    version = target.version
    if version is not None:
        release = (*version.release, 0, 0)
        full = f"{release[0]}.{release[1]}.{release[2]}"
        environment = structs.replace(
            environment,
            implementation_version=full,
            python_full_version=full,
            python_version=f"{release[0]}.{release[1]}",
        )
    return environment
