"""How it stands: the plan that waits, one workspace, or what is still open."""

import re
from dataclasses import replace

from agent.turn.context import Outcome, TurnContext
from agent.turn.health import can_be_looked_at
from agent.views.plan import awaited
from agent.views.workspace_status import status_words, workspace_status_of
from agent.wording import money, several, words
from plugins.domain.deployment import Deployment
from plugins.domain.plan import Plan

_STANDS = re.compile(r"\b(?:status|news|ready|up|done|running|built|deployed|far|stand)\b", re.IGNORECASE)
_SEES = re.compile(r"\b(?:plan|show|see|again|repeat|details?)\b", re.IGNORECASE)
"""Words that ask how a plan stands, and those that ask to see it."""


def tell_status(context: TurnContext) -> Outcome:
    """The pending plan once more, same id and digest, or how it stands where that is asked; else what there is."""
    plan = context.pending_plan()
    # Who asks for both is shown the plan: it tells more, and a yes then counts for it.
    if plan is not None and _STANDS.search(context.text) and not _SEES.search(context.text):
        return _tell_plan_status(context, plan)
    return show_in_hand(context)


def show_in_hand(context: TurnContext) -> Outcome:
    """The pending plan once more; else the one workspace that there is, or what is still open."""
    plan = context.pending_plan()
    if plan is not None:
        return context.show_plan(plan)
    deployed = context.viewer.deployed(context.records)
    if not context.conversation.drafts and len(deployed) == 1:
        return tell_workspace_status(context, deployed[0])
    return context.say(
        "status_none",
        planning=bool(context.conversation.planning),
        open=", ".join(map(words, context.conversation.asked)),
    )


def tell_workspace_status(context: TurnContext, deployment: Deployment) -> Outcome:
    status = workspace_status_of(context.records, deployment)
    told = context.message(status_words(status, context.settings.wording, pending=context.is_pending))
    return replace(told, look=deployment) if can_be_looked_at(deployment) else told


def _tell_plan_status(context: TurnContext, plan: Plan) -> Outcome:
    return context.say(
        "status_pending",
        action=plan.action,
        names=several([item.decision.workspace_name for item in plan.items]),
        expected=money(plan.cost.expected, plan.cost.currency),
        until=f"{plan.expires_at:%Y-%m-%d %H:%M} UTC",
        by=awaited(plan, context.settings.rules, context.records.consents(plan)),
    )
