"""Whether and when a failed request is repeated. Pure: sleeping and randomness are the caller's."""

from __future__ import annotations

from msgspec import Struct


class RetryPolicy(Struct, frozen=True):
    """Exponential back-off with jitter.

    Attributes:
        retries: repetitions after the first try.
        shortest: seconds; the least delay.
        longest: seconds; the greatest delay.
    """

    retries: int = 3
    shortest: float = 1.0
    longest: float = 30.0

    def delay(self, attempt: int, chance: float) -> float | None:
        """Return the seconds to wait after failed try number *attempt* (from 1), None if it was the last.

        *chance* in [0, 1) places the delay between the shortest one and `shortest * 2 ** attempt`.
        """
        if attempt > self.retries:
            return None
        return min(self.longest, self.shortest + chance * self.shortest * ((1 << attempt) - 1))


def is_transient(status: int) -> bool:
    """Return whether an answer with this HTTP *status* may be different next time."""
    return status in {408, 429} or 500 <= status <= 599
