"""What is to be shown on chat platforms: wanted once, sent once, the newest of it, in order; on both databases."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import pytest

from agent.store.approval_rounds import ApprovalRound, AskedApprover
from agent.store.database import Database
from agent.store.outgoing import AT_LEISURE, FIRST, OutgoingMessage, WantedMessage
from agent.store.records import Records

pytestmark = pytest.mark.integration

T = TypeVar("T")
NOW = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=1)
ONE = WantedMessage(
    key="said:1", platform="teams", place="here", address={"in": "here"}, card={"text": "one"}, conversation="cnv"
)


def due(at: datetime = NOW) -> Callable[[Records], list[str]]:
    return lambda records: [each.key for each in records.due_outgoing(("teams",), now=at, most=10)]


def kept(records: Records, key: str = "said:1") -> OutgoingMessage:
    found = records.outgoing(key)
    assert found is not None
    return found


async def test_posts_of_one_place_keep_their_order(database: Database) -> None:
    """The second of a place is not due before the first was sent; another place does not wait."""

    def want(records: Records) -> None:
        for key, place in (("said:1", "here"), ("said:2", "here"), ("said:3", "there")):
            records.want(replace(ONE, key=key, place=place), now=NOW)

    await database.transact(want)
    assert await database.read(due()) == ["said:1", "said:3"]
    await database.transact(lambda records: records.sent_outgoing([(kept(records), "m1")]))
    assert await database.read(due()) == ["said:2", "said:3"]


async def test_only_how_it_shall_look_last_is_due(database: Database) -> None:
    """What is wanted while the message is under way is still due afterwards."""
    await database.transact(lambda records: records.want(ONE, now=NOW))
    read = await database.read(kept)
    for text in ("two", "three"):
        changed = replace(ONE, card={"text": text})
        assert await database.transact(lambda records, of=changed: records.want(of, now=NOW))
    await database.transact(lambda records: records.sent_outgoing([(read, "m1")]))
    assert await database.read(due()) == ["said:1"]
    again = await database.read(kept)
    assert (again.message_id, again.wanted.card) == ("m1", {"text": "three"})
    await database.transact(lambda records: records.sent_outgoing([(again, "m1")]))
    assert await database.read(due()) == []
    assert not await database.transact(lambda records: records.want(replace(ONE, card={"text": "three"}), now=NOW))


async def test_what_is_sent_is_read_as_it_is_wanted_by_then(database: Database) -> None:
    """Between being found due and being sent: the newest is sent, and nothing of what was sent or given up since."""

    def want(records: Records) -> None:
        for key in ("said:1", "said:2", "said:3"):
            records.want(replace(ONE, key=key, place=key), now=NOW)

    await database.transact(want)
    found = await database.read(lambda records: records.due_outgoing(("teams",), now=NOW, most=10))
    numbers = [one.number for one in found]

    def moved(records: Records) -> None:
        records.want(replace(ONE, key="said:1", place="said:1", card={"text": "two"}), now=NOW)
        records.sent_outgoing([(kept(records, "said:2"), "m2")])
        records.give_up_outgoing(kept(records, "said:3").number, "archived")

    await database.transact(moved)
    read = await database.read(lambda records: records.outgoing_of(numbers))
    assert [(one.wanted.key, one.wanted.card) for one in read] == [("said:1", {"text": "two"})]


async def test_what_is_final_stays(database: Database) -> None:
    await database.transact(lambda records: records.want(replace(ONE, is_final=True), now=NOW))
    assert not await database.transact(lambda records: records.want(replace(ONE, card={"text": "late"}), now=LATER))
    assert (await database.read(kept)).wanted.card == {"text": "one"}


async def test_what_was_put_off_comes_when_it_is_time_and_at_once_where_it_ends_something(database: Database) -> None:
    progress = replace(ONE, priority=AT_LEISURE)
    await database.transact(lambda records: records.want(progress, now=NOW))
    number = (await database.read(kept)).number
    await database.transact(lambda records: records.put_off_outgoing(number, until=LATER))
    assert await database.read(due()) == []
    assert await database.read(due(LATER)) == ["said:1"]
    ending = replace(ONE, card={"text": "done"}, priority=FIRST)
    await database.transact(lambda records: records.want(ending, now=NOW))
    assert await database.read(due()) == ["said:1"]


async def test_two_who_want_the_same_at_once_make_one_message(database: Database) -> None:
    wants = [database.transact(lambda records: records.want(ONE, now=NOW)) for _ in range(4)]
    assert sorted(await asyncio.gather(*wants)) == [False, False, False, True]
    assert await database.read(due()) == ["said:1"]


async def test_a_round_is_what_was_kept_last(database: Database) -> None:
    asked = AskedApprover(target="teams:place", label="#approvals", state="sent")
    kept_round = ApprovalRound(plan_id="pln_1", asked=(asked,), is_for_others=True)
    await database.transact(lambda records: records.keep_round(ApprovalRound(plan_id="pln_1")))
    await database.transact(lambda records: records.keep_round(kept_round))
    assert await database.transact(lambda records: records.round("pln_1")) == kept_round
