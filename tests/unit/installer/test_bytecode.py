"""Compiling an environment."""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.support.installation import cache, install
from tests.support.wheel_factory import make_wheel

from mauve.installer.bytecode import FailedToCompile, compile_bytecode, find_modules, modules_of

if TYPE_CHECKING:
    from mauve.installer.store import WheelStore
    from mauve.installer.target import InstallTarget


def _modules(target: InstallTarget, *names: str) -> None:
    for name in names:
        path = Path(target.purelib, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x = 1\n")


def test_every_module_is_compiled(target: InstallTarget) -> None:
    """By the interpreter of the environment; one with a syntax error does not stop the others."""
    _modules(target, "aa/x.py", "aa/sub/y.py", "top.py")
    Path(target.purelib, "bad.py").write_text("def\n")
    compile_bytecode(sys.executable, list(find_modules(target)), workers=2, timeout=60)
    for name in ("aa/x.py", "aa/sub/y.py", "top.py"):
        assert os.path.exists(importlib.util.cache_from_source(f"{target.purelib}/{name}"))


def test_only_modules_are_looked_at(target: InstallTarget) -> None:
    """Neither data nor bytecode."""
    _modules(target, "aa/x.py", "aa/data.txt", "aa/__pycache__/x.py")
    assert [os.path.basename(path) for path in find_modules(target)] == ["x.py"]


def test_the_modules_of_a_wheel_are_known_without_looking(store: WheelStore, target: InstallTarget) -> None:
    """`pip install` compiles what it installed only."""
    files = {
        "top.py": "",
        "aa/x.py": "",
        "aa/x.txt": "",
        "aa-1.0.data/purelib/p.py": "",
        "aa-1.0.data/scripts/s.py": "",
    }
    wheel = cache(store, make_wheel("aa", "1.0", files=files))
    install(target, wheel)
    assert sorted(modules_of([wheel], target)) == sorted(find_modules(target))


def test_nothing_to_compile_starts_no_process() -> None:
    """This interpreter does not exist."""
    compile_bytecode("/nowhere/python", [], workers=2, timeout=60)


def test_a_file_that_takes_too_long_is_named(target: InstallTarget, tmp_path: Path) -> None:
    """The worker is ended, not waited for."""
    _modules(target, "x.py")
    slow = tmp_path / "python"
    slow.write_text("#!/bin/sh\nprintf .\nexec cat >/dev/null\n")
    slow.chmod(0o755)
    with pytest.raises(FailedToCompile, match=f"{target.purelib}/x.py: the worker ended or timed out"):
        compile_bytecode(str(slow), list(find_modules(target)), workers=1, timeout=0.05)


def test_an_interpreter_that_does_not_work_is_reported(target: InstallTarget, tmp_path: Path) -> None:
    """It is named."""
    _modules(target, "x.py")
    broken = tmp_path / "python"
    broken.write_text("#!/bin/sh\nexit 3\n")
    broken.chmod(0o755)
    with pytest.raises(FailedToCompile, match="the interpreter did not start"):
        compile_bytecode(str(broken), list(find_modules(target)), workers=1, timeout=60)
