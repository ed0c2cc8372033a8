"""Bill against estimate, by hand: which days are compared, what a month comes to, when a day jumped."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from one_turn import FERN, MINT, one_turn

from agent.store.bills import WorkspaceDay
from agent.turn.actions.billed import row_of
from agent.views.bills import BilledMonth, BillPeriod, Jump, billed_months, grouped, jump_of, threshold_of
from plugins.domain.deployment import Deployment
from plugins.domain.money import rounded

NOVEMBER = BillPeriod.of(date(2026, 11, 30), date(2026, 11, 30))


def standing(request: Any = MINT, deployment_id: str = "dep_1", **fields: Any) -> Deployment:
    """A workspace whose month is estimated at 243.33 USD: 8 a day of 730/24 days."""
    with one_turn() as turn:
        deployment = turn.deployed(request, deployment_id, **fields)
    cost = deployment.cost.model_copy(update={"expected": Decimal(8) * Decimal(730) / Decimal(24)})
    decision = deployment.decision.model_copy(update={"monthly_limit": Decimal(500)})
    return deployment.model_copy(update={"cost": cost, "decision": decision})


def days(amount: str, first: date, last: date, *, of: str = "dep_1", currency: str = "USD") -> list[WorkspaceDay]:
    count = (last - first).days + 1
    return [WorkspaceDay(of, first + timedelta(days=n), currency, Decimal(amount)) for n in range(count)]


def month_of(
    deployment: Deployment, billed: list[WorkspaceDay], period: BillPeriod = NOVEMBER, **rates: Decimal
) -> BilledMonth:
    [(_, month)] = billed_months((deployment,), billed, period, rates)
    return month


def estimated(month: BilledMonth) -> Decimal | None:
    """To the cent: a third of a day's amount has no end."""
    return None if month.estimated is None else rounded(month.estimated)


def test_a_whole_month_is_compared_day_by_day() -> None:
    """29 whole days of 8.32 against 8 a day: estimated 232, billed 241.28: +4 %."""
    billed = days("8.32", date(2026, 10, 15), date(2026, 11, 29)) + days("1", date(2026, 11, 30), date(2026, 11, 30))
    month = month_of(standing(), billed)
    assert (month.compared, estimated(month)) == (Decimal("241.28"), Decimal(232))
    assert month.error is not None
    assert round(month.error, 4) == Decimal("0.04")
    assert month.billed == Decimal("242.28")
    assert month.forecast == Decimal("249.60")  # 241.28, and 8.32 for the 30th
    assert (month.used, threshold_of(month)) == (Decimal("242.28") / 500, None)


def test_the_day_on_which_it_was_made_is_billed_and_not_compared() -> None:
    billed = days("3", date(2026, 11, 25), date(2026, 11, 25)) + days("8", date(2026, 11, 26), date(2026, 11, 29))
    month = month_of(standing(), billed)
    assert (month.billed, month.compared) == (Decimal(35), Decimal(32))
    assert estimated(month) == Decimal(32)


def test_days_without_a_row_cost_nothing_and_are_compared() -> None:
    billed = days("8", date(2026, 10, 1), date(2026, 11, 10))
    month = month_of(standing(), billed)
    assert (month.compared, estimated(month)) == (Decimal(80), Decimal(232))


def test_too_few_days_are_no_forecast() -> None:
    month = month_of(standing(), days("8", date(2026, 11, 27), date(2026, 11, 29)))
    assert (month.compared, month.forecast) == (Decimal(16), None)


def test_the_first_day_alone_is_held_against_nothing() -> None:
    month = month_of(standing(), days("8", date(2026, 11, 30), date(2026, 11, 30)))
    assert (month.billed, month.compared, month.estimated, month.error) == (Decimal(8), None, None, None)


def test_a_bill_in_another_currency_is_compared_by_the_rate_or_not_at_all() -> None:
    billed = days("7.2", date(2026, 10, 15), date(2026, 11, 29), currency="EUR")
    assert month_of(standing(), billed).error is None
    month = month_of(standing(), billed, EUR=Decimal("0.9"))
    assert (month.compared, estimated(month)) == (Decimal("208.8"), Decimal("208.8"))
    assert month.limit == Decimal(450)


def test_what_ends_is_forecast_to_its_end_and_what_is_gone_to_nothing_more() -> None:
    period = BillPeriod.of(date(2026, 11, 11), date(2026, 11, 11))
    billed = days("8", date(2026, 10, 1), date(2026, 11, 10))
    assert month_of(standing(), billed, period).forecast == Decimal(240)
    assert month_of(standing(expires_on=date(2026, 11, 15)), billed, period).forecast == Decimal(120)
    assert month_of(standing(status="destroyed"), billed, period).forecast == Decimal(80)


def test_a_month_that_is_over_is_compared_to_its_last_day() -> None:
    period = BillPeriod.of(date(2026, 10, 31), date(2026, 11, 30))
    month = month_of(standing(), days("8", date(2026, 9, 1), date(2026, 11, 29)), period)
    assert (month.billed, month.compared, month.forecast) == (Decimal(248), Decimal(248), Decimal(248))


def test_what_shares_its_group_is_held_against_nothing_and_uses_at_least_so_much_of_its_limit() -> None:
    """Its DBUs are in a group of which nobody knows whose they are: only the machines are counted."""
    shared = standing()
    decision = shared.decision.model_copy(update={"existing_resource_group": True})
    month = month_of(
        shared.model_copy(update={"decision": decision}), days("10", date(2026, 10, 1), date(2026, 11, 29))
    )
    assert (month.billed, month.compared, month.estimated, month.forecast) == (Decimal(290), None, None, None)
    assert threshold_of(month) == 50
    assert row_of(month, "") == ("", "at least 290.00 USD", "not known", "not known", "not known", "at least 58 %")
    other = standing(FERN, "dep_2")
    [whole] = grouped(
        [(shared, month), (other, month_of(other, days("8", date(2026, 10, 1), date(2026, 11, 29), of="dep_2")))], None
    )
    assert (whole.compared, whole.is_part, whole.forecast) == (Decimal(232), True, None)


def test_groups_are_summed_by_currency_and_what_is_not_known_of_one_is_not_known() -> None:
    one, other = standing(), standing(FERN, "dep_2")
    billed = days("8", date(2026, 10, 1), date(2026, 11, 29)) + days(
        "2", date(2026, 11, 28), date(2026, 11, 29), of="dep_2"
    )
    months = billed_months((one, other), billed, NOVEMBER, {})
    [whole] = grouped(months, None)
    assert (whole.count, whole.billed, whole.compared, whole.forecast) == (2, Decimal(236), Decimal(234), None)
    assert [(group.group, group.billed) for group in grouped(months, "team")] == [
        ("mint", Decimal(232)),
        ("fern", Decimal(4)),
    ]


@pytest.mark.parametrize(
    ("amount", "reached"), [("8", None), ("8.70", 50), ("13.7", 50), ("13.8", 80), ("17.3", 100), ("99", 100)]
)
def test_thresholds_are_of_the_limit(amount: str, reached: int | None) -> None:
    """29 days against 500."""
    assert threshold_of(month_of(standing(), days(amount, date(2026, 10, 1), date(2026, 11, 29)))) == reached


def test_a_day_of_more_than_three_times_the_week_s_mean_jumps() -> None:
    through = date(2026, 11, 29)
    week = days("4", date(2026, 11, 1), date(2026, 11, 28))
    assert jump_of([*week, *days("12", through, through)], through) is None
    jumped = jump_of([*week, *days("12.01", through, through)], through)
    assert jumped == Jump(through, "USD", Decimal("12.01"), Decimal(4))


def test_a_young_workspace_has_no_week_to_jump_from() -> None:
    through = date(2026, 11, 29)
    young = days("1", date(2026, 11, 26), date(2026, 11, 28))
    assert jump_of([*young, *days("90", through, through)], through) is None
    assert jump_of(days("90", through, through), through) is None
    older = days("1", date(2026, 11, 25), date(2026, 11, 28))
    assert jump_of([*older, *days("90", through, through)], through) is not None


def test_an_idle_week_is_no_mean_to_jump_from() -> None:
    through = date(2026, 11, 29)
    idle = days("1", date(2026, 10, 1), date(2026, 10, 2))
    assert jump_of([*idle, *days("90", through, through)], through) is None


def test_the_made_up_clock_of_these_tests_is_that_of_the_turn() -> None:
    assert standing().created_at == datetime(2026, 11, 24, 9, tzinfo=UTC)
