"""Show information about one or more installed packages."""

from __future__ import annotations

from mauve.cli.session import Session
from mauve.config.arguments.cache import CacheArgs
from mauve.config.arguments.everywhere import GlobalArgs
from mauve.config.arguments.pip import CertificateArgs, FolderArgs
from mauve.config.arguments.pip_read import READ_ENVIRONMENT_CONFLICTS, StrictArgs
from mauve.config.arguments.python import PythonRequestArgs, python_request
from mauve.config.declare import ArgumentGroup, arguments, flag
from mauve.config.declare import command as declare_command
from mauve.errors import ExitStatus

_PythonArgs = python_request("to find the package in", "The Python interpreter")


class ShowArgs(ArgumentGroup, title="Options"):
    """Options of `pip show`."""

    packages: tuple[str, ...] = arguments("PACKAGE", help="The package(s) to display")
    files: bool | None = flag("-f", "--files", help="Show the full list of installed files for each package")


def show(
    chosen: ShowArgs,
    strict: StrictArgs,
    located: FolderArgs,
    certificates: CertificateArgs,
    python: PythonRequestArgs,
    cache: CacheArgs,
    shared: GlobalArgs,
) -> int:
    """Print what is known of packages."""
    session = Session.start(shared, cache, python)
    from mauve.cli.holdings import render_package
    from mauve.cli.pip import open_pip
    from mauve.installer.holdings import read_files
    from mauve.operations.pip_read import environment_holdings
    from mauve.operations.pip_show import find_packages
    from mauve.operations.target_environment import Purpose
    from mauve.standards.names import package_name

    printer = session.printer
    with open_pip(session, certificates) as pip:
        if not chosen.packages:
            printer.warning("Please provide a package name or names.")
            return ExitStatus.FAILURE
        names = [package_name(name) for name in chosen.packages]
        environment = pip.find_environment(pip.choose_environment(python.python, located), Purpose.READ).environment
        holdings = environment_holdings(environment, printer.warning)
        found = find_packages(names, holdings, environment.interpreter.markers)
        if found.missing:
            printer.warning(f"Package(s) not found for: {printer.style.bold(', '.join(found.missing))}")
        if not found.packages:
            return ExitStatus.FAILURE
        for place, shown in enumerate(found.packages):
            printer.data(("---\n" if place else "") + render_package(shown))
            if chosen.files:
                files = read_files(shown.holding.installed)
                printer.data("".join(["Files:\n", *[f"  {file}\n" for file in files]]))
        pip.warn_of_faults(strict, holdings, environment)
    return ExitStatus.SUCCESS


command = declare_command(
    "pip show",
    "Show information about one or more installed packages",
    ShowArgs,
    StrictArgs,
    FolderArgs,
    CertificateArgs,
    _PythonArgs,
    CacheArgs,
    GlobalArgs,
    conflicts=READ_ENVIRONMENT_CONFLICTS,
)(show)
