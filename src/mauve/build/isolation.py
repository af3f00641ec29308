"""In which environment a package is built, and who fills it.

`BuildEnvironments` is the port through which the frontend gets what a build requires: resolving and installing are
other people's work, and those in turn may need builds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from msgspec import Struct

from mauve.python.environment import Environment
from mauve.standards.names import PackageName

if TYPE_CHECKING:
    from mauve.build.source_tree import SourceTree
    from mauve.distributions.resolution import Resolution
    from mauve.standards.requirements import Requirement


class BuildEnvironments(Protocol):
    """Resolves and installs what builds require; implemented by `mauve.operations.context`.

    Laws: both are called from the thread that builds, possibly from several at once, and wait until they are done.
    *building* is the chain of distributions being built, outermost first, ending with the one that asks; it must be
    handed on to the builds that these calls start.
    """

    def resolve(self, requirements: tuple[Requirement, ...], tree: SourceTree, building: tuple[str, ...]) -> Resolution:
        """Return what satisfies *requirements*, which *tree* asks for, for the running interpreter and platform.

        Requirements are subject to the `[tool.uv.sources]` of *tree*; what the user adds for it comes on top. Raises a
        `MauveError` without a solution.
        """
        ...

    def install(self, resolution: Resolution, environment: Environment, building: tuple[str, ...]) -> None:
        """Make *environment* contain what *resolution* lists; what it contains already may stay."""
        ...


class BuildIsolation(Struct, frozen=True):
    """Which packages are built in an environment of their own.

    Attributes:
        shared: the environment for the others; None if every package is isolated.
        packages: the packages that are built in `shared`; None for all of them.
    """

    shared: Environment | None = None
    packages: frozenset[PackageName] | None = None

    def shared_for(self, name: PackageName | None) -> Environment | None:
        """Return the environment in which the package *name* is built, None for one of its own."""
        if self.packages is None or name in self.packages:
            return self.shared
        return None


ISOLATED = BuildIsolation()
