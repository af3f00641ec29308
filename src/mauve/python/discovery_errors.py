"""Why no interpreter was found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mauve.errors import MauveError
from mauve.python.request import AnyRequest, DefaultRequest, DirectoryRequest, FileRequest, describe

if TYPE_CHECKING:
    from mauve.python.request import PythonRequest


class BrokenEnvironment(MauveError):
    """The nearest `.venv` is no environment."""

    def __init__(self, path: str) -> None:
        """Name the directory."""
        super().__init__(path)
        self.path = path

    def __str__(self) -> str:
        """Return the message."""
        return f"Broken virtual environment `{self.path}`: missing `pyvenv.cfg`"


class InterpreterNotFound(MauveError):
    """No interpreter fits the request, and none was broken either.

    Attributes:
        places: the sources that were searched, in the words of messages.
        hint: whether a download would help; None if nothing is known.
    """

    def __init__(self, request: PythonRequest, places: str, hint: str | None = None) -> None:
        """Store what was asked for."""
        super().__init__(request, places)
        self.request = request
        self.places = places
        self.hint = hint

    def __str__(self) -> str:
        """Return the message."""
        match self.request:
            case AnyRequest() | DefaultRequest():
                return f"No interpreter found in {self.places}"
            case FileRequest(path=path):
                return f"No interpreter found at path `{path}`"
            case DirectoryRequest(path=path):
                return f"No interpreter found in directory `{path}`"
            case request:
                return f"No interpreter found for {describe(request)} in {self.places}"

    def hints(self) -> tuple[str, ...]:
        """Return the hint about downloads."""
        return (self.hint,) if self.hint else ()
