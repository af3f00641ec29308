"""Modules that stand in for others while a library is imported that names them at its top but rarely needs them.

A stand-in loads the module that it stands for when an attribute is asked for; what is imported from it by name is a
function that does so when it is called. Nothing is kept from anyone else: the names are free again afterwards, and a
module that is there before stays.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import MutableMapping

_modules: MutableMapping[str, ModuleType | None] = sys.modules  # type: ignore[assignment]  # None: cannot be imported


class _Deferred(ModuleType):
    """Loads the module of its name for the first attribute; `functions` are imported by name meanwhile."""

    def __init__(self, name: str, functions: tuple[str, ...]) -> None:
        super().__init__(name)
        for function in functions:
            setattr(self, function, _deferred_function(name, function))

    def __getattr__(self, name: str) -> object:
        if name == "__path__":  # what an import asks to find out if this is a package
            raise AttributeError(name)
        return getattr(import_module(self.__name__), name)


def _deferred_function(module: str, name: str) -> object:
    def call(*positional: object, **named: object) -> object:
        return getattr(import_module(module), name)(*positional, **named)

    return call


class StandIns:
    """A block in which these modules are replaced.

    `_replaced` is what was put in place of what is not there yet: None where the module is to look missing.
    """

    __slots__ = ("_replaced",)

    def __init__(self, deferred: dict[str, tuple[str, ...]], missing: tuple[str, ...] = ()) -> None:
        """Defer the modules *deferred*, with the functions that are imported from them; hide those in *missing*."""
        self._replaced: dict[str, ModuleType | None] = {
            name: _Deferred(name, functions) for name, functions in deferred.items() if name not in _modules
        }
        self._replaced |= {name: None for name in missing if name not in _modules}

    def __enter__(self) -> None:
        """Put the stand-ins in place."""
        _modules.update(self._replaced)

    def __exit__(self, *_: object) -> None:
        """Free the names."""
        for name, module in self._replaced.items():
            if _modules.get(name, module) is module:
                _modules.pop(name, None)
