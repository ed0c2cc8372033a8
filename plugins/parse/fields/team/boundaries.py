"""Where a name ends, and where the one that ends before a word begins."""

import re
from collections.abc import Iterator

from plugins.parse.fields.kind import team_workload
from plugins.parse.fields.team.slug import slugged
from plugins.parse.fields.team.vocabulary import is_group, is_plain, listed_words
from plugins.parse.fields.team.words import LONGEST, MOST_TOKENS, TeamWords
from plugins.parse.page import Mention

_JOINTS = "-_&/+."
_CONTRACTION = re.compile(r"\w{2,}'")
_JOINING = frozenset({"and", "of", "und", "de", "du", "des", "del", "et", "y"})
_OR = ("or", "oder", "ou")
_CHOICE_WEIGHT = 4


def name_end(words: TeamWords, first: int, *, is_quoted: bool = False) -> int:
    """The token after a name that begins here."""
    capital = words.has_case and words.is_capital(first)
    at = words.soft[first].after if words.is_soft(first) else first + 1
    count = 1
    while at < len(words) and count < LONGEST and at - first < MOST_TOKENS:
        joined = _joined_end(words, at)
        if joined:
            at = joined
            continue
        following = _conjoined_end(words, at, capital=capital) or _word_end(
            words, at, capital=capital, is_quoted=is_quoted
        )
        if not following:
            break
        at = following
        count += 1
    return at


def _joined_end(words: TeamWords, at: int) -> int:
    """The token after what a hyphen or the like joins to the name; 0 where none does."""
    text = words.tokens[at].text
    if text not in _JOINTS or not words.is_glue(at):
        return 0
    if text in "/." and (words.is_soft(at + 1) or words.is_soft(at - 1)):
        return 0
    soft = words.soft.get(at + 1)
    return soft.after if soft is not None and soft.first == at + 1 else at + 2


def _conjoined_end(words: TeamWords, at: int, *, capital: bool) -> int:
    """The token after "& Design", or after "of Fleet" between capitals; 0 where the name does not go on so."""
    if at + 1 >= len(words) or not words.is_free(at + 1):
        return 0
    if words.tokens[at].text == "&":
        return at + 2
    joins = capital and words.low(at) in _JOINING and words.is_capital(at + 1)
    return at + 2 if joins and not words.is_soft(at + 1) and not words.is_stop(at + 1) else 0


def _word_end(words: TeamWords, at: int, *, capital: bool, is_quoted: bool) -> int:
    if not words.is_free(at) or not _goes_on(words, at, capital=capital, is_quoted=is_quoted):
        return 0
    return words.soft[at].after if words.is_soft(at) else at + 1


def _goes_on(words: TeamWords, at: int, *, capital: bool, is_quoted: bool) -> bool:
    """True when this word still belongs to the name before it."""
    if is_quoted:
        return not words.is_stop(at) or words.is_capital(at)
    if words.is_stop(at):
        return False
    if words.is_soft(at):
        return _closes_name(words, at, capital=capital)
    token = words.tokens[at]
    if token.text.isdigit():
        written = words.page.quote(token.start, token.end)
        if words.is_boundary(at + 1) or (capital and written[:1].isupper()):
            return True
        return words.is_number_word(at) and words.low(at + 1) not in listed_words("counted")
    if capital:
        return words.is_capital(at) and not _CONTRACTION.match(token.text)
    return not words.is_plain(at) and not _CONTRACTION.match(token.text)


def _closes_name(words: TeamWords, at: int, *, capital: bool) -> bool:
    """A table's phrase belongs to the name where the name ends with it and the field is spoken of elsewhere."""
    soft = words.soft[at]
    named = capital and words.is_capital(at) and not words.tokens[at].text.isupper()
    if named and soft.kind in ("workload_type", "environment", "flag"):
        ends_there = words.is_boundary(soft.after) or words.is_stop(soft.after)
        is_group_word = ends_there and team_workload(words.low(at)) is not None
        return words.is_said_elsewhere(soft) or is_group(words.low(soft.after)) or is_group_word
    return soft.kind == "workload_type" and words.is_boundary(soft.after) and words.is_said_elsewhere(soft)


def capital_runs(words: TeamWords) -> Iterator[tuple[int, int]]:
    """Runs of words in capitals that may be a name."""
    at = 0
    while at < len(words):
        if not (words.is_capital(at) and words.begins_name(at)):
            at += 1
            continue
        after = at + 1
        while after < len(words) and after - at < LONGEST:
            step = _run_step(words, at, after)
            if not step:
                break
            after += step
        yield at, after
        at = after


def _run_step(words: TeamWords, first: int, at: int) -> int:
    """Tokens by which the run goes on here: a word, or "&", a hyphen, "of" or "and" with the word behind it."""
    low = words.low(at)
    if words.is_capital(at + 1) and (low == "&" or words.is_hyphen(at)):
        return 2
    if low in ("of", "and") and at - first == 1 and words.is_capital(at + 1) and words.begins_name(at + 1):
        return 2
    return 1 if words.is_capital(at) and words.begins_name(at) else 0


def other_choice(words: TeamWords, first: int, after: int) -> Mention | None:
    """The open choice of "marketing or sales"; None where no other name follows."""
    if words.low(after) not in _OR:
        return None
    second = after + 1
    while words.low(second) in ("the", "maybe", "perhaps", "team", "rather"):
        second += 1
    if not words.begins_name(second) or words.is_soft(second):
        return None
    end = name_end(words, second)
    names = (slugged(words.span(first, after)), slugged(words.span(second, end)))
    return Mention("team", None, words.tokens[first].start, words.tokens[end - 1].end, _CHOICE_WEIGHT, names)


def joined_choice(words: TeamWords, first: int, after: int) -> Mention | None:
    """What "oak and elm" leaves open: one team that is called so, or two; None where what follows is no other name."""
    if words.low(after) not in ("and", "&", "+") or words.tokens[first].text[:1].isupper():
        return None  # capitals make one name of both
    second = after + 1
    if words.low(second) in ("for", "team"):
        second += 1
    if not words.begins_name(second) or words.is_soft(second) or words.tokens[second].text.isdigit():
        return None
    end = name_end(words, second)
    is_plain_word = all(is_plain(token.low) for token in words.words(second, end))
    ends = words.is_boundary(end) or words.low(end) in _ENDING
    if end - second > _LONGEST_JOINED or is_plain_word or not ends:
        return None
    one, other = words.span(first, after), words.span(second, end)
    names = (slugged(f"{one} and {other}"), slugged(one), slugged(other))
    return Mention("team", None, words.tokens[first].start, words.tokens[end - 1].end, _CHOICE_WEIGHT, names)


_LONGEST_JOINED = 2
_ENDING = frozenset({"in", "on", "with", "at", "please", "pls", "using", "by", "until", "as", "this", "today"})


def behind_adjectives(words: TeamWords, first: int, at: int) -> int:
    """Where the name begins behind "our", "new" and the like."""
    skipped = listed_words("adjectives") | listed_words("before_name") | listed_words("determiners")
    while first < at and words.low(first) in skipped:
        first += 1
    return first
