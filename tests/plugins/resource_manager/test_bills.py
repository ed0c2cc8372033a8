"""The bill over HTTPS: read to its last page, or one clear sentence and no figure at all."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
import pytest_asyncio
from arm_double import Clock, client_of

from plugins.domain.bill import BillRead
from plugins.resource_manager.bills import BillReader
from plugins.resource_manager.double.server import Fault, ResourceManagerDouble
from plugins.resource_manager.double.subscription import Subscription, steady_bill
from plugins.resource_manager.failed import NotAnswered

pytestmark = pytest.mark.integration

SINCE, UNTIL = date(2026, 11, 1), date(2026, 11, 30)
DAILY = {"rg-mint": Decimal("5.25"), "rg-mint-managed": Decimal("2.5"), "rg-other": Decimal(100)}
MINE = ("rg-mint", "RG-Mint-Managed")


@pytest_asyncio.fixture
async def double(tmp_path: Path) -> AsyncIterator[ResourceManagerDouble]:
    subscription = Subscription(bill=steady_bill(DAILY))
    async with ResourceManagerDouble(lambda: subscription).serving(tmp_path) as served:
        yield served


async def read(
    double: ResourceManagerDouble,
    *,
    groups: tuple[str, ...] = MINE,
    seconds: float = 60,
    clock: Clock | None = None,
    now: datetime | None = None,
) -> BillRead:
    reader = BillReader(client_of(double, clock), double.subscription().id)
    try:
        return await reader.read(groups, SINCE, UNTIL, now=now or datetime.now(UTC), seconds=seconds)
    finally:
        await reader.close()


async def test_the_groups_that_are_asked_for_are_read_day_by_day(double: ResourceManagerDouble) -> None:
    bill = await read(double)
    assert {day.group for day in bill.days} == {"rg-mint", "rg-mint-managed"}
    assert sum(day.amount for day in bill.days) == Decimal("7.75") * 30
    assert {day.currency for day in bill.days} == {"USD"}


async def test_every_page_is_followed(double: ResourceManagerDouble) -> None:
    """The first page alone would be a bill that is too low."""
    double.page_size = 7
    bill = await read(double)
    assert len(bill.days) == 60
    assert len(double.asked) == 9


async def test_many_groups_are_asked_for_as_the_whole_subscription(double: ResourceManagerDouble) -> None:
    bill = await read(double, groups=tuple(f"rg-{number}" for number in range(200)) + MINE)
    assert {day.group for day in bill.days} == {"rg-mint", "rg-mint-managed"}


async def test_its_own_retry_header_is_obeyed(double: ResourceManagerDouble) -> None:
    double.faults, double.fails = {"": "busy"}, 1
    double.waits = {"x-ms-ratelimit-microsoft.costmanagement-entity-retry-after": "17", "Retry-After": "3"}
    clock = Clock()
    assert len((await read(double, clock=clock)).days) == 60
    assert clock.pauses == [17.0]


async def test_who_is_told_to_wait_long_gives_up_and_says_how_long(double: ResourceManagerDouble) -> None:
    double.faults = {"": "busy"}
    double.waits = {"x-ms-ratelimit-microsoft.costmanagement-qpu-retry-after": "600"}
    with pytest.raises(NotAnswered) as failed:
        await read(double)
    assert failed.value.wait == 600.0
    assert len(double.asked) == 1


@pytest.mark.parametrize(("asked", "seconds"), [("9" * 400, 86400.0), ("86401", 86400.0), ("\u00b2", 0.0), ("-3", 0.0)])
async def test_nobody_is_kept_waiting_for_more_than_a_day(
    double: ResourceManagerDouble, asked: str, seconds: float
) -> None:
    double.faults, double.waits = {"": "busy"}, {"Retry-After": asked}
    with pytest.raises(NotAnswered) as failed:
        await read(double)
    assert failed.value.wait == seconds


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ("html", "a web page came in place of an answer"),
        ("cut_off", "the answer was cut off"),
        ("odd", "another shape"),
        ("empty", "the answer is empty (HTTP 204)"),
        ("unauthorized", "the sign-in was refused (HTTP 401)"),
        ("forbidden", "may not read it (HTTP 403)"),
        ("busy", "asks us to wait (HTTP 429)"),
        ("broken", "a fault of its own (HTTP 503)"),
        ("endless", "the list did not end within 400 pages"),
        ("silent", "no answer within 0.5 s"),
    ],
)
async def test_what_is_wrong_is_one_sentence_and_no_figure(
    double: ResourceManagerDouble, fault: Fault, told: str
) -> None:
    double.faults = {"": fault}
    with pytest.raises(NotAnswered) as failed:
        await read(double, seconds=0.5 if fault == "silent" else 60)
    assert told in failed.value.problem


async def test_a_clock_that_is_wrong_counts_no_day_as_another(double: ResourceManagerDouble) -> None:
    with pytest.raises(NotAnswered) as failed:
        await read(double, now=datetime.now(UTC) + timedelta(hours=2))
    assert "differ by 120 minutes" in failed.value.problem
