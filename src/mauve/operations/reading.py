"""Lock a project or a script in order to read the lock: nothing is installed, and nothing more is found than needed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct, structs

from mauve.lock.lookup import LockLookup
from mauve.operations.lock import LockMode, read_frozen, workspace_target
from mauve.operations.project import lock_workspace, locking_interpreter, selected_groups

if TYPE_CHECKING:
    from mauve.lock.selection import GroupsSelection
    from mauve.operations.context import Services
    from mauve.operations.lock import LockOutcome
    from mauve.operations.project import LockWish
    from mauve.operations.reporter import SyncEvents
    from mauve.operations.script import ScriptRequest
    from mauve.project.script import Script
    from mauve.project.workspace import Workspace
    from mauve.python.interpreter import Interpreter


class ReadLock(Struct, frozen=True):
    """A lock by its names, and what it was judged with.

    Attributes:
        interpreter: None if none was needed.
        outcome: of locking; None for a lock that was not judged.
    """

    lookup: LockLookup
    interpreter: Interpreter | None
    outcome: LockOutcome | None = None


def lock_to_read(
    workspace: Workspace,
    wish: LockWish,
    groups: GroupsSelection,
    services: Services,
    events: SyncEvents,
    *,
    needs_interpreter: bool = False,
) -> ReadLock:
    """Return the lock of *workspace*; a frozen one needs no interpreter unless the caller does.

    Raises:
        MauveError: as `mauve.operations.lock.lock_project`.
    """
    is_frozen = wish.mode is LockMode.FROZEN
    interpreter = None
    if needs_interpreter or not is_frozen:
        interpreter = locking_interpreter(workspace, wish, services, events, selected_groups(workspace, groups))
    if is_frozen:
        lock = read_frozen(workspace_target(workspace), wish.option, services)
        return ReadLock(LockLookup(lock), interpreter)
    outcome = lock_workspace(workspace, wish, services, events, interpreter).outcome
    return ReadLock(LockLookup(outcome.lock), interpreter, outcome)


def lock_script_to_read(
    script: Script, request: ScriptRequest, services: Services, events: SyncEvents, *, needs_interpreter: bool = False
) -> ReadLock:
    """Return the lock of *script*; no lockfile is made for one that has none.

    Raises:
        MauveError: as `mauve.operations.script.lock_script`.
    """
    from mauve.operations.script import (
        find_interpreter_of,
        has_lockfile,
        lock_script,
        script_target,
    )

    is_frozen = request.mode is LockMode.FROZEN
    interpreter = None
    if needs_interpreter or not is_frozen:
        interpreter = find_interpreter_of(script, request, services, events)
    if is_frozen:
        lock = read_frozen(script_target(script, services), request.option, services)
        return ReadLock(LockLookup(lock), interpreter)
    if request.mode is LockMode.WRITE and not has_lockfile(script):
        request = structs.replace(request, mode=LockMode.DRY_RUN)
    lock = lock_script(script, request, services, events, interpreter).outcome.lock
    return ReadLock(LockLookup(lock), interpreter)
