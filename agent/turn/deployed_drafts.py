"""Drafts about what stands: a change keeps what it does not name, and what is taken over stays as it is."""

from dataclasses import replace
from datetime import date

from agent.dialogue.drafts import Draft
from agent.turn.context import Reply
from agent.wording import words
from plugins.databricks.proposal import Proposal
from plugins.databricks.taken_over import changed_as_found
from plugins.deploy.adoption import group_of, name_of
from plugins.domain.deployment import Deployment
from plugins.domain.request import InfrastructureRequest


def as_it_stays(reply: Reply, draft: Draft) -> Draft:
    """The draft without what would make an existing workspace anew: each such wish is said to be one."""
    deployed = reply.records.deployment(draft.deployment_id or "") if draft.changes else None
    stays: dict[str, str] = {}
    if draft.adopt is not None:
        stays = {"workspace_name": name_of(draft.adopt)}
    elif deployed is not None and deployed.decision.is_taken_over:
        stays = {"region": deployed.decision.region, "network": deployed.decision.network}
    for field, value in stays.items():
        wanted = getattr(draft.request, field)
        if wanted is not None and wanted.casefold() != value.casefold():
            name = draft.request.workspace_name if draft.changes else value
            reply.say(
                "stays_as_it_is", name=name, what=words(field).removeprefix("workspace "), value=value.replace("_", " ")
            )
    return draft.model_copy(update={"request": draft.request.model_copy(update=stays)}) if stays else draft


def as_deployed(deployment: Deployment) -> InfrastructureRequest:
    """The request as it is to be changed. Its days were counted from another day; its end is the deployment's."""
    return deployment.request.model_copy(update={"workspace_name": deployment.workspace_name, "expires_in_days": None})


def with_its_end(request: InfrastructureRequest, deployed: Deployment | None, today: date) -> InfrastructureRequest:
    """What is decided and checked: a change that names no end keeps the one that there is, in days from today."""
    if deployed is None or deployed.expires_on is None or request.expires_in_days is not None:
        return request
    return request.model_copy(update={"expires_in_days": max((deployed.expires_on - today).days, 0)})


def as_it_stands(reply: Reply, draft: Draft, deployed: Deployment | None, proposal: Proposal) -> Proposal:
    """The proposal with what must stay as it is: of what is taken over, or of what is changed."""
    if draft.adopt:
        return _as_it_exists(draft, proposal)
    if deployed is None:
        return proposal
    if deployed.decision.is_taken_over:
        proposal = changed_as_found(proposal, deployed.decision, reply.settings.platform, reply.today)
    return _kept_as_deployed(draft.request, deployed, proposal)


def _kept_as_deployed(request: InfrastructureRequest, deployed: Deployment, proposal: Proposal) -> Proposal:
    """A change keeps the managed group and the dates that the workspace was deployed with, but for the end it names."""
    names_an_end = request.expires_in_days is not None
    kept = {
        "budget_start": deployed.decision.budget_start,
        "expires_on": proposal.decision.expires_on if names_an_end else deployed.expires_on,
        "managed_resource_group_name": deployed.decision.managed_resource_group_name,
        "resource_group_name": deployed.decision.resource_group_name,
        "existing_resource_group": deployed.decision.existing_resource_group,
    }
    return replace(proposal, decision=proposal.decision.model_copy(update=kept))


def _as_it_exists(draft: Draft, proposal: Proposal) -> Proposal:
    """A workspace taken over stays in its own groups; the resource group may hold what is not ours, and is left be.

    What else of it stands is found when it is planned: only Terraform looks at the cloud.
    """
    kept = {
        "workspace_name": name_of(draft.adopt or ""),
        "resource_group_name": group_of(draft.adopt or ""),
        "existing_resource_group": True,
        "managed_resource_group_name": "",
    }
    return replace(proposal, decision=proposal.decision.model_copy(update=kept))
