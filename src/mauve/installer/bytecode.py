"""Compile the modules of an environment to bytecode, in processes of its own interpreter.

Which files are compiled is decided here; a module that does not compile is passed over, as it is by importing.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from mauve.errors import MauveError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from queue import SimpleQueue

    from mauve.installer.target import InstallTarget

DEFAULT_TIMEOUT: Final = 60.0
"""Seconds that one file may take."""

_WORKER: Final = """\
import compileall, os, sys
mode = os.environ.get("PYC_INVALIDATION_MODE")
options = {}
if mode:
    from py_compile import PycInvalidationMode
    options["invalidation_mode"] = PycInvalidationMode[mode.upper().replace("-", "_")]
sys.stdout.write("ready\\n")
sys.stdout.flush()
for line in sys.stdin:
    compileall.compile_file(line[:-1], force=False, quiet=2, **options)
    sys.stdout.write(".\\n")
    sys.stdout.flush()
"""


class FailedToCompile(MauveError):
    """A worker gave up.

    Attributes:
        path: of the file it was working on, or of the interpreter if it never began.
    """

    def __init__(self, path: str, reason: str) -> None:
        """Name the file and the *reason*."""
        super().__init__(f"Failed to bytecode-compile Python file: {path}: {reason}")
        self.path = path


def find_modules(target: InstallTarget) -> Iterator[str]:
    """Yield the `.py` files in the libraries of *target*; names with line ends cannot be handed to a worker."""
    for library in target.libraries:
        stack = [library]
        while stack:
            folder = stack.pop()
            try:
                entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
            except FileNotFoundError:
                continue
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    if entry.name != "__pycache__":
                        stack.append(entry.path)
                elif entry.name.endswith(".py") and "\n" not in entry.path:
                    yield entry.path


def compile_bytecode(
    target: InstallTarget, *, workers: int, timeout: float | None, environment: Mapping[str, str] | None = None
) -> int:
    """Compile every module of *target* and return how many there are.

    Args:
        target: the environment; its own interpreter does the work.
        workers: processes at the same time.
        timeout: seconds for one file; None waits for ever.
        environment: variables of the workers; those of this process by default.

    Raises:
        FailedToCompile: a worker ended or was too slow.
    """
    from concurrent.futures import ThreadPoolExecutor
    from queue import SimpleQueue

    modules = list(find_modules(target))
    if not modules:
        return 0
    queue: SimpleQueue[str] = SimpleQueue()
    for module in modules:
        queue.put(module)
    count = max(1, min(workers, len(modules)))
    with ThreadPoolExecutor(count) as pool:
        for result in [pool.submit(_work, target.python, queue, timeout, environment) for _ in range(count)]:
            result.result()
    return len(modules)


def _work(python: str, queue: SimpleQueue[str], timeout: float | None, environment: Mapping[str, str] | None) -> None:
    """Feed one process from *queue* until it is empty."""
    import subprocess
    from queue import Empty
    from threading import Timer

    with subprocess.Popen(
        [python, "-I", "-c", _WORKER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=None if environment is None else dict(environment),
        encoding="utf-8",
        errors="surrogateescape",
    ) as process:
        answers, questions = process.stdout, process.stdin
        if answers is None or questions is None:
            raise FailedToCompile(python, "no pipe")
        if answers.readline() != "ready\n":
            raise FailedToCompile(python, "the interpreter did not start")
        while True:
            try:
                path = queue.get_nowait()
            except Empty:
                break
            timer = None if timeout is None else Timer(timeout, process.kill)
            try:
                if timer is not None:
                    timer.start()
                questions.write(f"{path}\n")
                questions.flush()
                answer = answers.readline()
            except OSError as error:
                raise FailedToCompile(path, "the worker ended") from error
            finally:
                if timer is not None:
                    timer.cancel()
            if not answer:
                raise FailedToCompile(path, "the worker ended or timed out")
        questions.close()
