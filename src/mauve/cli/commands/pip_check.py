"""Verify installed packages have compatible dependencies."""

from __future__ import annotations

import time

from mauve.cli.session import Session
from mauve.config.arguments.cache import CacheArgs
from mauve.config.arguments.everywhere import GlobalArgs
from mauve.config.arguments.pip import SystemArgs, TrustArgs
from mauve.config.arguments.platform import PlatformArgs
from mauve.config.arguments.python import PythonRequestArgs, python_request
from mauve.config.declare import command as declare_command
from mauve.config.declare import value
from mauve.errors import ExitStatus

_PythonArgs = python_request("for which packages should be checked", "The Python interpreter")


class CheckArgs(PlatformArgs, title="Options"):
    """Options of `pip check`."""

    python_version: str | None = value(
        "--python-version", help="The Python version against which packages should be checked"
    )
    python_platform: str | None = value(
        "--python-platform",
        choices=PlatformArgs.specs["python_platform"].choices,
        help="The platform for which packages should be checked",
    )


def check(
    chosen: CheckArgs,
    located: SystemArgs,
    certificates: TrustArgs,
    python: PythonRequestArgs,
    cache: CacheArgs,
    shared: GlobalArgs,
) -> int:
    """Print what does not fit together."""
    session = Session.start(shared, cache, python)
    from mauve.cli.pip import open_pip
    from mauve.operations.pip_read import environment_faults, environment_holdings
    from mauve.operations.target_environment import Purpose
    from mauve.terminal.counts import duration, packages

    printer, style = session.printer, session.printer.style
    with open_pip(session, certificates) as pip:
        files = pip.files
        environment = pip.find_environment(pip.choose_environment(python.python, located), Purpose.READ).environment
        started = time.perf_counter()
        holdings = environment_holdings(environment, printer.warning)
        faults = environment_faults(
            holdings,
            environment,
            python_version=chosen.python_version or files.first(lambda table: table.python_version),
            python_option=CheckArgs.specs["python_version"].label,
            platform=chosen.python_platform or files.first(lambda table: table.python_platform),
            variables=session.variables.mapping,
        )
        took = f"in {duration(time.perf_counter() - started)}"
        printer.note(style.summary("Checked", packages(len(holdings)), took))
        if not faults:
            printer.note(style.dim("All installed packages are compatible"))
            return ExitStatus.SUCCESS
        number = "1 incompatibility" if len(faults) == 1 else f"{len(faults)} incompatibilities"
        printer.error(style.summary("Found", number, ""))
        for fault in faults:
            printer.error(style.bold(fault.sentence))
    return ExitStatus.FAILURE


command = declare_command(
    "pip check",
    "Verify installed packages have compatible dependencies",
    CheckArgs,
    SystemArgs,
    TrustArgs,
    _PythonArgs,
    CacheArgs,
    GlobalArgs,
    conflicts=(("!system", "system"),),
)(check)
