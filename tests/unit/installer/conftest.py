"""An empty environment and a wheel store for the tests of the installer."""

from __future__ import annotations

from pathlib import Path

import pytest

from mauve.installer.store import WheelStore
from mauve.installer.target import InstallTarget


@pytest.fixture
def target(tmp_path: Path) -> InstallTarget:
    """Return the scheme of an environment whose folders do not exist yet."""
    root = f"{tmp_path}/env"
    library = f"{root}/lib/python3.12/site-packages"
    return InstallTarget(
        root=root,
        purelib=library,
        platlib=library,
        scripts=f"{root}/bin",
        data=root,
        headers=f"{root}/include/site/python3.12",
        python=f"{root}/bin/python",
        minor=13,
    )


@pytest.fixture
def store(tmp_path: Path) -> WheelStore:
    """Return an empty wheel store."""
    return WheelStore(f"{tmp_path}/cache/mauve-wheels-v1")
