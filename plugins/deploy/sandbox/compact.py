"""Our own compact form of provider schemas, and how it is made from `terraform providers schema -json`.

    python -m plugins.deploy.sandbox.compact FOLDER

reads azurerm-schema.json, azurerm-sdk-details.json and the same of databricks from FOLDER (the second of each tells
what the first leaves out: ForceNew, defaults, conflicts, allowed values) and writes schemas/*.json beside this file.

A block is {"a": {name: [type, flags, extra]}, "b": {name: [mode, min, max, flags, block, extra]}}. Flags: r required,
o optional, c computed, s sensitive, w write-only, f forces replacement, q difference suppressed, l a location that
is normalised. `extra` holds "default", "allowed", "conflicts", "with", "one_of", "any_of"; it is left out when empty.
"""

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
_RULES = {
    "conflicts": "conflicts_with",
    "with": "required_with",
    "one_of": "exactly_one_of",
    "any_of": "at_least_one_of",
}


def compact(schema: Json, details: Json, provider: str) -> dict[str, Json]:
    """The compact schemas of one provider."""
    address, resources, data_sources = SERVED[provider]
    real = schema["provider_schemas"][address]
    return {
        "provider": _block(real["provider"]["block"], {}),
        "resources": {name: _versioned(real["resource_schemas"][name], details.get(name)) for name in resources},
        "data": {
            name: _versioned(real["data_source_schemas"][name], details.get(f"data.{name}")) for name in data_sources
        },
    }


def text_of(tables: dict[str, Json]) -> str:
    """The tables as they lie in schemas/: an attribute a line, so that a change of a schema reads as a diff."""
    return json.dumps(tables, separators=(",", ":"), sort_keys=True).replace('],"', '],\n"') + "\n"


def real_tables(folder: Path, provider: str) -> dict[str, Json]:
    """The compact tables of the real schemas that lie in `folder`."""
    schema = json.loads((folder / f"{provider}-schema.json").read_text("utf-8"))
    details = json.loads((folder / f"{provider}-sdk-details.json").read_text("utf-8"))
    return compact(schema, details, provider)


def main(folder: Path) -> None:
    target = Path(__file__).with_name("schemas")
    target.mkdir(exist_ok=True)
    for provider in SERVED:
        (target / f"{provider}.json").write_text(text_of(real_tables(folder, provider)), "utf-8")


def _versioned(schema: Json, details: Json) -> list[Json]:
    return [schema.get("version", 0), _block(schema["block"], details["schema"] if details else {})]


def _block(block: Json, details: Json) -> dict[str, Json]:
    attributes = {n: _attribute(n, a, _detail(details, n)) for n, a in block.get("attributes", {}).items()}
    blocks = {n: _nested(n, b, _detail(details, n)) for n, b in block.get("block_types", {}).items()}
    return {"a": attributes} | ({"b": blocks} if blocks else {})


def _attribute(name: str, attribute: Json, detail: Json) -> list[Json]:
    names = ("required", "optional", "computed", "sensitive", "write_only")
    flags = "".join(letter for letter, key in zip("rocsw", names, strict=True) if attribute.get(key))
    return _row([attribute.get("type", "dynamic"), flags + _marks(name, detail)], detail)


def _nested(name: str, nested: Json, detail: Json) -> list[Json]:
    flags = ("c" if detail.get("computed") else "") + _marks(name, detail)
    inner = _block(nested["block"], detail.get("elem") or {})
    return _row([nested["nesting_mode"], nested.get("min_items", 0), nested.get("max_items", 0), flags, inner], detail)


def _row(row: list[Json], detail: Json) -> list[Json]:
    extra = _extra(detail)
    return [*row, extra] if extra else row


def _marks(name: str, detail: Json) -> str:
    location = name == "location" and detail.get("state_func")
    marks = (("f", detail.get("force_new")), ("q", detail.get("diff_suppress")), ("l", location))
    return "".join(letter for letter, holds in marks if holds)


def _extra(detail: Json) -> dict[str, Json]:
    extra: dict[str, Json] = {"default": detail["default"]} if "default" in detail else {}
    allowed = re.search(r"expected .* to be one of \[(.*?)\]", detail.get("validate_msg") or "")
    if allowed:
        extra["allowed"] = re.findall(r'"([^"]*)"', allowed[1])
    # "<siblings>" stands for "any attribute of the block" and speaks against an empty block only.
    rules = {key: detail[name] for key, name in _RULES.items() if detail.get(name) not in (None, [], ["<siblings>"])}
    return extra | rules


def _detail(details: Json, name: str) -> Json:
    return (details[name] if details and name in details else None) or {}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
