"""What a text means by its letter, before any brain is asked: a list, an offer, a command, a yes or a no to a plan that
waits. Pure.

A bare yes goes for the plan in hand, and only while nothing doubtful was said since it was shown; a yes that names a
plan or all of its workspaces goes for that one, also where it was put aside. "Use it" after a "what if" is the change
that was talked of, never consent.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from agent.dialogue.commands import Adoption, adopted, commanded
from agent.dialogue.consent import AwaitedPlan, consent_reading, refuses_something, speaks_against, takes_up
from agent.dialogue.offers import picked
from agent.dialogue.state import Conversation, Offer, PendingPlan
from agent.events import Button, Command
from plugins.domain.understanding import Act, Context, Understanding
from plugins.parse import phrases
from plugins.parse.batch import Batch, batch_of
from plugins.parse.orders import Orders, orders_in, understand

_PLAN_AGAIN = re.compile(r"(?:please )?plan (?:it|this|that)(?: again| afresh| anew)?[.!]?", re.IGNORECASE)
_NOT_UNDERSTOOD: frozenset[Act] = frozenset({"unclear", "out_of_scope", "greet", "help"})


@dataclass(frozen=True)
class DecidablePlan:
    """A plan that may be decided by this message."""

    pending: PendingPlan
    awaited: AwaitedPlan


@dataclass(frozen=True)
class ShowAgain:
    """A bare yes to a plan that was doubted since it was shown: it is shown first."""


@dataclass(frozen=True)
class PutOff:
    """The decision comes later; the plan waits on."""


LiteralMeaning = Adoption | Batch | Button | Command | Offer | PutOff | ShowAgain | Understanding


def typed_meaning(
    text: str, conversation: Conversation, waiting: tuple[DecidablePlan, ...], context: Context, *, is_whole: bool
) -> LiteralMeaning | None:
    """What this typed text means by itself; None when it must be understood. `waiting` are the plans that it may
    decide, which it does only where it `is_whole`: where nothing was cut out of it.
    """
    meant = batch_of(text) or adopted(text)
    if meant is not None:
        return meant
    consented = typed_decision(text, conversation, waiting) if is_whole else None
    if consented is not None and not isinstance(picked(text, conversation), Understanding):
        return consented  # a yes that answers another question as well is no consent
    return said_of_another(text, conversation, waiting, context) or clicked_meaning(text, conversation)


def clicked_meaning(text: str, conversation: Conversation) -> LiteralMeaning | None:
    """The same for the value of a button: it holds no list, and is no yes."""
    return (
        adopted(text) or picked(text, conversation) or commanded(text, conversation) or _replanned(text, conversation)
    )


def literal_or_orders(
    literal: Callable[[], LiteralMeaning | None], text: str, context: Context
) -> LiteralMeaning | Orders:
    """What the text means by its letter; else the orders that it holds. In one go: each change of threads costs more
    than a short text.
    """
    meant = literal()
    return orders_in(text, context) if meant is None else meant


def literal_or_understood(
    literal: Callable[[], LiteralMeaning | None],
    text: str,
    context: Context,
    understand: Callable[[str, Context], Understanding],
) -> LiteralMeaning | Orders:
    """The same; a message that orders one thing, as most do, is understood as well."""
    meant = literal_or_orders(literal, text, context)
    alone = meant.alone if isinstance(meant, Orders) else None
    return meant if alone is None else understand(alone, context)


def _replanned(text: str, conversation: Conversation) -> Understanding | None:
    """“plan it again”: the draft as it stands, where its plan ended by itself (its time passed, a price changed)."""
    is_free = bool(conversation.drafts) and conversation.pending is None and conversation.planning is None
    return Understanding("amend") if is_free and _PLAN_AGAIN.fullmatch(text.strip()) else None


def typed_decision(
    text: str, conversation: Conversation, waiting: tuple[DecidablePlan, ...]
) -> Button | PutOff | ShowAgain | Understanding | None:
    """What a clear yes or no stands for; None when it is neither. `waiting` begins with the plan in hand, if one is."""
    if conversation.imagined is not None and takes_up(text, waits=conversation.pending is not None):
        act: Act = "amend" if conversation.drafts or _names_one(conversation) else "provision"
        return Understanding(act, conversation.imagined.statements, conversation.imagined.doubts)
    is_astray = False
    for number, plan in enumerate(waiting):
        is_in_hand = number == 0 and plan.pending == conversation.pending
        verdict = consent_reading(text, plan.awaited)
        if verdict.consent == "yes" and is_in_hand and plan.pending.is_doubted and not verdict.is_named:
            return ShowAgain()
        if verdict.consent == "yes" and (is_in_hand or verdict.is_named):
            return _button("confirm", plan.pending, text.strip())
        if verdict.consent == "no" and (is_in_hand or verdict.is_named):
            return _button("reject", plan.pending, None)
        if verdict.is_put_off and is_in_hand:
            return PutOff()
        is_astray = is_astray or verdict.is_astray
    return Understanding("unclear") if is_astray else None


def said_of_another(
    text: str, conversation: Conversation, waiting: tuple[DecidablePlan, ...], context: Context
) -> Understanding | None:
    """What “no, I meant the staging one” orders, said right behind the order of a destroy that waits: that the other
    one goes, with nothing else in hand. None for any other text.
    """
    is_in_hand = bool(waiting) and waiting[0].pending == conversation.pending
    which = meant_instead(text, conversation) if is_in_hand and waiting[0].awaited.action == "destroy" else None
    known = {name.casefold() for name in context.workspaces}
    if which is None or (which.lower().startswith("dbw-") and which.casefold() not in known):
        return None
    return understand(f"remove {which}", replace(context, drafts=(), open_slots=(), plan_pending=False))


def meant_instead(text: str, conversation: Conversation) -> str | None:
    """Which one was meant, where the text corrects what was last said, and that ordered something to go."""
    meant = _MEANT.fullmatch(text)
    last = next((earlier.text for earlier in reversed(conversation.said) if earlier.who == "person"), "")
    return meant["which"] if meant is not None and phrases.says("destroy", last) else None


_MEANT = re.compile(
    r"\W{0,4}(?:(?:no|nope|nein|sorry|oops|ups|wait|hm+|ah|oh)\b\W{0,3}){0,3}"
    r"(?:i|we) meant (?:to (?:remove|delete|destroy) )?"
    r"(?P<which>(?:the (?:[\w-]{1,40} ){1,2}(?:one|workspace)|dbw-[\w-]{1,60}))\W{0,4}",
    re.IGNORECASE,
)


def is_doubted(text: str, act: Act) -> bool:
    """True when a message that left the plan as it is may have been a no to it."""
    return speaks_against(text) if act in _NOT_UNDERSTOOD else refuses_something(text)


def _names_one(conversation: Conversation) -> bool:
    return any(s.request.workspace_name for s in (conversation.imagined.statements if conversation.imagined else ()))


def _button(action: str, pending: PendingPlan, value: str | None) -> Button:
    return Button.model_validate(
        {"action": action, "plan_id": pending.plan_id, "digest": pending.digest, "value": value}
    )
