"""Import the modules of this program, and of packages that it loads many modules of, without looking around for them.

The import system asks every finder, lists folders and tries endings, for each of the two hundred modules that a
command consists of: a fifth of the time that loading them takes. Here a module is where its name says, and is taken
from its compiled form if that was made of the source as it is now, by size and time, as always. Everything else
(no compiled form, another kind of file, an archive) is left to the usual finders.

Standard library only, and little of it; nothing of ours.
"""

from __future__ import annotations

import marshal
import os
import sys
from _frozen_importlib import ModuleSpec
from _frozen_importlib_external import MAGIC_NUMBER, SourceFileLoader
from _imp import _fix_co_filename  # type: ignore[attr-defined]  # no stub for a private function

TYPE_CHECKING = False
"""As in `typing`, which is not imported for it."""
if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import CodeType, ModuleType

PACKAGES = frozenset(("mauve", "anyio", "asyncio", "email", "httpx", "msgspec", "packaging", "tomlkit"))
"""Packages whose modules are Python and nothing else, or nothing else of the same name."""

_HEAD = 16
"""Bytes of a compiled file before its code: magic number, flags, time and size of the source."""

_USUAL = 1 << 16
"""Bytes that nearly every compiled file is smaller than."""


class _Loader(SourceFileLoader):
    """Runs code that was read when the module was found."""

    code: CodeType

    def exec_module(self, module: ModuleType) -> None:
        """Run the code in *module*."""
        exec(self.code, module.__dict__)  # noqa: S102 - what importing is


class QuickFinder:
    """Finds the modules of some packages.

    `_ending` is that of compiled files, `_start` what such files of this interpreter start with.
    """

    __slots__ = ("_ending", "_packages", "_start")

    def __init__(self, packages: frozenset[str]) -> None:
        """Look for modules of *packages*."""
        optimised = f".opt-{sys.flags.optimize}" if sys.flags.optimize else ""
        self._ending = f".{sys.implementation.cache_tag}{optimised}.pyc"
        self._start = MAGIC_NUMBER + b"\0\0\0\0"
        self._packages = packages

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return how to load the module *name* of the package at *path*, None if others are to look for it."""
        del target
        if path is None or len(path) != 1 or name.partition(".")[0] not in self._packages:
            return None
        folder, last = path[0], name.rpartition(".")[2]
        spec = self._specify(name, f"{folder}/{last}.py", f"{folder}/__pycache__/{last}{self._ending}")
        if spec is None:
            folder = f"{folder}/{last}"
            spec = self._specify(name, f"{folder}/__init__.py", f"{folder}/__pycache__/__init__{self._ending}")
            if spec is not None:
                spec.submodule_search_locations = [folder]
        return spec

    def _specify(self, name: str, source: str, compiled: str) -> ModuleSpec | None:
        """Return how to load *name* from what is *compiled*, None if that was not made of *source* as it is now."""
        try:
            descriptor = os.open(compiled, os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            return None
        try:
            content = os.read(descriptor, _USUAL)
            if len(content) == _USUAL:
                content += os.read(descriptor, os.fstat(descriptor).st_size)
            status = os.stat(source)
        except OSError:
            return None
        finally:
            os.close(descriptor)
        state = (int(status.st_mtime) & 0xFFFFFFFF).to_bytes(4, "little")
        size = (status.st_size & 0xFFFFFFFF).to_bytes(4, "little")
        if content[:_HEAD] != self._start + state + size:
            return None
        try:
            code = marshal.loads(memoryview(content)[_HEAD:])  # noqa: S302 - what the import system does
            _fix_co_filename(code, source)
        except (EOFError, ValueError, TypeError):
            # On a full disk Python may write a part of a file. It would not get over that by itself.
            try:  # noqa: SIM105 - what suppresses errors is not loaded yet
                os.unlink(compiled)
            except OSError:
                pass  # whoever compiles it again may tell
            return None
        loader = _Loader(name, source)
        loader.code = code
        spec = ModuleSpec(name, loader, origin=source)
        spec.has_location = True
        spec.cached = compiled
        return spec


def install() -> None:
    """Look for the modules of `PACKAGES` here first, where compiled files are kept beside their sources."""
    if os.name == "posix" and sys.pycache_prefix is None:
        sys.meta_path.insert(0, QuickFinder(PACKAGES))
