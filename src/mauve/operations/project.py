"""What commands on a project begin with: the workspace, its Python, and a lock of it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from msgspec import Struct, structs

from mauve.lock.lookup import locked_members
from mauve.lock.manifest import lock_default_groups
from mauve.operations.build_needs import declared_needs
from mauve.operations.builds import SourceBuilds
from mauve.operations.lock import LockMode, LockOutcome, LockRequest, failing_on, lock_project
from mauve.operations.pythons import project_environment_root, project_python
from mauve.project.groups import check_default_groups, flatten_groups
from mauve.project.python_bounds import intersect_bounds, lock_python, python_bounds
from mauve.python.environment import find_project_interpreter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mauve.config.settings.resolution import ResolutionSettings
    from mauve.lock.model import Lock
    from mauve.lock.selection import GroupsSelection, Selection
    from mauve.operations.context import Services
    from mauve.operations.reporter import SyncEvents
    from mauve.project.pyproject import PyProject
    from mauve.project.workspace import Workspace
    from mauve.python.interpreter import Interpreter
    from mauve.standards.names import GroupName, PackageName

_RESOLVING: Final = (
    "mauve.resolver.universal",
    "mauve.resolver.batches",
    "mauve.metadata.worker",
    "mauve.metadata.fetching",
    "mauve.index.json_pages",
    "mauve.index.digest",
    "mauve.lock.from_resolution",
    "mauve.lock.render",
    "mauve.lock.packed",
)
"""What a resolution takes that asks servers, as far as it does not depend on what is found."""


class LockWish(Struct, frozen=True, kw_only=True):
    """How the user wants a project locked.

    Attributes:
        python: `--python`.
        active: `--active`.
        no_config: version files do not count.
        rechecks: a refresh is reason enough to resolve again.
        postpones: a lock that may not change, and would, is refused by the outcome and not at once.
    """

    mode: LockMode
    option: str = ""
    settings: ResolutionSettings
    python: str | None = None
    active: bool | None = None
    no_config: bool = False
    rechecks: bool = False
    postpones: bool = False


class LockedWorkspace(Struct, frozen=True):
    """The lock of a workspace, and with what it was made.

    Attributes:
        environment_root: where the environment of the project is, or would be.
    """

    outcome: LockOutcome
    builds: SourceBuilds
    interpreter: Interpreter


def lock_workspace(
    workspace: Workspace,
    wish: LockWish,
    services: Services,
    events: SyncEvents,
    interpreter: Interpreter | None = None,
    frozen: Lock | None = None,
) -> LockedWorkspace:
    """Lock *workspace* with the interpreter of its environment, or one that would do for it.

    *interpreter* is taken if it is known already (`sync` made the environment before), and so is a *frozen* lock.
    """
    bounds = python_bounds(workspace)
    declared = intersect_bounds(bounds)
    if interpreter is None:
        if workspace.pyproject.groups:
            flatten_groups(workspace.pyproject)  # what is wrong with them is told before an interpreter is
        is_resolved = not wish.settings.upgrade.is_none or not os.path.exists(workspace.lock_path)
        if has_requirements(workspace) and is_resolved:
            services.expect_network(_RESOLVING)
        interpreter = locking_interpreter(workspace, wish, services, events)
    release = interpreter.release
    locked_for = lock_python(declared, release[:2])
    is_used = wish.mode is not LockMode.LOCKED or os.path.exists(workspace.lock_path)
    if locked_for.warning is not None and wish.mode is not LockMode.FROZEN and is_used:
        events.warning(locked_for.warning)
    known = interpreter
    builds = SourceBuilds(services, wish.settings, lambda: known, events, declared_needs(workspace, wish.settings))
    request = LockRequest(
        mode=wish.mode,
        option=wish.option,
        settings=wish.settings,
        requires_python=locked_for.requires_python,
        rechecks=wish.rechecks,
        postpones=wish.postpones,
    )
    if frozen is not None:
        return LockedWorkspace(LockOutcome(lock=frozen, previous=frozen, changed=False), builds, interpreter)
    with failing_on(interpreter):
        outcome = lock_project(workspace, request, services, builds, events)
    return LockedWorkspace(outcome, builds, interpreter)


def has_requirements(workspace: Workspace) -> bool:
    """Return whether a project of *workspace* needs anything else."""
    return any(member.project.dependencies for member in workspace.members.values())


def locking_interpreter(
    workspace: Workspace,
    wish: LockWish,
    services: Services,
    events: SyncEvents,
    groups: frozenset[GroupName] = frozenset(),
) -> Interpreter:
    """Return the interpreter of the environment of *workspace*, or one that would do for it and for *groups*."""
    root = project_environment_root(workspace, services, events, active=wish.active)
    python = project_python(
        workspace, python_bounds(workspace, groups), wish.python, services, events.warning, no_config=wish.no_config
    )
    return find_project_interpreter(root, python, services.discovery, events)


def selected_groups(workspace: Workspace, groups: GroupsSelection) -> frozenset[GroupName]:
    """Return the names of the groups that are going to be installed."""
    from mauve.project.manifest import default_groups

    found: set[GroupName] = set()
    for pyproject in (workspace.pyproject, *(member.pyproject for member in workspace.members.values())):
        if not pyproject.groups and pyproject.uv.dev_dependencies is None:
            continue
        defaults = default_groups(pyproject)
        found.update(group for group in flatten_groups(pyproject) if groups.selects(group, defaults))
    return frozenset(found)


def check_groups(workspace: Workspace, packages: Sequence[PackageName]) -> None:
    """Refuse default groups that are not defined by the only one of *packages*, otherwise by the current project.

    Raises:
        UndefinedDefaultGroup: there is one.
    """
    check_default_groups(_nearest(workspace, packages))


def with_default_groups(groups: GroupsSelection, pyproject: PyProject) -> GroupsSelection:
    """Return *groups* with the default ones, which *pyproject* declares for all projects."""
    return structs.replace(groups, declared=lock_default_groups(pyproject.uv.default_groups), is_declared=True)


def _nearest(workspace: Workspace, packages: Sequence[PackageName]) -> PyProject:
    member = workspace.members.get(packages[0]) if len(packages) == 1 else workspace.current_member
    return workspace.pyproject if member is None else member.pyproject


def select_projects(
    workspace: Workspace, selection: Selection, *, all_packages: bool = False, lock: Lock | None = None
) -> Selection:
    """Return *selection* with the projects that are meant: named ones, all, the current one, or a virtual root's.

    A *lock* that is used as it is knows members that are not on disk.
    """
    members = frozenset(workspace.members).union(() if lock is None else locked_members(lock))
    roots = selection.roots
    project = None
    current = workspace.current
    groups = selection.groups
    if lock is None or workspace.members:
        groups = with_default_groups(groups, _nearest(workspace, roots))
    else:
        # There is a lockfile and no project: it is the one beside the file that is meant.
        current = next((package.name for package in lock.packages if package.source.is_root), None)
    everything = all_packages or (not roots and current is None)
    if everything:
        roots = tuple(sorted(members))
    elif not roots and current is not None:
        roots = (current,)
    if len(roots) == 1 and not everything:
        project = roots[0]
    return structs.replace(
        selection,
        roots=roots,
        project=project,
        own=current if everything else project,
        groups=groups,
        members=members,
    )
