"""A person's own yes or no to a plan that waits: the approval and the ordered apply, or why there is none."""

from typing import Literal

from agent.approvals import ConfirmationAct, Consents, PartialConsent, Refusal, approve, may_reject, missing_consents
from agent.dialogue.state import PendingPlan
from agent.events import ApprovalNoted, Event, Message
from agent.orders import ApplyOrder
from agent.store.audit import Entry, changed, who_of
from agent.turn.actions.pending_plan import discard
from agent.turn.context import Outcome, TurnContext
from agent.views.plan import approvers_of, awaited
from agent.wording import phrase, several
from plugins.domain.approval import Approval
from plugins.domain.plan import Plan, PlanItem


def confirm(context: TurnContext, plan_id: str, digest: str, typed: str | None) -> Outcome:
    """A person's own yes to a plan: makes the approval and orders the apply, or says why not."""
    # Until this turn is kept a second yes waits here, and then finds the plan decided.
    context.records.lock_plan(plan_id)
    record = context.records.plan(plan_id)
    if context.settings.reads_only:
        return _refuse(context, plan_id, "read_only", record[0] if record else None)
    if record is None:
        return _refuse(context, plan_id, "unknown_plan", None)
    plan, status = record
    act = ConfirmationAct(context.incoming.person, context.conversation.id, plan_id, digest, typed)
    approval = approve(
        plan,
        status,
        act,
        context.settings.rules,
        context.ground(plan),
        approval_id=context.settings.new_id("apr"),
        now=context.now,
    )
    if isinstance(approval, Refusal):
        return _refuse(context, plan_id, approval.code, plan)
    if isinstance(approval, PartialConsent):
        return _count(context, plan)
    if context.records.settle_plan(plan_id, "approved") and context.records.keep_approval(approval):
        return _order(context, plan, approval)
    return _refuse(context, plan_id, "not_pending", plan)  # somebody else was first


def reject(context: TurnContext, pending: PendingPlan) -> Outcome:
    """A person's own no: the plan can never be confirmed again, the draft stays to be changed."""
    plan_id = pending.plan_id
    record = context.records.plan(plan_id)
    # By its digest, too: the card of a plan that another has replaced turns down neither.
    decidable = {(waiting.plan_id, waiting.digest) for waiting in context.conversation.awaiting_decision}
    if record is None or (plan_id, pending.digest) not in decidable:
        return _refuse(context, plan_id, "unknown_plan", None)
    plan = record[0]
    if not may_reject(plan, context.incoming.person, context.settings.rules):
        return _refuse(context, plan_id, "not_requester", plan)
    if not context.records.settle_plan(plan_id, "rejected"):
        return _refuse(context, plan_id, "not_pending", plan)
    names = [item.decision.workspace_name for item in plan.items]
    stays = plan.action == "create" and not context.conversation.aside
    return context.in_turn(
        lambda turn: discard(turn, plan_id),
        lambda turn: Outcome(turn.conversation.without(plan_id, keeping_drafts=stays)),
        lambda turn: _note_rejection(turn, plan),
        lambda turn: turn.say("rejected", action=plan.action, names=several(names), many=len(names) > 1, open=stays),
    )


def _note_rejection(context: TurnContext, plan: Plan) -> Outcome:
    context.note(
        phrase("turn.approve.rejected"),
        deployment_id=plan.items[0].deployment_id,
        plan_id=plan.plan_id,
        change=changed({"plan": "pending"}, {"plan": "rejected"}),
    )
    _tell_home(context, plan, "rejected")
    return context.note_approval(plan.plan_id, "rejected", by=context.incoming.person.name)


def _count(context: TurnContext, plan: Plan) -> Outcome:
    """A yes that is not enough: kept, and said here and where the plan came from; the plan waits on."""
    person, records = context.incoming.person, context.records
    records.keep_consent(plan, person, now=context.now)
    context.note(phrase("turn.approve.agreed", action=plan.action), _digest_words(plan), plan_id=plan.plan_id)
    missing = awaited(plan, context.settings.rules, records.consents(plan))
    text = context.settings.wording.say("counted", by=person.name, plan_id=plan.plan_id, missing=missing)
    if plan.conversation != context.conversation.id:
        home = records.conversation(plan.conversation)
        _log(context, Message(conversation=home.id, turn=home.turn, text=text))
    return context.in_turn(lambda turn: turn.message(text), lambda turn: turn.show_plan(plan))


def _order(context: TurnContext, plan: Plan, approval: Approval) -> Outcome:
    """The apply of exactly this plan, whose approval is kept."""
    people = (*(person.name for person in context.records.consents(plan).given), approval.by.name)
    # In the approval's own transaction: after a crash there are both or neither.
    context.records.queue_deployments((item.deployment_id for item in plan.items), now=context.now)
    context.records.note(*(_approval_entry(context, plan, item) for item in plan.items))
    _tell_home(context, plan, "approved")
    conversation = context.conversation.without(plan.plan_id)
    for item in plan.items:
        conversation = conversation.spoke_of(item.decision.workspace_name)
    order = ApplyOrder(
        plan_id=plan.plan_id,
        digest=plan.digest,
        conversation=conversation.id,
        turn=conversation.turn,
        deployment_ids=tuple(item.deployment_id for item in plan.items),
    )
    return context.in_turn(
        lambda _: Outcome(conversation),
        lambda turn: turn.note_approval(plan.plan_id, "approved", by=" and ".join(people)),
        lambda turn: turn.order(order),
    )


def _approval_entry(context: TurnContext, plan: Plan, item: PlanItem) -> Entry:
    return Entry(
        context.now,
        who_of(context.incoming.person),
        phrase("turn.approve.approved", action=plan.action),
        _digest_words(plan),
        deployment_id=item.deployment_id,
        plan_id=plan.plan_id,
        conversation=context.conversation.id,
        change=changed({"plan": "pending"}, {"plan": "approved", "digest": plan.digest}),
    )


def _digest_words(plan: Plan) -> str:
    return f"digest {plan.digest[:12]}"


def _tell_home(context: TurnContext, plan: Plan, status: Literal["approved", "rejected"]) -> None:
    """What was decided elsewhere is kept and told in the conversation that the plan came from."""
    if plan.conversation == context.conversation.id:
        return
    home = context.records.conversation(plan.conversation)
    if plan.plan_id in {pending.plan_id for pending in home.awaiting_decision}:
        # A turn that is under way there finds its conversation moved, and is made again.
        decided = home.without(plan.plan_id, keeping_drafts=status == "rejected")
        context.records.keep_conversation(decided, now=context.now)
    noted = ApprovalNoted(
        conversation=home.id,
        turn=home.turn,
        plan_id=plan.plan_id,
        status=status,
        by=context.incoming.person.name,
        reason=None,
    )
    _log(context, noted)


def _log(context: TurnContext, event: Event) -> None:
    """Kept for a conversation that is not this turn's: it is told there as what ordered work says is."""
    context.records.log(event.conversation, [dict(event.as_json())], source="work", now=context.now)


def _refuse(context: TurnContext, plan_id: str, code: str, plan: Plan | None) -> Outcome:
    rules = context.settings.rules
    consents = context.records.consents(plan) if plan else Consents()
    lacks = missing_consents(plan, rules, consents) if plan else ()
    text = context.settings.wording.say(
        "refused",
        code=code,
        roles=rules.roles,
        role=lacks[0].need.role if lacks else rules.approver,
        requested_by=plan.requested_by.name if plan else "",
        phrase=plan.confirm.phrase if plan else "",
        why=" and ".join(dict.fromkeys(lack.need.because for lack in lacks)),
        needed="; and ".join(group.text for group in approvers_of(plan, rules, consents)) if plan else "",
        lone=context.settings.lone,
        pending=context.is_pending,
    )
    context.note(phrase("turn.approve.refused"), code, plan_id=plan_id)
    return context.in_turn(
        lambda turn: turn.note_approval(plan_id, "refused", by=turn.incoming.person.name, reason=text),
        lambda turn: turn.message(text),
    )
