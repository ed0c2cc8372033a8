"""A plan that waits, shown here: to look at it again, or for somebody who may decide it to do so from here on."""

from agent.approvals import may_decide
from agent.dialogue.state import PendingPlan
from agent.turn.actions.status import show_in_hand
from agent.turn.context import Outcome, TurnContext
from agent.turn.put_aside import bring_forward
from agent.wording import phrase
from plugins.domain.plan import Plan


def show_plan(context: TurnContext, plan_id: str | None) -> Outcome:
    """That plan, or without an id the one in hand."""
    if plan_id is None:
        return show_in_hand(context)
    record = context.records.plan(plan_id)
    if record is None or record[1] != "pending" or not context.viewer.may_see(record[0], context.records):
        return context.say("no_such_plan", plan_id=plan_id)
    return context.in_turn(
        lambda turn: bring_forward(turn, plan_id=plan_id),
        lambda turn: _show_here(turn, record[0]),
    )


def _show_here(context: TurnContext, plan: Plan) -> Outcome:
    """Shows it; where it is another conversation's, and this person may decide it, they may from here on do so here."""
    person, pending = context.incoming.person, context.conversation.pending
    is_decidable = may_decide(plan, person, context.settings.rules, context.records.consents(plan, person))
    if not is_decidable or plan.conversation == context.conversation.id:
        return context.show_plan(plan)
    # In the place of an own plan it would take the yes that was meant for that one.
    if pending is not None and not pending.is_shown:
        return context.say("own_plan_first")
    # A yes counts away from home only for whoever was shown the plan there: that is looked up in the records.
    context.records.show_in(plan.plan_id, context.conversation.id, person.key, now=context.now)
    context.note(phrase("turn.shown_plan.looked"), plan_id=plan.plan_id)
    shown = PendingPlan(plan_id=plan.plan_id, digest=plan.digest, is_shown=True)
    return context.in_turn(lambda turn: turn.with_conversation(pending=shown), lambda turn: turn.show_plan(plan))
