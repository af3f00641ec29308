"""What `build` builds, and where the results go: a folder, an archive, or members of a workspace.

Specification: docs/environments.md "Source builds".
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from msgspec import Struct

from mauve.compatibility import COMPATIBLE_UV, NEXT_SERIES
from mauve.enumerations import StrEnum
from mauve.errors import MauveError
from mauve.project.workspace import discover_workspace
from mauve.standards.filenames import SDIST_EXTENSIONS, sdist_extension

if TYPE_CHECKING:
    from collections.abc import Callable

    from mauve.project.workspace import Workspace, WorkspaceMember
    from mauve.standards.names import PackageName

_OUTPUT = "dist"


class BuildRoute(StrEnum):
    """What is made of a source, and of what."""

    SDIST_TO_WHEEL = "an archive of the folder, a wheel of the archive"
    SDIST = "an archive of the folder"
    WHEEL = "a wheel of the folder"
    BOTH = "an archive and a wheel of the folder"
    WHEEL_OF_SDIST = "a wheel of an archive"


class BuildSource(Struct, frozen=True, kw_only=True):
    """One source.

    Attributes:
        path: absolute.
        is_file: whether it is an archive.
        package: of a member, where all of them are built; messages name it.
        output: the folder for the results.
    """

    path: str
    is_file: bool = False
    package: PackageName | None = None
    output: str

    @property
    def shown(self) -> str:
        """Return how errors name it."""
        return self.path if self.package is None else f"{self.package} @ {self.path}"

    def route(self, *, sdist: bool, wheel: bool) -> BuildRoute:
        """Return what is made if the user asks for *sdist*, *wheel*, both or nothing.

        Raises:
            ImpossibleRoute: a source archive is not made of one.
        """
        if self.is_file:
            if sdist:
                raise ImpossibleRoute("Building an `--sdist` from a source distribution is not supported")
            if not wheel:
                raise ImpossibleRoute("Pass `--wheel` explicitly to build a wheel from a source distribution")
            return BuildRoute.WHEEL_OF_SDIST
        if sdist:
            return BuildRoute.BOTH if wheel else BuildRoute.SDIST
        return BuildRoute.WHEEL if wheel else BuildRoute.SDIST_TO_WHEEL


class ImpossibleRoute(MauveError):
    """What is asked for cannot be made of the source; the text says why."""


class MissingSource(MauveError):
    """There is nothing where the source should be."""

    def __init__(self, shown: str) -> None:
        """Name the place."""
        super().__init__(shown)
        self.shown = shown

    def __str__(self) -> str:
        """Return the message in uv's words."""
        return f"Source `{self.shown}` does not exist"


class EmptyPath(MauveError):
    """A path is empty."""

    def __str__(self) -> str:
        """Return the message in uv's words."""
        return "cannot make an empty path absolute"


class NoSourceArchive(MauveError):
    """A file is no source archive by its name."""

    def __init__(self, shown: str) -> None:
        """Name the file."""
        super().__init__(shown)
        self.shown = shown

    def __str__(self) -> str:
        """Return the message in uv's words."""
        *others, last = SDIST_EXTENSIONS
        listed = ", ".join(f"`{extension}`" for extension in others)
        return (
            f"`{self.shown}` is not a valid build source. Expected to receive a source directory, or a source "
            f"distribution ending in one of: {listed}, or `{last}`."
        )


class NoMembers(MauveError):
    """Members of a workspace are to be built, and there is no workspace, or the source is an archive."""

    def __init__(self, option: str, *, is_file: bool) -> None:
        """Name the option."""
        super().__init__(option)
        self.option = option
        self.is_file = is_file

    def __str__(self) -> str:
        """Return the message in uv's words."""
        if self.is_file:
            return f"Cannot specify `{self.option}` when building from a file"
        return f"`{self.option}` was provided, but no workspace was found"


class UnknownPackage(MauveError):
    """The workspace has no such member."""

    def __init__(self, name: PackageName) -> None:
        """Name the package."""
        super().__init__(name)
        self.name = name

    def __str__(self) -> str:
        """Return the message in uv's words."""
        return f"Package `{self.name}` not found in workspace"


class NotBuildable(MauveError):
    """A member, or every one, says nothing of how it is built."""

    def __init__(self, name: PackageName, pyproject: str, *, is_alone: bool) -> None:
        """Name the member and its file; *is_alone*: that it was asked for and not all of them."""
        super().__init__(name, pyproject)
        self.name = name
        self.pyproject = pyproject
        self.is_alone = is_alone

    def __str__(self) -> str:
        """Return the message in uv's words, with the table to add."""
        table = (
            f'```toml\n[build-system]\nrequires = ["uv_build>={COMPATIBLE_UV},<{NEXT_SERIES}.0"]\n'
            'build-backend = "uv_build"\n```'
        )
        if self.is_alone:
            return (
                f"Package `{self.name}` is missing a `build-system`. For example, to build with `uv_build`, add the "
                f"following to `{self.pyproject}`:\n{table}"
            )
        return (
            "Workspace does not contain any buildable packages. For example, to build "
            f"`{self.name}` with `uv_build`, add a `build-system` to `{self.pyproject}`:\n{table}"
        )


class SourceWish(Struct, frozen=True, kw_only=True):
    """What the user wants built.

    Attributes:
        given: the path that was typed, if any.
        package: one member.
        all_packages: all members.
        output: the folder that was typed, if any.
    """

    given: str | None = None
    package: PackageName | None = None
    all_packages: bool = False
    output: str | None = None


class FoundSources(Struct, frozen=True):
    """What is to be built.

    Attributes:
        sources: in the order of messages.
        workspace: around the place that was named; None if there is none, or it cannot be read.
        folder: that place, or the folder of the archive.
        failure: why the workspace cannot be read.
    """

    sources: tuple[BuildSource, ...]
    workspace: Workspace | None
    folder: str
    failure: MauveError | None = None


def find_sources(wish: SourceWish, start: str, directory: str, show: Callable[[str], str]) -> FoundSources:
    """Return what *wish* asks for; without a path that is *start*. Relative paths are below *directory*.

    Raises:
        MauveError: there is nothing that could be built.
    """
    if wish.given == "" or wish.output == "":
        raise EmptyPath
    path = start if wish.given is None else os.path.normpath(os.path.join(directory, wish.given))
    if not os.path.exists(path):
        raise MissingSource(show(path))
    is_file = os.path.isfile(path)
    folder = os.path.dirname(path) if is_file else path
    failure: MauveError | None = None
    workspace: Workspace | None = None
    try:
        workspace = discover_workspace(folder)
    except MauveError as error:
        failure = error
    output = None if wish.output is None else _absolute(directory, wish.output)
    output = output or (folder if is_file or workspace is None else workspace.root)
    if wish.output is None and not is_file:
        output = os.path.join(output, _OUTPUT)
    if wish.package is None and not wish.all_packages:
        source = BuildSource(path=path, is_file=is_file, output=output)
        return FoundSources((source,), workspace, folder, failure)
    if is_file or workspace is None:
        raise NoMembers("--all-packages" if wish.all_packages else "--package", is_file=is_file) from (
            None if is_file else failure
        )
    members = _members(workspace, wish, show)
    sources = [
        BuildSource(path=member.root, package=member.project.name if wish.all_packages else None, output=output)
        for member in members
    ]
    return FoundSources(tuple(sources), workspace, folder)


def _absolute(directory: str, path: str) -> str:
    """Return *path*, relative to *directory*, without idle parts; `..` stays, as messages show it."""
    joined = os.path.join(directory, path)
    if os.sep != "/":
        return os.path.normpath(joined)
    return "/" + "/".join([part for part in joined.split("/") if part not in ("", ".")])


def _members(workspace: Workspace, wish: SourceWish, show: Callable[[str], str]) -> tuple[WorkspaceMember, ...]:
    chosen = list(workspace.members.values())
    if wish.package is not None:
        member = workspace.members.get(wish.package)
        if member is None:
            raise UnknownPackage(wish.package)
        chosen = [member]
    buildable = tuple([member for member in chosen if member.pyproject.is_package(needs_build_system=True)])
    if chosen and not buildable:
        first = chosen[0]
        raise NotBuildable(first.project.name, show(first.pyproject.path), is_alone=wish.package is not None)
    return buildable


def check_archive(source: BuildSource, show: Callable[[str], str]) -> None:
    """Refuse a file that is no source archive by its name.

    Raises:
        NoSourceArchive: it is none.
    """
    if source.is_file and sdist_extension(source.path) is None:
        raise NoSourceArchive(show(source.path))
