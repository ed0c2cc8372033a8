"""Live prices kept up to date: before a turn that needs them, when somebody orders it, and daily behind everything.

A reading that changes a figure of a plan that waits ends that plan in the same transaction: nobody can confirm a price
that is not today's. What fails is kept as a failure beside the list of before, for the plan to say; it ends nothing.
"""

import asyncio
import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from agent.deployment.context import DeploymentContext
from agent.deployment.dispatcher import Dispatcher
from agent.deployment.ending import ended
from agent.orders import DiscardOrder
from agent.store.price_lists import ListKey, PricedPlatform
from agent.store.records import Records
from agent.wording import phrase
from plugins.catalogue.sizes import sizes
from plugins.databricks.pricing_policy import FigureChange, changed_figure
from plugins.domain.errors import InfraError
from plugins.domain.live_prices import PriceList
from plugins.domain.plan import Plan
from plugins.domain.platform_settings import PlatformSettings

TURN_SECONDS = 8.0
"""A turn waits no longer for prices; what comes later is there for the next one."""

READ_SECONDS = 20.0
ORDERED_SECONDS = 180.0
"""A reading behind a turn, and one that somebody ordered, which may sit out being asked to wait."""

PAUSE = timedelta(minutes=5)
"""After a failure no turn asks again before that."""

RENEWED = timedelta(days=1)
"""How old a kept list becomes before it is read anew unasked; the list itself says that prices change rarely."""

_log = logging.getLogger(__name__)

_Found = Callable[[PriceList | None], bool]
"""Whether a list as it is kept needs to be read anew."""


class PriceReader(Protocol):
    """Reads one region's list; see `plugins.retail_prices.client`. Raises InfraError."""

    async def read(
        self, region: str, currency: str, sizes: Sequence[str], *, now: datetime, seconds: float
    ) -> PriceList: ...


@dataclass(frozen=True)
class Refreshed:
    """One reading: the list as it is kept now, how many figures it changed, and how many plans that ended."""

    kept: PriceList
    changed: int
    ended: int


class PriceRefresh:
    """Reads price lists for turns, for commands and by itself; one reading of a list at a time."""

    def __init__(
        self, context: DeploymentContext, work: Dispatcher, reader: PriceReader, pricing: PricedPlatform
    ) -> None:
        self._context = context
        self._work = work
        self._reader = reader
        self._pricing = pricing
        self._under_way: dict[ListKey, asyncio.Task[Refreshed]] = {}
        self._conditional: set[ListKey] = set()

    @property
    def is_asked(self) -> bool:
        """Whether a price list may be asked at all."""
        return self._pricing.is_asked

    def kept(self, records: Records) -> Mapping[ListKey, PriceList]:
        """All lists that are kept, those that could not be read among them."""
        return self._pricing.lists(records)

    async def ready(self, wanted: Collection[ListKey], *, seconds: float = TURN_SECONDS) -> None:
        """Sees to it, as far as some seconds allow, that these lists are there and not stale. Raises nothing for a list
        that cannot be read: the plan says so.
        """
        if not self._pricing.is_asked:
            return
        kept = await self._context.database.read(self._pricing.lists)
        lacking = [key for key in wanted if self._is_wanting(kept.get(key))]
        tasks = {self._reading(key, READ_SECONDS, if_found=self._is_wanting) for key in lacking}
        if tasks:
            await asyncio.wait(tasks, timeout=seconds)

    def priced(self, records: Records) -> PlatformSettings:
        """The platform with the live prices of this moment."""
        return self._pricing.now(records)

    async def refresh(self, region: str, currency: str) -> Refreshed:
        """Reads that list now; returns when the plans that this ended are gone with their files."""
        key = region, currency
        # One that is under way may turn out to read nothing: what is ordered is read.
        while key in self._conditional:
            await asyncio.wait({self._under_way[key]})
            await asyncio.sleep(0)
        refreshed = await self._reading(key, ORDERED_SECONDS)
        await self._work.tidied()
        return refreshed

    async def sweep(self, regions: Collection[str]) -> None:
        """Reads anew what is a day old, and what these regions lack, one list after another."""
        if not self._pricing.is_asked:
            return
        kept = await self._context.database.read(self._pricing.lists)
        own = self._context.platform.defaults.currency
        for key in sorted({*kept, *((region, own) for region in regions)}):
            if self._is_old(kept.get(key)):
                await self._reading(key, ORDERED_SECONDS, if_found=self._is_old)

    async def stop(self) -> None:
        """Leaves what is under way."""
        for task in self._under_way.values():
            task.cancel()
        await asyncio.gather(*self._under_way.values(), return_exceptions=True)

    def _is_wanting(self, kept: PriceList | None) -> bool:
        now = self._context.clock()
        if kept is None:
            return True
        if kept.problem and kept.tried_at is not None and now - kept.tried_at < PAUSE:
            return False
        age = kept.age_in_days(now.date())
        return age is None or age > self._context.platform.pricing.maximum_age_days

    def _is_old(self, kept: PriceList | None) -> bool:
        tried = kept.tried_at if kept is not None else None
        return tried is None or self._context.clock() - tried >= (PAUSE if kept and kept.problem else RENEWED)

    def _reading(self, key: ListKey, seconds: float, *, if_found: _Found | None = None) -> "asyncio.Task[Refreshed]":
        if key not in self._under_way:
            task = self._under_way[key] = asyncio.create_task(self._read_if(if_found, key, seconds))
            task.add_done_callback(lambda _: self._ended(key))
            if if_found is not None:
                self._conditional.add(key)
        return self._under_way[key]

    def _ended(self, key: ListKey) -> None:
        self._under_way.pop(key, None)
        self._conditional.discard(key)

    async def _read_if(self, found: _Found | None, key: ListKey, seconds: float) -> Refreshed:
        """Reads it, unless what is kept by now, perhaps by a reading that ended while somebody looked, is no longer
        `found` to need it.
        """
        if found is not None:
            kept = (await self._context.database.read(self._pricing.lists)).get(key)
            if kept is not None and not found(kept):
                return Refreshed(kept, 0, 0)
        return await self._read(key, seconds)

    async def _read(self, key: ListKey, seconds: float) -> Refreshed:
        region, currency = key
        now = self._context.clock()
        names = tuple(name for name, size in sizes().items() if not size.is_retired)
        try:
            read = await self._reader.read(region, currency, names, now=now, seconds=seconds)
        except InfraError as error:
            _log.warning("%s: %s", error.activity, error.problem)
            failed = error.problem.rstrip(".")
            return await self._context.kept(lambda records: self._failed(records, key, failed, now))
        refreshed, orders = await self._context.kept(lambda records: self._kept(records, read))
        self._work.committed(orders, ())
        return refreshed

    def _failed(self, records: Records, key: ListKey, problem: str, now: datetime) -> Refreshed:
        """The figures of before stay, with their day, and why there are no newer ones."""
        known = records.price_list(*key) or PriceList(region=key[0], currency=key[1])
        kept = known.model_copy(update={"problem": problem, "tried_at": now})
        records.keep_price_list(kept, now=now)
        return Refreshed(kept, 0, 0)

    def _kept(self, records: Records, read: PriceList) -> tuple[Refreshed, list[DiscardOrder]]:
        known = records.price_list(read.region, read.currency)
        before = known.figures if known is not None else {}
        changed = sum(before.get(key) != read.figures.get(key) for key in {*before, *read.figures})
        records.keep_price_list(read, now=self._context.clock())
        orders: list[DiscardOrder] = []
        platform = self._pricing.now(records, instead=read)
        for plan in self._waiting(records, read.region) if changed else ():
            figure = changed_figure(plan.items, platform)
            if figure is not None:
                orders += ended(
                    self._context,
                    self._work,
                    records,
                    plan.plan_id,
                    status="superseded",
                    reason=_told(figure),
                    deed=phrase("deployment.audit.prices_changed"),
                )
        return Refreshed(read, changed, len(orders)), orders

    def _waiting(self, records: Records, region: str) -> list[Plan]:
        """The plans that wait for a decision and are of that region, in part at least."""
        plans = [records.plan(waiting.plan_id) for waiting in records.waiting()]
        return [
            kept[0]
            for kept in plans
            if kept is not None and any(item.decision.region == region for item in kept[0].items)
        ]


def _told(figure: FigureChange) -> str:
    def amount(price: object) -> str:
        return phrase("deployment.price_unknown") if price is None else f"{price} {figure.currency}"

    return phrase(
        "deployment.price_changed",
        item=figure.item,
        unit=figure.unit,
        before=amount(figure.before),
        now=amount(figure.now),
    )
