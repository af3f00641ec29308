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
from mauve.python.probe import SystemRefusal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mauve.build.settings import SettingValue

_SCRIPT = """\
import json, sys
task = json.loads({task!r})
if sys.path and sys.path[0] == "":
    sys.path.pop(0)
sys.path[:0] = task["backend_path"]
import {module} as backend
for name in task["attributes"]:
    backend = getattr(backend, name)
hook = getattr(backend, task["hook"], None)
if hook is None and task["is_optional"]:
    answer = {{"missing": True}}
else:
    answer = {{"value": getattr(backend, task["hook"])(*task["arguments"])}}
with open(task["answer"], "w", encoding="utf-8") as file:
    json.dump(answer, file)
"""

SCRUBBED = ("UV_API_KEY", "UV_AUTH_TOKEN")
"""Variables that hold secrets of the tool; builds run code of others."""

_SCRUBBED_PREFIX = "PYX_"


_MANDATORY = frozenset({"build_wheel", "build_sdist", "build_editable"})
"""Without these nothing can be built: calling them must show the error."""


class Backend(Struct, frozen=True, kw_only=True):
    """A build backend that can be called.

    Attributes:
        executable: the interpreter of the build environment.
        source: the source tree, where hooks run.
        entry: `module` or `module:object`.
        path: directories searched first, as written.
        variables: the environment of the process.
        show_output: whether failures contain the output.
    """

    executable: str
    source: str
    entry: str
    path: tuple[str, ...]
    variables: dict[str, str]
    show_output: bool = True


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
    import json
    import subprocess

    module, _, attributes = backend.entry.partition(":")
    task = {
        "attributes": [name for name in attributes.strip().split(".") if name],
        "backend_path": list(backend.path),
        "hook": hook,
        "is_optional": hook not in _MANDATORY,
        "arguments": arguments,
        "answer": answer_path,
    }
    # `json` and not msgspec: paths that are no UTF-8 hold surrogates.
    script = _SCRIPT.format(task=json.dumps(task), module=module.strip())
    try:
        done = subprocess.run(
            [backend.executable, "-c", script],
            cwd=backend.source,
            env=backend.variables,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
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
