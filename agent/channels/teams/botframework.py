# pyright: basic
# The SDK ships without types.
"""The seam to the Bot Framework: the one file that knows its SDK, so that another may take its place.

Out go activities as plain JSON, to where a reference (an `Address`'s) says; every failure is an `Undeliverable`. Each
call is one try. botbuilder-core and botframework-connector 4.17.1, with what they need beside them (run 2026-11-22 and
2026-12-01): their client is made once a service address, not once a turn (which took most of it); their credentials
fetch a token a turn on the event loop, so ours are cached and fetched before; requests go by aiohttp, not each in a
thread, and not by msrest's own sender for it, which sends neither headers nor body
(`findings/msrest_aiohttp_sends_nothing.sh`); and the calls that they lack (targeted messages) go by REST, under the
same token.
"""

import json
from collections.abc import Awaitable, Callable, Mapping
from functools import lru_cache
from http import HTTPStatus
from typing import Any, ClassVar, Protocol, TypeVar, cast
from urllib.parse import quote
from urllib.request import getproxies, proxy_bypass

from aiohttp import ClientError, ClientSession, ClientTimeout
from botbuilder.core import BotAdapter, TurnContext
from botbuilder.schema import Activity as SdkActivity
from botbuilder.schema import (
    Attachment,
    ChannelAccount,
    ConversationAccount,
    ConversationParameters,
    ConversationReference,
    Entity,
    ResourceResponse,
)
from botframework.connector.aio import ConnectorClient
from botframework.connector.aiohttp_bf_pipeline import AsyncBfPipeline
from msrest.exceptions import ClientException
from msrest.pipeline import AsyncHTTPSender, Request, Response, SansIOHTTPPolicy
from msrest.universal_http.async_abc import AsyncClientResponse
from pydantic import JsonValue
from yarl import URL

from agent.channels.messaging.port import Json, Undeliverable, UndeliverableReason

T = TypeVar("T")
_SECONDS = 15.0
_MOST_SECONDS = 900.0
"""That the service may ask to wait; more is not believed."""

_FIELDS = {
    "type": "type",
    "channelId": "channel_id",
    "serviceUrl": "service_url",
    "text": "text",
    "textFormat": "text_format",
    "summary": "summary",
    "replyToId": "reply_to_id",
    "channelData": "channel_data",
}
"""Of an activity as JSON, and in the SDK's model; the others are made below."""

_MADE = ("from_property", "conversation", "attachments", "entities", "id")
_MOST_CLIENTS = 100
_REASONS: Mapping[int, UndeliverableReason] = {
    HTTPStatus.UNAUTHORIZED: "forbidden",
    HTTPStatus.FORBIDDEN: "forbidden",
    HTTPStatus.NOT_FOUND: "not_found",
    HTTPStatus.GONE: "not_found",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "too_large",
    HTTPStatus.PRECONDITION_FAILED: "throttled",
    HTTPStatus.TOO_MANY_REQUESTS: "throttled",
}
"""412 is of several bots writing in one chat at once (learn.microsoft.com/microsoftteams/platform/bots/how-to/
rate-limit, read 2026-11-22)."""

_NOT_INSTALLED = (
    "BotNotInConversationRoster",
    "ForbiddenOperationException",
    "BotDisabledByAdmin",
    "MessageWritesBlocked",
)
"""Codes under a 403 by which Teams says that the app is not there (learn.microsoft.com/microsoftteams/platform/bots/
how-to/conversations/send-proactive-messages, read 2026-11-29)."""


class AppTokens(Protocol):
    """Tokens of our app, by scope."""

    async def fresh(self) -> None:
        """Fetches a token where none is at hand. Raises Undeliverable."""
        ...

    def at_hand(self) -> str:
        """The token that was fetched last; empty where none is needed."""
        ...


class _Bearer(SansIOHTTPPolicy):
    """The SDK asks for a token in the middle of a request: it is at hand by then."""

    def __init__(self, tokens: AppTokens) -> None:
        self._tokens = tokens

    def on_request(self, request: Request, **_: Any) -> None:
        token = self._tokens.at_hand()
        if token:
            request.http_request.headers["Authorization"] = f"Bearer {token}"


class _Answer(AsyncClientResponse):
    """What came back, whole."""

    def __init__(self, request: Any, status: int, headers: Mapping[str, str], body: bytes) -> None:
        super().__init__(request, None)
        self.status_code, self.headers, self._body = status, dict(headers), body

    def body(self) -> bytes:
        return self._body


class _Sender(AsyncHTTPSender):
    """The SDK's requests, by aiohttp, each once. Raises Undeliverable for whatever was not taken."""

    def __init__(self) -> None:
        self._session: ClientSession | None = None
        self._is_closed = False

    async def send(self, request: Request, **_: Any) -> Response:
        if self._is_closed:  # whoever keeps what is to be sent has the next process send it
            raise Undeliverable("unavailable")
        asked, http = request.http_request, self._open()
        # Its own quoting stands. A token goes nowhere but where it was meant to go.
        url, sent = URL(asked.url, encoded=True), asked.data
        proxy = _proxy_of(url.scheme, url.host or "")
        async with http.request(
            asked.method, url, headers=asked.headers, data=sent, proxy=proxy, allow_redirects=False
        ) as taken:
            body = await taken.read()
        if taken.status >= HTTPStatus.MULTIPLE_CHOICES:
            raise undeliverable(taken.status, _code_in(body), taken.headers)
        return Response(request, _Answer(asked, taken.status, taken.headers, body))

    def _open(self) -> ClientSession:
        """Made inside the event loop that uses it."""
        if self._session is None:
            self._session = ClientSession(timeout=ClientTimeout(total=_SECONDS))
        return self._session

    async def close(self) -> None:
        self._is_closed = True
        if self._session is not None:
            await self._session.close()

    async def __aexit__(self, *_: object) -> None:
        await self.close()


class BotFrameworkAdapter(BotAdapter):
    """The SDK's adapter as far as Brickie needs it: it sends, edits and deletes. Nothing comes in through it."""

    def __init__(self, tokens: AppTokens) -> None:
        super().__init__()
        self._tokens = tokens
        self._sender = _Sender()
        self._clients: dict[str, Any] = {}

    async def send_activities(self, context: TurnContext, activities: list[SdkActivity]) -> list[ResourceResponse]:
        return [await self._sent(context.activity.service_url, activity) for activity in activities]

    async def update_activity(self, context: TurnContext, activity: SdkActivity) -> ResourceResponse:
        place, number = _place_of(activity), activity.id
        client = self.client(context.activity.service_url)
        return await self.call(lambda: client.conversations.update_activity(place, number, activity))

    async def delete_activity(self, context: TurnContext, reference: ConversationReference) -> None:
        place, number = _place_of(reference), reference.activity_id
        client = self.client(context.activity.service_url)
        await self.call(lambda: client.conversations.delete_activity(place, number))

    async def _sent(self, service_url: str, activity: SdkActivity) -> ResourceResponse:
        place, reply_to = _place_of(activity), activity.reply_to_id
        conversations = self.client(service_url).conversations
        if reply_to:
            return await self.call(lambda: conversations.reply_to_activity(place, reply_to, activity))
        return await self.call(lambda: conversations.send_to_conversation(place, activity))

    def client(self, service_url: str) -> Any:
        """Of that address; made once, since making one takes longer than a request."""
        known = self._clients.get(service_url)
        if known is None:
            if len(self._clients) >= _MOST_CLIENTS:
                self._clients.clear()
            known = ConnectorClient(
                _Bearer(self._tokens), base_url=service_url, pipeline_type=AsyncBfPipeline, sender=self._sender
            )
            known._serialize.client_side_validation = False  # noqa: SLF001 - what is sent is made here, and taken or not there
            self._clients[service_url] = known
        return known

    async def call(self, request: Callable[[], Awaitable[T]]) -> T:
        """That request, under a good token. Raises Undeliverable."""
        await self._tokens.fresh()
        try:
            return await request()
        except (ClientError, ClientException, OSError) as error:
            raise Undeliverable("unavailable") from error

    async def rest(self, method: str, url: str, body: Json) -> Json:
        """A call that the SDK does not have, by the same client, so under the same token and the same rules."""
        base, _, path = url.partition("/v3/")
        client: Any = self.client(base)._client  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]
        request: Any = getattr(client, method)(f"/v3/{path}", {}, {"Content-Type": "application/json"}, dict(body))
        answer: Any = await self.call(lambda: client.async_send(request, stream=False))
        return _json(answer.body())

    async def close(self) -> None:
        await self._sender.close()


class BotFramework:
    """What Brickie asks of the channel's service; references are those of an `Address`."""

    def __init__(self, app_id: str, tokens: AppTokens) -> None:
        self._app_id = app_id
        self._adapter = BotFrameworkAdapter(tokens)

    async def send(self, reference: Json, activity: Json) -> str:
        """Writes there; gives the message's id. In a thread of a channel it lands in that thread."""
        context, sdk = self._context(reference, activity)
        (sent,) = await self._adapter.send_activities(context, [sdk])
        return sent.id or "" if sent is not None else ""

    async def update(self, reference: Json, message_id: str, activity: Json) -> None:
        context, sdk = self._context(reference, activity)
        sdk.id = message_id
        await self._adapter.update_activity(context, sdk)

    async def delete(self, reference: Json, message_id: str) -> None:
        context, sdk = self._context(reference, {})
        there = ConversationReference(activity_id=message_id, conversation=sdk.conversation)
        await self._adapter.delete_activity(context, there)

    async def send_targeted(self, reference: Json, person: Json, activity: Json) -> str:
        """Writes there for that account's eyes only. Such a message vanishes after 24 hours (learn.microsoft.com/
        microsoftteams/platform/bots/how-to/conversations/targeted-messages, read 2026-11-29).
        """
        url = f"{_conversation_url(reference)}/activities?isTargetedActivity=true"
        answer = await self._adapter.rest("post", url, self._whole(reference, {**activity, "recipient": dict(person)}))
        return str(answer.get("id", ""))

    async def open_personal(self, reference: Json, person: Json) -> Json:
        """The reference of that account's personal chat with Brickie, wherever `reference` is of."""
        tenant = str(reference.get("tenantId", ""))
        parameters = ConversationParameters(
            is_group=False,
            bot=ChannelAccount(**_account(reference.get("bot"))),
            members=[ChannelAccount(id=str(person["id"]))],
            tenant_id=tenant,
            channel_data={"tenant": {"id": tenant}},
        )
        conversations = self._adapter.client(str(reference["serviceUrl"])).conversations
        opened = await self._adapter.call(lambda: conversations.create_conversation(parameters))
        conversation = {"id": opened.id, "conversationType": "personal", "tenantId": tenant}
        return {**reference, "conversation": conversation, "user": dict(person)}

    async def members(self, reference: Json) -> tuple[Json, ...]:
        """Everybody who is there, as accounts of the channel (`id`, `name`, `aadObjectId`)."""
        place = _conversation_id(reference)
        conversations = self._adapter.client(str(reference["serviceUrl"])).conversations
        found = await self._adapter.call(lambda: conversations.get_conversation_members(place))
        return tuple(_plain_account(account) for account in found)

    async def close(self) -> None:
        await self._adapter.close()

    def _context(self, reference: Json, activity: Json) -> tuple[TurnContext, SdkActivity]:
        whole = self._whole(reference, activity)
        named: dict[str, Any] = {_FIELDS[name]: value for name, value in whole.items() if name in _FIELDS}
        sdk = _SentActivity(**named)
        sdk.from_property = ChannelAccount(**_account(whole["from"]))
        sdk.conversation = ConversationAccount(id=_conversation_id(reference))
        # None where there is none: an empty list would be sent as one.
        sdk.attachments = [_attachment(one) for one in _objects(activity.get("attachments"))] or None
        sdk.entities = [_OpenEntity(one) for one in _objects(activity.get("entities"))] or None
        return TurnContext(self._adapter, sdk), sdk

    def _whole(self, reference: Json, activity: Json) -> dict[str, JsonValue]:
        """The activity with where it goes and who sends it."""
        return {
            "type": "message",
            "channelId": reference.get("channelId", "msteams"),
            "serviceUrl": reference["serviceUrl"],
            "from": reference.get("bot") or {"id": f"28:{self._app_id}"},
            "conversation": {"id": _conversation_id(reference)},
            **activity,
        }


class _SentActivity(SdkActivity):
    """Of an activity's fifty fields those that are sent: the SDK goes through all that there are, for each message."""

    _attribute_map: ClassVar[dict[str, dict[str, str]]] = {
        name: SdkActivity._attribute_map[name]  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]
        for name in (*_FIELDS.values(), *_MADE)
    }


class _OpenEntity(Entity):
    """An entity with all its fields: the SDK's own drops what it does not know, `streaminfo` among it."""

    _attribute_map: ClassVar[dict[str, dict[str, str]]] = {
        "additional_properties": {"key": "", "type": "{object}"},
        "type": {"key": "type", "type": "str"},
    }

    def __init__(self, fields: Json) -> None:
        super().__init__(type=str(fields.get("type", "")))
        self.additional_properties = dict(fields)


def undeliverable(status: int, code: str, headers: Mapping[str, str]) -> Undeliverable:
    """Why the channel did not take something, by its answer's status, its own code, and when it asks to come again."""
    if code in _NOT_INSTALLED and status in (HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND):
        return Undeliverable("not_installed")
    if "archived" in code.casefold():
        return Undeliverable("archived")
    reason = _REASONS.get(status, "unavailable" if status >= HTTPStatus.INTERNAL_SERVER_ERROR else "forbidden")
    return Undeliverable(reason, retry_after_seconds=_seconds(headers.get("Retry-After")))


@lru_cache
def _proxy_of(scheme: str, host: str) -> str | None:
    """The proxy that the environment names for that host; aiohttp would look in a thread, for each request."""
    return None if proxy_bypass(host) else getproxies().get(scheme)


def _place_of(sdk: Any) -> str:
    return sdk.conversation.id


def _conversation_id(reference: Json) -> str:
    return str(cast("Json", reference["conversation"])["id"])


def _conversation_url(reference: Json) -> str:
    base = str(reference["serviceUrl"]).rstrip("/")
    return f"{base}/v3/conversations/{quote(_conversation_id(reference), safe='')}"


def _account(account: JsonValue) -> dict[str, Any]:
    fields = account if isinstance(account, dict) else {}
    return {"id": fields.get("id"), "name": fields.get("name")}


def _plain_account(account: ChannelAccount) -> Json:
    """The SDK keeps what its model does not know apart; Teams names the directory's object `objectId` there."""
    more = cast("dict[str, Any]", account.additional_properties or {})
    object_id = account.aad_object_id or more.get("objectId")
    return {"id": account.id, "name": account.name, "aadObjectId": object_id}


def _attachment(fields: Mapping[str, Any]) -> Attachment:
    return Attachment(content_type=fields["contentType"], content=fields.get("content"))


def _objects(value: JsonValue) -> list[Json]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _code_in(text: bytes) -> str:
    """The service's own code of an error: {"error": {"code": …}}."""
    try:
        return str(json.loads(text)["error"]["code"])
    except (ValueError, TypeError, LookupError):
        return ""


def _json(text: bytes) -> Json:
    try:
        answer = json.loads(text)
    except ValueError:
        return {}
    return cast("Json", answer) if isinstance(answer, dict) else {}


def _seconds(text: str | None) -> float | None:
    """Of a header Retry-After that is a number; a date is left to the usual pause."""
    try:
        return min(max(float(text or ""), 0.0), _MOST_SECONDS)
    except ValueError:
        return None
