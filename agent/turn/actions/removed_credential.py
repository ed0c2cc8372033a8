"""What is said and noted of a credential that was cut out of what somebody typed."""

from agent.turn.context import Outcome, TurnContext
from agent.wording import credential_words, phrase


def tell_removed(context: TurnContext, *, waits: bool) -> Outcome:
    """What to do with what was typed, where something was; `waits` where a plan still does."""
    removed = context.incoming.removed
    if not removed:
        return context.unchanged()
    context.note(phrase("turn.credential_typed"), ", ".join(kind.name for kind in removed))
    return context.say("credential_removed", waits=waits, **credential_words(removed))
