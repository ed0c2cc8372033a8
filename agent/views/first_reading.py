"""`brickie parse`: what one line is understood as, and what would be asked."""

import json
from collections.abc import Mapping
from datetime import date

from pydantic import JsonValue

from agent.dialogue.advance import MOST_QUESTIONS
from agent.dialogue.drafts import Draft, OpenSlot, open_slots
from agent.output import tell
from agent.paths import place
from agent.settings import Settings
from agent.wording import Wording, credential_words, error_of
from plugins.credentials import hidden, removed_from, unmarked, without_credentials
from plugins.databricks.proposal import meets_its_limit
from plugins.domain.errors import InvalidRequest
from plugins.domain.request import InfrastructureRequest
from plugins.domain.understanding import Context, Understanding
from plugins.parse import understand


def understood_line(line: str, settings: Settings, today: date) -> Mapping[str, JsonValue]:
    """`{"id", "act", "requests", "questions", "unused", "sources"}` for an input line `{"id", "text"}`; with `removed`,
    the names of what was cut out, where the text held credentials.

    Raises InvalidRequest for a line that is none.
    """
    try:
        fields = json.loads(line)
        text, name = str(fields["text"]), fields["id"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise error_of(InvalidRequest, "views.no_line") from error
    cleaned = without_credentials(text)
    removed = removed_from(cleaned)
    understood = understand(unmarked(cleaned), Context(today=today))
    wording = Wording(place("templates") / "replies")
    questions = [wording.question(slot.slot, slot.doubt) for slot in asked_for(understood, settings, today)]
    return {
        "id": name,
        "act": understood.act,
        "requests": [request.model_dump(mode="json") for request in understood.requests],
        "questions": [question.model_dump(mode="json") for question in questions],
        "unused": [hidden(words) for words in understood.unused],
        "sources": [{field: hidden(words) for field, words in s.sources} for s in understood.statements],
        **({"removed": [kind.name for kind in removed]} if removed else {}),
    }


def warn_of_credentials(text: str) -> None:
    """Tells whoever sent this, beside its answer, of the credentials in it; nothing when there were none."""
    removed = removed_from(without_credentials(text))
    if not removed:
        return
    wording = Wording(place("templates") / "replies")
    warning = wording.say("credential_removed", waits=False, **credential_words(removed))
    tell(f"brickie: {warning.replace('**', '')}")


def asked_for(understood: Understanding, settings: Settings, today: date) -> tuple[OpenSlot, ...]:
    """What a first message with this understanding leaves to be asked."""
    if understood.act != "provision":
        return ()
    drafts = tuple(
        Draft(request=request, doubts=tuple(d for d in understood.doubts if d.statement in (None, number)))
        for number, request in enumerate(understood.requests)
    )
    slots = open_slots(drafts, settings.defaults.region)
    if not all(_can_be_met(request, settings, today) for request in understood.requests):
        slots = (*slots[: MOST_QUESTIONS - 1], OpenSlot("cost_limit"))
    return slots[:MOST_QUESTIONS]


def _can_be_met(request: InfrastructureRequest, settings: Settings, today: date) -> bool:
    return meets_its_limit(request, settings.platform, today=today)
