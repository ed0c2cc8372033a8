"""Picking one of the configurations that were offered."""

from agent.dialogue.state import Offer
from agent.dialogue.steps import ChangeDeployed
from agent.turn.actions.change import change_deployed
from agent.turn.actions.propose import propose_drafts
from agent.turn.context import Outcome, TurnContext
from plugins.domain.understanding import Statement


def take_offer(context: TurnContext, offer: Offer) -> Outcome:
    """Proposes the draft as that configuration has it; it can be undone as any other change."""
    conversation = context.conversation
    if offer.workspace is not None:
        return change_deployed(context, ChangeDeployed(offer.workspace, Statement(offer.changes)))
    draft, *_ = conversation.drafts
    request = draft.request.model_copy(update=offer.changes.stated())
    changed = conversation.with_(
        drafts=(draft.model_copy(update={"request": request}),), earlier=(*conversation.earlier, conversation.drafts)
    )
    return propose_drafts(context.after(Outcome(changed)))
