"""Those who unpack: threads, and other processes. A large wheel, which mostly arrives last, is unpacked by all."""

from __future__ import annotations

from collections import deque
from contextlib import asynccontextmanager, contextmanager
from threading import Condition
from typing import TYPE_CHECKING, Final, Generic, Protocol, TypeVar

from mauve.errors import MauveError
from mauve.installer.partner import DEPTH, ExtractTask

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Iterable, Iterator, Sequence

    from anyio.abc import TaskGroup

    from mauve.installer.archive import Member
    from mauve.installer.partner import Content, Partner, Partners, Task

T = TypeVar("T")
S = TypeVar("S", contravariant=True)  # noqa: PLC0105 - as short as the other

_LARGE: Final = 2 << 20
"""Bytes of an archive with which help is welcome: some twenty milliseconds of work."""
_BATCH: Final = 48
"""Most items that go to another process at once."""


class HelpLost(MauveError):
    """Another process did not do what it was asked for."""


class Helper(Protocol[S]):
    """Does some of the items elsewhere."""

    def weigh(self, item: S) -> float:
        """Return how much of the most that can be asked for at once *item* is."""
        ...

    def start(self, items: Sequence[S], target: str, heard: Callable[[bool], None]) -> None:
        """Begin with *items*; *heard* is told whether they are done."""
        ...


class Team(Generic[T]):
    """One thread leads, any number of others may help, whenever they come.

    `_items` are left to do, None before the leader has begun; `_helpers` are at work; `_errors` is what went wrong;
    `_elsewhere` are helpers that need to be asked; `_waits` is told how many threads more, or less, wait for others.
    """

    __slots__ = ("_changed", "_do", "_elsewhere", "_errors", "_helpers", "_is_over", "_items", "_target", "_waits")

    def __init__(self, elsewhere: Sequence[Helper[T]] = (), waits: Callable[[int], None] | None = None) -> None:
        """Nothing is to be done yet."""
        self._waits = waits
        self._changed = Condition()
        self._items: deque[T] | None = None
        self._do: Callable[[T], None] | None = None
        self._target = ""
        self._helpers = 0
        self._errors: list[BaseException] = []
        self._is_over = False
        self._elsewhere = elsewhere

    def lead(self, items: Iterable[T], do: Callable[[T], None], target: str = "") -> None:
        """Have *do* done with each of *items*, in any order; returns when no thread is at it any more.

        The first error ends it, and is raised. *target* is what those elsewhere are told.

        Raises:
            HelpLost: nobody can say what was done of some items.
        """
        with self._changed:
            self._items, self._do, self._target = deque(items), do, target
            self._changed.notify_all()
        try:
            for helper in self._elsewhere:
                self._ask(helper)
            self._work()
        finally:
            self.dismiss()
            if self._helpers:
                self._wait()
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
            self._leave()

    def dismiss(self) -> None:
        """Let helpers go, those that come later included."""
        with self._changed:
            self._is_over = True
            self._changed.notify_all()

    def _wait(self) -> None:
        """Return when nobody is at work any more."""
        if self._waits is not None:
            self._waits(1)
        with self._changed:
            self._changed.wait_for(lambda: not self._helpers)
        if self._waits is not None:
            self._waits(-1)

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

    def _ask(self, helper: Helper[T]) -> None:
        """Have *helper* do the next items, and those that are next when it is done."""
        items = self._batch(helper)
        if not items:
            return
        with self._changed:
            self._helpers += 1

        def heard(is_done: bool) -> None:  # noqa: FBT001 - a call of the one kind
            if is_done:
                self._ask(helper)
            else:
                self._errors.append(HelpLost())
            self._leave()

        helper.start(items, self._target, heard)

    def _batch(self, helper: Helper[T]) -> list[T]:
        items: list[T] = []
        weight = 0.0
        while self._items and not self._errors and weight < 1:
            try:
                item = self._items.popleft()
            except IndexError:
                break  # another thread was faster
            weight += helper.weigh(item)
            items.append(item)
        return items

    def _leave(self) -> None:
        with self._changed:
            self._helpers -= 1
            self._changed.notify_all()


class _MemberHelper:
    """Has *partner* write members of the archive *content*."""

    __slots__ = ("_content", "_partner")

    def __init__(self, partner: Partner, content: Content) -> None:
        self._partner = partner
        self._content = content

    def weigh(self, item: Member) -> float:
        """Return the share of *item* in some milliseconds of work."""
        return item.size / (1 << 19) + 1 / _BATCH

    def start(self, items: Sequence[Member], target: str, heard: Callable[[bool], None]) -> None:
        """Give the task."""
        self._partner.give(ExtractTask(self._content, target, tuple(items)), heard)


class Crew:
    """Some threads and other processes, used from one event loop, which is where is heard of the latter.

    `_tasks` is the group in which helpers wait; it ends with the last of them. `_idle` are the threads that do nothing.
    """

    __slots__ = ("_idle", "_limiter", "_loop", "_partners", "_tasks", "_threads", "_turns")

    def __init__(self, size: int, tasks: TaskGroup, partners: Partners | tuple[Partner, ...] = ()) -> None:
        """Use *size* processors at once."""
        import asyncio

        import anyio

        self._loop = asyncio.get_running_loop()
        self._partners = tuple(partners)
        self._threads = max(1, size - len(self._partners))
        self._limiter = anyio.CapacityLimiter(self._threads)
        self._turns = anyio.Semaphore(self._threads + DEPTH * len(self._partners))
        self._idle = self._threads
        self._tasks = tasks

    async def run(self, do: Callable[..., T], *arguments: object) -> T:
        """Return what *do* returns in one of the threads; who comes first is served first."""
        from anyio.to_thread import run_sync

        return await run_sync(do, *arguments, limiter=self._limiter)

    @asynccontextmanager
    async def turn(self, size: int) -> AsyncGenerator[Partner | None]:
        """Wait for who unpacks an archive of *size* bytes: another process, or a thread of this one (None)."""
        async with self._turns:
            partner = None if size >= _LARGE else self._next_partner()
            if partner is not None:
                yield partner
                return
            self._idle -= 1
            try:
                yield None
            finally:
                self._idle += 1

    async def ask(self, partner: Partner, task: Task) -> bool:
        """Return whether *partner* did *task*, once it has; at once after `turn`."""
        import anyio

        answers: list[bool] = []
        arrival = anyio.Event()

        def heard(is_done: bool) -> None:  # noqa: FBT001 - a call of the one kind
            answers.append(is_done)
            arrival.set()

        partner.give(task, heard)
        await arrival.wait()
        return answers[0]

    @contextmanager
    def team(self, size: int, content: Content | None = None) -> Iterator[Team[Member] | None]:
        """Give a team for an archive of *size* bytes, None if that is small; the leader must be `run` at once.

        Threads come after the leader, and after all that wait for a thread by now; other processes if they can read
        the *content*.
        """
        if size < _LARGE:
            yield None
            return
        partners = [partner for partner in self._partners if partner.is_alive] if content is not None else []
        helpers = [_MemberHelper(partner, content) for partner in partners * DEPTH if content is not None]
        team: Team[Member] = Team(helpers, self._waits)
        for _ in range(self._threads - 1):
            self._tasks.start_soon(self.run, team.help)
        try:
            yield team
        finally:
            team.dismiss()

    def _waits(self, number: int) -> None:
        """Let *number* threads more be at work, since as many only wait for others; called in any thread."""

        def change() -> None:
            self._idle += number
            self._limiter.total_tokens += number

        self._loop.call_soon_threadsafe(change)

    def _next_partner(self) -> Partner | None:
        """Return the partner with the fewest tasks, if that is sooner than a thread."""
        alive = [partner for partner in self._partners if partner.is_alive]
        if not alive:
            return None
        chosen = min(alive, key=lambda partner: partner.load)
        is_sooner = not chosen.load or (self._idle <= 0 and chosen.load < DEPTH)
        return chosen if is_sooner else None
