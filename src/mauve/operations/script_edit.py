"""Add dependencies to a script, and remove them: its block is edited, and its lockfile follows if there is one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from mauve.errors import MauveError
from mauve.filesystem.atomic import replace_document
from mauve.operations.add import AddFailed, Addition, fill_bounds, is_about_addition, standard_modules
from mauve.operations.remove import MissingDependency
from mauve.operations.rollback import restored_on_failure
from mauve.operations.script import has_lockfile
from mauve.project.edit import ProjectEditor, ScriptDependencies
from mauve.project.script import Script, edited_script

if TYPE_CHECKING:
    from mauve.lock.model import Lock
    from mauve.operations.add import AddRequest
    from mauve.operations.ports import NameSource, ReportAdd
    from mauve.standards.names import PackageName


class LockScript(Protocol):
    """Locks a script, the way the user's options say. Writes only a lockfile that is there."""

    def __call__(self, script: Script) -> Lock:
        """Return the lock of *script*.

        Raises:
            MauveError: it cannot be locked, or must not be.
        """
        ...


def add_to_script(
    request: AddRequest, script: Script, lock: LockScript, name_source: NameSource, report: ReportAdd
) -> Script:
    """Add the dependencies; the script and its lockfile are as before if anything fails.

    Args:
        request: what to add; its table is that of scripts.
        script: perhaps with a block that is not written yet.
        lock: called after the edit, and again after bounds were filled in.
        name_source: asked for the names of locations that do not say them.
        report: told on the way.

    Raises:
        AddFailed: there is no solution with the new dependencies, or one of them cannot be used.
        MauveError: the script, a requirement, or locking is at fault.
    """
    addition = Addition(request, script.workspace, name_source, script.block.metadata)
    edits = addition.apply()
    with restored_on_failure(script.path, script.lock_path):
        edited = _write(script, addition.editor.text)
        if not request.locks:
            return edited
        try:
            locked = lock(edited)
            if not request.raw and fill_bounds(addition.editor, edits, locked, request.bounds, report):
                edited = _write(script, addition.editor.text)
                lock(edited)
        except MauveError as error:
            if is_about_addition(error):
                raise AddFailed(standard_modules(error, edits)) from error
            raise
    return edited


def remove_from_script(names: tuple[PackageName, ...], script: Script, lock: LockScript | None) -> bool:
    """Remove the dependencies; return whether the lockfile followed (there is one, and *lock* was given).

    Raises:
        MissingDependency: the script does not require one.
        MauveError: locking is at fault; the script is as before then.
    """
    editor = ProjectEditor(script.block.metadata, script.shown)
    for name in names:
        if not editor.remove_dependency(ScriptDependencies(), name):
            raise MissingDependency(name, ScriptDependencies(), ())
    with restored_on_failure(script.path, script.lock_path):
        edited = _write(script, editor.text)
        if lock is None or not has_lockfile(edited):
            return False
        lock(edited)
    return True


def _write(script: Script, metadata: str) -> Script:
    edited = edited_script(script, metadata)
    replace_document(script.path, edited.text)
    return edited
