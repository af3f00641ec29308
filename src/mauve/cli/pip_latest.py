"""Newer versions of what an environment holds, for the commands of `pip`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mauve.cli.index_texts import warn_of_index_texts
from mauve.config.arguments.build import BuildArgs
from mauve.config.arguments.cache import RefreshArgs
from mauve.config.arguments.resolver import CutoffArgs, ResolverArgs
from mauve.config.environment import Variables
from mauve.config.settings.resolution import resolution_settings
from mauve.operations.pip_latest import newer_distributions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mauve.cli.pip import PipSession
    from mauve.config.arguments.index import IndexArgs
    from mauve.installer.holdings import Holding
    from mauve.operations.pip_latest import Latest
    from mauve.python.environment import Environment
    from mauve.standards.names import PackageName


def find_outdated(
    pip: PipSession, holdings: list[Holding], environment: Environment, index: IndexArgs, cutoff: CutoffArgs
) -> dict[PackageName, Latest]:
    """Return the newest version of each of *holdings* that has a newer one.

    Raises:
        MauveError: an option cannot be read, or an index cannot be reached.
    """
    session = pip.session
    warn_of_index_texts(session, index)
    nothing = Variables({})
    settings = resolution_settings(
        index,
        ResolverArgs({name: getattr(cutoff, name) for name in CutoffArgs.specs}, nothing),
        BuildArgs({}, nothing),
        RefreshArgs({}, nothing),
        pip.files.shared,
        session.variables,
        session.directory,
        pip.services.default_index_url,
    )
    return newer_distributions(holdings, environment.interpreter, settings, pip.services)


def is_outdated(holding: Holding, latest: Mapping[PackageName, Latest]) -> bool:
    """Return whether *latest* has a newer version than *holding*."""
    found = latest.get(holding.installed.name)
    return found is not None and found.version > holding.installed.version
