"""What cards are made of: the values that a platform's `Cards` turns into what its client shows, and their buttons.

Every button is a `Click`. A card carries its fields as they are and gets them back as they were; nobody need trust
them: rights, digests and conversations are looked at again when it comes back.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, JsonValue

from agent.events import Error, File, PlanProposed, Question, Result, Table

Json = Mapping[str, JsonValue]

Card = Mapping[str, JsonValue]
"""What `Platform.post` takes, as `Cards` made it: JSON that can be kept and sent after a restart."""

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
    "rate",  # slot: a turn; value: "good" or "bad", what somebody thinks of its answer
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
    """A reply in words: Markdown as `agent.wording` makes it (bold, lists, code, links).

    `rating` is the click by which somebody says what they think of it, but for its value; a platform with buttons for
    that shows them.
    """

    text: str
    buttons: tuple[CardButton, ...] = ()
    links: tuple[Link, ...] = ()
    rating: Click | None = None


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
    """One workspace of what is under way; `ended` says in words how it is over, `is_bad` that it is so badly.

    While several are planned there is one line, without a name: its text says which was planned last.
    """

    deployment_id: str
    workspace_name: str
    step: str
    text: str
    done: int
    total: int
    elapsed_s: float
    ended: str | None = None
    is_bad: bool = False


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
