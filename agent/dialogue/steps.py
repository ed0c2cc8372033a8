"""What a message comes to: the closed union of steps that `advance` chooses from and a turn carries out. Values."""

from dataclasses import dataclass
from typing import Literal

from agent.dialogue.drafts import OpenSlot
from plugins.domain.portfolio import MoneyQuestion, Period, Selection
from plugins.domain.request import InfrastructureRequest
from plugins.domain.understanding import Act, Doubt, Ending, Statement


@dataclass(frozen=True)
class Ask:
    slots: tuple[OpenSlot, ...]
    purpose: Act = "provision"


@dataclass(frozen=True)
class Propose:
    """Everything needed is said: decide, price, check and plan the drafts."""


@dataclass(frozen=True)
class ChangeDeployed:
    """Change a deployed workspace as the statement says, with its present request as the ground."""

    workspace: str
    statement: Statement
    doubts: tuple[Doubt, ...] = ()
    unused: tuple[str, ...] = ()


@dataclass(frozen=True)
class ChangeSeveral:
    """Change several deployed workspaces in one plan: each as it says, or all that are chosen alike."""

    changes: tuple[ChangeDeployed, ...]
    selection: Selection | None = None


@dataclass(frozen=True)
class UndoDeployed:
    """Take back the last change of a deployed workspace: a change of its own, to what it was before."""

    workspace: str


@dataclass(frozen=True)
class About:
    """An act upon, or a question about, a workspace by name; None means the pending plan or what is drafted.

    Of an `extend`: `days` and how they count (`ending`), or that the end goes (`removes`); `is_agreed` when the days
    answer the question for them, and `doubt` is what was said of them that leads to no day. Of one of several
    nothing is asked back: each answer would be for another one.
    """

    act: Literal["status", "export", "destroy", "extend", "history", "cost"]
    workspace: str | None
    days: int | None = None
    ending: Ending = "later"
    removes: bool = False
    is_agreed: bool = False
    doubt: Doubt | None = None
    is_one_of_several: bool = False


@dataclass(frozen=True)
class AboutSeveral:
    """The same act upon several: upon each that is named, or, as `each[0]` says it, upon all that are chosen."""

    each: tuple[About, ...]
    selection: Selection | None = None


@dataclass(frozen=True)
class Spend:
    """What is asked of the money of what stands; with `in_hand` of the drafts or the plan that are."""

    question: MoneyQuestion
    selection: Selection
    in_hand: bool = False


@dataclass(frozen=True)
class WhyFailed:
    """What went wrong: with that workspace, or last."""

    workspace: str | None


@dataclass(frozen=True)
class WhoDecides:
    """Whose yes it takes: for what waits, else by the rules."""


@dataclass(frozen=True)
class OfTheTalk:
    """A question of the talk itself: what is open in it, what a yes would do, whether it is real, how long it takes,
    where the figures are from, all of the plan, the house rules, which regions there are, or what a word (`word`, as
    the glossary has it) means.
    """

    about: Literal["open", "yes", "real", "duration", "sources", "details", "policy", "places", "term"]
    word: str = ""
    workspace: str | None = None


@dataclass(frozen=True)
class InSight:
    """A question of what is in sight, the plan that waits or the workspace last spoken of, or of the one that is named:
    who may see it, what is otherwise than it was, what is in it, where it is opened, when it ends, what failed of late,
    and how it could be more powerful.
    """

    about: Literal["visible", "different", "contents", "address", "end", "failures", "bigger"]
    workspace: str | None = None


@dataclass(frozen=True)
class Pauses:
    """What runs in a workspace shall pause or go on: no act of ours, and what does stop it."""

    workspace: str | None


@dataclass(frozen=True)
class Price:
    """What these would cost, without touching the draft or the pending plan. `before` is what a what-if is compared
    with; with `workspace` it is that deployed one, and `statement` what would change of it.
    """

    requests: tuple[InfrastructureRequest, ...]
    before: tuple[InfrastructureRequest, ...] = ()
    workspace: str | None = None
    statement: Statement | None = None
    period: Period = "month"


@dataclass(frozen=True)
class SupposedOfMany:
    """What each of those that stand and are chosen would cost with that, and all of them; nothing is changed."""

    statement: Statement
    selection: Selection


@dataclass(frozen=True)
class SupposedEnd:
    """What it would come to if that workspace ended so many days later, or then; nothing is moved by asking."""

    workspace: str
    days: int
    ending: Ending = "later"


@dataclass(frozen=True)
class Rates:
    """What a DBU of these computes costs, of all where none is named; in a region, else the usual one."""

    computes: tuple[str, ...]
    region: str | None = None
    currency: str | None = None


@dataclass(frozen=True)
class Compare:
    """Ways to do it, for what the request says, or for a deployed workspace."""

    topic: tuple[str, ...]
    request: InfrastructureRequest
    workspace: str | None = None


@dataclass(frozen=True)
class CompareWorkspaces:
    """These, by their names, side by side; with `in_hand` what is in hand before them."""

    names: tuple[str, ...]
    in_hand: bool = False


@dataclass(frozen=True)
class Explain:
    """The reasons of a decision: of the named workspace, else of what is in hand."""

    topic: tuple[str, ...]
    workspace: str | None = None


@dataclass(frozen=True)
class ListDeployed:
    """Those of these; `within` are the names of those that were listed last, where the list is only to be narrowed."""

    selection: Selection
    within: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reject:
    """The person turns the pending plan down in words that the brain understood."""


@dataclass(frozen=True)
class Say:
    """A reply that needs nothing but its words: the name of a reply template. `topic` names what is out of scope."""

    reply: Literal[
        "greet",
        "help",
        "out_of_scope",
        "unclear",
        "reset",
        "nothing_to_undo",
        "nothing_to_change",
        "nothing_left",
        "which_change",
        "which_to_change",
    ]
    topic: tuple[str, ...] = ()


Step = (
    Ask
    | Propose
    | ChangeDeployed
    | ChangeSeveral
    | UndoDeployed
    | About
    | AboutSeveral
    | Price
    | Spend
    | Rates
    | SupposedEnd
    | SupposedOfMany
    | Compare
    | CompareWorkspaces
    | Explain
    | WhyFailed
    | WhoDecides
    | Pauses
    | OfTheTalk
    | InSight
    | ListDeployed
    | Reject
    | Say
)
