"""The room: takes in what arrives on every chat platform, has it answered, and keeps the outbox going.

An arrival is kept, then acknowledged; its turn runs later, in order. What a turn says is found in the log of events by
whichever process has the lease of the outbox. What was kept and not answered is taken up by the next start.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from aiohttp import web

from agent.channels.http.served import ServerDoors
from agent.channels.messaging.binding import address_of, chat_of, place_text
from agent.channels.messaging.board import PlanBoard
from agent.channels.messaging.clicks import Clicked, ClickOutcome, ClickRules, own_view
from agent.channels.messaging.digest import DIGEST, DailyDigest
from agent.channels.messaging.elsewhere import NewsElsewhere
from agent.channels.messaging.handing_over import HandOver
from agent.channels.messaging.intake import client_id_of, keep_click, keep_place, room_command_in
from agent.channels.messaging.linking import Linking
from agent.channels.messaging.outbox import Outbox, OutboxClock
from agent.channels.messaging.port import (
    Address,
    Arrival,
    Card,
    ChatPlace,
    Click,
    Notice,
    Receipt,
    RoomCommand,
    Seat,
    Showing,
)
from agent.channels.messaging.rounds import REMINDERS, Rounds
from agent.channels.messaging.running import RoomApp
from agent.channels.messaging.telling import ChatTelling
from agent.channels.messaging.untold import untold
from agent.channels.turn_inbox import TurnInbox
from agent.events import ApprovalNoted, Event, Incoming
from agent.store.arrivals import ArrivedMessage
from agent.store.changes import FileChanges
from agent.store.chats import Chat
from agent.store.database import RecordsUnavailable
from agent.store.group_commit import GroupCommit
from agent.store.news import RESULTS
from agent.store.outgoing import FIRST, OutgoingMessage, WantedMessage
from agent.store.records import Records
from agent.views.news import switch_news
from agent.wording import phrase
from plugins.domain.plan import Person

MOST_WAITING = 20
"""Messages of one conversation that wait for their answer."""

_MOST_REFUSALS = 1_000
_SIDE_BY_SIDE = 16
"""Conversations whose news are kept at once: as many as a pool has connections."""

_KINDS = (DIGEST, REMINDERS, RESULTS)
_SWITCHES = ("on", "off")
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class RoomSettings:
    """`clicks` holds the board, and with it the seats; `named` are approvers who are asked in person."""

    clicks: ClickRules
    named: Sequence[str]
    digest: bool
    digest_hour: int


class MessagingRoom:
    """`ChatRoom` over the app and its records. Platforms take their seats before it begins."""

    def __init__(
        self,
        app: RoomApp,
        settings: RoomSettings,
        clock: OutboxClock,
        seats: dict[str, Seat],
        *,
        changes: FileChanges | None = None,
    ) -> None:
        """`changes` tells of every commit to the records; without it they are looked at several times a second."""
        self._app = app
        self._changes = changes
        self._seats = seats
        self._clicks = settings.clicks
        self._board: PlanBoard = settings.clicks.board
        self._now: Callable[[], datetime] = clock.now
        self._clock = clock
        self._taking_in = GroupCommit(app.kept, Records.take_in_all)
        self._inbox = TurnInbox(self._answer)
        self._rounds = Rounds(app, self._board, settings.named)
        self._digest = DailyDigest(self._board, settings.digest_hour, settings.digest)
        self._elsewhere = NewsElsewhere(app, self._board, clock.now)
        self._linking = Linking(app, self._board.page, clock.now)
        self._refusals: dict[tuple[str, str], str] = {}
        self._digested: datetime | None = None
        self._stopping = False
        self._sending: asyncio.Task[None] | None = None
        self._outbox: Outbox | None = None
        self._doors: ServerDoors | None = None

    @property
    def name(self) -> str:
        return "messaging"

    def take_seat(self, seat: Seat) -> None:
        """From now on that platform is served; before the room begins."""
        self._seats[seat.platform.name] = seat

    @property
    def outbox(self) -> Outbox:
        """Raises RuntimeError before the room has begun."""
        if self._outbox is None:
            raise RuntimeError("the room was not begun")
        return self._outbox

    def routes(self) -> Sequence[web.AbstractRouteDef]:
        return self._linking.routes(self._doors) if self._doors is not None else ()

    async def begin(self, doors: ServerDoors) -> None:
        self._doors = doors
        await self.open()
        self._sending = asyncio.create_task(self.outbox.run(), name="outbox")

    async def open(self) -> None:
        """Begins without sending by itself: whoever opens it calls `outbox.round`."""
        self._outbox = Outbox(
            self._app,
            self._seats,
            self._clock,
            page=self._board.page,
            fill=self._fill,
            ended=self._ended,
            changes=self._changes,
        )
        self._app.listen(self._heard)
        self._app.watch(lambda _conversation, _last: self.outbox.wake())
        for incoming, _ in await self._app.read(lambda records: records.unanswered(of_chats=True)):
            self._inbox.put(incoming)

    async def stop(self, seconds: float) -> None:
        """What was taken in is answered for so long; then nothing more is sent from here."""
        self._stopping = True
        await self._inbox.finished(seconds)
        if self._sending is not None:
            self._sending.cancel()
            await asyncio.gather(self._sending, return_exceptions=True)
        await self._rounds.stop()
        await self._elsewhere.stop()

    async def answered(self, seconds: float) -> bool:
        """Waits so long for the turns of what was taken in."""
        return await self._inbox.finished(seconds)

    async def take_in(self, arrival: Arrival) -> Receipt:
        """See `ChatRoom`."""
        asked = arrival.command if isinstance(arrival.command, RoomCommand) else room_command_in(arrival.text)
        if asked is not None:
            return await self._commanded(arrival, asked)
        click = arrival.click
        if click is None:
            return await self._taken_text(arrival)
        if click.verb == "notify":
            return await self._commanded(arrival, RoomCommand(kind="notify", value=click.value))
        if click.verb == "hand_over":
            return await self._handed_over(arrival, click)
        return await self._taken_click(arrival, click)

    async def view(self, address: Address, person: Person, plan_id: str) -> Card:
        """See `ChatRoom`."""
        arrival, now = Arrival(client_id="", address=address, person=person), self._now()

        def seen(records: Records) -> Showing:
            picture = self._board.picture(records, plan_id, now=now)
            if picture is None:
                return Notice(phrase("messaging.click.unknown"), "refusal")
            return own_view(records, self._board, picture, arrival)

        return self._seat(address).cards.card(await self._app.read(seen))

    async def met(self, address: Address, person: Person | None) -> None:
        """See `ChatRoom`."""
        place, now = address.place, self._now()

        def kept(records: Records) -> None:
            records.close_place(place.platform, place_text(place), gone=False)
            if person is not None:
                keep_place(records, chat_of(address, person), now=now)

        await self._app.kept(kept)

    async def gone(self, place: ChatPlace) -> None:
        """See `ChatRoom`."""
        await self._app.kept(lambda records: records.close_place(place.platform, place_text(place), gone=True))

    async def _taken_text(self, arrival: Arrival) -> Receipt:
        chat = chat_of(arrival.address, arrival.person, private=arrival.private)
        if self._inbox.waiting(chat.conversation) >= MOST_WAITING:
            return self._private(arrival, Notice(phrase("messaging.click.too_many", most=MOST_WAITING), "refusal"))
        command = arrival.command if not isinstance(arrival.command, RoomCommand) else None
        incoming = Incoming(
            conversation=chat.conversation,
            person=arrival.person,
            text=arrival.text,
            command=command,
            client_id=client_id_of(arrival),
        )
        with self._inbox.taking_in():
            fresh = await self._taking_in.keep((ArrivedMessage(incoming, self._now()), chat))
        self._put(incoming, fresh=fresh)
        return Receipt(fresh=fresh)

    async def _taken_click(self, arrival: Arrival, click: Click) -> Receipt:
        now, client_id = self._now(), client_id_of(arrival)
        chat = chat_of(arrival.address, arrival.person, private=arrival.private)

        def taken(records: Records) -> tuple[bool, ClickOutcome]:
            home = records.conversation_of_plan(click.plan_id or "") or click.conversation or ""
            if records.has_received(home, client_id):
                return False, ClickOutcome()
            keep_place(records, chat, now=now)
            outcome = Clicked(records, arrival, click, self._clicks, now).outcome()
            if outcome.incoming is None:
                return True, outcome
            incoming = outcome.incoming.model_copy(update={"client_id": client_id})
            fresh = keep_click(records, incoming, now=now)
            return fresh, ClickOutcome(incoming, outcome.own, outcome.private)

        with self._inbox.taking_in():
            fresh, outcome = await self._app.kept(taken)
        if outcome.incoming is not None:
            self._put(outcome.incoming, fresh=fresh)
        self.outbox.wake()
        cards = self._seat(arrival.address).cards
        own = cards.card(outcome.own) if outcome.own is not None and fresh else None
        private = cards.card(outcome.private) if outcome.private is not None and fresh else None
        return Receipt(fresh=fresh, card=own, private=private)

    async def _commanded(self, arrival: Arrival, command: RoomCommand) -> Receipt:
        """What is about the room itself is answered at once, to this person alone."""
        # Whoever has only ever said such a thing is to be reached here, too.
        chat, now = chat_of(arrival.address, arrival.person, private=arrival.private), self._now()
        await self._app.kept(lambda records: keep_place(records, chat, now=now))
        if command.kind == "link":
            url = await self._linking.offer(arrival.person)
            return self._private(arrival, Notice(phrase("messaging.link.offer", url=url)))
        kind, _, value = (command.value or "").strip().casefold().partition(" ")
        if kind not in _KINDS or value not in _SWITCHES:
            kinds = phrase("messaging.notify.kinds")
            return self._private(arrival, Notice(phrase("messaging.click.notify_unknown", kinds=kinds), "refusal"))
        text = await self._app.kept(lambda records: _switched(records, arrival.person, kind, value, now))
        return self._private(arrival, Notice(text))

    async def _handed_over(self, arrival: Arrival, click: Click) -> Receipt:
        handing = HandOver(self._app, self._board, self._rounds, self._seat(arrival.address))
        text, done = await handing.to(arrival.person, click, now=self._now())
        self.outbox.wake()
        return self._private(arrival, Notice(text, "plain" if done else "refusal"))

    def _private(self, arrival: Arrival, notice: Notice) -> Receipt:
        return Receipt(fresh=True, private=self._seat(arrival.address).cards.card(notice))

    def _seat(self, address: Address) -> Seat:
        return self._seats[address.place.platform]

    def _put(self, incoming: Incoming, *, fresh: bool) -> None:
        # Kept all the same while it stops: the next start answers it.
        if fresh and not self._stopping:
            self._inbox.put(incoming)

    async def _answer(self, incoming: Incoming) -> None:
        await self._app.reply_to(incoming, until_settled=False)
        button = incoming.button
        if button is not None and button.action != "choose" and button.plan_id is not None:
            await self._after_decision(incoming, button.plan_id)
        self.outbox.wake()

    def _heard(self, event: Event) -> None:
        """What a turn refuses is told to whoever pressed, and them alone."""
        if isinstance(event, ApprovalNoted) and event.status == "refused" and event.reason is not None:
            if len(self._refusals) >= _MOST_REFUSALS:  # of other channels, which tell them themselves
                self._refusals.clear()
            self._refusals[event.conversation, event.plan_id] = event.reason

    async def _after_decision(self, incoming: Incoming, plan_id: str) -> None:
        """Frees the plan again where nothing came of it, and says why to whoever pressed."""
        now, person = self._now(), incoming.person
        reason = self._refusals.pop((incoming.conversation, plan_id), None)

        def freed(records: Records) -> None:
            kept = records.round(plan_id)
            if kept.deciding is not None and kept.deciding.person.key == person.key:
                records.keep_round(kept.with_(deciding=None))
            self._board.refresh(records, plan_id, now=now)
            is_told = records.owner_of(incoming.conversation) == person.key
            where = next(iter(records.chats_of(person.key)), None)
            if reason is not None and where is not None and not is_told:
                self._tell_privately(records, where, Notice(reason, "refusal"), key=f"refused:{incoming.client_id}")

        await self._app.kept(freed)

    def _tell_privately(self, records: Records, chat: Chat, showing: Showing, *, key: str) -> None:
        seat = self._seats.get(chat.platform)
        if seat is None:
            return
        message = WantedMessage(
            key=key,
            platform=chat.platform,
            place=chat.place,
            address=address_of(chat).model_dump(mode="json"),
            card=seat.cards.card(showing),
            priority=FIRST,
            conversation=chat.conversation,
            person_id=None if chat.is_personal else chat.who.id,
        )
        records.want(message, now=self._now())

    async def _fill(self) -> None:
        """Everything new becomes wanted: what was said, what waits for somebody, what is told daily."""
        now, found = self._now(), await self._app.read(untold)
        steps = (
            lambda: self._rounds.sweep(found.plans, found.rounds, now),
            lambda: self._carry_chats(found.chats),
            lambda: self._elsewhere.carry(found.news),
            lambda: self._tell_digests(now),
        )
        for step in steps:
            try:
                await step()
            except RecordsUnavailable:
                raise
            except Exception:  # noqa: BLE001 - what fails in one of them keeps no reply from being sent
                _log.exception("filling the outbox failed")

    async def _carry_chats(self, news: Sequence[Chat]) -> None:
        more = True
        while more and (seated := [chat for chat in news if chat.platform in self._seats]):
            more = False
            # Side by side: the store keeps together what comes together.
            for at in range(0, len(seated), _SIDE_BY_SIDE):
                more = any(await asyncio.gather(*map(self._carry_chat, seated[at : at + _SIDE_BY_SIDE]))) or more
            if more:
                news = await self._app.read(lambda records: records.chats_with_news())

    async def _carry_chat(self, chat: Chat) -> bool:
        """Whether there may be more of it. What goes wrong in one conversation keeps no other from its replies."""
        try:
            return await self._app.kept(partial(self._carried, chat))
        except RecordsUnavailable:
            raise
        except Exception:  # noqa: BLE001 - our own fault: in the log, and tried again in the next round
            _log.exception("telling %s failed", chat.conversation)
            return False

    def _carried(self, chat: Chat, records: Records) -> bool:
        return ChatTelling(records, chat, self._seats[chat.platform], self._board, self._now()).carry()

    async def _tell_digests(self, now: datetime) -> None:
        """Once an hour is often enough for what is told once a day."""
        hour = now.replace(minute=0, second=0, microsecond=0)
        if self._digested == hour:
            return
        self._digested = hour
        people: dict[str, Chat] = {}
        for chat in await self._app.read(lambda records: records.personal_chats()):
            people.setdefault(chat.who.key, chat)
        for chat in people.values():
            await self._app.kept(partial(self._digest.tell, chat=chat, now=now))

    def _ended(self, records: Records, message: OutgoingMessage, failure: str | None) -> None:
        self._rounds.ended(records, message, failure, self._now())


def _switched(records: Records, person: Person, kind: str, value: str, now: datetime) -> str:
    """What holds from now on, in words. What is told elsewhere is one choice for all that somebody is."""
    if kind == RESULTS:
        return switch_news(records, person, value, now=now)
    records.choose(person.key, kind, value)
    return phrase("messaging.click.notify", kind=kind, value=phrase(f"messaging.notify.{value}"))
