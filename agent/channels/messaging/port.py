"""Between the shared room and a platform: what passes, and what each side does for the other.

A platform verifies who sent what (a `Person` whose `issuer` begins with the platform's name, "teams:TENANT", and whose
`id` is the platform's own), makes an `Arrival` of it and hands it to `ChatRoom.take_in`; it answers its service with
what `Receipt` says. `Cards` is pure: a value below to what the platform's client shows. `Platform` writes: it
tries once, and raises `Undeliverable` with why; waiting, repeating and pacing are the room's.
"""

from dataclasses import dataclass
from typing import Literal, Protocol

from pydantic import BaseModel, ConfigDict, JsonValue

from agent.channels.messaging.showings import (
    Asked,
    Card,
    CardButton,
    Click,
    Decided,
    Digest,
    DigestLine,
    Json,
    Link,
    Notice,
    Remark,
    RunLine,
    Said,
    Showing,
    ShownFile,
    ShownPlan,
    ShownProgress,
    ShownResult,
    ShownTable,
    Verb,
)
from agent.events import Command
from agent.wording import phrase
from plugins.domain.plan import Person

__all__ = [
    "Address",
    "Arrival",
    "Asked",
    "Card",
    "CardButton",
    "Cards",
    "ChatPlace",
    "ChatRoom",
    "Click",
    "Decided",
    "Digest",
    "DigestLine",
    "Json",
    "Link",
    "Notice",
    "Pace",
    "Platform",
    "PlatformName",
    "Receipt",
    "Remark",
    "RoomCommand",
    "RunLine",
    "Said",
    "Seat",
    "Showing",
    "ShownFile",
    "ShownPlan",
    "ShownProgress",
    "ShownResult",
    "ShownTable",
    "Undeliverable",
    "UndeliverableReason",
    "Verb",
    "retry_button",
]

PlatformName = Literal["teams", "slack"]


class ChatPlace(BaseModel):
    """Where people write: a personal chat, a thread of a channel, a group. `thread` is its root's id where it has one.

    `tenant` is the directory or workspace (Slack: team) that it belongs to.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    platform: PlatformName
    tenant: str
    id: str
    thread: str | None = None
    kind: Literal["personal", "group"]


class Address(BaseModel):
    """A place, and all that the platform needs to write there again; the newest one known is used."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    place: ChatPlace
    reference: dict[str, JsonValue]


class RoomCommand(BaseModel):
    """What is said about the room itself: `link` this identity with another channel's, or `notify` (`value`: what)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["link", "notify"]
    value: str | None = None


def retry_button(conversation: str) -> CardButton:
    """Says what anybody could type after a failure: it plans again, and that plan takes a yes of its own."""
    click = Click(verb="choose", conversation=conversation, slot="next", value=phrase("cards.next.say_retry"))
    return CardButton(phrase("cards.next.retry"), click)


@dataclass(frozen=True)
class Arrival:
    """One message, click or command as a platform verified it: exactly one of `text`, `click` and `command`.

    `client_id` is the platform's own id for it, the same when it is delivered again. `message_id` is the message that
    was clicked on. With `private` the answer is for this person's eyes only (a slash command in a channel).
    """

    client_id: str
    address: Address
    person: Person
    text: str | None = None
    click: Click | None = None
    command: Command | RoomCommand | None = None
    message_id: str | None = None
    private: bool = False


@dataclass(frozen=True)
class Receipt:
    """What became of an arrival: `fresh` is False for a repeat. `card`, where there is one, takes the clicked card's
    place at once (Teams answers its invoke with it); `private` is for the clicker alone. The room sends neither again.
    """

    fresh: bool
    card: Card | None = None
    private: Card | None = None


UndeliverableReason = Literal[
    "not_installed", "not_found", "archived", "too_large", "forbidden", "throttled", "unavailable"
]


class Undeliverable(Exception):
    """The platform did not take it. `throttled` and `unavailable` may be tried again, after `retry_after_seconds` where
    the platform named it; the others are for good, for this place.
    """

    def __init__(
        self, reason: UndeliverableReason, *, retry_after_seconds: float | None = None, everywhere: bool = False
    ) -> None:
        """`everywhere` when the wait holds for the whole platform and not for this place alone."""
        super().__init__(reason)
        self.reason: UndeliverableReason = reason
        self.retry_after_seconds = retry_after_seconds
        self.everywhere = everywhere

    @property
    def permanent(self) -> bool:
        return self.reason not in ("throttled", "unavailable")


@dataclass(frozen=True)
class Pace:
    """How often a platform lets us write: `posts` and `edits` so many within so many seconds, in one place and in all.

    `edit_seconds` is the least time between two edits of one message. With `is_by_channel` all threads of a place count
    together.
    """

    place_posts: tuple[int, float]
    all_posts: tuple[int, float]
    place_edits: tuple[int, float]
    all_edits: tuple[int, float]
    edit_seconds: float = 2.0
    is_by_channel: bool = False


class Platform(Protocol):
    """One chat platform, to write to. Each call is one try; each raises Undeliverable."""

    @property
    def name(self) -> PlatformName: ...
    @property
    def pace(self) -> Pace: ...

    async def post(self, address: Address, card: Card, *, once: str) -> str:
        """A new message there; gives its id. `once` is the same when the room repeats a call whose end it never saw: a
        platform that can tell a repeat (Slack's `client_msg_id`) passes it on.
        """
        ...

    async def edit(self, address: Address, message_id: str, card: Card) -> None: ...

    async def post_private(self, address: Address, person_id: str, card: Card) -> str:
        """As only that person sees it there (targeted, ephemeral); gives its id, empty where it has none."""
        ...

    async def personal_address(self, person_id: str, tenant: str) -> Address:
        """Their personal chat, opened if need be; `not_installed` where it cannot be."""
        ...

    async def person(self, person_id: str, tenant: str) -> Person | None:
        """Who that is, with the roles that they have now; None for whoever may not speak to us."""
        ...


class Cards(Protocol):
    """Pure: a value to a card of one platform, within its limits: what is too large is paged or linked."""

    def card(self, showing: Showing) -> Card: ...


@dataclass(frozen=True)
class Seat:
    """A platform in the room. `tenant` is the one that people are looked up in by their id alone; `approvals` is where
    approvers are asked, where there is such a place, and `approvals_label` what people call it ("#approvals").
    """

    platform: Platform
    cards: Cards
    tenant: str
    approvals: Address | None = None
    approvals_label: str = ""


class ChatRoom(Protocol):
    """The shared room, as a platform knows it."""

    async def take_in(self, arrival: Arrival) -> Receipt:
        """Keeps it, once for each `client_id`, and has it answered later. After that it is safe to acknowledge."""
        ...

    async def view(self, address: Address, person: Person, plan_id: str) -> Card:
        """That plan as this person sees it there now: what a refresh answers, at once and always with a card."""
        ...

    async def met(self, address: Address, person: Person | None) -> None:
        """The app was installed there, or somebody opened their personal chat: the address is kept."""
        ...

    async def gone(self, place: ChatPlace) -> None:
        """The app was removed there: nothing is sent there until it is met again."""
        ...
