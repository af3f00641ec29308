"""A table in which every key is produced once, whoever asks first, and waited for by anyone.

It is shared by the solver's thread and the event loop. Keys are spread over shards with a lock each, so that
the two rarely meet; a finished entry is read without any lock.
"""

from __future__ import annotations

# Not from `threading`, whose import takes 3 ms that a run without network has no other use for.
from _thread import allocate_lock
from collections.abc import Hashable
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

_SHARDS = 16


class _Entry(Generic[V]):
    """One key. `is_done` is set last, after `value` or `error`, and never again unset."""

    __slots__ = ("error", "is_done", "value", "waiters")

    def __init__(self) -> None:
        self.is_done = False
        self.value: V | None = None
        self.error: BaseException | None = None
        self.waiters: list[Callable[[], None]] = []

    def result(self) -> V:
        """Return the value of a finished entry, or raise its error."""
        if self.error is not None:
            raise self.error
        return self.value  # type: ignore[return-value]  # set before is_done


class OnceMap(Generic[K, V]):
    """Values by key, each produced by the one caller whose `claim` succeeded."""

    __slots__ = ("_locks", "_shards")

    def __init__(self) -> None:
        """Start empty."""
        self._shards: tuple[dict[K, _Entry[V]], ...] = tuple([{} for _ in range(_SHARDS)])
        self._locks = tuple([allocate_lock() for _ in range(_SHARDS)])

    def claim(self, key: K) -> bool:
        """Return whether the caller must now produce *key* and call `put` or `fail`; nobody else will."""
        place = hash(key) % _SHARDS
        shard = self._shards[place]
        if key in shard:
            return False
        with self._locks[place]:
            if key in shard:
                return False
            shard[key] = _Entry()
            return True

    def peek(self, key: K) -> V | None:
        """Return the value of *key* if it is there; raise its error if it failed."""
        entry = self._shards[hash(key) % _SHARDS].get(key)
        return entry.result() if entry is not None and entry.is_done else None

    def is_claimed(self, key: K) -> bool:
        """Return whether *key* is there or being produced."""
        return key in self._shards[hash(key) % _SHARDS]

    def is_done(self, key: K) -> bool:
        """Return whether *key* is there, or has failed."""
        entry = self._shards[hash(key) % _SHARDS].get(key)
        return entry is not None and entry.is_done

    def put(self, key: K, value: V) -> None:
        """Finish *key*, which the caller has claimed."""
        self._finish(key, value, None)

    def fail(self, key: K, error: BaseException) -> None:
        """Finish *key* with an error that everyone who asks for it gets."""
        self._finish(key, None, error)

    def notify(self, key: K, waiter: Callable[[], None]) -> bool:
        """Have *waiter* called (in any thread) when *key*, which is claimed, is finished; return False if it is."""
        place = hash(key) % _SHARDS
        entry = self._shards[place][key]
        with self._locks[place]:
            if entry.is_done:
                return False
            entry.waiters.append(waiter)
            return True

    def wait(self, key: K) -> V:
        """Return the value of *key*, which is claimed; block until it is there.

        Raises:
            BaseException: whatever it failed with.
        """
        entry = self._shards[hash(key) % _SHARDS][key]
        if not entry.is_done:
            gate = allocate_lock()
            gate.acquire()
            if self.notify(key, gate.release):
                gate.acquire()
        return entry.result()

    def _finish(self, key: K, value: V | None, error: BaseException | None) -> None:
        place = hash(key) % _SHARDS
        entry = self._shards[place][key]
        with self._locks[place]:
            if entry.is_done:
                raise AssertionError("a key is finished once")
            entry.value = value
            entry.error = error
            entry.is_done = True
            waiters, entry.waiters = entry.waiters, []
        for waiter in waiters:
            waiter()
