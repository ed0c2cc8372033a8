"""Terraform values on the wire."""

from plugins.deploy.sandbox.values import UNKNOWN, at, decode, element, encode


def test_an_unknown_is_extension_zero() -> None:
    assert encode({"id": UNKNOWN}) == b"\x81\xa2id\xd4\x00\x00"


def test_an_unknown_of_which_something_is_known_is_unknown() -> None:
    """Terraform sends "begins with dbw-" as extension 12."""
    assert decode(b"\x91\xc7\x03\x0c\x81\x01\xc2") == [UNKNOWN]


def test_absent_is_none() -> None:
    assert decode(None) is None
    assert decode(b"") is None


def test_values_come_back_as_they_were() -> None:
    value = {"a": [1, 2.5, None, True, "x"], "b": {"c": UNKNOWN}}
    assert decode(encode(value)) == value


def test_a_dotted_path_reaches_into_lists_and_objects() -> None:
    whole = {"blocks": [{"name": "x"}, UNKNOWN]}
    assert at(whole, "blocks.0.name") == "x"
    assert at(whole, "blocks.1.name") is UNKNOWN
    assert at(whole, "blocks.2.name") is None
    assert at(whole, "other.0") is None


def test_an_element_that_is_not_there_is_an_empty_object() -> None:
    assert element([{"a": 1}], 1) == {}
    assert element(None, 0) == {}
