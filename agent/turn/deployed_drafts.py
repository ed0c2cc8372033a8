"""Drafts about what stands: a change keeps what it does not name, and what is taken over stays as it is."""

from dataclasses import replace
from datetime import date

from agent.dialogue.drafts import Draft
from agent.turn.context import Outcome, TurnContext
from agent.wording import words
from plugins.databricks.proposal import Proposal
from plugins.databricks.taken_over import changed_as_found
from plugins.deploy.adoption import group_of, name_of
from plugins.domain.deployment import Deployment
from plugins.domain.request import InfrastructureRequest


def deployed_of(context: TurnContext, draft: Draft) -> Deployment | None:
    """What the draft changes; None for one that makes a workspace, or takes one over."""
    return context.records.deployment(draft.deployment_id or "") if draft.changes else None


def as_it_stays(context: TurnContext, draft: Draft) -> Draft:
    """The draft without what would make an existing workspace anew."""
    unchangeable = _unchangeable(context, draft)
    return draft.model_copy(update={"request": draft.request.model_copy(update=unchangeable)})


def tell_what_stays(context: TurnContext, draft: Draft) -> Outcome:
    """Says of each wish that would make an existing workspace anew that it is not granted."""
    outcome = context.unchanged()
    for field, value in _unchangeable(context, draft).items():
        wanted = getattr(draft.request, field)
        if wanted is not None and wanted.casefold() != value.casefold():
            name = draft.request.workspace_name if draft.changes else value
            what = words(field).removeprefix("workspace ")
            outcome = outcome.then(context.say("stays_as_it_is", name=name, what=what, value=value.replace("_", " ")))
    return outcome


def _unchangeable(context: TurnContext, draft: Draft) -> dict[str, str]:
    """Field → value of an existing workspace that was not built here: another value would replace it, and all in it."""
    deployed = deployed_of(context, draft)
    if draft.adopt is not None:
        return {"workspace_name": name_of(draft.adopt)}
    if deployed is not None and deployed.decision.is_taken_over:
        return {"region": deployed.decision.region, "network": deployed.decision.network}
    return {}


def as_deployed(deployment: Deployment) -> InfrastructureRequest:
    """The request as it is to be changed. Its days were counted from another day; its end is the deployment's."""
    return deployment.request.model_copy(update={"workspace_name": deployment.workspace_name, "expires_in_days": None})


def with_its_end(request: InfrastructureRequest, deployed: Deployment | None, today: date) -> InfrastructureRequest:
    """What is decided and checked: a change that names no end keeps the one that there is, in days from today."""
    if deployed is None or deployed.expires_on is None or request.expires_in_days is not None:
        return request
    return request.model_copy(update={"expires_in_days": max((deployed.expires_on - today).days, 0)})


def as_it_stands(context: TurnContext, draft: Draft, deployed: Deployment | None, proposal: Proposal) -> Proposal:
    """The proposal with what must stay as it is: of what is taken over, or of what is changed."""
    if draft.adopt:
        return _as_it_exists(draft, proposal)
    if deployed is None:
        return proposal
    if deployed.decision.is_taken_over:
        proposal = changed_as_found(proposal, deployed.decision, context.settings.platform, context.today)
    return _kept_as_deployed(draft.request, deployed, proposal)


def _kept_as_deployed(request: InfrastructureRequest, deployed: Deployment, proposal: Proposal) -> Proposal:
    """A change keeps the managed group and the dates that the workspace was deployed with, but for the end it names."""
    names_an_end = request.expires_in_days is not None
    as_before = {
        "budget_start": deployed.decision.budget_start,
        "expires_on": proposal.decision.expires_on if names_an_end else deployed.expires_on,
        "managed_resource_group_name": deployed.decision.managed_resource_group_name,
        "resource_group_name": deployed.decision.resource_group_name,
        "existing_resource_group": deployed.decision.existing_resource_group,
    }
    return replace(proposal, decision=proposal.decision.model_copy(update=as_before))


def _as_it_exists(draft: Draft, proposal: Proposal) -> Proposal:
    """A workspace taken over stays in its own groups; the resource group may hold what is not ours, and is left be.

    What else of it stands is found when it is planned: only Terraform looks at the cloud.
    """
    as_found = {
        "workspace_name": name_of(draft.adopt or ""),
        "resource_group_name": group_of(draft.adopt or ""),
        "existing_resource_group": True,
        "managed_resource_group_name": "",
    }
    return replace(proposal, decision=proposal.decision.model_copy(update=as_found))
