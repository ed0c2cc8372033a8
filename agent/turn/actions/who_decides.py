"""Whose yes it takes: the roles that the rules name, and the people who are known to hold them."""

from functools import partial

from agent.turn.context import Outcome, TurnContext
from agent.views.plan import approvers_of, awaited, people
from agent.wording import money, phrase, several
from plugins.domain.approval import ApprovalRule
from plugins.domain.plan import Plan


def tell_who_decides(context: TurnContext) -> Outcome:
    """Of the plan that waits here, else of those that this person asked for and that wait; else what the rules say."""
    pending = context.pending_plan()
    key = context.incoming.person.key
    asked = [plan for plan, _ in context.viewer.waiting(context.records) if plan.requested_by.key == key]
    waiting = [pending] if pending is not None else asked
    if waiting:
        return context.in_turn(*(partial(_tell_of, plan=plan) for plan in waiting))
    return say_deciders(context, nothing_waits=True)


def say_deciders(context: TurnContext, *, nothing_waits: bool = False) -> Outcome:
    """What the rules say, whatever waits."""
    rules = context.settings.rules
    return context.say(
        "who_decides",
        rules=[_rule_words(rule) for rule in rules.rules],
        approver=rules.approver,
        nothing_waits=nothing_waits,
    )


def _tell_of(context: TurnContext, plan: Plan) -> Outcome:
    rules, consents = context.settings.rules, context.records.consents(plan)
    roles = {approvers.role for approvers in approvers_of(plan, rules, consents)}
    known = sorted({name for role in roles for name in context.records.people_with(role)} - _barred(context, plan))
    return context.say(
        "plan_waits_for",
        plan_id=plan.plan_id,
        action=plan.action,
        names=several([item.decision.workspace_name for item in plan.items]),
        month=money(plan.cost.expected, plan.cost.currency),
        by=awaited(plan, rules, consents),
        known=known,
        given=[person.name for person in consents.given],
        since=f"{plan.created_at:%Y-%m-%d %H:%M} UTC",
        until=f"{plan.expires_at:%Y-%m-%d %H:%M} UTC",
    )


def _barred(context: TurnContext, plan: Plan) -> set[str]:
    """Whose yes does not count, or has been given."""
    rules, consents = context.settings.rules, context.records.consents(plan)
    other = {name for approvers in approvers_of(plan, rules, consents) for name in approvers.other_than}
    return other | {person.name for person in consents.given}


def _rule_words(rule: ApprovalRule) -> str:
    where = rule.environment or phrase("turn.who_decides.anywhere")
    what = phrase(f"turn.who_decides.{rule.action or 'any'}")
    above = phrase("turn.who_decides.above", amount=f"{rule.above:,.2f}") if rule.above is not None else ""
    other = phrase("turn.who_decides.other") if rule.other_than_asker else ""
    who = people(rule.role, rule.count) + other
    return phrase("turn.who_decides.rule", where=where, what=what, above=above, people=who)
