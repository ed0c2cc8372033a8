"""What is named only to be replaced, denied or left open is not read as wanted."""

from datetime import date
from decimal import Decimal

import pytest

from plugins.domain.understanding import Context, Understanding
from plugins.parse import understand

TODAY = date(2026, 11, 29)


def heard(text: str, **context: tuple[str, ...]) -> Understanding:
    return understand(text, Context(today=TODAY, **context))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("dbw-mint-dev: max 4 workers instead of 2", None, 4),
        ("could we have up to 6 workers on dbw-mint-dev instead of 4?", None, 6),
        ("dbw-mint-dev: change max workers to 3", None, 3),
        ("databricks for team mint in dev, 4-8 workers, not 4-6", 4, 8),
        ("databricks for team mint in dev, 4 workers rather than 8", 4, 4),
    ],
)
def test_workers_that_others_replace_are_not_meant(text: str, low: int | None, high: int | None) -> None:
    (request,) = heard(text, workspaces=("dbw-mint-dev",)).requests
    assert (request.min_workers, request.max_workers) == (low, high)


def test_an_amount_that_another_replaces_is_not_meant() -> None:
    (request,) = heard("databricks for team mint in dev, budget 900 USD instead of 700 USD").requests
    assert request.cost_limit == Decimal(900)


def test_a_team_left_open_is_asked() -> None:
    understood = heard("databricks for team kelp or team basalt in dev")
    assert [(doubt.slot, doubt.candidates) for doubt in understood.doubts] == [("team", ("kelp", "basalt"))]


def test_a_no_behind_a_pause_takes_back() -> None:
    (request,) = heard("databricks for team kelp, west us 2... no, westeurope i mean").requests
    assert request.region == "westeurope"


@pytest.mark.parametrize("heading", ["### What I do NOT need", "Not needed:", "We don't want", "To avoid:"])
def test_what_is_listed_under_a_heading_that_denies_is_not_wanted(heading: str) -> None:
    text = f"Staging Databricks workspace for the Sepsis team, model training.\n\n{heading}\n- GPU\n- spot instances\n"
    (request,) = heard(text).requests
    assert (request.enable_gpu, request.spot) == (False, False)


def test_what_is_listed_under_another_heading_is_wanted() -> None:
    text = "Staging Databricks workspace for the Sepsis team, training.\n\n### What I need\n- GPU\n- spot instances\n"
    (request,) = heard(text).requests
    assert (request.enable_gpu, request.spot) == (True, True)


@pytest.mark.parametrize("text", ["extend dbw-mint-dev by minus 5 days", "extend dbw-mint-dev by -5 days", "-5 days"])
def test_days_that_count_backward_answer_no_open_question(text: str) -> None:
    understood = heard(text, workspaces=("dbw-mint-dev",), open_slots=("expires_in_days",))
    assert [doubt.kind for doubt in understood.doubts] == ["invalid"]
    assert all(request.expires_in_days is None for request in understood.requests)


def test_a_four_that_counts_is_no_for() -> None:
    (request,) = heard("what would a staging workspace with 4 workers cost per month?").requests
    assert (request.team, request.max_workers) == (None, 4)


def test_an_amount_in_a_currency_without_prices_keeps_its_currency() -> None:
    (request,) = heard("databricks for team mint in dev, our budget is KES 150,000 a month").requests
    assert (request.cost_limit, request.currency) == (Decimal(150000), "KES")
