"""Environments made again from a stored plan: "with these inputs, this is what `venv` made, and what it said".

A plan is kept like a verdict (`mauve.fastpath.verdicts`) and void under the same conditions. It is used only where
the place is free, or holds an environment that the words allow to be replaced; everything else is left to the whole
program, which also finds the words for what cannot be done: the place is then as if nothing had been tried.
"""

from __future__ import annotations

import marshal
import os
import sys
import time

from mauve.fastpath.verdicts import State, is_unchanged, keep, states_of, verdict_path
from mauve.filesystem.trees import Tree, write_tree

TYPE_CHECKING = False
"""As in `typing`, which is not imported for it."""
if TYPE_CHECKING:
    from typing import Any

    Record = tuple[str, str, str, tuple[Any, ...]]
    """Of the environment's interpreter: where it is kept, of which executable, on which host, and its values."""


def remake(argv: list[str]) -> int | None:
    """Make the environment of *argv* again; None if there is no plan for it that still holds."""
    path = verdict_path(argv[1:], dict(os.environ))  # noqa: TID251 - as in `verdicts`
    if path is None:
        return None
    try:
        with open(path, "rb", buffering=0) as file:
            recorded_at, files, before, after, root, replaces, planned, record = marshal.loads(file.read())  # noqa: S302
    except (OSError, ValueError, EOFError, TypeError):
        return None
    if not all(is_unchanged(entry, recorded_at) for entry in files):
        return None
    tree = Tree()
    tree.directories, tree.links, tree.files = planned
    try:
        if not is_free(root, replaces=replaces):
            return None
    except OSError:
        return None
    try:
        write_tree(tree)
    except OSError:
        _empty(root)
        return None
    keep_record(record)
    for line in (*before, *after):
        sys.stderr.write(line + "\n")
    sys.stderr.flush()
    return 0


def is_free(root: str, *, replaces: bool) -> bool:
    """Return whether nothing is at *root*, after an environment that may be replaced was removed."""
    try:
        names = os.listdir(root)
    except FileNotFoundError:
        return True
    if not names:
        return True
    if not replaces or "pyvenv.cfg" not in names:
        return False
    from mauve.filesystem.removal import remove

    # What makes it an environment goes last: what is left when something cannot be removed is still one.
    names.remove("pyvenv.cfg")
    for name in (*names, "pyvenv.cfg"):
        remove(os.path.join(root, name))
    return True


def _empty(root: str) -> None:
    from mauve.filesystem.removal import remove_contents

    try:
        remove_contents(root)
    except OSError:
        return  # whatever is in the way is in the way of the whole program too


def keep_record(record: Record) -> None:
    """Keep what the interpreter of the environment would say about itself, so that nobody has to ask it."""
    path, executable, host, values = record
    try:
        status = os.stat(executable)
        changed = os.stat(os.path.join(os.path.dirname(os.path.dirname(executable)), "pyvenv.cfg")).st_mtime_ns
    except OSError:
        return
    stamp = (status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino, changed)
    keep(path, marshal.dumps((executable, stamp, host, values)))


def record_plan(
    argv: list[str],
    read: list[str],
    looked_at: list[str],
    lines: tuple[list[str], list[str]],
    environment: dict[str, str],
    root: str,
    tree: Tree,
    record: Record,
    *,
    replaces: bool,
) -> None:
    """Keep the plan of an environment.

    Args:
        argv: of this process.
        read: files whose content had a say, or that would have if they were there.
        looked_at: files and folders whose presence, identity or time of change had a say.
        lines: what was printed to standard error before and after the environment was made.
        environment: of this process.
        root: of the environment.
        tree: what was made; without copies.
        record: of its interpreter.
        replaces: whether an environment at *root* may be removed.
    """
    path = verdict_path(argv[1:], environment)
    if path is None or tree.copies:
        return
    planned = (tree.directories, tree.links, tree.files)
    files: list[tuple[str, State, bytes]] = states_of(read, looked_at)
    keep(path, marshal.dumps((time.time_ns(), files, *lines, root, replaces, planned, record)))
