"""asyncio, imported without what it has for encryption, threads, child processes, signals and descriptions of errors.

Connections are made by `mauve.network.pool`, and encrypted ones alone need `ssl`: it is loaded with the first of them.
So is the rest when it is asked for. All this is more than half of the time that the import takes.

Other threads import at the same time, and may get a stand-in while this does: so none but functions and types that
nobody else asks for are imported by name.
"""

from __future__ import annotations

import concurrent  # noqa: F401 - so that the stand-in for its module is found there
from types import CoroutineType

from mauve.network.silent_logging import LOGGING
from mauve.stand_ins import StandIns


class Unseen:
    """A type that no value has."""


def is_coroutine(value: object) -> bool:
    """Stand for the function of `inspect`."""
    return isinstance(value, CoroutineType)


with StandIns(
    {
        "asyncio.sslproto": (),
        "inspect": (),
        "ipaddress": (),
        "signal": ("Signals",),
        "traceback": ("extract_stack",),
    },
    values={
        "concurrent.futures": {name: name for name in ("FIRST_COMPLETED", "FIRST_EXCEPTION", "ALL_COMPLETED")},
        "inspect": {"iscoroutine": is_coroutine},
        "logging": LOGGING,
        "ssl": {"SSLSocket": Unseen},
        "subprocess": {"PIPE": -1, "STDOUT": -2, "DEVNULL": -3},
    },
):
    import asyncio as asyncio  # noqa: PLC0414 - for those who import it from here
