"""How much one sender may do: a bucket of tokens each, refilled evenly."""

import math
from collections.abc import Callable

_MOST_SENDERS = 10_000
"""Buckets that are remembered: whoever asks under ever new names fills no memory. About 2 MB."""


class Throttle:
    """At most `per_minute` in the long run and `burst` at once, for each key. `clock` gives seconds."""

    def __init__(self, per_minute: float, burst: int, clock: Callable[[], float]) -> None:
        self._rate = per_minute / 60
        self._burst = burst
        self._clock = clock
        self._buckets: dict[str, tuple[float, float]] = {}

    @classmethod
    def of_person(cls, per_minute: int, clock: Callable[[], float]) -> "Throttle":
        """For what a person does at a page: a third of a minute's share, and five at least, may come at once."""
        return cls(per_minute, max(5, math.ceil(per_minute / 3)), clock)

    def wait_for(self, key: str) -> int:
        """0 when this one may pass, and it is counted; else the whole seconds after which the next one may."""
        now = self._clock()
        tokens, since = self._buckets.get(key, (float(self._burst), now))
        # Refilled when it is looked at: no timer runs for those who are away.
        tokens = min(self._burst, tokens + (now - since) * self._rate)
        # Refused attempts cost nothing: who waits as told is let through.
        if tokens < 1:
            self._buckets[key] = (tokens, now)
            return max(1, math.ceil((1 - tokens) / self._rate))
        self._buckets[key] = (tokens - 1, now)
        if len(self._buckets) > _MOST_SENDERS:
            self._forget_idle(now)
        return 0

    def _forget_idle(self, now: float) -> None:
        """Drops whoever has a full bucket again; the oldest half when nobody has."""
        full = self._burst / self._rate
        busy = {key: bucket for key, bucket in self._buckets.items() if now - bucket[1] < full}
        self._buckets = dict(sorted(busy.items(), key=lambda pair: pair[1][1])[-_MOST_SENDERS // 2 :])
