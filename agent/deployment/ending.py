"""A plan that waits, ended by nobody: its time passed, or a price changed. The draft stays to be changed."""

from typing import Literal

from agent.deployment.context import DeploymentContext
from agent.deployment.dispatcher import Dispatcher
from agent.events import ApprovalNoted
from agent.orders import DiscardOrder
from agent.store.audit import BRICKIE, Entry, changed
from agent.store.records import Records
from agent.views.news import note_decision


def ended(
    context: DeploymentContext,
    work: Dispatcher,
    records: Records,
    plan_id: str,
    *,
    status: Literal["expired", "superseded"],
    reason: str,
    deed: str,
) -> list[DiscardOrder]:
    """Ends it in the caller's transaction, and tells its conversation why; nothing where it was decided meanwhile. Give
    the orders to `committed` once that is kept.
    """
    now, head = context.clock(), records.plan_head(plan_id)
    if head is None or not records.settle_plan(plan_id, status):
        return []
    conversation = records.conversation(head.conversation)
    record = records.plan(plan_id) if status == "expired" else None
    if record is not None:
        note_decision(records, record[0], status, by=None, now=now)
    # The audit before the conversation: in another order two transactions could wait for each other.
    records.note(
        Entry(
            now,
            BRICKIE,
            deed,
            plan_id=plan_id,
            conversation=conversation.id,
            change=changed({"plan": "pending"}, {"plan": status}),
        )
    )
    if plan_id in {pending.plan_id for pending in conversation.awaiting_decision}:
        records.keep_conversation(conversation.without(plan_id, keeping_drafts=True), now=now)
    records.forget_plan(plan_id)
    noted = ApprovalNoted(
        conversation=conversation.id,
        turn=conversation.turn,
        plan_id=plan_id,
        status=status,
        by=None,
        reason=reason,
    )
    context.tell(records, noted)
    orders = [DiscardOrder(plan_id)]
    work.order(records, orders)
    return orders
