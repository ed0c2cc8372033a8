"""Asking the price list over HTTPS, page by page; the only file here that touches the network.

Half a list is worse than none: whatever is wrong on one page makes the whole reading fail. Nothing waits for ever: a
reading has a deadline, a page a size, a list a number of pages.
"""

import asyncio
import json
import ssl
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, cast
from urllib.parse import parse_qsl, urlsplit

import aiohttp

from plugins.domain.live_prices import PriceList
from plugins.retail_prices.address import AZURE, endpoint_of
from plugins.retail_prices.failed import PriceListFailed
from plugins.retail_prices.meters import Figures, Row
from plugins.retail_prices.queries import filters_of
from plugins.retail_prices.sentences import SAYS

API_VERSION = "2023-01-01-preview"
"""The version whose rows name savings plans, and whose values are case-sensitive
(learn.microsoft.com/rest/api/cost-management/retail-prices/azure-retail-prices, read 2026-11-22).
"""

MOST_PAGES = 48
"""Of one region: seven queries have a page or two each, three times as many where pages hold 100 rows only."""

MOST_BYTES = 16 * 1024 * 1024
AT_ONCE = 3
"""Queries side by side: about twenty are answered with 429 (github.com/ahmadabdalla/azure-cost-calculator, 555)."""

TRIES = 5
LONGEST_PAUSE = 30.0
_TOO_MANY, _REFUSED, _OWN_FAULT = 429, 400, 500

Sleep = Callable[[float], Awaitable[None]]


class PriceListClient:
    """Reads price lists from `base_url`, Azure's own or a double's."""

    def __init__(
        self,
        base_url: str = AZURE,
        *,
        sleep: Sleep = asyncio.sleep,
        trust: Callable[[], ssl.SSLContext] = ssl.create_default_context,
    ) -> None:
        """Raises ConfigurationError for what is no address of one."""
        self._url = endpoint_of(base_url)
        self._sleep = sleep
        self._trust = trust
        self.requests = 0
        """How many requests were sent, retries among them."""

    async def read(
        self, region: str, currency: str, sizes: Sequence[str], *, now: datetime, seconds: float
    ) -> PriceList:
        """The figures of these sizes, of DBUs and of what stands beside a cluster. Raises PriceListFailed."""
        reading = _ListReading(self, region, currency, Figures(region, now, frozenset(sizes)))
        try:
            async with asyncio.timeout(seconds):
                # The system's certificates are read here, and not at import: SSL_CERT_FILE may name others.
                trust = await asyncio.to_thread(self._trust) if self._url.startswith("https:") else True
                async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=trust), trust_env=True) as session:
                    await self._all(session, reading, tuple(filters_of(region, sizes)))
        except TimeoutError as error:
            raise reading.failed(SAYS("problem.slow", seconds=f"{seconds:g}")) from error
        return reading.ended(now)

    async def _all(self, session: aiohttp.ClientSession, reading: "_ListReading", filters: Sequence[str]) -> None:
        gate = asyncio.Semaphore(AT_ONCE)

        async def one(filter_: str) -> None:
            async with gate:
                await self._pages(session, reading, filter_)

        tasks = [asyncio.create_task(one(filter_)) for filter_ in filters]
        try:
            await asyncio.gather(*tasks)
        finally:  # the first that fails ends the others
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _pages(self, session: aiohttp.ClientSession, reading: "_ListReading", filter_: str) -> None:
        first = {"api-version": API_VERSION, "currencyCode": f"'{reading.currency}'", "$filter": filter_}
        query: dict[str, str] | None = first
        while query is not None:
            reading.begin_page()
            page = await self._page(session, reading, query)
            query = _next(reading.take(page))

    async def _page(self, session: aiohttp.ClientSession, reading: "_ListReading", query: dict[str, str]) -> bytes:
        """One page's text, asked again where the list is busy or has a fault that may pass."""
        status = 0
        for attempt in range(TRIES):
            self.requests += 1
            try:
                async with session.get(self._url, params=query, allow_redirects=False) as answer:
                    status = answer.status
                    if status not in (_TOO_MANY, *range(_OWN_FAULT, 600)):
                        return await _body(answer, reading)
                    asked = answer.headers.get("Retry-After", "")
            except (aiohttp.ClientError, OSError) as error:
                if attempt == TRIES - 1 or isinstance(error, aiohttp.ClientConnectorCertificateError):
                    raise reading.failed(SAYS("problem.unreachable")) from error
                asked = ""
            if attempt < TRIES - 1:
                await self._sleep(_pause(attempt, asked))
        raise reading.failed(SAYS("problem.busy") if status == _TOO_MANY else SAYS("problem.broken", status=status))


class _ListReading:
    """One region's list while it is read."""

    def __init__(self, client: PriceListClient, region: str, currency: str, figures: Figures) -> None:
        self.currency = currency
        self._client = client
        self._region = region
        self._figures = figures
        self._pages = 0

    def failed(self, problem: str) -> PriceListFailed:
        return SAYS.error(
            PriceListFailed, "failed", retryable=True, region=self._region, currency=self.currency, problem=problem
        )

    def begin_page(self) -> None:
        self._pages += 1
        if self._pages > MOST_PAGES:
            raise self.failed(SAYS("problem.endless", most=MOST_PAGES))

    def take(self, text: bytes) -> str:
        """Takes the rows of a page; gives the address of the next, empty after the last."""
        page = self._object(text)
        rows = self._rows(page)
        self._figures.add(rows)
        return str(page.get("NextPageLink") or "")

    def ended(self, now: datetime) -> PriceList:
        figures = self._figures
        if not any(key.startswith(("vm:", "dbu:")) for key in figures.amounts):
            raise self.failed(SAYS("problem.empty"))
        return PriceList(
            region=self._region,
            currency=self.currency,
            read_at=now,
            tried_at=now,
            figures=figures.amounts,
            doubtful=frozenset(figures.doubtful),
        )

    def _object(self, text: bytes) -> dict[str, Any]:
        if text.lstrip()[:1] == b"<":
            raise self.failed(SAYS("problem.html"))
        try:
            page = json.loads(text, parse_float=Decimal)
        except (ValueError, RecursionError) as error:
            raise self.failed(SAYS("problem.no_page")) from error
        if not isinstance(page, dict):
            raise self.failed(SAYS("problem.no_page"))
        return cast("dict[str, Any]", page)

    def _rows(self, page: dict[str, Any]) -> list[Row]:
        rows, announced = page.get("Items"), page.get("Count")
        if not isinstance(rows, list):
            raise self.failed(SAYS("problem.no_items"))
        kept = [cast("Row", row) for row in cast("list[Any]", rows) if isinstance(row, dict)]
        if isinstance(announced, int) and announced != len(kept):
            raise self.failed(SAYS("problem.miscounted", announced=announced, rows=len(kept)))
        others = {
            str(page.get("BillingCurrency") or self.currency),
            *(str(r["currencyCode"]) for r in kept if r.get("currencyCode")),
        }
        if others - {self.currency}:
            other = min(others - {self.currency})[:8]
            raise self.failed(SAYS("problem.currency", other=other, currency=self.currency))
        return kept


async def _body(answer: aiohttp.ClientResponse, reading: _ListReading) -> bytes:
    if answer.status != 200:  # noqa: PLR2004 - the one status that carries a page
        raise reading.failed(SAYS("problem.refused", status=answer.status))
    text = bytearray()
    async for piece in answer.content.iter_chunked(64 * 1024):
        text += piece
        if len(text) > MOST_BYTES:
            raise reading.failed(SAYS("problem.large", most=MOST_BYTES // 2**20))
    return bytes(text)


def _next(link: str) -> dict[str, str] | None:
    """The query of the next page. Its host is left aside: it is asked where the first page was."""
    return dict(parse_qsl(urlsplit(link).query)) if link else None


def _pause(attempt: int, asked: str) -> float:
    """As long as the list asks for, else 1, 2, 4 … seconds; never longer than half a minute."""
    seconds = float(asked) if asked.isdecimal() else 2.0**attempt
    return min(seconds, LONGEST_PAUSE)
