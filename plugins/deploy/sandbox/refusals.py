"""When Azure refuses although nothing is broken: something is missing, taken, or still in use.

Codes and sentences are Azure's own where people have reported them (issues of hashicorp/terraform-provider-azurerm
334, 4784, 11211 and 19061, pulumi-azure-native 3643, learntocloud/networking-lab 8; read 2026-11-24 to 30). What lies
in a group that the sandbox has not made is taken to exist.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from plugins.deploy.sandbox import arm
from plugins.deploy.sandbox.cloud import Resource, SandboxCloud
from plugins.deploy.sandbox.faults import PROVIDER, CloudError
from plugins.deploy.sandbox.values import Object, Value, at, element, elements

_SUBNET = "azurerm_subnet"
_LINK = "azurerm_private_dns_zone_virtual_network_link"
_DELEGATION = "Microsoft.Databricks/workspaces"


def refuse_create(cloud: SandboxCloud, kind: str, values: Object, own_id: str) -> None:
    """Raises CloudError when what the object needs is not there, or what it is called is."""
    group = arm.group_of(own_id)
    if "resource_group_name" in values and cloud.find(group) is None:
        name = group.rsplit("/", 1)[-1]
        raise CloudError("ResourceGroupNotFound", 404, f"Resource group '{name}' could not be found.")
    if cloud.find(arm.key(kind, own_id)) is not None:
        raise exists(kind, own_id)
    _refuse_missing(cloud, values, own_id)
    if kind == arm.WORKSPACE:
        _refuse_subnets(cloud, values)
    elif kind == _LINK:
        _refuse_second_zone(cloud, values)


def refuse_delete(cloud: SandboxCloud, kind: str, values: Object, *, full_groups_too: bool) -> None:
    """Raises CloudError for a group that holds something, or an object that another one uses."""
    if kind == arm.GROUP:
        _refuse_full_group(cloud, values, full_groups_too=full_groups_too)
        return
    for use in _USES.get(kind, ()):
        for user in cloud.resources(use.by):
            if use.uses(user, values):
                raise use.refusal(user, values)


def refuse_update(cloud: SandboxCloud, kind: str, values: Object) -> None:
    """Raises CloudError for a subnet that would lose addresses which something has (azurerm issue 11211)."""
    subnet = cloud.find(str(values["id"])) if kind == _SUBNET else None
    if subnet is None:
        return
    lost = [each for each in elements(subnet.state.get("address_prefixes")) if each not in values["address_prefixes"]]
    if lost and any(use.uses(user, values) for use in _USES[_SUBNET] for user in cloud.resources(use.by)):
        text = f"IpPrefix {lost[0]} on Subnet {values['name']} has active allocations and cannot be deleted."
        raise CloudError("InUsePrefixCannotBeDeleted", 400, text)


def exists(kind: str, own_id: str) -> CloudError:
    text = (
        f'a resource with the ID "{own_id}" already exists - to be managed via Terraform this resource needs to be'
        f' imported into the State. Please see the resource documentation for "{kind}" for more information'
    )
    return CloudError("AlreadyExists", PROVIDER, text)


def gone(own_id: str) -> CloudError:
    parts = own_id.strip("/").split("/")
    text = (
        f"The Resource '{'/'.join(parts[-3:])}' under resource group '{parts[3] if parts[3:] else ''}' was not found."
    )
    return CloudError("ResourceNotFound", 404, text)


def _refuse_missing(cloud: SandboxCloud, values: Object, own_id: str) -> None:
    for wanted in sorted(arm.references({name: value for name, value in values.items() if name != "id"})):
        group = cloud.find(arm.group_of(wanted))
        if group is not None and group.type == arm.GROUP and cloud.find(wanted) is None:
            text = (
                f"Resource {wanted} referenced by resource {own_id} was not found. Please make sure that the referenced"
                " resource exists, and that both resources are in the same region."
            )
            raise CloudError("InvalidResourceReference", 400, text)


def _refuse_subnets(cloud: SandboxCloud, values: Object) -> None:
    """Both subnets of a workspace need a security group, and are delegated to Databricks."""
    custom = element(values.get("custom_parameters"), 0)
    for side in ("public", "private"):
        name, association = f"{side}_subnet_name", f"{side}_subnet_network_security_group_association_id"
        if not custom.get(name):
            continue
        if not custom.get(association):
            text = f"you must define a value for '{association}' if '{name}' is set"
            raise CloudError("Association", PROVIDER, text)
        subnet_id = f"{custom.get('virtual_network_id')}/subnets/{custom[name]}"
        subnet = cloud.find(subnet_id)
        if subnet is not None and _DELEGATION not in _delegations(subnet):
            text = (
                f"Subnet {subnet_id} requires any of the following delegation(s) [{_DELEGATION}] to reference service"
                " association link."
            )
            raise CloudError("SubnetMissingRequiredDelegation", 400, text)


def _delegations(subnet: Resource) -> Iterator[Value]:
    for delegation in elements(subnet.state.get("delegation")):
        yield at(delegation, "service_delegation.0.name")


def _refuse_second_zone(cloud: SandboxCloud, values: Object) -> None:
    """A network resolves a name in one zone: two zones of the same name cannot both be linked to it."""
    name = str(values["private_dns_zone_id"]).rsplit("/", 1)[-1]
    for link in cloud.resources(_LINK):
        zone = str(link.state["private_dns_zone_id"]).rsplit("/", 1)[-1]
        if zone == name and link.state["virtual_network_id"] == values["virtual_network_id"]:
            text = (
                "A virtual network cannot be linked to multiple zones with overlapping namespaces. You tried to link"
                f" virtual network with '{name}' and '{zone}' zones."
            )
            raise CloudError("BadRequest", 400, text)


def _refuse_full_group(cloud: SandboxCloud, values: Object, *, full_groups_too: bool) -> None:
    left = [resource for resource in cloud.below(values["id"]) if arm.is_listed(resource.type)]
    if left and not full_groups_too:
        listed = "\n".join(f"* `{resource.id}`" for resource in left)
        text = (
            f'deleting Resource Group "{values["name"]}": the Resource Group still contains Resources.\n\n'
            "Terraform is configured to check for Resources within the Resource Group when deleting the Resource Group"
            f" - and raise an error if nested Resources still exist.\n\n{listed}"
        )
        raise CloudError("NotEmpty", PROVIDER, text)


@dataclass(frozen=True)
class _Use:
    """Who may use an object, how that is seen (user, used values → bool), and what Azure says then."""

    by: str
    uses: Callable[[Resource, Object], bool]
    code: str
    status: int
    text: str

    def refusal(self, user: Resource, used: Object) -> CloudError:
        text = self.text.format(name=used.get("name"), id=used["id"], user=user.id, user_name=user.name)
        return CloudError(self.code, self.status, text)


def _names(attribute: str) -> Callable[[Resource, Object], bool]:
    """The user's attribute holds the id of the used."""
    return lambda user, used: str(user.state.get(attribute) or "").lower() == str(used["id"]).lower()


def _runs_in(workspace: Resource, subnet: Object) -> bool:
    custom = element(workspace.state.get("custom_parameters"), 0)
    network = f"{custom.get('virtual_network_id')}/subnets/".lower()
    ids = {network + str(custom.get(f"{side}_subnet_name")).lower() for side in ("public", "private")}
    return str(subnet["id"]).lower() in ids


def _lies_in(workspace: Resource, network: Object) -> bool:
    custom = element(workspace.state.get("custom_parameters"), 0)
    return str(custom.get("virtual_network_id") or "").lower() == str(network["id"]).lower()


_SUBNET_IN_USE = (
    "InUseSubnetCannotBeDeleted",
    400,
    (
        "Subnet {name} is in use by {user} and cannot be deleted. In order to delete the subnet, delete all the"
        " resources within the subnet. See aka.ms/deletesubnet."
    ),
)
_USES: Mapping[str, tuple[_Use, ...]] = {
    _SUBNET: (
        _Use(arm.WORKSPACE, _runs_in, *_SUBNET_IN_USE),
        _Use("azurerm_private_endpoint", _names("subnet_id"), *_SUBNET_IN_USE),
    ),
    "azurerm_virtual_network": (
        _Use(
            arm.WORKSPACE,
            _lies_in,
            "InUseSubnetCannotBeDeleted",
            400,
            "Virtual network {name} has subnets that {user} uses and cannot be deleted.",
        ),
    ),
    "azurerm_network_security_group": (
        _Use(
            "azurerm_subnet_network_security_group_association",
            _names("network_security_group_id"),
            "InUseNetworkSecurityGroupCannotBeDeleted",
            400,
            "Network security group {id} cannot be deleted because it is in use by the following resources: {user}.",
        ),
    ),
    "azurerm_nat_gateway": (
        _Use(
            "azurerm_subnet_nat_gateway_association",
            _names("nat_gateway_id"),
            "InUseNatGatewayCannotBeDeleted",
            400,
            "Nat gateway {id} is in use by {user} and cannot be deleted.",
        ),
    ),
    "azurerm_public_ip": (
        _Use(
            "azurerm_nat_gateway_public_ip_association",
            _names("public_ip_address_id"),
            "PublicIPAddressCannotBeDeleted",
            400,
            "Public IP address {id} can not be deleted since it is still allocated to resource {user}.",
        ),
    ),
    "azurerm_private_dns_zone": (
        _Use(
            _LINK,
            _names("private_dns_zone_id"),
            "CannotDeleteResource",
            409,
            "Cannot delete resource while nested resources exist. Some existing nested resource IDs include:"
            " 'Microsoft.Network/privateDnsZones/{name}/virtualNetworkLinks/{user_name}'. Please delete all nested"
            " resources before deleting this resource.",
        ),
    ),
}
