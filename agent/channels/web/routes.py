"""The conversation in a browser: what a page sends, and the stream of what it is told.

A message is checked, kept and acknowledged at once; its turn runs afterwards, in order, and its events reach every
open page of that conversation through the stream.
"""

import asyncio
import json
import re
import secrets
import time
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, JsonValue, model_validator

from agent.channels.auth.identity import Authenticator
from agent.channels.auth.sessions import SignedInSession
from agent.channels.http.refusals import Refused
from agent.channels.http.throttle import Throttle
from agent.channels.turn_inbox import TurnInbox
from agent.channels.web.bodies import Words, body_of
from agent.channels.web.conversations import ConversationsPage, listed
from agent.channels.web.port import WebChat
from agent.channels.web.speakers import ARRIVED, Speakers
from agent.channels.web.streams import EventStreams
from agent.events import Button, Incoming
from agent.store.arrivals import ArrivedMessage
from agent.wording import phrase
from plugins.catalogue.regions import regions
from plugins.domain.person import Person
from plugins.domain.understanding import MOST_CHARACTERS

MOST_WAITING = 20
"""Messages of one conversation that wait for their answer."""

_CONVERSATION = re.compile(r"cnv_[0-9A-Za-z_-]{1,64}")
_RETRY_SECONDS = 5
_LAST_SEQ = 2**31 - 1
"""The highest number that PostgreSQL's integers hold."""


class _Sent(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    client_id: str = Field(min_length=8, max_length=64, pattern=r"^[\w.:-]+$")


class _Text(_Sent):
    text: Words


class _Action(_Sent):
    action: Literal["confirm", "reject", "choose"]
    plan_id: Words | None = Field(default=None, max_length=100)
    digest: Words | None = Field(default=None, max_length=200)
    slot: Words | None = Field(default=None, max_length=100)
    value: Words | None = Field(default=None, max_length=1000)

    @model_validator(mode="after")
    def _named(self) -> "_Action":
        needed = ("slot", "value") if self.action == "choose" else ("plan_id", "digest")
        if any(getattr(self, name) is None for name in needed):
            raise ValueError(f"{self.action} needs {needed[0]} and {needed[1]}")
        return self

    def as_button(self) -> Button:
        return Button(action=self.action, plan_id=self.plan_id, digest=self.digest, slot=self.slot, value=self.value)


@dataclass(frozen=True)
class RateLimits:
    """For each person: messages a minute, and streams open at once."""

    messages_per_minute: int
    streams: int


@dataclass(frozen=True)
class ServerFacts:
    """What a page is told of this installation. `believed` when one person may speak as several."""

    mode: str
    signs_in: bool
    believed: bool


class WebChannel:
    """The routes of the conversation; made inside the event loop that serves them."""

    def __init__(self, chat: WebChat, authenticator: Authenticator, limits: RateLimits, facts: ServerFacts) -> None:
        self._chat = chat
        self._authenticator = authenticator
        self._limits = limits
        self._facts = facts
        self._streams = EventStreams(chat)
        self._inbox = TurnInbox(lambda incoming: chat.reply_to(incoming, until_settled=False))
        self._throttle = Throttle.of_person(limits.messages_per_minute, time.monotonic)
        self._speakers = Speakers(believed=facts.believed)
        self._open: defaultdict[str, set[asyncio.Transport]] = defaultdict(set)
        self._stopping = False
        chat.listen(self._streams.tell)
        chat.watch(self._streams.wake)

    @property
    def open_streams(self) -> int:
        """Streams that pages hold open now."""
        return sum(len(transports) for transports in self._open.values())

    def routes(self) -> list[web.RouteDef]:
        one = "/api/conversations/{conversation}"
        return [
            web.get("/api/session", self.session),
            web.post("/api/conversations", self.new_conversation),
            web.post(f"{one}/messages", self.message),
            web.post(f"{one}/actions", self.action),
            web.get(f"{one}/events", self.events, allow_head=False),
            *ConversationsPage(
                self._chat, read=self._authenticator.demand, admitted=self.admitted, own=self.own
            ).routes(),
        ]

    async def begin(self) -> None:
        """Takes up what an earlier process had accepted and not answered; before anything new is accepted."""
        for accepted in await self._chat.unanswered():
            self._inbox.put(accepted.incoming)

    async def stop(self, seconds: float) -> bool:
        """No new messages; those accepted are answered, the streams end. False when some were not answered in time:
        they are kept, and taken up by the next start.
        """
        self._stopping = True
        finished = await self._inbox.finished(seconds)
        self._streams.close()
        return finished

    async def session(self, request: web.Request) -> web.StreamResponse:
        """GET /api/session: who is signed in, the mark that their other requests carry, and their conversations, the
        latest first. 401 for whoever is not, with the place to sign in.
        """
        response = web.json_response()
        # Not `demand`: this answer is where a page gets the mark that every other request of it carries.
        session = self._authenticator.session_of(request)
        if session is None:
            raise Refused("not_signed_in", 401)
        self._authenticator.look_up(session)
        person = session.person
        lines = await self._chat.conversations_of(person.key)
        body = {
            "user": _shown(person),
            "csrf": self._authenticator.csrf(session),
            "mode": self._facts.mode,
            "login": "/login" if self._facts.signs_in else None,
            "conversations": listed(lines),
            "regions": {region.name: region.display_name for region in regions().values() if region.is_offered},
        }
        response.text = json.dumps(body, ensure_ascii=False)
        return response

    async def new_conversation(self, request: web.Request) -> web.StreamResponse:
        """POST /api/conversations: a new one, of whoever asks; 201 with its id."""
        session = self.admitted(request)
        conversation = f"cnv_{secrets.token_hex(12)}"
        await self._chat.open_conversation(conversation, session.person)
        return web.json_response({"conversation": conversation}, status=201)

    async def message(self, request: web.Request) -> web.StreamResponse:
        """POST …/messages: one message, taken in at once (202) and answered through the stream of events."""
        session = self.admitted(request)
        conversation = await self.own(request, session)
        sent = await body_of(request, _Text)
        # Not by the model of the body: whoever pasted too much is told how much it was.
        if len(sent.text) > MOST_CHARACTERS:
            raise Refused("too_long", 413, length=f"{len(sent.text):,}", most=f"{MOST_CHARACTERS:,}")
        if not sent.text.strip():
            raise Refused("empty", 400)
        # "/as …" is kept as it was typed, and answered as what somebody who arrives would ask.
        arrived = self._speakers.changed(conversation, session.person, sent.text)
        speaker = self._speakers.of(conversation, session.person)
        command = ARRIVED if arrived else None
        incoming = Incoming(conversation=conversation, person=speaker, text=sent.text, command=command)
        return await self.accept(incoming, sent.client_id)

    async def action(self, request: web.Request) -> web.StreamResponse:
        """POST …/actions: a click on a plan or an offered answer, taken in as a message is."""
        session = self.admitted(request)
        conversation = await self.own(request, session)
        sent = await body_of(request, _Action)
        speaker = self._speakers.of(conversation, session.person)
        incoming = Incoming(conversation=conversation, person=speaker, button=sent.as_button())
        return await self.accept(incoming, sent.client_id)

    async def accept(self, incoming: Incoming, client_id: str) -> web.StreamResponse:
        """Keeps what was said, once for each `client_id`, and has it answered, after those before it."""
        if self._inbox.waiting(incoming.conversation) >= MOST_WAITING:
            raise Refused("queue_full", 429, retry_after=_RETRY_SECONDS, most=MOST_WAITING)
        incoming = incoming.model_copy(update={"client_id": client_id})
        # Kept before it is acknowledged: what a page was told to be accepted outlives this process.
        with self._inbox.taking_in():
            fresh = await self._chat.note_said(ArrivedMessage(incoming, datetime.now(UTC)))
        # A page that got no answer sends the same again: it is acknowledged again, and answered once.
        if fresh:
            self._inbox.put(incoming)
            self._streams.wake(incoming.conversation)
        return web.json_response({"accepted": True, "turn": None}, status=202)

    async def events(self, request: web.Request) -> web.StreamResponse:
        """GET …/events: the conversation from the number in `Last-Event-ID` or `after` on, as server-sent events, until
        the page leaves or the session ends.
        """
        session = self._authenticator.demand(request)
        conversation = await self.own(request, session)
        after = _after(request)
        who, transport = session.person.key, request.transport
        if transport is None:  # the page has gone already
            raise Refused("bad_request", 400)
        # A reloaded page leaves its old connection behind for a moment: those that close do not count.
        if sum(not known.is_closing() for known in self._open[who]) >= self._limits.streams:
            raise Refused("too_many_streams", 429, retry_after=_RETRY_SECONDS, most=self._limits.streams)
        self._open[who].add(transport)
        try:
            verdicts = await self._chat.verdicts(conversation, who)
            return await self._streams.serve(
                request, conversation, after=after, until=session.expires_at, verdicts=verdicts
            )
        finally:
            self._open[who].discard(transport)
            if not self._open[who]:
                del self._open[who]

    def admitted(self, request: web.Request) -> SignedInSession:
        """The session of a request that says or begins something, within its person's limits."""
        session = self._authenticator.demand(request)
        if self._stopping:
            raise Refused("stopping", 503, retry_after=_RETRY_SECONDS)
        seconds = self._throttle.wait_for(session.person.key)
        if seconds:
            raise Refused("flood", 429, retry_after=seconds, seconds=seconds)
        return session

    async def own(self, request: web.Request, session: SignedInSession) -> str:
        """The conversation that the address names. Raises Refused alike for another's and for none."""
        conversation = request.match_info["conversation"]
        # The same answer for another's and for none: an id cannot be tried out.
        if not _CONVERSATION.fullmatch(conversation) or await self._chat.owner_of(conversation) != session.person.key:
            raise Refused("not_found", 404)
        return conversation


def _shown(person: Person) -> dict[str, JsonValue]:
    shown: dict[str, JsonValue] = {"id": person.id, "name": person.name, "roles": list(person.roles)}
    return shown if person.email is None else {**shown, "email": person.email}


def _after(request: web.Request) -> int:
    """The number that a page has seen last: a browser's own header first, for the address stays as it was."""
    seq = request.headers.get("Last-Event-ID") or request.query.get("after") or "0"
    if not re.fullmatch(r"\d{1,15}", seq, re.ASCII):
        raise Refused("bad_field", 400, field="after", problem=phrase("web.problems.number"))
    return min(int(seq), _LAST_SEQ)
