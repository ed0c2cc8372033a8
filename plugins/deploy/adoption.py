"""Taking over what exists: import blocks beside the generated files, so that a plan shows it before anything changes.

Ids travel as a variable's values, as every other value does; addresses are checked against a closed grammar.
"""

import json
import re
from collections.abc import Mapping

from plugins.domain.errors import InvalidRequest
from plugins.domain.plan import TerraformFiles

GROUP, WORKSPACE = "azurerm_resource_group.this", "azurerm_databricks_workspace.this"
_FILE, _VALUES = "imports.tf", "imports.auto.tfvars.json"
_ADDRESS = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")
_WORKSPACE = re.compile(
    r"(?P<group>/subscriptions/[0-9a-f-]{36}/resourceGroups/[-\w.()]{1,90})"
    r"/providers/Microsoft\.Databricks/workspaces/[\w-]{3,64}",
    re.IGNORECASE | re.ASCII,
)


def with_imports(files: TerraformFiles, ids: Mapping[str, str]) -> TerraformFiles:
    """The files, and what takes over the objects with these ids (address → id) as those resources.

    Raises InvalidRequest for an address that the files do not declare.
    """
    texts = "\n".join(files.files.values())
    for address in ids:
        kind, _, name = address.partition(".")
        if not _ADDRESS.fullmatch(address) or f'resource "{kind}" "{name}"' not in texts:
            raise InvalidRequest(
                "taking over what exists", "one of the resources is not among those of the workspace.",
                "Name the workspace by its Azure resource id.",
            )  # fmt: skip
    blocks = [f'import {{\n  to = {address}\n  id = var.import_ids["{address}"]\n}}\n' for address in sorted(ids)]
    text = "\n".join(['variable "import_ids" {\n  type = map(string)\n}\n', *blocks])
    values = json.dumps({"import_ids": dict(ids)}, indent=2, sort_keys=True) + "\n"
    return TerraformFiles(files={**files.files, _FILE: text, _VALUES: values})


def group_of(workspace_id: str) -> str:
    """The name of the resource group that a workspace lies in. Raises InvalidRequest for what is no such id."""
    return import_ids(workspace_id)[GROUP].rsplit("/", 1)[1]


def import_ids(workspace_id: str) -> dict[str, str]:
    """Address → id of what a workspace's own Azure resource id tells of: itself and its resource group.

    Raises InvalidRequest for what is no such id.
    """
    found = _WORKSPACE.fullmatch(workspace_id)
    if found is None:
        raise InvalidRequest(
            "taking over a workspace", "that is not the Azure resource id of a Databricks workspace.",
            "Copy it from the workspace's properties in the Azure portal: it begins with /subscriptions/.",
        )  # fmt: skip
    return {GROUP: found["group"], WORKSPACE: workspace_id}
