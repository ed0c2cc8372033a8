"""`brickie plan`: decide, price, check, generate and plan without a conversation. Nothing is applied."""

import argparse
import asyncio
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from agent.app import build
from agent.cli.session import fail
from agent.events import Error, Event, File, Incoming, Message, PlanProposed, Question
from agent.output import put_json
from agent.views.first_reading import warn_of_credentials
from agent.wording import error_of, phrase
from plugins.domain.errors import ConfigurationError
from plugins.domain.plan import Person
from plugins.domain.understanding import Understanding

_BY = Person(id="brickie-plan", name="brickie plan", roles=("requester",))


def plan_once(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    """Writes the Terraform files to --out; 0 when there is a plan, 1 when something stands against it (then said)."""
    return asyncio.run(_planned(environment, options.text, options.out, as_json=options.json))


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
        return fail(_why_not(events))
    # Its plan would else wait for a consent that nobody can give: this conversation ends with a reset.
    for meant in (Understanding("export", about_plan=True), Understanding("reset")):
        await app.reply_to(Incoming(conversation=conversation, person=_BY, understood=meant), until_settled=True)
    await app.close()
    # After the app has ended: files that could not be written leave no plan waiting.
    _write(events, out, several=len(plan.items) > 1)
    if as_json:
        put_json(plan.as_json())
    else:
        _show(plan)
    return 0


def _show(plan: PlanProposed) -> None:
    from agent.channels.cards.console import Screen  # rich, only where it prints
    from agent.channels.cards.terminal import render

    Screen(width=None if sys.stdout.isatty() else 100).print(render(plan, whole=True))


def _why_not(events: list[Event]) -> str:
    sentences = [event.text for event in events if isinstance(event, Message | Error)]
    sentences += [question.text for event in events if isinstance(event, Question) for question in event.questions]
    return " ".join(sentences or [phrase("cli.plan.no_request")])


def _write(events: list[Event], out: Path, *, several: bool) -> None:
    """One workspace's files lie in the folder itself, those of several in a folder each. Raises ConfigurationError."""
    try:
        for event in events:
            if isinstance(event, File) and event.content is not None:
                workspace, name = event.name.split("/", 1)
                path = out / workspace / name if several else out / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(event.content, "utf-8")
    except OSError as error:
        raise error_of(ConfigurationError, "cli.plan.unwritable", out=out) from error
