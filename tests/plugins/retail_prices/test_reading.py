"""The price list over HTTPS: read to its end, or one clear sentence and no figure at all."""

import json
import time
import tracemalloc
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
import pytest_asyncio

from plugins.catalogue.sizes import sizes
from plugins.domain.errors import ConfigurationError
from plugins.domain.live_prices import PriceList, dbu_figure, spot_figure, vm_figure
from plugins.retail_prices.address import endpoint_of
from plugins.retail_prices.client import LONGEST_PAUSE, PriceListClient
from plugins.retail_prices.double.server import Fault, PriceListDouble
from plugins.retail_prices.failed import PriceListFailed

pytestmark = pytest.mark.integration

NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)
NAMES = tuple(name for name, size in sizes().items() if not size.is_retired)


@pytest_asyncio.fixture
async def double(tmp_path: Path) -> AsyncIterator[PriceListDouble]:
    async with PriceListDouble(regions=("eastus", "westeurope")).serving(tmp_path) as served:
        yield served


class Clock:
    """Keeps what was waited for, and waits for nothing."""

    def __init__(self) -> None:
        self.pauses: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)


def client_of(double: PriceListDouble, clock: Clock | None = None) -> PriceListClient:
    assert double.certificate is not None
    return PriceListClient(double.url, sleep=(clock or Clock()).sleep, trust=double.certificate.client)


async def read(
    double: PriceListDouble, region: str = "eastus", currency: str = "USD", seconds: float = 60
) -> PriceList:
    return await client_of(double).read(region, currency, NAMES, now=NOW, seconds=seconds)


async def test_a_region_is_read(double: PriceListDouble) -> None:
    kept = await read(double)
    assert kept.figures[vm_figure("Standard_D4ds_v5")] == Decimal("0.226")
    assert kept.figures[vm_figure("Standard_E8ads_v5")] == Decimal("0.524")  # not Windows' 0.892
    assert kept.figures[spot_figure("Standard_D8ds_v5")] == Decimal("0.04972")
    assert kept.figures[dbu_figure("all-purpose")] == Decimal("0.55")
    assert (kept.read_at, kept.problem, kept.doubtful) == (NOW, "", frozenset())


async def test_every_query_names_region_version_and_currency(double: PriceListDouble) -> None:
    await read(double, "westeurope", "EUR")
    assert {query["currencyCode"] for query in double.asked} == {"'EUR'"}
    assert {query["api-version"] for query in double.asked} == {"2023-01-01-preview"}
    assert all("armRegionName eq 'westeurope'" in query["$filter"] for query in double.asked)


async def test_pages_are_followed_to_the_end(double: PriceListDouble) -> None:
    whole = await read(double)
    double.page_size = 37
    assert (await read(double)).figures == whole.figures


@pytest.mark.parametrize("page_size", [1000, 100])
async def test_a_region_takes_few_requests(double: PriceListDouble, page_size: int) -> None:
    """At most 16, whether a page holds 1,000 rows or 100 as in older documents."""
    double.page_size = page_size
    client = client_of(double)
    await client.read("eastus", "USD", NAMES, now=NOW, seconds=60)
    assert client.requests <= 16


async def test_a_region_takes_little_memory(double: PriceListDouble) -> None:
    """At most 40 MB, the double's own among them."""
    double.regions = ("eastus",)
    tracemalloc.start()
    try:
        await read(double)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 40 * 2**20


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ("html", "a web page in place of prices"),
        ("cut_off", "cut off: a page is no whole JSON object"),
        ("miscounted", "cut off: a page announces"),
        ("no_items", "cut off: a page has no rows"),
        ("forbidden", "refused to answer (HTTP 403)"),
        ("busy", "asks us to wait (HTTP 429) and went on doing so"),
        ("broken", "a fault of its own (HTTP 503)"),
        ("wrong_currency", "answered in USD though EUR was asked for"),
        ("endless", "did not end within 48 pages"),
        ("silent", "did not answer within 0.5 s"),
    ],
)
async def test_what_is_wrong_is_one_sentence_and_no_figure(double: PriceListDouble, fault: Fault, told: str) -> None:
    double.fault = fault
    with pytest.raises(PriceListFailed) as failed:
        await read(double, currency="EUR", seconds=0.5 if fault == "silent" else 60)
    assert told in failed.value.problem
    assert failed.value.activity == "reading the price list of eastus in EUR"


async def test_nobody_there_is_a_sentence_too(tmp_path: Path) -> None:
    async with PriceListDouble().serving(tmp_path) as double:
        client = client_of(double)
    with pytest.raises(PriceListFailed, match="cannot be reached"):
        await client.read("eastus", "USD", NAMES, now=NOW, seconds=20)


async def test_a_certificate_that_nobody_vouches_for_is_not_believed(double: PriceListDouble) -> None:
    client = PriceListClient(double.url, sleep=Clock().sleep)
    with pytest.raises(PriceListFailed, match="cannot be reached"):
        await client.read("eastus", "USD", NAMES, now=NOW, seconds=20)
    assert double.asked == []


async def test_a_region_that_the_list_does_not_know_gives_no_empty_list(double: PriceListDouble) -> None:
    with pytest.raises(PriceListFailed, match="names no machine and no DBU"):
        await read(double, "norwayeast")


async def test_a_busy_list_is_waited_for_as_it_asks_and_no_longer(double: PriceListDouble) -> None:
    double.fault, double.fails, double.asks_to_wait = "busy", 3, "900"
    clock = Clock()
    kept = await client_of(double, clock).read("eastus", "USD", NAMES, now=NOW, seconds=60)
    assert kept.figures
    assert clock.pauses == [LONGEST_PAUSE] * 3


async def test_without_being_told_how_long_the_pauses_double(double: PriceListDouble) -> None:
    double.fault = "busy"
    clock = Clock()
    with pytest.raises(PriceListFailed):
        await client_of(double, clock).read("eastus", "USD", ("Standard_D4ds_v5",), now=NOW, seconds=60)
    assert sorted(set(clock.pauses)) == [1.0, 2.0, 4.0, 8.0]


async def test_the_deadline_holds_while_one_waits(double: PriceListDouble) -> None:
    double.fault, double.asks_to_wait = "busy", "30"
    assert double.certificate is not None
    client = PriceListClient(double.url, trust=double.certificate.client)
    began = time.monotonic()
    with pytest.raises(PriceListFailed, match="did not answer within 1 s"):
        await client.read("eastus", "USD", NAMES, now=NOW, seconds=1)
    assert time.monotonic() - began < 5


async def test_a_link_to_another_host_is_asked_where_the_first_page_was(
    double: PriceListDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The list's own links name its own host and port; a forged one leads nowhere else either."""
    page_of = PriceListDouble.page
    double.page_size = 100

    def elsewhere(self: PriceListDouble, *asked: object) -> dict[str, object]:
        page = page_of(self, *asked)  # type: ignore[arg-type]
        link = page["NextPageLink"]
        page["NextPageLink"] = link and f"https://prices.example.test:443/api/retail/prices?{link.partition('?')[2]}"
        return page

    whole = await read(double)
    monkeypatch.setattr(PriceListDouble, "page", elsewhere)
    assert (await read(double)).figures == whole.figures


def test_amounts_are_exact() -> None:
    kept = PriceList(region="eastus", currency="USD", figures={"vm:x": Decimal("0.1")})
    assert json.loads(kept.model_dump_json())["figures"] == {"vm:x": "0.1"}
    assert PriceList.model_validate_json(kept.model_dump_json()) == kept


@pytest.mark.parametrize(
    ("given", "asked"),
    [
        ("https://prices.contoso.com", "https://prices.contoso.com/api/retail/prices"),
        ("https://prices.contoso.com/api/retail/prices/", "https://prices.contoso.com/api/retail/prices"),
        ("https://proxy.contoso.com/azure", "https://proxy.contoso.com/azure/api/retail/prices"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080/api/retail/prices"),
    ],
)
def test_an_address_is_the_lists_base(given: str, asked: str) -> None:
    assert endpoint_of(given) == asked


@pytest.mark.parametrize(
    "given", ["http://prices.contoso.com", "prices.contoso.com", "ftp://x", "https://a:b@c", "https://"]
)
def test_what_is_no_address_is_refused(given: str) -> None:
    with pytest.raises(ConfigurationError, match="is no address of a price list"):
        endpoint_of(given)
