"""Taking in what people say: kept before it is answered, once each; many at a time in as few statements as one.

What pages take in is in its conversation at once. What chat platforms take in comes into it when its turn begins, with
the conversation itself and its place where these are new: nobody reads it there before, and thousands may wait.
"""

import json
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import String, bindparam, case, select, tuple_, update

from agent.dialogue.state import Conversation
from agent.events import Incoming
from agent.store.chats import Chat, ChatQueries, read_chat, written_chat
from agent.store.connection import QueryGroup, stamp
from agent.store.conversations import MORE_SAID, SAY, TITLE_CHARACTERS, said_row
from agent.store.tables import conversations, received


@dataclass(frozen=True)
class ArrivedMessage:
    """`at` is UTC. A conversation that is new is of whoever writes it."""

    incoming: Incoming
    at: datetime

    @property
    def title(self) -> str:
        return (self.incoming.text or "").replace("\0", "")[:TITLE_CHARACTERS]

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


_KEY = tuple_(received.c.conversation, received.c.client_id)
_BEGUN = (
    update(received)
    .where(_KEY.in_(bindparam("these", expanding=True)), received.c.is_answered == 0)
    .values(beginnings=received.c.beginnings + 1)
    .returning(received.c.conversation, received.c.client_id, received.c.at, received.c.beginnings, received.c.place)
)
_WAITS = (
    select(received.c.place).where(received.c.conversation == bindparam("of"), received.c.place.is_not(None)).limit(1)
)


class ArrivalQueries(QueryGroup):
    def receive(self, incoming: Incoming, *, now: datetime) -> bool:
        """Keeps a message before it is answered, and that it was said. False, nothing kept, for a repeat.

        Its conversation must be kept.
        """
        return self.receive_all((ArrivedMessage(incoming, now),), known={incoming.conversation})[0]

    def receive_all(self, arrived: Sequence[ArrivedMessage], *, known: Container[str]) -> tuple[bool, ...]:
        """The same for several, in their order. A conversation that is not `known` to be kept is begun where it is new.

        Raises KeyError for one that is `known`, and is not there.
        """
        fresh = self._received([_row(one) for one in arrived])
        self._said([one for one, is_fresh in zip(arrived, fresh, strict=True) if is_fresh], known=known)
        return fresh

    def take_in_all(self, placed: Sequence[tuple[ArrivedMessage, Chat]]) -> tuple[bool, ...]:
        """Keeps what is to be answered, each with where it was said, in their order; False for each that is a repeat.
        It comes into its conversation in `begin_all`.
        """
        return self._received([{**_row(one), "place": written_chat(chat, one.at)} for one, chat in placed])

    def begin_all(self, incomings: Sequence[Incoming]) -> tuple[int, ...]:
        """Counts that the turns of these messages begin, and gives how often each has: 0 where it is answered, or was
        never taken in. What begins for the first time comes into its conversation, if it is not in it yet.
        """
        keys = [(one.conversation, one.client_id or "") for one in incomings]
        rows = {(row.conversation, row.client_id): row for row in self._db.execute(_BEGUN, {"these": sorted(keys)})}
        unsaid = [
            (ArrivedMessage(one, datetime.fromisoformat(row.at)), row.place)
            for one, row in ((one, rows.get(key)) for one, key in zip(incomings, keys, strict=True))
            if row is not None and row.beginnings == 1 and row.place is not None
        ]
        if unsaid:
            ChatQueries(self._db).keep_written([place for _, place in unsaid])
            self._said([one for one, _ in unsaid], known=())
        return tuple(rows[key].beginnings if key in rows else 0 for key in keys)

    def chat_waiting(self, conversation: str) -> Chat | None:
        """Where that conversation is, by a message that was taken in on a chat platform and has no answer yet; None
        where none was.
        """
        place = self._db.execute(_WAITS, {"of": conversation}).scalar()
        return read_chat(place) if place is not None else None

    def _received(self, rows: Sequence[Mapping[str, object]]) -> tuple[bool, ...]:
        """Which of these messages are new."""
        columns = (received.c.conversation, received.c.client_id)
        new = {tuple(row) for row in self._insert_new(received, rows, *columns)}
        fresh: list[bool] = []
        for row in rows:
            key = (row["conversation"], row["client_id"])
            fresh.append(key in new)
            new.discard(key)  # the same twice at once is a repeat as well
        return tuple(fresh)

    def _said(self, arrived: Sequence[ArrivedMessage], *, known: Container[str]) -> None:
        """Puts these into their conversations, and begins those that are new."""
        spoken: _Spoken = {}
        for one in arrived:
            spoken.setdefault(one.incoming.conversation, []).append(one)
        begun = self._begun({name: ones for name, ones in spoken.items() if name not in known})
        lines = [line for name in begun for line in _lines(spoken.pop(name), after=0, turn=1)]
        lines += self._continued(spoken)
        self._run_all(SAY, lines)

    def _begun(self, spoken: _Spoken) -> tuple[str, ...]:
        """Begins those of these conversations that are new, and gives their ids."""
        # In one order, so that of two processes none waits for the other.
        rows = [_conversation(name, ones) for name, ones in sorted(spoken.items())]
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
        said_row(one.incoming.conversation, seq, turn, _said_event(one, turn), source="person", at=stamp(one.at))
        for seq, one in enumerate(ones, after + 1)
    ]


def _said_event(one: ArrivedMessage, turn: int) -> str:
    """The event `said`: what a person said, so that a page that is loaded later shows it, too."""
    incoming = one.incoming
    button, person = incoming.button, incoming.person
    event = {
        "type": "said",
        "conversation": incoming.conversation,
        "turn": turn,
        "text": incoming.text,
        "button": button.model_dump(mode="json") if button else None,
        "by": {"id": person.id, "name": person.name, "roles": list(person.roles)},
        "client_id": incoming.client_id,
        "at": one.at.isoformat(),
    }
    return json.dumps(event)


def _row(one: ArrivedMessage) -> dict[str, object]:
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
        "owner": ones[0].incoming.person.key,
        "title": ones[0].title,
        "version": 1,
        "last_seq": len(ones),
        "updated_at": stamp(ones[-1].at),
        "document": Conversation(id=name).model_dump_json(exclude={"version"}),
    }
