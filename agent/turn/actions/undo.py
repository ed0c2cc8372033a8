"""Taking back what was done to a workspace last: a moved end at once, a change by a change, which needs a yes."""

from datetime import date
from functools import partial

from agent.dialogue.drafts import Draft
from agent.dialogue.steps import UndoDeployed
from agent.store.audit import Entry
from agent.turn.actions.extend import restore_end
from agent.turn.actions.propose import ask_or_propose
from agent.turn.context import Outcome, TurnContext
from agent.turn.put_aside import take_in_hand
from agent.turn.rights import why_closed
from agent.turn.unknown import say_unknown
from plugins.domain.deployment import Deployment
from plugins.domain.request import InfrastructureRequest


def undo_deployed(context: TurnContext, step: UndoDeployed) -> Outcome:
    """Of what was made and never changed there is nothing to take back: destroying it is a wish of its own."""
    deployment = context.viewer.named(step.workspace, context.records)
    if deployment is None:
        return say_unknown(context, step.workspace)
    if refusal := why_closed(context, deployment):
        return refusal
    moved = _moved_end(context.records.history(deployment.deployment_id))
    if moved is not None and moved[0] != deployment.expires_on:
        return restore_end(context, deployment, moved[0])
    before = _request_before(context, deployment)
    if before is None:
        return context.say("nothing_to_take_back", name=deployment.workspace_name)
    draft = Draft(
        request=before.model_copy(update={"workspace_name": deployment.workspace_name, "expires_in_days": None}),
        deployment_id=deployment.deployment_id,
        changes=True,
    )
    told = context.say("taking_back", name=deployment.workspace_name)
    spoken = Outcome(told.conversation.spoke_of(deployment.workspace_name), told.events)
    return spoken.then(context.after(spoken).in_turn(partial(take_in_hand, drafts=(draft,)), ask_or_propose))


def _moved_end(history: tuple[Entry, ...]) -> tuple[date | None] | None:
    """The end as it was before it was moved, where that was the last thing done."""
    for entry in reversed(history):
        if entry.change is None:
            continue
        before, after = dict(entry.change.before), dict(entry.change.after)
        if set(before) | set(after) != {"expires_on"}:
            return None
        was = before.get("expires_on")
        return (date.fromisoformat(str(was)) if was else None,)
    return None


def _request_before(context: TurnContext, deployment: Deployment) -> InfrastructureRequest | None:
    """What was asked for of it before the change that it stands in; None where it was never changed."""
    applied = context.records.applied_runs(deployment.deployment_id)
    if len(applied) < _CHANGED:
        return None
    before = applied[-_CHANGED]
    return context.records.item(before.plan_id, before.position).request


_CHANGED = 2
"""Applies of a workspace that was changed at least once."""
