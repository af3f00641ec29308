"""Environments filled again from a stored plan: "with these inputs, this is what `sync` made where nothing was".

The plan is kept like a verdict (`mauve.fastpath.verdicts`) and void under the same conditions; what becomes of the
wheels is kept once for each environment, and void if one of them is not in the cache as it was. It is used only where
the place is free. What goes wrong then is left to the whole program, which goes on with what is there, as after an
interruption.
"""

from __future__ import annotations

import marshal
import os
import sys
import time

from mauve.fastpath.environments import is_free, keep_record
from mauve.fastpath.verdicts import PLAN, digest, duration, is_unchanged, keep, states_of, verdict_path
from mauve.filesystem.placing import MANY, PACKED, NotPlaced, Placer, SourceGone, clashing, hard_link, unpacked
from mauve.filesystem.trees import Tree, write_tree

TYPE_CHECKING = False
"""As in `typing`, which is not imported for it."""
if TYPE_CHECKING:
    from collections.abc import Sequence

    from mauve.fastpath.environments import Record
    from mauve.filesystem.placing import Packed, Placement

    Lines = tuple[list[str], list[str], list[str]]
    """What is printed once the environment is there, before and after it is filled; `@TIME@` in place of durations."""

_MANIFEST = "manifest"
_PLAIN = 2
"""The form of `marshal` in which equal values are equal bytes: others tell apart what else refers to them."""
_KEY = 20
"""Bytes by which a plan tells whether its wheels are the ones that are kept."""
_TIME = 8
"""Bytes of the time at which the wheels were recorded, behind that key."""


def reinstall(path: str) -> int | None:
    """Make and fill the environment of the plan at *path*; None if it does not hold, or somebody else is at work."""
    started = time.perf_counter()
    try:
        with open(path, "rb", buffering=0) as file:
            recorded_at, files, lines, root, planned, record, locks, key = marshal.loads(file.read())  # noqa: S302
    except (OSError, ValueError, EOFError, TypeError):
        return None
    if os.path.lexists(f"{root}/pyvenv.cfg") or not all(is_unchanged(entry, recorded_at) for entry in files):
        return None
    kept = _read_wheels(_wheels_path(path, root), key)
    if kept is None:
        return None
    try:
        return _fill(root, planned, record, locks, lines, kept, started)
    except (OSError, NotPlaced, SourceGone):
        return None


def _fill(
    root: str,
    planned: tuple[list[str], list[tuple[str, str]], list[tuple[str, str]]],
    record: Record,
    locks: tuple[str, str],
    lines: Lines,
    kept: tuple[int, list[Packed]],
    started: float,
) -> int | None:
    """Make the environment and install what was *kept*; None if somebody else is at work, or the place is taken."""
    making = _lock(locks[0])
    try:
        if not is_free(root, replaces=False):
            return None
        tree = Tree()
        tree.directories, tree.links, tree.files = planned
        write_tree(tree)
        changing = _lock(locks[1])
    finally:
        os.close(making)
    try:
        keep_record(record)
        now = time.perf_counter()
        _say(lines[0], 0)
        _place(*kept)
        _say(lines[1], now - started)
        _say(lines[2], time.perf_counter() - now)
    finally:
        os.close(changing)
    return 0


def _lock(path: str) -> int:
    """Return a descriptor that holds the lock *path*. Raises `OSError` if somebody else has it."""
    import fcntl

    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.fstat(descriptor).st_mode & 0o777 != 0o666:
            os.fchmod(descriptor, 0o666)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def _place(number: int, placements: list[Packed]) -> None:
    """Do what *placements* say, in their order but for the first *number* of them."""

    def link_files(source: str, source_fd: int, target_fd: int, names: Sequence[str]) -> None:
        del source
        error = hard_link(source_fd, target_fd, names)[1]
        if error is not None:
            raise error

    left = placements
    with Placer(link_files) as placer:
        if sum([placement[0] for placement in placements[:number]]) >= MANY:
            from mauve.filesystem.halves import can_share, share

            if can_share(number):
                steps = sorted(placements[:number], key=lambda placement: -placement[0])
                mine: set[int] = set()

                def place(step: int) -> None:
                    placer.place(unpacked(steps[step]))
                    mine.add(step)

                apart = share(number, place, place)
                left = [placement for step, placement in enumerate(steps) if step not in mine and step not in apart]
                left += placements[number:]
        for placement in left:
            placer.place(unpacked(placement))


def _say(lines: list[str], seconds: float) -> None:
    for line in lines:
        sys.stderr.write(line.replace("@TIME@", duration(seconds)) + "\n")
    sys.stderr.flush()


def _wheels_path(path: str, root: str) -> str:
    """Return where the wheels of the environment at *root* are kept, beside the plan at *path*."""
    return os.path.join(os.path.dirname(path), f"{digest(os.fsencode(root)).hex()}.wheels")


def _read_wheels(path: str, key: bytes) -> tuple[int, list[Packed]] | None:
    """Return of how many the order is no matter, and what becomes of the wheels; None if it is not what *key* says."""
    try:
        with open(path, "rb", buffering=0) as file:
            content = memoryview(file.read())
        if content[:_KEY] != key:
            return None
        recorded_at = int.from_bytes(content[_KEY : _KEY + _TIME], "little")
        number, manifests, placements = marshal.loads(content[_KEY + _TIME :])  # noqa: S302 - our own cache
    except (OSError, ValueError, EOFError, TypeError):
        return None
    if any(len(placement) != PACKED for placement in placements):
        return None
    return (number, placements) if all(is_unchanged(entry, recorded_at) for entry in manifests) else None


def record_installation(
    argv: list[str],
    read: list[str],
    looked_at: list[str],
    lines: Lines,
    environment: dict[str, str],
    root: str,
    tree: Tree,
    record: Record,
    locks: tuple[str, str],
    placements: Sequence[Placement],
) -> None:
    """Keep the plan of an environment and of what is in it.

    Args:
        argv: of this process.
        read: files whose content had a say, or that would have if they were there.
        looked_at: files and folders whose presence, identity or time of change had a say.
        lines: what was printed to standard error.
        environment: of this process.
        root: of the environment.
        tree: what it was made of; without copies.
        record: of its interpreter.
        locks: the files that are locked while the environment is made, and while packages come or go.
        placements: what became of the wheels, which were linked.
    """
    path = verdict_path(argv[1:], environment, PLAN)
    if path is None or tree.copies:
        return
    clashes = clashing(placements)
    apart = [placement for place, placement in enumerate(placements) if place not in clashes]
    # Several processes placed these in any order; the same ones are to be found the same.
    apart.sort(key=lambda placement: placement.files)
    placements = [*apart, *[placement for place, placement in enumerate(placements) if place in clashes]]
    manifests = [os.path.join(os.path.dirname(placement.files), _MANIFEST) for placement in placements]
    values = [placement.packed() for placement in placements]
    wheels = marshal.dumps((len(apart), states_of([], manifests), values), _PLAIN)
    key = _keep_wheels(_wheels_path(path, root), wheels)
    files = states_of(read, looked_at)
    planned = (tree.directories, tree.links, tree.files)
    keep(path, marshal.dumps((time.time_ns(), files, lines, root, planned, record, locks, key)))


def _keep_wheels(path: str, wheels: bytes) -> bytes:
    """Keep *wheels* at *path* and return their key, which is the former one if they are there already."""
    start = _KEY + _TIME
    try:
        with open(path, "rb", buffering=0) as file:
            known = file.read()
    except OSError:
        known = b""
    if len(known) == start + len(wheels) and known.endswith(wheels):
        return known[:_KEY]
    key = os.urandom(_KEY)
    keep(path, key, time.time_ns().to_bytes(_TIME, "little"), wheels)
    return key
