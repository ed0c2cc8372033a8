"""What a decision costs in a month."""

from datetime import date
from decimal import Decimal

from pydantic import BaseModel, ConfigDict

from plugins.domain.money import Money


class LineItem(BaseModel):
    """One line of the bill. `unit_price` and `monthly` are None when the price is unknown, never zero instead.

    `quantity` is per month in `unit` ("hour", "DBU", "GB", "month"). `note` says what a reader must know of the
    line ("price of eastus, assumed"). `source` and `as_of` say where and when the price was read.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    item: str
    quantity: Money
    unit: str
    unit_price: Money | None
    monthly: Money | None
    source: str
    as_of: date | None
    note: str | None = None


class Estimate(BaseModel):
    """A month's cost in `currency`, before tax and discounts.

    `low` counts the minimum workers, `high` the maximum, `expected` the mean of the two, each with the driver;
    standing lines count in full. `expected` is the sum of the lines' `monthly`. `unpriced` names the items
    without a known price: while it is not empty every total is a lower bound.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    currency: str
    low: Money
    expected: Money
    high: Money
    hourly_low: Money
    hourly_high: Money
    hours_per_month: Money
    lines: tuple[LineItem, ...]
    unpriced: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def is_lower_bound(self) -> bool:
        return bool(self.unpriced)


HOURS_PER_MONTH = Decimal(730)
"""A whole month as Azure's price sheets count it (azure.microsoft.com/pricing, read 2026-06-18)."""

HOURS_PER_WEEK = Decimal(168)


def monthly_hours(hours_per_week: Decimal) -> Decimal:
    """Hours a week as hours a month, so that 168 a week is exactly the 730 that round-the-clock bills."""
    return hours_per_week * HOURS_PER_MONTH / HOURS_PER_WEEK
