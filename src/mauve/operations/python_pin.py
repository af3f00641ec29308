"""Write the version file of a folder or of the user, tell what it says, or remove it."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

from msgspec import Struct

from mauve.errors import MauveError
from mauve.operations.version_files import tell_ignored
from mauve.project.python_bounds import intersect_bounds, python_bounds, tilde_warnings
from mauve.project.workspace import discover_workspace
from mauve.python.discovery import EnvironmentPreference, find_interpreter
from mauve.python.discovery_errors import InterpreterNotFound
from mauve.python.pins import (
    FILE,
    check_pin,
    find_global_version_file,
    find_version_file,
    pinned_version,
    write_version_file,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mauve.operations.context import Services
    from mauve.project.workspace import Workspace
    from mauve.python.interpreter import Interpreter
    from mauve.python.pins import VersionFile
    from mauve.python.request import PythonRequest
    from mauve.standards.versions import Version


class MissingPin(MauveError):
    """There is no version file to read or to remove."""

    def __init__(self, remark: str = "", *, is_global: bool = False) -> None:
        """Say whether the user's file is meant, and what to do."""
        super().__init__(remark, is_global)
        self.remark = remark
        self.is_global = is_global

    def __str__(self) -> str:
        """Return the message in uv's words."""
        return "No global Python pin found" if self.is_global else f"No Python version file found{self.remark}"


class NoUserFolder(MauveError):
    """Nothing says where the configuration of the user is."""

    def __str__(self) -> str:
        """Return the message in uv's words."""
        return "Failed to determine directory for global Python pin"


class IncompatiblePin(MauveError):
    """A version is outside of the project's `requires-python`.

    Attributes:
        resolved: the version that the request led to; None if it names one itself.
        is_present: it is pinned already.
        kind: `project` or `workspace`.
    """

    def __init__(
        self, request: PythonRequest, resolved: Version | None, required: str, *, is_present: bool, kind: str
    ) -> None:
        """Store what the message says."""
        super().__init__(request, resolved, required)
        self.request = request
        self.resolved = resolved
        self.required = required
        self.is_present = is_present
        self.kind = kind

    def __str__(self) -> str:
        """Return the message in uv's words, blanks included."""
        given = "pinned" if self.is_present else "requested"
        resolved = "" if self.resolved is None else f" resolves to `{self.resolved}` which "
        return (
            f"The {given} Python version `{self.request}`{resolved} is incompatible with the {self.kind} "
            f"`requires-python` value of `{self.required}`."
        )


class UnresolvedPin(MauveError):
    """No interpreter is what a version file asks for; the cause says why."""

    def __init__(self, request: PythonRequest) -> None:
        """Name the pin."""
        super().__init__(request)
        self.request = request

    def __str__(self) -> str:
        """Return the message in uv's words."""
        return f"Failed to resolve pinned Python version `{self.request}`"


class Pinned(Struct, frozen=True):
    """What was written.

    Attributes:
        path: of the file, absolute.
        former: what the file asked for before; None if it is new, or said the same.
    """

    path: str
    request: PythonRequest
    former: PythonRequest | None = None


class Pins:
    """The version file for one folder, and the project that it must suit."""

    def __init__(
        self,
        directory: str,
        services: Services,
        warn: Callable[[str], None],
        tell: Callable[[MauveError], None],
        *,
        is_global: bool,
        no_project: bool,
    ) -> None:
        """Look for both from *directory* upwards; with *is_global* only for the user's file.

        What cannot be read of a project is passed over. *warn* is told what is odd about either, *tell* about misfits.
        """
        self._directory = directory
        self._services = services
        self._warn = warn
        self._tell = tell
        self._is_global = is_global
        self._workspace: Workspace | None = None
        if not no_project:
            with suppress(MauveError):
                self._workspace = discover_workspace(directory)
        user_directory = services.user_directory
        parse = services.discovery.parse_request
        self._file: VersionFile | None = (
            find_global_version_file(user_directory, parse)
            if is_global
            else find_version_file(directory, user_directory=user_directory, parse=parse)
        )
        if self._file is not None:
            tell_ignored(self._file, warn)

    def remove(self) -> str:
        """Remove the file and return its path.

        Raises:
            MissingPin: there is none.
        """
        if self._file is None:
            raise MissingPin(is_global=self._is_global)
        if self._file.is_global and not self._is_global:
            raise MissingPin("; use `--rm --global` to remove the global pin")
        os.unlink(self._file.path)
        return self._file.path

    def read(self) -> Iterator[PythonRequest]:
        """Yield what the file asks for; after each it is told whether that does not suit the project.

        Raises:
            MissingPin: there is none.
        """
        if self._file is None:
            raise MissingPin("; specify a version to create one")
        for request in self._file.requests:
            yield request
            if self._workspace is not None:
                try:
                    self._check_present(request)
                except MauveError as error:
                    self._tell(error)

    def write(self, request: PythonRequest, *, resolves: bool) -> Pinned:
        """Pin *request*, or with *resolves* the interpreter that it leads to.

        Raises:
            UnsupportedPin: it is the name of an executable.
            IncompatiblePin: it does not suit the project.
            MauveError: no interpreter is found, and one must be.
        """
        check_pin(request)
        interpreter = self._find(request, must_be=resolves)
        if pinned_version(request) is not None:
            self._check(request, None)
        elif interpreter is not None:
            try:
                self._check(request, interpreter.version)
            except IncompatiblePin as error:
                if resolves:
                    raise
                self._tell(error)
        discovery = self._services.discovery
        if resolves and interpreter is not None:
            request = discovery.parse_request(discovery.shown(interpreter.executable))
        path = self._target()
        write_version_file(path, request)
        former = None if self._file is None or self._file.path != path else self._file.request
        return Pinned(path, request, None if former == request else former)

    def _target(self) -> str:
        folder = self._services.user_directory if self._is_global else self._directory
        if folder is None:
            raise NoUserFolder
        return os.path.join(folder, FILE)

    def _find(self, request: PythonRequest, *, must_be: bool) -> Interpreter | None:
        """Return the interpreter of *request*; unless there *must_be* one, that there is none is only told."""
        try:
            return find_interpreter(self._services.discovery, request, EnvironmentPreference.ONLY_SYSTEM)
        except MauveError as error:
            if must_be:
                raise
            if isinstance(error, InterpreterNotFound):
                self._tell(error)
            return None

    def _check_present(self, request: PythonRequest) -> None:
        """Raise if *request*, which is pinned, or the interpreter that it leads to does not suit the project."""
        if pinned_version(request) is not None:
            self._check(request, None, is_present=True)
        try:
            found = find_interpreter(self._services.discovery, request, EnvironmentPreference.ONLY_SYSTEM)
        except MauveError as error:
            raise UnresolvedPin(request) from error
        self._check(request, found.version, is_present=True)

    def _check(self, request: PythonRequest, resolved: Version | None, *, is_present: bool = False) -> None:
        """Raise `IncompatiblePin` if *resolved*, or the version that *request* names, does not suit the project."""
        workspace = self._workspace
        if workspace is None:
            return
        bounds = python_bounds(workspace)
        for warning in tilde_warnings(bounds):
            self._warn(warning)
        required = intersect_bounds(bounds)
        version = resolved or pinned_version(request)
        if required is None or version is None or required.contains(version):
            return
        kind = "workspace" if workspace.is_virtual else "project"
        raise IncompatiblePin(request, resolved, str(required), is_present=is_present, kind=kind)
