"""What an environment has, as the resolver sees it: versions that are as good as published."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import structs

from mauve.errors import MauveError
from mauve.installer.inventory import InstalledKind, fits_environment
from mauve.operations.specific import environment_target
from mauve.resolver.target import InstalledVersion

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mauve.config.settings.installation import Reinstall
    from mauve.config.settings.resolution import Upgrade
    from mauve.installer.inventory import InstalledDistribution, Inventory
    from mauve.python.interpreter import Interpreter
    from mauve.resolver.source import DistributionMetadata
    from mauve.resolver.target import Target


def resolution_target(
    inventory: Inventory,
    interpreter: Interpreter,
    upgrade: Upgrade,
    reinstall: Reinstall,
    *,
    no_deps: bool = False,
    is_asked_for: bool = False,
) -> Target:
    """Return the environment of *interpreter*, which has what *inventory* lists, as a target of a resolution.

    What is put in again is as good as not there; so is what is there twice, or has no metadata.
    """
    found = {} if reinstall.everything else {each.name: each for each in _usable(inventory, interpreter)}
    for name in reinstall.packages:
        found.pop(name, None)
    return structs.replace(
        environment_target(interpreter, is_asked_for=is_asked_for),
        no_deps=no_deps,
        installed=found,
        upgraded=None if upgrade.everything else upgrade.packages,
    )


def _usable(inventory: Inventory, interpreter: Interpreter) -> Iterator[InstalledVersion]:
    for found in inventory.distributions.values():
        if len(found) == 1 and fits_environment(found[0], interpreter.tags):
            yield _version(found[0])


def _version(installed: InstalledDistribution) -> InstalledVersion:
    return InstalledVersion(installed.name, installed.version, lambda: _metadata(installed))


def _metadata(installed: InstalledDistribution) -> DistributionMetadata | None:
    """Return the metadata of *installed*, None if it cannot be read."""
    from mauve.metadata.trees import published_metadata
    from mauve.standards.metadata import parse_metadata

    content = installed.read("METADATA" if installed.kind is InstalledKind.DIST_INFO else "PKG-INFO")
    if content is None:
        return None
    try:
        return published_metadata(parse_metadata(content))
    except MauveError:
        return None
