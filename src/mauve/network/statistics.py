"""Counts of what the network layer did, for `-v` and for benchmarks."""

from __future__ import annotations


class Statistics:
    """Running totals of one process. Each is written by one thread only, so a reader sees a recent value.

    Attributes:
        requests: sent, redirects and repetitions included.
        retries: repetitions among them.
        not_modified: answers 304.
        received: bytes of bodies, as transferred.
        waited: seconds in which the main thread waited for an answer.
        waits: how often it did.
        from_cache: answers that were stored and fresh.
    """

    __slots__ = ("from_cache", "not_modified", "received", "requests", "retries", "waited", "waits")

    def __init__(self) -> None:
        """Start from nothing."""
        self.requests = 0
        self.retries = 0
        self.not_modified = 0
        self.received = 0
        self.waited = 0.0
        self.waits = 0
        self.from_cache = 0

    def __str__(self) -> str:
        """Return one line."""
        return (
            f"{self.requests} requests ({self.retries} retries, {self.not_modified} not modified), "
            f"{self.received} bytes, {self.from_cache} answers from the cache, "
            f"waited {self.waits} times for {self.waited * 1000:.0f} ms"
        )
