"""Runs a labelled set through a brain and measures what it took."""

import asyncio
import json
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from agent.app import App, AppEnvironment
from agent.brain.factory import BrainDependencies, brain_for
from agent.brain.limits import Usage
from agent.brain.protocol import Brain
from agent.brain.reader import Reader, ReadingFailed
from agent.brain.rules import RulesBrain
from agent.evaluation.labels import GoldConversation, GoldLine, GoldTurn
from agent.evaluation.marks import Score, TurnObservation, mark_turn, marked_line
from agent.events import Button, Event, Incoming, PlanProposed, Result
from agent.paths import place
from agent.settings import Settings, read_settings
from agent.views.first_reading import asked_for
from agent.wording import error_of
from plugins.deploy.in_memory_terraform import InMemoryTerraform
from plugins.domain.errors import ConfigurationError
from plugins.domain.plan import Person
from plugins.domain.understanding import Context, Understanding

_PERSON = Person(id="evaluation", name="Evaluation", roles=("requester", "approver"))


@dataclass
class EvaluationUsage:
    """What the model took: calls, tokens, money where prices are known, seconds of each message; and how many messages
    the rules had to take over.
    """

    calls: int = 0
    input: int = 0
    output: int = 0
    money: Decimal | None = None
    seconds: list[float] = field(default_factory=list[float])
    taken_over: int = 0

    def note(self, usage: Usage) -> None:
        self.calls += 1
        self.input += usage.input
        self.output += usage.output
        if usage.money is not None:
            self.money = (self.money or Decimal(0)) + usage.money


@dataclass(frozen=True)
class EvaluationRun:
    """One set through one brain: marks of every item, one for each repeat."""

    brain: str
    marks: Mapping[str, list[Score]]
    spent: EvaluationUsage


async def run(
    gold: list[GoldLine] | list[GoldConversation], *, kind: str, repeat: int, environment: Mapping[str, str]
) -> EvaluationRun:
    """The marks of this set, each item `repeat` times. Raises ConfigurationError when no model is configured."""
    settings, spent = read_settings(environment), EvaluationUsage()
    marks: dict[str, list[Score]] = {item.id: [] for item in gold}
    brain = _Measured(_brain(kind, settings, environment, spent), spent)
    for number in range(repeat):
        for item in gold:
            if isinstance(item, GoldLine):
                marks[item.id].append(await _read(brain, item, settings, number))
            else:
                marks[item.id].append(await _hold(brain, item, settings, environment))
    await brain.close()
    return EvaluationRun(kind, marks, spent)


def _brain(kind: str, settings: Settings, environment: Mapping[str, str], spent: EvaluationUsage) -> Brain:
    if kind == "rules":
        return RulesBrain(Reader())

    async def nothing(_: Context, __: str, ___: Mapping[str, Any]) -> dict[str, Any]:
        return {"workspaces": []}

    brain = brain_for(BrainDependencies(settings, lambda: datetime.now(UTC).date(), nothing, spent.note), environment)
    if isinstance(brain, RulesBrain):
        raise error_of(ConfigurationError, "evaluation.no_model")
    return brain


class _Measured:
    """A brain that notes how long each message took, and gives every message limits of its own."""

    def __init__(self, brain: Brain, spent: EvaluationUsage) -> None:
        self._brain = brain
        self._spent = spent
        self._count = 0

    async def understand(self, text: str, context: Context) -> Understanding:
        self._count += 1
        own = replace(context, person=f"evaluation-{self._count}", conversation=f"evaluation-{self._count}")
        begun = time.perf_counter()
        try:
            understood = await self._brain.understand(text, own)
        except ReadingFailed:
            understood = Understanding("unclear")
        self._spent.seconds.append(time.perf_counter() - begun)
        self._spent.taken_over += bool(understood.notice)
        return understood

    async def close(self) -> None:
        await self._brain.close()


async def _read(brain: Brain, item: GoldLine, settings: Settings, number: int) -> Score:
    today = datetime.now(UTC).date()
    understood = await brain.understand(item.text, Context(today=today, conversation=f"{item.id}-{number}"))
    slots = {slot.slot for slot in asked_for(understood, settings, today)}
    return marked_line(item, understood.act, [r.model_dump(mode="json") for r in understood.requests], slots)


async def _hold(
    brain: Brain, conversation: GoldConversation, settings: Settings, environment: Mapping[str, str]
) -> Score:
    """A conversation in a home of its own, over the in-memory Terraform."""
    marks = Score()
    shared = _SharedBrain(brain)
    with tempfile.TemporaryDirectory() as home:
        in_memory = InMemoryTerraform(settings.platform, place("templates") / "terraform")
        app = App(AppEnvironment(settings, environment, Path(home)), brain=shared, terraform=in_memory, inline=True)
        heard: list[Event] = []
        app.listen(heard.append)
        workspaces: dict[str, set[str]] = {"succeeded": set(), "destroyed": set()}
        for turn in conversation.turns:
            before = len(heard)
            await app.reply_to(_incoming(turn, heard), until_settled=True)
            now = heard[before:]
            for event in now:
                if isinstance(event, Result):
                    workspaces.get(event.status, set()).add(event.deployment_id)
            plans = [event for event in heard if isinstance(event, PlanProposed)]
            last = plans[-1].as_json() if plans else None
            events = [event.as_json() for event in now]
            seen = TurnObservation(events, last, frozenset(workspaces["succeeded"]), frozenset(workspaces["destroyed"]))
            mark_turn(marks, turn.expect, seen)
        await app.close()
    return marks


class _SharedBrain:
    """A brain that outlives the app that uses it."""

    def __init__(self, brain: Brain) -> None:
        self._brain = brain

    async def understand(self, text: str, context: Context) -> Understanding:
        return await self._brain.understand(text, context)

    async def close(self) -> None:
        """Whoever made the brain closes it."""


def _incoming(turn: GoldTurn, heard: list[Event]) -> Incoming:
    line = turn.said
    person = Person.model_validate(turn.user) if turn.user else _PERSON
    where = turn.conversation or str(line.get("conversation", "evaluation"))
    if "action" not in line:
        return Incoming(conversation=where, person=person, text=str(line.get("text", "")))
    plans = [event for event in heard if isinstance(event, PlanProposed)]
    fields = {key: line[key] for key in ("action", "plan_id", "digest", "slot", "value") if key in line}
    for key in ("plan_id", "digest"):
        if fields.get(key) in ("$last", "$first"):
            fields[key] = getattr(plans[-1 if fields[key] == "$last" else 0], key) if plans else "none"
    if fields.get("value") is not None:
        fields["value"] = fields["value"] if isinstance(fields["value"], str) else json.dumps(fields["value"])
    return Incoming(conversation=where, person=person, button=Button.model_validate(fields))


def run_now(
    gold: list[GoldLine] | list[GoldConversation], *, kind: str, repeat: int, environment: Mapping[str, str]
) -> EvaluationRun:
    """`run`, to its end."""
    return asyncio.run(run(gold, kind=kind, repeat=repeat, environment=environment))
