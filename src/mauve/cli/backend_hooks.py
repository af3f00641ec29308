"""The commands that are hooks of the build backend: `build-backend HOOK`.

Build frontends call them in the source tree; people do not, so no page lists them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from mauve.cli.session import Session
from mauve.config.arguments.cache import CacheArgs
from mauve.config.arguments.everywhere import GlobalArgs
from mauve.config.arguments.python import PythonArgs
from mauve.config.declare import ArgumentGroup, argument, value
from mauve.config.declare import command as declare_command
from mauve.errors import ExitStatus

if TYPE_CHECKING:
    from collections.abc import Callable

    from mauve.config.declare import CommandSpec
    from mauve.operations.build_backend import BuildHooks


class SdistHookArgs(ArgumentGroup, title="Options"):
    """Where a source distribution goes."""

    output: str = argument("SDIST_DIRECTORY", required=True)


class MetadataHookArgs(ArgumentGroup, title="Options"):
    """Where metadata goes."""

    output: str = argument("WHEEL_DIRECTORY", required=True)


class WheelHookArgs(MetadataHookArgs, title="Options"):
    """Where a wheel goes, and where its metadata is already."""

    metadata_directory: str | None = value("--metadata-directory")


Chosen = TypeVar("Chosen", bound=ArgumentGroup)


def making_hook(
    name: str, group: type[Chosen], make: Callable[[BuildHooks, Chosen], str], proposal: str = "PEP 517"
) -> CommandSpec:
    """Return the command of a hook that makes something; *make* returns its name, which is printed."""

    def call(chosen: Chosen, cache: CacheArgs, python: PythonArgs, shared: GlobalArgs) -> int:
        session = Session.start(shared, cache, python)
        from mauve.operations.build_backend import BuildHooks

        made = make(BuildHooks(session.directory, session.printer.warning), chosen)
        session.printer.product(f"{made}\n")
        return ExitStatus.SUCCESS

    return declare_command(f"build-backend {name}", _summary(name, proposal), group, CacheArgs, PythonArgs, GlobalArgs)(
        call
    )


def missing_hook(name: str, proposal: str = "PEP 517") -> CommandSpec:
    """Return the command of a hook that this backend has no use for."""

    def call(cache: CacheArgs, python: PythonArgs, shared: GlobalArgs) -> int:
        del cache, python, shared
        from mauve.operations.build_backend import NoFurtherRequirements

        raise NoFurtherRequirements

    return declare_command(f"build-backend {name}", _summary(name, proposal), CacheArgs, PythonArgs, GlobalArgs)(call)


def _summary(name: str, proposal: str) -> str:
    return f"{proposal} hook `{name.replace('-', '_')}`"
