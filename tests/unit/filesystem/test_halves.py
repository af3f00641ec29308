"""Steps that are shared with a child: each is done once, and what goes wrong is told here."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pytest

from mauve.filesystem.halves import can_share, share

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no fork")


def test_every_step_is_done_once(tmp_path: Path) -> None:
    """Here or apart; the ones done apart are told."""

    def do(step: int) -> None:
        with open(tmp_path / f"{step}", "x", encoding="utf-8") as file:
            file.write(f"{os.getpid()}")

    apart = share(500, do, do)
    assert {int(path.name) for path in tmp_path.iterdir()} == set(range(500))
    other = {int(path.name) for path in tmp_path.iterdir() if path.read_text(encoding="utf-8") != f"{os.getpid()}"}
    assert set(apart) == other


def test_a_step_that_fails_apart_is_not_done(tmp_path: Path) -> None:
    """Nor is anything behind it left undone: it is all found here."""
    begun, begin = os.pipe()
    done: list[int] = []

    def do(step: int) -> None:
        if not done:
            os.read(begun, 1)  # so the child has begun with a step of its own
        done.append(step)

    def fail(step: int) -> None:
        (tmp_path / "step").write_text(f"{step}", encoding="utf-8")
        os.write(begin, b"!")
        raise ValueError(step)

    assert share(5, do, fail) == []
    assert sorted([*done, int((tmp_path / "step").read_text(encoding="utf-8"))]) == [0, 1, 2, 3, 4]


def test_what_fails_here_ends_both(tmp_path: Path) -> None:
    """The child is gone when the error arrives, and what was not begun stays so."""
    begun, begin = os.pipe()
    waited: list[bytes] = []

    def fail(step: int) -> None:
        os.write(begin, b"!")
        raise ValueError(step)

    def do(step: int) -> None:
        if not waited:
            waited.append(os.read(begun, 1))  # or it might do everything before this process does anything
        (tmp_path / f"{step}").touch()

    with pytest.raises(ValueError, match=r"^\d+$"):
        share(20_000, fail, do)
    assert len(list(tmp_path.iterdir())) < 20_000
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_nothing_is_shared_with_one_step() -> None:
    """Nor where a pipe would not hold the numbers of the steps."""
    assert not can_share(1)
    assert not can_share(100_000)
