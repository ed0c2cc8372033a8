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


class SpotRange(BaseModel):
    """Between which amounts the expected month lies with spot workers: `low` where all of them run at the spot price as
    it was last seen, on `as_of`; `high` where all fall back to the on-demand price, which the estimate counts.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    low: Money
    high: Money
    as_of: date
    source: str


class ComputeOption(BaseModel):
    """The expected month if the same hours ran on another compute ("jobs", "dlt-core", "sql-serverless"), for which a
    DBU costs `unit_price`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    compute: str
    unit_price: Money
    expected: Money
    as_of: date


class Estimate(BaseModel):
    """A month's cost in `currency`, before tax and discounts.

    `low` counts the minimum workers, `high` the maximum, `expected` the mean of the two, each with the driver; standing
    lines count in full. `expected` is the sum of the lines' `monthly`. `unpriced` names the items without a known
    price: while it is not empty every total is a lower bound. What is billed by use, whose volume nobody knows, is a
    line without an amount and is not among them.

    `compute` is what the cluster's DBUs are counted as, `compute_options` what the work might run on instead.
    `round_the_clock` is the expected month of a stream that never stops, where nobody said how long it runs; None for
    everything else.
    `warnings` say where live prices are wanted and old or not there.
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
    compute: str = "all-purpose"
    compute_options: tuple[ComputeOption, ...] = ()
    spot_range: SpotRange | None = None
    round_the_clock: Money | None = None
    warnings: tuple[str, ...] = ()

    @property
    def is_lower_bound(self) -> bool:
        return bool(self.unpriced)


HOURS_PER_MONTH = Decimal(730)
"""A whole month as Azure's price sheets count it (azure.microsoft.com/pricing, read 2026-06-18)."""

HOURS_PER_WEEK = Decimal(168)


def monthly_hours(hours_per_week: Decimal) -> Decimal:
    """Hours a week as hours a month, so that 168 a week is exactly the 730 that round-the-clock bills."""
    return hours_per_week * HOURS_PER_MONTH / HOURS_PER_WEEK
