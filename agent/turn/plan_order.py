"""Ordering one plan for one or several workspaces; read-only mode gets its price in its place."""

from collections.abc import Sequence

from agent.dialogue.drafts import Draft
from agent.dialogue.state import Offer
from agent.events import Progress
from agent.orders import PlanOrder, PlanPart
from agent.turn.actions.quote import quote
from agent.turn.context import Outcome, TurnContext
from agent.turn.deployed_drafts import deployed_of
from agent.wording import several
from plugins.databricks.proposal import Option, Proposal, alternatives_of
from plugins.domain.plan import Alternative, Before, PlanAction


def order_drafts(context: TurnContext, drafts: Sequence[Draft], proposals: Sequence[Proposal]) -> Outcome:
    """One plan for all drafts, each as it was proposed; for one of them with what else would do, to be picked."""
    options = _options(context, drafts, proposals)
    parts = [_part(context, draft, proposal) for draft, proposal in zip(drafts, proposals, strict=True)]
    beside = tuple(Alternative(label=one.label, decision=one.decision, cost=one.cost) for one in options)
    parts[0] = parts[0].model_copy(update={"unused": context.conversation.unused, "alternatives": beside})
    ordered = order_plan(context, "change" if all(draft.changes for draft in drafts) else "create", tuple(parts))
    if not ordered.orders:
        return ordered
    offers = tuple(Offer(label=option.label, changes=option.changes) for option in options)
    return ordered.then(context.after(ordered).with_conversation(offers=offers))


def _options(context: TurnContext, drafts: Sequence[Draft], proposals: Sequence[Proposal]) -> tuple[Option, ...]:
    """None where several are planned, or where what exists decides."""
    if len(drafts) != 1 or drafts[0].adopt is not None or context.settings.reads_only:
        return ()
    decision = proposals[0].decision
    platform, today = context.settings.platform, context.today
    return alternatives_of(
        drafts[0].request,
        platform,
        identity=decision.identity,
        today=today,
        decision=decision,
        stands=drafts[0].changes,
    )


def order_plan(context: TurnContext, action: PlanAction, parts: tuple[PlanPart, ...]) -> Outcome:
    """Nothing is built by it: what is planned waits for a person's yes."""
    if context.settings.reads_only:
        return quote(context, action, parts)
    conversation = context.conversation
    order = PlanOrder(
        plan_id=context.settings.new_id("pln"),
        action=action,
        conversation=conversation.id,
        turn=conversation.turn,
        person=context.incoming.person,
        parts=parts,
    )
    names = several([part.decision.workspace_name for part in parts])
    begun = Progress(
        conversation=conversation.id,
        turn=conversation.turn,
        deployment_id=parts[0].deployment_id,
        step="plan",
        done=0,
        total=len(parts),
        text=context.settings.wording.say("planning", names=names, sandbox=context.is_sandbox),
        elapsed_s=0.0,
    )
    return Outcome(conversation.with_(planning=order.plan_id, asked=(), awaiting=None), (begun,), (order,))


def _part(context: TurnContext, draft: Draft, proposal: Proposal) -> PlanPart:
    deployment = deployed_of(context, draft)
    return PlanPart(
        deployment_id=draft.deployment_id or "",
        action="change" if draft.changes else "create",
        request=draft.request,
        decision=proposal.decision,
        cost=proposal.cost,
        policy=proposal.findings,
        before=Before(decision=deployment.decision, cost=deployment.cost) if deployment else None,
        adopt=draft.adopt,
        sources=draft.sources,
    )
