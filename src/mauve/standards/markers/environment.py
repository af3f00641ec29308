"""The environment markers are evaluated against: what one interpreter says about itself.

Specification: PEP 508 "Environment markers".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from mauve.standards.markers.diagram import TRUE, value_child
from mauve.standards.markers.variables import Kind
from mauve.standards.version_sets import LOWEST
from mauve.standards.versions import InvalidVersion, parse_version

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from mauve.standards.markers.diagram import Marker
    from mauve.standards.markers.variables import Cut, Variable


class MarkerEnvironment(Struct, frozen=True, kw_only=True):
    """The eleven values of PEP 508."""

    implementation_name: str
    implementation_version: str
    os_name: str
    platform_machine: str
    platform_python_implementation: str
    platform_release: str
    platform_system: str
    platform_version: str
    python_full_version: str
    python_version: str
    sys_platform: str


def evaluate(
    marker: Marker,
    environment: MarkerEnvironment,
    extras: AbstractSet[str] = frozenset(),
    groups: AbstractSet[str] = frozenset(),
) -> bool:
    """Return whether *marker* holds in *environment* with *extras* (and, for pylock files, *groups*) active."""
    while marker.children:
        marker = value_child(marker, _position(marker.variable, environment, extras, groups))
    return marker is TRUE


def _position(
    variable: Variable, environment: MarkerEnvironment, extras: AbstractSet[str], groups: AbstractSet[str]
) -> Cut:
    """Return where the value of *variable* lies on its line."""
    kind = variable.kind
    if kind is Kind.EXTRA:
        return int(variable.literal in extras)
    if kind is Kind.LIST:
        return int(variable.literal in (extras if variable.name == "extras" else groups))
    value: str = getattr(environment, variable.name)
    match kind:
        case Kind.STRING:
            return value
        case Kind.IN:
            return int(value in variable.literal)
        case Kind.CONTAINS:
            return int(variable.literal in value)
        case _:
            try:
                return parse_version(value).key
            except InvalidVersion:
                # Kernels call their releases what they like (`6.1-generic`); nothing is known, so below everything.
                return LOWEST
