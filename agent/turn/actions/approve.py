"""A person's own yes or no to a plan that waits: the approval and the ordered apply, or why there is none."""

from typing import Literal

from agent.approvals import ConfirmationAct, Consents, PartialConsent, Refusal, approve, may_reject, missing_consents
from agent.dialogue.state import PendingPlan
from agent.events import ApprovalNoted, Message
from agent.orders import ApplyOrder
from agent.store.audit import Entry, changed, who_of
from agent.turn.actions.propose import discard
from agent.turn.context import Reply
from agent.views.plan import approvers_of, awaited
from agent.wording import several
from plugins.domain.approval import Approval
from plugins.domain.plan import Plan, PlanItem


def confirm(reply: Reply, plan_id: str, digest: str, phrase: str | None) -> None:
    """A person's own yes to a plan: makes the approval and orders the apply, or says why not."""
    reply.records.lock_plan(plan_id)
    found = reply.records.plan(plan_id)
    if reply.settings.reads_only:
        _refuse(reply, plan_id, "read_only", found[0] if found else None)
        return
    if found is None:
        _refuse(reply, plan_id, "unknown_plan", None)
        return
    plan, status = found
    act = ConfirmationAct(reply.incoming.person, reply.talk.id, plan_id, digest, phrase)
    approval = approve(
        plan,
        status,
        act,
        reply.settings.rules,
        reply.ground(plan),
        approval_id=reply.settings.new_id("apr"),
        now=reply.now,
    )
    if isinstance(approval, Refusal):
        _refuse(reply, plan_id, approval.code, plan)
    elif isinstance(approval, PartialConsent):
        _counted(reply, plan)
    elif reply.records.settle_plan(plan_id, "approved") and reply.records.keep_approval(approval):
        _approved(reply, plan, approval)
    else:
        _refuse(reply, plan_id, "not_pending", plan)


def reject(reply: Reply, pending: PendingPlan) -> None:
    """A person's own no: the plan can never be confirmed again, the draft stays to be changed."""
    found = reply.records.plan(pending.plan_id)
    here = {(p.plan_id, p.digest) for p in reply.talk.awaiting_decision}
    if found is None or (pending.plan_id, pending.digest) not in here:
        _refuse(reply, pending.plan_id, "unknown_plan", None)
        return
    person = reply.incoming.person
    if not may_reject(found[0], person, reply.settings.rules):
        _refuse(reply, pending.plan_id, "not_requester", found[0])
        return
    if not reply.records.settle_plan(pending.plan_id, "rejected"):
        _refuse(reply, pending.plan_id, "not_pending", found[0])
        return
    discard(reply, pending.plan_id)
    stays = found[0].action == "create" and not reply.talk.aside
    reply.talk = reply.talk.without(pending.plan_id, keeping_drafts=stays)
    reply.note(
        "rejected the plan",
        deployment_id=found[0].items[0].deployment_id,
        plan_id=pending.plan_id,
        change=changed({"plan": "pending"}, {"plan": "rejected"}),
    )
    reply.note_approval(pending.plan_id, "rejected", by=person.name)
    _tell_home(reply, found[0], "rejected")
    names = [item.decision.workspace_name for item in found[0].items]
    reply.say("rejected", action=found[0].action, names=several(names), open=stays)


def _counted(reply: Reply, plan: Plan) -> None:
    """A yes that is not enough: kept, and said here and where the plan came from; the plan waits on."""
    person = reply.incoming.person
    reply.records.keep_consent(plan, person, now=reply.now)
    reply.note(f"agreed to the plan to {plan.action}", f"digest {plan.digest[:12]}", plan_id=plan.plan_id)
    missing = awaited(plan, reply.settings.rules, reply.records.consents(plan))
    text = reply.settings.wording.say("counted", by=person.name, plan_id=plan.plan_id, missing=missing)
    reply.message(text)
    reply.show_plan(plan)
    if plan.conversation != reply.talk.id:
        home = reply.records.conversation(plan.conversation)
        told = Message(conversation=home.id, turn=home.turn, text=text)
        reply.records.log(home.id, [dict(told.as_json())], source="work", now=reply.now)


def _approved(reply: Reply, plan: Plan, approval: Approval) -> None:
    talk = reply.talk.without(plan.plan_id)
    names = (*(person.name for person in reply.records.consents(plan).given), approval.by.name)
    reply.records.queue_deployments((item.deployment_id for item in plan.items), now=reply.now)
    for item in plan.items:
        talk = talk.spoke_of(item.decision.workspace_name)
    reply.records.note(*(_consent(reply, plan, item) for item in plan.items))
    reply.talk = talk
    reply.note_approval(plan.plan_id, "approved", by=" and ".join(names))
    _tell_home(reply, plan, "approved")
    reply.orders.append(
        ApplyOrder(
            plan_id=plan.plan_id,
            digest=plan.digest,
            conversation=reply.talk.id,
            turn=reply.talk.turn,
            deployment_ids=tuple(item.deployment_id for item in plan.items),
        )
    )


def _consent(reply: Reply, plan: Plan, item: PlanItem) -> Entry:
    return Entry(
        reply.now,
        who_of(reply.incoming.person),
        f"approved the plan to {plan.action}",
        f"digest {plan.digest[:12]}",
        deployment_id=item.deployment_id,
        plan_id=plan.plan_id,
        conversation=reply.talk.id,
        change=changed({"plan": "pending"}, {"plan": "approved", "digest": plan.digest}),
    )


def _tell_home(reply: Reply, plan: Plan, status: Literal["approved", "rejected"]) -> None:
    """What was decided elsewhere is kept and told in the conversation that the plan came from."""
    if plan.conversation == reply.talk.id:
        return
    home = reply.records.conversation(plan.conversation)
    if plan.plan_id in {pending.plan_id for pending in home.awaiting_decision}:
        kept = home.without(plan.plan_id, keeping_drafts=status == "rejected")
        reply.records.keep_conversation(kept, now=reply.now)
    told = ApprovalNoted(
        conversation=home.id,
        turn=home.turn,
        plan_id=plan.plan_id,
        status=status,
        by=reply.incoming.person.name,
        reason=None,
    )
    reply.records.log(home.id, [dict(told.as_json())], source="work", now=reply.now)


def _refuse(reply: Reply, plan_id: str, code: str, plan: Plan | None) -> None:
    rules = reply.settings.rules
    consents = reply.records.consents(plan) if plan else Consents()
    lacks = missing_consents(plan, rules, consents) if plan else ()
    text = reply.settings.wording.say(
        "refused",
        code=code,
        roles=rules.roles,
        role=lacks[0].need.role if lacks else rules.approver,
        requested_by=plan.requested_by.name if plan else "",
        phrase=plan.confirm.phrase if plan else "",
        why=" and ".join(dict.fromkeys(lack.need.because for lack in lacks)),
        needed="; and ".join(each.text for each in approvers_of(plan, rules, consents)) if plan else "",
        lone=reply.settings.lone,
        pending=reply.pending,
    )
    reply.note("was refused to approve the plan", code, plan_id=plan_id)
    reply.note_approval(plan_id, "refused", by=reply.incoming.person.name, reason=text)
    reply.message(text)
