"""Wheels that had to be made or read for their metadata: kept unpacked, for the installation that is likely to follow.

A wheel that was built is remembered under the source that it was built of, its present state and the settings of the
build, which is how `installer.cached` looks for it.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from msgspec import Struct

from mauve.errors import MauveError

if TYPE_CHECKING:
    from mauve.distributions.files import Wheel
    from mauve.installer.ports import SourceStates
    from mauve.installer.store import WheelStore
    from mauve.standards.names import PackageName


class BuiltOf(Struct, frozen=True):
    """The source of a wheel as the store knows it.

    Attributes:
        key: as `installer.cached.build_origin` makes it.
        stamp: the state of what can change, taken before the build; empty for what cannot.
    """

    key: str
    stamp: bytes = b""


class WheelKeeper:
    """Puts wheels into the store; implements `mauve.metadata.archives.WheelKeeper`."""

    def __init__(self, store: WheelStore, states: SourceStates) -> None:
        """Unpack wheels into *store*, with the states that *states* tells of local sources."""
        self._store = store
        self._states = states

    def keep(self, wheel: Wheel, content: bytes, sha256: str, path: str | None) -> None:
        """Unpack *wheel*, which was read as a whole; *path* is that of a local file."""
        from mauve.installer.cached import wheel_origin
        from mauve.installer.store import Pointed

        name = wheel.filename.name
        if self._add(name, content, sha256) and path is not None:
            pointed = Pointed(wheel.file.filename, sha256, self._states.state(path))
            self._store.point(name, wheel_origin(wheel, path), pointed)

    def keep_built(self, path: str, name: PackageName, origin: BuiltOf, build_info: bytes) -> None:
        """Unpack the wheel of *name* at *path*, which was built of *origin* under the settings in *build_info*."""
        from hashlib import sha256

        from mauve.installer.store import Pointed
        from mauve.standards.filenames import parse_wheel_filename

        filename = os.path.basename(path)
        if parse_wheel_filename(filename).name != name:
            return
        with open(path, "rb") as file:
            content = file.read()
        digest = sha256(content).hexdigest()
        if self._add(name, content, digest):
            pointed = Pointed(filename, digest, origin.stamp, build_info, only_read=True)
            self._store.point(name, origin.key, pointed)

    def _add(self, name: PackageName, content: bytes, sha256: str) -> bool:
        """Unpack *content* and return whether it is there now; its installation tells what is wrong with it."""
        if self._store.find(name, sha256) is None:
            try:
                self._store.add(name, content, (f"sha256:{sha256}",))
            except MauveError:
                return False
        return True
