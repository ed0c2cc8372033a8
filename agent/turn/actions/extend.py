"""The end of a workspace: set, moved or removed at once, within the policy; no plan, for no resource changes.

What has no end is given none unasked: it is asked whether it shall end then.
"""

from datetime import date, timedelta

from agent.dialogue.offers import NEVER
from agent.dialogue.steps import About
from agent.events import Choice
from agent.store.audit import changed
from agent.turn.actions.pending_plan import supersede, void_expiry
from agent.turn.actions.quote import say_read_only
from agent.turn.context import Outcome, TurnContext
from agent.turn.rights import why_closed
from agent.wording import phrase
from plugins.check.expiry import longest_life, moved_end
from plugins.domain.deployment import Deployment

_SLOT = "expires_in_days"


def move_end(context: TurnContext, deployment: Deployment, step: About) -> Outcome:
    """Moves the end as the step says, or asks what is missing for that."""
    if refusal := why_closed(context, deployment):
        return refusal
    if context.settings.reads_only:
        return say_read_only(context, "extend", deployment.workspace_name)
    if step.removes:
        return _remove(context, deployment)
    if step.doubt is not None or not step.days:
        return _ask(context, deployment, step)
    # “Extend it” is no wish for an end where there is none.
    if deployment.expires_on is None and step.is_one_of_several and step.ending != "at":
        return context.say("end_none_to_move", name=deployment.workspace_name)
    if deployment.expires_on is None and not (step.ending == "at" or step.is_agreed):
        return _ask_whether(context, deployment, step.days)
    return _set(context, deployment, step, step.days)


def _set(context: TurnContext, deployment: Deployment, step: About, days: int) -> Outcome:
    counts_on = step.ending == "later" and deployment.expires_on is not None
    counted_from = deployment.expires_on if counts_on else None
    end = moved_end(counted_from, days, today=context.today, limit=limit_of_life(context, deployment))
    until = end.until
    if not end.is_allowed:
        return context.say(
            "extend_refused",
            name=deployment.workspace_name,
            expires=until.isoformat(),
            limit=end.limit,
            environment=deployment.decision.environment,
        )
    # “Can it stay until friday?” asks for no shorter life.
    expires = deployment.expires_on
    if step.ending == "until" and expires is not None and until < expires and "?" in context.text:
        name = deployment.workspace_name
        return context.say("end_is_later", name=name, expires=expires.isoformat(), day=until.isoformat())
    deed = phrase("turn.extend.extended" if counts_on or step.ending == "until" else "turn.extend.set")
    detail = phrase("turn.extend.until", day=until.isoformat())
    return context.in_turn(
        lambda turn: _keep(turn, deployment, until, (deed, detail)),
        lambda turn: turn.say("extended", name=deployment.workspace_name, expires=until.isoformat(), day=f"{until:%A}"),
    )


def restore_end(context: TurnContext, deployment: Deployment, until: date | None) -> Outcome:
    """The end as it was before it was moved, within the policy."""
    if until is not None:
        days = (until - context.today).days
        return _set(context, deployment, About("extend", deployment.workspace_name, days, ending="at"), days)
    return _remove(context, deployment)


def _remove(context: TurnContext, deployment: Deployment) -> Outcome:
    name, limit = deployment.workspace_name, limit_of_life(context, deployment)
    if deployment.expires_on is None:
        return context.say("end_none", name=name)
    if limit is not None:
        return context.say("end_needed", name=name, limit=limit, environment=deployment.decision.environment)
    deed = (phrase("turn.extend.removed"), phrase("turn.extend.was", day=deployment.expires_on.isoformat()))
    return context.in_turn(
        lambda turn: _keep(turn, deployment, None, deed), lambda turn: turn.say("end_removed", name=name)
    )


def _keep(context: TurnContext, deployment: Deployment, until: date | None, deed: tuple[str, str]) -> Outcome:
    """The end as it is from here on, in the records and, with that deed and its detail, in the audit. What was planned
    because of the old one is void.
    """
    # At once and without a plan: the end is ours alone, no resource in the cloud knows of it.
    # In the decision as well: every screen that shows one of them shows the other.
    decision = deployment.decision.model_copy(update={"expires_on": until})
    ended = {"expires_on": until, "decision": decision, "updated_at": context.now}
    context.records.keep_deployment(deployment.model_copy(update=ended))
    before = deployment.expires_on.isoformat() if deployment.expires_on else None
    moved = changed({"expires_on": before}, {"expires_on": until.isoformat() if until else None})
    context.note(*deed, deployment_id=deployment.deployment_id, change=moved)
    return context.in_turn(
        lambda turn: void_expiry(turn, deployment),
        lambda turn: _void_destroy(turn, deployment),
    )


def _void_destroy(context: TurnContext, deployment: Deployment) -> Outcome:
    """Whoever speaks of its end does not want it gone at once."""
    pending = context.conversation.pending
    if not pending or context.records.called(pending.plan_id) != ("destroy", (deployment.workspace_name,)):
        return context.unchanged()
    return context.in_turn(supersede, lambda turn: turn.with_conversation(drafts=()))


def _ask(context: TurnContext, deployment: Deployment, step: About) -> Outcome:
    """In how many days: of what has no end, whether it shall end at all."""
    if deployment.expires_on is None:
        return _ask_whether(context, deployment, None, doubted=step.doubt.said if step.doubt else "")
    question = context.settings.wording.question(_SLOT, step.doubt)
    return context.in_turn(
        lambda turn: turn.with_conversation(asked=(_SLOT,), awaiting="extend", days=None),
        lambda turn: turn.ask(question),
    )


def _ask_whether(context: TurnContext, deployment: Deployment, days: int | None, *, doubted: str = "") -> Outcome:
    """Whether what has no end shall end then, or when at all."""
    ends = (context.today + timedelta(days=days)).isoformat() if days else ""
    text = context.settings.wording.say("end_whether", name=deployment.workspace_name, ends=ends, doubted=doubted)
    question = context.settings.wording.question(_SLOT)
    wanted = (Choice(label=phrase("turn.extend.on", day=ends), value=str(days)),) if days else ()
    others = tuple(choice for choice in question.choices if choice.value != str(days))
    never = Choice(label=phrase("turn.extend.never"), value=NEVER)
    asked = question.model_copy(update={"text": text, "choices": (*wanted, *others, never)})
    return context.in_turn(
        lambda turn: _void_destroy(turn, deployment),
        lambda turn: turn.with_conversation(asked=(_SLOT,), awaiting="extend", days=days or 0),
        lambda turn: turn.ask(asked),
    )


def limit_of_life(context: TurnContext, deployment: Deployment) -> int | None:
    return longest_life(context.settings.platform.policy, deployment.decision.environment)
