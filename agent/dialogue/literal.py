"""What a text means by its letter, before any brain is asked: a list, an offer, a command, a yes or a no. Pure."""

import re

from agent.dialogue.commands import Adoption, adopted, commanded
from agent.dialogue.offers import picked
from agent.dialogue.plan_replies import DecidablePlan, ShowAgain, typed_decision
from agent.dialogue.state import Conversation, Offer
from agent.events import Button, Command
from plugins.domain.understanding import Understanding
from plugins.parse.batch import Batch, batch_of

_PLAN_AGAIN = re.compile(r"(?:please )?plan (?:it|this|that)(?: again| afresh| anew)?[.!]?", re.IGNORECASE)

LiteralMeaning = Adoption | Batch | Button | Command | Offer | ShowAgain | Understanding


def typed_meaning(
    text: str, conversation: Conversation, waiting: tuple[DecidablePlan, ...], *, is_whole: bool
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
    return clicked_meaning(text, conversation)


def clicked_meaning(text: str, conversation: Conversation) -> LiteralMeaning | None:
    """The same for the value of a button: it holds no list, and is no yes."""
    return (
        adopted(text) or picked(text, conversation) or commanded(text, conversation) or _replanned(text, conversation)
    )


def _replanned(text: str, conversation: Conversation) -> Understanding | None:
    """“plan it again”: the draft as it stands, where its plan ended by itself (its time passed, a price changed)."""
    is_free = bool(conversation.drafts) and conversation.pending is None and conversation.planning is None
    return Understanding("amend") if is_free and _PLAN_AGAIN.fullmatch(text.strip()) else None
