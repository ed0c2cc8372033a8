"""A message made readable: one spelling of marks, chat dressing and what is hidden taken off."""

import re
import unicodedata

MOST_CHARACTERS = 60_000

_MARKS = str.maketrans({
    "\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u00ab": '"', "\u00bb": '"',
    "\u2013": "-", "\u2014": " - ", "\u2212": "-", "\u2011": "-", "\u2192": " -> ", "\u00a0": " ", "\u202f": " ",
    "\u2009": " ", "\u2026": "...", "\u00d7": "x", "\r": "\n", "\u2022": "-", "\u00b7": "-",
})  # fmt: skip
_COMMENT = re.compile(r"<!--.*?(?:-->|$)", re.DOTALL)
_MARKUP = re.compile(r"</?(?:system|user|assistant|instructions?|prompt|tool)\b[^>]*>", re.IGNORECASE)
_SYSTEM_LINE = re.compile(
    r"^\W*(?:system|assistant|developer)(?: \w+)?\s*:[^\n]*$|\bnote to (?:the )?(?:bot|assistant|agent|ai)\b[^\n]*",
    re.IGNORECASE | re.MULTILINE,
)
_SHORTCODE = re.compile(r"(?<![\w:]):[a-z0-9_+-]{2,30}:(?![\w:])")
_BOXES = "☐□▢☑☒✅■✓✔"
"""Boxes to tick say something; other pictures only decorate."""
_STRUCK = re.compile(r"~~[^~\n]{1,80}~~|<(s|del|strike)>[^<\n]{1,80}</\1>")
_ELEMENT = re.compile(r"<([A-Za-z][\w-]{1,30})>([^<>\n]{1,200})</\1>")
_EMPHASIS = re.compile(r"(?<![\w*])(\*{1,2})(\S[^*\n]{0,80}?)\1(?![\w*])")
_MENTION = re.compile(r"(?<![\w.])@[\w-]+")
_LONGEST_WORD = 200
"""A run without a blank beyond this is no word; the rest of it is passed over, so that reading stays linear."""
_RUN = re.compile(rf"\w{{{_LONGEST_WORD},}}")


def readable(message: str) -> str:
    """One spelling of quotes, dashes and blanks; comments, markup, mentions and control characters gone."""
    text = unicodedata.normalize("NFKC", message[:MOST_CHARACTERS].translate(_MARKS)).translate(_MARKS)
    text = _RUN.sub(lambda found: found[0][:_LONGEST_WORD], text)
    text = "".join(c if c in "\n\t" or unicodedata.category(c)[0] != "C" else " " for c in text)
    text = "".join(
        " " if unicodedata.category(c) in ("So", "Sk") and c not in _BOXES and not c.isascii() else c for c in text
    )
    text = _STRUCK.sub(" ", _COMMENT.sub(" ", text))
    text = _ELEMENT.sub(r"\n\1: \2\n", text)
    text = re.sub(r"<(system|assistant)\b[^>]{0,200}>[^<]{0,2000}(?:</\1>)?", " ", text, flags=re.IGNORECASE)
    text = _MARKUP.sub(" ", text)
    text = _SYSTEM_LINE.sub(" ", text)
    text = _EMPHASIS.sub(r"\2", text)
    return _MENTION.sub(" ", _SHORTCODE.sub(" ", text))
