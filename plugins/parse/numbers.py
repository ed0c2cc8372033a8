"""Number words and written amounts as figures."""

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from plugins.parse.vocabulary import either, table

_SHORT = 3
"""Letters of words such as "a" and "of", which say no number alone."""

_THOUSAND = 1000
_UNITS: dict[str, int] = table("numbers")["units"]
_TENS: dict[str, int] = table("numbers")["tens"]
_SCALES: dict[str, int] = table("numbers")["scales"]
_FIGURES: dict[str, str] = table("numbers")["figures"]
_WORD = "|".join(sorted((*_UNITS, *_TENS, *_SCALES), key=len, reverse=True))
_WORDS = re.compile(
    rf"""
    \b(?:an?[ ](?=hundred|thousand|grand|million))?(?:{_WORD})
    (?:[ -](?:{_WORD})|(?:(?<=hundred)|(?<=thousand))[ ]and[ ](?:{_WORD}))*\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
_COUNTED = re.compile(rf"[ -]+(?:{either('numbers', 'counted')})\b", re.IGNORECASE)
_SAID_NUMBERS = frozenset(
    (*_UNITS, *_TENS, *_SCALES, *(word for phrase in _FIGURES for word in phrase.split() if len(word) > _SHORT))
)
"""Without one of these words a text says no number."""
_LETTERS = re.compile(r"[^\W\d_]+")
_PHRASES = re.compile(rf"\b(?:{'|'.join(sorted(_FIGURES, key=len, reverse=True))})\b", re.IGNORECASE)
_ONE_TO = re.compile(rf"\bone(?= ?(?:to|or|till|-) ?(?:\d|(?:{_WORD})\b))", re.IGNORECASE)
_POINT = re.compile(rf"\b(?P<whole>{'|'.join(_UNITS)}) point (?P<tenth>{'|'.join(_UNITS)})\b", re.IGNORECASE)


_ORDINALS: dict[str, int] = table("numbers")["ordinals"]
_ORDINAL = rf"(?:(?P<ten>twenty|thirty)[ -])?(?P<nth>{'|'.join(sorted(_ORDINALS, key=len, reverse=True))})"
_MONTH = rf"(?:{either('times', 'month')})"
_OF_A_MONTH = (
    re.compile(rf"(?<=\s){_ORDINAL}(?=(?:\sof)?\s{_MONTH}\b)", re.IGNORECASE),
    re.compile(rf"\b{_MONTH}\s(?:the\s)?(?P<day>{_ORDINAL})\b", re.IGNORECASE),
)
"""Ordinals that are days: beside a month. Elsewhere they count nothing ("the first workspace")."""


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
    words = _LETTERS.findall(text.lower())
    days = [] if _ORDINALS.keys().isdisjoint(words) else list(_days(text))
    if _SAID_NUMBERS.isdisjoint(words) and not days:
        return []
    figures = [(m.start(), m.end(), _FIGURES[m[0].lower()]) for m in _PHRASES.finditer(text)]
    figures += [(m.start(), m.end(), "1") for m in _ONE_TO.finditer(text)]
    figures += [(m.start(), m.end(), _decimal(m)) for m in _POINT.finditer(text)]
    figures += [(m.start(), m.end(), _figure(m, text)) for m in _WORDS.finditer(text) if m[0].lower() not in _SCALES]
    figures += days
    disjoint: list[tuple[int, int, str]] = []
    for start, end, figure in sorted(figures, key=lambda row: (row[0], -row[1])):
        if (not disjoint or start >= disjoint[-1][1]) and text[start:end] != figure:
            disjoint.append((start, end, figure))
    return disjoint


def _days(text: str) -> Iterator[tuple[int, int, str]]:
    """Days of a month in words: "december eighteenth" → "december 18"."""
    for pattern in _OF_A_MONTH:
        for match in pattern.finditer(text):
            start, end = match.span("day") if "day" in match.groupdict() else match.span()
            ten = _TENS[match["ten"].lower()] if match["ten"] else 0
            yield start, end, str(ten + _ORDINALS[match["nth"].lower()])


def _decimal(match: re.Match[str]) -> str:
    """A decimal in words: "one point five" → "1.5"."""
    return f"{_UNITS[match['whole'].lower()]}.{_UNITS[match['tenth'].lower()]}"


def amount(text: str) -> Decimal | None:
    """A written amount, whatever its separators: "1.200,00", "1,250.50", "1'800", "1.5". None when it is none."""
    digits = re.sub(r"['\u2019\s]", "", text)
    if about := re.fullmatch(r"(\d{1,3})k(\d)", digits, re.IGNORECASE):  # thousands and hundreds about a "k"
        return Decimal(f"{about[1]}{about[2]}00")
    if re.fullmatch(r"0[.,]\d+", digits):
        digits = digits.replace(",", ".")
    elif match := re.search(r"[.,](\d{1,2})$", digits):
        digits = re.sub(r"[.,]", "", digits[: match.start()]) + "." + match[1]
    else:
        digits = re.sub(r"[.,]", "", digits)
    try:
        return Decimal(digits)
    except InvalidOperation:
        return None


def _figure(match: re.Match[str], text: str) -> str:
    words = [w for w in re.split(r"[ -]+", match[0].lower()) if w not in ("and", "a", "an")]
    if words == ["one"] and not _COUNTED.match(text, match.end()):
        return match[0]
    total = current = 0
    for word in words:
        if word in _SCALES:
            scale = _SCALES[word]
            current = max(current, 1) * scale
            if scale >= _THOUSAND:  # it closes a group: "two hundred thousand five hundred"
                total, current = total + current, 0
        else:
            current += _UNITS.get(word, _TENS.get(word, 0))
    return str(total + current)
