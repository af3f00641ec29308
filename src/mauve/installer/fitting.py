"""Whether an installed distribution is one for the environment that it is in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mauve.standards.filenames import WheelFilename

if TYPE_CHECKING:
    from mauve.installer.inventory import InstalledDistribution
    from mauve.installer.ports import CompatibleTags
    from mauve.standards.names import PackageName
    from mauve.standards.versions import Version

_EVERYWHERE = frozenset({"py3-none-any", "py2.py3-none-any"})


def fits_environment(installed: InstalledDistribution, tags: CompatibleTags) -> bool:
    """Return whether one of the recorded tags is accepted; a distribution without recorded tags is taken as it is."""
    recorded = installed.tags()
    if not recorded or not _EVERYWHERE.isdisjoint(recorded):
        return True
    return any(_accepts(tags, tag, installed.name, installed.version) for tag in recorded)


def _accepts(tags: CompatibleTags, tag: str, name: PackageName, version: Version) -> bool:
    parts = tag.split("-")
    if len(parts) != 3:
        return False
    python, abi, platform = (tuple(part.split(".")) for part in parts)
    return tags.priority(WheelFilename(name, version, None, python, abi, platform)) is not None
