"""Why an act upon a workspace is refused: somebody else's, under way, or to be given another environment or name.

Each refusal is an `Outcome` that says why; None stands for nothing against it.
"""

from agent.dialogue.drafts import Draft
from agent.store.deployments import BUSY
from agent.turn.context import Outcome, TurnContext
from agent.turn.deployed_drafts import deployed_of
from agent.wording import state
from plugins.domain.deployment import Deployment
from plugins.domain.plan import Person
from plugins.domain.request import Environment


def why_closed(context: TurnContext, deployment: Deployment) -> Outcome | None:
    """Said where this person may see the workspace and not touch it, or while something is under way upon it."""
    refusal = why_not_theirs(context, deployment.requested_by, deployment.workspace_name)
    if refusal is None and deployment.status in BUSY:
        return context.say("busy", name=deployment.workspace_name, state=state(deployment.status))
    return refusal


def why_not_theirs(context: TurnContext, owner: Person, name: str) -> Outcome | None:
    """Said where it is neither this person's nor are they an approver: a shared conversation shows it, and gives no
    right to it.
    """
    return None if context.viewer.may_touch(owner) else context.say("not_yours", name=name, owner=owner.name)


def why_barred(context: TurnContext) -> Outcome | None:
    """Said where a draft would change what is another's, or give what stands another environment or name.

    The drafts are then as before, and a plan that waits goes on waiting.
    """
    for draft in context.conversation.drafts:
        deployed = deployed_of(context, draft)
        refusal = _why_unchangeable(context, draft, deployed) if deployed is not None else None
        if refusal is not None:
            return refusal.then(_with_drafts_of_before(context))
    return None


def refuse_relabelling(context: TurnContext, deployment: Deployment, wanted: Environment | None) -> Outcome:
    """What stands keeps its environment: rules, limits and network hang on it, and so does who was asked."""
    environment = deployment.decision.environment
    return context.say("no_relabel", name=deployment.workspace_name, environment=environment, wanted=wanted)


def _why_unchangeable(context: TurnContext, draft: Draft, deployed: Deployment) -> Outcome | None:
    refusal = why_not_theirs(context, deployed.requested_by, deployed.workspace_name)
    if refusal is not None:
        return refusal
    if draft.request.environment != deployed.decision.environment:
        return refuse_relabelling(context, deployed, draft.request.environment)
    # Another name would be another workspace in place of this one.
    if draft.request.workspace_name not in (None, deployed.workspace_name):
        return context.say("no_rename", name=deployed.workspace_name)
    return None


def _with_drafts_of_before(context: TurnContext) -> Outcome:
    conversation = context.conversation
    *earlier, before = conversation.earlier or (tuple(_as_deployed(context, draft) for draft in conversation.drafts),)
    return context.with_conversation(drafts=before, earlier=tuple(earlier), asked=())


def _as_deployed(context: TurnContext, draft: Draft) -> Draft:
    """The draft under the environment and name that its workspace has."""
    deployed = deployed_of(context, draft)
    if deployed is None:
        return draft
    labels = {"environment": deployed.decision.environment, "workspace_name": deployed.workspace_name}
    return draft.model_copy(update={"request": draft.request.model_copy(update=labels)})
