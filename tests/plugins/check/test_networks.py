"""Network facts that Azure refuses are findings before the plan, each with its way on."""

from datetime import date
from typing import Any

import pytest

from plugins.check import check_destroy
from plugins.databricks.proposal import Proposal, propose
from plugins.domain.decision import NetworkDecision
from plugins.domain.neighbours import Neighbours
from plugins.domain.platform_settings import PlatformSettings
from plugins.domain.request import InfrastructureRequest

TODAY = date(2026, 11, 24)
NETWORK = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-net/providers/Microsoft.Network"
VNET = f"{NETWORK}/virtualNetworks/corp"
ZONE = f"{NETWORK}/privateDnsZones/privatelink.azuredatabricks.net"
OWN: dict[str, Any] = {"VirtualNetworkId": VNET, "HostSubnet": "host", "ContainerSubnet": "container"}
PRIVATE = {**OWN, "EndpointSubnetId": f"{VNET}/subnets/endpoints"}


def proposed(
    own: dict[str, Any] | None = None,
    among: Neighbours | None = None,
    *,
    identity: str = "dep_new",
    naming: dict[str, Any] | None = None,
    **fields: Any,
) -> Proposal:
    ground = {
        "team": "ml",
        "environment": "dev",
        "workload_type": "data_engineering",
        "network": "vnet",
        "cost_limit": 99_999,
    }
    request = InfrastructureRequest.model_validate({**ground, **fields})
    platform = PlatformSettings.model_validate({"BringYourOwn": own or {}, "Naming": naming or {}})
    return propose(request, platform, identity=identity, today=TODAY, among=among)


def denied(proposal: Proposal) -> dict[str, str]:
    """Rule → message and remedy of every denial."""
    return {f.rule: f"{f.message} {f.remedy}" for f in proposal.findings if f.severity == "deny"}


def details(proposal: Proposal) -> NetworkDecision:
    assert proposal.decision.network_details is not None
    return proposal.decision.network_details


def test_an_own_network_and_an_existing_one_have_nothing_against_them() -> None:
    assert denied(proposed()) == {}
    assert denied(proposed(OWN)) == {}
    assert denied(proposed(PRIVATE, network="private_link")) == {}


def test_two_workspaces_may_not_be_in_the_same_subnets() -> None:
    first = proposed(OWN, identity="dep_1", workspace_name="dbw-first").decision
    among = Neighbours([first])
    assert denied(proposed(OWN, among)) == {
        "subnets-in-use": "The subnets host and container of corp are taken by dbw-first; Azure lets no two workspaces"
        " share one. Give BringYourOwn__HostSubnet and BringYourOwn__ContainerSubnet two that are free."
    }
    crossed = {**OWN, "HostSubnet": "other", "ContainerSubnet": "HOST"}
    assert denied(proposed(crossed, among))["subnets-in-use"].startswith(
        "The subnet HOST of corp is taken by dbw-first;"
    )
    assert denied(proposed({**OWN, "HostSubnet": "h2", "ContainerSubnet": "c2"}, among)) == {}
    assert denied(proposed(OWN, among, identity="dep_1", workspace_name="dbw-first")) == {}


def test_host_and_container_subnet_are_two() -> None:
    same = {**OWN, "ContainerSubnet": "Host"}
    assert list(denied(proposed(same))) == ["subnets-distinct"]
    endpoints = {**PRIVATE, "EndpointSubnetId": f"{VNET}/subnets/host"}
    assert list(denied(proposed(endpoints, network="private_link"))) == ["subnets-distinct"]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("VirtualNetworkId", "corp"),
        ("VirtualNetworkId", f"{VNET}/subnets/host"),
        ("VirtualNetworkId", VNET.replace("virtualNetworks", "networkSecurityGroups")),
        ("VirtualNetworkId", VNET.replace("00000000-0000-0000-0000-000000000000", "my-subscription")),
        ("EndpointSubnetId", VNET),
        ("PrivateDnsZoneId", ZONE.replace("privatelink.azuredatabricks.net", "contoso.com")),
    ],
)
def test_an_id_that_is_none_is_named_with_its_form(key: str, value: str) -> None:
    told = denied(proposed({**PRIVATE, key: value}, network="private_link"))
    assert list(told) == ["network-ids"]
    assert f"BringYourOwn__{key}" in told["network-ids"]


@pytest.mark.parametrize(
    ("space", "words"),
    [
        ("10.20.0.5/16", "has bits below its prefix: it would be 10.20.0.0/16"),
        ("10.20.0.0/25", "is smaller than /24"),
        ("10.0.0.0/15", "is larger than /16"),
        ("10.20.0.0/27", "is smaller than /24"),
        ("10.20.0.0", "is smaller than /24"),
        ("fd00::/64", "is no range of IPv4 addresses"),
        ("ten", "is no range of IPv4 addresses"),
    ],
)
def test_an_address_space_is_a_range_that_databricks_takes(space: str, words: str) -> None:
    told = denied(proposed({"AddressSpace": space}))
    assert list(told) == ["address-space"]
    assert words in told["address-space"]
    assert "BringYourOwn__AddressSpace" in told["address-space"]


@pytest.mark.parametrize("space", ["10.20.0.0/16", "10.20.0.0/24", "172.16.8.0/21"])
def test_the_largest_and_the_smallest_space_are_taken_and_their_subnets_are_26_at_least(space: str) -> None:
    proposal = proposed({"AddressSpace": space}, network="private_link")
    assert denied(proposal) == {}
    prefixes = (details(proposal).host_subnet_prefix, details(proposal).endpoint_subnet_prefix)
    assert all(int((prefix or "").rpartition("/")[2]) <= 26 for prefix in prefixes)


def test_subnets_that_do_not_hold_the_largest_cluster_are_refused() -> None:
    """A /26 holds 59 nodes: 64 addresses, of which Azure keeps five."""
    few = proposed({"AddressSpace": "10.20.0.0/24"}, environment="prod", min_workers=2, max_workers=58)
    assert "subnets-hold-cluster" not in denied(few)
    many = proposed({"AddressSpace": "10.20.0.0/24"}, environment="prod", min_workers=2, max_workers=59)
    assert denied(many)["subnets-hold-cluster"].startswith(
        "Subnets of 10.20.0.0/24 hold 59 nodes, fewer than the 60 of"
    )
    assert denied(proposed(environment="prod", min_workers=2, max_workers=59)) == {}


def test_the_managed_group_is_a_group_of_its_own() -> None:
    assert list(denied(proposed(naming={"ManagedResourceGroup": "RG-{workspace}"}))) == ["managed-group"]
    shared = {"ManagedResourceGroup": "rg-databricks-managed"}
    first = proposed(identity="dep_1", workspace_name="dbw-first", naming=shared).decision
    assert denied(proposed(naming=shared)) == {}
    told = denied(proposed(naming=shared, among=Neighbours([first])))
    assert told["managed-group"].startswith("The managed group rg-databricks-managed is that of dbw-first already")
    theirs = proposed(
        identity="dep_1", workspace_name="dbw-first", naming={"ResourceGroup": "rg-databricks-managed"}
    ).decision
    assert list(denied(proposed(naming=shared, among=Neighbours([theirs])))) == ["managed-group"]
    again = proposed(naming=shared, among=Neighbours([first]), identity="dep_1", workspace_name="dbw-first")
    assert denied(again) == {}


def test_one_sign_in_endpoint_serves_a_region_and_zone() -> None:
    """learn.microsoft.com: one browser_authentication endpoint a region, not one a workspace."""
    platform = {**PRIVATE, "PrivateDnsZoneId": ZONE}
    first = proposed(platform, identity="dep_1", network="private_link", workspace_name="dbw-first")
    assert details(first).browser_authentication
    among = Neighbours([first.decision])
    free = {**platform, "HostSubnet": "h2", "ContainerSubnet": "c2"}
    second = proposed(free, among, network="private_link")
    assert denied(second) == {}
    assert not details(second).browser_authentication
    lines = {line.item: line.quantity for line in second.cost.lines if "ndpoint" in line.item}
    assert lines == {"Private endpoint": 730}
    assert any("dbw-first" in r.because for r in second.decision.justification if r.about == "network")
    elsewhere = proposed(free, among, network="private_link", region="westeurope")
    assert details(elsewhere).browser_authentication
    own_zone = proposed(among=among, network="private_link")
    assert details(own_zone).browser_authentication


def test_the_first_one_keeps_its_sign_in_endpoint_when_it_is_changed() -> None:
    platform = {**PRIVATE, "PrivateDnsZoneId": ZONE}
    first = proposed(platform, identity="dep_1", network="private_link").decision
    second = proposed(
        {**platform, "HostSubnet": "h2", "ContainerSubnet": "c2"},
        Neighbours([first]),
        identity="dep_2",
        network="private_link",
        workspace_name="dbw-second",
    ).decision
    both = Neighbours([first, second])
    assert details(proposed(platform, both, identity="dep_1", network="private_link")).browser_authentication
    assert not details(proposed(platform, both, identity="dep_2", network="private_link")).browser_authentication
    (finding,) = check_destroy(first, both)
    assert (finding.rule, finding.severity) == ("sign-in-endpoint", "warn")
    assert "dbw-second" in finding.message
    assert check_destroy(second, both) == ()
    assert details(
        proposed(platform, Neighbours([second]), identity="dep_2", network="private_link")
    ).browser_authentication


def test_a_zone_that_the_network_is_linked_to_already_is_to_be_shared() -> None:
    first = proposed(PRIVATE, identity="dep_1", network="private_link", workspace_name="dbw-first").decision
    free = {**PRIVATE, "HostSubnet": "h2", "ContainerSubnet": "c2"}
    told = denied(proposed(free, Neighbours([first]), network="private_link"))
    assert list(told) == ["dns-zone-shared"]
    assert "rg-dbw-first" in told["dns-zone-shared"]
    assert "BringYourOwn__PrivateDnsZoneId" in told["dns-zone-shared"]
    made = f"{NETWORK.replace('rg-net', 'rg-dbw-first')}/privateDnsZones/privatelink.azuredatabricks.net"
    second = proposed({**free, "PrivateDnsZoneId": made}, Neighbours([first]), network="private_link")
    assert denied(second) == {}
    assert not details(second).browser_authentication


def test_a_deployed_workspace_keeps_its_addresses() -> None:
    """Azure refuses to resize a subnet in use, and a workspace in other subnets would be another one."""
    first = proposed({"AddressSpace": "10.9.0.0/20"}, identity="dep_1", max_workers=4).decision
    among = Neighbours([first])
    grown = proposed(
        {"AddressSpace": "10.20.0.0/16"}, among, identity="dep_1", environment="prod", min_workers=2, max_workers=40
    )
    assert grown.decision.network_details == first.network_details
    assert denied(grown) == {}
    beyond = proposed(None, among, identity="dep_1", environment="prod", min_workers=2, max_workers=80)
    assert "subnets-hold-cluster" in denied(beyond)
    private = details(proposed(None, among, identity="dep_1", network="private_link"))
    assert (private.host_subnet_prefix, private.container_subnet_prefix) == ("10.9.0.0/26", "10.9.0.64/26")
    assert private.endpoint_subnet_prefix == "10.9.0.128/26"
    moved = proposed({**OWN}, among, identity="dep_1")
    assert moved.decision.network_details == first.network_details
