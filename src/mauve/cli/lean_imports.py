"""click and msgspec, imported without modules that cost as much as they do and that nothing here needs of them.

click needs `inspect` for help texts and pagers: while click is imported, a stand-in takes its place, which loads the
real module when an attribute of it is asked for. msgspec takes from `typing_extensions`, which imports `inspect` too,
what `typing` has since Python 3.11, and does so if it is not there. Together they cost 25 ms, of 60.

Neither is kept from anyone else: the names are free again afterwards, and a module that is there before stays.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import MutableMapping


class _Deferred(ModuleType):
    def __getattr__(self, name: str) -> object:
        from importlib import import_module

        return getattr(import_module(self.__name__), name)


_modules: MutableMapping[str, ModuleType | None] = sys.modules  # type: ignore[assignment]  # None: cannot be imported
_replaced: dict[str, ModuleType | None] = {
    name: module
    for name, module in (("inspect", _Deferred("inspect")), ("typing_extensions", None))
    if name not in _modules
}
_modules.update(_replaced)
try:
    import click as click  # noqa: PLC0414 - for those who import it from here
    import msgspec as msgspec  # noqa: PLC0414
finally:
    for _name, _module in _replaced.items():
        if _modules.get(_name, _module) is _module:
            _modules.pop(_name, None)
