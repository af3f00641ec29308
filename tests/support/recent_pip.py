"""A pip that reads `pylock.toml`."""

from __future__ import annotations

import os
import subprocess
import sys
from functools import cache

FIRST = (26, 1)


@cache
def recent_pip() -> str:
    """Return an interpreter whose pip reads `pylock.toml`: of `MAUVE_RECENT_PIP`, or this one.

    Raises:
        LookupError: its pip is too old; a test with it must fail, not pass over it.
    """
    python = os.environ.get("MAUVE_RECENT_PIP") or sys.executable
    code = "import pip; print(*pip.__version__.split('.')[:2])"
    answer = subprocess.run([python, "-c", code], check=False, capture_output=True, text=True).stdout.split()
    if tuple(map(int, answer)) < FIRST:
        raise LookupError("pip 26.1 or later is needed: install the dependency group `test`, or set MAUVE_RECENT_PIP")
    return python
