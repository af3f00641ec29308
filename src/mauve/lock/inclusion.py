"""Why a package is installed: the shortest way of requirements from a project to it."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from mauve.lock.model import SourceKind
from mauve.standards.markers.environment import evaluate
from mauve.standards.markers.parse import parse_marker

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mauve.lock.model import Lock, LockedDependency, LockedPackage
    from mauve.standards.markers.environment import MarkerEnvironment
    from mauve.standards.names import PackageName


def describe_inclusion(
    lock: Lock, roots: Iterable[PackageName], environment: MarkerEnvironment, name: PackageName
) -> str | None:
    """Return in one sentence who requires the package *name*; None if it is one of *roots*, or nobody does."""
    packages: dict[PackageName, LockedPackage] = {}
    for package in lock.packages:
        packages.setdefault(package.name, package)
    queue: deque[tuple[PackageName, tuple[str, ...]]] = deque((root, ()) for root in roots if root in packages)
    seen = {root for root, _ in queue}
    if name in seen or name not in packages:
        return None
    while queue:
        current, way = queue.popleft()
        for step, edge in _edges(packages[current], is_project=not way):
            if edge.name in seen or (edge.marker is not None and not evaluate(parse_marker(edge.marker), environment)):
                continue
            if edge.name == name:
                return _sentence(packages[name], (*way, step))
            seen.add(edge.name)
            if edge.name in packages:
                queue.append((edge.name, (*way, step)))
    return None


def _edges(package: LockedPackage, *, is_project: bool) -> Iterator[tuple[str, LockedDependency]]:
    """Yield the requirements of *package* with the words for who has them."""
    version = "" if package.version is None else f" (v{package.version})"
    for edge in package.dependencies:
        yield f"`{package.name}`{version}", edge
    for extra, edges in package.optional_dependencies.items():
        for edge in edges:
            yield f"`{package.name}[{extra}]`{version}", edge
    if is_project:
        for group, edges in package.dev_dependencies.items():
            for edge in edges:
                yield f"`{package.name}:{group}`{version}", edge


def _sentence(package: LockedPackage, way: tuple[str, ...]) -> str:
    is_told = package.source.kind is SourceKind.REGISTRY or bool(package.wheels)
    version = f" (v{package.version})" if is_told else ""
    first, *more = way
    steps = "".join([f" {step} which depends on" for step in more])
    return f"`{package.name}`{version} was included because {first} depends on{steps} `{package.name}`"
