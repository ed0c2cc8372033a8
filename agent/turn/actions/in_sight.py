"""Questions of what is in sight: the workspace that is named, else the plan that waits, else the workspace last spoken
of. Each is answered from what is known here, and changes nothing.
"""

from functools import partial
from typing import Literal

from agent.dialogue.steps import InSight
from agent.turn.actions.differing import tell_different
from agent.turn.actions.status import tell_workspace_status
from agent.turn.context import Outcome, TurnContext
from agent.turn.unknown import say_unknown
from agent.wording import cluster_words, estimated, phrase, several, state
from plugins.domain.decision import InfrastructureDecision
from plugins.domain.deployment import Deployment
from plugins.domain.plan import Plan, PlanItem, ResourceChange

_MOST_ROWS = 25
_OF_THE_CONTENTS = (
    "contents-unseen",
    "still-runs",
    "jobs-live-there",
    "cluster-runs",
    "tables-live-there",
    "notebooks-live-there",
)
"""Findings of a destroy that tell what lives in the workspace."""


def tell_in_sight(context: TurnContext, step: InSight) -> Outcome:
    if step.about == "failures":
        return _tell_failures(context)
    item, standing = _meant(context, step.workspace)
    if step.workspace is not None and item is None and standing is None:
        return say_unknown(context, step.workspace)
    match step.about:
        case "visible":
            return _tell_who_sees(context, item, standing)
        case "different":
            return tell_different(context, standing)
        case "contents":
            return _tell_contents(context, item, standing)
        case "address":
            return _tell_address(context, item, standing)
        case "end":
            return _tell_end(context, item, standing)
        case "bigger":
            return _tell_bigger(context, item, standing)


def _meant(context: TurnContext, name: str | None) -> tuple[PlanItem | None, Deployment | None]:
    """What of the plan that waits is meant, and the workspace that stands; either may be None."""
    plan, viewer = context.pending_plan(), context.viewer
    items = plan.items if plan is not None else ()
    item = next((item for item in items if name in (None, item.decision.workspace_name)), None)
    wanted = name or (item.decision.workspace_name if item is not None else None)
    if wanted is not None:
        return item, _standing(context, wanted)
    spoken = (_standing(context, each) for each in context.conversation.workspaces)
    only = viewer.deployed(context.records)
    return None, next(filter(None, spoken), only[0] if len(only) == 1 else None)


def _standing(context: TurnContext, name: str) -> Deployment | None:
    named = context.viewer.named(name, context.records)
    return named if named is not None and named.workspace_name in context.taken_names() else None


def _decision(item: PlanItem | None, standing: Deployment | None) -> InfrastructureDecision | None:
    if item is not None:
        return item.decision
    return standing.decision if standing is not None else None


def _say_nothing(context: TurnContext) -> Outcome:
    return context.say("nothing_to_explain", any=bool(context.viewer.deployed_names(context.records)))


def _tell_who_sees(context: TurnContext, item: PlanItem | None, standing: Deployment | None) -> Outcome:
    """The rule of `agent.views.visibility`, with the people that are known."""
    plan, rules = context.pending_plan(), context.settings.rules
    asker = plan.requested_by if item is not None and plan is not None else standing.requested_by if standing else None
    decision = _decision(item, standing)
    return context.say(
        "who_sees",
        name=decision.workspace_name if decision is not None else "",
        asker=asker.name if asker is not None else "",
        requester=rules.requester,
        approver=rules.approver,
        known=sorted(context.records.people_with(rules.approver)),
        pending=context.is_pending,
    )


def _tell_contents(context: TurnContext, item: PlanItem | None, standing: Deployment | None) -> Outcome:
    plan = context.pending_plan()
    if item is not None and plan is not None:
        return _tell_planned(context, plan)
    if standing is None:
        return _say_nothing(context)
    made = context.records.carried_out(standing.deployment_id)
    resources = next((item.resources for _, item in made if item.action == "create"), ())
    told = context.say(
        "contents_standing",
        name=standing.workspace_name,
        count=len(resources),
        url=standing.outputs.get("workspace_url", ""),
        pending=context.is_pending,
    )
    return told.then(_resources(context, "made", resources))


def _tell_planned(context: TurnContext, plan: Plan) -> Outcome:
    """What the plan touches; of a destroy also what was seen to live there."""
    lives = [finding.message for item in plan.items for finding in item.policy if finding.rule in _OF_THE_CONTENTS]
    told = context.say(
        "contents_planned",
        action=plan.action,
        names=several([item.decision.workspace_name for item in plan.items]),
        several=len(plan.items) > 1,
        count=len(plan.resources),
        lives=list(dict.fromkeys(lives)),
    )
    return told.then(_resources(context, "touched", plan.resources))


def _resources(
    context: TurnContext, which: Literal["made", "touched"], resources: tuple[ResourceChange, ...]
) -> Outcome:
    if not resources:
        return context.unchanged()
    rows = [
        (each.address, phrase(f"turn.in_sight.{each.action if which == 'touched' else 'stands'}"))
        for each in resources[:_MOST_ROWS]
    ]
    if (more := len(resources) - _MOST_ROWS) > 0:
        rows.append((phrase("turn.in_sight.more", count=more), ""))
    columns = tuple(phrase("turn.in_sight.columns").split(" | "))
    return context.table(phrase(f"turn.in_sight.{which}"), columns, tuple(rows))


def _tell_address(context: TurnContext, item: PlanItem | None, standing: Deployment | None) -> Outcome:
    if standing is not None:
        spoken = Outcome(context.conversation.spoke_of(standing.workspace_name))
        return spoken.then(tell_workspace_status(context.after(spoken), standing))
    return _say_nothing(context) if item is None else context.say("only_planned", name=item.decision.workspace_name)


def _tell_end(context: TurnContext, item: PlanItem | None, standing: Deployment | None) -> Outcome:
    """The end that is planned, where a plan waits; else the one that stands."""
    decision = _decision(item, standing)
    if decision is None:
        return _say_nothing(context)
    plan = context.pending_plan()
    planned = [each.decision for each in plan.items] if plan is not None and item is not None else [decision]
    return context.say(
        "when_it_ends",
        ends=[(one.workspace_name, one.expires_on.isoformat() if one.expires_on else "", _day(one)) for one in planned],
        stands=standing is not None,
        pending=context.is_pending,
    )


def _day(decision: InfrastructureDecision) -> str:
    return f"{decision.expires_on:%A}" if decision.expires_on else ""


def _tell_bigger(context: TurnContext, item: PlanItem | None, standing: Deployment | None) -> Outcome:
    """What it is now, and what can be said to make it more powerful: which of them is meant, nobody here can know."""
    decision = _decision(item, standing)
    if decision is None:
        return _say_nothing(context)
    cost = item.cost if item is not None else standing.cost if standing is not None else None
    return context.say(
        "how_bigger",
        name=decision.workspace_name,
        cluster=cluster_words(decision),
        size=decision.worker_instance_type,
        photon=decision.photon,
        month=estimated(cost) if cost is not None else "",
        pending=context.is_pending,
    )


def _tell_failures(context: TurnContext) -> Outcome:
    """All whose last run failed, the latest first."""
    failed = [each for each in context.viewer.deployments(context.records) if each.error is not None]
    if not failed:
        return context.say("nothing_failed", name="", pending=context.is_pending)
    failed.sort(key=lambda each: each.updated_at, reverse=True)
    rows = tuple(
        (each.workspace_name, f"{each.updated_at:%Y-%m-%d %H:%M} UTC", state(each.status), each.error.text)
        for each in failed[:_MOST_ROWS]
        if each.error is not None
    )
    columns = tuple(phrase("turn.in_sight.failure_columns").split(" | "))
    return context.in_turn(
        partial(TurnContext.say, reply="failures", count=len(failed), first=rows[0][0], pending=context.is_pending),
        partial(TurnContext.table, title=phrase("turn.in_sight.failures"), columns=columns, rows=rows),
    )
