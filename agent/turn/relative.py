"""Wishes in terms of what is there: "double the workers" made a number, "one more like it" made a whole request."""

from collections.abc import Mapping, Sequence
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
    changes: dict[str, object] = {**_workers(statement, decision.min_workers, decision.max_workers)}
    for field, way, by in statement.scaled:
        if field == "hours_per_week":
            changes[field] = float(min(_scaled(Decimal(str(decision.hours_per_week)), way, by), _WEEK))
        elif field != "workers" and decision.monthly_limit is not None:
            changes |= {"cost_limit": decision.monthly_limit * by, "currency": decision.currency}
    return _settled(statement, changes)


def _workers(statement: Statement, fewest: int | None, most: int | None) -> dict[str, int]:
    """One wish builds on the other; a count that nobody gave stays open."""
    low, high = (None if count is None else Decimal(count) for count in (fewest, most))
    wishes = [(way, by) for field, way, by in statement.scaled if field == "workers"]
    for way, by in wishes:
        low, high = (None if count is None else _scaled(count, way, by) for count in (low, high))
        if low is not None and high and fewest:  # what had workers throughout keeps one
            low = max(low, Decimal(1))
    counts = {"min_workers": low, "max_workers": high} if wishes else {}
    return {name: int(count) for name, count in counts.items() if count is not None}


def _settled(statement: Statement, changes: Mapping[str, object]) -> Statement:
    """With these numbers, but for what is said in figures."""
    stated = statement.request.stated()
    fresh = {name: value for name, value in changes.items() if name not in stated}
    return replace(statement, request=statement.request.model_copy(update=fresh), scaled=())


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
    request = drafts[at].request
    changes = _workers(statement, request.min_workers, request.max_workers)
    return _settled(statement, changes) if changes else statement


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
