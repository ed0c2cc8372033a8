"""A second workspace behind one region's private link: planned by Terraform without a sign-in endpoint of its own."""

from datetime import date
from pathlib import Path

import pytest
from carrying import Workplace, files_of

from plugins.databricks.proposal import propose
from plugins.domain.decision import InfrastructureDecision
from plugins.domain.neighbours import Neighbours
from plugins.domain.platform_settings import BringYourOwn, PlatformSettings
from plugins.domain.request import InfrastructureRequest

pytestmark = [pytest.mark.terraform, pytest.mark.usefixtures("providers_here")]

NETWORK = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-net/providers/Microsoft.Network"


def decided(team: str, among: Neighbours) -> InfrastructureDecision:
    own = BringYourOwn(
        virtual_network_id=f"{NETWORK}/virtualNetworks/corp",
        host_subnet=f"{team}-host",
        container_subnet=f"{team}-container",
        endpoint_subnet_id=f"{NETWORK}/virtualNetworks/corp/subnets/endpoints",
        private_dns_zone_id=f"{NETWORK}/privateDnsZones/privatelink.azuredatabricks.net",
    )
    request = InfrastructureRequest(team=team, environment="dev", workload_type="analytics", network="private_link")
    platform = PlatformSettings(bring_your_own=own)
    return propose(request, platform, identity=f"dep_{team}", today=date(2026, 11, 25), among=among).decision


async def test_the_second_has_its_own_endpoint_for_pages_and_shares_the_one_for_signing_in(tmp_path: Path) -> None:
    place, among = Workplace(tmp_path), Neighbours()
    endpoints: list[list[str]] = []
    for team in ("fern", "moss"):
        decision = decided(team, among)
        among.add(decision)
        plan_file = await place.executor.plan(
            files_of(decision), deployment_id=decision.identity, plan_id=f"pln_{team}", action="create"
        )
        endpoints.append([c.name for c in plan_file.resources if c.type == "azurerm_private_endpoint"])
    assert endpoints == [["browser_authentication", "databricks_ui_api"], ["databricks_ui_api"]]
