"""What is asked of the money of what stands, told apart from the price of what is wanted."""

from dataclasses import replace
from datetime import date

import pytest

from plugins.domain.understanding import Context, EarlierMessage
from plugins.parse import understand

_CONTEXT = Context(today=date(2026, 11, 30), workspaces=("dbw-risk-dev", "dbw-bi-dev"))


@pytest.mark.parametrize(
    ("text", "aspect"),
    [
        ("how much do we spend in total?", "total"),
        ("what does the risk team spend?", "total"),
        ("top spenders", "total"),
        ("cost of dbw-risk-dev and dbw-bi-dev", "total"),
        ("are we over budget?", "limits"),
        ("limits by team", "limits"),
        ("what does dbw-bi-dev cost when idle?", "idle"),
        ("what do we pay while nobody uses it?", "idle"),
        ("what did dbw-risk-dev cost so far?", "so_far"),
        ("actual cost of dbw-bi-dev last month", "so_far"),
        ("what did it really cost?", "so_far"),
        ("actual spend this month", "so_far"),
        ("how much would we save if we destroyed dbw-bi-dev?", "saved"),
        ("does that include tax?", "uncounted"),
        ("make dbw-risk-dev cheaper", "cheaper"),
        ("where can we save money?", "cheaper"),
        ("why is dbw-risk-dev so expensive?", "drivers"),
        ("what does dbw-risk-dev cost a year?", "month"),
        ("that's a lot. what drives it", "drivers"),
        ("that's a lot, why?", "drivers"),
        ("which is the most expensive and why", "drivers"),
        ("could it be under 300?", "cheaper"),
        ("what's the forecast for december?", "total"),
        ("total per cost center", "total"),
        ("what have we paid", "so_far"),
        ("show me the bill for november", "so_far"),
        ("which team spends most", "total"),
        ("any discounts if we commit for a year?", "uncounted"),
        ("how accurate are your estimates", "uncounted"),
        ("what is our budget situation", "limits"),
    ],
)
def test_it_is_told_what_is_asked(text: str, aspect: str) -> None:
    money = understand(text, _CONTEXT).money
    assert money is not None
    assert money.aspect == aspect


@pytest.mark.parametrize(
    "text",
    [
        "how much would a dev workspace cost?",
        "what does it cost?",
        "Databricks for team cove in dev, total cost under 500 a month",
        "what if we used 4 workers for dbw-risk-dev?",
        "list all workspaces",
        "is spot cheaper than on demand?",
        "raise the cost limit to 900",
    ],
)
def test_other_messages_ask_nothing_of_what_stands(text: str) -> None:
    assert understand(text, _CONTEXT).money is None


@pytest.mark.parametrize(
    ("text", "by"),
    [
        ("cost per team", "team"),
        ("spend by cost centre", "cost_center"),
        ("what do we pay for each environment?", "environment"),
        ("spend by owner", "owner"),
        ("costs per region", "region"),
        ("which team costs the most?", "team"),
    ],
)
def test_a_sum_is_split_by_what_is_said(text: str, by: str) -> None:
    money = understand(text, _CONTEXT).money
    assert money is not None
    assert money.by == by


def test_a_wish_in_terms_of_what_is_there_holds_no_number_of_its_own() -> None:
    doubled = understand("double the workers of dbw-risk-dev", _CONTEXT)
    added = understand("2 more workers for dbw-risk-dev", _CONTEXT)
    assert [s.scaled for s in (*doubled.statements, *added.statements)] == [
        (("workers", "times", 2),),
        (("workers", "plus", 2),),
    ]
    assert added.requests[0].min_workers is None


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("turn off photon on dbw-risk-dev", "photon", False),
        ("drop photon from dbw-risk-dev", "photon", False),
        ("move dbw-risk-dev to spot", "spot", True),
        ("tag dbw-risk-dev with project=apollo", "tags", {"project": "apollo"}),
        ("change owner of dbw-risk-dev to zoe@contoso.com", "owner", "zoe@contoso.com"),
    ],
)
def test_changes_of_what_stands_are_understood(text: str, field: str, value: object) -> None:
    understood = understand(text, _CONTEXT)
    assert understood.act == "amend"
    assert understood.requests[0].workspace_name == "dbw-risk-dev"
    assert getattr(understood.requests[0], field) == value


@pytest.mark.parametrize(
    ("text", "is_of_all"),
    [
        ("actual spend this month", True),
        ("what was our real bill this month?", True),
        ("how much did we actually spend last month?", True),
        ("what did it really cost?", False),
        ("how much have we spent on it so far?", False),
        ("actual spend of dbw-bi-dev", False),
    ],
)
def test_spend_is_of_all_where_it_is_of_nothing_named(text: str, is_of_all: bool) -> None:  # noqa: FBT001 - a row of the table
    money = understand(text, _CONTEXT).money
    assert money is not None
    assert (money.aspect, money.is_of_all) == ("so_far", is_of_all)


SAID_OF_ALL = (EarlierMessage("brickie", "2 workspaces: about 900 USD a month"),)
SAID_OF_ONE = (EarlierMessage("brickie", "dbw-bi-dev is estimated at about 400 USD a month"),)


def test_another_period_is_of_what_was_told_last() -> None:
    of_all = understand("and per year?", replace(_CONTEXT, said=SAID_OF_ALL))
    assert of_all.money is not None
    assert (of_all.money.aspect, of_all.money.period, of_all.money.is_of_all) == ("total", "year", True)
    of_one = understand("and per year?", replace(_CONTEXT, said=SAID_OF_ONE))
    assert (of_one.act, of_one.money) == ("cost", None)


def test_a_sum_that_it_shall_come_to_leaves_no_workspace_out() -> None:
    selection = understand("could it be under 300?", _CONTEXT).selection
    assert selection is None or selection.under is None


@pytest.mark.parametrize(
    ("text", "days", "ending"),
    [
        ("what happens if we extend dbw-bi-dev by a week?", 7, "later"),
        ("what would it cost to keep dbw-bi-dev two weeks longer?", 14, "later"),
        ("what if dbw-bi-dev ended on friday?", 4, "until"),
    ],
)
def test_a_supposed_end_is_a_question_of_money(text: str, days: int, ending: str) -> None:
    understood = understand(text, _CONTEXT)
    (request,) = understood.requests
    assert (understood.act, request.workspace_name, request.expires_in_days) == ("cost", "dbw-bi-dev", days)
    assert understood.ending == ending


def test_what_is_supposed_of_all_is_of_all() -> None:
    understood = understand("what if everything ran on spot?", _CONTEXT)
    assert understood.act == "cost"
    assert understood.selection is not None
    assert (understood.selection.names, understood.selection.flags) == ((), ())
    assert understood.requests[0].stated() == {"spot": True}
