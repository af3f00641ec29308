"""List, in tabular format, packages installed in an environment."""

from __future__ import annotations

from mauve.cli.session import Session
from mauve.config.arguments.cache import CacheArgs
from mauve.config.arguments.everywhere import GlobalArgs
from mauve.config.arguments.index import IndexArgs
from mauve.config.arguments.pip import CertificateArgs, FolderArgs
from mauve.config.arguments.pip_read import READ_ENVIRONMENT_CONFLICTS, ExcludeArgs, StrictArgs
from mauve.config.arguments.python import PythonRequestArgs, python_request
from mauve.config.arguments.resolver import CutoffArgs
from mauve.config.declare import command as declare_command
from mauve.config.declare import flag, value
from mauve.errors import ExitStatus, MauveError

_PythonArgs = python_request("for which packages should be listed", "The Python interpreter")


class ListArgs(ExcludeArgs, title="Options"):
    """Options of `pip list`."""

    editable: bool | None = flag("-e", "--editable", help="Only include editable projects")
    format: str | None = value(
        "--format", choices=("columns", "freeze", "json"), help="Select the output format [default: columns]"
    )
    outdated: bool | None = flag("--outdated", off="--no-outdated", help="List outdated packages")


class FrozenOutdated(MauveError):
    """Newer versions are asked for in a format that has no place for them."""

    def __str__(self) -> str:
        """Return the message in uv's words."""
        return "`--outdated` cannot be used with `--format freeze`"


def list_packages(
    chosen: ListArgs,
    strict: StrictArgs,
    located: FolderArgs,
    certificates: CertificateArgs,
    index: IndexArgs,
    cutoff: CutoffArgs,
    python: PythonRequestArgs,
    cache: CacheArgs,
    shared: GlobalArgs,
) -> int:
    """Print what is installed, with newer versions if they are asked for."""
    if chosen.outdated and chosen.format == "freeze":
        raise FrozenOutdated
    session = Session.start(shared, cache, python)
    from mauve.cli.holdings import render_columns, render_json, render_versions
    from mauve.cli.pip import open_pip
    from mauve.operations.pip_read import HoldingsFilter, environment_holdings
    from mauve.operations.target_environment import Purpose
    from mauve.standards.names import package_name

    printer = session.printer
    with open_pip(session, certificates) as pip:
        environment = pip.find_environment(pip.choose_environment(python.python, located), Purpose.READ).environment
        holdings = environment_holdings(environment, printer.warning)
        wanted = HoldingsFilter(
            editable=True if chosen.editable else False if chosen.exclude_editable else None,
            exclude=frozenset([package_name(name) for name in chosen.exclude]),
        )
        listed = wanted.choose(holdings)
        latest = None
        if chosen.outdated:
            from mauve.cli.pip_latest import find_outdated, is_outdated

            latest = find_outdated(pip, listed, environment, index, cutoff)
            listed = [holding for holding in listed if is_outdated(holding, latest)]
        match chosen.format:
            case "json":
                text = render_json(listed, latest)
            case "freeze":
                text = render_versions(listed, printer.out_style)
            case _:
                text = render_columns(listed, latest)
        printer.data(text, important=True)
        pip.warn_of_faults(strict, holdings, environment)
    return ExitStatus.SUCCESS


command = declare_command(
    "pip list",
    "List, in tabular format, packages installed in an environment",
    ListArgs,
    StrictArgs,
    FolderArgs,
    CertificateArgs,
    IndexArgs,
    CutoffArgs,
    _PythonArgs,
    CacheArgs,
    GlobalArgs,
    conflicts=(*READ_ENVIRONMENT_CONFLICTS, ("editable", "exclude_editable")),
)(list_packages)
