"""/metrics: the counts and levels of this process for Prometheus, for this machine or for whoever has the token."""

import hmac
from collections.abc import Awaitable, Callable, Sequence

from aiohttp import hdrs, web

from agent.channels.auth.identity import demand_local, is_loopback
from agent.channels.http.refusals import Refused
from agent.channels.http.served import ServerDoors
from agent.operation_settings import TelemetrySettings

_FORMAT = "text/plain; version=0.0.4; charset=utf-8"


class MetricsPage:
    """Without a token it is answered to this machine only: under a name of its own, and through no proxy."""

    name = "metrics"

    def __init__(self, telemetry: TelemetrySettings, scraped: Callable[[], Awaitable[str]]) -> None:
        self._token = telemetry.metrics_token.get_secret_value() if telemetry.metrics_token else None
        self._scraped = scraped

    def routes(self) -> Sequence[web.AbstractRouteDef]:
        return (web.get("/metrics", self._metrics),)

    async def begin(self, doors: ServerDoors) -> None:
        """There is nothing to take up."""

    async def stop(self, seconds: float) -> None:
        """There is nothing to wait for."""

    async def _metrics(self, request: web.Request) -> web.StreamResponse:
        self._demand_right(request)
        response = web.Response(text=await self._scraped())
        response.headers[hdrs.CONTENT_TYPE] = _FORMAT
        return response

    def _demand_right(self, request: web.Request) -> None:
        if self._token is None:
            demand_local(request)
            if not is_loopback(request.remote or ""):
                raise Refused("local_only", 403)
            return
        scheme, _, given = request.headers.get(hdrs.AUTHORIZATION, "").partition(" ")
        if scheme.lower() != "bearer" or not hmac.compare_digest(given.encode(), self._token.encode()):
            raise Refused("no_metrics_token", 401)
