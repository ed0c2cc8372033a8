"""The list of conversations: finding, naming and deleting them, and what people thought of the answers."""

from collections.abc import Awaitable, Callable, Iterable
from typing import Literal

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, JsonValue

from agent.channels.auth.sessions import SignedInSession
from agent.channels.http.refusals import Refused
from agent.channels.web.bodies import Words, body_of
from agent.channels.web.port import ConversationTitle, WebChat
from agent.store.web_sessions import Verdict

_MOST_SOUGHT = 200
"""Characters of what is searched for."""

_MOST_TURNS = 2**31 - 1
_VERDICTS: dict[str, Verdict | None] = {"good": "good", "bad": "bad", "none": None}


class _Title(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    title: Words = Field(min_length=1, max_length=200)


class _Nothing(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Rating(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    turn: int = Field(ge=0, le=_MOST_TURNS)
    verdict: Literal["good", "bad", "none"]


class ConversationsPage:
    """`admitted` gives the session of a request that changes something, `read` of one that looks, and `own` the
    conversation that it names, where it is that person's.
    """

    def __init__(
        self,
        chat: WebChat,
        *,
        read: Callable[[web.Request], SignedInSession],
        admitted: Callable[[web.Request], SignedInSession],
        own: Callable[[web.Request, SignedInSession], Awaitable[str]],
    ) -> None:
        self._chat = chat
        self._read = read
        self._admitted = admitted
        self._own = own

    def routes(self) -> list[web.RouteDef]:
        one = "/api/conversations/{conversation}"
        return [
            web.get("/api/conversations", self.found),
            web.post(f"{one}/title", self.rename),
            web.post(f"{one}/delete", self.delete),
            web.post(f"{one}/feedback", self.rate),
        ]

    async def found(self, request: web.Request) -> web.StreamResponse:
        """GET /api/conversations: this person's own, the latest first; with `q` those in which it occurs."""
        person = self._read(request).person.key
        text = request.query.get("q", "").strip()[:_MOST_SOUGHT]
        lines = await (self._chat.conversations_with(person, text) if text else self._chat.conversations_of(person))
        return web.json_response({"conversations": listed(lines)})

    async def rename(self, request: web.Request) -> web.StreamResponse:
        conversation = await self._own(request, self._admitted(request))
        title = " ".join((await body_of(request, _Title)).title.split())
        if not title:
            raise Refused("empty_title", 400)
        await self._chat.rename(conversation, title)
        return web.json_response({"title": title})

    async def delete(self, request: web.Request) -> web.StreamResponse:
        conversation = await self._own(request, self._admitted(request))
        await body_of(request, _Nothing)
        await self._chat.delete(conversation)
        return web.Response(status=204)

    async def rate(self, request: web.Request) -> web.StreamResponse:
        session = self._admitted(request)
        conversation = await self._own(request, session)
        sent = await body_of(request, _Rating)
        await self._chat.rate(conversation, sent.turn, session.person.key, _VERDICTS[sent.verdict])
        return web.Response(status=204)


def listed(lines: Iterable[ConversationTitle]) -> list[JsonValue]:
    """The conversations as a page lists them."""
    return [
        {
            "id": line.conversation,
            "title": line.title,
            "updated_at": line.updated_at.isoformat(),
            "workspace": line.workspace,
            "state": line.state,
        }
        for line in lines
    ]
