"""Taking in what people say: kept before it is answered, once each; many at a time in as few statements as one."""

import json
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import JsonValue
from sqlalchemy import String, bindparam, case, select

from agent.dialogue.state import Conversation
from agent.events import Incoming
from agent.store.connection import QueryGroup, stamp
from agent.store.conversations import MORE_SAID, SAY, TITLE_CHARACTERS, said_row
from agent.store.tables import conversations, received


@dataclass(frozen=True)
class ArrivedMessage:
    """`said` is the event that shows it, but for its turn. `owner` is whose its conversation is, where that is new."""

    incoming: Incoming
    said: Mapping[str, JsonValue]
    at: datetime
    owner: str = ""

    @property
    def title(self) -> str:
        return (self.incoming.text or "")[:TITLE_CHARACTERS]

    @property
    def key(self) -> tuple[str, str]:
        return self.incoming.conversation, self.incoming.client_id or ""


_Spoken = dict[str, list[ArrivedMessage]]
"""New messages by their conversation, in their order."""

# Every message runs these: built once, since building a statement costs more than running it.
_HEADS = (
    select(conversations.c.id, conversations.c.last_seq, conversations.c.document)
    .where(conversations.c.id.in_(bindparam("these", expanding=True)))
    .order_by(conversations.c.id)  # two processes lock them in one order
    .with_for_update()
)
_IS_UNTITLED = conversations.c.title == ""
_MORE_TITLED = MORE_SAID.values(
    title=case((_IS_UNTITLED, bindparam("titled", type_=String())), else_=conversations.c.title)
)


class ArrivalQueries(QueryGroup):
    def receive(self, incoming: Incoming, said_as: Mapping[str, JsonValue], *, now: datetime) -> bool:
        """Keeps a message before it is answered, and that it was said. False, nothing kept, for a repeat.

        Its conversation must be kept.
        """
        return self.receive_all((ArrivedMessage(incoming, said_as, now),), known={incoming.conversation})[0]

    def receive_all(self, arrived: Sequence[ArrivedMessage], *, known: Container[str]) -> tuple[bool, ...]:
        """The same for several, in their order. A conversation that is not `known` to be kept is begun where it is new.

        Raises KeyError for one that is `known`, and is not there.
        """
        columns = (received.c.conversation, received.c.client_id)
        new = {tuple(row) for row in self._insert_new(received, [_received(one) for one in arrived], *columns)}
        fresh: list[bool] = []
        spoken: _Spoken = {}
        for one in arrived:
            fresh.append(one.key in new)
            if fresh[-1]:
                new.discard(one.key)  # the same twice at once is a repeat as well
                spoken.setdefault(one.incoming.conversation, []).append(one)
        begun = self._begun({name: ones for name, ones in spoken.items() if name not in known})
        lines = [line for name in begun for line in _lines(spoken.pop(name), after=0, turn=1)]
        lines += self._continued(spoken)
        self._run_all(SAY, lines)
        return tuple(fresh)

    def _begun(self, spoken: _Spoken) -> tuple[str, ...]:
        """Begins those of these conversations that are new, and gives their ids."""
        rows = [_conversation(name, ones) for name, ones in spoken.items()]
        return tuple(str(row[0]) for row in self._insert_new(conversations, rows, conversations.c.id))

    def _continued(self, spoken: _Spoken) -> list[dict[str, object]]:
        """Counts what is new in conversations that are kept; gives its lines."""
        if not spoken:
            return []
        heads = {row.id: row for row in self._db.execute(_HEADS, {"these": sorted(spoken)})}
        lines: list[dict[str, object]] = []
        for name, ones in spoken.items():
            head = heads[name]
            lines += _lines(ones, after=head.last_seq, turn=int(json.loads(head.document)["turn"]) + 1)
        more = [
            {"of": name, "more": len(ones), "now": stamp(ones[-1].at), "titled": ones[0].title}
            for name, ones in sorted(spoken.items())
        ]
        self._run_all(_MORE_TITLED, more)
        return lines


def _lines(ones: Sequence[ArrivedMessage], *, after: int, turn: int) -> list[dict[str, object]]:
    return [
        said_row(one.incoming.conversation, seq, turn, _said(one, turn), source="person", at=stamp(one.at))
        for seq, one in enumerate(ones, after + 1)
    ]


def _said(one: ArrivedMessage, turn: int) -> str:
    return json.dumps({**one.said, "turn": turn}, ensure_ascii=False)


def _received(one: ArrivedMessage) -> dict[str, object]:
    """A message that was taken in and has no answer yet."""
    conversation, client_id = one.key
    return {
        "conversation": conversation,
        "client_id": client_id,
        "at": stamp(one.at),
        "is_answered": 0,
        "document": one.incoming.model_dump_json(),
    }


def _conversation(name: str, ones: Sequence[ArrivedMessage]) -> dict[str, object]:
    return {
        "id": name,
        "owner": ones[0].owner,
        "title": ones[0].title,
        "version": 1,
        "last_seq": len(ones),
        "updated_at": stamp(ones[-1].at),
        "document": Conversation(id=name).model_dump_json(exclude={"version"}),
    }
