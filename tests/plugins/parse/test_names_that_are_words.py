"""What a workspace is called says nothing of what is wanted of it; what is not to be done is not done."""

from datetime import date

import pytest

from plugins.domain.understanding import Context, Understanding
from plugins.parse import understand


def heard(text: str) -> Understanding:
    return understand(text, Context(today=date(2026, 11, 29)))


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("Can we keep dbw-forecast-dev until 15 December? The audit isn't finished.", "extend"),
        ("extend dbw-drop-dev by a week", "extend"),
        ("extend dbw-may-dev by a week", "extend"),
        ("is dbw-export-dev up?", "status"),
        ("what region is dbw-cost-dev in?", "status"),
        ("can you add spot to dbw-explain-dev?", "amend"),
        ("use 4 workers on dbw-pricing-dev", "amend"),
        ("who changed dbw-status-prod?", "history"),
        ("show me the terraform of dbw-audit-dev", "export"),
        ("delete dbw-history-dev", "destroy"),
    ],
)
def test_the_words_of_a_name_decide_nothing(text: str, act: str) -> None:
    understood = heard(text)
    assert understood.act == act
    (name,) = (word.strip("?.,") for word in text.split() if word.startswith("dbw-"))
    assert [request.workspace_name for request in understood.requests] == [name]


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Can we keep dbw-forecast-dev until 15 December? The audit isn't finished.", 16),
        ("May we have dbw-oak-dev for another 10 days? The report is late.", 10),
        ("we're not finished. can dbw-oak-dev live until 20 December?", 21),
        ("can you make it so dbw-oak-dev stays up till 31 december? People aren't back before", 32),
        ("keep dbw-oak-dev for another week", 7),
        ("could dbw-oak-dev stay two weeks longer? we are not done yet", 14),
    ],
)
def test_more_time_that_is_asked_for_with_its_reason_is_given(text: str, days: int) -> None:
    understood = heard(text)
    assert understood.act == "extend"
    assert [request.expires_in_days for request in understood.requests] == [days]


@pytest.mark.parametrize(
    "text",
    [
        "have dbw-oak-dev and dbw-elm-dev been deleted?",
        "have we extended dbw-oak-dev by a week?",
        "has dbw-oak-dev been kept until friday?",
    ],
)
def test_what_only_asks_what_was_done_does_nothing(text: str) -> None:
    assert heard(text).act in ("status", "history", "cost", "explain")


@pytest.mark.parametrize(
    "text",
    [
        "please don't delete dbw-ledger-prod, I only want to know what it costs",
        "do not destroy dbw-ledger-prod, just tell me the price",
        "I don't want to change dbw-ledger-prod, how much is it a month?",
        "no need to delete dbw-ledger-prod, I only wonder what it costs per month",
        "don't remove dbw-ledger-prod. what does it cost?",
    ],
)
def test_the_price_is_of_the_one_that_is_named(text: str) -> None:
    understood = heard(text)
    assert understood.act == "cost"
    assert [request.workspace_name for request in understood.requests] == ["dbw-ledger-prod"]


@pytest.mark.parametrize(
    "text",
    [
        "never delete dbw-oak-dev",
        "I don't want to delete dbw-oak-dev",
        "we don't want you to delete dbw-oak-dev, why?",
        "not going to delete dbw-oak-dev",
        "I don't want to delete dbw-oak-dev but dbw-elm-dev, what does it cost?",
        "no need to destroy dbw-oak-dev",
    ],
)
def test_what_nobody_wants_to_go_is_not_destroyed(text: str) -> None:
    assert heard(text).act != "destroy"
