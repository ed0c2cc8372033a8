"""The sandbox held against what the real providers answered (azurerm 5.2.0, databricks 1.128.0, recorded 2026-11-29
over a local double of Azure): 16 changes as they planned them, with the values before and after, and four states.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from agent.paths import place
from plugins.deploy.sandbox.azure import Azure
from plugins.deploy.sandbox.cloud import SandboxCloud
from plugins.deploy.sandbox.databricks import Databricks
from plugins.deploy.sandbox.operations import Behaviour
from plugins.deploy.sandbox.planning import ProposedChange, filled, planned, replacements
from plugins.deploy.sandbox.reading import as_read
from plugins.deploy.sandbox.schema import Block, Nested, schemas
from plugins.deploy.sandbox.values import element, elements

RECORDED = Path(__file__).parents[3] / "golden" / "real_providers"
TYPES = {**schemas("azurerm").resources, **schemas("databricks").resources}
Object = dict[str, Any]


def recorded() -> list[tuple[str, Object]]:
    cases = [json.loads(path.read_text("utf-8")) for path in sorted(RECORDED.glob("*.json"))]
    return [(f"{case['case']} {change['address']}", change) for case in cases for change in case["changes"]]


UPDATES = [pytest.param(change, id=name) for name, change in recorded() if change["actions"] == ["update"]]


def configured(kind: str) -> set[str]:
    """The arguments that our templates write for that type, in any of its blocks."""
    folder = place("templates") / "terraform" / "databricks"
    texts = "\n".join(path.read_text("utf-8") for path in folder.glob("*.tf.j2"))
    blocks = [block for block in texts.split('\nresource "') if block.startswith(f'{kind}"')]
    lines = [line.split() for block in blocks for line in block.splitlines() if line.startswith("  ")]
    return {words[0] for words in lines if words}


def configuration(block: Block, after: Object, names: set[str]) -> Object:
    """What was written down to get there: of what the templates write, what is neither left out nor empty."""
    out: Object = {}
    for name, attribute in block.attributes.items():
        value = after.get(name)
        can_be_set = "o" in attribute.flags or "r" in attribute.flags
        stands = name in names and can_be_set and value not in (None, {})
        out[name] = value if stands else None
    for name, nested in block.blocks.items():
        items = elements(after.get(name)) if name in names else []
        out[name] = None if nested.mode == "single" else [configuration(nested.block, each, names) for each in items]
    on_demand = out.get("availability") == "ON_DEMAND_AZURE"
    return {**out, "spot_bid_max_price": None} if on_demand else out


def proposed(block: Block, config: Object, prior: Object) -> Object:
    """As Terraform's core proposes it to a provider: what is configured, else what the provider computes itself."""
    out: Object = {}
    for name, attribute in block.attributes.items():
        value = config.get(name)
        out[name] = prior.get(name) if value is None and attribute.computed else value
    for name, nested in block.blocks.items():
        out[name] = _proposed_blocks(nested, config.get(name), prior.get(name))
    return out


def _proposed_blocks(nested: Nested, config: Any, prior: Any) -> Any:
    if nested.mode == "single":
        return config
    is_list = nested.mode == "list"
    return [
        proposed(nested.block, item, element(prior, index) if is_list else {})
        for index, item in enumerate(elements(config))
    ]


@pytest.mark.parametrize("change", UPDATES)
def test_a_change_is_planned_as_the_real_providers_planned_it(change: Object) -> None:
    """In place, and with the very same values afterwards."""
    block = TYPES[change["type"]][1]
    before, after = change["before"], change["after"]
    config = configuration(block, after, configured(change["type"]))
    plan = planned(block, ProposedChange(config, before, proposed(block, config, before)))
    assert plan == after
    assert list(replacements(block, before, plan)) == []


STANDS = {
    each["address"].partition(".")[0]: each
    for path in sorted(RECORDED.glob("*.json"))
    for case in [json.loads(path.read_text("utf-8"))]
    for each in [
        *({"address": change["address"], "values": change["before"]} for change in case["changes"]),
        *case.get("state_before", ()),
    ]
    if each["values"]
}
"""Type → one recorded state of it, with the address."""

OWN: dict[str, set[str]] = {
    "azurerm_consumption_budget_resource_group": {"time_period"},
    "azurerm_databricks_workspace": {"managed_resource_group_id", "workspace_id", "workspace_url"},
    "azurerm_log_analytics_workspace": {"primary_shared_key", "secondary_shared_key", "workspace_id"},
    "azurerm_public_ip": {"ip_address"},
    "azurerm_subnet": {"network_security_group_id"},
    "azurerm_virtual_network": {"guid", "subnet"},
    "databricks_cluster": {"default_tags", "provider_config", "url"},
    "databricks_cluster_policy": {"provider_config"},
}
"""Type → what each cloud gives its own: there is a value, and which is by chance. A subnet's group and a network's
subnets are seen by the next read, not when they are made.
"""


@pytest.mark.integration
@pytest.mark.parametrize("kind", sorted(STANDS))
def test_what_was_made_is_read_back_as_from_the_real_providers(kind: str, tmp_path: Path) -> None:
    cloud, block, values = SandboxCloud(tmp_path / "cloud.db"), TYPES[kind][1], STANDS[kind]["values"]
    does: Behaviour = Azure(cloud) if kind.startswith("azurerm") else Databricks(cloud)
    config = configuration(block, values, configured(kind))
    plan = planned(block, ProposedChange(config, None, proposed(block, config, {})))
    state = as_read(kind, block, filled(block, plan, does.reported(kind, plan, values["id"])))
    for own in OWN.get(kind, ()):
        assert type(state[own]) is type(values[own]), own
    for each in (state, values):
        for parameters in each.get("custom_parameters", ()):
            parameters["storage_account_name"] = "by chance"
    lasting = values.keys() - OWN.get(kind, set())
    assert {name: state[name] for name in lasting} == {name: values[name] for name in lasting}
