"""Interpreters on platforms where they do not run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest
from tests.support.fake_interpreters import description

from mauve.python.foreign import interpreter_on
from mauve.python.interpreter import Interpreter
from mauve.standards.filenames import parse_wheel_filename

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def interpreter(tmp_path: Path) -> Interpreter:
    """Return a CPython 3.12 for Linux."""
    return msgspec.convert(description(tmp_path / "bin/python3", "3.12.1"), Interpreter)


@pytest.mark.parametrize(
    ("name", "best", "refused"),
    [
        ("windows", "win_amd64", "win32"),
        ("aarch64-pc-windows-msvc", "win_arm64", "win_amd64"),
        ("linux", "manylinux_2_28_x86_64", "manylinux_2_29_x86_64"),
        ("x86_64-manylinux2014", "manylinux_2_17_x86_64", "manylinux_2_28_x86_64"),
        ("aarch64-unknown-linux-musl", "musllinux_1_2_aarch64", "manylinux_2_17_aarch64"),
        ("macos", "macosx_13_0_arm64", "macosx_14_0_arm64"),
        ("aarch64-linux-android", "android_24_arm64_v8a", "android_26_arm64_v8a"),
        ("arm64-apple-ios-simulator", "ios_13_0_arm64_iphonesimulator", "ios_13_0_arm64_iphoneos"),
        ("wasm32-pyodide2025", "pyodide_2025_0_wasm32", "pyodide_2024_0_wasm32"),
    ],
)
def test_wheels_are_those_of_the_target(interpreter: Interpreter, name: str, best: str, refused: str) -> None:
    """The newest system that the name stands for, and none beyond."""
    tags = interpreter_on(interpreter, name, {}).tags

    def rank(platform: str) -> int | None:
        return tags.priority(parse_wheel_filename(f"a-1-cp312-cp312-{platform}.whl"))

    assert rank(best) == 0
    assert rank(refused) is None


def test_a_variable_tells_the_version_of_macos(interpreter: Interpreter) -> None:
    """As compilers take it."""
    target = interpreter_on(interpreter, "macos", {"MACOSX_DEPLOYMENT_TARGET": "14.2"})
    assert (target.platform.major, target.platform.minor) == (14, 2)


def test_paths_and_version_stay(interpreter: Interpreter) -> None:
    """It is this environment that is installed into."""
    target = interpreter_on(interpreter, "windows", {})
    assert (target.executable, target.scheme, target.version) == (
        interpreter.executable,
        interpreter.scheme,
        interpreter.version,
    )
    assert target.markers.sys_platform == "win32"
