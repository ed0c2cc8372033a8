"""Answers that grow in a personal chat of Teams: each piece holds all before it, and the whole ends the stream."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from agent.channels.cards.teams import TeamsCards
from agent.channels.messaging.answer_streams import AnswerStreams
from agent.channels.messaging.binding import conversation_of
from agent.channels.messaging.port import Address, ChatPlace, Json, Said, Undeliverable
from agent.channels.teams.streaming import MOST_SECONDS, TeamsStreamWriter
from agent.events import Message
from plugins.domain.person import Person

ANA = Person(id="object-ana", name="Ana", issuer="teams:t")
CHAT = Address(place=ChatPlace(platform="teams", tenant="t", id="a:1", kind="personal"), reference={"in": "a:1"})
CHANNEL = Address(place=ChatPlace(platform="teams", tenant="t", id="19:1", kind="group"), reference={"in": "19:1"})
WHOLE = TeamsCards().card(Said("Spot workers may be evicted."))


@dataclass
class Sending:
    """What was sent, in order; `refuses` from that activity on."""

    sent: list[Any] = field(default_factory=list[Any])
    refuses: int = 99

    async def send(self, reference: Json, activity: Json) -> str:
        assert reference == {"in": "a:1"}
        if len(self.sent) >= self.refuses:
            raise Undeliverable("forbidden")
        self.sent.append(activity)
        return "stream-1"


def streams(sending: Sending, clock: Callable[[], float] = lambda: 0.0) -> AnswerStreams:
    opened = AnswerStreams(TeamsStreamWriter(sending), most_seconds=MOST_SECONDS, clock=clock)
    opened.piece_seconds = 0.001
    return opened


def piece(text: str, address: Address = CHAT) -> Message:
    return Message(conversation=conversation_of(address.place, ANA), turn=1, text=text, delta=True)


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not is_so():
            await asyncio.sleep(0.001)


async def test_pieces_grow_and_the_whole_is_the_message_that_stays() -> None:
    sending = Sending()
    opened = streams(sending)
    opened.seen(CHAT, ANA)
    opened.heard(piece("Spot workers "))
    await until(lambda: len(sending.sent) == 1)
    opened.heard(piece("may be"))
    await until(lambda: len(sending.sent) == 2)
    assert await opened.end(CHAT, WHOLE) == "stream-1"
    assert [(one["type"], one["text"], one["entities"][0].get("streamSequence")) for one in sending.sent] == [
        ("typing", "Spot workers ", 1),
        ("typing", "Spot workers may be", 2),
        ("message", "Spot workers may be evicted.", None),
    ]
    assert sending.sent[2]["entities"][0] == {"type": "streaminfo", "streamType": "final", "streamId": "stream-1"}


async def test_an_answer_that_is_whole_at_once_is_a_plain_message() -> None:
    sending = Sending()
    opened = streams(sending)
    opened.piece_seconds = 60.0
    opened.seen(CHAT, ANA)
    opened.heard(piece("Spot workers may be evicted."))
    await asyncio.sleep(0.01)
    assert await opened.end(CHAT, WHOLE) is None
    assert sending.sent == []


async def test_what_teams_refuses_is_sent_as_a_plain_message() -> None:
    """A person may stop a stream, and two minutes may pass: the answer comes all the same."""
    sending = Sending(refuses=1)
    opened = streams(sending)
    opened.seen(CHAT, ANA)
    opened.heard(piece("Spot workers "))
    await until(lambda: len(sending.sent) == 1)
    opened.heard(piece("may be"))
    await asyncio.sleep(0.02)
    assert await opened.end(CHAT, WHOLE) is None


async def test_a_stream_shows_no_more_after_two_minutes() -> None:
    sending, now = Sending(), [0.0]
    opened = streams(sending, lambda: now[0])
    opened.seen(CHAT, ANA)
    opened.heard(piece("Spot workers "))
    await until(lambda: len(sending.sent) == 1)
    now[0] = 120.0
    opened.heard(piece("may be"))
    await asyncio.sleep(0.02)
    assert len(sending.sent) == 1
    assert await opened.end(CHAT, WHOLE) == "stream-1"


async def test_where_several_read_nothing_is_streamed() -> None:
    sending = Sending()
    opened = streams(sending)
    opened.seen(CHANNEL, ANA)
    opened.heard(piece("Spot workers ", CHANNEL))
    await asyncio.sleep(0.01)
    assert sending.sent == []
