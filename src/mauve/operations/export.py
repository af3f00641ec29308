"""Write a lock in the format of another tool."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

from msgspec import Struct, structs

from mauve.distributions.index import IndexLocations
from mauve.enumerations import Enum
from mauve.errors import MauveError
from mauve.lock.export.packages import check_conflicts, exported_packages
from mauve.lock.lookup import locked_members
from mauve.lock.selection import GroupsSelection, check_names, check_script_names
from mauve.operations.project import select_projects
from mauve.project.workspace import FILE_NAME

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mauve.config.settings.resolution import ResolutionSettings
    from mauve.distributions.index import Index
    from mauve.lock.export.packages import EditableChoice, ExportedPackage
    from mauve.lock.lookup import LockLookup
    from mauve.lock.selection import Selection
    from mauve.operations.context import Services
    from mauve.operations.export_batch import BatchEntry
    from mauve.project.workspace import Workspace
    from mauve.standards.names import PackageName


class ExportFormat(Enum):
    """What is written; the value is the name of the option's value."""

    REQUIREMENTS_TXT = "requirements.txt"
    PYLOCK_TOML = "pylock.toml"
    CYCLONEDX = "cyclonedx1.5"


class ExportRequest(Struct, frozen=True, kw_only=True):
    """What of a lock is exported, and how.

    Attributes:
        output_file: as it was typed; None for standard output.
        header: comment lines above everything, if any.
        everything: the whole workspace was asked for.
        root: the folder of the lock.
        directory: the working directory.
        is_script: the lock is that of a script.
        indexes: of the run; `index_urls` and `find_links` say which of them are written down.
        default_index: that packages need not name.
    """

    selection: Selection
    format: ExportFormat | None = None
    output_file: str | None = None
    prune: frozenset[PackageName] = frozenset()
    header: tuple[str, ...] = ()
    hashes: bool = True
    annotations: bool = True
    everything: bool = False
    root: str = ""
    directory: str = ""
    is_script: bool = False
    indexes: IndexLocations = IndexLocations()
    index_urls: bool = False
    find_links: bool = False
    default_index: str = ""


NO_GROUPS = GroupsSelection(defaults=False)
"""A lock for several exports is made for none of their groups."""


class Export(Struct, frozen=True):
    """The text, where it goes, and what the user should know about it.

    Attributes:
        path: of the file, as it was typed; None for standard output.
        has_comments: lines that begin with a `#`, perhaps after blanks, are comments.
        is_repeatable: the same lock would give the same text.
    """

    text: str
    path: str | None = None
    warnings: tuple[str, ...] = ()
    has_comments: bool = True
    is_repeatable: bool = True

    def coloured(self, comment: Callable[[str], str]) -> str:
        """Return the text with its comments as *comment* shows them."""
        if not self.has_comments:
            return self.text
        lines = self.text.splitlines(keepends=True)
        return "".join([f"{comment(line.rstrip())}\n" if line.lstrip().startswith("#") else line for line in lines])


class ProjectFileAsOutput(MauveError):
    """The output file is `pyproject.toml`."""

    def __str__(self) -> str:
        """Return the message in uv's words."""
        formats = ", ".join(each.value for each in ExportFormat)
        return f"`pyproject.toml` is not a supported output format for `uv export` (supported formats: {formats})"


class UnknownPackage(MauveError):
    """A project was named that is not in the workspace."""

    def __init__(self, name: PackageName, where: str = "workspace") -> None:
        """Name it, and *where* it was looked for."""
        super().__init__(name, where)
        self.name = name
        self.where = where

    def __str__(self) -> str:
        """Return the message in uv's words."""
        return f"Package `{self.name}` not found in {self.where}"


class NothingToEmit(MauveError):
    """There is no project that could name indexes."""

    def __str__(self) -> str:
        """Return the message in uv's words."""
        return "`--emit-index-url` and `--emit-find-links` are not supported without a `pyproject.toml`"


class InvalidPylockName(MauveError):
    """Other tools would not find a file of this name."""

    def __init__(self, name: str) -> None:
        """Name the file."""
        super().__init__(name)
        self.name = name

    def __str__(self) -> str:
        """Return the message in uv's words."""
        return (
            "Expected the output filename to be `pylock.toml` or `pylock.<name>.toml`, where `<name>` is non-empty and "
            f"contains no dots; found `{self.name}`"
        )


def is_pylock_name(name: str) -> bool:
    """Return whether PEP 751 allows *name* for a file."""
    if name == "pylock.toml":
        return True
    middle = name.removeprefix("pylock.").removesuffix(".toml")
    return name == f"pylock.{middle}.toml" and bool(middle) and "." not in middle


def export_format(chosen: ExportFormat | None, output_file: str | None) -> ExportFormat:
    """Return the format: as *chosen*, else as the name of the file suggests.

    Raises:
        ProjectFileAsOutput, InvalidPylockName: the file must not have this name.
    """
    name = "" if output_file is None else os.path.basename(output_file)
    if name.lower() == "pyproject.toml":
        raise ProjectFileAsOutput
    if chosen is not None:
        return chosen
    return ExportFormat.PYLOCK_TOML if is_pylock_name(name) else ExportFormat.REQUIREMENTS_TXT


def export_lock(lookup: LockLookup, requests: Sequence[ExportRequest], *, is_batch: bool = False) -> list[Export]:
    """Return the lock as other tools read it, once for each of the *requests*.

    Raises:
        MissingRoot, MissingExtra, MissingGroup: a name is not in the lock.
        ConflictingSelection: what is selected excludes each other.
        BatchExportFailed: from one of these, if it is one of several exports.
        MauveError: the output file has a name that it must not have.
    """
    if not is_batch:
        return [_export(lookup, request) for request in requests]
    from mauve.operations.export_batch import BatchExportFailed

    exports: list[Export] = []
    for request in requests:
        try:
            exports.append(_export(lookup, request))
        except MauveError as error:
            raise BatchExportFailed(request.output_file or "") from error
    return exports


def _export(lookup: LockLookup, request: ExportRequest) -> Export:
    selection = request.selection
    if request.is_script:
        check_script_names(selection)
    else:
        check_names(lookup, selection)
    chosen = export_format(request.format, request.output_file)
    if chosen is not ExportFormat.CYCLONEDX:
        check_conflicts(lookup, selection, request.prune)
    if chosen is ExportFormat.PYLOCK_TOML and request.output_file is not None:
        name = os.path.basename(request.output_file)
        if not is_pylock_name(name):
            raise InvalidPylockName(name)
    packages = exported_packages(lookup, selection, request.prune)
    header = "".join([f"{line}\n" for line in request.header])
    editable = editable_choice(selection)
    match chosen:
        case ExportFormat.REQUIREMENTS_TXT:
            from mauve.lock.export.requirements_txt import render_requirements

            preamble, warnings = _preamble(request)
            body = render_requirements(
                packages, editable=editable, hashes=request.hashes, annotations=request.annotations
            )
            return Export(f"{header}{preamble}{body}", request.output_file, warnings)
        case ExportFormat.PYLOCK_TOML:
            from mauve.lock.export.pylock import render_pylock

            body = render_pylock(packages, lookup.lock, request.root, _base(request), editable=editable)
            return Export(f"{header}{body}", request.output_file)
        case ExportFormat.CYCLONEDX:
            return Export(
                _bill(packages, lookup, request), request.output_file, has_comments=False, is_repeatable=False
            )


def located(request: ExportRequest, root: str, settings: ResolutionSettings, services: Services) -> ExportRequest:
    """Return *request* for a lock in the folder *root*."""
    default_index = services.default_index_url()
    return structs.replace(request, root=root, indexes=settings.indexes, default_index=default_index)


def check_packages(workspace: Workspace, names: Sequence[PackageName], *, frozen: bool) -> None:
    """Raise if one of *names* is not in the workspace; a frozen lock knows itself what several of them are.

    Raises:
        UnknownMember, UnknownPackage: it is not there.
    """
    if not has_project(workspace):
        return
    if len(names) == 1:
        workspace.member(names[0])
    for name in () if frozen else names:
        if name not in workspace.members:
            raise UnknownPackage(name)


def has_project(workspace: Workspace) -> bool:
    """Return whether there is more than a lockfile."""
    return bool(workspace.members) or os.path.isfile(os.path.join(workspace.root, FILE_NAME))


def project_requests(
    workspace: Workspace, lookup: LockLookup, request: ExportRequest, batch: Sequence[BatchEntry] | None
) -> tuple[ExportRequest, ...]:
    """Return *request*, or one for each entry of a *batch*, with the projects that are meant.

    Raises:
        UnknownPackage: an entry names a project that is not in the workspace.
    """
    known = frozenset(workspace.members).union(locked_members(lookup.lock))
    if not has_project(workspace):
        for name in request.selection.roots:
            if name not in known:
                raise UnknownPackage(name, "lockfile workspace")
        if request.index_urls or request.find_links:
            raise NothingToEmit
    if batch is None:
        chosen = select_projects(workspace, request.selection, all_packages=request.everything, lock=lookup.lock)
        return (structs.replace(request, selection=chosen),)
    requests: list[ExportRequest] = []
    for entry in batch:
        for name in entry.packages:
            if name not in known:
                raise UnknownPackage(name)
        wanted = structs.replace(request.selection, roots=entry.packages, extras=entry.extras, groups=entry.groups)
        chosen = select_projects(workspace, wanted, all_packages=entry.all_packages, lock=lookup.lock)
        requests.append(
            structs.replace(request, selection=chosen, output_file=entry.output_file, everything=entry.all_packages)
        )
    return tuple(requests)


def editable_choice(selection: Selection) -> EditableChoice:
    """Return which source trees are installed in place other than the lock says."""

    def choose(name: PackageName) -> bool | None:
        return False if name in selection.no_editable_packages else selection.editable

    return choose


def _base(request: ExportRequest) -> str:
    """Return the folder of the file, or the working directory."""
    if request.output_file is None:
        return request.directory
    return os.path.dirname(os.path.join(request.directory, request.output_file))


def _bill(packages: Sequence[ExportedPackage], lookup: LockLookup, request: ExportRequest) -> str:
    from uuid import uuid4

    from mauve.compatibility import COMPATIBLE_UV
    from mauve.lock.export.cyclonedx import BillHead, render_cyclonedx

    now = time.time_ns()
    seconds = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(now // 1_000_000_000))
    head = BillHead(
        version=COMPATIBLE_UV,
        serial=str(uuid4()),
        timestamp=f"{seconds}.{now % 1_000_000_000:09d}Z",
    )
    return render_cyclonedx(
        packages,
        lookup,
        request.selection.roots,
        head,
        root=request.root,
        default_index=request.default_index,
        hashes=request.hashes,
        everything=request.everything,
    )


def _preamble(request: ExportRequest) -> tuple[str, tuple[str, ...]]:
    """Return the options for indexes above the requirements, and a warning about explicit ones."""
    lines: list[str] = []
    has_explicit = False
    if request.index_urls and not request.indexes.no_index:
        seen: set[str] = set()
        default = [index for index in request.indexes.indexes if index.default]
        implicit = [index for index in request.indexes.indexes if not index.default and not index.explicit]
        explicit = [index for index in request.indexes.indexes if not index.default and index.explicit]
        for index in (*default, *implicit, *explicit):
            if index.url not in seen:
                seen.add(index.url)
                option = "--index-url" if index.default else "--extra-index-url"
                lines.append(f"{option} {_verbatim(index)}\n")
            has_explicit |= index.explicit
    if request.find_links:
        lines += [f"--find-links {_verbatim(index)}\n" for index in request.indexes.flat_indexes]
    warning = (
        "`requirements.txt` does not support per-package index pinning; explicit indexes were emitted globally via "
        "`--extra-index-url`."
    )
    return ("".join([*lines, "\n"]) if lines else ""), ((warning,) if has_explicit else ())


def _verbatim(index: Index) -> str:
    return index.url if index.given is None else index.given
