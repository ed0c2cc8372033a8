"""Sending: in order, once, within the pace, through refusals and through the end of the process."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar

import pytest
from chatting import ANA, INES, Chatting, group, personal, somebody

from agent.app import App
from agent.channels.messaging.binding import chat_of
from agent.channels.messaging.double import InMemoryPlatform, PlainCards
from agent.channels.messaging.outbox import IDLE_SECONDS, Outbox, OutboxClock
from agent.channels.messaging.port import Address, Arrival, Card, Pace, Seat, Undeliverable
from agent.events import Progress
from agent.store.outgoing import WantedMessage
from agent.store.records import Records

T = TypeVar("T")

pytestmark = pytest.mark.integration

APPROVALS = group("approvals")
TEAMS = Pace(place_posts=(7, 1), all_posts=(50, 1), place_edits=(7, 1), all_edits=(50, 1))


async def test_a_thousand_arrivals_twice_and_out_of_order_are_each_answered_once(tmp_path: Path) -> None:
    people = [somebody(f"P{number}", "requester") for number in range(50)]
    arrivals = [
        Arrival(f"m{number}", personal(person), person, text="help")
        for number in range(1_000)
        for person in (people[number % 50],)
    ]
    twice = [*arrivals, *arrivals]
    random.Random(7).shuffle(twice)  # noqa: S311 - an order, the same each time
    async with Chatting(tmp_path, ticking=True) as chat:
        answers = await asyncio.gather(*(chat.room.take_in(arrival) for arrival in twice))
        # Of one conversation at most twenty wait: what was turned away is sent again, as a platform does.
        fresh = {arrival.client_id for arrival, taken in zip(twice, answers, strict=True) if taken.private is None}
        while left := [arrival for arrival in arrivals if arrival.client_id not in fresh]:
            await chat.room.answered(60)
            for arrival in left:
                if (await chat.room.take_in(arrival)).private is None:
                    fresh.add(arrival.client_id)
        assert await chat.room.answered(120)
        turns = await chat.app.read(
            lambda records: _turns(records, [chat_of(personal(p), p).conversation for p in people])
        )
        assert turns == [20] * 50
        while len(chat.teams.told) < 1_000:
            await chat.room.outbox.round()
        assert Counter(sent.act for sent in chat.teams.told) == {"post": 1_000}


def _turns(records: Records, conversations: list[str]) -> list[int]:
    return [records.conversation(of).turn for of in conversations]


class StaleReads:
    """The app, whose answer to a read comes only once `gate` is open, and says how it was before."""

    def __init__(self, app: App) -> None:
        self._app = app
        self.gate = asyncio.Event()
        self.gate.set()
        self.reads = 0

    async def read(self, work: Callable[[Records], T]) -> T:
        found = await self._app.read(work)
        self.reads += 1
        await self.gate.wait()
        return found

    async def kept(self, work: Callable[[Records], T]) -> T:
        return await self._app.kept(work)


class SlowPlatform(InMemoryPlatform):
    """Takes a message only once `gate` is open."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = asyncio.Event()

    async def post(self, address: Address, card: Card, *, once: str) -> str:
        await self.gate.wait()
        self.repeats.clear()  # as Teams, which knows no repeat
        return await super().post(address, card, once=once)


async def test_what_lands_while_it_is_looked_for_is_not_sent_again(tmp_path: Path) -> None:
    """A read that began before a message was noted as sent tells that it is to be sent still."""
    platform = SlowPlatform()
    async with Chatting(tmp_path, ticking=True) as chat:
        app: Any = StaleReads(chat.app)
        seats = {"teams": Seat(platform, PlainCards(), "contoso")}
        outbox = Outbox(
            app,
            seats,
            OutboxClock(chat.clock.now, time.monotonic),
            page="",
            fill=_nothing_new,
            ended=lambda _records, _message, _failure: None,
        )
        address = personal(ANA)
        message = WantedMessage("k", "teams", "p", address.model_dump(mode="json"), {"text": "hello"})
        await chat.app.kept(lambda records: records.want(message, now=chat.clock.now()))
        sending = asyncio.create_task(outbox.run())
        await _until(lambda: outbox.sending == 1)
        app.gate.clear()
        seen = app.reads
        outbox.wake()
        await _until(lambda: app.reads > seen)
        platform.gate.set()
        await _until(lambda: outbox.sending == 0)
        app.gate.set()
        await asyncio.sleep(0.3)
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)
        assert [sent.text for sent in platform.told] == ["hello"]


async def _nothing_new() -> None:
    return


async def test_records_that_nobody_wrote_to_are_left_alone(tmp_path: Path) -> None:
    """While a clock stands still nothing becomes due by itself; what another process wants is found all the same."""
    platform, fills = InMemoryPlatform("teams"), list[None]()

    async def fill() -> None:
        fills.append(None)

    async with Chatting(tmp_path, ticking=True) as chat:
        outbox = Outbox(
            chat.app,
            {"teams": Seat(platform, PlainCards(), "contoso")},
            OutboxClock(chat.clock.now, lambda: 0.0),
            page="",
            fill=fill,
            ended=lambda _records, _message, _failure: None,
            changes=chat.app.database.changes(),
        )
        sending = asyncio.create_task(outbox.run())
        await asyncio.sleep(6 * IDLE_SECONDS)
        # The first look, and one since the lease was kept.
        assert 1 <= len(fills) <= 3
        await _want(chat, 1)
        await _until(lambda: len(platform.told) == 1)
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)


class StandsStill:
    """The app of a process that stands still at one point: as it fills, or in its next read but so many."""

    def __init__(self, chat: Chatting, reads: int | None = None) -> None:
        self._chat = chat
        self._reads = reads
        self.fills = True
        self.reached = asyncio.Event()
        self.goes_on = asyncio.Event()
        self.keeps = 0
        """Transactions that it has had: of one whose messages are on their way, those for its lease."""

    async def read(self, work: Callable[[Records], T]) -> T:
        found = await self._chat.app.read(work)
        if self._reads is not None:
            self._reads -= 1
            if self._reads < 0:
                self._reads = None
                await self._stand()
        return found

    async def kept(self, work: Callable[[Records], T]) -> T:
        self.keeps += 1
        return await self._chat.app.kept(work)

    async def fill(self) -> None:
        if not self.fills:
            await self._stand()

    async def _stand(self) -> None:
        self.reached.set()
        await self.goes_on.wait()


def _outbox(chat: Chatting, app: Any, platform: InMemoryPlatform, fill: Callable[[], Awaitable[None]]) -> Outbox:
    return Outbox(
        app,
        {"teams": Seat(platform, PlainCards(), "contoso")},
        OutboxClock(chat.clock.now, chat.clock.monotonic),
        page="",
        fill=fill,
        ended=lambda _records, _message, _failure: None,
    )


async def _want(chat: Chatting, count: int) -> None:
    """So many messages, each in a place of its own."""
    document = personal(ANA).model_dump(mode="json")

    def want(records: Records) -> None:
        for number in range(count):
            message = WantedMessage(f"k{number}", "teams", f"p{number}", document, {"text": f"hello {number}"})
            records.want(message, now=chat.clock.now())

    await chat.app.kept(want)


async def _ended(*tasks: asyncio.Task[None]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def test_while_many_slow_ones_are_on_their_way_no_other_process_sends_them_again(tmp_path: Path) -> None:
    """Nor is what another process wants left unseen meanwhile: it is filled in each round."""
    platform, rounds = SlowPlatform(), Counter[str]()
    async with Chatting(tmp_path) as chat:

        def outbox(name: str) -> Outbox:
            async def fill() -> None:
                rounds[name] += 1

            return _outbox(chat, chat.app, platform, fill)

        await _want(chat, 17)
        first, second = outbox("first"), outbox("second")
        sending = asyncio.create_task(first.run())
        await _until(lambda: first.sending == 16)
        beside = asyncio.create_task(second.run())
        for _ in range(3):
            chat.clock.pass_(seconds=9)
            seen = rounds["first"]
            await _until(lambda of=seen: rounds["first"] > of + 1)
        assert (rounds["second"], second.sending) == (0, 0)
        platform.gate.set()
        await _until(lambda: len(platform.told) == 17 and first.sending == 0)
        await _ended(sending, beside)
        assert Counter(sent.text for sent in platform.told) == Counter(f"hello {number}" for number in range(17))


async def test_the_lease_is_kept_while_a_platform_does_not_say_who_somebody_is(tmp_path: Path) -> None:
    """What is on its way meanwhile is not sent by another process as well."""
    platform = SlowPlatform()
    async with Chatting(tmp_path) as chat:
        process = StandsStill(chat)
        await _want(chat, 1)
        first = _outbox(chat, process, platform, process.fill)
        second = _outbox(chat, chat.app, platform, _nothing_new)
        sending = asyncio.create_task(first.run())
        await _until(lambda: first.sending == 1)
        process.fills = False
        await process.reached.wait()
        beside = asyncio.create_task(second.run())
        for _ in range(3):
            seen = process.keeps
            chat.clock.pass_(seconds=9)
            await _until(lambda of=seen: process.keeps > of)
        assert second.sending == 0
        platform.gate.set()
        process.goes_on.set()
        await _until(lambda: first.sending == 0)
        await _ended(sending, beside)
        assert [sent.text for sent in platform.told] == ["hello 0"]


@pytest.mark.parametrize("reads", [0, 1])
async def test_whoever_stood_still_for_longer_than_the_lease_begins_nothing_without_it(
    reads: int, tmp_path: Path
) -> None:
    """While the records said what is due, or how it looks, another process began to send it."""
    platform = SlowPlatform()
    async with Chatting(tmp_path) as chat:
        process = StandsStill(chat, reads)
        await _want(chat, 1)
        first = _outbox(chat, process, platform, process.fill)
        second = _outbox(chat, chat.app, platform, _nothing_new)
        sending = asyncio.create_task(first.run())
        await process.reached.wait()
        chat.clock.pass_(seconds=20)
        beside = asyncio.create_task(second.run())
        await _until(lambda: second.sending == 1)
        seen = process.keeps
        process.goes_on.set()
        await _until(lambda: process.keeps > seen)
        assert first.sending == 0
        platform.gate.set()
        await _until(lambda: second.sending == 0)
        await _ended(sending, beside)
        assert [sent.text for sent in platform.told] == ["hello 0"]


async def _until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not is_so():
            await asyncio.sleep(0.005)


async def test_two_hundred_conversations_progress_within_the_pace(tmp_path: Path) -> None:
    """Each at most every 2 s, all at most 50 a second, and the newest is what is shown in the end."""
    people = [somebody(f"P{number}", "requester") for number in range(200)]
    async with Chatting(tmp_path, pace=TEAMS) as chat:
        conversations = [chat_of(personal(person), person).conversation for person in people]

        def begin(records: Records) -> None:
            for person, conversation in zip(people, conversations, strict=True):
                records.keep_chat(chat_of(personal(person), person), now=chat.clock.now())
                records.open_conversation(conversation, person.key, now=chat.clock.now())

        await chat.app.kept(begin)
        for step in range(1, 3):
            await chat.app.kept(lambda records, of=step: _tell(records, conversations, of, chat.clock.now()))
            for _ in range(3):
                await chat.room.outbox.round()
                chat.clock.pass_(milliseconds=400)
        while any("2/2" not in sent.text for sent in chat.teams.shown.values()) or len(chat.teams.shown) < 200:
            await chat.room.outbox.round()
            chat.clock.pass_(milliseconds=500)
        seconds = Counter(int(sent.at) for sent in chat.teams.told if sent.act == "edit")
        assert max(seconds.values()) <= 50
        times: dict[str, list[float]] = {}
        for sent in chat.teams.told:
            if sent.act == "edit":
                times.setdefault(sent.message_id, []).append(sent.at)
        rests = [later - earlier for each in times.values() for earlier, later in pairwise(each)]
        assert min(rests, default=2.0) >= 1.99


def _tell(records: Records, conversations: list[str], step: int, now: datetime) -> None:
    for conversation in conversations:
        progress = Progress(
            conversation=conversation,
            turn=1,
            deployment_id="dep_1",
            step="apply",
            done=step,
            total=2,
            text=f"step {step}",
            elapsed_s=float(step),
        )
        records.log(conversation, [progress], source="work", now=now)


async def test_nothing_is_lost_when_the_process_ends_in_the_middle_of_an_approval_card(tmp_path: Path) -> None:
    """The platform took the card and the process died before it could note that: the next one shows the same card."""
    chat = Chatting(tmp_path, approvals={"teams": APPROVALS})
    await chat.app.start()
    await chat.room.open()
    await chat.room.take_in(Arrival("a1", personal(ANA), ANA, text="Databricks for the ML team in prod"))
    await chat.room.answered(30)
    await chat.app.settled()

    def died(*_: object) -> None:
        raise SystemError("the process has ended")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Records, "sent_outgoing", died)
        with pytest.raises(SystemError):
            await chat.room.outbox.round()
    assert [sent.place.id for sent in chat.teams.told if sent.card["shows"] == "ShownPlan"]
    await chat.app.close()
    after = Chatting(tmp_path, approvals={"teams": APPROVALS}, teams=chat.teams)
    after.clock.pass_(seconds=20)
    async with after:
        await after.settle()
        assert "asked #approvals" in after.last("ShownPlan", of="personal:ana").text
        asks = [sent for sent in after.teams.shown.values() if sent.place.id == "approvals"]
        assert len(asks) == 1
        yes = {**asks[0].button("Approve"), "value": "dbw-ml-prod"}
        await after.press(INES, yes, APPROVALS, client_id="of the next process")
        assert "approved by Ines" in after.last("ShownPlan", of="personal:ana").text


async def test_what_was_taken_in_and_not_answered_is_answered_by_the_next_start(tmp_path: Path) -> None:
    first = Chatting(tmp_path)
    await first.app.start()
    await first.room.open()
    await first.room.stop(0)
    await first.room.take_in(Arrival("a1", personal(ANA), ANA, text="help"))
    await first.app.close()
    async with Chatting(tmp_path) as after:
        after.clock.pass_(seconds=20)
        await after.settle()
        assert [sent.card["shows"] for sent in after.teams.told] == ["Said"]


async def test_a_card_that_somebody_deleted_is_shown_anew_while_it_waits(tmp_path: Path) -> None:
    async with Chatting(tmp_path, approvals={"teams": APPROVALS}) as chat:
        await chat.write(ANA, "Databricks for the ML team in prod")
        gone = chat.last("ShownPlan", of="approvals")
        del chat.teams.shown[gone.message_id]
        await chat.press(INES, {**gone.button("Approve"), "verb": "decide"}, APPROVALS)
        assert "deciding: Ines" in chat.last("ShownPlan", of="approvals").text


async def test_what_is_too_large_is_said_to_be_on_the_page(tmp_path: Path) -> None:
    async with Chatting(tmp_path) as chat:
        chat.teams.refusals.append(Undeliverable("too_large"))
        await chat.write(ANA, "help")
        assert chat.teams.told[-1].text.startswith("That is too large to show here.")


async def test_one_process_sends_what_another_took_in(tmp_path: Path) -> None:
    async with Chatting(tmp_path, ticking=True) as first, Chatting(tmp_path, ticking=True) as second:
        await first.room.outbox.round()
        await second.room.take_in(Arrival("a1", personal(ANA), ANA, text="help"))
        await second.room.answered(30)
        await second.room.outbox.round()
        assert second.teams.told == []
        await first.room.outbox.round()
        assert len(first.teams.told) == 1


async def test_threads_of_one_channel_count_together_where_the_platform_counts_so(tmp_path: Path) -> None:
    by_channel = Pace(place_posts=(1, 1), all_posts=(50, 1), place_edits=(1, 1), all_edits=(50, 1), is_by_channel=True)
    async with Chatting(tmp_path, pace=by_channel) as chat:
        for number in range(3):
            await chat.write(ANA, "help", group("general", thread=f"t{number}"))
        await chat.write(INES, "help", group("other", thread="t9"))
        for _ in range(3):
            await chat.settle()
            chat.clock.pass_(seconds=1.01)
        times = [sent.at for sent in chat.teams.told if sent.place.id == "general"]
        assert len(times) == 3
        assert all(after - before >= 1 for before, after in pairwise(times))
