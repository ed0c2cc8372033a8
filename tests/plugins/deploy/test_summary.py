"""A plan's JSON as people and rules read it."""

from typing import Any

from plugins.deploy.summary import beyond, drifted, imported, resource_changes
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
