"""What the simulated Azure makes of what is asked for, and what it refuses."""

from typing import Any

import pytest
from simulated import GROUP, NETWORK, Caller, inside, placed, workspace

pytestmark = pytest.mark.integration

WORKSPACE = "azurerm_databricks_workspace"


def test_a_workspace_gets_a_url_a_number_and_a_managed_group(terraform: Caller) -> None:
    terraform.group()
    made = terraform.workspace()
    names = ("id", "workspace_id", "workspace_url", "managed_resource_group_id", "public_network_access_enabled")
    assert {name: made[name] for name in names} == {
        "id": f"{GROUP}/providers/Microsoft.Databricks/workspaces/dbw-a",
        "workspace_id": "1003820170681350",
        "workspace_url": "adb-1003820170681350.10.azuredatabricks.net",
        "managed_resource_group_id": GROUP.replace("rg-a", "dbw-a-managed"),
        "public_network_access_enabled": True,
    }
    assert [(found.type, found.name) for found in terraform.cloud.resources()] == [
        ("azurerm_resource_group", "rg-a"),
        (WORKSPACE, "dbw-a"),
        ("managed_resource_group", "dbw-a-managed"),
    ]


def test_a_managed_group_vanishes_with_its_workspace(terraform: Caller) -> None:
    terraform.group()
    made = terraform.workspace()
    assert terraform.destroy(WORKSPACE, made) == ""
    assert [found.name for found in terraform.cloud.resources()] == ["rg-a"]


def test_a_managed_group_that_exists_fails_the_workspace_half_way(terraform: Caller) -> None:
    terraform.group()
    terraform.group("dbw-a-managed")
    state, error = terraform.apply(WORKSPACE, workspace())
    assert state["name"] == "dbw-a"
    assert "polling after CreateOrUpdate: polling failed: the Azure API returned the following error:" in error
    assert 'Status: "ApplianceProvisioningFailed"' in error
    assert terraform.destroy(WORKSPACE, state) == ""
    assert [found.name for found in terraform.cloud.resources()] == ["rg-a", "dbw-a-managed"]


def test_nothing_is_created_in_a_group_that_is_not_there(terraform: Caller) -> None:
    state, error = terraform.apply(WORKSPACE, workspace())
    assert (state, terraform.cloud.resources()) == ({}, ())
    assert error == (
        'creating Workspace (Subscription: "00000000-0000-0000-0000-000000000000"\nResource Group Name: "rg-a"\n'
        'Workspace Name: "dbw-a"): performing CreateOrUpdate: unexpected status 404 (404 Not Found) with error:'
        " ResourceGroupNotFound: Resource group 'rg-a' could not be found."
    )


def test_what_exists_needs_to_be_imported(terraform: Caller) -> None:
    terraform.group()
    _, error = terraform.apply("azurerm_resource_group", {"name": "RG-A", "location": "westeurope"})
    assert error == (
        f'a resource with the ID "{GROUP.replace("rg-a", "RG-A")}" already exists - to be managed via Terraform this'
        " resource needs to be imported into the State. Please see the resource documentation for"
        ' "azurerm_resource_group" for more information'
    )


def test_what_is_referred_to_must_exist_in_a_group_of_ours(terraform: Caller) -> None:
    terraform.group()
    network = NETWORK.replace("vnet", "other")
    zone = terraform.create("azurerm_private_dns_zone", name="z", resource_group_name="rg-a")
    link = {"name": "l", "private_dns_zone_id": zone["id"], "virtual_network_id": network}
    _, error = terraform.apply("azurerm_private_dns_zone_virtual_network_link", link)
    assert f"400 (400 Bad Request) with error: InvalidResourceReference: Resource {network} referenced by" in error


def test_what_lies_in_a_group_of_others_is_taken_to_exist(terraform: Caller) -> None:
    """One's own network, brought along: the sandbox has no other way to know of it."""
    terraform.group()
    theirs = {name: value.replace("rg-a", "rg-network") for name, value in inside()[0].items()}
    terraform.workspace(custom_parameters=[theirs])
    assert [found.name for found in terraform.cloud.resources()] == ["rg-a", "dbw-a", "dbw-a-managed"]


def test_a_group_that_a_configuration_calls_existing_exists_and_is_no_leftover(terraform: Caller) -> None:
    answer = terraform.call("ReadDataSource", "azurerm_resource_group", config={"name": "rg-a"})
    assert "diagnostics" not in answer
    terraform.workspace()
    assert [found.name for found in terraform.cloud.leftovers()] == ["dbw-a", "dbw-a-managed"]


def test_a_full_group_is_not_deleted_and_says_what_it_holds(terraform: Caller) -> None:
    group = terraform.group()
    made = terraform.workspace()
    error = terraform.destroy("azurerm_resource_group", group)
    assert error.startswith('deleting Resource Group "rg-a": the Resource Group still contains Resources.')
    assert error.endswith(f"* `{made['id']}`")


def test_a_full_group_goes_with_all_in_it_where_the_configuration_says_so(terraform: Caller) -> None:
    group = terraform.group()
    terraform.workspace()
    unguarded = [{"prevent_deletion_if_contains_resources": False}]
    terraform.configure("azurerm", features=[{"resource_group": unguarded}])
    assert terraform.destroy("azurerm_resource_group", group) == ""
    assert terraform.cloud.resources() == ()


def test_a_workspace_in_a_network_needs_both_subnets_delegated(terraform: Caller) -> None:
    terraform.group()
    terraform.network()
    terraform.subnet("host")
    terraform.subnet("container", delegated=False)
    _, error = terraform.apply(WORKSPACE, workspace(custom_parameters=inside()))
    assert "SubnetMissingRequiredDelegation" in error
    assert f"Subnet {NETWORK}/subnets/container requires any of the following delegation(s)" in error


def test_a_workspace_in_a_network_needs_security_groups_on_its_subnets(terraform: Caller) -> None:
    terraform.group()
    terraform.network()
    terraform.subnet("host")
    terraform.subnet("container")
    custom = inside(public_subnet_network_security_group_association_id="")
    assert terraform.apply(WORKSPACE, workspace(custom_parameters=custom))[1] == (
        "you must define a value for 'public_subnet_network_security_group_association_id' if 'public_subnet_name' is"
        " set"
    )


def test_a_subnet_and_a_network_that_a_workspace_uses_stay(terraform: Caller) -> None:
    terraform.group()
    network, host = terraform.network(), terraform.subnet("host")
    terraform.subnet("container")
    made = terraform.workspace(custom_parameters=inside())
    in_use = f"Subnet host is in use by {made['id']} and cannot be deleted."
    assert f"400 (400 Bad Request) with error: InUseSubnetCannotBeDeleted: {in_use}" in terraform.destroy(
        "azurerm_subnet", host
    )
    assert "Virtual network vnet has subnets" in terraform.destroy("azurerm_virtual_network", network)
    assert terraform.destroy(WORKSPACE, made) == ""
    assert terraform.destroy("azurerm_subnet", host) == ""
    assert terraform.destroy("azurerm_virtual_network", network) == ""


ASSOCIATED = {
    "azurerm_network_security_group": (
        "azurerm_subnet_network_security_group_association",
        "network_security_group_id",
        "InUseNetworkSecurityGroupCannotBeDeleted",
    ),
    "azurerm_nat_gateway": (
        "azurerm_subnet_nat_gateway_association",
        "nat_gateway_id",
        "InUseNatGatewayCannotBeDeleted",
    ),
}


@pytest.mark.parametrize("kind", ASSOCIATED)
def test_what_a_subnet_is_associated_with_stays_until_the_association_goes(terraform: Caller, kind: str) -> None:
    association, attribute, code = ASSOCIATED[kind]
    terraform.group()
    terraform.network()
    subnet = terraform.subnet("host")
    made = terraform.create(kind, **placed("x"))
    joined = terraform.create(association, **{"subnet_id": subnet["id"], attribute: made["id"]})
    assert joined["id"] == subnet["id"]
    assert code in terraform.destroy(kind, made)
    assert terraform.destroy(association, joined) == ""
    assert terraform.destroy(kind, made) == ""


def test_a_public_address_stays_while_a_gateway_uses_it(terraform: Caller) -> None:
    terraform.group()
    address = terraform.create("azurerm_public_ip", **placed("ip", allocation_method="Static"))
    gateway = terraform.create("azurerm_nat_gateway", **placed("nat"))
    joined = terraform.create(
        "azurerm_nat_gateway_public_ip_association", nat_gateway_id=gateway["id"], public_ip_address_id=address["id"]
    )
    assert joined["id"] == f"{gateway['id']}|{address['id']}"
    assert "PublicIPAddressCannotBeDeleted" in terraform.destroy("azurerm_public_ip", address)


def test_a_zone_stays_while_it_is_linked(terraform: Caller) -> None:
    terraform.group()
    network = terraform.network()
    zone, link = linked(terraform, network)
    assert "CannotDeleteResource: Cannot delete resource while nested resources exist." in terraform.destroy(
        "azurerm_private_dns_zone", zone
    )
    assert terraform.destroy("azurerm_private_dns_zone_virtual_network_link", link) == ""
    assert terraform.destroy("azurerm_private_dns_zone", zone) == ""


def test_a_network_is_linked_to_one_zone_of_a_name(terraform: Caller) -> None:
    terraform.group()
    network = terraform.network()
    linked(terraform, network)
    terraform.group("rg-b")
    second = terraform.create("azurerm_private_dns_zone", name=ZONE, resource_group_name="rg-b")
    link = {"name": "l", "private_dns_zone_id": second["id"], "virtual_network_id": network["id"]}
    _, error = terraform.apply("azurerm_private_dns_zone_virtual_network_link", link)
    assert "A virtual network cannot be linked to multiple zones with overlapping namespaces." in error


def test_what_azure_makes_up_has_the_shape_that_azure_gives_it(terraform: Caller) -> None:
    terraform.group()
    address = terraform.create("azurerm_public_ip", **placed("ip", allocation_method="Static"))
    logs = terraform.create("azurerm_log_analytics_workspace", **placed("logs", sku="PerGB2018"))
    identity = [{"type": "SystemAssigned"}]
    connector = terraform.create("azurerm_databricks_access_connector", **placed("c", identity=identity))
    assert address["ip_address"].split(".")[0] == "20"
    assert [len(logs["workspace_id"]), len(connector["identity"][0]["principal_id"])] == [36, 36]
    assert connector["identity"][0]["type"] == "SystemAssigned"


def test_names_in_messages_follow_the_id(terraform: Caller) -> None:
    terraform.group()
    terraform.network()
    terraform.cloud.add_fault("policy", type="azurerm_subnet")
    _, error = terraform.apply(
        "azurerm_subnet",
        {
            "name": "s",
            "resource_group_name": "rg-a",
            "virtual_network_name": "vnet",
            "address_prefixes": ["10.0.0.0/26"],
        },
    )
    assert error.startswith(
        'creating Subnet (Subscription: "00000000-0000-0000-0000-000000000000"\nResource Group Name: "rg-a"\n'
        'Virtual Network Name: "vnet"\nSubnet Name: "s"): performing CreateOrUpdate: unexpected status 403'
    )


ZONE = "privatelink.azuredatabricks.net"


def linked(terraform: Caller, network: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    zone = terraform.create("azurerm_private_dns_zone", name=ZONE, resource_group_name="rg-a")
    link = terraform.create(
        "azurerm_private_dns_zone_virtual_network_link",
        name="l",
        private_dns_zone_id=zone["id"],
        virtual_network_id=network["id"],
    )
    return zone, link


def test_a_subnet_that_nodes_are_in_keeps_its_addresses(terraform: Caller) -> None:
    terraform.group()
    terraform.network()
    host, _ = terraform.subnet("host"), terraform.subnet("container")
    wider = {name: host[name] for name in ("name", "resource_group_name", "virtual_network_name", "delegation")}
    wider["address_prefixes"] = ["10.0.0.0/25"]
    _, error = terraform.apply("azurerm_subnet", wider, host)
    assert error == ""
    terraform.workspace(custom_parameters=inside())
    _, error = terraform.apply("azurerm_subnet", {**wider, "address_prefixes": ["10.0.0.0/24"]}, host)
    assert "InUsePrefixCannotBeDeleted: IpPrefix 10.0.0.0/25 on Subnet host has active allocations" in error
