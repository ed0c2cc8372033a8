"""Whether a workspace works, asked of the cloud while a reply is made: nothing is kept of it but what is said."""

from collections.abc import Sequence

from agent.events import Event, Message
from agent.wording import Wording
from plugins.domain.deployment import Deployment
from plugins.domain.health import HealthLook


def can_be_looked_at(deployment: Deployment) -> bool:
    """Whether anything stands that could answer."""
    return deployment.status in ("succeeded", "attention") and bool(deployment.outputs.get("workspace_url"))


async def with_health(
    look: HealthLook, deployment: Deployment, events: Sequence[Event], wording: Wording
) -> list[Event]:
    """The events of a status, with what the cloud says of it behind what the records say."""
    health = await look.look(deployment.outputs)
    seen = wording.say("looked_at", verdict=health.verdict, text=health.text)
    messages = [number for number, event in enumerate(events) if isinstance(event, Message)]
    # Beside a status other things may be told in one turn.
    told = next((number for number in messages if _is_of(events[number], deployment)), next(iter(messages), None))
    if told is None:
        return list(events)
    first = events[told]
    text = f"{first.text.rstrip()}\n\n{seen}" if isinstance(first, Message) else seen
    return [*events[:told], first.model_copy(update={"text": text}), *events[told + 1 :]]


def _is_of(event: Event, deployment: Deployment) -> bool:
    return isinstance(event, Message) and f"**{deployment.workspace_name}**" in event.text
