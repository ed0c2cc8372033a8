"""What an engineer in a hurry, somebody of finance and an operator said, and what it was read as at first."""

from datetime import date

import pytest

from plugins.domain.portfolio import MoneyAspect, Period
from plugins.domain.request import InfrastructureRequest
from plugins.domain.understanding import Context
from plugins.parse import understand

TODAY = date(2026, 11, 30)
STANDING = Context(today=TODAY, workspaces=("dbw-risk-dev", "dbw-risk-staging"))
DRAFT = InfrastructureRequest(team="payments", environment="dev", workload_type="data_engineering")


@pytest.mark.parametrize(
    ("text", "aspect", "by", "period"),
    [
        ("what are we spending?", "total", None, "month"),
        ("what's our annual run rate", "total", None, "year"),
        ("break that down by cost center", "total", "cost_center", "month"),
        ("and by team per quarter", "total", "team", "quarter"),
        ("show me the costs", "total", None, "month"),
        ("what have we actually paid this month", "so_far", None, "month"),
        ("what would we save if we dropped photon on dbw-risk-staging", "cheaper", None, "month"),
    ],
)
def test_what_finance_asked(text: str, aspect: MoneyAspect, by: str | None, period: Period) -> None:
    money = understand(text, STANDING).money
    assert money is not None
    assert (money.aspect, money.by, money.period) == (aspect, by, period)


@pytest.mark.parametrize("text", ["anything over 400?", "what is above 400 dollars"])
def test_a_bound_alone_asks_for_a_list(text: str) -> None:
    understood = understand(text, STANDING)
    assert (understood.act, understood.selection.over if understood.selection else None) == ("list", 400)


@pytest.mark.parametrize(
    "text",
    ["actually make that staging too", "staging as well please", "the same in staging", "and one in staging too"],
)
def test_too_is_one_more_and_no_move(text: str) -> None:
    """It had moved the one in hand."""
    understood = understand(text, Context(today=TODAY, drafts=(DRAFT,), plan_pending=True))
    assert (understood.act, understood.additional) == ("provision", True)
    assert understood.requests == (DRAFT.model_copy(update={"environment": "staging"}),)


def test_without_too_it_is_moved() -> None:
    understood = understand("make that staging", Context(today=TODAY, drafts=(DRAFT,), plan_pending=True))
    assert (understood.act, understood.additional) == ("amend", False)


def test_a_question_that_says_its_is_of_what_it_names() -> None:
    """The word "its" had been the workspace last spoken of."""
    understood = understand("how far is risk staging from its limit", STANDING)
    assert understood.selection is not None
    assert understood.selection.names == ("dbw-risk-staging",)
