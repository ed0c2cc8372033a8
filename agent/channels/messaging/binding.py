"""Which conversation a person has in a place: one each in a personal chat, one a thread and person elsewhere.

So each person's drafts are their own wherever several write, and a repeat comes to the same conversation. The id is
made from place and person: two messages that arrive at once need not agree on it first.
"""

import hashlib

from agent.channels.messaging.port import Address, ChatPlace
from agent.store.chats import Chat
from plugins.domain.plan import Person


def conversation_of(place: ChatPlace, person: Person) -> str:
    whose = "\0".join((place.platform, place_text(place), person.key))
    return f"cnv_{hashlib.sha256(whose.encode()).hexdigest()[:24]}"


def place_text(place: ChatPlace) -> str:
    """The place among those of its platform."""
    return "|".join((place.tenant, place.id, place.thread or ""))


def channel_in(place: str) -> str:
    """Of a place's text: that of all its threads."""
    return place.rpartition("|")[0]


def chat_of(address: Address, person: Person, *, private: bool = False) -> Chat:
    """That person's conversation there, as it is kept."""
    place = address.place
    return Chat(
        conversation=conversation_of(place, person),
        platform=place.platform,
        place=place_text(place),
        who=person,
        address=address.model_dump(mode="json"),
        is_personal=place.kind == "personal",
        is_private=private,
    )


def address_of(chat: Chat) -> Address:
    """Where to write to it."""
    return Address.model_validate(chat.address)
