"""What is to be left as it is where others go, stay longer or change: "all but dbw-x", "keep dbw-x, kill the rest"."""

import re
from bisect import bisect_right
from collections.abc import Collection, Sequence
from typing import Literal

from plugins.domain.understanding import Context
from plugins.parse import phrases
from plugins.parse.ordered_ends import is_denied
from plugins.parse.scaling import scaled
from plugins.parse.vocabulary import either

Sparing = Literal["", "out", "but", "kept"]
"""Nothing is said, it is no part ("except dbw-x"), perhaps so ("but dbw-x"), it is to stay ("keep dbw-x")."""

_BEFORE = 60
"""Characters before a name that are looked at, and between a verb and what it is of."""
_AFTER = 60
_ALL_OF = r"(?:of )?(?:(?:the|our|my|them|these|those|workspaces?|ones?|dev|staging|prod|that|which|is|are)\s){0,4}"
_LEADS = re.compile(
    rf"""(?<![\w-])(?:
        (?P<out>(?:{either("sparing", "all")})\s{_ALL_OF}but|{either("sparing", "out")})
        |(?P<but>{either("sparing", "but")})|(?P<kept>{either("sparing", "kept")}|(?P<used>{either("sparing", "used")}))
        (?:\s(?:it|that)\s(?:on|in|for))?
    )\s+(?:(?:for|of|the|workspace|to|touch|touching|called|named)\s+){{0,4}}$
    """,
    re.IGNORECASE | re.VERBOSE,
)
_NOT_SPARED = re.compile(
    r"\b(?:nothing|none|nobody|no one|no|why|not only|not just|anyone|anybody|hardly|doubt)\s(?:\w{1,20}\s)?$"
    r"|\bno\s\w{1,20}\s$",
    re.IGNORECASE,
)
"""Before a "but" or a "not" these turn it: "nothing but dbw-x", "why not dbw-x"."""
_STAYS = re.compile(
    rf"\s(?:{either('sparing', 'stays')})"
    r"(?=\W*$|\s?[,.;:!\n]|\s(?:and|but|as|where|though|then|because|since)\b"
    r"|\sby\s(?!(?:nobody|no\s?one|none|hardly|no|nothing|accident|mistake)\b))",
    re.IGNORECASE,
)
_OWN_PREDICATE = re.compile(rf"(?:\s|:\s)(?:{either('sparing', 'own_predicate')})\b", re.IGNORECASE)
_FOR_A_TIME = re.compile(rf"\s(?:[\w-]{{1,20}}\s){{0,2}}?(?:{either('sparing', 'for_a_time')})|\s?\?", re.IGNORECASE)
_OTHERS = re.compile(rf"\b(?:{either('sparing', 'others')})\b(?!\s(?:than|stays?|remains?)\b)", re.IGNORECASE)
_KEPT_TOO = re.compile(
    rf"\b(?:{either('sparing', 'kept')}|{either('sparing', 'used')})\s(?:\S{{1,64}}\sand\s)?(?:all\s|the\s)*$",
    re.IGNORECASE,
)
_ALL = re.compile(rf"\b(?:{either('sparing', 'all')})\b", re.IGNORECASE)
_ALL_OUT = re.compile(rf"\s{_ALL_OF}(?:but|(?:{either('sparing', 'out')}))\s", re.IGNORECASE)
_BREAKS = re.compile(r"[.;:,!?\n]|\b(?:nothing|none|not|no|never|but)\b", re.IGNORECASE)
_VERBS: tuple[phrases.Kind, ...] = ("destroy", "extend", "export", "change", "alters")


def spared(text: str, start: int, end: int) -> Sparing:
    """How the words around this place spare what stands there, which is a workspace's name."""
    if _STAYS.match(text, end, end + _AFTER):
        return "kept"
    before = re.split(r"[;.\n]", text[max(0, start - _BEFORE) : start])[-1]
    lead = _LEADS.search(before)
    if lead is None or (not lead["kept"] and _NOT_SPARED.search(before, 0, lead.start())):
        return ""
    if lead["used"] and phrases.says("extend", text) and not phrases.says("destroy", text):
        return ""
    if lead["kept"]:
        at = start - len(before) + lead.start()
        is_undone = is_denied(text, at) or _NOT_SPARED.search(before, 0, lead.start()) is not None
        return "" if is_undone or _FOR_A_TIME.match(text, end, end + _AFTER) else "kept"
    # "Everything is fine but dbw-x can go": it has a clause of its own.
    if not _is_of_all(lead) and _OWN_PREDICATE.match(text, end, end + _AFTER):
        return ""
    return "out" if lead["out"] else "but"


def acts_on_others(text: str) -> bool:
    """True where the others are what an act is of: "delete the rest", and not "the rest is fine, delete dbw-x"."""
    ends = sorted(match.end() for kind in _VERBS for match in phrases.each(kind, text))
    return any(_leads_to(text, ends, match.start()) for match in _OTHERS.finditer(text))


def is_beside_others(text: str, start: int, end: int) -> bool:
    """True where what stands here, in a text that acts on others, is of no act itself: "dbw-x is sacred"."""
    before = _CLAUSE.split(text[max(0, start - _BEFORE) : start])[-1]
    behind = _CLAUSE.split(text[end : end + _AFTER], maxsplit=1)[0]
    clause = f"{before}{text[start:end]}{behind}"
    if _TOO.match(behind) or any(phrases.says(kind, clause) for kind in _VERBS):
        return False
    # "Delete the others and dbw-x" names one more.
    return bool(behind.strip() or before.strip())


_TOO = re.compile(r"\s(?:too|as well|also|first|included)\b", re.IGNORECASE)
_CLAUSE = re.compile(r"[,.;:!?\n]|\b(?:and|but|then)\b", re.IGNORECASE)


def spares_any(text: str, names: Collection[str]) -> bool:
    """True where one of these is left as it is and the others are what an act is of."""
    folded = text.casefold()
    places = [(at, at + len(name)) for name in names if (at := folded.find(name.casefold())) >= 0]
    if not places or not means_others(text):
        return False
    of_others = acts_on_others(text)
    return any(spared(text, *place) or (of_others and is_beside_others(text, *place)) for place in places)


def _is_of_all(lead: re.Match[str]) -> bool:
    return bool(lead["out"]) and _ALL.match(lead["out"]) is not None


def means_others(text: str) -> bool:
    """True where an act is of all, or of all the others: "delete all", "the rest can go"; "all right, delete dbw-x" is
    of one.
    """
    others = (match.start() for match in _OTHERS.finditer(text))
    if any(_KEPT_TOO.search(text, max(0, at - _BEFORE), at) is None for at in others):
        return True
    alls = list(_ALL.finditer(text))
    if any(_ALL_OUT.match(text, match.end(), match.end() + _BEFORE) for match in alls):
        return True
    begins = [0] if scaled(text) else []
    ends = begins + sorted(match.end() for kind in _VERBS for match in phrases.each(kind, text))
    # What is told in terms of what is there needs no other verb: "double the workers of all but dbw-x".
    return any(_leads_to(text, ends, match.start()) for match in alls)


def means_others_than(excluded: Collection[tuple[str, str]], text: str) -> bool:
    """True where something is left out and the others are meant."""
    return bool(excluded) and means_others(text)


def means_the_other_than(excluded: Collection[tuple[str, str]], text: str) -> bool:
    """True where something is left out and the others are one: "delete the other one, not dbw-x"."""
    return bool(excluded) and _THE_OTHER.search(text) is not None


_THE_OTHER = re.compile(r"\bthe other (?:one|workspace|ws)\b", re.IGNORECASE)


def _leads_to(text: str, ends: Sequence[int], at: int) -> bool:
    """True where one of these ends stands before this place in the same clause."""
    number = bisect_right(ends, at)
    end = ends[number - 1] if number else at + 1
    return 0 <= at - end <= _BEFORE and _BREAKS.search(text, end, at) is None


_IT = re.compile(
    r"\b(?:it|(?:this|that)(?:\s(?:one|workspace))?|the\sone\sin\ssight)(?=\s?[,.;:!\n]|\s(?:and|but|alone|as|out)\b|\W*$)",
    re.IGNORECASE,
)


def spares_it(text: str) -> bool:
    """True where what is spared is only pointed at: "keep it, delete the rest"."""
    return _pointed_at(text) is not None


def with_spared_named(text: str, context: Context) -> str:
    """The text with the name of what is in sight where that is what is spared: "delete everything but this one"."""
    it = _pointed_at(text) if context.in_sight and any(phrases.says(kind, text) for kind in _VERBS) else None
    return text if it is None else f"{text[: it.start()]}{context.in_sight}{text[it.end() :]}"


def _pointed_at(text: str) -> re.Match[str] | None:
    it = next((match for match in _IT.finditer(text) if spared(text, *match.span()) in ("out", "but", "kept")), None)
    return it if it is not None and means_others(text) else None
