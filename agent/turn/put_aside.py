"""Requests that wait beside the one in hand: put aside by another one, and taken up again when that is decided."""

from functools import partial

from agent.dialogue.advance import MOST_QUESTIONS
from agent.dialogue.drafts import Draft, open_slots
from agent.dialogue.state import SetAsideRequest
from agent.turn.actions.ask import ask
from agent.turn.actions.pending_plan import supersede, void
from agent.turn.context import Outcome, TurnContext
from agent.wording import MOST_NAMES, phrase, several, summary


def take_in_hand(context: TurnContext, drafts: tuple[Draft, ...], unused: tuple[str, ...] = ()) -> Outcome:
    """Another request, with what was said of it and not used: what was in hand is put aside, or superseded where it is
    of the same workspace.
    """
    deployment_id = drafts[0].deployment_id
    # What was never planned has no id: two such drafts are two requests.
    in_hand = {draft.deployment_id for draft in context.conversation.drafts} - {None}
    room = supersede(context) if deployment_id in in_hand else put_aside(context)
    begun = {"drafts": drafts, "unused": unused, "earlier": (), "asked": (), "offers": ()}
    return room.then(context.after(room).with_conversation(**begun))


def put_aside(context: TurnContext) -> Outcome:
    """What is in hand stays as it is, beside what comes now; a plan that was only shown here is let go of."""
    conversation = context.conversation
    if conversation.pending is not None and conversation.pending.is_shown:
        conversation = conversation.with_(pending=None)
    outcome = Outcome(conversation.put_aside())
    if len(outcome.conversation.aside) == len(conversation.aside):
        return outcome
    return outcome.then(tell_put_aside(context.after(outcome), outcome.conversation.aside[-1]))


def tell_put_aside(context: TurnContext, aside: SetAsideRequest) -> Outcome:
    """Tells that another request begins, that this one stays, and how each is decided."""
    return context.say("second_request", name=_name(context, aside), how=_how(context, aside))


def resume(context: TurnContext) -> Outcome:
    """With nothing in hand any more, the request that was put aside last is; its plan is shown again before a bare yes
    counts.
    """
    if not context.conversation.is_idle or not context.conversation.aside:
        return context.unchanged()
    aside = context.conversation.aside[-1]
    conversation = context.conversation.taken_up()
    region = context.settings.platform.defaults.region
    is_planned = aside.pending is not None or aside.planning is not None
    slots = () if is_planned else open_slots(conversation.drafts, region)[:MOST_QUESTIONS]
    resumed = context.after(Outcome(conversation.with_(asked=tuple(slot.slot for slot in slots))))
    outcome = resumed.say("resumed", name=_name(context, aside), how=_how(context, aside), open=bool(slots))
    return outcome.then(ask(resumed, slots)) if slots else outcome


def void_all(context: TurnContext) -> Outcome:
    """Every request that was put aside ends, and its plan with it."""
    outcome = context.in_turn(*(partial(_void, aside=aside) for aside in context.conversation.aside))
    return outcome.then(context.after(outcome).with_conversation(aside=()))


def _void(context: TurnContext, aside: SetAsideRequest) -> Outcome:
    reason, deed = phrase("turn.put_aside.started_over"), phrase("turn.put_aside.start_over")
    return void(context, aside.pending, aside.planning, reason=reason, deed=deed)


def bring_forward(context: TurnContext, *, plan_id: str | None = None, workspace: str | None = None) -> Outcome:
    """Takes up the request of that plan, or of that workspace, if it was put aside."""
    for at, aside in enumerate(context.conversation.aside):
        is_of_plan = plan_id is not None and aside.pending is not None and aside.pending.plan_id == plan_id
        if is_of_plan or (workspace is not None and workspace in _names(context, aside)):
            return Outcome(context.conversation.taken_up(at))
    return context.unchanged()


def _name(context: TurnContext, aside: SetAsideRequest) -> str:
    """How people call it: its workspaces' names, or what was said of it."""
    names = _names(context, aside)
    if names:
        return several(names)
    return summary(aside.drafts[0].request) if aside.drafts else phrase("turn.put_aside.unnamed")


def _how(context: TurnContext, aside: SetAsideRequest) -> str:
    """What to say to build exactly that one; empty while it has no plan."""
    if aside.pending is None:
        return ""
    names = _names(context, aside)
    # A yes by name must name them all: nobody types hundreds of names.
    if len(names) > MOST_NAMES:
        return phrase("turn.put_aside.show", plan_id=aside.pending.plan_id)
    return phrase("turn.put_aside.yes", names=", ".join(names))


def _names(context: TurnContext, aside: SetAsideRequest) -> tuple[str, ...]:
    """The workspaces' names, as far as they are known: by the plan, or as they were asked for."""
    if aside.pending is not None:
        return context.records.called(aside.pending.plan_id)[1]
    return tuple(draft.request.workspace_name for draft in aside.drafts if draft.request.workspace_name)
