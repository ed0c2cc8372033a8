"""The calls of the plugin protocol as Terraform makes them."""

import pytest
from simulated import GROUP, Caller, workspace

from plugins.deploy.sandbox.values import UNKNOWN, decode, encode, fields

pytestmark = pytest.mark.integration

GROUP_TYPE = "azurerm_resource_group"
WORKSPACE = "azurerm_databricks_workspace"


def test_a_new_group_is_planned_with_its_id_unknown(terraform: Caller) -> None:
    answer = terraform.plan(GROUP_TYPE, {"name": "rg-a", "location": "West Europe"})
    assert decode(answer["planned_state"]["msgpack"]) == {
        "id": UNKNOWN,
        "location": "westeurope",
        "managed_by": None,
        "name": "rg-a",
        "tags": None,
        "timeouts": None,
    }
    assert answer["legacy_type_system"] is True
    assert answer["requires_replace"] == []


def test_a_changed_name_forces_a_replacement_and_a_location_written_differently_does_not(terraform: Caller) -> None:
    before = terraform.group()
    renamed = terraform.plan(GROUP_TYPE, {"name": "rg-b", "location": "West Europe"}, before)
    assert renamed["requires_replace"] == [{"steps": [{"attribute_name": "name"}]}]


def test_a_nested_change_forces_a_replacement_by_its_whole_path(terraform: Caller) -> None:
    terraform.group()
    before = terraform.workspace()
    custom = [{**before["custom_parameters"][0], "vnet_address_prefix": "10.140"}]
    answer = terraform.plan(WORKSPACE, workspace(custom_parameters=custom), before)
    assert answer["requires_replace"] == [
        {
            "steps": [
                {"attribute_name": "custom_parameters"},
                {"element_key_int": 0},
                {"attribute_name": "vnet_address_prefix"},
            ]
        }
    ]


def test_what_is_planned_again_unchanged_is_what_there_is(terraform: Caller) -> None:
    terraform.group()
    before = terraform.workspace()
    answer = terraform.plan(WORKSPACE, workspace(custom_parameters=[]), before)
    assert decode(answer["planned_state"]["msgpack"]) == before


def test_a_destroy_is_planned_as_nothing(terraform: Caller) -> None:
    group = terraform.group()
    answer = terraform.call(
        "PlanResourceChange", GROUP_TYPE, prior_state=group, proposed_new_state=None, config=None, prior_private=b"{}"
    )
    assert answer == {"planned_state": {"msgpack": encode(None)}, "planned_private": b"{}"}


def test_a_refresh_sees_what_was_changed_behind_terraforms_back(terraform: Caller) -> None:
    group = terraform.group()
    terraform.cloud.change(GROUP, {**group, "tags": {"by": "portal"}})
    seen = terraform.read(GROUP_TYPE, group)
    assert seen is not None
    assert seen["tags"] == {"by": "portal"}
    terraform.cloud.remove(GROUP)
    assert terraform.read(GROUP_TYPE, group) is None


def test_waiting_times_are_the_configurations_own_and_survive_a_refresh(terraform: Caller) -> None:
    group = {**terraform.group(), "timeouts": {"create": "5m", "delete": None, "read": None, "update": None}}
    assert terraform.read(GROUP_TYPE, group) == group


def test_an_object_is_imported_by_its_id_whatever_its_case(terraform: Caller) -> None:
    group = terraform.group()
    imported = terraform.call("ImportResourceState", GROUP_TYPE, id=GROUP.upper())["imported_resources"]
    assert [decode(found["state"]["msgpack"]) for found in imported] == [group]


def test_what_does_not_exist_is_imported_by_its_id_and_then_not_read(terraform: Caller) -> None:
    """As with the real providers, so that Terraform itself says which address it was for."""
    (imported,) = terraform.call("ImportResourceState", GROUP_TYPE, id=GROUP)["imported_resources"]
    begun = fields(decode(imported["state"]["msgpack"]))
    assert begun["id"] == GROUP
    assert terraform.read(GROUP_TYPE, begun) is None


def test_an_object_is_imported_as_what_it_is(terraform: Caller) -> None:
    terraform.group()
    answer = terraform.call("ImportResourceState", "azurerm_virtual_network", id=GROUP)
    assert "imported_resources" not in answer


def test_a_state_from_a_file_is_taken_over_with_what_it_lacks(terraform: Caller) -> None:
    """A state file of an older schema lacks attributes; Terraform needs every one of them."""
    state = b'{"id": "/g", "name": "rg-a", "gone": 1}'
    answer = terraform.call("UpgradeResourceState", GROUP_TYPE, raw_state={"json": state})
    assert decode(answer["upgraded_state"]["msgpack"]) == {
        "id": "/g",
        "location": None,
        "managed_by": None,
        "name": "rg-a",
        "tags": None,
        "timeouts": None,
    }


def test_a_wrong_value_is_refused_with_its_path(terraform: Caller) -> None:
    answer = terraform.call("ValidateResourceConfig", WORKSPACE, config=workspace() | {"sku": "gold"})
    assert [(found["summary"], found["attribute"]) for found in answer["diagnostics"]] == [
        (
            'expected sku to be one of ["standard" "premium" "trial"], got gold',
            {"steps": [{"attribute_name": "sku"}]},
        )
    ]


def test_the_client_is_told_who_it_is(terraform: Caller) -> None:
    terraform.configure("azurerm", subscription_id="11111111-1111-1111-1111-111111111111")
    answer = terraform.call("ReadDataSource", "azurerm_client_config", config={})
    told = decode(answer["state"]["msgpack"])
    assert told == {
        "id": "sandbox",
        "client_id": "00000000-0000-0000-0000-000000000000",
        "object_id": "00000000-0000-0000-0000-000000000000",
        "subscription_id": "11111111-1111-1111-1111-111111111111",
        "tenant_id": "00000000-0000-0000-0000-000000000000",
        "timeouts": None,
    }
