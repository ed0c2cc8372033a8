"""The price lists that were read, one for each region and currency; and what a process reckons with by them."""

from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy import select, update

from agent.store.connection import QueryGroup, stamp
from agent.store.tables import price_lists
from plugins.domain.live_prices import LivePrices, PriceList
from plugins.domain.platform_settings import PlatformSettings

ListKey = tuple[str, str]
"""Region and currency."""


class PriceListQueries(QueryGroup):
    def price_list(self, region: str, currency: str) -> PriceList | None:
        row = self._db.execute(
            select(price_lists.c.document).where(price_lists.c.region == region, price_lists.c.currency == currency)
        ).scalar_one_or_none()
        return None if row is None else PriceList.model_validate_json(row)

    def price_list_revisions(self) -> dict[ListKey, int]:
        """Which lists there are, and how new."""
        rows = self._db.execute(select(price_lists.c.region, price_lists.c.currency, price_lists.c.revision))
        return {(row.region, row.currency): row.revision for row in rows}

    def keep_price_list(self, kept: PriceList, *, now: datetime) -> None:
        """Keeps it in the place of the one before. What a failed attempt brings is that list with another problem."""
        values = {
            "read_at": stamp(kept.read_at) if kept.read_at else None,
            "tried_at": stamp(now),
            "document": kept.model_dump_json(),
        }
        row = {"region": kept.region, "currency": kept.currency, "revision": 1, **values}
        if self._insert_once(price_lists, row):
            return
        self._db.execute(
            update(price_lists)
            .where(price_lists.c.region == kept.region, price_lists.c.currency == kept.currency)
            .values(revision=price_lists.c.revision + 1, **values)
        )


class PricedPlatform:
    """The platform's settings with the live prices of this moment. Lists are read again only where they have changed.

    `is_wanted` is False where only the bundled tables count: then nothing is looked up. `off` says why nothing is asked
    although live prices are wanted.
    """

    def __init__(
        self, platform: PlatformSettings, clock: Callable[[], datetime], *, is_wanted: bool, off: str = ""
    ) -> None:
        self._platform = platform
        self._clock = clock
        self._copies: dict[ListKey, tuple[int, PriceList]] = {}
        self.is_wanted = is_wanted
        self.off = off

    @property
    def is_asked(self) -> bool:
        """Whether a price list may be asked at all."""
        return self.is_wanted and not self.off

    def now(self, records: PriceListQueries, *, instead: PriceList | None = None) -> PlatformSettings:
        """As these records hold the lists; with `instead` in the place of the one of its region and currency."""
        if not self.is_wanted:
            return self._platform
        lists = dict(self.lists(records))
        if instead is not None:
            lists[instead.region, instead.currency] = instead
        live = LivePrices(
            wanted=True,
            off=self.off,
            today=self._clock().date(),
            maximum_age_days=self._platform.pricing.maximum_age_days,
            lists=LivePrices.keyed(lists),
        )
        return self._platform.model_copy(update={"live": live})

    def lists(self, records: PriceListQueries) -> Mapping[ListKey, PriceList]:
        """All lists that are kept."""
        revisions = records.price_list_revisions()
        for key, revision in revisions.items():
            known = self._copies.get(key)
            if known is None or known[0] != revision:
                kept = records.price_list(*key)
                if kept is not None:
                    self._copies = {**self._copies, key: (revision, kept)}
        return {key: self._copies[key][1] for key in revisions if key in self._copies}
