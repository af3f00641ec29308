"""Files that a user may have written, read as text."""

from __future__ import annotations

from mauve.errors import MauveError


class UnreadableFile(MauveError):
    """A file is there and cannot be read as text."""

    def __init__(self, shown: str, reason: str) -> None:
        """Name the file as messages show it, and say why in the words of the system."""
        super().__init__(shown, reason)
        self.shown = shown
        self.reason = reason

    @classmethod
    def because_of(cls, error: OSError, shown: str) -> UnreadableFile:
        """Return the error for the file called *shown* that the system refused with *error*."""
        return cls(shown, f"{error.strerror} (os error {error.errno})")

    def __str__(self) -> str:
        """Return the message in uv's words."""
        return f"failed to read from file `{self.shown}`: {self.reason}"


def read_text(path: str, shown: str | None = None, *, has_mark: bool = False) -> str:
    """Return the text of the file at *path* with the line ends it has; *shown* is how messages call it.

    A byte order mark is left out if the file *has_mark* or may have one.

    Raises:
        FileNotFoundError: there is none.
        UnreadableFile: it is not UTF-8, or may not be read.
    """
    try:
        with open(path, "rb", buffering=0) as file:
            text = file.read().decode()
    except FileNotFoundError:
        raise
    except UnicodeDecodeError:
        raise UnreadableFile(shown or path, "stream did not contain valid UTF-8") from None
    except OSError as error:
        raise UnreadableFile.because_of(error, shown or path) from None
    return text.removeprefix("\ufeff") if has_mark else text
