"""Read-only mode: everything is answered and priced on every channel; nothing is ordered, and no Terraform runs."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any

import aiohttp
import forked
import pytest
from web_server import Serve, Visitor, types_of

from agent.__main__ import main
from agent.app import App, AppEnvironment
from agent.channels.mcp import McpFunctions, McpSession
from agent.events import (
    ApprovalNoted,
    Button,
    Event,
    Incoming,
    Message,
    PlanProposed,
    Progress,
    Result,
    State,
    StopCommand,
    Table,
)
from agent.paths import place
from agent.settings import Settings
from agent.store.audit_proof import first_break
from plugins.deploy.in_memory_terraform import InMemoryTerraform
from plugins.domain.plan import Person

pytestmark = pytest.mark.integration

RITA = Person(id="rita", name="Rita", roles=("requester",))
INES = Person(id="ines", name="Ines", roles=("approver",))
READ_ONLY: dict[str, Any] = {"Mode": {"ReadOnly": True}}
NOTHING_DONE = "it answers and prices, and nothing is planned, built, changed or destroyed"


class Untouchable(InMemoryTerraform):
    """A Terraform that nothing may reach; what it was asked is in `asked`."""

    def __init__(self) -> None:
        super().__init__(Settings().platform, place("templates") / "terraform")
        self.asked: list[str] = []

    def __getattribute__(self, name: str) -> Any:
        if name in ("plan", "apply", "stop", "drift", "drift_now", "remaining", "undo", "leftovers"):
            self.asked.append(name)
        return super().__getattribute__(name)


class Brickie:
    """One process over a home; what it says is in `heard`."""

    def __init__(self, home: Path, settings: dict[str, Any], terraform: InMemoryTerraform | None = None) -> None:
        made = Settings.model_validate(settings)
        self.terraform = terraform or InMemoryTerraform(made.platform, place("templates") / "terraform")
        self.app = App(AppEnvironment(made, {}, home), terraform=self.terraform, inline=True)
        self.heard: list[Event] = []
        self.app.listen(self.heard.append)

    async def say(self, text: str, *, by: Person = RITA, conversation: str = "cnv") -> list[Event]:
        return await self._told(Incoming(conversation=conversation, person=by, text=text))

    async def order(self, command: StopCommand) -> list[Event]:
        return await self._told(Incoming(conversation="cnv", person=RITA, command=command))

    async def click(self, plan: PlanProposed, *, by: Person = INES, conversation: str = "cnv_prod") -> list[Event]:
        button = Button(action="confirm", plan_id=plan.plan_id, digest=plan.digest)
        return await self._told(Incoming(conversation=conversation, person=by, button=button))

    async def _told(self, incoming: Incoming) -> list[Event]:
        self.heard.clear()
        await self.app.reply_to(incoming, until_settled=True)
        return list(self.heard)


def plan_of(events: list[Event]) -> PlanProposed:
    return next(event for event in events if isinstance(event, PlanProposed))


def words(events: list[Event]) -> str:
    return " ".join(event.text for event in events if isinstance(event, Message))


class Lived:
    """A home in which rita has a workspace, and a plan for production waits."""

    def __init__(self, home: Path, waiting: PlanProposed) -> None:
        self.home = home
        self.waiting = waiting


@pytest.fixture
async def lived(tmp_path: Path) -> Lived:
    home = tmp_path / "home"
    before = Brickie(home, {})
    await before.say("Databricks for the mint team in dev, notebooks")
    await before.say("yes")
    waiting = plan_of(await before.say("prod workspace for the ledger team, ETL", conversation="cnv_prod"))
    await before.app.close()
    return Lived(home, waiting)


@pytest.fixture
async def reading(lived: Lived) -> AsyncIterator[Brickie]:
    found = Brickie(lived.home, READ_ONLY, Untouchable())
    yield found
    await found.app.close()
    assert isinstance(found.terraform, Untouchable)
    assert found.terraform.asked == []


@pytest.mark.parametrize(
    ("text", "act", "told"),
    [
        ("Databricks for the ML team in dev", "provision", "**dbw-ml-dev** would cost about **232.20 USD** a month"),
        ("dev and staging for the ML team", "provision", "dbw-ml-dev, dbw-ml-staging"),
        ("team,environment,workload\nml,dev,etl\nbi,dev,analytics", "provision", "dbw-ml-dev, dbw-bi-dev"),
        ("change dbw-mint-dev to 3 workers", "amend", "With that change, **dbw-mint-dev** would cost"),
        ("destroy dbw-mint-dev", "destroy", "Destroying **dbw-mint-dev** would save about 232.20 USD"),
        ("fix the drift of dbw-mint-dev", "amend", "**dbw-mint-dev**"),
        ("extend dbw-mint-dev by 7 days", "extend", "**dbw-mint-dev** keeps its end as it is"),
        (StopCommand(workspace_name="dbw-mint-dev"), "unclear", "What is under way goes on"),
    ],
)
async def test_what_would_be_done_is_priced_and_not_ordered(
    reading: Brickie, text: str | StopCommand, act: str, told: str
) -> None:
    before = await _orders(reading)
    events = await (reading.say(text) if isinstance(text, str) else reading.order(text))
    assert told in words(events)
    assert NOTHING_DONE in words(events)
    assert not [event for event in events if isinstance(event, PlanProposed | Progress | Result)]
    state = events[-1]
    assert isinstance(state, State)
    assert (state.act, state.pending_plan) == (act, None)
    assert await _orders(reading) == before


@pytest.mark.parametrize(
    "text",
    [
        "what would databricks for the ML team in dev cost?",
        "list my workspaces",
        "status of dbw-mint-dev",
        "history of dbw-mint-dev",
        "export dbw-mint-dev",
        "spot or on-demand?",
        "what waits for me?",
    ],
)
async def test_questions_are_answered_as_ever(reading: Brickie, text: str) -> None:
    events = await reading.say(text)
    assert len(events) > 1
    assert NOTHING_DONE not in words(events)


async def test_a_draft_stays_to_be_asked_about(reading: Brickie) -> None:
    await reading.say("Databricks for the ML team in dev")
    events = await reading.say("what would it cost with 4 workers?")
    assert "With that, this would cost" in words(events)
    assert any(isinstance(event, Table) for event in events)
    assert "nothing waits for a decision" in words(await reading.say("yes"))


async def test_a_plan_that_waits_goes_on_waiting_whoever_says_yes(reading: Brickie, lived: Lived) -> None:
    """The click of an approver, a yes in words, a new request beside it: none decides it."""
    before = await _orders(reading)
    events = await reading.click(lived.waiting)
    assert [event.status for event in events if isinstance(event, ApprovalNoted)] == ["refused"]
    assert "read-only mode" in words(events)
    for text in ("yes", "make it westeurope", "Databricks for the ML team in dev"):
        state = (await reading.say(text, conversation="cnv_prod"))[-1]
        assert isinstance(state, State)
        assert state.pending_plan == lived.waiting.plan_id
    assert plan_of(await reading.say(f"show {lived.waiting.plan_id}", by=INES, conversation="cnv_ines"))
    assert await _orders(reading) == before


async def test_conversations_and_the_audit_are_kept(reading: Brickie, lived: Lived) -> None:
    await reading.click(lived.waiting)
    rows = await reading.app.read(lambda records: records.audited(most=1))
    assert [(entry.who.id, entry.what, entry.detail) for _, entry in rows] == [
        ("ines", "was refused to approve the plan", "read_only")
    ]
    assert await reading.app.read(lambda records: first_break(records.connection)) is None
    said = await reading.app.read(lambda records: records.logged("cnv_prod", after=0))
    assert said[-1].event["type"] == "state"


async def test_afterwards_the_plan_is_decided_as_if_nothing_had_been(lived: Lived) -> None:
    reading = Brickie(lived.home, READ_ONLY)
    await reading.click(lived.waiting)
    await reading.app.close()
    again = Brickie(lived.home, {})
    events = await again.click(lived.waiting)
    assert [event.status for event in events if isinstance(event, Result)] == ["succeeded"]
    await again.app.close()


async def test_what_was_ordered_before_does_not_run_and_nobody_waits_for_it(lived: Lived) -> None:
    """A run that a process left behind is another's; `--until-settled` would else wait for ever."""

    def leave(records: Any) -> None:
        records.connection.exec_driver_sql("update runs set status = 'queued', ended_at = null, outcome = null")

    left = Brickie(lived.home, READ_ONLY, Untouchable())
    await left.app.kept(leave)
    async with asyncio.timeout(20):
        await left.say("list my workspaces")
        left.app.begin_upkeep()
        await asyncio.sleep(0.2)
        assert not await left.app.cancel()
        await left.app.close()
    assert isinstance(left.terraform, Untouchable)
    assert left.terraform.asked == []


async def test_the_web_answers_and_takes_no_decision(serve: Serve, http: aiohttp.ClientSession) -> None:
    served = serve(READ_ONLY)
    visitor = await Visitor(http, served.url).arrive()
    events = await visitor.say("Databricks for the ML team in dev")
    assert "plan" not in types_of(events)
    assert any(NOTHING_DONE in event.get("text", "") for event in events if event["type"] == "message")
    refused = await visitor.act("state", action="confirm", plan_id="pln_1", digest="0" * 64)
    assert [event["status"] for event in refused if event["type"] == "approval"] == ["refused"]


async def test_an_assistant_gets_answers_and_no_plan(reading: Brickie) -> None:
    functions = McpFunctions(reading.app, McpSession(RITA, Settings().platform, lambda: date(2026, 11, 29), {}))

    async def never(_: PlanProposed) -> str | None:
        raise AssertionError("there is nothing to ask a person about")

    for name, given in (
        ("deploy", {"text": "Databricks for the ML team in dev"}),
        ("destroy", {"workspace_name": "dbw-mint-dev"}),
    ):
        answer = await functions.call(name, given, never)
        assert NOTHING_DONE in " ".join(answer["messages"])
        assert "plan" not in answer
    listed = await functions.call("list", {}, never)
    assert [row["workspace_name"] for row in listed["workspaces"]] == ["dbw-mint-dev"]


COMMANDS: list[tuple[list[str], int, str]] = [
    (["plan", "Databricks for the ML team in dev", "--out", "out"], 1, NOTHING_DONE),
    (["deployments", "destroy", "dbw-mint-dev", "--as", "rita"], 1, NOTHING_DONE),
    (["deployments", "plan", "dbw-mint-dev", "--as", "rita"], 1, NOTHING_DONE),
    (["deployments", "cancel", "dbw-mint-dev", "--as", "rita", "--json"], 1, ""),
    (["deployments", "list", "--as", "rita"], 0, ""),
    (["approvals"], 0, ""),
    (["audit", "verify"], 0, ""),
    (["worker"], 2, "Mode__ReadOnly is set: nothing is planned or applied"),
    (["doctor"], 0, ""),
]


@pytest.mark.parametrize(("command", "code", "said"), COMMANDS)
def test_commands_answer_and_order_nothing(
    lived: Lived, command: list[str], code: int, said: str, tmp_path: Path
) -> None:
    """Each in a process of its own, over the real engine and the real Terraform, which leaves no trace."""
    env = {**os.environ, "BRICKIE_HOME": str(lived.home), "Mode__ReadOnly": "true"}
    ended, _, told = forked.run(*command, env=env, folder=tmp_path)
    assert (ended, said in told.replace("\n", " ")) == (code, True), told
    assert not (lived.home / "runs").exists()
    assert not (tmp_path / "out").exists()


def test_a_chat_in_json_lines_is_answered(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    import io

    monkeypatch.setenv("Mode__ReadOnly", "true")
    monkeypatch.setattr(sys, "stdin", io.StringIO(json.dumps({"text": "Databricks for the ML team in dev"}) + "\n"))
    assert main(["chat", "--json", "--until-settled"]) == 0
    events = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [event["type"] for event in events] == ["message", "table", "state"]


async def _orders(brickie: Brickie) -> list[Any]:
    """Everything that would be an order: plans, runs, approvals and how the workspaces stand."""
    wanted = (
        "select plan_id, status from plans order by 1",
        "select run_id, status, cancel_requested from runs order by 1",
        "select plan_id from approvals order by 1",
        "select deployment_id, status, expires_on from deployments order by 1",
    )

    def read(records: Any) -> list[Any]:
        return [records.connection.exec_driver_sql(query).fetchall() for query in wanted]

    return await brickie.app.read(read)
