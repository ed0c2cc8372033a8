"""Drafts: what is being asked for, what a statement makes of it, and what is still open. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict

from plugins.domain.request import InfrastructureRequest
from plugins.domain.understanding import Doubt, Statement

REQUIRED = ("team", "environment", "workload_type")
_ORDER = (
    "team", "environment", "workload_type", "region", "workspace_name", "cost_limit", "currency", "min_workers",
    "max_workers", "enable_gpu", "node_type", "network", "hours_per_week",
)  # fmt: skip
_SETTLED_TOGETHER = (frozenset({"min_workers", "max_workers"}), frozenset({"cost_limit", "currency"}))


class Draft(BaseModel):
    """One workspace being asked for. `deployment_id` is set once it was planned, or when it changes what is
    deployed (`changes` is then True). `adopt` is the Azure id of an existing workspace that is to be taken over.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    request: InfrastructureRequest
    doubts: tuple[Doubt, ...] = ()
    deployment_id: str | None = None
    changes: bool = False
    adopt: str | None = None


@dataclass(frozen=True)
class OpenSlot:
    """Something to ask: `doubt` when the person spoke of it, None when they have not."""

    slot: str
    doubt: Doubt | None = None


def open_slots(drafts: Iterable[Draft], default_region: str) -> tuple[OpenSlot, ...]:
    """Everything still to be asked, each slot once, in the order in which people are asked."""
    found: dict[str, OpenSlot] = {}
    for draft in drafts:
        for doubt in (*draft.doubts, *crossing(draft.request)):
            if doubt.slot not in found or found[doubt.slot].doubt is None:
                found[doubt.slot] = OpenSlot(doubt.slot, doubt)
        needed = REQUIRED if default_region else (*REQUIRED, "region")
        for slot in needed:
            if getattr(draft.request, slot) is None:
                found.setdefault(slot, OpenSlot(slot))
    return tuple(sorted(found.values(), key=lambda open_: _rank(open_.slot)))


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
    said = {name: value for name, value in statement.request.stated().items() if name not in guessed}
    changed: dict[str, object] = {}
    changed.update(dict.fromkeys(statement.clear))
    if "tags" in changed:
        changed["tags"] = {}
    changed |= said
    if "tags" in said:
        changed["tags"] = {**ground.tags, **statement.request.tags}
    if ground.additional_requirements and "additional_requirements" in said:
        changed["additional_requirements"] = _joined(ground.additional_requirements, said["additional_requirements"])
    kept = tuple(a for a in ground.assumptions if a.field not in changed)
    changed["assumptions"] = kept + tuple(a for a in statement.request.assumptions if a.field not in guessed)
    return ground.model_copy(update=changed)


def told(draft: Draft, statement: Statement, doubts: tuple[Doubt, ...]) -> Draft:
    """The draft after a statement: what it settles is no longer in doubt, what it leaves unclear is."""
    settled = _settled_by(set(statement.request.stated()) | set(statement.clear))
    again = {doubt.slot for doubt in doubts}
    kept = tuple(d for d in draft.doubts if d.slot not in settled and d.slot not in again)
    request = merged(draft.request, statement)
    in_doubt = dict.fromkeys(doubt.slot for doubt in doubts if doubt.slot != "cost_limit" and doubt.kind != "crossing")
    return draft.model_copy(update={"request": request.model_copy(update=in_doubt), "doubts": kept + doubts})


def _settled_by(said: set[str]) -> set[str]:
    together = {slot for group in _SETTLED_TOGETHER if group & said for slot in group}
    return said | together


def doubts_of(doubts: tuple[Doubt, ...], statement: int) -> tuple[Doubt, ...]:
    return tuple(doubt for doubt in doubts if doubt.statement in (None, statement))


def _rank(slot: str) -> int:
    return _ORDER.index(slot) if slot in _ORDER else len(_ORDER)


def _joined(before: str, after: object) -> str:
    return before if str(after) in before else f"{before}; {after}"
