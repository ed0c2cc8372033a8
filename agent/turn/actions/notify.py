"""What somebody is told on their other channels: switched on and off, or said how it stands."""

from agent.events import NotifyCommand
from agent.store.news import RESULTS
from agent.turn.context import Outcome, TurnContext
from agent.views.news import CHATS, switch_news
from agent.wording import phrase

_ONE_CHANNEL = CHATS | {"web"}


def notify(context: TurnContext, command: NotifyCommand) -> Outcome:
    """What else can be switched is of chat platforms, and is switched there; it is one wish for all channels."""
    if command.what in _ONE_CHANNEL:
        return context.message(phrase("views.elsewhere.one_channel"))
    if command.what != RESULTS:
        return context.message(phrase("views.elsewhere.only_results"))
    return context.message(switch_news(context.records, context.incoming.person, command.value, now=context.now))
