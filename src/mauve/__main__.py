"""The front door: what needs nothing imported is answered at once, everything else goes to `mauve.cli.app`.

It is also where the process meets its system: signals end it quietly, with everything restored on the way out, and
the words of the command line are UTF-8 whatever the locale says.
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False
"""As in `typing`, which is not imported for it."""
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import NoReturn


_COLLECT_EVERY = 1_000_000
"""Objects between two searches for cycles."""


def main() -> NoReturn:
    """Run the command line of this process and end it: taking modules apart would be a tenth of a short run."""
    _leave(answer_words())


def main_tool_run() -> NoReturn:
    """Run `mauvex`, which is `mauve tool run`, and end the process."""
    _leave(_guarded(_answer_tool_run))


def answer_words() -> int:
    """Do what the words of this process say and return its exit code."""
    if len(sys.argv) == 2 and sys.argv[1] in ("--version", "-V") and sys.stdout is not None:
        from mauve import __version__

        try:
            sys.stdout.write(f"mauve {__version__}\n")
            sys.stdout.flush()
        except OSError:
            # Nobody reads it; the whole program knows how to end then.
            return _guarded(_answer)
        return 0
    return _guarded(_answer)


def _answer() -> int:
    if sys.stdout is not None and sys.stderr is not None and sys.stderr.encoding == "utf-8":
        from mauve.fastpath.door import answer

        try:
            status = answer(sys.argv)
        except BrokenPipeError:
            # Nobody reads what was said; the whole program knows how to go on.
            status = None
        if status is not None:
            return status
    import gc

    gc.disable()
    from mauve.quick_imports import install

    install()
    from mauve.stand_ins import StandIns

    # What the standard library takes from where is known of versions that were tried; on others imports are whole.
    StandIns.allowed = sys.version_info < (3, 14)
    from mauve.cli.app import run

    gc.freeze()
    # Almost nothing that a command makes refers back to itself; looking for it takes a tenth of a resolution.
    gc.set_threshold(_COLLECT_EVERY)
    gc.enable()
    return run("mauve", sys.argv[1:])


def _answer_tool_run() -> int:
    from mauve.cli.app import run

    return run("mauvex", ["tool", "run", *sys.argv[1:]])


def _guarded(work: Callable[[], int]) -> int:
    """Return what *work* returns; interruptions end the process at once after its `finally` blocks were run."""
    if sys.getfilesystemencoding() != "utf-8":
        _start_again_in_utf8()
    # Not `signal`, whose enumerations take longer than a whole answer of the fast path.
    import _signal  # type: ignore[import-not-found]  # no stub for a private module

    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(_signal, name, None)
        if number is not None and _signal.getsignal(number) == _signal.SIG_DFL:
            _signal.signal(number, _terminate)
    try:
        return work()
    except KeyboardInterrupt:
        return 130
    except _Terminated as error:
        return 128 + error.number


class _Terminated(BaseException):
    """Somebody else ended this process."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def _terminate(number: int, frame: object) -> None:
    del frame
    raise _Terminated(number)


def _leave(status: int) -> NoReturn:
    """End the process without waiting for threads, which may hang in the system (a name that is looked up)."""
    import atexit
    import os

    try:
        atexit._run_exitfuncs()  # noqa: SLF001  # temporary folders; there is no public name for it
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                try:
                    stream.flush()
                except OSError:
                    from mauve.terminal.streams import discard

                    discard(stream)
    finally:
        os._exit(status)


def _start_again_in_utf8() -> None:
    """Replace this process by itself in Python's UTF-8 mode: paths and words are bytes to the system."""
    import os

    if sys.platform != "win32" and not sys.flags.utf8_mode:
        os.execv(sys.executable, [sys.executable, "-X", "utf8", *sys.orig_argv[1:]])  # noqa: S606


if __name__ == "__main__":
    main()
