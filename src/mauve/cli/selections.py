"""From options about extras, groups and omissions to a selection of the lock."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mauve.config.arguments.selection import OMISSION_PAIRS
from mauve.lock.selection import ExtrasSelection, GroupsSelection, InstallFilter, Selection
from mauve.operations.lock import LockMode
from mauve.standards.names import extra_name, group_name, package_name

if TYPE_CHECKING:
    from mauve.config.arguments.lockfile import EnvironmentArgs, LockedArgs
    from mauve.config.arguments.selection import EditableArgs, GroupArgs, OmissionArgs, SelectionArgs
    from mauve.config.declare import ArgumentGroup

_DEV = group_name("dev")


def read_selection(
    chosen: SelectionArgs, editable: EditableArgs, omitted: OmissionArgs, packages: tuple[str, ...] = ()
) -> Selection:
    """Return what the options select; the projects meant by default are filled in by the operation.

    Raises:
        ContradictingOptions: two variables contradict each other.
    """
    return Selection(
        roots=tuple(package_name(name) for name in packages),
        extras=ExtrasSelection(
            tuple(extra_name(name) for name in chosen.extra),
            bool(chosen.all_extras),
            tuple(extra_name(name) for name in chosen.no_extra),
        ),
        groups=read_groups(chosen),
        install=read_filter(omitted),
        editable=None if editable.no_editable is None else not editable.no_editable,
        no_editable_packages=frozenset(package_name(name) for name in editable.no_editable_package),
    )


def read_filter(omitted: OmissionArgs) -> InstallFilter:
    """Return what is left out of what is selected.

    Raises:
        ContradictingOptions: two variables contradict each other.
    """
    omission = {
        field: _omission(omitted, field, other) for pair in OMISSION_PAIRS for field, other in (pair, pair[::-1])
    }
    return InstallFilter(
        no_project=omission["no_install_project"],
        no_workspace=omission["no_install_workspace"],
        no_local=omission["no_install_local"],
        no_packages=frozenset(package_name(name) for name in omitted.no_install_package),
        only_project=omission["only_install_project"],
        only_workspace=omission["only_install_workspace"],
        only_local=omission["only_install_local"],
        only_packages=frozenset(package_name(name) for name in omitted.only_install_package),
    )


def check_that_something_is_installed(
    locked: LockedArgs, environment: EnvironmentArgs, omitted: OmissionArgs | None = None
) -> None:
    """Raise `ContradictingOptions` if nothing is installed for two reasons, or parts of nothing are to be left out."""
    if locked.frozen and environment.no_sync:
        from mauve.cli.errors import ContradictingOptions

        raise ContradictingOptions(_named(environment, "no_sync"), _named(locked, "frozen"))
    if omitted is None or not (locked.frozen or environment.no_sync):
        return
    reason = _named(locked, "frozen") if locked.frozen else _named(environment, "no_sync")
    for pair in OMISSION_PAIRS:
        for field in pair:
            if getattr(omitted, field):
                from mauve.cli.errors import ContradictingOptions

                raise ContradictingOptions(_named(omitted, field), reason)


def _omission(omitted: OmissionArgs, field: str, other: str) -> bool:
    """Return the flag *field*: a variable gives way to a typed *other*."""
    if not getattr(omitted, field) or not getattr(omitted, other):
        return bool(getattr(omitted, field))
    if omitted.is_typed(field) == omitted.is_typed(other):
        from mauve.cli.errors import ContradictingOptions

        raise ContradictingOptions(*sorted((_named(omitted, field), _named(omitted, other))))
    return omitted.is_typed(field)


def _named(group: ArgumentGroup, field: str) -> str:
    """Return how messages name the flag *field*: as an option, or as a variable."""
    spec = group.specs[field]
    return spec.names[-1] if group.is_typed(field) or spec.env is None else spec.env


def check_script_options(omitted: OmissionArgs, script: str) -> None:
    """Raise `ContradictingOptions` if variables contradict each other, or say what has no meaning for a script."""
    for field, other in OMISSION_PAIRS:
        if _omission(omitted, field, other):
            from mauve.cli.errors import ContradictingOptions

            raise ContradictingOptions(_named(omitted, field), script)


def read_groups(chosen: GroupArgs) -> GroupsSelection:
    """Return which groups the options select."""
    only = bool(chosen.only_dev or chosen.only_group)
    named = tuple(group_name(name) for name in (*chosen.group, *chosen.only_group))
    refused = tuple(group_name(name) for name in chosen.no_group)
    return GroupsSelection(
        included=(*named, _DEV) if chosen.only_dev or chosen.no_dev is False else named,
        everything=bool(chosen.all_groups),
        excluded=(*refused, _DEV) if chosen.no_dev else refused,
        defaults=not (chosen.no_default_groups or only),
        only=only,
        unchecked=frozenset((_DEV,)).difference(named, refused),
    )


def read_mode(locked: LockedArgs, *, dry_run: bool = False) -> tuple[LockMode, str]:
    """Return what may happen to the lockfile, and the option that says so.

    Raises:
        ContradictingOptions: two variables contradict each other.
    """
    if locked.frozen and locked.locked and not (locked.is_typed("locked") or locked.is_typed("frozen")):
        from mauve.cli.errors import ContradictingOptions

        raise ContradictingOptions(_named(locked, "locked"), _named(locked, "frozen"))
    if locked.frozen and not (locked.is_typed("locked") and locked.locked):
        return LockMode.FROZEN, locked.spelling("frozen")
    if locked.locked:
        return LockMode.LOCKED, locked.spelling("locked")
    return (LockMode.DRY_RUN if dry_run else LockMode.WRITE), ""
