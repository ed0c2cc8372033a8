"""The estimator against bills that were worked out by hand, to the cent; see bills_by_hand.toml for the arithmetic."""

import tomllib
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from plugins.decide import decide
from plugins.domain.estimate import Estimate
from plugins.domain.platform_settings import PlatformSettings, Pricing
from plugins.domain.request import InfrastructureRequest
from plugins.estimate import estimate

BILLS: list[dict[str, Any]] = tomllib.loads(Path(__file__).with_name("bills_by_hand.toml").read_text("utf-8"))["bill"]


def cost_of(bill: dict[str, Any]) -> Estimate:
    platform = PlatformSettings(pricing=Pricing.model_validate(bill.get("pricing", {})))
    request = InfrastructureRequest.model_validate({"team": "ledger", **bill["request"]})
    return estimate(decide(request, platform, identity="dep_1", today=date(2026, 11, 30)), platform)


def shown(amount: Decimal | None) -> str:
    return "unknown" if amount is None else f"{amount:f}"


@pytest.mark.parametrize("bill", BILLS, ids=lambda bill: bill["name"])
def test_the_bill_is_the_one_by_hand(bill: dict[str, Any]) -> None:
    cost = cost_of(bill)
    lines = [
        [line.item, f"{line.quantity:f}", shown(line.unit_price and line.unit_price.normalize()), shown(line.monthly)]
        for line in cost.lines
    ]
    assert lines == bill["lines"]
    assert (shown(cost.expected), cost.currency) == (bill["expected"], bill["currency"])
    assert (shown(cost.low), shown(cost.high)) == (bill["low"], bill["high"])
    assert list(cost.unpriced) == bill.get("unpriced", [])
    assert (cost.spot_range and shown(cost.spot_range.low)) == bill.get("spot_low")


def test_there_are_twenty_at_least() -> None:
    assert len(BILLS) >= 20
