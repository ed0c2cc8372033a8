"""Taking over a workspace that exists: a draft bound to its Azure id, planned as an import that a person confirms."""

from dataclasses import dataclass
from functools import partial

from agent.dialogue.drafts import Draft, doubts_of
from agent.turn.actions.propose import ask_or_propose
from agent.turn.context import Outcome, TurnContext
from agent.turn.put_aside import take_in_hand
from plugins.deploy.adoption import name_of
from plugins.domain.deployment import Deployment
from plugins.domain.errors import InvalidRequest
from plugins.domain.request import InfrastructureRequest
from plugins.domain.understanding import Act, Understanding

_AS_FOUND = frozenset({"workspace_name", "region", "network"})
"""Slots that nobody is asked for: what stands tells them, once it is looked at."""

_ANY_REGION = "eastus"
"""What stands in until then, where nobody named one and the settings have no default."""


@dataclass(frozen=True)
class AdoptionRequest:
    """The workspace of that Azure id is to be taken over, as the rest of the message was understood."""

    azure_id: str
    understood: Understanding


def adopt(context: TurnContext, meant: AdoptionRequest) -> tuple[Outcome, Act]:
    """Plans the import, or asks what it lacks; nothing is taken over before a person confirms that plan. With the act
    that it counts as.
    """
    try:
        own_name = name_of(meant.azure_id)
    except InvalidRequest as error:
        problem = error.problem[:1].upper() + error.problem[1:]
        return context.say("invalid", problem=problem, remedy=error.remedy), "unclear"
    ours = context.records.holding(meant.azure_id)
    if ours is not None:
        return _say_ours(context, ours), "unclear"
    draft = _draft(meant, own_name, context.settings.platform.defaults.region or _ANY_REGION)
    return context.in_turn(partial(take_in_hand, drafts=(draft,)), ask_or_propose), "provision"


def _draft(meant: AdoptionRequest, own_name: str, region: str) -> Draft:
    request = next(iter(meant.understood.requests), InfrastructureRequest())
    as_found = {
        "capability": "databricks",
        "workspace_name": request.workspace_name or own_name,
        "region": request.region or region,
    }
    doubts = tuple(doubt for doubt in doubts_of(meant.understood.doubts, 0) if doubt.slot not in _AS_FOUND)
    return Draft(request=request.model_copy(update=as_found), doubts=doubts, adopt=meant.azure_id)


def foreign(context: TurnContext, azure_id: str) -> Outcome:
    """Something was to be done to a workspace by its Azure id: ours is named, what is not ours is left alone."""
    ours = context.records.holding(azure_id)
    if ours is not None:
        return _say_ours(context, ours)
    rules = context.settings.rules
    approver = rules.approver if rules.import_needs_approver else ""
    return context.say("not_ours", name=azure_id.rsplit("/", 1)[1], azure_id=azure_id, approver=approver)


def _say_ours(context: TurnContext, ours: Deployment) -> Outcome:
    """It is looked after already; for whom and how is told to those who may speak of it."""
    if context.viewer.named(ours.workspace_name, context.records) == ours:
        return context.say("ours_already", name=ours.workspace_name)
    return context.say("somebody_elses", approver=context.settings.rules.approver)
