"""A talk as a value, and what one understood message makes of it. Pure: no clock, no store, no model.

`advance(conversation, understanding, world)` gives the conversation after the message and the step to take. The
turn carries the step out; whatever needs a price, a plan or a record is the turn's business.
"""

from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict

from agent.drafts import REQUIRED, Draft, OpenSlot, doubts_of, open_slots, told
from plugins.domain.request import InfrastructureRequest
from plugins.domain.understanding import Act, Context, Doubt, Ending, Said, Statement, Understanding

MOST_QUESTIONS = 3
"""Questions in one message, contract section 3."""

REMEMBERED = 20
"""Earlier drafts that "undo that" can go back to, and names of workspaces spoken of."""

EXPIRY_TALK = "expiry:"
"""Conversations of our own, one a workspace, in which the destroy of what expired is planned."""

_IDENTIFYING = ("team", "environment", "workload_type", "workspace_name")


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Offer(_Frozen):
    """A configuration that was offered, and the fields that choosing it states."""

    label: str
    changes: InfrastructureRequest


class Pending(_Frozen):
    """The plan that awaits a decision. `is_shown` when it is another conversation's, shown here to be decided."""

    plan_id: str
    digest: str
    is_shown: bool = False


class Conversation(_Frozen):
    """`drafts` are what is asked for, or what the pending plan was made of. `earlier` holds the drafts before
    each change, newest last. `asked` are the slots of the last questions; `awaiting` the act that they serve.
    `days` are those said of a workspace without an end (0 for none) while it is asked whether it shall end then.
    `planning` is the id of the plan being made. `workspaces` are names spoken of, the latest first. `said` are the
    last messages, oldest first. `version` counts the changes that were kept: 0 when none was.
    """

    id: str
    version: int = 0
    turn: int = 0
    drafts: tuple[Draft, ...] = ()
    earlier: tuple[tuple[Draft, ...], ...] = ()
    asked: tuple[str, ...] = ()
    awaiting: Act | None = None
    days: int | None = None
    offers: tuple[Offer, ...] = ()
    pending: Pending | None = None
    planning: str | None = None
    workspaces: tuple[str, ...] = ()
    said: tuple[Said, ...] = ()

    def with_(self, **changes: object) -> "Conversation":
        return self.model_copy(update=changes)

    def pended(self, *, plan_id: str, digest: str) -> "Conversation":
        """The same talk, with this plan awaiting a decision."""
        return self.with_(pending=Pending(plan_id=plan_id, digest=digest), planning=None)

    def spoke_of(self, workspace: str) -> "Conversation":
        """The same talk, with this workspace as the one last spoken of."""
        others = tuple(name for name in self.workspaces if name != workspace)
        return self.with_(workspaces=(workspace, *others)[:REMEMBERED])


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
    """What these would cost, without touching the draft or the pending plan."""

    requests: tuple[InfrastructureRequest, ...]
    what_if: bool


@dataclass(frozen=True)
class Compare:
    topic: tuple[str, ...]
    request: InfrastructureRequest


@dataclass(frozen=True)
class Explain:
    topic: tuple[str, ...]


@dataclass(frozen=True)
class ListDeployed:
    environment: str | None


@dataclass(frozen=True)
class Reject:
    """The person turns the pending plan down in words that the brain understood."""


@dataclass(frozen=True)
class Say:
    """A reply that needs nothing but its words: the name of a reply template."""

    reply: Literal["greet", "help", "out_of_scope", "unclear", "reset", "nothing_to_undo", "nothing_to_change"]


Step = Ask | Propose | ChangeDeployed | About | Price | Compare | Explain | ListDeployed | Reject | Say


@dataclass(frozen=True)
class World:
    """What advance may know of the outside: live workspaces by name, and the settings' region ("" for none)."""

    deployed: frozenset[str] = frozenset()
    default_region: str = ""


def advance(talk: Conversation, understood: Understanding, world: World) -> tuple[Conversation, Step]:
    """The talk after this message, and what to do about it."""
    act = _meant(talk, understood)
    match act:
        case "provision" | "amend" | "answer":
            return _drafted(talk, understood, act, world)
        case "reset":
            return _fresh(talk), Say("reset")
        case "reject":
            return (talk, Reject()) if talk.pending else _dropped(talk)
        case "status" | "export" | "destroy" | "extend" | "history":
            return _about(talk, understood, act)
        case _:
            return talk, _answer(talk, understood, act)


def _answer(talk: Conversation, understood: Understanding, act: Act) -> Step:
    """The steps that leave the talk as it is."""
    match act:
        case "cost":
            return _price(talk, understood)
        case "compare":
            return Compare(understood.topic, _hypothetical(talk, understood)[0])
        case "explain":
            return Explain(understood.topic)
        case "list":
            return ListDeployed(understood.requests[0].environment if understood.requests else None)
        case "greet" | "help" | "out_of_scope":
            return Say(act)
        case _:
            return Say("unclear")


def context_of(talk: Conversation, world: World, context: Context) -> Context:
    """The same context with what this talk knows: open questions, drafts, names."""
    spoken = tuple(name for name in talk.workspaces if name in world.deployed)
    rest = tuple(sorted(world.deployed - set(spoken)))
    return Context(
        today=context.today,
        open_slots=talk.asked,
        drafts=tuple(draft.request for draft in talk.drafts),
        plan_pending=talk.pending is not None,
        workspaces=spoken + rest,
        conversation=talk.id,
        person=context.person,
        said=talk.said,
        turn=talk.turn,
    )


def _meant(talk: Conversation, understood: Understanding) -> Act:
    """An answer to a question that another act had asked continues that act."""
    answers = _named(understood) or _days_asked(talk, understood)
    if understood.act in ("answer", "provision", "amend", "unclear") and talk.awaiting and answers:
        return talk.awaiting
    return understood.act


def _days_asked(talk: Conversation, understood: Understanding) -> bool:
    """True for days, and nothing else, where it was asked by how many a workspace is to be extended."""
    if not asks_for_end(talk):
        return False
    doubted = {doubt.slot for doubt in understood.doubts}
    stated = [set(request.stated()) | doubted for request in understood.requests]
    return stated == [{"expires_in_days"}]


def asks_for_end(talk: Conversation) -> bool:
    """True while it is asked when, or whether, a workspace shall end."""
    return talk.awaiting == "extend" and "expires_in_days" in talk.asked


def _drafted(talk: Conversation, understood: Understanding, act: Act, world: World) -> tuple[Conversation, Step]:
    if understood.undo:
        return _undone(talk, world)
    deployed = _deployed_meant(talk, understood, act, world)
    if deployed is not None:
        statement, *_ = understood.statements
        return talk, ChangeDeployed(deployed, statement, understood.doubts)
    if not talk.drafts and act != "provision" and not any(s.request.stated() for s in understood.statements):
        return talk, Say("nothing_to_change" if act == "amend" else "unclear")
    drafts = _new_drafts(talk, understood, act)
    changed = talk.with_(
        drafts=drafts,
        earlier=(*talk.earlier, talk.drafts)[-REMEMBERED:] if talk.drafts else talk.earlier,
        offers=(),
        awaiting=None,
    )
    return asked_or_proposed(changed, world)


def asked_or_proposed(talk: Conversation, world: World) -> tuple[Conversation, Step]:
    """Ask what is open, at most three at once, or propose when nothing is."""
    slots = open_slots(talk.drafts, world.default_region)[:MOST_QUESTIONS]
    asked = talk.with_(asked=tuple(open_.slot for open_ in slots))
    return asked, Ask(slots) if slots else Propose()


def _new_drafts(talk: Conversation, understood: Understanding, act: Act) -> tuple[Draft, ...]:
    statements = understood.statements or (Statement(InfrastructureRequest()),)
    if act == "provision" and understood.additional and talk.drafts:
        return talk.drafts + _opened(statements, understood.doubts)
    if not talk.drafts or (act == "provision" and not _continues(talk.drafts, statements)):
        return _opened(statements, understood.doubts)
    if len(statements) > 1 and len(talk.drafts) == 1 and all(s.target is None for s in statements):
        return tuple(
            told(talk.drafts[0], statement, doubts_of(understood.doubts, index))
            for index, statement in enumerate(statements)
        )
    drafts = list(talk.drafts)
    for index, statement in enumerate(statements):
        for at in _targets(statement, drafts, act):
            drafts[at] = told(drafts[at], statement, doubts_of(understood.doubts, index))
    return tuple(drafts)


def _opened(statements: tuple[Statement, ...], doubts: tuple[Doubt, ...]) -> tuple[Draft, ...]:
    return tuple(
        Draft(request=statement.request, doubts=doubts_of(doubts, index)) for index, statement in enumerate(statements)
    )


def _continues(drafts: tuple[Draft, ...], statements: tuple[Statement, ...]) -> bool:
    """True when a message that could open a request only adds to the one draft: nothing that tells requests
    apart is said differently.
    """
    if len(drafts) != 1 or len(statements) != 1 or drafts[0].changes:
        return False
    said = statements[0].request
    return all(
        getattr(said, field) is None or getattr(drafts[0].request, field) in (None, getattr(said, field))
        for field in _IDENTIFYING
    )


def _targets(statement: Statement, drafts: list[Draft], act: Act) -> list[int]:
    """Which drafts a statement is told to: the one it names; else, for an answer, those that it answers."""
    if statement.target is not None and statement.target < len(drafts):
        return [statement.target]
    everywhere = list(range(len(drafts)))
    if act != "answer" or len(drafts) == 1:
        return everywhere
    said = set(statement.request.stated())
    wanting = [at for at in everywhere if said & _open_in(drafts[at])]
    return wanting or everywhere


def _open_in(draft: Draft) -> set[str]:
    return {doubt.slot for doubt in draft.doubts} | {
        slot for slot in (*REQUIRED, "region") if getattr(draft.request, slot) is None
    }


def _undone(talk: Conversation, world: World) -> tuple[Conversation, Step]:
    if not talk.earlier:
        return talk, Say("nothing_to_undo")
    return asked_or_proposed(talk.with_(drafts=talk.earlier[-1], earlier=talk.earlier[:-1], offers=()), world)


def _dropped(talk: Conversation) -> tuple[Conversation, Step]:
    if not talk.drafts:
        return talk, Say("unclear")
    return _fresh(talk), Say("reset")


def _fresh(talk: Conversation) -> Conversation:
    """The talk without its drafts. The plan that was pending is named still, for whoever voids it."""
    return Conversation(
        id=talk.id, version=talk.version, turn=talk.turn, workspaces=talk.workspaces, pending=talk.pending,
        planning=talk.planning,
    )  # fmt: skip


def _deployed_meant(talk: Conversation, understood: Understanding, act: Act, world: World) -> str | None:
    """The deployed workspace that an amendment speaks of, unless the drafts already are about it."""
    name = _named(understood)
    if act != "amend" or len(understood.statements) != 1 or name not in world.deployed:
        return None
    drafted = {draft.request.workspace_name for draft in talk.drafts if draft.changes}
    return None if name in drafted else name


def _about(
    talk: Conversation, understood: Understanding, act: Literal["status", "export", "destroy", "extend", "history"]
) -> tuple[Conversation, Step]:
    name = _named(understood)
    if name is None and talk.workspaces and _days_asked(talk, understood):
        name = talk.workspaces[0]  # the one that was asked about
    cleared = talk.with_(awaiting=None, asked=() if talk.awaiting else talk.asked, days=None)
    if act == "extend":
        return cleared, _extension(talk, understood, name)
    return cleared, About(act, None if understood.about_plan else name)


def _extension(talk: Conversation, understood: Understanding, name: str | None) -> About:
    return About(
        "extend",
        name,
        next((request.expires_in_days for request in understood.requests), None),
        ending=understood.ending,
        removes=any("expires_in_days" in statement.clear for statement in understood.statements),
        is_agreed=understood.act != "extend" and _days_asked(talk, understood),
        doubt=next((doubt for doubt in understood.doubts if doubt.slot == "expires_in_days"), None),
    )


def _price(talk: Conversation, understood: Understanding) -> Price | About:
    name = _named(understood)
    if name is not None and not talk.drafts and len(understood.requests[0].stated()) == 1:
        return About("cost", name)
    requests = _hypothetical(talk, understood)
    says_something = any(request.stated() for request in understood.requests)
    return Price(requests, what_if=says_something)


def _hypothetical(talk: Conversation, understood: Understanding) -> tuple[InfrastructureRequest, ...]:
    """The drafts as they would be with what the message says; the message alone when nothing is drafted."""
    statements = understood.statements or (Statement(InfrastructureRequest()),)
    if not talk.drafts:
        return tuple(statement.request for statement in statements)
    drafts = list(talk.drafts)
    for index, statement in enumerate(statements):
        for at in _targets(statement, drafts, "cost"):
            drafts[at] = told(drafts[at], statement, doubts_of(understood.doubts, index))
    return tuple(draft.request for draft in drafts)


def _named(understood: Understanding) -> str | None:
    return next((r.workspace_name for r in understood.requests if r.workspace_name), None)
