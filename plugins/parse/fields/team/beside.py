"""Names beside the word "team": before it, behind it, or said to be one."""

import re
from collections.abc import Iterable, Iterator, Sequence

from plugins.parse.fields.team.before import name_before
from plugins.parse.fields.team.behind import name_behind
from plugins.parse.fields.team.boundaries import capital_runs, name_end
from plugins.parse.fields.team.marked import Marked
from plugins.parse.fields.team.vocabulary import is_group, listed_words
from plugins.parse.fields.team.words import PLAINLY, TeamWords
from plugins.parse.page import Mention
from plugins.parse.words import plain_words

_STRONG = ("team", "squad")
_SURE = 3
"""Weight from which on a name before the word is surer than none."""

_APPOSED_WEIGHT = 4.4
_IS_TEAM = re.compile(
    r"""
    ^(?:,|\s?\(|\ is|\ are)\s?
    (?:that\ is\ |that's\ |which\ is\ |who\ are\ |we\ are\ )?
    (?:the\ |our\ |my\ |a\ |also\ the\ )
    (?:[\w-]{1,14}\ ){0,3}
    (?:team|squad|crew|group|department|dept)\b(?:'s)?(?:\ name)?
    """,
    re.IGNORECASE | re.VERBOSE,
)
_INSTEAD = re.compile(r"\b(?:it's|it is|but|rather|sondern|is actually|sino)\s(?:the |team |actually )*", re.IGNORECASE)
_NOT_TEAM = re.compile(r"\bteam (?:(?:is|are|was) not|isn't) (?:the )?[^,;.\n(]{1,30}", re.IGNORECASE)
_INSTEAD_REACH = 90
_MOST_DENIALS = 3
"""Denials of a team behind which another name is looked for."""


def names_beside_team(words: TeamWords) -> Iterator[Mention]:
    """The name that each "team", "squad" or the like has beside it."""
    for at in range(len(words)):
        if _marks_name(words, at) and (mention := _beside(words, at)) is not None:
            yield mention


def _marks_name(words: TeamWords, at: int) -> bool:
    token = words.tokens[at]
    if not is_group(token.low) or not words.is_free(at):
        return False
    if token.low not in _STRONG:
        # "Crew Rostering", "Group Treasury": the word is part of the name
        opens_name = words.has_case and words.is_capital(at) and words.is_capital(at + 1)
        if token.joint or opens_name:
            return False
    return at + 1 >= len(words) or not words.is_hyphen(at + 1)


def _beside(words: TeamWords, at: int) -> Mention | None:
    before = name_before(words, at)
    behind = name_behind(words, at)
    if before is None or behind is None:
        only = before or behind
        is_loose = words.low(at) in listed_words("loose_groups")
        is_doubtful = before is not None and before.weight < _SURE and is_loose and not _is_for(words, before)
        return None if only is None or is_doubtful else only.mention
    if behind.weight > PLAINLY and _yields(words, at, before):
        return behind.mention
    return before.mention if before.weight >= _SURE else behind.mention


def _is_for(words: TeamWords, before: Marked) -> bool:
    """True for the claims people of "for the claims people"."""
    first = words.page.token_at(before.mention.start)
    return words.low(first - 1) in ("the", "our") and words.low(first - 2) == "for"


def _yields(words: TeamWords, at: int, before: Marked) -> bool:
    """True in "prod etl team quartz": it is quartz."""
    if before.weight < _SURE or before.is_known:
        return True
    is_written_apart = words.has_case and words.is_capital(at + 1) and not words.is_capital(at - 1)
    return before.weight <= PLAINLY and is_written_apart


def names_apposed(words: TeamWords) -> Iterator[Mention]:
    """Names that are said to be a team: "Bus Ridership is our little team", "our new team, Line Seven, …"."""
    if not words.has_case:
        return
    for first, last in capital_runs(words):
        after = last + 1 if last < len(words) and words.tokens[last].text.isdigit() else last  # "Line 7"
        is_team = _IS_TEAM.match(words.behind(after, 70)) or _is_in_apposition(words, first, after)
        if not is_team or _is_common(words, first, after):
            continue
        if mention := words.mention(first, after, _APPOSED_WEIGHT):
            yield mention


def _is_in_apposition(words: TeamWords, first: int, after: int) -> bool:
    """True for the name between the commas of "our new team, Line Seven, …"."""
    return words.low(first - 1) == "," and is_group(words.low(first - 2)) and words.low(after) in (",", ".", ";", ")")


def _is_common(words: TeamWords, first: int, after: int) -> bool:
    low = words.low(first)
    is_one_plain = after - first == 1 and (low in listed_words("common_first") or low in plain_words())
    return is_one_plain or words.are_soft(first, after)


def names_instead(words: TeamWords, denied: Sequence[int]) -> None:
    """Adds the "data mesh" of "the team is not data platform, it's data mesh"; `denied` are ends of denied names."""
    ends = [*denied[:_MOST_DENIALS], *[match.end() for match in _NOT_TEAM.finditer(words.page.text)][:_MOST_DENIALS]]
    for end in ends:
        words.page.add(_name_instead(words, end))


def _name_instead(words: TeamWords, end: int) -> Iterable[Mention]:
    match = _INSTEAD.search(words.text, end, end + _INSTEAD_REACH)
    if match is None:
        return ()
    at = words.page.token_at(match.end())
    if at >= len(words) or words.tokens[at].start != match.end() or not words.begins_name(at) or words.is_soft(at):
        return ()
    mention = words.mention(at, name_end(words, at), PLAINLY)
    return () if mention is None else (mention,)
