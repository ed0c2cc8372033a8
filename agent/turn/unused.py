"""What was said and not used, told in one line."""

from agent.turn.context import Outcome, TurnContext
from agent.wording import unused_words
from plugins.domain.understanding import Act, Understanding

_TELLS: frozenset[Act] = frozenset(
    {
        "provision",
        "amend",
        "answer",
        "cost",
        "compare",
        "destroy",
        "extend",
        "export",
        "status",
        "history",
        "list",
    }
)
"""Acts after which it is told: what is not understood at all says so anyway."""


def say_unused(context: TurnContext, meant: Understanding) -> Outcome:
    if meant.act in _TELLS and meant.unused:
        return context.say("unused", words=unused_words(meant.unused))
    return context.unchanged()
