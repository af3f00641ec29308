"""The words in which a failed resolution is explained, for `mauve.solver.explanation`.

Specification: docs/resolution.md "Explaining a failure".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mauve.enumerations import Enum
from mauve.resolver.availability import (
    MetadataInconsistent,
    MetadataInvalid,
    MetadataOffline,
    MetadataRefused,
    MissingPlatform,
    NoDistributions,
    NoMatchingTag,
    NoUsableSdist,
    NoUsableWheels,
    PackageNoIndex,
    PackageNotFound,
    PackageOffline,
    RequiresPython,
    UnsatisfiableRequirement,
    Yanked,
)
from mauve.resolver.packages import Kind
from mauve.resolver.ranges import single_version, within_available
from mauve.solver.explanation import padded
from mauve.solver.incompatibility import DependsOn, NoVersions, RootSelected, Unavailable
from mauve.standards.markers.order import sort_key
from mauve.standards.markers.render import render
from mauve.standards.range_text import bounds_of
from mauve.standards.specifiers import parse_specifiers
from mauve.standards.tags import TagMismatch

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mauve.resolver.packages import Package
    from mauve.resolver.target import Target
    from mauve.solver.explanation import Fact
    from mauve.solver.term import Term
    from mauve.standards import requires_python
    from mauve.standards.names import PackageName
    from mauve.standards.version_sets import VersionSet
    from mauve.standards.versions import Version


class Role(Enum):
    """What a range stands for in a sentence; the words for a full range and for several intervals differ."""

    NEEDED = 1
    """What somebody depends on."""
    MEANT = 2
    """The versions that are spoken of."""
    AVAILABLE = 3
    """The versions that exist."""


_SEVERAL = {Role.NEEDED: "one of:", Role.MEANT: "all of:", Role.AVAILABLE: "are available:"}
_ORDER = {
    Kind.ROOT: 0,
    Kind.PYTHON: 1,
    Kind.PACKAGE: 2,
    Kind.EXTRA: 3,
    Kind.GROUP: 4,
    Kind.MARKER: 5,
}


def range_text(package: Package, versions: VersionSet, role: Role) -> str:
    """Return *versions* of *package*; several intervals are a list with a line for each, and end in a line break."""
    if versions.is_empty:
        return f"{package} ∅"
    if versions.is_full:
        return f"all versions of {package}" if role is Role.MEANT else str(package)
    texts = [f"{package}{bounds}" for bounds in bounds_of(versions)]
    if len(texts) == 1:
        return texts[0]
    return _SEVERAL[role] + "".join(f"\n    {text}" for text in texts) + "\n"


TAG_KINDS: Final = {
    TagMismatch.PYTHON: "Python implementation",
    TagMismatch.ABI: "Python ABI",
    TagMismatch.PLATFORM: "platform",
}


class Phrases:
    """Words for one failure; a `mauve.solver.explanation.Wording`."""

    def __init__(
        self,
        members: frozenset[PackageName],
        requires_python: requires_python.RequiresPython,
        available: Mapping[PackageName, Sequence[Version]],
        target: Target | None = None,
        project_name: PackageName | None = None,
    ) -> None:
        """Set what the words depend on.

        Args:
            members: names of the first-party projects; the only one is "your project".
            requires_python: of the whole resolution.
            available: versions inside the cut-off, ascending, of every name that was looked at.
            target: the one environment that is resolved for.
            project_name: who requires what is asked for, if not simply "you".
        """
        self._project_name = project_name
        self._members = members
        self._requires_python = requires_python
        self._target = target
        self._available = available
        self._place = "project" if len(members) == 1 else "workspace"

    # --- facts

    def fact(self, fact: Fact[Package, VersionSet]) -> str:
        """Return one fact."""
        match fact:
            case RootSelected(package):
                return f"we are solving dependencies of {package}"
            case NoVersions(package, versions):
                return self._missing(package, versions)
            case Unavailable(package, _, UnsatisfiableRequirement() as reason) if package.kind is Kind.ROOT:
                return f"{self._root_requires} {self._version_reason(reason)[1].removeprefix('on ')}"
            case Unavailable(package, versions, reason):
                return self._unavailable(package, versions, reason)
            case DependsOn(parent, parent_versions, child, child_versions):
                return self._dependency(parent, parent_versions, child, child_versions)

    def both(self, first: Fact[Package, VersionSet], second: Fact[Package, VersionSet]) -> str:
        """Return two facts; two dependencies of the same versions become one."""
        if (
            isinstance(first, DependsOn)
            and isinstance(second, DependsOn)
            and first.parent is second.parent
            and first.parent_versions == second.parent_versions
        ):
            needed = padded("", self._range(first.child, first.child_versions, Role.NEEDED), " ")
            also = self._range(second.child, second.child_versions, Role.NEEDED)
            if first.parent.kind is Kind.ROOT:
                return f"{self._root_requires} {needed}and {also}"
            return f"{self._depends(first.parent, first.parent_versions)}{needed}and {also}"
        if self._is_root_on_project(second):
            return self.fact(first)
        if self._is_root_on_project(first):
            return self.fact(second)
        return f"{padded('', self.fact(first), ' ')}and {self.fact(second)}"

    def _is_root_on_project(self, fact: Fact[Package, VersionSet]) -> bool:
        return (
            isinstance(fact, DependsOn)
            and fact.parent.kind is Kind.ROOT
            and fact.child.kind is Kind.PACKAGE
            and self._member(fact.child) == "your project"
        )

    def _missing(self, package: Package, versions: VersionSet) -> str:
        if package.kind is Kind.PYTHON:
            wanted = range_text(package, versions, Role.MEANT)
            asked, version = "requested", str(self._requires_python)
            if self._target is not None:
                asked, version = "requested" if self._target.is_asked_for else "current", self._target.python
            return f"the {asked} {package} version ({version}) does not satisfy {wanted}"
        if versions.is_full:
            return f"there are no versions of {package}"
        if single_version(versions) is not None:
            return f"there is no version of {range_text(package, versions, Role.NEEDED)}"
        left = ~versions
        available = self._available.get(package.name)
        if available is not None:
            left = within_available(left, available)
        if left.is_empty:
            return f"there are no versions of {package}"
        described = self._range(package, left, Role.AVAILABLE)
        if len(left.cuts) <= 2:
            return f"only {described} is available"
        return f"only the following versions of {package} {described}"

    def _unavailable(self, package: Package, versions: VersionSet, reason: object) -> str:
        if isinstance(reason, PackageNotFound | PackageNoIndex | PackageOffline):
            return f"{package} was {_PACKAGE_REASONS[type(reason)]}"
        verb, rest = self._version_reason(reason)
        plural = self._is_plural(package, versions)
        # Behind a list the blank begins the line, as in uv.
        return f"{self._range(package, versions, Role.MEANT)} {_PLURALS[verb] if plural else verb} {rest}"

    def _version_reason(self, reason: object) -> tuple[str, str]:
        """Return the verb, in the singular, and the rest of the sentence."""
        match reason:
            case Yanked(text):
                text = text.strip().rstrip(".")
                return "was", f"yanked (reason: {text})" if text else "yanked"
            case NoMatchingTag(mismatch=mismatch, example=tag) if mismatch is not None:
                return "has", f"no wheels with a matching {TAG_KINDS[mismatch]} tag (e.g., `{tag}`)"
            case NoMatchingTag():
                major, minor = self._requires_python.first_minor
                example = f" (e.g., `cp{major}{minor}`)" if major else ""
                return "has", f"no wheels with a matching Python version tag{example}"
            case NoUsableWheels():
                return "has", "no usable wheels"
            case NoUsableSdist():
                return "has", "no source distribution"
            case NoDistributions():
                return "has", "no available distributions"
            case MissingPlatform(marker):
                return "has", f"no {_platform_text(render(marker))}compatible wheels"
            case RequiresPython(specifiers):
                return "requires", f"Python {specifiers}"
            case MetadataInvalid(is_structure=is_structure):
                return "has", "an invalid package format" if is_structure else "invalid metadata"
            case MetadataRefused(status):
                return "could", f"not be fetched from the network (`{status}`)"
            case MetadataInconsistent():
                return "has", "inconsistent metadata"
            case MetadataOffline():
                return "needs", "to be downloaded from a registry"
            case UnsatisfiableRequirement(name, specifiers):
                ordered = sorted(parse_specifiers(specifiers).specifiers, key=lambda clause: clause.version.key)
                clauses = " and ".join(f"{name}{clause}" for clause in ordered)
                return "depends", f"on {clauses}, which are incompatible"
            case _:
                return "is", "unavailable"

    def _dependency(
        self, parent: Package, parent_versions: VersionSet, child: Package, child_versions: VersionSet
    ) -> str:
        if parent != child and parent.name == child.name and (member := self._member(parent)) is not None:
            needed = range_text(child, child_versions, Role.NEEDED)
            return f"{member} depends on itself at an incompatible version ({needed})"
        if parent == child:
            itself = (
                "have incompatible dependencies on themselves"
                if self._is_plural(parent, parent_versions)
                else "has an incompatible dependency on itself"
            )
            return f"{self._range(parent, parent_versions, Role.MEANT)} {itself}"
        needed = self._range(child, child_versions, Role.NEEDED)
        if parent.kind is Kind.ROOT:
            return f"{self._root_requires} {needed}"
        return f"{self._depends(parent, parent_versions)}{needed}"

    def _depends(self, parent: Package, versions: VersionSet) -> str:
        verb = "depend on" if self._is_plural(parent, versions) else "depends on"
        return f"{padded('', self._range(parent, versions, Role.MEANT), ' ')}{verb} "

    # --- conclusions

    def terms(self, terms: Mapping[Package, Term[VersionSet]]) -> str:
        """Return what follows if *terms* must not all hold."""
        ordered = sorted(terms.items(), key=lambda item: _package_order(item[0]))
        match ordered:
            case []:
                return "the requirements are unsatisfiable"
            case [(package, _)] if package.kind is Kind.ROOT:
                return f"{self._root} are unsatisfiable"
            case [(package, term)] if package.kind is Kind.PACKAGE:
                if not term.positive:
                    return f"{self._range(package, term.versions, Role.MEANT)} must be used"
                member = self._member(package)
                if member is not None:
                    return f"{member}'s requirements are unsatisfiable"
                return f"{self._range(package, term.versions, Role.MEANT)} cannot be used"
            case [(first, one), (second, other)] if one.positive is not other.positive:
                if one.positive:
                    return self._dependency(first, one.versions, second, other.versions)
                return self._dependency(second, other.versions, first, one.versions)
            case _:
                texts = [self._term(package, term) for package, term in ordered]
                if len(texts) == 1:
                    return f"{texts[0]} cannot be used"
                return f"{' and '.join(texts) if len(texts) == 2 else ', '.join(texts)} are incompatible"

    def _term(self, package: Package, term: Term[VersionSet]) -> str:
        if term.positive:
            return self._range(package, term.versions, Role.MEANT)
        version = single_version(term.versions)
        if version is not None:
            return f"{package}!={range_text(package, term.versions, Role.NEEDED).rpartition('==')[2]}"
        return self._range(package, ~term.versions, Role.MEANT)

    # --- packages

    def _range(self, package: Package, versions: VersionSet, role: Role) -> str:
        if package.kind is Kind.ROOT:
            return self._root
        return self._member(package) or range_text(package, versions, role)

    def _is_plural(self, package: Package, versions: VersionSet) -> bool:
        if self._member(package) is not None:
            return False
        return versions.is_full or len(versions.cuts) > 2

    def _member(self, package: Package) -> str | None:
        """Return how a first-party project is called, None if *package* is none."""
        if package.name not in self._members or package.kind not in {Kind.PACKAGE, Kind.EXTRA, Kind.GROUP}:
            return None
        is_project = package.kind is Kind.PACKAGE and package.extra is None and package.group is None
        return "your project" if is_project and len(self._members) == 1 else str(package)

    @property
    def _root(self) -> str:
        return f"your {self._place}'s requirements" if self._members else "your requirements"

    @property
    def _root_requires(self) -> str:
        if self._project_name is not None:
            return f"{self._project_name} depends on"
        return f"your {self._place} requires" if self._members else "you require"


_PACKAGE_REASONS: dict[type, str] = {
    PackageNotFound: "not found in the package registry",
    PackageNoIndex: "not found in the provided package locations",
    PackageOffline: "not found in the cache",
}
_PLURALS = {
    "was": "were",
    "could": "could",
    "has": "have",
    "requires": "require",
    "needs": "need",
    "depends": "depend",
    "is": "are",
}
_PLATFORMS = {
    "sys_platform == 'linux'": "Linux",
    "sys_platform == 'darwin'": "macOS",
    "sys_platform == 'win32'": "Windows",
}


def _platform_text(marker: str | None) -> str:
    if marker is None:
        return ""
    known = _PLATFORMS.get(marker)
    return f"{known}-" if known else f"`{marker}`-"


def _package_order(package: Package) -> tuple[object, ...]:
    kind = _ORDER[package.kind]
    return (
        kind,
        package.name,
        (package.extra is not None, package.extra or ""),
        (package.group is not None, package.group or ""),
        sort_key(package.marker),
    )
