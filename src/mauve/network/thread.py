"""The thread in which everything that waits for servers runs.

Nothing is imported or started until the first job: a run that finds its answers on disk never pays for httpx,
asyncio and TLS. The caller's thread stays synchronous; it hands over jobs, and blocks only in `run`.
"""

from __future__ import annotations

# Not from `threading`, whose import takes 3 ms that a run without network has no other use for.
from _thread import allocate_lock
from collections import deque
from importlib import import_module
from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Awaitable, Callable, Iterable
    from threading import Thread

    import anyio

    from mauve.network.client import Client
    from mauve.network.settings import NetworkSettings
    from mauve.network.statistics import Statistics

    Job = Callable[[Client], Awaitable[None]]
    OnError = Callable[[BaseException], None]

T = TypeVar("T")

_MODULES: Final = ("lean_httpx", "lean_anyio", "client")
"""What is needed of the network; the first two before anybody imports what they keep out."""


def load_client(others: Iterable[str] = ()) -> None:
    """Import what the thread needs, and modules that use it, in whatever thread is free for it."""
    for name in _MODULES:
        import_module(f"mauve.network.{name}")
    for name in others:
        import_module(name)


class NetworkThread:
    """An event loop with a `Client`, in a daemon thread that starts with the first job.

    `_jobs` holds what the loop has not begun yet, `_running` counts what it has not ended; `_lock` guards the fields
    below it.
    """

    __slots__ = (
        "_error",
        "_is_closed",
        "_jobs",
        "_lock",
        "_loop",
        "_running",
        "_scope",
        "_thread",
        "_wake_is_due",
        "settings",
        "statistics",
    )

    def __init__(self, settings: NetworkSettings, statistics: Statistics) -> None:
        """Remember how to make the client."""
        self.settings = settings
        self.statistics = statistics
        self._jobs: deque[tuple[Job, OnError]] = deque()
        self._lock = allocate_lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._scope: anyio.Event | None = None
        self._thread: Thread | None = None
        self._running = 0
        self._wake_is_due = False
        self._error: BaseException | None = None
        self._is_closed = False

    @property
    def is_started(self) -> bool:
        """Return whether any job was ever handed over."""
        return self._thread is not None

    def start_soon(self, job: Job, on_error: OnError) -> None:
        """Have *job* run in the loop; returns at once. From any thread, the loop's own included.

        *on_error* gets whatever the job raises, or the reason why it is not run; it is called in the loop's thread.
        """
        with self._lock:
            error = self._error
            if error is None:
                self._jobs.append((job, on_error))
                if self._thread is None:
                    from threading import Thread

                    self._thread = Thread(target=self._main, name="network", daemon=True)
                    self._thread.start()
                elif self._loop is not None and not self._wake_is_due:
                    self._wake_is_due = True
                    self._loop.call_soon_threadsafe(self._wake)
        if error is not None:
            on_error(error)

    def run(self, job: Callable[[Client], Awaitable[T]]) -> T:
        """Return what *job* returns, or raise what it raises; blocks. Never from within the loop."""
        gate = allocate_lock()
        gate.acquire()
        values: list[T] = []
        errors: list[BaseException] = []

        async def work(client: Client) -> None:
            values.append(await job(client))
            if self._loop is not None:
                # Who called finds nothing under way any more.
                self._loop.call_soon(gate.release)

        def failed(error: BaseException) -> None:
            errors.append(error)
            gate.release()

        self.start_soon(work, failed)
        gate.acquire()
        if errors:
            raise errors[0]
        return values[0]

    def close(self) -> None:
        """Give up what is under way and end the thread."""
        with self._lock:
            self._is_closed = True
            thread, loop = self._thread, self._loop
            if loop is not None and self._error is None:
                loop.call_soon_threadsafe(self._wake)
        if thread is not None:
            thread.join()

    def leave(self) -> None:
        """Give up what is under way; if there is nothing, the thread is left alone: it ends with the process.

        Taking a loop and its connections apart takes longer than many a command.
        """
        if self._running or self._jobs:
            self.close()

    # --- in the thread

    def _main(self) -> None:
        try:
            load_client()
            import anyio

            anyio.run(self._serve, backend="asyncio")
        except BaseException as error:  # noqa: BLE001  # the edge of the thread: everyone who waits must hear of it
            self._end(error)
        else:
            self._end(RuntimeError("the network thread has ended"))

    def _end(self, error: BaseException) -> None:
        with self._lock:
            self._error = error
            self._loop = None
            jobs = tuple(self._jobs)
            self._jobs.clear()
        for _, on_error in jobs:
            on_error(error)

    async def _serve(self) -> None:
        import asyncio

        import anyio

        from mauve.network.client import Client

        client = Client(self.settings, self.statistics)
        arrival = anyio.Event()
        with self._lock:
            self._loop = asyncio.get_running_loop()
            self._scope = arrival
        try:
            async with anyio.create_task_group() as tasks:
                while not self._is_closed:
                    self._scope = arrival = anyio.Event()
                    while self._jobs:
                        job, on_error = self._jobs.popleft()
                        self._running += 1
                        tasks.start_soon(self._perform, job, client, on_error)
                    await arrival.wait()
                if self._running:  # else there is nothing to describe, for which anyio loads `inspect`
                    tasks.cancel_scope.cancel()
        finally:
            with anyio.CancelScope(shield=True):
                await client.aclose()

    async def _perform(self, job: Job, client: Client, on_error: OnError) -> None:
        try:
            await job(client)
        except Exception as error:  # noqa: BLE001  # the edge of the loop: the error belongs to whoever waits
            on_error(error)
        except BaseException as error:
            on_error(error)
            raise
        finally:
            self._running -= 1

    def _wake(self) -> None:
        self._wake_is_due = False
        if self._scope is not None:
            self._scope.set()
