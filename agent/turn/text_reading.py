"""What is made of a text away from the event loop: by its letter first, and by the rules where these are the brain.

Each change of threads costs more than a short text, so as much as can be had is had in one go.
"""

from collections.abc import Callable
from functools import partial

from agent.brain.protocol import Brain, Ruled
from agent.brain.reader import MOST_IN_THREAD
from agent.dialogue.literal import (
    DecidablePlan,
    LiteralMeaning,
    clicked_meaning,
    literal_or_orders,
    literal_or_understood,
    typed_meaning,
)
from agent.dialogue.state import Conversation
from agent.events import Incoming
from plugins.domain.understanding import Context
from plugins.parse.orders import Orders

Reading = LiteralMeaning | Orders
"""What a text was read as, before a brain with a model is asked."""


def is_short_text(incoming: Incoming) -> bool:
    """Whether it is words alone, all of them its sender's, and few enough to be read where a thread is at hand."""
    is_words = incoming.button is None and incoming.command is None and incoming.understood is None
    return is_words and len(incoming.text or "") <= MOST_IN_THREAD and not incoming.removed


def typed_reading(
    text: str,
    conversation: Conversation,
    waiting: tuple[DecidablePlan, ...],
    context: Context,
    brain: Brain,
    *,
    is_whole: bool = True,
) -> Callable[[], Reading]:
    """The reading of what was typed; see `typed_meaning`."""
    meaning = partial(typed_meaning, text, conversation, waiting, context, is_whole=is_whole)
    return _reading(meaning, text, context, brain)


def clicked_reading(text: str, conversation: Conversation, context: Context, brain: Brain) -> Callable[[], Reading]:
    """The reading of a button's value."""
    return _reading(partial(clicked_meaning, text, conversation), text, context, brain)


def _reading(
    literal: Callable[[], LiteralMeaning | None], text: str, context: Context, brain: Brain
) -> Callable[[], Reading]:
    if isinstance(brain, Ruled):
        return partial(literal_or_understood, literal, text, context, brain.rules)
    return partial(literal_or_orders, literal, text, context)
