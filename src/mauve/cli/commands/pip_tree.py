"""Display the dependency tree for an environment."""

from __future__ import annotations

from mauve.cli.session import Session
from mauve.cli.tree_depth import read_depth
from mauve.config.arguments.cache import CacheArgs
from mauve.config.arguments.everywhere import GlobalArgs
from mauve.config.arguments.index import IndexArgs
from mauve.config.arguments.pip import CertificateArgs, SystemArgs
from mauve.config.arguments.pip_read import StrictArgs
from mauve.config.arguments.python import PythonRequestArgs, python_request
from mauve.config.arguments.resolver import CutoffArgs
from mauve.config.arguments.tree import ShownTreeArgs
from mauve.config.declare import command as declare_command
from mauve.config.declare import flag
from mauve.errors import ExitStatus

_PythonArgs = python_request("for which packages should be listed", "The Python interpreter")


class PipTreeArgs(ShownTreeArgs, title="Options"):
    """Options of `pip tree`."""

    show_version_specifiers: bool | None = flag(
        "--show-version-specifiers", help="Show the version constraint(s) imposed on each package"
    )


def tree(
    chosen: PipTreeArgs,
    strict: StrictArgs,
    located: SystemArgs,
    certificates: CertificateArgs,
    index: IndexArgs,
    cutoff: CutoffArgs,
    python: PythonRequestArgs,
    cache: CacheArgs,
    shared: GlobalArgs,
) -> int:
    """Print who requires whom."""
    depth = read_depth(chosen)
    session = Session.start(shared, cache, python)
    from mauve.cli.pip import open_pip
    from mauve.operations.pip_read import environment_holdings
    from mauve.operations.pip_tree import PipTreeRequest, PipTreeStyle, show_pip_tree
    from mauve.operations.target_environment import Purpose
    from mauve.standards.names import PackageName, package_name

    printer = session.printer
    with open_pip(session, certificates) as pip:
        environment = pip.find_environment(pip.choose_environment(python.python, located), Purpose.READ).environment
        holdings = environment_holdings(environment, printer.warning)
        latest: dict[PackageName, str] = {}
        if chosen.outdated:
            from mauve.cli.pip_latest import find_outdated

            newer = find_outdated(pip, holdings, environment, index, cutoff)
            latest = {name: str(found.version) for name, found in newer.items()}
        style = printer.out_style
        text = show_pip_tree(
            holdings,
            environment.interpreter.markers,
            PipTreeRequest(
                prune=frozenset([package_name(name) for name in chosen.prune]),
                packages=frozenset([package_name(name) for name in chosen.package]),
                depth=depth,
                invert=bool(chosen.invert),
                specifiers=bool(chosen.show_version_specifiers),
                repeats=bool(chosen.no_dedupe),
            ),
            latest=latest,
            style=PipTreeStyle(
                latest=lambda text: style.bold(style.cyan(text)),
                footer=style.italic,
                path=pip.services.discovery.shown,
            ),
        )
        printer.data(text)
        pip.warn_of_faults(strict, holdings, environment)
    return ExitStatus.SUCCESS


command = declare_command(
    "pip tree",
    "Display the dependency tree for an environment",
    PipTreeArgs,
    StrictArgs,
    SystemArgs,
    CertificateArgs,
    IndexArgs,
    CutoffArgs,
    _PythonArgs,
    CacheArgs,
    GlobalArgs,
    conflicts=(("!system", "system"),),
)(tree)
