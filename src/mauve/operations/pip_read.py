"""What the commands of `pip` that only look at an environment have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from mauve.installer.holdings import read_holdings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from mauve.installer.diagnostics import Fault
    from mauve.installer.holdings import Holding
    from mauve.python.environment import Environment
    from mauve.standards.names import PackageName


class HoldingsFilter(Struct, frozen=True, kw_only=True):
    """Which distributions are shown.

    Attributes:
        editable: True only those that run from their source trees, False only others, None all.
        exclude: names of others that are left out.
    """

    editable: bool | None = None
    exclude: frozenset[PackageName] = frozenset()

    def choose(self, holdings: Iterable[Holding]) -> list[Holding]:
        """Return those of *holdings* that are shown."""
        return [
            holding
            for holding in holdings
            if holding.installed.name not in self.exclude
            and (self.editable is None or self.editable == (holding.editable_location is not None))
        ]


def environment_holdings(environment: Environment, warn: Callable[[str], None]) -> list[Holding]:
    """Return what *environment* holds; *warn* is told what does not count.

    Raises:
        UnreadableInstallation: the name of a folder or the record of an origin cannot be read.
    """
    return library_holdings(environment.site_packages, warn)


def library_holdings(libraries: Iterable[str], warn: Callable[[str], None]) -> list[Holding]:
    """Return what the folders *libraries* hold; *warn* is told what does not count.

    Raises:
        UnreadableInstallation: the name of a folder or the record of an origin cannot be read.
    """
    return read_holdings(libraries, lambda path: warn(f"Ignoring dangling temporary directory: {path}"))


def environment_faults(
    holdings: Iterable[Holding],
    environment: Environment,
    *,
    python_version: str | None = None,
    python_option: str = "",
    platform: str | None = None,
    variables: Mapping[str, str] | None = None,
) -> list[Fault]:
    """Return everything that is wrong with *holdings* in *environment*.

    Args:
        holdings: what it holds.
        environment: whose interpreter they must suit.
        python_version: another version that they must suit instead.
        python_option: how errors call where that is from.
        platform: another platform that they must suit instead.
        variables: what the process says of that.

    Raises:
        InvalidValue: the version is none.
    """
    from mauve.installer.diagnostics import Surroundings, diagnose

    interpreter = environment.interpreter
    python = interpreter.markers.python_full_version
    if platform is not None:
        from mauve.python.foreign import interpreter_on

        interpreter = interpreter_on(interpreter, platform, variables or {})
    if python_version is not None:
        from msgspec import structs

        from mauve.operations.tree import Target, read_python_version, target_environment

        target = Target(read_python_version(python_version, python_option))
        interpreter = structs.replace(interpreter, markers=target_environment(interpreter.markers, target))
    return diagnose(holdings, Surroundings(interpreter.markers, interpreter.tags, python))


def faults_around(names: Iterable[PackageName], environment: Environment, warn: Callable[[str], None]) -> list[Fault]:
    """Return what is wrong in *environment* and concerns the packages *names*, as those that were just installed.

    Raises:
        UnreadableInstallation: the name of a folder or the record of an origin cannot be read.
    """
    concerned = frozenset(names)
    faults = environment_faults(environment_holdings(environment, warn), environment)
    return [fault for fault in faults if not concerned.isdisjoint(fault.packages)]
