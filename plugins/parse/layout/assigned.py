"""Keys that are given a value in a sentence: "set the budget to 500", "the workers should be 4", "limit 500 please".

They are pairs as those of a form are, and of the same keys. What the value takes the place of ("from 300", "not 300")
is blanked: it is said of what was. A sentence that denies it, or tells of somebody who did it, gives none.
"""

import re
from collections.abc import Iterator, Sequence

from plugins.parse.layout.keys import field_spoken_of
from plugins.parse.layout.sheet import Pair, Sheet
from plugins.parse.spans import Taken
from plugins.parse.vocabulary import either

_WORDS = r"[^\W\d_][^\W\d_/-]{1,20}(?:[ ](?:of[ ])?(?:the[ ])?[^\W\d_][^\W\d_/-]{1,20}){0,3}?"
_ARTICLE = rf"(?:(?:{either('assigned', 'articles')})[ ])?"
_OF_WHAT = (
    rf"(?P<of>[ ](?:of|for|in|on|für|von)[ ](?:the[ ]|team[ ])?(?:{either('assigned', 'of_what')}|[\w-]{{2,30}}))?"
)
_UP = r"(?:[ ](?:up|down|back|over))?"
_ORDERED = re.compile(
    rf"""
    (?:(?:^|[,.;:!?(\n-])[ ]{{0,2}}|\b(?:{either("assigned", "orders")})[ ]|(?P<supposed>\bif[ ](?:we|i|you)[ ]))
    (?:(?P<names>set|change|switch|update|correct|fix|setze?|ändere?)|(?P<sets>{either("assigned", "sets")})
    |(?:{either("assigned", "changes")})){_UP}
    [ ]{_ARTICLE}(?P<key>{_WORDS}){_OF_WHAT}{_UP}(?:[ ](?:bitte|doch|mal|please))?
    (?P<old>[ ](?:from|von)[ ][^\n,;:!?]{{1,40}}?)?
    [ ](?P<link>to|at|on|as|=|auf)[ ](?:be[ ])?
    """,
    re.IGNORECASE | re.VERBOSE,
)
_WISHED = re.compile(
    rf"""
    \b(?:{either("assigned", "wishes")})[ ]{_ARTICLE}(?P<key>{_WORDS}){_OF_WHAT}
    [ ](?:{either("assigned", "links")})[ ]
    """,
    re.IGNORECASE | re.VERBOSE,
)
_SET_LAST = re.compile(
    rf"""
    (?:(?:^|[,.;:!?(\n-])[ ]{{0,2}}|\b(?:und|aber|bitte)[ ]){_ARTICLE}(?P<key>{_WORDS})[ ](?:bitte[ ])?auf[ ]
    (?=[^,;.!?\n]{{1,30}}[ ](?:setzen|stellen|erhöhen|senken|ändern|begrenzen|reduzieren)\b)
    """,
    re.IGNORECASE | re.VERBOSE,
)
_BEING = re.compile(
    rf"""
    (?:(?:^|[,.;:!?(\n-])[ ]{{0,2}}|\b(?:and|but|so|then|und|aber)[ ])
    {_ARTICLE}(?P<key>{_WORDS}){_OF_WHAT}[ ](?:{either("assigned", "being")})
    """,
    re.IGNORECASE | re.VERBOSE,
)
_ALSO = re.compile(
    rf"""
    (?:,[ ](?:and[ ]|und[ ])?|[ ](?:and|und)[ ]){_ARTICLE}(?P<key>{_WORDS}){_OF_WHAT}{_UP}
    (?P<old>[ ](?:from|von)[ ][^\n,;:!?]{{1,40}}?)?[ ](?:to|at|auf)[ ]
    """,
    re.IGNORECASE | re.VERBOSE,
)
_AGAIN = re.compile(
    rf"""
    (?:,[ ](?:and[ ])?|[ ]and[ ])(?:of|for|in|on)[ ](?:the[ ]|team[ ])?
    (?:{either("assigned", "of_what")})[ ](?:to|at)[ ]
    """,
    re.IGNORECASE | re.VERBOSE,
)
_AMOUNT = r"(?:[$€£][ ]?)?\d[\d.,]{0,9}(?<![.,])(?:[ ]?(?:k|usd|eur|gbp|chf|dollars?|euros?|pounds?|[$€£]))?"
_LEADS = r"(?:and|actually|please|pls|then|but|make|use|say|und|bitte|mach)"
_BARE = re.compile(
    rf"""
    (?:(?:^|[,.;:!?(\n-])[ ]{{0,2}}|\b(?={_LEADS}[ ]))
    (?:{_LEADS}[ ])?{_ARTICLE}(?P<key>(?!{_LEADS}[ ]){_WORDS})[ ](?P<value>{_AMOUNT})
    (?=[ ]?(?:$|[\n;!?)]|[.,](?:\s|$)|[ ](?:{either("assigned", "goes_on")})\b))
    """,
    re.IGNORECASE | re.VERBOSE,
)
_NOT = r"not|instead\ of|rather\ than|statt|nicht"
_ENDS = re.compile(
    rf"[;!?\n)(]|[.,](?=\s|$)|[ ](?:{either('assigned', 'ends')})\b|[ ]-[ ]|,?[ ](?:{_NOT})[ ]", re.IGNORECASE
)
_REPLACED = re.compile(rf",?[ ](?:and[ ])?(?:{_NOT})[ ](?P<old>[^\n,;.!?]{{1,40}})", re.IGNORECASE)
_DENIES = re.compile(rf"(?:{either('assigned', 'denies')})[^,.;:!?\n]{{0,40}}$", re.IGNORECASE)
_DENIED_REACH = 60
_LONGEST_VALUE = 60
_RANGE = re.compile(r"[ ]from[ ]\d{1,3}$", re.IGNORECASE)

_COUNT = re.compile(r"(?:max\.?|min\.?|up to|at most|at least|only|just|about|around)?[ ]{0,2}\d", re.IGNORECASE)
_SWITCH = re.compile(rf"(?:{either('assigned', 'switch')})\b", re.IGNORECASE)
_END = re.compile(rf"(?:{either('assigned', 'days')})", re.IGNORECASE)
_NAME = re.compile(r"[a-z][\w-]{1,30}(?:[ ][a-z][\w-]{1,30})?$", re.IGNORECASE)
_ANY_AMOUNT = re.compile(rf"(?:about|around|max\.?|at most|up to|under|below)?[ ]{{0,2}}{_AMOUNT}", re.IGNORECASE)
_SHAPES = {
    "workers": _COUNT,
    "min_workers": _COUNT,
    "max_workers": _COUNT,
    "hours_per_week": _COUNT,
    "cost_limit": _ANY_AMOUNT,
    "spot": _SWITCH,
    "photon": _SWITCH,
    "enable_gpu": _SWITCH,
    "expires_in_days": _END,
    "additional_requirements": _COUNT,
    "team": _NAME,
    "owner": re.compile(r"[\w.+-]{1,64}@[\w.-]{1,80}$"),
    "cost_center": re.compile(r"[\w-]{2,30}$"),
}
"""What a value looks like in a sentence, by its field; the others are read as plainly without their key."""

_BY_NUMBER = frozenset({"workers", "min_workers", "max_workers", "hours_per_week", "cost_limit"})


def assigned(sheet: Sheet, pairs: Sequence[Pair]) -> list[Pair]:
    """These pairs and those of its sentences, in order. Linear in the length of the text."""
    text = sheet.text
    spoken = [*_spoken(text), *_bare(text)]
    # Of several workspaces that are named nobody can tell here which value is whose.
    if len(spoken) > 1 and len({name.lower() for name in _NAMED.findall(text)}) > 1:
        return list(pairs)
    taken = Taken(len(text))
    for pair in pairs:
        taken.add(pair.key_start, pair.end)
    found = list(pairs)
    for pair, old in spoken:
        if not taken.overlaps(pair.key_start, pair.end):
            taken.add(pair.key_start, pair.end)
            found.append(pair)
            for start, end in old:
                sheet.blank(start, end)
    return sorted(found, key=lambda pair: pair.start)


_NAMED = re.compile(r"(?<![\w-])dbw-[\w-]{1,60}", re.IGNORECASE)


_Spoken = tuple[Pair, list[tuple[int, int]]]
"""A pair, and where what it replaces stands."""


def _spoken(text: str) -> Iterator[_Spoken]:
    """What each sentence gives: "set the workers to 4 and the budget to 500" gives two."""
    for pattern in (_ORDERED, _WISHED, _BEING, _SET_LAST):
        for match in pattern.finditer(text):
            given = _given(text, match, of_team=pattern is _ORDERED)
            while given is not None:
                yield given
                given = _also_given(text, given[0])


def _also_given(text: str, before: Pair) -> _Spoken | None:
    """What an "and" goes on with: another key, "and the budget to 500", or the same of another, "and for prod to 6"."""
    also = _ALSO.match(text, before.end)
    if also is not None and (given := _given(text, also, of_team=False)) is not None:
        return given
    again = _AGAIN.match(text, before.end)
    shape = _SHAPES.get(before.field)
    if again is None or shape is None:
        return None
    start, end = again.end(), _value_end(text, again.end())
    return (Pair(before.field, before.key, start, start, end), []) if shape.match(text[start:end]) else None


def _value_end(text: str, start: int) -> int:
    mark = _ENDS.search(text, start, start + _LONGEST_VALUE)
    end = mark.start() if mark else min(len(text), start + _LONGEST_VALUE)
    return start + len(text[start:end].rstrip())


def _given(text: str, match: re.Match[str], *, of_team: bool) -> _Spoken | None:
    """The key that is matched with its value; None where it is none, or where it is given by nobody."""
    field, key_end = field_spoken_of(match["key"]), match.end("key")
    if not field and match.groupdict().get("of"):  # "number of workers" is one key
        key_end = match.end("of")
        field = field_spoken_of(text[match.start("key") : key_end])
    shape = _SHAPES.get(field)
    is_named = field == "team" and (not of_team or match["link"].lower() not in ("to", "auf") or not match["names"])
    if shape is None or is_named or not _is_meant(text, match):
        return None
    start, end = match.end(), _value_end(text, match.end())
    if not shape.match(text[start:end]) or _NO_VALUE.match(text, start):
        return None
    old = [match.span("old")] if match.groupdict().get("old") else []
    if replaced := _REPLACED.match(text, end):
        old.append(replaced.span("old"))
    field = _side(field, text[match.start() : end])
    return Pair(field, match["key"], match.start("key"), start, end, key_end=key_end), old


def _side(field: str, said: str) -> str:
    """Which limit of the workers it is: "cap the workers at 8", "the workers should be 4 minimum"."""
    if field != "workers":
        return field
    return "max_workers" if _MOST.search(said) else "min_workers" if _LEAST.search(said) else field


_MOST = re.compile(r"\b(?:cap|limit|begrenze)\b|\d\s(?:max|maximum|at most|tops)$", re.IGNORECASE)
_LEAST = re.compile(r"\d\s(?:min|minimum|at least)$", re.IGNORECASE)
_NO_VALUE = re.compile(
    r"[^,.;!?\n]{0,20}?\d[\d.,]*\s?(?:(?:times|x|%|percent|more|less|fewer|higher|lower)\b|(?:or|oder)\s\d|\?\s{0,2}no\b)",
    re.IGNORECASE,
)
"""A factor, a difference, a choice, or what is taken back at once: no value."""


def _is_meant(text: str, match: re.Match[str]) -> bool:
    """False where it is denied, bound to a condition, a time or a source, or says a range: "set the workers from 2 to
    8".
    """
    if _DENIES.search(text, max(0, match.start() - _DENIED_REACH), match.start("key")):
        return False
    said = match.groupdict()
    start, end = max(0, match.start() - _DENIED_REACH), min(len(text), match.end() + _LONGEST_VALUE)
    sentence = (
        _SENTENCES.split(text[start : match.start("key")])[-1] + _SENTENCES.split(text[match.start("key") : end])[0]
    )
    if "?" not in text[match.end() : end] and (said.get("supposed") or _BOUND.search(sentence)):
        return False
    if "?" in text[match.end() : end] and _LATER.search(sentence):
        return False
    return not (
        (said.get("sets") or (said.get("names") or "").lower() == "set")
        and said.get("old")
        and _RANGE.match(said["old"])
    )


_SENTENCES = re.compile(r"[.!?;\n](?=\s|$)")
_BOUND = re.compile(either("assigned", "bound"), re.IGNORECASE)
_LATER = re.compile(r"\b(?:later|someday|eventually|später)\b", re.IGNORECASE)


def _bare(text: str) -> Iterator[_Spoken]:
    for match in _BARE.finditer(text):
        field, value = field_spoken_of(match["key"]), match["value"]
        # Money with its currency is read by itself, and beside another amount contradicts it; "budget 8" is no money.
        if field in _BY_NUMBER and (field != "cost_limit" or _AMOUNT_ALONE.fullmatch(value)):
            yield Pair(field, match["key"], match.start("key"), match.start("value"), match.end("value")), []


_AMOUNT_ALONE = re.compile(r"\d[\d.,]{1,9}k?|\d\s?k", re.IGNORECASE)
