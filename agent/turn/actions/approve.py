"""A person's own yes or no to a plan that waits: the approval and the ordered apply, or why there is none."""

from typing import Literal

from pydantic import JsonValue

from agent.approvals import ConfirmationAct, Consents, PartialConsent, Refusal, approve, may_reject
from agent.dialogue.state import PendingPlan
from agent.events import ApprovalNoted, Button, Event, Message
from agent.orders import ApplyOrder
from agent.store.audit import Entry, changed, who_of
from agent.turn.actions.pending_plan import discard
from agent.turn.actions.removed_credential import tell_removed
from agent.turn.context import Outcome, TurnContext
from agent.turn.put_aside import resume
from agent.views.news import note_decision
from agent.views.plan import awaited
from agent.views.refusals import RefusalWords
from agent.wording import phrase, said, several
from plugins.domain.approval import Approval
from plugins.domain.plan import Plan, PlanItem
from plugins.domain.understanding import Act

_MOST_COMMENT = 300


def comment_of(context: TurnContext) -> str | None:
    """What whoever clicked had to say of it, on one line."""
    button = context.incoming.button
    return said(button.comment, most=_MOST_COMMENT) or None if button is not None and button.comment else None


def decide(context: TurnContext, button: Button) -> tuple[Outcome, Act]:
    """What a click on a plan, or a clear word that stands for one, comes to, and its act: a yes where it says so, else
    a no. What was put aside is taken up again when nothing is in hand any more.
    """
    plan_id, digest = button.plan_id or "", button.digest or ""
    told = tell_removed(context, waits=False)
    if button.action == "confirm":
        act: Act = "confirm"
        decided = told.then(confirm(context, plan_id, digest, button.value))
    else:
        act = "reject"
        decided = told.then(reject(context, PendingPlan(plan_id=plan_id, digest=digest)))
    return decided.then(resume(context.after(decided))), act


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
        change=changed({"plan": "pending"}, {"plan": "rejected", **_comment(context)}),
    )
    _tell_home(context, plan, "rejected")
    note_decision(context.records, plan, "rejected", by=context.incoming.person, now=context.now)
    return context.note_approval(plan.plan_id, "rejected", by=context.incoming.person.name, reason=comment_of(context))


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
    note_decision(context.records, plan, "approved", by=context.incoming.person, now=context.now)
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
        lambda turn: turn.note_approval(plan.plan_id, "approved", by=" and ".join(people), reason=comment_of(context)),
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
        change=changed({"plan": "pending"}, {"plan": "approved", "digest": plan.digest, **_comment(context)}),
    )


def _comment(context: TurnContext) -> dict[str, JsonValue]:
    comment = comment_of(context)
    return {"comment": comment} if comment is not None else {}


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
        reason=comment_of(context),
    )
    _log(context, noted)


def _log(context: TurnContext, event: Event) -> None:
    """Kept for a conversation that is not this turn's: it is told there as what ordered work says is."""
    context.records.log(event.conversation, [event], source="work", now=context.now)


def _refuse(context: TurnContext, plan_id: str, code: str, plan: Plan | None) -> Outcome:
    settings, records = context.settings, context.records
    words = RefusalWords(settings.wording, settings.rules, settings.lone, context.is_pending)
    consents = records.consents(plan) if plan else Consents()
    text = words.say(code, plan, consents, was=records.plan_status(plan_id))
    context.note(phrase("turn.approve.refused"), code, plan_id=plan_id)
    return context.in_turn(
        lambda turn: turn.note_approval(plan_id, "refused", by=turn.incoming.person.name, reason=text),
        lambda turn: turn.message(text),
    )
