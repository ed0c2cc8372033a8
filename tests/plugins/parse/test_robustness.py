"""No text breaks the reading, and none takes long."""

import time
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugins.domain.request import InfrastructureRequest
from plugins.domain.understanding import Context
from plugins.parse import understand

TODAY = date(2026, 11, 24)
ALONE = Context(today=TODAY)
TALKING = Context(
    today=TODAY,
    open_slots=("team", "environment", "workspace_name", "cost_limit"),
    drafts=(InfrastructureRequest(team="ml", environment="dev"), InfrastructureRequest(team="ml", environment="prod")),
    plan_pending=True,
    workspaces=("dbw-ml-dev", "dbw-[x](y)"),
)
SNIPPETS = st.sampled_from(
    [
        "dev",
        "prod",
        "team x",
        "for",
        "not",
        "no, wait",
        "$5",
        "8 workers",
        "dbw-a-b",
        "24/7",
        "\n",
        "- ",
        "| ",
        '"',
        "or",
    ]
)


@settings(max_examples=400, deadline=None)
@given(st.text(max_size=400))
def test_any_text_is_understood_as_something(text: str) -> None:
    assert understand(text, ALONE).act != "confirm"
    assert understand(text, TALKING).act != "confirm"


@settings(max_examples=400, deadline=None)
@given(st.lists(SNIPPETS, max_size=40))
def test_any_mixture_of_the_usual_words_is_understood_as_something(words: list[str]) -> None:
    assert understand(" ".join(words), TALKING).act != "confirm"


@pytest.mark.parametrize(
    "unit", ["a", "dev ", "team x, ", "1 to ", "((((", "no no ", '"', "$1,000 ", "or ", "- dev etl\n", "=a "]
)
def test_the_longest_message_takes_no_more_than_moments(unit: str, rounds: Callable[[int], int]) -> None:
    """Patterns stay linear: what grows out of hand here would hang a conversation."""
    length = rounds(60_000)
    text = unit * (length // len(unit))
    started = time.process_time()
    understand(text, ALONE)
    assert time.process_time() - started < length / 3_000


@pytest.mark.parametrize("text", ["", "   ", "\x00\x01", "\u202e\u2066", "\ud7ff", "👍", "?", "…"])
def test_nothing_to_read_is_unclear(text: str) -> None:
    assert understand(text, ALONE).act == "unclear"
