"""What a turn remembers of what was said, and the answers that a model may put in its own words."""

import tomllib
from collections.abc import Callable, Mapping
from functools import cache

from agent.brain.protocol import Brain, Phrasing, PhrasingRequest
from agent.events import Event, Message, Progress, Table
from agent.paths import place
from plugins.domain.understanding import Act, Context

PHRASED: frozenset[Act] = frozenset({"explain", "compare"})
_ROWS = 12


async def told(
    brain: Brain, question: tuple[str, Act], context: Context, events: list[Event], emit: Callable[[Event], None]
) -> list[Event]:
    """The events of a reply, its message in the model's words where a model is there and the facts bear them out.

    Pieces go out as they come, as `message` deltas; the whole stands in the returned events.
    """
    text, act = question
    at = next((number for number, event in enumerate(events) if isinstance(event, Message)), None)
    if act not in PHRASED or at is None or not isinstance(brain, Phrasing):
        return events
    first = events[at]
    where = {"conversation": first.conversation, "turn": first.turn}

    def tell(piece: str) -> None:
        emit(Message.model_validate({**where, "text": piece, "delta": True}))

    whole = await brain.phrase(PhrasingRequest(text, _facts(events)), context, tell)
    if whole is None:
        return events
    return [*events[:at], Message.model_validate({**where, "text": whole}), *events[at + 1 :]]


def looking(emit: Callable[[Event], None]) -> Callable[[Context, str], None]:
    """Tells, as progress of no deployment, that the model looks something up, at the moment when it begins."""

    def tell(context: Context, verb: str) -> None:
        emit(
            Progress(
                conversation=context.conversation,
                turn=context.turn,
                deployment_id="",
                step="look",
                done=0,
                total=0,
                text=_looking_words()[verb],
                elapsed_s=0.0,
            )
        )

    return tell


@cache
def _looking_words() -> Mapping[str, str]:
    return tomllib.loads((place("templates") / "replies" / "looking.toml").read_text("utf-8"))


def _facts(events: list[Event]) -> str:
    lines: list[str] = []
    for event in events:
        if isinstance(event, Message):
            lines.append(event.text)
        if isinstance(event, Table):
            lines.append(f"{event.title}: {' | '.join(event.columns)}")
            lines += [" | ".join(str(cell) for cell in row) for row in event.rows[:_ROWS]]
    return "\n".join(lines)
