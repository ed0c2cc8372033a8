"""Workers: ranges, limits, single nodes."""

import re
from collections.abc import Iterator

from plugins.parse.page import MASK, Mention, Page
from plugins.parse.spans import Taken
from plugins.parse.vocabulary import either

_WORKER = rf"(?:{either('workers', 'worker')})"
_TO = r"(?:-|to|\.\.\.?|until|and|bis|till?|tae|through|thru|a|à|up[ ]to|/|->|y|und)"
_RANGE = re.compile(
    rf"""
    (?<![\d.$€£\w])(?<!\d,)(?P<low>\d{{1,3}})\s{{0,2}}(?:min\.?[ ]?)?(?:{_WORKER}[ ])?{_TO}\s{{0,2}}
    (?:max\.?[ ]?|at[ ]most[ ])?(?P<high>\d{{1,3}})(?![\d%:])(?!\.\d)(?:\s?max\b)?
    """,
    re.IGNORECASE | re.VERBOSE,
)
_NAMED_BEFORE = re.compile(
    rf"""
    \b
    (?:
        {_WORKER}|autoscal\w*|scal(?:e|es|ing|able|ed)|cluster[ ]size|cluster|between|anything[ ]from
        |anywhere[ ]from|somewhere[ ]between|pool
    )\b(?:\s\w{{1,10}}){{0,2}}[\s:=|(~,]{{0,4}}$
    """,
    re.IGNORECASE | re.VERBOSE,
)
_NAMED_AFTER = re.compile(
    rf"""
    ^[\s¤)]{{0,3}}(?:(?:{either("workers", "words_before_workers")})\s+){{0,3}}{_WORKER}\b
    |^\s{{0,2}}(?:autoscal\w*|\(?autoscal\w*)
    """,
    re.IGNORECASE | re.VERBOSE,
)
_LOW_WORDS = rf"(?:{either('workers', 'low_words')})"
_HIGH_WORDS = rf"(?:{either('workers', 'high_words')})"
_NOT_WORKERS_AFTER = re.compile(rf"^[ \t]{{0,2}}(?:{either('workers', 'not_workers_after')})", re.IGNORECASE)
_MONEY_BEFORE = re.compile(
    rf"(?:[$€£]|\b(?:{either('workers', 'money_before')})\b)\W{{0,3}}(?:\w{{1,8}}\W{{1,2}})?$", re.IGNORECASE
)
_WORKERS_ARE = rf"(?<!\w)(?:{_WORKER}\s{{0,2}}[:=]?\s{{0,2}})?"
_THE_LIMIT = rf"[\s:=_]{{0,3}}(?:{_WORKER}[\s:=]{{0,3}}(?:(?:to|at|of|is)[ ])?)?(?P<n>\d{{1,3}})(?![\d%])"
_LOW = re.compile(
    rf"{_WORKERS_ARE}{_LOW_WORDS}{_THE_LIMIT}",
    re.IGNORECASE,
)
_HIGH = re.compile(
    rf"{_WORKERS_ARE}{_HIGH_WORDS}{_THE_LIMIT}",
    re.IGNORECASE,
)
_LOW_AFTER = re.compile(
    rf"""
    (?<![\d.,-])(?P<n>\d{{1,3}})\s{{0,2}}(?:{_WORKER}\s{{0,2}})?
    (?:min(?:imum)?\b|at[ ](?:the[ ])?(?:very[ ])?least|or[ ]more|as[ ](?:a[ ])?minimum|upwards)
    """,
    re.IGNORECASE | re.VERBOSE,
)
_HIGH_AFTER = re.compile(
    rf"(?<![\d.,-])(?P<n>\d{{1,3}})\s{{0,2}}(?:{_WORKER}\s{{0,2}})?(?:{either('workers', 'high_after')})", re.IGNORECASE
)
_EXACT = re.compile(
    rf"""
    (?<![\d.$€£\w-])(?<!\d[,/])(?P<n>\d{{1,3}})\s?x?\s{{0,2}}
    (?:(?:{either("workers", "worker_kinds")})\s{{1,2}}){{0,3}}{_WORKER}\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
_LABELLED = re.compile(
    rf"""
    \b(?:number[ ]of[ ]|num[ _]?)?{_WORKER}(?:\s{{0,2}}(?:[:=|]|count|should[ ]be|is|are)){{1,2}}\s{{0,2}}
    (?:exactly|just|only|fixed(?:[ ]at)?|always)?\s{{0,2}}(?P<n>\d{{1,3}})(?![\d%])
    """,
    re.IGNORECASE | re.VERBOSE,
)
_FIXED = re.compile(
    r"""
    \b(?:fixed|static|constant|exactly|always)(?:[ ]size)?(?:[ ]cluster)?(?:[ ]at|[ ]of|[ ]to)?\s{0,2}
    (?P<n>\d{1,3})\b(?!\s{0,2}(?:h\b|hours?|days?|weeks?|months?|usd|eur|k\b|%|gb))
    """,
    re.IGNORECASE | re.VERBOSE,
)
_SINGLE = re.compile(
    r"""
    \b(?:single|one|1|a[ ]single|einzelner?|un[ ]solo|un[ ]seul)[\s-]{0,2}
    (?:node|machine|vm|knoten|nodo|nœud|noeud)\b
    (?:[ ](?:cluster|setup|only|is[ ](?:ok|fine|enough)|will[ ]do|is[ ]plenty))?
    |\b(?:no|without|zero|0)[ ]workers?\b|\bdriver[\s-]{0,2}only\b|\bonly[ ](?:a|the|one)[ ]driver\b
    |\bjust[ ](?:a|the|one)[ ]driver\b|\bsingle-?noded\b|\bnot[ ]a[ ]cluster\b|\bone[ ]big[ ]machine\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
_LIMIT_WORD = re.compile(r"\b(?:min\w*|max\w*|least|most|to)\.?[ :=]{0,2}$", re.IGNORECASE)
_BUSINESS = re.compile(rf"\b(?:{either('workers', 'business')})\b[^.;\n]{{0,12}}$", re.IGNORECASE)


_SUPPOSES = re.compile(r"\b(?:if|suppose|imagine)\b[^.;\n]{0,20}$", re.IGNORECASE)
_HAS_WORKER = re.compile(_WORKER, re.IGNORECASE)
_A_WORKER = re.compile(rf"{_WORKER}\b", re.IGNORECASE)
_COUNTS_WORKERS = re.compile(rf"\d\s{{0,2}}{_WORKER}", re.IGNORECASE)
_UNIT = re.compile(rf"\s{{0,2}}{_WORKER}\b", re.IGNORECASE)
_SCALED = re.compile(rf"{_WORKER}|autoscal|scal|cluster|\bmin\b|\bmax\b", re.IGNORECASE)
_FROM = re.compile(r"from\b|start", re.IGNORECASE)
_LIMITS_ALONE = re.compile(r"max|min|up ?to|at", re.IGNORECASE)
_MOST_UNNAMED = 99
"""A limit without a noun beyond this is one of money."""

_SHUTS_DOWN = re.compile(r"\b(?:after|idle|terminat\w*|in|within|every)\W{0,3}$", re.IGNORECASE)
_LOW_IN_VALUE = re.compile(r"\bmin\w*\W{0,4}(\d{1,3})", re.IGNORECASE)
_HIGH_IN_VALUE = re.compile(r"\bmax\w*\W{0,4}(\d{1,3})", re.IGNORECASE)
_OPENS_HIGH = re.compile(rf"\W*{_HIGH_WORDS}\W", re.IGNORECASE)
_OPENS_LOW = re.compile(rf"\W*{_LOW_WORDS}\W", re.IGNORECASE)
_NO_COUNT = re.compile(r"\d{4}|[$€£]")
_ONE_LIMIT = re.compile(r"\D{0,8}(\d{1,3})\b(?![.,]?\d|\s*(?:[$€£]|usd|eur|k\b))")
_DIGIT = re.compile(r"\d")


def workers(page: Page) -> None:
    """Adds mentions of `workers`: pairs of minimum and maximum, either None where it is not said."""
    page.add(_keyed(page))
    page.add(_single(page))
    page.add(Mention("workers", [1, 1], m.start(), m.end(), 2) for m in _ONE.finditer(page.text))
    # The order binds: each masks what it has read, so "2 to 8 workers" is neither "at most 8" nor "8 workers".
    for reader in (_ranges, _limits, _exact):
        if _DIGIT.search(page.text):
            page.add(reader(page))


def _keyed(page: Page) -> Iterator[Mention]:
    for pair in page.pairs("workers", "min_workers", "max_workers"):
        words = page.text[pair.start : pair.end]
        if _NOT_WORKERS_AFTER.match(re.sub(r"^\D*\d+", "", words, count=1)) or not page.is_free(pair.start, pair.end):
            continue
        if pair.field == "workers":
            if value := _limits_in(words):
                yield Mention("workers", [*value], pair.start, pair.end, 5)
        elif (number := _ONE_LIMIT.match(words)) and "$" not in words and "€" not in words:
            count = int(number[1])
            value = (count, None) if pair.field == "min_workers" else (None, count)
            yield Mention("workers", [*value], pair.start, pair.start + number.end(), 5)


def _limits_in(value: str) -> tuple[int | None, int | None] | None:
    """The limits that stand under the key of workers: "min 2, max 8", "2-8", "single node", "up to 8"."""
    low, high = _LOW_IN_VALUE.search(value), _HIGH_IN_VALUE.search(value)
    if low or high:
        return int(low[1]) if low else None, int(high[1]) if high else None
    if _SINGLE.search(value):
        return 0, 0
    bare = bare_workers(value)
    if bare is None or _NO_COUNT.search(value):
        return None
    if _OPENS_HIGH.match(value):
        return None, bare[1]
    if _OPENS_LOW.match(value) and bare[0] == bare[1]:
        return bare[0], None
    return bare


def _single(page: Page) -> Iterator[Mention]:
    for match in _SINGLE.finditer(page.text):
        if not page.clauses.is_denied(match.start()) or _NO_MORE_THAN.search(page.before(match.start(), 40)):
            yield Mention("workers", [0, 0], match.start(), match.end(), 3)


_ONE = re.compile(r"\bein(?:en|em)?\s(?:worker|knoten|arbeitsknoten)\b(?!\s?-)", re.IGNORECASE)
_MOVES_FROM = re.compile(
    r"\b(?:rais(?:e|ing)|increas(?:e|ing)|lower(?:ing)?|reduc(?:e|ing)|chang(?:e|ing)|bump(?:ing)?|cut|drop|mov(?:e|ing))\b"
    r"(?![^.;:!?\n]{0,30}\b(?:auto)?scal)[^.;:!?\n]{0,30}\sfrom\s$",
    re.IGNORECASE,
)
"""Before what was: "raise it from 1 to 2 workers" ends at 2."""
_NO_MORE_THAN = re.compile(
    r"\b(?:nothing|not|no)\s(?:bigger|larger|more|fancier)\sthan\s(?:a\s|one\s)?$|\bnothing\sbut\s(?:a\s)?$",
    re.IGNORECASE,
)


def _ranges(page: Page) -> Iterator[Mention]:
    for match in _RANGE.finditer(page.text):
        before, after = page.before(match.start(), 40), page.after(match.end(), 40)
        noun = _NAMED_AFTER.match(after)
        is_named = bool(noun or _NAMED_BEFORE.search(before)) and not _NOT_WORKERS_AFTER.match(after)
        counts = noun or _HAS_WORKER.search(match[0])
        # "What would it cost with 2 to 4 workers" limits no money.
        if not (is_named or counts) or (_MONEY_BEFORE.search(before) and not counts):
            continue
        low = int(match["high"] if _MOVES_FROM.search(before) else match["low"])
        # The noun is taken with the range, so that no later reader finds it without a number; not across what is taken.
        worker = _A_WORKER.search(noun[0]) if noun else None
        to_noun = worker.end() if worker and MASK not in after[: worker.end()] else 0
        yield Mention("workers", [low, int(match["high"])], match.start(), match.end() + to_noun, 3)


def _limits(page: Page) -> Iterator[Mention]:
    taken = Taken(len(page.text))
    # Limits behind their number first: "2 min, 8 max" read the other way round would swap them.
    for pattern, is_low in ((_LOW_AFTER, True), (_HIGH_AFTER, False), (_LOW, True), (_HIGH, False)):
        for match in pattern.finditer(page.text):
            if taken.overlaps(*match.span()) or not _counts(page, match):
                continue
            if pattern in (_LOW_AFTER, _HIGH_AFTER) and _is_anothers(page, match, taken):
                continue
            # "terminate after 20 min" is minutes.
            if pattern is _LOW_AFTER and _SHUTS_DOWN.search(page.before(match.start(), 16)):
                continue
            taken.add(*match.span())
            value = (int(match["n"]), None) if is_low else (None, int(match["n"]))
            yield Mention("workers", [*value], match.start(), _with_unit(page, match.end()), 3)


def _is_anothers(page: Page, match: re.Match[str], taken: Taken) -> bool:
    """True for the "2 max" of "min 2 max 8": there the limits stand before their numbers."""
    start = match.start()
    limit = _LIMIT_WORD.search(page.before(start, 12))
    # "Bump it to 12 workers max": there the "to" leads to the number and limits nothing.
    leads = limit is not None and limit[0].strip().lower() == "to" and _HAS_WORKER.search(match[0])
    if limit and not leads and not taken.overlaps(start - 3, start):
        return True
    if _HAS_WORKER.search(match[0]):
        return False
    return re.match(r"[ :=]{0,3}\d", page.after(match.end(), 5)) is not None


def _with_unit(page: Page, end: int) -> int:
    unit = _UNIT.match(page.after(end, 20))
    return end + unit.end() if unit else end


def _counts(page: Page, match: re.Match[str]) -> bool:
    """A bare "max 10" counts workers unless it limits money, time or people."""
    if _COUNTS_WORKERS.search(match[0]):
        return True
    if _NOT_WORKERS_AFTER.match(page.after(match.end())):
        return False
    if _HAS_WORKER.search(match[0]):
        return True
    if _MONEY_BEFORE.search(page.before(match.start(), 24)):
        return False
    # "up to six workers but start with two"
    if match[0].lower().startswith("start") and _HAS_WORKER.search(page.before(match.start(), 24)):
        return True
    # "from 4" alone is a time or a version.
    if _FROM.match(match[0]) and not _NAMED_AFTER.match(page.after(match.end(), 40)):
        return False
    if _SCALED.search(page.before(match.start(), 60) + page.after(match.end(), 40)):
        return True
    return _LIMITS_ALONE.match(match[0]) is not None and int(match["n"]) <= _MOST_UNNAMED


def _exact(page: Page) -> Iterator[Mention]:
    taken = Taken(len(page.text))
    for mention in page.mentions:
        if mention.field == "workers":
            taken.add(mention.start, mention.end)
    for pattern in (_LABELLED, _EXACT, _FIXED):
        for match in pattern.finditer(page.text):
            before = page.before(match.start())
            told = _BUSINESS.search(before) and not _SUPPOSES.search(before)  # "what if it had 4" tells of no past
            if taken.overlaps(*match.span()) or told:
                continue
            if page.clauses.is_denied(match.start("n")) or (
                pattern is _LABELLED and _NOT_WORKERS_AFTER.match(page.after(match.end()))
            ):
                continue
            taken.add(*match.span())
            count = int(match["n"])
            yield Mention("workers", [count, count], match.start("n"), match.end("n"), 2)


def bare_workers(text: str) -> tuple[int, int] | None:
    """Workers as the answer to the question for them: "2 to 4", "4"."""
    if match := re.search(r"(\d{1,3})\s{0,3}(?:-|to|\.\.\.?|and|bis|until|/|,)\s{0,3}(?:max\.? ?)?(\d{1,3})", text):
        return int(match[1]), int(match[2])
    if match := re.fullmatch(r"\D{0,20}(\d{1,3})\D{0,20}", text):
        return int(match[1]), int(match[1])
    return None
