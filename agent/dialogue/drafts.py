"""Drafts: what is being asked for, what a statement makes of it, and what is still open. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from pydantic import BaseModel, ConfigDict

from agent.wording import phrase
from plugins.domain.idle_time import idle_minutes, without_idle_time
from plugins.domain.request import InfrastructureRequest
from plugins.domain.understanding import Act, Doubt, Statement, Understanding

IDENTIFYING = ("team", "environment", "workload_type", "workspace_name")
"""What tells one request from another."""

REQUIRED = ("team", "environment", "workload_type")
_ORDER = (
    "team",
    "environment",
    "workload_type",
    "region",
    "workspace_name",
    "cost_limit",
    "currency",
    "min_workers",
    "max_workers",
    "enable_gpu",
    "node_type",
    "network",
    "hours_per_week",
)
_SETTLED_TOGETHER = (frozenset({"min_workers", "max_workers"}), frozenset({"cost_limit", "currency"}))


class Draft(BaseModel):
    """One workspace being asked for. `deployment_id` is set once it was planned, or when it changes what is
    deployed (`changes` is then True). `adopt` is the Azure id of an existing workspace that is to be taken over.
    `sources` are pairs of a field and the words that it was read from.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    request: InfrastructureRequest
    doubts: tuple[Doubt, ...] = ()
    deployment_id: str | None = None
    changes: bool = False
    adopt: str | None = None
    sources: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class OpenSlot:
    """Something to ask: `doubt` when the person spoke of it, None when they have not."""

    slot: str
    doubt: Doubt | None = None


def open_slots(drafts: Iterable[Draft], default_region: str) -> tuple[OpenSlot, ...]:
    """Everything still to be asked, each slot once, in the order in which people are asked."""
    by_slot: dict[str, OpenSlot] = {}
    for draft in drafts:
        for doubt in (*draft.doubts, *crossing(draft.request)):
            if doubt.slot not in by_slot or by_slot[doubt.slot].doubt is None:
                by_slot[doubt.slot] = OpenSlot(doubt.slot, doubt)
        needed = REQUIRED if default_region else (*REQUIRED, "region")
        for slot in needed:
            if getattr(draft.request, slot) is None:
                by_slot.setdefault(slot, OpenSlot(slot))
    return tuple(sorted(by_slot.values(), key=lambda open_: _rank(open_.slot)))


def crossing(request: InfrastructureRequest) -> tuple[Doubt, ...]:
    """The doubt that limits raise which cross: a minimum above the maximum."""
    low, high = request.min_workers, request.max_workers
    if low is None or high is None or low <= high:
        return ()
    return (Doubt(slot="min_workers", kind="crossing", said=f"at least {low}, at most {high}"),)


def merged(ground: InfrastructureRequest, statement: Statement) -> InfrastructureRequest:
    """The request with what the statement says put in and what it takes back put out.

    What the statement only guesses never replaces what is known.
    """
    guessed = {a.field for a in statement.request.assumptions if getattr(ground, a.field, None) is not None}
    stated = {name: value for name, value in statement.request.stated().items() if name not in guessed}
    changed: dict[str, object] = {}
    changed.update(dict.fromkeys(statement.clear))
    if "tags" in changed:
        changed["tags"] = {}
    changed |= stated
    if "tags" in stated:
        changed["tags"] = {**ground.tags, **statement.request.tags}
    if ground.additional_requirements and "additional_requirements" in stated:
        changed["additional_requirements"] = _joined(ground.additional_requirements, stated["additional_requirements"])
    assumed = tuple(a for a in ground.assumptions if a.field not in changed)
    changed["assumptions"] = assumed + tuple(a for a in statement.request.assumptions if a.field not in guessed)
    return ground.model_copy(update=changed)


def amended(draft: Draft, statement: Statement, doubts: tuple[Doubt, ...]) -> Draft:
    """The draft after a statement: what it settles is no longer in doubt, what it leaves unclear is."""
    settled = _settled_by(set(statement.request.stated()) | set(statement.clear))
    again = {doubt.slot for doubt in doubts}
    still_doubted = tuple(d for d in draft.doubts if d.slot not in settled and d.slot not in again)
    request = merged(draft.request, statement)
    in_doubt = dict.fromkeys(doubt.slot for doubt in doubts if doubt.slot != "cost_limit" and doubt.kind != "crossing")
    request = request.model_copy(update=in_doubt)
    sources = {field: quote for field, quote in draft.sources if field not in settled} | dict(statement.sources)
    held = tuple((field, quote) for field, quote in sources.items() if field in request.stated())
    return draft.model_copy(update={"request": request, "doubts": still_doubted + doubts, "sources": held})


def new_drafts(drafts: tuple[Draft, ...], understood: Understanding, act: Act) -> tuple[Draft, ...]:
    """The drafts after a message: opened by it, added to, split into several, or told what it says."""
    statements = understood.statements or (Statement(InfrastructureRequest()),)
    if not drafts or (act == "provision" and understood.additional):
        return drafts + _opened(statements, understood.doubts)
    if len(statements) > 1 and len(drafts) == 1 and all(s.target is None for s in statements):
        # One workspace has one state: of what was planned as one, only the first goes on under its id.
        parts = (drafts[0], *(drafts[0].model_copy(update={"deployment_id": None}) for _ in statements[1:]))
        return tuple(
            amended(part, statement, doubts_of(understood.doubts, index))
            for index, (part, statement) in enumerate(zip(parts, statements, strict=True))
        )
    return amended_all(drafts, replace(understood, statements=statements), act)


def amended_all(drafts: tuple[Draft, ...], understood: Understanding, act: Act) -> tuple[Draft, ...]:
    """The same drafts, each told what is said of it."""
    changed = list(drafts)
    for index, statement in enumerate(understood.statements):
        for at in _targets(statement, changed, act):
            changed[at] = amended(changed[at], statement, doubts_of(understood.doubts, index))
    return tuple(changed)


def continues(drafts: tuple[Draft, ...], statements: tuple[Statement, ...]) -> bool:
    """True when a message that could open a request only adds to what is drafted: nothing that tells requests apart is
    said differently.
    """
    if not drafts or any(draft.changes for draft in drafts) or (len(drafts) > 1 and len(statements) > 1):
        return not drafts
    return all(
        getattr(statement.request, field) is None
        or getattr(draft.request, field) in (None, getattr(statement.request, field))
        for statement in statements
        for draft in drafts
        for field in IDENTIFYING
    )


def distinction(draft: Draft, among: tuple[Draft, ...]) -> str:
    """What people call this one of several by: its values where they differ ("staging", "fraud dev")."""
    differing = [
        field
        for field in ("team", "environment", "workload_type", "region", "workspace_name")
        if len({getattr(other.request, field) for other in among}) > 1 and getattr(draft.request, field) is not None
    ]
    return " ".join(str(getattr(draft.request, field)).replace("_", " ") for field in differing) or phrase(
        "dialogue.one_of_them"
    )


def _opened(statements: tuple[Statement, ...], doubts: tuple[Doubt, ...]) -> tuple[Draft, ...]:
    return tuple(
        Draft(request=statement.request, doubts=doubts_of(doubts, index), sources=statement.sources)
        for index, statement in enumerate(statements)
    )


def _targets(statement: Statement, drafts: list[Draft], act: Act) -> list[int]:
    """Which drafts a statement is told to: the one it names; else, for an answer, those that it answers."""
    if statement.target is not None and statement.target < len(drafts):
        return [statement.target]
    everywhere = list(range(len(drafts)))
    if act != "answer" or len(drafts) == 1:
        return everywhere
    stated = set(statement.request.stated())
    wanting = [at for at in everywhere if stated & _open_in(drafts[at])]
    return wanting or everywhere


def _open_in(draft: Draft) -> set[str]:
    return {doubt.slot for doubt in draft.doubts} | {
        slot for slot in (*REQUIRED, "region") if getattr(draft.request, slot) is None
    }


def _settled_by(slots: set[str]) -> set[str]:
    together = {slot for group in _SETTLED_TOGETHER if group & slots for slot in group}
    return slots | together


def doubts_of(doubts: tuple[Doubt, ...], statement: int) -> tuple[Doubt, ...]:
    return tuple(doubt for doubt in doubts if doubt.statement in (None, statement))


def _rank(slot: str) -> int:
    return _ORDER.index(slot) if slot in _ORDER else len(_ORDER)


def _joined(before: str, after: object) -> str:
    """Both, without what the later one says anew of the idle time."""
    kept = before.split("; ")
    if idle_minutes(str(after)) is not None:
        kept = [left for wish in kept if (left := without_idle_time(wish))]
    return "; ".join(kept) if str(after) in kept else "; ".join((*kept, str(after)))
