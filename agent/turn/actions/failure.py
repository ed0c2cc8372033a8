"""Why something failed: what the last run of it said, what was undone, and what can be done."""

from agent.dialogue.steps import WhyFailed
from agent.turn.context import Outcome, TurnContext
from agent.turn.unknown import say_unknown
from agent.wording import next_words, state
from plugins.domain.deployment import Deployment


def tell_failure(context: TurnContext, step: WhyFailed) -> Outcome:
    """Of the workspace that is named, in whatever state; else of what failed last that this person may know of."""
    deployment = failed_of(context, step.workspace)
    if deployment is None:
        if step.workspace is not None and context.viewer.named(step.workspace, context.records) is None:
            return say_unknown(context, step.workspace)
        return context.say("nothing_failed", name=step.workspace or "", pending=context.is_pending)
    spoken = context.conversation.spoke_of(deployment.workspace_name)
    return Outcome(spoken).then(_told(context, deployment))


def failed_of(context: TurnContext, name: str | None) -> Deployment | None:
    """The newest that ended in a failure: of that name, else of this conversation, else of all that may be seen."""
    failed = [d for d in context.viewer.deployments(context.records) if d.error is not None]
    if name is not None:
        return next(
            (d for d in reversed(failed) if d.workspace_name.casefold() == name.casefold()), _last_here(context, failed)
        )
    return _last_here(context, failed) or max(failed, key=lambda d: d.updated_at, default=None)


def _last_here(context: TurnContext, failed: list[Deployment]) -> Deployment | None:
    here = [d for d in failed if d.conversation == context.conversation.id]
    return max(here, key=lambda d: d.updated_at, default=None)


def _told(context: TurnContext, deployment: Deployment) -> Outcome:
    error = deployment.error
    return context.say(
        "failure",
        name=deployment.workspace_name,
        when=f"{deployment.updated_at:%Y-%m-%d %H:%M} UTC",
        state=state(deployment.status),
        text=error.text if error else "",
        remedy=error.remedy if error else "",
        resource=(error.resource if error else None) or "",
        next=next_words(error) if error else "",
        pending=context.is_pending,
    )
