"""Plans that wait for somebody else than their asker, and that nobody answers: how late they are, and who is told.

Writes down how late a plan is; whoever puts plans before people reads it and asks again. The asker is told once, at the
escalation, wherever they asked.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from agent.approvals import may_decide
from agent.deployment.context import DeploymentContext
from agent.events import Message
from agent.store.approval_rounds import Lapse
from agent.store.records import Records
from agent.wording import phrase


@dataclass(frozen=True)
class ReminderShares:
    """After which share of a plan's time those who were asked are reminded, and everybody else is asked who may."""

    reminder: float = 0.5
    escalation: float = 0.8


async def remind(context: DeploymentContext, shares: ReminderShares) -> None:
    """Writes down of every plan that waits how late it is, where that changed."""
    now, whole = context.clock(), timedelta(hours=context.plan_hours)
    for plan_id, until in await context.database.read(lambda records: records.pending_until()):
        lapse = lapse_of(until, whole, shares, now=now)
        if lapse is not None and await context.database.read(
            lambda records, of=plan_id, late=lapse: records.round(of).lapse not in (late, "escalation")
        ):
            await context.kept(lambda records, of=plan_id, late=lapse: _lapsed(context, records, of, late))


def lapse_of(until: datetime, whole: timedelta, shares: ReminderShares, *, now: datetime) -> Lapse | None:
    """How late a plan is whose time of that length is over then; None where it is early yet."""
    passed = 1 - (until - now) / whole
    if passed >= shares.escalation:
        return "escalation"
    return "reminder" if passed >= shares.reminder else None


def _lapsed(context: DeploymentContext, records: Records, plan_id: str, lapse: Lapse) -> None:
    record = records.plan(plan_id)
    if record is None or record[1] != "pending":
        return
    plan = record[0]
    # A plan that its asker can decide alone waits for nobody who could be reminded.
    if may_decide(plan, plan.requested_by, context.rules, records.consents(plan)):
        return
    records.keep_round(records.round(plan_id).with_(is_for_others=True, lapse=lapse))
    if lapse == "escalation":
        conversation = records.conversation(plan.conversation)
        text = phrase("messaging.told.escalated", until=f"{plan.expires_at:%Y-%m-%d %H:%M}")
        context.tell(records, Message(conversation=conversation.id, turn=conversation.turn, text=text))
