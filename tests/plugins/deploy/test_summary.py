"""A plan's JSON as people and rules read it."""

from typing import Any

from plugins.deploy.summary import beyond, drifted, imported, refreshed, resized_in_use, resource_changes
from plugins.domain.plan import ResourceAction, ResourceChange


def change(name: str, action: ResourceAction) -> ResourceChange:
    return ResourceChange(address=f"t.{name}", type="t", name=name, action=action)


def shown(name: str, *actions: str, **rest: Any) -> dict[str, Any]:
    return {
        "address": f"t.{name}",
        "mode": "managed",
        "type": "t",
        "name": name,
        "change": {"actions": list(actions), **rest},
    }


APPROVED = (change("a", "create"), change("b", "replace"), change("c", "delete"))


def test_the_same_actions_on_the_same_resources_are_within_what_was_approved() -> None:
    assert beyond(APPROVED[1:], APPROVED) == ()


def test_of_a_replacement_the_creation_may_be_what_is_left() -> None:
    assert beyond((change("b", "create"),), APPROVED) == ()
    assert beyond((change("b", "delete"),), APPROVED) == (change("b", "delete"),)


def test_a_tainted_resource_another_action_and_another_resource_are_more_than_was_approved() -> None:
    more = (change("a", "replace"), change("a", "update"), change("c", "create"), change("d", "create"))
    assert beyond(more, APPROVED) == more


def test_what_is_taken_over_without_a_change_is_told_apart_from_the_changes() -> None:
    plan = {
        "resource_changes": [
            shown("a", "no-op", importing={"id": "x"}),
            shown("b", "update", importing={"id": "y"}),
            shown("c", "create"),
        ]
    }
    assert [each.address for each in imported(plan)] == ["t.a", "t.b"]
    assert [(each.address, each.action) for each in resource_changes(plan)] == [("t.b", "update"), ("t.c", "create")]


def test_drift_tells_names_and_never_values() -> None:
    plan = {
        "resource_drift": [
            shown("b", "delete", before={"tags": "s3cret"}, after=None),
            shown("a", "update", before={"id": 1, "tags": "s3cret", "gone": 1}, after={"id": 1, "tags": "other"}),
        ]
    }
    assert [(each.address, each.what, each.attributes) for each in drifted(plan)] == [
        ("t.a", "changed", ("gone", "tags")),
        ("t.b", "deleted", ()),
    ]


def test_what_a_neighbour_did_or_what_passes_by_itself_is_no_drift() -> None:
    """A subnet learns of its security group after it was made; a cluster stops when nobody uses it."""
    subnet = shown(
        "subnet", "update", before={"network_security_group_id": ""}, after={"network_security_group_id": "n"}
    )
    cluster = shown("cluster", "update", before={"state": "RUNNING"}, after={"state": "TERMINATED", "num_workers": 9})
    changes = [{**subnet, "type": "azurerm_subnet"}, {**cluster, "type": "databricks_cluster"}]
    assert [(each.type, each.attributes) for each in drifted({"resource_drift": changes})] == [
        ("databricks_cluster", ("num_workers",))
    ]


def test_a_plan_that_destroys_is_held_against_the_state_itself() -> None:
    """Terraform tells of no drift there: what is gone and what differs is seen in what the plan looked at."""

    def held(name: str, **values: Any) -> dict[str, Any]:
        return {"mode": "managed", "type": "t", "name": name, "instances": [{"attributes": values}]}

    state = {"resources": [held("same", a=1), held("other", a=1, b=1), held("gone", a=1)]}
    looked = [
        {"address": f"t.{name}", "mode": "managed", "values": values}
        for name, values in (("same", {"a": 1}), ("other", {"a": 1, "b": 2}))
    ]
    drift = refreshed(state, {"prior_state": {"values": {"root_module": {"resources": looked}}}})
    assert [(each.address, each.what, each.attributes) for each in drift] == [
        ("t.gone", "deleted", ()),
        ("t.other", "changed", ("b",)),
    ]


def resizing(before: list[str], after: list[str], *, stands: bool = True) -> dict[str, Any]:
    subnet = shown(
        "h", "update", before={"name": "host", "address_prefixes": before}, after={"address_prefixes": after}
    )
    workspace = shown("this", "no-op", before={"name": "dbw"} if stands else None)
    changes = [{**subnet, "type": "azurerm_subnet"}, {**workspace, "type": "azurerm_databricks_workspace"}]
    return {"resource_changes": changes}


def test_a_subnet_that_would_lose_addresses_while_nodes_are_in_it_is_named() -> None:
    assert resized_in_use(resizing(["10.20.0.0/26"], ["10.20.0.0/24"])) == "host"


def test_a_subnet_may_gain_addresses_and_change_while_nobody_is_in_it() -> None:
    assert resized_in_use(resizing(["10.20.0.0/26"], ["10.20.0.0/26", "10.20.4.0/24"])) is None
    assert resized_in_use(resizing(["10.20.0.0/26"], ["10.20.0.0/24"], stands=False)) is None
