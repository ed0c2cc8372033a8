"""Workspaces that are built into one network: held against those that stand, and against each other in one plan."""

from pathlib import Path
from typing import Any

import pytest

from agent.app import App, AppEnvironment
from agent.events import Event, Incoming, Message, PlanProposed, Table
from agent.paths import place
from agent.settings import Settings
from plugins.deploy.in_memory_terraform import InMemoryTerraform
from plugins.domain.plan import Person

pytestmark = pytest.mark.integration

ANA = Person(id="ana@contoso.com", name="Ana", roles=("requester", "approver"))
NETWORK = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-net/providers/Microsoft.Network"
OWN = {"VirtualNetworkId": f"{NETWORK}/virtualNetworks/corp", "HostSubnet": "host", "ContainerSubnet": "container"}
SIGN_IN = "azurerm_private_endpoint.browser_authentication"
PRIVATE = {
    **OWN,
    "EndpointSubnetId": f"{NETWORK}/virtualNetworks/corp/subnets/endpoints",
    "PrivateDnsZoneId": f"{NETWORK}/privateDnsZones/privatelink.azuredatabricks.net",
}


class Office:
    """A conversation of one person under these settings; `moved` goes on with others, upon the same records."""

    def __init__(self, home: Path, **settings: Any) -> None:
        self._home = home
        told = Settings.model_validate(settings)
        terraform = InMemoryTerraform(told.platform, place("templates") / "terraform")
        self.app = App(AppEnvironment(told, {}, home), terraform=terraform, inline=True)
        self._heard: list[Event] = []
        self.app.listen(self._heard.append)

    async def moved(self, **settings: Any) -> "Office":
        await self.app.close()
        return Office(self._home, **settings)

    async def say(self, text: str) -> list[Event]:
        self._heard.clear()
        await self.app.reply_to(Incoming(conversation="cnv", person=ANA, text=text), until_settled=True)
        return list(self._heard)


def plans(events: list[Event]) -> list[PlanProposed]:
    return [event for event in events if isinstance(event, PlanProposed)]


def told(events: list[Event]) -> str:
    return "\n".join(event.text for event in events if isinstance(event, Message))


FIRST = "databricks for team alpha in dev, etl, vnet injected"
SECOND = "databricks for team beta in dev, etl, vnet injected"


async def test_a_second_workspace_in_the_same_subnets_is_refused_and_the_first_can_be_changed(tmp_path: Path) -> None:
    office = Office(tmp_path, BringYourOwn=OWN)
    assert plans(await office.say(FIRST))
    assert plans(await office.say("make it 2 workers"))  # its own pending plan holds nothing against it
    await office.say("yes")
    said = await office.say(SECOND)
    assert not plans(said)
    assert "subnets-in-use" in told(said)
    assert "host and container of corp are taken by dbw-alpha-dev" in told(said)
    await office.say("start over")
    assert plans(await office.say("change dbw-alpha-dev to 3 workers"))
    await office.app.close()


async def test_two_of_one_list_may_not_share_them_either(tmp_path: Path) -> None:
    office = Office(tmp_path, BringYourOwn=OWN)
    said = await office.say("team,environment,workload,network\nalpha,dev,etl,vnet\nbeta,dev,etl,vnet\n")
    assert not plans(said)
    (table,) = [event for event in said if isinstance(event, Table)]
    assert [row[0] for row in table.rows] == [3]
    assert "taken by dbw-alpha-dev" in str(table.rows[0][1])
    said = await office.say("databricks for team alpha in dev and staging, etl, vnet injected")
    assert not plans(said)
    assert "subnets-in-use" in told(said)
    await office.app.close()


@pytest.mark.parametrize("end", ["no", "start over"])
async def test_what_was_turned_down_holds_nothing(tmp_path: Path, end: str) -> None:
    office = Office(tmp_path, BringYourOwn=OWN)
    await office.say(FIRST)
    await office.say(end)
    await office.say("start over")
    assert plans(await office.say(SECOND))
    await office.app.close()


async def test_the_managed_groups_of_one_plan_are_several(tmp_path: Path) -> None:
    office = Office(tmp_path, Naming={"ManagedResourceGroup": "rg-managed"})
    said = await office.say("databricks for team alpha in dev and staging, etl")
    assert not plans(said)
    assert "The managed group rg-managed is that of dbw-alpha-dev already" in told(said)
    await office.app.close()


async def test_the_sign_in_endpoint_is_one_for_all_and_its_destroy_says_whose_sign_in_ends(tmp_path: Path) -> None:
    office = Office(tmp_path, BringYourOwn=PRIVATE)
    (plan,) = plans(await office.say("databricks for team alpha in dev, etl, private link"))
    assert SIGN_IN in [change.address for change in plan.resources]
    await office.say("yes")
    office = await office.moved(BringYourOwn={**PRIVATE, "HostSubnet": "h2", "ContainerSubnet": "c2"})
    (plan,) = plans(await office.say("databricks for team beta in dev, etl, private link"))
    assert "azurerm_private_endpoint.databricks_ui_api" in [change.address for change in plan.resources]
    assert SIGN_IN not in [change.address for change in plan.resources]
    await office.say("yes")
    (destroy,) = plans(await office.say("destroy dbw-alpha-dev"))
    assert [finding.rule for finding in destroy.policy] == ["sign-in-endpoint"]
    assert "dbw-beta-dev" in destroy.policy[0].message
    await office.say("no")
    (destroy,) = plans(await office.say("destroy dbw-beta-dev"))
    assert destroy.policy == ()
    await office.app.close()
