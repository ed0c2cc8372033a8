"""Between the shared room and a platform: what passes, and what each side does for the other.

A platform verifies who sent what (a `Person` whose `issuer` begins with the platform's name, "teams:TENANT", and whose
`id` is the platform's own), makes an `Arrival` of it and hands it to `ChatRoom.take_in`; it answers its service with
what `Receipt` says. `Cards` is pure: a value below to what the platform's client shows. `Platform` writes: it
tries once, and raises `Undeliverable` with why; waiting, repeating and pacing are the room's.

Every button of a card is a `Click`. A card carries its fields as they are and gets them back as they were; nobody need
trust them: rights, digests and conversations are looked at again when it comes back.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

from pydantic import BaseModel, ConfigDict, JsonValue

from agent.events import Command, Error, File, PlanProposed, Question, Result, Table
from plugins.domain.plan import Person

Json = Mapping[str, JsonValue]

Card = Mapping[str, JsonValue]
"""What `Platform.post` takes, as `Cards` made it: JSON that can be kept and sent after a restart."""

PlatformName = Literal["teams", "slack"]

Verb = Literal[
    "confirm",  # plan_id, digest; value: the typed name, where one is asked for; comment
    "reject",  # plan_id, digest; comment
    "decide",  # plan_id, digest: somebody opened the dialog to decide; the plan is theirs for a minute
    "choose",  # slot, value: a chip of a question, an alternative of a plan
    "answers",  # answers: several open questions at once
    "change",  # plan_id; comment: an approver asks the asker for a change
    "hand_over",  # plan_id; value: the id of the person it is handed to, on this platform
    "ask_again",  # plan_id: of a plan that nobody answered, at a fresh price
    "stop",  # value: workspace name; None for everything of this conversation
    "show",  # plan_id: this person's own view of it
    "share",  # value: what to show to everybody here (the id that `Notice.share` carries)
    "notify",  # value: one of `Notify`
]


class Click(BaseModel):
    """A button of ours that somebody pressed. `conversation` is the one that the card belongs to."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    verb: Verb
    conversation: str | None = None
    plan_id: str | None = None
    digest: str | None = None
    slot: str | None = None
    value: str | None = None
    comment: str | None = None
    answers: dict[str, str] = {}


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

    `edit_seconds` is the least time between two edits of one message.
    """

    place_posts: tuple[int, float]
    all_posts: tuple[int, float]
    place_edits: tuple[int, float]
    all_edits: tuple[int, float]
    edit_seconds: float = 2.0


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


@dataclass(frozen=True)
class Seat:
    """A platform in the room. `tenant` is the one that people are looked up in by their id alone; `approvals` is where
    approvers are asked, where there is such a place, and `approvals_label` what people call it ("#approvals").
    """

    platform: Platform
    cards: "Cards"
    tenant: str
    approvals: Address | None = None
    approvals_label: str = ""


# --- what cards are made of ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Link:
    label: str
    url: str


@dataclass(frozen=True)
class CardButton:
    """`style`: "primary" is the likely one, "danger" changes or ends something."""

    label: str
    click: Click
    style: Literal["plain", "primary", "danger"] = "plain"


@dataclass(frozen=True)
class Said:
    """A reply in words: Markdown as `agent.wording` makes it (bold, lists, code, links)."""

    text: str
    buttons: tuple[CardButton, ...] = ()
    links: tuple[Link, ...] = ()


@dataclass(frozen=True)
class Asked:
    """Open questions: chips for one, one form with a send button (`answers`) for several. `answered` maps a slot to the
    label that was picked: such a question shows its answer and no button.
    """

    question: Question
    answered: Mapping[str, str] = field(default_factory=dict[str, str])
    closed: bool = False

    @property
    def buttons(self) -> tuple[CardButton, ...]:
        """A chip for each likely answer of what is still open; the click's `slot` says of which question."""
        if self.closed:
            return ()
        conversation = self.question.conversation
        return tuple(
            CardButton(
                choice.label, Click(verb="choose", conversation=conversation, slot=asked.slot, value=choice.value)
            )
            for asked in self.question.questions
            if asked.slot not in self.answered
            for choice in asked.choices
        )


@dataclass(frozen=True)
class Decided:
    """What became of a plan, for good: no later card says otherwise. `where` is a platform or the web, in words."""

    status: Literal["approved", "rejected", "expired", "superseded"]
    by: str | None
    at: datetime
    where: str | None
    comment: str | None
    audit: Link | None


@dataclass(frozen=True)
class Remark:
    by: str
    text: str


@dataclass(frozen=True)
class ShownPlan:
    """A plan as one place sees it.

    `for_approvers`: where approvers are asked (it leads with who asks), else in the asker's conversation. `buttons` are
    all that may be pressed here, ready-made, the likely one first (verbs `confirm`, `reject`, `change`, `hand_over`,
    `choose` for an alternative, `ask_again`); a platform lays them out, asks for the typed name (`plan.confirm`) and a
    comment, and drops none. The base card is safe for everybody: `may_decide` lists those (ids on this platform) whose
    own view (`ChatRoom.view`) has more. `deciding` names who is at it ("Ana is deciding": no buttons); `decided` ends
    it. `reached` says in words who was asked; `lapse` that it is a reminder or an escalation. `viewer` is the id of the
    one person whose own view this is; None for the base card.
    """

    plan: PlanProposed
    asker: str
    for_approvers: bool
    buttons: tuple[CardButton, ...]
    viewer: str | None = None
    may_decide: tuple[str, ...] = ()
    deciding: str | None = None
    decided: Decided | None = None
    reached: str | None = None
    lapse: Literal["reminder", "escalation"] | None = None
    remarks: tuple[Remark, ...] = ()
    candidates: tuple[tuple[str, str], ...] = ()
    """Whom it may be handed over to: id on this platform, and name."""
    page: Link | None = None


@dataclass(frozen=True)
class RunLine:
    """One workspace of what is under way; `ended` is the status once it is over."""

    deployment_id: str
    workspace_name: str
    step: str
    text: str
    done: int
    total: int
    elapsed_s: float
    ended: str | None = None


@dataclass(frozen=True)
class ShownProgress:
    """What is under way, in one message that is edited: `ended` of `total` workspaces are over, `failed` of these
    badly. `lines` are all of a few, or the first that are under way. `stop` is shown while something can be stopped.
    """

    conversation: str
    title: str
    lines: tuple[RunLine, ...]
    ended: int
    failed: int
    total: int
    stop: CardButton | None


@dataclass(frozen=True)
class ShownResult:
    """How it ended, as a new message. `mention` is the id of the person to alert, on this platform."""

    result: Result
    workspace_name: str
    mention: str | None
    links: tuple[Link, ...] = ()


@dataclass(frozen=True)
class ShownTable:
    table: Table
    buttons: tuple[CardButton, ...] = ()


@dataclass(frozen=True)
class ShownFile:
    """`content` is in the event where it is small text; `link` leads to it on the web page otherwise."""

    file: File
    link: Link | None = None


@dataclass(frozen=True)
class DigestLine:
    text: str
    button: CardButton | None = None


@dataclass(frozen=True)
class Digest:
    """What waits, expires or drifted: one message a day. Sections are (title, lines), none empty."""

    title: str
    sections: tuple[tuple[str, tuple[DigestLine, ...]], ...]


@dataclass(frozen=True)
class Notice:
    """A word to somebody: to a click (stale, not theirs), a warning, a reminder. `share` shows it to everybody here."""

    text: str
    kind: Literal["plain", "warning", "refusal"] = "plain"
    buttons: tuple[CardButton, ...] = ()
    links: tuple[Link, ...] = ()
    share: Click | None = None


Showing = Said | Asked | ShownPlan | ShownProgress | ShownResult | ShownTable | ShownFile | Digest | Notice | Error
"""Everything that a card shows."""


class Cards(Protocol):
    """Pure: a value to a card of one platform, within its limits: what is too large is paged or linked."""

    def card(self, showing: Showing) -> Card: ...


# --- what a platform gets --------------------------------------------------------------------------------------------


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
