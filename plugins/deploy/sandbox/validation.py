"""What the real providers refuse before planning: values out of a closed list, conflicts, missing companions. Pure."""

# Terraform's values have no static type: what a schema says of them is known at run time only.
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false, reportUnknownMemberType=false

from collections.abc import Iterator
from typing import Any

from plugins.deploy.sandbox.planning import Object, Path
from plugins.deploy.sandbox.schema import Block
from plugins.deploy.sandbox.values import Value


def problems(block: Block, config: Object, root: Object | None = None, path: Path = ()) -> Iterator[tuple[str, Path]]:
    """Sentence and path of each thing that is wrong, in the providers' own words."""
    whole = config if root is None else root
    for name, attribute in block.attributes.items():
        value = config.get(name)
        if value is None:
            continue
        here = (*path, name)
        allowed = attribute.extra.get("allowed")
        if allowed and isinstance(value, str) and value not in allowed:
            told = " ".join(f'"{item}"' for item in allowed)
            yield f"expected {name} to be one of [{told}], got {value}", here
        yield from _companions(attribute.extra, whole, here)
    for name, nested in block.blocks.items():
        items: Any = config.get(name)
        for index, item in enumerate(items if isinstance(items, list) else []):
            if isinstance(item, dict):
                yield from problems(nested.block, item, whole, (*path, name, index))


def _companions(extra: Any, whole: Object, path: Path) -> Iterator[tuple[str, Path]]:
    dotted = ".".join(str(step) for step in path)
    for other in extra.get("conflicts", ()):
        if other != dotted and _at(whole, other) not in (None, [], {}):
            yield f'"{dotted}": conflicts with {other}', path
    for other in extra.get("with", ()):
        if _at(whole, other) is None:
            yield f'"{dotted}": all of `{dotted},{other}` must be specified', path


def _at(whole: Object, dotted: str) -> Value:
    value: Value = whole
    for step in dotted.split("."):
        if isinstance(value, list):
            value = value[int(step)] if step.isdigit() and int(step) < len(value) else None
        elif isinstance(value, dict):
            value = value.get(step)
        else:
            return value
    return value
