"""A message made readable: one spelling of marks, chat dressing and what is hidden taken off."""

import re
import unicodedata
from functools import lru_cache

from plugins.domain.understanding import MOST_CHARACTERS

_MARKS = str.maketrans(
    {
        "\u2018": "'",
        "\u2019": "'",
        "\u201c": '"',
        "\u201d": '"',
        "\u201e": '"',
        "\u00ab": '"',
        "\u00bb": '"',
        "\u2013": "-",
        "\u2014": " - ",
        "\u2212": "-",
        "\u2011": "-",
        "\u2192": " -> ",
        "\u00a0": " ",
        "\u202f": " ",
        "\u2009": " ",
        "\u2026": "...",
        "\u00d7": "x",
        "\r": "\n",
        "\u2022": "-",
        "\u00b7": "-",
    }
)
_COMMENT = re.compile(r"<!--.*?(?:-->|$)", re.DOTALL)
_MARKUP = re.compile(r"</?(?:system|user|assistant|instructions?|prompt|tool)\b[^>]{0,200}>", re.IGNORECASE)
_SYSTEM_LINE = re.compile(
    r"""
    ^\W{0,20}(?:system|assistant|developer)(?:[ ]\w+)?\s*:[^\n]*$
    |\bnote[ ]to[ ](?:the[ ])?(?:bot|assistant|agent|ai)\b[^\n]*
    """,
    re.IGNORECASE | re.MULTILINE | re.VERBOSE,
)
_SPOKEN = re.compile(r"<(system|assistant)\b[^>]{0,200}>[^<]{0,2000}(?:</\1>)?", re.IGNORECASE)
"""What claims to be said by somebody else than the person is not read."""
_SHORTCODE = re.compile(r"(?<![\w:]):[a-z0-9_+-]{2,30}:(?![\w:])")
_BOXES = "☐□▢☑☒✅■✓✔"
"""Boxes to tick say something; other pictures only decorate."""
_STRUCK = re.compile(r"~~[^~\n]{1,80}~~|<(s|del|strike)>[^<\n]{1,80}</\1>")
_ELEMENT = re.compile(r"<([A-Za-z][\w-]{1,30})>([^<>\n]{1,200})</\1>")
_EMPHASIS = re.compile(r"(?<![\w*])(\*{1,2})(\S[^*\n]{0,80}?)\1(?![\w*])")
_MENTION = re.compile(r"(?<![\w.])@[\w-]+")
_LONGEST_WORD = 200
"""A run without a blank beyond this is no word; the rest of it is passed over, so that reading stays linear."""
_ODD = re.compile(r"[^\x20-\x7e\n\t]")
"""Characters that may control or decorate; what is left is shown as it is."""
_RUN = re.compile(rf"\w{{{_LONGEST_WORD},}}")


def readable(message: str) -> str:
    """One spelling of quotes, dashes and blanks; comments, markup, mentions and control characters gone."""
    text = unicodedata.normalize("NFKC", message[:MOST_CHARACTERS].translate(_MARKS)).translate(_MARKS)
    text = _RUN.sub(lambda match: match[0][:_LONGEST_WORD], text)
    text = _ODD.sub(lambda match: _shown(match[0]), text)
    text = _STRUCK.sub(" ", _COMMENT.sub(" ", text))
    text = _ELEMENT.sub(r"\n\1: \2\n", text)
    text = _SPOKEN.sub(" ", text)
    text = _MARKUP.sub(" ", text)
    text = _SYSTEM_LINE.sub(" ", text)
    text = _EMPHASIS.sub(r"\2", text)
    return _MENTION.sub(" ", _SHORTCODE.sub(" ", text))


@lru_cache(maxsize=2048)
def _shown(character: str) -> str:
    """The character, or a blank for one that only controls or decorates."""
    category = unicodedata.category(character)
    if category[0] == "C":
        return " "
    return " " if category in ("So", "Sk") and character not in _BOXES else character


def sentences_of(text: str) -> list[str]:
    """Its sentences, without what ends them; what holds no word is none."""
    return [part for part in _SENTENCE_ENDS.split(text) if _WORD.search(part)]


_SENTENCE_ENDS = re.compile(r"[.!?\n]{1,9}(?:\s|$)")
_WORD = re.compile(r"\w")
