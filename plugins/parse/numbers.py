"""Number words and written amounts as figures."""

import re
from decimal import Decimal, InvalidOperation

from plugins.parse.vocabulary import either

_COUNTING = """
zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
eighteen nineteen
"""
_ELSEWHERE = {
    "zwei": 2, "drei": 3, "vier": 4, "fünf": 5, "sechs": 6, "sieben": 7, "zehn": 10, "zwölf": 12, "dos": 2, "tres": 3,
    "cuatro": 4, "cinco": 5, "diez": 10, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "dix": 10,
}  # fmt: skip
_UNITS = {word: number for number, word in enumerate(_COUNTING.split())} | _ELSEWHERE
_TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
_SCALES = {"hundred": 100, "thousand": 1000, "grand": 1000, "million": 1_000_000}
_WORD = "|".join(sorted((*_UNITS, *_TENS, *_SCALES), key=len, reverse=True))
_WORDS = re.compile(
    rf"""
    \b(?:an?[ ](?=hundred|thousand|grand|million))?(?:{_WORD})
    (?:[ -](?:{_WORD})|(?:(?<=hundred)|(?<=thousand))[ ]and[ ](?:{_WORD}))*\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
_COUNTED = re.compile(rf"[ -]+(?:{either('numbers', 'counted')})\b", re.IGNORECASE)
_PHRASES = (
    (re.compile(rf"\bone(?= ?(?:to|or|till|-) ?(?:\d|(?:{_WORD})\b))", re.IGNORECASE), "1"),
    (re.compile(r"\bhalf a dozen\b", re.IGNORECASE), "6"),
    (re.compile(r"\ba dozen\b", re.IGNORECASE), "12"),
    (re.compile(r"\ba couple(?: of)?\b", re.IGNORECASE), "2"),
    (re.compile(r"\b(?:a|one) fortnight\b", re.IGNORECASE), "14 days"),
    (re.compile(r"\bfortnight\b", re.IGNORECASE), "14 days"),
    (re.compile(r"\ba quarter of a year\b", re.IGNORECASE), "3 months"),
    (re.compile(r"\bhalf a year\b", re.IGNORECASE), "6 months"),
    (re.compile(r"\ba few\b", re.IGNORECASE), "a few"),
    (re.compile(r"\bone point five\b", re.IGNORECASE), "1.5"),
    (re.compile(r"\btwo point five\b", re.IGNORECASE), "2.5"),
    (re.compile(r"\b(?:one|1) and a half\b", re.IGNORECASE), "1.5"),
    (re.compile(r"\b(?:two|2) and a half\b", re.IGNORECASE), "2.5"),
    (re.compile(r"\bhalf a (?=grand\b)", re.IGNORECASE), "0.5 "),
    (re.compile(r"\b(?:1\.5|one and a half) lakhs?\b", re.IGNORECASE), "150000"),
)
_AMOUNT = re.compile(r"\d+(?:[.,'\u2019 \u00a0]\d+)*")


def in_figures(text: str) -> str:
    """Number words as figures: "twelve hundred" → "1200". A lone "one" stays, unless it counts something."""
    pieces: list[str] = []
    at = 0
    for start, end, figure in in_figures_at(text):
        pieces += [text[at:start], figure]
        at = end
    return "".join([*pieces, text[at:]])


def in_figures_at(text: str) -> list[tuple[int, int, str]]:
    """Where number words stand, and the figures they mean: (start, end, figure), in order, without overlaps."""
    found = [(m.start(), m.end(), figure) for pattern, figure in _PHRASES for m in pattern.finditer(text)]
    found += [(m.start(), m.end(), _figure(m, text)) for m in _WORDS.finditer(text) if m[0].lower() not in _SCALES]
    kept: list[tuple[int, int, str]] = []
    for start, end, figure in sorted(found, key=lambda row: (row[0], -row[1])):
        if (not kept or start >= kept[-1][1]) and text[start:end] != figure:
            kept.append((start, end, figure))
    return kept


def amount(text: str) -> Decimal | None:
    """A written amount, whatever its separators: "1.200,00", "1,250.50", "1'800", "1.5". None when it is none."""
    digits = re.sub(r"['\u2019\s]", "", text)
    if re.search(r"[.,]\d{3}$", digits) and not re.search(r"^0[.,]", digits):
        digits = re.sub(r"[.,]", "", digits)
    elif found := re.search(r"[.,](\d{1,2})$", digits):
        digits = re.sub(r"[.,]", "", digits[: found.start()]) + "." + found[1]
    else:
        digits = re.sub(r"[.,]", "", digits)
    try:
        return Decimal(digits)
    except InvalidOperation:
        return None


def _figure(found: re.Match[str], text: str) -> str:
    words = [w for w in re.split(r"[ -]+", found[0].lower()) if w not in ("and", "a", "an")]
    if words == ["one"] and not _COUNTED.match(text, found.end()):
        return found[0]
    total = current = 0
    for word in words:
        if word in _SCALES:
            scale = _SCALES[word]
            current = max(current, 1) * scale
            if scale > 100:  # noqa: PLR2004 - a thousand closes a group
                total, current = total + current, 0
        else:
            current += _UNITS.get(word, _TENS.get(word, 0))
    return str(total + current)
