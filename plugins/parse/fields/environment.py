"""Which environment a workspace is for: words that stand for one, weighed by the words around."""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from plugins.parse.fields.kind import environment_words, is_compound, words_about, workload_words
from plugins.parse.page import Mention, Page
from plugins.parse.vocabulary import environments as environment_names
from plugins.parse.words import Hit

_KEYED = 5
_PLAIN, _LOOSE = 2.0, 0.5
_GOING_THERE = 1.0
"""Weight of an environment that something moves to: it speaks of the workspace only where nothing else does."""

_NEEDED = 2.0
"""Weight from which on a word speaks of the environment."""

_NOUN_BEHIND = 3
"""What "workspace", "environment" and the like add behind the word."""

_NOUN_BEFORE = 2
_IN = 1.5
"""What an "in", "for" or "a" before the word adds."""

_ALONE = 2
"""What a word gains that is all of its part of a list."""

_AWAY = 4
"""What is taken from an environment that is only compared with, or that something comes from."""

_TOWARDS_NOUN = 1.5
_TOWARDS = frozenset({"to", "into", "onto", "towards", "toward"})
_VERBAL = frozenset({"test", "tests", "testing", "develop", "live", "stage", "developing", "proof", "pilot"})
_ARTICLES = ("the", "our", "a", "their")
_OWN_NOUNS = frozenset(
    {"workspace", "workspaces", "ws", "databricks", "dbx", "environment", "env", "lakehouse", "cluster"}
)
_BETWEEN = frozenset({"azure", "ready", "grade", "small", "new", "single", "node", "-"})
_MOST_BETWEEN = 4
"""Tokens between an environment's word and the noun: "production streaming workspace"."""

_NON_PROD = re.compile(
    r"""\bnon[\s-]{0,2}prod(?:uction|uctive)?\b
    |\blower\ (?:environments?|envs?)\b
    |\b(?:the|our|an?)\ usual\ environment\b
    |\bpre-?dev\b""",
    re.IGNORECASE | re.VERBOSE,
)
_STAGE_OF = re.compile(
    r"\b(?:at this|this|early|late|final|next|first|last|current|any|which|that)\s{0,2}$", re.IGNORECASE
)
_STRAIGHT = re.compile(
    r"\b(?:straight|directly|right|goes|go|going|it|changed|switched|switch|change|corrected|amended)\s(?:in)?to\s$",
    re.IGNORECASE,
)
_WISHES = re.compile(r"\b(?:would|'d|should|might|really) (?:also |really )?like (?:a |an |the |one )?$", re.IGNORECASE)
_ABREAST = re.compile(
    r"^[\s,/&+-]*(?:\b(?:or|and|maybe|perhaps|und|oder|y|et|ou|rather|one|1x?|another)\b[\s,]*)*$", re.IGNORECASE
)
_EACH = re.compile(r"^[\s,]*\b(?:and|or|plus|und|y|et)\s(?:an?|the|one|our)\s$", re.IGNORECASE)
"""Between two of one noun: "a live and a dev workspace"."""

_ABREAST_REACH = 40
_PART_BEFORE = re.compile(r"(?:^|[,;:.\n/|(\[+&\u2013-]|->|\band|\bor|\bplus|¤)\s{0,2}[\"'*]?$", re.IGNORECASE)
_PART_AFTER = re.compile(
    r"""^["'*]?\s{0,2}(?:
        $|[,;:.\n/|)\]+&!?\u2013-]|¤|w/                                                # a mark, or what is taken
        |(?:and|or|plus|please|pls|thx|only|for\ now|obviously)\b
        |(?:with|for|in|on|at|as|is|would|y|und|et)\b|will\ do
    )""",
    re.IGNORECASE | re.VERBOSE,
)


def environments(page: Page) -> None:
    """Adds mentions of `environment`; those that only resemble one are left out."""
    # First: "non-prod" holds "prod", and says the opposite.
    page.add(_non_prod(page))
    page.add(_environments(page))


def _non_prod(page: Page) -> Iterator[Mention]:
    for match in _NON_PROD.finditer(page.text):
        if page.is_free(match.start(), match.end()):
            yield Mention("environment", None, match.start(), match.end(), 1, ("dev", "staging"))


def _environments(page: Page) -> Iterator[Mention]:
    mentions: list[Mention] = []
    for hit in page.hits(environment_words()):
        start, end = page.tokens[hit.first].start, page.tokens[hit.after - 1].end
        if page.is_free(start, end):
            mentions.append(Mention("environment", hit.value[0], start, end, _weight(page, hit)))
    mentions = _without_reported(page, mentions)
    told: set[str] = set()
    for number, mention in enumerate(mentions):
        # A loose word counts beside a plain one: in "dev or test" both are environments.
        weight = _weight_abreast(page, mention, mentions[max(0, number - 1) : number + 2])
        word = page.text[mention.start : mention.end].lower()
        if weight >= _NEEDED:
            told.add(word)
        elif word in told and _is_said_of_again(page, mention):
            weight = _NEEDED
        if weight >= _NEEDED or weight == _GOING_THERE:
            yield mention if weight == mention.weight else replace(mention, weight=weight)


def _is_said_of_again(page: Page, mention: Mention) -> bool:
    """True for the "test" of "test and live workspaces … test just 10 hours a week": it was told to be one."""
    opens = _AGAIN_BEFORE.search(page.before(mention.start, 12)) is not None
    return opens and _AGAIN_BEHIND.match(page.layout.text, mention.end) is not None


_AGAIN_BEFORE = re.compile(
    r"(?:^|[.,;:\n(]\s{1,2}(?:and\s|but\s|in\s|bei\s|for\s)?|\b(?:and|but|und|bei)\s)$", re.IGNORECASE
)
_AGAIN_BEHIND = re.compile(
    r"""\s(?:(?:just|only|nur)\s)?(?:\d|(?:runs?|gets?|needs?|with|without|has|is|can|may|should|must|expires?|at|mit|ohne|bekommt
    |braucht|läuft|reicht|reichen|yes|no|never)\b)""",
    re.IGNORECASE | re.VERBOSE,
)


def _without_reported(page: Page, mentions: list[Mention]) -> list[Mention]:
    """What somebody is quoted to say counts no more where the writer's own wish stands beside it."""
    reported = [match.span("words") for match in _REPORTED.finditer(page.text)]
    own = [mention for mention in mentions if not any(start <= mention.start < end for start, end in reported)]
    is_wished = any(_IS_MINE.search(page.before(mention.start, 50)) for mention in own)
    return _without_given_up(page, own if is_wished else mentions)


def _without_given_up(page: Page, mentions: list[Mention]) -> list[Mention]:
    """What was wanted first counts no more where another one is told to do: "Karin wanted prod, dev is enough"."""
    does = {str(mention.value) for mention in mentions if _DOES.match(page.after(mention.end))}
    if len(does) != 1:
        return mentions
    return [m for m in mentions if str(m.value) in does or not _WANTED_ONCE.search(page.before(m.start, 40))]


_DOES = re.compile(
    r"(?: \w{1,12})? (?:(?:is|are|would be|will be|should be) (?:just |totally |quite )?"
    r"(?:enough|plenty|sufficient)|(?:will|would|should) (?:do|suffice)|suffices?|does it|reicht)\b"
    r"(?! (?:too|as well|also|auch|for)\b)",
    re.IGNORECASE,
)
_WANTED_ONCE = re.compile(
    r"\b(?:wanted|thought (?:of|about)|thought|had in mind|suggested|proposed|asked for|hoped for"
    r"|dachte(?: ich)?(?: an)?)"
    r"(?: (?:to have|it (?:in|on|for)|a|an|the|for|at first|first|erst))? $",
    re.IGNORECASE,
)


_REPORTED = re.compile(
    r"\b(?:say(?:s|ing)?|said|tell(?:s|ing)?|told|insist(?:s|ed|ing)?|repeat(?:s|ed|ing)?|ask(?:s|ed|ing)?|wr[io]t(?:es?|ing)"
    r"|demand(?:s|ed|ing)?|shout(?:s|ed|ing)?)\b[^\"\u201c\u201d\u201e.;\n]{0,20}[\"\u201c\u201e](?P<words>[^\"\u201c\u201d\n]{1,80})[\"\u201c\u201d]",
    re.IGNORECASE,
)
_IS_MINE = re.compile(
    r"\b(?:i|we)(?:'d| would)? (?:only |just |really |actually )?(?:want|need|like|prefer)\b"
    r"[^.;\n\"\u201c\u201d]{0,30}$",
    re.IGNORECASE,
)


def _weight_abreast(page: Page, mention: Mention, near: list[Mention]) -> float:
    """An environment is as plain as another one that it stands side by side with: "dev or prod"."""
    if mention.weight <= 0:
        return 0
    return max(
        other.weight
        for other in near
        if other is mention or (other.value != mention.value and _is_abreast(page, mention, other))
    )


def _is_abreast(page: Page, one: Mention, other: Mention) -> bool:
    between = _between(page, one, other)
    if _ABREAST.match(between):
        return True
    last = max(one, other, key=lambda mention: mention.start)
    return _EACH.match(between) is not None and _is_noun_behind(page, page.token_at(last.end - 1) + 1)


def _between(page: Page, one: Mention, other: Mention) -> str:
    first, second = sorted((one, other), key=lambda m: m.start)
    return page.layout.text[first.end : min(second.start, first.end + _ABREAST_REACH)]


def _weight(page: Page, hit: Hit) -> float:
    """How plainly the word speaks of the environment of what is asked for."""
    start, end = page.tokens[hit.first].start, page.tokens[hit.after - 1].end
    word = page.tokens[hit.first].low
    if hit.value[1] == "plain" and _IS_PRICED.search(page.before(start, 24)) and _PRICE.match(page.after(end, 10)):
        return _NEEDED
    # "Stage: dev" names the field, and "at this stage" a point in time.
    if page.is_key(start) or (word == "stage" and _STAGE_OF.search(page.before(start, 10))):
        return 0
    if page.is_under("environment", start):
        return _KEYED
    is_noun_behind = _is_noun_behind(page, hit.after)
    if is_compound(page, hit) or _is_something_else(page, hit, is_noun_behind=is_noun_behind):
        return 0
    is_plain = hit.value[1] == "plain"
    weight = _PLAIN if is_plain else _LOOSE
    if is_noun_behind:
        weight += _NOUN_BEHIND
    elif _is_noun_before(page, hit.first):
        weight += _NOUN_BEFORE
    if is_plain and _WANTED.search(page.before(start, 16)):
        weight += _IN
    elif _may_be_named(page, word, start, is_noun_behind=is_noun_behind):
        weight += _IN if is_plain or not _object().match(page.after(end)) else 0
    if _PART_BEFORE.search(page.before(start, 6)) and _PART_AFTER.match(page.after(end, 12)):
        weight += _ALONE
    return _weight_away(weight, _away(page, hit), is_plain=is_plain, is_noun_behind=is_noun_behind)


_IS_PRICED = re.compile(r"\b(?:what|how much)\s(?:does|do|would|will|might|could)\s(?:the\s|a\s)?$", re.IGNORECASE)
_PRICE = re.compile(r"\s(?:cost|be|come to)\b", re.IGNORECASE)
"""About an environment whose price is asked: "what would prod cost?"."""


def _may_be_named(page: Page, word: str, start: int, *, is_noun_behind: bool) -> bool:
    """True behind an "in" or an article; "in live" and "a stage" may be anything, "a live one" may not."""
    before = page.before(start, 16)
    if word in ("live", "stage"):
        return is_noun_behind and _ONE.search(before) is not None
    return _named_in().search(before) is not None


_ONE = re.compile(r"\b(?:an?|one|another|1x?)\s$", re.IGNORECASE)
_WANTED = re.compile(
    r"\b(?:set up|spin up|stand up|create|make|build|deploy|provision|needs?|wants?|get|order|give us|give me)\s$",
    re.IGNORECASE,
)


def _is_something_else(page: Page, hit: Hit, *, is_noun_behind: bool) -> bool:
    """True for "production line", and for a verb: "to test it"."""
    start, end = page.tokens[hit.first].start, page.tokens[hit.after - 1].end
    word, after = page.tokens[hit.first].low, page.after(end)
    if not is_noun_behind and _word_behind(page, hit.after) in words_about("after"):
        return True
    is_transitive = _object().match(after) is not None and not _is_listed(page, hit.first, after)
    if is_transitive and word in ("test", "testing", "tests"):
        return True
    if (
        is_noun_behind
        or word not in _VERBAL
        or _is_listed(page, hit.first, after)
        or not _verb_before().search(page.before(start, 24))
    ):
        return False
    is_bare = word in ("live", "test") and not _PART_AFTER.match(after)
    return is_transitive or is_bare or word in ("develop", "stage")


def _is_listed(page: Page, first: int, after: str) -> bool:
    """True for the "test" of "dev and test with 2 workers": behind another environment it is one, and no verb."""
    joint, before = page.tokens[first - 1 : first], page.tokens[first - 2 : first - 1]
    is_joined = first > 1 and joint[0].low in _JOINTS and before[0].low in _plain_words()
    return is_joined and _OF_A_LIST.match(after) is not None


_JOINTS = frozenset({"and", "or", "plus", "und", "y", "et", ",", "&", "/", "+"})
_OF_A_LIST = re.compile(r"\s{1,2}(?:with|in|on|near|at|for)\s", re.IGNORECASE)


@cache
def _plain_words() -> frozenset[str]:
    return frozenset(word for words in environment_names().values() for word in words)


def _away(page: Page, hit: Hit) -> frozenset[str]:
    """The words before that lead away from the environment: "from", "similar to"."""
    before = page.before(page.tokens[hit.first].start, 24)
    if _STRAIGHT.search(before):
        return frozenset()
    one = page.tokens[hit.first - 1].low if hit.first else ""
    two = page.tokens[hit.first - 2].low if hit.first > 1 else ""
    preceding = {one, f"{two} {one}"} | ({two} if one in _ARTICLES else set[str]())
    away = words_about("before") & preceding
    return frozenset() if "like" in away and _WISHES.search(before) else away


def _weight_away(weight: float, away: frozenset[str], *, is_plain: bool, is_noun_behind: bool) -> float:
    if not away:
        return weight
    # "from prod" and "similar to dev" speak of another workspace; "to prod" may speak of this one.
    if not away <= _TOWARDS:
        return weight - _AWAY
    if is_noun_behind:
        return weight - _TOWARDS_NOUN
    return _GOING_THERE if is_plain else weight - _AWAY


def _is_noun_before(page: Page, first: int) -> bool:
    """True in "workspace dev" and "environment: dev"."""
    tokens = page.tokens
    if first and tokens[first - 1].low in words_about("nouns"):
        return True
    return tokens[max(0, first - 2)].low in ("environment", "env") and not tokens[first - 1].is_word


def _is_noun_behind(page: Page, at: int) -> bool:
    """True before a noun for a workspace; a workload's words may stand between: "production streaming workspace"."""
    if _word_behind(page, at) in words_about("nouns"):
        return True
    for token in page.tokens[at : at + _MOST_BETWEEN]:
        if token.low in _OWN_NOUNS:
            return True
        if token.low not in _work() and token.low not in _BETWEEN:
            return False
    return False


def _word_behind(page: Page, at: int) -> str:
    """The word behind, a hyphen passed over; "" at the end of the text."""
    tokens = page.tokens
    if at + 1 < len(tokens) and tokens[at].text in "-_" and tokens[at - 1].end == tokens[at].start:
        at += 1
    return tokens[at].low if at < len(tokens) else ""


@cache
def _work() -> frozenset[str]:
    return workload_words().words()


@cache
def _verb_before() -> re.Pattern[str]:
    adverbs = r"(?:please |quickly |just |also |only |first |then )?"
    return re.compile(rf"\b(?:{_any_of('before_verb')})\s{{1,2}}{adverbs}$", re.IGNORECASE)


@cache
def _object() -> re.Pattern[str]:
    return re.compile(rf"^\s{{1,2}}(?:{_any_of('objects')})\b", re.IGNORECASE)


@cache
def _named_in() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{_any_of('named_in')})\s{{0,2}}[:=]?\s{{0,2}}[\"'(]?$", re.IGNORECASE)


def _any_of(name: str) -> str:
    return "|".join(re.escape(word) for word in sorted(words_about(name), key=lambda word: (-len(word), word)))
