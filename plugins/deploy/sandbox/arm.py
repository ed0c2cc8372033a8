"""Azure's resource types as the sandbox knows them: ids, and how long a create takes. Pure.

A row in TYPES is all that most types need. Seconds are rough times of a real create; a workspace takes minutes
(azurerm 5.2 against Azure; rounded).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from plugins.deploy.sandbox.values import Object, Value, elements, fields

GROUP = "azurerm_resource_group"
WORKSPACE = "azurerm_databricks_workspace"
MANAGED_GROUP = "managed_resource_group"


@dataclass(frozen=True)
class Type:
    """`arm` is what its id has before the name; `parent` the attribute whose id it lies below (the resource group when
    empty). One with a `marker` shares its parent's id, or joins two with "|".
    """

    arm: str
    seconds: float
    parent: str = ""
    marker: str = ""
    listed: bool = True


TYPES: Mapping[str, Type] = {
    GROUP: Type("", 2),
    WORKSPACE: Type("Microsoft.Databricks/workspaces", 150),
    "azurerm_databricks_access_connector": Type("Microsoft.Databricks/accessConnectors", 8),
    "azurerm_virtual_network": Type("Microsoft.Network/virtualNetworks", 6),
    "azurerm_subnet": Type("subnets", 5, parent="virtual_network_name", listed=False),
    "azurerm_network_security_group": Type("Microsoft.Network/networkSecurityGroups", 4),
    "azurerm_subnet_network_security_group_association": Type("", 4, "subnet_id", "#nsg", listed=False),
    "azurerm_nat_gateway": Type("Microsoft.Network/natGateways", 8),
    "azurerm_public_ip": Type("Microsoft.Network/publicIPAddresses", 4),
    "azurerm_nat_gateway_public_ip_association": Type("", 4, "nat_gateway_id", "|public_ip_address_id", listed=False),
    "azurerm_subnet_nat_gateway_association": Type("", 4, "subnet_id", "#nat", listed=False),
    "azurerm_private_endpoint": Type("Microsoft.Network/privateEndpoints", 40),
    "azurerm_private_dns_zone": Type("Microsoft.Network/privateDnsZones", 20),
    "azurerm_private_dns_zone_virtual_network_link": Type("virtualNetworkLinks", 20, parent="private_dns_zone_id"),
    "azurerm_log_analytics_workspace": Type("Microsoft.OperationalInsights/workspaces", 40),
    "azurerm_monitor_diagnostic_setting": Type("", 3, "target_resource_id", "|name", listed=False),
    "azurerm_consumption_budget_resource_group": Type(
        "providers/Microsoft.Consumption/budgets", 3, parent="resource_group_id", listed=False
    ),
}


def group_id(subscription: str, name: Value) -> str:
    return f"/subscriptions/{subscription}/resourceGroups/{name}"


def group_of(resource_id: str) -> str:
    """The id of the resource group in which it lies; empty for what lies in none."""
    match = re.match(r"/subscriptions/[^/]+/resourceGroups/[^/]+", resource_id, re.IGNORECASE)
    return match[0] if match else ""


def resource_id(kind: str, values: Object, subscription: str) -> str:
    """The id that the object gets, as the provider writes it."""
    if kind == GROUP:
        return group_id(subscription, values["name"])
    arm_type = TYPES[kind]
    if arm_type.marker.startswith("|"):
        return f"{values[arm_type.parent]}|{values[arm_type.marker[1:]]}"
    if arm_type.marker:
        return str(values[arm_type.parent])
    return f"{_parent(arm_type, values, subscription)}/{arm_type.arm}/{values['name']}"


def needed(kind: str) -> tuple[str, ...]:
    """The attributes that its id is made of."""
    if kind == GROUP:
        return ("name",)
    arm_type = TYPES[kind]
    if arm_type.marker:
        return (arm_type.parent, arm_type.marker[1:]) if arm_type.marker.startswith("|") else (arm_type.parent,)
    place = {"": ("resource_group_name",), "virtual_network_name": ("resource_group_name", "virtual_network_name")}
    return ("name", *place.get(arm_type.parent, (arm_type.parent,)))


def key(kind: str, own_id: str) -> str:
    """Under what the cloud keeps it: associations share their subnet's id."""
    arm_type = TYPES.get(kind)
    return own_id + arm_type.marker if arm_type and arm_type.marker.startswith("#") else own_id


def is_listed(kind: str) -> bool:
    """Whether a resource group that holds one counts as not empty."""
    return kind not in TYPES or TYPES[kind].listed


def where(own_id: str) -> str:
    """How azurerm's messages name it: `Subnet (Subscription: "…"`, then the names on a line each."""
    parts = own_id.split("|", 1)[0].strip("/").split("/")
    pairs = [(one, other) for one, other in zip(parts[::2], parts[1::2], strict=False) if one != "providers"]
    named = [f'{_words(one)} Name: "{other}"' for one, other in pairs[1:]]
    lines = "\n".join([f'Subscription: "{pairs[0][1]}"', *named])
    return f"{_words(pairs[-1][0])} ({lines})"


def references(values: Value) -> set[str]:
    """Every id of Azure's that stands anywhere in the values."""
    if isinstance(values, str):
        return {part for part in values.split("|") if part.startswith("/subscriptions/")}
    inner = [*elements(values), *fields(values).values()]
    return {reference for part in inner for reference in references(part)}


def _parent(arm_type: Type, values: Object, subscription: str) -> str:
    group = group_id(subscription, values.get("resource_group_name"))
    if arm_type.parent == "virtual_network_name":
        return f"{group}/providers/Microsoft.Network/virtualNetworks/{values['virtual_network_name']}"
    return str(values[arm_type.parent]) if arm_type.parent else f"{group}/providers"


def _words(segment: str) -> str:
    """As a person writes it: publicIPAddresses is a "Public IP Address"."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", segment)
    single = re.sub(r"(?<=ss)es$|s$", "", spaced)
    return single[:1].upper() + single[1:]
