"""Prices as Azure's public price list gave them, by region and currency; values that an estimate is reckoned with."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from pydantic import BaseModel, ConfigDict, Field


def vm_figure(size: str) -> str:
    """The key of an hour of this size on demand, Linux."""
    return f"vm:{size}"


def spot_figure(size: str) -> str:
    return f"spot:{size}"


def dbu_figure(compute: str) -> str:
    """The key of a premium DBU of this compute ("all-purpose", "jobs", "sql-serverless"…)."""
    return f"dbu:{compute}"


def extra_figure(item: str) -> str:
    """The key of what stands beside a cluster ("nat_gateway"…), and of storage ("Standard_LRS"…)."""
    return f"extra:{item}"


class PriceList(BaseModel):
    """What the price list said of one region in one currency.

    `read_at` (UTC) is None while it was never read to its end; `problem` says why the last attempt failed, in a clause
    for people, and is empty after one that did not. `figures` hold an amount for each key of the functions above, only
    where a meter of exactly that kind was there; `doubtful` are the keys for which there were several, of which the
    lowest was taken.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    region: str
    currency: str
    read_at: datetime | None = None
    tried_at: datetime | None = None
    problem: str = ""
    figures: dict[str, Decimal] = Field(default_factory=dict[str, Decimal])
    doubtful: frozenset[str] = frozenset()

    def age_in_days(self, today: date) -> int | None:
        """Whole days since it was read; None while it never was."""
        return None if self.read_at is None else (today - self.read_at.date()).days


class LivePrices(BaseModel):
    """The price lists that are kept, and whether they are wanted: `wanted` is False where only tables are reckoned
    with.

    `off` says why nothing is asked although live prices are wanted; empty where they may be asked.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    wanted: bool = False
    off: str = ""
    today: date | None = None
    maximum_age_days: int = 7
    lists: dict[str, PriceList] = Field(default_factory=dict[str, PriceList])

    @staticmethod
    def keyed(lists: Mapping[tuple[str, str], PriceList]) -> dict[str, PriceList]:
        return {f"{region} {currency}": kept for (region, currency), kept in lists.items()}

    def of(self, region: str, currency: str) -> PriceList | None:
        """The list of that region in that currency, also one that could not be read."""
        return self.lists.get(f"{region} {currency}") if self.wanted else None

    def is_stale(self, kept: PriceList) -> bool:
        """Whether it is older than the house allows."""
        age = None if self.today is None else kept.age_in_days(self.today)
        return age is not None and age > self.maximum_age_days
