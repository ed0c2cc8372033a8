"""What Brickie does not make and does not do: other clouds, other services, people's access, jobs, small errands."""

import re
from functools import cache

from plugins.parse import phrases
from plugins.parse.vocabulary import alternatives, table
from plugins.parse.words import Phrases, tokens_of

BEGINS_WITHIN = 60
"""Characters within which a command has its verb; later it is part of a longer wish."""
_BEFORE = 40
"""Characters before a thing that tell whether it is ordered or only spoken of."""
_PRODUCT = re.compile(r"\b(?:databricks|dbx|data ?bricks|lakehouse|adb|databrick)\b", re.IGNORECASE)


def is_other_cloud(text: str) -> bool:
    """True when Databricks, or anything, is wanted on another cloud than Azure."""
    found = phrases.found("other_cloud", text)
    if found and not _is_left(text, found.start()):
        return True
    return _wants("clouds", text) and not re.search(r"\bazure\b", text, re.IGNORECASE)


def is_task(text: str) -> bool:
    """True when something is to be done that nobody here does: a notebook run, a mail written."""
    return _words("tasks").search(text) is not None


def is_inside(text: str) -> bool:
    """True when it is about people or jobs inside a workspace."""
    return phrases.says("access", text) or phrases.says("jobs", text)


def is_other_product(text: str) -> bool:
    return _wants("products", text)


def is_small_talk(text: str) -> bool:
    return _words("topics").search(text) is not None


def service_asked(text: str, *, early: bool = False) -> str:
    """What another service is called that is asked for in place of a workspace; "" when none is.

    With `early` only what the message begins with counts: it says a workspace's facts, and may speak of others beside.
    """
    tokens = tokens_of(text)
    for hit in _services().hits(tokens):
        start, end = tokens[hit.first].start, tokens[hit.after - 1].end
        inside = text[:start] + " " + text[end:]
        if _PRODUCT.search(inside) or phrases.says("noun", inside) or (early and start > BEGINS_WITHIN):
            return ""
        before = text[max(0, start - _BEFORE) : start]
        if phrases.says("ordered", before) and not phrases.says("beside", before):
            return hit.value[0]
    return ""


def _wants(group: str, text: str) -> bool:
    """True when a word of this group stands where it is not what is left or compared with."""
    return any(not _is_left(text, found.start()) for found in _words(group).finditer(text))


def _is_left(text: str, at: int) -> bool:
    return phrases.says("from", text[max(0, at - _BEFORE) : at])


@cache
def _services() -> Phrases:
    return Phrases((phrase, (name,)) for name, said in table("scope")["services"].items() for phrase in said)


@cache
def _words(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:{alternatives(table('scope')[name])})(?![\w-])", re.IGNORECASE)
