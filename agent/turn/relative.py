"""Wishes in terms of what is there: "double the workers" made a number, "one more like it" made a whole request."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

from agent.dialogue.drafts import merged
from agent.turn.context import TurnContext
from plugins.domain.decision import InfrastructureDecision
from plugins.domain.request import InfrastructureRequest
from plugins.domain.understanding import Statement, Understanding
from plugins.parse.scaling import words_scaled

_WEEK = Decimal(168)


def absolute(context: TurnContext, meant: Understanding) -> Understanding:
    """The same with numbers, where it is known of what: of the workspace named, else of the plan that waits here, else
    of what the draft states. What stays without a number is told as not used.
    """
    # Of several that are chosen each has its own numbers.
    if meant.selection is not None or not any(statement.scaled for statement in meant.statements):
        return meant
    statements = tuple(one for statement in meant.statements for one in _each(context, statement))
    statements = tuple(_absolute(context, statement) for statement in statements)
    left = words_scaled(context.text, {wish for statement in statements for wish in statement.scaled})
    return replace(meant, statements=statements, unused=(*meant.unused, *left))


def _each(context: TurnContext, statement: Statement) -> Sequence[Statement]:
    """A statement for each workspace of a plan of several, where it speaks of them all: each has numbers of its own."""
    drafts = context.conversation.drafts
    if not statement.scaled or statement.target is not None or statement.request.workspace_name or len(drafts) <= 1:
        return (statement,)
    return tuple(replace(statement, target=at) for at in range(len(drafts)))


def like_what_stands(context: TurnContext, meant: Understanding) -> Understanding:
    """The same with all that the workspace has which the new one is to be like, and that is not said otherwise. Its
    name stays its own, and so does a limit that was stated for another environment.
    """
    alike = context.viewer.named(meant.like, context.records) if meant.like else None
    if alike is None:
        return meant
    return replace(meant, statements=tuple(_alike(alike.request, each) for each in meant.statements))


def _alike(ground: InfrastructureRequest, statement: Statement) -> Statement:
    own: dict[str, object] = {"workspace_name": None, "assumptions": (), "additional_requirements": None}
    if statement.request.environment not in (None, ground.environment):
        own |= {"cost_limit": None, "currency": None}
    request = merged(ground.model_copy(update=own), statement)
    return replace(statement, request=request, clear=())


def absolute_of(statement: Statement, decision: InfrastructureDecision) -> Statement:
    """What it says of a workspace that is decided so."""
    changes: dict[str, object] = {}
    for field, way, by in statement.scaled:
        if field == "workers":
            counts = (
                changes.get("min_workers", decision.min_workers),
                changes.get("max_workers", decision.max_workers),
            )
            low, high = (_scaled(Decimal(str(count)), way, by) for count in counts)
            if high and decision.min_workers:  # what had workers throughout keeps one
                low = max(low, Decimal(1))
            changes |= {"min_workers": int(low), "max_workers": int(high)}
        elif field == "hours_per_week":
            changes[field] = float(min(_scaled(Decimal(str(decision.hours_per_week)), way, by), _WEEK))
        elif decision.monthly_limit is not None:
            changes |= {"cost_limit": decision.monthly_limit * by, "currency": decision.currency}
    stated = statement.request.stated()
    changes = {name: value for name, value in changes.items() if name not in stated}  # what is said in figures counts
    request = statement.request.model_copy(update=changes)
    return replace(statement, request=request, scaled=())


def _scaled(count: Decimal, way: str, by: Decimal) -> Decimal:
    value = count * by if way == "times" else count + by
    return max(value.quantize(Decimal(1), rounding=ROUND_HALF_UP), Decimal(0))


def _absolute(context: TurnContext, statement: Statement) -> Statement:
    if not statement.scaled:
        return statement
    decision = _decision(context, statement)
    if decision is not None:
        return absolute_of(statement, decision)
    return _absolute_of_draft(context, statement)


def _absolute_of_draft(context: TurnContext, statement: Statement) -> Statement:
    """Of workers that the one draft states; a plan may wait for the answer to a question still."""
    drafts = context.conversation.drafts
    at = 0 if len(drafts) == 1 else statement.target
    if at is None or not 0 <= at < len(drafts) or any(field != "workers" for field, _, _ in statement.scaled):
        return statement
    changes = {
        name: int(_scaled(Decimal(count), way, by))
        for _, way, by in statement.scaled
        for name in ("min_workers", "max_workers")
        if (count := getattr(drafts[at].request, name)) is not None
    }
    if not changes:
        return statement
    return replace(statement, request=statement.request.model_copy(update=changes), scaled=())


def _decision(context: TurnContext, statement: Statement) -> InfrastructureDecision | None:
    name = statement.request.workspace_name
    plan = context.pending_plan()
    planned = [item.decision for item in plan.items] if plan is not None else []
    named = [decision for decision in planned if decision.workspace_name == name]
    if named or (name is None and len(planned) == 1):
        return (named or planned)[0]
    # The items of a plan stand in the order of the drafts that it was made of.
    if name is None and statement.target is not None and len(planned) == len(context.conversation.drafts):
        return planned[statement.target]
    deployment = context.viewer.named(name, context.records) if name else None
    return deployment.decision if deployment is not None else None
