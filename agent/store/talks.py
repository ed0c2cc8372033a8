"""Conversations, and everything that was said on them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from pydantic import JsonValue
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from agent.conversation import Conversation
from agent.events import Incoming
from agent.store.connected import Connected, stamp
from agent.store.tables import conversations, received, said

Source = Literal["person", "turn", "work"]
TITLE_CHARACTERS = 80


class Moved(Exception):
    """The conversation changed since it was read: what was made of it may not be kept. Read it again."""


class Answered(Exception):
    """The message has had its answer: what was made of it again may not be kept."""


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

    def logged(
        self, conversation: str, *, after: int, most: int = 500, source: Source | None = None
    ) -> tuple[Logged, ...]:
        """What was said after that number, in order; by everybody, or from that source alone."""
        wanted = (
            select(said.c.seq, said.c.turn, said.c.source, said.c.document)
            .where(said.c.conversation == conversation, said.c.seq > after)
            .order_by(said.c.seq)
            .limit(most)
        )
        rows = self._db.execute(wanted if source is None else wanted.where(said.c.source == source))
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

    def open_conversation(self, conversation: str, person: str, *, now: datetime) -> None:
        """An empty conversation of this person's; nothing where it exists."""
        talk = Conversation(id=conversation)
        self.keep_conversation(talk, now=now, owner=person)

    def receive(self, incoming: Incoming, said_as: Mapping[str, JsonValue], *, now: datetime) -> bool:
        """Keeps a message before it is answered, and that it was said. False, nothing kept, for a repeat.

        Its conversation must be kept. Answered ones are remembered for a day.
        """
        client_id = incoming.client_id or ""
        row = {
            "conversation": incoming.conversation, "client_id": client_id, "at": stamp(now), "is_answered": 0,
            "document": incoming.model_dump_json(),
        }  # fmt: skip
        if not self._insert_once(received, row):
            return False
        old = (received.c.at < stamp(now - timedelta(days=1))) & (received.c.is_answered == 1)
        self._db.execute(delete(received).where(old))
        untitled = (conversations.c.id == incoming.conversation) & (conversations.c.title == "")
        self._db.execute(update(conversations).where(untitled).values(title=(incoming.text or "")[:TITLE_CHARACTERS]))
        self.log(incoming.conversation, [said_as], source="person", now=now)
        return True

    def is_answered(self, incoming: Incoming) -> bool:
        """Whether another process, or an earlier try, has answered this very message."""
        if incoming.client_id is None:
            return False
        mine = (received.c.conversation == incoming.conversation) & (received.c.client_id == incoming.client_id)
        return bool(self._db.execute(select(received.c.is_answered).where(mine)).scalar())

    def answered(self, incoming: Incoming) -> None:
        """Notes that this message has its answer."""
        if incoming.client_id is not None:
            mine = (received.c.conversation == incoming.conversation) & (received.c.client_id == incoming.client_id)
            self._db.execute(update(received).where(mine).values(is_answered=1))

    def unanswered(self) -> tuple[tuple[Incoming, str], ...]:
        """What was taken in and has no answer, with when (UTC), the oldest first."""
        rows = self._db.execute(
            select(received.c.document, received.c.at).where(received.c.is_answered == 0).order_by(received.c.at)
        )
        return tuple((Incoming.model_validate_json(row.document), row.at) for row in rows)
