"""Stopping cleanly what is under way: what Terraform has done by then stays done."""

from agent.orders import StopOrder
from agent.store.audit import changed
from agent.store.runs import Run
from agent.turn.actions.quote import say_read_only
from agent.turn.context import Outcome, TurnContext
from agent.turn.rights import why_not_theirs
from agent.wording import phrase
from plugins.domain.understanding import Act


def stop(context: TurnContext, workspace: str | None) -> tuple[Outcome, Act]:
    """Stops what is under way here, or on that workspace, cleanly."""
    if context.settings.reads_only:
        return say_read_only(context, "stop", ""), "unclear"
    under_way = [run for run in context.records.under_way() if run.kind == "apply"]
    if workspace is None:
        # What this person may not touch is passed over: they did not name it.
        here = context.conversation.id
        return _stop(context, [run for run in under_way if run.conversation == here and _may_stop(context, run)])
    deployment = context.viewer.named(workspace, context.records)
    if deployment is None:
        return _stop(context, [])
    runs = [run for run in under_way if run.deployment_id == deployment.deployment_id]
    refusal = why_not_theirs(context, deployment.requested_by, workspace) if runs else None
    return (refusal, "unclear") if refusal is not None else _stop(context, runs)


def _stop(context: TurnContext, runs: list[Run]) -> tuple[Outcome, Act]:
    if not runs:
        return context.say("nothing_to_stop"), "unclear"
    stops = changed({"stop_requested": False}, {"stop_requested": True})
    for run in runs:
        context.note(phrase("turn.stop.asked"), deployment_id=run.deployment_id, plan_id=run.plan_id, change=stops)
    stopping = context.say("stopping", count=len(runs))
    orders = tuple(StopOrder(run.plan_id, run.deployment_id) for run in runs)
    return stopping.then(context.order(*orders)), "reject"


def _may_stop(context: TurnContext, run: Run) -> bool:
    deployment = context.records.deployment(run.deployment_id)
    return deployment is None or context.viewer.may_touch(deployment.requested_by)
