"""The bill read by the upkeep: kept by workspace, held against limits, told once; and what is answered of it."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
import pytest_asyncio

from agent.app import App, AppEnvironment
from agent.events import Event, Incoming, Message, Table
from agent.paths import place
from agent.settings import Settings
from agent.store.chats import Chat
from agent.store.records import Records
from plugins.deploy.in_memory_terraform import InMemoryTerraform
from plugins.domain.bill import BilledDay, BillRead, BillReading
from plugins.domain.deployment import Deployment
from plugins.domain.person import Person
from plugins.resource_manager.double.told import ToldBill, ToldSubscription, tell
from plugins.resource_manager.failed import not_answered

pytestmark = pytest.mark.integration

ANA = Person(id="ana@contoso.com", name="Ana", roles=("requester", "approver"))


@dataclass
class Ledger:
    """A bill as it is told to be: `daily` by resource group, times `on` of a day. With `away` it says why not, with
    `fault` it breaks.
    """

    reads_bills: bool = True
    read_again_after: timedelta = timedelta(days=1)
    daily: dict[str, Decimal] = field(default_factory=dict[str, Decimal])
    on: dict[date, Decimal] = field(default_factory=dict[date, Decimal])
    away: str = ""
    wait: float = 0
    fault: Exception | None = None
    asked: list[tuple[date, date]] = field(default_factory=list[tuple[date, date]])

    async def read_bill(
        self, billed: Sequence[Deployment], groups: Sequence[str], since: date, until: date, *, seconds: float
    ) -> BillRead:
        del billed, seconds
        self.asked.append((since, until))
        if self.fault is not None:
            raise self.fault
        if self.away:
            raise not_answered("the bill", self.away, wait=self.wait)
        days = [
            BilledDay(day, group, "USD", amount * self.on.get(day, Decimal(1)))
            for group, amount in self.daily.items()
            if group in groups
            for day in (since + timedelta(days=n) for n in range((until - since).days + 1))
        ]
        return BillRead(since, until, days)


class Office:
    """A running app with a bill, and a clock that is moved by hand."""

    def __init__(self, home: Path, ledger: Ledger | None) -> None:
        self.ledger = ledger
        self.home = home
        self.now = datetime(2026, 11, 24, 9, tzinfo=UTC)
        settings = Settings()
        terraform = InMemoryTerraform(settings.platform, place("templates") / "terraform")
        setup = AppEnvironment(settings, {}, home, clock=lambda: self.now)
        self.app = App(setup, terraform=terraform, inline=True, bills=ledger)
        self.heard: list[Event] = []
        self.app.listen(self.heard.append)

    async def say(self, text: str) -> list[Event]:
        self.heard.clear()
        await self.app.reply_to(Incoming(conversation="cnv_1", person=ANA, text=text), until_settled=True)
        return list(self.heard)

    async def stands(self, name: str = "dbw-mint-dev", more: str = "") -> None:
        await self.say(f"sandbox {name} for the mint team, notebooks{more}")
        await self.say("yes")

    async def sweep(self, **later: float) -> list[str]:
        """Moves the clock and sweeps; what was told of it."""
        self.now += timedelta(**later)
        self.heard.clear()
        await self.app.upkeep.sweep()
        await self.app.bills.refresh_if_due()
        await asyncio.sleep(0)
        await self.app.settled()
        return messages(self.heard)


def messages(events: Sequence[Event]) -> list[str]:
    return [" ".join(event.text.split()) for event in events if isinstance(event, Message)]


@pytest_asyncio.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    daily = {"rg-dbw-mint-dev": Decimal(6)}
    running = Office(tmp_path, Ledger(daily=daily))
    await running.stands(more=", limit 200 a month")
    yield running
    await running.app.close()


def ledger_of(office: Office) -> Ledger:
    assert office.ledger is not None
    return office.ledger


async def test_the_upkeep_reads_once_a_day_first_ninety_days_back(office: Office) -> None:
    ledger = ledger_of(office)
    await office.sweep(hours=1)
    await office.sweep(hours=1)
    assert ledger.asked == [(date(2026, 8, 27), date(2026, 11, 24))]
    await office.sweep(hours=23)
    assert ledger.asked[1:] == [(date(2026, 11, 1), date(2026, 11, 25))]
    await office.sweep(days=7)
    assert ledger.asked[2:] == [(date(2026, 11, 1), date(2026, 12, 2))]  # November is corrected until it is closed


async def test_what_fails_is_told_and_asked_again_when_azure_wants_it(office: Office) -> None:
    ledger = ledger_of(office)
    ledger.away, ledger.wait = "Azure asks us to wait (HTTP 429)", 7200
    await office.sweep(hours=1)
    assert (
        "could not be read (Azure asks us to wait (HTTP 429))"
        in messages(await office.say("what did dbw-mint-dev cost so far?"))[0]
    )
    await office.sweep(hours=1, minutes=30)
    assert len(ledger.asked) == 1
    await office.sweep(hours=1)
    assert len(ledger.asked) == 2


async def test_who_asks_while_a_reading_ends_asks_no_second_time(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is read of the records takes a moment to arrive, and the reading has ended meanwhile."""
    read = office.app.database.read

    async def late(work: Callable[[Records], object]) -> object:
        answer = await read(work)
        await asyncio.sleep(0.05)
        return answer

    monkeypatch.setattr(office.app.database, "read", late)
    asking: list[asyncio.Task[BillReading]] = []
    while not any(task.done() for task in asking):
        asking.append(asyncio.create_task(office.app.bills.refresh_if_due()))
        await asyncio.sleep(0.01)
    readings = await asyncio.gather(*asking)
    assert len(ledger_of(office).asked) == 1
    assert {reading.read_at for reading in readings} == {office.now}


async def test_a_fault_of_our_own_is_told_by_its_id_and_asked_again_later(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    ledger = ledger_of(office)
    ledger.fault = KeyError("nextLink")
    await office.sweep(hours=1)
    [told] = messages(await office.say("what did dbw-mint-dev cost so far?"))
    [fault] = [record for record in caplog.records if record.message.startswith("a reading failed, fault ")]
    assert f"could not be read (a fault of our own, {fault.message[-8:]} in the log)" in told
    await office.sweep(minutes=30)
    assert len(ledger.asked) == 1
    ledger.fault = None
    await office.sweep(hours=1)
    assert (await office.app.bills.refresh_if_due()).problem == ""


async def test_nobody_is_asked_for_the_bill_of_nothing(tmp_path: Path) -> None:
    """And it is read as soon as there is something."""
    office = Office(tmp_path, Ledger(daily={"rg-dbw-mint-dev": Decimal(6)}))
    await office.say("hello")
    await office.sweep(hours=1)
    assert ledger_of(office).asked == []
    await office.stands()
    await office.sweep(minutes=5)
    await office.app.close()
    assert len(ledger_of(office).asked) == 1


async def test_a_failure_leaves_the_days_of_before_with_their_date(office: Office) -> None:
    ledger = ledger_of(office)
    await office.sweep(hours=1)
    ledger.away = "it cannot be reached"
    await office.sweep(days=2)
    told = messages(await office.say("what did dbw-mint-dev really cost?"))[0]
    assert "The bill was read 2026-11-24 10:00 UTC" in told
    assert "The last attempt to read it anew failed: it cannot be reached." in told


async def test_each_part_of_the_limit_is_told_once_to_the_conversation(office: Office) -> None:
    """6 a day from 1 November: 144 of 200 on the 24th, 162 on the 27th, 200 or more in no case."""
    [told] = await office.sweep(hours=1)
    assert told.startswith(
        "**dbw-mint-dev** has been billed 144.00 USD this month: 50 % of its limit of 200.00 USD is reached."
    )
    assert "At this rate the month comes to about 180.00 USD." in told
    assert await office.sweep(days=1) == []
    [told] = await office.sweep(days=2)
    assert "80 % of its limit of 200.00 USD is reached" in told
    assert await office.sweep(days=1) == []


async def test_of_what_shares_its_group_at_least_so_much_of_the_limit_is_told(office: Office) -> None:
    """Its machines are billed in the managed group, its DBUs among those of others: no rate is made of a part."""

    def shared(records: Records) -> None:
        [deployment] = records.deployments()
        more = {"existing_resource_group": True, "managed_resource_group_name": "rg-mint-managed"}
        decision = deployment.decision.model_copy(update=more)
        records.keep_deployment(deployment.model_copy(update={"decision": decision}))

    await office.app.kept(shared)
    ledger_of(office).daily = {"rg-mint-managed": Decimal(6)}
    [told] = await office.sweep(hours=1)
    assert told.startswith(
        "**dbw-mint-dev** has been billed at least 144.00 USD this month: 50 % of its limit of 200.00 USD is reached."
        " What is billed in the resource group that it shares is left out. Say"
    )
    [told] = messages(await office.say("what did dbw-mint-dev really cost?"))
    assert "What shares a resource group with others is held against no estimate." in told
    assert "whole day" not in told


async def test_a_limit_that_is_passed_at_once_is_told_once_and_not_thrice(office: Office) -> None:
    ledger_of(office).daily["rg-dbw-mint-dev"] = Decimal(20)
    [told] = await office.sweep(hours=1)
    assert "100 % of its limit of 200.00 USD is used up" in told
    assert await office.sweep(days=1) == []


async def test_a_day_that_jumps_is_told_once(office: Office) -> None:
    ledger = ledger_of(office)
    ledger.daily["rg-dbw-mint-dev"] = Decimal(1)
    ledger.on[date(2026, 11, 25)] = Decimal(5)
    assert await office.sweep(hours=1) == []
    [told] = await office.sweep(days=2)
    assert told.startswith(
        "**dbw-mint-dev** was billed 5.00 USD on 2026-11-25, more than three times the 1.00 USD a day of the week"
        " before it (+4.00 USD)."
    )
    assert await office.sweep(days=1) == []


async def test_what_was_really_billed_is_answered_beside_the_estimate(office: Office) -> None:
    await office.sweep(hours=1)
    [told] = messages(await office.say("what did dbw-mint-dev really cost?"))
    assert told.startswith(
        "dbw-mint-dev was billed **144.00 USD** in 2026-11. On the whole days through 2026-11-23: estimated"
    )
    assert "billed 138.00 USD" in told
    assert "Without a cost-center tag, so that nobody's cost centre bears it: dbw-mint-dev." in told


async def test_the_bill_of_all_is_a_row_each_and_a_total(office: Office) -> None:
    await office.stands("dbw-fern-dev")
    ledger_of(office).daily["rg-dbw-fern-dev"] = Decimal(2)
    await office.sweep(hours=1)
    heard = await office.say("actual spend this month")
    [table] = [event for event in heard if isinstance(event, Table)]
    assert [(row[0], row[1]) for row in table.rows] == [
        ("dbw-mint-dev", "144.00 USD"),
        ("dbw-fern-dev", "48.00 USD"),
        ("Total", "192.00 USD"),
    ]


async def test_asking_changes_nothing_that_waits(office: Office) -> None:
    await office.sweep(hours=1)
    await office.say("databricks for the oak team in dev, etl, 2 workers")
    [told] = messages(await office.say("what did dbw-mint-dev really cost?"))
    assert "Your plan is unchanged and still waits for your decision." in told


async def test_the_sandbox_bills_what_it_was_told_over_the_real_wire(tmp_path: Path) -> None:
    """240 hours at 1.04 times the estimate: nine whole days are compared."""
    office = Office(tmp_path, None)
    office.now = datetime.now(UTC)  # the double tells its own clock
    await office.stands()
    assert not office.app.bills.is_read
    tell(office.home, ToldSubscription(bill=ToldBill(hours=240, factor=Decimal("1.04"))))
    reading = await office.app.bills.refresh_if_due()
    assert reading.problem == ""
    days = await office.app.read(lambda records: records.billed(date(2020, 1, 1), date(2100, 1, 1)))
    expected = (await office.app.read(lambda records: records.deployments()))[0].cost.expected
    hours = Decimal(240) / Decimal(730)
    assert abs(sum(day.amount for day in days) - expected * hours * Decimal("1.04")) < Decimal("0.01")
    await office.app.close()


async def test_the_double_s_clock_that_differs_is_told_and_gives_no_figure(tmp_path: Path) -> None:
    office = Office(tmp_path, None)
    await office.stands()
    office.now = datetime.now(UTC) + timedelta(hours=3)
    tell(office.home, ToldSubscription(bill=ToldBill(hours=24)))
    reading = await office.app.bills.refresh_if_due()
    await office.app.close()
    assert "differ by 180 minutes" in reading.problem
    assert reading.read_at is None


async def test_the_owner_is_told_in_person_as_well_where_they_have_a_chat(tmp_path: Path) -> None:
    office = Office(tmp_path, Ledger(daily={"rg-dbw-mint-dev": Decimal(6)}))
    await office.stands(more=", limit 200 a month, owner is zoe@contoso.com")
    zoe = Person(id="U1", name="Zoe", issuer="slack", email="zoe@contoso.com")
    chat = Chat("cnv_zoe", "slack", "D1", zoe, address={}, is_personal=True, is_private=True)
    await office.app.kept(lambda records: records.keep_chat(chat, now=office.now))
    office.app.follow("cnv_zoe", after=0)
    await office.sweep(hours=1)
    told = [(event.conversation, event.text) for event in office.heard if isinstance(event, Message)]
    await office.app.close()
    assert sorted(where for where, _ in told) == ["cnv_1", "cnv_zoe"]
    assert all("(owner zoe@contoso.com) has been billed 144.00 USD this month" in text for _, text in told)


async def test_a_chat_that_its_person_never_wrote_in_is_theirs_and_nobody_else_s(tmp_path: Path) -> None:
    """Whoever was named as owner by somebody else has the app, and has not said a word yet."""
    office = Office(tmp_path, Ledger(daily={"rg-dbw-mint-dev": Decimal(6)}))
    await office.stands(more=", limit 200 a month, owner is zoe@contoso.com")
    zoe = Person(id="U1", name="Zoe", issuer="slack", email="zoe@contoso.com")
    chat = Chat("cnv_zoe", "slack", "D1", zoe, address={}, is_personal=True, is_private=True)
    await office.app.kept(lambda records: records.keep_chat(chat, now=office.now))
    await office.sweep(hours=1)
    owners = await office.app.read(lambda records: (records.owner_of("cnv_1"), records.owner_of("cnv_zoe")))
    await office.app.close()
    assert owners == (ANA.key, zoe.key)


async def test_a_personal_chat_of_which_another_is_the_owner_is_told_nothing(tmp_path: Path) -> None:
    office = Office(tmp_path, Ledger(daily={"rg-dbw-mint-dev": Decimal(6)}))
    await office.stands(more=", limit 200 a month, owner is zoe@contoso.com")
    zoe = Person(id="U1", name="Zoe", issuer="slack", email="zoe@contoso.com")
    chat = Chat("cnv_zoe", "slack", "D1", zoe, address={}, is_personal=True, is_private=True)

    def kept(records: Records) -> None:
        records.keep_chat(chat, now=office.now)
        records.keep_conversation(records.conversation("cnv_zoe"), now=office.now, owner=ANA.key)

    await office.app.kept(kept)
    office.app.follow("cnv_zoe", after=0)
    await office.sweep(hours=1)
    told = [event.conversation for event in office.heard if isinstance(event, Message)]
    await office.app.close()
    assert told == ["cnv_1"]
