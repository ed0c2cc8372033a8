"""What the house rules find."""

from datetime import date
from typing import Any

import pytest

from plugins.databricks.proposal import propose
from plugins.domain.errors import ConfigurationError
from plugins.domain.money import rounded
from plugins.domain.platform_settings import PlatformSettings
from plugins.domain.request import InfrastructureRequest

TODAY = date(2026, 11, 24)
NAMED = {"owner": "ana@contoso.com", "cost_center": "4412"}

DEAR: dict[str, object] = {"min_workers": 8, "max_workers": 8, "node_type": "Standard_D16ds_v5"}


def found(policy: dict[str, Any] | None = None, **fields: object) -> dict[str, str]:
    """Rule → severity of every finding for this request under this policy."""
    ground = {"team": "ml", "environment": "dev", "workload_type": "data_engineering", **NAMED}
    request = InfrastructureRequest.model_validate({**ground, **fields})
    platform = PlatformSettings.model_validate({"Policy": policy or {}})
    return {f.rule: f.severity for f in propose(request, platform, identity="x", today=TODAY).findings}


def test_a_plain_request_with_owner_and_cost_centre_has_no_findings() -> None:
    assert found() == {}


@pytest.mark.parametrize(
    ("policy", "fields", "rule", "severity"),
    [
        ({"AllowedRegions": ["westeurope"]}, {}, "region-allowed", "deny"),
        ({"AllowedSizes": ["Standard_D8ds_v5"]}, {}, "size-allowed", "deny"),
        ({}, {"min_workers": 11, "max_workers": 11, "cost_limit": 99_999}, "workers-maximum", "deny"),
        ({"RequiredTags": ["app"]}, {}, "tags-required", "deny"),
        ({"WorkspaceNamePattern": "corp-.*"}, {}, "name-pattern", "deny"),
        ({}, {"max_workers": 3, "cost_limit": 420}, "high-above-limit", "warn"),
        ({}, DEAR | {"cost_limit": 100_000}, "limit_raised", "warn"),
        ({}, DEAR | {"cost_limit": 100_000, "currency": "CHF"}, "limit_raised", "warn"),  # no rate: only ours is known
        ({"Severities": {"limit_raised": "deny"}}, DEAR | {"cost_limit": 100_000}, "limit_raised", "deny"),
        ({}, {"cost_limit": 900, "currency": "CHF"}, "limit-not-compared", "warn"),
        ({}, {"node_type": "Standard_D4ds_v6"}, "price-unknown", "warn"),
        ({}, {"node_type": "Standard_DS3_v2"}, "size-retiring", "warn"),
        ({}, {"additional_requirements": "DBR 14.3"}, "runtime-ending", "warn"),
        ({}, {"environment": "prod", "spot": True}, "spot-in-prod", "warn"),
        ({}, {"environment": "prod"}, "private-link-missing", "warn"),
        ({}, {"network": "private_link"}, "private-link-runner", "warn"),
        ({}, {"owner": None}, "owner-missing", "warn"),
        ({}, {"cost_center": None}, "cost-center-missing", "warn"),
    ],
)
def test_each_rule_finds_what_it_is_for(
    policy: dict[str, Any], fields: dict[str, object], rule: str, severity: str
) -> None:
    assert found(policy, **fields).get(rule) == severity


def test_a_stated_limit_within_the_house_s_raises_nothing() -> None:
    assert "limit_raised" not in found({}, cost_limit=499)


def test_limits_are_compared_in_one_currency() -> None:
    """The house's 500 USD are 460 € at 0.92; of a house that counts in euros without a rate nobody knows."""
    asked = {"team": "ml", "environment": "dev", "workload_type": "data_engineering", "currency": "EUR", **DEAR}
    request = InfrastructureRequest.model_validate({**asked, "cost_limit": 100_000})
    rated = PlatformSettings.model_validate({"Pricing": {"ExchangeRates": {"EUR": "0.92"}}})
    found_ = propose(request, rated, identity="x", today=TODAY)
    (raised,) = [f.message for f in found_.findings if f.rule == "limit_raised"]
    assert found_.cost.currency == "EUR"
    by = rounded(found_.cost.expected - 460)
    assert raised == f"The month is {by:,.2f} EUR above the dev limit of 500.00 USD."
    unrated = PlatformSettings.model_validate({"Defaults": {"Currency": "EUR"}})
    findings = propose(request, unrated, identity="x", today=TODAY).findings
    assert "The dev limit of 500.00 EUR cannot be compared." in [f.message for f in findings]


def test_a_network_that_the_environment_does_not_allow_is_denied() -> None:
    prod = {
        "CostLimit": 3000,
        "Networks": ["private_link"],
        "MaximumWorkers": 9,
        "AutoterminationMinutes": 60,
        "StorageSku": "Standard_GZRS",
        "MaximumExpiryDays": 30,
    }
    policy = {"Environments": {"prod": prod}}
    assert found(policy, environment="prod", network="vnet", expires_in_days=5)["network-allowed"] == "deny"
    assert found(policy, environment="prod")["expiry-maximum"] == "deny"
    assert found(policy, environment="prod", expires_in_days=31)["expiry-maximum"] == "deny"
    assert "expiry-maximum" not in found(policy, environment="prod", expires_in_days=30)


def test_a_house_makes_a_rule_stricter_or_silences_it() -> None:
    assert found({"Severities": {"owner-missing": "deny"}}, owner=None) == {"owner-missing": "deny"}
    assert found({"Severities": {"owner-missing": "off"}}, owner=None) == {}


def test_a_severity_for_an_unknown_rule_is_named_with_the_nearest() -> None:
    with pytest.raises(ConfigurationError, match="Did you mean owner-missing"):
        found({"Severities": {"owner-mising": "deny"}})
