"""A failure says what failed and what can be done next; progress in a terminal names its workspace and its own time."""

import io

import pytest
from rich.console import Console

from agent.channels.cards.terminal import progress_line, render
from agent.events import Progress, Result
from agent.wording import next_words
from plugins.domain.deployment import Failure


def failure(kind: str, *, retryable: bool = False, remedy: str = "Ask for more.") -> Failure:
    return Failure(kind=kind, text="There is no room.", remedy=remedy, resource="azurerm_x.this", retryable=retryable)


@pytest.mark.parametrize(
    ("failed", "said"),
    [
        (failure("quota"), "“retry in westeurope”"),
        (failure("capacity"), "“retry with Standard_D4ds_v5”"),
        (failure("region"), "where instead"),
        (failure("size"), "which size instead"),
        (failure("throttled", retryable=True), "Say “retry” to plan it again."),
        (failure("permission"), "Once that is put right, say “retry”."),
    ],
)
def test_what_can_be_done_follows_from_the_cause(failed: Failure, said: str) -> None:
    assert said in next_words(failed)


def test_what_a_remedy_says_already_is_not_said_twice() -> None:
    assert next_words(failure("quota", remedy="Say “retry in westeurope”.")) == ""


def test_a_terminal_tells_all_of_it() -> None:
    console = Console(file=io.StringIO(), width=100, record=True)
    event = Result(
        conversation="cnv", turn=1, deployment_id="dep", status="rolled_back", outputs={}, error=failure("quota")
    )
    console.print(render(event))
    assert [line.strip() for line in console.export_text().splitlines()] == [
        "✗ Rolled back: There is no room. (azurerm_x.this)",
        "Ask for more.",
        "Say “retry” to plan it again, or what shall be different: “retry in westeurope”, “retry with",
        "Standard_D4ds_v5”.",
    ]


def test_a_line_of_progress_names_the_workspace_and_has_one_time() -> None:
    event = Progress(
        conversation="cnv",
        turn=1,
        deployment_id="dep",
        step="apply",
        done=3,
        total=20,
        text="creating subnet host (5 s)",
        elapsed_s=12.0,
    )
    assert progress_line(event, of="dbw-fern-dev", seconds=14.4) == "dbw-fern-dev: 3/20 creating subnet host (14 s)"
    assert progress_line(event) == "3/20 creating subnet host (12 s)"


def test_a_line_that_names_its_workspace_names_it_once() -> None:
    event = Progress(
        conversation="cnv",
        turn=1,
        deployment_id="dep",
        step="plan",
        done=1,
        total=2,
        text="dbw-fern-dev planned",
        elapsed_s=1.0,
    )
    assert progress_line(event, of="dbw-fern-dev") == "dbw-fern-dev planned"
    assert progress_line(event, of="dbw-wren-dev") == "dbw-wren-dev: dbw-fern-dev planned"
