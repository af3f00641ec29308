"""Describe a workspace or a script for other programs: its lock as a graph, and what its environment holds.

The lock is made in memory unless the environment is made with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import UNSET, Struct, UnsetType, structs

from mauve.errors import MauveError
from mauve.installer.inventory import InstalledDistribution, InstalledKind, read_inventory
from mauve.installer.modules import installed_modules
from mauve.installer.origin import is_editable
from mauve.installer.target import install_target
from mauve.lock.description import ConflictNode, LockDescription
from mauve.lock.nodes import OwnerNode, PackageNode
from mauve.lock.selection import ExtrasSelection, GroupsSelection, Selection, reached_packages
from mauve.operations.lock import LockMode
from mauve.operations.project import lock_workspace
from mauve.operations.pythons import project_environment_root
from mauve.operations.script import has_lockfile, lock_script, script_environment_root, sync_script_environment
from mauve.operations.sync import complete_selection, sync_project
from mauve.python.discovery import environment_executable
from mauve.python.environment import Environment

if TYPE_CHECKING:
    from mauve.lock.model import Lock
    from mauve.operations.context import Services
    from mauve.operations.reporter import SyncEvents
    from mauve.operations.script import ScriptRequest
    from mauve.operations.sync import SyncRequest
    from mauve.project.script import Script
    from mauve.project.workspace import Workspace

EVERYTHING = Selection(extras=ExtrasSelection(everything=True), groups=GroupsSelection(everything=True))


class UninspectableEnvironment(MauveError):
    """What an environment holds cannot be compared with the lock; the reason is the cause."""

    def __str__(self) -> str:
        """Return the message in uv's words."""
        return "Failed to inspect environment"


class Schema(Struct):
    """The version of the format."""

    version: str = "preview"


class PythonDescription(Struct):
    """The interpreter of an environment."""

    path: str
    version: str
    implementation: str


class InstalledDescription(Struct):
    """An installed distribution; `path` is its folder of metadata."""

    name: str
    version: str
    path: str
    editable: bool


class EnvironmentDescription(Struct):
    """An environment, with those installed distributions that the lock knows, by their nodes."""

    root: str
    python: PythonDescription
    packages: dict[str, InstalledDescription]


class OwnerDescription(Struct):
    """The workspace or the script."""

    path: str
    id: str


class MemberDescription(Struct):
    """A member of the workspace."""

    name: str
    path: str
    id: str | UnsetType = UNSET


class ModuleOwner(Struct):
    """The node of a distribution that brings a module."""

    package_id: str


class ModuleDescription(Struct):
    """Who brings a module."""

    owners: list[ModuleOwner]


class MetadataDescription(Struct, kw_only=True):
    """What `workspace metadata` prints."""

    schema: Schema
    workspace_root: str
    environment: EnvironmentDescription | UnsetType = UNSET
    workspace: OwnerDescription | UnsetType = UNSET
    script: OwnerDescription | UnsetType = UNSET
    requires_python: str
    conflicts: dict[str, list[dict[str, list[ConflictNode]]]]
    modules: dict[str, ModuleDescription] | UnsetType = UNSET
    members: list[MemberDescription] | UnsetType = UNSET
    resolution: dict[str, PackageNode | OwnerNode]


def describe_workspace(
    workspace: Workspace,
    request: SyncRequest,
    services: Services,
    events: SyncEvents,
    syncing: SyncEvents | None = None,
) -> MetadataDescription:
    """Return the description of *workspace*; if *syncing* listens, its environment is made to hold everything first.

    Raises:
        MauveError: of locking or of installing.
        UninspectableEnvironment: not everything that the lock has can be installed at once.
    """
    lock = lock_workspace(workspace, request.lock, services, events).outcome.lock
    if syncing is not None:
        locked = structs.replace(request, lock=structs.replace(request.lock, mode=LockMode.FROZEN))
        sync_project(workspace, locked, services, syncing)
    root = project_environment_root(workspace, services, events, active=request.lock.active)
    described = LockDescription(lock, workspace.root)
    description = MetadataDescription(
        schema=Schema(),
        workspace_root=workspace.root,
        workspace=OwnerDescription(workspace.root, f"workspace+{workspace.root}"),
        requires_python=_compact(lock.requires_python),
        conflicts={"sets": described.conflicts()},
        members=[
            MemberDescription(name, member.root, described.member_identifier(name) or UNSET)
            for name, member in workspace.members.items()
        ],
        resolution=described.nodes(workspace.root, "workspace"),
    )
    _add_environment(description, root, lock, described, complete_selection(workspace, request), services)
    return description


def describe_script(
    script: Script,
    request: ScriptRequest,
    services: Services,
    events: SyncEvents,
    syncing: SyncEvents | None = None,
) -> MetadataDescription:
    """Return the description of *script*; if *syncing* listens, its environment is made first.

    Raises:
        MauveError: of locking or of installing.
    """
    asked = request
    if request.mode is LockMode.WRITE and not has_lockfile(script):
        asked = structs.replace(request, mode=LockMode.DRY_RUN)
    lock = lock_script(script, asked, services, events).outcome.lock
    if syncing is not None:
        sync_script_environment(script, request, services, syncing)
    root = script_environment_root(script, services, events, active=request.active)
    described = LockDescription(lock, script.root)
    description = MetadataDescription(
        schema=Schema(),
        workspace_root=script.root,
        script=OwnerDescription(script.path, f"script+{script.path}"),
        requires_python=_compact(lock.requires_python),
        conflicts={"sets": described.conflicts()},
        resolution=described.nodes(script.path, "script"),
    )
    _add_environment(description, root, lock, described, Selection(), services)
    return description


def _compact(requires_python: str) -> str:
    return requires_python.replace(" ", "")


def _add_environment(
    description: MetadataDescription,
    root: str,
    lock: Lock,
    described: LockDescription,
    selection: Selection,
    services: Services,
) -> None:
    """Add the environment at *root*, if there is one that works, and the modules in it."""
    try:
        interpreter = services.discovery.reader.read(environment_executable(root))
    except (MauveError, OSError):
        return  # what cannot be used is as good as absent
    environment = Environment(root, interpreter)
    try:
        packages = reached_packages(lock, interpreter.markers, selection)
    except MauveError as error:
        raise UninspectableEnvironment from error
    inventory = read_inventory(install_target(environment))
    held: dict[str, InstalledDescription] = {}
    owners: dict[str, list[str]] = {}
    for package in packages:
        for installed in inventory.get(package.name)[:1]:
            identifier = described.identifier(package)
            held[identifier] = _describe_installed(installed)
            for module in installed_modules(installed, interpreter):
                owners.setdefault(module, []).append(identifier)
    description.environment = EnvironmentDescription(
        root,
        PythonDescription(environment.executable, interpreter.markers.python_full_version, interpreter.implementation),
        dict(sorted(held.items())),
    )
    if owners:
        description.modules = {
            module: ModuleDescription([ModuleOwner(owner) for owner in sorted(found)])
            for module, found in sorted(owners.items())
        }


def _describe_installed(installed: InstalledDistribution) -> InstalledDescription:
    editable = installed.kind is InstalledKind.EGG_LINK or is_editable(installed.direct_url)
    return InstalledDescription(installed.name, str(installed.version), installed.path, editable)
