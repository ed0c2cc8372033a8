"""A message made readable: one spelling of marks, mail and chat dressing taken off, older quotes set apart."""

import re
import unicodedata

from plugins.parse.numbers import in_figures

MOST_CHARACTERS = 60_000

_MARKS = str.maketrans({
    "\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u00ab": '"', "\u00bb": '"',
    "\u2013": "-", "\u2014": " - ", "\u2212": "-", "\u2011": "-", "\u2192": " -> ", "\u00a0": " ", "\u202f": " ",
    "\u2009": " ", "\u2026": "...", "\u00d7": "x", "\t": " ", "\r": "\n", "\u2022": "-", "\u00b7": "-",
})  # fmt: skip
_COMMENT = re.compile(r"<!--.*?(?:-->|$)", re.DOTALL)
_MARKUP = re.compile(r"</?(?:system|user|assistant|instructions?|prompt|tool)\b[^>]*>", re.IGNORECASE)
_SYSTEM_LINE = re.compile(
    r"^\W*(?:system|assistant|developer)(?: \w+)?\s*:[^\n]*$|\bnote to (?:the )?(?:bot|assistant|agent|ai)\b[^\n]*",
    re.IGNORECASE | re.MULTILINE,
)
_SHORTCODE = re.compile(r"(?<![\w:]):[a-z0-9_+-]{2,30}:(?![\w:])")
_MENTION = re.compile(r"(?<![\w.])@[\w-]+")
_HEADER = re.compile(r"^\s*(?:from|to|cc|bcc|sent|date|reply-to|von|an|datum)\s*:[^\n]*@?[^\n]*$", re.IGNORECASE)
_MAIL_HEADER = re.compile(r"^\s*(?:from|to|cc|bcc|sent|date|reply-to)\s*:", re.IGNORECASE)
_SUBJECT = re.compile(r"^\s*(?:subject|betreff|re|fw|fwd)\s*:\s*(?:(?:re|fw|fwd)\s*:\s*)*", re.IGNORECASE)
_SIGN_OFF = re.compile(
    r"^\s*(?:(?:best|kind|warm|many)? ?regards|best|cheers|thanks(?: so much| a lot| in advance)?|thank you|sincerely"
    r"|br|vg|mfg|--+|sent from my \w+)\s*[,.!]?\s*$",
    re.IGNORECASE,
)
_QUOTE = re.compile(r"^\s*((?:>\s?)+)")
_FORWARD = re.compile(
    r"^\s*-{2,}\s*(?:forwarded|original) message\s*-{2,}\s*$|^\s*on .{5,60} wrote:\s*$", re.IGNORECASE
)
_LONGEST_WORD = 200
"""A run without a blank beyond this is no word; the rest of it is passed over, so that reading stays linear."""
_RUN = re.compile(rf"\S{{{_LONGEST_WORD},}}")
_MAILISH = 2
"""Header lines from which on a message is a mail."""


def readable(message: str) -> str:
    """One spelling of quotes, dashes and blanks; comments, markup, mentions and control characters gone."""
    text = unicodedata.normalize("NFKC", message[:MOST_CHARACTERS].translate(_MARKS)).translate(_MARKS)
    text = _RUN.sub(lambda found: found[0][:_LONGEST_WORD], text)
    text = "".join(c if c == "\n" or unicodedata.category(c)[0] != "C" else " " for c in text)
    text = _COMMENT.sub(" ", text)
    text = re.sub(r"<(system|assistant)\b[^>]{0,200}>[^<]{0,2000}(?:</\1>)?", " ", text, flags=re.IGNORECASE)
    text = _MARKUP.sub(" ", text)
    text = _SYSTEM_LINE.sub(" ", text)
    return _MENTION.sub(" ", _SHORTCODE.sub(" ", text))


def layers(text: str) -> tuple[str, ...]:
    """What each person wrote, oldest first: quoted and forwarded text before what answers it; mail dressing removed."""
    by_depth: dict[int, list[str]] = {}
    forwarded = 0
    is_mail = sum(bool(_MAIL_HEADER.match(line)) for line in text.split("\n")) >= _MAILISH or bool(
        re.search(r"^\W*(?:forwarded|original) message", text, re.IGNORECASE | re.MULTILINE)
    )
    signed_off: set[int] = set()
    for raw in text.split("\n"):
        quote = _QUOTE.match(raw)
        depth = forwarded + (quote[1].count(">") if quote else 0)
        line = raw[quote.end() :] if quote else raw
        if _FORWARD.match(line):
            forwarded += 1
            continue
        if _SIGN_OFF.match(line):
            signed_off.add(depth)
        if depth in signed_off or ((is_mail or depth) and _HEADER.match(line)):
            continue
        by_depth.setdefault(depth, []).append(_SUBJECT.sub("", line) if _SUBJECT.match(line) else line)
    return tuple(in_figures("\n".join(by_depth[depth])) for depth in sorted(by_depth, reverse=True)) or ("",)
