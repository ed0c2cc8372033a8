"""Which rows of the price list are a price of ours, and which only look like one."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from plugins.domain.live_prices import dbu_figure, extra_figure, spot_figure, vm_figure
from plugins.retail_prices.meters import BESIDE, CLASSIC, DBU_METERS, SERVERLESS, Figures

NOW = datetime(2026, 11, 30, tzinfo=UTC)
SIZE = "Standard_D4ads_v5"
MACHINE = {
    "serviceName": "Virtual Machines",
    "productName": "Virtual Machines Dadsv5 Series",
    "skuName": "D4ads v5",
    "meterName": "D4ads v5",
    "armSkuName": SIZE,
    "armRegionName": "eastus",
    "unitOfMeasure": "1 Hour",
    "type": "Consumption",
    "retailPrice": Decimal("0.206"),
    "tierMinimumUnits": Decimal(0),
    "effectiveStartDate": "2021-11-01T00:00:00Z",
}


def read(*rows: dict[str, Any]) -> dict[str, Decimal]:
    return figures(*rows).amounts


def figures(*rows: dict[str, Any]) -> Figures:
    collected = Figures("eastus", NOW, frozenset({SIZE}))
    collected.add(rows)
    return collected


def test_a_linux_machine_on_demand_is_one() -> None:
    assert read(MACHINE) == {vm_figure(SIZE): Decimal("0.206")}


@pytest.mark.parametrize(
    "differs",
    [
        {"productName": "Virtual Machines Dadsv5 Series Windows"},
        {"productName": "Virtual Machines Dadsv5 Windows Series"},
        {"productName": "VIRTUAL MACHINES WINDOWS Dadsv5"},
        {"productName": "Dadsv5 Series CloudServices"},
        {"skuName": "D4ads v5 Low Priority", "meterName": "D4ads v5 Low Priority"},
        {"skuName": "D4ads v5", "meterName": "D4ads v5 Low Priority"},
        {"type": "Reservation", "reservationTerm": "1 Year"},
        {"type": "DevTestConsumption"},
        {"retailPrice": Decimal(0)},
        {"retailPrice": Decimal("-0.206")},
        {"retailPrice": "free"},
        {"retailPrice": None},
        {"armRegionName": "eastus2"},
        {"armRegionName": "EASTUS"},
        {"armSkuName": "Standard_D4ads_v6"},
        {"unitOfMeasure": "1/Month"},
        {"serviceName": "Virtual Machines Licenses"},
        {"effectiveStartDate": "2026-12-01T00:00:00Z"},
        {"effectiveEndDate": "2026-11-01T00:00:00Z"},
    ],
    ids=lambda differs: ", ".join(f"{name} {value}" for name, value in differs.items()),
)
def test_what_only_looks_like_it_is_none(differs: dict[str, Any]) -> None:
    assert read({**MACHINE, **differs}) == {}


def test_spot_is_told_apart_by_the_end_of_its_name() -> None:
    spot = {**MACHINE, "skuName": "D4ads v5 Spot", "meterName": "D4ads v5 Spot", "retailPrice": Decimal("0.04")}
    assert read(MACHINE, spot) == {vm_figure(SIZE): Decimal("0.206"), spot_figure(SIZE): Decimal("0.04")}


def test_of_several_linux_meters_the_least_is_taken_and_marked() -> None:
    """In the dump of 2026-06-18 what looked like Linux was sometimes Windows: 0.390 beside 0.206."""
    several = figures({**MACHINE, "retailPrice": Decimal("0.390")}, MACHINE)
    assert several.amounts == {vm_figure(SIZE): Decimal("0.206")}
    assert several.doubtful == {vm_figure(SIZE)}


def test_the_same_price_twice_is_no_doubt() -> None:
    assert figures(MACHINE, MACHINE).doubtful == set()


@pytest.mark.parametrize("compute", DBU_METERS)
def test_each_compute_has_its_own_meter(compute: str) -> None:
    products, meter = DBU_METERS[compute]
    row = {**MACHINE, "serviceName": "Azure Databricks", "productName": products[0], "meterName": meter}
    assert read(row) == {dbu_figure(compute): Decimal("0.206")}
    assert read({**row, "meterName": meter.upper().replace("-", " ")}) == {dbu_figure(compute): Decimal("0.206")}


@pytest.mark.parametrize(
    ("product", "meter"),
    [
        (CLASSIC, "Standard All-purpose Compute DBU"),
        (CLASSIC, "Premium All-purpose Compute DBU - Reserved"),
        (CLASSIC, "Premium - Free Trial All-purpose Compute DBU"),
        (CLASSIC, "POC Non-Billable All-purpose Compute DBU"),
        (CLASSIC, "Premium Enhanced Security and Compliance DBU"),
        (CLASSIC, "Premium Databricks Storage Unit DSU"),
        (SERVERLESS, "Premium Jobs Compute DBU"),
        (SERVERLESS, "Premium All-purpose Compute DBU"),
    ],
)
def test_no_other_databricks_meter_is_taken_for_one(product: str, meter: str) -> None:
    row = {**MACHINE, "serviceName": "Azure Databricks", "productName": product, "meterName": meter}
    assert read(row) == {}


def beside(item: str, **differs: Any) -> dict[str, Any]:
    of = BESIDE[item]
    row = {"serviceName": of.service, "productName": of.product, "meterName": of.meter, "armSkuName": ""}
    return {**MACHINE, **row, "unitOfMeasure": min(of.units), **differs}


@pytest.mark.parametrize("item", BESIDE)
def test_what_stands_beside_a_cluster_has_one_meter_each(item: str) -> None:
    assert read(beside(item)) == {extra_figure(item): Decimal("0.206")}
    assert read(beside(item, unitOfMeasure="100 Hours")) == {}


def test_what_costs_the_same_everywhere_stands_under_global_or_nowhere() -> None:
    assert set(read(beside("nat_gateway", armRegionName="Global"), beside("private_dns_zone", armRegionName=""))) == {
        extra_figure("nat_gateway"),
        extra_figure("private_dns_zone"),
    }


def test_the_same_meter_of_another_product_is_another_price() -> None:
    assert read(beside("Standard_LRS", productName="Files v2")) == {}
    assert read(beside("nat_gateway_data", productName="Virtual Network Private Link")) == {}


def test_free_gigabytes_are_no_price_and_the_first_paid_tier_is() -> None:
    """Log Analytics: nothing for the first 5 GB, then 2.30."""
    free = beside("log_ingestion", retailPrice=Decimal(0))
    paid = beside("log_ingestion", retailPrice=Decimal("2.30"), tierMinimumUnits=Decimal(5))
    assert read(free, paid) == {extra_figure("log_ingestion"): Decimal("2.30")}


def test_of_paid_tiers_the_first_counts() -> None:
    dear = beside("private_dns_zone", retailPrice=Decimal("0.5"))
    cheap = beside("private_dns_zone", retailPrice=Decimal("0.1"), tierMinimumUnits=Decimal(25))
    for rows in ((dear, cheap), (cheap, dear)):
        assert read(*rows) == {extra_figure("private_dns_zone"): Decimal("0.5")}
        assert figures(*rows).doubtful == set()
