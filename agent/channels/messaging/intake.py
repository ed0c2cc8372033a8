"""Keeping what arrives, once: a text with where it was said, which begins its conversation when it is answered; a click
with the place's newest address.
"""

from datetime import datetime

from agent.channels.messaging.port import Arrival, RoomCommand
from agent.events import Incoming
from agent.store.arrivals import ArrivedMessage
from agent.store.chats import Chat
from agent.store.conversations import OF_CHATS
from agent.store.records import Records

_MOST_WORDS = 3


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


def keep_place(records: Records, chat: Chat, *, now: datetime) -> None:
    """Keeps where somebody is met, clicks or commands, as the platform gave it last."""
    records.keep_chat(chat, now=now)
    records.welcome(chat.who.key, now=now)


def keep_click(records: Records, incoming: Incoming, *, now: datetime) -> bool:
    """Keeps what is to be answered in a conversation that there is; False for a repeat."""
    (fresh,) = records.receive_all((ArrivedMessage(incoming, now),), known=())
    return fresh
