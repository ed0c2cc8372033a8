"""The name that follows the word "team"."""

import re
from dataclasses import dataclass

from plugins.parse.fields.team.boundaries import name_end, other_choice
from plugins.parse.fields.team.marked import Marked
from plugins.parse.fields.team.vocabulary import is_plain, listed_words
from plugins.parse.fields.team.words import LONGEST, TeamWords

# Weights of a name behind "team", on the scale of `Mention.weight`. Only their order counts, among themselves and
# against those of `before`: "team Orchard" beats "our team Orchard", where "our team" may be all that is meant.
_CALLED_WEIGHT = 5.0
"""The name is quoted, or said to be one: "team is called Orchard"."""

_BARE = 4.6
"""It follows at once: "team Orchard"."""

_BEGINS_KNOWN = 4.3
"""It begins with words of another field and goes on: "team data platform north"."""

_BEHIND_DETERMINED = 4.2
"""A "the" or "our" stands before "team", which may end there."""

_ALL_KNOWN = 3.4
"""Another field's table knows the whole of it: "team data science" may be the work."""

_MOST_MARKS = 5
"""Tokens between "team" and the name: "team is called \\"X\\"" has three."""

_PARTICIPLE = re.compile(r"(?:ing|ed)$")


@dataclass(frozen=True, slots=True)
class _Link:
    """What stands between the word "team" and the name behind it."""

    first: int
    is_quoted: bool
    is_called: bool
    is_linked: bool
    is_determined: bool

    @property
    def is_explicit(self) -> bool:
        return self.is_called or self.is_quoted


def name_behind(words: TeamWords, at: int) -> Marked | None:
    """The name that follows the word "team"."""
    if words.low(at) not in listed_words("before_name"):
        return None
    link = _link(words, at)
    if link.first >= len(words) or not words.is_free(link.first) or _is_no_name(words, link):
        return None
    first = link.first
    after = name_end(words, first, is_quoted=link.is_quoted)
    if choice := other_choice(words, first, after):
        return Marked(choice, _CALLED_WEIGHT)
    weight = _weight_behind(words, link, after)
    mention = words.mention(first, after, weight, marked=None if link.is_determined else (at, after))
    return Marked(mention, weight) if mention else None


def _link(words: TeamWords, at: int) -> _Link:
    """The words of "team is called", 'team: "' and the like."""
    first = at + 1
    is_quoted = is_called = is_linked = False
    is_determined = words.low(at - 1) in listed_words("determiners")
    while first < len(words) and first < at + _MOST_MARKS:
        low = words.low(first)
        if low in ("called", "named", "heißt", "llama") or (
            low == "," and is_determined and _is_apposed(words, first + 1)
        ):
            is_called = True
        elif low in ("is", "name", "are", ":", "=") or (low == "'s" and words.low(first + 1) in ("name", "called")):
            is_linked = True
        elif low in ('"', "'", "(", "`"):
            is_quoted = True
        elif not _is_passed(words, first, is_linked=is_linked or is_called):
            break
        first += 1
    return _Link(first, is_quoted, is_called, is_linked, is_determined)


def _is_passed(words: TeamWords, at: int, *, is_linked: bool) -> bool:
    """True for a dash, an "of", and the "the" behind either."""
    low = words.low(at)
    if low == "the":
        return is_linked or words.low(at - 1) == "of"
    return low in ("\u2013", "of", "de", "des", "du") or (low == "-" and not words.is_glue(at))  # \u2013: a dash


def _is_no_name(words: TeamWords, link: _Link) -> bool:
    """True where what follows "team" only goes on with the sentence: "the team is growing", "our team needs"."""
    first = link.first
    token = words.tokens[first]
    if words.is_stop(first) and not link.is_explicit:
        return True
    if token.text.isdigit() and words.low(first - 1) == "of":
        return True
    is_hyphened = first + 1 < len(words) and words.is_glue(first + 1)
    is_capital = words.is_capital(first)
    is_plain_name = is_plain(token.low) and not (words.has_case and is_capital) and not is_hyphened
    if link.is_linked and not link.is_called and (is_plain_name or _is_participle(token.low, is_capital=is_capital)):
        return True
    if is_plain_name and not link.is_explicit and (link.is_determined or not words.is_boundary(first + 1)):
        return True
    is_bare = not (link.is_explicit or link.is_linked)
    return words.is_soft(first) and link.is_determined and is_bare and not _names_more(words, first)


def _is_participle(low: str, *, is_capital: bool) -> bool:
    return not is_capital and _PARTICIPLE.search(low) is not None


def _weight_behind(words: TeamWords, link: _Link, after: int) -> float:
    if link.is_explicit:
        return _CALLED_WEIGHT
    if words.is_soft(link.first) and not link.is_linked:
        return _ALL_KNOWN if words.soft[link.first].after >= after else _BEGINS_KNOWN
    return _BEHIND_DETERMINED if link.is_determined else _BARE


def _is_apposed(words: TeamWords, at: int) -> bool:
    """True for the "Digitised Collections" of "my small team, Digitised Collections, would love"."""
    if not words.has_case or not words.is_capital(at) or words.is_stop(at):
        return False
    end = at
    while end - at < LONGEST and words.is_capital(end):
        end += 1
    return end < len(words) and words.tokens[end].text in ",)" and not words.are_soft(at, end)


def _names_more(words: TeamWords, first: int) -> bool:
    """True where a table's word in capitals is followed by another word in capitals that no table knows."""
    after = words.soft[first].after
    in_capitals = words.has_case and words.is_capital(first) and words.is_capital(after)
    return in_capitals and words.begins_name(after) and not words.is_soft(after)
