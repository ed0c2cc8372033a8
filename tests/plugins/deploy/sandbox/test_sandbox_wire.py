"""The protobuf codec: bytes as protoc would write them, and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.deploy.sandbox.messages import RPCS
from plugins.deploy.sandbox.wire import BOOL, BYTES, INT, STRING, MapOf, Message, Repeated, decode, encode

INNER: Message = {"name": (1, STRING), "at": (2, INT)}
OUTER: Message = {"flag": (1, BOOL), "raw": (2, BYTES), "inner": (3, INNER), "many": (16, Repeated(INNER))}


def test_a_message_is_written_as_protoc_writes_it() -> None:
    """Field number and wire type in one byte, lengths before contents, a second byte from field 16 on."""
    values = {"flag": True, "raw": b"\x00", "inner": {"name": "hé", "at": 300}, "many": [{"at": 1}]}
    assert encode(OUTER, values).hex(" ") == "08 01 12 01 00 1a 08 0a 03 68 c3 a9 10 ac 02 82 01 02 10 01"


def test_a_zero_is_written() -> None:
    """A zero inside a oneof says which of them is meant."""
    assert encode(INNER, {"at": 0}) == b"\x10\x00"


def test_what_is_none_is_left_out() -> None:
    assert encode(INNER, {"name": None, "at": 1}) == b"\x10\x01"


def test_a_map_is_written_as_pairs_of_key_and_value() -> None:
    assert encode({"by": (2, MapOf(INNER))}, {"by": {"a": {"at": 1}}}) == b"\x12\x07\x0a\x01a\x12\x02\x10\x01"


def test_unknown_fields_of_every_width_are_skipped() -> None:
    """A newer Terraform may say more than we listen to."""
    newer = b"\x78\x05" + b"\x71" + bytes(8) + b"\x7d" + bytes(4) + b"\x7a\x02hi"
    assert decode(INNER, newer + b"\x10\x07") == {"at": 7}


def test_negative_numbers_take_ten_bytes_and_come_back() -> None:
    assert encode(INNER, {"at": -1}) == b"\x10" + b"\xff" * 9 + b"\x01"
    assert decode(INNER, encode(INNER, {"at": -1})) == {"at": -1}


@pytest.mark.parametrize("damaged", [b"\x0a\x05ab", b"\x10", b"\x10\x80", b"\x0b"])
def test_damaged_bytes_are_an_error(damaged: bytes) -> None:
    with pytest.raises(ValueError, match=r"longer than the message|not used by the plugin protocol"):
        decode(INNER, damaged)


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "flag": st.booleans(),
            "raw": st.binary(),
            "inner": st.fixed_dictionaries({"name": st.text(), "at": st.integers(-(2**63), 2**63 - 1)}),
            "many": st.lists(st.fixed_dictionaries({"name": st.text()}), min_size=1),
        },
    )
)
def test_every_message_comes_back_as_it_was(values: dict[str, object]) -> None:
    assert decode(OUTER, encode(OUTER, values)) == values


def test_no_two_fields_of_a_message_share_a_number() -> None:
    for name, messages in RPCS.items():
        for message in messages:
            numbers = [number for number, _ in message.values()]
            assert len(numbers) == len(set(numbers)), name
