"""The plan that waits for a decision, and what ends it before: another request, its time, a workspace that lives on."""

from datetime import datetime
from functools import partial
from typing import Literal

from agent.dialogue.advance import EXPIRY_PREFIX
from agent.dialogue.consent import AwaitedPlan
from agent.dialogue.literal import DecidablePlan
from agent.dialogue.state import PendingPlan
from agent.orders import DiscardOrder
from agent.store.records import Records
from agent.turn.context import Outcome, TurnContext
from agent.wording import phrase
from plugins.domain.deployment import Deployment


def supersede(context: TurnContext) -> Outcome:
    """Makes way for what is asked for now; in read-only mode nothing comes, and what waits goes on waiting."""
    return context.unchanged() if context.settings.reads_only else drop(context)


def drop(context: TurnContext) -> Outcome:
    """A plan that is pending or being made is void from here on; one that was only shown here is let go of."""
    conversation = context.conversation
    outcome = void(
        context,
        conversation.pending,
        conversation.planning,
        reason=phrase("turn.pending_plan.request_changed"),
        deed=phrase("turn.pending_plan.changed_request"),
    )
    return outcome.then(context.after(outcome).with_conversation(pending=None, planning=None))


def void(context: TurnContext, pending: PendingPlan | None, planning: str | None, *, reason: str, deed: str) -> Outcome:
    """Ends the plan that waits for a request and the one being made for it; `deed` is what the audit says of it.

    A plan that is only shown here is another conversation's, and stays.
    """
    outcome = context.unchanged()
    own = pending.plan_id if pending is not None and not pending.is_shown else None
    if own is not None:
        outcome = _ended(context, own, "superseded", reason=reason, deed=deed) or outcome
    discarded = (partial(discard, plan_id=plan_id) for plan_id in (own, planning) if plan_id is not None)
    return outcome.then(context.after(outcome).in_turn(*discarded))


def _ended(
    context: TurnContext, plan_id: str, status: Literal["superseded", "expired"], *, reason: str, deed: str
) -> Outcome | None:
    """The pending plan ended in that way, and said; None where it was decided already."""
    # Whoever decided it meanwhile, here or in another conversation, was first.
    if not context.records.settle_plan(plan_id, status):
        return None
    context.note_end(deed, plan_id, status)
    return context.note_approval(plan_id, status, reason=reason)


def discard(context: TurnContext, plan_id: str) -> Outcome:
    """The plan's files go, and so do the deployments that only ever were planned by it."""
    context.records.forget_plan(plan_id)
    return context.order(DiscardOrder(plan_id))


def expire(context: TurnContext) -> Outcome:
    """Ends the pending plans whose time has passed; what is in hand stays as a draft."""
    outcome = context.unchanged()
    for pending in context.conversation.awaiting_decision:
        head = context.records.plan_head(pending.plan_id)
        if head is not None and context.now >= head.expires_at:
            outcome = outcome.then(_expired(context.after(outcome), pending.plan_id))
    return outcome


def _expired(context: TurnContext, plan_id: str) -> Outcome:
    outcome = _ended(
        context,
        plan_id,
        "expired",
        reason=phrase("turn.pending_plan.nobody_decided"),
        deed=phrase("turn.pending_plan.let_expire"),
    )
    outcome = outcome.then(discard(context, plan_id)) if outcome is not None else context.unchanged()
    return outcome.then(Outcome(context.conversation.without(plan_id, keeping_drafts=True)))


def void_expiry(context: TurnContext, deployment: Deployment) -> Outcome:
    """The destroy that was planned because the workspace had expired is void: it lives on."""
    home = context.records.conversation(EXPIRY_PREFIX + deployment.deployment_id)
    plan_id = home.pending.plan_id if home.pending else home.planning
    if plan_id is None:
        return context.unchanged()
    # It may be planned at this very moment: then it never comes to be pending.
    context.records.settle_plan(plan_id, "superseded", was=("planning", "pending"))
    context.records.keep_conversation(home.with_(pending=None, planning=None), now=context.now)
    shown = context.conversation.pending
    outcome = context.order(DiscardOrder(plan_id))
    if shown is not None and shown.plan_id == plan_id:
        outcome = outcome.then(context.with_conversation(pending=None))
    reason = phrase("turn.pending_plan.extended")
    return outcome.then(context.after(outcome).note_approval(plan_id, "superseded", reason=reason))


def decidable(records: Records, pending: PendingPlan, now: datetime) -> DecidablePlan | None:
    """The plan as a message is read against it; None when its time has passed."""
    head = records.plan_head(pending.plan_id)
    if head is None or now >= head.expires_at:
        return None
    action, workspaces = records.called(pending.plan_id)
    return DecidablePlan(pending, AwaitedPlan(head.confirm, action, pending.plan_id, workspaces))
