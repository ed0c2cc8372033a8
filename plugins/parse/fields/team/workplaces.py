"""Names that somebody says they work for: "I'm from X", "we in X", "X here"."""

import re
from collections.abc import Iterator
from functools import cache

from plugins.parse.fields.team.boundaries import name_end
from plugins.parse.fields.team.vocabulary import either, listed_words
from plugins.parse.fields.team.words import TeamWords
from plugins.parse.page import Mention
from plugins.parse.vocabulary import table
from plugins.parse.words import tokens_of

_HERE_WEIGHT = 3
_FROM_WEIGHT = 2.6
_REACH = 48
"""Characters before a name in which the longest of the phrases stands."""

_HERE_REACH = 12
_PLACES = ("region", "place", "environment")
_HERE_WORDS = frozenset({"here", "speaking", "aquí", "hier", "ici"})
_HERE = re.compile(rf"^\s(?:{'|'.join(sorted(_HERE_WORDS))})\b", re.IGNORECASE)
_SOMEBODY_FROM = re.compile(
    r"""(?:
        (?:^|[,.!;:\n(]\ ?|\b[Ii]t's\ |\b[Ii]ts\ |\b(?:is|am)\ )[A-ZÀ-Þ][\w-]{1,13}   # "It's Ann from …"
        |^(?:hi|hey|hello|hiya|yo|morning),?\ \w{2,13}                                # "hi ann from …"
    )\ (?:from|at|over\ in)\ (?:the\ |our\ )?$""",
    re.VERBOSE,
)
_WE = re.compile(
    r"\b(?:we are|we're|wir sind|somos|nous sommes)\s(?:the |team |our |just |still |again )?$", re.IGNORECASE
)
_WE_ARE = re.compile(rf"{_WE.pattern}|\b(?:this is|it's)\s(?:the |team |our |just |still |again )?$", re.IGNORECASE)
_LAST_WORDS = frozenset(
    {"from", "in", "of", "at", ",", "are", "'re", "is", "sind", "somos", "sommes", "'s", "'"}
    | {"just", "still", "again"}
)
"""Tokens that end the phrases which no list holds; behind any other token no phrase is looked for."""


@cache
def _from() -> re.Pattern[str]:
    return re.compile(
        rf"""\b(?:
            (?P<group>{either("grouped_from")})
            |{either("from")}
            |(?:this|it)\ is\ \w{{2,12}}\ (?:from|in|of|at|,)
            |name\ is\ \w{{2,12}}\ from
        )\s(?:(?:{either("before_workplace")})\s|l')?$""",
        re.IGNORECASE | re.VERBOSE,
    )


@cache
def _last_words() -> frozenset[str]:
    phrases = (phrase for name in ("grouped_from", "from", "before_workplace") for phrase in listed_words(name))
    return _LAST_WORDS | {tokens_of(phrase)[-1].low for phrase in phrases}


def names_of_workplaces(words: TeamWords) -> Iterator[Mention]:
    """Names behind a phrase that says where somebody works, and names that say "here" of themselves."""
    for at in range(len(words)):
        if words.begins_name(at) and (mention := _name_at(words, at)) is not None:
            yield mention


def _name_at(words: TeamWords, at: int) -> Mention | None:
    before = at - 2 if words.low(at - 1) == "\n" else at - 1
    if words.low(before) in _last_words():
        start = words.tokens[at].start
        text = words.text[max(0, start - _REACH) : start]
        place = _from().search(text)
        if place is not None or (_SOMEBODY_FROM.search(text) and not _comes_from(words, at)):
            return _name_of_place(words, at, place)
        if _WE_ARE.search(text):
            return _name_of_us(words, at, is_plural=_WE.search(text) is not None)
    return _name_here(words, at)


def _comes_from(words: TeamWords, at: int) -> bool:
    """True where data is what comes from there: "Streaming from Kafka"."""
    return any(words.is_soft(before) or words.low(before).endswith("ing") for before in (at - 2, at - 3))


def _name_here(words: TeamWords, at: int) -> Mention | None:
    """The "Pricing" of "Pricing here, we need …"."""
    if _HERE_WORDS.isdisjoint(words.lows):
        return None
    if at and words.tokens[at - 1].is_word and words.low(at - 1) not in ("the", "hi", "hello", "hey"):
        return None
    after = name_end(words, at)
    if not _HERE.match(words.behind(after, _HERE_REACH)) or _is_no_name(words, at, after):
        return None
    return words.mention(at, after, _HERE_WEIGHT)


def _name_of_place(words: TeamWords, at: int, place: re.Match[str] | None) -> Mention | None:
    after = name_end(words, at)
    if _is_no_name(words, at, after):
        return None
    # "I lead pricing" may be a task; "folks in pricing" are of that name
    is_grouped = place is None or place["group"] or "team" in place[0].lower()
    if words.has_case and not words.is_capital(at) and not is_grouped:
        return None
    return words.mention(at, after, _FROM_WEIGHT)


def _name_of_us(words: TeamWords, at: int, *, is_plural: bool) -> Mention | None:
    """The name of "we are Crew Rostering": in capitals, since "we are ready" names nobody."""
    if words.is_soft(at) or not (words.has_case and words.is_capital(at)):
        return None
    after = name_end(words, at)
    if _is_no_name(words, at, after) or (len(words.words(at, after)) == 1 and not is_plural):
        return None
    return words.mention(at, after, _FROM_WEIGHT)


def _is_no_name(words: TeamWords, at: int, after: int) -> bool:
    if words.low(at) in table("money")["signs"]:
        return True
    is_place = words.is_soft_of(at, *_PLACES) and words.soft[at].after == after
    return is_place or words.are_plain(at, after)
