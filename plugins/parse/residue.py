"""What a message says that nothing was made of.

Listed is what could be a wish that was missed: a word that speaks of a field of which nothing was read, a figure that
measures a machine, a name in capitals, and what stands under a key that no table knows. Small talk is not.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache

from plugins.parse.counting import FLAGS, is_wondered
from plugins.parse.page import MASK, Page
from plugins.parse.scope import is_plain
from plugins.parse.vocabulary import table
from plugins.parse.words import Token, lexicon, plain_words

_MOST = 8
"""Pieces listed; a message of which more was not understood says so by these."""

_MEASURE = re.compile(
    r"\d{1,5} ?(?:gb|tb|gib|vcpus?|cores?|ghz|iops|mbps|gbps)\b(?! (?:of|a|per)\b)[^,;.\n]{0,16}", re.IGNORECASE
)
_LIMITED = re.compile(r"\blimit(?:ed)?\s(?:of |to |at |is |stays )?\d{2,6}\b", re.IGNORECASE)
_LONGEST_QUESTION = 90
_BEFORE = 1
_BEHIND = 2
"""Words quoted with a word that speaks of a field: one before it and two behind."""


def unused(page: Page, known: Iterable[str], used: Iterable[str]) -> tuple[str, ...]:
    """The pieces of the text, as they were written, that nothing was made of; at most eight.

    `known` are the fields of which something was read or is asked; `used` are texts that the act took, or that are
    kept as additional requirements.
    """
    # By word, not by place: the act may have taken a name that no field was read from.
    used_words = {word for text in used for word in re.findall(r"[^\W_]+", text.lower())}
    tokens = page.tokens
    left = [at for at, token in enumerate(tokens) if _is_left(page, token, used_words)]
    spans = [
        *_unread(tokens, left, frozenset(known)),
        *_names(page, tokens, left),
        *_measured(page),
        *_limited(page, frozenset(known)),
    ]
    spans += [*_wondered(page, frozenset(known)), *_placed(page, left, frozenset(known))]
    spans += [
        span for span in page.layout.unknown if page.layout.text[span[0] : span[1]].strip() or _is_wish(page, span)
    ]
    texts: list[str] = []
    last = -1
    for start, end in sorted(spans):
        if start >= last:
            texts.append(page.quote(start, end))
            last = end
    return tuple(dict.fromkeys(text for text in texts if text))[:_MOST]


def _is_left(page: Page, token: Token, used_words: set[str]) -> bool:
    return (
        token.is_word
        and token.low not in used_words
        and MASK not in page.text[token.start : token.end]
        and not page.is_older(token.start)
        and not page.clauses.is_elsewhere(token.start)
    )


def _unread(tokens: tuple[Token, ...], left: Iterable[int], known: frozenset[str]) -> list[tuple[int, int]]:
    """Words that speak of a field of which nothing is known, with the words beside them."""
    spans: list[tuple[int, int]] = []
    for at in left:
        field = _topics().get(tokens[at].low)
        if (
            field is None
            or field in known
            or (field == "workers" and known & {"min_workers", "max_workers", "node_type"})
        ):
            continue
        first = at - 1 if at >= _BEFORE and tokens[at - 1].is_word else at
        after = at + 1
        while after < len(tokens) and after <= at + _BEHIND and tokens[after].is_word:
            after += 1
        spans.append((tokens[first].start, tokens[after - 1].end))
    return spans


def _placed(page: Page, left: Sequence[int], known: frozenset[str]) -> Iterator[tuple[int, int]]:
    """Words that no table knows behind an "in", "at" or "on", where no place is known: "for risk in middle-earth"."""
    if "region" in known:
        return
    tokens = page.tokens
    chains = _foreign_chains(tokens, left)
    for at in sorted(chains):
        first = at - 1 if at and tokens[at - 1].low not in _ARTICLES else at - 2
        if first < 0 or tokens[first].low not in _WHERE:
            continue
        after = at
        while after in chains and chains[after] - at < _LONGEST_PLACE:
            after = chains[after]
        while after < len(tokens) and tokens[after].low in _SITES:
            after += 1
        if _ends_there(tokens, after) and _is_spoken_of(page, tokens[at]):
            yield tokens[first].start, tokens[after - 1].end


def _foreign_chains(tokens: Sequence[Token], left: Sequence[int]) -> dict[int, int]:
    """Words of which nothing is known, hyphens within them → the first token and the one after the last."""
    chains: dict[int, int] = {}
    at = 0
    while at < len(left):
        first = number = left[at]
        is_foreign = _is_foreign(tokens[first])
        while at + 1 < len(left) and left[at + 1] == number + 2 and tokens[left[at + 1]].joint:
            at += 1
            number = left[at]
            is_foreign = is_foreign or _is_foreign(tokens[number])
        if is_foreign:
            chains[first] = number + 1
        at += 1
    return chains


def _is_foreign(token: Token) -> bool:
    is_word = len(token.text) >= _SHORTEST and token.text[0].isalpha()
    return is_word and not is_plain(token.low, plain_words() | _common())


def _ends_there(tokens: Sequence[Token], at: int) -> bool:
    return at >= len(tokens) or not tokens[at].is_word or tokens[at].low in _BEGINS_ANEW


_SHORTEST = 3
"""Letters of the shortest word that may be a place's."""
_SITES = frozenset(
    {
        "office",
        "offices",
        "building",
        "site",
        "area",
        "city",
        "region",
        "datacenter",
        "datacentre",
        "plant",
        "campus",
        "cloud",
    }
)
_WHERE = frozenset({"in", "at", "on", "near", "inside", "within"})
_ARTICLES = frozenset({"the", "our", "my", "a", "an"})
_BEGINS_ANEW = frozenset({"please", "pls", "for", "with", "and", "thanks", "thx", "but", "by", "asap"})
_LONGEST_PLACE = 5
"""Tokens of the longest name of a place that is quoted."""


def _names(page: Page, tokens: tuple[Token, ...], left: Iterable[int]) -> list[tuple[int, int]]:
    """Two words or more in capitals that were taken for nothing, in a sentence of which something was read."""
    runs: list[list[int]] = []
    for at in left:
        token = tokens[at]
        if not token.text[:1].isupper() or token.text.isupper() or token.low in plain_words() | lexicon()["courtesy"]:
            continue
        if runs and runs[-1][-1] == at - 1:
            runs[-1].append(at)
        else:
            runs.append([at])
    return [
        (tokens[run[0]].start, tokens[run[-1]].end)
        for run in runs
        if len(run) > 1 and _is_spoken_of(page, tokens[run[0]])
    ]


def _is_spoken_of(page: Page, token: Token) -> bool:
    start, end = page.clauses.sentence(token.start)
    return any(start <= mention.start < end for mention in page.mentions)


def _measured(page: Page) -> list[tuple[int, int]]:
    return [match.span() for match in _MEASURE.finditer(page.text)]


def _limited(page: Page, known: frozenset[str]) -> list[tuple[int, int]]:
    """Figures that are called a limit, of what nobody says: "4 workers, limit 900"."""
    if known & {"cost_limit", "hours_per_week"}:
        return []
    read = [(mention.start, mention.end) for mention in page.mentions]
    spans = [match.span() for match in _LIMITED.finditer(page.text)]
    return [span for span in spans if not any(start < span[1] and span[0] < end for start, end in read)]


def _wondered(page: Page, known: frozenset[str]) -> list[tuple[int, int]]:
    """Questions about a flag that stand beside a request: they set nothing, and have got no answer."""
    asked = [m for m in page.mentions if m.field in FLAGS and m.field not in known and is_wondered(page, m)]
    spans = [page.clauses.sentence(mention.start) for mention in asked]
    return [(start, min(end, start + _LONGEST_QUESTION)) for start, end in spans]


def _is_wish(page: Page, span: tuple[int, int]) -> bool:
    """What stands under an unknown key, unless it is clerical: a number, a date, a person."""
    words = page.spelled.text[span[0] : span[1]].strip(" \"',")
    return bool(words) and not re.fullmatch(r"[\W\d]*|[A-Z]{2,8}-?\d+|[A-Z][\w'-]+(?: [A-Z][\w'-]+)?", words)


@cache
def _common() -> frozenset[str]:
    return frozenset(table("common")["words"].split())


@cache
def _topics() -> Mapping[str, str]:
    return {word: field for field, words in table("topics")["fields"].items() for word in words}
