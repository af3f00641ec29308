"""Uninstall packages from an environment."""

from __future__ import annotations

import time

from mauve.cli.session import Session
from mauve.config.arguments.cache import CacheArgs
from mauve.config.arguments.everywhere import GlobalArgs
from mauve.config.arguments.pip import (
    CHANGED_ENVIRONMENT_CONFLICTS,
    CHANGED_ENVIRONMENT_OVERRIDES,
    CertificateArgs,
    ChangedEnvironmentArgs,
)
from mauve.config.arguments.python import PythonRequestArgs, python_request
from mauve.config.declare import ArgumentGroup, arguments, flag, value, values
from mauve.config.declare import command as declare_command
from mauve.config.environment import EnvVar
from mauve.errors import ExitStatus

_PythonArgs = python_request("from which packages should be uninstalled", "The Python interpreter")


class UninstallArgs(ArgumentGroup, title="Options"):
    """Options of `pip uninstall`."""

    packages: tuple[str, ...] = arguments("PACKAGE", help="Uninstall all listed packages")
    requirements: tuple[str, ...] = values(
        "-r", "--requirements", aliases=("--requirement",), help="Uninstall the packages listed in the given files"
    )
    keyring_provider: str | None = value(
        "--keyring-provider",
        env=EnvVar.KEYRING_PROVIDER,
        choices=("disabled", "subprocess"),
        help="Attempt to use `keyring` for authentication for remote requirements files",
    )
    dry_run: bool | None = flag(
        "--dry-run", help="Perform a dry run, i.e., don't actually uninstall anything but print the resulting plan"
    )
    yes: bool | None = flag("-y", "--yes", hidden=True, help="Accepted for the sake of pip")


def uninstall(
    chosen: UninstallArgs,
    located: ChangedEnvironmentArgs,
    certificates: CertificateArgs,
    python: PythonRequestArgs,
    cache: CacheArgs,
    shared: GlobalArgs,
) -> int:
    """Remove what is named from the environment, and say what is gone."""
    session = Session.start(shared, cache, python)
    from mauve.cli.pip import open_pip
    from mauve.operations.pip_uninstall import find_removals, remove_all
    from mauve.operations.requirement_sources import SourceWords, read_sources
    from mauve.operations.target_environment import Purpose

    printer = session.printer
    with open_pip(session, certificates) as pip:
        if chosen.yes:
            printer.warning("`--yes` has no effect (uv never asks for confirmation)")
        words = SourceWords(packages=chosen.packages, files=chosen.requirements)
        asked = read_sources(words, pip.services, printer.warning)
        choice = pip.choose_environment(python.python, located)
        environment = pip.find_environment(choice, Purpose.CHANGE).environment
        started = time.perf_counter()
        removals = find_removals(asked.requirements, environment)
        if not chosen.dry_run:
            for name in removals.missing:
                printer.warning(f"Skipping {printer.style.cyan(name)} as it is not installed")
        if not removals.distributions:
            if chosen.dry_run:
                printer.note("Would make no changes")
            else:
                printer.warning("No packages to uninstall")
            return ExitStatus.SUCCESS
        if not chosen.dry_run:
            remove_all(removals, environment, printer.debug)
        pip.reporter.removed_all(removals, time.perf_counter() - started, dry_run=bool(chosen.dry_run))
    return ExitStatus.SUCCESS


command = declare_command(
    "pip uninstall",
    "Uninstall packages from an environment",
    UninstallArgs,
    ChangedEnvironmentArgs,
    CertificateArgs,
    _PythonArgs,
    CacheArgs,
    GlobalArgs,
    conflicts=CHANGED_ENVIRONMENT_CONFLICTS,
    overrides=CHANGED_ENVIRONMENT_OVERRIDES,
    needs=("packages", "requirements"),
    positional_usage="<PACKAGE|--requirements <REQUIREMENTS>>",
)(uninstall)
