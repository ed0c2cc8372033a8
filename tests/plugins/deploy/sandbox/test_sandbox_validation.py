"""What the providers refuse before planning, by the real tables."""

from typing import Any

from plugins.deploy.sandbox.schema import schemas
from plugins.deploy.sandbox.validation import Diagnostic, problems
from plugins.deploy.sandbox.values import UNKNOWN

AZURE = schemas("azurerm").resources
CLUSTER = schemas("databricks").resources["databricks_cluster"][1]


def found(kind: str, **config: Any) -> list[Diagnostic]:
    block = AZURE[kind][1] if kind in AZURE else CLUSTER
    return list(problems(block, config))


def test_a_value_outside_a_closed_list_is_refused_with_the_list() -> None:
    assert found("azurerm_databricks_workspace", sku="gold") == [
        Diagnostic('expected sku to be one of ["standard" "premium" "trial"], got gold', ("sku",))
    ]


def test_a_value_that_is_not_known_yet_is_not_judged() -> None:
    assert found("azurerm_databricks_workspace", sku=UNKNOWN) == []


def test_the_path_of_a_nested_value_says_where_it_stands() -> None:
    delegation = {"name": "d", "service_delegation": [{"name": "Microsoft.Nothing/at-all"}]}
    problem = found("azurerm_subnet", address_prefixes=["10.0.0.0/26"], delegation=[delegation])[0]
    assert problem.path == ("delegation", 0, "service_delegation", 0, "name")


def test_two_that_exclude_each_other_are_both_told() -> None:
    problem = Diagnostic(
        "Conflicting configuration arguments",
        ("instance_pool_id",),
        '"instance_pool_id": conflicts with node_type_id',
    )
    assert problem in found("databricks_cluster", node_type_id="Standard_D4s_v5", instance_pool_id="p")


def test_blocks_exclude_each_other_too() -> None:
    problem = found("databricks_cluster", azure_attributes=[{}], aws_attributes=[{}])[0]
    assert problem.detail == '"aws_attributes": conflicts with azure_attributes'


def test_what_needs_a_companion_names_it() -> None:
    assert found("azurerm_databricks_workspace", sku="premium", access_connector_id="c") == [
        Diagnostic(
            "Missing required argument",
            ("access_connector_id",),
            '"access_connector_id": all of `access_connector_id,default_storage_firewall_enabled` must be specified',
        )
    ]


def test_false_is_a_value() -> None:
    connector = {"access_connector_id": "c", "default_storage_firewall_enabled": False}
    assert found("azurerm_databricks_workspace", sku="premium", **connector) == []


def test_exactly_one_of_several_is_needed() -> None:
    neither = found("azurerm_virtual_network")
    assert [problem.detail for problem in neither] == [
        '"address_space": one of `address_space,ip_address_pool` must be specified'
    ]
    both = found("azurerm_virtual_network", address_space=["10.0.0.0/16"], ip_address_pool=[{"id": "x"}])
    assert [problem.summary for problem in both] == ["Invalid combination of arguments"]


def test_a_diagnostic_setting_needs_something_to_send_and_somewhere_to_send_it() -> None:
    details = [problem.detail for problem in found("azurerm_monitor_diagnostic_setting")]
    destinations = "eventhub_authorization_rule_id,log_analytics_workspace_id,storage_account_id,partner_solution_id"
    assert details == [
        f'"eventhub_authorization_rule_id": one of `{destinations}` must be specified',
        '"enabled_log": one of `enabled_log,enabled_metric` must be specified',
    ]
