"""Display the path of a workspace member."""

from __future__ import annotations

from mauve.cli.session import Session
from mauve.config.arguments.cache import CacheArgs
from mauve.config.arguments.everywhere import GlobalArgs
from mauve.config.arguments.python import PythonArgs
from mauve.config.declare import ArgumentGroup, value
from mauve.config.declare import command as declare_command
from mauve.errors import ExitStatus, MauveError


class MissingMember(MauveError):
    """The workspace has no package of this name."""

    def __init__(self, name: str) -> None:
        """Name the package."""
        super().__init__(name)
        self.name = name

    def __str__(self) -> str:
        """Return the message in uv's words."""
        return f"Package `{self.name}` not found in workspace."


class DirectoryArgs(ArgumentGroup, title="Options"):
    """Options of `workspace dir`."""

    package: str | None = value("--package", help="Display the path to a specific package in the workspace")


def show_workspace_directory(chosen: DirectoryArgs, shared: GlobalArgs, cache: CacheArgs, python: PythonArgs) -> int:
    """Print the folder of the workspace, or of one member."""
    session = Session.start(shared, cache, python)
    from mauve.project.workspace import discover_workspace
    from mauve.standards.names import package_name

    workspace = discover_workspace(session.project_directory)
    root = workspace.root
    if chosen.package is not None:
        member = workspace.members.get(package_name(chosen.package))
        if member is None:
            raise MissingMember(chosen.package)
        root = member.root
    session.printer.data(f"{root}\n")
    return ExitStatus.SUCCESS


command = declare_command(
    "workspace dir", "Display the path of a workspace member", DirectoryArgs, GlobalArgs, CacheArgs, PythonArgs
)(show_workspace_directory)
