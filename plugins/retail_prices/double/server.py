"""The double's HTTPS server: pages, filters, currencies, and every way to fail."""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any, Literal

from aiohttp import web

from plugins.listening import end_listening
from plugins.loopback_certificate import LoopbackCertificate, loopback_certificate
from plugins.retail_prices.double.odata import BadFilter, filter_of
from plugins.retail_prices.double.sheet import RATES, PriceSheet

Fault = Literal[
    "",
    "html",
    "cut_off",
    "miscounted",
    "forbidden",
    "busy",
    "broken",
    "wrong_currency",
    "endless",
    "silent",
    "no_items",
]

PAGE = 1000
"""Rows of a page of the real list (100 in older documents)."""

_PATH = "/api/retail/prices"


@dataclass
class PriceListDouble:
    """What it says, and how. `fails` answers fail so before it recovers (None: for ever); `asks_to_wait` is the
    Retry-After of those that are busy. `asked` are the queries that came, in their order.
    """

    regions: tuple[str, ...] = ("eastus",)
    sheet: PriceSheet = field(default_factory=PriceSheet)
    page_size: int = PAGE
    fault: Fault = ""
    fails: int | None = None
    asks_to_wait: str | None = None
    asked: list[dict[str, str]] = field(default_factory=list[dict[str, str]])
    certificate: LoopbackCertificate | None = None
    url: str = ""

    @asynccontextmanager
    async def serving(self, folder: Path, *, port: int = 0) -> AsyncGenerator["PriceListDouble", None]:
        """Listens on this machine while the context lasts; `url` is its base, `certificate` what to trust."""
        self.certificate = await asyncio.to_thread(loopback_certificate, folder)
        app = web.Application()
        app.router.add_get(_PATH, self._answer)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        try:
            site = web.TCPSite(runner, "127.0.0.1", port, ssl_context=self.certificate.server())
            await site.start()
            self.url = f"https://127.0.0.1:{runner.addresses[0][1]}"
            yield self
        finally:
            await end_listening(runner)

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        query = dict(request.query)
        self.asked.append(query)
        fault = self._fault_now()
        match fault:
            case "silent":
                await asyncio.sleep(3600)
            case "html":
                return web.Response(text="<!DOCTYPE html><title>Sign in</title>", content_type="text/html")
            case "forbidden":
                return web.json_response({"Error": {"Code": "Forbidden"}}, status=403)
            case "broken":
                return web.json_response({"Error": {"Code": "InternalServerError"}}, status=503)
            case "busy":
                headers = {"Retry-After": self.asks_to_wait} if self.asks_to_wait else None
                return web.json_response({"Error": {"Code": "TooManyRequests"}}, status=429, headers=headers)
            case _:
                pass
        try:
            page = self.page(request, query, fault)
        except (BadFilter, ValueError) as error:
            return web.json_response({"Error": {"Code": "BadRequest", "Message": str(error)[:80]}}, status=400)
        text = json.dumps(page)
        return web.Response(
            text=text[: len(text) // 2] if fault == "cut_off" else text, content_type="application/json"
        )

    def _fault_now(self) -> Fault:
        if self.fails is None:
            return self.fault
        self.fails -= 1
        return self.fault if self.fails >= 0 else ""

    def page(self, request: web.Request, query: dict[str, str], fault: Fault) -> dict[str, Any]:
        currency = query.get("currencyCode", "'USD'").strip("'")
        told = "USD" if fault == "wrong_currency" or currency not in RATES else currency
        matches = filter_of(query["$filter"])
        every = chain.from_iterable(self.sheet.rows(region, told) for region in self.regions)
        rows = [row for row in every if matches(row)]
        first = int(query.get("$skip", "0"))
        some = rows[first : first + self.page_size]
        following = first + self.page_size
        more = following < len(rows) or fault == "endless"
        link = request.url.update_query({"$skip": str(following if fault != "endless" else 0)}) if more else None
        return {
            "BillingCurrency": told,
            "CustomerEntityId": "Default",
            "CustomerEntityType": "Retail",
            **({} if fault == "no_items" else {"Items": some}),
            "NextPageLink": str(link) if link else None,
            "Count": len(some) + 1 if fault == "miscounted" else len(some),
        }
