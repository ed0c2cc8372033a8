"""The double's HTTPS server: sign-in, lists in pages, the bill, and every way to fail."""

import asyncio
import json
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Literal

from aiohttp import web

from plugins.listening import end_listening
from plugins.loopback_certificate import LoopbackCertificate, loopback_certificate
from plugins.resource_manager.double.subscription import Subscription

Fault = Literal[
    "",
    "html",
    "cut_off",
    "empty",
    "unauthorized",
    "forbidden",
    "conflict",
    "busy",
    "broken",
    "silent",
    "odd",
    "endless",
]

TENANT = "00000000-0000-0000-0000-00000000d0b1"
SECRET = "of-the-double"  # noqa: S105 - what it takes is known to everybody
_TOKEN = "token-of-the-double"  # noqa: S105 - as above
_REFUSALS: Mapping[str, tuple[int, str]] = {
    "unauthorized": (401, "InvalidAuthenticationToken"),
    "forbidden": (403, "AuthorizationFailed"),
    "conflict": (409, "MissingSubscriptionRegistration"),
    "busy": (429, "TooManyRequests"),
    "broken": (503, "ServiceUnavailable"),
}


@dataclass
class ResourceManagerDouble:
    """What it says (`subscription`, called for each answer, outside the loop), and how: `faults` by a part of the path,
    "" for all; `fails` answers fail so before it recovers (None: for ever); `waits` are headers of those that are busy;
    `delay_seconds` is of every answer, `clock_date` the Date that it tells. `asked` are the paths that came, in order.
    """

    subscription: Callable[[], Subscription]
    page_size: int = 1000
    faults: dict[str, Fault] = field(default_factory=dict[str, Fault])
    fails: int | None = None
    waits: dict[str, str] = field(default_factory=dict[str, str])
    delay_seconds: float = 0.0
    clock_date: str | None = None
    asked: list[str] = field(default_factory=list[str])
    certificate: LoopbackCertificate | None = None
    url: str = ""
    _rows_of_bill: list[list[Any]] = field(default_factory=list[list[Any]])

    @asynccontextmanager
    async def serving(self, folder: Path, *, port: int = 0) -> AsyncGenerator["ResourceManagerDouble", None]:
        """Listens on this machine while the context lasts; `url` is its base, `certificate` what to trust."""
        runner = await self.started(folder, port=port)
        try:
            yield self
        finally:
            await end_listening(runner)

    async def started(self, folder: Path, *, port: int = 0) -> web.AppRunner:
        """Listens until the runner that it gives is cleaned up."""
        self.certificate = await asyncio.to_thread(loopback_certificate, folder)
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._answer)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port, ssl_context=self.certificate.server()).start()
        self.url = f"https://127.0.0.1:{runner.addresses[0][1]}"
        return runner

    def environment(self) -> dict[str, str]:
        """What points a sign-in at it, as a real service principal's environment does."""
        return {
            "ARM_TENANT_ID": TENANT,
            "ARM_CLIENT_ID": "double",
            "ARM_CLIENT_SECRET": SECRET,
            "ARM_SUBSCRIPTION_ID": self.subscription().id,
            "AZURE_AUTHORITY_HOST": self.url,
        }

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request.path)
        if self.delay_seconds:
            await asyncio.sleep(self.delay_seconds)
        if request.path.startswith(f"/{TENANT}/"):
            return self._sign_in(request)
        fault = self._fault_of(request.path)
        if fault == "silent":
            await asyncio.sleep(3600)
        refused = self._refusal(request, fault)
        if refused is not None:
            return refused
        body = await self._body(request)
        if body is None:
            return _error(404, "ResourceNotFound")
        text = json.dumps(_spoiled(body, fault, request))
        return self._sent(text[: len(text) // 2] if fault == "cut_off" else text)

    def _sent(self, text: str) -> web.Response:
        headers = {"Date": self.clock_date} if self.clock_date else None
        return web.Response(text=text, content_type="application/json", headers=headers)

    def _refusal(self, request: web.Request, fault: Fault) -> web.Response | None:
        if fault == "html":
            return web.Response(text="<!DOCTYPE html><title>Sign in</title>", content_type="text/html")
        if fault == "empty":
            return web.Response(status=204)
        if fault in _REFUSALS:
            status, code = _REFUSALS[fault]
            return _error(status, code, self.waits if fault == "busy" else None)
        if request.headers.get("Authorization") != f"Bearer {_TOKEN}":
            return _error(401, "InvalidAuthenticationToken")
        return None

    def _fault_of(self, path: str) -> Fault:
        struck: list[Fault] = [fault for part, fault in self.faults.items() if part.casefold() in path.casefold()]
        if struck and self.fails is not None:
            self.fails -= 1
            return struck[0] if self.fails >= 0 else ""
        return struck[0] if struck else ""

    def _sign_in(self, request: web.Request) -> web.Response:
        base = f"{request.scheme}://{request.host}/{TENANT}"
        if request.path.endswith("/openid-configuration"):
            endpoints = {"authorization_endpoint": f"{base}/oauth2/v2.0/authorize", "issuer": f"{base}/v2.0"}
            return web.json_response({"token_endpoint": f"{base}/oauth2/v2.0/token", **endpoints})
        return web.json_response({"token_type": "Bearer", "expires_in": 3600, "access_token": _TOKEN})

    async def _body(self, request: web.Request) -> dict[str, Any] | None:
        """None where Azure has nothing of that path."""
        subscription, path = await asyncio.to_thread(self.subscription), request.path
        below = path.removeprefix(f"/subscriptions/{subscription.id}").casefold()
        if below.endswith("/microsoft.costmanagement/query"):
            return await self._bill(request, subscription)
        if below == "/providers/microsoft.databricks":
            state = "Registered" if subscription.is_registered else "NotRegistered"
            return {"namespace": "Microsoft.Databricks", "registrationState": state}
        network = next((one for one in subscription.networks if str(one["id"]).casefold() == path.casefold()), None)
        if network is not None:
            return dict(network)
        rows = _rows(subscription, below, request)
        return None if rows is None else self._page(rows, request)

    def _page(self, rows: list[dict[str, Any]], request: web.Request) -> dict[str, Any]:
        first = int(request.query.get("$skiptoken", "0"))
        following = first + self.page_size
        page: dict[str, Any] = {"value": rows[first:following]}
        if following < len(rows):
            page["nextLink"] = str(request.url.update_query({"$skiptoken": str(following)}))
        return page

    async def _bill(self, request: web.Request, subscription: Subscription) -> dict[str, Any]:
        query = await request.json()
        first = int(request.query.get("$skiptoken", "0"))
        if not first:  # further pages are of the same bill, as it was when the first was asked for
            self._rows_of_bill = _bill_rows(subscription, query)
        rows = self._rows_of_bill
        following = first + self.page_size
        link = str(request.url.update_query({"$skiptoken": str(following)})) if following < len(rows) else None
        kinds = (("Cost", "Number"), ("UsageDate", "Number"), ("ResourceGroupName", "String"), ("Currency", "String"))
        columns = [{"name": name, "type": kind} for name, kind in kinds]
        return {"properties": {"nextLink": link, "columns": columns, "rows": rows[first:following]}}


def _bill_rows(subscription: Subscription, query: dict[str, Any]) -> list[list[Any]]:
    since, until = (date.fromisoformat(query["timePeriod"][key][:10]) for key in ("from", "to"))
    named = query["dataset"].get("filter", {}).get("dimensions", {}).get("values")
    return [
        [float(one.amount), int(f"{one.day:%Y%m%d}"), one.group, one.currency]
        for one in subscription.bill(since, until)
        if named is None or one.group in named
    ]


def _rows(subscription: Subscription, below: str, request: web.Request) -> list[dict[str, Any]] | None:
    region = below.rsplit("/locations/", maxsplit=1)[-1].removesuffix("/usages")
    if below == "/providers/microsoft.compute/skus":
        return list(subscription.skus(request.query["$filter"].split("'")[1]))
    if below.endswith("/usages"):
        return list(subscription.usages(region))
    match below:
        case "/providers/microsoft.databricks/workspaces":
            return list(subscription.standing())
        case "/resourcegroups":
            return [{"name": name} for name in subscription.groups]
        case "/providers/microsoft.authorization/policyassignments":
            return [dict(one) for one in subscription.policies if _is_in(one, request)]
        case "/providers/microsoft.operationalinsights/deletedworkspaces":
            return [{"name": name} for name in subscription.deleted_logs]
        case _:
            return None


def _is_in(policy: Mapping[str, Any], request: web.Request) -> bool:
    """With `atScope()` those of single resource groups are left out, as Azure does."""
    is_of_group = "/resourcegroups/" in str(policy["properties"].get("scope", "")).casefold()
    return request.query.get("$filter") != "atScope()" or not is_of_group


def _spoiled(body: dict[str, Any], fault: Fault, request: web.Request) -> Any:
    if fault == "odd":
        return {**body, "value": "none", "properties": "none", "registrationState": 1}
    if fault == "endless":
        link = str(request.url.update_query({"$skiptoken": "0"}))
        properties = {**body["properties"], "nextLink": link} if "properties" in body else None
        return {**body, "nextLink": link, **({"properties": properties} if properties else {})}
    return body


def _error(status: int, code: str, headers: Mapping[str, str] | None = None) -> web.Response:
    return web.json_response({"error": {"code": code, "message": code}}, status=status, headers=headers)
