"""Terraform values on the wire: msgpack, with unknowns as an extension type."""

from importlib import import_module
from typing import Any, Final, TypeAlias

_msgpack: Any = import_module("msgpack")  # it carries no types


class UnknownValue:
    """A value that is known after apply. There is one of it."""

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = UnknownValue()

Value: TypeAlias = UnknownValue | str | bool | int | float | list[Any] | dict[str, Any] | None
"""A Terraform value; lists and objects hold further ones."""

Object: TypeAlias = dict[str, Any]


def decode(raw: bytes | None) -> Value:
    """The value of a DynamicValue's msgpack; None for absent.

    Extension 0 is an unknown, 12 one of which something is known ("begins with x-"): both are unknown here.
    """
    return _msgpack.unpackb(raw, ext_hook=_unknown, strict_map_key=False) if raw else None


def encode(value: Value) -> bytes:
    return _msgpack.packb(value, default=_extension)


def fields(value: Value) -> Object:
    """The value's fields, {} for what is no object."""
    return value if isinstance(value, dict) else {}


def elements(value: Value) -> list[Any]:
    """The value's elements, [] for what is no list."""
    return value if isinstance(value, list) else []


def element(value: Value, index: int) -> Object:
    """The object at that place, {} where there is none."""
    items = elements(value)
    return fields(items[index]) if index < len(items) else {}


def at(whole: Value, path: str) -> Value:
    """What stands at a dotted path ("custom_parameters.0.no_public_ip"); None where there is nothing."""
    step, _, rest = path.partition(".")
    if whole is UNKNOWN:
        return UNKNOWN
    child: Value = fields(whole).get(step)
    if isinstance(whole, list) and step.isdigit() and int(step) < len(whole):
        child = whole[int(step)]
    return at(child, rest) if rest else child


def _unknown(_code: int, _content: bytes) -> UnknownValue:
    return UNKNOWN


def _extension(value: object) -> object:
    if value is UNKNOWN:
        return _msgpack.ExtType(0, b"\x00")
    raise TypeError(f"{type(value).__name__} is no Terraform value")
