"""Wishes in terms of what is there: "double the workers" made a number, "one more like it" made a whole request."""

from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

from agent.dialogue.drafts import merged
from agent.turn.context import TurnContext
from plugins.domain.decision import InfrastructureDecision
from plugins.domain.request import InfrastructureRequest
from plugins.domain.understanding import Statement, Understanding

_WEEK = Decimal(168)


def absolute(context: TurnContext, meant: Understanding) -> Understanding:
    """The same with numbers, where it is known of what: of the workspace named, else of the plan that waits here."""
    # Of several that are chosen each has its own numbers.
    if meant.selection is not None or not any(statement.scaled for statement in meant.statements):
        return meant
    statements = tuple(_absolute(context, statement) for statement in meant.statements)
    return replace(meant, statements=statements)


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
            low, high = (_scaled(Decimal(count), way, by) for count in (decision.min_workers, decision.max_workers))
            changes |= {"min_workers": int(low), "max_workers": int(high)}
        elif field == "hours_per_week":
            changes[field] = float(min(_scaled(Decimal(str(decision.hours_per_week)), way, by), _WEEK))
        elif decision.monthly_limit is not None:
            changes |= {"cost_limit": decision.monthly_limit * by, "currency": decision.currency}
    request = statement.request.model_copy(update=changes)
    return replace(statement, request=request, scaled=())


def _scaled(count: Decimal, way: str, by: Decimal) -> Decimal:
    value = count * by if way == "times" else count + by
    return max(value.quantize(Decimal(1), rounding=ROUND_HALF_UP), Decimal(0))


def _absolute(context: TurnContext, statement: Statement) -> Statement:
    decision = _decision(context, statement.request.workspace_name) if statement.scaled else None
    if decision is not None:
        return absolute_of(statement, decision)
    drafts = context.conversation.drafts
    ground = drafts[0].request if len(drafts) == 1 and statement.scaled else None
    return _absolute_of_draft(statement, ground) if ground is not None else statement


def _absolute_of_draft(statement: Statement, ground: InfrastructureRequest) -> Statement:
    """What it says of a draft that is not decided yet, as far as its workers were said."""
    changes = {
        name: int(_scaled(Decimal(said), way, by))
        for field, way, by in statement.scaled
        for name, said in (("min_workers", ground.min_workers), ("max_workers", ground.max_workers))
        if field == "workers" and said is not None
    }
    return replace(statement, request=statement.request.model_copy(update=changes), scaled=()) if changes else statement


def _decision(context: TurnContext, name: str | None) -> InfrastructureDecision | None:
    plan = context.pending_plan()
    planned = [item.decision for item in plan.items] if plan is not None else []
    named = [decision for decision in planned if decision.workspace_name == name]
    if named or (name is None and len(planned) == 1):
        return (named or planned)[0]
    deployment = context.viewer.named(name, context.records) if name else None
    return deployment.decision if deployment is not None else None
