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
    """Of what was made and never changed there is nothing to take back: destroying it is a wish of its own.

    Where none is named it is what was done last that is taken back: all the ends that one message moved.
    """
    if not _is_named(context.text, step.workspace) and (moved := _ends_moved_last(context)):
        return context.in_turn(*(partial(_restore, deployment=one, until=until) for one, until in moved))
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


def _is_named(text: str, name: str) -> bool:
    """Whether the text speaks of it by its name, in full or as people say it ("risk staging")."""
    _, _, bare = name.partition("-")
    said = text.casefold().replace(" ", "-")
    return name.casefold() in said or bool(bare and bare.casefold() in said)


def _ends_moved_last(context: TurnContext) -> list[tuple[Deployment, date | None]]:
    """The workspaces whose end the last message that did anything moved, each with its end before; empty where it
    did something else, or somebody has moved one since.
    """
    moved: list[tuple[Deployment, date | None]] = []
    for entry in reversed(context.records.done_last(context.conversation.id)):
        before = _moved_end((entry,))
        deployment = context.records.deployment(entry.deployment_id or "")
        if (
            before is None
            or deployment is None
            or context.viewer.named(deployment.workspace_name, context.records) is None
        ):
            return []
        if before[0] != deployment.expires_on:
            moved.append((deployment, before[0]))
    return moved


def _restore(context: TurnContext, deployment: Deployment, until: date | None) -> Outcome:
    refusal = why_closed(context, deployment)
    return refusal if refusal is not None else restore_end(context, deployment, until)


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
