"""Modules are found at once, and are the same as those that the import system would have found."""

from __future__ import annotations

import importlib.util
import inspect
import os
import py_compile
from importlib.machinery import PathFinder
from pathlib import Path
from types import ModuleType

import pytest
from tests.support.probing import run_probed

from mauve.quick_imports import QuickFinder

pytestmark = pytest.mark.skipif(os.name == "nt", reason="used on POSIX only")


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A package `sample` with a module, a package and a module without compiled form."""
    folder = tmp_path / "sample"
    (folder / "inner").mkdir(parents=True)
    for name in ("one.py", "inner/__init__.py"):
        (folder / name).write_text("def f():\n    return 1\n", encoding="utf-8")
        py_compile.compile(str(folder / name), doraise=True)
    (folder / "fresh.py").write_text("x = 1\n", encoding="utf-8")
    return folder


def find(package: Path, name: str) -> ModuleType | None:
    """Return the loaded module `sample.<name>`, None if it is left to others."""
    spec = QuickFinder(frozenset(("sample",))).find_spec(f"sample.{name}", [str(package)])
    if spec is None:
        return None
    module = importlib.util.module_from_spec(spec)
    assert spec.loader is not None
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", ["one", "inner"])
def test_a_module_is_as_the_import_system_would_have_it(package: Path, name: str) -> None:
    """With its file, its compiled file, its package and its source."""
    found = find(package, name)
    usual = PathFinder.find_spec(f"sample.{name}", [str(package)])
    assert found is not None
    assert usual is not None
    spec = found.__spec__
    assert spec is not None
    for field in ("name", "origin", "cached", "has_location", "parent", "submodule_search_locations"):
        assert getattr(spec, field) == getattr(usual, field), field
    assert (found.__file__, found.__cached__) == (usual.origin, usual.cached)
    assert found.f() == 1
    assert found.f.__code__.co_filename == usual.origin
    assert inspect.getsource(found.f).startswith("def f()")


def test_a_source_that_changed_is_left_to_others(package: Path) -> None:
    """They compile it again."""
    (package / "one.py").write_text("def f():\n    return 22\n", encoding="utf-8")
    assert find(package, "one") is None


def test_a_source_of_another_time_is_left_to_others(package: Path) -> None:
    """Its size may be the same."""
    os.utime(package / "one.py", (1, 1))
    assert find(package, "one") is None


def test_a_source_that_is_gone_is_left_to_others(package: Path) -> None:
    """What is compiled is only a copy."""
    (package / "one.py").unlink()
    assert find(package, "one") is None


@pytest.mark.parametrize("content", [b"", b"\0" * 40])
def test_a_damaged_compiled_file_is_left_to_others(package: Path, content: bytes) -> None:
    """Also one that ends behind its head, as on a full disk: that is removed, since the usual finders fail on it."""
    compiled = Path(importlib.util.cache_from_source(str(package / "one.py")))
    head = compiled.read_bytes()[:16]
    for damaged in (content, head, head + content):
        compiled.write_bytes(damaged)
        assert find(package, "one") is None
        assert compiled.exists() is not damaged.startswith(head)


def test_what_is_not_compiled_or_not_there_is_left_to_others(package: Path) -> None:
    """Extension modules, archives, misspelled names."""
    assert find(package, "fresh") is None
    assert find(package, "nothing") is None


def test_other_packages_are_left_to_others(package: Path) -> None:
    """And modules at the top."""
    finder = QuickFinder(frozenset(("other",)))
    assert finder.find_spec("sample.one", [str(package)]) is None
    assert finder.find_spec("other") is None


def test_a_command_is_loaded_this_way(tmp_path: Path) -> None:
    """Or nothing would be gained."""
    assert "mauve.quick_imports" in run_probed(tmp_path, "lock")[1]
