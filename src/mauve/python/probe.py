"""Describe the interpreter at a path: from the cache while its file is unchanged, else by asking it once.

One record per path. It is valid while the file behind the path (links followed) has the same inode, size and times,
the environment's pyvenv.cfg is the same, and the kernel did not change, whose version is a marker.

Specification: docs/environments.md "Probe".
"""

from __future__ import annotations

import os
from binascii import crc32
from typing import TYPE_CHECKING

from mauve.cache.entries import write_entry
from mauve.errors import MauveError
from mauve.python.interpreter import Interpreter
from mauve.python.records import pack_interpreter, read_record, write_record

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

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


class InterpreterReader:
    """Describes interpreters; made once per process.

    Attributes:
        cache_directory: where records are kept; None to probe always.
        meanwhile: called once, while an interpreter is run.
        variables: the environment that probed interpreters inherit.
    """

    __slots__ = ("_host", "_known", "cache_directory", "meanwhile", "variables")

    def __init__(self, cache_directory: str | None, variables: Mapping[str, str]) -> None:
        """Use the folder *cache_directory*, which need not exist."""
        self.cache_directory = cache_directory
        self.variables = variables
        self.meanwhile: Callable[[], None] | None = None
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
            from mauve.python.asking import probe

            found = probe(path, self.variables, shown, self.meanwhile)
            self.meanwhile = None
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
            from mauve.python.asking import SpawnFailed, SystemRefusal

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
