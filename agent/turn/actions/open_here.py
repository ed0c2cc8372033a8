"""Where the talk stands: what waits, what was asked, what runs; and taking up a question that was left elsewhere."""

from agent.dialogue.advance import MOST_QUESTIONS
from agent.dialogue.drafts import OpenSlot, open_slots
from agent.turn.actions.ask import ask, ask_open
from agent.turn.actions.shown_plan import show_plan
from agent.turn.context import Outcome, TurnContext
from agent.views.open_matters import open_matters, told_open
from agent.wording import MOST_NAMES, state, summary, words
from plugins.domain.deployment import Deployment


def tell_open(context: TurnContext) -> Outcome:
    """Everything that is open for this person, here and elsewhere, and the open question once more; or that nothing is,
    and what came last.
    """
    elsewhere = tell_waiting(context)
    here = context.after(elsewhere)
    conversation = here.conversation
    is_idle = conversation.is_idle and not conversation.asked
    last = _last_of(context) if is_idle else None
    told = here.say(
        "open_here",
        planning=conversation.planning is not None,
        open=", ".join(map(words, conversation.asked)),
        drafts=[summary(draft.request) for draft in conversation.drafts[:MOST_NAMES]],
        unplanned=bool(conversation.drafts) and conversation.pending is None,
        nothing=is_idle and not elsewhere.events,
        last=last.workspace_name if last else "",
        state=state(last.status) if last else "",
    )
    outcome = elsewhere.then(told)
    return outcome.then(ask_again(context.after(outcome)))


def ask_again(context: TurnContext) -> Outcome:
    """The questions of the draft that are open, once more; nothing where none is."""
    is_asked = bool(context.conversation.asked) and context.conversation.awaiting is None
    slots = _open_slots(context) if is_asked else ()
    return ask(context, slots) if slots else context.unchanged()


def tell_waiting(context: TurnContext) -> Outcome:
    """What is open beside the question in hand; nothing where nothing is."""
    here = context.conversation.id
    return context.message(told_open(context.records, context.viewer, context.settings.wording, here=here))


def resume(context: TurnContext) -> Outcome:
    """The request that was left with a question open, taken up here; else the plan of theirs that waits, shown here."""
    matters = open_matters(context.records, context.viewer)
    if matters.questions:
        return _take_up(context, matters.questions[0].id)
    if matters.plans:
        return show_plan(context, matters.plans[0][0].plan_id)
    return context.say("nothing_to_resume")


def _take_up(context: TurnContext, other: str) -> Outcome:
    """One question is open in one place: there it is let go of, in this turn's transaction."""
    left = context.records.conversation(other)
    context.records.keep_conversation(
        left.with_(drafts=(), earlier=(), unused=(), asked=(), offers=(), awaiting=None, imagined=None),
        now=context.now,
    )
    taken = context.with_conversation(drafts=left.drafts, earlier=left.earlier, unused=left.unused, asked=left.asked)
    here = context.after(taken)
    return taken.then(ask_open(here, _open_slots(here)))


def _open_slots(context: TurnContext) -> tuple[OpenSlot, ...]:
    region = context.settings.platform.defaults.region
    return open_slots(context.conversation.drafts, region)[:MOST_QUESTIONS]


def _last_of(context: TurnContext) -> Deployment | None:
    """The workspace of theirs in which something happened last."""
    own = [d for d in context.viewer.deployments(context.records) if d.requested_by.key == context.incoming.person.key]
    return max(own, key=lambda d: d.updated_at, default=None)
