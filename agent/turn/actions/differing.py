"""What is otherwise than it was: than in the plan before, than what stands, or than before the last change."""

from collections.abc import Sequence

from agent.dialogue.drafts import Draft
from agent.turn.actions.cost import priced
from agent.turn.context import Outcome, TurnContext
from agent.views.differences import changed_values
from agent.views.workspace_status import history_rows, workspace_status_of
from agent.wording import difference_between, money, phrase, with_difference
from plugins.domain.decision import InfrastructureDecision
from plugins.domain.deployment import Deployment
from plugins.domain.estimate import Estimate
from plugins.domain.plan import Plan

_Decided = tuple[InfrastructureDecision, Estimate]
_Row = tuple[str, str, str, str]

_CHANGED = 2
"""Applies of a workspace that was changed at least once."""


def tell_different(context: TurnContext, standing: Deployment | None) -> Outcome:
    plan = context.pending_plan()
    if plan is not None:
        return _of_the_plan(context, plan)
    if standing is not None and not context.conversation.drafts:
        return _of_what_stands(context, standing)
    return context.say("nothing_before", name="", pending=False)


def _of_the_plan(context: TurnContext, plan: Plan) -> Outcome:
    """Against the plan before it; of the first one of a change, against what stands."""
    now = [(item.decision, item.cost) for item in plan.items]
    if plan.action == "destroy":
        return context.say("nothing_before", name=now[0][0].workspace_name, pending=True)
    earlier = _earlier(context)
    if len(earlier) == len(now):
        return _told(context, "plan", earlier, now)
    stood = [(item.before.decision, item.before.cost) for item in plan.items if item.before is not None]
    if len(stood) == len(now):
        return _told(context, "stands", stood, now)
    return context.say("nothing_before", name=now[0][0].workspace_name, pending=True)


def _earlier(context: TurnContext) -> list[_Decided]:
    """The drafts before the last change, decided again; none where they were no whole request yet."""
    drafts: tuple[Draft, ...] = context.conversation.earlier[-1] if context.conversation.earlier else ()
    requests = tuple(draft.request for draft in drafts)
    if any(None in (request.team, request.environment, request.workload_type) for request in requests):
        return []
    return [(proposal.decision, proposal.cost) for proposal in priced(context, requests).proposals]


def _of_what_stands(context: TurnContext, standing: Deployment) -> Outcome:
    """What its last change made otherwise, or what befell it last."""
    applied = context.records.applied_runs(standing.deployment_id)
    history = history_rows(workspace_status_of(context.records, standing))
    last = history[-1] if history else None
    told = context.say(
        "last_change",
        name=standing.workspace_name,
        when=last[0] if last else "",
        who=last[1] if last else "",
        what=last[2] if last else "",
        detail=last[3] if last else "",
    )
    if len(applied) < _CHANGED:
        return told
    runs = applied[-_CHANGED:]
    before, after = (context.records.item(run.plan_id, run.position) for run in runs)
    rows = _rows([(before.decision, before.cost)], [(after.decision, after.cost)])
    return told.then(_table(context, "change", rows))


def _told(context: TurnContext, against: str, before: Sequence[_Decided], after: Sequence[_Decided]) -> Outcome:
    rows = _rows(before, after)
    told = context.say("different", against=against, any=bool(rows), pending=context.is_pending)
    return told.then(_table(context, against, rows))


def _table(context: TurnContext, against: str, rows: tuple[_Row, ...]) -> Outcome:
    if not rows:
        return context.unchanged()
    columns = tuple(phrase("turn.differing.columns").split(" | "))
    return context.table(phrase(f"turn.differing.{against}"), columns, rows)


def _rows(before: Sequence[_Decided], after: Sequence[_Decided]) -> tuple[_Row, ...]:
    rows: list[_Row] = []
    for (was, old), (now, new) in zip(before, after, strict=True):
        rows += [(now.workspace_name, *values) for values in changed_values(was, now)]
        if (old.expected, old.currency) != (new.expected, new.currency):
            month = with_difference(money(new.expected, new.currency), difference_between(new, old))
            rows.append((now.workspace_name, phrase("turn.differing.month"), money(old.expected, old.currency), month))
    return tuple(rows)
