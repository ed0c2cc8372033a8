"""The providers' own rules of names, in their own sentences."""

import pytest

from plugins.deploy.sandbox.naming import refusals
from plugins.deploy.sandbox.values import UNKNOWN

LOGS = "name can only contain alphabet, number, and '-' character. You can not use '-' as the start and end of the name"


@pytest.mark.parametrize(
    ("kind", "name", "sentences"),
    [
        ("azurerm_databricks_workspace", "ab", ['"name" must be at least 3 characters: "ab"']),
        (
            "azurerm_databricks_workspace",
            "my workspace",
            ['"name" can contain only alphanumeric characters, underscores, and hyphens: "my workspace"'],
        ),
        ("azurerm_log_analytics_workspace", "dbw_a-logs", [LOGS]),
        ("azurerm_log_analytics_workspace", "w" * 64, ["name can only be between 4 and 63 letters"]),
        ("azurerm_resource_group", "rg.", ['"name" may not end with a period']),
        (
            "databricks_cluster_policy",
            "p" * 101,
            [f"expected length of name to be in the range (1 - 100), got {'p' * 101}"],
        ),
        ("azurerm_virtual_network", "dbw-a-vnet", []),
        ("azurerm_databricks_workspace", UNKNOWN, []),
        ("databricks_cluster", "anything at all!", []),
    ],
)
def test_what_a_name_is_refused_for(kind: str, name: object, sentences: list[str]) -> None:
    assert list(refusals(kind, {"name": name})) == sentences


@pytest.mark.parametrize("name", ["_a-nat", "a-", "n" * 81, ""])
def test_what_a_network_name_must_begin_and_end_with(name: str) -> None:
    for kind in ("azurerm_nat_gateway", "azurerm_subnet", "azurerm_private_endpoint"):
        assert list(refusals(kind, {"name": name})), kind
