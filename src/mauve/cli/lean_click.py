"""click, imported without `inspect`, which is half of its cost and which it needs for help texts and pagers alone.

While click is imported a stand-in takes the place of `inspect`; click keeps it, and it loads the real module when an
attribute of it is asked for. Nothing is put in its place if `inspect` has been imported before.
"""

from __future__ import annotations

import sys
from types import ModuleType


class _Deferred(ModuleType):
    def __getattr__(self, name: str) -> object:
        from importlib import import_module

        return getattr(import_module(self.__name__), name)


_stand_in = _Deferred("inspect")
sys.modules.setdefault("inspect", _stand_in)
try:
    import click as click  # noqa: PLC0414 - for those who import it from here
finally:
    if sys.modules["inspect"] is _stand_in:
        del sys.modules["inspect"]
