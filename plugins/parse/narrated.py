"""What only narrates while a plan waits: who is waited for, who looks at it, what others have, did or think, what stood
before, what seems much. "Finance is looking at it" names no team, "their project went from dev to prod" no environment.

Why so: each of these would change the plan that a person may just be about to confirm. A message that holds any word of
a wish or an order is no such narration, and is read as a whole.
"""

import re
from collections.abc import Iterator
from functools import cache

from plugins.parse.page import Page
from plugins.parse.vocabulary import either

_ENDS = re.compile(
    r"[.;:!\n]+(?=\s|$)|\n|,\s|\s-+\s|\b(?:but|and|so|though|because|since|while|therefore|as)\b", re.IGNORECASE
)


def only_narrates(page: Page) -> bool:
    """True where all that this text states stands in clauses that tell of something else. Linear in its length."""
    text = page.layout.text
    if "?" in text or _ordering().search(text):
        return False
    clauses = [span for span in _clauses(text) if page.is_said_within(*span) or _waits().search(text[slice(*span)])]
    return bool(clauses) and all(_narrates(text[start:end]) for start, end in clauses)


def is_opinion_of_another(page: Page) -> bool:
    """True where all that is said of the plan is what somebody else thinks: "Yusuf would rather drop prod"."""
    text = page.layout.text
    told = own = False
    for match in _SENTENCE.finditer(text):
        if _is_only_opinion(match[0]):
            told = True
        elif page.is_said_within(*match.span()) or _ordering().search(match[0]):
            own = True
    return told and not own


_SENTENCE = re.compile(r"(?:[^.!?\n]|\.(?=\S))+")


def _is_only_opinion(sentence: str) -> bool:
    opinion = opinion_of_another(sentence)
    if opinion is None or _ordering().search(sentence, 0, opinion.start()):
        return False  # "make it prod as my manager suggested" orders
    return _OWN_ORDER.search(sentence, opinion.end()) is None


def opinion_of_another(clause: str) -> re.Match[str] | None:
    """The verb by which the clause tells what somebody else thinks; None where it tells none."""
    return _THINKS.search(clause)


_THINKS = re.compile(
    r"""\b(?:thinks|believes|reckons|argues)\b
    |(?<!\bi\s)(?<!\bwe\s)(?<!\byou\s)(?<!\bas\s)(?<!\bwas\s)(?<!\bwere\s)(?<!\bbeen\s)
    \b(?:thought|believed|suggests?|suggested|reckoned|proposes|proposed|argued)\b
    |(?<!\bi\s)(?<!\bwe\s)(?<!\byou\s)\bwould\srather\b""",
    re.IGNORECASE | re.VERBOSE,
)
_OWN_ORDER = re.compile(
    r"""\b(?:please|pls|let'?s|so\s(?:make|do|set|change)|(?:i|we)\s(?:agree|think\sso\stoo)|which\sis\sfine)\b
    |[,;]\s(?:so\s|and\s)?(?:make|set|drop|change|use|take|do)\s""",
    re.IGNORECASE | re.VERBOSE,
)


def _clauses(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for match in _ENDS.finditer(text):
        yield start, match.start()
        start = match.end()
    yield start, len(text)


def _narrates(clause: str) -> bool:
    return _told().search(clause) is not None or _of_others().match(clause) is not None


@cache
def _ordering() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{either('narrated', 'ordering')})\b", re.IGNORECASE)


@cache
def _waits() -> re.Pattern[str]:
    return re.compile(either("narrated", "waits"), re.IGNORECASE)


@cache
def _told() -> re.Pattern[str]:
    return re.compile(f"{either('narrated', 'told')}|{either('narrated', 'waits')}", re.IGNORECASE)


@cache
def _of_others() -> re.Pattern[str]:
    """A clause of which neither the speaker, nor what is planned, nor any field is the subject."""
    own = either("narrated", "own_subjects")
    return re.compile(
        rf"\W*(?:(?:btw|fyi|well|hm+|ok|oh|also|sorry|anyway)\W{{1,3}})?(?!(?:{own})\b)"
        rf"(?:[\w'\u2019&-]{{1,30}}\s){{1,6}}?(?:{either('narrated', 'deeds')})\b(?!.*\b(?:owner|owns|pays)\b)",
        re.IGNORECASE,
    )
