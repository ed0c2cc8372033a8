"""How much one person or one conversation may cause at the model, and when nobody need try at all.

Counts live in this process and start anew with it; each process of a scaled-out house counts for itself.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

from agent.brain.failures import FailureKind, ModelFailed
from agent.settings import ModelLimits, ModelSettings

_HOUR, _DAY = 3600.0, 86400.0
_LONGEST_PAUSE = 600.0


@dataclass(frozen=True)
class Usage:
    """Tokens of one call, and what they cost; None where the settings name no prices."""

    input: int = 0
    output: int = 0
    money: Decimal | None = None


def priced(input_count: int, output_count: int, model: ModelSettings) -> Usage:
    """These tokens at the settings' prices."""
    if model.input_price_per_million is None or model.output_price_per_million is None:
        return Usage(input_count, output_count)
    million = Decimal(1_000_000)
    money = (
        Decimal(str(model.input_price_per_million)) * input_count
        + Decimal(str(model.output_price_per_million)) * output_count
    ) / million
    return Usage(input_count, output_count, money)


@dataclass
class Account:
    """What one person, or one conversation, has caused in the last day."""

    used: deque[tuple[float, Usage]] = field(default_factory=deque[tuple[float, Usage]])

    def note(self, now: float, usage: Usage) -> None:
        self.used.append((now, usage))
        while self.used and self.used[0][0] < now - _DAY:
            self.used.popleft()

    def calls(self, now: float) -> int:
        return sum(1 for at, _ in self.used if at >= now - _HOUR)

    def volume(self, now: float) -> int:
        return sum(u.input + u.output for at, u in self.used if at >= now - _DAY)

    def money(self, now: float) -> Decimal:
        return sum((u.money for at, u in self.used if at >= now - _DAY and u.money is not None), Decimal(0))


class ModelBudget:
    """`clock` gives monotonic seconds. Accounts of a day without a call are forgotten."""

    def __init__(self, limits: ModelLimits, clock: Callable[[], float]) -> None:
        self._limits = limits
        self._clock = clock
        self._people: dict[str, Account] = {}
        self._conversations: dict[str, Account] = {}

    def check(self, person: str, conversation: str) -> None:
        """Raises ModelFailed when either has had what it may have."""
        now, limits = self._clock(), self._limits
        person_used, conversation_used = (
            self._people.get(person, Account()),
            self._conversations.get(conversation, Account()),
        )
        reached: FailureKind | None = None
        if person_used.calls(now) >= limits.calls_per_person_per_hour or conversation_used.calls(now) >= (
            limits.calls_per_conversation_per_hour
        ):
            reached = "limit_calls"
        elif person_used.volume(now) >= limits.volume_per_person_per_day or conversation_used.volume(now) >= (
            limits.volume_per_conversation_per_day
        ):
            reached = "limit_volume"
        elif limits.money_per_person_per_day is not None and person_used.money(now) >= Decimal(
            str(limits.money_per_person_per_day)
        ):
            reached = "limit_money"
        if reached is not None:
            raise ModelFailed(reached)

    def note(self, person: str, conversation: str, usage: Usage) -> None:
        now = self._clock()
        for accounts, name in ((self._people, person), (self._conversations, conversation)):
            accounts.setdefault(name, Account()).note(now, usage)
            for idle in [key for key, a in accounts.items() if a.used[-1][0] < now - _DAY]:
                del accounts[idle]

    def used(self, conversation: str) -> tuple[int, Decimal]:
        """Tokens and money that this conversation took in the last day."""
        account, now = self._conversations.get(conversation, Account()), self._clock()
        return account.volume(now), account.money(now)


class Breaker:
    """Open while the endpoint is known not to answer, so that a dead one costs one time-out and not one a turn.

    After the pause one turn tries; while it does, the others go on without. Pauses double up to ten minutes while
    the same trouble lasts.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._until = 0.0
        self._failed: ModelFailed | None = None
        self._row = 0
        self._trying = False

    def check(self) -> None:
        """Raises the failure that opened it, while it is open."""
        if self._failed is None:
            return
        if self._clock() < self._until or self._trying:
            raise self._failed
        self._trying = True

    def succeeded(self) -> None:
        self._failed, self._row, self._trying = None, 0, False

    def failed(self, failure: ModelFailed) -> None:
        self._trying = False
        if failure.kind in ("nonsense", "cut", "no_tools"):
            self._row += 1
            if self._row >= 3:  # noqa: PLR2004 - thrice in a row is no accident
                self._open(failure, 60.0)
        elif failure.pause > 0:
            self._row += 1
            self._open(failure, failure.pause)

    def gave_up(self) -> None:
        """The turn was left before it knew: somebody else may try."""
        self._trying = False

    def _open(self, failure: ModelFailed, pause: float) -> None:
        self._failed = failure
        doubled = min(pause * 2 ** min(self._row - 1, 6), max(pause, _LONGEST_PAUSE))
        self._until = self._clock() + doubled
