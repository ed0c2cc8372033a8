"""Names that "for X" marks, where X is no purpose, no time and no thing."""

import re
from collections.abc import Iterator, Sequence

from plugins.parse.fields.team.boundaries import joined_choice, name_end, other_choice
from plugins.parse.fields.team.vocabulary import is_group, is_plain, listed_words
from plugins.parse.fields.team.words import TeamWords
from plugins.parse.page import Mention
from plugins.parse.sentences import SAYS
from plugins.parse.words import Token, plain_words

_WEIGHT = 2
_GERUND = re.compile(r"\w{3,}ing")


def names_for(words: TeamWords) -> Iterator[Mention]:
    """The name behind the first "for" that has one, and those behind others that plainly go on with it."""
    has_beneficiary = False
    for at in range(len(words)):
        if not _says_for_whom(words, at):
            continue
        first = _behind_articles(words, at + 1)
        if not words.begins_name(first) or words.tokens[first].text.isdigit():
            continue
        after = name_end(words, first)
        if _is_no_name(words, first, after) or (has_beneficiary and not _is_another(words, at, first, after)):
            continue
        if words.page.clauses.is_denied(words.tokens[at].start):
            continue
        if choice := other_choice(words, first, after) or joined_choice(words, first, after):
            yield choice
        elif mention := words.mention(
            first, after, _WEIGHT, because=SAYS("because.beneficiary", words=words.span(first, after))
        ):
            has_beneficiary = True
            yield mention


def _says_for_whom(words: TeamWords, at: int) -> bool:
    low = words.low(at)
    if low not in listed_words("for_words") or words.low(at - 1) in listed_words("no_beneficiary"):
        return False
    if low == "4" and words.page.key_of(words.tokens[at].start):
        return False
    if low == "4":
        counted = words.low(at + 1) in listed_words("counted")
        return at > 0 and words.tokens[at - 1].is_word and words.low(at + 1) != "." and not counted
    return low != "f" or words.low(at + 1) == "."


def _behind_articles(words: TeamWords, at: int) -> int:
    while words.low(at) in listed_words("skipped_after_for"):
        at += 1
    return at


def _is_no_name(words: TeamWords, first: int, after: int) -> bool:
    """True for groups of people, purposes, plain words and what tables of other fields know whole."""
    name = words.words(first, after)
    if is_group(name[-1].low) or (words.is_soft(first) and name[0].text.islower()):
        return True
    if _is_purpose(name) or _is_plain(words, name):
        return True
    if all(words.is_soft(number) for number in range(first, after) if words.tokens[number].is_word):
        return True
    is_gerund = _GERUND.fullmatch(name[0].low) is not None and name[0].low not in listed_words("gerund_names")
    return is_gerund and (len(name) > 1 or not words.is_boundary(after))


def _is_purpose(name: Sequence[Token]) -> bool:
    purposes, nouns = listed_words("purposes"), listed_words("name_nouns")
    if " ".join(token.low for token in name) in purposes:
        return True
    return name[0].low in purposes and (len(name) == 1 or name[1].low not in nouns)


def _is_plain(words: TeamWords, name: Sequence[Token]) -> bool:
    """True for words of the language; a noun that ends names is one where others or a capital make it so."""
    return all(
        is_plain(token.low)
        or (len(name) == 1 and token.low in plain_words() and not (words.has_case and token.text[:1].isupper()))
        for token in name
    )


def _is_another(words: TeamWords, at: int, first: int, after: int) -> bool:
    """True for the "for" of one more team: "one for sales and one for tax"."""
    if after in words.soft and words.tokens[first].text.islower():
        return False
    return words.low(at - 1) in listed_words("second_for")
