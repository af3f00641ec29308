"""What `--output-format json` prints: what was, or in a dry run would be, done to which environment and lock."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import UNSET, Struct, UnsetType, json

from mauve.python.environment import Change as EnvironmentChange
from mauve.terminal.changes import Change, Sign, in_order

if TYPE_CHECKING:
    from mauve.operations.lock import LockOutcome
    from mauve.operations.sync import SyncOutcome
    from mauve.project.workspace import Workspace
    from mauve.python.environment import EnsuredEnvironment

_ENVIRONMENT_ACTIONS: Final = {
    EnvironmentChange.USED: "check",
    EnvironmentChange.CREATED: "create",
    EnvironmentChange.REPLACED: "replace",
}
_ACTIONS: Final = {Sign.REMOVED: "uninstalled", Sign.ADDED: "installed", Sign.REPLACED: "reinstalled"}


class _Schema(Struct):
    version: str = "preview"


class _Place(Struct):
    path: str


class _Project(Struct):
    path: str
    workspace: _Place


class _Python(Struct):
    path: str
    version: str
    implementation: str


class _Environment(Struct):
    path: str
    python: _Python


class _PackageChange(Struct, kw_only=True):
    name: str
    version: str | UnsetType = UNSET
    action: str


class _Sync(Struct):
    environment: _Environment
    action: str
    changes: list[_PackageChange]


class LockReport(Struct):
    """What happened to a lockfile."""

    path: str
    action: str


class _Report(Struct, kw_only=True):
    schema: _Schema
    target: str
    project: _Project | UnsetType = UNSET
    script: _Place | UnsetType = UNSET
    sync: _Sync
    lock: LockReport | None
    dry_run: bool


class _ChangesReport(Struct):
    schema: _Schema
    changes: list[_PackageChange]
    dry_run: bool


def lock_report(path: str, outcome: LockOutcome, *, frozen: bool) -> LockReport:
    """Return what happened to the lockfile at *path*."""
    if frozen:
        return LockReport(path, "use")
    if not outcome.changed:
        return LockReport(path, "check")
    return LockReport(path, "create" if outcome.previous is None else "update")


def render_project_report(
    workspace: Workspace, outcome: SyncOutcome, changes: list[Change], lock: LockReport, *, dry_run: bool
) -> str:
    """Return the report on *workspace*; its current project is the one that was synchronised."""
    member = workspace.current_member
    root = workspace.root if member is None else member.root
    return _render(
        _Report(
            schema=_Schema(),
            target="project",
            project=_Project(root, _Place(workspace.root)),
            sync=_describe(outcome.environment, changes),
            lock=lock,
            dry_run=dry_run,
        )
    )


def render_script_report(
    path: str, environment: EnsuredEnvironment, changes: list[Change], lock: LockReport | None, *, dry_run: bool
) -> str:
    """Return the report on the script at *path*."""
    return _render(
        _Report(
            schema=_Schema(),
            target="script",
            script=_Place(path),
            sync=_describe(environment, changes),
            lock=lock,
            dry_run=dry_run,
        )
    )


def render_changes(changes: list[Change], *, dry_run: bool) -> str:
    """Return the report on an environment of which only the changes are told."""
    return _render(_ChangesReport(_Schema(), _described(changes), dry_run))


def _render(report: _Report | _ChangesReport) -> str:
    return f"{json.format(json.encode(report), indent=2).decode()}\n"


def _describe(ensured: EnsuredEnvironment, changes: list[Change]) -> _Sync:
    environment = ensured.environment
    interpreter = environment.interpreter
    python = _Python(environment.executable, interpreter.markers.python_full_version, interpreter.implementation)
    return _Sync(
        _Environment(environment.root, python),
        _ENVIRONMENT_ACTIONS[ensured.change],
        _described(changes),
    )


def _described(changes: list[Change]) -> list[_PackageChange]:
    return [
        _PackageChange(name=change.name, version=change.version or UNSET, action=_ACTIONS[change.sign])
        for change in in_order(changes)
    ]
