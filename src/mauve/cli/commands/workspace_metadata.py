"""View metadata about the current workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mauve.cli.session import Session
from mauve.config.arguments.build import BuildArgs
from mauve.config.arguments.cache import RefreshArgs
from mauve.config.arguments.everywhere import GlobalArgs
from mauve.config.arguments.index import IndexArgs
from mauve.config.arguments.installer import InstallerArgs, LinkArgs
from mauve.config.arguments.python import PythonRequestArgs, python_request
from mauve.config.arguments.resolver import ResolverArgs
from mauve.config.declare import ArgumentGroup, flag, value
from mauve.config.declare import command as declare_command
from mauve.config.environment import EnvVar
from mauve.errors import ExitStatus

if TYPE_CHECKING:
    from mauve.operations.workspace_metadata import MetadataDescription

_PythonArgs = python_request("during resolution")
_SUBJECT: Final = "The `uv workspace metadata` command"


class MetadataArgs(ArgumentGroup, title="Options"):
    """Options of `workspace metadata`."""

    output_version: str | None = value(
        "--output-version", metavar="VERSION", help="Request a specific version of the metadata schema"
    )
    script: str | None = value(
        "--script",
        help="View metadata for the specified PEP 723 Python script, rather than the current workspace",
    )
    locked: bool | None = flag(
        "--locked", env=EnvVar.LOCKED, off="--no-locked", help="Check if the lockfile is up-to-date"
    )
    frozen: bool | None = flag(
        "--frozen",
        env=EnvVar.FROZEN,
        off="--no-frozen",
        help="Assert that a `uv.lock` exists without checking if it is up-to-date",
    )
    sync: bool | None = flag("--sync", help="Sync the environment to include module ownership metadata in the output")
    exact: bool | None = flag("--exact", help="Perform an exact sync, removing extraneous packages")
    active: bool | None = flag("--active", help="Sync dependencies to the active virtual environment")


def show_workspace_metadata(
    chosen: MetadataArgs,
    index: IndexArgs,
    resolver: ResolverArgs,
    build: BuildArgs,
    link: LinkArgs,
    refresh: RefreshArgs,
    python: PythonRequestArgs,
    shared: GlobalArgs,
) -> int:
    """Print the description of the workspace, or of a script, as JSON."""
    session = Session.start(shared, refresh, python)
    from msgspec import json

    from mauve.cli.reporting import Reporter
    from mauve.operations.lock import LockMode

    reporter = Reporter(session)
    syncing = Reporter(session, shows_summaries=False, shows_lock=False) if chosen.sync else None
    installer = InstallerArgs({"link_mode": link.link_mode}, session.variables)
    mode = LockMode.FROZEN if chosen.frozen else LockMode.LOCKED if chosen.locked else LockMode.WRITE
    option = chosen.spelling("frozen" if chosen.frozen else "locked") if mode is not LockMode.WRITE else ""
    description: MetadataDescription
    if chosen.script is not None:
        from mauve.cli.scripts import find_script, open_script
        from mauve.operations.workspace_metadata import describe_script

        script = find_script(session, chosen.script)
        session.warn_of_preview("workspace-metadata", _SUBJECT)
        with open_script(
            script,
            session,
            (index, resolver, build, refresh),
            installer,
            python,
            shared,
            (mode, option),
            active=chosen.active,
            keeps_extraneous=not chosen.exact,
        ) as opened:
            description = describe_script(script, opened.request, opened.services, reporter, syncing)
    else:
        from mauve.cli.projects import open_project
        from mauve.config.settings.installation import installation_settings
        from mauve.operations.sync import SyncRequest
        from mauve.operations.workspace_metadata import EVERYTHING, describe_workspace

        session.warn_of_preview("workspace-metadata", _SUBJECT)
        if mode is LockMode.WRITE and not chosen.sync:
            mode = LockMode.DRY_RUN
        with open_project(session, index, resolver, build, refresh) as project:
            request = SyncRequest(
                lock=project.lock_wish((mode, option), python, shared, active=chosen.active if chosen.sync else False),
                selection=EVERYTHING,
                installation=installation_settings(installer, session.files),
                keeps_extraneous=not chosen.exact,
                all_packages=True,
                writes_metadata=False,
            )
            description = describe_workspace(project.workspace, request, project.services, reporter, syncing)
    text = json.format(json.encode(description), indent=2).decode()
    session.printer.data(f"{text}\n", important=True)
    return ExitStatus.SUCCESS


command = declare_command(
    "workspace metadata",
    "View metadata about the current workspace",
    MetadataArgs,
    IndexArgs,
    ResolverArgs,
    BuildArgs,
    LinkArgs,
    RefreshArgs,
    _PythonArgs,
    GlobalArgs,
    conflicts=(("frozen", "locked"), ("upgrade", "locked")),
    requires=(("exact", "sync"),),
)(show_workspace_metadata)
