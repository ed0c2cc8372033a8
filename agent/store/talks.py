"""Conversations, and everything that was said on them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from pydantic import JsonValue
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from agent.conversation import Conversation
from agent.store.connected import Connected, stamp
from agent.store.tables import conversations, received, said

Source = Literal["person", "turn", "work"]
TITLE_CHARACTERS = 80


class Moved(Exception):
    """The conversation changed since it was read: what was made of it may not be kept. Read it again."""


@dataclass(frozen=True)
class Logged:
    """One event as it was kept: its number on this conversation, from 1, and its JSON."""

    seq: int
    turn: int
    source: Source
    document: str

    @property
    def event(self) -> Mapping[str, JsonValue]:
        return json.loads(self.document)


@dataclass(frozen=True)
class Headline:
    """A conversation in a list."""

    id: str
    title: str
    updated_at: str


class Talks(Connected):
    def conversation(self, conversation_id: str) -> Conversation:
        """The conversation of that id, a fresh one (version 0) when it is new."""
        row = self._db.execute(
            select(conversations.c.document, conversations.c.version).where(conversations.c.id == conversation_id)
        ).one_or_none()
        if row is None:
            return Conversation(id=conversation_id)
        return Conversation.model_validate_json(row.document).with_(version=row.version)

    def keep_conversation(self, talk: Conversation, *, now: datetime, owner: str = "", title: str = "") -> None:
        """Keeps the conversation as changed from the version it was read in; raises Moved when it is not that any more.

        `owner` and `title` are taken from the first message and stay.
        """
        row = {
            "version": talk.version + 1,
            "updated_at": stamp(now),
            "document": talk.model_dump_json(exclude={"version"}),
        }
        if talk.version == 0:
            first = {**row, "id": talk.id, "owner": owner, "title": title[:TITLE_CHARACTERS], "last_seq": 0}
            try:
                self._db.execute(insert(conversations), first)
            except IntegrityError as error:
                raise Moved from error
            return
        kept = self._db.execute(
            update(conversations)
            .where(conversations.c.id == talk.id, conversations.c.version == talk.version)
            .values(**row)
        )
        if kept.rowcount != 1:
            raise Moved
        if owner:
            unowned = (conversations.c.id == talk.id) & (conversations.c.owner == "")
            self._db.execute(update(conversations).where(unowned).values(owner=owner, title=title[:TITLE_CHARACTERS]))

    def owner_of(self, conversation: str) -> str | None:
        """Who wrote its first message; None when nobody did yet."""
        found = self._db.execute(select(conversations.c.owner).where(conversations.c.id == conversation)).scalar()
        return found or None

    def conversations_of(self, person: str, *, most: int = 50) -> tuple[Headline, ...]:
        """The latest first."""
        rows = self._db.execute(
            select(conversations.c.id, conversations.c.title, conversations.c.updated_at)
            .where(conversations.c.owner == person)
            .order_by(conversations.c.updated_at.desc())
            .limit(most)
        )
        return tuple(Headline(row.id, row.title, row.updated_at) for row in rows)

    def log(
        self, conversation: str, documents: Sequence[Mapping[str, JsonValue]], *, source: Source, now: datetime
    ) -> int:
        """Adds these events to what was said on a kept conversation; gives the number of the last one."""
        last = self._db.execute(
            update(conversations)
            .where(conversations.c.id == conversation)
            .values(last_seq=conversations.c.last_seq + len(documents), updated_at=stamp(now))
            .returning(conversations.c.last_seq)
        ).scalar_one()
        first = last - len(documents) + 1
        rows = [
            {
                "conversation": conversation, "seq": seq, "turn": document["turn"], "source": source,
                "at": stamp(now), "document": json.dumps(document, ensure_ascii=False),
            }
            for seq, document in enumerate(documents, first)
        ]  # fmt: skip
        if rows:
            self._db.execute(insert(said), rows)
        return last

    def logged(self, conversation: str, *, after: int, most: int = 500) -> tuple[Logged, ...]:
        """What was said after that number, in order."""
        rows = self._db.execute(
            select(said.c.seq, said.c.turn, said.c.source, said.c.document)
            .where(said.c.conversation == conversation, said.c.seq > after)
            .order_by(said.c.seq)
            .limit(most)
        )
        return tuple(Logged(row.seq, row.turn, row.source, row.document) for row in rows)

    def last_seq(self, conversation: str) -> int:
        found = self._db.execute(select(conversations.c.last_seq).where(conversations.c.id == conversation)).scalar()
        return int(found or 0)

    def moved_since(self, at: datetime) -> dict[str, int]:
        """The conversations that something was said on since then, with the number of their last event."""
        rows = self._db.execute(
            select(conversations.c.id, conversations.c.last_seq).where(conversations.c.updated_at >= stamp(at))
        )
        return {row.id: row.last_seq for row in rows}

    def receive(self, client_id: str, *, now: datetime) -> bool:
        """True the first time that this message comes in, False for a repeat. Ids are remembered for a day."""
        known = self._db.execute(select(func.count()).select_from(received).where(received.c.client_id == client_id))
        if known.scalar_one():
            return False
        self._db.execute(delete(received).where(received.c.at < stamp(now - timedelta(days=1))))
        self._db.execute(insert(received), {"client_id": client_id, "at": stamp(now)})
        return True
