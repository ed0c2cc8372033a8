"""What Azure billed, day by day; amounts as they came, never estimated here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal


@dataclass(frozen=True)
class BilledDay:
    """What one resource group cost on one day (UTC), before tax. `group` is in lower case."""

    day: date
    group: str
    currency: str
    amount: Decimal


@dataclass(frozen=True)
class BillRead:
    """A bill read to its end, for the days from `since` to `until`, both included. What has no row cost nothing."""

    since: date
    until: date
    days: Sequence[BilledDay]


@dataclass(frozen=True)
class BillReading:
    """How the last attempt to read the bill went: `read_at` (UTC) is the last that succeeded, `problem` a clause that
    says why the last one did not; before `not_before` Azure is not asked again.
    """

    read_at: datetime | None = None
    tried_at: datetime | None = None
    not_before: datetime | None = None
    problem: str = ""
