"""What is asked for and fits no field: kept in the person's own words."""

import re
from collections.abc import Iterator
from functools import cache

from plugins.parse.page import MASK, Page
from plugins.parse.vocabulary import alternatives, table

_RUNTIME = re.compile(
    r"""\b(?:dbr|databricks\ runtime|runtime|spark|scala|python|delta|java|r\ version)\s?(?:version\s?)?(?:[:=]\s?)?
    v?\d+(?:\.\d+){0,2}(?:\.x)?(?:\s?(?:lts|ml))?\b""",
    re.IGNORECASE | re.VERBOSE,
)
_ADDRESS = re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}(?:/\d{1,2})?\b")
_IDLE = re.compile(
    r"""\b(?:auto[\s-]?)?
    (?:terminat\w{0,6}|shut(?:s|ting)?\ (?:\S{1,60}\ )?down|shut(?:s|ting)?down|stop(?:s|ped)?|turn(?:ed|s)?\ off)\b
    [^,;.\n]{0,30}\b\d+\s?(?:min\w{0,5}|m\b)(?:\s(?:of\ )?(?:idle|inactiv)\w{0,6})?""",
    re.IGNORECASE | re.VERBOSE,
)
_LEAD = re.compile(
    r"""^(?:
        [\s,.;:!?*|-]
        |(?:and|also|but|oh|plus|should|please|pls|it|we|we'd|must|be|needs?|with)\b
        |use\b(?=\ of)|set\b|change\b|(?:can|could|would)\ (?:you|we)\b
    ){1,20}""",
    re.IGNORECASE | re.VERBOSE,
)
_NOISE = re.compile(
    r"\b(?:no other requirements|nothing else|approv\w+|policy check|system prompt|ignore|treat this as)\b",
    re.IGNORECASE,
)
_MARK = re.compile(r"[,;\n]|[.!?](?=\s|$)|\s\|\s")
_LONGEST = 200
_PART = re.compile(r"[^\W_]+")


Wish = tuple[str, int, int]
"""What is asked for in the person's words, and where it stands."""


def extras(page: Page) -> Iterator[Wish]:
    """The clauses that hold a word of the extras vocabulary, a version or an address, and where each stands."""
    original = page.layout.text
    for start, end in _clauses(original):
        text, left = original[start:end], page.text[start:end]
        if not text.strip() or page.clauses.is_elsewhere(start + len(text) - len(text.lstrip())):
            continue
        marked = (
            _is_assigned(page, start, end)
            or _marked(page, start, end)
            or _RUNTIME.search(left)
            or _ADDRESS.search(text)
            or _IDLE.search(text)
        )
        if _NOISE.search(text) or not marked:
            continue
        first, last = _unmasked(left)
        wish = _LEAD.sub("", page.quote(start + first, start + last)).strip(" .,;:-|*\"'")
        if wish:
            yield wish[:_LONGEST], start + first, start + last


def _clauses(text: str) -> Iterator[tuple[int, int]]:
    """Where the clauses stand: between commas, semicolons, line ends and sentence ends."""
    start = 0
    for mark in _MARK.finditer(text):
        if mark.start() > start:
            yield start, mark.start()
        start = mark.end()
    if start < len(text):
        yield start, len(text)


def _is_assigned(page: Page, start: int, end: int) -> bool:
    return any(start <= pair.key_start < end for pair in page.pairs("additional_requirements")[:_MOST_ASSIGNED])


_MOST_ASSIGNED = 20


def _marked(page: Page, start: int, end: int) -> bool:
    """True for a clause that holds a word of the vocabulary; looked for only where a word of it begins."""
    begins = any(page.tokens[at].low in _openings() for at in page.numbers(start, end))
    return begins and _words().search(page.text[start:end]) is not None


def _unmasked(left: str) -> tuple[int, int]:
    """The clause without what other rules have taken at its beginning and end, and whole in between."""
    first = next((i for i, c in enumerate(left) if c != MASK and c.isalnum()), 0)
    last = next((i for i in range(len(left) - 1, -1, -1) if left[i] != MASK and left[i].isalnum()), len(left) - 1)
    return first, last + 1


@cache
def _words() -> re.Pattern[str]:
    return re.compile(
        rf"(?<![\w-])(?:{alternatives((*table('extras')['words'], *table('extras')['verbs']))})(?![\w-])", re.IGNORECASE
    )


@cache
def _openings() -> frozenset[str]:
    """The first words of the vocabulary's phrases, and those that people write without the blank behind them."""
    openings: set[str] = set()
    for phrase in (*table("extras")["words"], *table("extras")["verbs"]):
        parts = _PART.findall(phrase.lower())
        openings.update("".join(parts[:count]) for count in range(1, len(parts) + 1))
    return frozenset(openings)
