"""Write a lock in the format of another tool."""

from __future__ import annotations

import os
import time
from enum import Enum
from typing import TYPE_CHECKING

from msgspec import Struct, structs

from mauve.errors import MauveError
from mauve.lock.export.packages import exported_packages
from mauve.lock.selection import check_names, check_selected_conflicts
from mauve.operations.project import select_projects

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mauve.distributions.index import Index, IndexLocations
    from mauve.lock.export.packages import EditableChoice, ExportedPackage
    from mauve.lock.lookup import LockLookup
    from mauve.lock.selection import Selection
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
    indexes: IndexLocations
    index_urls: bool = False
    find_links: bool = False
    default_index: str = ""


class Export(Struct, frozen=True):
    """The text, and what the user should know about it.

    Attributes:
        has_comments: lines that begin with a `#`, perhaps after blanks, are comments.
    """

    text: str
    warnings: tuple[str, ...] = ()
    has_comments: bool = True

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


def export_lock(lookup: LockLookup, root: str, request: ExportRequest) -> Export:
    """Return the lock in the folder *root* as another tool reads it.

    Raises:
        MissingRoot, MissingExtra, MissingGroup: a name is not in the lock.
        ConflictingSelection: what is selected excludes each other.
        MauveError: the output file has a name that it must not have.
    """
    selection = request.selection
    check_names(lookup, selection)
    chosen = export_format(request.format, request.output_file)
    if chosen is not ExportFormat.CYCLONEDX:
        check_selected_conflicts(lookup, selection)
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
            return Export(f"{header}{preamble}{body}", warnings)
        case ExportFormat.PYLOCK_TOML:
            from mauve.lock.export.pylock import render_pylock

            body = render_pylock(packages, lookup.lock.requires_python, root, editable=editable)
            return Export(f"{header}{body}")
        case ExportFormat.CYCLONEDX:
            return Export(_bill(packages, lookup, root, request), has_comments=False)


def select_exported(
    workspace: Workspace, lookup: LockLookup, selection: Selection, *, all_packages: bool = False
) -> Selection:
    """Return *selection* with the projects that are meant; all of them are those that the lock knows."""
    chosen = select_projects(workspace, selection, all_packages=all_packages)
    if all_packages or (not selection.roots and workspace.current is None):
        chosen = structs.replace(chosen, roots=tuple([package.name for package in lookup.members()]))
    return chosen


def editable_choice(selection: Selection) -> EditableChoice:
    """Return which source trees are installed in place other than the lock says."""

    def choose(name: PackageName) -> bool | None:
        return False if name in selection.no_editable_packages else selection.editable

    return choose


def _bill(packages: Sequence[ExportedPackage], lookup: LockLookup, root: str, request: ExportRequest) -> str:
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
        root=root,
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
