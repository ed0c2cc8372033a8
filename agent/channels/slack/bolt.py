"""The one file that knows slack-bolt: what Slack delivers, by HTTP or by socket, to one receiver, as plain values.

The receiver stands where bolt would look up who is installed, before every listener: bolt acknowledges an event before
its listener runs and keeps nothing, so that a crash in between would lose the message, and a listener that fails at
once after its `ack()` loses that as well (slack-bolt 1.30.0, run 2026-11-29). Here a delivery is acknowledged when the
receiver has kept it, and otherwise not: Slack then sends it again. What stays bolt's is the shape of a request, Slack's
question whether the address is ours, and the socket with its envelopes and reconnecting.

An event by HTTP, which is most of what comes, goes beside bolt to the same reception, once the SDK's verifier has found
it signed within five minutes: of bolt's chain nothing else is done before the reception, and it costs as much again as
keeping the event (a context and a client of the Web API made anew for each).
"""

import asyncio
import json
import logging
import re
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, cast
from urllib.parse import parse_qs

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from agent.channels.http.refusals import Refused
from agent.channels.slack.deliveries import Answered, Delivery, Fields, delivery_of
from agent.telemetry import logged_fault

Receiver = Callable[[Delivery], Awaitable[Answered]]

_TIMESTAMP = re.compile(r"[0-9]{1,12}")
_SIGNATURE = re.compile(r"v0=[0-9a-f]{64}")
_SIGNED = ("x-slack-request-timestamp", "x-slack-signature")
_KEPT, _NOT_KEPT = 200, 503
_SSL_CHECK = "ssl_check"
_log = logging.getLogger(__name__)


class BoltDoor:
    """Verifies, hands over, answers. `api_url` is for the socket; by HTTP nothing is called."""

    def __init__(self, receive: Receiver, *, signing_secret: str, api_url: str) -> None:
        self._verifier = SignatureVerifier(signing_secret) if signing_secret else None
        self._reception = _Reception(receive)
        client = AsyncWebClient(base_url=api_url, trust_env_in_session=True)
        self._app = AsyncApp(
            name="brickie",
            logger=_log,
            client=client,
            # A socket needs no secret: nothing unsigned comes in by it.
            signing_secret=signing_secret or "unused",
            before_authorize=self._reception,
            authorize=_nobody,
            request_verification_enabled=False,  # done in `answer`, by the SDK's verifier
            attaching_function_token_enabled=False,
        )
        self._socket: AsyncSocketModeHandler | None = None

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """POST /slack/events: events, clicks, forms, commands and shortcuts alike. Raises Refused for what is none."""
        try:
            body = (await request.read()).decode("utf-8")
        except UnicodeDecodeError as error:
            raise Refused("bad_request", 400) from error
        self._demand_signature(request, body)
        try:
            document = _object_in(body, request.content_type)
            delivery = delivery_of(document)
            if delivery is None or delivery.kind != "event" or _SSL_CHECK in document:
                asked = AsyncBoltRequest(body=body, query=request.query_string, headers=_headers_of(request))
            else:
                asked = delivery
        # Signed and yet no shape that there is: theirs to mend, and nothing of ours is touched.
        except Exception as error:
            raise Refused("bad_request", 400) from error
        if isinstance(asked, Delivery):
            return await self._reception.answer(asked)
        return await to_aiohttp_response(await self._app.async_dispatch(asked))

    async def connect(self, app_token: str) -> None:
        """Opens the socket; it comes back by itself when it is lost."""
        self._socket = AsyncSocketModeHandler(self._app, app_token, logger=_log, loop=asyncio.get_running_loop())
        await self._socket.connect_async()

    async def close(self) -> None:
        if self._socket is not None:
            await self._socket.close_async()

    def _demand_signature(self, request: web.Request, body: str) -> None:
        """Before bolt, which fails on a timestamp that is no number instead of refusing it."""
        timestamp, signature = (request.headers.get(name, "") for name in _SIGNED)
        shaped = _TIMESTAMP.fullmatch(timestamp) and _SIGNATURE.fullmatch(signature)
        if self._verifier is None or not shaped or not self._verifier.is_valid(body, timestamp, signature):
            raise Refused("unsigned", 401)


class _Reception(AsyncMiddleware):
    """Hands a delivery to the receiver. A middleware of bolt's own kind, not a function: bolt would look for workflow
    steps in the body before it calls one, and fails on a form that is none.
    """

    def __init__(self, receive: Receiver) -> None:
        self._receive = receive

    async def async_process(
        self,
        *,
        req: AsyncBoltRequest,
        resp: BoltResponse,
        next: Callable[[], Awaitable[BoltResponse]],  # noqa: A002 - bolt passes it by this name
    ) -> BoltResponse | None:
        del resp
        delivery = delivery_of(req.body)
        if delivery is None:
            # Bolt answers that the address is ours; what else it may be, nobody here listens to.
            return await next() if req.body.get("type") == "url_verification" else BoltResponse(status=404, body="")
        status, answered = await self._taken(delivery)
        if answered is None:
            return BoltResponse(status=status, body="")
        content: dict[str, str | Sequence[str]] = {"content-type": ["application/json"]}
        return BoltResponse(status=status, body=json.dumps(answered), headers=content)

    async def answer(self, delivery: Delivery) -> web.Response:
        """The same beside bolt."""
        status, answered = await self._taken(delivery)
        return web.Response(status=status) if answered is None else web.json_response(answered, status=status)

    async def _taken(self, delivery: Delivery) -> tuple[int, Fields | None]:
        """Status and content of the answer."""
        try:
            return _KEPT, (await self._receive(delivery)).body
        except Exception as error:  # noqa: BLE001 - the top of a delivery: not acknowledged, so Slack sends it again
            logged_fault(_log, "a delivery failed", error)
            return _NOT_KEPT, None


async def _nobody() -> AuthorizeResult:
    """Never reached by what anybody did: the reception answers before it."""
    return AuthorizeResult(enterprise_id=None, team_id=None)


def _headers_of(request: web.Request) -> dict[str, str | Sequence[str]]:
    return {name: value for name, value in request.headers.items() if name.lower() in (*_SIGNED, "content-type")}


def _object_in(body: str, content_type: str) -> dict[str, Any]:
    """Raises for what is neither a JSON object nor a form with one, or a command."""
    if content_type == "application/json":
        document = json.loads(body)
    else:
        form = parse_qs(body, strict_parsing=True)
        document = json.loads(form["payload"][0]) if "payload" in form else form
    if not isinstance(document, dict):
        raise TypeError("no object")
    return cast("dict[str, Any]", document)
