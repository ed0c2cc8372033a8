"""Keeping what arrives: the place's newest address, the conversation, and the message, once; all in one transaction."""

from collections import OrderedDict
from datetime import datetime

from agent.channels.messaging.binding import chat_of
from agent.channels.messaging.port import Arrival, RoomCommand
from agent.channels.turn_inbox import Accepted
from agent.events import Incoming
from agent.store.chats import Chat
from agent.store.conversations import OF_CHATS
from agent.store.records import Records

_MOST_WORDS = 3
_MOST_REMEMBERED = 10_000
"""Conversations whose kept state is remembered, so that nothing is written anew that is written already."""


def client_id_of(arrival: Arrival) -> str:
    """The message's id among all that are taken in; of a chat platform's one can tell by it whose it is."""
    return f"{OF_CHATS}{arrival.address.place.platform}:{arrival.client_id}"


def room_command_in(text: str | None) -> RoomCommand | None:
    """The command about the room that somebody typed, where it is all that they typed."""
    words = (text or "").casefold().split()
    if words == ["link"]:
        return RoomCommand(kind="link")
    if words[:1] == ["notify"] and len(words) <= _MOST_WORDS:
        return RoomCommand(kind="notify", value=" ".join(words[1:]))
    return None


class Intake:
    def __init__(self) -> None:
        self._kept: OrderedDict[str, Chat] = OrderedDict()
        self._begun: OrderedDict[str, None] = OrderedDict()
        self._welcomed: OrderedDict[str, None] = OrderedDict()

    def keep_place(self, records: Records, arrival: Arrival, *, now: datetime) -> Chat:
        """Keeps where this person writes, as the platform gave it last; nothing is written where it is the same."""
        chat = chat_of(arrival.address, arrival.person, private=arrival.private)
        if self._kept.get(chat.conversation) != chat:
            records.keep_chat(chat, now=now)
        if chat.who.key not in self._welcomed:
            records.welcome(chat.who.key, now=now)
        return chat

    def keep(self, records: Records, incoming: Incoming, *, now: datetime) -> bool:
        """Keeps what is to be answered, and begins its conversation where it is new; False for a repeat."""
        said = Accepted(incoming, incoming.client_id or "", now).as_json()
        owner, title = incoming.person.key, incoming.text or ""
        if incoming.conversation not in self._begun and records.receive_first(
            incoming, said, owner=owner, title=title, now=now
        ):
            return True
        return records.receive(incoming, said, now=now)

    def remember(self, chat: Chat, begun: str | None = None) -> None:
        """After the transaction: what was rolled back must be written again. `begun` is a conversation that exists."""
        self._kept[chat.conversation] = chat
        self._welcomed[chat.who.key] = None
        if begun is not None:
            self._begun[begun] = None
        for known in (self._kept, self._begun, self._welcomed):
            while len(known) > _MOST_REMEMBERED:
                known.popitem(last=False)

    def forget(self, conversation: str) -> None:
        self._kept.pop(conversation, None)
