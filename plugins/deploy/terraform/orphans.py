"""What is in the simulated cloud and in no state, and which planned resource it was to become."""

from collections import Counter
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from plugins.deploy.sandbox.cloud import GIVEN, Resource, SandboxCloud
from plugins.deploy.terraform.state import TerraformState
from plugins.domain.decision import InfrastructureDecision
from plugins.domain.deployment import Leftover

_MANAGED, _WORKSPACE = "managed_resource_group", "azurerm_databricks_workspace"


Key = tuple[str, str]
"""Type and id in lower case: a subnet and its associations share one id."""


def unknown(
    cloud: Path, decision: InfrastructureDecision, state: TerraformState, others: Collection[Key] = ()
) -> tuple[Leftover, ...]:
    """What belongs to this workspace and is not in its state. The managed group comes and goes with the workspace; one
    that another workspace manages is that one's with all that is in it, whatever its name. What is of `others` is left
    out, and with a workspace all that lies in it.
    """
    everything = SandboxCloud(cloud).resources()
    decision = decision.model_copy(update=_shared(everything, decision))
    resources = [resource for resource in everything if (resource.type, resource.id.lower()) not in others]
    hosts = _hosts(resources, decision)
    known = {(owned.type, owned.id.lower()) for owned in state.resources.values()}
    managed = any(owned.type == _WORKSPACE for owned in state.resources.values())
    return tuple(
        Leftover(type=resource.type, name=resource.name, id=resource.id)
        for resource in resources
        if resource.type != GIVEN
        and (resource.type, resource.id.lower()) not in known
        and not (resource.type == _MANAGED and managed)
        and (_is_ours(resource, decision) or any(resource.key.startswith(host) for host in hosts))
    )


def there(cloud: Path, decision: InfrastructureDecision) -> list[Key]:
    """All that lies in the workspace's two groups, and the groups."""
    names = [name for name in (decision.resource_group_name, decision.managed_resource_group_name) if name]
    return [(kind, own_id.lower()) for name in names for kind, own_id in SandboxCloud(cloud).in_group(name)]


def begun(plan_json: Mapping[str, Any], leftovers: Collection[Leftover]) -> dict[str, str]:
    """Address → id of what a plan would create and is there already. What cannot be told apart is left out.

    What joins something to a subnet has no name and the subnet's id: it is told by the subnet that its resource refers
    to.
    """
    creates = [change for change in plan_json.get("resource_changes", ()) if change["change"]["actions"] == ["create"]]
    planned = Counter(change["type"] for change in creates)
    there = Counter(each.type for each in leftovers)
    matched: dict[str, str] = {}
    for change in creates:
        for each in leftovers:
            # Two of one type and no name: importing the wrong one would be worse than importing none.
            alone = planned[each.type] == there[each.type] == 1
            if each.type == change["type"] and (alone or each.name == (_name(change) or _subnet_of(plan_json, change))):
                matched[change["address"]] = each.id
    return matched


def _is_ours(resource: Resource, decision: InfrastructureDecision) -> bool:
    """In one of its two resource groups; in a shared one only what carries its tags or its name."""
    group = _group(resource.id)
    if group and group == decision.managed_resource_group_name.lower():
        return True
    if group != decision.resource_group_name.lower():
        return False
    return not decision.existing_resource_group or decision.workspace_name.lower() in resource.id.lower()


def _shared(resources: Collection[Resource], decision: InfrastructureDecision) -> dict[str, object]:
    """What of the decision is not this workspace's alone: a group with another workspace in it is as one that existed,
    and a managed group of another one is none of its own.
    """
    parts = (decision.resource_group_name, "providers", "microsoft.databricks", "workspaces", decision.workspace_name)
    own, managed = "/" + "/".join(parts).lower(), decision.managed_resource_group_name.lower()
    changes: dict[str, object] = {}
    for resource in resources:
        manager = str(resource.state.get("managed_by", "")).lower() if resource.type == _MANAGED else ""
        if manager and resource.name.lower() == managed and not manager.endswith(own):
            changes["managed_resource_group_name"] = ""
        if resource.type == _WORKSPACE and not resource.id.lower().endswith(own):
            in_ours = _group(resource.id) == decision.resource_group_name.lower()
            changes |= {"existing_resource_group": True} if in_ours else {}
    return changes


def _group(own_id: str) -> str:
    parts = own_id.lower().split("/")
    return parts[4] if parts[3:4] == ["resourcegroups"] and parts[4:] else ""


def _hosts(resources: Collection[Resource], decision: InfrastructureDecision) -> list[str]:
    """Below what keys the objects of its Databricks workspace lie."""
    return [
        f"databricks:{resource.state.get('workspace_url')}/".lower()
        for resource in resources
        if resource.type == _WORKSPACE and _is_ours(resource, decision)
    ]


def _name(change: Mapping[str, Any]) -> str:
    after: Mapping[str, Any] = change["change"].get("after") or {}
    return str(after.get("cluster_name") or after.get("name") or "")


def _subnet_of(plan_json: Mapping[str, Any], change: Mapping[str, Any]) -> str:
    """The name of the subnet that `subnet_id` of this resource comes from; "" where that is not to be read."""
    declared: list[Mapping[str, Any]] = plan_json.get("configuration", {}).get("root_module", {}).get("resources", [])
    changes: list[Mapping[str, Any]] = plan_json.get("resource_changes", [])
    expressions: list[Mapping[str, Any]] = [
        one["expressions"] for one in declared if one["address"] == change["address"]
    ]
    references: list[str] = [name for each in expressions for name in each.get("subnet_id", {}).get("references", [])]
    return next((_name(one) for name in references for one in changes if one["address"] == name), "")
