"""What one thing costs in one region and currency: as the live price list says, else as the bundled tables do.

A figure comes from a meter of exactly its kind or from the table's row of exactly its kind, and each says which and of
what day; there is no third way. Bundled figures are in USD and are converted by the settings' rates; the live list is
read in the currency itself.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from plugins.catalogue.prices import UnitPrice, dbu_rate, extra, extras, spot_price, vm_price
from plugins.domain.live_prices import PriceList, dbu_figure, extra_figure, spot_figure, vm_figure
from plugins.domain.platform_settings import PlatformSettings
from plugins.estimate.sentences import SAYS

_USD = "USD"


COMPUTES = (
    "all-purpose",
    "jobs",
    "jobs-light",
    "jobs-serverless",
    "interactive-serverless",
    "sql-serverless",
    "sql-pro",
    "sql-classic",
    "dlt-core",
    "dlt-pro",
    "dlt-advanced",
    "model-serving",
    "model-training",
)
"""All that is billed by the DBU and has a price here, premium tier."""


def compute_name(compute: str) -> str:
    """What people call it, and whether its machines are in the price."""
    return SAYS(f"compute.{compute}")


@dataclass(frozen=True)
class Quote:
    """One unit's price in the book's currency, where it was read and when. `note` says what is special of it."""

    amount: Decimal
    source: str
    as_of: date
    note: str | None = None
    is_live: bool = False


@dataclass(frozen=True)
class PriceBook:
    """`live` is the price list, None where there is none that was read; `live_rate` and `bundled_rate` turn its figures
    and the tables' into `currency`, `bundled_rate` None where no rate is known.
    """

    region: str
    currency: str = _USD
    live: PriceList | None = None
    live_rate: Decimal = Decimal(1)
    bundled_rate: Decimal | None = Decimal(1)

    def vm(self, size: str) -> Quote | None:
        """An hour of this size on demand."""
        return self._quote(vm_figure(size), lambda: vm_price(size, self.region))

    def spot(self, size: str) -> Quote | None:
        """A spot hour as last seen: it moves."""
        return self._quote(spot_figure(size), lambda: spot_price(size, self.region))

    def dbu(self, compute: str) -> Quote | None:
        """A premium DBU of this compute. Photon's has a meter of its own in the list, the same price in the tables."""
        return self._quote(dbu_figure(compute), lambda: dbu_rate(compute.removesuffix("-photon"), self.region))

    def beside(self, item: str) -> Quote | None:
        """What stands beside a cluster, and a GB of storage by its redundancy."""
        return self._quote(extra_figure(item), lambda: extra(item) if item in extras() else None)

    def _quote(self, key: str, bundled: Callable[[], UnitPrice | None]) -> Quote | None:
        if self.live is not None and self.live.read_at is not None and key in self.live.figures:
            note = SAYS("quote.several") if key in self.live.doubtful else None
            amount = self.live.figures[key] * self.live_rate
            return Quote(amount, SAYS("quote.live"), self.live.read_at.date(), note, is_live=True)
        known = bundled()
        if known is None or self.bundled_rate is None:
            return None
        return Quote(known.usd * self.bundled_rate, known.source, known.as_of, self._noted(known))

    def _noted(self, known: UnitPrice) -> str | None:
        """Beside a table's figure where a live one was to be had: that the list has no such meter."""
        if self.live is None or self.live.read_at is None:
            return known.note
        missing = SAYS("quote.not_listed", day=self.live.read_at.date().isoformat(), of=known.as_of.isoformat())
        return "; ".join(filter(None, (missing, known.note)))


def price_book(region: str, currency: str, platform: PlatformSettings) -> PriceBook:
    """The book of that region, in that currency where it can be had, else in USD."""
    rates = {_USD: Decimal(1), **platform.pricing.exchange_rates}
    own = _read(platform.live.of(region, currency))
    if own is not None:
        return PriceBook(region, currency, own, Decimal(1), rates.get(currency))
    rate = rates.get(currency)
    in_dollars = _read(platform.live.of(region, _USD))
    if rate is None:
        return PriceBook(region, _USD, in_dollars)
    return PriceBook(region, currency, in_dollars, rate, rate)


def _read(kept: PriceList | None) -> PriceList | None:
    return kept if kept is not None and kept.read_at is not None else None


def warnings_of(region: str, currency: str, platform: PlatformSettings) -> tuple[str, ...]:
    """What somebody who decides by live prices must know: that they are old, or why there are none."""
    live = platform.live
    if not live.wanted:
        return ()
    if live.off:
        return (live.off,)
    kept = live.of(region, currency) or live.of(region, _USD)
    if kept is None:
        return (SAYS("live.never_read", region=region),)
    if kept.read_at is None:
        return (SAYS("live.not_read", region=region, problem=kept.problem),)
    if live.is_stale(kept):
        day, problem = (
            kept.read_at.date().isoformat(),
            SAYS("live.because", problem=kept.problem) if kept.problem else "",
        )
        return (SAYS("live.stale", region=region, day=day, most=live.maximum_age_days, because=problem),)
    return ()
