"""mauve, which is sent a signal at one of the moments at which it changes files.

    KILL_AT=17 KILL_WITH=9 KILL_COUNT=/tmp/count python killing_program.py sync

A moment is just before a file is opened for writing, made, renamed, linked or removed, or just before a directory is,
in any thread, by Python's own account (its audit events). Without `KILL_AT` they are only counted, into a file.
"""

from __future__ import annotations

import os
import sys

_CHANGES = {
    "os.mkdir",
    "os.rename",
    "os.remove",
    "os.rmdir",
    "os.link",
    "os.symlink",
    "os.chmod",
    "os.truncate",
    "shutil.copyfile",
}
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT


def main() -> int:
    """Run the program."""
    fatal = int(os.environ.pop("KILL_AT", "-1"))
    number = int(os.environ.pop("KILL_WITH", "9"))
    counter = os.environ.pop("KILL_COUNT", "")
    seen = 0
    stopped = False

    def note(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal seen
        if stopped:
            return
        is_open = event == "open" and isinstance(arguments[2], int) and arguments[2] & _WRITING
        if not is_open and event not in _CHANGES:
            return
        seen += 1
        if seen == fatal:
            os.kill(os.getpid(), number)

    from mauve.__main__ import main as run

    sys.addaudithook(note)
    if fatal < 0 and counter:
        # The program ends itself: what is counted is told before.
        ending = os._exit

        def tell(status: int) -> None:
            nonlocal stopped
            stopped = True
            with open(counter, "w", encoding="ascii") as file:
                file.write(str(seen))
            ending(status)

        os._exit = tell
        status = run()
        tell(status)
    return run()


if __name__ == "__main__":
    sys.exit(main())
