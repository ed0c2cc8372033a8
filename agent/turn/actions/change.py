"""Changing a deployed workspace: a draft of what it is, with the change put in."""

from functools import partial

from agent.dialogue.drafts import Draft, merged
from agent.dialogue.steps import ChangeDeployed
from agent.turn.actions.propose import ask_or_propose
from agent.turn.context import Outcome, TurnContext
from agent.turn.deployed_drafts import as_deployed
from agent.turn.put_aside import take_in_hand
from agent.turn.rights import refuse_relabelling, why_closed
from plugins.domain.deployment import Deployment
from plugins.domain.request import Environment


def change_deployed(context: TurnContext, step: ChangeDeployed) -> Outcome:
    """Proposes the change, or asks what it leaves open; what it does not name stays as it is."""
    deployment = context.viewer.named(step.workspace, context.records)
    if deployment is None:
        return context.unchanged()
    request = merged(as_deployed(deployment), step.statement)
    refusal = why_closed(context, deployment) or why_relabelled(context, step, deployment, request.environment)
    if refusal is not None:
        return refusal
    draft = Draft(
        # Names are found in any case, and the message's spelling would be another name.
        request=request.model_copy(update={"workspace_name": deployment.workspace_name}),
        doubts=step.doubts,
        deployment_id=deployment.deployment_id,
        changes=True,
        sources=step.statement.sources,
    )
    return context.in_turn(
        partial(take_in_hand, drafts=(draft,), unused=step.unused),
        lambda context: Outcome(context.conversation.spoke_of(deployment.workspace_name)),
        ask_or_propose,
    )


def why_relabelled(
    context: TurnContext, step: ChangeDeployed, deployment: Deployment, wanted: Environment | None
) -> Outcome | None:
    """Said where another environment is wished for; None where none is."""
    # "Move it to dev or staging" is a wish for another environment, whichever it is.
    if any(doubt.slot == "environment" for doubt in step.doubts):
        return refuse_relabelling(context, deployment, None)
    return refuse_relabelling(context, deployment, wanted) if wanted != deployment.decision.environment else None
