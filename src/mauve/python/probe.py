"""Describe the interpreter at a path: from the cache while its file is unchanged, else by running it once.

One record per path. It is valid while the file behind the path (links followed) has the same inode, size and times,
the environment's pyvenv.cfg is the same, and the kernel did not change, whose version is a marker.

Specification: docs/environments.md "Probe".
"""

from __future__ import annotations

import os
from binascii import crc32
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from mauve.cache.entries import write_entry
from mauve.errors import MauveError
from mauve.python.interpreter import Interpreter
from mauve.python.records import pack_interpreter, read_record, write_record

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mauve.python.records import Values


class ProbeFailed(MauveError):
    """The executable did not describe itself.

    Attributes:
        path: as it was asked for.
    """

    def __init__(self, path: str) -> None:
        """Name the executable."""
        super().__init__(path)
        self.path = path


class InterpreterMissing(ProbeFailed):
    """There is no file at the path."""

    def __str__(self) -> str:
        """Return the message."""
        return f"Python interpreter not found at `{self.path}`"


class BrokenLink(ProbeFailed):
    """The path is a link to nothing: the interpreter an environment was made from is gone."""

    def __init__(self, path: str, target: str, *, in_environment: bool) -> None:
        """Name the link and where it points."""
        super().__init__(path)
        self.target = target
        self.in_environment = in_environment

    def __str__(self) -> str:
        """Return the message."""
        return f"Broken symlink at `{self.path}`, was the underlying Python interpreter removed?"

    def hints(self) -> tuple[str, ...]:
        """Suggest a new environment if this was one."""
        return ("Consider recreating the environment (e.g., with `uv venv`)",) if self.in_environment else ()


class SpawnFailed(ProbeFailed):
    """The system refused to run the file; the reason is the cause."""

    def __str__(self) -> str:
        """Return the message."""
        return f"Failed to query Python interpreter at `{self.path}`"


class SystemRefusal(MauveError):
    """An error number of the system, in the words of uv."""

    def __init__(self, error: OSError) -> None:
        """Take the text from *error*."""
        super().__init__(error)
        self.text = f"{error.strerror} (os error {error.errno})"

    def __str__(self) -> str:
        """Return the system's message."""
        return self.text


class BadExit(ProbeFailed):
    """The executable ended with an error.

    Attributes:
        status: the exit code, negative for a signal.
        stdout: what it printed.
        stderr: likewise.
    """

    def __init__(self, path: str, status: int, stdout: str, stderr: str) -> None:
        """Store what was seen."""
        super().__init__(path)
        self.returncode = status
        self.stdout = stdout
        self.stderr = stderr

    def __str__(self) -> str:
        """Return the message with the output."""
        status = describe_status(self.returncode)
        text = f"Querying Python at `{self.path}` failed with exit status {status}"
        return text + output_sections(self.stdout, self.stderr)


class BadAnswer(ProbeFailed):
    """The executable printed something else than the description."""

    def __init__(self, path: str, reason: str, stdout: str, stderr: str) -> None:
        """Store what was seen."""
        super().__init__(path)
        self.reason = reason
        self.stdout = stdout
        self.stderr = stderr

    def __str__(self) -> str:
        """Return the message with the output."""
        text = f"Querying Python at `{self.path}` returned an invalid response: {self.reason}"
        return text + output_sections(self.stdout, self.stderr)


class UnusableInterpreter(ProbeFailed):
    """The interpreter cannot be supported; the reason is the cause."""

    def __str__(self) -> str:
        """Return the message."""
        return f"Can't use Python at `{self.path}`"


class UnusableReason(MauveError):
    """Why an interpreter cannot be supported."""

    def __init__(self, reason: str) -> None:
        """Store the sentence."""
        super().__init__(reason)
        self.reason = reason

    def __str__(self) -> str:
        """Return the sentence."""
        return self.reason


class InterpreterReader:
    """Describes interpreters; made once per process.

    Attributes:
        cache_directory: where records are kept; None to probe always.
        variables: the environment that probed interpreters inherit.
    """

    __slots__ = ("_host", "_known", "cache_directory", "variables")

    def __init__(self, cache_directory: str | None, variables: Mapping[str, str]) -> None:
        """Use the folder *cache_directory*, which need not exist."""
        self.cache_directory = cache_directory
        self.variables = variables
        self._known: dict[str, Interpreter] = {}
        self._host = _describe_host(variables)

    def read(self, path: str, shown: str | None = None) -> Interpreter:
        """Return the interpreter at *path* (absolute); messages name *shown* instead if given.

        Raises:
            ProbeFailed: one of its kinds.
        """
        known = self._known.get(path)
        if known is not None:
            return known
        stamp = self._stamp(path, shown or path)
        found = self._read_record(path, stamp)
        if found is None:
            found = probe(path, self.variables, shown)
            # A shim answers for an interpreter that it chooses anew each time.
            if os.path.normpath(found.executable) == os.path.normpath(path):
                self._write_record(path, stamp, found)
        self._known[path] = found
        return found

    def remember(self, interpreter: Interpreter) -> None:
        """Keep the description of an environment's interpreter that was just made, so that it is never probed."""
        path = interpreter.executable
        self._known[path] = interpreter
        self._write_record(path, self._stamp(path, path), interpreter)

    def kept_as(self, interpreter: Interpreter) -> tuple[str, str, str, Values] | None:
        """Return where *interpreter* is remembered, of which file, on which host, and its values; None if nowhere."""
        if self.cache_directory is None:
            return None
        path = interpreter.executable
        return self._record_path(self.cache_directory, path), path, self._host, pack_interpreter(interpreter)

    def forget(self, path: str) -> None:
        """Drop what is known about *path* in this process: its environment was removed."""
        self._known.pop(path, None)

    def _stamp(self, path: str, shown: str) -> tuple[int, ...]:
        """Return what tells whether the file behind *path* is the one that was probed."""
        try:
            status = os.stat(path)
        except FileNotFoundError as error:
            if os.path.islink(path):
                root = os.path.dirname(os.path.dirname(path))
                in_environment = os.path.exists(os.path.join(root, "pyvenv.cfg"))
                raise BrokenLink(shown, os.readlink(path), in_environment=in_environment) from None
            raise InterpreterMissing(shown) from error
        except OSError as error:
            raise SpawnFailed(shown) from SystemRefusal(error)
        configuration = os.path.join(os.path.dirname(os.path.dirname(path)), "pyvenv.cfg")
        try:
            changed = os.stat(configuration).st_mtime_ns
        except OSError:
            changed = 0
        return status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino, changed

    def _record_path(self, directory: str, path: str) -> str:
        return os.path.join(directory, f"{os.path.basename(path)}-{crc32(os.fsencode(path)):08x}.record")

    def _read_record(self, path: str, stamp: tuple[int, ...]) -> Interpreter | None:
        if self.cache_directory is None:
            return None
        try:
            with open(self._record_path(self.cache_directory, path), "rb") as file:
                return read_record(file.read(), path, stamp, self._host)
        except OSError:
            return None

    def _write_record(self, path: str, stamp: tuple[int, ...], interpreter: Interpreter) -> None:
        if self.cache_directory is None:
            return
        record = write_record(path, stamp, self._host, pack_interpreter(interpreter))
        write_entry(self._record_path(self.cache_directory, path), (record,))


class _Answer(Struct):
    """What the script prints besides the description."""

    result: str
    kind: str = ""
    python_version: str = ""


def _describe_host(variables: Mapping[str, str]) -> str:
    """Return what else an answer depends on: the kernel, and variables that move an interpreter's prefix."""
    if hasattr(os, "uname"):
        system = os.uname()
        host = f"{system.sysname} {system.release} {system.version} {system.machine}"
    else:
        import platform

        host = platform.platform()
    moved = [variables.get(name, "") for name in ("PYTHONEXECUTABLE", "__PYVENV_LAUNCHER__")]
    return "\n".join([host, *moved])


def probe(path: str, variables: Mapping[str, str], shown: str | None = None) -> Interpreter:
    """Run the interpreter at *path* once and return its description; messages name *shown* if given.

    Raises:
        ProbeFailed: one of its kinds.
    """
    import subprocess

    from mauve.python.probe_script import PROBE_SCRIPT

    name = shown or path
    try:
        done = subprocess.run(
            [path, "-I", "-B", "-c", PROBE_SCRIPT],
            env=dict(variables),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
    except FileNotFoundError as error:
        raise InterpreterMissing(name) from error
    except OSError as error:
        raise SpawnFailed(name) from SystemRefusal(error)
    stdout = done.stdout.decode("utf-8", "replace")
    stderr = done.stderr.decode("utf-8", "replace")
    if done.returncode != 0:
        if "Unknown option: -I" in stderr:
            reason = "Python executable does not support `-I` flag. Please use Python 3.6 or newer."
            raise UnusableInterpreter(name) from UnusableReason(reason)
        raise BadExit(name, done.returncode, stdout, stderr)
    return _decode(name, stdout, stderr)


def _decode(path: str, stdout: str, stderr: str) -> Interpreter:
    try:
        answer = msgspec.json.decode(stdout, type=_Answer)
        if answer.result == "success":
            return msgspec.json.decode(stdout, type=Interpreter)
    except msgspec.ValidationError:
        raise BadAnswer(path, _first_missing(stdout), stdout, stderr) from None
    except msgspec.DecodeError:
        raise BadAnswer(path, _syntax_reason(stdout), stdout, stderr) from None
    raise UnusableInterpreter(path) from UnusableReason(_explain(answer))


def _explain(answer: _Answer) -> str:
    match answer.kind:
        case "libc_not_found":
            return "Could not detect either glibc version nor musl libc version, at least one of which is required"
        case "broken_mac_ver":
            return "Failed to determine the version of macOS"
        case "unsupported_python_version":
            return f"Python {answer.python_version} is not supported. Please use Python 3.6 or newer."
        case _:
            return f"The interpreter reported `{answer.kind}`"


def _syntax_reason(text: str) -> str:
    """Return where *text* stops to be JSON, in uv's words."""
    if not text.strip():
        lines = text.count("\n") + 1
        return f"EOF while parsing a value at line {lines} column 0"
    before = text[: len(text) - len(text.lstrip())]
    line = before.count("\n") + 1
    return f"expected value at line {line} column {len(before) - (before.rfind(chr(10)) + 1) + 1}"


def _first_missing(text: str) -> str:
    return f"missing field `result` at line 1 column {len(text.strip())}"


_SIGNALS = {1: "SIGHUP", 2: "SIGINT", 3: "SIGQUIT", 4: "SIGILL", 6: "SIGABRT", 7: "SIGBUS", 8: "SIGFPE", 9: "SIGKILL",
            11: "SIGSEGV", 13: "SIGPIPE", 14: "SIGALRM", 15: "SIGTERM"}  # fmt: skip


def describe_status(status: int) -> str:
    """Return *status* as Rust prints it: `exit status: 1`, or the signal for a negative one."""
    if status >= 0:
        return f"exit status: {status}"
    name = _SIGNALS.get(-status)
    return f"signal: {-status} ({name})" if name else f"signal: {-status}"


def output_sections(stdout: str, stderr: str) -> str:
    """Return the output of a process as sections below a message; nothing for blank output."""
    text = ""
    for title, output in (("stdout", stdout), ("stderr", stderr)):
        if output.strip():
            text += f"\n\n[{title}]\n{output.rstrip()}"
    return text
