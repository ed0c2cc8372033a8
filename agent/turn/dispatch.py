"""What a message that was understood comes to: one arm for each thing that it can mean, one action behind each arm.

None of them confirms: a person's own decision on a plan comes from its click or its letter straight to `approve`.
"""

from dataclasses import dataclass, replace

from agent.dialogue.advance import advance
from agent.dialogue.consent import refuses_something, speaks_against
from agent.dialogue.drafts import distinction
from agent.dialogue.literal import PutOff, ShowAgain, is_doubted, meant_instead
from agent.dialogue.state import Conversation, Offer, PendingPlan
from agent.dialogue.steps import (
    About,
    AboutSeveral,
    Ask,
    ChangeDeployed,
    ChangeSeveral,
    Compare,
    CompareWorkspaces,
    Explain,
    InSight,
    ListDeployed,
    OfTheTalk,
    Pauses,
    Price,
    Propose,
    Rates,
    Reject,
    Say,
    Spend,
    Step,
    SupposedEnd,
    SupposedOfMany,
    UndoDeployed,
    WhoDecides,
    WhyFailed,
)
from agent.events import Command
from agent.turn.actions.about import about
from agent.turn.actions.adopt import AdoptionRequest, adopt
from agent.turn.actions.approve import reject
from agent.turn.actions.ask import ask_open
from agent.turn.actions.batch import propose_batch
from agent.turn.actions.change import change_deployed
from agent.turn.actions.command import obey
from agent.turn.actions.compare import compare
from agent.turn.actions.cost import price
from agent.turn.actions.explain import explain
from agent.turn.actions.failure import tell_failure
from agent.turn.actions.in_sight import tell_in_sight
from agent.turn.actions.of_the_talk import answer_of_the_talk
from agent.turn.actions.offer import take_offer
from agent.turn.actions.open_here import ask_again, tell_waiting
from agent.turn.actions.pause import tell_of_pauses
from agent.turn.actions.pending_plan import drop, supersede
from agent.turn.actions.propose import propose_drafts
from agent.turn.actions.rates import tell_rates
from agent.turn.actions.remark import is_remark, pass_on
from agent.turn.actions.removed_credential import tell_removed
from agent.turn.actions.several import about_several, change_several
from agent.turn.actions.side_by_side import side_by_side
from agent.turn.actions.spend import spend
from agent.turn.actions.supposed_end import tell_supposed_end
from agent.turn.actions.supposed_of_many import tell_supposed_of_many
from agent.turn.actions.undo import undo_deployed
from agent.turn.actions.who_decides import tell_who_decides
from agent.turn.actions.workspace_list import list_deployed
from agent.turn.context import Outcome, TurnContext
from agent.turn.put_aside import bring_forward, resume, tell_put_aside, void_all
from agent.turn.relative import absolute, like_what_stands
from agent.turn.several_orders import OrdersRead, carry_out
from agent.turn.unused import say_unused
from agent.wording import deed, several, words
from plugins.credentials import hidden
from plugins.domain.understanding import MOST_CHARACTERS, Act, Understanding
from plugins.parse import phrases
from plugins.parse.batch import Batch


@dataclass(frozen=True)
class TooLong:
    length: int


@dataclass(frozen=True)
class TooSlow:
    """A text of that length, which could not be read in time."""

    length: int


Acted = tuple[Outcome, Act]
"""What an action came to, and the act that is reported of it."""

_QUESTIONS: frozenset[Act] = frozenset({"cost", "explain", "compare", "status", "list", "history", "export", "help"})

Meant = PutOff | ShowAgain | Offer | Understanding | OrdersRead | Command | AdoptionRequest | Batch | TooLong | TooSlow

_NOTHING_MORE: frozenset[Act] = frozenset({"unclear", "out_of_scope", "greet"})
"""What is left of a message that held a credential and nothing else."""


def act_upon(context: TurnContext, meant: Meant) -> Acted:
    """Carries out what is meant; what was put aside is taken up again when nothing is in hand any more."""
    before = context.conversation.pending
    outcome, act = _acted_upon(context, meant)
    still = outcome.conversation.pending
    puts_off = isinstance(meant, PutOff)
    if still is not None and still == before and not puts_off and is_doubted(context.text, act):
        outcome = replace(outcome, conversation=outcome.conversation.doubted())
    return outcome.then(resume(context.after(outcome))), act


def _acted_upon(context: TurnContext, meant: Meant) -> Acted:
    """Of a credential that was typed along with what is meant, it is said what to do."""
    if not context.incoming.removed:
        return _acted(context, meant)
    is_all = isinstance(meant, Understanding) and meant.act in _NOTHING_MORE
    warned = tell_removed(context, waits=is_all and context.is_pending)
    if is_all:
        return warned, "unclear"
    outcome, act = _acted(context, meant)
    return warned.then(outcome), act


def _acted(context: TurnContext, meant: Meant) -> Acted:
    match meant:
        case Offer():
            return take_offer(context, meant), "answer"
        case AdoptionRequest():
            return adopt(context, meant)
        case Batch():
            return propose_batch(context, meant)
        case TooLong() | TooSlow():
            return _not_read(context, meant), "unclear"
        case ShowAgain():
            return _shown_again(context), "unclear"
        case PutOff():
            return _put_off(context), "unclear"
        case Understanding():
            return _meant_alone(context, meant)
        case OrdersRead():
            return carry_out(context, meant, _meant_alone)
        case _:
            return obey(context, meant)


def _meant_alone(context: TurnContext, meant: Understanding) -> Acted:
    conversation = context.conversation
    if meant.act != "destroy" or conversation.pending is None or meant_instead(context.text, conversation) is None:
        return _understood(context, _without_secrets(meant))
    # What nobody meant does not wait on: a bare yes could be taken for it later.
    taken_back = supersede(context)
    outcome, act = _understood(context.after(taken_back), _without_secrets(meant))
    return taken_back.then(outcome), act


def _not_read(context: TurnContext, text: TooLong | TooSlow) -> Outcome:
    length = f"{text.length:,}"
    if isinstance(text, TooSlow):
        return context.say("too_slow", length=length)
    return context.say("too_long", length=length, most=f"{MOST_CHARACTERS:,}")


def _understood(context: TurnContext, meant: Understanding) -> Acted:
    if is_remark(context, meant):
        return pass_on(context), "amend"
    if meant.act == "reset" and context.conversation.aside and refuses_something(context.text):
        meant = replace(meant, act="reject")
    workspace = next((r.workspace_name for r in meant.requests if r.workspace_name), None)
    forward = bring_forward(context, workspace=workspace)
    if forward.conversation == context.conversation:
        return _advanced(context, meant)
    # What the turn was loaded with knew of the plan that was in hand before.
    outcome, act = _advanced(replace(context.after(forward), known=None), meant)
    if meant.act in _QUESTIONS:
        outcome = replace(outcome, conversation=context.conversation.doubted())
    return forward.then(outcome), act


def _advanced(context: TurnContext, meant: Understanding) -> Acted:
    before = context.conversation
    meant = like_what_stands(context, absolute(context, meant))
    conversation, step = advance(before, meant, context.index())
    is_same = [draft.request for draft in conversation.drafts] == [draft.request for draft in before.drafts]
    repeats = isinstance(step, Propose) and meant.act in ("provision", "amend", "answer") and is_same
    moved = Outcome(conversation)
    if repeats and before.pending is not None:
        status = about(context.after(moved), About("status", None))
        return moved.then(status), _shown_act(meant, step)
    outcome = moved.then(_told_first(context.after(moved), meant, before))
    outcome = outcome.then(_taken(context.after(outcome), step))
    if meant.act == "reset":
        outcome = outcome.then(void_all(context.after(outcome)))
    return outcome, _shown_act(meant, step)


def _told_first(context: TurnContext, meant: Understanding, before: Conversation) -> Outcome:
    """What became of the request that was in hand, and of words that became nothing."""
    conversation = context.conversation
    outcome = context.say("alike", name=meant.like) if meant.like else context.unchanged()
    if len(conversation.aside) > len(before.aside):
        outcome = outcome.then(tell_put_aside(context, conversation.aside[-1]))
    removed = [before.drafts[at] for at in meant.remove if 0 <= at < len(before.drafts)]
    if removed and len(conversation.drafts) < len(before.drafts):
        names = several([distinction(draft, before.drafts) for draft in removed])
        outcome = outcome.then(context.say("left_out", names=names))
    if meant.act in ("provision", "amend", "answer") and meant.topic:
        outcome = outcome.then(context.say("tier", wished=meant.topic, act=meant.act))
    return outcome.then(say_unused(context, meant))


def _without_secrets(meant: Understanding) -> Understanding:
    """The same, with no secret among the words that are said back."""
    statements = tuple(
        replace(s, sources=tuple((field, hidden(words)) for field, words in s.sources)) for s in meant.statements
    )
    return replace(meant, statements=statements, unused=tuple(map(hidden, meant.unused)))


def _shown_again(context: TurnContext) -> Outcome:
    """The plan once more before a bare yes counts: what was said since it was shown may have been a no."""
    pending = context.conversation.pending
    kept = context.records.plan(pending.plan_id) if pending else None
    return context.unchanged() if kept is None else context.say("doubted").then(context.show_plan(kept[0]))


def _put_off(context: TurnContext) -> Outcome:
    """Nobody decides now: how long the plan waits."""
    pending = context.conversation.pending
    head = context.records.plan_head(pending.plan_id) if pending else None
    if head is None or pending is None:
        return context.unchanged()
    names = several(list(context.records.called(pending.plan_id)[1]))
    return context.say("put_off", names=names, until=f"{head.expires_at:%Y-%m-%d %H:%M} UTC")


def _shown_act(meant: Understanding, step: Step) -> Act:
    """The act as reported: what was answered to a question of an act counts as that act."""
    if isinstance(step, About) and meant.act in ("answer", "provision", "amend", "unclear"):
        return step.act
    return "unclear" if isinstance(step, Say) and step.reply == "unclear" else meant.act


def _taken(context: TurnContext, step: Step) -> Outcome:
    match step:
        case Ask():
            void = supersede(context) if step.purpose == "provision" else context.unchanged()
            return void.then(ask_open(context.after(void), step.slots))
        case Propose():
            return propose_drafts(context)
        case ChangeDeployed() | ChangeSeveral() | UndoDeployed():
            return _changed(context, step)
        case Reject():
            pending = context.conversation.pending or PendingPlan(plan_id="", digest="")
            return reject(context, pending)
        case Say():
            return _said(context, step)
        case _:
            return _informed(context, step)


def _changed(context: TurnContext, step: ChangeDeployed | ChangeSeveral | UndoDeployed) -> Outcome:
    match step:
        case ChangeDeployed():
            return change_deployed(context, step)
        case ChangeSeveral():
            return change_several(context, step)
        case UndoDeployed():
            return undo_deployed(context, step)


_OfMoney = Price | Rates | Spend | Compare | CompareWorkspaces | SupposedEnd | SupposedOfMany


def _of_money(context: TurnContext, step: _OfMoney) -> Outcome:
    match step:
        case Price():
            return price(context, step)
        case Rates():
            return tell_rates(context, step)
        case Spend():
            return spend(context, step)
        case Compare():
            return compare(context, step)
        case CompareWorkspaces():
            return side_by_side(context, step)
        case SupposedEnd():
            return tell_supposed_end(context, step)
        case SupposedOfMany():
            return tell_supposed_of_many(context, step)


_Explaining = Explain | WhyFailed | WhoDecides | Pauses | OfTheTalk | InSight
_Informing = About | AboutSeveral | _OfMoney | _Explaining | ListDeployed


def _informed(context: TurnContext, step: _Informing) -> Outcome:
    match step:
        case About():
            return about(context, step)
        case AboutSeveral():
            return about_several(context, step)
        case Price() | Rates() | Spend() | Compare() | CompareWorkspaces() | SupposedEnd() | SupposedOfMany():
            return _of_money(context, step)
        case ListDeployed():
            return list_deployed(context, step)
        case _:
            return _explained(context, step)


def _explained(context: TurnContext, step: _Explaining) -> Outcome:
    match step:
        case Explain():
            return explain(context, step)
        case WhyFailed():
            return tell_failure(context, step)
        case WhoDecides():
            return tell_who_decides(context)
        case Pauses():
            return tell_of_pauses(context, step)
        case OfTheTalk():
            return answer_of_the_talk(context, step)
        case InSight():
            return tell_in_sight(context, step)


def _said(context: TurnContext, step: Say) -> Outcome:
    dropped = drop(context) if step.reply == "reset" else context.unchanged()
    context = context.after(dropped)
    plan, conversation = context.pending_plan(), context.conversation
    reply = context.say(
        step.reply,
        name="",
        sandbox=context.is_sandbox,
        pending=context.is_pending,
        typed=plan.confirm.phrase if plan else None,
        action=plan.action if plan else None,
        deed=deed(plan.action, [item.decision.workspace_name for item in plan.items], plan.cost) if plan else "",
        planning=conversation.planning is not None,
        open=", ".join(dict.fromkeys(words(slot) for slot in conversation.asked)),
        empty=not context.text.strip(),
        topic=step.topic,
        thanked=phrases.says("thanks", context.text),
        leaves=phrases.says("farewell", context.text),
        doubted=speaks_against(context.text),
        reads_only=context.settings.reads_only,
    )
    if step.reply == "greet":
        return reply.then(tell_waiting(context.after(reply)))
    # What was not understood may have been meant as an answer: the question stands there again, with its choices.
    outcome = dropped.then(reply)
    return outcome.then(ask_again(context.after(outcome))) if step.reply == "unclear" and plan is None else outcome
