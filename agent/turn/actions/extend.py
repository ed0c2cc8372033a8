"""The end of a workspace: set, moved or removed at once, within the policy; no plan, for no resource changes.

What has no end is given none unasked: it is asked whether it shall end then.
"""

from datetime import date, timedelta

from agent.dialogue.offers import NEVER
from agent.dialogue.steps import About
from agent.events import Choice
from agent.store.audit import changed
from agent.turn.actions.propose import supersede, void_expiry
from agent.turn.actions.quote import say_read_only
from agent.turn.context import Reply
from agent.turn.rights import is_closed
from plugins.check.expiry import longest_life, moved_end
from plugins.domain.deployment import Deployment

_SLOT = "expires_in_days"


def move_end(reply: Reply, deployment: Deployment, step: About) -> None:
    """Moves the end as the step says, or asks what is missing for that."""
    if is_closed(reply, deployment):
        return
    if reply.settings.reads_only:
        say_read_only(reply, "extend", deployment.workspace_name)
    elif step.removes:
        _remove(reply, deployment)
    elif step.doubt is not None or not step.days:
        _ask(reply, deployment, step)
    elif deployment.expires_on is None and not (step.ending == "at" or step.is_agreed):
        _ask_whether(reply, deployment, step.days)
    else:
        _set(reply, deployment, step, step.days)


def _set(reply: Reply, deployment: Deployment, step: About, days: int) -> None:
    counts_on = step.ending == "later" and deployment.expires_on is not None
    counted_from = deployment.expires_on if counts_on else None
    end = moved_end(counted_from, days, today=reply.today, limit=_limit(reply, deployment))
    until = end.until
    if not end.is_allowed:
        reply.say(
            "extend_refused",
            name=deployment.workspace_name,
            expires=until.isoformat(),
            limit=end.limit,
            environment=deployment.decision.environment,
        )
        return
    deed = "extended" if counts_on or step.ending == "until" else "set the end"
    _keep(reply, deployment, until, deed, f"until {until.isoformat()}")
    reply.say("extended", name=deployment.workspace_name, expires=until.isoformat())


def _remove(reply: Reply, deployment: Deployment) -> None:
    name, limit = deployment.workspace_name, _limit(reply, deployment)
    if deployment.expires_on is None:
        reply.say("end_none", name=name)
    elif limit is not None:
        reply.say("end_needed", name=name, limit=limit, environment=deployment.decision.environment)
    else:
        _keep(reply, deployment, None, "removed the end", f"it was {deployment.expires_on.isoformat()}")
        reply.say("end_removed", name=name)


def _keep(reply: Reply, deployment: Deployment, until: date | None, deed: str, detail: str) -> None:
    reply.records.keep_deployment(deployment.model_copy(update={"expires_on": until, "updated_at": reply.now}))
    was = deployment.expires_on.isoformat() if deployment.expires_on else None
    moved = changed({"expires_on": was}, {"expires_on": until.isoformat() if until else None})
    reply.note(deed, detail, deployment_id=deployment.deployment_id, change=moved)
    void_expiry(reply, deployment)
    _void_destroy(reply, deployment)


def _void_destroy(reply: Reply, deployment: Deployment) -> None:
    """Whoever speaks of its end does not want it gone at once."""
    pending = reply.talk.pending
    if pending and reply.records.called(pending.plan_id) == ("destroy", (deployment.workspace_name,)):
        supersede(reply)
        reply.talk = reply.talk.with_(drafts=())


def _ask(reply: Reply, deployment: Deployment, step: About) -> None:
    """In how many days: of what has no end, whether it shall end at all."""
    if deployment.expires_on is None:
        _ask_whether(reply, deployment, None, doubted=step.doubt.said if step.doubt else "")
        return
    reply.talk = reply.talk.with_(asked=(_SLOT,), awaiting="extend", days=None)
    reply.ask((reply.settings.wording.question(_SLOT, step.doubt),))


def _ask_whether(reply: Reply, deployment: Deployment, days: int | None, *, doubted: str = "") -> None:
    ends = (reply.today + timedelta(days=days)).isoformat() if days else ""
    _void_destroy(reply, deployment)
    text = reply.settings.wording.say("end_whether", name=deployment.workspace_name, ends=ends, doubted=doubted)
    question = reply.settings.wording.question(_SLOT)
    said = (Choice(label=f"On {ends}", value=str(days)),) if days else ()
    others = tuple(choice for choice in question.choices if choice.value != str(days))
    never = Choice(label="It keeps no end", value=NEVER)
    reply.talk = reply.talk.with_(asked=(_SLOT,), awaiting="extend", days=days or 0)
    reply.ask((question.model_copy(update={"text": text, "choices": (*said, *others, never)}),))


def _limit(reply: Reply, deployment: Deployment) -> int | None:
    return longest_life(reply.settings.platform.policy, deployment.decision.environment)
