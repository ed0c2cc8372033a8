"""Conversations as people read them: tests/conversations/*.md are the specification.

Lines that begin with ">" are the person ("> @name role: …" speaks as somebody else, "(a new chat) …" before the words
in a conversation of its own, from there on); the rest is what they see. A file that says "Given `estate`" above them
begins with what the messages of tests/conversations/given/estate.md ask for, one that names `brickie sandbox …` with
what the sandbox was told by that.
BRICKIE_UPDATE_GOLDEN=1 rewrites the files from what is said now; review the diff as a product change.
"""

import asyncio
import io
import itertools
import os
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from rich.console import Console

from agent import app
from agent.__main__ import main
from agent.channels.cards.terminal import render
from agent.events import Event, Incoming, Progress
from agent.paths import place
from agent.settings import Settings
from plugins.deploy.in_memory_terraform import InMemoryTerraform
from plugins.domain.plan import Person

pytestmark = pytest.mark.integration

FOLDER = Path(__file__).parents[1] / "conversations"
LOCAL = Person(id="ana@contoso.com", name="Ana", roles=("requester", "approver"))
_SPEAKER = re.compile(r"@(\S+) ([\w,]+): (.*)", re.DOTALL)


def said_in(text: str) -> list[str]:
    return [line[2:] for line in text.splitlines() if line.startswith("> ")]


def speaker(line: str) -> tuple[Person, str]:
    """The person and the words of one line of a transcript."""
    found = _SPEAKER.match(line)
    if found is None:
        return LOCAL, line
    name, roles, words = found.groups()
    return Person(id=f"{name}@contoso.com", name=name.title(), roles=tuple(roles.split(","))), words


_NEW_CHAT = "(a new chat) "
_GIVEN = re.compile(r"^Given `(\w+)`", re.MULTILINE)


def given_messages(head: str) -> list[str]:
    """The messages of the file that the head of a transcript names; each is set off by a line of three dashes."""
    named = _GIVEN.search(head)
    text = (FOLDER / "given" / f"{named[1]}.md").read_text("utf-8") if named else ""
    return [message.strip() for message in text.split("\n---\n") if message.strip()]


_TOLD = re.compile(r"`brickie (sandbox [^`]+)`")


def tell_sandbox(head: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the head of a transcript says that the sandbox was told."""
    monkeypatch.setenv("BRICKIE_HOME", str(home))
    for command in _TOLD.findall(" ".join(head.split())):
        assert main(command.split()) == 0


def held(title: str, lines: list[str], home: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The transcript of a conversation with these lines, at a fixed time, over the in-memory Terraform."""
    numbers = itertools.count(1)

    def numbered(prefix: str) -> str:
        return f"{prefix}_{next(numbers)}"

    monkeypatch.setattr(app, "new_id", numbered)
    tell_sandbox(title, home, monkeypatch)
    settings = Settings.model_validate({"Azure": {"PreflightSeconds": 30}})  # however busy this machine is
    world = app.AppEnvironment(settings, {}, home, clock=lambda: datetime(2026, 11, 24, 9, 0, tzinfo=UTC))
    in_memory = InMemoryTerraform(settings.platform, place("templates") / "terraform")
    running = app.App(world, terraform=in_memory, inline=True)
    console = Console(record=True, width=100, color_system=None, file=io.StringIO())

    looking = LOCAL

    def show(event: Event) -> None:
        shown = None if isinstance(event, Progress) else render(event, person=looking)
        if shown is not None:
            console.print(shown, highlight=False)

    running.listen(show)

    async def hold() -> None:
        nonlocal looking
        chat = 1
        for message in given_messages(title):
            person, words = speaker(message)
            await running.reply_to(Incoming(conversation="cnv_0", person=person, text=words), until_settled=True)
        console.export_text()  # what led to what is given is shown nowhere
        for line in lines:
            console.print(f"> {line}\n", markup=False, highlight=False, soft_wrap=True)  # it is read again
            person, words = speaker(line)
            if words.startswith(_NEW_CHAT):
                words, chat = words.removeprefix(_NEW_CHAT), chat + 1
            looking = person
            incoming = Incoming(conversation=f"cnv_{chat}", person=person, text=words)
            await running.reply_to(incoming, until_settled=True)
            console.print()
        await running.close()

    asyncio.run(hold())
    body = "\n".join(line.rstrip() for line in console.export_text().splitlines()).rstrip()
    return f"{title}\n\n{body}\n"


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.md")), ids=lambda path: path.stem)
def test_the_conversation_reads_as_written(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written = path.read_text("utf-8")
    title = written.partition("\n> ")[0].rstrip()
    now = held(title, said_in(written), tmp_path, monkeypatch)
    if os.environ.get("BRICKIE_UPDATE_GOLDEN"):
        path.write_text(now, "utf-8")
    assert now == path.read_text("utf-8")
