"""Keys of forms, tickets and code: the field that each names."""

import re
from functools import cache, lru_cache

from plugins.parse.vocabulary import alternatives, table

_LONGEST_KEY = 80
"""Characters; what is longer is a sentence."""

_MOST_WORDS = 5
_SENTENCE = re.compile(r"\b(?:we|i|is|are|need|needs|for|please|the team|our|with|in|new|want)\b")
_TOOL_FIRST = re.compile(r"^(?:dbx|databricks|dbw|brickie|ws|workspace|tf var|app|var) (?=\w)")
_KIND_FIRST = re.compile(
    r"^(?:the|our|your|preferred|requested|required|target|azure|desired|proposed|databricks|and|with) "
)
_KIND_LAST = re.compile(r" (?:required|requested|needed|preferred|wanted|name)$")


@lru_cache(maxsize=4096)
def field_of(key: str) -> str:
    """The field that a key names; "" when it names none."""
    if not key or len(key) > _LONGEST_KEY:
        return ""
    known = _fields()
    folded = _folded(key)
    if folded not in known:
        folded = _TOOL_FIRST.sub("", folded)
    if folded in known:
        return known[folded]
    if any(c.isdigit() for c in folded):
        return ""
    folded = _KIND_FIRST.sub("", folded)
    if folded not in known:
        folded = _KIND_LAST.sub("", folded)
    return known.get(folded) or known.get(folded.removesuffix("s")) or _resembling(folded)


def field_spoken_of(words: str) -> str:
    """The field that these words of a sentence name as a key does; "" for words that mean other things too."""
    folded = _KIND_FIRST.sub("", _folded(words))
    if folded in _vague():
        return ""
    if folded in table("keys")["versioned"]:
        return "additional_requirements"
    known = _fields()
    return known.get(folded) or known.get(folded.removesuffix("s")) or ""


@cache
def _vague() -> frozenset[str]:
    return frozenset(table("keys")["vague"])


def _folded(key: str) -> str:
    """One spelling of a key: "minWorkers (optional)?" → "min workers"."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z][a-z])", " ", re.sub(r"\(.*?\)|\?", "", key))
    return re.sub(r"[\s_*\"'`.-]+", " ", apart).strip().lower()


@cache
def _fields() -> dict[str, str]:
    return {key: field for field, keys in table("keys")["fields"].items() for key in keys}


def _resembling(key: str) -> str:
    """The field that a longer key speaks of: "budget ceiling", "number of worker nodes"."""
    if not 1 < len(key.split()) <= _MOST_WORDS or _SENTENCE.search(key):
        return ""
    return next((field for field, pattern in _heads() if pattern.search(key)), "")


@cache
def _heads() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Words by which a longer key is known, in the order in which they are looked for."""
    return tuple((field, re.compile("|".join(rows))) for field, rows in table("keys")["heads"].items())


def is_clerical(key: str) -> bool:
    """Keys of a ticket that say nothing of a workspace: who filed it, when, and where it stands."""
    return key.strip().lower() in _clerical()


@cache
def _clerical() -> frozenset[str]:
    return frozenset(table("keys")["clerical"])


def is_prose_key(key: str) -> bool:
    """Keys that introduce prose: what follows is read as if they were not there."""
    return bool(_prose().search(key)) or len(key.split()) > _MOST_WORDS


@cache
def _prose() -> re.Pattern[str]:
    words = "|".join(re.escape(word) for word in table("keys")["prose"])
    return re.compile(
        rf"(?:^|\W)(?:{words})\W*$|^\W*(?:comments?|notes?|remarks?|description|update|info|details)\b", re.IGNORECASE
    )


def asks_for_more(value: str) -> bool:
    """True for a value that holds a wish which fits no field: it is kept in the person's words."""
    return _extra_words().search(value) is not None


@cache
def _extra_words() -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:{alternatives(table('extras')['words'])})(?![\w-])", re.IGNORECASE)
