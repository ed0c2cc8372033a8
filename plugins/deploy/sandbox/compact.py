"""Our own compact form of provider schemas, and how it is made from `terraform providers schema -json`.

    python -m plugins.deploy.sandbox.compact FOLDER

reads azurerm-schema.json, azurerm-sdk-details.json and the same of databricks from FOLDER (the second of each tells
what the first leaves out: ForceNew, defaults, conflicts, allowed values) and writes schemas/*.json beside this file.

A block is {"a": {name: [type, flags, extra]}, "b": {name: [mode, min, max, flags, block]}}. Flags: r required,
o optional, c computed, s sensitive, w write-only, f forces replacement, q difference suppressed. `extra` holds
"default", "allowed", "conflicts", "with"; it is left out when empty.
"""

# Terraform's values have no static type: what a schema says of them is known at run time only.
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false, reportUnknownMemberType=false

import json
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

SERVED: Mapping[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    "azurerm": (
        "registry.terraform.io/hashicorp/azurerm",
        (
            "azurerm_consumption_budget_resource_group",
            "azurerm_databricks_access_connector",
            "azurerm_databricks_workspace",
            "azurerm_log_analytics_workspace",
            "azurerm_monitor_diagnostic_setting",
            "azurerm_nat_gateway",
            "azurerm_nat_gateway_public_ip_association",
            "azurerm_network_security_group",
            "azurerm_private_dns_zone",
            "azurerm_private_dns_zone_virtual_network_link",
            "azurerm_private_endpoint",
            "azurerm_public_ip",
            "azurerm_resource_group",
            "azurerm_subnet",
            "azurerm_subnet_nat_gateway_association",
            "azurerm_subnet_network_security_group_association",
            "azurerm_virtual_network",
        ),
        ("azurerm_client_config", "azurerm_resource_group"),
    ),
    "databricks": (
        "registry.terraform.io/databricks/databricks",
        ("databricks_cluster", "databricks_cluster_policy", "databricks_permissions", "databricks_workspace_conf"),
        (),
    ),
}
"""Provider → its address, and the resource and data source types that it serves."""

Json = Any


def compact(schema: Json, details: Json, provider: str) -> dict[str, Json]:
    """The compact schemas of one provider."""
    address, resources, data_sources = SERVED[provider]
    real = schema["provider_schemas"][address]
    return {
        "provider": _block(real["provider"]["block"], {}),
        "resources": {
            name: [
                real["resource_schemas"][name].get("version", 0),
                _block(real["resource_schemas"][name]["block"], details.get(name, {}).get("schema", {})),
            ]
            for name in resources
        },
        "data": {
            name: [
                real["data_source_schemas"][name].get("version", 0),
                _block(real["data_source_schemas"][name]["block"], details.get(f"data.{name}", {}).get("schema", {})),
            ]
            for name in data_sources
        },
    }


def _block(block: Json, details: Json) -> dict[str, Json]:
    attributes = {n: _attribute(a, _detail(details, n)) for n, a in sorted(block.get("attributes", {}).items())}
    blocks = {n: _nested(b, _detail(details, n)) for n, b in sorted(block.get("block_types", {}).items())}
    return {"a": attributes} | ({"b": blocks} if blocks else {})


def _attribute(attribute: Json, detail: Json) -> list[Json]:
    kind = attribute.get("type", "dynamic")
    names = ("required", "optional", "computed", "sensitive", "write_only")
    flags = "".join(letter for letter, name in zip("rocsw", names, strict=True) if attribute.get(name))
    flags += _marks(detail)
    extra = _extra(detail)
    return [kind, flags, extra] if extra else [kind, flags]


def _nested(nested: Json, detail: Json) -> list[Json]:
    flags = ("c" if detail.get("computed") else "") + _marks(detail)
    inner = _block(nested["block"], detail.get("elem") or {})
    return [nested["nesting_mode"], nested.get("min_items", 0), nested.get("max_items", 0), flags, inner]


def _marks(detail: Json) -> str:
    return ("f" if detail.get("force_new") else "") + ("q" if detail.get("diff_suppress") else "")


def _extra(detail: Json) -> dict[str, Json]:
    found: dict[str, Json] = {}
    if "default" in detail:
        found["default"] = detail["default"]
    told = re.search(r"expected .* to be one of \[(.*?)\]", detail.get("validate_msg") or "")
    if told:
        found["allowed"] = re.findall(r'"([^"]*)"', told[1])
    for key, name in (("conflicts", "conflicts_with"), ("with", "required_with")):
        if detail.get(name):
            found[key] = detail[name]
    return found


def _detail(details: Json, name: str) -> Json:
    return (details or {}).get(name) or {}


def main(folder: Path) -> None:
    target = Path(__file__).with_name("schemas")
    target.mkdir(exist_ok=True)
    for provider in SERVED:
        schema = json.loads((folder / f"{provider}-schema.json").read_text("utf-8"))
        details = json.loads((folder / f"{provider}-sdk-details.json").read_text("utf-8"))
        text = json.dumps(compact(schema, details, provider), separators=(",", ":"), sort_keys=True)
        (target / f"{provider}.json").write_text(text.replace('],"', '],\n"') + "\n", "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
