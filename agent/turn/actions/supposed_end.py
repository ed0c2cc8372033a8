"""What another end of a workspace would come to: the day, the days more or less, and what these would cost."""

from agent.dialogue.steps import SupposedEnd
from agent.turn.actions.extend import limit_of_life
from agent.turn.context import Outcome, TurnContext
from agent.turn.unknown import say_unknown
from agent.views.sum_words import over_days
from agent.wording import estimated, money
from plugins.check.expiry import moved_end


def tell_supposed_end(context: TurnContext, step: SupposedEnd) -> Outcome:
    """Nothing is moved by asking. What has no end is as dear with one, until it comes."""
    deployment = context.viewer.named(step.workspace, context.records)
    if deployment is None:
        return say_unknown(context, step.workspace)
    stood, limit = deployment.expires_on, limit_of_life(context, deployment)
    end = moved_end(stood if step.ending == "later" else None, step.days, today=context.today, limit=limit)
    more = (end.until - max(stood, context.today)).days if stood is not None else 0
    amount = over_days(deployment.cost.expected, abs(more))
    spoken = Outcome(context.conversation.spoke_of(deployment.workspace_name))
    return spoken.then(
        context.after(spoken).say(
            "supposed_end",
            name=deployment.workspace_name,
            stood=stood.isoformat() if stood is not None else "",
            until=end.until.isoformat(),
            day=f"{end.until:%A}",
            days=abs(more),
            less=more < 0,
            amount=money(amount, deployment.cost.currency),
            month=estimated(deployment.cost),
            lower_bound=deployment.cost.is_lower_bound,
            allowed=end.is_allowed,
            limit=end.limit,
            environment=deployment.decision.environment,
            asked=step.days,
            later=step.ending == "later",
            pending=context.is_pending,
        )
    )
