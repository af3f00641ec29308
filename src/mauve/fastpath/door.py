"""Decide whether a command line can be answered without the rest of the program.

Standard library only, and little of it: this runs before every command. `mauve.fastpath.verdicts` says what is
trusted; docs/architecture.md "Verdicts" lists what makes a stored verdict void.
"""

from __future__ import annotations

_STORED = frozenset({"lock", "sync", "run", "export", "tree"})


def answer(argv: list[str]) -> int | None:
    """Return the exit code if *argv* was answered here, None if the whole program is needed."""
    if len(argv) < 2:
        return None
    if argv[1] == "venv" and argv[-1] not in ("--help", "-h"):
        from mauve.fastpath.environments import remake

        return remake(argv)
    if argv[1] in _STORED or argv[-1] in ("--help", "-h"):
        from mauve.fastpath.verdicts import find_plan, replay

        status = replay(argv)
        if status is None and argv[1] == "sync" and (plan := find_plan(argv)) is not None:
            from mauve.fastpath.installations import reinstall

            return reinstall(plan)
        return status
    return None
