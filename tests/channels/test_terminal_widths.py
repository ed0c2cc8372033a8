"""What a terminal of 80 columns shows, and one of 100: every line fits, no word is broken, nothing is drawn twice."""

import asyncio
import io
import re
from pathlib import Path

import pytest
from rich.console import Console
from rich.text import Text
from talking import Talk

from agent.channels.cards.terminal import progress_line, render
from agent.channels.terminal import in_lines, moving_line
from agent.events import Event, Progress, Result
from agent.wording import phrase
from plugins.domain.deployment import Failure

SAID = (
    "dev and staging for the heron team, etl, 2 to 4 workers, owner zoe@contoso.com, for 2 weeks",
    "yes",
    "list",
    "how much do we spend in total?",
    "what have we paid",
    "what does dbw-heron-dev cost?",
    "compare dbw-heron-dev and dbw-heron-staging",
    "change dbw-heron-staging to 3 workers",
    "what is different now?",
    "what is in it?",
    "use 4 workers",
    "no",
    "dev for team ibis, dashboards, 24/7",
)
FAILED = Result(
    conversation="cnv",
    turn=1,
    deployment_id="dep",
    status="rolled_back",
    outputs={},
    error=Failure(
        kind="quota",
        text="Azure refused it: the quota is exceeded. What had been created was removed again (2 resources).",
        remedy="Ask for a higher quota in the region, take fewer or other machines, or another region.",
        resource="azurerm_databricks_workspace.this",
    ),
)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[Event, ...]:
    async def held(home: Path) -> tuple[Event, ...]:
        talk = Talk(home)
        events = tuple([event for text in SAID for event in await talk.say(text)])
        await talk.app.close()
        return events

    return (*asyncio.run(held(tmp_path_factory.mktemp("home"))), FAILED)


def screens(told: tuple[Event, ...], width: int) -> list[str]:
    shown = [rendered for event in told if (rendered := render(event)) is not None]
    texts: list[str] = []
    for rendered in shown:
        console = Console(width=width, file=io.StringIO(), color_system=None, record=True)
        console.print(rendered)
        texts.append(console.export_text())
    return texts


@pytest.mark.parametrize("width", [80, 100])
def test_every_line_of_list_plan_costs_and_failure_fits(told: tuple[Event, ...], width: int) -> None:
    lines = [line for text in screens(told, width) for line in text.splitlines()]
    assert len(lines) > 100
    assert [line for line in lines if len(line) > width] == []


@pytest.mark.parametrize("width", [80, 100])
def test_no_name_and_no_amount_is_broken(told: tuple[Event, ...], width: int) -> None:
    """A name or an amount that a wide terminal shows stands whole in a narrow one, or with its column not at all."""
    wide, narrow = ([set(_PIECES.findall(text)) for text in screens(told, at)] for at in (400, width))
    broken = [sorted(few - many) for many, few in zip(wide, narrow, strict=True) if few - many]
    assert broken == []


_PIECES = re.compile(r"(?<![/\w-])dbw-[\w-]+|Standard_\w+|[\d,]+\.\d\d|\d{4}-\d\d-\d\d")


@pytest.mark.parametrize("width", [80, 100])
@pytest.mark.parametrize("name", ["dbw-heron-dev", "dbw-a-very-long-name-of-a-workspace-in-staging"])
def test_a_line_of_progress_is_one_line_and_keeps_its_time(name: str, width: int) -> None:
    event = Progress(
        conversation="cnv",
        turn=1,
        deployment_id="dep",
        step="apply",
        done=14,
        total=19,
        text="creating subnet network security group association container",
        elapsed_s=4.0,
    )
    line = Text.from_markup(moving_line(event, progress_line(event, of=name), width)).plain
    assert len(line) <= width
    assert line.endswith("(4 s)")


@pytest.mark.parametrize("width", [80, 100])
def test_the_greeting_breaks_between_words(width: int) -> None:
    greeting = phrase("channels.terminal.greeting")
    lines = in_lines(greeting, width).splitlines()
    assert max(map(len, lines)) <= width
    assert " ".join(lines) == greeting


def test_where_no_width_is_known_the_greeting_is_one_line() -> None:
    assert in_lines(phrase("channels.terminal.greeting"), None) == phrase("channels.terminal.greeting")
