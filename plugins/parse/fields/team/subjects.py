"""Names that need, want or ask for something, and names that are to be given something."""

import re
from collections.abc import Iterator, Sequence
from functools import cache

from plugins.parse.fields.team.boundaries import behind_adjectives
from plugins.parse.fields.team.vocabulary import either, is_group, is_plain, listed_words
from plugins.parse.fields.team.words import LONGEST, TeamWords
from plugins.parse.page import Mention
from plugins.parse.words import Token, plain_words

_CAPITAL_WEIGHT = 3.2
_SMALL_WEIGHT = 2.8
_GIVEN_WEIGHT = 3
_FIELDS = ("environment", "region", "place", "flag")
_NEGATIONS = ("not", "no", "never")
_PRONOUNS = ("it", "this", "that", "them", "everything", "us", "me", "to")
_ANYBODY = ("team", "everyone", "boss", "manager", "who", "which")
_VERB_REACH = 30
_NAMED = re.compile(r"\s(?:to \w{2,12}\s)?dbw-", re.IGNORECASE)
_GIVEN_REACH = 20


@cache
def _asking() -> re.Pattern[str]:
    return re.compile(rf"^(?:{either('asking')})\b", re.IGNORECASE)


@cache
def _given() -> re.Pattern[str]:
    return re.compile(rf"^\s(?:up\s)?(?:with\s)?(?:{either('given')})\b", re.IGNORECASE)


def names_that_ask(words: TeamWords) -> Iterator[Mention]:
    """The subjects of "needs", "would like", "is asking" and the like."""
    for at in range(len(words)):
        if not _is_asked(words, at):
            continue
        start = _subject_start(words, at)
        is_determined = words.low(start - 1) in listed_words("determiners")
        if start == at or not (is_determined or _opens_clause(words, start)):
            continue
        first = behind_adjectives(words, start, at)
        if _is_somebody(words, first, at, is_determined=is_determined):
            weight = _CAPITAL_WEIGHT if words.words(first, at)[0].text[:1].isupper() else _SMALL_WEIGHT
            if mention := words.mention(first, at, weight):
                yield mention


def _is_asked(words: TeamWords, at: int) -> bool:
    token = words.tokens[at]
    if token.low not in listed_words("needs"):
        return False
    before = words.low(at - 1)
    if before.endswith("n't") or before in _NEGATIONS:
        return False
    if words.low(at + 1) in _PRONOUNS and words.low(at + 2) != "have":
        return False
    if _NAMED.match(words.behind(at + 1, _VERB_REACH)):  # "Jonas wants dbw-elm gone" asks for none
        return False
    if words.low(at + 1) == "for" and words.low(at + 2) in _PRONOUNS:  # "…, bob asked for it" tells of the asking
        return False
    return _asking().match(words.text[token.start : token.start + _VERB_REACH]) is not None


def _subject_start(words: TeamWords, at: int) -> int:
    """Where the words before a verb begin that may be its subject."""
    first = at
    while first > 0 and at - first < LONGEST:
        previous = first - 1
        if not (words.is_free(previous) or words.is_glue(previous) or words.low(previous) == "&"):
            break
        if words.is_stop(previous) and not words.is_glue(first):
            break
        first = previous
    return first


def _opens_clause(words: TeamWords, first: int) -> bool:
    return first == 0 or not words.tokens[first - 1].is_word or words.low(first - 1) in listed_words("joins_subjects")


def _is_somebody(words: TeamWords, first: int, at: int, *, is_determined: bool) -> bool:
    """True for a subject that may be a team: no pronoun, no thing, no single word of another field."""
    subject = words.words(first, at)
    if not subject or any("'" in token.text for token in subject):
        return False
    if subject[-1].low in _ANYBODY or subject[-1].low in listed_words("things_that_need"):
        return False
    if len(subject) == 1 and words.is_soft_of(first, *_FIELDS):
        return False
    return not _is_common(subject, is_determined=is_determined)


def _is_common(subject: Sequence[Token], *, is_determined: bool) -> bool:
    """True where each word is one of the language, and none is written as a name."""
    return all(
        token.low in plain_words() and (is_determined or is_plain(token.low) or not token.text[:1].isupper())
        for token in subject
    )


def names_given(words: TeamWords) -> Iterator[Mention]:
    """The "X" of "give X a workspace" and "set up X with one"."""
    for at in range(1, len(words)):
        if words.low(at - 1) not in listed_words("giving") or not words.is_free(at):
            continue
        first = at + 1 if words.low(at) in ("the", "our", "team") else at
        if not words.begins_name(first) or words.is_soft_of(first, "environment", "region", "flag"):
            continue
        after = _object_end(words, first)
        # "set up three Databricks workspaces": so many of them, and nobody.
        if all(token.text.isdigit() for token in words.words(first, after)):
            continue
        if after >= len(words) or not _given().match(words.behind(after, _GIVEN_REACH)):
            continue
        if words.are_plain(first, after) or is_group(words.words(first, after)[-1].low):
            continue
        if mention := words.mention(first, after, _GIVEN_WEIGHT):
            yield mention


def _object_end(words: TeamWords, first: int) -> int:
    after = first
    while (
        after < len(words)
        and after - first < LONGEST
        and (words.is_free(after) or words.is_glue(after))
        and not words.is_stop(after)
        and not (after > first and _is_counted(words, after))
    ):
        after += 1
    return after


def _is_counted(words: TeamWords, at: int) -> bool:
    """True for the "2" of "give Ops 2 workspaces"; "Line 4" has it in its name."""
    return words.tokens[at].text.isdigit() and words.low(at + 1) in listed_words("counted_with")
