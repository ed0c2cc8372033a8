"""`POST /api/messages`: an activity is verified, kept and acknowledged; its answer goes its own way, afterwards.

401  whoever sent it cannot be told     400  it is no activity      415  it is no JSON
403  a directory or service address that the settings do not let in
202  kept, known already, or none of our business
200  a click or a refresh, with the card or the word that answers it
"""

import asyncio
import hashlib
import logging
from collections.abc import Coroutine
from http import HTTPStatus
from typing import Protocol
from urllib.parse import urlsplit

from aiohttp import web

from agent.channels.auth.identity import is_loopback
from agent.channels.http.refusals import Refused
from agent.channels.messaging.port import (
    Address,
    Arrival,
    Card,
    Cards,
    ChatRoom,
    Click,
    Notice,
    Receipt,
    Undeliverable,
)
from agent.channels.teams.access import CHANNEL, TeamsAccess
from agent.channels.teams.activities import (
    Activity,
    CardClicked,
    CardRefresh,
    Installed,
    NotAnActivity,
    Ordered,
    Unreadable,
    Words,
    meaning_of,
)
from agent.channels.teams.speakers import TeamsSpeakers
from agent.channels.teams.tokens import NotVerified, TokenCheck
from agent.telemetry import logged_fault
from agent.wording import phrase
from plugins.domain.errors import InfraError
from plugins.domain.plan import Person

PATH = "/api/messages"
CARD = "application/vnd.microsoft.card.adaptive"
WORD = "application/vnd.microsoft.activity.message"
_REFRESH_SECONDS = 2.0
_MOST_ID = 64
_log = logging.getLogger(__name__)


class TeamsWriter(Protocol):
    """What the endpoint needs of the platform: to learn where people are, and to say a word of its own."""

    def seen(self, address: Address, person: Person) -> None: ...
    def dressed(self, address: Address, card: Card) -> Card: ...
    async def edit(self, address: Address, message_id: str, card: Card) -> None: ...
    async def post_private(self, address: Address, person_id: str, card: Card) -> str: ...


class TeamsEndpoint:
    """The one route. `check` is None with the playground, where nobody signs."""

    def __init__(
        self, access: TeamsAccess, check: TokenCheck | None, speakers: TeamsSpeakers, *, room: ChatRoom, cards: Cards
    ) -> None:
        self._access = access
        self._check = check
        self._speakers = speakers
        self._room = room
        self._cards = cards
        self._tasks: set[asyncio.Task[None]] = set()
        self._writer: TeamsWriter | None = None

    def write_by(self, writer: TeamsWriter) -> None:
        self._writer = writer

    def routes(self) -> list[web.RouteDef]:
        return [web.post(PATH, self.messages)]

    async def stop(self, seconds: float) -> None:
        """Words that are being written are let out; they are no answers, and nothing hangs on them."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)

    async def messages(self, request: web.Request) -> web.StreamResponse:
        activity = await self._verified(request)
        person = await self._speakers.of(activity)
        if person is None:
            # A guest without a directory, a connector, the channel itself.
            if isinstance(meaning := meaning_of(activity), Installed):
                await self._installed(activity, None, meaning)
            return web.Response(status=HTTPStatus.ACCEPTED)
        if self._writer is not None:
            self._writer.seen(activity.address, person)
        return await self._answered(activity, person)

    async def _verified(self, request: web.Request) -> Activity:
        """The activity of a request, once it is known whose it is. Raises Refused."""
        try:
            sender = await self._check.sender(request.headers.get("Authorization")) if self._check else None
            if sender is None:
                _demand_this_machine(request)
            if request.content_type != "application/json":
                raise Refused("teams_no_json", HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
            activity = Activity.read(await request.read())
            if sender is not None:
                sender.demand(activity.service_url, activity.channel_id)
        except NotVerified:
            raise Refused("teams_not_verified", HTTPStatus.UNAUTHORIZED) from None
        except NotAnActivity as error:
            raise Refused("teams_no_activity", HTTPStatus.BAD_REQUEST, what=error.what) from None
        if activity.channel_id != CHANNEL:
            raise Refused("teams_no_activity", HTTPStatus.BAD_REQUEST, what="channelId")
        if not self._access.may_write_to(activity.service_url):
            raise Refused("teams_service_url", HTTPStatus.FORBIDDEN)
        if not self._access.lets_in(activity.tenant):
            raise Refused("teams_tenant", HTTPStatus.FORBIDDEN)
        return activity

    async def _answered(self, activity: Activity, person: Person) -> web.StreamResponse:
        """What is kept is acknowledged; a click is answered with what the room says to it."""
        match meaning := meaning_of(activity):
            case Words(text=text, files=files):
                await self._taken_in(activity, person, text, files=files)
            case Ordered():
                await self._kept(self._arrival(activity, person, command=meaning.command))
            case Installed():
                await self._installed(activity, person, meaning)
            case CardClicked(click=click, replaces=replaces):
                return await self._clicked(activity, person, click, replaces=replaces)
            case CardRefresh(plan_id=plan_id):
                return _card(await self._view(activity.address, person, plan_id))
            case Unreadable(replaces=replaces):
                if replaces:
                    return _word(phrase("teams.unreadable"))
                self._say(activity, person, phrase("teams.unreadable"))
            case None:
                pass
        # An act of a client that is none of ours: it waits for an answer all the same.
        return web.json_response({}) if activity.type == "invoke" else web.Response(status=HTTPStatus.ACCEPTED)

    async def _taken_in(self, activity: Activity, person: Person, text: str, *, files: bool) -> None:
        if text.strip():
            await self._kept(self._arrival(activity, person, text=text.replace("\0", "")))
        else:
            self._say(activity, person, phrase("teams.no_files" if files else "teams.no_words"))

    async def _kept(self, arrival: Arrival) -> None:
        """What the room answers at once is shown behind the acknowledgement, to whoever it is for."""
        receipt = await self._room.take_in(arrival)
        if receipt.private is not None:
            self._later(self._shown(arrival, receipt))

    async def _installed(self, activity: Activity, person: Person | None, installed: Installed) -> None:
        if not installed.here:
            return await self._room.gone(activity.place)
        await self._room.met(activity.address, person)
        # Of the two activities that tell of it, this one comes once.
        if activity.type == "installationUpdate" and person is not None and activity.is_personal:
            self._say(activity, person, phrase("teams.welcome"))
        return None

    async def _clicked(self, activity: Activity, person: Person, click: Click, *, replaces: bool) -> web.StreamResponse:
        arrival = self._arrival(activity, person, click=click)
        receipt = await self._room.take_in(arrival)
        if not replaces:
            self._later(self._shown(arrival, receipt))
            return web.Response(status=HTTPStatus.ACCEPTED)
        if receipt.private is not None:
            return _word(words_of(receipt.private))
        if receipt.card is None:
            return web.json_response({})
        return _card(self._dressed(activity.address, receipt.card))

    async def _shown(self, arrival: Arrival, receipt: Receipt) -> None:
        """The answer to a click of an older client, which takes none itself: the card is edited."""
        writer = self._writer
        if writer is None:
            return
        if receipt.card is not None and arrival.message_id:
            await writer.edit(arrival.address, arrival.message_id, receipt.card)
        if receipt.private is not None:
            await writer.post_private(arrival.address, arrival.person.id, receipt.private)

    async def _view(self, address: Address, person: Person, plan_id: str) -> Card:
        """Always a card, and soon: a client that gets none, or waits, never asks again."""
        try:
            async with asyncio.timeout(_REFRESH_SECONDS):
                return self._dressed(address, await self._room.view(address, person, plan_id))
        except (TimeoutError, InfraError):
            return self._cards.card(Notice(phrase("teams.no_view"), "warning"))
        except Exception as error:  # noqa: BLE001 - the top of a request: logged with a number, and a card all the same
            fault = logged_fault(_log, "a refresh failed", error)
            return self._cards.card(Notice(phrase("teams.view_fault", fault=fault), "warning"))

    def _dressed(self, address: Address, card: Card) -> Card:
        return self._writer.dressed(address, card) if self._writer is not None else card

    def _arrival(self, activity: Activity, person: Person, **said: object) -> Arrival:
        targeted = (activity.channel_data or {}).get("isTargetedActivity") is True
        return Arrival(
            client_id=_client_id(activity),
            address=activity.address,
            person=person,
            message_id=activity.reply_to_id,
            private=targeted,
            **said,  # type: ignore[arg-type]
        )

    def _say(self, activity: Activity, person: Person, text: str) -> None:
        """A word of the channel's own, to whoever it is for; not kept."""
        if self._writer is not None:
            card = self._cards.card(Notice(text))
            self._later(self._told(self._writer, activity.address, person, card))

    @staticmethod
    async def _told(writer: TeamsWriter, address: Address, person: Person, card: Card) -> None:
        await writer.post_private(address, person.id, card)

    def _later(self, work: Coroutine[object, object, None]) -> None:
        task = asyncio.create_task(_quietly(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


async def _quietly(work: Coroutine[object, object, None]) -> None:
    try:
        await work
    except Undeliverable as error:
        _log.warning("a word could not be delivered in Teams (%s)", error.reason)


def words_of(card: Card) -> str:
    """What a card says in words, for where no card can be shown."""
    return str(card.get("fallbackText") or card.get("text") or "")


def _word(text: str) -> web.Response:
    return _response(WORD, text)


def _card(card: Card) -> web.Response:
    """As Teams takes the answer to a card's action; one that is words alone is shown as these."""
    return _response(CARD, dict(card)) if card.get("type") == "AdaptiveCard" else _word(words_of(card))


def _response(kind: str, value: object) -> web.Response:
    body: dict[str, object] = {"statusCode": int(HTTPStatus.OK), "type": kind, "value": value}
    return web.json_response(body)


def _client_id(activity: Activity) -> str:
    """The channel's own id of it, the same when it is delivered again; by its content where it has none."""
    whole = activity.id or repr(activity)
    return whole if len(whole) <= _MOST_ID else hashlib.sha256(whole.encode("utf-8", "replace")).hexdigest()


def _demand_this_machine(request: web.Request) -> None:
    """With the playground whoever asks is believed: only this machine, under a name of its own, so that no page of
    another site that a browser shows can ask through it.
    """
    try:
        host = urlsplit(f"//{request.host}").hostname or ""
    except ValueError:
        host = ""
    if not is_loopback(host) or not is_loopback(request.remote or ""):
        raise Refused("teams_not_verified", HTTPStatus.UNAUTHORIZED)
