"""A protobuf codec for the few messages of the plugin protocol: no runtime, no generated code.

A message is a dict from field name to value, described by a table from field name to number and kind. Fields that
are None are left out; everything else is written, zeros as well, because a zero inside a oneof must be sent.
Unknown fields are skipped. Encoding: protobuf.dev/programming-guides/encoding.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

Message = Mapping[str, tuple[int, "Kind"]]


@dataclass(frozen=True)
class Scalar:
    name: str


@dataclass(frozen=True)
class Repeated:
    of: "Kind"


@dataclass(frozen=True)
class MapOf:
    """A map from string to `of`."""

    of: "Kind"


Kind: TypeAlias = "Scalar | Repeated | MapOf | Message"

STRING, BYTES, BOOL, INT = Scalar("string"), Scalar("bytes"), Scalar("bool"), Scalar("int")

_VARINT, _FIXED64, _LENGTH = 0, 1, 2
_SEVEN_BITS = 0x7F


def encode(message: Message, values: Mapping[str, Any]) -> bytes:
    out = bytearray()
    for name, value in values.items():
        if value is not None:
            number, kind = message[name]
            out += _field(number, kind, value)
    return bytes(out)


def decode(message: Message, raw: bytes) -> dict[str, Any]:
    """Field name → value; absent fields are absent, repeated ones are lists."""
    by_number = {number: (name, kind) for name, (number, kind) in message.items()}
    found: dict[str, Any] = {}
    for number, piece in _pieces(raw):
        if number not in by_number:
            continue
        name, kind = by_number[number]
        if isinstance(kind, Repeated):
            found.setdefault(name, []).append(_value(kind.of, piece))
        else:
            found[name] = _value(kind, piece)
    return found


def _field(number: int, kind: Kind, value: Any) -> bytes:
    if isinstance(kind, Repeated):
        return b"".join(_field(number, kind.of, item) for item in value)
    if isinstance(kind, MapOf):
        entries = (_field(1, STRING, key) + _field(2, kind.of, item) for key, item in value.items())
        return b"".join(_delimited(number, entry) for entry in entries)
    if isinstance(kind, Scalar):
        return _scalar(number, kind, value)
    return _delimited(number, encode(kind, value))


def _scalar(number: int, kind: Scalar, value: Any) -> bytes:
    if kind == STRING:
        return _delimited(number, value.encode())
    if kind == BYTES:
        return _delimited(number, value)
    return _varint(number << 3 | _VARINT) + _varint(int(value) & (1 << 64) - 1)


def _delimited(number: int, content: bytes) -> bytes:
    return _varint(number << 3 | _LENGTH) + _varint(len(content)) + content


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > _SEVEN_BITS:
        out.append(value & _SEVEN_BITS | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def _pieces(raw: bytes) -> Iterator[tuple[int, int | bytes]]:
    at = 0
    while at < len(raw):
        tag, at = _read_varint(raw, at)
        match tag & 7:
            case 0:
                value, at = _read_varint(raw, at)
                yield tag >> 3, value
            case 2:
                length, at = _read_varint(raw, at)
                yield tag >> 3, raw[at : at + length]
                at += length
            case 1 | 5 as fixed:
                width = 8 if fixed == _FIXED64 else 4
                yield tag >> 3, raw[at : at + width]
                at += width
            case other:
                raise ValueError(f"wire type {other} is not used by the plugin protocol")


def _read_varint(raw: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = raw[at]
        at += 1
        value |= (byte & _SEVEN_BITS) << shift
        if byte <= _SEVEN_BITS:
            return value, at
        shift += 7


def _value(kind: Kind, piece: int | bytes) -> Any:
    if isinstance(kind, Scalar):
        if isinstance(piece, int):
            return bool(piece) if kind == BOOL else piece - (1 << 64) if piece >> 63 else piece
        return piece.decode() if kind == STRING else piece
    if isinstance(kind, Repeated | MapOf):
        raise TypeError("repeated fields are decoded one by one")
    return decode(kind, piece if isinstance(piece, bytes) else b"")
