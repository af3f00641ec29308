"""From the options of `add` to a request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mauve.cli.editing import dependency_table
from mauve.cli.selections import read_filter
from mauve.config.declare import UsageError
from mauve.lock.selection import ExtrasSelection, GroupsSelection, Selection
from mauve.operations.add import AddRequest
from mauve.operations.declarations import declared_indexes
from mauve.project.bump import BoundKind
from mauve.project.edit import ScriptDependencies
from mauve.standards.markers.diagram import TRUE
from mauve.standards.markers.parse import InvalidMarker, parse_marker
from mauve.standards.names import extra_name, group_name, package_name

if TYPE_CHECKING:
    from collections.abc import Callable

    from mauve.cli.commands.add import AddArgs
    from mauve.cli.session import Session
    from mauve.config.arguments.index import IndexArgs
    from mauve.config.arguments.selection import OmissionArgs
    from mauve.project.edit import IndexDeclaration
    from mauve.project.requested import Requested
    from mauve.standards.markers.diagram import Marker


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
        indexes = declared_indexes(index.index, index.default_index, session.directory, names, session.printer.warning)
    table = dependency_table(dev=bool(chosen.dev), group=chosen.group, optional=chosen.optional)
    return AddRequest(
        directory=session.project_directory,
        requested=requested,
        table=table if chosen.script is None else ScriptDependencies(),
        package=None if chosen.package is None else package_name(chosen.package),
        marker=_marker(chosen),
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


def _marker(chosen: AddArgs) -> Marker:
    if chosen.marker is None:
        return TRUE
    try:
        return parse_marker(chosen.marker)
    except InvalidMarker as error:
        label = chosen.specs["marker"].label
        raise UsageError(f"invalid value '{chosen.marker}' for '{label}': {error}", show_usage=False) from error


def check_words(chosen: AddArgs, index: IndexArgs, warn: Callable[[str], None]) -> None:
    """Warn of indexes that are used and not written down.

    Raises:
        UsageError: the marker is none.
        InvalidName: an extra cannot have this name.
    """
    for given, option, lasting in (
        (index.index_url, "--index-url", "--default-index"),
        (index.extra_index_url, "--extra-index-url", "--index"),
    ):
        if given:
            warn(
                f"Indexes specified via `{option}` will not be persisted to the `pyproject.toml` file; use `{lasting}` "
                "instead."
            )
    _marker(chosen)
    for extra in chosen.extra:
        extra_name(extra)


def selection_after(chosen: AddArgs, omitted: OmissionArgs) -> Selection:
    """Return what is installed afterwards: the default groups, and the extra or group that was added to.

    The group `dev` is not for who adds to the project itself or an extra.
    """
    group = "dev" if chosen.dev else chosen.group
    if group is None:
        dev = group_name("dev")
        groups = GroupsSelection(excluded=(dev,), unchecked=frozenset((dev,)))
    else:
        groups = GroupsSelection(included=(group_name(group),))
    return Selection(
        extras=ExtrasSelection(() if chosen.optional is None else (extra_name(chosen.optional),)),
        groups=groups,
        install=read_filter(omitted),
        no_editable_packages=frozenset(package_name(name) for name in chosen.no_editable_package),
    )
