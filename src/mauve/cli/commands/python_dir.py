"""Show the uv Python installation directory."""

from __future__ import annotations

from mauve.cli.session import Session
from mauve.config.arguments.cache import CacheArgs
from mauve.config.arguments.everywhere import GlobalArgs
from mauve.config.arguments.python import PythonArgs
from mauve.config.declare import ArgumentGroup, flag
from mauve.config.declare import command as declare_command
from mauve.errors import ExitStatus


class DirectoryArgs(ArgumentGroup, title="Options"):
    """Options of `python dir`."""

    bin: bool | None = flag("--bin", help="Show the directory into which `uv python` will install Python executables.")


def show_python_directory(chosen: DirectoryArgs, shared: GlobalArgs, cache: CacheArgs, python: PythonArgs) -> int:
    """Print the folder of managed installations, or that of their executables."""
    session = Session.start(shared, cache, python)
    from mauve.python.variables import executables_folder, installations_folder

    variables = session.variables.mapping
    folder = executables_folder(variables) if chosen.bin else installations_folder(variables)
    session.printer.data(f"{session.printer.out_style.cyan(folder)}\n")
    return ExitStatus.SUCCESS


command = declare_command(
    "python dir", "Show the uv Python installation directory", DirectoryArgs, GlobalArgs, CacheArgs, PythonArgs
)(show_python_directory)
