"""When a failed request is repeated."""

from __future__ import annotations

import pytest

from mauve.network.retry import RetryPolicy, is_transient


def test_the_delay_grows_with_every_try() -> None:
    """A server in trouble is left alone for longer each time."""
    policy = RetryPolicy(retries=3)
    assert [policy.delay(attempt, 1.0) for attempt in (1, 2, 3)] == [2.0, 4.0, 8.0]


def test_chance_moves_the_delay_down_to_the_shortest() -> None:
    """Clients that failed together must not come back together."""
    assert RetryPolicy().delay(2, 0.0) == 1.0


def test_the_delay_is_capped() -> None:
    """Nobody waits an hour for a package."""
    assert RetryPolicy(retries=20).delay(20, 0.9) == 30.0


def test_after_the_last_try_there_is_no_delay() -> None:
    """Three retries are four tries."""
    assert RetryPolicy(retries=3).delay(4, 0.5) is None


@pytest.mark.parametrize(
    ("status", "expected"),
    [(200, False), (404, False), (408, True), (410, False), (429, True), (500, True), (501, True)],
)
def test_transient_statuses(status: int, expected: bool) -> None:
    """The table of uv: every 5xx, 408 and 429."""
    assert is_transient(status) is expected
