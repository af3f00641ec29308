"""What is wrong with a `pylock.toml`, or with installing from it."""

from __future__ import annotations

from mauve.errors import MauveError
from mauve.standards.names import PackageName


class InvalidPylock(MauveError):
    """The file is of another form; the cause says where."""

    def __init__(self, shown: str) -> None:
        """Name the file."""
        super().__init__(shown)
        self.shown = shown

    def __str__(self) -> str:
        """Return the message in uv's words."""
        return f"Not a valid `pylock.toml` file: {self.shown}"


class UnsuitablePylock(MauveError):
    """The file is for other Pythons."""

    def __init__(self, version: str, requires_python: str) -> None:
        """Name what there is, and what is required."""
        super().__init__(version, requires_python)
        self.version = version
        self.requires_python = requires_python

    def __str__(self) -> str:
        """Return the message in uv's words."""
        return (
            f"The requested interpreter resolved to Python {self.version}, which is incompatible with the "
            f"`pylock.toml`'s Python requirement: `{self.requires_python}`"
        )


class UnsuitablePackage(MauveError):
    """A package of the file is for other Pythons."""

    def __init__(self, name: PackageName, requires_python: str, version: str) -> None:
        """Name the package, what it requires, and what there is."""
        super().__init__(name, requires_python, version)
        self.name = name
        self.requires_python = requires_python
        self.version = version

    def __str__(self) -> str:
        """Return the message in uv's words."""
        return (
            f"Package `{self.name}` requires Python {self.requires_python}, but the target Python version is "
            f"{self.version}"
        )


class UnfitPackage(MauveError):
    """A package has no file for the environment."""

    def __init__(self, name: PackageName, reason: str, advice: tuple[str, ...]) -> None:
        """Name the package, the reason, and what may be done."""
        super().__init__(name, reason, advice)
        self.name = name
        self.reason = reason
        self.advice = advice

    def __str__(self) -> str:
        """Return the message in uv's words."""
        return f"Package `{self.name}` can't be installed because {self.reason}"

    def hints(self) -> tuple[str, ...]:
        """Return what may be done."""
        return self.advice


class AmbiguousPackage(MauveError):
    """A package comes from two kinds of places."""

    def __init__(self, name: PackageName, first: str, first_words: str, second: str, second_words: str) -> None:
        """Name the package, and the keys with what they stand for."""
        super().__init__(name, first, second)
        self.name = name
        self.first = first
        self.first_words = first_words
        self.second = second
        self.second_words = second_words

    def __str__(self) -> str:
        """Return the message in uv's words."""
        return (
            f"Package `{self.name}` includes both {self.first_words} (`{self.first}`) and {self.second_words} source "
            f"(`{self.second}`)"
        )


class EmptyPackage(MauveError):
    """A package comes from nowhere."""

    def __init__(self, name: PackageName) -> None:
        """Name the package."""
        super().__init__(name)
        self.name = name

    def __str__(self) -> str:
        """Return the message in uv's words."""
        return f"Package `{self.name}` must include one of: `wheels`, `directory`, `archive`, `sdist`, or `vcs`"


class InvalidArtifact(MauveError):
    """A file is at a URL that leads to none."""

    def __init__(self, url: str) -> None:
        """Show the URL."""
        super().__init__(url)
        self.url = url

    def __str__(self) -> str:
        """Return the message in uv's words."""
        return f"Invalid artifact URL: {self.url}"
