"""Terraform values on the wire: msgpack, with unknowns as an extension type."""

# Terraform's values have no static type, and msgpack and grpc ship no types either.
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false, reportUnknownMemberType=false
# pyright: reportUnknownLambdaType=false, reportMissingTypeStubs=false

from typing import Any, Final

import msgpack


class Unknown:
    """A value that is known after apply. There is one of it."""

    def __repr__(self) -> str:
        return "UNKNOWN"

    def __copy__(self) -> "Unknown":
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> "Unknown":
        return self


UNKNOWN: Final = Unknown()

Value = Any
"""None, bool, str, int, float, list, dict, or UNKNOWN at any depth."""


def decode(raw: bytes | None) -> Value:
    """The value of a DynamicValue's msgpack; None for absent. Extension 0 is unknown, 12 a refined unknown."""
    if not raw:
        return None
    return msgpack.unpackb(raw, ext_hook=lambda _code, _data: UNKNOWN, strict_map_key=False)


def encode(value: Value) -> bytes:
    packed = msgpack.packb(value, default=_extension)
    return b"" if packed is None else packed


def _extension(value: object) -> msgpack.ExtType:
    if value is UNKNOWN:
        return msgpack.ExtType(0, b"\x00")
    raise TypeError(f"{type(value).__name__} is no Terraform value")


def holds_unknown(value: Value) -> bool:
    """True when any part of it is unknown."""
    if isinstance(value, dict):
        return any(holds_unknown(part) for part in value.values())
    if isinstance(value, list):
        return any(holds_unknown(part) for part in value)
    return value is UNKNOWN
