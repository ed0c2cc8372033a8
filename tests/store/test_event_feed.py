"""Following conversations shows all that is kept of work, and ends when it is told to."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import pytest

from agent.dialogue.state import Conversation
from agent.events import Event, Message
from agent.store import event_feed
from agent.store.conversations import Source
from agent.store.database import Database, RecordsUnavailable
from agent.store.event_feed import EventFeed
from agent.store.records import Records

pytestmark = pytest.mark.integration

T = TypeVar("T")


class LapsingDatabase(Database):
    """Its next reads fail, as many as `failing` says, after as many as `passing` says."""

    passing = failing = 0

    async def read(self, work: Callable[[Records], T]) -> T:
        if self.passing:
            self.passing -= 1
        elif self.failing:
            self.failing -= 1
            raise RecordsUnavailable("reading the records", "they are locked", "Try again.", retryable=True)
        return await super().read(work)


class Listener:
    """A feed over records into which another process writes, with a clock that only a test moves."""

    def __init__(self, url: str) -> None:
        self.now = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
        self.database, self._elsewhere = LapsingDatabase(url), Database(url)
        self.heard: list[str] = []
        self.feed = EventFeed(self.database, self._hear, lambda: self.now)

    def _hear(self, event: Event) -> None:
        assert isinstance(event, Message)
        self.heard.append(event.text)

    async def open(self) -> None:
        for database in (self.database, self._elsewhere):
            await database.open()
        await self._elsewhere.transact(
            lambda records: records.keep_conversation(Conversation(id="cnv_1"), now=self.now, owner="ana")
        )
        await self.feed.look()

    async def keep(self, text: str, *, source: Source = "work") -> int:
        told = Message(conversation="cnv_1", turn=1, text=text)
        return await self._elsewhere.transact(lambda records: records.log("cnv_1", [told], source=source, now=self.now))

    async def close(self) -> None:
        await self.feed.stop()
        for database in (self.database, self._elsewhere):
            await database.close()


@pytest.fixture
async def listener(tmp_path: Path) -> AsyncIterator[Listener]:
    made = Listener(f"sqlite:///{tmp_path / 'brickie.db'}")
    await made.open()
    yield made
    await made.close()


@pytest.mark.parametrize("passing", [0, 1])
async def test_what_another_process_kept_is_shown_once_the_records_can_be_read_again(
    passing: int, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However long they could not be, and whichever of the reads failed; and nothing is shown twice."""
    if passing:  # of a few conversations one read brings all
        monkeypatch.setattr(event_feed, "_MOST_AT_ONCE", 0)
    listener.feed.follow("cnv_1", after=0)
    await listener.feed.look()
    await listener.keep("planned")
    listener.now += timedelta(minutes=5)
    listener.database.passing, listener.database.failing = passing, 1
    with pytest.raises(RecordsUnavailable):
        await listener.feed.look()
    for _ in range(2):
        await listener.feed.look()
        assert listener.heard == ["planned"]


async def test_what_a_turn_has_shown_itself_hides_no_work_that_was_kept_before_it(listener: Listener) -> None:
    listener.feed.follow("cnv_1", after=0)
    await listener.keep("planned")
    last = await listener.keep("the turn", source="turn")
    listener.feed.told("cnv_1", last, since=last - 1)
    await listener.feed.look()
    assert listener.heard == ["planned"]
    last = await listener.keep("another turn", source="turn")
    listener.feed.told("cnv_1", last, since=last - 1)
    await listener.keep("applied")
    await listener.feed.look()
    assert listener.heard == ["planned", "applied"]


async def test_what_was_looked_past_before_it_was_followed_is_shown(listener: Listener) -> None:
    """Work that is kept, and looked at, between a turn's end and its being followed."""
    ended = await listener.keep("the turn", source="turn")
    await listener.keep("planned")
    await listener.feed.look()
    listener.feed.follow("cnv_1", after=ended)
    await listener.feed.look()
    assert listener.heard == ["planned"]


async def test_nothing_is_looked_up_while_nobody_keeps_anything(listener: Listener) -> None:
    listener.feed.follow("cnv_1", after=0)
    await listener.feed.look()
    listener.database.failing = 1
    await listener.feed.look()
    assert listener.database.failing == 1


def unshown(event: Event) -> None:
    """Nobody listens."""


@pytest.mark.parametrize("steps", range(4))
def test_following_stops_although_something_was_kept_just_then(steps: int, tmp_path: Path) -> None:
    """A stop that meets a pulse, some steps of the loop later, is not lost: closing never hangs."""

    async def stopped() -> bool:
        database = Database(f"sqlite:///{tmp_path / 'brickie.db'}")
        await database.open()
        following = EventFeed(database, unshown, lambda: datetime(2026, 11, 24, 9, 0, tzinfo=UTC))
        following.start()
        await database.read(lambda records: records.waiting())
        following.pulse()
        for _ in range(steps):
            await asyncio.sleep(0)
        stopping = asyncio.create_task(following.stop())
        ended, _ = await asyncio.wait([stopping], timeout=5)
        if not ended:
            following.pulse()
            await asyncio.wait_for(following.stop(), 5)
        await database.close()
        return bool(ended)

    assert asyncio.run(stopped())
