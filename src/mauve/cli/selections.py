"""From options about extras, groups and omissions to a selection of the lock."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mauve.lock.selection import ExtrasSelection, GroupsSelection, InstallFilter, Selection
from mauve.operations.lock import LockMode
from mauve.standards.names import extra_name, group_name, package_name

if TYPE_CHECKING:
    from mauve.config.arguments.lockfile import LockedArgs
    from mauve.config.arguments.selection import EditableArgs, OmissionArgs, SelectionArgs

_DEV = group_name("dev")


def read_selection(
    chosen: SelectionArgs, editable: EditableArgs, omitted: OmissionArgs, packages: tuple[str, ...] = ()
) -> Selection:
    """Return what the options select; the projects meant by default are filled in by the operation."""
    return Selection(
        roots=tuple(package_name(name) for name in packages),
        extras=ExtrasSelection(
            frozenset(extra_name(name) for name in chosen.extra),
            bool(chosen.all_extras),
            frozenset(extra_name(name) for name in chosen.no_extra),
        ),
        groups=read_groups(chosen),
        install=InstallFilter(
            no_project=bool(omitted.no_install_project),
            no_workspace=bool(omitted.no_install_workspace),
            no_local=bool(omitted.no_install_local),
            no_packages=frozenset(package_name(name) for name in omitted.no_install_package),
            only_project=bool(omitted.only_install_project),
            only_workspace=bool(omitted.only_install_workspace),
            only_local=bool(omitted.only_install_local),
            only_packages=frozenset(package_name(name) for name in omitted.only_install_package),
        ),
        editable=None if editable.no_editable is None else not editable.no_editable,
        no_editable_packages=frozenset(package_name(name) for name in editable.no_editable_package),
    )


def read_groups(chosen: SelectionArgs) -> GroupsSelection:
    """Return which groups the options select."""
    only = bool(chosen.only_dev or chosen.only_group)
    named = {group_name(name) for name in (*chosen.group, *chosen.only_group)}
    included = set(named)
    if chosen.only_dev or chosen.no_dev is False:
        included.add(_DEV)
    refused = {group_name(name) for name in chosen.no_group}
    excluded = set(refused)
    if chosen.no_dev:
        excluded.add(_DEV)
    return GroupsSelection(
        included=frozenset(included),
        everything=bool(chosen.all_groups),
        excluded=frozenset(excluded),
        defaults=not (chosen.no_default_groups or only),
        only=only,
        unchecked=frozenset((_DEV,)) - named - refused,
    )


def read_mode(locked: LockedArgs, *, dry_run: bool = False) -> tuple[LockMode, str]:
    """Return what may happen to the lockfile, and the option that says so."""
    if locked.frozen and not (locked.is_typed("locked") and locked.locked):
        return LockMode.FROZEN, locked.spelling("frozen")
    if locked.locked:
        return LockMode.LOCKED, locked.spelling("locked")
    return (LockMode.DRY_RUN if dry_run else LockMode.WRITE), ""
