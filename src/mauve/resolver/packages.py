"""The packages that the solver reasons about: real ones, and proxies that tie variants of one name together.

A requirement with an extra or a marker is a package of its own, so that forks and extras can be selected apart from
the name itself; each version of a proxy depends on the same version of what it stands for. Packages are interned:
equal ones are one object, compared and hashed by identity.

Specification: docs/resolution.md "Solver packages".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mauve.enumerations import Enum
from mauve.standards.markers.canonical import canonical_form
from mauve.standards.markers.diagram import TRUE
from mauve.standards.markers.extras import extra_names, with_extras
from mauve.standards.markers.render import render
from mauve.standards.names import PackageName

if TYPE_CHECKING:
    from mauve.standards.markers.diagram import Marker
    from mauve.standards.names import ExtraName, GroupName


class Kind(Enum):
    """What a solver package stands for."""

    ROOT = 1
    """All inputs of the resolution."""
    PYTHON = 2
    """The range of Pythons to be supported; never selected."""
    PACKAGE = 3
    """A name with its requirements, or the requirements of one of its extras or groups; maybe under a marker."""
    EXTRA = 4
    """Stands for a name together with one of its extras."""
    GROUP = 5
    """Stands for one dependency group of a name, without the name itself."""
    MARKER = 6
    """Stands for a name under a marker."""

    __hash__ = object.__hash__
    """By identity, which is enough for singletons; that of `Enum` is a function, and packages are looked up often."""


class Package:
    """One solver package; use `ROOT`, `PYTHON`, `real_package` and `required_package`.

    Attributes:
        name: empty for the root and Python.
        base: what a proxy of kind `EXTRA` or `MARKER` must agree with in version, otherwise None.
    """

    __slots__ = ("base", "extra", "group", "kind", "marker", "name")

    kind: Kind
    name: PackageName
    extra: ExtraName | None
    group: GroupName | None
    marker: Marker
    base: Package | None

    def __init__(
        self,
        kind: Kind,
        name: PackageName,
        extra: ExtraName | None = None,
        group: GroupName | None = None,
        marker: Marker = TRUE,
    ) -> None:
        """Store the parts."""
        self.kind = kind
        self.name = name
        self.extra = extra
        self.group = group
        self.marker = marker
        self.base = real_package(name) if kind in {Kind.EXTRA, Kind.MARKER} else None

    def __repr__(self) -> str:
        """Show the notation of messages."""
        return f"<{self.kind.name.lower()} {self}>"

    def __str__(self) -> str:
        """Return the notation of messages, such as `name[extra]{marker}`."""
        match self.kind:
            case Kind.ROOT:
                return "root"
            case Kind.PYTHON:
                return "Python"
            case Kind.EXTRA:
                # The marker of these proxies is not part of their notation.
                return f"{self.name}[{self.extra}]"
            case Kind.GROUP:
                return f"{self.name}:{self.group}"
            case Kind.MARKER | Kind.PACKAGE:
                extra = f"[{self.extra}]" if self.extra is not None else ""
                group = f":{self.group}" if self.group is not None else ""
                return f"{self.name}{extra}{group}{self._marker_text}"

    @property
    def _marker_text(self) -> str:
        return "" if self.marker is TRUE else f"{{{render(self.marker)}}}"

    @property
    def is_base(self) -> bool:
        """Return whether this is a name without extra, group and marker."""
        return self.kind is Kind.PACKAGE and self.extra is None and self.group is None and self.marker is TRUE


ROOT: Final = Package(Kind.ROOT, PackageName(""))
PYTHON: Final = Package(Kind.PYTHON, PackageName(""))

_known: dict[tuple[object, ...], Package] = {}


def _interned(
    kind: Kind, name: PackageName, extra: ExtraName | None, group: GroupName | None, marker: Marker
) -> Package:
    key = (kind, name, extra, group, marker)
    return _known.get(key) or _known.setdefault(key, Package(kind, name, extra, group, marker))


def real_package(
    name: PackageName, extra: ExtraName | None = None, group: GroupName | None = None, marker: Marker = TRUE
) -> Package:
    """Return the package that carries the requirements of *name*, of its *extra*, or of its *group*."""
    return _interned(Kind.PACKAGE, name, extra, group, marker)


def required_package(
    name: PackageName, extra: ExtraName | None = None, group: GroupName | None = None, marker: Marker = TRUE
) -> Package:
    """Return the package that a requirement depends on: a proxy, unless it has no extra, group and marker."""
    extras = extra_names(marker)
    if extras:
        # Extras are packages of their own; a marker that still names them would make one package two.
        marker = with_extras(marker, dict.fromkeys(extras, True))
    # Conditions that differ only where no platform is possible are one.
    marker = canonical_form(marker)
    if extra is not None:
        return _interned(Kind.EXTRA, name, extra, None, marker)
    if group is not None:
        return _interned(Kind.GROUP, name, None, group, marker)
    return _interned(Kind.PACKAGE if marker is TRUE else Kind.MARKER, name, None, None, marker)


def with_marker(package: Package, marker: Marker) -> Package:
    """Return *package* under another *marker*, of the same kind even if that marker always holds."""
    return _interned(package.kind, package.name, package.extra, package.group, marker)
