"""Stored verdicts: "with these inputs there was nothing to do, and this is what was said"; and help pages.

A verdict is kept in the cache under a digest of the words, the working directory, the environment and the version
of the program. It lists every file that had a say, with its state then: absent, or its identity and times, and for
files that are read their digest. It is void as soon as one of them differs. Where the times of a file differ, or are
so recent that a second change could have left the same ones, its content decides; a folder has none, so it differs.

Standard library only; nothing of ours but the version.
"""

from __future__ import annotations

import marshal
import os
import sys
import time

from mauve import __version__

BUCKET = "mauve-verdicts-v1"
_FORMAT = 5
_UNCERTAIN = 2_000_000_000
"""Nanoseconds. A file system may keep times in (two) seconds; a change this close to the recording is not told."""
_UNCERTAIN_FINE = 100_000_000
"""The same where times have nanoseconds; they still come from a clock that ticks every few milliseconds."""
_IRRELEVANT = ("_", "OLDPWD", "SHLVL", "PWD", "COLUMNS", "LINES", "WINDOWID")
"""Variables that shells change on their own and that nothing here reads."""

State = tuple[int, ...]
"""Of a path: empty if it is absent, else mode, inode, device, size, and times of change in nanoseconds."""


def digest(data: bytes) -> bytes:
    """Return 20 bytes that tell *data* from anything else."""
    try:
        # The module behind hashlib, without OpenSSL: a third of the cost of this path otherwise.
        from _blake2 import blake2b
    except ImportError:
        from hashlib import blake2b
    return blake2b(data, digest_size=20).digest()


def state_of(path: str) -> State:
    """Return the state of *path*, links followed."""
    try:
        status = os.stat(path)
    except OSError:
        return ()
    return (
        status.st_mode,
        status.st_ino,
        status.st_dev,
        status.st_size if not os.path.isdir(path) else 0,
        status.st_mtime_ns,
        status.st_ctime_ns,
    )


def cache_root(environment: dict[str, str]) -> str | None:
    """Return the cache folder where only variables decide about it; None if it cannot be told from them."""
    root = environment.get("UV_CACHE_DIR")
    if root:
        return os.path.abspath(root)
    base = environment.get("XDG_CACHE_HOME")
    if base and os.path.isabs(base):
        return os.path.join(base, "uv")
    home = environment.get("HOME")
    return os.path.join(home, ".cache", "uv") if home and os.name != "nt" else None


def verdict_path(words: list[str], environment: dict[str, str], kind: str = "verdict") -> str | None:
    """Return where the verdict about *words*, or what else is known of them, is kept; None if there can be none."""
    root = cache_root(environment)
    if root is None:
        return None
    try:
        place = os.getcwd()
    except OSError:
        return None
    relevant = sorted((name, value) for name, value in environment.items() if name not in _IRRELEVANT)
    question = (
        _FORMAT,
        __version__,
        sys.executable,
        sys.version,
        place,
        words,
        relevant,
        sys.stderr is not None and sys.stderr.isatty(),
        sys.stdout is not None and sys.stdout.isatty(),
        tuple(os.uname()) if hasattr(os, "uname") else (),
    )
    return os.path.join(root, BUCKET, digest(marshal.dumps(question)).hex() + f".{kind}")


PLAN = "installation"
"""Kind of what is known of an environment that was made and filled (`mauve.fastpath.installations`)."""


def find_plan(argv: list[str]) -> str | None:
    """Return where the plan of an environment that *argv* asks for is kept, None if there is none."""
    path = verdict_path(argv[1:], dict(os.environ), PLAN)  # noqa: TID251 - as in `replay`
    return path if path is not None and os.path.exists(path) else None


def split_words(argv: list[str]) -> tuple[list[str], list[str]]:
    """Return the words a verdict is about, and those that are handed to a command (`run` alone)."""
    if argv[1] != "run":
        return argv[1:], []
    if len(argv) > 2 and not argv[2].startswith("-"):
        return argv[1:3], argv[3:]
    return argv[1:], []


def replay(argv: list[str]) -> int | None:
    """Say again what was said, if nothing has changed since; None if it has, or nothing is known."""
    started = time.perf_counter()
    environment = dict(os.environ)  # noqa: TID251 - this path exists to import nothing, config included
    words, rest = split_words(argv)
    path = verdict_path(words, environment)
    if path is None:
        return None
    try:
        with open(path, "rb", buffering=0) as file:
            recorded_at, files, lines, execution, script, page = marshal.loads(file.read())  # noqa: S302 - our own cache
    except (OSError, ValueError, EOFError, TypeError):
        return None
    if not all(is_unchanged(entry, recorded_at) for entry in files):
        return None
    if page and sys.stdout.encoding != "utf-8":
        return None
    if script and not _is_plain_script(script):
        return None
    if lines:
        passed = time.perf_counter() - started
        for line in lines:
            sys.stderr.write(line.replace("@TIME@", duration(passed)) + "\n")
        sys.stderr.flush()
    if page:
        sys.stdout.write(page)
        sys.stdout.flush()
    if execution is not None:
        return _execute(execution, rest, environment)
    return 0


def is_unchanged(entry: tuple[str, State, bytes], recorded_at: int) -> bool:
    """Return whether what a verdict says about one path still holds.

    Times that are old enough tell. Where they do not, the content of a file that is read decides; without a recorded
    content (a folder, an interpreter) nothing can be said.
    """
    name, state, content = entry
    now = state_of(name)
    if now == state and (not state or state[5] + _uncertainty(state) <= recorded_at):
        return True
    return bool(content) and bool(now) and _content(name) == content


def _uncertainty(state: State) -> int:
    """Return the nanoseconds within which two changes may leave the same time: little where times are fine."""
    return _UNCERTAIN if state[4] % 1_000_000 == 0 and state[5] % 1_000_000 == 0 else _UNCERTAIN_FINE


def _is_plain_script(path: str) -> bool:
    """Return whether the file is there and has no inline metadata, which would give it an environment of its own."""
    try:
        with open(path, "rb", buffering=0) as file:
            return b"# /// script" not in file.read()
    except OSError:
        return False


def _content(path: str) -> bytes:
    try:
        with open(path, "rb", buffering=0) as file:
            return digest(file.read())
    except OSError:
        return b""


def duration(seconds: float) -> str:
    """Return the time as summary lines show it (`mauve.terminal.counts`)."""
    if seconds >= 60:
        return f"{int(seconds) // 60}m {int(seconds) % 60:02d}s"
    if seconds >= 1:
        return f"{int(seconds * 100) / 100:.2f}s"
    if seconds >= 0.001:
        return f"{int(seconds * 1000)}ms"
    return f"{int(seconds * 100000) / 100:.2f}ms"


Execution = tuple[list[str], list[tuple[str, str]], str]
"""A command, what it adds to the environment, and the folder that comes first on `PATH`."""


def _execute(execution: Execution, rest: list[str], environment: dict[str, str]) -> int:
    """Become the command; the program was looked up when the verdict was recorded, and is looked up again here."""
    command, changes, scripts = execution
    environment.update(changes)
    path = environment.get("PATH")
    environment["PATH"] = scripts if not path else f"{scripts}{os.pathsep}{path}"
    words = [*command, *rest]
    try:
        os.execvpe(words[0], words, environment)  # noqa: S606 - to become the command is the point
    except OSError as error:
        reason = f"{error.strerror} (os error {error.errno})"
        sys.stderr.write(f"error: Failed to spawn: {words[0]}\n  cause: {reason}\n")
    return 2


def record(
    argv: list[str],
    read: list[str],
    looked_at: list[str],
    lines: list[str],
    execution: Execution | None,
    environment: dict[str, str],
    script: str = "",
    page: str = "",
) -> None:
    """Keep a verdict; losing it (or failing to write it) only costs time.

    Args:
        argv: of this process.
        read: files whose content had a say, or that would have if they were there.
        looked_at: files and folders whose presence, identity or time of change had a say.
        lines: what was printed to standard error, with `@TIME@` in place of a duration.
        execution: the command that was run, what it adds to the environment, and the folder put first on `PATH`.
        environment: of this process.
        script: the Python file that is run, which must stay one without inline metadata.
        page: what was printed to standard output.
    """
    words, rest = split_words(argv)
    path = verdict_path(words, environment)
    if path is None:
        return
    if execution is not None and rest:
        command, changes, scripts = execution
        execution = (command[: len(command) - len(rest)], changes, scripts)
    keep(path, marshal.dumps((time.time_ns(), states_of(read, looked_at), lines, execution, script, page)))


def states_of(read: list[str], looked_at: list[str]) -> list[tuple[str, State, bytes]]:
    """Return the states of what had a say, with a digest of the content of files that are *read*."""
    files = [(name, state_of(name), _content(name) if os.path.isfile(name) else b"") for name in read]
    return files + [(name, state_of(name), b"") for name in looked_at]


def keep(path: str, *parts: bytes) -> None:
    """Write *parts* to *path*, whole or not at all; losing it only costs time."""
    temporary = f"{path}.{os.getpid()}"
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(temporary, "xb", buffering=0) as file:
            file.writelines(parts)
        os.replace(temporary, path)
    except OSError:
        return
