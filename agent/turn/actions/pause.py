"""A pause, a stop or a start of what runs: no act of ours. What does stop it, and what bills meanwhile, is said."""

from agent.dialogue.steps import Pauses
from agent.turn.context import Outcome, TurnContext
from agent.wording import money
from plugins.databricks.proposal import while_idle


def tell_of_pauses(context: TurnContext, step: Pauses) -> Outcome:
    deployment = context.viewer.named(step.workspace, context.records) if step.workspace else None
    idle = while_idle(deployment.decision, context.settings.platform) if deployment is not None else None
    return context.say(
        "no_pause",
        name=deployment.workspace_name if deployment is not None else "",
        minutes=deployment.decision.autotermination_minutes if deployment is not None else 0,
        idle=money(idle.expected, idle.currency) if idle is not None else "",
        pending=context.is_pending,
    )
