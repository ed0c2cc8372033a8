"""What people say to ask, to command and to wonder: the kinds of `vocabulary/acts.toml`, looked for in a text."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Literal

from plugins.parse.vocabulary import table
from plugins.parse.words import Phrases, Token, tokens_of

Kind = Literal[
    "noun",
    "verb",
    "article",
    "opening",
    "hello",
    "help",
    "reset",
    "cancel",
    "refuse",
    "undo",
    "status",
    "ended",
    "list",
    "asks_list",
    "export",
    "destroy",
    "destroy_what",
    "extend",
    "no_end",
    "sets_end",
    "history",
    "price_first",
    "cost",
    "cost_fields",
    "pricing_team",
    "what_if",
    "compare",
    "explain",
    "why",
    "access",
    "jobs",
    "change",
    "additional",
    "another",
    "question",
    "command",
    "from",
    "plan",
    "list_all",
    "asks_price",
    "to_know",
    "what_about",
    "private",
    "takes_out",
    "taken_out",
    "keeps_only",
    "not_only",
    "polite",
    "other_cloud",
    "ordered",
    "beside",
    "new_one",
    "own_name",
    "spoken_to",
    "commands_thing",
    "it",
    "asks_about",
    "wants_price",
    "explainable",
    "kindly",
    "so_far",
    "idle",
    "saved",
    "uncounted",
    "cheaper",
    "drivers",
    "held_limits",
    "of_all",
    "grouped",
    "top",
    "of_money",
    "many",
    "refers",
    "sorted",
    "ones",
    "left_out",
    "pauses",
    "failed",
    "later",
    "alters",
    "tier",
    "decides",
    "whats_open",
    "is_real",
    "how_long",
    "if_yes",
    "thanks",
    "sources",
    "details",
    "rules",
    "orders",
    "farewell",
    "once_more",
    "sees",
    "different",
    "contents",
    "address",
    "ends",
    "no_order",
    "any_failed",
    "left_over",
    "bigger",
    "supposes",
    "alike",
    "places",
    "praise",
    "price_abroad",
    "reached",
    "lists",
]

_MOST_OPENINGS = 6
_ENDING = re.compile(r"(?:,? (?:please|thanks|thank you|then))?\W{0,30}$", re.IGNORECASE)
_LONGEST_GREETING = 30
"""Words of the longest message that is nothing but a greeting."""


def found(kind: Kind, text: str) -> re.Match[str] | None:
    """The first phrase of this kind anywhere in the text."""
    return _pattern(kind).search(text)


def all_of(kind: Kind, text: str) -> tuple[str, ...]:
    """Every phrase of this kind, as it stands."""
    return tuple(match[0] for match in _pattern(kind).finditer(text))


def each(kind: Kind, text: str) -> Iterator[re.Match[str]]:
    """Every phrase of this kind, where it stands, in its order."""
    return _pattern(kind).finditer(text)


def says(kind: Kind, text: str) -> bool:
    return found(kind, text) is not None


def says_product(text: str) -> bool:
    """True where a workspace is named by what it is, and not only as "it"."""
    return says("noun", text)


def begins(kind: Kind, text: str) -> bool:
    return beginning(kind, text) is not None


def beginning(kind: Kind, text: str) -> re.Match[str] | None:
    """The phrase of this kind with which the text begins, opening words ("and", "please", "can you") passed over."""
    at = _word_after(text, 0)
    for _ in range(_MOST_OPENINGS):
        if match := _pattern(kind).match(text, at):
            return match
        opening = _pattern("opening").match(text, at)
        if opening is None:
            return None
        at = _word_after(text, opening.end())
    return None


def after_openings(text: str) -> str:
    """The text without its opening words; unchanged where it is nothing else."""
    at = _word_after(text, 0)
    for _ in range(_MOST_OPENINGS):
        opening = _pattern("opening").match(text, at)
        if opening is None:
            break
        at = _word_after(text, opening.end())
    return text[at:] or text


def is_whole(kind: Kind, text: str) -> bool:
    """True when the text is a phrase of this kind and nothing else but opening words and a "please"."""
    at = _word_after(text, 0)
    for _ in range(_MOST_OPENINGS):
        match = _pattern(kind).match(text, at)
        if match and _ENDING.match(text, match.end()):
            return True
        opening = _pattern("opening").match(text, at)
        if opening is None:
            return False
        at = _word_after(text, opening.end())
    return False


def without(kind: Kind, text: str) -> str:
    """The text with the phrases of this kind left out."""
    return _pattern(kind).sub(" ", text)


def is_greeting(text: str) -> bool:
    """True when the text is made of words of greeting, thanks and small talk alone, and of praise beside them."""
    tokens = tokens_of(text[: _LONGEST_GREETING * 20])
    words = [at for at, token in enumerate(tokens) if token.is_word]
    if not words or len(words) > _LONGEST_GREETING or len(text) > _LONGEST_GREETING * 20:
        return False
    covered: set[int] = set()
    greets = False
    for hit in _greetings().hits(tokens):
        covered |= set(range(hit.first, hit.after))
        greets = greets or hit.value == ("phrases",)
    if not greets:
        return False
    names = {at for at in words if at not in covered and _introduces(text, tokens[at])}
    left = [tokens[at].start for at in words if at not in covered | names]
    praised = [match.span() for match in _pattern("praise").finditer(text)] if left else []
    return all(any(start <= at < end for start, end in praised) for at in left)


_INTRODUCED = re.compile(r"(?:\b(?:it'?s|this is|i'?m|i am|name is|from)\s)$", re.IGNORECASE)
_HERE = re.compile(r"\s(?:here|speaking)\b", re.IGNORECASE)


def _introduces(text: str, word: Token) -> bool:
    """True for the name of somebody who says who they are: "Hannah here"."""
    return bool(_HERE.match(text, word.end) or _INTRODUCED.search(text[max(0, word.start - 12) : word.start]))


@cache
def _greetings() -> Phrases:
    rows = table("acts")["greet"]
    return Phrases((phrase, (name,)) for name in ("phrases", "beside") for phrase in rows[name])


@cache
def _pattern(kind: Kind) -> re.Pattern[str]:
    return re.compile("|".join(table("acts")[kind]["patterns"]), re.IGNORECASE)


_MARKS = re.compile(r"\W*")


def _word_after(text: str, at: int) -> int:
    """Where the next word begins."""
    passed = _MARKS.match(text, at)
    return passed.end() if passed else at
