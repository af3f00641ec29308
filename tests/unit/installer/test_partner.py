"""Processes that unpack and link for another one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.support.installation import cache, helping, posix, tree
from tests.support.wheel_factory import make_wheel

from mauve.filesystem.halves import spare_processors
from mauve.installer import partner as partner_module
from mauve.installer.archive import read_directory
from mauve.installer.arena import Arena
from mauve.installer.links import Linker, LinkMode
from mauve.installer.partner import Content, ExtractTask, Partner, Partners, Task, UnpackTask
from mauve.installer.wheel import MetadataPolicy, WheelInstaller

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.wheel_factory import BuiltFile

    from mauve.filesystem.placing import Placement
    from mauve.installer.store import WheelStore
    from mauve.installer.target import InstallTarget

pytestmark = posix


@pytest.fixture
def arena() -> Arena:
    """Return an arena that is large enough."""
    return Arena(1 << 20)


@pytest.fixture
def partner(arena: Arena, store: WheelStore) -> Iterator[Partner]:
    """Return one process, which is ended after the test."""
    one = Partner(arena, store)
    yield one
    one.dismiss()
    one.reap()


def _put(arena: Arena, content: bytes) -> Content:
    piece = arena.take(len(content))
    assert piece is not None
    piece.view[:] = content
    return Content("", piece.begin, len(content))


def _unpacking(arena: Arena, built: BuiltFile) -> UnpackTask:
    return UnpackTask(_put(arena, built.content), "aa", (f"sha256:{built.sha256}",))


def _do(partner: Partner, *tasks: Task) -> list[bool]:
    heard: list[bool] = []
    for task in tasks:
        partner.give(task, heard.append)
    while partner.load:
        partner.hear()
    return heard


def test_a_wheel_is_unpacked_as_here(arena: Arena, store: WheelStore, partner: Partner, tmp_path: Path) -> None:
    """From shared memory or from a file."""
    first, second = make_wheel("aa", "1.0"), make_wheel("aa", "2.0")
    (tmp_path / "second").write_bytes(second.content)
    task = UnpackTask(Content(str(tmp_path / "second")), "aa", (f"sha256:{second.sha256}",))
    assert _do(partner, _unpacking(arena, first), task) == [True, True]
    for built in (first, second):
        entry = cache(store, built).entry
        unpacked = tree(entry)
        store.discard(cache(store, built).name, built.sha256)
        assert tree(cache(store, built).entry) == unpacked


def test_what_fails_is_told_and_the_next_task_is_done(arena: Arena, store: WheelStore, partner: Partner) -> None:
    """A damaged archive leaves nothing behind."""
    built, other = make_wheel("aa", "1.0"), make_wheel("aa", "2.0")
    damaged = UnpackTask(_put(arena, built.content + b"x"), "aa", (f"sha256:{built.sha256}",))
    assert _do(partner, damaged, _unpacking(arena, other)) == [False, True]
    assert store.find(cache(store, other).name, built.sha256) is None
    assert os.listdir(store.scratch()) == []


def test_members_are_written_where_they_belong(arena: Arena, partner: Partner, tmp_path: Path) -> None:
    """Only those that were asked for."""
    built = make_wheel("aa", "1.0", files={"one.py": "1", "two.py": "2"})
    members = [member for member in read_directory(built.content).members if member.path == "two.py"]
    assert _do(partner, ExtractTask(_put(arena, built.content), str(tmp_path), tuple(members))) == [True]
    assert {path.name for path in tmp_path.iterdir()} >= {"two.py"}
    assert not (tmp_path / "one.py").exists()


def test_a_partner_that_ends_has_done_nothing_more(arena: Arena, partner: Partner) -> None:
    """What it had been given, and what it is given afterwards, is told to be left."""
    task = _unpacking(arena, make_wheel("aa", "1.0"))
    os.kill(partner._process, signal.SIGSTOP)
    heard: list[bool] = []
    partner.give(task, heard.append)
    partner.give(task, heard.append)
    os.kill(partner._process, signal.SIGKILL)
    while partner.load:
        partner.hear()
    assert heard == [False, False]
    assert not partner.is_alive
    assert _do(partner, task) == [False]


def test_a_partner_ends_with_the_process_that_started_it(tmp_path: Path) -> None:
    """Even if that is killed, and others were started after it."""
    program = (
        "import os, signal, sys\n"
        "from mauve.installer.arena import Arena\n"
        "from mauve.installer.partner import Partner\n"
        "from mauve.installer.store import WheelStore\n"
        "partners = [Partner(Arena(1), WheelStore(sys.argv[1])) for _ in range(2)]\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    # Its output ends when nobody has it open any more.
    ran = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        timeout=30,
        check=False,
    )
    assert ran.returncode == -signal.SIGKILL
    assert ran.stderr == b""


def _decided(store: WheelStore, target: InstallTarget, number: int) -> list[Placement]:
    installer = WheelInstaller(target, Linker(LinkMode.HARDLINK), MetadataPolicy())
    built = [make_wheel(f"p{each}", "1.0", files={f"p{each}.py": f"{each}"}) for each in range(number)]
    return [installer.decide(cache(store, one)) for one in built]


@pytest.mark.parametrize("number", [1, 3])
def test_placements_are_shared(
    store: WheelStore, target: InstallTarget, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    """Each is done once, here or apart."""
    placements = _decided(store, target, 40)
    mine: list[int] = []
    with helping(monkeypatch, store, number) as partners:
        apart = partners.share(placements, LinkMode.HARDLINK, mine.append)
    assert sorted([*mine, *apart]) == list(range(40))
    assert apart
    there = {path.name for path in Path(target.purelib).iterdir() if path.suffix == ".py"}
    assert there == {f"p{each}.py" for each in apart}


def test_what_fails_here_is_raised_when_nothing_is_done_apart(
    store: WheelStore, target: InstallTarget, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And a placement that fails apart is done by nobody, while the others are done here."""
    placements = _decided(store, target, 30)
    Path(target.purelib, "p0.py", "in the way").mkdir(parents=True)

    def fail(step: int) -> None:
        raise ValueError(step)

    with helping(monkeypatch, store, 1) as partners:
        mine: list[int] = []
        apart = partners.share(placements, LinkMode.HARDLINK, mine.append)
        assert 0 not in apart
        with pytest.raises(ValueError, match=r"^\d+$"):
            partners.share(placements, LinkMode.HARDLINK, fail)
        assert not any(partner.load for partner in partners)


def test_partners_are_started_for_large_work_only(store: WheelStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """A few hundred KiB are unpacked before a process is of use."""
    monkeypatch.setattr(partner_module, "spare_processors", lambda: 7)
    for sizes, most, number in (
        ([100_000], 8, 0),
        ([3 << 20], 8, 1),
        ([3 << 20], 0, 0),
        ([90 << 20], 3, 3),
        ([None] * 9, 8, 4),
    ):
        with Partners() as partners:
            partners.start(sizes, store, most)
            assert len(partners) == number
        partners.reap()
    assert spare_processors() >= 0
