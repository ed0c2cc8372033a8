"""Names without a mark: the one part of a terse list, or of a message, that is nothing else."""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache

from plugins.parse.fields.team.boundaries import capital_runs
from plugins.parse.fields.team.slug import slugged
from plugins.parse.fields.team.vocabulary import either, is_plain, listed_words
from plugins.parse.fields.team.words import TeamWords
from plugins.parse.page import MASK, Mention, Page
from plugins.parse.sentences import SAYS
from plugins.parse.words import lexicon, plain_words

_ITEM_WEIGHT = 1.5
_PART_WEIGHT = 1
_LONE_WEIGHT = 0.9
_RUN_WEIGHT = 0.8

_MOST_WORDS = 3
"""Words of a name that nothing marks."""

_LONGEST_PART = 4
_MOST_BESIDE = 2
"""Words beside the name that a list may have; more make a sentence."""

_LONGEST_LIST = 16
"""Words of a message that may be a list without marks."""

_FIELDS = frozenset({"environment", "workload_type", "region", "workers", "enable_gpu", "cost_limit"})
_PROSE = re.compile(
    r"""
    \b(?:we|i|you|they|it)\ (?:need|want|have|had|would|could|are|am|is|was|will|can|should|do|use|used)\b
    |\b(?:i'm|we're|it's|i'd|we'd)\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
_SEPARATORS = tuple(
    (mark, re.compile(pattern))
    for mark, pattern in (
        ("|", r"\s?\|\s?"),
        ("/", r"\s?/\s?"),
        ("-", r"\s-\s"),
        (";", r"\s?;\s?"),
        (",", r"\s?,\s?"),
        ("\t", r"\t"),
    )
)
"""The marks of a list, in the order in which they are tried."""

_ORDERED = re.compile(r"^(?:\W|\d+[.)]|for\b|4\b|team\b|the\b|databricks\b|dbx\b|ws\b|workspace\b)+\s*", re.IGNORECASE)
_NUMBERING = re.compile(r"^\s*\d+[.)]\s*")
_WORD = re.compile(r"[^\W_]+")
_PART = re.compile(r"(?:\d{1,3}[.)]|[-*•])?\s*[\w &'+/.-]{2,40}")
_MARKS = "{}[]<>$%=`"


def leftovers(words: TeamWords) -> None:
    """Adds the team that nothing marks, where nothing else names one."""
    readings: tuple[Callable[[TeamWords], Iterator[Mention]], ...] = (_item_names, _part_names, _run_name, _lone_name)
    for read in readings:
        if any(mention.field in ("team", "teams") for mention in words.page.mentions):
            return
        words.page.add(read(words))


def _item_names(words: TeamWords) -> Iterator[Mention]:
    """In a list whose items each name an environment, what is left of an item names its team."""
    names = [
        mention
        for start, end in words.page.layout.rows
        if any(inner.field == "environment" for inner in words.page.within(start, end))
        and (mention := _item_name(words, start, end)) is not None
    ]
    if len(names) > 1:
        yield from names


def _item_name(words: TeamWords, start: int, end: int) -> Mention | None:
    free = [at for at in words.page.numbers(start, end) if words.is_free(at)]
    name = [at for at in free if not words.is_stop(at) and not words.tokens[at].text.isdigit()]
    if not 0 < len(name) <= _MOST_WORDS or name[-1] - name[0] != len(name) - 1:
        return None
    if len(free) - len(name) > _MOST_BESIDE:
        return None
    return words.inferred(name[0], name[-1] + 1, _ITEM_WEIGHT, "list")


def _part_names(words: TeamWords) -> Iterator[Mention]:
    """In a list with marks the first part that is nothing else names the team."""
    page = words.page
    at = 0
    for line in page.text.split("\n"):
        if line.strip() and not _PROSE.search(line):
            for mark, pattern in _SEPARATORS:
                if line.count(mark) < _MOST_BESIDE:
                    continue
                if (mention := _part_name(page, _parts(line, pattern, at))) is not None:
                    yield mention
                    break
        at += len(line) + 1


def _part_name(page: Page, parts: Sequence[tuple[int, int]]) -> Mention | None:
    if len(parts) <= _MOST_BESIDE:
        return None
    texts = [page.text[start:end] for start, end in parts]
    known_parts = sum(MASK in text for text in texts)
    free = next(
        (part for part, text in zip(parts, texts, strict=True) if MASK not in text and _may_be_name(text)), None
    )
    if known_parts < _MOST_BESIDE or free is None:
        return None
    name = _ORDERED.sub("", page.quote(*free))
    slug = slugged(name)
    because = SAYS("because.nothing_else", where="list", name=name)
    return Mention("team", slug, *free, _PART_WEIGHT, because=because) if slug else None


def _parts(line: str, mark: re.Pattern[str], start: int) -> list[tuple[int, int]]:
    """Where the parts of a line stand; empty ones are left out."""
    parts: list[tuple[int, int]] = []
    at = 0
    for match in mark.finditer(line):
        parts.append((start + at, start + match.start()))
        at = match.end()
    parts.append((start + at, start + len(line)))
    return [(a, b) for a, b in parts if b > a]


def _may_be_name(part: str) -> bool:
    """True for a short part with a word that no table knows, or of nouns that end names."""
    words = [word.lower() for word in _WORD.findall(_NUMBERING.sub("", part))]
    nouns = listed_words("name_nouns")
    if any(word in lexicon()["courtesy"] or (word in lexicon()["verbs"] and word not in nouns) for word in words):
        return False
    if len(words) > 1 and all(word in nouns for word in words):
        return True
    if not 0 < len(words) <= _LONGEST_PART or not _PART.fullmatch(part.strip()):
        return False
    is_unknown = any(word not in plain_words() and not word.isdigit() for word in words)
    return is_unknown and not any(word in listed_words("stops") for word in words)


def _run_name(words: TeamWords) -> Iterator[Mention]:
    """In a short message that is no sentence, the one run of words that no table knows names the team."""
    numbers = [at for at, token in enumerate(words.tokens) if token.is_word]
    if len(numbers) > _LONGEST_LIST:
        return
    runs = _unknown_runs(words, numbers)
    taken = {at for run in runs for at in run}
    beside = [
        at
        for at in numbers
        if at not in taken and words.is_free(at) and words.low(at) not in listed_words("terse_words")
    ]
    named = [run for run in runs if any(words.low(at) not in plain_words() for at in run)]
    covered = {mention.field for mention in words.page.mentions} & _FIELDS
    if len(beside) > _MOST_BESIDE or len(named) != 1 or len(covered) < _MOST_BESIDE or len(named[0]) > _MOST_WORDS:
        return
    if mention := words.inferred(named[0][0], named[0][-1] + 1, _RUN_WEIGHT, "message"):
        yield mention


def _unknown_runs(words: TeamWords, numbers: Sequence[int]) -> list[list[int]]:
    runs: list[list[int]] = []
    for at in numbers:
        if not _is_unknown(words, at):
            continue
        if runs and runs[-1][-1] == at - 1:
            runs[-1].append(at)
        else:
            runs.append([at])
    return runs


def _is_unknown(words: TeamWords, at: int) -> bool:
    token = words.tokens[at]
    if not words.begins_name(at) or is_plain(token.low) or token.text.isdigit():
        return False
    # no name stands beside brackets and the like
    is_in_marks = any(0 <= beside < len(words) and words.tokens[beside].text in _MARKS for beside in (at - 1, at + 1))
    return not is_in_marks and not words.page.clauses.is_elsewhere(token.start)


@cache
def _acts() -> re.Pattern[str]:
    return re.compile(rf"^(?:'s\b| (?:{either('acts_of_somebody')}|(?:wish|look)\w*)\b)")


def _lone_name(words: TeamWords) -> Iterator[Mention]:
    """The one name of two words or more in capitals that does something."""
    if not words.has_case:
        return
    for start, after in capital_runs(words):
        first = start
        while first < after and _opens_sentence(words.low(first)):
            first += 1
        # one word may be anybody
        if len(words.words(first, after)) <= 1 or words.low(first - 1) in listed_words("titles"):
            continue
        if not _acts().match(words.behind(after, 20)) or words.page.clauses.is_elsewhere(words.tokens[first].start):
            continue
        if mention := words.inferred(first, after, _LONE_WEIGHT, "message"):
            yield mention
            return


def _opens_sentence(word: str) -> bool:
    return word in listed_words("common_first") or word in lexicon()["courtesy"]
