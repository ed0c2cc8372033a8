"""Which plans await this person: those that they asked for, and those that they may decide."""

from agent.approvals import may_decide
from agent.store.plans import WaitingPlan
from agent.turn.context import Outcome, TurnContext
from agent.wording import estimated, phrase, several


def list_waiting(context: TurnContext) -> Outcome:
    rows = tuple(
        (
            waiting.plan_id,
            waiting.action,
            several(waiting.workspaces),
            *_price_and_age(context, waiting),
            waiting.requested_by.name,
            f"{waiting.expires_at:%Y-%m-%d %H:%M} UTC",
            role,
        )
        for waiting in context.records.waiting()
        if (role := _role(context, waiting)) is not None
    )
    if not rows:
        return context.say("nothing_waits")
    columns = tuple(phrase("turn.waiting.columns").split(" | "))
    return context.in_turn(
        lambda turn: turn.table(phrase("turn.waiting.title"), columns, rows),
        lambda turn: turn.say("waiting", first=rows[0][0]),
    )


def _price_and_age(context: TurnContext, waiting: WaitingPlan) -> tuple[str, str]:
    """A month of it, and for how long it has waited."""
    record = context.records.plan(waiting.plan_id)
    if record is None:
        return "", ""
    plan, hours = record[0], int((context.now - record[0].created_at).total_seconds() // 3600)
    unit, count = ("hours", hours) if hours < _A_DAY else ("days", hours // _A_DAY)
    age = phrase(f"turn.waiting.{unit}", **{unit: count})
    return estimated(plan.cost), age


_A_DAY = 24


def _role(context: TurnContext, waiting: WaitingPlan) -> str | None:
    """What this person is to that plan: who may decide it, who asked for it, or nobody."""
    record, person = context.records.plan(waiting.plan_id), context.incoming.person
    if record is None:
        return None
    if may_decide(record[0], person, context.settings.rules, context.records.consents(record[0], person)):
        return phrase("turn.waiting.may_decide")
    return phrase("turn.waiting.asked_for_it") if waiting.requested_by.key == person.key else None
