"""One task in each round of the event loop.

Answers that arrive together would all be looked at in one round, and what follows from the first of them would be sent
when the last one was done: up to a tenth of a second later, in which servers have nothing to do.
"""

from __future__ import annotations

import asyncio
from collections import deque


class Turns:
    """Lets tasks go on one after the other, with a round of the loop in between; belongs to one loop.

    `_waiting` wait for their turn; `_is_taken` is set in a round that has its task.
    """

    __slots__ = ("_is_taken", "_waiting")

    def __init__(self) -> None:
        """Nobody waits."""
        self._is_taken = False
        self._waiting: deque[asyncio.Future[None]] = deque()

    async def take(self) -> None:
        """Return when it is the turn of this task: at once if no other one had it in this round."""
        loop = asyncio.get_running_loop()
        if self._is_taken:
            turn: asyncio.Future[None] = loop.create_future()
            self._waiting.append(turn)
            try:
                await turn
            except asyncio.CancelledError:
                if turn.done() and not turn.cancelled():
                    self._pass_on()
                raise
        self._is_taken = True
        loop.call_soon(self._pass_on)

    def _pass_on(self) -> None:
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return
        self._is_taken = False
