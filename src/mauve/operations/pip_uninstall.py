"""Take packages out of an environment, by their names or by where they came from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from mauve.installer.inventory import read_inventory
from mauve.installer.target import install_target
from mauve.standards.direct_url import InvalidDirectUrl, parse_direct_url

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from mauve.distributions.sources import RequirementSource
    from mauve.installer.inventory import InstalledDistribution, Inventory
    from mauve.installer.target import InstallTarget
    from mauve.project.requested import Requested
    from mauve.python.environment import Environment


class Removals(Struct, frozen=True):
    """What is to be removed.

    Attributes:
        origins: what is recorded of each, since it is not there afterwards.
        missing: what was named and is not installed.
    """

    distributions: tuple[InstalledDistribution, ...]
    origins: tuple[bytes | None, ...]
    missing: tuple[str, ...] = ()


def find_removals(requested: Iterable[Requested], environment: Environment) -> Removals:
    """Return what *requested* means in *environment*; versions and markers do not matter."""
    inventory = read_inventory(install_target(environment))
    names = sorted({each.requirement.name for each in requested if each.requirement is not None})
    urls = sorted({_location(each.source) for each in requested if each.requirement is None and each.source})
    found: list[InstalledDistribution] = []
    missing: list[str] = []
    for name in names:
        installed = inventory.get(name)
        found += installed
        missing += [] if installed else [name]
    for url in urls:
        installed = _installed_from(inventory, url)
        found += [each for each in installed if each not in found]
        missing += [] if installed else [f"`{url}`"]
    found.sort()
    return Removals(tuple(found), tuple(each.direct_url for each in found), tuple(missing))


def remove_all(removals: Removals, environment: Environment, tell: Callable[[str], None]) -> None:
    """Remove what was found; *tell* hears about each.

    Raises:
        MauveError: something cannot be removed; what comes before it is gone.
    """
    from mauve.installer.uninstall import uninstall
    from mauve.operations.install import environment_lock

    target: InstallTarget = install_target(environment)
    with environment_lock(environment):
        for installed in removals.distributions:
            done = uninstall(installed, target)
            files = f"{done.files} file{'' if done.files == 1 else 's'}"
            folders = f"{done.directories} director{'y' if done.directories == 1 else 'ies'}"
            tell(f"Uninstalled {installed.name} ({files}, {folders})")


def _location(source: RequirementSource) -> str:
    """Return the URL that would be recorded of what comes from *source*."""
    from mauve.distributions.sources import FromDirectory, FromGit, FromPath, FromRegistry
    from mauve.filesystem.file_urls import file_url

    match source:
        case FromDirectory(path=path) | FromPath(path=path):
            return file_url(path)
        case FromRegistry():
            return ""
        case FromGit(url=url):
            return url
        case _:
            return source.url


def _installed_from(inventory: Inventory, url: str) -> tuple[InstalledDistribution, ...]:
    return tuple(installed for installed in inventory if _recorded_url(installed) == url)


def _recorded_url(installed: InstalledDistribution) -> str | None:
    recorded = installed.direct_url
    try:
        return None if recorded is None else parse_direct_url(recorded).url
    except InvalidDirectUrl:
        return None
