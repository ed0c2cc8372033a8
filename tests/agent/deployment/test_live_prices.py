"""Live prices in a conversation: they are on the plan with their day, and a plan that they overtook cannot be
confirmed.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
import pytest_asyncio

from agent.app import App, AppEnvironment
from agent.events import ApprovalNoted, Event, Incoming, Message, PlanProposed, State, Table
from agent.paths import place
from agent.settings import Settings
from agent.store.records import Records
from plugins.deploy.in_memory_terraform import InMemoryTerraform
from plugins.domain.live_prices import dbu_figure, spot_figure, vm_figure
from plugins.domain.plan import Person
from plugins.retail_prices.double.reader import SheetReader

pytestmark = pytest.mark.integration

ANA = Person(id="ana@contoso.com", name="Ana", roles=("requester", "approver"))
ETL = "Databricks for the ledger team in dev, etl, 2 workers"
NODE = vm_figure("Standard_D4ds_v5")


class Talking:
    """One conversation with live prices; `now` is moved by hand."""

    def __init__(self, home: Path, **pricing: object) -> None:
        settings = Settings.model_validate({"Pricing": {"ApiUrl": "https://prices.example.test", **pricing}})
        self.reader = SheetReader()
        self.now = datetime(2026, 11, 30, 9, tzinfo=UTC)
        self.terraform = InMemoryTerraform(settings.platform, place("templates") / "terraform")
        self.app = App(
            AppEnvironment(settings, {}, home, clock=lambda: self.now),
            terraform=self.terraform,
            inline=True,
            price_reader=self.reader,
        )
        self.heard: list[Event] = []
        self.app.listen(self.heard.append)

    async def say(self, text: str) -> list[Event]:
        before = len(self.heard)
        await self.app.reply_to(Incoming(conversation="cnv", person=ANA, text=text), until_settled=True)
        return self.heard[before:]

    async def plan(self, text: str = ETL) -> PlanProposed:
        return next(event for event in await self.say(text) if isinstance(event, PlanProposed))


@pytest_asyncio.fixture
async def talk(tmp_path: Path) -> AsyncIterator[Talking]:
    talking = Talking(tmp_path)
    yield talking
    await talking.app.close()


def warned(plan: PlanProposed) -> list[str]:
    return [finding.message for finding in plan.policy if finding.rule == "prices-not-live"]


async def test_a_plan_is_reckoned_by_the_live_list_and_says_of_which_day(talk: Talking) -> None:
    """2 workers and the driver: 3 x 173.81 h. VM 0.30 by the list instead of the table's 0.226."""
    talk.reader.sheet.changed[NODE] = Decimal("0.30")
    plan = await talk.plan()
    driver, workers = plan.cost.lines[:2]
    assert (driver.unit_price, driver.monthly, driver.as_of) == (Decimal("0.30"), Decimal("52.14"), talk.now.date())
    assert workers.monthly == Decimal("104.29")
    assert driver.source == "Azure Retail Prices API"
    assert warned(plan) == []
    assert talk.reader.asked == [("eastus", "USD")]


async def test_the_list_is_read_once_and_kept(talk: Talking) -> None:
    await talk.plan()
    await talk.say("make it 3 workers")
    assert talk.reader.asked == [("eastus", "USD")]


async def test_a_refresh_that_changes_a_figure_ends_the_plans_made_on_it(talk: Talking) -> None:
    plan = await talk.plan()
    talk.reader.sheet.changed[NODE] = Decimal("0.25")
    done = await talk.app.prices.refresh("eastus", "USD")
    assert (done.changed, done.ended) == (2, 1)  # its spot price, a share of it in the double, is another as well
    heard = await talk.say("yes")
    assert not any(isinstance(event, ApprovalNoted) and event.status == "approved" for event in heard)
    state = next(event for event in heard if isinstance(event, State))
    assert state.pending_plan is None
    assert [draft.team for draft in state.requests] == ["ledger"]
    told = await talk.app.read(lambda records: records.audited(most=20))
    assert "ended a plan whose prices changed" in {entry.what for _, entry in told}
    again = await talk.plan("plan it again")
    assert again.plan_id != plan.plan_id
    assert again.cost.lines[0].unit_price == Decimal("0.25")


async def test_whoever_follows_the_conversation_is_told_which_price_changed(talk: Talking) -> None:
    plan = await talk.plan()
    talk.reader.sheet.changed[dbu_figure("all-purpose")] = Decimal("0.60")
    await talk.app.prices.refresh("eastus", "USD")
    await talk.say("list my workspaces")
    noted = [event for event in talk.heard if isinstance(event, ApprovalNoted)]
    assert [(event.plan_id, event.status) for event in noted] == [(plan.plan_id, "superseded")]
    assert noted[0].reason == (
        "A price changed since this plan was made: “DBUs, all-purpose”, from 0.55 USD to 0.6 USD for each DBU. "
        "What you asked for is kept: say “plan it again”."
    )


@pytest.mark.parametrize(
    "changed", [vm_figure("Standard_D8ds_v5"), dbu_figure("sql-pro"), spot_figure("Standard_D4ds_v5")]
)
async def test_a_refresh_that_changes_nothing_of_it_leaves_a_plan_waiting(talk: Talking, changed: str) -> None:
    await talk.plan()
    talk.reader.sheet.changed[changed] = Decimal("0.01")
    done = await talk.app.prices.refresh("eastus", "USD")
    assert (done.changed > 0, done.ended) == (True, 0)
    assert any(isinstance(event, ApprovalNoted) and event.status == "approved" for event in await talk.say("yes"))


async def test_another_regions_prices_end_nothing_here(talk: Talking) -> None:
    await talk.plan()
    talk.reader.sheet.changed[NODE] = Decimal("0.9")
    assert (await talk.app.prices.refresh("westeurope", "USD")).ended == 0


async def test_a_price_that_another_process_learnt_of_is_not_confirmed_past(talk: Talking) -> None:
    """The other process reads the list while this one's plan is still being published: nobody ended it."""
    plan = await talk.plan()
    talk.reader.sheet.changed[NODE] = Decimal("0.25")
    newer = await talk.reader.read("eastus", "USD", ("Standard_D4ds_v5",), now=talk.now, seconds=1)
    await talk.app.kept(lambda records: records.keep_price_list(newer, now=talk.now))
    heard = await talk.say("yes")
    refused = [event for event in heard if isinstance(event, ApprovalNoted)]
    assert [(event.plan_id, event.status) for event in refused] == [(plan.plan_id, "refused")]
    assert any("Prices or policy changed" in str(event.reason) for event in refused) or any(
        isinstance(event, Message) and "Prices or policy changed" in event.text for event in heard
    )


async def test_a_list_that_cannot_be_read_is_said_on_the_plan_and_the_tables_are_used(talk: Talking) -> None:
    talk.reader.is_away = True
    plan = await talk.plan()
    assert warned(plan) == [
        (
            "Live prices of eastus could not be read (the price list cannot be reached); "
            "bundled prices are used, each with its date."
        )
    ]
    assert plan.cost.lines[0].unit_price == Decimal("0.226")
    assert str(plan.cost.lines[0].as_of) == "2026-06-18"


async def test_after_a_failure_no_turn_asks_again_for_some_minutes(talk: Talking) -> None:
    talk.reader.is_away = True
    await talk.plan()
    await talk.say("make it 3 workers")
    assert len(talk.reader.asked) == 1
    talk.now += timedelta(minutes=6)
    await talk.say("make it 4 workers")
    assert len(talk.reader.asked) == 2


async def test_who_asks_while_a_list_is_being_kept_reads_it_no_second_time(
    talk: Talking, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is read of the records takes a moment to arrive, and the reading has ended meanwhile."""
    await talk.say("hello")
    read = talk.app.database.read

    async def late(work: Callable[[Records], object]) -> object:
        answer = await read(work)
        await asyncio.sleep(0.05)
        return answer

    monkeypatch.setattr(talk.app.database, "read", late)
    asking: list[asyncio.Task[None]] = []
    while not any(task.done() for task in asking):
        asking.append(asyncio.create_task(talk.app.prices.ready({("eastus", "USD")})))
        await asyncio.sleep(0.01)
    await asyncio.gather(*asking)
    assert talk.reader.asked == [("eastus", "USD")]


async def test_what_is_ordered_is_read_though_somebody_looks_whether_it_is_due(talk: Talking) -> None:
    await talk.plan()
    looking = asyncio.create_task(talk.app.prices.sweep(["eastus"]))
    await talk.app.prices.refresh("eastus", "USD")
    await looking
    assert talk.reader.asked == [("eastus", "USD")] * 2


async def test_a_stale_list_is_read_anew_and_said_to_be_stale_where_that_fails(talk: Talking) -> None:
    await talk.plan()
    talk.now += timedelta(days=8)
    talk.reader.is_away = True
    plan = await talk.plan("Databricks for the fraud team in dev, etl, 2 workers")
    assert warned(plan) == [
        (
            "The live prices of eastus are of 2026-11-30, older than 7 days, and could not be read anew "
            "(the price list cannot be reached)."
        )
    ]
    assert str(plan.cost.lines[0].as_of) == "2026-11-30"


async def test_a_meter_that_vanished_is_said_beside_its_line(talk: Talking) -> None:
    talk.reader.sheet.changed[NODE] = None
    plan = await talk.plan()
    line = plan.cost.lines[0]
    assert (line.unit_price, str(line.as_of)) == (Decimal("0.226"), "2026-06-18")
    assert line.note == ("the price list of 2026-11-30 has no such meter: the bundled price of 2026-06-18 is taken")


async def test_in_another_currency_the_list_is_asked_in_it(talk: Talking) -> None:
    """No rate is in the settings: without a live list the bill would be in dollars."""
    plan = await talk.plan("Databricks for the ledger team in dev, etl, 2 workers, at most €700 a month")
    assert talk.reader.asked == [("eastus", "EUR")]
    assert plan.cost.currency == "EUR"
    assert plan.cost.lines[0].unit_price == Decimal("0.2034")  # 0.226 by the double's own rate of 0.9


async def test_nothing_is_asked_in_the_sandbox_unless_a_list_is_named(tmp_path: Path) -> None:
    talk = Talking(tmp_path, ApiUrl=None, Source="live")
    plan = await talk.plan()
    await talk.app.close()
    assert talk.reader.asked == []
    assert warned(plan) == [
        (
            "Live prices are wanted (Pricing__Source), and in the sandbox nothing is asked unless Pricing__ApiUrl "
            "is set; "
            "bundled prices are used, each with its date."
        )
    ]


@pytest.mark.parametrize("pricing", [{"ApiUrl": None}, {"Source": "bundled"}])
async def test_by_default_the_tables_are_used_and_nothing_is_said(tmp_path: Path, pricing: dict[str, object]) -> None:
    talk = Talking(tmp_path, **pricing)
    plan = await talk.plan()
    await talk.app.close()
    assert (talk.reader.asked, warned(plan)) == ([], [])


async def test_upkeep_reads_anew_what_is_a_day_old(talk: Talking) -> None:
    await talk.plan()
    await talk.app.upkeep.sweep()
    assert len(talk.reader.asked) == 1
    talk.now += timedelta(days=1)
    await talk.app.upkeep.sweep()
    assert talk.reader.asked == [("eastus", "USD")] * 2


async def test_the_price_of_a_dbu_is_the_live_one(talk: Talking) -> None:
    talk.reader.sheet.changed[dbu_figure("model-serving")] = Decimal("0.081")
    heard = await talk.say("what does a DBU of model serving cost in west europe?")
    table = next(event for event in heard if isinstance(event, Table))
    assert table.rows == (("model serving, machines included", "0.081 USD", "2026-11-30", "Azure Retail Prices API"),)
    assert talk.reader.asked == [("westeurope", "USD")]
