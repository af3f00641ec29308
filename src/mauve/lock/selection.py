"""Lock + interpreter + extras and groups -> Resolution: what one environment gets of a universal lock.

The edges of the lock are followed from the selected projects; an edge counts if its marker holds for the interpreter
and for the extras and groups that are active. Nothing is fetched and no version is chosen.

Specification: docs/lockfile.md "Edges", docs/markers.md "Extras and conflicts".
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct

from mauve.distributions.conflicts import ConflictItem
from mauve.distributions.resolution import Resolution
from mauve.lock.distributions import DistributionReader
from mauve.lock.lookup import LockLookup
from mauve.lock.model import DefaultGroups, LockedPackage
from mauve.resolver.manifest import BuildPolicy
from mauve.standards.markers.environment import MarkerEnvironment, evaluate
from mauve.standards.markers.parse import parse_marker
from mauve.standards.names import ExtraName, GroupName, PackageName
from mauve.standards.requires_python import RequiresPython
from mauve.standards.specifiers import parse_specifiers
from mauve.standards.versions import parse_version

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mauve.lock.model import Lock, LockedDependency, LockedRequirement
    from mauve.standards.tags import Tags

_DEV: GroupName = GroupName("dev")

_Visit: TypeAlias = tuple[LockedPackage, "ExtraName | None"]


class ExtrasSelection(Struct, frozen=True):
    """`--extra`, `--all-extras`, `--no-extra`, names as they were given; a refusal wins."""

    included: tuple[ExtraName, ...] = ()
    everything: bool = False
    excluded: tuple[ExtraName, ...] = ()

    def __contains__(self, extra: object) -> bool:
        """Return whether *extra* is selected where it exists."""
        return extra not in self.excluded and (self.everything or extra in self.included)


class GroupsSelection(Struct, frozen=True, kw_only=True):
    """`--group`, `--only-group`, `--all-groups`, `--no-group`, `--no-default-groups`, `--dev` and their kin.

    Attributes:
        included: as they were given, by `--group` and `--dev`, and by `--only-group` and `--only-dev`.
        only: the projects themselves and what they require are left out.
        defaults: whether default groups count; false with `only`.
        unchecked: those of `included` and `excluded` that need not exist: `dev`, if nobody called it by its name.
        declared: the default groups that the current project declares for all.
        is_declared: whether there is one; otherwise those count that the lock has for each project.
    """

    included: tuple[GroupName, ...] = ()
    everything: bool = False
    excluded: tuple[GroupName, ...] = ()
    defaults: bool = True
    only: bool = False
    unchecked: frozenset[GroupName] = frozenset()
    declared: DefaultGroups = None
    is_declared: bool = False

    def selects(self, group: GroupName, default_groups: DefaultGroups) -> bool:
        """Return whether *group* is selected in a project with these default groups; a refusal wins."""
        defaults = self.declared if self.is_declared else default_groups
        is_wanted = self.defaults and group not in self.excluded and is_default(group, defaults)
        return is_wanted or self.names(group)

    def names(self, group: GroupName) -> bool:
        """Return whether *group* is selected whatever the defaults are."""
        return group not in self.excluded and (self.everything or group in self.included)


class InstallFilter(Struct, frozen=True, kw_only=True):
    """`--no-install-*` and `--only-install-*`: who is left out although its requirements are not.

    Attributes:
        no_project: the project (the root of the selection) is left out.
        no_workspace: every member is left out.
        no_local: everything that is a local path is left out.
        no_packages: these are left out.
        only_project, only_workspace, only_local, only_packages: everything else is left out; the last of them that is
            said counts, and nothing that leaves out then does.
    """

    no_project: bool = False
    no_workspace: bool = False
    no_local: bool = False
    no_packages: frozenset[PackageName] = frozenset()
    only_project: bool = False
    only_workspace: bool = False
    only_local: bool = False
    only_packages: frozenset[PackageName] = frozenset()

    def keeps(self, package: LockedPackage, project: PackageName | None, members: frozenset[PackageName]) -> bool:
        """Return whether *package* is installed."""
        is_member = package.name in members
        return self._keeps(package.name, project, is_member=is_member, is_local=package.source.is_local or is_member)

    def keeps_member(self, name: PackageName, project: PackageName | None) -> bool:
        """Return whether the member *name* of the workspace is installed."""
        return self._keeps(name, project, is_member=True, is_local=True)

    def _keeps(self, name: PackageName, project: PackageName | None, *, is_member: bool, is_local: bool) -> bool:
        if self.only_packages:
            return name in self.only_packages
        if self.only_local:
            return is_local
        if self.only_workspace:
            return is_member
        if self.only_project:
            return name == project
        is_refused = name in self.no_packages or (self.no_local and is_local) or (self.no_workspace and is_member)
        return not (is_refused or (self.no_project and name == project))


class Selection(Struct, frozen=True, kw_only=True):
    """What of a lock is wanted.

    Attributes:
        roots: the projects to install, with what they require.
        project: the only one that is selected; None for a whole workspace, several projects or none.
        own: the one that `--no-install-project` and its kin mean: the former, or the current one of a whole workspace.
        members: all of the workspace.
        editable: False turns editable members into ordinary ones (`--no-editable`), True the other way round.
        no_editable_packages: those that are ordinary in any case.
    """

    roots: tuple[PackageName, ...] = ()
    project: PackageName | None = None
    own: PackageName | None = None
    members: frozenset[PackageName] = frozenset()
    extras: ExtrasSelection = ExtrasSelection()
    groups: GroupsSelection = GroupsSelection()
    install: InstallFilter = InstallFilter()
    build: BuildPolicy = BuildPolicy()
    editable: bool | None = None
    no_editable_packages: frozenset[PackageName] = frozenset()


def is_default(group: GroupName, default_groups: DefaultGroups) -> bool:
    """Return whether *group* is installed unless refused."""
    if default_groups is None:
        return group == _DEV
    return default_groups == "all" or group in default_groups


def select_resolution(
    lock: Lock, root: str, environment: MarkerEnvironment, tags: Tags, selection: Selection
) -> Resolution:
    """Return what *selection* needs of *lock* (read from the folder *root*) in *environment*.

    Raises:
        MissingRoot: a project to install is not in the lock.
        UnsupportedPython, UnsupportedPlatform: the lock is not meant for the interpreter.
        ConflictingSelection: extras, groups or projects that exclude each other are selected.
        ConflictingRequests: extras that packages ask for exclude each other.
        MissingExtra, MissingGroup: no selected project has it.
        UninstallablePackage: neither a fitting wheel nor a usable source distribution.
    """
    walk = _Walk(lock, environment, selection)
    check_python(lock, environment)
    walk.check_conflicts()
    check_names(walk.lookup, selection)
    check_platform(lock, environment)
    reader = DistributionReader(
        root,
        environment,
        tags,
        selection.build,
        editable=selection.editable,
        no_editable_packages=selection.no_editable_packages,
    )
    chosen = sorted(walk.packages(), key=lambda package: package.name)
    keeps = selection.install.keeps
    return Resolution(
        tuple([reader.read(package) for package in chosen if keeps(package, selection.own, selection.members)])
    )


def reached_packages(lock: Lock, environment: MarkerEnvironment, selection: Selection) -> list[LockedPackage]:
    """Return what *selection* needs of *lock* in *environment*, whether or not it can be installed there.

    Raises:
        MissingRoot, ConflictingSelection, ConflictingRequests: as `select_resolution`.
    """
    walk = _Walk(lock, environment, selection)
    walk.check_conflicts()
    return walk.packages()


# --- checks


def check_python(lock: Lock, environment: MarkerEnvironment) -> None:
    """Raise `UnsupportedPython` if the lock excludes the interpreter."""
    requires_python = RequiresPython.from_specifiers(parse_specifiers(lock.requires_python))
    version = environment.python_full_version
    if requires_python is not None and not requires_python.contains(parse_version(version)):
        from mauve.lock.selection_errors import UnsupportedPython

        raise UnsupportedPython(version, lock.requires_python)


def check_platform(lock: Lock, environment: MarkerEnvironment) -> None:
    """Raise `UnsupportedPlatform` if the lock was limited to environments unlike this one."""
    supported = lock.supported_markers
    if supported and not any(evaluate(parse_marker(text), environment) for text in supported):
        from mauve.lock.selection_errors import UnsupportedPlatform

        raise UnsupportedPlatform(supported)


def check_names(lookup: LockLookup, selection: Selection) -> None:
    """Raise `MissingExtra` or `MissingGroup` for a name that no selected project has."""
    roots = [package for package in lookup.lock.packages if package.name in selection.roots and package.source.is_tree]
    known_extras = {extra for package in roots if package.metadata for extra in package.metadata.provides_extras}
    known_extras |= {extra for package in roots for extra in package.optional_dependencies}
    owners = roots if selection.project is None else [*roots, *_heirloom(lookup, selection.project)]
    known_groups = {group for package in owners for group in (*_groups_of(package), *package.dev_dependencies)}
    known_groups |= lookup.lock.manifest.dependency_groups.keys()
    for extra in (*selection.extras.included, *selection.extras.excluded):
        if extra not in known_extras:
            from mauve.lock.selection_errors import MissingExtra

            raise MissingExtra(extra, selection.project)
    for group in _named_groups(selection.groups):
        if group not in known_groups:
            from mauve.lock.selection_errors import MissingGroup

            raise MissingGroup(group, is_single=selection.project is not None)


def check_script_names(selection: Selection) -> None:
    """Raise `ExtraOfScript` or `GroupOfScript` for a name: a script has neither."""
    for extra in (*selection.extras.included, *selection.extras.excluded):
        from mauve.lock.selection_errors import ExtraOfScript

        raise ExtraOfScript(extra)
    for group in _named_groups(selection.groups):
        from mauve.lock.selection_errors import GroupOfScript

        raise GroupOfScript(group)


def _named_groups(groups: GroupsSelection) -> Iterator[GroupName]:
    """Yield the groups that have to exist, in the order in which uv looks for them."""
    named = (groups.excluded, groups.included) if groups.only else (groups.included, groups.excluded)
    for names in named:
        for group in names:
            if group not in groups.unchecked:
                yield group


def _selected_items(lookup: LockLookup, selection: Selection) -> Iterator[ConflictItem]:
    """Yield the projects, extras and groups that are selected by name."""
    if not selection.groups.only:
        for package in selected_projects(lookup, selection):
            yield ConflictItem(package.name)
            for extra in _extras_of(package):
                if extra in selection.extras:
                    yield ConflictItem(package.name, extra=extra)
    for owner, group in selected_groups(lookup, selection):
        if owner is not None:
            yield ConflictItem(owner.name, group=group)


# --- what is selected


def selected_projects(lookup: LockLookup, selection: Selection) -> list[LockedPackage]:
    """Return the selected projects.

    Raises:
        MissingRoot: one is not in the lock.
    """
    found: list[LockedPackage] = []
    for name in selection.roots:
        packages = lookup.named(name)
        if not packages:
            from mauve.lock.selection_errors import MissingRoot

            raise MissingRoot(name)
        found.append(packages[0])
    return found


def selected_groups(lookup: LockLookup, selection: Selection) -> Iterator[tuple[LockedPackage | None, GroupName]]:
    """Yield the selected groups, each with the project that declares it; None = a root without `[project]`.

    A project that is selected alone inherits the groups that it does not have from the root of its workspace, but only
    those that are asked for: defaults are its own.

    Raises:
        MissingRoot: a selected project is not in the lock.
    """
    groups = selection.groups
    manifest = lookup.lock.manifest
    projects = selected_projects(lookup, selection)
    for package in projects:
        for group in _groups_of(package):
            if groups.selects(group, package.default_groups):
                yield package, group
    if selection.project is None:
        for group in manifest.dependency_groups:
            if groups.selects(group, manifest.default_groups):
                yield None, group
        return
    own = frozenset([group for package in projects for group in _groups_of(package)])
    for root in _heirloom(lookup, selection.project):
        for group in _groups_of(root):
            if group not in own and groups.names(group):
                yield root, group
    for group in manifest.dependency_groups:
        if group not in own and groups.names(group):
            yield None, group


def _heirloom(lookup: LockLookup, project: PackageName) -> list[LockedPackage]:
    """Return the project at the root of the workspace if it is another one than *project*."""
    root = lookup.root()
    return [] if root is None or root.name == project else [root]


def _extras_of(package: LockedPackage) -> Iterable[ExtraName]:
    metadata = package.metadata
    return metadata.provides_extras if metadata is not None else package.optional_dependencies


def _groups_of(package: LockedPackage) -> Iterable[GroupName]:
    metadata = package.metadata
    return metadata.requires_dev if metadata is not None else package.dev_dependencies


# --- the walk


class _Walk:
    """Follows edges from the selected projects.

    Attributes:
        active: what is active: projects, extras and groups; `encoded` are their names in markers.
        start: the first visits: each is a package, or an extra of it.
    """

    def __init__(self, lock: Lock, environment: MarkerEnvironment, selection: Selection) -> None:
        self.lock = lock
        self.environment = environment
        self.selection = selection
        self.lookup = LockLookup(lock)
        self.has_conflicts = bool(lock.conflicts)
        self.active: dict[ConflictItem, None] = {}
        self.encoded: set[str] = set()
        self.holds: dict[str, bool] = {}
        self.roots = selected_projects(self.lookup, selection)
        for item in _selected_items(self.lookup, selection):
            self._activate(item)
        self.start = self._first_visits()

    def _activate(self, item: ConflictItem) -> None:
        if item not in self.active:
            self.active[item] = None
            self.encoded.add(item.encoded)

    def _first_visits(self) -> list[_Visit]:
        visits: list[_Visit] = []
        selection = self.selection
        groups = selection.groups
        for package in self.roots:
            if not groups.only:
                visits.append((package, None))
                visits += [(package, extra) for extra in package.optional_dependencies if extra in selection.extras]
        manifest = self.lock.manifest
        for owner, group in selected_groups(self.lookup, selection):
            if owner is None:
                visits += self._require(manifest.dependency_groups[group])
            else:
                for edge in owner.dev_dependencies.get(group, ()):
                    visits += self._follow(edge)
        if not groups.only:
            visits += self._require(manifest.requirements)
        return visits

    def _require(self, requirements: Iterable[LockedRequirement]) -> Iterable[_Visit]:
        """Yield the visits for requirements that have no edges: the entry of the fork that holds here."""
        for requirement in requirements:
            if requirement.marker is not None and not self._evaluate(requirement.marker):
                continue
            for package in self.lookup.named(requirement.name):
                if not package.resolution_markers or any(map(self._evaluate, package.resolution_markers)):
                    yield package, None
                    for extra in requirement.extras:
                        if extra in package.optional_dependencies:
                            yield package, extra
                    break

    def _evaluate(self, text: str) -> bool:
        if self.has_conflicts:
            return evaluate(parse_marker(text), self.environment, self.encoded)
        known = self.holds.get(text)
        if known is None:
            known = self.holds[text] = evaluate(parse_marker(text), self.environment)
        return known

    def _follow(self, edge: LockedDependency) -> list[_Visit]:
        """Return the visits behind *edge*, none if its marker does not hold with its own extras active."""
        if edge.marker is not None:
            if self.has_conflicts:
                own = {ConflictItem(edge.name, extra=extra).encoded for extra in edge.extra}
                if not evaluate(parse_marker(edge.marker), self.environment, self.encoded | own):
                    return []
            elif not self._evaluate(edge.marker):
                return []
        package = self.lookup.target(edge)
        return [(package, None), *((package, extra) for extra in edge.extra)]

    def _visit(self) -> list[_Visit]:
        """Return every visit, in breadth-first order."""
        seen = set(map(_visit_key, self.start))
        order = list(self.start)
        queue = deque(self.start)
        while queue:
            package, extra = queue.popleft()
            edges = package.dependencies if extra is None else package.optional_dependencies.get(extra, ())
            for edge in edges:
                for visit in self._follow(edge):
                    key = _visit_key(visit)
                    if key not in seen:
                        seen.add(key)
                        order.append(visit)
                        queue.append(visit)
        return order

    def check_conflicts(self) -> None:
        """Activate the extras that packages request of each other; raise if two items exclude each other."""
        if not self.has_conflicts:
            return
        self._raise_if_conflicting()
        selected = dict(self.active)
        seen: list[set[ConflictItem]] = []
        requested = self._requested()
        while requested not in seen:
            # What was followed may turn out to be excluded by what was found later.
            seen.append(requested)
            self._activate_only((*selected, *requested))
            requested = self._requested()
        if requested != seen[-1]:
            # There is no agreement: each excludes the other.
            requested = requested.union(*seen)
        self._activate_only((*selected, *sorted(requested, key=lambda item: item.sort_key)))
        self._raise_if_enabled_together()

    def _requested(self) -> set[ConflictItem]:
        """Return the extras that packages request of each other, given what is active."""
        return {ConflictItem(package.name, extra=extra) for package, extra in self._visit() if extra is not None}

    def _activate_only(self, items: Iterable[ConflictItem]) -> None:
        self.active.clear()
        self.encoded.clear()
        for item in items:
            self._activate(item)
        self.start = self._first_visits()

    def _raise_if_conflicting(self) -> None:
        for conflict in self.lock.conflicts.sets:
            items = [item for item in conflict.items if item in self.active]
            if len(items) > 1:
                from mauve.lock.selection_errors import ConflictingSelection

                raise ConflictingSelection(conflict, tuple(items))

    def _raise_if_enabled_together(self) -> None:
        """Raise for two extras of one set; groups and projects are refused only where they are selected, as in uv."""
        for conflict in self.lock.conflicts.sets:
            extras = [item for item in conflict.items if item.extra is not None and item in self.active]
            if len(extras) > 1:
                first, second = sorted(extras, key=lambda item: item.sort_key)[:2]
                from mauve.lock.selection_errors import ConflictingRequests

                raise ConflictingRequests(first, second)

    def packages(self) -> list[LockedPackage]:
        """Return every package that is reached, each once."""
        return list({id(package): package for package, _ in self._visit()}.values())


def _visit_key(visit: _Visit) -> tuple[int, ExtraName | None]:
    return id(visit[0]), visit[1]
