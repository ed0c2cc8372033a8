"""What a text means by its letter, before any brain is asked: a list, an offer, a command, a yes or a no. Pure."""

from agent.commands import Adoption, Command, adopted, commanded
from agent.consent import consent
from agent.conversation import Conversation, Offer, Pending
from agent.events import Button
from agent.picking import picked
from plugins.domain.plan import ConfirmBy
from plugins.parse.batch import Batch, batch_of

LiteralMeaning = Adoption | Batch | Button | Command | Offer


def typed_meaning(
    text: str, talk: Conversation, pending: Pending | None, confirm: ConfirmBy | None
) -> LiteralMeaning | None:
    """What this typed text means by itself; None when it must be understood. `confirm` is how the plan that may be
    decided by it is confirmed.
    """
    return batch_of(text) or adopted(text) or _decided(text, pending, confirm) or clicked_meaning(text, talk)


def clicked_meaning(text: str, talk: Conversation) -> LiteralMeaning | None:
    """The same for the value of a button: it holds no list, and is no yes."""
    return adopted(text) or picked(text, talk) or commanded(text, talk)


def _decided(text: str, pending: Pending | None, confirm: ConfirmBy | None) -> Button | None:
    """The button that a clear yes or no stands for while a plan is pending; no model is asked."""
    if confirm is None or pending is None:
        return None
    plan = {"plan_id": pending.plan_id, "digest": pending.digest}
    match consent(text, confirm):
        case "yes":
            return Button(action="confirm", value=text.strip(), **plan)
        case "no":
            return Button(action="reject", **plan)
        case "neither":
            return None
