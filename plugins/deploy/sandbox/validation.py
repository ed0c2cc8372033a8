"""What the real providers refuse before planning: closed lists, conflicts, companions. Pure.

What Terraform's core checks by the schema (required, types, how many blocks) is left to it. Sentences: terraform-
plugin-sdk v2, helper/schema and helper/validation.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from plugins.deploy.sandbox.planning import Path
from plugins.deploy.sandbox.schema import Block
from plugins.deploy.sandbox.values import UNKNOWN, Object, Value, at, elements, fields


@dataclass(frozen=True)
class Diagnostic:
    summary: str
    path: Path
    detail: str = ""


def problems(block: Block, config: Object) -> Iterator[Diagnostic]:
    """What is wrong with this configuration, in the providers' own words."""
    yield from _problems(block, config, config, ())


def _problems(block: Block, config: Object, whole: Object, path: Path) -> Iterator[Diagnostic]:
    for name, attribute in block.attributes.items():
        value = config.get(name)
        yield from _not_allowed(name, attribute.extra.get("allowed"), value, (*path, name))
        yield from _companions(attribute.extra, whole, (*path, name), is_set=_is_set(value))
    for name, nested in block.blocks.items():
        value = config.get(name)
        yield from _companions(nested.extra, whole, (*path, name), is_set=_is_set(value))
        for index, item in enumerate(elements(value)):
            yield from _problems(nested.block, fields(item), whole, (*path, name, index))


def _not_allowed(name: str, allowed: list[str] | None, value: Value, path: Path) -> Iterator[Diagnostic]:
    if allowed and isinstance(value, str) and value not in allowed:
        choices = " ".join(f'"{item}"' for item in allowed)
        yield Diagnostic(f"expected {name} to be one of [{choices}], got {value}", path)


def _companions(extra: Mapping[str, Any], whole: Object, path: Path, *, is_set: bool) -> Iterator[Diagnostic]:
    own = ".".join(str(step) for step in path)
    if is_set:
        for other in extra.get("conflicts", ()):
            if other != own and _is_set(at(whole, other)):
                yield Diagnostic("Conflicting configuration arguments", path, f'"{own}": conflicts with {other}')
        missing = [other for other in extra.get("with", ()) if at(whole, other) is None]
        if missing:
            names = ",".join((own, *extra["with"]))
            yield Diagnostic("Missing required argument", path, f'"{own}": all of `{names}` must be specified')
    yield from _counted(extra, whole, path, own)


def _counted(extra: Mapping[str, Any], whole: Object, path: Path, own: str) -> Iterator[Diagnostic]:
    """Said once a group, at the first of its names."""
    for key, most in (("one_of", 1), ("any_of", None)):
        names = extra.get(key, ())
        if not names or names[0] != own:
            continue
        listing = ",".join(names)
        count = sum(_is_set(at(whole, name)) for name in names)
        if not count:
            yield Diagnostic("Missing required argument", path, f'"{own}": one of `{listing}` must be specified')
        elif most is not None and count > most:
            yield Diagnostic(
                "Invalid combination of arguments", path, f'"{own}": only one of `{listing}` can be specified'
            )


def _is_set(value: Value) -> bool:
    return value is UNKNOWN or value not in (None, [], {})
