"""List the members of a workspace."""

from __future__ import annotations

import os

from mauve.cli.session import Session
from mauve.config.arguments.cache import CacheArgs
from mauve.config.arguments.everywhere import GlobalArgs
from mauve.config.arguments.python import PythonArgs
from mauve.config.declare import ArgumentGroup, flag
from mauve.config.declare import command as declare_command
from mauve.errors import ExitStatus


class ListArgs(ArgumentGroup, title="Options"):
    """Options of `workspace list`."""

    paths: bool | None = flag("--paths", help="Show paths instead of names")
    scripts: bool | None = flag("--scripts", help="List all standalone scripts with inline metadata in the workspace")


def list_workspace(chosen: ListArgs, shared: GlobalArgs, cache: CacheArgs, python: PythonArgs) -> int:
    """Print the names of the members, or their folders; or the scripts below the root."""
    session = Session.start(shared, cache, python)
    from mauve.project.workspace import discover_workspace

    if chosen.scripts:
        session.warn_of_preview("workspace-list-scripts", "The `--scripts` option")
    workspace = discover_workspace(session.project_directory)
    if chosen.scripts:
        from mauve.project.scripts import find_scripts

        lines = find_scripts(workspace.root, session.printer.warning)
        lines = [os.path.relpath(path, workspace.root) for path in lines]
    elif chosen.paths:
        lines = [member.root for member in workspace.members.values()]
    else:
        lines = list(workspace.members)
    session.printer.data("".join(f"{line}\n" for line in lines))
    return ExitStatus.SUCCESS


command = declare_command(
    "workspace list", "List the members of a workspace", ListArgs, GlobalArgs, CacheArgs, PythonArgs
)(list_workspace)
