"""A new one is told by one that stands, or by the one in hand: all that is not said otherwise is as there."""

from datetime import date

import pytest

from plugins.domain.request import InfrastructureRequest
from plugins.domain.understanding import Context
from plugins.parse import understand

STANDING = Context(today=date(2026, 11, 30), workspaces=("dbw-heron-dev", "dbw-wren-dev", "dbw-wren-staging"))


@pytest.mark.parametrize(
    ("text", "like", "said"),
    [
        (
            "great. now one more new workspace, same team and everything, but staging",
            "dbw-heron-dev",
            {"environment": "staging"},
        ),
        ("one more like dbw-wren-dev but in prod", "dbw-wren-dev", {"environment": "prod"}),
        ("the same again for staging", "dbw-heron-dev", {"environment": "staging"}),
        ("another one for team lark, same setup", "dbw-heron-dev", {"team": "lark"}),
        (
            "prod for team wren, same as staging but 3 workers",
            "dbw-wren-staging",
            {"team": "wren", "environment": "prod", "min_workers": 3, "max_workers": 3},
        ),
    ],
)
def test_it_is_like_the_one_that_is_meant(text: str, like: str, said: dict[str, object]) -> None:
    understood = understand(text, STANDING)
    (request,) = understood.requests
    assert (understood.act, understood.like) == ("provision", like)
    assert request.stated() == {"capability": "databricks", **said}


def test_what_it_shall_not_have_is_taken_back() -> None:
    (statement,) = understand("also prod for heron, same thing but no expiry", STANDING).statements
    assert statement.clear == ("expires_in_days",)


@pytest.mark.parametrize("text", ["the same region for all", "i like it", "is it the same in staging?", "staging"])
def test_other_messages_are_like_nothing(text: str) -> None:
    assert understand(text, STANDING).like == ""


def test_beside_one_in_hand_it_is_one_more() -> None:
    draft = InfrastructureRequest(
        capability="databricks", team="lark", environment="dev", workload_type="streaming", region="uksouth"
    )
    context = Context(today=STANDING.today, drafts=(draft,), plan_pending=True)
    understood = understand("also one for staging, same thing but 3 workers", context)
    (request,) = understood.requests
    assert (understood.act, understood.additional) == ("provision", True)
    assert request.stated() == {
        **draft.stated(),
        "environment": "staging",
        "min_workers": 3,
        "max_workers": 3,
    }


def test_a_whole_request_for_another_team_is_its_own() -> None:
    draft = InfrastructureRequest(
        capability="databricks", team="plover", environment="dev", workload_type="analytics", hours_per_week=168
    )
    context = Context(today=STANDING.today, drafts=(draft,), open_slots=("cost_limit",))
    understood = understand("dev for team avocet, etl, cost center 9001, max 400 a month", context)
    assert (understood.act, understood.requests[0].hours_per_week) == ("provision", None)
    assert understand("sorry, I meant dev for team avocet, etl", context).act in ("amend", "answer")


def test_a_day_is_no_amount() -> None:
    context = Context(today=STANDING.today, open_slots=("cost_limit",), drafts=(InfrastructureRequest(team="lark"),))
    for text in ("till 24 dec", "on 2026-12-24", "24 december please"):
        assert [request.cost_limit for request in understand(text, context).requests] in ([], [None]), text
    assert understand("make it 600", context).requests[0].cost_limit == 600
