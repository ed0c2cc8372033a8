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


LIKE_BY_TEAM = Context(
    today=STANDING.today, workspaces=("dbw-risk-dev", "dbw-wren-dev", "dbw-heron-dev", "dbw-heron-prod")
)


@pytest.mark.parametrize(
    ("text", "like", "said"),
    [
        ("one more like wren for team fern", "dbw-wren-dev", {"team": "fern"}),
        ("can we have one more like wren in staging?", "dbw-wren-dev", {"environment": "staging"}),
        ("one more like heron prod but for team fern", "dbw-heron-prod", {"team": "fern"}),
        (
            "one more like wren dev for team fern in staging",
            "dbw-wren-dev",
            {"team": "fern", "environment": "staging"},
        ),
        ("i would like the same in prod", "dbw-risk-dev", {"environment": "prod"}),
    ],
)
def test_it_is_like_the_one_that_is_called_by_its_team(text: str, like: str, said: dict[str, object]) -> None:
    understood = understand(text, LIKE_BY_TEAM)
    assert (understood.act, understood.like) == ("provision", like)
    assert [request.stated() for request in understood.requests] == [{"capability": "databricks", **said}]


@pytest.mark.parametrize(
    "text",
    [
        "is staging the same as dev?",
        "does staging have the same as dev?",
        "dev is the same as before",
        "keep dev the same as it is",
        "staging stays the same as dev",
        "staging looks the same as prod",
        "don't make staging the same as dev",
        "it should be the same as dev",
        "one more like heron for team fern",
        "one more like kestrel for team fern",
    ],
)
def test_what_is_told_asked_or_like_something_unknown_makes_no_copy(text: str) -> None:
    understood = understand(text, LIKE_BY_TEAM)
    assert (understood.act in ("provision", "amend"), understood.like) == (False, "")


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


MALLARD = InfrastructureRequest(
    capability="databricks", team="mallard", environment="dev", workload_type="data_engineering", max_workers=4
)


@pytest.mark.parametrize(
    "text",
    [
        "no, dev for team fern, etl",
        "nope: team fern, dev, etl",
        "i said dev for team mallord, etl",
        "it's for team fern, dev, etl",
        "dev for team malard, etl",
        "dev for team mallards, etl",
    ],
)
def test_a_corrected_restatement_changes_the_one_in_hand(text: str) -> None:
    context = Context(today=STANDING.today, drafts=(MALLARD,), plan_pending=True)
    assert understand(text, context).act == "amend"


def test_a_team_that_has_something_is_no_slip() -> None:
    context = Context(
        today=STANDING.today, drafts=(MALLARD,), plan_pending=True, workspaces=("dbw-malard-dev", "dbw-wren-dev")
    )
    assert understand("dev for team malard, etl", context).act == "provision"


def test_what_is_asked_for_is_answered() -> None:
    draft = InfrastructureRequest(capability="databricks", team="mallard", environment="dev")
    context = Context(today=STANDING.today, drafts=(draft,), open_slots=("workload_type",))
    for text in ("it's for etl, team fern, dev", "etl, team fern, dev"):
        assert understand(text, context).act == "answer", text


IN_HAND = Context(
    today=STANDING.today,
    drafts=(
        InfrastructureRequest(
            capability="databricks", team="wren", environment="dev", workload_type="streaming", region="uksouth"
        ),
    ),
    plan_pending=True,
)


@pytest.mark.parametrize(
    ("text", "apart"),
    [
        ("ok. we need the same for staging too", {"environment": "staging"}),
        ("we need the same for staging", {"environment": "staging"}),
        ("can we have the same for staging too?", {"environment": "staging"}),
        ("please do the same for prod as well", {"environment": "prod"}),
        ("and a staging one too", {"environment": "staging"}),
        ("we also need one in staging", {"environment": "staging"}),
        ("also add staging", {"environment": "staging"}),
        ("and the same again for the fern team", {"team": "fern"}),
    ],
)
def test_the_same_once_more_stands_beside_the_one_in_hand(text: str, apart: dict[str, str]) -> None:
    understood = understand(text, IN_HAND)
    (request,) = understood.requests
    assert (understood.act, understood.additional) == ("provision", True)
    assert request.stated() == {**IN_HAND.drafts[0].stated(), **apart}


@pytest.mark.parametrize(
    "text", ["make it staging", "make it staging instead", "we need it in staging", "we need staging, not dev"]
)
def test_what_is_in_hand_may_still_be_moved(text: str) -> None:
    understood = understand(text, IN_HAND)
    assert (understood.act, [request.stated() for request in understood.requests]) == (
        "amend",
        [{"environment": "staging"}],
    )


@pytest.mark.parametrize(
    "text", ["what would the same cost in staging?", "don't do the same for staging", "is the same for staging dearer?"]
)
def test_the_same_that_is_only_asked_of_or_denied_is_not_ordered(text: str) -> None:
    assert understand(text, IN_HAND).act not in ("provision", "amend")
