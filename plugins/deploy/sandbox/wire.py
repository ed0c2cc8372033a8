"""A protobuf codec for the few messages of the plugin protocol: no runtime, no generated code.

A message is a dict from field name to value, described by a table from field name to number and kind. Fields that
are None are left out; everything else is written, zeros as well, because a zero inside a oneof must be sent.
Unknown fields are skipped. Encoding: protobuf.dev/programming-guides/encoding, read 2026-11-24.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias


@dataclass(frozen=True)
class Scalar:
    name: str


@dataclass(frozen=True)
class Repeated:
    of: "Scalar | Message"


@dataclass(frozen=True)
class MapOf:
    """A map from string to `of`. Only written: no message that Terraform sends us holds one."""

    of: "Scalar | Message"


Kind: TypeAlias = "Scalar | Repeated | MapOf | Message"
Message: TypeAlias = Mapping[str, tuple[int, Kind]]

STRING, BYTES, BOOL, INT = Scalar("string"), Scalar("bytes"), Scalar("bool"), Scalar("int")

_VARINT, _FIXED64, _LENGTH, _FIXED32 = 0, 1, 2, 5
_WIDTH = {_FIXED64: 8, _FIXED32: 4}
_LOW, _MORE = 0x7F, 0x80


def encode(message: Message, values: Mapping[str, Any]) -> bytes:
    out = bytearray()
    for name, value in values.items():
        if value is not None:
            number, kind = message[name]
            out += _field(number, kind, value)
    return bytes(out)


def decode(message: Message, raw: bytes) -> dict[str, Any]:
    """Field name → value; absent fields are absent, repeated ones are lists. Raises ValueError for damaged bytes."""
    by_number = {number: (name, kind) for name, (number, kind) in message.items()}
    values: dict[str, Any] = {}
    for number, piece in _pieces(raw):
        if number not in by_number:
            continue
        name, kind = by_number[number]
        if isinstance(kind, Repeated):
            values.setdefault(name, []).append(_value(kind.of, piece))
        else:
            values[name] = _value(kind, piece)
    return values


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
    while value > _LOW:
        out.append(value & _LOW | _MORE)
        value >>= 7
    out.append(value)
    return bytes(out)


def _pieces(raw: bytes) -> Iterator[tuple[int, int | bytes]]:
    at = 0
    while at < len(raw):
        tag, at = _read_varint(raw, at)
        kind = tag & 7
        if kind == _VARINT:
            value, at = _read_varint(raw, at)
            yield tag >> 3, value
            continue
        if kind == _LENGTH:
            length, at = _read_varint(raw, at)
        elif kind in _WIDTH:
            length = _WIDTH[kind]
        else:
            raise ValueError(f"wire type {kind} is not used by the plugin protocol")
        if at + length > len(raw):
            raise ValueError("a field is longer than the message")
        yield tag >> 3, raw[at : at + length]
        at += length


def _read_varint(raw: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while at < len(raw):
        byte = raw[at]
        at += 1
        value |= (byte & _LOW) << shift
        if byte < _MORE:
            return value, at
        shift += 7
    raise ValueError("a number is longer than the message")


def _value(kind: Kind, piece: int | bytes) -> Any:
    if isinstance(kind, Scalar):
        return _scalar_value(kind, piece)
    if isinstance(kind, Repeated | MapOf):
        raise TypeError("repeated fields are decoded one by one")
    return decode(kind, piece if isinstance(piece, bytes) else b"")


def _scalar_value(kind: Scalar, piece: int | bytes) -> Any:
    if isinstance(piece, bytes):
        return piece.decode() if kind == STRING else piece
    if kind == BOOL:
        return bool(piece)
    return piece - (1 << 64) if piece >> 63 else piece
