"""Tasks that go on one after the other."""

from __future__ import annotations

import asyncio

from mauve.network.turns import Turns


def test_what_follows_from_one_answer_comes_before_the_next_answer() -> None:
    """Else a server would be asked for more only after everything that is there was looked at."""
    seen: list[str] = []

    async def follow(name: str) -> None:
        seen.append(f"after {name}")

    async def run() -> None:
        turns = Turns(1)

        async def look_at(name: str, tasks: asyncio.TaskGroup) -> None:
            await turns.take()
            seen.append(name)
            tasks.create_task(follow(name))

        async with asyncio.TaskGroup() as tasks:
            for name in "abc":
                tasks.create_task(look_at(name, tasks))

    asyncio.run(run())
    assert seen == ["a", "after a", "b", "after b", "c", "after c"]


def test_so_many_answers_are_looked_at_in_a_round() -> None:
    """A round for each would cost more than it saves."""
    seen: list[str] = []

    async def run() -> None:
        turns = Turns(2)

        async def look_at(name: str) -> None:
            await turns.take()
            seen.append(name)

        tasks = [asyncio.ensure_future(look_at(name)) for name in "abcde"]
        for count in (2, 2, 4, 5):
            await asyncio.sleep(0)
            assert len(seen) <= count
        await asyncio.gather(*tasks)

    asyncio.run(run())
    assert seen == ["a", "b", "c", "d", "e"]


def test_a_single_answer_does_not_wait() -> None:
    """Nor does the next one, in a later round."""

    async def run() -> None:
        turns = Turns(1)
        for _ in range(2):
            turn = turns.take()
            try:
                turn.send(None)
            except StopIteration:
                pass
            else:
                raise AssertionError("had to wait")
            await asyncio.sleep(0)

    asyncio.run(run())


def test_a_turn_that_nobody_takes_goes_to_the_next() -> None:
    """A request may be given up between the round in which it was its turn and the next."""

    async def run() -> None:
        turns = Turns(1)
        given_up = asyncio.ensure_future(turns.take())
        waiting = asyncio.ensure_future(turns.take())
        await turns.take()
        # In the coming round both begin to wait, and the first is told that it is its turn; then it is given up.
        asyncio.get_running_loop().call_soon(given_up.cancel)
        async with asyncio.timeout(5):
            await waiting
        assert given_up.cancelled()

    asyncio.run(run())
