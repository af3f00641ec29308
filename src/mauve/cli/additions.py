"""From the options of `add` to a request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mauve.cli.editing import dependency_table
from mauve.cli.selections import read_filter
from mauve.lock.selection import ExtrasSelection, GroupsSelection, Selection
from mauve.operations.add import AddRequest
from mauve.operations.declarations import declared_indexes
from mauve.project.bump import BoundKind
from mauve.project.edit import ScriptDependencies
from mauve.standards.markers.diagram import TRUE
from mauve.standards.markers.parse import parse_marker
from mauve.standards.names import extra_name, group_name, package_name

if TYPE_CHECKING:
    from mauve.cli.commands.add import AddArgs
    from mauve.cli.session import Session
    from mauve.config.arguments.index import IndexArgs
    from mauve.config.arguments.selection import OmissionArgs
    from mauve.project.edit import IndexDeclaration
    from mauve.project.requested import Requested


def addition_request(
    chosen: AddArgs, requested: tuple[Requested, ...], index: IndexArgs, session: Session, *, locks: bool
) -> AddRequest:
    """Return what is to be added.

    Raises:
        MauveError: a requirement cannot be read.
    """
    bounds = chosen.bounds or session.files.first(lambda table: table.add_bounds)
    revision = next(
        ((key, value) for key in ("rev", "tag", "branch") if (value := getattr(chosen, key)) is not None), None
    )
    as_member = True if chosen.workspace else False if chosen.no_workspace or chosen.script else None
    indexes: tuple[IndexDeclaration, ...] = ()
    if not chosen.raw:
        known = session.files.joined(lambda table: table.index)
        names = frozenset([table.name for table in known if table.name is not None])
        default = index.default_index or index.index_url
        indexes = declared_indexes(index.index, default, session.directory, names, session.printer.warning)
    table = dependency_table(dev=bool(chosen.dev), group=chosen.group, optional=chosen.optional)
    return AddRequest(
        directory=session.project_directory,
        requested=requested,
        table=table if chosen.script is None else ScriptDependencies(),
        package=None if chosen.package is None else package_name(chosen.package),
        marker=TRUE if chosen.marker is None else parse_marker(chosen.marker),
        extras=tuple(extra_name(extra) for extra in chosen.extra),
        editable=chosen.editable,
        revision=revision,
        lfs=bool(chosen.lfs),
        raw=bool(chosen.raw),
        bounds=None if bounds is None else BoundKind(bounds),
        indexes=indexes,
        as_member=as_member,
        locks=locks,
    )


def selection_after(chosen: AddArgs, omitted: OmissionArgs) -> Selection:
    """Return what is installed afterwards: the default groups, and the extra or group that was added to."""
    return Selection(
        extras=ExtrasSelection(frozenset() if chosen.optional is None else frozenset((extra_name(chosen.optional),))),
        groups=GroupsSelection(
            included=frozenset() if chosen.group is None else frozenset((group_name(chosen.group),))
        ),
        install=read_filter(omitted),
        no_editable_packages=frozenset(package_name(name) for name in chosen.no_editable_package),
    )
