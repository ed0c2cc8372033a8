"""How soon a platform may be written to again. Pure: the time is given.

Progress leaves a fifth of what edits are allowed to what decides or ends something, so that neither waits for it.
"""

from collections import deque
from dataclasses import dataclass, field
from typing import Literal

from agent.channels.messaging.port import Pace

LEISURELY_SHARE = 0.8
"""Of the edits that are allowed, what progress may take."""

PacedAct = Literal["post", "edit"]

_MOST_REMEMBERED = 1_000
"""Messages whose last edit is remembered before those long past are let go of."""


@dataclass
class Window:
    """The calls of the last `seconds`, of which `most` are allowed."""

    most: int
    seconds: float
    calls: deque[float] = field(default_factory=deque[float])

    def wait(self, now: float, *, share: float = 1.0) -> float:
        """Seconds until one more call is allowed."""
        while self.calls and self.calls[0] <= now - self.seconds:
            self.calls.popleft()
        allowed = max(1, int(self.most * share))
        if len(self.calls) < allowed:
            return 0.0
        return self.calls[len(self.calls) - allowed] + self.seconds - now

    def landed(self, began: float, now: float) -> None:
        """A call that began then has its answer: it may have arrived as late as now."""
        if began in self.calls:
            self.calls.remove(began)
            self.calls.append(now)


class Pacer:
    """Counts the calls of one platform, in each place and in all."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._all = {"post": Window(*pace.all_posts), "edit": Window(*pace.all_edits)}
        self._places: dict[tuple[PacedAct, str], Window] = {}
        self._held: dict[str, float] = {}
        self._edited: dict[int, float] = {}

    def wait(self, act: PacedAct, place: str, message: int, *, leisurely: bool, now: float) -> float:
        """Seconds until that may be done; 0 for at once."""
        share = LEISURELY_SHARE if leisurely else 1.0
        held = max(self._held.get(place, 0.0), self._held.get("", 0.0)) - now
        calls = max(self._all[act].wait(now, share=share), self._window(act, place).wait(now, share=share))
        rested = self._edited.get(message, -self._pace.edit_seconds) + self._pace.edit_seconds - now
        return max(0.0, held, calls, rested if leisurely and act == "edit" else 0.0)

    def did(self, act: PacedAct, place: str, message: int, *, now: float) -> None:
        self._all[act].calls.append(now)
        self._window(act, place).calls.append(now)
        if act == "edit":
            self._edited[message] = now
        if len(self._edited) > _MOST_REMEMBERED:
            self._forget(now)

    def landed(self, act: PacedAct, place: str, *, began: float, now: float) -> None:
        """The platform counts from when it got it, which is not told: the place rests from when it had answered."""
        self._window(act, place).landed(began, now)

    def hold(self, place: str, until: float) -> None:
        """The platform asked to wait, there or (for "") everywhere."""
        self._held[place] = max(until, self._held.get(place, 0.0))

    def _window(self, act: PacedAct, place: str) -> Window:
        key = (act, place)
        if key not in self._places:
            most, seconds = self._pace.place_posts if act == "post" else self._pace.place_edits
            self._places[key] = Window(most, seconds)
        return self._places[key]

    def _forget(self, now: float) -> None:
        """What is long past holds nobody up."""
        self._edited = {key: at for key, at in self._edited.items() if at > now - self._pace.edit_seconds}
        self._held = {place: until for place, until in self._held.items() if until > now}
        for key, window in list(self._places.items()):
            window.wait(now)
            if not window.calls:
                del self._places[key]
