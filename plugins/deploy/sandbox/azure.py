"""How the simulated Azure behaves: what it makes of what is asked for, and what it reports of it."""

import hashlib
import os
import uuid

from plugins.deploy.sandbox import arm, refusals
from plugins.deploy.sandbox.cloud import GIVEN, SandboxCloud
from plugins.deploy.sandbox.faults import CloudError, failed_later, refusal, sentence, sign_in_refused
from plugins.deploy.sandbox.values import Object, at, elements

NO_ID = "00000000-0000-0000-0000-000000000000"
_VERBS = {
    "create": ("creating", "CreateOrUpdate"),
    "update": ("updating", "CreateOrUpdate"),
    "delete": ("deleting", "Delete"),
}


class Azure:
    """The behaviour of azurerm's types over one cloud."""

    def __init__(self, cloud: SandboxCloud) -> None:
        self._cloud = cloud
        self._subscription = os.environ.get("ARM_SUBSCRIPTION_ID") or NO_ID
        self._features: Object = {}

    def configure(self, config: Object) -> None:
        """Raises CloudError when the sign-in is ordered to be refused."""
        if self._cloud.take_fault("azurerm", "configure", "") == "credentials":
            raise sign_in_refused()
        named = config.get("subscription_id")
        self._subscription = named if isinstance(named, str) and named else self._subscription
        self._features = config

    @property
    def keeps_begun(self) -> bool:
        """Whether a create that fails half-way stays in Terraform's state; without it, it is an orphan."""
        return at(self._features, "features.0.persist_id_on_create_before_polling_for_completion") is True

    def seconds(self, kind: str) -> float:
        return arm.TYPES[kind].seconds

    def name(self, values: Object) -> str:
        return str(values.get("name") or "")

    def new_id(self, kind: str, values: Object) -> str:
        return arm.resource_id(kind, values, self._subscription)

    def key(self, kind: str, own_id: str) -> str:
        return arm.key(kind, own_id)

    def refuse_read(self, kind: str) -> None:
        pass

    def refuse_create(self, kind: str, values: Object, own_id: str) -> None:
        refusals.refuse_create(self._cloud, kind, values, own_id)

    def refuse_update(self, kind: str, values: Object) -> None:
        refusals.refuse_update(self._cloud, kind, values)

    def refuse_delete(self, kind: str, values: Object) -> None:
        guarded = at(self._features, "features.0.resource_group.0.prevent_deletion_if_contains_resources")
        refusals.refuse_delete(self._cloud, kind, values, full_groups_too=guarded is False)

    def exists(self, kind: str, own_id: str) -> CloudError:
        return refusals.exists(kind, own_id)

    def gone(self, _kind: str, own_id: str) -> CloudError:
        return refusals.gone(own_id)

    def refusal(self, fault: str, kind: str, values: Object) -> CloudError | None:
        return refusal(fault, values, arm.TYPES[kind].arm or "Microsoft.Resources/resourceGroups")

    def message(self, op: str, _kind: str, own_id: str, refused: CloudError) -> str:
        verb, call = _VERBS[op]
        return sentence(verb, arm.where(own_id), call, refused)

    def reported(self, kind: str, values: Object, own_id: str) -> Object:
        """What Azure reports of a new object, beside what was asked for."""
        if kind == arm.WORKSPACE:
            # One that is made anew under its old name is another one: it has another number, and another address.
            return {"id": own_id, **_workspace(values, own_id, self._subscription, self._cloud.times_made(own_id))}
        return {"id": own_id, **_reported(kind, values, own_id)}

    def began(self, kind: str, state: Object) -> None:
        """A workspace brings its managed resource group. Raises CloudError when that group exists."""
        if kind != arm.WORKSPACE:
            return
        group = str(state["managed_resource_group_id"])
        made = {"id": group, "name": state["managed_resource_group_name"], "location": state["location"]}
        if not self._cloud.create(group, arm.MANAGED_GROUP, {**made, "managed_by": state["id"]}):
            text = (
                f"The managed resource group '{group}' already exists. Please specify a new non-existent managed"
                " resource group"
            )
            raise failed_later("ApplianceProvisioningFailed", text, state)

    def delete(self, kind: str, state: Object, *, leaving: bool = False) -> None:
        """Deletes it with everything in it; with `leaving`, a workspace's managed group stays, as it does in Azure
        when its deletion fails unseen.
        """
        for resource in self._cloud.below(state["id"]) if kind == arm.GROUP else ():
            if resource.type == arm.WORKSPACE:
                self.delete(arm.WORKSPACE, resource.state)
        self._cloud.remove(self.key(kind, state["id"]))
        if kind == arm.WORKSPACE:
            if not leaving:
                self._remove_managed_group(state)
            self._cloud.remove(host_key(str(state.get("workspace_url"))))

    def read_data(self, kind: str, config: Object) -> Object:
        if kind == "azurerm_client_config":
            ids = dict.fromkeys(("client_id", "object_id"), NO_ID)
            tenant = os.environ.get("ARM_TENANT_ID") or NO_ID
            return {"id": "sandbox", "tenant_id": tenant, "subscription_id": self._subscription, **ids}
        return self._given_group(config)

    def _given_group(self, config: Object) -> Object:
        """A group that a configuration calls existing exists: the sandbox has no other way to know of it."""
        group = arm.group_id(self._subscription, config["name"])
        usual: Object = {"id": group, "name": config["name"], "location": "eastus", "managed_by": "", "tags": {}}
        self._cloud.create(group, GIVEN, usual)
        existing = self._cloud.find(group)
        known = existing.state if existing else {}
        return usual | {name: known[name] for name in usual if known.get(name)}

    def _remove_managed_group(self, state: Object) -> None:
        group = self._cloud.find(str(state.get("managed_resource_group_id")))
        if group is not None and group.state.get("managed_by") == state["id"]:
            self._cloud.remove(group.id)


def host_key(host: str) -> str:
    """Below what key the objects of one Databricks workspace lie."""
    return f"databricks:{host}"


def _reported(kind: str, values: Object, own_id: str) -> Object:
    match kind:
        case "azurerm_virtual_network":
            return {"guid": _guid(own_id), "subnet": [], "dns_servers": []}
        case "azurerm_subnet":
            return {"network_security_group_id": "", "route_table_id": ""}
        case "azurerm_private_dns_zone":
            return {"soa_record": [{**_SOA_RECORD, "fqdn": f"{values['name']}."}]}
        case "azurerm_private_endpoint":
            return _endpoint(values, own_id)
        case "azurerm_public_ip":
            number = _number(own_id)
            return {"ip_address": f"20.{number % 200}.{number % 251}.4"}
        case "azurerm_log_analytics_workspace":
            keys = {"primary_shared_key": "sandbox-key-one", "secondary_shared_key": "sandbox-key-two"}
            return {"workspace_id": _guid(own_id), **keys}
        case "azurerm_databricks_access_connector":
            return {"identity": [{"principal_id": _guid(own_id), "tenant_id": NO_ID}]}
        case "azurerm_consumption_budget_resource_group":
            return {"time_period": [{"end_date": "2036-01-01T00:00:00Z"}]}
        case _:
            return {}


_SOA_RECORD: Object = {
    "email": "azureprivatedns-host.microsoft.com",
    "expire_time": 2419200,
    "host_name": "azureprivatedns.net",
    "minimum_ttl": 10,
    "refresh_time": 3600,
    "retry_time": 300,
    "serial_number": 1,
    "tags": {},
    "ttl": 3600,
}
"""As Azure makes it with a private zone (recorded 2026-11-29, as is what an endpoint reports of its zones)."""


def _endpoint(values: Object, own_id: str) -> Object:
    groups: list[Object] = [
        {**group, "id": f"{own_id}/privateDnsZoneGroups/{group['name']}"}
        for group in elements(values.get("private_dns_zone_group"))
    ]
    configs = [_zone_config(group, str(zone)) for group in groups for zone in elements(group["private_dns_zone_ids"])]
    return {"private_dns_zone_group": groups, "private_dns_zone_configs": configs}


def _zone_config(group: Object, zone: str) -> Object:
    name = zone.rsplit("/", 1)[-1]
    own_id = f"{group['id']}/privateDnsZoneConfigs/{name}"
    return {"id": own_id, "name": name, "private_dns_zone_id": zone, "record_sets": []}


def _workspace(values: Object, own_id: str, subscription: str, made_before: int) -> Object:
    number = _number(f"{own_id}#{made_before}" if made_before else own_id)
    named = values.get("managed_resource_group_name")
    group = named if isinstance(named, str) and named else f"databricks-rg-{values['resource_group_name']}"
    return {
        "workspace_id": str(number),
        "workspace_url": f"adb-{number}.{number % 20}.azuredatabricks.net",
        "managed_resource_group_name": group,
        "managed_resource_group_id": arm.group_id(subscription, group),
        "disk_encryption_set_id": "",
        "custom_parameters": [
            {
                "nat_gateway_name": "nat-gateway",
                "public_ip_name": "nat-gw-public-ip",
                "no_public_ip": True,
                "storage_account_name": f"dbstorage{number % 10**12:012d}",
                "storage_account_sku_name": "Standard_GRS",
                "vnet_address_prefix": "10.139",
            }
        ],
    }


def _guid(own_id: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, own_id))


def _number(text: str) -> int:
    """Sixteen digits that stay the same for the same id."""
    return 10**15 + int(hashlib.sha256(text.lower().encode()).hexdigest()[:12], 16) % 10**15
