"""What nobody orders: warnings, expiry, drift, told once each. The clock is moved by hand, Terraform is in memory."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from agent.app import App, AppEnvironment
from agent.deployment.upkeep import Upkeep
from agent.events import ApprovalNoted, Error, Event, Incoming, Message, PlanProposed, Question, Result
from agent.paths import place
from agent.settings import ApprovalSettings, Settings
from agent.store.records import Records
from plugins.deploy.in_memory_terraform import InMemoryTerraform
from plugins.domain.deployment import Deployment
from plugins.domain.plan import Drift, Person

pytestmark = pytest.mark.integration

ANA = Person(id="ana@contoso.com", name="Ana", roles=("requester",))
INES = Person(id="ines@contoso.com", name="Ines", roles=("approver",))
MORNING = datetime(2026, 11, 24, 9, tzinfo=UTC)


@dataclass
class Office:
    """A running app with a clock that only `wait` moves; `heard` is everything that was said since it was cleared."""

    home: Path
    unasked: bool = False
    now: datetime = MORNING
    heard: list[Event] = field(default_factory=list[Event])

    def __post_init__(self) -> None:
        settings = Settings(approvals=ApprovalSettings(expire_unasked=("dev",) if self.unasked else ()))
        self.terraform = InMemoryTerraform(settings.platform, place("templates") / "terraform")
        world = AppEnvironment(settings, {}, self.home, clock=lambda: self.now)
        self.app = App(world, terraform=self.terraform, inline=True)
        self.app.listen(self.heard.append)

    async def say(self, text: str, *, by: Person = ANA, where: str = "cnv_1") -> list[Event]:
        self.heard.clear()
        await self.app.reply_to(Incoming(conversation=where, person=by, text=text), until_settled=True)
        return list(self.heard)

    async def deployed(self, days: int | None) -> None:
        """dbw-mint-dev, which expires after so many days."""
        end = f" for {days} days" if days else ""
        await self.say(f"sandbox dbw-mint-dev for the mint team, notebooks{end}")
        assert any(isinstance(event, Result) and event.error is None for event in await self.say("yes"))

    async def wait(self, **time: float) -> list[str]:
        """Moves the clock, sweeps twice as a process would, and gives what was said of it."""
        self.now += timedelta(**time)
        self.heard.clear()
        for _ in range(2):
            await self.app.upkeep.sweep()
            while await self.app.read(lambda records: records.under_way()):
                await asyncio.sleep(0)
            await self.app.settled()
        return [event.text for event in self.heard if isinstance(event, Message)]

    async def status(self) -> str:
        found = await self.app.read(lambda records: records.deployments())
        return found[-1].status


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    running = Office(tmp_path)
    yield running
    await running.app.close()


@pytest.fixture
async def unasked(tmp_path: Path) -> AsyncIterator[Office]:
    running = Office(tmp_path, unasked=True)
    yield running
    await running.app.close()


async def test_people_are_warned_seven_days_one_day_and_one_hour_before_each_once(office: Office) -> None:
    """It expires at the end of 2 December (UTC)."""
    await office.deployed(8)
    assert await office.wait(hours=1) == []
    assert "in less than 7 days" in (await office.wait(days=1, hours=15))[0]
    assert await office.wait(hours=5) == []
    assert "in less than one day" in (await office.wait(days=6))[0]
    assert await office.wait(minutes=5) == []
    assert "in less than one hour" in (await office.wait(hours=17, minutes=30))[0]
    assert await office.wait(minutes=5) == []


async def test_what_was_slept_through_is_warned_of_once_by_the_nearest(office: Office) -> None:
    await office.deployed(8)
    said = await office.wait(days=8, hours=10)
    assert len(said) == 1
    assert "in less than one day" in said[0]


async def test_an_expired_workspace_stands_until_a_person_confirms_its_destroy(office: Office) -> None:
    await office.deployed(2)
    said = await office.wait(days=3)
    assert "expired on 2026-11-26" in said[-1]
    assert await office.status() == "succeeded"
    plan_id = said[-1].split("show ")[1].split("”")[0]
    shown = await office.say(f"show {plan_id}")
    assert any(isinstance(event, PlanProposed) and event.action == "destroy" for event in shown)
    ended = await office.say("yes")
    assert [event.status for event in ended if isinstance(event, ApprovalNoted)] == ["approved"]
    await office.wait(minutes=1)
    assert await office.status() == "destroyed"


async def test_an_approver_may_confirm_it_too(office: Office) -> None:
    await office.deployed(2)
    plan_id = (await office.wait(days=3))[-1].split("show ")[1].split("”")[0]
    await office.say(f"show {plan_id}", by=INES, where="cnv_2")
    await office.say("yes", by=INES, where="cnv_2")
    await office.wait(minutes=1)
    assert await office.status() == "destroyed"
    assert office.terraform.applied[-1][1] == "Ines"


async def test_where_the_policy_says_so_dev_is_destroyed_unasked(unasked: Office) -> None:
    await unasked.deployed(2)
    said = await unasked.wait(days=3)
    assert "destroyed now without asking" in said[0]
    assert await unasked.status() == "destroyed"
    assert unasked.terraform.applied[-1][1] == "the expiry policy"


async def test_an_extension_voids_the_destroy_that_waits(office: Office) -> None:
    await office.deployed(2)
    plan_id = (await office.wait(days=3))[-1].split("show ")[1].split("”")[0]
    said = [e.text for e in await office.say("extend dbw-mint-dev by 7 days") if isinstance(e, Message)]
    assert "now expires on 2026-12-04" in said[0]
    told = [e.text for e in await office.say(f"show {plan_id}") if isinstance(e, Message)]
    assert "There is no plan" in told[0]
    await office.wait(minutes=1)
    assert await office.status() == "succeeded"


async def test_an_extended_workspace_is_warned_and_expires_again(office: Office) -> None:
    await office.deployed(2)
    await office.wait(days=3)
    await office.say("extend dbw-mint-dev by 7 days")
    assert "in less than 7 days" in (await office.wait(days=2))[0]
    assert "expired on 2026-12-04" in (await office.wait(days=8))[-1]


async def test_an_expiry_that_nobody_decided_is_asked_again(office: Office) -> None:
    """The plan waits a day; then a new one is made, since the workspace still costs money."""
    await office.deployed(2)
    first = (await office.wait(days=3))[-1]
    again = await office.wait(days=1, hours=1)
    assert again
    assert "expired on 2026-11-26" in again[-1]
    assert again[-1] != first


async def test_a_change_from_outside_is_told_once_and_again_after_it_was_gone(office: Office) -> None:
    await office.deployed(None)
    drift = Drift(
        address="azurerm_databricks_workspace.this",
        type="azurerm_databricks_workspace",
        what="changed",
        attributes=("tags",),
    )
    office.terraform.drifted = (drift,)
    said = await office.wait(days=1)
    assert "Somebody changed **dbw-mint-dev** outside of me" in said[0]
    assert await office.wait(days=1) == []
    office.terraform.drifted = ()
    assert await office.wait(days=1) == []
    office.terraform.drifted = (drift,)
    assert len(await office.wait(days=1)) == 1


async def test_the_status_tells_what_was_seen_and_the_fix_puts_it_right(office: Office) -> None:
    await office.deployed(None)
    drift = Drift(
        address="azurerm_databricks_workspace.this",
        type="azurerm_databricks_workspace",
        what="changed",
        attributes=("tags",),
    )
    office.terraform.drifted = (drift,)
    await office.wait(days=1)
    told = [e.text for e in await office.say("status of dbw-mint-dev") if isinstance(e, Message)]
    assert "azurerm_databricks_workspace.this changed tags" in told[0]
    plan = next(e for e in await office.say("fix the drift of dbw-mint-dev") if isinstance(e, PlanProposed))
    assert [(change.address, change.action) for change in plan.resources] == [(drift.address, "update")]
    assert plan.before is not None
    assert plan.before.cost == plan.cost
    office.now += timedelta(minutes=1)
    ended = await office.say("yes")
    assert [e.status for e in ended if isinstance(e, Result)] == ["succeeded"]
    told = [e.text for e in await office.say("status of dbw-mint-dev") if isinstance(e, Message)]
    assert "outside of me" not in told[0]


async def test_a_lost_state_is_said_once_blocks_every_plan_and_is_imported_again(office: Office) -> None:
    """And said again when it is lost a second time."""
    await office.deployed(None)
    office.terraform.is_state_lost = True
    (said,) = await office.wait(days=1)
    assert said.startswith("The Terraform state of dbw-mint-dev is lost or was emptied")
    assert "“re-import dbw-mint-dev”" in said
    assert await office.wait(days=1) == []
    for text in ("change dbw-mint-dev to 2 workers", "fix the drift of dbw-mint-dev", "destroy dbw-mint-dev"):
        errors = [event for event in await office.say(text) if isinstance(event, Error)]
        assert [(event.code, event.text) for event in errors] == [("state_lost", said)]
    told = [e.text for e in await office.say("status of dbw-mint-dev") if isinstance(e, Message)]
    assert "Its Terraform state is lost or was emptied since" in told[0]

    plan = next(e for e in await office.say("re-import dbw-mint-dev") if isinstance(e, PlanProposed))
    assert (plan.action, plan.resources) == ("change", ())
    assert len(plan.imported) == 6
    office.now += timedelta(minutes=1)
    await office.say("yes")
    told = [e.text for e in await office.say("status of dbw-mint-dev") if isinstance(e, Message)]
    assert "lost" not in told[0]
    assert await office.wait(days=1) == []
    office.terraform.is_state_lost = True
    assert len(await office.wait(days=1)) == 1


async def test_drift_that_came_after_the_plan_stops_its_apply(office: Office) -> None:
    await office.deployed(None)
    await office.say("change dbw-mint-dev to 2 workers")
    office.terraform.drifted = (
        Drift(address="databricks_cluster.this", type="databricks_cluster", what="changed", attributes=("tags",)),
    )
    results = [event for event in await office.say("yes") if isinstance(event, Result)]
    assert [event.error.kind for event in results if event.error] == ["drifted"]


async def test_files_of_a_plan_that_is_over_do_not_stay_when_the_process_died_before_tidying(office: Office) -> None:
    """A pending plan's files stay: it may still be applied."""
    await office.deployed(None)
    await office.say("sandbox dbw-fern-dev for the fern team, notebooks")
    pending = office.terraform.kept.copy()
    assert len(pending) == 1
    of_the_deployed = await office.app.read(lambda records: records.newest_plan(records.deployments()[0].deployment_id))
    assert of_the_deployed is not None
    office.terraform.kept |= {of_the_deployed.plan_id, "drift_of_a_dead_process", "pln_of_other_records"}
    await office.wait(minutes=5)
    assert office.terraform.kept == pending | {"pln_of_other_records"}


async def test_files_of_a_plan_that_died_go_once_its_lock_is_given_back(office: Office) -> None:
    """Nobody may ever plan that workspace again."""
    await office.deployed(None)
    office.terraform.kept |= {"drift_of_a_dead_process"}
    office.terraform.locked |= {"drift_of_a_dead_process"}
    await office.wait(minutes=5)
    assert (office.terraform.kept, office.terraform.locked) == (set(), set())


async def test_files_of_a_plan_that_died_go_when_the_plan_is_dropped(office: Office) -> None:
    """What did not end in time was killed, with the state's lock in its hand."""
    await office.say("sandbox dbw-fern-dev for the fern team, notebooks")
    assert len(office.terraform.kept) == 1
    office.terraform.locked |= office.terraform.kept
    await office.say("no")
    async with asyncio.timeout(10):
        while office.terraform.kept:
            await asyncio.sleep(0.005)
    assert office.terraform.locked == set()


async def test_ids_of_answered_messages_are_forgotten_after_a_day(office: Office) -> None:
    incoming = Incoming(conversation="cnv_1", person=ANA, text="help", client_id="message-1")
    await office.say("hello")

    async def taken_in() -> bool:
        return await office.app.kept(lambda records: records.receive(incoming, now=office.now))

    assert await taken_in()
    await office.app.reply_to(incoming, until_settled=False)
    await office.wait(hours=23)
    assert not await taken_in()
    await office.wait(hours=2)
    assert await taken_in()


async def test_what_goes_wrong_with_one_workspace_keeps_no_other_from_its_warning(
    office: Office, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    await office.deployed(8)
    await office.say("sandbox dbw-fern-dev for the fern team, notebooks for 8 days")
    await office.say("yes")
    warned = Upkeep._warned  # pyright: ignore[reportPrivateUsage]

    def broken(self: Upkeep, records: Records, deployment: Deployment, due: list[timedelta]) -> None:
        if deployment.workspace_name == "dbw-mint-dev":
            raise ZeroDivisionError
        warned(self, records, deployment, due)

    monkeypatch.setattr(Upkeep, "_warned", broken)
    (said,) = await office.wait(days=2)
    assert "dbw-fern-dev" in said
    assert "upkeep of dbw-mint-dev failed" in caplog.text


async def test_a_change_that_names_an_end_moves_it_and_one_that_names_none_keeps_it(office: Office) -> None:
    """The tag in the cloud says the same; the same number of days, named again, counts from today."""
    await office.deployed(10)

    async def ends() -> tuple[str, str]:
        (deployment,) = await office.app.read(lambda records: records.deployments())
        return str(deployment.expires_on), deployment.decision.tags["expires-on"]

    assert await ends() == ("2026-12-04", "2026-12-04")
    await office.wait(days=3)
    await office.say("change dbw-mint-dev to 2 to 4 workers, expires in 10 days")
    await office.say("yes")
    assert await ends() == ("2026-12-07", "2026-12-07")
    await office.say("extend dbw-mint-dev by 5 days")
    assert await ends() == ("2026-12-12", "2026-12-07")
    await office.say("change dbw-mint-dev to 2 to 5 workers")
    await office.say("yes")
    assert await ends() == ("2026-12-12", "2026-12-12")


@pytest.mark.parametrize("answer", ["3 days", "a week"])
async def test_the_answer_to_how_many_days_extends_the_workspace_that_was_asked_about(
    office: Office, answer: str
) -> None:
    """Also after a plan was turned down, whose draft would else take the days for itself."""
    await office.deployed(8)
    await office.say("destroy dbw-mint-dev")
    await office.say("no")
    (asked,) = [event for event in await office.say("extend dbw-mint-dev") if isinstance(event, Question)]
    assert [question.slot for question in asked.questions] == ["expires_in_days"]
    (told,) = [event for event in await office.say(answer) if isinstance(event, Message)]
    assert f"now expires on {'2026-12-05' if answer == '3 days' else '2026-12-09'}" in told.text
