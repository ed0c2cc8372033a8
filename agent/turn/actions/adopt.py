"""Taking over a workspace that exists: a draft bound to its Azure id, planned as an import that a person confirms."""

from dataclasses import dataclass

from agent.dialogue.advance import asked_or_proposed
from agent.dialogue.drafts import Draft, doubts_of
from agent.turn.actions.ask import ask_open
from agent.turn.actions.propose import propose_drafts
from agent.turn.context import Reply
from agent.turn.put_aside import make_room
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


def adopt(reply: Reply, meant: AdoptionRequest) -> Act:
    """Plans the import, or asks what it lacks; nothing is taken over before a person confirms that plan."""
    try:
        own_name = name_of(meant.azure_id)
    except InvalidRequest as error:
        reply.say("invalid", problem=error.problem[:1].upper() + error.problem[1:], remedy=error.remedy)
        return "unclear"
    ours = reply.records.holding(meant.azure_id)
    if ours is not None:
        _say_ours(reply, ours)
        return "unclear"
    said = next(iter(meant.understood.requests), InfrastructureRequest())
    name = said.workspace_name or own_name
    region = said.region or reply.settings.platform.defaults.region or _ANY_REGION
    request = said.model_copy(update={"capability": "databricks", "workspace_name": name, "region": region})
    doubts = tuple(doubt for doubt in doubts_of(meant.understood.doubts, 0) if doubt.slot not in _AS_FOUND)
    draft = Draft(request=request, doubts=doubts, adopt=meant.azure_id)
    reply.take(make_room(reply.context()))
    reply.talk = reply.talk.with_(drafts=(draft,), earlier=(), offers=(), awaiting=None)
    reply.talk, following = asked_or_proposed(reply.talk, reply.world())
    if reply.talk.asked:
        reply.take(ask_open(reply.context(), getattr(following, "slots", ())))
    else:
        propose_drafts(reply)
    return "provision"


def foreign(reply: Reply, azure_id: str) -> Act:
    """Something was to be done to a workspace by its Azure id: ours is named, what is not ours is left alone."""
    ours = reply.records.holding(azure_id)
    if ours is not None:
        _say_ours(reply, ours)
    else:
        rules = reply.settings.rules
        approver = rules.approver if rules.import_needs_approver else ""
        reply.say("not_ours", name=azure_id.rsplit("/", 1)[1], azure_id=azure_id, approver=approver)
    return "unclear"


def _say_ours(reply: Reply, ours: Deployment) -> None:
    """It is looked after already; for whom and how is told to those who may speak of it."""
    if reply.named(ours.workspace_name) == ours:
        reply.say("ours_already", name=ours.workspace_name)
    else:
        reply.say("somebody_elses", approver=reply.settings.rules.approver)
