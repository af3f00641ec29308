"""A stand-in for `logging` while libraries are imported that have a logger each, and mostly nothing to say.

The module is loaded when one of them has more to say than what helps to find their own faults.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from mauve.stand_ins import real_module

if TYPE_CHECKING:
    from collections.abc import Mapping


class _Logger:
    """Stands for the logger called *name*."""

    def __init__(self, name: str) -> None:
        self._name = name

    def debug(self, *_: object, **__: object) -> None:
        """Say nothing: nobody has asked for it, since there is no `logging` that could be told to show it."""

    def addHandler(self, handler: object) -> None:  # noqa: N802 - a name of `logging`
        """Take no handler: warnings are written to standard error without one."""

    def __getattr__(self, name: str) -> object:
        return getattr(real_module("logging").getLogger(self._name), name)


def _no_handler(*_: object) -> None:
    """Make no handler."""


LOGGING: Final[Mapping[str, object]] = MappingProxyType(
    {"DEBUG": 10, "StreamHandler": _no_handler, "getLogger": _Logger}
)
"""For `StandIns`: what is imported from `logging`, or called, while a library is loaded."""
