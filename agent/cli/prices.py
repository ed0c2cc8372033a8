"""`brickie prices`: what a size costs by every source, and the price list read anew."""

import argparse
import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pydantic import JsonValue

from agent.cli.session import CommandSession, fail, write_json
from agent.deployment.price_refresh import READ_SECONDS
from agent.events import Table
from agent.output import tell
from agent.store.price_lists import ListKey
from agent.wording import error_of, phrase
from plugins.catalogue.prices import UnitPrice, spot_price, vm_price
from plugins.catalogue.regions import regions
from plugins.catalogue.sizes import nearest_sizes, size
from plugins.domain.errors import ConfigurationError
from plugins.domain.live_prices import LivePrices, PriceList, spot_figure, vm_figure
from plugins.domain.platform_settings import PlatformSettings

USD = "USD"


@dataclass(frozen=True)
class PriceRow:
    """An hour of a size by one source; None for what that source does not know."""

    source: str
    unit_price: Decimal | None
    spot_price: Decimal | None
    currency: str
    as_of: date | None
    read_from: str
    note: str

    def as_json(self) -> dict[str, JsonValue]:
        return {
            "source": self.source,
            "unit_price": _number(self.unit_price),
            "spot_price": _number(self.spot_price),
            "currency": self.currency,
            "as_of": self.as_of.isoformat() if self.as_of else None,
            "unit": "hour",
            "read_from": self.read_from,
            "note": self.note,
        }


def shown(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    """A row a source. Raises ConfigurationError for a size or a region that there is not."""
    return asyncio.run(_shown(options, environment))


def refreshed(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    """Reads lists anew; 1 when one of them could not be read. Raises ConfigurationError where none may be asked."""
    return asyncio.run(_refreshed(options, environment))


async def _shown(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    name, region = _size(options.size), _region(options.region)
    session = CommandSession(options, environment)
    currency = session.settings.defaults.currency
    try:
        await session.app.database.open()  # and nothing else of the app: no work is taken up by looking
        await session.app.prices.ready({(region, currency)}, seconds=READ_SECONDS)
        platform = await session.read(session.app.prices.priced)
    finally:
        await session.close()
    rows = tuple(_rows(name, region, currency, platform))
    if session.as_json:
        for row in rows:
            write_json(row.as_json())
        return 0
    title = phrase("cli.prices.title", size=name, region=region)
    columns = tuple(phrase("cli.prices.columns").split(" | "))
    session.show([Table(conversation="", turn=0, title=title, columns=columns, rows=tuple(map(_cells, rows)))])
    return 0


def _rows(name: str, region: str, currency: str, platform: PlatformSettings) -> Iterator[PriceRow]:
    """The live list, and what is bundled."""
    yield _live(name, platform.live, platform.live.of(region, currency), currency)
    bundled, spot = vm_price(name, region), spot_price(name, region)
    yield PriceRow(
        source="bundled",
        unit_price=_usd(bundled),
        spot_price=_usd(spot),
        currency=USD,
        as_of=bundled.as_of if bundled else None,
        read_from=bundled.source if bundled else "",
        note=(bundled.note or "") if bundled else phrase("cli.prices.no_row"),
    )


def _live(name: str, live: LivePrices, kept: PriceList | None, currency: str) -> PriceRow:
    figures = kept.figures if kept is not None else {}
    return PriceRow(
        source="live",
        unit_price=figures.get(vm_figure(name)),
        spot_price=figures.get(spot_figure(name)),
        currency=currency,
        as_of=kept.read_at.date() if kept is not None and kept.read_at else None,
        read_from=phrase("cli.prices.list"),
        note=_note(name, live, kept),
    )


def _note(name: str, live: LivePrices, kept: PriceList | None) -> str:
    """Why the list has no price of it, or why that is old."""
    if not live.wanted:
        return phrase("cli.prices.not_wanted")
    if live.off:
        return phrase("cli.prices.off")
    if kept is None:
        return phrase("cli.prices.not_read")
    if kept.problem:
        return phrase("cli.prices.problem", problem=kept.problem)
    return "" if vm_figure(name) in kept.figures else phrase("cli.prices.no_meter")


def _cells(row: PriceRow) -> tuple[JsonValue, ...]:
    unknown = phrase("cli.prices.unknown")
    day = row.as_of.isoformat() if row.as_of else ""
    amounts = (unknown if price is None else f"{price.normalize():f}" for price in (row.unit_price, row.spot_price))
    return (row.source, *amounts, row.currency, day, "; ".join(filter(None, (row.read_from, row.note))))


async def _refreshed(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    session = CommandSession(options, environment)
    prices, own = session.app.prices, session.settings.defaults
    if not prices.is_asked:
        raise error_of(ConfigurationError, "cli.prices.nothing_asked")
    region = _region(options.region) if options.region else None
    failures = 0
    try:
        kept = await session.read(prices.kept)
        for key in [(region, own.currency)] if region else _all(kept, own.region, own.currency):
            done = await prices.refresh(*key)
            where = {"region": key[0], "currency": key[1]}
            if done.kept.problem:
                failures += 1
                tell(phrase("cli.prices.failed", **where, problem=done.kept.problem))
                continue
            counts = {"figures": len(done.kept.figures), "changed": done.changed, "ended": done.ended}
            if session.as_json:
                write_json({**where, **counts})
            else:
                tell(phrase("cli.prices.refreshed", **where, **counts))
    finally:
        await session.close()
    return fail(phrase("cli.prices.some_failed", count=failures)) if failures else 0


def _all(kept: Mapping[ListKey, PriceList], usual: str, currency: str) -> list[ListKey]:
    """Every list that is kept, and the usual region's."""
    return sorted({*kept, *({(usual, currency)} if usual else set())})


def _size(text: str) -> str:
    known = size(text)
    if known is None:
        raise error_of(ConfigurationError, "cli.prices.no_size", size=text[:40], near=", ".join(nearest_sizes(text)))
    return known.name


def _region(text: str) -> str:
    name = text.strip().casefold().replace(" ", "")
    if name not in regions():
        raise error_of(ConfigurationError, "cli.prices.no_region", region=text[:40])
    return name


def _usd(price: UnitPrice | None) -> Decimal | None:
    return None if price is None else price.usd


def _number(amount: Decimal | None) -> float | None:
    return None if amount is None else float(amount)
