"""Many confirmations of one plan, real and made up."""

import asyncio
import os
import random
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from crashing import Ground
from kill_points import REQUEST, applied_in
from postgresql import Server

from agent.app import App, AppEnvironment
from agent.events import ApprovalNoted, Button, Event, Incoming, PlanProposed, Result
from agent.paths import place
from agent.settings import Settings
from agent.store.bills import WorkspaceDay
from agent.store.database import Database
from agent.store.records import Records
from plugins.deploy.in_memory_terraform import InMemoryTerraform
from plugins.domain.bill import BillReading
from plugins.domain.plan import Person

pytestmark = pytest.mark.durable

ANA = Person(id="ana@contoso.com", name="Ana", roles=("requester", "approver"))
EVE = Person(id="eve@elsewhere.com", name="Eve", roles=("requester",))
NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)
NOBODY = Person(id="nobody@contoso.com", name="Nobody", roles=())


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
async def test_ten_confirmations_from_three_processes_are_one_apply(database: str, ground: Ground) -> None:
    del database
    try:
        first = await ground.child()
        await first.say(REQUEST)
        plan = await first.heard("plan")
        children = [first, await ground.child(), await ground.child()]
        act = {"action": "confirm", "plan_id": plan["plan_id"], "digest": plan["digest"]}
        await asyncio.gather(*(children[number % 3].say(**act) for number in range(10)))
        for number, child in enumerate(children):
            await child.heard("approval", count=len(range(number, 10, 3)))
        await ground.settled()
        story = await ground.story()
    finally:
        await ground.clear()
    assert sorted(event["status"] for event in story.told("approval")) == ["approved"] + ["refused"] * 9
    assert story.approvals == 1
    assert [event["status"] for event in story.told("result")] == ["succeeded"]
    assert len(applied_in(ground.home)) == 1
    assert story.audit_fault is None


async def test_several_that_read_the_same_days_of_a_bill_keep_them_once(postgresql: Server) -> None:
    database = Database(postgresql.database())
    await database.open()
    days = [WorkspaceDay("dep_1", date(2026, 11, day), "USD", Decimal(day)) for day in range(1, 31)]

    def kept(records: Records) -> None:
        records.keep_bill(days, date(2026, 11, 1), date(2026, 11, 30))
        records.keep_bill_reading(BillReading(read_at=NOW, tried_at=NOW))

    try:
        await asyncio.gather(*(database.transact(kept) for _ in range(20)))
        read = await database.read(lambda records: records.billed(date(2026, 11, 1), date(2026, 11, 30)))
    finally:
        await database.close()
    assert list(read) == days


@pytest.fixture
async def talk(tmp_path: Path) -> AsyncIterator["_Talk"]:
    begun = _Talk(tmp_path)
    await begun.app.start()
    yield begun
    await begun.app.close(waiting=False)


async def test_of_a_thousand_false_confirmations_none_is_accepted(talk: "_Talk") -> None:
    """Forged, stale, foreign, replayed: each is refused, the plan that waits goes on waiting, nothing is applied."""
    stale = await talk.plan("dev workspace for team fern, etl, eastus")
    waiting = await talk.plan("make it westus2")
    used = await talk.plan("dev workspace for team moss, etl, eastus", conversation="cnv_used")
    assert await talk.confirm(used.plan_id, used.digest, "cnv_used", ANA) == "approved"
    chance = random.Random(3)  # noqa: S311 - forged by a fool
    for number in range(1_000):
        forged = "".join(chance.choices("0123456789abcdef", k=64))
        plan_id, digest, conversation, person = [
            (waiting.plan_id, forged, "cnv", ANA),
            (f"pln_{forged[:12]}", waiting.digest, "cnv", ANA),
            (stale.plan_id, stale.digest, "cnv", ANA),
            (waiting.plan_id, stale.digest, "cnv", ANA),
            (waiting.plan_id, waiting.digest, f"cnv_{forged[:8]}", ANA),
            (waiting.plan_id, waiting.digest, "cnv", EVE),
            (waiting.plan_id, waiting.digest, "cnv", NOBODY),
            (used.plan_id, used.digest, "cnv_used", ANA),
            (used.plan_id, used.digest, "cnv", ANA),
            ("", "", "cnv", ANA),
        ][number % 10]
        assert await talk.confirm(plan_id, digest, conversation, person) == "refused"
    assert talk.terraform.applied == [(used.plan_id, "Ana")]
    assert await talk.confirm(waiting.plan_id, waiting.digest, "cnv", ANA) == "approved"


async def test_a_confirmation_that_comes_too_late_is_refused(talk: "_Talk") -> None:
    plan = await talk.plan("dev workspace for team fern, etl")
    talk.now += timedelta(hours=25)
    assert await talk.confirm(plan.plan_id, plan.digest, "cnv", ANA) == "refused"
    assert talk.terraform.applied == []


class _Talk:
    """Conversations with the app in this process, over the in-memory Terraform."""

    def __init__(self, home: Path) -> None:
        settings = Settings()
        self.now = datetime(2026, 11, 25, 12, tzinfo=UTC)
        self.terraform = InMemoryTerraform(settings.platform, place("templates") / "terraform")
        world = AppEnvironment(settings, os.environ, home, clock=self._tick)
        self.app = App(world, terraform=self.terraform, inline=True)
        self._heard: list[Event] = []
        self.app.listen(self._heard.append)

    async def plan(self, text: str, *, conversation: str = "cnv") -> PlanProposed:
        self._heard.clear()
        await self.app.reply_to(Incoming(conversation=conversation, person=ANA, text=text), until_settled=True)
        return next(event for event in self._heard if isinstance(event, PlanProposed))

    async def confirm(self, plan_id: str, digest: str, conversation: str, person: Person) -> str:
        """What became of it."""
        self._heard.clear()
        button = Button(action="confirm", plan_id=plan_id, digest=digest)
        await self.app.reply_to(Incoming(conversation=conversation, person=person, button=button), until_settled=False)
        noted = [event.status for event in self._heard if isinstance(event, ApprovalNoted)]
        if "approved" in noted:
            while not any(isinstance(event, Result) for event in self._heard):
                await asyncio.sleep(0.01)
        assert noted, self._heard
        return "approved" if "approved" in noted else noted[-1]

    def _tick(self) -> datetime:
        self.now += timedelta(milliseconds=1)
        return self.now
