"""Asking what is still open of what is asked for."""

from agent.dialogue.drafts import OpenSlot
from agent.turn.context import Outcome, TurnContext


def ask_open(context: TurnContext, slots: tuple[OpenSlot, ...]) -> Outcome:
    """Asks these, and says back what was noted and fits no field."""
    requests = (draft.request for draft in context.conversation.drafts)
    notes = dict.fromkeys(request.additional_requirements for request in requests if request.additional_requirements)
    noted = context.say("asking", known="", noted="; ".join(notes)) if notes else context.unchanged()
    return noted.then(ask(context, slots))


def ask(context: TurnContext, slots: tuple[OpenSlot, ...]) -> Outcome:
    """One question for each of these, with the likely answers."""
    return context.ask(*(context.settings.wording.question(slot.slot, slot.doubt) for slot in slots))
