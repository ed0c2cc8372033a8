"""What befell one workspace, from the audit."""

from agent.turn.context import Outcome, TurnContext
from agent.views.workspace_status import history_rows, workspace_status_of
from agent.wording import phrase
from plugins.domain.deployment import Deployment


def tell_history(context: TurnContext, deployment: Deployment) -> Outcome:
    """A row for each thing that befell it, the oldest first."""
    title = phrase("turn.history.title", name=deployment.workspace_name)
    columns = tuple(phrase("turn.history.columns").split(" | "))
    return context.table(title, columns, history_rows(workspace_status_of(context.records, deployment)))
