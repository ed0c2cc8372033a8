"""`brickie plan`: decide, price, check, generate and plan without a conversation. Nothing is applied."""

import asyncio
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from agent.app import build
from agent.events import Error, Event, File, Incoming, Message, PlanProposed, Question
from agent.output import put_json, tell
from agent.views.first_reading import warn_of_credentials
from plugins.domain.errors import ConfigurationError
from plugins.domain.plan import Person
from plugins.domain.understanding import Understanding

_BY = Person(id="brickie-plan", name="brickie plan", roles=("requester",))


def plan_once(environment: Mapping[str, str], text: str, out: Path, *, as_json: bool) -> int:
    """Writes the Terraform files to `out`; 0 when there is a plan, 1 when something stands against it (then said)."""
    return asyncio.run(_planned(environment, text, out, as_json=as_json))


async def _planned(environment: Mapping[str, str], text: str, out: Path, *, as_json: bool) -> int:
    app = build(environment)
    events: list[Event] = []
    app.listen(events.append)
    conversation = f"plan-{datetime.now(UTC):%Y%m%d%H%M%S%f}"
    warn_of_credentials(text)
    await app.reply_to(Incoming(conversation=conversation, person=_BY, text=text), until_settled=True)
    plan = next((event for event in events if isinstance(event, PlanProposed)), None)
    if plan is None:
        await app.close()
        tell(_why_not(events))
        return 1
    for meant in (Understanding("export", about_plan=True), Understanding("reset")):
        incoming = Incoming(conversation=conversation, person=_BY, understood=meant)
        await app.reply_to(incoming, until_settled=True)
    await app.close()
    _write(events, out, several=len(plan.items) > 1)
    if as_json:
        put_json(plan.as_json())
    else:
        from agent.channels.cards.console import Screen
        from agent.channels.cards.terminal import render

        Screen(width=None if sys.stdout.isatty() else 100).print(render(plan))
    return 0


def _why_not(events: list[Event]) -> str:
    said = [event.text for event in events if isinstance(event, Message | Error)]
    said += [question.text for event in events if isinstance(event, Question) for question in event.questions]
    return "brickie: " + " ".join(said or ["That is no request for a workspace."])


def _write(events: list[Event], out: Path, *, several: bool) -> None:
    try:
        for event in events:
            if isinstance(event, File) and event.content is not None:
                workspace, name = event.name.split("/", 1)
                path = out / workspace / name if several else out / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(event.content, "utf-8")
    except OSError as error:
        raise ConfigurationError(
            "writing the Terraform files", f"{out} cannot be written to.", "Give --out a folder of yours."
        ) from error
