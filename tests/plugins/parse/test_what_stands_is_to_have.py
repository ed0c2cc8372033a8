"""What is said of the one that stands, without a verb of change, it is to have; what tells or asks changes nothing."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from plugins.domain.request import InfrastructureRequest
from plugins.domain.understanding import Context
from plugins.parse import understand

_TODAY = date(2026, 11, 30)
_STANDS = Context(today=_TODAY, workspaces=("dbw-churn-dev",))
_FOUR = {"min_workers": 4, "max_workers": 4}


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("4 workers", _FOUR),
        ("up to 4 workers please", {"max_workers": 4}),
        ("it needs 4 workers", _FOUR),
        ("i'd rather have 4 workers", _FOUR),
        ("could we have 4 workers?", _FOUR),
        ("can it have 4 workers?", _FOUR),
        ("no photon", {"photon": False}),
        ("turn photon on", {"photon": True}),
        ("spot would be nice", {"spot": True}),
        ("tag project=apollo", {"tags": {"project": "apollo"}}),
        ("owner: jane@contoso.com", {"owner": "jane@contoso.com"}),
        ("add jane@contoso.com as owner", {"owner": "jane@contoso.com"}),
        ("the cost center is 4412", {"cost_center": "4412"}),
        ("charge it to cost center 88", {"cost_center": "88"}),
        ("put it on cost center 88", {"cost_center": "88"}),
        (
            "add jane@contoso.com as owner and put it on cost center 88",
            {"owner": "jane@contoso.com", "cost_center": "88"},
        ),
        (
            "set jane@contoso.com as the owner and book it on cost centre 4412",
            {"owner": "jane@contoso.com", "cost_center": "4412"},
        ),
        ("limit 400 USD", {"cost_limit": Decimal(400), "currency": "USD"}),
        ("turn spot off", {"spot": False}),
        ("hi, 6 workers please", {"min_workers": 6, "max_workers": 6}),
        ("between 2 and 8 workers please", {"min_workers": 2, "max_workers": 8}),
        ("we need at least 2 workers and at most 8", {"min_workers": 2, "max_workers": 8}),
        ("let's use spot", {"spot": True}),
        ("let's go with 6 workers", {"min_workers": 6, "max_workers": 6}),
        ("the new owner is jane@contoso.com", {"owner": "jane@contoso.com"}),
        ("cap it at 500 usd a month", {"cost_limit": Decimal(500), "currency": "USD"}),
        ("8 hours a day is enough", {"hours_per_week": 56}),
    ],
)
def test_what_it_is_to_have_is_a_change_of_it(text: str, stated: dict[str, Any]) -> None:
    understood = understand(text, _STANDS)
    assert understood.act == "amend"
    (request,) = understood.requests
    assert {name: getattr(request, name) for name in stated} == stated
    assert set(request.stated()) == {*stated, "workspace_name"}
    assert understand(text, Context(today=_TODAY)).act not in ("amend", "provision")


@pytest.mark.parametrize(
    "text",
    [
        "4 workers?",
        "why 4 workers?",
        "he said it has 4 workers",
        "there are 4 workers",
        "it already has 4 workers",
        "they want 4 workers",
        "we have 4 workers in our factory",
        "i did not say 4 workers",
        "should it have 4 workers?",
        "do we need photon?",
        "is it on spot?",
        "is jane@contoso.com the owner?",
        "the owner jane@contoso.com left",
        "add jane@contoso.com",
        "add jane@contoso.com to the workspace",
        "my mail is jane@contoso.com",
        "put it on hold",
        "turn it off",
        "what if we forget about it?",
        "cost center 88 for wren",
        "4 workers for wren",
        "spot for the wren one",
        "limit 400 USD for wren",
        "both 4 workers",
        "all of them 4 workers",
        "all on spot",
        "the other one needs 4 workers",
        "it costs 400 USD",
        "it is used 8 hours a day",
        "owner jane@contoso.com is on leave",
        "spot is risky",
        "all 4 workers died",
        "4 workers are too expensive",
        "4 or 6 workers",
        "forget 4 workers",
        "hold off on the 4 workers",
        "4 workers, but not yet",
        "lol 400 workers",
        "thanks for the 4 workers",
        "it's on spot",
        "it runs 24/7",
        "photon is great",
        "great, photon is on",
        "i want to know about spot",
        "not sure about photon",
        "i work 8 hours a day",
        "the job runs 8 hours a day",
        "we are over the limit of 400 USD",
        "cost center 4412 is closed",
        "the tag project=apollo is wrong",
        "owner: jane@contoso.com (wrong!)",
        "write to the owner jane@contoso.com",
        "no GPU found",
        "Standard_D4ds_v5 is not available",
        "private link broke our build",
        "6 workers down",
        "only 2 workers on",
        "off spot",
        "can you have spot with photon",
        "can i use photon with spot?",
        "can it use a gpu?",
        "bob needs 6 workers",
        "finance wants cost center 4412",
    ],
)
def test_what_tells_or_asks_changes_nothing(text: str) -> None:
    assert understand(text, _STANDS).act not in ("amend", "provision", "answer", "destroy", "extend", "reset")


@pytest.mark.parametrize(
    "text",
    [
        "will it keep running at night?",
        "how do i know it won't run all night?",
        "does it stop over the weekend?",
        "is it off overnight?",
        "does it shut down when nobody uses it?",
    ],
)
def test_whether_it_stops_by_itself_is_explained(text: str) -> None:
    understood = understand(text, _STANDS)
    assert (understood.act, understood.topic) == ("explain", ("autotermination_minutes",))


@pytest.mark.parametrize("text", ["who is the owner?", "who owns it?", "whose is it?", "who is responsible for it?"])
def test_who_owns_it_is_told_with_how_it_stands(text: str) -> None:
    understood = understand(text, _STANDS)
    assert (understood.act, [request.workspace_name for request in understood.requests]) == (
        "status",
        ["dbw-churn-dev"],
    )


_ASKED = Context(
    today=_TODAY,
    drafts=(
        InfrastructureRequest(
            capability="databricks", team="churn", environment="dev", workload_type="analytics", region="eastus"
        ),
    ),
    open_slots=("cost_limit",),
)


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("cost center 4412", {"cost_center": "4412"}),
        ("owner jane@contoso.com, cost center 700", {"owner": "jane@contoso.com", "cost_center": "700"}),
        ("tag project=500", {"tags": {"project": "500"}}),
        ("cost center 88 and 600 usd", {"cost_center": "88", "cost_limit": Decimal(600), "currency": "USD"}),
        ("600", {"cost_limit": Decimal(600)}),
        ("750 is fine", {"cost_limit": Decimal(750)}),
    ],
)
def test_a_number_that_says_something_else_is_not_the_limit_that_was_asked_for(
    text: str, stated: dict[str, Any]
) -> None:
    (request,) = understand(text, _ASKED).requests
    assert {name: getattr(request, name) for name in request.stated()} == stated


def test_where_several_stand_and_none_is_in_sight_a_bare_wish_is_of_none() -> None:
    several = ("dbw-churn-dev", "dbw-wren-dev")
    asked = understand("4 workers", Context(today=_TODAY, workspaces=several))
    assert (asked.act, [request.workspace_name for request in asked.requests]) == ("amend", [None])
    (request,) = understand("4 workers", Context(today=_TODAY, workspaces=several, spoken_of=1)).requests
    assert request.workspace_name == "dbw-churn-dev"


def test_a_bare_wish_is_of_the_one_in_sight_also_while_its_end_is_asked() -> None:
    asked = Context(today=_TODAY, workspaces=("dbw-churn-dev",), spoken_of=1, open_slots=("expires_in_days",))
    (request,) = understand("4 workers", asked).requests
    assert (request.workspace_name, request.max_workers) == ("dbw-churn-dev", 4)
    assert understand("30 days", asked).act in ("answer", "extend")
