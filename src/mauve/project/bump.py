"""Raise a version component by component, and bound a requirement by the version that was chosen.

Specification: PEP 440, docs/project.md "version", "add".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from mauve.enumerations import StrEnum
from mauve.errors import MauveError
from mauve.standards.specifiers import Specifiers, parse_specifiers
from mauve.standards.versions import Version, derived_version

if TYPE_CHECKING:
    from collections.abc import Sequence


class Component(StrEnum):
    """What can be raised."""

    MAJOR = "major"
    MINOR = "minor"
    PATCH = "patch"
    STABLE = "stable"
    ALPHA = "alpha"
    BETA = "beta"
    RC = "rc"
    POST = "post"
    DEV = "dev"


_RELEASE: Final = (Component.MAJOR, Component.MINOR, Component.PATCH)
_PRE: Final = {Component.ALPHA: "a", Component.BETA: "b", Component.RC: "rc"}
_ORDER: Final = {component: place for place, component in enumerate(Component)}


class Bump(Struct, frozen=True):
    """One `--bump`; *value* is the number to set in place of the next one."""

    component: Component
    value: int | None = None

    def __str__(self) -> str:
        """Return the bump as it is typed."""
        return self.component if self.value is None else f"{self.component}={self.value}"


class ContradictoryBumps(MauveError):
    """Several bumps do not go together; the text says which."""


class NotIncreased(MauveError):
    """A bump would not give a higher version."""

    def __init__(self, old: Version, new: Version) -> None:
        """Keep both versions."""
        super().__init__(old, new)
        self.old = old
        self.new = new

    def __str__(self) -> str:
        """Return the message with what to do, as uv writes it on one line."""
        old, new = self.old, self.new
        if new.pre is not None and not old.is_prerelease:
            advice = (
                "when bumping to a pre-release version you also need to increase a release version component, e.g., "
                "with `--bump <major|minor|patch>`"
            )
        elif new.dev is not None and old.dev is None:
            advice = (
                "when bumping to a dev version you also need to increase another version component, e.g., with "
                "`--bump <major|minor|patch|alpha|beta|rc>`"
            )
        else:
            advice = "provide the exact version to force an update"
        return f"{old} => {new} didn't increase the version; {advice}"


class _Fields:
    """The parts of a version that change, and those that stay."""

    def __init__(self, version: Version) -> None:
        self.epoch = version.epoch
        self.release = list(version.release)
        self.pre = version.pre
        self.post = version.post
        self.dev = version.dev
        self.local = version.local

    def raise_release(self, place: int, value: int | None) -> None:
        self.release += [0] * (place + 1 - len(self.release))
        self.release[place] = self.release[place] + 1 if value is None else value
        self.release[place + 1 :] = [0] * (len(self.release) - place - 1)
        self.pre = self.post = self.dev = None

    def raise_pre(self, letter: str, value: int | None) -> None:
        following = self.pre[1] + 1 if self.pre is not None and self.pre[0] == letter else 1
        self.pre = (letter, following if value is None else value)
        self.post = self.dev = None

    def apply(self, bump: Bump) -> None:
        component, value = bump.component, bump.value
        if component in _RELEASE:
            self.raise_release(_RELEASE.index(component), value)
        elif component in _PRE:
            self.raise_pre(_PRE[component], value)
        elif component is Component.STABLE:
            self.pre = self.post = self.dev = None
        elif component is Component.POST:
            self.post = ((self.post or 0) + 1) if value is None else value
            self.dev = None
        else:
            self.dev = ((self.dev or 0) + 1) if value is None else value

    def version(self) -> Version:
        text = f"{self.epoch}!" if self.epoch else ""
        text += ".".join(map(str, self.release))
        if self.pre is not None:
            text += f"{self.pre[0]}{self.pre[1]}"
        if self.post is not None:
            text += f".post{self.post}"
        if self.dev is not None:
            text += f".dev{self.dev}"
        if self.local:
            text += "+" + ".".join(map(str, self.local))
        return derived_version(text)


def bump_version(version: Version, bumps: Sequence[Bump]) -> Version:
    """Return *version* with every bump applied, release components first.

    Raises:
        ContradictoryBumps: two of them exclude each other.
        NotIncreased: the result is not higher.
    """
    names = ", ".join(map(str, bumps))
    components = [bump.component for bump in bumps]
    for alone in (Component.STABLE, Component.POST):
        if alone in components and len(components) > 1:
            raise ContradictoryBumps(f"`--bump {alone}` cannot be used with another `--bump` value, got: {names}")
    for kind, group in (("release", _RELEASE), ("pre-release", (*_PRE, Component.DEV))):
        if sum(component in group for component in components) > 1:
            raise ContradictoryBumps(f"Only one {kind} version component can be provided to `--bump`, got: {names}")
    fields = _Fields(version)
    for bump in sorted(bumps, key=lambda bump: _ORDER[bump.component]):
        fields.apply(bump)
    raised = fields.version()
    if raised <= version:
        raise NotIncreased(version, raised)
    return raised


class BoundKind(StrEnum):
    """What `add` writes for a requirement without specifier."""

    LOWER = "lower"
    MAJOR = "major"
    MINOR = "minor"
    EXACT = "exact"


def bound_specifiers(version: Version, kind: BoundKind) -> Specifiers:
    """Return the specifiers that bound a requirement around the chosen *version*.

    The upper bound has as many components as the version; in 0.x the first component that is not 0 counts as
    the major one.
    """
    public = version.without_local()
    if kind is BoundKind.EXACT:
        return parse_specifiers(f"=={public}")
    if kind is BoundKind.LOWER:
        return parse_specifiers(f">={public}")
    release = public.release
    leading = 0
    while leading < len(release) - 1 and release[leading] == 0:
        leading += 1
    place = leading if kind is BoundKind.MAJOR else leading + 1
    if kind is BoundKind.MINOR and leading:
        place = min(leading + 1, 2)
    upper = list(release) + [0] * (place + 1 - len(release))
    upper[place] += 1
    upper[place + 1 :] = [0] * (len(upper) - place - 1)
    return parse_specifiers(f">={public},<{'.'.join(map(str, upper))}")
