"""The Terraform of a plan or of a workspace, as files."""

from collections.abc import Mapping

from agent.events import File
from agent.turn.context import Outcome, TurnContext
from plugins.domain.deployment import Deployment
from plugins.domain.plan import Plan


def export_deployed(context: TurnContext, deployment: Deployment) -> Outcome:
    return _export(context, deployment.workspace_name, context.settings.export(deployment))


def export_plan(context: TurnContext, plan: Plan) -> Outcome:
    """The files of every workspace that the plan is about."""
    outcome = context.unchanged()
    for item in plan.items:
        outcome = outcome.then(_export(context, item.decision.workspace_name, item.files.files))
    return outcome


def _export(context: TurnContext, name: str, files: Mapping[str, str]) -> Outcome:
    exported = (
        File(
            conversation=context.conversation.id,
            turn=context.conversation.turn,
            name=f"{name}/{file_name}",
            media_type=_media_type(file_name),
            content=content,
        )
        for file_name, content in sorted(files.items())
    )
    announcement = context.say("exported", name=name, count=len(files), pending=context.is_pending)
    return announcement.then(context.tell(*exported))


def _media_type(name: str) -> str:
    return {"json": "application/json", "md": "text/markdown"}.get(name.rsplit(".", 1)[-1], "text/plain")
