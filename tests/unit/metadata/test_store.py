"""The once-map, alone and with threads."""

from __future__ import annotations

import threading

import pytest

from mauve.metadata.store import OnceMap


def test_a_key_is_claimed_once() -> None:
    """Whoever comes second waits."""
    table: OnceMap[str, int] = OnceMap()
    assert [table.claim("a"), table.claim("a"), table.claim("b")] == [True, False, True]


def test_of_many_threads_one_produces_and_all_get_the_value() -> None:
    """The law of the table."""
    table: OnceMap[str, int] = OnceMap()
    start = threading.Barrier(8)
    produced: list[int] = []
    values: list[int] = []

    def work(number: int) -> None:
        start.wait()
        if table.claim("a"):
            produced.append(number)
            table.put("a", number)
        values.append(table.wait("a"))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert values == produced * 8


def test_who_waits_is_woken() -> None:
    """The value comes after the wait has begun."""
    table: OnceMap[str, int] = OnceMap()
    table.claim("a")
    values: list[int] = []
    waiting = threading.Event()
    table.notify("a", waiting.set)
    thread = threading.Thread(target=lambda: values.append(table.wait("a")))
    thread.start()
    table.put("a", 5)
    thread.join()
    assert (values, waiting.is_set()) == ([5], True)


def test_an_error_goes_to_everyone_who_asks() -> None:
    """Now and later."""
    table: OnceMap[str, int] = OnceMap()
    table.claim("a")
    table.fail("a", KeyError("x"))
    for ask in (table.wait, table.peek):
        with pytest.raises(KeyError):
            ask("a")


def test_a_key_is_finished_once() -> None:
    """Two producers would be a mistake of ours."""
    table: OnceMap[str, int] = OnceMap()
    table.claim("a")
    table.put("a", 1)
    with pytest.raises(AssertionError):
        table.put("a", 2)


def test_looking_does_not_wait() -> None:
    """None while it is being produced."""
    table: OnceMap[str, int] = OnceMap()
    assert table.peek("a") is None
    table.claim("a")
    assert (table.peek("a"), table.is_claimed("a"), table.is_done("a")) == (None, True, False)
