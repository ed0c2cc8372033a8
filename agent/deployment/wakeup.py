"""Waking threads that look for work now and then, so that what is ordered here begins at once and idling is cheap."""

import threading
from collections import Counter
from collections.abc import Iterable


class WakeSignal:
    """Threads that wait on an event to be told to stop, and look for work whenever that wait ends in vain.

    After `attend` such a wait also ends in vain, once for each thread, when `wake` was called since its last one, for
    all or for threads of its name.
    `at_least`: seconds that every wait lasts otherwise, where whoever calls `wake` hears of all that there is to do.
    But the wait after a wake lasts what the thread itself wants: its look may have failed, and nobody is told of that.
    """

    def __init__(self, *, at_least: float = 0.0) -> None:
        self._at_least = at_least
        self._condition = threading.Condition()
        self._calls = 0
        self._named_calls = Counter[str]()
        self._heard = threading.local()

    def attend(self, stop: threading.Event, *, wakes: bool = True) -> None:
        """Without `wakes` those who wait on it only rest as long as `at_least`, whatever is called."""
        tell = stop.set

        def told() -> None:
            tell()
            self.wake()

        def wait(timeout: float | None = None) -> bool:
            with self._condition:
                self._heard.woken = self._condition.wait_for(
                    lambda: stop.is_set() or (wakes and self._was_called()), self._rest(timeout)
                )
                # For each thread its own count: one that was busy when it was called still finds that it was.
                self._heard.calls = self._called()
            return stop.is_set()

        stop.set, stop.wait = told, wait

    def wake(self, names: Iterable[str] | None = None) -> None:
        """Wakes all, or the threads that are called so: each that wakes looks at the database, while others want to."""
        with self._condition:
            if names is None:
                self._calls += 1
            else:
                self._named_calls.update(names)
            self._condition.notify_all()

    def _rest(self, wanted: float | None) -> float | None:
        if wanted is None or getattr(self._heard, "woken", False):
            return wanted
        return max(wanted, self._at_least)

    def _was_called(self) -> bool:
        return self._called() != getattr(self._heard, "calls", 0)

    def _called(self) -> int:
        return self._calls + self._named_calls[threading.current_thread().name]
