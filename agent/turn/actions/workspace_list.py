"""Which workspaces there are, as a table."""

from agent.dialogue.steps import ListDeployed
from agent.turn.context import Outcome, TurnContext
from agent.wording import money, phrase, state
from plugins.domain.deployment import Deployment


def list_deployed(context: TurnContext, step: ListDeployed) -> Outcome:
    """The workspaces that this person may speak of, of one environment or of all."""
    deployed = context.viewer.deployed(context.records)
    shown = [deployment for deployment in deployed if step.environment in (None, deployment.decision.environment)]
    if not shown:
        return context.say("nothing_deployed", environment=step.environment)
    title = phrase("turn.workspace_list.sandbox" if context.is_sandbox else "turn.workspace_list.title")
    columns = tuple(phrase("turn.workspace_list.columns").split(" | "))
    return context.table(title, columns, tuple(map(_row, shown)))


def _row(deployment: Deployment) -> tuple[str, ...]:
    return (
        deployment.workspace_name,
        state(deployment.status),
        deployment.decision.environment,
        deployment.request.owner or deployment.requested_by.name,
        deployment.decision.region,
        money(deployment.cost.expected, deployment.cost.currency),
        deployment.expires_on.isoformat() if deployment.expires_on else phrase("turn.workspace_list.never"),
    )
