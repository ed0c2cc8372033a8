"""Conversations that leave the tables: which may, as what they are kept elsewhere, and their going.

Plans, approvals, workspaces and the audit stay: they say what was done, by whom, and with whose consent. What stays in
the tables of a conversation is nothing, or, where a chat platform's place leads to it, a row without a word.
"""

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, exists, or_, select, true, update

from agent.dialogue.state import Conversation
from agent.store.connection import QueryGroup, stamp
from agent.store.tables import chats, conversations, deployments, feedback, plans, received, runs, said

_OVER = ("destroyed", "rolled_back")


@dataclass(frozen=True)
class OldConversation:
    """`lines` are its JSON lines: the conversation, then every event; none for one that its owner has deleted.
    `first_seq` is the number of the first event that is in the tables, 0 when there is none.
    """

    conversation: str
    version: int
    first_seq: int
    last_seq: int
    updated_at: str
    turn: int
    lines: tuple[str, ...]


class ArchiveQueries(QueryGroup):
    def aged(self, before: datetime, *, most: int) -> tuple[str, ...]:
        """Conversations in which nothing was kept since then, and that nothing alive hangs on: no work under way, no
        plan that waits, no workspace that stands. The oldest first.
        """
        own = conversations.c.id
        rows = self._db.execute(
            select(own)
            .where(
                conversations.c.updated_at < stamp(before),
                or_(exists().where(said.c.conversation == own), ~exists().where(chats.c.conversation == own)),
                ~exists().where(runs.c.conversation == own, runs.c.ended_at.is_(None)),
                ~_is_waiting(own),
                ~exists().where(plans.c.conversation == own, plans.c.status.in_(("planning", "pending"))),
                ~exists().where(deployments.c.conversation == own, deployments.c.status.not_in(_OVER)),
            )
            .order_by(conversations.c.updated_at)
            .limit(most)
        )
        return tuple(rows.scalars())

    def old_conversation(self, conversation: str) -> OldConversation | None:
        """None where there is no such conversation any more."""
        row = self._db.execute(select(conversations).where(conversations.c.id == conversation)).one_or_none()
        if row is None:
            return None
        document = json.loads(row.document)
        head = {
            "conversation": row.id,
            "owner": row.owner,
            "title": row.title,
            "updated_at": row.updated_at,
            "document": document,
        }
        events = self._db.execute(select(said).where(said.c.conversation == conversation).order_by(said.c.seq)).all()
        told = [
            {
                "conversation": conversation,
                "seq": event.seq,
                "turn": event.turn,
                "source": event.source,
                "at": event.at,
                "document": json.loads(event.document),
            }
            for event in events
        ]
        lines = () if row.deleted_at else tuple(json.dumps(each, ensure_ascii=False) for each in (head, *told))
        first = events[0].seq if events else 0
        return OldConversation(conversation, row.version, first, row.last_seq, row.updated_at, document["turn"], lines)

    def needs_no_file(self, old: OldConversation) -> bool:
        """Whether all of it is still in the tables, or its owner has deleted it meanwhile."""
        own = conversations.c.id == old.conversation
        first = exists().where(said.c.conversation == conversations.c.id, said.c.seq == old.first_seq)
        is_whole = first if old.first_seq else true()
        kept = select(conversations.c.id).where(own, or_(conversations.c.deleted_at.is_not(None), is_whole))
        return self._db.execute(kept).scalar_one_or_none() is not None

    def drop_conversation(self, old: OldConversation) -> bool:
        """Takes it out of the tables; False, and nothing done, where it has gone on meanwhile."""
        own = conversations.c.id == old.conversation
        still = own & (conversations.c.version == old.version) & (conversations.c.last_seq == old.last_seq)
        still &= ~_is_waiting(conversations.c.id)
        bare = Conversation(id=old.conversation, turn=old.turn).model_dump_json(exclude={"version"})
        emptied = update(conversations).where(still).values(title="", document=bare, version=old.version + 1)
        if self._db.execute(emptied).rowcount != 1:
            return False
        for table in (said, received, feedback):
            self._db.execute(delete(table).where(table.c.conversation == old.conversation))
        self._db.execute(delete(conversations).where(own, ~exists().where(chats.c.conversation == old.conversation)))
        return True


def _is_waiting(conversation: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether a message of it was taken in and has no answer; it may not be in the conversation yet."""
    return exists().where(received.c.conversation == conversation, received.c.is_answered == 0)
