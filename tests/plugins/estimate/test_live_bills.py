"""Bills with live prices: six through the list's double over HTTPS, and no meter of another kind in a thousand."""

import random
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from readable_bill import bill

from plugins.catalogue.sizes import sizes
from plugins.decide import decide
from plugins.domain.decision import InfrastructureDecision
from plugins.domain.errors import InvalidRequest
from plugins.domain.estimate import LineItem
from plugins.domain.live_prices import (
    LivePrices,
    PriceList,
    dbu_figure,
    extra_figure,
    spot_figure,
    vm_figure,
)
from plugins.domain.platform_settings import PlatformSettings, Pricing
from plugins.domain.request import InfrastructureRequest
from plugins.estimate import estimate
from plugins.retail_prices.client import PriceListClient
from plugins.retail_prices.double.server import PriceListDouble
from plugins.retail_prices.double.sheet import PriceSheet
from plugins.retail_prices.meters import BESIDE, DBU_METERS, Figures

NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)
NAMES = tuple(name for name, size in sizes().items() if not size.is_retired)
REGIONS = ("eastus", "westeurope", "brazilsouth", "swedencentral")

CASES: dict[str, tuple[str, dict[str, object]]] = {
    "live_dev": ("USD", {}),
    "live_spot": ("USD", {"min_workers": 2, "max_workers": 6, "spot": True, "node_type": "Standard_D8ds_v5"}),
    "live_photon_staging": ("USD", {"environment": "staging", "photon": True, "min_workers": 2, "max_workers": 2}),
    "live_prod_private_link": ("USD", {"environment": "prod", "network": "private_link", "workload_type": "streaming"}),
    "live_euros": ("EUR", {"region": "westeurope", "workload_type": "analytics"}),
    "live_vanished_meter": ("USD", {"node_type": "Standard_E8ds_v5", "workload_type": "machine_learning"}),
}


def decided(**fields: object) -> InfrastructureDecision:
    ground = {"team": "ledger", "environment": "dev", "workload_type": "data_engineering"}
    request = InfrastructureRequest.model_validate({**ground, **fields})
    return decide(request, PlatformSettings(), identity="dep_1", today=date(2026, 11, 30))


def platform_with(*lists: PriceList) -> PlatformSettings:
    keyed = LivePrices.keyed({(kept.region, kept.currency): kept for kept in lists})
    live = LivePrices(wanted=True, today=NOW.date(), lists=keyed)
    return PlatformSettings(live=live, pricing=Pricing(storage_gb_per_month=Decimal(100)))


@pytest.mark.integration
@pytest.mark.parametrize("case", CASES)
async def test_the_bill_of_a_month_by_the_live_list(
    case: str, golden: Callable[[str, str], None], tmp_path: Path
) -> None:
    """The double's list has figures of its own where the tables have others: none of these can come from there."""
    currency, fields = CASES[case]
    sheet = PriceSheet(
        {
            vm_figure("Standard_D4ds_v5"): Decimal("0.231"),
            spot_figure("Standard_D8ds_v5"): Decimal("0.061"),
            dbu_figure("all-purpose"): Decimal("0.56"),
            dbu_figure("all-purpose-photon"): Decimal("0.57"),
            extra_figure("nat_gateway"): Decimal("0.046"),
            extra_figure("Standard_LRS"): Decimal("0.0208"),
            vm_figure("Standard_E8ds_v5"): None,
        }
    )
    decision = decided(**fields, **({"currency": currency} if currency != "USD" else {}))
    async with PriceListDouble(regions=("eastus", "westeurope"), sheet=sheet).serving(tmp_path) as double:
        assert double.certificate is not None
        client = PriceListClient(double.url, trust=double.certificate.client)
        kept = await client.read(decision.region, currency, NAMES, now=NOW, seconds=60)
    golden(f"estimates/{case}.txt", bill(estimate(decision, platform_with(kept))))


def unlike() -> PriceSheet:
    """A list in which no two kinds of price are alike: what is taken from another's meter shows by its amount."""
    keys = [figure(name) for name in sizes() for figure in (vm_figure, spot_figure)]
    keys += [dbu_figure(compute) for compute in DBU_METERS] + [extra_figure(item) for item in BESIDE]
    return PriceSheet({key: Decimal(1) + Decimal(number) / 10_000 for number, key in enumerate(keys)})


def listed(sheet: PriceSheet, region: str) -> PriceList:
    figures = Figures(region, NOW, frozenset(NAMES))
    figures.add(sheet.rows(region, "USD"))
    return PriceList(region=region, currency="USD", read_at=NOW, tried_at=NOW, figures=figures.amounts)


def decisions(count: int) -> Iterator[InfrastructureDecision]:
    """So many that can be decided, the same every time."""
    draw = random.Random(19)  # noqa: S311 - a test's choices
    made = 0
    while made < count:
        fewest = draw.randrange(5)
        fields = {
            "environment": draw.choice(("dev", "staging", "prod")),
            "workload_type": draw.choice(("data_engineering", "analytics", "machine_learning", "streaming")),
            "region": draw.choice(REGIONS),
            "node_type": draw.choice((None, *NAMES)),
            "min_workers": fewest,
            "max_workers": fewest + draw.randrange(5),
            "photon": draw.choice((None, True, False)),
            "spot": draw.choice((None, True, False)),
            "network": draw.choice((None, "public", "vnet", "private_link")),
            "hours_per_week": draw.choice((None, 10, 40, 168)),
        }
        try:
            decision = decided(**fields)
        except InvalidRequest:
            continue
        made += 1
        yield decision


def meter_of(line: LineItem, decision: InfrastructureDecision) -> str | None:
    """The one figure that a line of that name may stand on; None for the disks, which have none."""
    if line.item.startswith(("Driver VM", "Worker VMs")):
        return vm_figure(decision.worker_instance_type)
    if line.item.startswith("DBUs"):
        return dbu_figure("all-purpose-photon" if decision.photon else "all-purpose")
    if line.item.startswith("Storage"):
        return extra_figure(decision.storage_sku)
    return next((extra_figure(item) for name, item in BY_NAME if line.item.startswith(name)), None)


BY_NAME = (
    ("NAT gateway data", "nat_gateway_data"),
    ("NAT gateway", "nat_gateway"),
    ("Public IP", "public_ip"),
    ("Private endpoint", "private_endpoint"),
    ("Private DNS", "private_dns_zone"),
    ("Log Analytics", "log_ingestion"),
)


def test_no_line_is_priced_by_a_meter_of_another_kind(rounds: Callable[[int], int]) -> None:
    sheet = unlike()
    platform = platform_with(*(listed(sheet, region) for region in REGIONS))
    wrong: list[tuple[str, Decimal | None]] = []
    lines = 0
    for decision in decisions(rounds(1000)):
        for line in estimate(decision, platform).lines:
            meter = meter_of(line, decision)
            lines += 1
            # Without a DBU count there is no DBU price to show; a size that the list lacks there has the table's.
            is_listed = meter is not None and line.source == "Azure Retail Prices API"
            if is_listed and line.unit_price != sheet.changed[meter or ""]:
                wrong.append((line.item, line.unit_price))
            if meter is None and line.unit_price is not None:
                wrong.append((line.item, line.unit_price))
    assert wrong == []
    assert lines > rounds(1000) * 6


def test_what_the_list_has_is_never_taken_from_the_tables(rounds: Callable[[int], int]) -> None:
    sheet = unlike()
    platform = platform_with(*(listed(sheet, region) for region in REGIONS))
    for decision in decisions(rounds(200)):
        kept = platform.live.of(decision.region, "USD")
        for line in estimate(decision, platform).lines:
            meter = meter_of(line, decision)
            if kept is not None and meter in kept.figures and line.unit_price is not None:
                assert line.source == "Azure Retail Prices API"
