"""The thread in which servers are waited for."""

from __future__ import annotations

from threading import Event
from typing import TYPE_CHECKING

import anyio
import pytest

from mauve.network.settings import NetworkSettings
from mauve.network.statistics import Statistics
from mauve.network.thread import NetworkThread

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mauve.network.client import Client


@pytest.fixture
def network() -> Iterator[NetworkThread]:
    """A thread that has done something, and is ended after the test."""
    network = NetworkThread(NetworkSettings(retries=0), Statistics())

    async def nothing(client: Client) -> int:
        return 1

    assert network.run(nothing) == 1
    yield network
    network.close()


def _is_alive(network: NetworkThread) -> bool:
    assert network._thread is not None
    return network._thread.is_alive()


def test_a_thread_without_work_is_left_alone(network: NetworkThread) -> None:
    """It ends with the process."""
    network.leave()
    assert _is_alive(network)


def test_what_is_under_way_is_given_up(network: NetworkThread) -> None:
    """And has undone what it did when that returns."""
    begun, undone = Event(), Event()

    async def hang(client: Client) -> None:
        begun.set()
        try:
            await anyio.sleep_forever()
        finally:
            undone.set()

    network.start_soon(hang, lambda error: None)
    assert begun.wait(10)
    network.leave()
    assert undone.is_set()
    assert not _is_alive(network)
