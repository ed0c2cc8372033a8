"""Environment and workload: words that stand for them, weighed by the words around."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache

from plugins.parse.page import Mention, Page
from plugins.parse.vocabulary import table
from plugins.parse.words import Hit, Phrases

_NON_PROD = re.compile(
    r"\bnon[\s-]{0,2}prod(?:uction|uctive)?\b|\blower (?:environments?|envs?)\b|\b(?:the|our|an?) usual environment\b|\bpre-?dev\b",
    re.IGNORECASE,
)
_STAGE_OF = re.compile(
    r"\b(?:at this|this|early|late|final|next|first|last|current|any|which|that)\s{0,2}$", re.IGNORECASE
)
_STRAIGHT = re.compile(
    r"\b(?:straight|directly|right|goes|go|going|it|changed|switched|switch|change|corrected|amended)\s(?:in)?to\s$",
    re.IGNORECASE,
)
_WISHES = re.compile(r"\b(?:would|'d|should|might|really) (?:also |really )?like (?:a |an |the |one )?$", re.IGNORECASE)
_TOWARDS = frozenset({"to", "into", "onto", "towards", "toward"})
_ABREAST = re.compile(r"^[\s,/&+-]*(?:\b(?:or|and|maybe|perhaps|und|oder|y|et|ou|rather)\b[\s,]*)*$", re.IGNORECASE)
_GOING_THERE = 1.0
"""Weight of an environment that something moves to: it speaks of the workspace only where nothing else does."""
_NEEDED = 2.0
"""Weight from which on a word speaks of the environment."""

_VERB_BEFORE = re.compile(
    r"\b(?:to|can|could|will|must|we|it|they|please|let'?s|i|and|just|quickly|first|you|who|would|should|shall|may|might|cannot|not)\s{1,2}(?:please |quickly |just |also |only |first |then )?$",
    re.IGNORECASE,
)
_VERBAL = frozenset({"test", "tests", "testing", "develop", "live", "stage", "developing", "proof", "pilot"})
_OBJECT_AFTER = re.compile(
    r"^\s{1,2}(?:it|this|that|the|some|our|my|a|an|whether|if|out|how|on|in|near|with|new|different|against|things|stuff|data|their|what)\b",
    re.IGNORECASE,
)
_IN_BEFORE = re.compile(
    r"\b(?:in|for|as|on|into a|a|an|is|be|=|one|env|environment|stage|our|the|just|only|still|and|or|also|second|first|new|another|separate|own|it's|its|small|tiny|little|pure|simple|real|proper|full|called|mode|en|für|pour|de|para|im|f|4|both|each|make it|say|to be)\s{0,2}[:=]?\s{0,2}[\"'(]?$",
    re.IGNORECASE,
)
_PART_BEFORE = re.compile(r"(?:^|[,;:.\n/|(\[+&–-]|->|\band|\bor|\bplus|¤)\s{0,2}[\"'*]?$", re.IGNORECASE)
_PART_AFTER = re.compile(
    r"^[\"'*]?\s{0,2}(?:$|[,;:.\n/|)\]+&!?–-]|and\b|or\b|plus\b|please\b|pls\b|thx\b|only\b|for now\b|obviously\b|¤|with\b|for\b|in\b|w/|is\b|would\b|will do|on\b|at\b|as\b|y\b|und\b|et\b)",
    re.IGNORECASE,
)
_TOPIC_BEFORE = re.compile(
    r"\b(?:about|on|of|over|regarding|behind|from|into|via|onto|off|against|using|top of)\s{1,2}(?:the |our |top of |all |these |raw |some |their )?(?:\w{1,16} ){0,1}$",
    re.IGNORECASE,
)
_FOR_BEFORE = re.compile(
    r"\b(?:for|do|does|doing|run|runs|running|build|building|mainly|mostly|primarily|is|purpose|use|used for|our|some|their)\s{1,2}(?:\w{1,14}\s){0,2}$",
    re.IGNORECASE,
)
_MAINLY_BEFORE = re.compile(
    r"\b(?:mainly|mostly|primarily|main|chiefly|hauptsächlich|principally|really|actually|essentially)\b[^.;,\n]{0,20}$",
    re.IGNORECASE,
)
_SIDE_BEFORE = re.compile(
    r"\b(?:maybe|perhaps|later|also|occasionally|sometimes|plus|possibly|a bit of|some|little|side|eventually)\s{1,2}(?:\w{1,12}\s)?$",
    re.IGNORECASE,
)
_FEEDS_AFTER = re.compile(
    r"^\s{0,2}(?:data|sources?|topics?|feeds?|files?|tables?|output|results?|team)\b", re.IGNORECASE
)


def environments(page: Page) -> None:
    """Adds mentions of `environment`; those that only resemble one are left out."""
    page.add(_non_prod(page))
    page.add(_environments(page))


def workloads(page: Page) -> None:
    """Adds mentions of `workload_type`, strong and weak."""
    tokens = page.tokens
    page.mask((tokens[h.first].start, tokens[h.after - 1].end) for h in _about().hits(tokens))
    page.add(_workloads(page))


def _non_prod(page: Page) -> Iterator[Mention]:
    for found in _NON_PROD.finditer(page.text):
        if page.is_free(found.start(), found.end()):
            yield Mention("environment", None, found.start(), found.end(), 1, ("dev", "staging"))


def _environments(page: Page) -> Iterator[Mention]:
    tokens = page.tokens
    found: list[Mention] = []
    for hit in environment_words().hits(tokens):
        start, end = tokens[hit.first].start, tokens[hit.after - 1].end
        if not page.is_free(start, end):
            continue
        weight = _environment_weight(page, hit)
        found.append(Mention("environment", hit.value[0], start, end, weight))
    for number, mention in enumerate(found):
        beside = [
            other.weight
            for other in found[max(0, number - 1) : number + 2]
            if other is not mention and other.value != mention.value and _ABREAST.match(_between(page, mention, other))
        ]
        weight = max([mention.weight, *beside]) if mention.weight > 0 else 0
        if weight >= _NEEDED or weight == _GOING_THERE:
            yield replace(mention, weight=weight)


def _between(page: Page, one: Mention, other: Mention) -> str:
    first, second = sorted((one, other), key=lambda m: m.start)
    return page.layout.text[first.end : min(second.start, first.end + 40)]


def _environment_weight(page: Page, hit: Hit) -> float:
    """How plainly the word speaks of the environment of what is asked for."""
    tokens = page.tokens
    start, end = tokens[hit.first].start, tokens[hit.after - 1].end
    word = tokens[hit.first].low
    if page.is_key(start):
        return 0
    if word == "stage" and _STAGE_OF.search(page.before(start, 10)):
        return 0
    if any(pair.start <= start < pair.end for pair in page.pairs("environment")):
        return 5
    if _is_compound(page, hit):
        return 0
    weight = 2.0 if hit.value[1] == "plain" else 0.5
    following = _word_after(page, hit.after)
    preceding = tokens[hit.first - 1].low if hit.first else ""
    two_before = f"{tokens[hit.first - 2].low} {preceding}" if hit.first > 1 else ""
    earlier = tokens[hit.first - 2].low if hit.first > 1 and preceding in ("the", "our", "a", "their") else ""
    is_noun_after = following in _nouns() or _noun_behind(page, hit.after)
    if following and following in _after() and not is_noun_after:
        return 0
    if (
        word in _VERBAL
        and not is_noun_after
        and _VERB_BEFORE.search(page.before(start, 24))
        and (
            _OBJECT_AFTER.match(page.after(end))
            or word in ("develop", "stage")
            or (word in ("live", "test") and not _PART_AFTER.match(page.after(end)))
        )
    ):
        return 0
    if word in ("test", "testing", "tests") and _OBJECT_AFTER.match(page.after(end)):
        return 0
    away = set() if _STRAIGHT.search(page.before(start, 24)) else {preceding, two_before, earlier} & _before()
    if "like" in away and _WISHES.search(page.before(start, 24)):
        away = set()
    if is_noun_after:
        weight += 3
    elif (
        preceding in _nouns()
        or tokens[max(0, hit.first - 2)].low in ("environment", "env")
        and not tokens[hit.first - 1].is_word
    ):
        weight += 2
    if _IN_BEFORE.search(page.before(start, 16)) and word not in ("live", "stage"):
        weight += 1.5 if hit.value[1] == "plain" or not _OBJECT_AFTER.match(page.after(end)) else 0
    if _PART_BEFORE.search(page.before(start, 6)) and _PART_AFTER.match(page.after(end, 12)):
        weight += 2
    if away and away <= _TOWARDS and hit.value[1] == "plain":
        return weight - 1.5 if is_noun_after else _GOING_THERE
    if away:
        weight -= 1.5 if is_noun_after and away <= _TOWARDS else 4
    return weight


def _noun_behind(page: Page, at: int) -> bool:
    """True when only a workload's words and the like stand before the noun: "production streaming workspace"."""
    tokens = page.tokens
    for number in range(at, min(at + 4, len(tokens))):
        word = tokens[number].low
        if word in ("workspace", "workspaces", "ws", "databricks", "dbx", "environment", "env", "lakehouse", "cluster"):
            return True
        if word not in workload_words().words() and word not in (
            "azure",
            "ready",
            "grade",
            "small",
            "new",
            "single",
            "node",
            "-",
        ):
            return False
    return False


def _word_after(page: Page, at: int) -> str:
    tokens = page.tokens
    if at + 1 < len(tokens) and tokens[at].text in "-_" and tokens[at - 1].end == tokens[at].start:
        at += 1
    return tokens[at].low if at < len(tokens) else ""


def _is_compound(page: Page, hit: Hit) -> bool:
    """True for a part of a longer name: "prod-support", "dev-tools"; "dev-workspace" is none."""
    tokens = page.tokens
    first, after = hit.first, hit.after
    if re.match(r"@|\.\w", page.layout.text[tokens[after - 1].end : tokens[after - 1].end + 2]) or page.layout.text[
        max(0, tokens[first].start - 1) : tokens[first].start
    ] in ("@", "."):
        return True
    known = _nouns() | _joinable()
    if tokens[first].joint and tokens[first - 2].low not in known:
        return True
    return after + 1 < len(tokens) and tokens[after + 1].joint and tokens[after + 1].low not in known


def _workloads(page: Page) -> Iterator[Mention]:
    tokens = page.tokens
    for hit in workload_words().hits(tokens):
        start, end = tokens[hit.first].start, tokens[hit.after - 1].end
        if not page.is_free(start, end):
            continue
        kind, strength = hit.value
        if any(pair.start <= start < pair.end for pair in page.pairs("workload_type")):
            yield Mention("workload_type", kind, start, end, 5 if strength == "strong" else 3.4)
            continue
        if _is_compound(page, hit):
            continue
        weight = 2.0 if strength == "strong" else 1.0
        before, after = page.before(start, 40), page.after(end, 16)
        if _TOPIC_BEFORE.search(before):
            weight -= 0.9
        if kind == "streaming" and _FEEDS_AFTER.match(after):
            weight -= 0.6
        if _MAINLY_BEFORE.search(before):
            weight += 1.5
        if _SIDE_BEFORE.search(before):
            weight -= 0.5
        yield Mention("workload_type", kind, start, end, weight)


def team_workload(team: str) -> str | None:
    """The work that a team does which is named for it."""
    found = table("workloads")["teams"].get(team)
    return str(found) if found else None


@cache
def environment_words() -> Phrases:
    rows = table("environments")
    return Phrases(
        (word, (name, strength))
        for strength in ("plain", "loose")
        for name, words in rows[strength].items()
        for word in words
    )


@cache
def workload_words() -> Phrases:
    rows: Mapping[str, Mapping[str, list[str]]] = {
        name: row for name, row in table("workloads").items() if name not in ("teams", "about")
    }
    return Phrases(
        (word, (name, strength))
        for name, row in rows.items()
        for strength in ("strong", "weak")
        for word in row[strength]
    )


@cache
def _about() -> Phrases:
    return Phrases((phrase, (phrase,)) for phrase in table("workloads")["about"]["phrases"])


@cache
def _nouns() -> frozenset[str]:
    return frozenset(table("environments")["about"]["nouns"])


@cache
def _after() -> frozenset[str]:
    return frozenset(table("environments")["about"]["after"])


@cache
def _before() -> frozenset[str]:
    return frozenset(table("environments")["about"]["before"])


@cache
def _joinable() -> frozenset[str]:
    joined = {
        "only",
        "based",
        "style",
        "like",
        "grade",
        "type",
        "team",
        "project",
        "near",
        "pre",
        "non",
        "the",
        "focused",
        "first",
        "heavy",
        "use",
        "stuff",
        "workload",
        "workloads",
        "pipelines",
        "pipeline",
        "jobs",
        "strecken",
        "dashboards",
        "training",
        "kafka",
        "etl",
        "streaming",
        "sql",
        "bi",
        "ml",
        "spark",
        "databricks",
        "server",
        "for",
        "end",
        "ish",
        "side",
        "modelle",
        "prozesse",
        "and",
        "und",
        "to",
        "eastus",
        "weu",
    }
    return environment_words().words() | frozenset(joined)
