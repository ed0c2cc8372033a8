"""What was left open is told at the next start: in a terminal, on the web, and after a greeting anywhere."""

import asyncio
import io
import sys
from pathlib import Path

import pytest
from talking import ANA, Talk
from web_server import Visitor

from agent.channels import terminal
from agent.events import Incoming, Message, Question

pytestmark = pytest.mark.integration
OPEN = "A question was open (team fern, workload data engineering)"


def left_open(home: Path) -> None:
    async def ask() -> None:
        talk = Talk(home)
        await talk.say("databricks for the fern team, etl")
        await talk.app.close()

    asyncio.run(ask())


def test_a_terminal_tells_first_what_was_left_open(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    left_open(tmp_path)
    monkeypatch.setattr(sys, "stdin", io.StringIO("what is a DBU?\n"))
    terminal.converse(lambda: (Talk(tmp_path).app, ANA), first=None, home=tmp_path, sandbox=True, returns=True)
    shown = " ".join(capsys.readouterr().out.split())
    assert shown.index(OPEN) < shown.index("> what is a DBU?")


def test_where_nobody_was_before_the_records_are_not_opened(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    terminal.converse(lambda: (Talk(tmp_path).app, ANA), first=None, home=tmp_path, sandbox=True)
    assert "open" not in capsys.readouterr().out
    assert list(tmp_path.iterdir()) == []


async def test_going_on_moves_the_question_here_and_leaves_none_there(tmp_path: Path) -> None:
    talk = Talk(tmp_path)
    await talk.say("databricks for the fern team, etl")

    elsewhere = await talk.hear(Incoming(conversation="cnv_other", person=ANA, text="go on"))
    assert any(isinstance(event, Question) for event in elsewhere)
    await talk.hear(Incoming(conversation="cnv_other", person=ANA, text="dev"))
    [told] = [event.text for event in await talk.say("where were we?") if isinstance(event, Message)]
    assert "A plan of yours waits: to create **dbw-fern-dev**" in told
    assert "question" not in told
    await talk.app.close()


async def test_a_new_conversation_on_the_web_begins_with_it(visitor: Visitor) -> None:
    await visitor.say("databricks for the fern team, etl")
    await visitor.arrive()
    visitor.seq = 0
    told = await visitor.say("what is a DBU?")
    first = next(event for event in told if event["type"] == "message")
    assert OPEN in first["text"]
