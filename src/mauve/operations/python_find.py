"""The interpreter for a place: as the user, a version file or the project there asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from mauve.errors import MauveError
from mauve.operations.version_files import wanted_python
from mauve.project.python_bounds import python_bounds
from mauve.project.workspace import MissingPyProject, UnmanagedProject, discover_workspace
from mauve.python.environment import IncompatiblePython, check_requires_python
from mauve.python.request import DefaultRequest

if TYPE_CHECKING:
    from collections.abc import Callable

    from mauve.operations.context import Services
    from mauve.project.workspace import Workspace
    from mauve.python.discovery import EnvironmentPreference
    from mauve.python.interpreter import Interpreter
    from mauve.python.request import PythonRequest


class FoundPython(Struct, frozen=True):
    """The interpreter for a place, and why it is that.

    Attributes:
        workspace: None without a project.
        request: which Python was asked for; None if nobody cares.
        mismatch: why it is not fit for the project, None if it is.
    """

    interpreter: Interpreter
    workspace: Workspace | None
    request: PythonRequest | None
    mismatch: str | None = None


def find_python(
    requested: str | None,
    directory: str,
    services: Services,
    environments: EnvironmentPreference,
    warn: Callable[[str], None],
    tell_broken: Callable[[MauveError], None],
    *,
    no_project: bool = False,
    no_config: bool = False,
) -> FoundPython:
    """Return the interpreter that is asked for, by the user, a version file, or the project around *directory*.

    Args:
        requested: by the user.
        directory: where the search for a project and a version file starts.
        services: of the run.
        environments: whether the interpreters of environments count.
        warn: told about lines of version files that are passed over.
        tell_broken: told why the project cannot be used, which is no reason to stop.
        no_project: no project has a say.
        no_config: no version file has a say.

    Raises:
        MauveError: there is none.
    """
    workspace = None
    if not no_project:
        try:
            workspace = discover_workspace(directory)
        except (MissingPyProject, UnmanagedProject):
            workspace = None
        except MauveError as error:
            tell_broken(error)
    if workspace is None:
        request = wanted_python(requested, directory, services, warn, no_config=no_config)
        found = services.discovery.find(request or DefaultRequest(), environments).interpreter
        return FoundPython(found, None, request)
    from mauve.operations.pythons import project_python

    wish = project_python(workspace, python_bounds(workspace), requested, services, warn, no_config=no_config)
    found = services.discovery.find(wish.request or DefaultRequest(), environments).interpreter
    try:
        check_requires_python(found, wish)
    except IncompatiblePython as error:
        return FoundPython(found, workspace, wish.request, str(error))
    return FoundPython(found, workspace, wish.request)
