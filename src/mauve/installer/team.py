"""The threads that unpack: a large wheel, which mostly arrives last, is unpacked by all that are free."""

from __future__ import annotations

from collections import deque
from contextlib import contextmanager
from threading import Condition
from typing import TYPE_CHECKING, Final, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from anyio.abc import TaskGroup

    from mauve.installer.archive import Member

T = TypeVar("T")

_LARGE: Final = 2 << 20
"""Bytes of an archive with which help is welcome: some twenty milliseconds of work."""


class Team(Generic[T]):
    """One thread leads, any number of others may help, whenever they come.

    `_items` are left to do, None before the leader has begun; `_helpers` are at work; `_errors` is what went wrong.
    """

    __slots__ = ("_changed", "_do", "_errors", "_helpers", "_is_over", "_items")

    def __init__(self) -> None:
        """Nothing is to be done yet."""
        self._changed = Condition()
        self._items: deque[T] | None = None
        self._do: Callable[[T], None] | None = None
        self._helpers = 0
        self._errors: list[BaseException] = []
        self._is_over = False

    def lead(self, items: Iterable[T], do: Callable[[T], None]) -> None:
        """Have *do* done with each of *items*, in any order; returns when no thread is at it any more.

        The first error ends it, and is raised.
        """
        with self._changed:
            self._items, self._do = deque(items), do
            self._changed.notify_all()
        try:
            self._work()
        finally:
            self.dismiss()
            with self._changed:
                self._changed.wait_for(lambda: not self._helpers)
        if self._errors:
            raise self._errors[0]

    def help(self) -> None:
        """Work along until nothing is left; errors are the leader's."""
        with self._changed:
            self._changed.wait_for(lambda: self._items is not None or self._is_over)
            if self._is_over:
                return
            self._helpers += 1
        try:
            self._work()
        finally:
            with self._changed:
                self._helpers -= 1
                self._changed.notify_all()

    def dismiss(self) -> None:
        """Let helpers go, those that come later included."""
        with self._changed:
            self._is_over = True
            self._changed.notify_all()

    def _work(self) -> None:
        if self._items is None or self._do is None:
            return
        while self._items and not self._errors:
            try:
                item = self._items.popleft()
            except IndexError:
                return  # another thread was faster
            try:
                self._do(item)
            except BaseException as error:  # noqa: BLE001  # raised by the leader
                self._errors.append(error)


class Crew:
    """Some threads, used from one event loop.

    `_tasks` is the group in which helpers wait; it ends with the last of them.
    """

    __slots__ = ("_limiter", "_size", "_tasks")

    def __init__(self, size: int, tasks: TaskGroup) -> None:
        """Use *size* threads at once."""
        from anyio import CapacityLimiter

        self._size = size
        self._limiter = CapacityLimiter(size)
        self._tasks = tasks

    async def run(self, do: Callable[..., T], *arguments: object) -> T:
        """Return what *do* returns in one of the threads; who comes first is served first."""
        from anyio.to_thread import run_sync

        return await run_sync(do, *arguments, limiter=self._limiter)

    @contextmanager
    def team(self, size: int) -> Iterator[Team[Member] | None]:
        """Give a team for an archive of *size* bytes, None if that is small; the leader must be `run` at once.

        Helpers come after the leader, and after all that wait for a thread by now.
        """
        if size < _LARGE:
            yield None
            return
        team: Team[Member] = Team()
        for _ in range(self._size - 1):
            self._tasks.start_soon(self.run, team.help)
        try:
            yield team
        finally:
            team.dismiss()
