"""Have a second processor do a part of some independent steps on files: a child takes what this process has not begun.

Threads do not help here, since each step is over before another thread has the interpreter. Standard library only, and
little of it: `mauve.fastpath` uses it before anything is imported.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
"""As in `typing`, which is not imported for it."""
if TYPE_CHECKING:
    from collections.abc import Callable

_MOST = 30_000
"""Steps whose numbers a pipe surely holds."""


def can_share(number: int) -> bool:
    """Return whether a child may do a part of *number* steps: there are two processors, and no threads to be copied."""
    return 1 < number < _MOST and spare_processors() > 0


def spare_processors() -> int:
    """Return how many processors children of this process could have; none if it has threads, which are not copied."""
    if not hasattr(os, "sched_getaffinity"):
        return 0
    import _thread

    return 0 if _thread._count() else len(os.sched_getaffinity(0)) - 1  # noqa: SLF001 - as in `stand_ins`


def share(number: int, do: Callable[[int], None], do_apart: Callable[[int], None]) -> list[int]:
    """Call *do* for some of the steps before *number*, and *do_apart* in a child for others; return those done apart.

    A step that fails in the child is not done by anyone, nor are those that the child had begun with at the end: doing
    them here tells why. What *do* raises is raised once the child has ended. If this process is killed, the child ends
    after its step.
    """
    todo, todo_end = os.pipe()
    os.write(todo_end, b"".join([step.to_bytes(2, "little") for step in range(number)]))
    os.close(todo_end)
    done, done_end = os.pipe()
    parent = os.getpid()
    try:
        child = os.fork()
    except OSError:  # there are too many processes, or too little memory
        child = -1
    if child == 0:
        _work_apart(todo, done_end, parent, do_apart)
    os.close(done_end)
    apart = b""
    try:
        while step := os.read(todo, 2):
            do(int.from_bytes(step, "little"))
    finally:
        # Whatever happened here: the child finds nothing more to do.
        while os.read(todo, 1 << 16):
            pass
        while steps := os.read(done, 1 << 16):
            apart += steps
        os.close(todo)
        os.close(done)
        if child > 0:
            os.waitpid(child, 0)
    return [int.from_bytes(apart[at : at + 2], "little") for at in range(0, len(apart), 2)]


def _work_apart(todo: int, done: int, parent: int, do: Callable[[int], None]) -> None:
    """Do steps until none is left or one fails, and end the process."""
    try:
        while os.getppid() == parent and (step := os.read(todo, 2)):
            do(int.from_bytes(step, "little"))
            os.write(done, step)
    finally:
        os._exit(0)
