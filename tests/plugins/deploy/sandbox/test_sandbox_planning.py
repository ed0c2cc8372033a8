"""The planning rules that make the sandbox's plan equal to the real providers'."""

from typing import Any

from plugins.deploy.sandbox.planning import ProposedChange, filled, planned, replacements
from plugins.deploy.sandbox.schema import Attribute, Block, Nested
from plugins.deploy.sandbox.values import UNKNOWN, Object


def attribute(flags: str, kind: str = "string", **extra: Any) -> Attribute:
    return Attribute(kind, b"", flags, extra)


def nested(mode: str, flags: str = "", **attributes: Attribute) -> Block:
    return Block({}, {"part": Nested(mode, 0, 0, flags, Block(attributes, {}), {})})


def plan(block: Block, config: Object, prior: Object | None = None, proposed: Object | None = None) -> Object:
    return planned(block, ProposedChange(config, prior, {**config, **(proposed or {})}))


def one(**attributes: Attribute) -> Block:
    return Block(attributes, {})


def test_an_unset_attribute_takes_its_default() -> None:
    assert plan(one(sku=attribute("o", default="premium")), {"sku": None}) == {"sku": "premium"}


def test_a_default_is_not_planned_where_differences_are_suppressed() -> None:
    assert plan(one(pinned=attribute("oq", "bool", default=False)), {"pinned": None}) == {"pinned": None}


def test_what_the_cloud_computes_is_unknown_on_create() -> None:
    assert plan(one(url=attribute("c")), {"url": None}) == {"url": UNKNOWN}


def test_what_the_cloud_computed_is_kept_on_update() -> None:
    assert plan(one(url=attribute("c")), {"url": None}, {"url": "adb-1"}, {"url": "adb-1"}) == {"url": "adb-1"}


def test_an_unset_attribute_whose_value_was_zero_keeps_it() -> None:
    block = one(name=attribute("o"), tags=attribute("o", "map"))
    assert plan(block, {"name": None, "tags": None}, {"name": "", "tags": {}}) == {"name": "", "tags": {}}


def test_an_attribute_that_is_set_no_more_is_null_and_a_map_empty() -> None:
    block = one(rules=attribute("o"), tags=attribute("o", "map"))
    assert plan(block, {"rules": None, "tags": None}, {"rules": "all", "tags": {"a": "b"}}) == {
        "rules": None,
        "tags": {},
    }


def test_an_attribute_whose_difference_is_suppressed_keeps_its_value() -> None:
    assert plan(one(price=attribute("oq", "number")), {"price": None}, {"price": -1}) == {"price": -1}


def test_write_only_values_are_never_planned() -> None:
    assert plan(one(secret=attribute("ow")), {"secret": "x"}) == {"secret": None}


def test_a_list_with_an_unknown_element_is_unknown_as_a_whole() -> None:
    assert plan(one(ids=attribute("o", "list")), {"ids": ["a", UNKNOWN]}) == {"ids": UNKNOWN}


def test_locations_are_planned_as_azure_writes_them() -> None:
    assert plan(one(location=attribute("rfl")), {"location": "West Europe"}) == {"location": "westeurope"}


def test_an_absent_computed_block_is_unknown_on_create_and_kept_on_update() -> None:
    block = nested("list", "c", name=attribute("o"))
    assert plan(block, {"part": []}) == {"part": UNKNOWN}
    prior: Object = {"part": [{"name": "x"}]}
    assert plan(block, {"part": []}, prior) == {"part": [{"name": "x"}]}


def test_inside_a_list_block_what_is_computed_keeps_its_prior_value() -> None:
    block = nested("list", "c", name=attribute("o"), made=attribute("oc"))
    config: Object = {"part": [{"name": "new", "made": None}]}
    prior: Object = {"part": [{"name": "old", "made": "m"}]}
    assert plan(block, config, prior) == {"part": [{"name": "new", "made": "m"}]}


def test_inside_a_set_block_unset_is_zero() -> None:
    block = nested("set", "", name=attribute("r"), note=attribute("o"), level=attribute("o", "number"))
    config: Object = {"part": [{"name": "x", "note": None, "level": None}]}
    assert plan(block, config) == {"part": [{"name": "x", "note": "", "level": 0}]}


def test_an_absent_single_block_stays_absent() -> None:
    assert plan(nested("single", "", create=attribute("o")), {"part": None}) == {"part": None}


def test_a_single_block_is_planned_with_what_it_lacks() -> None:
    block = nested("single", "", create=attribute("o"), delete=attribute("o", default="30m"))
    assert plan(block, {"part": {"create": "5m"}}) == {"part": {"create": "5m", "delete": "30m"}}


def test_an_unknown_block_stays_unknown() -> None:
    assert plan(nested("list", "", name=attribute("o")), {"part": UNKNOWN}) == {"part": UNKNOWN}


def test_a_change_of_what_cannot_be_changed_forces_a_replacement() -> None:
    block = one(name=attribute("rf"), tags=attribute("o", "map"))
    before: Object = {"name": "a", "tags": {}}
    after: Object = {"name": "b", "tags": {"x": "y"}}
    assert list(replacements(block, before, after)) == [("name",)]


def test_nothing_and_zero_are_the_same() -> None:
    assert list(replacements(one(zone=attribute("of")), {"zone": ""}, {"zone": None})) == []


def test_a_value_that_becomes_unknown_forces_a_replacement() -> None:
    assert list(replacements(one(group=attribute("rf")), {"group": "a"}, {"group": UNKNOWN})) == [("group",)]


def test_a_replacement_inside_a_list_block_is_told_with_its_path() -> None:
    block = nested("list", "", subnet=attribute("of"), size=attribute("o"))
    before: Object = {"part": [{"subnet": "a", "size": "1"}]}
    after: Object = {"part": [{"subnet": "b", "size": "2"}]}
    assert list(replacements(block, before, after)) == [("part", 0, "subnet")]


def test_a_block_that_is_added_or_removed_forces_a_replacement_by_what_it_holds() -> None:
    block = nested("list", "", subnet=attribute("of"))
    assert list(replacements(block, {"part": []}, {"part": [{"subnet": "a"}]})) == [("part", 0, "subnet")]
    assert list(replacements(block, {"part": [{"subnet": "a"}]}, {"part": []})) == [("part", 0, "subnet")]


def test_a_replacement_inside_a_set_is_told_with_the_set() -> None:
    block = nested("set", "", name=attribute("rf"))
    assert list(replacements(block, {"part": [{"name": "a"}]}, {"part": [{"name": "b"}]})) == [("part",)]
    assert list(replacements(block, {"part": [{"name": "a"}]}, {"part": [{"name": "a"}]})) == []


def test_after_apply_unknowns_hold_what_the_cloud_reports() -> None:
    block = one(url=attribute("c"), tags=attribute("c", "map"), name=attribute("r"))
    plan_of: Object = {"url": UNKNOWN, "tags": UNKNOWN, "name": "n"}
    assert filled(block, plan_of, {"url": "adb-1", "name": "other"}) == {"url": "adb-1", "tags": {}, "name": "n"}


def test_after_apply_an_unknown_block_is_the_one_reported() -> None:
    block = nested("list", "c", made=attribute("c"), given=attribute("o"))
    assert filled(block, {"part": UNKNOWN}, {"part": [{"made": "m"}]}) == {"part": [{"made": "m", "given": None}]}


def test_what_was_removed_does_not_come_back() -> None:
    assert filled(one(tags=attribute("o", "map")), {"tags": None}, {"tags": {"a": "b"}}) == {"tags": None}
