"""What a message that was understood makes of a reply: one arm for each thing that it can mean."""

from dataclasses import dataclass, replace

from agent.dialogue.advance import advance
from agent.dialogue.consent import refuses_something, speaks_against
from agent.dialogue.drafts import told_apart
from agent.dialogue.plan_replies import ShowAgain, is_doubted
from agent.dialogue.state import Conversation, Offer, PendingPlan
from agent.dialogue.steps import (
    About,
    Ask,
    ChangeDeployed,
    Compare,
    Explain,
    ListDeployed,
    Price,
    Propose,
    Reject,
    Say,
    Step,
)
from agent.events import Button, Command
from agent.turn.actions.about import about
from agent.turn.actions.adopt import AdoptionRequest, adopt
from agent.turn.actions.approve import confirm, reject
from agent.turn.actions.ask import ask_open
from agent.turn.actions.batch import propose_batch
from agent.turn.actions.change import change_deployed
from agent.turn.actions.command import obey
from agent.turn.actions.compare import compare
from agent.turn.actions.cost import price
from agent.turn.actions.explain import explain
from agent.turn.actions.offer import take_offer
from agent.turn.actions.pending_plan import drop, supersede
from agent.turn.actions.propose import propose_drafts
from agent.turn.actions.remark import is_remark, pass_on
from agent.turn.actions.workspace_list import list_deployed
from agent.turn.context import Reply
from agent.turn.put_aside import bring_forward, resume, tell_put_aside, void_all
from agent.turn.unused import say_unused
from agent.wording import credential_words, deed, several, words
from plugins.domain.secrecy import hidden
from plugins.domain.understanding import Act, Understanding
from plugins.parse.batch import Batch

MOST_CHARACTERS = 60_000
"""Longest message that is read: a list of 400 workspaces fits twice."""


@dataclass(frozen=True)
class TooLong:
    length: int


@dataclass(frozen=True)
class TooSlow:
    """A text of that length, which could not be read in time."""

    length: int


_QUESTIONS: frozenset[Act] = frozenset({"cost", "explain", "compare", "status", "list", "history", "export", "help"})

Meant = Button | ShowAgain | Offer | Understanding | Command | AdoptionRequest | Batch | TooLong | TooSlow


_NOTHING_MORE: frozenset[Act] = frozenset({"unclear", "out_of_scope", "greet"})
"""What is left of a message that held a credential and nothing else."""


def act_upon(reply: Reply, meant: Meant) -> Act:
    """Carries out what is meant; what was put aside is taken up again when nothing is in hand any more."""
    before = reply.talk.pending
    act = _acted_upon(reply, meant)
    still = reply.talk.pending
    if still is not None and still == before and not isinstance(meant, Button) and is_doubted(_text(reply), act):
        reply.talk = reply.talk.doubted()
    reply.take(resume(reply.context()))
    return act


def _acted_upon(reply: Reply, meant: Meant) -> Act:
    """Of a credential that was typed along with what is meant, it is said what to do."""
    if removed := reply.incoming.removed:
        is_all = isinstance(meant, Understanding) and meant.act in _NOTHING_MORE
        reply.say("credential_removed", waits=is_all and reply.pending, **credential_words(removed))
        reply.note("typed a credential, which was cut out", ", ".join(kind.name for kind in removed))
        if is_all:
            return "unclear"
    return _acted(reply, meant)


def _acted(reply: Reply, meant: Meant) -> Act:
    match meant:
        case Button(action="confirm"):
            reply.take(confirm(reply.context(), meant.plan_id or "", meant.digest or "", meant.value))
            return "confirm"
        case Button():
            pending = PendingPlan(plan_id=meant.plan_id or "", digest=meant.digest or "")
            reply.take(reject(reply.context(), pending))
            return "reject"
        case Offer():
            reply.take(take_offer(reply.context(), meant))
            return "answer"
        case AdoptionRequest():
            outcome, act = adopt(reply.context(), meant)
            reply.take(outcome)
            return act
        case Batch():
            outcome, act = propose_batch(reply.context(), meant)
            reply.take(outcome)
            return act
        case TooLong() | TooSlow():
            return _unread(reply, meant)
        case ShowAgain():
            return _shown_again(reply)
        case Understanding():
            return _understood(reply, meant)
        case _:
            outcome, act = obey(reply.context(), meant)
            reply.take(outcome)
            return act


def _unread(reply: Reply, meant: TooLong | TooSlow) -> Act:
    length = f"{meant.length:,}"
    if isinstance(meant, TooLong):
        reply.say("too_long", length=length, most=f"{MOST_CHARACTERS:,}")
    else:
        reply.say("too_slow", length=length)
    return "unclear"


def _understood(reply: Reply, meant: Understanding) -> Act:
    meant = _without_secrets(meant)
    if is_remark(reply.context(), meant):
        reply.take(pass_on(reply.context()))
        return "amend"
    if meant.act == "reset" and reply.talk.aside and refuses_something(_text(reply)):
        meant = replace(meant, act="reject")
    before = reply.talk
    named = next((r.workspace_name for r in meant.requests if r.workspace_name), None)
    reply.take(bring_forward(reply.context(), workspace=named))
    if reply.talk == before:
        return _advanced(reply, meant)
    reply.known = None  # it knew of the plan that was in hand before
    act = _advanced(reply, meant)
    if meant.act in _QUESTIONS:
        reply.talk = before.doubted()
    return act


def _advanced(reply: Reply, meant: Understanding) -> Act:
    before = reply.talk
    reply.talk, step = advance(before, meant, reply.world())
    same = [draft.request for draft in reply.talk.drafts] == [draft.request for draft in before.drafts]
    repeats = isinstance(step, Propose) and meant.act == "provision" and same
    if repeats and before.pending is not None:
        reply.take(about(reply.context(), About("status", None)))
        return _shown_act(meant, step)
    _tell_first(reply, meant, before)
    _take(reply, step, empty=not _text(reply).strip())
    if meant.act == "reset":
        reply.take(void_all(reply.context()))
    return _shown_act(meant, step)


def _tell_first(reply: Reply, meant: Understanding, before: Conversation) -> None:
    """What became of the request that was in hand, and of words that became nothing."""
    if len(reply.talk.aside) > len(before.aside):
        reply.take(tell_put_aside(reply.context(), reply.talk.aside[-1]))
    removed = [before.drafts[at] for at in meant.remove if 0 <= at < len(before.drafts)]
    if removed and len(reply.talk.drafts) < len(before.drafts):
        reply.say("left_out", names=several([told_apart(draft, before.drafts) for draft in removed]))
    reply.take(say_unused(reply.context(), meant))


def _without_secrets(meant: Understanding) -> Understanding:
    """The same, with no secret among the words that are said back."""
    statements = tuple(
        replace(s, sources=tuple((field, hidden(words)) for field, words in s.sources)) for s in meant.statements
    )
    return replace(meant, statements=statements, unused=tuple(map(hidden, meant.unused)))


def _shown_again(reply: Reply) -> Act:
    """The plan once more before a bare yes counts: what was said since it was shown may have been a no."""
    found = reply.records.plan(reply.talk.pending.plan_id) if reply.talk.pending else None
    if found is not None:
        reply.say("doubted")
        reply.show_plan(found[0])
    return "unclear"


def _text(reply: Reply) -> str:
    return reply.context().text


def _shown_act(meant: Understanding, step: Step) -> Act:
    """The act as reported: what was answered to a question of an act counts as that act."""
    if isinstance(step, About) and meant.act in ("answer", "provision", "amend", "unclear"):
        return step.act
    return "unclear" if isinstance(step, Say) and step.reply == "unclear" else meant.act


def _take(reply: Reply, step: Step, *, empty: bool) -> None:
    match step:
        case Ask():
            if step.purpose == "provision":
                reply.take(supersede(reply.context()))
            reply.take(ask_open(reply.context(), step.slots))
        case Propose():
            reply.take(propose_drafts(reply.context()))
        case ChangeDeployed():
            reply.take(change_deployed(reply.context(), step))
        case Reject():
            reply.take(reject(reply.context(), reply.talk.pending or PendingPlan(plan_id="", digest="")))
        case Say():
            _say(reply, step, empty=empty)
        case _:
            _inform(reply, step)


def _inform(reply: Reply, step: About | Price | Compare | Explain | ListDeployed) -> None:
    match step:
        case About():
            reply.take(about(reply.context(), step))
        case Price():
            reply.take(price(reply.context(), step))
        case Compare():
            reply.take(compare(reply.context(), step))
        case Explain():
            reply.take(explain(reply.context(), step))
        case ListDeployed():
            reply.take(list_deployed(reply.context(), step))


def _say(reply: Reply, step: Say, *, empty: bool) -> None:
    if step.reply == "reset":
        reply.take(drop(reply.context()))
    plan = reply.pending_plan()
    reply.say(
        step.reply,
        name="",
        sandbox=reply.sandbox,
        pending=reply.pending,
        typed=plan.confirm.phrase if plan else None,
        action=plan.action if plan else None,
        deed=deed(plan.action, [item.decision.workspace_name for item in plan.items], plan.cost) if plan else "",
        planning=reply.talk.planning is not None,
        open=", ".join(dict.fromkeys(words(slot) for slot in reply.talk.asked)),
        empty=empty,
        topic=step.topic,
        doubted=speaks_against(_text(reply)),
        reads_only=reply.settings.reads_only,
    )
