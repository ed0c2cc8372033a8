"""A foreign sentence as it may be shown: short, on one line, and without secrets, ids, addresses or paths.

What a provider says may hold whatever the cloud or this machine put into it. What cannot be told from a secret goes,
even where that costs a word.
"""

import re

from plugins.credentials import HIDDEN, hidden, without_credentials

MOST_QUOTED = 240
"""Characters that are shown of it."""
_MOST_READ = 4_000

_BARE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]+")
_ESCAPES = re.compile(r"\x1b\[[0-9;]{0,20}[A-Za-z]")
_MARKUP = re.compile(r"[`*<>|\[\]#“”]")
_TAKEN_OUT = (
    (re.compile(r"https?://[^\s\"'<>]{1,4000}", re.IGNORECASE), "(an address)"),
    (re.compile(r"/(?:subscriptions|providers)/[^\s\"',;]{1,2000}", re.IGNORECASE), "(an Azure id)"),
    (re.compile(r"(?<![\w.-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}"), "(a person)"),
    (re.compile(r"(?<![\w.-])[\w-]{1,63}(?:\.[\w-]{1,63}){0,5}\.(?:net|com|org|io)\b", re.IGNORECASE), "(a host)"),
    (re.compile(r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?"), "(an IP address)"),
    (re.compile(r"(?<![\w-])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![\w-])", re.IGNORECASE), "(an id)"),
    (re.compile(r"(?<![\w/.])(?:[A-Za-z]:)?(?:[/\\][\w.~-]{1,120}){2,40}"), "(a path)"),
    (re.compile(r"(?<![\w-])(?=[\w-]{0,200}\d)[\w-]{20,200}(?![\w-])"), HIDDEN),
    (re.compile(r"(?<!\w)\d{10,40}(?!\w)"), "(an id)"),
)
"""What is replaced, in this order, and by what; every pattern is linear."""


def quoted(text: str) -> str:
    """At most `MOST_QUOTED` characters of that text, safe to show; empty when nothing is left of it."""
    short = text[:_MOST_READ]
    if len(text) > _MOST_READ:
        # A secret that the cut went through is known by nothing any more.
        short = short.rsplit(None, 1)[0]
    safe = hidden(without_credentials(short))
    for pattern, instead in _TAKEN_OUT:
        safe = pattern.sub(instead, safe)
    line = " ".join(_MARKUP.sub("", _BARE.sub(" ", _ESCAPES.sub("", safe))).split())
    return line if len(line) <= MOST_QUOTED else line[: MOST_QUOTED - 1].rstrip() + "…"
