"""What Brickie does not make and does not do: other clouds, other services, people's access, jobs, small errands."""

import re
from collections.abc import Collection
from functools import cache

from plugins.parse import phrases
from plugins.parse.page import MASK, Page
from plugins.parse.vocabulary import alternatives, table
from plugins.parse.words import Phrases, plain_words, tokens_of

BEGINS_WITHIN = 60
"""Characters within which a command has its verb; later it is part of a longer wish."""
_BEFORE = 40
"""Characters before a thing that tell whether it is ordered or only spoken of."""
_PRODUCT = re.compile(r"\b(?:databricks|dbx|data ?bricks|lakehouse|adb|databrick)\b", re.IGNORECASE)


def other_cloud(text: str) -> re.Match[str] | None:
    """Where Databricks, or anything, is wanted on another cloud than Azure."""
    match = phrases.found("other_cloud", text)
    if match and not _is_left(text, match.start()):
        return match
    return None if re.search(r"\bazure\b", text, re.IGNORECASE) else _wanted("clouds", text)


def is_task(text: str) -> bool:
    """True when something is to be done that nobody here does: a notebook run, a mail written."""
    return _words("tasks").search(text) is not None


def is_inside(text: str) -> bool:
    """True when it is about people or jobs inside a workspace."""
    return phrases.says("access", text) or phrases.says("jobs", text) or _REMOVES_INSIDE.search(text) is not None


_REMOVES_INSIDE = re.compile(
    r"\b(?:delete|remove|drop|destroy|wipe|kill|clean up|get rid of|purge)\s(?:(?!dbw-)[\w'-]{1,30}\s){0,4}?"
    r"(?:clusters?|tables?|jobs?|notebooks?|schemas?|catalogs?|volumes?|files?|folders?|quer(?:y|ies)|dashboards?"
    r"|secrets?|librar(?:y|ies)|models?|pipelines?|data)\s"
    r"(?:(?!dbw-)[\w-]{1,30}\s){0,2}?(?:in|from|on|inside|within|of)\s(?:the\s)?(?:workspace\s)?(?:dbw-|it\b)",
    re.IGNORECASE,
)


def is_other_product(text: str) -> bool:
    return _wanted("products", text) is not None


def is_small_talk(text: str) -> bool:
    return _words("topics").search(text) is not None


_NO_DATABRICKS = re.compile(
    r"(?<!have )(?<!has )(?<!had )(?<!is )\b(?:no|not|instead of|rather than|don['\u2019]?t (?:need|want))"
    r" (?:a |any |another |more )?(?:data ?bricks|dbx|adb)\b",
    re.IGNORECASE,
)
"""What is asked for beside it is no workspace: "a Synapse pool, no databricks"."""


def service_asked(text: str, *, early: bool = False) -> str:
    """What another service is called that is asked for in place of a workspace; "" when none is.

    With `early` only what the message begins with counts: it says a workspace's facts, and may speak of others beside.
    """
    tokens = tokens_of(text)
    for hit in _services().hits(tokens):
        start, end = tokens[hit.first].start, tokens[hit.after - 1].end
        inside = _NO_DATABRICKS.sub(" ", text[:start] + " " + text[end:])
        if _PRODUCT.search(inside) or phrases.says("noun", inside) or (early and start > BEGINS_WITHIN):
            return ""
        before = text[max(0, start - _BEFORE) : start]
        if phrases.says("ordered", before) and not phrases.says("beside", before):
            return hit.value[0]
    return ""


def service_meant(text: str) -> tuple[str, ...]:
    """The other service that is asked for, or commanded, as what cannot be made; empty when there is none."""
    name = service_asked(text) or service_commanded(text)
    return (name,) if name else ()


def service_commanded(text: str) -> str:
    """What another service is called that a command makes, changes or shows by its name; "" when none is."""
    if phrases.says("it", text) or not phrases.begins("commands_thing", text):
        return ""
    return next((hit.value[0] for hit in _commanded().hits(tokens_of(_OF_MACHINES.sub(" ", text)))), "")


_OF_MACHINES = re.compile(r"\bvm (?:size|type|sku|family|series)s?\b", re.IGNORECASE)
"""What is said of the machines of a workspace orders none."""


def _wanted(group: str, text: str) -> re.Match[str] | None:
    """The first word of this group that is not what is left or compared with."""
    return next((match for match in _words(group).finditer(text) if not _is_left(text, match.start())), None)


def _is_left(text: str, at: int) -> bool:
    return phrases.says("from", text[max(0, at - _BEFORE) : at])


@cache
def _services() -> Phrases:
    return Phrases((phrase, (name,)) for name, phrases in table("scope")["services"].items() for phrase in phrases)


@cache
def _commanded() -> Phrases:
    groups = (table("scope")["services"], table("scope")["commanded"])
    return Phrases((phrase, (name,)) for group in groups for name, phrases in group.items() for phrase in phrases)


@cache
def _words(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:{alternatives(table('scope')[name])})(?![\w-])", re.IGNORECASE)


_ENDINGS = ("s", "es", "d", "ed", "ing", "ly", "er", "'s", "y", "n't")
_SHORTEST = 3
"""Letters of the shortest word that says what a message is about."""


def foreign_words(page: Page, named: Collection[str]) -> tuple[str, ...]:
    """The words that no field was read from and that are not the grammar of a message: what it is about instead."""
    known = plain_words() | {word for text in named for word in re.findall(r"[^\W_]+", text.lower())}
    return tuple(
        token.low
        for token in page.tokens
        if token.is_word
        and len(token.text) >= _SHORTEST
        and not token.text[0].isdigit()
        and MASK not in page.text[token.start : token.end]
        and not page.is_key(token.start)
        and not is_plain(token.low, known)
    )


def is_plain(word: str, known: Collection[str]) -> bool:
    """True for a plain word and its forms: plural, past, "-ing"."""
    return word in known or any(
        word.endswith(ending) and (word[: -len(ending)] in known or word[: -len(ending)] + "e" in known)
        for ending in _ENDINGS
    )
