"""Run a command in the environment of a project."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from msgspec import Struct

from mauve.errors import MauveError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mauve.operations.overlay import Overlay
    from mauve.operations.run_target import RunTarget
    from mauve.python.environment import Environment
    from mauve.python.interpreter import Interpreter


class FailedToSpawn(MauveError):
    """The command cannot be started."""

    def __init__(self, command: str) -> None:
        """Name the command."""
        super().__init__(command)
        self.command = command

    def __str__(self) -> str:
        """Return the message in uv's words."""
        return f"Failed to spawn: {self.command}"


class Execution(Struct, frozen=True):
    """A command that is ready to replace this process.

    Attributes:
        command: the program and its arguments.
        variables: the whole environment of the command.
        leftovers: folders to remove when it has ended; without any it takes the place of this process.
    """

    command: tuple[str, ...]
    variables: dict[str, str]
    leftovers: tuple[str, ...] = ()


def plan_execution(
    target: RunTarget,
    interpreter: Interpreter,
    environment: Environment | None,
    inherited: Mapping[str, str],
    tool: str,
    overlay: Overlay | None = None,
) -> Execution:
    """Return how *target* is run: scripts of *environment* first on the search path, if there is one.

    Args:
        target: what to run.
        interpreter: that runs it without an overlay.
        environment: of the interpreter; None if it belongs to the system.
        inherited: variables.
        tool: path of this program.
        overlay: environments that go before.
    """
    variables = dict(inherited)
    scripts = interpreter.scheme.scripts if environment is None else environment.scripts
    folders = [scripts]
    if overlay is not None:
        folders = [overlay.ephemeral.scripts, overlay.additions.scripts, scripts]
        environment, interpreter = overlay.ephemeral, overlay.ephemeral.interpreter
    path = inherited.get("PATH")
    variables["PATH"] = os.pathsep.join([*folders, path] if path else folders)
    if environment is not None:
        variables["VIRTUAL_ENV"] = environment.root
    variables["UV"] = tool
    return Execution(tuple(target.command(interpreter.executable)), variables)


def execute(execution: Execution) -> int:
    """Replace this process by the command; where that is impossible, run it and return its exit code.

    Raises:
        FailedToSpawn: it cannot be started.
    """
    command = list(execution.command)
    if execution.leftovers:
        return _execute_and_remove(execution)
    try:
        if sys.platform != "win32":
            sys.stdout.flush()
            sys.stderr.flush()
            _restore_signals()
            os.execvpe(command[0], command, execution.variables)  # noqa: S606 - to become the command is the point
        import subprocess

        return subprocess.run(command, env=execution.variables, check=False).returncode
    except OSError as error:
        raise FailedToSpawn(command[0]) from error


def _restore_signals() -> None:
    """Give the command the signals that Python ignores for itself: `run cat | head` ends quietly."""
    import signal

    for name in ("SIGPIPE", "SIGXFSZ"):
        number = getattr(signal, name, None)
        if number is not None:
            signal.signal(number, signal.SIG_DFL)


def _execute_and_remove(execution: Execution) -> int:
    """Run the command, pass signals on to it, and remove what was only there for it."""
    import signal
    import subprocess
    from shutil import which

    from mauve.filesystem.removal import remove

    command = list(execution.command)
    # The search path of the command counts, not that of this process.
    program = which(command[0], path=execution.variables.get("PATH")) or command[0]
    try:
        try:
            child = subprocess.Popen([command[0], *command[1:]], executable=program, env=execution.variables)
        except OSError as error:
            raise FailedToSpawn(command[0]) from error

        def pass_on(number: int, _frame: object) -> None:
            child.send_signal(number)

        # An interrupt from the terminal reaches the child by itself.
        signal.signal(signal.SIGINT, lambda _number, _frame: None)
        signal.signal(signal.SIGTERM, pass_on)
        code = child.wait()
        return code if code >= 0 else 128 - code
    finally:
        for folder in execution.leftovers:
            remove(folder)


def available_commands(environment: Environment) -> list[str]:
    """Return the names of the executables in *environment* that a person may want to run."""
    names: list[str] = []
    for entry in sorted(os.scandir(environment.scripts), key=lambda item: item.name):
        if entry.name.startswith(("activate", "deactivate", "pydoc", ".")) or not entry.is_file():
            continue
        if os.access(entry.path, os.X_OK):
            names.append(entry.name)
    return names
