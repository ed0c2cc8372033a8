"""What is called after a workspace: the plain name where it may stand, another one that stays the same where not."""

import random
import string

from plugins.deploy.sandbox.naming import refusals
from plugins.domain.azure_names import names_after, shortened, workspace_name_like

TYPES = {
    "access": "azurerm_databricks_access_connector",
    "browser_authentication": "azurerm_private_endpoint",
    "container": "azurerm_subnet",
    "databricks_ui_api": "azurerm_private_endpoint",
    "diagnostics": "azurerm_monitor_diagnostic_setting",
    "dns": "azurerm_private_dns_zone_virtual_network_link",
    "egress": "azurerm_public_ip",
    "endpoints": "azurerm_subnet",
    "host": "azurerm_subnet",
    "logs": "azurerm_log_analytics_workspace",
    "managed": "azurerm_consumption_budget_resource_group",
    "nat": "azurerm_nat_gateway",
    "nsg": "azurerm_network_security_group",
    "vnet": "azurerm_virtual_network",
    "workspace": "azurerm_consumption_budget_resource_group",
}


def test_a_name_that_every_rule_takes_is_only_given_its_suffix() -> None:
    names = names_after("dbw-ml-dev")
    assert names["logs"] == "dbw-ml-dev-logs"
    assert names["databricks_ui_api"] == "dbw-ml-dev-databricks-ui-api"
    assert names.keys() == TYPES.keys()


def test_what_does_not_belong_is_replaced_and_a_hash_keeps_two_apart() -> None:
    assert names_after("dbw_ml_dev")["logs"] == "dbw-ml-dev-abf05e-logs"
    assert names_after("dbw_ml-dev")["logs"] != names_after("dbw_ml_dev")["logs"]
    assert names_after("_ml")["nat"].startswith("ml-")
    assert names_after("---")["nat"].startswith("w-")


def test_a_name_of_64_characters_fits_everywhere() -> None:
    names = names_after("w" * 64)
    assert [len(names[key]) for key in ("logs", "access", "vnet", "managed", "nat")] == [63, 64, 64, 63, 68]


def test_no_workspace_name_gives_a_name_that_the_providers_refuse() -> None:
    """Ten thousand names that a workspace may have."""
    choose = random.Random(16)  # noqa: S311 - the same names each time
    for _ in range(10_000):
        name = "".join(choose.choices(string.ascii_letters + string.digits + "--__", k=choose.randint(3, 64)))
        for key, derived in names_after(name).items():
            assert list(refusals(TYPES[key], {"name": derived})) == [], (name, key)


def test_a_long_name_is_cut_and_keeps_a_hash_of_the_whole() -> None:
    assert shortened("a-name", 6) == "a-name"
    one, other = shortened("policy-" + "x" * 200, 100), shortened("policy-" + "x" * 201, 100)
    assert len(one) == len(other) == 100
    assert one != other


def test_a_refused_name_comes_with_one_that_would_do() -> None:
    assert workspace_name_like("my workspace!") == "my-workspace"
    assert workspace_name_like("ab") == "dbw-ab"
    assert workspace_name_like("!!") == "dbw"
    assert len(workspace_name_like("n" * 300)) == 64
