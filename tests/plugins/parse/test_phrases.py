"""Every kind of phrase matches its own examples and no others, and stays short and linear."""

import re
from typing import get_args

import pytest

from plugins.parse import phrases
from plugins.parse.vocabulary import table

_LONGEST = 120
_AT_THE_BEGINNING = frozenset(
    {
        "asks_about",
        "asks_list",
        "asks_price",
        "command",
        "commands_thing",
        "lists",
        "new_one",
        "once_more",
        "orders",
        "pricing_team",
        "price_first",
        "question",
        "what_about",
        "what_if",
        "why",
    }
)
_KINDS = tuple(table("acts"))


def _says(kind: str, text: str) -> bool:
    if kind == "greet":
        return phrases.is_greeting(text)
    known = next(name for name in get_args(phrases.Kind) if name == kind)
    if kind == "cancel":
        return phrases.is_whole(known, text)
    if kind == "opening":
        return re.match("|".join(table("acts")[kind]["patterns"]), text, re.IGNORECASE) is not None
    return phrases.begins(known, text) if kind in _AT_THE_BEGINNING else phrases.says(known, text)


@pytest.mark.parametrize("kind", _KINDS)
def test_a_kind_matches_what_it_must(kind: str) -> None:
    assert [text for text in table("acts")[kind]["yes"] if not _says(kind, text)] == []


@pytest.mark.parametrize("kind", _KINDS)
def test_a_kind_leaves_what_it_must_not_match(kind: str) -> None:
    assert [text for text in table("acts")[kind]["no"] if _says(kind, text)] == []


@pytest.mark.parametrize("kind", _KINDS)
def test_a_kind_has_examples_of_both_sorts(kind: str) -> None:
    assert table("acts")[kind]["yes"]
    assert table("acts")[kind]["no"]


def test_every_kind_that_code_asks_for_is_there() -> None:
    assert {*get_args(phrases.Kind), "greet"} == set(_KINDS)


@pytest.mark.parametrize("kind", [kind for kind in _KINDS if kind != "greet"])
def test_patterns_are_short_and_their_repetitions_bounded(kind: str) -> None:
    patterns = table("acts")[kind]["patterns"]
    assert [pattern for pattern in patterns if len(pattern) > _LONGEST] == []
    bare = [re.sub(r"\\.|\[[^\]]*\]", "x", pattern) for pattern in patterns]
    assert [pattern for pattern in bare if re.search(r"[*+]|\{\d+,\}", pattern)] == []
