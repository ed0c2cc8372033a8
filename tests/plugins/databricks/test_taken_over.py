"""What exists is planned as it stands, whatever was said of it."""

from datetime import date
from decimal import Decimal

import pytest

from plugins.databricks.proposal import Proposal
from plugins.databricks.taken_over import as_it_stands, environment_in
from plugins.domain.errors import InvalidRequest
from plugins.domain.existing import ExistingWorkspace
from plugins.domain.platform_settings import PlatformSettings, Policy
from plugins.domain.request import Environment, InfrastructureRequest

FOUND = ExistingWorkspace(
    name="dbw-old",
    resource_group_name="rg-old",
    region="westeurope",
    sku="premium",
    network="public",
    storage_sku="Standard_RAGRS",
    tags={"owner": "omar"},
)


def said(**fields: object) -> InfrastructureRequest:
    whole = {"team": "mint", "environment": "dev", "workload_type": "data_science", **fields}
    return InfrastructureRequest.model_validate(whole)


def stands(
    request: InfrastructureRequest, found: ExistingWorkspace = FOUND, platform: PlatformSettings | None = None
) -> Proposal:
    return as_it_stands(request, found, platform or PlatformSettings(), identity="dep_1", today=date(2026, 11, 29))


@pytest.mark.parametrize(
    ("tags", "environment"),
    [
        ({"environment": "prod"}, "prod"),
        ({"Environment": "Production"}, "prod"),
        ({"ENV": "PRD-EU"}, "prod"),
        ({"environment": "live"}, "prod"),
        ({"environment": "pre-prod"}, "staging"),
        ({"environment": "uat"}, "staging"),
        ({"env": "dev_sandbox"}, "dev"),
        ({"environment": "dev", "env": "prod"}, "prod"),
        ({"environment": "non-prod"}, None),
        ({"environment": "blue"}, None),
        ({"stage": "prod"}, None),
        ({}, None),
    ],
)
def test_the_environment_that_its_own_tags_name(tags: dict[str, str], environment: Environment | None) -> None:
    """In any case and among other words; the strictest where they name several."""
    assert environment_in(tags) == environment


def test_its_own_tag_outranks_what_was_said_and_that_is_told() -> None:
    found = stands(said(), FOUND.model_copy(update={"tags": {"environment": "prod"}}))
    assert (found.decision.environment, found.request.environment) == ("prod", "prod")
    assert [each.because for each in found.decision.assumptions if each.field == "environment"] == [
        "The workspace's own tag in the cloud says so."
    ]


def test_nothing_of_it_is_decided_anew() -> None:
    request = said(environment="staging", network="private_link", region="eastus", workspace_name="dbw-zz9")
    decision = stands(request).decision
    assert decision.model_dump(include={*FOUND.model_dump(), "storage_firewall"} & {*type(decision).model_fields}) == {
        "resource_group_name": "rg-old",
        "region": "westeurope",
        "network": "public",
        "storage_sku": "Standard_RAGRS",
        "storage_firewall": False,
        "tags": {"owner": "omar"},
    }
    assert (decision.workspace_name, decision.is_taken_over, decision.network_details) == ("dbw-old", True, None)
    assert not {each.choice for each in decision.justification} & {"eastus", "private link, public access off"}


def test_it_is_priced_and_checked_as_it_stands() -> None:
    """A network of somebody's own is not charged a NAT gateway of ours, and a rule that it breaks is a warning."""
    own = {"network": "vnet", "virtual_network_id": "/subscriptions/0/vnet", "host_subnet_name": "host"}
    platform = PlatformSettings(policy=Policy(allowed_regions=("eastus",), required_tags=("cost",)))
    found = stands(said(), FOUND.model_copy(update=own), platform)
    assert not [line.item for line in found.cost.lines if "NAT" in line.item]
    rules = {each.rule: each.severity for each in found.findings}
    assert (rules["region-allowed"], rules["tags-required"]) == ("warn", "warn")
    assert found.cost.expected > Decimal(0)


def test_a_tier_that_cannot_be_priced_is_not_taken_over() -> None:
    with pytest.raises(InvalidRequest, match="standard"):
        stands(said(), FOUND.model_copy(update={"sku": "standard"}))
