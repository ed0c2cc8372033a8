"""What a message comes to: the closed union of steps that `advance` chooses from and a turn carries out. Values."""

from dataclasses import dataclass
from typing import Literal

from agent.dialogue.drafts import OpenSlot
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
class About:
    """An act upon, or a question about, a workspace by name; None means the pending plan or what is drafted.

    Of an `extend`: `days` and how they count (`ending`), or that the end goes (`removes`); `is_agreed` when the days
    answer the question for them, and `doubt` is what was said of them that leads to no day.
    """

    act: Literal["status", "export", "destroy", "extend", "history", "cost"]
    workspace: str | None
    days: int | None = None
    ending: Ending = "later"
    removes: bool = False
    is_agreed: bool = False
    doubt: Doubt | None = None


@dataclass(frozen=True)
class Price:
    """What these would cost, without touching the draft or the pending plan. `before` is what a what-if is compared
    with; with `workspace` it is that deployed one, and `statement` what would change of it.
    """

    requests: tuple[InfrastructureRequest, ...]
    before: tuple[InfrastructureRequest, ...] = ()
    workspace: str | None = None
    statement: Statement | None = None


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
class Explain:
    """The reasons of a decision: of the named workspace, else of what is in hand."""

    topic: tuple[str, ...]
    workspace: str | None = None


@dataclass(frozen=True)
class ListDeployed:
    environment: str | None


@dataclass(frozen=True)
class Reject:
    """The person turns the pending plan down in words that the brain understood."""


@dataclass(frozen=True)
class Say:
    """A reply that needs nothing but its words: the name of a reply template. `topic` names what is out of scope."""

    reply: Literal[
        "greet", "help", "out_of_scope", "unclear", "reset", "nothing_to_undo", "nothing_to_change", "nothing_left"
    ]
    topic: tuple[str, ...] = ()


Step = Ask | Propose | ChangeDeployed | About | Price | Rates | Compare | Explain | ListDeployed | Reject | Say
