"""A request that somebody began in another conversation, on whichever channel, goes on in this one.

It moves; no consent does, and no right: it is planned again here as this identity's own, and the plan in the other
conversation is void. Both identities must be verified to be one person's.
"""

from functools import partial

from agent.dialogue.drafts import Draft
from agent.dialogue.state import Conversation
from agent.events import ApprovalNoted, Message
from agent.turn.actions.destroy import destroy
from agent.turn.actions.pending_plan import discard
from agent.turn.actions.propose import ask_or_propose
from agent.turn.context import Outcome, TurnContext
from agent.turn.put_aside import take_in_hand
from agent.turn.rights import why_barred, why_not_theirs
from agent.wording import phrase
from plugins.domain.deployment import Deployment
from plugins.domain.understanding import Act

_MOST_LOOKED_AT = 20
"""Of each identity's conversations, the latest first."""


def continue_here(context: TurnContext, plan_id: str | None) -> tuple[Outcome, Act]:
    """Takes over the request of that plan, else what was in hand last in another conversation of this person's; where
    nothing was, says how.
    """
    home = _home_of(context, plan_id) if plan_id else _in_hand_elsewhere(context)
    if home is None:
        return context.say("nothing_to_continue"), "unclear"
    going = _going(context, home)
    if len(going) > 1:
        return context.say("continue_destroys", count=len(going)), "unclear"
    if going:
        return _ending(context, home, going[0]), "destroy"
    drafts = tuple(_as_own(draft) for draft in home.drafts)
    refusal = why_barred(context.after(context.with_conversation(drafts=drafts)))
    if refusal is not None:
        return Outcome(context.conversation, refusal.events), "unclear"
    begun = partial(take_in_hand, drafts=drafts, unused=home.unused)
    return context.in_turn(partial(_moved, home=home), begun, ask_or_propose), "provision"


def _in_hand_elsewhere(context: TurnContext) -> Conversation | None:
    """The conversation that was used last of those in which this person has something in hand."""
    records, here = context.records, context.conversation.id
    summaries = [
        summary
        for key in records.keys_of(context.incoming.person)
        for summary in records.conversations_of(key, most=_MOST_LOOKED_AT)
        if summary.id != here
    ]
    for summary in sorted(summaries, key=lambda one: one.updated_at, reverse=True):
        home = records.conversation(summary.id)
        if home.drafts or (home.pending is not None and not home.pending.is_shown):
            return home
    return None


def _home_of(context: TurnContext, plan_id: str) -> Conversation | None:
    """Another conversation of theirs that has this plan in hand still."""
    record = context.records.plan(plan_id)
    if record is None or record[0].requested_by.key not in context.records.keys_of(context.incoming.person):
        return None
    home = context.records.conversation(record[0].conversation)
    is_elsewhere = home.id != context.conversation.id
    is_own = home.pending is not None and home.pending.plan_id == plan_id and not home.pending.is_shown
    return home if is_elsewhere and is_own else None


def _ending(context: TurnContext, home: Conversation, deployment: Deployment) -> Outcome:
    refusal = why_not_theirs(context, deployment.requested_by, deployment.workspace_name)
    return refusal or context.in_turn(partial(_moved, home=home), partial(destroy, deployment=deployment))


def _going(context: TurnContext, home: Conversation) -> tuple[Deployment, ...]:
    """The workspaces whose end is in hand there: a draft alone would read as a change of them."""
    own = home.pending if home.pending is not None and not home.pending.is_shown else None
    plan_id = own.plan_id if own is not None else home.planning
    if plan_id is None or context.records.called(plan_id)[0] != "destroy":
        return ()
    ids = context.records.deployments_of(plan_id)
    return tuple(one for one in map(context.records.deployment, ids) if one is not None)


def _as_own(draft: Draft) -> Draft:
    """As somebody asks for it anew: what was only planned gets an id of its own."""
    return draft if draft.changes else draft.model_copy(update={"deployment_id": None})


def _moved(context: TurnContext, home: Conversation) -> Outcome:
    """It is in hand there no more: its plan is void, and whoever reads there is told."""
    if context.settings.reads_only:
        return context.unchanged()
    pending = home.pending.plan_id if home.pending is not None and not home.pending.is_shown else None
    plan_ids = [plan_id for plan_id in (pending, home.planning) if plan_id is not None]
    told: list[ApprovalNoted | Message] = []
    for plan_id in plan_ids:
        if context.records.settle_plan(plan_id, "superseded", was=("planning", "pending")):
            context.note_end(phrase("turn.continue_here.went_on"), plan_id, "superseded")
            told.append(_void(home, plan_id))
    # The audit before the conversation: in another order two transactions could wait for each other.
    context.records.keep_conversation(home.taken_away(), now=context.now)
    text = context.settings.wording.say("continued_elsewhere", name=context.incoming.person.name)
    told.append(Message(conversation=home.id, turn=home.turn, text=text))
    context.records.log(home.id, told, source="work", now=context.now)
    said = context.say("continued_here", planned=bool(plan_ids))
    return said.then(context.in_turn(*(partial(discard, plan_id=plan_id) for plan_id in plan_ids)))


def _void(home: Conversation, plan_id: str) -> ApprovalNoted:
    reason = phrase("turn.continue_here.reason")
    return ApprovalNoted(
        conversation=home.id, turn=home.turn, plan_id=plan_id, status="superseded", by=None, reason=reason
    )
