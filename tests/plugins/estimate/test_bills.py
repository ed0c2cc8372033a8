"""Bills that a finance person can read, and the arithmetic behind them."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from readable_bill import bill

from plugins.decide import decide
from plugins.domain.estimate import Estimate
from plugins.domain.platform_settings import PlatformSettings, Pricing
from plugins.domain.request import InfrastructureRequest
from plugins.estimate import estimate, limit_excess, total
from plugins.estimate.cluster import cluster_hour, node

TODAY = date(2026, 11, 24)
HOUSE = PlatformSettings()
ENVIRONMENTS = ("dev", "staging", "prod")
WORKLOADS = ("data_engineering", "machine_learning", "analytics", "data_science", "streaming")


def asked(**fields: object) -> InfrastructureRequest:
    ground = {"team": "ml", "environment": "dev", "workload_type": "data_engineering"}
    return InfrastructureRequest.model_validate({**ground, **fields})


def cost_of(platform: PlatformSettings = HOUSE, /, **fields: object) -> Estimate:
    return estimate(decide(asked(**fields), platform, identity="dep_1", today=TODAY), platform)


@pytest.mark.parametrize(
    ("workload", "photon", "hourly"),
    [
        ("all-purpose", False, "3.880"),
        ("all-purpose", True, "6.630"),
        ("jobs", False, "2.630"),
        ("jobs", True, "4.880"),
    ],
)
def test_an_hour_of_a_driver_and_four_workers(workload: str, photon: bool, hourly: str) -> None:  # noqa: FBT001 - a column
    """1 + 4 x D4ds_v5 in eastus: five nodes of 1 DBU (2 or 2.5 with Photon) at 0.55 or 0.30, and 0.226 for the VM."""
    machine = node("Standard_D4ds_v5", "eastus", workload=workload, photon=photon)  # type: ignore[arg-type]
    assert cluster_hour(machine, 4) == Decimal(hourly)


def test_an_hour_of_a_single_gpu_node() -> None:
    """NC4as_T4_v3: 1 DBU at 0.55 and 0.526 for the VM."""
    assert cluster_hour(node("Standard_NC4as_T4_v3", "eastus"), 0) == Decimal("1.076")


CASES: dict[str, dict[str, object]] = {
    "flagship_dev": {"workload_type": "machine_learning"},
    "dev_etl": {},
    "dev_spot_westeurope": {"region": "westeurope", "min_workers": 1, "max_workers": 3, "spot": True},
    "staging_photon_vnet": {"environment": "staging"},
    "prod_private_link": {"environment": "prod", "network": "private_link", "workload_type": "streaming"},
    "gpu_a100": {"workload_type": "machine_learning", "enable_gpu": True, "additional_requirements": "A100"},
    "unknown_dbu": {"node_type": "Standard_D4ds_v6", "min_workers": 2, "max_workers": 2},
    "round_the_clock": {"environment": "prod", "hours_per_week": 168, "min_workers": 4, "max_workers": 4},
}


@pytest.mark.parametrize("case", CASES)
def test_the_bill_of_a_month(case: str, golden: Callable[[str, str], None]) -> None:
    golden(f"estimates/{case}.txt", bill(cost_of(HOUSE, **CASES[case])))


def test_the_same_bill_in_euros_names_the_rate() -> None:
    platform = PlatformSettings(
        pricing=Pricing(exchange_rates={"EUR": Decimal("0.9")}, exchange_rates_as_of=date(2026, 11, 20))
    )
    in_euros, in_dollars = cost_of(platform, currency="EUR"), cost_of()
    assert in_euros.currency == "EUR"
    assert in_euros.lines[0].unit_price == in_dollars.lines[0].unit_price * Decimal("0.9")  # type: ignore[operator]
    assert "Converted at 0.9 EUR for 1 USD, read 2026-11-20." in in_euros.notes


def test_a_currency_without_a_rate_leaves_the_bill_in_dollars() -> None:
    cost = cost_of(currency="CHF")
    assert cost.currency == "USD"
    assert "In USD: the settings hold no exchange rate for CHF." in cost.notes


def test_an_unknown_price_is_no_zero() -> None:
    cost = cost_of(node_type="Standard_D4ds_v6", min_workers=2, max_workers=2)
    assert cost.unpriced == ("DBU Standard_D4ds_v6",)
    assert cost.is_lower_bound
    assert [line.monthly for line in cost.lines if line.unit == "DBU"] == [None]


def test_a_dbu_price_of_another_region_says_so() -> None:
    notes = [line.note for line in cost_of(region="westeurope").lines if line.unit == "DBU"]
    assert notes == ["price of eastus, assumed for westeurope"]


@given(
    environment=st.sampled_from(ENVIRONMENTS),
    workload=st.sampled_from(WORKLOADS),
    low=st.integers(0, 20),
    more=st.integers(0, 20),
    hours=st.floats(0, 168),
)
def test_expected_is_the_sum_of_the_lines_and_lies_between(
    environment: str, workload: str, low: int, more: int, hours: float
) -> None:
    cost = cost_of(
        environment=environment, workload_type=workload, min_workers=low, max_workers=low + more, hours_per_week=hours
    )
    assert cost.expected == sum((line.monthly or Decimal(0) for line in cost.lines), Decimal(0))
    cent = Decimal("0.03")
    assert cost.low <= cost.expected + cent
    assert cost.expected <= cost.high + cent


def test_several_bills_add_up_under_their_names() -> None:
    dev, prod = cost_of(), cost_of(environment="prod")
    both = total((dev, prod), ("dbw-a", "dbw-b"))
    assert both.expected == dev.expected + prod.expected
    assert both.lines[0].item == "dbw-a: Driver VM, D4ds_v5"


@pytest.mark.parametrize("environment", ENVIRONMENTS)
@pytest.mark.parametrize("workload", WORKLOADS)
@pytest.mark.parametrize("gpu", [None, True])
def test_what_nobody_narrowed_down_fits_its_environments_limit(environment: str, workload: str, gpu: object) -> None:
    request = asked(environment=environment, workload_type=workload, enable_gpu=gpu)
    cost = cost_of(environment=environment, workload_type=workload, enable_gpu=gpu)
    assert limit_excess(request, cost, HOUSE) is None


def test_a_limit_of_nothing_is_always_exceeded() -> None:
    excess = limit_excess(asked(cost_limit=0), cost_of(), HOUSE)
    assert excess is not None
    assert excess.limit == 0


def test_a_limit_in_a_currency_without_a_rate_is_not_compared() -> None:
    assert limit_excess(asked(cost_limit=1, currency="CHF"), cost_of(), HOUSE) is None


def test_a_stream_without_hours_is_priced_round_the_clock_beside_office_hours() -> None:
    """Only where nobody stated hours, and only a stream; as much as if 168 had been stated."""
    assumed = cost_of(workload_type="streaming")
    assert assumed.round_the_clock == cost_of(workload_type="streaming", hours_per_week=168).expected
    assert (assumed.round_the_clock or 0) > assumed.expected
    assert cost_of(workload_type="streaming", hours_per_week=40).round_the_clock is None
    assert cost_of().round_the_clock is None


def test_of_several_every_stream_without_hours_never_stops() -> None:
    stream, other = cost_of(workload_type="streaming"), cost_of()
    assert stream.round_the_clock is not None
    assert total((stream, other), ("a", "b")).round_the_clock == stream.round_the_clock + other.expected
    assert total((other, other), ("a", "b")).round_the_clock is None
