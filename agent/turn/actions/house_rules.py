"""The rules of the house: whose yes it takes, what a month may cost, and what may be built; and what they say of a plan
that waits.
"""

from agent.turn.actions.who_decides import say_deciders
from agent.turn.context import Outcome, TurnContext
from agent.wording import money


def tell_policy(context: TurnContext) -> Outcome:
    platform, plan = context.settings.platform, context.pending_plan()
    policy = platform.policy
    findings = [finding for item in plan.items for finding in item.policy] if plan is not None else []
    currency = platform.defaults.currency
    told = context.say(
        "house_rules",
        limits=[(name, money(rules.cost_limit, currency)) for name, rules in policy.environments.items()],
        regions=", ".join(policy.allowed_regions),
        sizes=", ".join(policy.allowed_sizes),
        tags=", ".join(policy.required_tags),
        findings=list(dict.fromkeys(f"{finding.message} {finding.remedy}" for finding in findings)),
        pending=context.is_pending,
    )
    return say_deciders(context).then(told)
