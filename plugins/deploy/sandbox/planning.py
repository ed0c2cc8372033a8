"""What the real providers would plan. Pure.

Five rules make the plan equal to theirs (terraform facts, section 4.3): an unset attribute takes its default; one
that the cloud computes is unknown on create and keeps its prior value on update, and so does an unset computed
block; an unset one whose prior value is zero keeps it; inside sets unset is zero; a collection with an unknown
element is unknown as a whole.
"""

# Terraform's values have no static type: what a schema says of them is known at run time only.
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false, reportUnknownMemberType=false

from collections.abc import Iterator
from typing import Any

from plugins.deploy.sandbox.schema import Attribute, Block, Nested
from plugins.deploy.sandbox.values import UNKNOWN, Value

Path = tuple[str | int, ...]
Object = dict[str, Any]

_ZEROES: tuple[Value, ...] = ("", 0, False, [], {})


def planned(block: Block, config: Object, prior: Object | None, proposed: Object, *, in_set: bool = False) -> Object:
    """The object after apply, as far as it can be told before: every attribute and block is present."""
    out: Object = {
        name: _attribute(attribute, config.get(name), proposed.get(name), name, prior, in_set=in_set)
        for name, attribute in block.attributes.items()
    }
    for name, nested in block.blocks.items():
        out[name] = _blocks(nested, config.get(name), proposed.get(name), name, prior, in_set=in_set)
    return out


def replacements(block: Block, prior: Object, new: Object, path: Path = ()) -> Iterator[Path]:
    """The paths whose change forces the resource to be replaced."""
    for name, attribute in block.attributes.items():
        if "f" in attribute.flags and prior.get(name) != new.get(name):
            yield (*path, name)
    for name, nested in block.blocks.items():
        before, after = prior.get(name), new.get(name)
        if "f" in nested.flags and before != after:
            yield (*path, name)
        elif nested.mode == "list" and isinstance(before, list) and isinstance(after, list):
            for index, (one, other) in enumerate(zip(before, after, strict=False)):
                if isinstance(one, dict) and isinstance(other, dict):
                    yield from replacements(nested.block, one, other, (*path, name, index))


def filled(block: Block, plan: Object, reported: Object) -> Object:
    """The planned object with what the cloud reports in the place of unknowns."""
    out: Object = {}
    for name, attribute in block.attributes.items():
        value = plan.get(name)
        if value is UNKNOWN or (value is None and name in reported):
            value = reported.get(name, attribute.empty)
        out[name] = None if attribute.write_only else value
    for name, nested in block.blocks.items():
        out[name] = _filled_blocks(nested, plan.get(name), reported.get(name))
    return out


def _attribute(
    attribute: Attribute, config: Value, proposed: Value, name: str, prior: Object | None, *, in_set: bool
) -> Value:
    if attribute.write_only:
        return None
    if config is not None:
        return UNKNOWN if isinstance(proposed, list) and any(item is UNKNOWN for item in proposed) else proposed
    if attribute.has_default:
        return attribute.default
    if attribute.computed:
        if prior is None:
            return UNKNOWN
        return prior.get(name) if proposed is None else proposed
    if proposed is not None:
        return proposed
    before = None if prior is None else prior.get(name)
    if before is not None and before in _ZEROES:
        return before
    return attribute.zero if in_set else None


def _blocks(nested: Nested, config: Value, proposed: Value, name: str, prior: Object | None, *, in_set: bool) -> Value:
    if nested.mode in ("single", "group"):
        inner = None if prior is None else prior.get(name)
        return None if proposed is None else planned(nested.block, config or {}, inner, proposed)
    if nested.mode == "map":
        return {
            key: planned(nested.block, (config or {}).get(key, {}), None, item)
            for key, item in (proposed or {}).items()
        }
    if proposed is UNKNOWN:
        return UNKNOWN
    if not config and "c" in nested.flags:
        return UNKNOWN if prior is None else prior.get(name) or []
    before = prior.get(name) if prior is not None and nested.mode == "list" else None
    return [
        item if item is UNKNOWN else planned(
            nested.block,
            _at(config, index) if nested.mode == "list" else item,
            _at(before, index) or None,
            item,
            in_set=in_set or nested.mode == "set",
        )
        for index, item in enumerate(proposed or [])
    ]  # fmt: skip


def _filled_blocks(nested: Nested, plan: Value, reported: Value) -> Value:
    if nested.mode in ("single", "group"):
        return None if plan is None or plan is UNKNOWN else filled(nested.block, plan, reported or {})
    if nested.mode == "map":
        return {key: filled(nested.block, item, {}) for key, item in (plan or {}).items()}
    if plan is UNKNOWN or not plan:
        plan, reported = reported or [], None
    return [filled(nested.block, item, _at(reported, index)) for index, item in enumerate(plan)]


def _at(items: Value, index: int) -> Object:
    return items[index] if isinstance(items, list) and index < len(items) and isinstance(items[index], dict) else {}
