"""anyio and asyncio, imported without what they have for sockets, streams and child processes' pipes of their own.

Connections are made by `mauve.network.pool`, and encrypted ones alone need `ssl`: it is loaded with the first of them.
Of anyio tasks, locks and threads are used. It finds out where its names come from by parsing its own source with
`inspect` and `ast`, which cost more than the rest of it; here its lines of imports are read. Child processes, signals
and what describes errors are loaded when they are asked for. All this is half of the time that the two take.

Other threads import at the same time; see `mauve.network.lean_httpx`.
"""

from __future__ import annotations

import concurrent  # noqa: F401 - so that the stand-in for its module is found there
import sys
from importlib import import_module
from types import CoroutineType

from mauve.network.silent_logging import LOGGING
from mauve.stand_ins import LATE_DATA_CLASSES, StandIns

_IMPORT = "\n    from ."
_ONLY_WHILE_IMPORTED = ("TYPE_CHECKING", "fix_package_names", "install_lazy_importer", "set_deprecated_aliases")


class _Unseen:
    """A type that no value has."""


def _is_coroutine(value: object) -> bool:
    return isinstance(value, CoroutineType)


def _sentinel(name: str, *_: object, **__: object) -> object:
    """Return a value that is nothing but itself."""
    del name
    return _Unseen()


def _install_lazy_importer() -> bool:
    """Have the package that calls this import a name when it is asked for it; return whether that is possible."""
    package = sys._getframe(1).f_globals  # noqa: SLF001 - as in the function that this stands for
    places = _places(package["__file__"])
    if not places:
        return False

    def load(name: str) -> object:
        place = places.get(name)
        if place is None:
            raise AttributeError(name)
        prefix = package["__name__"]
        value: object = import_module(f"{prefix}.{place or name}")
        if place:
            value = getattr(value, name)
        package[name] = value
        return value

    for name in _ONLY_WHILE_IMPORTED:
        package.pop(name, None)
    package["__getattr__"] = load
    return True


def _places(path: str) -> dict[str, str]:
    """Return where a package imports its names from; empty for those that are modules of it."""
    with open(path, encoding="utf-8") as file:
        statements = file.read().split(_IMPORT)[1:]
    places: dict[str, str] = {}
    for statement in statements:
        place, _, names = statement.partition(" import ")
        line = names[1:].partition(")")[0] if names.startswith("(") else names.partition("\n")[0]
        places |= {name.split()[0]: place for name in line.split(",") if name.strip()}
    return places


def _nothing(*_: object) -> None:
    """Do nothing."""


with StandIns(
    {
        "anyio._core._sockets": ("convert_ipv6_sockaddr",),
        "anyio._core._streams": ("create_memory_object_stream",),
        "asyncio.sslproto": (),
        "concurrent.futures": ("Future",),
        "inspect": ("getcoroutinestate",),
        "queue": ("Queue",),
        "signal": ("Signals",),
        "textwrap": ("dedent",),
        "traceback": ("extract_stack",),
    },
    values={
        "anyio._lazyimport": {
            "fix_package_names": _nothing,
            "install_lazy_importer": _install_lazy_importer,
            "set_deprecated_aliases": _nothing,
        },
        "concurrent.futures": {name: name for name in ("FIRST_COMPLETED", "FIRST_EXCEPTION", "ALL_COMPLETED")},
        "dataclasses": LATE_DATA_CLASSES,
        "inspect": {
            "CORO_RUNNING": "CORO_RUNNING",
            "CORO_SUSPENDED": "CORO_SUSPENDED",
            "iscoroutine": _is_coroutine,
        },
        "ipaddress": {"IPv4Address": _Unseen, "IPv6Address": _Unseen},
        "logging": LOGGING,
        "ssl": {"SSLSocket": _Unseen},
        "subprocess": {"PIPE": -1, "STDOUT": -2, "DEVNULL": -3},
        "typing_extensions": {"sentinel": _sentinel},
    },
):
    import anyio as anyio  # noqa: PLC0414 - for those who import it from here
    import anyio.to_thread  # noqa: F401 - so that it is imported here

    # What `anyio.run` imports by this name, but then with all that it names.
    import_module("anyio._backends._asyncio")
