"""`brickie eval --feedback`: what people rated becomes lines to label, and a set that can be measured against."""

import asyncio
import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from agent.__main__ import main
from agent.app import App, AppEnvironment
from agent.events import Incoming
from agent.paths import place
from agent.settings import Settings
from agent.store.records import Records
from plugins.deploy.in_memory_terraform import InMemoryTerraform
from plugins.domain.plan import Person

pytestmark = pytest.mark.integration

RITA = Person(id="rita", name="rita", roles=("requester",))
NED = Person(id="ned", name="ned", roles=("requester",))
AS_RITA = ["--as", "rita", "--role", "requester"]
SAID = ("what can you do?", "Databricks for the radar team in dev for etl")


@pytest.fixture(autouse=True)
def home() -> Path:
    """Two people's conversations: rita found her two answers good and bad, ned his one bad."""
    path = Path(os.environ["BRICKIE_HOME"])
    asyncio.run(_talked(path))
    return path


async def _talked(home: Path) -> None:
    settings = Settings()
    in_memory = InMemoryTerraform(settings.platform, place("templates") / "terraform")
    app = App(AppEnvironment(settings, {}, home), terraform=in_memory, inline=True)
    now, opened = datetime.now(UTC), set[str]()
    for number, text in enumerate(SAID):
        await _said(app, Incoming(conversation="cnv_1", person=RITA, text=text, client_id=f"m{number}"), now, opened)
    await _said(app, Incoming(conversation="cnv_2", person=NED, text="list my workspaces", client_id="m1"), now, opened)

    def rate(records: Records) -> None:
        records.rate("cnv_1", 1, RITA.key, "good", now=now)
        records.rate("cnv_1", 2, RITA.key, "bad", now=now)
        records.rate("cnv_2", 1, NED.key, "bad", now=now)

    await app.kept(rate)
    await app.close()


async def _said(app: App, incoming: Incoming, now: datetime, opened: set[str]) -> None:
    """As a page keeps it, and has it answered."""

    def keep(records: Records) -> None:
        if incoming.conversation not in opened:
            records.open_conversation(incoming.conversation, incoming.person.key, now=now)
            opened.add(incoming.conversation)
        records.receive(incoming, now=now)

    await app.kept(keep)
    await app.reply_to(incoming, until_settled=True)


def test_what_was_rated_is_a_line_to_label(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["eval", "--feedback", *AS_RITA]) == 0
    told = capsys.readouterr()
    first, second = (json.loads(line) for line in told.out.splitlines())
    assert (first["text"], first["act"], first["tags"]) == (SAID[0], "help", ["feedback:good"])
    assert (second["text"], second["act"], second["tags"]) == (SAID[1], "provision", ["feedback:bad"])
    assert second["requests"][0]["team"] == "radar"
    assert told.err == "1 answers were found good, 1 bad.\n"


def test_an_approver_reads_what_everybody_rated(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["eval", "--feedback", "--as", "ada", "--role", "approver"]) == 0
    assert [json.loads(line)["text"] for line in capsys.readouterr().out.splitlines()] == [*SAID, "list my workspaces"]


def test_what_was_saved_is_a_set_to_measure(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "rated.jsonl"
    assert main(["eval", "--feedback", *AS_RITA, "--save", str(file)]) == 0
    assert main(["eval", str(file)]) == 0
    assert capsys.readouterr().out.splitlines()[-1].startswith("score: 1.000 exact (2/2)")


def test_a_set_that_is_not_named_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["eval"]) == 2
    assert "no labelled set is named" in capsys.readouterr().err
