"""What people thought of answers, as a set to be labelled: the messages that a thumb stands under.

A line has the form of a labelled set (`agent.evaluation.labels`): with `act` and `requests` corrected it is a gold one.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from pydantic import JsonValue

from agent.store.conversations import LoggedEvent
from agent.store.records import Records
from agent.store.web_sessions import Verdict
from agent.views.visibility import Viewer
from plugins.domain.understanding import Context
from plugins.parse import understand


@dataclass(frozen=True)
class RatedTurn:
    """A message and the act that it was answered as; `text` is empty where a button was pressed."""

    conversation: str
    turn: int
    verdict: Verdict
    text: str
    act: str

    @property
    def label(self) -> Mapping[str, JsonValue]:
        """The line that is to be corrected: the act as it was, and what the rules read of the message by itself."""
        read = understand(self.text, Context(today=datetime.now(UTC).date()))
        return {
            "id": f"{self.conversation}:{self.turn}",
            "text": self.text,
            "act": self.act,
            "requests": [request.model_dump(mode="json", include=set(request.stated())) for request in read.requests],
            "must_ask": [],
            "must_not_set": [],
            "tags": [f"feedback:{self.verdict}"],
        }


def rated(records: Records, viewer: Viewer) -> tuple[RatedTurn, ...]:
    """All that was rated, the oldest first: everybody's for an approver, else the viewer's own."""
    person = None if viewer.scope is None else viewer.person.key
    turns: list[RatedTurn] = []
    for rating in records.ratings(person):
        events = records.of_turn(rating.conversation, rating.turn)
        text = next((said for event in events if (said := _text(event))), "")
        act = next((str(e.event["act"]) for e in events if e.event.get("type") == "state"), "")
        turns.append(RatedTurn(rating.conversation, rating.turn, rating.verdict, text, act))
    return tuple(turns)


def _text(event: LoggedEvent) -> str:
    return str(event.event.get("text") or "") if event.source == "person" else ""


def labels(turns: Sequence[RatedTurn]) -> Iterator[Mapping[str, JsonValue]]:
    """The lines to be corrected; what was pressed instead of written has none to read."""
    return (turn.label for turn in turns if turn.text)
