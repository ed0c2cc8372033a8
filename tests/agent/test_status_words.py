"""One vocabulary of statuses: what the chat says, the page, the command line and the cards say, too."""

import json
from typing import get_args

import pytest
from rich.console import Console

from agent.channels.cards.terminal import render
from agent.cli.arguments import STATUSES
from agent.events import Result
from agent.paths import place
from agent.wording import state, status_meant
from plugins.domain.deployment import DeploymentStatus, ResultStatus

CLIENT = place("agent") / "channels" / "web_client" / "src" / "locale" / "en.json"


@pytest.mark.parametrize("status", get_args(DeploymentStatus))
def test_a_status_is_found_by_its_words_and_by_its_own_word(status: DeploymentStatus) -> None:
    """However it is written, and as far as its colon."""
    words = state(status)
    for text in (status, words, f"  {words.upper()} ", words.partition(":")[0]):
        assert status_meant(text) == status
    assert "_" not in words


def test_what_is_no_status_means_none() -> None:
    for text in ("", "ready", "deploy", "deployed:", "in need of"):
        assert status_meant(text) is None


def test_a_list_is_narrowed_to_everything_that_has_a_row() -> None:
    assert set(STATUSES) == set(get_args(DeploymentStatus)) - {"planning"}


@pytest.mark.parametrize("status", ["succeeded", "rolled_back", "destroyed"])
def test_the_cards_of_terminal_and_page_head_a_result_with_its_status(status: ResultStatus) -> None:
    word = state(status).capitalize()
    result = Result(conversation="c", turn=1, deployment_id="d", status=status, outputs={}, error=None)
    console = Console(width=80, color_system=None)
    with console.capture() as printed:
        console.print(render(result))
    assert printed.get().rstrip(".\n") == f"✓ {word}"
    assert json.loads(CLIENT.read_text("utf-8"))[f"result.{status}"] == word
