"""A plan held against what Azure says: the sandbox as it was told, over the real wire, sign-in and client."""

import threading
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio

from agent.app import App, AppEnvironment
from agent.events import Event, Incoming, Message, PlanProposed, Question, State, Table
from agent.paths import place
from agent.settings import Settings
from agent.turn.dependencies import AzureLook
from plugins.deploy.in_memory_terraform import InMemoryTerraform
from plugins.domain.azure_facts import AzureFacts, FactsWanted, LookUp, RegionFacts, StandingWorkspace, Unanswered
from plugins.domain.person import Person
from plugins.resource_manager.double.server import ResourceManagerDouble
from plugins.resource_manager.double.subscription import SetQuota, Subscription
from plugins.resource_manager.double.told import ToldQuota, ToldRestriction, ToldSubscription, tell

pytestmark = pytest.mark.integration

ANA = Person(id="ana@contoso.com", name="Ana", roles=("requester", "approver"))
ETL = "Databricks for the ledger team in dev, etl, 2 workers, no spot"
FAMILY = "standardDDSv5Family"
PATIENT = {"PreflightSeconds": 30}
"""However busy this machine is: what is late is another test's."""

QUOTAS = (
    ToldQuota(region="eastus", row=FAMILY, limit=20, used=16),
    ToldQuota(region="eastus2", row=FAMILY, limit=4),
    ToldQuota(region="centralus", row=FAMILY, limit=4),
    ToldQuota(region="southcentralus", row=FAMILY, limit=4),
    ToldQuota(region="westus2", row=FAMILY, limit=4),
    ToldQuota(region="westus3", row=FAMILY, limit=40),
)


class Talking:
    """One conversation in a sandbox that was told what its subscription has."""

    def __init__(self, home: Path, *, azure: AzureLook | None = None) -> None:
        self.home = home
        settings = Settings.model_validate({"Azure": PATIENT})
        self.app = App(
            AppEnvironment(settings, {}, home, clock=lambda: datetime(2026, 11, 30, 9, tzinfo=UTC)),
            terraform=InMemoryTerraform(settings.platform, place("templates") / "terraform"),
            inline=True,
            azure=azure,
        )
        self.heard: list[Event] = []
        self.app.listen(self.heard.append)

    def told(self, **fields: object) -> None:
        tell(self.home, ToldSubscription.model_validate(fields))

    async def say(self, text: str, by: Person = ANA) -> list[Event]:
        before = len(self.heard)
        await self.app.reply_to(Incoming(conversation="cnv", person=by, text=text), until_settled=True)
        return self.heard[before:]


@pytest_asyncio.fixture
async def talk(tmp_path: Path) -> AsyncIterator[Talking]:
    talking = Talking(tmp_path)
    yield talking
    await talking.app.close()


def messages(events: list[Event]) -> str:
    return "\n".join(event.text for event in events if isinstance(event, Message))


def plan_in(events: list[Event]) -> PlanProposed | None:
    return next((event for event in events if isinstance(event, PlanProposed)), None)


def azure_findings(plan: PlanProposed | None) -> list[str]:
    assert plan is not None
    return [finding.rule for finding in plan.policy if finding.rule.startswith("azure-")]


async def test_as_shipped_nothing_is_asked_and_nothing_is_refused(talk: Talking) -> None:
    assert azure_findings(plan_in(await talk.say(ETL))) == []
    assert not (talk.home / "sandbox" / "azure").exists()  # no double was started


async def test_too_small_a_quota_is_told_before_any_plan_with_what_has_room(talk: Talking) -> None:
    talk.told(quotas=QUOTAS)
    heard = await talk.say(ETL)
    assert plan_in(heard) is None
    assert messages(heard) == (
        "I cannot plan this. What stands against it:\n"
        "- **azure-quota**: 4 of 20 vCPUs are left in standardDDSv5Family in eastus; this needs 12 at its maximum."
        " In westus3 40 are left. Take another size or region or fewer workers, or have the quota raised (Azure portal,"
        " Quotas)."
    )
    [table] = [event for event in heard if isinstance(event, Table)]
    assert [row[1:] for row in table.rows] == [
        ("Standard_D4ads_v5 in their place", "Standard_D4ads_v5", "2", "432.95 USD"),
        ("in westus3", "Standard_D4ds_v5", "2", "443.38 USD"),
    ]
    [question] = [event for event in heard if isinstance(event, Question)]
    assert [choice.value for choice in question.questions[0].choices] == ["offer:1", "offer:2"]


async def test_what_has_room_is_picked_by_its_number_and_planned(talk: Talking) -> None:
    talk.told(quotas=QUOTAS)
    await talk.say(ETL)
    plan = plan_in(await talk.say("2"))
    assert plan is not None
    assert plan.decision is not None
    assert (plan.decision.region, azure_findings(plan)) == ("westus3", [])


async def test_fewer_workers_are_offered_where_some_fit(talk: Talking) -> None:
    talk.told(quotas=(ToldQuota(region="eastus", row=FAMILY, limit=20, used=11),))
    [table] = [event for event in await talk.say(ETL) if isinstance(event, Table)]
    assert "1 workers at most" in [row[1] for row in table.rows]


async def test_a_size_that_is_closed_and_a_name_that_is_taken_stop_it(talk: Talking) -> None:
    talk.told(restricted=(ToldRestriction(size="Standard_D4ds_v5"),))
    assert "Standard_D4ds_v5 may not be used in eastus by this subscription" in messages(await talk.say(ETL))
    talk.told(taken=("rg-dbw-mint-dev",))
    await talk.say("start over")
    heard = await talk.say("Databricks for the mint team in dev, etl, 2 workers")
    assert "A resource group rg-dbw-mint-dev exists already." in messages(heard)


async def test_a_warning_stands_on_the_plan(talk: Talking) -> None:
    talk.told(restricted=(ToldRestriction(size="Standard_D4ds_v5", region="eastus", zones=("1",)),))
    assert azure_findings(plan_in(await talk.say(ETL))) == ["azure-zones"]


async def test_what_is_told_while_somebody_talks_counts_at_once_for_another_region(talk: Talking) -> None:
    assert plan_in(await talk.say(ETL)) is not None
    talk.told(quotas=(ToldQuota(region="westus3", row=FAMILY, limit=4),))
    heard = await talk.say("put it in westus3")
    assert "4 of 4 vCPUs are left in standardDDSv5Family in westus3" in messages(heard)


async def test_rows_of_a_list_share_the_quota(talk: Talking) -> None:
    talk.told(quotas=(ToldQuota(region="eastus", row=FAMILY, limit=20),))
    rows = [f"{team},dev,eastus,etl,2,Standard_D4ds_v5,no" for team in ("fern", "mint")]
    heard = await talk.say("\n".join(["team,environment,region,workload,workers,node type,spot", *rows]))
    [table] = [event for event in heard if isinstance(event, Table)]
    assert len(table.rows) == 1
    assert "8 of 20 vCPUs are left" in str(table.rows[0])


class Counted:
    """Says what it is told to, and counts what it is asked."""

    is_asked = True

    def __init__(self, why: str = "") -> None:
        self.asked: list[FactsWanted] = []
        self._why = why

    async def facts(self, wanted: FactsWanted) -> AzureFacts:
        self.asked.append(wanted)
        of_regions: tuple[LookUp, ...] = ("sizes", "quota")
        unanswered = [
            Unanswered(look_up=look_up, region=region, why=self._why)
            for region in wanted.regions
            for look_up in of_regions
        ]
        regions = {name: {"region": name} for name in wanted.regions}
        facts = AzureFacts.model_validate({"is_wanted": True, "regions": regions})
        return facts.with_unanswered(unanswered)


async def test_what_nobody_answers_is_not_checked_and_said_on_the_plan(tmp_path: Path) -> None:
    talk = Talking(tmp_path, azure=Counted("no answer within 3 s"))
    plan = plan_in(await talk.say(ETL))
    await talk.app.close()
    assert azure_findings(plan) == ["azure-not-checked"]
    assert plan is not None
    told = next(finding.message for finding in plan.policy if finding.rule == "azure-not-checked")
    assert "the vCPU quota of eastus (no answer within 3 s)" in told


async def test_a_question_asks_azure_nothing_and_a_plan_asks_once(tmp_path: Path) -> None:
    azure = Counted()
    talk = Talking(tmp_path, azure=azure)
    await talk.say("what would a dev workspace for etl cost?")
    assert azure.asked == []
    heard = await talk.say(ETL)
    assert [wanted.regions for wanted in azure.asked] == [("eastus",)]
    assert azure.asked[0].near == ("eastus2", "centralus", "southcentralus", "westus2", "westus3")
    await talk.say("yes")
    await talk.app.close()
    assert len(azure.asked) == 1
    assert any(isinstance(event, State) for event in heard)


class Filed:
    """Reads a file to know whether it is asked."""

    def __init__(self) -> None:
        self.threads: set[int] = set()

    @property
    def is_asked(self) -> bool:
        self.threads.add(threading.get_ident())
        return False

    async def facts(self, wanted: FactsWanted) -> AzureFacts:
        raise AssertionError(wanted)


async def test_no_file_is_read_on_the_loop_to_know_whether_azure_is_asked(tmp_path: Path) -> None:
    azure = Filed()
    talk = Talking(tmp_path, azure=azure)
    await talk.say(ETL)
    await talk.app.close()
    assert azure.threads
    assert threading.get_ident() not in azure.threads


class Crowded:
    """A subscription in which another group has a workspace of that name."""

    is_asked = True

    async def facts(self, wanted: FactsWanted) -> AzureFacts:
        other = "/subscriptions/s/resourcegroups/rg-secret/providers/microsoft.databricks/workspaces/dbw-ledger-dev"
        known = {name: RegionFacts(region=name) for name in wanted.regions}
        return AzureFacts(is_wanted=True, regions=known, workspaces=(StandingWorkspace(id=other),), is_all=True)


@pytest.mark.parametrize(("roles", "told"), [(("requester",), False), (("requester", "approver"), True)])
async def test_where_another_workspace_stands_is_told_to_whoever_may_see_it(
    tmp_path: Path, roles: tuple[str, ...], *, told: bool
) -> None:
    talk = Talking(tmp_path, azure=Crowded())
    plan = plan_in(await talk.say(ETL, Person(id="bob@contoso.com", name="Bob", roles=roles)))
    await talk.app.close()
    assert plan is not None
    [finding] = [finding for finding in plan.policy if finding.rule == "azure-name-elsewhere"]
    assert ("rg-secret" in finding.message) is told


async def test_azure_itself_is_asked_where_the_settings_and_the_sign_in_point(tmp_path: Path) -> None:
    """Azure mode over a double: ARM_*, AZURE_AUTHORITY_HOST, a CA file and Azure__ManagementUrl lead there."""
    has = Subscription(quotas=(SetQuota("eastus", FAMILY, limit=20, used=16),))
    async with ResourceManagerDouble(lambda: has).serving(tmp_path / "double") as double:
        assert double.certificate is not None
        environment = {**double.environment(), "REQUESTS_CA_BUNDLE": str(double.certificate.certificate)}
        azure = {**PATIENT, "ManagementUrl": double.url, "Bills": False}
        settings = Settings.model_validate(
            {"Cloud": {"Mode": "azure"}, "Pricing": {"Source": "bundled"}, "Azure": azure}
        )
        terraform = InMemoryTerraform(settings.platform, place("templates") / "terraform")
        app = App(AppEnvironment(settings, environment, tmp_path), terraform=terraform, inline=True)
        heard: list[Event] = []
        app.listen(heard.append)
        await app.reply_to(Incoming(conversation="cnv", person=ANA, text=ETL), until_settled=True)
        await app.close()
    assert "4 of 20 vCPUs are left in standardDDSv5Family in eastus" in messages(heard)
    assert plan_in(heard) is None
