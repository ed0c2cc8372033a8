"""Names that each have an environment of their own: "Radar (dev), Sonar (prod)", "dev for Radar and prod for Sonar"."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from plugins.parse.fields.team.boundaries import name_end
from plugins.parse.fields.team.vocabulary import listed_words
from plugins.parse.fields.team.words import LONGEST, PLAINLY, TeamWords
from plugins.parse.page import Mention

_FEWEST = 2
"""Names with an environment: one alone may be anything ("the migration (dev)")."""

_OPENS = frozenset({",", ";", ":", "\n", ".", "!", "?", ")", "&", "+", "and", "plus", "for", "und", "et", "y"})
"""What stands before such a name."""

_TO_STAGE = frozenset({"(", "in", "on", "=", ":"})
"""What stands between the name and its environment."""


def names_staged(words: TeamWords) -> Iterator[Mention]:
    """The names before the environments, where there are several and each has its own."""
    stages = [at for at in sorted(words.soft) if words.soft[at].first == at and words.is_soft_of(at, "environment")]
    named = [(mention, stage) for stage in stages for mention in _before(words, stage) or _behind(words, stage)]
    if len({str(mention.value) for mention, _ in named}) < _FEWEST or not _are_neighbours(named, stages):
        return
    yield from (mention for mention, _ in named)


def _are_neighbours(named: Sequence[tuple[Mention, int]], stages: Sequence[int]) -> bool:
    """True where no other environment stands between them: it would be nobody's."""
    number = {stage: at for at, stage in enumerate(stages)}
    return all(number[second] - number[first] == 1 for (_, first), (_, second) in pairwise(named))


def _before(words: TeamWords, stage: int) -> Sequence[Mention]:
    if words.low(stage - 1) not in _TO_STAGE:
        return ()
    first = after = stage - 1
    while first > 0 and after - first < LONGEST and _is_of_name(words, first - 1):
        first -= 1
    if first == after or (first > 0 and words.low(first - 1) not in _OPENS):
        return ()
    while first < after and words.low(first) in listed_words("determiners"):
        first += 1
    if all(token.text.isdigit() for token in words.words(first, after)):
        return ()  # "6 in prod" counts
    if first == after or words.are_plain(first, after) or (words.has_case and not words.is_capital(first)):
        return ()
    mention = words.mention(first, after, PLAINLY)
    return (mention,) if mention is not None else ()


def _behind(words: TeamWords, stage: int) -> Sequence[Mention]:
    at = words.soft[stage].after
    at += words.low(at) in ("one", "workspace", "ws")
    if words.low(at) != "for":
        return ()
    first = at + 1
    first += words.low(first) in listed_words("determiners")
    if not words.begins_name(first) or words.is_soft_of(first, "environment", "region") or words.is_plain(first):
        return ()
    # "heron dev for etl": the name is said already, and this is the work.
    if words.is_soft_of(first, "workload_type") and _is_named_before(words, stage - 1):
        return ()
    mention = words.mention(first, name_end(words, first), PLAINLY)
    return (mention,) if mention is not None else ()


def _is_of_name(words: TeamWords, at: int) -> bool:
    if not words.tokens[at].is_word:
        return words.is_glue(at)
    return words.low(at) not in _OPENS and words.begins_name(at) and not words.is_soft_of(at, "environment", "region")


def _is_named_before(words: TeamWords, at: int) -> bool:
    is_word = at >= 0 and words.tokens[at].is_word and not words.tokens[at].text.isdigit()
    return is_word and words.begins_name(at) and not words.is_soft(at) and not words.is_plain(at)
