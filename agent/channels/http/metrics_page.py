"""/metrics: the counts and levels of this process for Prometheus, for this machine or for whoever has the token."""

from collections.abc import Awaitable, Callable, Sequence

from aiohttp import hdrs, web

from agent.channels.auth.identity import demand_local, is_loopback
from agent.channels.auth.sessions import is_same_secret
from agent.channels.http.refusals import Refused
from agent.channels.http.served import ServerDoors
from agent.operation_settings import TelemetrySettings

_FORMAT = "text/plain; version=0.0.4; charset=utf-8"


class MetricsPage:
    """Without a token it is answered to this machine only: under a name of its own, and through no proxy.

    Where the server has a public address it is answered to nobody then: what brings people there is likely a proxy on
    this machine, and one that tells nothing of itself looks like this machine.
    """

    name = "metrics"

    def __init__(self, telemetry: TelemetrySettings, scraped: Callable[[], Awaitable[str]], *, is_public: bool) -> None:
        self._token = telemetry.metrics_token.get_secret_value() if telemetry.metrics_token else None
        self._is_public = is_public
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
            if self._is_public:
                raise Refused("metrics_need_token", 403)
            demand_local(request)
            if not is_loopback(request.remote or ""):
                raise Refused("local_only", 403)
            return
        scheme, _, given = request.headers.get(hdrs.AUTHORIZATION, "").partition(" ")
        if scheme.lower() != "bearer" or not is_same_secret(given, self._token):
            raise Refused("no_metrics_token", 401)
