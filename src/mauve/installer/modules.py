"""Which modules an installed distribution brings, by its RECORD.

A file counts if an interpreter could import it: its name is that of a source file, of compiled code, or of an
extension module for this interpreter, and every part of its path is an identifier. The packages around a module
belong to the distribution as well, so a namespace package has several owners.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mauve.standards.record import InvalidRecord, parse_record

if TYPE_CHECKING:
    from mauve.installer.inventory import InstalledDistribution
    from mauve.python.interpreter import Interpreter

_PLAIN = (".py", ".pyc")


def installed_modules(installed: InstalledDistribution, interpreter: Interpreter) -> set[str]:
    """Return the dotted names of the modules and packages of *installed* that *interpreter* can import."""
    content = installed.read("RECORD")
    if content is None:
        return set()
    try:
        rows = parse_record(content.decode(errors="replace"))
    except InvalidRecord:
        return set()  # what is installed cannot be told
    found: set[str] = set()
    for row in rows:
        parts = _module_parts(row.path, interpreter)
        found.update(".".join(parts[:length]) for length in range(1, len(parts) + 1))
    return found


def _module_parts(path: str, interpreter: Interpreter) -> tuple[str, ...]:
    """Return the parts of the module in the file at *path* (relative, with `/`), none if it is no module."""
    *folders, filename = path.split("/")
    stem = _stem(filename, interpreter)
    if stem is None:
        return ()
    parts = tuple(folders) if stem == "__init__" else (*folders, stem)
    return parts if all(part.isidentifier() for part in parts) else ()


def _stem(filename: str, interpreter: Interpreter) -> str | None:
    """Return *filename* without the suffix of a module, None if it has none that *interpreter* looks for."""
    for suffix in _PLAIN:
        if filename.endswith(suffix):
            return filename.removesuffix(suffix)
    ending = ".pyd" if interpreter.markers.os_name == "nt" else ".so"
    if not filename.endswith(ending):
        return None
    stem, _, tag = filename.removesuffix(ending).partition(".")
    return stem if not tag or tag == "abi3" or tag.startswith(f"{_extension_tag(interpreter)}-") else None


def _extension_tag(interpreter: Interpreter) -> str:
    """Return how the names of extension modules for *interpreter* begin behind the first dot."""
    major, minor, _ = interpreter.release
    threading = "t" if interpreter.free_threaded else ""
    if interpreter.markers.os_name == "nt":
        return f"cp{major}{minor}{threading}"
    implementation = interpreter.implementation
    return f"{implementation}{'' if implementation == 'pypy' else '-'}{major}{minor}{threading}"
