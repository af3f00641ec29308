"""Call one hook of a build backend in a process of its own.

The process runs a small script given on its command line; what to call is part of the script's text, so that
`sys.argv` looks as backends expect. The answer comes back in a file, the output is captured.

Specification: PEP 517 ("Build environment", "In-tree build backends"), PEP 660.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from mauve.build.failures import BackendError, BackendNotRunnable, HookFailed
from mauve.python.asking import SystemRefusal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from subprocess import CompletedProcess, Popen
    from typing import IO

    from mauve.build.settings import SettingValue

_HEAD = """\
import sys

if sys.path[0] == "":
    sys.path.pop(0)

sys.path = [{path}] + sys.path

{backend}

"""

_OPTIONAL = """\
import json

{hook} = getattr(backend, "{function}", None)
if {hook}:
    {value} = {hook}({arguments})
    {hook} = {{"value": {value}}}
else:
    {hook} = {{"missing": True}}

with open({answer}, "w", encoding="utf-8") as file:
    json.dump({hook}, file)
"""

_MANDATORY = """\

{value} = backend.{function}({arguments})
import json
with open({answer}, "w", encoding="utf-8") as file:
    json.dump({{"value": {value}}}, file)
"""
# Tracebacks show the lines of the calls and their numbers, which are those of uv.

SCRUBBED = ("UV_API_KEY", "UV_AUTH_TOKEN")
"""Variables that hold secrets of the tool; builds run code of others."""

_SCRUBBED_PREFIX = "PYX_"


_VALUES = {
    "get_requires_for_build": "requires",
    "prepare_metadata_for_build": "dirname",
    "build_wheel": "wheel_filename",
    "build_editable": "wheel_filename",
    "build_sdist": "sdist_filename",
}
"""What tracebacks call the values of hooks. Without the last three nothing can be built: those must be there."""


class Backend(Struct, frozen=True, kw_only=True):
    """A build backend that can be called.

    Attributes:
        executable: the interpreter of the build environment.
        source: the source tree, where hooks run.
        entry: `module` or `module:object`.
        path: directories searched first, as written.
        variables: the environment of the process.
        show_output: whether failures contain the output.
        log: receives the lines of the output as they come.
    """

    executable: str
    source: str
    entry: str
    path: tuple[str, ...]
    variables: dict[str, str]
    show_output: bool = True
    log: Callable[[str], None] | None = None


class _Answer(Struct):
    value: object = None
    missing: bool = False


MISSING = object()
"""What `call_hook` returns if the backend does not have the hook."""


def call_hook(backend: Backend, hook: str, arguments: tuple[object, ...], answer_path: str) -> object:
    """Call *hook* of *backend* and return its value, or `MISSING`. The answer is passed in the file *answer_path*.

    Raises:
        BackendError: from `HookFailed`, with the output.
        BackendNotRunnable: the interpreter did not start.
    """
    script = _script(backend, hook, arguments, answer_path)
    try:
        done = _run(backend, script)
    except OSError as error:
        raise BackendNotRunnable from SystemRefusal(error)
    if done.returncode == 0:
        try:
            with open(answer_path, "rb") as file:
                answer = msgspec.json.decode(file.read(), type=_Answer)
        except (OSError, msgspec.DecodeError):
            answer = None  # it left with status 0 before the end, as `sys.exit()` does
        else:
            os.unlink(answer_path)
        if answer is not None:
            return MISSING if answer.missing else answer.value
    raise BackendError from failure(backend, hook, done.returncode, done.stdout, done.stderr)


def _run(backend: Backend, script: str) -> CompletedProcess[bytes]:
    """Run *script* in the environment of *backend*, with its output."""
    import subprocess

    command = [backend.executable, "-c", script]
    if backend.log is None:
        return subprocess.run(
            command,
            cwd=backend.source,
            env=backend.variables,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
    with subprocess.Popen(
        command,
        cwd=backend.source,
        env=backend.variables,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        stdout, stderr = _read_lines(process, backend.log)
        return subprocess.CompletedProcess(command, process.wait(), stdout, stderr)


def _read_lines(process: Popen[bytes], log: Callable[[str], None]) -> tuple[bytes, bytes]:
    """Return all output of *process*, whose lines *log* gets, one at a time."""
    from threading import Lock, Thread

    lock = Lock()
    found: dict[int, list[bytes]] = {1: [], 2: []}

    def read(number: int, pipe: IO[bytes]) -> None:
        for line in pipe:
            found[number].append(line)
            with lock:
                log(line.decode("utf-8", "replace").rstrip("\r\n"))

    if process.stdout is None or process.stderr is None:
        raise RuntimeError("the output of the process is not read")
    beside = Thread(target=read, args=(2, process.stderr))
    beside.start()
    read(1, process.stdout)
    beside.join()
    return b"".join(found[1]), b"".join(found[2])


def _script(backend: Backend, hook: str, arguments: tuple[object, ...], answer_path: str) -> str:
    """Return the program that calls *hook* of *backend*."""
    kind = hook.removesuffix("_wheel").removesuffix("_editable").removesuffix("_sdist")
    body = _OPTIONAL if kind in _VALUES else _MANDATORY
    return _HEAD.format(path=", ".join(map(_literal, backend.path)), backend=_import(backend.entry)) + body.format(
        hook=kind,
        function=hook,
        value=_VALUES[kind if kind in _VALUES else hook],
        arguments=", ".join(map(_argument, arguments)),
        answer=_argument(answer_path),
    )


def _import(entry: str) -> str:
    """Return the statement that binds `backend` to what *entry*, `module` or `module:object`, names."""
    module, _, attributes = map(str.strip, entry.partition(":"))
    if not attributes:
        return f"import {module} as backend"
    first, dot, rest = attributes.partition(".")
    return f"from {module} import {first} as backend" + (f"; backend = backend.{rest}" if dot else "")


def _argument(value: object) -> str:
    """Return *value*, a path, settings, or None, as it is written in Python."""
    if isinstance(value, str):
        # As bytes: a path need not be text.
        return f'__import__("os").fsdecode({_quoted(repr(os.fsencode(value)))})'
    if value is None:
        return "None"
    return _literal(value)


def _literal(value: object) -> str:
    # `json` and not msgspec: words of the command line need not be text.
    from json import dumps

    return dumps(value, ensure_ascii=False, separators=(",", ":"))


def _quoted(literal: str) -> str:
    """Return the *literal* of bytes in the quotes that people prefer, where that is the same."""
    return literal if '"' in literal or "\\'" in literal else f'b"{literal[2:-1]}"'


def failure(backend: Backend, hook: str, returncode: int, stdout: bytes = b"", stderr: bytes = b"") -> HookFailed:
    """Return the error of a call of *hook* that did not do what it should."""
    return HookFailed(
        backend=backend.entry,
        hook=hook,
        returncode=returncode,
        stdout=stdout.decode("utf-8", "replace"),
        stderr=stderr.decode("utf-8", "replace"),
        show_output=backend.show_output,
    )


def hook_variables(
    inherited: Mapping[str, str],
    *,
    scripts: str,
    root: str,
    source: str,
    tool: str | None,
    extra: Mapping[str, str],
) -> dict[str, str]:
    """Return the environment of a hook.

    *scripts* and *root* are those of the build environment, *source* is the tree, *tool* is the path of this program,
    and *extra* is what the user adds; a `PATH` there goes behind the environment's executables.
    """
    variables = {
        name: value
        for name, value in inherited.items()
        if name not in SCRUBBED and not name.startswith(_SCRUBBED_PREFIX)
    }
    variables.update(extra)
    paths = [scripts, extra.get("PATH"), inherited.get("PATH")]
    variables["PATH"] = os.pathsep.join(path for path in paths if path)
    variables["VIRTUAL_ENV"] = root
    variables["PYTHONIOENCODING"] = "utf-8:backslashreplace"
    variables["UV_INTERNAL__BUILD_DIR"] = source
    if tool is not None:
        variables["UV"] = tool
    return variables


def encode_settings(settings: Mapping[str, SettingValue]) -> dict[str, object]:
    """Return *settings* as hooks get them: text, or a list of texts."""
    return {key: value if isinstance(value, str) else list(value) for key, value in settings.items()}
