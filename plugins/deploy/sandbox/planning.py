"""What the real providers would plan. Pure.

Five rules make the plan equal to theirs, measured against azurerm 5.2.0 and databricks 1.128.0 on 2026-11-22: an
unset attribute takes its default; one that the cloud computes is unknown on create and keeps its prior value on
update, and so does an unset computed block; an unset one whose prior value is zero keeps it; inside sets unset is
zero; a collection with an unknown element is unknown as a whole. Locations are compared without case and blanks.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import zip_longest

from plugins.deploy.sandbox.schema import Attribute, Block, Nested
from plugins.deploy.sandbox.values import UNKNOWN, Object, Value, element, elements, fields

Path = tuple[str | int, ...]

_ZEROES: tuple[Value, ...] = ("", 0, False, [], {})


@dataclass(frozen=True)
class ProposedChange:
    """One object as Terraform tells of it: configured, as it was (None on create), and proposed by the core."""

    config: Object
    prior: Object | None
    proposed: Object
    in_set: bool = False

    def below(self, name: str, index: int, nested: Nested) -> "ProposedChange":
        """The change of one element of a nested block. Elements of sets have no history of their own."""
        proposed = element(self.proposed.get(name), index)
        # An element of a set has no identity: nothing says which one before it was.
        if nested.mode == "set":
            return ProposedChange(proposed, None, proposed, in_set=True)
        prior = None if self.prior is None else element(self.prior.get(name), index) or None
        return replace(self, config=element(self.config.get(name), index), prior=prior, proposed=proposed)


def planned(block: Block, change: ProposedChange) -> Object:
    """The object after apply, as far as it can be told before: every attribute and block is present."""
    out: Object = {name: _attribute(name, attribute, change) for name, attribute in block.attributes.items()}
    for name, nested in block.blocks.items():
        out[name] = _blocks(name, nested, change)
    return out


def replacements(block: Block, prior: Object, new: Object, path: Path = ()) -> Iterator[Path]:
    """The paths whose change forces the resource to be replaced. For a block in a set it is the set's path."""
    for name, attribute in block.attributes.items():
        if "f" in attribute.flags and not _same(prior.get(name), new.get(name)):
            yield (*path, name)
    for name, nested in block.blocks.items():
        yield from _nested_replacements(nested, prior.get(name), new.get(name), (*path, name))


def filled(block: Block, plan: Object, reported: Object) -> Object:
    """The planned object with what the cloud reports in the place of unknowns."""
    out: Object = {}
    for name, attribute in block.attributes.items():
        value = plan.get(name)
        if value is UNKNOWN:
            value = reported.get(name, attribute.empty)
        out[name] = None if attribute.write_only else value
    for name, nested in block.blocks.items():
        out[name] = _filled_blocks(nested, plan.get(name), reported.get(name))
    return out


def location(value: Value) -> Value:
    """As azurerm keeps it: "West Europe" is "westeurope"."""
    return value.replace(" ", "").lower() if isinstance(value, str) else value


def _attribute(name: str, attribute: Attribute, change: ProposedChange) -> Value:
    if attribute.write_only:
        return None
    proposed: Value = change.proposed.get(name)
    if change.config.get(name) is not None:
        return _configured(attribute, proposed)
    before: Value = None if change.prior is None else change.prior.get(name)
    if attribute.has_default:
        return attribute.default
    if attribute.computed:
        if proposed is not None:
            return proposed
        return UNKNOWN if change.prior is None else before
    # The SDK cannot tell an unset zero from a set one, so it plans no change between them; a difference that it
    # suppresses it does not plan either, but of a map it compares the elements.
    if before is not None and (before in _ZEROES or ("q" in attribute.flags and attribute.kind != "map")):
        return before
    if before is not None and attribute.kind == "map":
        return {}
    return attribute.zero if change.in_set else proposed


def _configured(attribute: Attribute, proposed: Value) -> Value:
    # One unknown element makes the whole collection unknown to the SDK.
    if any(item is UNKNOWN for item in elements(proposed)):
        return UNKNOWN
    return location(proposed) if "l" in attribute.flags else proposed


def _blocks(name: str, nested: Nested, change: ProposedChange) -> Value:
    proposed: Value = change.proposed.get(name)
    if nested.mode in ("single", "group"):
        return None if proposed is None else planned(nested.block, _inside(name, change))
    if nested.mode == "map":
        return {key: planned(nested.block, ProposedChange(item, None, item)) for key, item in fields(proposed).items()}
    if proposed is UNKNOWN:
        return UNKNOWN
    if not change.config.get(name) and "c" in nested.flags:
        return UNKNOWN if change.prior is None else elements(change.prior.get(name))
    return [
        UNKNOWN if item is UNKNOWN else planned(nested.block, change.below(name, index, nested))
        for index, item in enumerate(elements(proposed))
    ]


def _inside(name: str, change: ProposedChange) -> ProposedChange:
    prior = None if change.prior is None else fields(change.prior.get(name)) or None
    return replace(
        change, config=fields(change.config.get(name)), prior=prior, proposed=fields(change.proposed.get(name))
    )


def _nested_replacements(nested: Nested, before: Value, after: Value, path: Path) -> Iterator[Path]:
    if _same(before, after):
        return
    if "f" in nested.flags:
        yield path
    elif nested.mode == "set":
        ones, others = elements(before), elements(after)
        changed = [item for item in ones if item not in others] + [item for item in others if item not in ones]
        if any(True for item in changed for _ in replacements(nested.block, {}, fields(item))):
            yield path
    elif nested.mode == "list" and after is not UNKNOWN:
        for index, (one, other) in enumerate(zip_longest(elements(before), elements(after))):
            yield from replacements(nested.block, fields(one), fields(other), (*path, index))


def _same(before: Value, after: Value) -> bool:
    """Equal, where nothing and zero are equal too, as they are to the providers' SDK."""
    return before == after or ((before is None or before in _ZEROES) and (after is None or after in _ZEROES))


def _filled_blocks(nested: Nested, plan: Value, reported: Value) -> Value:
    if nested.mode in ("single", "group"):
        return filled(nested.block, plan, fields(reported)) if isinstance(plan, dict) else None
    if nested.mode == "map":
        return {key: filled(nested.block, item, {}) for key, item in fields(plan).items()}
    if plan is UNKNOWN:
        return [filled(nested.block, item, {}) for item in elements(reported)]
    return [filled(nested.block, item, element(reported, index)) for index, item in enumerate(elements(plan))]
