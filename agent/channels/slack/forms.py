"""What a form that was sent comes to: an arrival in the place where it was opened, or what is wrong in it. Pure."""

from collections.abc import Mapping
from typing import cast

from pydantic import ValidationError

from agent.channels.cards.slack_forms import amend_faults, amended
from agent.channels.messaging.port import Address, Arrival, Click
from agent.channels.slack.listening import FormSent
from agent.wording import phrase
from plugins.domain.person import Person

Faults = Mapping[str, str]
"""Field → what is wrong with it."""


def arrival_of(sent: FormSent, person: Person) -> Arrival | Faults | None:
    """None for a form that only shows something, or is not as we made it."""
    try:
        address = Address.model_validate(sent.memo.get("where"))
        click = Click.model_validate(sent.memo.get("click") or {"verb": "show"})
    except ValidationError:
        return None
    # The place is where it was opened; what is written there is written by who sends the form.
    address = address.model_copy(update={"reference": {**address.reference, "user": person.id}})
    match sent.name:
        case "order":
            return Arrival(sent.client_id, address, person, text=sent.values.get("text", ""))
        case "amend":
            faults = amend_faults(sent.memo, sent.values)
            return faults or Arrival(sent.client_id, address, person, text=amended(sent.memo, sent.values))
        case "decide":
            return _decided(sent, address, person, click)
        case "comment":
            return Arrival(sent.client_id, address, person, click=_with(click, comment=sent.values.get("comment")))
        case "hand_over":
            return Arrival(sent.client_id, address, person, click=_with(click, value=sent.values.get("value")))
        case _:
            return None


def _decided(sent: FormSent, address: Address, person: Person, click: Click) -> Arrival | Faults:
    phrase_asked = sent.memo.get("phrase")
    typed = sent.values.get("typed")
    # Told at once, in the form; whether it is right is judged where the plan is.
    if isinstance(phrase_asked, str) and typed != phrase_asked:
        return {"typed": phrase("slack.modal.typed_wrong", phrase=phrase_asked)}
    decision = _with(click, comment=sent.values.get("comment"))
    return Arrival(sent.client_id, address, person, click=_with(decision, value=typed) if typed else decision)


def _with(click: Click, **fields: str | None) -> Click:
    return click.model_copy(update=cast("dict[str, object]", fields))
