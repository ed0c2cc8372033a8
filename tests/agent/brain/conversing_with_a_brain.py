"""Conversations held by the rules and by a model's double, as lists of events that can be compared."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, cast

import pytest

from agent import app
from agent.brain.double.answers import Script
from agent.brain.factory import BrainDependencies, doubled_brain
from agent.brain.model import ModelBrain
from agent.events import Button, Event, Incoming, PlanProposed
from agent.paths import place
from agent.settings import Settings
from plugins.deploy.in_memory_terraform import InMemoryTerraform
from plugins.domain.plan import Person
from plugins.domain.understanding import Context, Understanding

TODAY = date(2026, 11, 24)
CONTEXT = Context(today=TODAY, person="ana", conversation="cnv_1")
ANA = Person(id="ana@contoso.com", name="Ana", roles=("requester", "approver"))


def lines_of_people(path: Path) -> list[Mapping[str, Any]]:
    """What people say in a transcript, as input lines."""
    found: list[Mapping[str, Any]] = []
    for line in path.read_text("utf-8").splitlines():
        if not line.startswith("> "):
            continue
        text, user = line[2:], None
        if text.startswith("@"):
            name, roles, text = text[1:].split(" ", 2)
            user = {"id": f"{name}@contoso.com", "name": name.title(), "roles": roles.rstrip(":").split(",")}
        found.append({"text": text, **({"user": user} if user else {})})
    return found


def running(
    script: Script | None, home: Path, monkeypatch: pytest.MonkeyPatch, *, phrase: bool = False
) -> tuple[app.App, list[Event]]:
    """An app over the in-memory Terraform, its brain a script's or the rules', and everything that it says."""
    numbers = itertools.count(1)
    monkeypatch.setattr(app, "new_id", lambda prefix: f"{prefix}_{next(numbers)}")  # pyright: ignore[reportUnknownLambdaType,reportUnknownArgumentType]
    settings = Settings.model_validate({"Model": {"Phrase": phrase}})
    world = app.AppEnvironment(settings, {}, home, clock=lambda: datetime(2026, 11, 24, 9, 0, tzinfo=UTC))
    in_memory = InMemoryTerraform(settings.platform, place("templates") / "terraform")
    found = app.App(world, brain=brain_of(script, settings), terraform=in_memory, inline=True)
    heard: list[Event] = []
    found.listen(heard.append)
    return found, heard


def brain_of(script: Script | None, settings: Settings) -> ModelBrain | None:
    async def nothing(_: Context, __: str, ___: Mapping[str, Any]) -> dict[str, Any]:
        return {}

    return None if script is None else doubled_brain(BrainDependencies(settings, lambda: TODAY, nothing), script)


async def held_with(
    script: Script | None, lines: Sequence[Mapping[str, Any]], home: Path, monkeypatch: pytest.MonkeyPatch
) -> list[Mapping[str, Any]]:
    """Everything that is said to these lines, elapsed times left out."""
    talking, heard = running(script, home, monkeypatch)
    for line in lines:
        await talking.reply_to(incoming(line, heard), until_settled=True)
    await talking.close()
    return [meant(event.as_json()) for event in heard]


def meant(value: Any) -> Any:
    """An event without the time that it took and the words that it was read from: each brain reads from its own."""
    if isinstance(value, list):
        return [meant(item) for item in cast("list[Any]", value)]
    if isinstance(value, dict):
        kept = cast("dict[str, Any]", value).items()
        return {key: meant(item) for key, item in kept if key not in ("elapsed_s", "sources", "unused")}
    return value


def without_sources(understood: Understanding) -> Understanding:
    statements = tuple(replace(statement, sources=()) for statement in understood.statements)
    return replace(understood, statements=statements, unused=())


def incoming(line: Mapping[str, Any], heard: Sequence[Event]) -> Incoming:
    """An input line as a message; "$last" and "$first" stand for the plan that was shown then."""
    person = Person.model_validate(line["user"]) if line.get("user") else ANA
    where = str(line.get("conversation", "cnv_1"))
    if "action" not in line:
        return Incoming(conversation=where, person=person, text=str(line.get("text", "")))
    plans = [event for event in heard if isinstance(event, PlanProposed)]
    named = {"$last": plans[-1:], "$first": plans[:1]}.get(str(line.get("plan_id")), [])
    own = {"plan_id": named[0].plan_id, "digest": named[0].digest} if named else {}
    fields = {key: line[key] for key in ("action", "plan_id", "digest", "slot", "value") if key in line}
    return Incoming(conversation=where, person=person, button=Button.model_validate({**fields, **own}))
