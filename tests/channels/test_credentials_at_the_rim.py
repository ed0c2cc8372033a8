"""A credential that is typed on any channel: nothing of it is kept or used, and it is said what to do."""

import asyncio
import io
import json
import logging
import sqlite3
import sys
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput
from test_mcp import called, session
from web_server import Served, Visitor, plan_in

from agent.__main__ import main
from agent.app import App, AppEnvironment
from agent.brain.reader import Reader
from agent.brain.rules import RulesBrain
from agent.channels import terminal
from agent.channels.json_lines import JsonLines
from agent.events import ApprovalNoted, Button, Event, Incoming, Message, PlanProposed, State
from agent.paths import place
from agent.settings import Settings
from plugins.databricks import CapabilityContext, DatabricksCapability, IntentParser, TerraformExecutor
from plugins.deploy.in_memory_terraform import InMemoryTerraform
from plugins.domain.errors import InvalidRequest
from plugins.domain.plan import Person
from plugins.domain.understanding import Context, Understanding

pytestmark = pytest.mark.integration

SECRET = "dapi" + "0123456789abcdef" * 2
PIECE = SECRET[4:20]
ASKED = "Databricks for the ML team in dev, 2 workers"
TYPED = f"{ASKED}, tag token={SECRET}"
NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
ANA = Person(id="ana@contoso.com", name="Ana", roles=("requester", "approver"))


class ListeningBrain:
    """The rules, asked as a model is, which remember what it would have been sent."""

    def __init__(self) -> None:
        self.reader = Reader()
        self._rules = RulesBrain(self.reader)
        self.sent: list[str] = []

    async def close(self) -> None:
        await self.reader.close()

    async def understand(self, text: str, context: Context) -> Understanding:
        self.sent += [text, *(said.text for said in context.said)]
        return await self._rules.understand(text, context)


class Talk:
    """A conversation over the in-memory Terraform."""

    def __init__(self, home: Path) -> None:
        self.home = home
        settings = Settings()
        self.brain = ListeningBrain()
        self.terraform = InMemoryTerraform(settings.platform, place("templates") / "terraform")
        self.app = App(AppEnvironment(settings, {}, home), brain=self.brain, terraform=self.terraform, inline=True)
        self.heard: list[Event] = []
        self.app.listen(self.heard.append)
        self.is_closed = False

    async def close(self) -> None:
        self.is_closed = True
        await self.app.close()

    async def say(self, text: str | None = None, button: Button | None = None) -> list[Event]:
        self.heard.clear()
        incoming = Incoming(conversation="cnv", person=ANA, text=text, button=button)
        await self.app.reply_to(incoming, until_settled=True)
        return list(self.heard)


@pytest.fixture
async def talk(tmp_path: Path) -> AsyncIterator[Talk]:
    found = Talk(tmp_path / "home")
    yield found
    if not found.is_closed:
        await found.close()


def kept(home: Path, piece: str = PIECE) -> list[str]:
    """The files below there in which that stands."""
    return [str(path) for path in home.rglob("*") if path.is_file() and piece.encode() in path.read_bytes()]


def warned(events: list[Event]) -> bool:
    return any(isinstance(event, Message) and "take it as leaked and rotate it" in event.text for event in events)


async def test_the_rest_is_done_and_of_the_credential_nothing_is_left(talk: Talk) -> None:
    events = await talk.say(TYPED)
    assert warned(events)
    plan = next(event for event in events if isinstance(event, PlanProposed))
    assert plan.decision is not None
    assert "token" not in plan.decision.tags
    assert (plan.decision.min_workers, plan.decision.max_workers) == (2, 2)
    await talk.say("yes")
    await talk.say("why this size?")
    await talk.close()
    assert kept(talk.home) == []
    assert PIECE not in "".join(talk.brain.sent)
    assert PIECE not in "".join(json.dumps(dict(event.as_json())) for event in events)


@pytest.mark.parametrize("typed", [SECRET, f"my token is {SECRET}", "password: hunter2-of-mine"])
async def test_nothing_but_a_credential_changes_nothing(talk: Talk, typed: str) -> None:
    before = (await talk.say(ASKED))[-1]
    events = await talk.say(typed)
    after = events[-1]
    assert isinstance(before, State)
    assert isinstance(after, State)
    assert warned(events)
    assert (after.act, after.requests, after.pending_plan) == ("unclear", before.requests, before.pending_plan)


@pytest.mark.parametrize("yes", ["yes", "yes, apply it", "confirm"])
async def test_a_yes_with_a_credential_in_it_is_no_consent(talk: Talk, yes: str) -> None:
    """It could be read as something else beside consent."""
    await talk.say(ASKED)
    events = await talk.say(f"{yes} {SECRET}")
    assert warned(events)
    assert not any(isinstance(event, ApprovalNoted) for event in events)
    assert talk.terraform.applied == []


async def test_a_button_is_cleaned_as_well(talk: Talk) -> None:
    await talk.say(ASKED)
    events = await talk.say(button=Button(action="choose", slot="owner", value=f"password={SECRET}"))
    assert warned(events)
    events = await talk.say(button=Button(action="confirm", plan_id=SECRET, digest=SECRET, value=SECRET))
    assert warned(events)
    assert talk.terraform.applied == []
    await talk.close()
    assert kept(talk.home) == []


async def test_the_audit_says_that_it_happened_and_not_what(talk: Talk) -> None:
    await talk.say(TYPED)
    rows = await talk.app.read(lambda records: records.audited(most=9))
    assert [(entry.what, entry.detail) for _, entry in rows][:1] == [
        ("typed a credential, which was cut out", "a Databricks token")
    ]


async def test_a_pasted_list_is_planned_without_it(talk: Talk) -> None:
    listed = (
        f"team,environment,workload,tag:key,tag:password\nml,dev,etl,{SECRET},hunter2-of-mine\nrisk,dev,etl,apollo,"
    )
    events = await talk.say(listed)
    assert warned(events)
    plan = next(event for event in events if isinstance(event, PlanProposed))
    assert [{"key", "password"} & set(item.decision.tags) for item in plan.items] == [set(), {"key"}]
    await talk.close()
    assert kept(talk.home) == kept(talk.home, "hunter2-of-mine") == []


async def test_a_fault_of_ours_logs_nothing_of_it(talk: Talk, caplog: pytest.LogCaptureFixture) -> None:
    async def broken(text: str, context: Context) -> Understanding:
        raise ZeroDivisionError(f"{text} {context}")

    talk.brain.understand = broken
    with caplog.at_level(logging.DEBUG):
        await talk.say(TYPED)
    assert "turn failed" in caplog.text
    assert PIECE not in caplog.text


async def test_json_lines_echo_nothing_of_it(talk: Talk) -> None:
    out = io.StringIO()
    lines = JsonLines(talk.app, ANA, believed=True, until_settled=True, out=out)
    talk.is_closed = True
    await lines.converse(io.StringIO(json.dumps({"text": TYPED}) + "\n" + json.dumps({"txt": SECRET}) + "\n"))
    assert "rotate it" in out.getvalue()
    assert PIECE not in out.getvalue()
    assert kept(talk.home) == []


async def test_the_web_shows_back_a_mark_and_keeps_no_more(visitor: Visitor, served: Served) -> None:
    events = await visitor.say(TYPED, until="plan")
    assert events[0]["text"] == f"{ASKED}, tag token=[removed: a Databricks token]"
    assert "token" not in plan_in(events)["decision"]["tags"]
    session_ = await visitor.get("/api/session")
    assert PIECE not in json.dumps([session_, await visitor.history()])
    await asyncio.to_thread(served.stop)
    assert kept(served.home) == []


async def test_an_assistants_call_is_refused_whatever_holds_it(tmp_path: Path) -> None:
    calls: list[tuple[str, dict[str, Any]]] = [
        ("parse", {"text": TYPED}),
        ("deploy", {"text": TYPED}),
        ("decide", {"team": "ml", "environment": "dev", "tags": {"password": "hunter2-of-mine"}}),
        ("decide", {"team": "ml", "environment": "dev", "additional_requirements": f"use {SECRET}"}),
        ("status", {"workspace_name": SECRET}),
    ]
    async with session(tmp_path) as client:
        for name, given in calls:
            answer = await called(client, name, **given)
            assert list(answer) == ["error"]
            assert "nothing of it was kept or used" in answer["error"]
            assert PIECE not in answer["error"]
    assert kept(tmp_path) == kept(tmp_path, "hunter2-of-mine") == []


def test_parse_reads_the_rest_and_says_so(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(json.dumps({"id": 1, "text": TYPED}) + "\n"))
    assert main(["parse", "--jsonl"]) == 0
    said = capsys.readouterr()
    line = json.loads(said.out)
    assert (line["act"], line["requests"][0]["tags"], line["removed"]) == ("provision", {}, ["a Databricks token"])
    assert "rotate it" in said.err
    assert PIECE not in said.out + said.err


async def test_a_script_is_refused(tmp_path: Path) -> None:
    capability = DatabricksCapability(TerraformExecutor(home=tmp_path, environment={}))
    told: list[dict[str, object]] = [{"text": TYPED}, {"team": "ml", "tags": {"password": "hunter2-of-mine"}}]
    for parameters in told:
        with pytest.raises(InvalidRequest, match="nothing of it was kept or used"):
            await capability.plan(CapabilityContext(parameters=parameters))
    with pytest.raises(InvalidRequest):
        await IntentParser().parse_request(TYPED)


def test_the_history_of_the_terminal_holds_a_mark(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is typed at the prompt comes back with an arrow key, also tomorrow, from a file."""
    home = tmp_path / "home"
    heard: list[str] = []

    class Silent:
        def listen(self, listener: Callable[[Event], None]) -> None: ...
        async def reply_to(self, incoming: Incoming, *, until_settled: bool) -> None:  # noqa: ARG002 - the port names it
            heard.append(incoming.text or "")

        async def settled(self) -> None: ...
        async def reminder(self, person: Person, conversation: str) -> str:  # noqa: ARG002 - the port names them
            return ""

        async def cancel(self) -> bool:
            return False

        async def close(self) -> None: ...

    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    with create_pipe_input() as typed, create_app_session(input=typed, output=DummyOutput()):
        typed.send_text(f"{TYPED}\nexit\n")
        terminal.converse(lambda: (Silent(), ANA), first=None, home=home, sandbox=True)
    capsys.readouterr()
    assert heard == [f"{ASKED}, tag token=[removed: a Databricks token]"]
    assert "[removed: a Databricks token]" in (home / "history").read_text("utf-8")
    assert kept(home) == []


async def test_what_an_older_brickie_kept_is_cleaned_before_it_is_answered(talk: Talk) -> None:
    """A message that was taken in by a version that did not know better."""
    await talk.app.start()
    await talk.app.kept(lambda records: records.open_conversation("cnv", ANA.id, now=NOW))
    await talk.app.kept(
        lambda records: records.receive(
            Incoming(conversation="cnv", person=ANA, text="x", client_id="12345678"), now=NOW
        )
    )
    with sqlite3.connect(talk.home / "brickie.db") as connection:
        connection.execute("update received set document = replace(document, '\"x\"', ?)", (json.dumps(TYPED),))
    connection.close()
    ((incoming, _),) = await talk.app.read(lambda records: records.unanswered())
    assert incoming.text == f"{ASKED}, tag token=[removed: a Databricks token]"
