"""The real uv that differential tests compare with."""

from __future__ import annotations

import os
import shutil
from functools import cache

from mauve.compatibility import COMPATIBLE_UV


@cache
def oracle_uv() -> str:
    """Return the path of uv: of `MAUVE_ORACLE_UV`, of the package `uv` beside this interpreter, or on the path.

    Raises:
        LookupError: there is none; a differential test without its other half must fail, not pass over it.
    """
    named = os.environ.get("MAUVE_ORACLE_UV")
    if named:
        return named
    try:
        from uv import find_uv_bin
    except ImportError:
        found = shutil.which("uv")
        if found is None:
            raise LookupError(f"uv {COMPATIBLE_UV} is needed: install the dependency group `test`") from None
        return found
    return os.fspath(find_uv_bin())
