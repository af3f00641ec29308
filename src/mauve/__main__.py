"""The front door: what needs nothing imported is answered at once, everything else goes to `mauve.cli.app`."""

from __future__ import annotations

import sys


def main() -> int:
    """Run the command line of this process and return its exit code."""
    from mauve.fastpath.door import answer

    status = answer(sys.argv)
    if status is not None:
        return status
    import gc

    gc.disable()
    from mauve.cli.app import run

    gc.freeze()
    gc.enable()
    return run("mauve", sys.argv[1:])


def main_tool_run() -> int:
    """Run `mauvex`, which is `mauve tool run`."""
    from mauve.cli.app import run

    return run("mauvex", ["tool", "run", *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main())
