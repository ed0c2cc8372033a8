"""Taking over what exists: import blocks beside the generated files, so that a plan shows it before anything changes.

Ids travel as a variable's values, as every other value does; addresses are checked against a closed grammar.
"""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from plugins.deploy.sentences import SAYS
from plugins.domain.errors import InvalidRequest
from plugins.domain.existing import ExistingWorkspace
from plugins.domain.plan import PlanFile, TerraformFiles
from plugins.domain.request import Network

GROUP, WORKSPACE = "azurerm_resource_group.this", "azurerm_databricks_workspace.this"
_FILE, _VALUES, _OVERRIDE = "imports.tf", "imports.auto.tfvars.json", "imports_override.tf"
_ADDRESS = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")
_WORKSPACE = re.compile(
    r"/subscriptions/(?P<subscription>[0-9a-f-]{36})/resourceGroups/(?P<group>[-\w.()]{1,90})"
    r"/providers/Microsoft\.Databricks/workspaces/(?P<name>[\w-]{3,64})",
    re.IGNORECASE | re.ASCII,
)


def with_imports(files: TerraformFiles, ids: Mapping[str, str]) -> TerraformFiles:
    """The files, and what takes over the objects with these ids (address → id) as those resources.

    Raises InvalidRequest for an address that the files do not declare.
    """
    texts = "\n".join(files.files.values())
    for address in ids:
        kind, _, name = address.partition(".")
        # An address goes into Terraform's own source: only one that our files declare may.
        if not _ADDRESS.fullmatch(address) or f'resource "{kind}" "{name}"' not in texts:
            raise SAYS.error(InvalidRequest, "import.foreign")
    blocks = [f'import {{\n  to = {address}\n  id = var.import_ids["{address}"]\n}}\n' for address in sorted(ids)]
    text = "\n".join(['variable "import_ids" {\n  type = map(string)\n}\n', *blocks])
    values = json.dumps({"import_ids": dict(ids)}, indent=2, sort_keys=True) + "\n"
    return TerraformFiles(files={**files.files, _FILE: text, _VALUES: values})


def as_they_are(files: TerraformFiles, addresses: Iterable[str]) -> TerraformFiles:
    """The files, made so that whatever they say of these resources, Terraform changes nothing of them.

    An override file, since it holds for the house's own templates, too: of a resource's `lifecycle` each argument is
    merged by itself (github.com/hashicorp/terraform, website/docs/language/files/override.mdx, read 2026-11-29).
    """
    blocks = [
        f'resource "{kind}" "{name}" {{\n  lifecycle {{\n    ignore_changes = all\n  }}\n}}\n'
        for kind, name in sorted(address.split(".") for address in addresses)
    ]
    return TerraformFiles(files={**files.files, _OVERRIDE: "\n".join(blocks)})


def existing_in(plan_json: Mapping[str, Any]) -> ExistingWorkspace | None:
    """The workspace that a plan's `show -json` takes over, as it stands; None where it takes over none."""
    changes = (change["change"] for change in plan_json.get("resource_changes", ()) if change["address"] == WORKSPACE)
    imported = next((change for change in changes if change.get("importing")), None)
    return _existing(imported["before"]) if imported is not None else None


def require_untouched(plan_file: PlanFile) -> None:
    """Raises InvalidRequest unless the plan takes the workspace over and does nothing at all to what it takes over."""
    imported = {each.address for each in plan_file.imported}
    if WORKSPACE not in imported or any(change.address in imported for change in plan_file.resources):
        raise SAYS.error(InvalidRequest, "import.would_change")


def group_of(workspace_id: str) -> str:
    """The name of the resource group that a workspace lies in. Raises InvalidRequest for what is no such id."""
    return _parts(workspace_id)["group"]


def name_of(workspace_id: str) -> str:
    """The workspace's own name. Raises InvalidRequest for what is no such id."""
    return _parts(workspace_id)["name"]


def import_ids(workspace_id: str) -> dict[str, str]:
    """Address → id of what a workspace's own Azure resource id tells of: itself and its resource group.

    Azure compares ids without case and azurerm does not: their fixed words are spelled as azurerm wants them. Raises
    InvalidRequest for what is no such id.
    """
    parts = _parts(workspace_id)
    group = f"/subscriptions/{parts['subscription'].lower()}/resourceGroups/{parts['group']}"
    return {GROUP: group, WORKSPACE: f"{group}/providers/Microsoft.Databricks/workspaces/{parts['name']}"}


def _parts(workspace_id: str) -> re.Match[str]:
    match = _WORKSPACE.fullmatch(workspace_id)
    if match is None:
        raise SAYS.error(InvalidRequest, "import.no_id")
    return match


def _existing(attributes: Mapping[str, Any]) -> ExistingWorkspace:
    parameters: list[dict[str, Any]] = attributes.get("custom_parameters") or [{}]
    inner = parameters[0]
    injected = inner.get("virtual_network_id") or None
    network: Network = "vnet" if injected else "public"
    return ExistingWorkspace(
        name=attributes["name"],
        resource_group_name=attributes["resource_group_name"],
        region=str(attributes["location"]).replace(" ", "").lower(),
        sku=attributes["sku"],
        network="private_link" if attributes.get("public_network_access_enabled") is False else network,
        virtual_network_id=injected,
        host_subnet_name=inner.get("public_subnet_name") or None,
        container_subnet_name=inner.get("private_subnet_name") or None,
        storage_sku=inner.get("storage_account_sku_name") or None,
        storage_firewall=bool(attributes.get("default_storage_firewall_enabled")),
        tags=attributes.get("tags") or {},
    )
