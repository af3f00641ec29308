"""Several threads at one list of items."""

from __future__ import annotations

from threading import Barrier, Event, Thread, get_ident
from typing import TYPE_CHECKING

import anyio
import pytest

from mauve.installer.team import Crew, HelpLost, Team

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def _start(work) -> Thread:
    thread = Thread(target=work, daemon=True)
    thread.start()
    return thread


def test_helpers_share_the_work_with_the_leader() -> None:
    """Each item is done once, and the leader goes on when the last is done."""
    team: Team[int] = Team()
    both = Barrier(2, timeout=10)
    done: list[int] = []
    threads: set[int] = set()

    def do(item: int) -> None:
        if item < 2:
            both.wait()  # only two threads get past this
        threads.add(get_ident())
        done.append(item)

    helper = _start(team.help)
    team.lead(range(20), do)
    assert sorted(done) == list(range(20))
    assert len(threads) == 2
    helper.join(10)
    assert not helper.is_alive()


def test_the_leader_waits_for_the_last_item_of_a_helper() -> None:
    """What is unpacked is used as soon as the leader returns."""
    team: Team[str] = Team()
    begun, may_end = Event(), Event()
    done: list[str] = []

    def do(item: str) -> None:
        if item == "slow":
            begun.set()
            assert may_end.wait(10)
        else:
            assert begun.wait(10)
            may_end.set()
        done.append(item)

    helper = _start(team.help)
    team.lead(("slow", "quick"), do)
    assert sorted(done) == ["quick", "slow"]
    helper.join(10)


def test_an_error_of_a_helper_is_the_leaders() -> None:
    """A damaged member is noticed by whoever unpacks it."""
    team: Team[int] = Team()
    both = Barrier(2, timeout=10)
    leader = get_ident()

    def do(item: int) -> None:
        if item < 2:
            both.wait()
        if get_ident() != leader:
            raise ValueError("damaged")

    helper = _start(team.help)
    with pytest.raises(ValueError, match="damaged"):
        team.lead(range(1000), do)
    helper.join(10)
    assert not helper.is_alive()


def test_helpers_who_are_not_needed_go() -> None:
    """Whether they came too late, or nothing came of the work."""
    done: list[int] = []
    team: Team[int] = Team()
    team.lead((1, 2), done.append)
    team.help()
    assert done == [1, 2]
    other: Team[int] = Team()
    helper = _start(other.help)
    other.dismiss()
    helper.join(10)
    assert not helper.is_alive()


@pytest.mark.parametrize(("size", "is_helped"), [(1 << 20, False), (4 << 20, True)])
def test_large_archives_have_a_team(size: int, is_helped: bool) -> None:
    """Small ones are done before anybody could help."""

    async def run() -> None:
        async with anyio.create_task_group() as tasks:
            crew = Crew(2, tasks)
            with crew.team(size) as team:
                assert (team is not None) is is_helped
                if team is not None:
                    both = Barrier(2, timeout=10)
                    await crew.run(team.lead, (1, 2), lambda _: both.wait())

    anyio.run(run)


class Elsewhere:
    """Does what it is asked for in a thread of its own, a few items at once."""

    def __init__(self, *, is_lost: bool = False) -> None:
        self.done: list[int] = []
        self.asked = Event()
        self._is_lost = is_lost

    def weigh(self, item: int) -> float:
        """Return that four items are enough."""
        return 0.25

    def start(self, items: Sequence[int], target: str, heard: Callable[[bool], None]) -> None:
        """Begin."""
        assert target == "there"

        def work() -> None:
            self.done += items
            self.asked.set()
            heard(not self._is_lost)

        _start(work)


def test_those_elsewhere_are_asked_again_and_again() -> None:
    """Each item is done once, and the leader waits for the last."""
    helper = Elsewhere()
    team: Team[int] = Team([helper])
    done: list[int] = []

    def do(item: int) -> None:
        assert helper.asked.wait(10)
        done.append(item)

    team.lead(range(1000), do, "there")
    assert sorted(done + helper.done) == list(range(1000))
    assert len(helper.done) >= 4


def test_who_is_lost_elsewhere_is_told() -> None:
    """Nobody knows what of it is done."""
    helper = Elsewhere(is_lost=True)
    team: Team[int] = Team([helper])

    def do(item: int) -> None:
        assert helper.asked.wait(10)

    with pytest.raises(HelpLost):
        team.lead(range(8), do, "there")


def test_a_leader_who_waits_lets_another_thread_work() -> None:
    """A processor would be idle while another process is at the last item."""
    may_end = Event()
    helper = Elsewhere()
    helper.start = lambda items, target, heard: _ended(may_end, heard)  # type: ignore[method-assign]

    async def run() -> None:
        async with anyio.create_task_group() as tasks:
            crew = Crew(1, tasks)
            team: Team[int] = Team([helper], crew._waits)
            tasks.start_soon(crew.run, team.lead, (1, 2), lambda _: None, "there")
            await anyio.wait_all_tasks_blocked()
            with anyio.fail_after(10):
                await crew.run(may_end.set)

    anyio.run(run)


def _ended(after: Event, heard: Callable[[bool], None]) -> None:
    def work() -> None:
        assert after.wait(10)
        heard(True)

    _start(work)
