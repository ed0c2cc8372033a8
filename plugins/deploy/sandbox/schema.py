"""The compact schema tables as objects, and as the wire form that Terraform asks for."""

# Terraform's values have no static type, and msgpack and grpc ship no types either.
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false, reportUnknownMemberType=false
# pyright: reportUnknownLambdaType=false, reportMissingTypeStubs=false

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from plugins.deploy.sandbox.values import Value

_NESTING = {"single": 1, "list": 2, "set": 3, "map": 4, "group": 5}


@dataclass(frozen=True)
class Attribute:
    """`kind` is Terraform's JSON type ("string", ["list", "string"]…); `flags` and `extra` as in `compact`."""

    kind: Any
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
        if isinstance(self.kind, str):
            return {"string": "", "number": 0, "bool": False}.get(self.kind)
        return {} if self.kind[0] == "map" else []

    @property
    def empty(self) -> Value:
        """What the cloud reports when it has nothing to report."""
        if isinstance(self.kind, list):
            return {} if self.kind[0] == "map" else []
        return None

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
    table = json.loads((files("plugins.deploy.sandbox") / "schemas" / f"{provider}.json").read_text("utf-8"))
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
        attributes={name: Attribute(row[0], row[1], row[2] if row[2:] else {}) for name, row in table["a"].items()},
        blocks={
            name: Nested(row[0], row[1], row[2], row[3], _block(row[4])) for name, row in table.get("b", {}).items()
        },
    )


def _wire_block(block: Block) -> dict[str, Any]:
    return {
        "attributes": [_wire_attribute(name, attribute) for name, attribute in block.attributes.items()],
        "block_types": [
            {
                "type_name": name,
                "block": _wire_block(nested.block),
                "nesting": _NESTING[nested.mode],
                "min_items": nested.least,
                "max_items": nested.most,
            }
            for name, nested in block.blocks.items()
        ],
    }


def _wire_attribute(name: str, attribute: Attribute) -> dict[str, Any]:
    return {
        "name": name,
        "type": json.dumps(attribute.kind, separators=(",", ":")).encode(),
        "required": "r" in attribute.flags,
        "optional": "o" in attribute.flags,
        "computed": attribute.computed,
        "sensitive": "s" in attribute.flags,
        "write_only": attribute.write_only,
    }
