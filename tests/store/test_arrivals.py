"""Messages that arrive at once: each kept once, in its order, wherever it was said; on both databases."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from agent.dialogue.state import Conversation
from agent.events import Incoming, Message
from agent.store.arrivals import ArrivedMessage
from agent.store.chats import Chat
from agent.store.database import Database, RecordsUnavailable
from agent.store.group_commit import GroupCommit
from agent.store.records import Records
from plugins.domain.person import Person

pytestmark = pytest.mark.integration

NOW = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
ANA = Person(id="ana", name="Ana", roles=("requester",))


@dataclass(frozen=True)
class Line:
    """One event of a conversation, as its reader sees it."""

    seq: int
    turn: int
    text: str


def arrived(conversation: str, text: str, *, seconds: int = 0) -> ArrivedMessage:
    incoming = Incoming(conversation=conversation, person=ANA, text=text, client_id=f"id of {text}")
    return ArrivedMessage(incoming, NOW + timedelta(seconds=seconds))


def lines(records: Records, conversation: str) -> list[Line]:
    return [Line(one.seq, one.turn, str(one.event["text"])) for one in records.logged(conversation, after=0)]


def receive(records: Records, *messages: ArrivedMessage) -> tuple[bool, ...]:
    return records.receive_all(messages, known=())


async def test_what_arrives_together_is_kept_in_its_order_each_once(database: Database) -> None:
    """New conversations, and one that has had turns; a message twice in one go, and one that was there already."""
    answer = Message(conversation="old", turn=3, text="answer")

    def answered(records: Records) -> None:
        records.keep_conversation(Conversation(id="old", turn=3), now=NOW, owner="ana", title="first", saying=[answer])

    await database.transact(answered)
    assert await database.transact(lambda records: receive(records, arrived("old", "a"))) == (True,)
    messages = [arrived("new", "b"), arrived("old", "a"), arrived("old", "c"), arrived("new", "b"), arrived("new", "d")]
    fresh = await database.transact(lambda records: receive(records, *messages))
    assert fresh == (True, False, True, False, True)
    assert await database.read(lambda records: lines(records, "old")) == [
        Line(1, 3, "answer"),
        Line(2, 4, "a"),
        Line(3, 4, "c"),
    ]
    assert await database.read(lambda records: lines(records, "new")) == [Line(1, 1, "b"), Line(2, 1, "d")]
    assert await database.read(lambda records: records.owner_of("new")) == "ana"
    titles = {one.id: one.title for one in await database.read(lambda records: records.conversations_of("ana"))}
    assert titles == {"old": "first", "new": "b"}


async def test_what_was_kept_at_once_is_unanswered_in_its_order(database: Database) -> None:
    messages = [arrived(f"cnv_{number % 3}", str(number), seconds=number) for number in range(9)]
    await database.transact(lambda records: receive(records, *messages))
    left = await database.read(lambda records: records.unanswered())
    assert [incoming.text for incoming, _ in left] == [str(number) for number in range(9)]


async def test_one_that_cannot_be_kept_takes_nobody_along(database: Database) -> None:
    """Of those that are kept in one piece the others are kept all the same, and told so."""
    wrong = ArrivedMessage(arrived("bad", "x").incoming, "today")  # type: ignore[arg-type]

    def keep(records: Records, messages: Sequence[ArrivedMessage]) -> Sequence[bool]:
        pieces.append(len(messages))
        return receive(records, *messages)

    pieces: list[int] = []
    commit = GroupCommit(database.transact, keep)
    good = [arrived(f"cnv_{number}", str(number)) for number in range(5)]
    done = await asyncio.gather(*map(commit.keep, [*good[:2], wrong, *good[2:]]), return_exceptions=True)
    assert pieces[0] == 6
    assert isinstance(done.pop(2), AttributeError)
    assert done == [True] * 5
    assert len(await database.read(lambda records: records.unanswered())) == 5


async def test_while_the_database_is_away_all_are_told_at_once(database: Database) -> None:
    """Nobody is tried alone, each waiting for it once more; what comes when it is back is kept."""
    tries: list[int] = []

    def keep(_: Records, messages: Sequence[ArrivedMessage]) -> Sequence[bool]:
        tries.append(len(messages))
        if len(tries) == 1:
            raise OSError("the server is gone")
        return [True] * len(messages)

    commit = GroupCommit(database.transact, keep)
    messages = [arrived(f"cnv_{number}", str(number)) for number in range(100)]
    done = await asyncio.gather(*map(commit.keep, messages), return_exceptions=True)
    assert {type(each) for each in done} == {RecordsUnavailable}
    assert await commit.keep(messages[0])
    assert tries == [100, 1]


async def test_what_comes_while_something_is_kept_is_kept_in_one_piece(database: Database) -> None:
    pieces: list[int] = []

    def keep(records: Records, messages: Sequence[ArrivedMessage]) -> Sequence[bool]:
        pieces.append(len(messages))
        return receive(records, *messages)

    commit = GroupCommit(database.transact, keep)
    first = asyncio.create_task(_kept(commit, arrived("cnv", "first")))
    while not pieces:
        await asyncio.sleep(0)
    rest = [asyncio.create_task(_kept(commit, arrived("cnv", str(number)))) for number in range(20)]
    assert await asyncio.gather(first, *rest) == [True] * 21
    assert pieces == [1, 20]


async def _kept(commit: GroupCommit[ArrivedMessage, bool], message: ArrivedMessage) -> bool:
    return await commit.keep(message)


def chat_of(one: ArrivedMessage, *, place: str = "t|c|1") -> Chat:
    return Chat(one.incoming.conversation, "teams", place, ANA, {"at": place}, is_personal=False)


async def test_what_chat_platforms_take_in_comes_into_its_conversation_when_its_turn_begins(database: Database) -> None:
    """Kept once before that, with where it was said, and found again by whoever starts next."""
    new, repeat = arrived("cnv_new", "a"), arrived("cnv_new", "b", seconds=1)
    placed = [(one, chat_of(one)) for one in (new, repeat, repeat)]
    assert await database.transact(lambda records: records.take_in_all(placed)) == (True, True, False)
    assert await database.read(lambda records: lines(records, "cnv_new")) == []
    assert await database.read(lambda records: records.chat("cnv_new")) is None
    assert await database.read(lambda records: records.chat_waiting("cnv_new")) == chat_of(new)
    left = await database.read(lambda records: records.unanswered())
    assert [incoming.text for incoming, _ in left] == ["a", "b"]

    assert await database.transact(lambda records: records.begin_all([new.incoming])) == (1,)
    assert await database.read(lambda records: lines(records, "cnv_new")) == [Line(1, 1, "a")]
    assert await database.read(lambda records: records.owner_of("cnv_new")) == "ana"
    assert await database.read(lambda records: records.chat("cnv_new")) == chat_of(new)


async def test_a_turn_that_begins_again_is_said_once(database: Database) -> None:
    old, new = arrived("cnv_old", "a"), arrived("cnv_new", "b")
    await database.transact(lambda records: receive(records, old))
    await database.transact(lambda records: records.take_in_all([(new, chat_of(new))]))
    again = arrived("cnv_never", "c")
    for often in (1, 2, 3):
        begun = await database.transact(lambda records: records.begin_all([old.incoming, new.incoming, again.incoming]))
        assert begun == (often, often, 0)
    assert await database.read(lambda records: lines(records, "cnv_old")) == [Line(1, 1, "a")]
    assert await database.read(lambda records: lines(records, "cnv_new")) == [Line(1, 1, "b")]

    await database.transact(lambda records: records.answered(new.incoming))
    assert await database.transact(lambda records: records.begin_all([new.incoming])) == (0,)
    assert await database.read(lambda records: records.chat_waiting("cnv_new")) is None


async def test_where_somebody_writes_from_now_on_is_kept_and_how_far_it_was_told_stays(database: Database) -> None:
    first, later = arrived("cnv_1", "a"), arrived("cnv_1", "b", seconds=60)
    await database.transact(lambda records: records.take_in_all([(first, chat_of(first))]))
    await database.transact(lambda records: records.begin_all([first.incoming]))
    await database.transact(lambda records: records.carried("cnv_1", 1, was=0))
    moved = chat_of(later, place="t|c|2")
    await database.transact(lambda records: records.take_in_all([(later, moved)]))
    await database.transact(lambda records: records.begin_all([later.incoming]))
    assert await database.read(lambda records: records.chat("cnv_1")) == replace(moved, cursor=1)


async def test_what_is_known_of_a_place_since_is_not_undone_by_a_message_that_waited(database: Database) -> None:
    waited = arrived("cnv_1", "a")
    await database.transact(lambda records: records.take_in_all([(waited, chat_of(waited))]))
    newer = chat_of(waited, place="t|c|2")
    await database.transact(lambda records: records.keep_chat(newer, now=NOW + timedelta(seconds=60)))
    await database.transact(lambda records: records.begin_all([waited.incoming]))
    assert await database.read(lambda records: records.chat("cnv_1")) == newer
