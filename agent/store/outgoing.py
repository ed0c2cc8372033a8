"""What is to be shown on chat platforms: each message as it shall look, and how far that has come.

A message is wanted, not sent: `want` says how it shall look, whoever has the lease makes it so. Wanting again before it
was sent replaces what was wanted before.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import JsonValue
from sqlalchemy import Integer, RowMapping, bindparam, case, func, select, update

from agent.store.connection import QueryGroup, stamp
from agent.store.tables import outgoing

Json = Mapping[str, JsonValue]

# Every answer runs these: built once, since building a statement costs more than running it.
_BY_KEY = select(outgoing).where(outgoing.c.key == bindparam("of"))
_OPEN = (
    select(outgoing)
    .where(
        outgoing.c.conversation == bindparam("of"),
        outgoing.c.is_final == 0,
        outgoing.c.key.like(bindparam("like"), escape="/"),
    )
    .order_by(outgoing.c.number)
)

_UNPOSTED = (outgoing.c.is_due == 1) & outgoing.c.message_id.is_(None)
_THEIRS = outgoing.c.platform.in_(bindparam("these", expanding=True))
_NEXT_POSTS = (
    select(func.min(outgoing.c.number)).where(_UNPOSTED, _THEIRS).group_by(outgoing.c.platform, outgoing.c.place)
)
_DUE = (
    # Not the cards: of hundreds that are due a few are sent at a time.
    select(
        outgoing.c.number,
        outgoing.c.key,
        outgoing.c.platform,
        outgoing.c.place,
        outgoing.c.priority,
        outgoing.c.message_id,
    )
    .where(
        outgoing.c.is_due == 1,
        outgoing.c.due_at <= bindparam("now"),
        _THEIRS,
        outgoing.c.message_id.is_not(None) | outgoing.c.number.in_(_NEXT_POSTS),
    )
    .order_by(outgoing.c.priority, outgoing.c.due_at, outgoing.c.number)
    .limit(bindparam("most", type_=Integer()))
)
_OF_NUMBERS = select(outgoing).where(outgoing.c.number.in_(bindparam("these", expanding=True)), outgoing.c.is_due == 1)
_SENT = (
    update(outgoing)
    .where(outgoing.c.number == bindparam("of"))
    .values(
        message_id=bindparam("id"),
        sent=bindparam("shown", type_=Integer()),
        attempts=0,
        is_due=case((outgoing.c.version == bindparam("shown", type_=Integer()), 0), else_=outgoing.c.is_due),
    )
)

FIRST, SOON, IN_TURN, AT_LEISURE = 0, 1, 2, 3
"""Priorities: what ends or locks something, what is new to somebody, replies, and how far something is."""


@dataclass(frozen=True)
class WantedMessage:
    """How a message shall look. `key` names it for ever; `shows` is kept beside the card, for whoever changes it next.

    `person_id` makes it private. Once `is_final` it is not changed any more.
    """

    key: str
    platform: str
    place: str
    address: Json
    card: Json
    priority: int = IN_TURN
    plan_id: str | None = None
    conversation: str | None = None
    person_id: str | None = None
    shows: str | None = None
    is_final: bool = False


@dataclass(frozen=True)
class OutgoingMessage:
    """A kept message. It is posted while `message_id` is None, and edited while `sent` is behind `version`."""

    number: int
    wanted: WantedMessage
    version: int
    sent: int
    message_id: str | None
    attempts: int
    due_at: datetime
    at: datetime
    failure: str | None


@dataclass(frozen=True)
class DueMessage:
    """What is to be sent, as far as it takes to say when; `is_post` where it is not shown yet."""

    number: int
    key: str
    platform: str
    place: str
    priority: int
    is_post: bool


class OutgoingQueries(QueryGroup):
    def want(self, message: WantedMessage, *, now: datetime) -> bool:
        """Keeps how it shall look; False where it looks so already or is final. A private one is never edited."""
        values = {
            "card": json.dumps(message.card, ensure_ascii=False),
            "shows": message.shows,
            "priority": message.priority,
            "is_final": int(message.is_final),
        }
        # Most are new: whether one is, the insert tells by itself.
        if self._insert_once(outgoing, {**_fresh(message, now), **values}):
            return True
        row = self._run(_BY_KEY, {"of": message.key}).mappings().one()
        if row["is_final"]:
            return False
        if row["card"] == values["card"]:
            kept = {"shows": message.shows, "is_final": int(message.is_final)}
            self._db.execute(update(outgoing).where(outgoing.c.key == message.key).values(**kept))
            return False
        if row["failure"] is not None or (row["person_id"] and row["message_id"] is not None):
            return False
        due = {**values, "version": outgoing.c.version + 1, "is_due": 1}
        if message.priority < row["priority"] or not row["is_due"]:
            due |= {"due_at": stamp(now), "attempts": 0}
        # Whoever made it final meanwhile was right: what was read above may be old by now.
        changeable = (outgoing.c.key == message.key) & (outgoing.c.is_final == 0)
        return self._db.execute(update(outgoing).where(changeable).values(**due)).rowcount == 1

    def turn_into(self, key: str, message: WantedMessage, *, now: datetime) -> bool:
        """That message becomes this one, in its place; False where there is none that could."""
        changeable = (outgoing.c.key == key) & (outgoing.c.is_final == 0) & outgoing.c.failure.is_(None)
        renamed = {"key": message.key, "plan_id": message.plan_id}
        if self._db.execute(update(outgoing).where(changeable).values(**renamed)).rowcount == 0:
            return False
        return self.want(message, now=now)

    def outgoing(self, key: str) -> OutgoingMessage | None:
        row = self._run(_BY_KEY, {"of": key}).mappings().one_or_none()
        return _outgoing(row) if row is not None else None

    def outgoing_of_plan(self, plan_id: str) -> tuple[OutgoingMessage, ...]:
        """Every message that shows that plan, in the order of their making."""
        rows = self._db.execute(select(outgoing).where(outgoing.c.plan_id == plan_id).order_by(outgoing.c.number))
        return tuple(_outgoing(row) for row in rows.mappings())

    def open_outgoing(self, conversation: str, prefix: str) -> tuple[OutgoingMessage, ...]:
        """The messages of a conversation whose key begins like that and that may still change."""
        like = prefix.replace("/", "//").replace("%", "/%").replace("_", "/_")
        rows = self._db.execute(_OPEN, {"of": conversation, "like": f"{like}%"})
        return tuple(_outgoing(row) for row in rows.mappings())

    def due_outgoing(self, platforms: tuple[str, ...], *, now: datetime, most: int) -> tuple[DueMessage, ...]:
        """What is to be sent now, the most urgent first. Of a place's posts only the oldest: they keep their order."""
        values = {"these": platforms, "now": stamp(now), "most": most}
        return tuple(
            DueMessage(row.number, row.key, row.platform, row.place, row.priority, is_post=row.message_id is None)
            for row in self._db.execute(_DUE, values)
        )

    def outgoing_of(self, numbers: Sequence[int]) -> tuple[OutgoingMessage, ...]:
        """These as they are wanted now, in that order; without what is not due any more."""
        rows = {row["number"]: row for row in self._db.execute(_OF_NUMBERS, {"these": tuple(numbers)}).mappings()}
        return tuple(_outgoing(rows[number]) for number in numbers if number in rows)

    def next_outgoing(self, platforms: tuple[str, ...]) -> datetime | None:
        """When the next of them is due; None when nothing is."""
        first = select(func.min(outgoing.c.due_at)).where(outgoing.c.is_due == 1, outgoing.c.platform.in_(platforms))
        at = self._db.execute(first).scalar()
        return datetime.fromisoformat(at) if at else None

    def sent_outgoing(self, sent: Sequence[tuple[OutgoingMessage, str]]) -> None:
        """Each looks as it was wanted when it was read, under that id; what was wanted since is still due."""
        done = [{"of": message.number, "id": message_id, "shown": message.version} for message, message_id in sent]
        self._run_all(_SENT, done)

    def put_off_outgoing(self, number: int, *, until: datetime) -> None:
        """It was tried, and is tried again then."""
        later = {"due_at": stamp(until), "attempts": outgoing.c.attempts + 1}
        self._db.execute(update(outgoing).where(outgoing.c.number == number).values(**later))

    def redirect_outgoing(self, number: int, *, place: str, address: Json) -> None:
        """It goes there instead, to everybody who is there: somebody's personal chat."""
        there = {"place": place, "address": json.dumps(address), "person_id": None, "attempts": 0}
        self._db.execute(update(outgoing).where(outgoing.c.number == number).values(**there))

    def give_up_outgoing(self, number: int, failure: str) -> None:
        """It cannot be delivered: what it was about is said elsewhere."""
        over = {"failure": failure, "is_due": 0}
        self._db.execute(update(outgoing).where(outgoing.c.number == number).values(**over))

    def lost_outgoing(self, number: int) -> None:
        """Its message is gone: it is posted anew."""
        anew = {"message_id": None, "attempts": 0}
        self._db.execute(update(outgoing).where(outgoing.c.number == number).values(**anew))

    def forget_outgoing(self, before: datetime) -> None:
        """What was sent long ago needs no record: nothing edits it any more."""
        old = (outgoing.c.at < stamp(before)) & (outgoing.c.is_due == 0)
        self._db.execute(outgoing.delete().where(old))


def _fresh(message: WantedMessage, now: datetime) -> dict[str, object]:
    return {
        "key": message.key,
        "platform": message.platform,
        "place": message.place,
        "plan_id": message.plan_id,
        "conversation": message.conversation,
        "person_id": message.person_id,
        "address": json.dumps(message.address, ensure_ascii=False),
        "version": 1,
        "sent": 0,
        "is_due": 1,
        "due_at": stamp(now),
        "attempts": 0,
        "at": stamp(now),
    }


def _outgoing(row: RowMapping) -> OutgoingMessage:
    wanted = WantedMessage(
        key=row["key"],
        platform=row["platform"],
        place=row["place"],
        address=json.loads(row["address"]),
        card=json.loads(row["card"]),
        priority=row["priority"],
        plan_id=row["plan_id"],
        conversation=row["conversation"],
        person_id=row["person_id"],
        shows=row["shows"],
        is_final=bool(row["is_final"]),
    )
    return OutgoingMessage(
        number=row["number"],
        wanted=wanted,
        version=row["version"],
        sent=row["sent"],
        message_id=row["message_id"],
        attempts=row["attempts"],
        due_at=datetime.fromisoformat(row["due_at"]),
        at=datetime.fromisoformat(row["at"]),
        failure=row["failure"],
    )
