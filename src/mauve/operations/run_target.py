"""What `run` is asked to run: a script, a module, a folder, standard input, or a command."""

from __future__ import annotations

import os
import sys

from msgspec import Struct

from mauve.enumerations import Enum


class TargetKind(Enum):
    """How the words behind `run` become a command."""

    COMMAND = "command"
    SCRIPT = "script"
    GUI_SCRIPT = "gui-script"
    MODULE = "module"
    STDIN = "stdin"
    NOTHING = "nothing"


class RunTarget(Struct, frozen=True):
    """What to run, and with which arguments.

    Attributes:
        words: for a command the program and its arguments, otherwise the script, folder or module and its arguments.
        text: what standard input held, where that is to be run.
        address: where a script was fetched from, empty for one that was there.
    """

    kind: TargetKind
    words: tuple[str, ...] = ()
    text: str = ""
    address: str = ""

    @property
    def script(self) -> str | None:
        """Return the path of a script that may hold inline metadata."""
        return self.words[0] if self.kind in (TargetKind.SCRIPT, TargetKind.GUI_SCRIPT) else None

    def command(self, interpreter: str) -> list[str]:
        """Return the words to execute with the environment's *interpreter*."""
        match self.kind:
            case TargetKind.SCRIPT:
                return [interpreter, *self.words]
            case TargetKind.GUI_SCRIPT:
                folder, name = os.path.split(interpreter)
                windowed = os.path.join(folder, name.replace("python", "pythonw", 1))
                return [windowed if os.name == "nt" else interpreter, *self.words]
            case TargetKind.MODULE:
                return [interpreter, "-m", *self.words]
            case TargetKind.STDIN:
                return [interpreter, "-c", self.text, *self.words]
            case TargetKind.COMMAND if self.words[0].lower() == "python":
                # By its path: what it says of itself begins with the name that it was called by.
                return [interpreter, *self.words[1:]]
            case TargetKind.COMMAND | TargetKind.NOTHING:
                return list(self.words)


def is_remote(text: str) -> bool:
    """Return whether *text* is an address rather than a path."""
    return text.lower().startswith(("http://", "https://"))


def read_target(words: tuple[str, ...], *, module: bool, script: bool, gui_script: bool) -> RunTarget:
    """Return what *words* ask for; looks only whether the first one names a file or a folder with `__main__.py`."""
    if not words:
        return RunTarget(TargetKind.NOTHING)
    first = words[0]
    if first == "-":
        return RunTarget(TargetKind.STDIN, words[1:], sys.stdin.read())
    if module:
        return RunTarget(TargetKind.MODULE, words)
    if script:
        return RunTarget(TargetKind.SCRIPT, words)
    if gui_script:
        return RunTarget(TargetKind.GUI_SCRIPT, words)
    if first.lower() == "python" and len(words) == 1:
        return RunTarget(TargetKind.COMMAND, words)
    ending = os.path.splitext(first)[1].lower()
    if ending in (".py", ".pyc") and os.path.isfile(first):
        return RunTarget(TargetKind.SCRIPT, words)
    if ending == ".pyw" and os.path.isfile(first):
        return RunTarget(TargetKind.GUI_SCRIPT if sys.platform == "win32" else TargetKind.SCRIPT, words)
    if os.path.isfile(os.path.join(first, "__main__.py")) or _is_application_archive(first):
        return RunTarget(TargetKind.SCRIPT, words)
    return RunTarget(TargetKind.COMMAND, words)


def folder_of_script(words: tuple[str, ...], *, script: bool, gui_script: bool) -> str | None:
    """Return the absolute folder of the script that *words* ask for, or of its `__main__.py`; None if it is none."""
    if not words or words[0] == "-":
        return None
    path = read_target(words, module=False, script=script, gui_script=gui_script).script
    if path is None or not os.path.exists(path):
        return None
    path = os.path.abspath(path)
    return path if os.path.isdir(path) else os.path.dirname(path)


def _is_application_archive(path: str) -> bool:
    """Return whether *path* is a zip file that holds a `__main__.py`."""
    if not os.path.isfile(path):
        return False
    with open(path, "rb") as file:
        if file.read(2) not in (b"PK", b"#!"):
            return False
    import zipfile

    if not zipfile.is_zipfile(path):
        return False
    with zipfile.ZipFile(path) as archive:
        return "__main__.py" in archive.namelist()
