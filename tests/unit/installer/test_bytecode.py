"""Compiling an environment."""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest

from mauve.installer.bytecode import FailedToCompile, compile_bytecode, find_modules

if TYPE_CHECKING:
    from mauve.installer.target import InstallTarget


def _modules(target: InstallTarget, *names: str) -> InstallTarget:
    for name in names:
        path = Path(target.purelib, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x = 1\n")
    return msgspec.structs.replace(target, python=sys.executable)


def test_every_module_is_compiled(target: InstallTarget) -> None:
    """By the interpreter of the environment; one with a syntax error counts but has no bytecode."""
    real = _modules(target, "aa/x.py", "aa/sub/y.py", "top.py")
    Path(target.purelib, "bad.py").write_text("def\n")
    assert compile_bytecode(real, workers=2, timeout=60) == 4
    for name in ("aa/x.py", "aa/sub/y.py", "top.py"):
        assert os.path.exists(importlib.util.cache_from_source(f"{target.purelib}/{name}"))


def test_only_modules_are_looked_at(target: InstallTarget) -> None:
    """Neither data nor bytecode."""
    _modules(target, "aa/x.py", "aa/data.txt", "aa/__pycache__/x.py")
    assert [os.path.basename(path) for path in find_modules(target)] == ["x.py"]


def test_nothing_to_compile_starts_no_process(target: InstallTarget) -> None:
    """The interpreter of this target does not exist."""
    assert compile_bytecode(target, workers=2, timeout=60) == 0


def test_an_interpreter_that_does_not_work_is_reported(target: InstallTarget, tmp_path: Path) -> None:
    """It is named."""
    _modules(target, "x.py")
    broken = tmp_path / "python"
    broken.write_text("#!/bin/sh\nexit 3\n")
    broken.chmod(0o755)
    with pytest.raises(FailedToCompile, match="the interpreter did not start"):
        compile_bytecode(msgspec.structs.replace(target, python=str(broken)), workers=1, timeout=60)
