"""Compile the modules of an environment to bytecode, in processes of its own interpreter.

`sync` compiles everything in the environment (`find_modules`), `pip install` what it installed (`modules_of`). A module
that does not compile is passed over, as it is by importing.
"""

from __future__ import annotations

import os
import sys
from typing import IO, TYPE_CHECKING, Final

from mauve.errors import MauveError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from queue import SimpleQueue

    from mauve.installer.target import InstallTarget
    from mauve.installer.wheel import CachedWheel

DEFAULT_TIMEOUT: Final = 60.0
"""Seconds that one file may take."""

_BATCH: Final = 16
"""Files that are handed to a worker at once, so that it never waits for the next one."""

_WORKER: Final = """\
import compileall, os, sys
mode = os.environ.get("PYC_INVALIDATION_MODE")
options = {}
if mode:
    from py_compile import PycInvalidationMode
    options["invalidation_mode"] = PycInvalidationMode[mode.upper().replace("-", "_")]
compile_file, write = compileall.compile_file, os.write
write(1, b".")
for line in sys.stdin:
    compile_file(line[:-1], quiet=2, **options)
    write(1, b".")
"""
"""Answers one byte when it is ready, and one for each file."""


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


def modules_of(wheels: Iterable[CachedWheel], target: InstallTarget) -> list[str]:
    """Return the `.py` files that installing *wheels* into *target* brings to its libraries."""
    modules: list[str] = []
    for wheel in wheels:
        manifest = wheel.manifest
        library = target.purelib if manifest.root_is_purelib else target.platlib
        for folder in manifest.folders:
            place = f"{library}/{folder.path}" if folder.path else library
            modules += [f"{place}/{name}" for name in folder.names if name.endswith(".py")]
        modules += [
            f"{target.folder(moved.scheme, wheel.name)}/{moved.path}"
            for moved in manifest.moved
            if moved.scheme in {"purelib", "platlib"} and moved.path.endswith(".py")
        ]
    return modules


def compile_bytecode(
    python: str,
    modules: Sequence[str],
    *,
    workers: int,
    timeout: float | None,
    environment: Mapping[str, str] | None = None,
) -> None:
    """Compile *modules*.

    Args:
        python: the interpreter of their environment.
        modules: absolute paths of files (`find_modules`, `modules_of`).
        workers: processes at the same time.
        timeout: seconds for one file; None waits for ever.
        environment: variables of the workers; those of this process by default.

    Raises:
        FailedToCompile: a worker ended or was too slow.
    """
    from concurrent.futures import ThreadPoolExecutor
    from queue import SimpleQueue

    queue: SimpleQueue[str] = SimpleQueue()
    for module in modules:
        queue.put(module)
    count = min(workers, len(modules))
    if count == 0:
        return
    with ThreadPoolExecutor(count) as pool:
        for result in [pool.submit(_work, python, queue, timeout, environment) for _ in range(count)]:
            result.result()


def _work(python: str, queue: SimpleQueue[str], timeout: float | None, environment: Mapping[str, str] | None) -> None:
    """Feed one process from *queue* until it is empty."""
    import subprocess

    with subprocess.Popen(
        [python, "-I", "-c", _WORKER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=None if environment is None else dict(environment),
        bufsize=0,
    ) as process:
        if process.stdin is None or process.stdout is None:
            raise FailedToCompile(python, "no pipe")
        try:
            _feed(python, queue, process.stdin, process.stdout.fileno(), timeout)
        except BaseException:
            process.kill()
            raise


def _feed(python: str, queue: SimpleQueue[str], questions: IO[bytes], answers: int, timeout: float | None) -> None:
    if _wait(answers, timeout) == 0:
        raise FailedToCompile(python, "the interpreter did not start")
    while batch := _take(queue):
        try:
            questions.write(os.fsencode("".join([f"{path}\n" for path in batch])))
        except OSError as error:
            raise FailedToCompile(batch[0], "the worker ended") from error
        done = 0
        while done < len(batch):
            count = _wait(answers, timeout)
            if count == 0:
                raise FailedToCompile(batch[done], "the worker ended or timed out")
            done += count
    questions.close()


def _take(queue: SimpleQueue[str]) -> list[str]:
    from queue import Empty

    batch: list[str] = []
    try:
        while len(batch) < _BATCH:
            batch.append(queue.get_nowait())
    except Empty:
        pass  # the last batch is a short one
    return batch


def _wait(descriptor: int, timeout: float | None) -> int:
    """Return how many answers came; 0 if the process ended or nothing came in time."""
    if timeout is not None and sys.platform != "win32":
        from select import select

        if not select([descriptor], [], [], timeout)[0]:
            return 0
    return len(os.read(descriptor, _BATCH))
