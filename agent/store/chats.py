"""Conversations that people have on a chat platform: where, whose, and how far the platform has been told of them."""

import json
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from pydantic import JsonValue
from sqlalchemy import Insert, RowMapping, Select, bindparam, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from agent.store.connection import QueryGroup, stamp
from agent.store.tables import chats, conversations, links, notify_choices, said
from plugins.domain.plan import Person

_MOST_LOOKED_AT = 500
"""Conversations among which those are looked for who may do something; whoever was silent longer is asked by name."""

DIGEST_TOLD = "digest_told"
"""The day of somebody's last digest, kept beside what they chose to be told."""


# Every message and every answer runs these: built once, since building a statement costs more than running it.
_KEPT = ("platform", "place", "person", "is_personal", "is_private", "is_gone", "at", "who", "address")
_CHAT = select(chats).where(chats.c.conversation == bindparam("of"))
_CHATS = select(chats).where(chats.c.conversation.in_(bindparam("these", expanding=True)))
_NEWS = (
    select(chats)
    .join(conversations, conversations.c.id == chats.c.conversation)
    .where(
        conversations.c.last_seq > chats.c.cursor,
        # What a person said is told nowhere: what is unanswered, thousands in a rush, is not looked through each time.
        select(said.c.seq)
        .where(said.c.conversation == chats.c.conversation, said.c.seq > chats.c.cursor, said.c.source != "person")
        .exists(),
    )
)
_CARRIED = (
    update(chats)
    .where(chats.c.conversation == bindparam("of"), chats.c.cursor == bindparam("was"))
    .values(cursor=bindparam("to"))
)


@dataclass(frozen=True)
class Chat:
    """One person's conversation in one place. `place` is the platform's place as text, `address` what it takes to
    write there again, as the platform last gave it. `cursor` is the last event that was put into the outbox.
    """

    conversation: str
    platform: str
    place: str
    who: Person
    address: Mapping[str, JsonValue]
    is_personal: bool
    is_private: bool = False
    is_gone: bool = False
    cursor: int = 0


class ChatQueries(QueryGroup):
    def keep_chat(self, chat: Chat, *, now: datetime) -> None:
        """Keeps it as it is now; how far it was told stays."""
        self.keep_chats((chat,), now=now)

    def keep_chats(self, these: Sequence[Chat], *, now: datetime) -> None:
        """The same for several, in their order."""
        self._run_all(_keep_chat(self._db.dialect.name), [_row(chat, now) for chat in these])

    def keep_written(self, these: Sequence[str]) -> None:
        """Keeps the chats of these texts (`written_chat`), of each the last; nothing is written where it is the same,
        or was kept later than that. Whoever is new is welcomed.
        """
        written = sorted(map(json.loads, these), key=lambda row: (row["conversation"], row["at"]))
        rows: dict[str, Mapping[str, object]] = {row["conversation"]: row for row in written}
        kept = {row["conversation"]: row for row in self._db.execute(_CHATS, {"these": sorted(rows)}).mappings()}
        self._run_all(
            _keep_chat(self._db.dialect.name),
            [row for name, row in rows.items() if name not in kept or _differs(row, kept[name])],
        )
        new = [row for name, row in rows.items() if name not in kept]
        if new:
            self.welcome(*sorted({str(row["person"]) for row in new}), now=datetime.fromisoformat(str(new[-1]["at"])))

    def welcome(self, *people: str, now: datetime) -> None:
        """Whoever (a key) is new today hears all that there is in the conversation itself, and no digest."""
        told = {"kind": DIGEST_TOLD, "value": now.date().isoformat()}
        self._insert_missing(notify_choices, [{"person": person, **told} for person in people])

    def chat(self, conversation: str) -> Chat | None:
        row = self._run(_CHAT, {"of": conversation}).mappings().one_or_none()
        return _chat(row) if row is not None else None

    def chats_of(self, person: str) -> tuple[Chat, ...]:
        """The conversations of that person (a key), the one used last first."""
        return self._chats(select(chats).where(chats.c.person == person).order_by(chats.c.at.desc()))

    def personal_chats(self) -> tuple[Chat, ...]:
        """Everybody who has a personal chat that can be written to."""
        is_open = (chats.c.is_personal == 1) & (chats.c.is_gone == 0)
        return self._chats(select(chats).where(is_open).order_by(chats.c.at.desc()))

    def people_on(self, platform: str, roles: Container[str], *, most: int = 60) -> tuple[Person, ...]:
        """Who has spoken there with one of these roles, whoever spoke last first."""
        there = select(chats).where(chats.c.platform == platform).order_by(chats.c.at.desc())
        newest = self._chats(there.limit(_MOST_LOOKED_AT))
        people = {chat.who.key: chat.who for chat in reversed(newest) if any(role in roles for role in chat.who.roles)}
        return tuple(reversed(people.values()))[:most]

    def chats_with_news(self) -> tuple[Chat, ...]:
        """Those in which Brickie said something that the outbox does not hold yet."""
        return self._chats(_NEWS)

    def carried(self, conversation: str, cursor: int, *, was: int) -> bool:
        """Notes that the outbox holds all up to that event; False when somebody else has noted it meanwhile."""
        return self._run(_CARRIED, {"of": conversation, "was": was, "to": cursor}).rowcount == 1

    def close_place(self, platform: str, place: str, *, gone: bool) -> None:
        here = (chats.c.platform == platform) & (chats.c.place == place)
        self._db.execute(update(chats).where(here).values(is_gone=int(gone)))

    def keep_link(self, code_hash: str, person: Person, *, until: datetime) -> None:
        row = {"code_hash": code_hash, "person": person.model_dump_json(), "until": stamp(until)}
        self._db.execute(insert(links), row)

    def link(self, code_hash: str, *, now: datetime) -> Person | None:
        """Whose link that is; None for one that is unknown, over or used."""
        open_one = (links.c.code_hash == code_hash) & (links.c.until > stamp(now)) & links.c.used_at.is_(None)
        document = self._db.execute(select(links.c.person).where(open_one)).scalar_one_or_none()
        return Person.model_validate_json(document) if document is not None else None

    def use_link(self, code_hash: str, *, now: datetime) -> bool:
        """True for the first who uses it in time."""
        open_one = (links.c.code_hash == code_hash) & (links.c.until > stamp(now)) & links.c.used_at.is_(None)
        return self._db.execute(update(links).where(open_one).values(used_at=stamp(now))).rowcount == 1

    def forget_links(self, before: datetime) -> None:
        self._db.execute(delete(links).where(links.c.until < stamp(before)))

    def choices_of(self, person: str) -> dict[str, str]:
        """What that person (a key) chose to be told of, by its kind."""
        rows = self._db.execute(
            select(notify_choices.c.kind, notify_choices.c.value).where(notify_choices.c.person == person)
        )
        return {row.kind: row.value for row in rows}

    def choose(self, person: str, kind: str, value: str) -> None:
        mine = (notify_choices.c.person == person) & (notify_choices.c.kind == kind)
        if self._db.execute(update(notify_choices).where(mine).values(value=value)).rowcount == 0:
            self._db.execute(insert(notify_choices), {"person": person, "kind": kind, "value": value})

    def _chats(self, query: Select[tuple[object, ...]]) -> tuple[Chat, ...]:
        return tuple(_chat(row) for row in self._db.execute(query).mappings())


@cache
def _keep_chat(dialect: str) -> Insert:
    """One statement for a chat that is new, and for one that is known."""
    kept = (sqlite if dialect == "sqlite" else postgresql).insert(chats)
    return kept.on_conflict_do_update(
        index_elements=[chats.c.conversation], set_={name: kept.excluded[name] for name in _KEPT}
    )


def written_chat(chat: Chat, now: datetime) -> str:
    """That chat as it is to be kept later, as text."""
    return json.dumps(_row(chat, now))


def read_chat(text: str) -> Chat:
    """The chat of such a text."""
    return _chat(json.loads(text))


def _differs(row: Mapping[str, object], kept: RowMapping) -> bool:
    is_newer = str(row["at"]) >= str(kept["at"])
    return is_newer and any(row[name] != kept[name] for name in _KEPT if name != "at")


def _row(chat: Chat, now: datetime) -> dict[str, object]:
    return {
        "conversation": chat.conversation,
        "platform": chat.platform,
        "place": chat.place,
        "person": chat.who.key,
        "is_personal": int(chat.is_personal),
        "is_private": int(chat.is_private),
        "is_gone": int(chat.is_gone),
        "cursor": chat.cursor,
        "at": stamp(now),
        "who": chat.who.model_dump_json(),
        "address": json.dumps(chat.address),
    }


def _chat(row: RowMapping | Mapping[str, Any]) -> Chat:
    return Chat(
        conversation=row["conversation"],
        platform=row["platform"],
        place=row["place"],
        who=Person.model_validate_json(row["who"]),
        address=json.loads(row["address"]),
        is_personal=bool(row["is_personal"]),
        is_private=bool(row["is_private"]),
        is_gone=bool(row["is_gone"]),
        cursor=row["cursor"],
    )
