"""What a message that was understood makes of a reply: one arm for each thing that it can mean."""

from dataclasses import dataclass

from agent import answering, deciding, proposing
from agent.adopting import Adopting, adopt
from agent.batching import propose_batch
from agent.commands import Command
from agent.conversation import (
    About,
    Ask,
    ChangeDeployed,
    Compare,
    Explain,
    ListDeployed,
    Offer,
    Pending,
    Price,
    Propose,
    Reject,
    Say,
    Step,
    advance,
)  # fmt: skip
from agent.events import Button
from agent.obeying import obey
from agent.reply import Reply
from agent.wording import words
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


Meant = Button | Offer | Understanding | Command | Adopting | Batch | TooLong | TooSlow


def act_upon(reply: Reply, meant: Meant) -> Act:
    match meant:
        case Button(action="confirm"):
            deciding.confirm(reply, meant.plan_id or "", meant.digest or "", meant.value)
            return "confirm"
        case Button():
            deciding.reject(reply, Pending(plan_id=meant.plan_id or "", digest=meant.digest or ""))
            return "reject"
        case Offer():
            proposing.take_offer(reply, meant)
            return "answer"
        case Command():
            return obey(reply, meant)
        case Adopting():
            return adopt(reply, meant)
        case Batch():
            return propose_batch(reply, meant)
        case TooLong():
            reply.say("too_long", length=f"{meant.length:,}", most=f"{MOST_CHARACTERS:,}")
            return "unclear"
        case TooSlow():
            reply.say("too_slow", length=f"{meant.length:,}")
            return "unclear"
        case Understanding():
            reply.talk, step = advance(reply.talk, meant, reply.world())
            _take(reply, step, empty=not (reply.incoming.text or "").strip())
            return _shown_act(meant, step)


def _shown_act(meant: Understanding, step: Step) -> Act:
    """The act as reported: what was answered to a question of an act counts as that act."""
    if isinstance(step, About) and meant.act in ("answer", "provision", "amend", "unclear"):
        return step.act
    return "unclear" if isinstance(step, Say) and step.reply == "unclear" else meant.act


def _take(reply: Reply, step: Step, *, empty: bool) -> None:
    match step:
        case Ask():
            if step.purpose == "provision":
                proposing.supersede(reply)
            proposing.ask_open(reply, step.slots)
        case Propose():
            proposing.propose_drafts(reply)
        case ChangeDeployed():
            proposing.change_deployed(reply, step)
        case Reject():
            deciding.reject(reply, reply.talk.pending or Pending(plan_id="", digest=""))
        case Say():
            _say(reply, step, empty=empty)
        case _:
            _inform(reply, step)


def _inform(reply: Reply, step: About | Price | Compare | Explain | ListDeployed) -> None:
    match step:
        case About():
            answering.about(reply, step)
        case Price():
            answering.price(reply, step)
        case Compare():
            answering.compare(reply, step)
        case Explain():
            answering.explain(reply, step)
        case ListDeployed():
            answering.list_deployed(reply, step)


def _say(reply: Reply, step: Say, *, empty: bool) -> None:
    if step.reply == "reset":
        proposing.supersede(reply)
    head = reply.records.plan_head(reply.talk.pending.plan_id) if reply.talk.pending else None
    typed = head.confirm.phrase if head else None
    reply.say(
        step.reply,
        name="",
        sandbox=reply.sandbox,
        pending=reply.pending,
        typed=typed,
        planning=reply.talk.planning is not None,
        open=", ".join(dict.fromkeys(words(slot) for slot in reply.talk.asked)),
        empty=empty,
    )
