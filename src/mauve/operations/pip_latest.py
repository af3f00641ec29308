"""The newest versions that indexes have of the packages of an environment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct, structs

from mauve.config.settings.resolution import Refresh
from mauve.operations.latest import Usable, newest_usable
from mauve.resolver.candidates import cutoff_for
from mauve.resolver.manifest import PrereleaseMode
from mauve.resolver.source import Found
from mauve.standards.requires_python import RequiresPython
from mauve.standards.specifiers import parse_specifiers

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mauve.config.settings.resolution import ResolutionSettings
    from mauve.installer.holdings import Holding
    from mauve.operations.context import Services
    from mauve.python.interpreter import Interpreter
    from mauve.standards.names import PackageName
    from mauve.standards.versions import Version


class Latest(Struct, frozen=True):
    """The newest version that can be used, and whether there is a `wheel` of it or only an `sdist`."""

    version: Version
    kind: str


def newer_distributions(
    holdings: Iterable[Holding], interpreter: Interpreter, settings: ResolutionSettings, services: Services
) -> dict[PackageName, Latest]:
    """Return the newest version of each of *holdings* that *interpreter* can use, where it is newer.

    The indexes are asked, whatever the cache has.

    Raises:
        MauveError: an index cannot be reached.
    """
    present: dict[PackageName, Version] = {}
    for holding in holdings:
        present.setdefault(holding.installed.name, holding.installed.version)
    source = services.metadata_source(structs.replace(settings, refresh=Refresh(everything=True)))
    source.prefetch_versions([(name, None) for name in present])
    lowest = parse_specifiers(f">={interpreter.markers.python_full_version}")
    newer: dict[PackageName, Latest] = {}
    for name, version in present.items():
        answer = source.versions(name, None)
        for listing in answer.listings if isinstance(answer, Found) else ():
            usable = Usable(
                requires_python=RequiresPython.from_specifiers(lowest) or RequiresPython(),
                cutoff=cutoff_for(settings.options.exclude_newer, name, listing.index),
                allows_prereleases=settings.options.prerelease is PrereleaseMode.ALLOW,
                tags=interpreter.tags,
            )
            known = newer.get(name)
            found = newest_usable(listing, version if known is None else known.version, usable)
            if found is not None:
                newer[name] = Latest(found[0], "wheel" if found[1] else "sdist")
    return newer
