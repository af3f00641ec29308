"""Ask an interpreter about itself by running it, and say why it did not answer.

Specification: docs/environments.md "Probe".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from mauve.errors import MauveError
from mauve.python.interpreter import Interpreter
from mauve.python.probe import InterpreterMissing, ProbeFailed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_SIGNALS = {1: "SIGHUP", 2: "SIGINT", 3: "SIGQUIT", 4: "SIGILL", 6: "SIGABRT", 7: "SIGBUS", 8: "SIGFPE", 9: "SIGKILL",
            11: "SIGSEGV", 13: "SIGPIPE", 14: "SIGALRM", 15: "SIGTERM"}  # fmt: skip


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


class _Answer(Struct):
    """What the script prints besides the description."""

    result: str
    kind: str = ""
    python_version: str = ""


def probe(
    path: str,
    variables: Mapping[str, str],
    shown: str | None = None,
    meanwhile: Callable[[], None] | None = None,
) -> Interpreter:
    """Run the interpreter at *path* once and return its description; messages name *shown* if given.

    *meanwhile* is called while it runs.

    Raises:
        ProbeFailed: one of its kinds.
    """
    from mauve.python.lean_subprocess import subprocess
    from mauve.python.probe_script import PROBE_SCRIPT

    name = shown or path
    try:
        process = subprocess.Popen(
            [path, "-I", "-B", "-c", PROBE_SCRIPT],
            env=dict(variables),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
    except FileNotFoundError as error:
        raise InterpreterMissing(name) from error
    except OSError as error:
        raise SpawnFailed(name) from SystemRefusal(error)
    with process:
        try:
            if meanwhile is not None:
                meanwhile()
            output, complaints = process.communicate()
        except BaseException:
            process.kill()
            raise
    stdout, stderr = output.decode("utf-8", "replace"), complaints.decode("utf-8", "replace")
    if process.returncode != 0:
        if "Unknown option: -I" in stderr:
            reason = "Python executable does not support `-I` flag. Please use Python 3.6 or newer."
            raise UnusableInterpreter(name) from UnusableReason(reason)
        raise BadExit(name, process.returncode, stdout, stderr)
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
