"""Workers: ranges, limits, single nodes."""

import re
from collections.abc import Iterator

from plugins.parse.page import Mention, Page
from plugins.parse.vocabulary import either

_WORKER = rf"(?:{either('workers', 'worker')})"
_TO = r"(?:-|to|\.\.\.?|until|and|bis|till|through|thru|a|à|up[ ]to|/|->|y|und)"
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
    )\b(?:\s\w{{1,10}}){{0,2}}[\s:=|(~]{{0,4}}$
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
_THE_LIMIT = rf"[\s:=]{{0,3}}(?:{_WORKER}[\s:=]{{0,3}})?(?P<n>\d{{1,3}})(?![\d%])"
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


def workers(page: Page) -> None:
    """Adds mentions of `workers`: pairs of minimum and maximum, either None where it is not said."""
    page.add(_keyed(page))
    page.add(_single(page))
    for reader in (_ranges, _limits, _exact):
        page.add(reader(page))


def _keyed(page: Page) -> Iterator[Mention]:
    for pair in page.pairs("workers", "min_workers", "max_workers"):
        said = page.text[pair.start : pair.end]
        if _NOT_WORKERS_AFTER.match(re.sub(r"^\D*\d+", "", said, count=1)) or not page.is_free(pair.start, pair.end):
            continue
        if pair.field == "workers":
            low = re.search(r"\bmin\w*\W{0,4}(\d{1,3})", said, re.IGNORECASE)
            high = re.search(r"\bmax\w*\W{0,4}(\d{1,3})", said, re.IGNORECASE)
            if low or high:
                yield Mention(
                    "workers", [int(low[1]) if low else None, int(high[1]) if high else None], pair.start, pair.end, 5
                )
                continue
            if _SINGLE.search(said):
                yield Mention("workers", [0, 0], pair.start, pair.end, 5)
            elif (found := bare_workers(said)) and not re.search(r"\d{4}|[$€£]", said):
                limits = (
                    re.match(rf"\W*{_HIGH_WORDS}\W", said, re.IGNORECASE),
                    re.match(rf"\W*{_LOW_WORDS}\W", said, re.IGNORECASE),
                )
                value = (
                    [None, found[1]]
                    if limits[0]
                    else [found[0], None]
                    if limits[1] and found[0] == found[1]
                    else list(found)
                )
                yield Mention("workers", value, pair.start, pair.end, 5)
        elif (
            (number := re.match(r"\D{0,8}(\d{1,3})\b(?![.,]?\d|\s*(?:[$€£]|usd|eur|k\b))", said))
            and "$" not in said
            and "€" not in said
        ):
            count = int(number[1])
            yield Mention(
                "workers",
                [count, None] if pair.field == "min_workers" else [None, count],
                pair.start,
                pair.start + number.end(),
                5,
            )


def _single(page: Page) -> Iterator[Mention]:
    for found in _SINGLE.finditer(page.text):
        if not page.clauses.is_denied(found.start()):
            yield Mention("workers", [0, 0], found.start(), found.end(), 3)


def _ranges(page: Page) -> Iterator[Mention]:
    for found in _RANGE.finditer(page.text):
        before, after = page.before(found.start(), 40), page.text[found.end() : found.end() + 40]
        inner = re.search(_WORKER, found[0], re.IGNORECASE)
        named = (
            inner or _NAMED_BEFORE.search(before) or (_NAMED_AFTER.match(after) and not _NOT_WORKERS_AFTER.match(after))
        )
        if not named or (_NOT_WORKERS_AFTER.match(after) and not inner) or _MONEY_BEFORE.search(before):
            continue
        named_after = _NAMED_AFTER.match(after)
        worker = re.search(rf"{_WORKER}\b", named_after[0], re.IGNORECASE) if named_after else None
        end = found.end() + worker.end() if worker and MASKLESS.match(named_after[0][: worker.end()]) else found.end()
        yield Mention("workers", [int(found["low"]), int(found["high"])], found.start(), end, 3)


MASKLESS = re.compile(r"[^¤]*$")


def _limits(page: Page) -> Iterator[Mention]:
    seen: list[tuple[int, int]] = []
    for pattern, is_low in ((_LOW_AFTER, True), (_HIGH_AFTER, False), (_LOW, True), (_HIGH, False)):
        for found in pattern.finditer(page.text):
            if any(a < found.end() and found.start() < b for a, b in seen) or not _counts(page, found):
                continue
            if pattern in (_LOW_AFTER, _HIGH_AFTER) and _is_anothers(page, found, seen):
                continue
            if pattern is _LOW_AFTER and re.search(
                r"\b(?:after|idle|terminat\w*|in|within|every)\W{0,3}$", page.before(found.start(), 16), re.IGNORECASE
            ):
                continue
            seen.append(found.span())
            count = int(found["n"])
            yield Mention(
                "workers", [count, None] if is_low else [None, count], found.start(), _with_unit(page, found.end()), 3
            )


def _is_anothers(page: Page, found: re.Match[str], seen: list[tuple[int, int]]) -> bool:
    """True for the "2 max" of "min 2 max 8": there the limits stand before their numbers."""
    before = _LIMIT_WORD.search(page.before(found.start(), 12))
    if before and not any(found.start() - 2 <= end <= found.start() for _, end in seen):
        return True
    if re.search(_WORKER, found[0], re.IGNORECASE):
        return False
    return re.match(r"[ :=]{0,3}\d", page.after(found.end(), 5)) is not None


def _with_unit(page: Page, end: int) -> int:
    unit = re.match(rf"\s{{0,2}}{_WORKER}\b", page.text[end : end + 20], re.IGNORECASE)
    return end + unit.end() if unit else end


def _counts(page: Page, found: re.Match[str]) -> bool:
    """A bare "max 10" counts workers unless it limits money, time or people."""
    if re.search(rf"\d\s{{0,2}}{_WORKER}", found[0], re.IGNORECASE):
        return True
    if re.search(_WORKER, found[0], re.IGNORECASE):
        return not _NOT_WORKERS_AFTER.match(page.after(found.end()))
    if _NOT_WORKERS_AFTER.match(page.after(found.end())) or _MONEY_BEFORE.search(page.before(found.start(), 24)):
        return False
    if re.match(r"from\b|start", found[0], re.IGNORECASE) and not _NAMED_AFTER.match(page.after(found.end(), 40)):
        return False
    near = page.before(found.start(), 60) + page.after(found.end(), 40)
    if re.search(rf"{_WORKER}|autoscal|scal|cluster|\bmin\b|\bmax\b", near, re.IGNORECASE):
        return True
    return re.match(r"max|min|up ?to|at", found[0], re.IGNORECASE) is not None and int(found["n"]) < 100  # noqa: PLR2004 - more is money


def _exact(page: Page) -> Iterator[Mention]:
    limited = [m for m in page.mentions if m.field == "workers"]
    seen: list[tuple[int, int]] = [(m.start, m.end) for m in limited]
    for pattern in (_LABELLED, _EXACT, _FIXED):
        for found in pattern.finditer(page.text):
            if any(a < found.end() and found.start() < b for a, b in seen) or _BUSINESS.search(
                page.before(found.start())
            ):
                continue
            if page.clauses.is_denied(found.start("n")) or (
                pattern is _LABELLED and _NOT_WORKERS_AFTER.match(page.after(found.end()))
            ):
                continue
            seen.append(found.span())
            count = int(found["n"])
            yield Mention("workers", [count, count], found.start("n"), found.end("n"), 2)


def bare_workers(text: str) -> tuple[int, int] | None:
    """Workers as the answer to the question for them: "2 to 4", "4"."""
    if found := re.search(r"(\d{1,3})\s{0,3}(?:-|to|\.\.\.?|and|bis|until|/|,)\s{0,3}(?:max\.? ?)?(\d{1,3})", text):
        return int(found[1]), int(found[2])
    if found := re.fullmatch(r"\D{0,20}(\d{1,3})\D{0,20}", text):
        return int(found[1]), int(found[1])
    return None
