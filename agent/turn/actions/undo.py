"""Taking back what was done to a workspace last: a moved end at once, a change by a change, which needs a yes."""

from dataclasses import dataclass
from datetime import date
from functools import partial

from pydantic import JsonValue

from agent.dialogue.drafts import Draft
from agent.dialogue.steps import UndoDeployed
from agent.store.audit import Entry, who_of
from agent.turn.actions.extend import restore_end
from agent.turn.actions.propose import ask_or_propose
from agent.turn.context import Outcome, TurnContext
from agent.turn.put_aside import take_in_hand
from agent.turn.rights import why_closed
from agent.turn.unknown import say_unknown
from plugins.domain.deployment import Deployment
from plugins.domain.request import InfrastructureRequest
from plugins.domain.understanding import Context
from plugins.parse.message import names_in
from plugins.parse.spoken_names import with_whole_names


@dataclass(frozen=True)
class _MovedEnd:
    entry: Entry
    before: date | None
    after: date | None


def undo_deployed(context: TurnContext, step: UndoDeployed) -> Outcome:
    """Of what was made and never changed there is nothing to take back: destroying it is a wish of its own.

    Where none is named it is what was done last here that is taken back: all the ends that one message moved. An end
    that somebody has moved since stays.
    """
    is_named = _is_named(context, step.workspace)
    if not is_named and (restored := _restored(context)):
        return restored
    deployment = context.viewer.named(step.workspace, context.records)
    if deployment is None:
        return say_unknown(context, step.workspace)
    if refusal := why_closed(context, deployment):
        return refusal
    moved = _moved_end(context.records.history(deployment.deployment_id))
    if moved is not None and moved.before != deployment.expires_on:
        if moved.after != deployment.expires_on or not (is_named or _is_own(context, moved.entry)):
            return _say_moved_since(context, (deployment,))
        return restore_end(context, deployment, moved.before)
    return _plan_back(context, deployment)


def _plan_back(context: TurnContext, deployment: Deployment) -> Outcome:
    """A plan for what was asked of it before its last change."""
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


def _is_named(context: TurnContext, name: str) -> bool:
    """Whether the text speaks of it by its name, in full or as people say it ("risk staging")."""
    known = Context(today=context.today, workspaces=(name,))
    return name in names_in(with_whole_names(context.text, known), known)


def _restored(context: TurnContext) -> Outcome | None:
    """The ends that the last message here moved, put back, all or none; None where there is none to put back."""
    moved = _ends_moved_last(context)
    # One that is back already needs nothing.
    since = tuple(one for one, end in moved if one.expires_on not in (end.before, end.after))
    if since:
        return _say_moved_since(context, since)
    due = [(one, end.before) for one, end in moved if one.expires_on != end.before]
    return context.in_turn(*(partial(_restore, deployment=one, until=until) for one, until in due)) if due else None


def _ends_moved_last(context: TurnContext) -> list[tuple[Deployment, _MovedEnd]]:
    """The workspaces whose end the last message here that did anything moved; empty where it did something else."""
    moved: list[tuple[Deployment, _MovedEnd]] = []
    for entry in reversed(context.records.done_last(context.conversation.id)):
        end = _moved_end((entry,))
        deployment = context.records.deployment(entry.deployment_id or "")
        if (
            end is None
            or deployment is None
            or context.viewer.named(deployment.workspace_name, context.records) is None
        ):
            return []
        moved.append((deployment, end))
    return moved


def _is_own(context: TurnContext, entry: Entry) -> bool:
    """Whether it was done in this conversation, or by this person."""
    return entry.conversation == context.conversation.id or entry.who == who_of(context.incoming.person)


def _say_moved_since(context: TurnContext, deployments: tuple[Deployment, ...]) -> Outcome:
    ends = [
        {"name": one.workspace_name, "end": one.expires_on.isoformat() if one.expires_on else ""} for one in deployments
    ]
    return context.say("end_moved_since", ends=ends)


def _restore(context: TurnContext, deployment: Deployment, until: date | None) -> Outcome:
    refusal = why_closed(context, deployment)
    return refusal if refusal is not None else restore_end(context, deployment, until)


def _moved_end(history: tuple[Entry, ...]) -> _MovedEnd | None:
    """The end before and after it was moved, where that was the last thing done."""
    for entry in reversed(history):
        if entry.change is None:
            continue
        before, after = dict(entry.change.before), dict(entry.change.after)
        if set(before) | set(after) != {"expires_on"}:
            return None
        return _MovedEnd(entry, _day(before.get("expires_on")), _day(after.get("expires_on")))
    return None


def _day(written: JsonValue) -> date | None:
    return date.fromisoformat(str(written)) if written else None


def _request_before(context: TurnContext, deployment: Deployment) -> InfrastructureRequest | None:
    """What was asked for of it before the change that it stands in; None where it was never changed."""
    applied = context.records.applied_runs(deployment.deployment_id)
    if len(applied) < _CHANGED:
        return None
    before = applied[-_CHANGED]
    return context.records.item(before.plan_id, before.position).request


_CHANGED = 2
"""Applies of a workspace that was changed at least once."""
