"""How the simulated Azure behaves: ids, what it computes, what must exist first, how long things take.

A row in TYPES is all that most resource types need. Times are seconds of a real create, rough (terraform facts,
section 4; a workspace takes minutes).
"""

# Terraform's values have no static type: what a schema says of them is known at run time only.
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false, reportUnknownMemberType=false

import hashlib
import os
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from plugins.deploy.sandbox.cloud import Cloud
from plugins.deploy.sandbox.faults import Refusal

NO_SUBSCRIPTION = "00000000-0000-0000-0000-000000000000"
WORKSPACE = "azurerm_databricks_workspace"
MANAGED_GROUP = "managed_resource_group"

Object = dict[str, Any]


@dataclass(frozen=True)
class Type:
    """`arm` is the resource provider's type, `display` the word in its error sentences, `parent` the attribute
    whose id it lies below (the resource group when empty); `marker` tells apart objects that share an id.
    """

    arm: str
    display: str
    seconds: float
    parent: str = ""
    marker: str = ""


TYPES: Mapping[str, Type] = {
    "azurerm_resource_group": Type("", "Resource Group", 2),
    "azurerm_virtual_network": Type("Microsoft.Network/virtualNetworks", "Virtual Network", 6),
    "azurerm_subnet": Type("subnets", "Subnet", 5, parent="virtual_network_name"),
    "azurerm_network_security_group": Type("Microsoft.Network/networkSecurityGroups", "Network Security Group", 4),
    "azurerm_subnet_network_security_group_association": Type("", "Subnet", 4, parent="subnet_id", marker="#nsg"),
    "azurerm_nat_gateway": Type("Microsoft.Network/natGateways", "Nat Gateway", 8),
    "azurerm_public_ip": Type("Microsoft.Network/publicIPAddresses", "Public IP Address", 4),
    "azurerm_nat_gateway_public_ip_association": Type("", "Nat Gateway", 4, parent="nat_gateway_id", marker="#ip"),
    "azurerm_subnet_nat_gateway_association": Type("", "Subnet", 4, parent="subnet_id", marker="#nat"),
    "azurerm_private_endpoint": Type("Microsoft.Network/privateEndpoints", "Private Endpoint", 40),
    "azurerm_private_dns_zone": Type("Microsoft.Network/privateDnsZones", "Private Dns Zone", 20),
    "azurerm_private_dns_zone_virtual_network_link": Type(
        "virtualNetworkLinks", "Virtual Network Link", 20, parent="private_dns_zone_id"
    ),
    "azurerm_log_analytics_workspace": Type("Microsoft.OperationalInsights/workspaces", "Workspace", 40),
    "azurerm_monitor_diagnostic_setting": Type("", "Diagnostic Setting", 3, parent="target_resource_id", marker="|"),
    "azurerm_consumption_budget_resource_group": Type(
        "providers/Microsoft.Consumption/budgets", "Budget", 3, parent="resource_group_id"
    ),
    "azurerm_databricks_access_connector": Type("Microsoft.Databricks/accessConnectors", "Access Connector", 8),
    WORKSPACE: Type("Microsoft.Databricks/workspaces", "Workspace", 150),
}


class Azure:
    """The behaviour of azurerm's types over one cloud."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud
        self.subscription = os.environ.get("ARM_SUBSCRIPTION_ID") or NO_SUBSCRIPTION

    def configure(self, config: Object) -> None:
        self.subscription = config.get("subscription_id") or self.subscription

    def seconds(self, kind: str) -> float:
        return TYPES[kind].seconds

    def display(self, kind: str) -> tuple[str, str]:
        return TYPES[kind].display, TYPES[kind].arm

    def name(self, values: Object) -> str:
        return str(values.get("name") or "")

    def resource_id(self, kind: str, values: Object) -> str:
        found = TYPES[kind]
        if kind == "azurerm_resource_group":
            return f"/subscriptions/{self.subscription}/resourceGroups/{values['name']}"
        if kind == "azurerm_nat_gateway_public_ip_association":
            return f"{values['nat_gateway_id']}|{values['public_ip_address_id']}"
        if found.marker == "|":
            return f"{values[found.parent]}|{values['name']}"
        if found.marker:
            return str(values[found.parent])
        return f"{self._parent(found, values)}/{found.arm}/{values['name']}"

    def key(self, kind: str, resource_id: str) -> str:
        """Under what the cloud keeps it: associations share their subnet's id."""
        marker = TYPES[kind].marker
        return resource_id + marker if marker.startswith("#") else resource_id

    def before_create(self, kind: str, values: Object, resource_id: str) -> None:
        """Raises Refusal where Azure would: the group is missing, the object exists, the managed group is taken."""
        self._require_group(kind, values)
        if self._cloud.find(self.key(kind, resource_id)) is not None:
            raise Refusal("exists", -1, _exists(resource_id, kind))
        if kind == WORKSPACE and self._cloud.find(self._managed_group(values)) is not None:
            taken = str(values.get("managed_resource_group_name"))
            text = f"The managed resource group '{taken}' already exists: the name is already in use."
            raise Refusal("ApplianceManagedResourceGroupMismatch", 409, text)

    def created(self, kind: str, values: Object, resource_id: str) -> Object:
        """What Azure reports of a new object, beside what was asked for."""
        reported: Object = {"id": resource_id}
        match kind:
            case "azurerm_databricks_workspace":
                reported |= self._workspace(values, resource_id)
            case "azurerm_virtual_network":
                reported |= {"guid": str(uuid.uuid5(uuid.NAMESPACE_URL, resource_id)), "subnet": [], "dns_servers": []}
            case "azurerm_subnet":
                reported |= {"network_security_group_id": "", "route_table_id": ""}
            case "azurerm_public_ip":
                reported["ip_address"] = f"20.{_number(resource_id) % 200}.{_number(resource_id) % 251}.4"
            case "azurerm_log_analytics_workspace":
                reported |= self._log_workspace(resource_id)
            case "azurerm_databricks_access_connector":
                reported["identity"] = [self._identity(resource_id)]
            case "azurerm_consumption_budget_resource_group":
                reported["time_period"] = [{"end_date": "2036-01-01T00:00:00Z"}]
            case _:
                pass
        return reported

    def after_create(self, kind: str, values: Object, resource_id: str) -> None:
        if kind == WORKSPACE:
            self._cloud.put(self._managed_group(values), MANAGED_GROUP, {"id": self._managed_group(values)})

    def before_delete(self, kind: str, values: Object) -> None:
        """Raises Refusal for a group that still holds something, or a subnet that a workspace uses."""
        if kind == "azurerm_resource_group" and (left := self._cloud.below(values["id"])):
            listed = "\n".join(f"* {found.id}" for found in left)
            text = (
                f'deleting Resource Group "{values["name"]}": the Resource Group still contains Resources.\n\n{listed}'
            )
            raise Refusal("left", -1, text)
        if kind == "azurerm_subnet" and any(
            values["name"] in _subnets(w.state) for w in self._cloud.resources(WORKSPACE)
        ):
            raise Refusal("InUseSubnetCannotBeDeleted", 409, f"Subnet {values['name']} is in use.")

    def delete(self, kind: str, values: Object) -> None:
        self._cloud.remove(self.key(kind, values["id"]))
        if kind == WORKSPACE:
            self._cloud.remove(values["managed_resource_group_id"])
            self._cloud.remove(_host_key(values["workspace_url"]))

    def read_data(self, kind: str, config: Object) -> Object:
        if kind == "azurerm_client_config":
            tenant = os.environ.get("ARM_TENANT_ID") or NO_SUBSCRIPTION
            ids = dict.fromkeys(("client_id", "object_id"), NO_SUBSCRIPTION)
            return {"id": "sandbox", "tenant_id": tenant, "subscription_id": self.subscription, **ids}
        group_id = self.resource_id("azurerm_resource_group", config)
        if self._cloud.find(group_id) is None:
            # A group that the settings call existing exists: the sandbox has no other way to know of it.
            self._cloud.put(group_id, "azurerm_resource_group", {"id": group_id, "name": config["name"]})
        return {"id": group_id, "name": config["name"], "location": "eastus", "managed_by": "", "tags": {}}

    def _parent(self, found: Type, values: Object) -> str:
        group = f"/subscriptions/{self.subscription}/resourceGroups/{values.get('resource_group_name')}"
        if found.parent == "virtual_network_name":
            return f"{group}/providers/Microsoft.Network/virtualNetworks/{values['virtual_network_name']}"
        return str(values[found.parent]) if found.parent else f"{group}/providers"

    def _require_group(self, kind: str, values: Object) -> None:
        group = values.get("resource_group_name")
        if kind == "azurerm_resource_group" or not isinstance(group, str):
            return
        if self._cloud.find(f"/subscriptions/{self.subscription}/resourceGroups/{group}") is None:
            raise Refusal("ResourceGroupNotFound", 404, f"Resource group '{group}' could not be found.")

    def _managed_group(self, values: Object) -> str:
        named = values.get("managed_resource_group_name")
        name = named if isinstance(named, str) and named else f"databricks-rg-{values['resource_group_name']}"
        return f"/subscriptions/{self.subscription}/resourceGroups/{name}"

    def _workspace(self, values: Object, resource_id: str) -> Object:
        number = _number(resource_id)
        group = self._managed_group(values)
        return {
            "workspace_id": str(number),
            "workspace_url": f"adb-{number}.{number % 20}.azuredatabricks.net",
            "managed_resource_group_name": group.rsplit("/", 1)[1],
            "managed_resource_group_id": group,
            "disk_encryption_set_id": "",
            "custom_parameters": [
                {
                    "nat_gateway_name": "nat-gateway",
                    "public_ip_name": "nat-gw-public-ip",
                    "storage_account_name": f"dbstorage{number % 10**12:012d}",
                    "vnet_address_prefix": "10.139",
                }
            ],
        }

    def _log_workspace(self, resource_id: str) -> Object:
        return {
            "workspace_id": str(uuid.uuid5(uuid.NAMESPACE_URL, resource_id)),
            "primary_shared_key": "sandbox-key-one",
            "secondary_shared_key": "sandbox-key-two",
        }

    def _identity(self, resource_id: str) -> Object:
        return {"principal_id": str(uuid.uuid5(uuid.NAMESPACE_URL, resource_id)), "tenant_id": NO_SUBSCRIPTION}


def _number(text: str) -> int:
    """Sixteen digits that stay the same for the same id."""
    return 10**15 + int(hashlib.sha256(text.lower().encode()).hexdigest()[:12], 16) % 10**15


def _host_key(host: str) -> str:
    return f"databricks:{host}"


def _subnets(workspace: Object) -> tuple[str, ...]:
    parameters = (workspace.get("custom_parameters") or [{}])[0] or {}
    return tuple(str(parameters.get(key)) for key in ("public_subnet_name", "private_subnet_name"))


def _exists(resource_id: str, kind: str) -> str:
    return (
        f'a resource with the ID "{resource_id}" already exists - to be managed via Terraform this resource needs to be'
        f' imported into the State. Please see the resource documentation for "{kind}" for more information'
    )
