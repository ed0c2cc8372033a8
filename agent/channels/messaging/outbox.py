"""Sending: what is wanted in the records is made so on the platforms, by one process at a time.

Posts of one place keep their order. Edits coalesce: only how a message shall look last is sent, progress at leisure,
what decides or ends something first. What a platform refuses for a time is tried again when it says; what it refuses
for good goes to the person's own chat, or is given up, and whoever asked for it is told.

A message is noted as sent after the platform took it. Whoever dies between the two sends it again with the same `once`.
"""

import asyncio
import contextlib
import logging
import random
import time
import uuid
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from agent.channels.messaging.binding import address_of, channel_in, place_text
from agent.channels.messaging.board import ASKED, SHOWN
from agent.channels.messaging.pacing import PacedAct, Pacer
from agent.channels.messaging.port import Address, Link, Notice, Seat, Undeliverable
from agent.channels.messaging.running import RoomApp
from agent.store.changes import FileChanges
from agent.store.database import RecordsUnavailable
from agent.store.group_commit import GroupCommit
from agent.store.outgoing import AT_LEISURE, DueMessage, OutgoingMessage
from agent.store.records import Records
from agent.wording import phrase

LEASE = "chats"
LEASE_SECONDS = 15.0
IDLE_SECONDS = 0.25
"""How long what another process wanted may go unseen."""

UNCHANGED_SECONDS = 1.0
"""How long what becomes due by the time of day alone may wait."""

LAST_SECONDS = 2.0
MOST_AT_ONCE = 16
MOST_READ = 400
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 300.0
"""Seconds before a further try of what passes by itself."""

GIVEN_UP = timedelta(hours=24)
"""After so long what could not be delivered is not worth delivering; private messages vanish then anyway."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class OutboxClock:
    """The time of day (UTC), seconds that only grow, and how pauses are spread (0 to 1)."""

    now: Callable[[], datetime]
    monotonic: Callable[[], float]
    spread: Callable[[], float] = random.random


class Outbox:
    """`fill` brings what is new to the records' outbox before each round of sending; `ended` is told, in the
    transaction that keeps it, how a message ended. With `changes`, records that nobody wrote to are looked at only for
    what is due by the time of day.
    """

    def __init__(
        self,
        app: RoomApp,
        seats: Mapping[str, Seat],
        clock: OutboxClock,
        *,
        page: str,
        fill: Callable[[], Awaitable[None]],
        ended: Callable[[Records, OutgoingMessage, str | None], None],
        changes: FileChanges | None = None,
    ) -> None:
        self._app = app
        self._seats = seats
        self._clock = clock
        self._page = page
        self._fill = fill
        self._ended = ended
        self._changes = changes
        self._holder = uuid.uuid4().hex
        self._leased_until = 0.0
        self._pacers = {name: Pacer(seat.platform.pace) for name, seat in seats.items()}
        self._in_flight: dict[int, asyncio.Task[None]] = {}
        self._noting = GroupCommit(app.kept, self._note_sent)
        self._news = asyncio.Event()

    @property
    def sending(self) -> int:
        """Messages that are on their way."""
        return len(self._in_flight)

    def wake(self) -> None:
        """Something is wanted, or was said: it is looked at once."""
        self._news.set()

    async def run(self) -> None:
        """Until it is cancelled."""
        try:
            while True:
                # Before the round, so that what is kept during it is seen by the next.
                if self._changes is not None:
                    self._changes.seen()
                looked, pause = self._clock.monotonic(), await self._round()
                while not await self._woken(pause) and not self._is_worth_a_look(looked, pause):
                    pass
        finally:
            if self._changes is not None:
                self._changes.close()
            await self._let_go()

    async def round(self) -> float:
        """One round of filling and sending; gives the seconds until there may be something to do. Returns when what it
        sent was noted.
        """
        pause = await self._round()
        await asyncio.gather(*self._in_flight.values())
        return pause

    async def _round(self) -> float:
        try:
            if not await self._leads():
                return IDLE_SECONDS
            await self._filled()
            return await self._send_due()
        except RecordsUnavailable:
            _log.warning("the outbox cannot be read just now; looking again")
        except Exception:  # noqa: BLE001 - the next round may do better; this one is in the log
            _log.exception("a round of the outbox failed")
        return 2 * IDLE_SECONDS

    async def _filled(self) -> None:
        """However long a platform takes to say who somebody is: the lease is kept for what is on its way."""
        filling = asyncio.ensure_future(self._fill())
        try:
            while not (await asyncio.wait({filling}, timeout=IDLE_SECONDS))[0]:
                await self._leads()
            filling.result()
        finally:
            filling.cancel()

    def _is_leased(self) -> bool:
        return self._clock.monotonic() < self._leased_until

    async def _leads(self) -> bool:
        """Two processes that sent at once would send twice."""
        if self._clock.monotonic() < self._leased_until - 2 * LEASE_SECONDS / 3:
            return True
        now = self._clock.now()
        until = now + timedelta(seconds=LEASE_SECONDS)
        asked = self._clock.monotonic()
        mine = await self._app.kept(lambda records: records.lease(LEASE, self._holder, now=now, until=until))
        self._leased_until = asked + LEASE_SECONDS if mine else 0.0
        return mine

    async def _let_go(self) -> None:
        """What was said until now begins to be sent, for one round; what is on its way has a moment to be noted."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LAST_SECONDS):
                await self._round()
        if self._in_flight:
            await asyncio.wait(self._in_flight.values(), timeout=LAST_SECONDS)
        now = self._clock.now()
        if self._leased_until:
            await self._app.kept(lambda records: records.lease(LEASE, self._holder, now=now, until=now))

    async def _woken(self, pause: float) -> bool:
        """Whether anybody woke it, within that pause."""
        try:
            async with asyncio.timeout(max(0.0, min(pause, IDLE_SECONDS))):
                await self._news.wait()
        except TimeoutError:
            return False
        self._news.clear()
        return True

    def _is_worth_a_look(self, looked: float, pause: float) -> bool:
        """Whether anything may have become due since it looked then, and was to wait so long."""
        is_soon = pause < IDLE_SECONDS or self._clock.monotonic() - looked >= UNCHANGED_SECONDS
        return self._changes is None or is_soon or self._changes.seen()

    async def _send_due(self) -> float:
        """What may be sent now is begun, as one lands the next, until the records are to be looked at anew."""
        names, now, until = tuple(self._seats), self._clock.now(), time.monotonic() + IDLE_SECONDS
        # What lands while this is read is read as it was before: it would be sent twice.
        in_flight = set(self._in_flight)
        due = await self._app.read(lambda records: records.due_outgoing(names, now=now, most=MOST_READ))
        waiting, pause = deque(one for one in due if one.number not in in_flight), IDLE_SECONDS
        while waiting and self._is_leased() and (left := until - time.monotonic()) > 0:
            if len(self._in_flight) >= MOST_AT_ONCE:
                sending = self._in_flight.values()
                landed, _ = await asyncio.wait(sending, timeout=left, return_when=asyncio.FIRST_COMPLETED)
                if not landed:
                    break
            pause = min(pause, await self._begin_some(waiting))
        return 0.0 if waiting else pause

    async def _begin_some(self, waiting: deque[DueMessage]) -> float:
        """Begins as many of these as there is room for, and takes them out; gives the seconds until one may be sent of
        those that have to wait for their platform, which are taken out as well.
        """
        room, began, soonest = MOST_AT_ONCE - len(self._in_flight), dict[int, float](), IDLE_SECONDS
        while waiting and len(began) < room:
            one = waiting.popleft()
            wait = self._wait(one)
            if wait > 0:
                soonest = min(soonest, wait)
            else:
                began[one.number] = now = self._clock.monotonic()
                act, place = _act(is_post=one.is_post), self._paced(one.platform, one.place)
                self._pacers[one.platform].did(act, place, one.number, now=now)
        if began:
            messages = await self._app.read(lambda records: records.outgoing_of(tuple(began)))
            # The records may have taken longer than the lease lasts: then these are another's to send.
            for message in messages if self._is_leased() else ():
                self._begin(message, began[message.number])
        return soonest

    def _wait(self, due: DueMessage) -> float:
        return self._pacers[due.platform].wait(
            _act(is_post=due.is_post),
            self._paced(due.platform, due.place),
            due.number,
            leisurely=due.priority == AT_LEISURE,
            now=self._clock.monotonic(),
        )

    def _paced(self, platform: str, place: str) -> str:
        """The place that the platform counts it in."""
        by_channel = self._seats[platform].platform.pace.is_by_channel
        return channel_in(place) if by_channel else place

    def _begin(self, message: OutgoingMessage, began: float) -> None:
        task = asyncio.create_task(self._send(message), name=f"sending {message.wanted.key}")
        self._in_flight[message.number] = task
        task.add_done_callback(lambda _: self._landed(message, began))

    def _landed(self, message: OutgoingMessage, began: float) -> None:
        del self._in_flight[message.number]
        wanted, now = message.wanted, self._clock.monotonic()
        act, place = _act(is_post=message.message_id is None), self._paced(wanted.platform, wanted.place)
        self._pacers[wanted.platform].landed(act, place, began=began, now=now)
        self._news.set()

    async def _send(self, message: OutgoingMessage) -> None:
        seat = self._seats[message.wanted.platform]
        try:
            message_id = await self._put(seat, message)
        except Undeliverable as refusal:
            await self._refused(seat, message, refusal)
            return
        except Exception:  # noqa: BLE001 - a platform's own fault: as if it did not answer, and in the log
            _log.exception("sending %s failed", message.wanted.key)
            await self._put_off(message, Undeliverable("unavailable"))
            return
        await self._noting.keep((message, message_id))

    async def _put(self, seat: Seat, message: OutgoingMessage) -> str:
        wanted, platform = message.wanted, seat.platform
        address = Address.model_validate(wanted.address)
        if wanted.person_id is not None:
            return await platform.post_private(address, wanted.person_id, wanted.card)
        if message.message_id is None:
            return await platform.post(address, wanted.card, once=f"{wanted.key}#{message.sent}")
        await platform.edit(address, message.message_id, wanted.card)
        return message.message_id

    def _note_sent(self, records: Records, sent: Sequence[tuple[OutgoingMessage, str]]) -> Sequence[None]:
        records.sent_outgoing(sent)
        for message, _ in sent:
            self._ended(records, message, None)
        return [None] * len(sent)

    async def _refused(self, seat: Seat, message: OutgoingMessage, refusal: Undeliverable) -> None:
        wanted = message.wanted
        if not refusal.permanent:
            await self._put_off(message, refusal)
        elif refusal.reason == "too_large" and message.attempts == 0:
            await self._shorten(seat, message)
        elif message.message_id is not None:
            await self._edit_refused(message, refusal)
        elif not wanted.key.startswith(ASKED) and await self._redirected(seat, message):
            return
        else:
            await self._give_up(message, refusal)

    async def _put_off(self, message: OutgoingMessage, refusal: Undeliverable) -> None:
        now, asked = self._clock.now(), refusal.retry_after_seconds
        backoff = min(FIRST_PAUSE * 2**message.attempts, LONGEST_PAUSE)
        # Not all at the very moment at which the platform lets us again.
        pause = (asked if asked is not None else backoff) * (1 + self._clock.spread() / 4)
        if asked is not None:
            wanted = message.wanted
            place = "" if refusal.everywhere else self._paced(wanted.platform, wanted.place)
            self._pacers[wanted.platform].hold(place, self._clock.monotonic() + asked)
        until = now + timedelta(seconds=pause)
        if now - message.at > GIVEN_UP:
            await self._give_up(message, refusal)
            return
        await self._app.kept(lambda records: records.put_off_outgoing(message.number, until=until))

    async def _shorten(self, seat: Seat, message: OutgoingMessage) -> None:
        """What is too large even after paging is on the page: the card says so."""
        text = phrase("messaging.told.too_large", url=self._page)
        notice = Notice(text, links=(Link(phrase("messaging.links.page"), self._page),))
        card, now = seat.cards.card(notice), self._clock.now()

        def shortened(records: Records) -> None:
            records.put_off_outgoing(message.number, until=now)
            records.want(replace(message.wanted, card=card), now=now)

        await self._app.kept(shortened)

    async def _edit_refused(self, message: OutgoingMessage, refusal: Undeliverable) -> None:
        """A plan that waits is shown anew where its card is gone; of anything else the old card does no harm."""
        wanted = message.wanted
        is_plan = wanted.key.startswith((SHOWN, ASKED)) and not wanted.is_final
        if refusal.reason == "not_found" and is_plan:
            await self._app.kept(lambda records: records.lost_outgoing(message.number))
        else:
            await self._give_up(message, refusal)

    async def _redirected(self, seat: Seat, message: OutgoingMessage) -> bool:
        """Sends to the person's own chat what their place does not take; False where that is closed as well."""
        chat = await self._app.read(lambda records: records.chat(message.wanted.conversation or ""))
        if chat is None:
            return False
        try:
            address = await seat.platform.personal_address(chat.who.id, address_of(chat).place.tenant)
        except Undeliverable:
            return False
        place = place_text(address.place)
        if place == message.wanted.place:
            return False
        document = address.model_dump(mode="json")
        await self._app.kept(lambda records: records.redirect_outgoing(message.number, place=place, address=document))
        return True

    async def _give_up(self, message: OutgoingMessage, refusal: Undeliverable) -> None:
        _log.warning("%s was not delivered: %s", message.wanted.key, refusal.reason)

        def given_up(records: Records) -> None:
            records.give_up_outgoing(message.number, refusal.reason)
            if refusal.reason in ("not_installed", "archived") and message.message_id is None:
                records.close_place(message.wanted.platform, message.wanted.place, gone=True)
            self._ended(records, message, refusal.reason)

        await self._app.kept(given_up)


def _act(*, is_post: bool) -> PacedAct:
    return "post" if is_post else "edit"
