"""What `pip` commands are asked for: words of the command line, and files of several kinds.

Reading finds out what each thing is and what files say; what only a build or a download can tell (the name of what is
at a location, what a source tree requires) is found out by `mauve.operations.requested_names` when it is needed.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Final

from msgspec import Struct, structs

from mauve.errors import MauveError
from mauve.operations.run_target import is_remote
from mauve.project.listed_options import NO_OPTIONS, STANDARD_INPUT, ListedOptions
from mauve.project.requested import Requested, parse_requested
from mauve.standards.names import GroupName, group_name

if TYPE_CHECKING:
    from collections.abc import Callable

    from mauve.operations.context import Services
    from mauve.project.requirements_file import RequirementsFile

PROJECT_FILES: Final = ("pyproject.toml", "setup.py", "setup.cfg")
"""Files that stand for the source tree that they are in."""


class UnreadableRequirements(MauveError):
    """A file of requirements has another form than its name says, or cannot be read; the text says why."""


class MisplacedRequirements(MauveError):
    """A file of the name is no list of constraints, overrides or exclusions."""

    def __init__(self, shown: str, kind: str) -> None:
        """Name the file, and what it should have listed."""
        super().__init__(shown, kind)
        self.shown = shown
        self.kind = kind

    def __str__(self) -> str:
        """Return the message in uv's words."""
        name = os.path.basename(self.shown)
        return (
            f"The file `{self.shown}` appears to be a `{name}` file, but {self.kind} must be specified in "
            "`requirements.txt` format"
        )


class UnreadableGroups(MauveError):
    """The file that should declare a group cannot be read; the cause says why."""

    def __init__(self, shown: str) -> None:
        """Name the file."""
        super().__init__(shown)
        self.shown = shown

    def __str__(self) -> str:
        """Return the message in uv's words."""
        return f"Failed to read dependency groups from: {self.shown}"


class NoGroups(MauveError):
    """There is no file that could declare a group."""

    def __init__(self, shown: str) -> None:
        """Name the file."""
        super().__init__(shown)
        self.shown = shown

    def __str__(self) -> str:
        """Return the message in uv's words."""
        return f"No `pyproject.toml` found at: {self.shown}"


class MissingGroup(MauveError):
    """A file does not declare the dependency group that was asked for."""

    def __init__(self, group: GroupName, path: str) -> None:
        """Name both."""
        super().__init__(group, path)
        self.group = group
        self.path = path

    def __str__(self) -> str:
        """Return the message in uv's words."""
        return f"The dependency group '{self.group}' was not found in the project: {self.path}"


class AskedGroup(Struct, frozen=True):
    """A dependency group, and the path of the file that declares it, also as messages show it."""

    path: str
    shown: str
    group: GroupName


class Asked(Struct, frozen=True, kw_only=True):
    """What is asked for.

    Attributes:
        requirements: in the order of the command line, then of the files.
        constraints: of `-c`, as an option and as lines of files.
        overrides: of `--overrides`.
        excludes: of `--excludes`.
        build_constraints: of `--build-constraints`.
        trees: source trees whose requirements are asked for, and not they themselves.
        lockfiles: files in the form of `pylock.toml`.
        groups: dependency groups.
        lockfile_groups: of a lockfile.
        options: what lists say about where packages come from.
        explicit: how many of the requirements were typed.
    """

    requirements: tuple[Requested, ...] = ()
    constraints: tuple[Requested, ...] = ()
    overrides: tuple[Requested, ...] = ()
    excludes: tuple[Requested, ...] = ()
    build_constraints: tuple[Requested, ...] = ()
    trees: tuple[str, ...] = ()
    lockfiles: tuple[str, ...] = ()
    groups: tuple[AskedGroup, ...] = ()
    lockfile_groups: tuple[str, ...] = ()
    options: ListedOptions = NO_OPTIONS
    explicit: int = 0

    @property
    def is_empty(self) -> bool:
        """Return whether nothing is asked for."""
        return not (self.requirements or self.trees or self.lockfiles or self.groups)


class SourceWords(Struct, frozen=True, kw_only=True):
    """What was typed: requirements, and paths of files.

    Attributes:
        packages: requirements.
        editable: locations of `--editable`.
        files: of `--requirements`.
    """

    packages: tuple[str, ...] = ()
    editable: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    constraints: tuple[str, ...] = ()
    overrides: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    build_constraints: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()


class UselessExtras(MauveError):
    """Extras are asked for, and nothing that could have any."""

    def __str__(self) -> str:
        """Return the message in uv's words."""
        return "Requesting extras requires a `pylock.toml`, `pyproject.toml`, `setup.cfg`, or `setup.py` file"

    def hints(self) -> tuple[str, ...]:
        """Return the way out."""
        return ("Use `package[extra]` syntax instead",)


def check_extras(words: SourceWords, *, is_asked: bool) -> None:
    """Raise `UselessExtras` if extras are asked for and no file of *words* can have any."""
    names = [os.path.basename(shown) for shown in words.files]
    if is_asked and not any(name in PROJECT_FILES or _is_lockfile(name) for name in names):
        raise UselessExtras


def read_sources(words: SourceWords, services: Services, warn: Callable[[str], None]) -> Asked:
    """Return what *words* ask for; *warn* is told of files that ask for nothing.

    Raises:
        MauveError: a word is no requirement, or a file cannot be read.
    """
    reader = _Reader(services, warn)
    for text in words.packages:
        reader.requirements.append(parse_requested(text, services.directory))
    for text in words.editable:
        reader.requirements.append(_editable(text, services.directory))
    for shown in words.files:
        reader.add_file(shown)
    _check_lockfiles(words, reader.lockfiles, services)
    return Asked(
        requirements=tuple(reader.requirements),
        constraints=(*reader.constraints, *reader.bounds(words.constraints, "constraints")),
        overrides=reader.bounds(words.overrides, "overrides"),
        excludes=reader.bounds(words.excludes, "excludes"),
        build_constraints=reader.bounds(words.build_constraints, "constraints"),
        trees=tuple(reader.trees),
        lockfiles=tuple(reader.lockfiles),
        groups=() if reader.lockfiles else tuple([_read_group(text, services) for text in words.groups]),
        lockfile_groups=words.groups if reader.lockfiles else (),
        options=reader.options,
        explicit=len(words.packages) + len(words.editable),
    )


def _check_lockfiles(words: SourceWords, lockfiles: list[str], services: Services) -> None:
    """Raise if a lockfile is not all that is asked for."""
    if not lockfiles:
        return
    if len(lockfiles) > 1:
        first, second = (services.discovery.shown(path) for path in lockfiles[:2])
        raise UnreadableRequirements(f"Multiple `pylock.toml` files specified: `{first}` vs. `{second}`")
    if words.packages or words.editable or len(words.files) > 1:
        raise UnreadableRequirements("Cannot specify additional requirements alongside a `pylock.toml` file")
    for given, kind in (
        (words.constraints, "constraints"),
        (words.overrides, "overrides"),
        (words.excludes, "excludes"),
    ):
        if given:
            raise UnreadableRequirements(f"Cannot specify {kind} with a `pylock.toml` file")


def _read_group(text: str, services: Services) -> AskedGroup:
    """Return the group of `NAME`, of the project's file, or of `PATH:NAME`, below the working directory."""
    path, separator, name = text.rpartition(":")
    if separator:
        return AskedGroup(os.path.abspath(os.path.join(services.directory, path)), path, group_name(name))
    path = os.path.join(services.project_directory, "pyproject.toml")
    return AskedGroup(path, services.discovery.shown(path), group_name(name))


def _editable(text: str, directory: str) -> Requested:
    given = text if os.sep in text or "@" in text or "[" in text else f".{os.sep}{text}"
    return structs.replace(parse_requested(given, directory), editable=True)


class _Reader:
    """Collects what files say."""

    def __init__(self, services: Services, warn: Callable[[str], None]) -> None:
        self._services = services
        self._warn = warn
        self.requirements: list[Requested] = []
        self.constraints: list[Requested] = []
        self.trees: list[str] = []
        self.lockfiles: list[str] = []
        self.options = NO_OPTIONS

    def add_file(self, shown: str) -> None:
        """Read one file of requirements, whatever it is by its name."""
        name = os.path.basename(shown)
        path = os.path.join(self._services.directory, shown)
        if name in PROJECT_FILES:
            if not os.path.isfile(path):
                raise _missing(shown)
            self.trees.append(path)
        elif _is_lockfile(name):
            if not os.path.isfile(path) and not is_remote(shown):
                raise _missing(shown)
            self.lockfiles.append(path)
        elif name.endswith(".toml"):
            raise UnreadableRequirements(
                f"`{shown}` is not a valid PEP 751 filename: expected `pylock.toml` or `pylock.<name>.toml`, where "
                "`<name>` is non-empty and contains no dots"
            )
        else:
            read = read_listed(shown, self._services, self._warn)
            if not read.requirements:
                where = f"Requirements file `{shown}` does not contain any dependencies"
                self._warn(where if shown != STANDARD_INPUT else "No dependencies found in stdin")
            self.requirements += read.requirements
            self.constraints += read.constraints
            self.options += read.options

    def bounds(self, files: tuple[str, ...], kind: str) -> tuple[Requested, ...]:
        """Return what lists of bounds say."""
        found: list[Requested] = []
        for shown in files:
            if not shown:
                continue
            if os.path.basename(shown) in PROJECT_FILES or _is_lockfile(os.path.basename(shown)):
                raise MisplacedRequirements(shown, kind)
            read = read_listed(shown, self._services, self._warn)
            found += (*read.requirements, *read.constraints)
            self.options += read.options
        return tuple(found)


def _is_lockfile(name: str) -> bool:
    parts = name.split(".")
    middle = parts[1:-1]
    return parts[0] == "pylock" and parts[-1] == "toml" and len(middle) < 2 and all(middle)


def _missing(shown: str) -> MauveError:
    from mauve.project.requirements_file import MissingRequirementsFile

    return MissingRequirementsFile(shown)


def read_listed(shown: str, services: Services, warn: Callable[[str], None]) -> RequirementsFile:
    """Return what the list of requirements, or the script, that the user calls *shown* says.

    Raises:
        MauveError: it cannot be read.
    """
    if shown.endswith(".py"):
        return _read_script(shown, services)
    from mauve.project.requirements_file import read_requirements_file

    return read_requirements_file(
        shown, services.directory, services.environment, lambda path: read_text(path, services), warn
    )


def read_text(path: str, services: Services) -> str:
    """Return the text at *path*: an address, a path below the working directory, or standard input."""
    if is_remote(path):
        from mauve.operations.remote import fetch_requirements

        return fetch_requirements(path, services)
    if path == STANDARD_INPUT:
        return sys.stdin.read()
    with open(os.path.join(services.directory, path), encoding="utf-8") as file:
        return file.read()


def _read_script(shown: str, services: Services) -> RequirementsFile:
    """Return what the inline metadata of a script requires."""
    from mauve.project.requirements_file import (
        MissingRequirementsFile,
        RequirementsFile,
        UndecodableRequirementsFile,
    )
    from mauve.project.script import parse_script
    from mauve.standards.requirements import render_requirement

    directory = services.directory
    try:
        text = read_text(shown, services)
    except OSError:
        raise MissingRequirementsFile(shown) from None
    except UnicodeDecodeError:
        raise UndecodableRequirementsFile(shown) from None
    script = parse_script(text, os.path.join(directory, shown), shown)
    declared = () if script is None else script.dependencies
    return RequirementsFile(tuple(parse_requested(render_requirement(each), directory) for each in declared))
