"""A plan's `show -json` as the resource changes that people confirm. No value of any attribute is read."""

from collections.abc import Iterable, Mapping
from typing import Any

from plugins.domain.deployment import Drift
from plugins.domain.plan import WORKSPACE, Imported, ResourceAction, ResourceChange

_ACTIONS: dict[tuple[str, ...], ResourceAction] = {
    ("create",): "create",
    ("update",): "update",
    ("delete",): "delete",
    ("delete", "create"): "replace",
    ("create", "delete"): "replace",
}


_OF_OTHERS: Mapping[str, frozenset[str]] = {
    "azurerm_private_dns_zone": frozenset({"number_of_record_sets", "soa_record"}),
    "azurerm_private_endpoint": frozenset({"custom_dns_configs", "private_dns_zone_configs"}),
    "azurerm_subnet": frozenset({"network_security_group_id", "route_table_id"}),
    "azurerm_virtual_network": frozenset({"subnet"}),
    "databricks_cluster": frozenset({"default_tags", "state"}),
}
"""Type → what an object tells of its neighbours, or of how it is just now: a subnet learns of its security group after
it was made, and a cluster stops by itself (azurerm 5.2.0, databricks 1.128.0, 2026-11-29). None of it is drift.
"""


def resource_changes(plan_json: Mapping[str, Any]) -> tuple[ResourceChange, ...]:
    """What the plan does to each managed resource, by address; reads and untouched ones left out."""
    changes = [
        ResourceChange(
            address=change["address"],
            type=change["type"],
            name=change["name"],
            action=action,
            forced_by=tuple(_path(path) for path in change["change"].get("replace_paths", ())),
        )
        for change in plan_json.get("resource_changes", ())
        if change.get("mode") == "managed" and (action := _ACTIONS.get(tuple(change["change"]["actions"])))
    ]
    return tuple(sorted(changes, key=lambda change: change.address))


def imported(plan_json: Mapping[str, Any]) -> tuple[Imported, ...]:
    """What the plan takes over, by address, whether or not it changes it too."""
    imports = [
        Imported(address=change["address"], type=change["type"], name=change["name"])
        for change in plan_json.get("resource_changes", ())
        if change["change"].get("importing")
    ]
    return tuple(sorted(imports, key=lambda each: each.address))


def drifted(plan_json: Mapping[str, Any]) -> tuple[Drift, ...]:
    """What a refresh-only plan found otherwise than the state has it, by address. Values are compared, never kept."""
    changes = [change for change in plan_json.get("resource_drift", ()) if change.get("mode") == "managed"]
    return _drifts((change["address"], change["type"], change["change"]) for change in changes)


def refreshed(state: Mapping[str, Any], plan_json: Mapping[str, Any]) -> tuple[Drift, ...]:
    """The same for a plan that destroys, in which Terraform itself tells of no drift (1.11.4, 2026-11-30): what the
    state held before, and holds otherwise or not at all after the plan's own look at the cloud.
    """
    root: Mapping[str, Any] = plan_json.get("prior_state", {}).get("values", {}).get("root_module", {})
    seen = {each["address"]: each["values"] for each in root.get("resources", ()) if each["mode"] == "managed"}
    managed = [each for each in state.get("resources", ()) if each.get("mode") == "managed"]
    held = [(f"{each['type']}.{each['name']}", each["type"], _attributes(each)) for each in managed]
    return _drifts((address, kind, {"before": was, "after": seen.get(address)}) for address, kind, was in held)


def _drifts(changes: Iterable[tuple[str, str, Mapping[str, Any]]]) -> tuple[Drift, ...]:
    """By address: what is gone, and what differs in more than what is of others."""
    drifts: list[Drift] = []
    for address, kind, change in changes:
        if not change.get("after"):
            drifts.append(Drift(address=address, type=kind, what="deleted"))
        elif differing := _differing(change) - _OF_OTHERS.get(kind, frozenset()):
            drifts.append(Drift(address=address, type=kind, what="changed", attributes=tuple(sorted(differing))))
    return tuple(sorted(drifts, key=lambda each: each.address))


def resized_in_use(plan_json: Mapping[str, Any]) -> str | None:
    """The name of a subnet that would lose addresses in place while a workspace stands; None where none would. Azure
    refuses that once the rest is under way (github.com/hashicorp/terraform-provider-azurerm issue 11211).
    """
    changes: list[Mapping[str, Any]] = plan_json.get("resource_changes", [])
    if not any(change["type"] == WORKSPACE and change["change"].get("before") for change in changes):
        return None
    for change in changes:
        if change["type"] == "azurerm_subnet" and change["change"]["actions"] == ["update"]:
            before, after = change["change"]["before"], change["change"]["after"]
            if not set(before["address_prefixes"]) <= set(after.get("address_prefixes") or ()):
                return str(before["name"])
    return None


def beyond(changes: Iterable[ResourceChange], approved: Iterable[ResourceChange]) -> tuple[ResourceChange, ...]:
    """The changes that were not approved: another action, or another resource.

    Of an approved replacement the creation may be all that is left.
    """
    allowed = {change.address: change.action for change in approved}
    return tuple(
        change
        for change in changes
        if allowed.get(change.address)
        not in ({change.action, "replace"} if change.action == "create" else {change.action})
    )


def _attributes(resource: Mapping[str, Any]) -> Mapping[str, Any]:
    instances: list[Mapping[str, Any]] = [each for each in resource["instances"] if "deposed" not in each]
    return (instances[0].get("attributes") if instances else None) or {}


def _differing(change: Mapping[str, Any]) -> frozenset[str]:
    before: Mapping[str, Any] = change.get("before") or {}
    after: Mapping[str, Any] = change.get("after") or {}
    return frozenset(name for name in {*before, *after} if before.get(name) != after.get(name))


def _path(steps: list[str | int]) -> str:
    return ".".join(str(step) for step in steps)
