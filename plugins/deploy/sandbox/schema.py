"""The compact schema tables as objects, and as the wire form that Terraform asks for."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from plugins.deploy.sandbox.values import Value

_NESTING = {"single": 1, "list": 2, "set": 3, "map": 4, "group": 5}
_ZERO: Mapping[str, Value] = {"string": "", "number": 0, "bool": False}


@dataclass(frozen=True)
class Attribute:
    """`kind` is Terraform's type ("string", "list", "map"…), `type_json` all of it; `flags` and `extra` as in
    `compact`.
    """

    kind: str
    type_json: bytes
    flags: str
    extra: Mapping[str, Any]

    @property
    def computed(self) -> bool:
        return "c" in self.flags

    @property
    def write_only(self) -> bool:
        return "w" in self.flags

    @property
    def zero(self) -> Value:
        """What an unset value is inside a set: the zero of its kind."""
        return _ZERO.get(self.kind, self._nothing)

    @property
    def empty(self) -> Value:
        """What the cloud reports when it has nothing to report."""
        return None if self.kind in _ZERO else self._nothing

    @property
    def _nothing(self) -> Value:
        return {} if self.kind == "map" else []

    @property
    def default(self) -> Value:
        value = self.extra.get("default")
        return float(value) if self.kind == "number" and isinstance(value, str) else value

    @property
    def has_default(self) -> bool:
        """A default that the provider plans; where differences are suppressed it does not."""
        return "default" in self.extra and "q" not in self.flags


@dataclass(frozen=True)
class Nested:
    """A block inside a block; `mode` is list, set, single, map or group."""

    mode: str
    least: int
    most: int
    flags: str
    block: "Block"
    extra: Mapping[str, Any]


@dataclass(frozen=True)
class Block:
    attributes: Mapping[str, Attribute]
    blocks: Mapping[str, Nested]


@dataclass(frozen=True)
class Schemas:
    """What one provider serves: its own configuration, and version and block of each type."""

    provider: Block
    resources: Mapping[str, tuple[int, Block]]
    data: Mapping[str, tuple[int, Block]]


@cache
def schemas(provider: str) -> Schemas:
    """The tables of "azurerm" or "databricks"."""
    table = json.loads((Path(__file__).parent / "schemas" / f"{provider}.json").read_text("utf-8"))
    return Schemas(
        provider=_block(table["provider"]),
        resources={name: (version, _block(block)) for name, (version, block) in table["resources"].items()},
        data={name: (version, _block(block)) for name, (version, block) in table["data"].items()},
    )


def wire_schema(version: int, block: Block) -> dict[str, Any]:
    """The form in which GetProviderSchema answers."""
    return {"version": version, "block": _wire_block(block)}


def _block(table: Mapping[str, Any]) -> Block:
    return Block(
        attributes={name: _attribute(*row) for name, row in table["a"].items()},
        blocks={name: _nested(*row) for name, row in table.get("b", {}).items()},
    )


def _attribute(kind: Any, flags: str, extra: Mapping[str, Any] | None = None) -> Attribute:
    whole = json.dumps(kind, separators=(",", ":")).encode()
    return Attribute(kind if isinstance(kind, str) else kind[0], whole, flags, extra or {})


def _nested(mode: str, least: int, most: int, flags: str, *rest: Any) -> Nested:
    block, *extra = rest
    return Nested(mode, least, most, flags, _block(block), extra[0] if extra else {})


def _wire_block(block: Block) -> dict[str, Any]:
    return {
        "attributes": [_wire_attribute(name, attribute) for name, attribute in block.attributes.items()],
        "block_types": [_wire_nested(name, nested) for name, nested in block.blocks.items()],
    }


def _wire_nested(name: str, nested: Nested) -> dict[str, Any]:
    return {
        "type_name": name,
        "block": _wire_block(nested.block),
        "nesting": _NESTING[nested.mode],
        "min_items": nested.least,
        "max_items": nested.most,
    }


def _wire_attribute(name: str, attribute: Attribute) -> dict[str, Any]:
    return {
        "name": name,
        "type": attribute.type_json,
        "required": "r" in attribute.flags,
        "optional": "o" in attribute.flags,
        "computed": attribute.computed,
        "sensitive": "s" in attribute.flags,
        "write_only": attribute.write_only,
    }
