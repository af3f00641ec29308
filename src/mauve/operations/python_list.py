"""The interpreters that are installed, as a list to show."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from msgspec import Struct

from mauve.python.discovery import EnvironmentPreference, Source
from mauve.python.request import AnyRequest

if TYPE_CHECKING:
    from collections.abc import Callable

    from mauve.operations.context import Services
    from mauve.python.discovery import InspectionFailed
    from mauve.python.interpreter import Interpreter


class ListedPython(Struct, frozen=True):
    """One executable.

    Attributes:
        path: as it was found.
        link: what the path is a link to, None if it is none.
    """

    interpreter: Interpreter
    path: str
    link: str | None


_IMPLEMENTATIONS = ("cpython", "pypy", "graalpy", "pyodide")


def list_pythons(
    requested: str | None, services: Services, tell_broken: Callable[[InspectionFailed], None]
) -> list[ListedPython]:
    """Return the executables of the system that fit what is *requested*, the newest version first, each path once.

    Args:
        requested: None for all.
        services: of the run.
        tell_broken: told about executables that cannot be asked.

    Raises:
        MauveError: the request cannot be fulfilled by anything.
    """
    discovery = services.discovery
    request = AnyRequest() if requested is None else discovery.parse_request(requested)
    found: dict[str, tuple[tuple[object, ...], ListedPython]] = {}
    for each in discovery.find_all(request, EnvironmentPreference.ONLY_SYSTEM, tell_broken):
        if each.path in found:
            continue
        absolute = os.path.join(services.directory, each.path)
        link = os.readlink(absolute) if os.path.islink(absolute) else None
        is_managed = each.source is Source.MANAGED
        found[each.path] = (
            _rank(each.interpreter, each.path, is_managed=is_managed),
            ListedPython(each.interpreter, each.path, link),
        )
    ranked = sorted(found.values(), key=lambda entry: entry[0], reverse=True)
    return [listed for _, listed in ranked]


def _rank(interpreter: Interpreter, path: str, *, is_managed: bool) -> tuple[object, ...]:
    """Return the place in the list; the greatest comes first."""
    name = interpreter.implementation
    order = _IMPLEMENTATIONS.index(name) if name in _IMPLEMENTATIONS else len(_IMPLEMENTATIONS)
    return -order, interpreter.version, not interpreter.variant, interpreter.key, not is_managed, path
