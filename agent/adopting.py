"""Taking over a workspace that exists: a draft bound to its Azure id, planned as an import that a person confirms."""

from dataclasses import dataclass

from agent.conversation import asked_or_proposed
from agent.drafts import Draft, doubts_of
from agent.proposing import ask_open, make_room, propose_drafts
from agent.reply import Reply
from plugins.deploy.adoption import import_ids
from plugins.domain.deployment import Deployment
from plugins.domain.errors import InvalidRequest
from plugins.domain.request import InfrastructureRequest
from plugins.domain.understanding import Act, Understanding

RESOURCE_ID = "workspace_resource_id"
"""The output that holds a deployed workspace's own Azure id."""


@dataclass(frozen=True)
class Adopting:
    """The workspace of that Azure id is to be taken over, as the rest of the message was understood."""

    azure_id: str
    understood: Understanding


def adopt(reply: Reply, meant: Adopting) -> Act:
    """Plans the import, or asks what it lacks; nothing is taken over before a person confirms that plan."""
    try:
        import_ids(meant.azure_id)
    except InvalidRequest as error:
        reply.say("invalid", problem=error.problem[:1].upper() + error.problem[1:], remedy=error.remedy)
        return "unclear"
    ours = _ours(reply, meant.azure_id)
    if ours is not None:
        reply.say("ours_already", name=ours.workspace_name)
        return "unclear"
    said = next(iter(meant.understood.requests), InfrastructureRequest())
    name = said.workspace_name or meant.azure_id.rsplit("/", 1)[1]
    request = said.model_copy(update={"capability": "databricks", "workspace_name": name})
    draft = Draft(request=request, doubts=doubts_of(meant.understood.doubts, 0), adopt=meant.azure_id)
    make_room(reply)
    reply.talk = reply.talk.with_(drafts=(draft,), earlier=(), offers=(), awaiting=None)
    reply.talk, following = asked_or_proposed(reply.talk, reply.world())
    if reply.talk.asked:
        ask_open(reply, getattr(following, "slots", ()))
    else:
        propose_drafts(reply)
    return "provision"


def foreign(reply: Reply, azure_id: str) -> Act:
    """Something was to be done to a workspace by its Azure id: ours is named, what is not ours is left alone."""
    ours = _ours(reply, azure_id)
    if ours is not None:
        reply.say("ours_already", name=ours.workspace_name)
    else:
        reply.say("not_ours", name=azure_id.rsplit("/", 1)[1], azure_id=azure_id)
    return "unclear"


def _ours(reply: Reply, azure_id: str) -> Deployment | None:
    """The workspace of that id among those that this person may speak of."""
    wanted = azure_id.casefold()
    return next((d for d in reply.visible() if str(d.outputs.get(RESOURCE_ID, "")).casefold() == wanted), None)
