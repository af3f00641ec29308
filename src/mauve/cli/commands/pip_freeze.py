"""List, in requirements format, packages installed in an environment."""

from __future__ import annotations

import os

from mauve.cli.session import Session
from mauve.config.arguments.cache import CacheArgs
from mauve.config.arguments.everywhere import GlobalArgs
from mauve.config.arguments.pip import CertificateArgs, FolderArgs
from mauve.config.arguments.pip_read import READ_ENVIRONMENT_CONFLICTS, ExcludeArgs, StrictArgs
from mauve.config.arguments.python import PythonRequestArgs, python_request
from mauve.config.declare import ArgumentGroup, values
from mauve.config.declare import command as declare_command
from mauve.errors import ExitStatus

_PythonArgs = python_request("for which packages should be listed", "The Python interpreter")


class FreezeArgs(ArgumentGroup, title="Options"):
    """Options of `pip freeze`."""

    paths: tuple[str, ...] = values(
        "--path",
        metavar="PATHS",
        help="Restrict to the specified installation path for listing packages (can be used multiple times)",
    )


def freeze(
    excluded: ExcludeArgs,
    strict: StrictArgs,
    chosen: FreezeArgs,
    located: FolderArgs,
    certificates: CertificateArgs,
    python: PythonRequestArgs,
    cache: CacheArgs,
    shared: GlobalArgs,
) -> int:
    """Print a requirement for everything that is installed."""
    session = Session.start(shared, cache, python)
    from mauve.cli.holdings import render_freeze
    from mauve.cli.pip import open_pip
    from mauve.operations.pip_read import HoldingsFilter, library_holdings
    from mauve.operations.target_environment import Purpose
    from mauve.standards.names import package_name

    printer = session.printer
    with open_pip(session, certificates) as pip:
        environment = pip.find_environment(pip.choose_environment(python.python, located), Purpose.READ).environment
        libraries = [os.path.join(session.directory, path) for path in chosen.paths] or environment.site_packages
        holdings = library_holdings(libraries, printer.warning)
        wanted = HoldingsFilter(
            editable=False if excluded.exclude_editable else None,
            exclude=frozenset([package_name(name) for name in excluded.exclude]),
        )
        printer.data(render_freeze(wanted.choose(holdings), printer.out_style), important=True)
        pip.warn_of_faults(strict, holdings, environment)
    return ExitStatus.SUCCESS


command = declare_command(
    "pip freeze",
    "List, in requirements format, packages installed in an environment",
    ExcludeArgs,
    StrictArgs,
    FreezeArgs,
    FolderArgs,
    CertificateArgs,
    _PythonArgs,
    CacheArgs,
    GlobalArgs,
    conflicts=READ_ENVIRONMENT_CONFLICTS,
)(freeze)
