"""Decision → Terraform files.

The structure is chosen by booleans; every value is a typed variable in terraform.tfvars.json, which Terraform reads
literally, while it evaluates "${…}" in its own source (3,042 odd strings sent through Terraform 1.11.4, 2026-11-22).
Terraform normalises strings to NFC, so values are normalised first: digests would differ. It takes control and bidi
characters, and they would mislead whoever reads the plan, so they are refused here.
"""

import json
import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import JsonValue

from plugins.deploy.sentences import SAYS
from plugins.domain.azure_names import names_after
from plugins.domain.decision import InfrastructureDecision
from plugins.domain.errors import ConfigurationError, InvalidRequest
from plugins.domain.plan import TerraformFiles
from plugins.domain.platform_settings import PlatformSettings
from plugins.tracing import traced

if TYPE_CHECKING:
    from jinja2 import Environment

_VERSIONS = "versions"
_ALWAYS = (_VERSIONS, "providers", "variables", "main", "cluster", "budgets", "outputs", "backend")
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\u2028\u2029")

_NAME = re.compile(r"\bvar\.names\.(\w+)")

BACKEND = "backend.tf"
"""Says where our own state lies; no part of what a person exports."""


@traced("generate")
def generate(decision: InfrastructureDecision, platform: PlatformSettings, templates: Path) -> TerraformFiles:
    """File name → text for one workspace. `templates` holds a folder per capability.

    Raises InvalidRequest for a value with characters that do not belong in text, ConfigurationError for a
    template of the house's that cannot be filled.
    """
    values = variables(decision, platform)
    shape = _shape(decision, platform)
    names = [*_ALWAYS]
    names += ["network"] if shape["new_network"] else []
    names += ["endpoints"] if shape["private_link"] else []
    names += ["diagnostics"] if decision.diagnostics else []
    folder = templates / decision.capability
    files = {
        f"{name}.tf": _filled(folder, platform.bring_your_own.template_folder, name, shape) for name in sorted(names)
    }
    names = names_after(decision.workspace_name)
    used = {name for text in files.values() for name in _NAME.findall(text)}
    values["names"] = {name: names[name] for name in used & names.keys()}
    files["terraform.tfvars.json"] = json.dumps(values, indent=2, ensure_ascii=False, sort_keys=True) + "\n"
    return TerraformFiles(files=files)


def required_providers(platform: PlatformSettings, templates: Path, capability: str) -> TerraformFiles:
    """The files alone that tell which providers that capability takes. Raises ConfigurationError for a template of the
    house's that says more than that.
    """
    own = platform.bring_your_own.template_folder
    return TerraformFiles(files={f"{_VERSIONS}.tf": _filled(templates / capability, own, _VERSIONS, {})})


def variables(decision: InfrastructureDecision, platform: PlatformSettings) -> dict[str, JsonValue]:
    """Variable name → value, checked and NFC-normalised."""
    values: dict[str, JsonValue] = {
        "workspace_name": decision.workspace_name,
        "resource_group_name": decision.resource_group_name,
        "managed_resource_group_name": decision.managed_resource_group_name,
        "location": decision.region,
        "sku": decision.databricks_sku,
        "storage_sku": decision.storage_sku,
        "force_delete": decision.force_delete,
        "tags": dict(decision.tags),
        "cluster_name": decision.cluster_name,
        "cluster_policy_name": decision.cluster_policy_name,
        "spark_version": decision.spark_version,
        "driver_node_type": decision.driver_instance_type,
        "worker_node_type": decision.worker_instance_type,
        "min_workers": decision.min_workers,
        "max_workers": decision.max_workers,
        "autotermination_minutes": decision.autotermination_minutes,
        # A budget needs an amount; where no limit is known it is the smallest.
        "monthly_budget": float(decision.monthly_limit or 1),
        "budget_start": f"{decision.budget_start.isoformat()}T00:00:00Z",
        "budget_contacts": list(decision.budget_contacts),
    }
    if decision.single_user:
        values["single_user"] = decision.single_user
    values |= _network_values(decision)
    if decision.diagnostics and platform.bring_your_own.log_analytics_workspace_id:
        values["log_analytics_workspace_id"] = platform.bring_your_own.log_analytics_workspace_id
    return {name: _clean(value, name) for name, value in values.items()}


def _network_values(decision: InfrastructureDecision) -> dict[str, JsonValue]:
    details = decision.network_details
    if details is None:
        return {}
    values = {
        "address_space": details.address_space,
        "host_subnet_prefix": details.host_subnet_prefix,
        "container_subnet_prefix": details.container_subnet_prefix,
        "endpoint_subnet_prefix": details.endpoint_subnet_prefix,
        "virtual_network_id": details.existing_virtual_network_id,
        "host_subnet_name": details.existing_host_subnet_name,
        "container_subnet_name": details.existing_container_subnet_name,
        "endpoint_subnet_id": details.existing_endpoint_subnet_id,
        "private_dns_zone_id": details.existing_private_dns_zone_id,
    }
    return {name: value for name, value in values.items() if value is not None}


def _shape(decision: InfrastructureDecision, platform: PlatformSettings) -> dict[str, Any]:
    """All that templates may branch on: flags and closed words, never a person's text."""
    details = decision.network_details
    group = "azurerm_resource_group.this"
    taken_over = decision.is_taken_over
    return {
        "taken_over": taken_over,
        "existing_resource_group": decision.existing_resource_group,
        "managed_group": bool(decision.managed_resource_group_name),
        "group": f"data.{group}" if decision.existing_resource_group else group,
        "new_network": details is not None and details.existing_virtual_network_id is None,
        "existing_network": details is not None and details.existing_virtual_network_id is not None,
        "private_link": decision.network == "private_link" and not taken_over,
        "sign_in_endpoint": details is not None and details.browser_authentication,
        "existing_zone": details is not None and details.existing_private_dns_zone_id is not None,
        "storage_firewall": decision.storage_firewall and not taken_over,
        "existing_log_analytics": decision.diagnostics and bool(platform.bring_your_own.log_analytics_workspace_id),
        "single_user": decision.single_user is not None,
        "dedicated": decision.access_mode == "dedicated",
        "photon": decision.photon,
        "spot": decision.spot,
        "single_node": decision.single_node,
        "autoscale": decision.autoscale,
    }


def _clean(value: JsonValue, name: str) -> JsonValue:
    match value:
        case str():
            return _clean_text(value, name)
        case list():
            return [_clean(item, name) for item in value]
        case dict():
            return {_clean_text(key, name): _clean(item, name) for key, item in value.items()}
        case _:
            return value


def _clean_text(text: str, name: str) -> str:
    if any(c in _BIDI or unicodedata.category(c) in ("Cc", "Cs") for c in text):
        raise SAYS.error(InvalidRequest, "files.control_characters", name=name.replace("_", " "))
    return unicodedata.normalize("NFC", text)


def _filled(folder: Path, own: str | None, name: str, shape: dict[str, Any]) -> str:
    from jinja2 import TemplateError, TemplateSyntaxError  # 60 ms behind the prompt

    try:
        return _environment(str(folder), own).get_template(f"{name}.tf.j2").render(**shape)
    except TemplateError as error:
        line = f", line {error.lineno}" if isinstance(error, TemplateSyntaxError) else ""
        raise SAYS.error(ConfigurationError, "files.template", name=name, line=line) from error


@cache
def _environment(folder: str, own: str | None) -> "Environment":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # 60 ms behind the prompt

    folders = [folder] if own is None else [own, folder]
    return Environment(  # noqa: S701 - HCL, and no value of a person's is ever rendered into it
        loader=FileSystemLoader(folders),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=own is not None,
    )
