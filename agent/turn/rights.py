"""What stands, and who may touch it: its owner and approvers, while nothing is under way, and never its environment."""

from agent.dialogue.drafts import Draft
from agent.turn.context import BUSY, Reply
from agent.wording import state
from plugins.domain.deployment import Deployment
from plugins.domain.plan import Person
from plugins.domain.request import Environment


def is_closed(reply: Reply, deployment: Deployment) -> bool:
    """True, and said, where this person may see the workspace and not touch it, or while something is under way."""
    if is_anothers(reply, deployment.requested_by, deployment.workspace_name):
        return True
    if deployment.status not in BUSY:
        return False
    reply.say("busy", name=deployment.workspace_name, state=state(deployment.status))
    return True


def is_anothers(reply: Reply, owner: Person, name: str) -> bool:
    """True, and said, where it is neither this person's nor are they an approver: a shared conversation shows it, and
    gives no right to it.
    """
    if reply.may_touch(owner):
        return False
    reply.say("not_yours", name=name, owner=owner.name)
    return True


def is_barred(reply: Reply) -> bool:
    """True, and said, where a draft would change what is another's, or give what stands another environment or name.

    The drafts are then as before, and a plan that waits goes on waiting.
    """
    for draft in reply.talk.drafts:
        stands = _stands(reply, draft)
        if stands is not None and _is_barred(reply, draft, stands):
            earlier = reply.talk.earlier[-1:] or (tuple(_as_it_stands(reply, each) for each in reply.talk.drafts),)
            reply.talk = reply.talk.with_(drafts=earlier[-1], earlier=reply.talk.earlier[:-1], asked=())
            return True
    return False


def _is_barred(reply: Reply, draft: Draft, stands: Deployment) -> bool:
    if is_anothers(reply, stands.requested_by, stands.workspace_name):
        return True
    if draft.request.environment != stands.decision.environment:
        refuse_relabelling(reply, stands, draft.request.environment)
        return True
    if draft.request.workspace_name not in (None, stands.workspace_name):
        reply.say("no_rename", name=stands.workspace_name)
        return True
    return False


def _stands(reply: Reply, draft: Draft) -> Deployment | None:
    return reply.records.deployment(draft.deployment_id or "") if draft.changes else None


def _as_it_stands(reply: Reply, draft: Draft) -> Draft:
    stands = _stands(reply, draft)
    if stands is None:
        return draft
    kept = {"environment": stands.decision.environment, "workspace_name": stands.workspace_name}
    return draft.model_copy(update={"request": draft.request.model_copy(update=kept)})


def refuse_relabelling(reply: Reply, stands: Deployment, wanted: Environment | None) -> None:
    """What stands keeps its environment: rules, limits and network hang on it, and so does who was asked."""
    reply.say("no_relabel", name=stands.workspace_name, environment=stands.decision.environment, wanted=wanted)
