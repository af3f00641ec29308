"""What can end a resolution without a result."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from mauve.distributions.errors import DistributionError
from mauve.errors import ExitStatus, MauveError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from mauve.distributions.listing import Listing
    from mauve.resolver.availability import UnavailablePackage, UnavailableVersion
    from mauve.resolver.environments import ForkEnvironment
    from mauve.resolver.manifest import Manifest
    from mauve.resolver.packages import Package
    from mauve.resolver.report import Report
    from mauve.solver.incompatibility import Incompatibility
    from mauve.standards.markers.environment import MarkerEnvironment
    from mauve.standards.names import PackageName
    from mauve.standards.requires_python import RequiresPython
    from mauve.standards.version_sets import VersionSet
    from mauve.standards.versions import Version


class NoSolution(MauveError):
    """The requirements contradict each other, in a fork or altogether. Raise it from its `explanation`.

    Attributes:
        incompatibility: the last conclusion; its causes are the derivation.
        environment: the fork in which it was reached.
        requires_python: of that fork.
        manifest: the inputs.
        available: versions inside the cut-off, ascending, of every name whose listing was looked at.
        unavailable_packages: names that no index offers, and why.
        unavailable_versions: versions that were tried and cannot be used, and why.
        listings: what indexes published about the names in this fork, cut-offs not applied.
        direct: names that have a direct source in this fork.
        pinned: names that come from one index only in this fork.
        unauthorized: indexes that answered 401.
        forbidden: indexes that answered 403.
        current: what the running interpreter says, for hints about forks; None if there is none.
    """

    status: ClassVar[ExitStatus] = ExitStatus.FAILURE

    def __init__(
        self,
        incompatibility: Incompatibility[Package, VersionSet],
        environment: ForkEnvironment,
        requires_python: RequiresPython,
        manifest: Manifest,
        available: Mapping[PackageName, Sequence[Version]],
        unavailable_packages: Mapping[PackageName, UnavailablePackage],
        unavailable_versions: Mapping[PackageName, Mapping[Version, UnavailableVersion]],
        *,
        listings: Mapping[PackageName, Sequence[Listing]] | None = None,
        direct: Collection[PackageName] = (),
        pinned: Collection[PackageName] = (),
        unauthorized: Sequence[str] = (),
        forbidden: Sequence[str] = (),
    ) -> None:
        """Store everything a report needs."""
        super().__init__()
        self.incompatibility = incompatibility
        self.environment = environment
        self.requires_python = requires_python
        self.manifest = manifest
        self.available = available
        self.unavailable_packages = unavailable_packages
        self.unavailable_versions = unavailable_versions
        self.listings = listings or {}
        self.direct = direct
        self.pinned = pinned
        self.unauthorized = unauthorized
        self.forbidden = forbidden
        self.current: MarkerEnvironment | None = None
        self._report: Report | None = None

    def __str__(self) -> str:
        """Return the headline."""
        split = self.environment.describe()
        return f"No solution found when resolving dependencies{f' for {split}' if split else ''}"

    @property
    def report(self) -> Report:
        """Return the argument and the hints, worded when it is first asked for."""
        if self._report is None:
            from mauve.resolver.report import Report

            self._report = Report(self)
        return self._report

    def explanation(self) -> Explanation:
        """Return the argument as the cause of this error."""
        return Explanation(self)

    def hints(self) -> tuple[str, ...]:
        """Return what the user may do."""
        return self.report.hints()


class Explanation(MauveError):
    """The argument that ends in "requirements are unsatisfiable"; the cause of a `NoSolution`."""

    status: ClassVar[ExitStatus] = ExitStatus.FAILURE

    def __init__(self, failure: NoSolution) -> None:
        """Remember what is to be explained."""
        super().__init__(failure)
        self.failure = failure

    def __str__(self) -> str:
        """Return one step a line; lists take several."""
        return self.failure.report.argument


class DependencyFailed(DistributionError):
    """The dependencies of one version cannot be taken over; the cause says why."""

    def __init__(self, name: PackageName, version: Version) -> None:
        """Name the version."""
        super().__init__(name, version)
        self.version = version

    def __str__(self) -> str:
        """Return one line."""
        return f"Failed to resolve dependencies for package `{self.name}=={self.version}`"


class DisallowedUrl(MauveError):
    """A package that is not first-party requires another one by URL."""

    status: ClassVar[ExitStatus] = ExitStatus.FAILURE

    def __init__(self, name: PackageName, url: str) -> None:
        """Name the required package and its URL."""
        super().__init__(name, url)
        self.name = name
        self.url = url

    def __str__(self) -> str:
        """Return what is wrong and what to do."""
        return (
            f"Package `{self.name}` was included as a URL dependency. URL dependencies must be expressed as direct "
            f"requirements or constraints. Consider adding `{self.name} @ {self.url}` to your dependencies or "
            "constraints file."
        )


class ConflictingUrls(MauveError):
    """Two direct sources are asked for under one name in one fork."""

    status: ClassVar[ExitStatus] = ExitStatus.FAILURE

    def __init__(self, name: PackageName, urls: Sequence[str], environment: ForkEnvironment) -> None:
        """Name the package, the sources and the fork."""
        super().__init__(name, urls, environment)
        self.name = name
        self.urls = tuple(sorted(urls))
        self.environment = environment
        self.is_specific = False

    def __str__(self) -> str:
        """Return the sources, one a line."""
        where = "" if self.is_specific else f" in {_markers_of(self.environment)}"
        listed = "".join(f"\n- {url}" for url in self.urls)
        return f"Requirements contain conflicting URLs for package `{self.name}`{where}:{listed}"


class ConflictingIndexes(MauveError):
    """Two indexes are pinned for one name in one fork."""

    status: ClassVar[ExitStatus] = ExitStatus.FAILURE

    def __init__(self, name: PackageName, indexes: Sequence[str], environment: ForkEnvironment) -> None:
        """Name the package, the indexes and the fork."""
        super().__init__(name, indexes, environment)
        self.name = name
        self.indexes = tuple(sorted(indexes))
        self.environment = environment

    def __str__(self) -> str:
        """Return the indexes, one a line."""
        where = _markers_of(self.environment)
        listed = "".join(f"\n- {index}" for index in self.indexes)
        return f"Requirements contain conflicting indexes for package `{self.name}` in {where}:{listed}"


def _markers_of(environment: ForkEnvironment) -> str:
    """Return for which markers *environment* is; conflict items are not told."""
    from mauve.standards.markers.render import render

    return "all marker environments" if environment.marker.is_true else f"split `{render(environment.marker)}`"
