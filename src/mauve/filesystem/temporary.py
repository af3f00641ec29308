"""Folders for as long as something takes, named as uv names them: `.tmp` and six letters or digits."""

from __future__ import annotations

import os
from typing import Final

_CHARACTERS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_LENGTH: Final = 6


def make_temporary_folder(parent: str) -> str:
    """Return a new folder below *parent*, which is made if it is missing; the caller removes it."""
    while True:
        # `tempfile` would import a generator of random numbers, which takes milliseconds.
        name = "".join([_CHARACTERS[number % len(_CHARACTERS)] for number in os.urandom(_LENGTH)])
        path = os.path.join(parent, f".tmp{name}")
        try:
            os.mkdir(path, 0o700)
        except FileExistsError:
            continue
        except FileNotFoundError:
            os.makedirs(parent, exist_ok=True)
            continue
        return path
