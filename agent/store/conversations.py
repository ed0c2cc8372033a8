"""Conversations, and everything that was said on them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from pydantic import JsonValue
from sqlalchemy import case, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from agent.dialogue.state import Conversation
from agent.events import Event, Incoming
from agent.store.connection import QueryGroup, number_given, stamp, text_given
from agent.store.tables import conversations, deployments, feedback, received, said

Source = Literal["person", "turn", "work"]
TITLE_CHARACTERS = 80
OF_CHATS = "chat:"
"""How the ids of messages begin that a chat platform's room took in, and that it alone answers."""


class ConversationChanged(Exception):
    """The conversation changed since it was read: what was made of it may not be kept. Read it again."""


class AlreadyAnswered(Exception):
    """The message has had its answer: what was made of it again may not be kept."""


@dataclass(frozen=True)
class LoggedEvent:
    """One event as it was kept: its number on this conversation, from 1, and its JSON."""

    seq: int
    turn: int
    source: Source
    document: str

    @property
    def event(self) -> Mapping[str, JsonValue]:
        return json.loads(self.document)


@dataclass(frozen=True)
class ConversationSummary:
    """A conversation in a list, with the workspace that it was about last (None for none) and what became of it."""

    id: str
    title: str
    updated_at: str
    workspace: str | None = None
    status: str | None = None


# Every turn runs these: built once, since building a statement costs more than running it (measured 2026-11-25).
_ID = conversations.c.id == text_given("of")
_CONVERSATION = select(conversations.c.document, conversations.c.version).where(_ID)
_OWNER = select(conversations.c.owner).where(_ID, conversations.c.deleted_at.is_(None))
MORE_SAID = (
    update(conversations)
    .where(_ID)
    .values(
        last_seq=conversations.c.last_seq + number_given("more"),
        updated_at=case(
            (conversations.c.updated_at < text_given("now"), text_given("now")), else_=conversations.c.updated_at
        ),
    )
)
_ADD = MORE_SAID.returning(conversations.c.last_seq)
_UNOWNED = conversations.c.owner == ""
_KEEP = (
    MORE_SAID.where(conversations.c.version == number_given("was"))
    .values(
        version=number_given("is"),
        document=text_given("whole"),
        owner=case((_UNOWNED, text_given("owned")), else_=conversations.c.owner),
        title=case((_UNOWNED & (text_given("owned") != ""), text_given("titled")), else_=conversations.c.title),
    )
    .returning(conversations.c.last_seq)
)
_BEGIN = insert(conversations)
SAY = insert(said)
_MOVED = select(conversations.c.id, conversations.c.last_seq).where(conversations.c.updated_at >= text_given("at"))
_SAID = (
    select(said.c.seq, said.c.turn, said.c.source, said.c.document)
    .where(said.c.conversation == text_given("of"), said.c.seq > number_given("after"))
    .order_by(said.c.seq)
    .limit(number_given("most"))
)
_SAID_BY = _SAID.where(said.c.source == text_given("by"))
_MINE = (received.c.conversation == text_given("of")) & (received.c.client_id == text_given("message"))
_IS_ANSWERED = select(received.c.is_answered).where(_MINE)
_ANSWERED = update(received).where(_MINE).values(is_answered=1, place=None)


class ConversationQueries(QueryGroup):
    def conversation(self, conversation_id: str) -> Conversation:
        """The conversation of that id, a fresh one (version 0) when it is new."""
        row = self._run(_CONVERSATION, {"of": conversation_id}).one_or_none()
        if row is None:
            return Conversation(id=conversation_id)
        return Conversation.model_validate_json(row.document).with_(version=row.version)

    def keep_conversation(
        self,
        conversation: Conversation,
        *,
        now: datetime,
        owner: str = "",
        title: str = "",
        saying: Sequence[Event] = (),
    ) -> int:
        """Keeps the conversation as changed from the version it was read in, with what its turn says; gives the number
        of the last event. Raises ConversationChanged when it is not in that version any more.

        `owner` and `title` are taken from the first message and stay.
        """
        at, title = stamp(now), title[:TITLE_CHARACTERS]
        document = conversation.model_dump_json(exclude={"version"})
        if conversation.version == 0:
            first = {
                "id": conversation.id,
                "owner": owner,
                "title": title,
                "version": 1,
                "last_seq": len(saying),
                "updated_at": at,
                "document": document,
            }
            try:
                self._run(_BEGIN, first)
            except IntegrityError as error:
                raise ConversationChanged from error
            last = len(saying)
        else:
            values = {
                "of": conversation.id,
                "was": conversation.version,
                "is": conversation.version + 1,
                "whole": document,
                "now": at,
                "more": len(saying),
                "owned": owner,
                "titled": title,
            }
            last_seq = self._run(_KEEP, values).scalar_one_or_none()
            if last_seq is None:
                raise ConversationChanged
            last = last_seq
        self._say(conversation.id, saying, last=last, source="turn", at=at)
        return last

    def owner_of(self, conversation: str) -> str | None:
        """Who wrote its first message; None when nobody did yet, or they have deleted it."""
        return self._db.execute(_OWNER, {"of": conversation}).scalar() or None

    def conversations_of(
        self, person: str, *, most: int = 200, among: frozenset[str] | None = None
    ) -> tuple[ConversationSummary, ...]:
        """The latest first; `among` are the ids that are meant, None for all."""
        mine = (conversations.c.owner == person) & conversations.c.deleted_at.is_(None)
        if among is not None:
            mine &= conversations.c.id.in_(among)
        rows = self._db.execute(
            select(conversations.c.id, conversations.c.title, conversations.c.updated_at)
            .where(mine)
            .order_by(conversations.c.updated_at.desc())
            .limit(most)
        ).all()
        latest = self._latest_workspaces({row.id for row in rows})
        return tuple(
            ConversationSummary(row.id, row.title, row.updated_at, *latest.get(row.id, (None, None))) for row in rows
        )

    def _latest_workspaces(self, ids: set[str]) -> dict[str, tuple[str, str]]:
        rows = self._db.execute(
            select(deployments.c.conversation, deployments.c.workspace_name, deployments.c.status)
            .where(deployments.c.conversation.in_(ids))
            .order_by(deployments.c.number)
        )
        return {row.conversation: (row.workspace_name, row.status) for row in rows}

    def conversations_with(self, person: str, text: str) -> tuple[ConversationSummary, ...]:
        """Those of this person in whose title, or in which, that text occurs, whatever its case."""
        sought = text.casefold()
        everywhere = self.conversations_of(person)
        wanted = {one.id for one in everywhere if sought in one.title.casefold()}
        rows = self._db.execute(
            select(said.c.conversation, said.c.document).where(
                said.c.conversation.in_({one.id for one in everywhere} - wanted),
                said.c.source.in_(("person", "turn")),
            )
        )
        wanted |= {row.conversation for row in rows if sought in str(json.loads(row.document).get("text")).casefold()}
        return tuple(one for one in everywhere if one.id in wanted)

    def rename_conversation(self, conversation: str, title: str) -> None:
        self._db.execute(update(conversations).where(_ID).values(title=title[:TITLE_CHARACTERS]), {"of": conversation})

    def delete_conversation(self, conversation: str, *, now: datetime) -> None:
        """Drops what was said there, and what people thought of it. Plans, deployments and the audit stay, and so does
        the bare row: what was ordered there still has a place to tell what became of it.
        """
        bare = Conversation(id=conversation, turn=self.conversation(conversation).turn)
        values = {
            "title": "",
            "deleted_at": stamp(now),
            "document": bare.model_dump_json(exclude={"version"}),
            "version": conversations.c.version + 1,
        }
        self._db.execute(update(conversations).where(_ID).values(values), {"of": conversation})
        self._db.execute(delete(said).where(said.c.conversation == conversation))
        self._db.execute(delete(received).where(received.c.conversation == conversation))
        self._db.execute(delete(feedback).where(feedback.c.conversation == conversation))

    def log(
        self,
        conversation: str,
        events: Sequence[Event],
        *,
        source: Source,
        now: datetime,
        texts: Sequence[str] | None = None,
    ) -> int:
        """Adds these to what was said on a kept conversation; gives the number of the last one. `texts` are the events
        as text, where the caller has them.
        """
        values = {"of": conversation, "more": len(events), "now": stamp(now)}
        last = self._run(_ADD, values).scalar_one()
        self._say(conversation, events, texts, last=last, source=source, at=stamp(now))
        return last

    def _say(
        self,
        conversation: str,
        events: Sequence[Event],
        texts: Sequence[str] | None = None,
        *,
        last: int,
        source: Source,
        at: str,
    ) -> None:
        documents = texts or [event.as_text() for event in events]
        rows = [
            said_row(conversation, seq, event.turn, document, source=source, at=at)
            for seq, (event, document) in enumerate(zip(events, documents, strict=True), last - len(events) + 1)
        ]
        self._run_all(SAY, rows)

    def logged(
        self, conversation: str, *, after: int, most: int = 500, source: Source | None = None
    ) -> tuple[LoggedEvent, ...]:
        """What was said after that number, in order; by everybody, or from that source alone."""
        values = {"of": conversation, "after": after, "most": most}
        rows = self._run(_SAID, values) if source is None else self._run(_SAID_BY, {**values, "by": source})
        return tuple(LoggedEvent(row.seq, row.turn, row.source, row.document) for row in rows)

    def of_turn(self, conversation: str, turn: int) -> tuple[LoggedEvent, ...]:
        """Everything that was said in one turn, in order."""
        rows = self._db.execute(
            select(said.c.seq, said.c.turn, said.c.source, said.c.document)
            .where(said.c.conversation == conversation, said.c.turn == turn)
            .order_by(said.c.seq)
        )
        return tuple(LoggedEvent(row.seq, row.turn, row.source, row.document) for row in rows)

    def news_of(self, person: str, *, most: int = 20) -> tuple[Mapping[str, JsonValue], ...]:
        """What work behind this person's conversations told since they were last answered anywhere, oldest first."""
        theirs = select(conversations.c.id).where(conversations.c.owner == person, conversations.c.deleted_at.is_(None))
        among = said.c.conversation.in_(theirs)
        turn = said.alias()
        # A run that a turn waits for ends before the turn does: within a conversation the number tells, not the time.
        last = select(func.max(turn.c.seq)).where(turn.c.conversation == said.c.conversation, turn.c.source == "turn")
        answered = select(func.max(said.c.at)).where(among, said.c.source == "turn")
        newest = (
            select(said.c.document)
            .where(
                among,
                said.c.source == "work",
                said.c.seq > last.scalar_subquery(),
                said.c.at >= answered.scalar_subquery(),
            )
            .order_by(said.c.at.desc(), said.c.seq.desc())
            .limit(most)
        )
        return tuple(json.loads(row.document) for row in reversed(self._db.execute(newest).all()))

    def moved_since(self, at: datetime) -> dict[str, int]:
        """The conversations that something was said on since then, with the number of their last event."""
        # By place, not by name, which takes longer: in a rush there are tens of thousands.
        return {row[0]: row[1] for row in self._run(_MOVED, {"at": stamp(at)})}

    def open_conversation(self, conversation: str, person: str, *, now: datetime) -> None:
        """An empty conversation of this person's; nothing where it exists."""
        empty = Conversation(id=conversation)
        self.keep_conversation(empty, now=now, owner=person)

    def has_received(self, conversation: str, client_id: str) -> bool:
        """Whether that message was taken in already, answered or not."""
        mine = {"of": conversation, "message": client_id}
        return self._run(_IS_ANSWERED, mine).scalar() is not None

    def forget_received(self, before: datetime) -> None:
        """Messages that were answered are remembered until then, so that a repeat is known as one."""
        old = (received.c.at < stamp(before)) & (received.c.is_answered == 1)
        self._db.execute(delete(received).where(old))

    def is_answered(self, incoming: Incoming) -> bool:
        """Whether another process, or an earlier try, has answered this very message."""
        if incoming.client_id is None:
            return False
        mine = {"of": incoming.conversation, "message": incoming.client_id}
        return bool(self._run(_IS_ANSWERED, mine).scalar())

    def answered(self, incoming: Incoming) -> None:
        """Notes that this message has its answer."""
        if incoming.client_id is not None:
            self._run(_ANSWERED, {"of": incoming.conversation, "message": incoming.client_id})

    def unanswered(self, *, of_chats: bool = False) -> tuple[tuple[Incoming, str], ...]:
        """What was taken in by pages, or by chat platforms, and has no answer, with when (UTC), the oldest first."""
        by_chats = received.c.client_id.startswith(OF_CHATS)
        theirs = by_chats if of_chats else ~by_chats
        rows = self._db.execute(
            select(received.c.document, received.c.at)
            .where(received.c.is_answered == 0, theirs)
            .order_by(received.c.at)
        )
        return tuple((Incoming.model_validate_json(row.document), row.at) for row in rows)


def said_row(conversation: str, seq: int, turn: int, document: str, *, source: Source, at: str) -> dict[str, object]:
    """The row of one event; `document` is its JSON."""
    return {
        "conversation": conversation,
        "seq": seq,
        "turn": turn,
        "source": source,
        "at": at,
        "document": document,
    }
