"""Whether the price is what is asked for, and no workspace beside it."""

import re

from plugins.domain.understanding import Context
from plugins.parse import phrases
from plugins.parse.evidence import MOST, Evidence, starts_request

_REACH = 120
"""Characters before a price that may tell why it is spoken of."""


def asks_cost(text: str, evidence: Evidence, context: Context) -> bool:
    """True when the price is what is asked for, and no workspace beside it."""
    plain = phrases.without("cost_fields", text)
    priced, first = _priced(plain, evidence), phrases.beginning("price_first", plain)
    if _wants_to_know(plain, evidence, priced):
        return True
    if evidence.facts >= MOST and not ((priced or first) and _asks(plain, priced or first)):
        return False
    if first and not ("team" in context.open_slots and phrases.begins("pricing_team", text)):
        return True
    return phrases.says("wants_price", plain) or (priced is not None and ("?" in text or not starts_request(text)))


def _priced(text: str, evidence: Evidence) -> re.Match[str] | None:
    """Where a price is spoken of; in another language only where there are words that are not English."""
    return phrases.found("cost", text) or (phrases.found("price_abroad", text) if evidence.foreign else None)


def _asks(text: str, match: re.Match[str] | None) -> bool:
    """True when the sentence that holds this phrase asks: it ends in a question mark, or the message begins with it."""
    if match is None:
        return False
    end = min((at for mark in ".!\n?" if (at := text.find(mark, match.end())) >= 0), default=len(text))
    return text[end : end + 1] == "?" or phrases.begins("asks_price", text[: match.end()])


def _wants_to_know(text: str, evidence: Evidence, match: re.Match[str] | None) -> bool:
    """True where a question is told, and nothing else is asked for: "I only want to know what … costs"."""
    if match is None or besides(text, evidence, match) or _OF_IT.match(text, match.start()):
        return False
    before = text[max(0, match.start() - _REACH) : match.start()]
    # "Set up Databricks for ML, curious what it costs" orders, and wonders.
    return phrases.says("to_know", before) and not phrases.says("noun", before)


_OF_IT = re.compile(r"(?:how much|what) (?:it|that|this|they|these|those)\b", re.IGNORECASE)


def besides(text: str, evidence: Evidence, match: re.Match[str]) -> bool:
    """True when a workspace is asked for in other sentences than the one that holds this phrase."""
    return evidence.outside(*sentence_of(text, match)) > 1


def sentence_of(text: str, match: re.Match[str]) -> tuple[int, int]:
    """Where the sentence stands that holds this phrase."""
    start = max(text.rfind(mark, 0, match.start()) for mark in ".!?\n") + 1
    ends = [at for mark in ".!?\n" if (at := text.find(mark, match.end())) >= 0]
    return start, min(ends, default=len(text))
