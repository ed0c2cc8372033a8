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
    "unit",
    [
        "a",
        "dev ",
        "team x, ",
        "1 to ",
        "((((",
        "no no ",
        '"',
        "$1,000 ",
        "or ",
        "- dev etl\n",
        "=a ",
        "tag a=b, ",
        "don't start over. ",
    ],
)
def test_four_times_the_text_takes_about_four_times_as_long(unit: str, rounds: Callable[[int], int]) -> None:
    """Patterns stay linear: what grows out of hand would hang a conversation with the longest message."""
    understand(unit, ALONE)  # the vocabulary is read once
    short, long = (reading_seconds(unit, rounds(length)) for length in (5_000, 20_000))
    assert long < 8 * short + 0.2


def reading_seconds(unit: str, length: int) -> float:
    started = time.process_time()
    understand(unit * (length // len(unit)), ALONE)
    return time.process_time() - started


@pytest.mark.parametrize("text", ["", "   ", "\x00\x01", "\u202e\u2066", "\ud7ff", "👍", "?", "…"])
def test_nothing_to_read_is_unclear(text: str) -> None:
    assert understand(text, ALONE).act == "unclear"


@pytest.mark.parametrize("unit", ["the one ", "all one ", "this one ", "the dev ", "ok please and ", "team team and "])
def test_small_words_again_and_again_take_no_time_that_doubles(unit: str) -> None:
    """What may be read in two ways each time, behind which the reading comes to nothing."""
    stands = Context(today=TODAY, workspaces=("dbw-ml-dev",), spoken_of=1)
    understand(unit, stands)
    started = time.process_time()
    for tail in ("another week zebra", "start over zebra", "delete it zebra"):
        understand(unit * 40 + tail, stands)
    assert time.process_time() - started < 2
