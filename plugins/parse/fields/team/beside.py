"""Names beside the word "team": before it, behind it, or said to be one."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from plugins.parse.fields.team.boundaries import capital_runs, name_end, other_choice
from plugins.parse.fields.team.vocabulary import is_group, is_plain, listed_words
from plugins.parse.fields.team.words import LONGEST, MOST_TOKENS, PLAINLY, Words
from plugins.parse.page import Mention
from plugins.parse.words import plain_words

_STRONG = ("team", "squad")
_SURE = 3
"""Weight from which on a name before the word is surer than none."""

_CALLED_WEIGHT = 5.0
_APPOSED_WEIGHT = 4.4
_LOOSE_LESS = 1.8
"""What a loose word for a group ("crew", "desk") takes from the weight of "team"."""

_LOOSE_LESS_DETERMINED = 1.6
_MOST_MARKS = 5
"""Tokens between "team" and the name: "team is called \\"X\\"" has three."""

_FIELDS = ("environment", "region", "place", "flag")
_OPENERS = ("environment", "workload_type", "flag")
_EDGES = "&-_/'+."
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

_PARTICIPLE = re.compile(r"(?:ing|ed)$")


@dataclass(frozen=True, slots=True)
class _Beside:
    """A name beside the word "team" and how sure it is; `is_known` where other fields' tables know all its words."""

    mention: Mention
    weight: float
    is_known: bool = False


def names_beside_team(words: Words) -> Iterator[Mention]:
    """The name that each "team", "squad" or the like has beside it."""
    for at in range(len(words)):
        if _marks_name(words, at) and (mention := _beside(words, at)) is not None:
            yield mention


def _marks_name(words: Words, at: int) -> bool:
    token = words.tokens[at]
    if not is_group(token.low) or not words.is_free(at):
        return False
    if token.low not in _STRONG:
        # "Crew Rostering", "Group Treasury": the word is part of the name
        opens_name = words.has_case and words.is_capital(at) and words.is_capital(at + 1)
        if token.joint or opens_name:
            return False
    return at + 1 >= len(words) or not words.is_hyphen(at + 1)


def _beside(words: Words, at: int) -> Mention | None:
    before = _name_before(words, at)
    behind = _name_behind(words, at)
    if before is None or behind is None:
        only = before or behind
        is_doubtful = before is not None and before.weight < _SURE and words.low(at) in listed_words("loose_groups")
        return None if only is None or is_doubtful else only.mention
    if behind.weight > PLAINLY and _yields(words, at, before):
        return behind.mention
    return before.mention if before.weight >= _SURE else behind.mention


def _yields(words: Words, at: int, before: _Beside) -> bool:
    """True in "prod etl team quartz": it is quartz."""
    if before.weight < _SURE or before.is_known:
        return True
    is_written_apart = words.has_case and words.is_capital(at + 1) and not words.is_capital(at - 1)
    return before.weight <= PLAINLY and is_written_apart


def _name_before(words: Words, at: int) -> _Beside | None:
    """The name that ends right before the word "team"."""
    first, is_determined = _name_start(words, at)
    while first < at and _opens_no_name(words, first, at, is_determined=is_determined):
        first += 1
    if first >= at:
        return None
    if not is_determined and not _opens_with_name(words, first, at) and not _is_all_capital(words, first, at):
        first = _without_fields(words, first, at)
    if (
        first >= at
        or words.low(first) in listed_words("determiners")
        or _is_no_team(words, first, at, is_determined=is_determined)
    ):
        return None
    weight = _weight_before(words, first, at, is_determined=is_determined)
    mention = words.mention(first, at, weight, marked=(first, at + 1))
    is_known = not is_determined and _is_known(words, first, at)
    return _Beside(mention, weight, is_known) if mention else None


def _name_start(words: Words, at: int) -> tuple[int, bool]:
    """Where the words begin that may name the team, and whether a "the" or "our" stands before them."""
    first, count = at, 0
    while first > 0 and count < LONGEST and at - first < MOST_TOKENS:
        previous = first - 1
        low = words.low(previous)
        if words.is_glue(previous) and low in "-_'&/+.":
            if low == "/" and (words.is_soft(first) or words.is_soft(previous - 1)):
                break
            first = previous
        elif low == "&" and previous and words.is_free(previous - 1):
            first = previous
        elif low == "'s" or (low in listed_words("determiners") and low not in ("a", "an")):
            return first, low != "'s"
        elif not words.is_free(previous):
            break
        elif low == "and" and count and _joins_capitals(words, previous, first):
            first = previous
        elif _ends_before(words, previous, at, is_last=not count):
            break
        else:
            first, count = previous, count + 1
    return first, False


def _joins_capitals(words: Words, conjunction: int, first: int) -> bool:
    before = conjunction - 1
    return words.is_capital(before) and words.is_capital(first) and words.begins_name(before)


def _ends_before(words: Words, previous: int, at: int, *, is_last: bool) -> bool:
    """True for a word that no name holds, and for a bare figure beside "team"."""
    if words.is_stop(previous) and not (previous + 1 < at and words.is_glue(previous + 1)):
        return True
    return is_last and words.tokens[previous].text.isdigit()


def _opens_no_name(words: Words, first: int, at: int, *, is_determined: bool) -> bool:
    """True for an adjective, a mark, or the "4" that stands for "for"."""
    low = words.low(first)
    if low in _EDGES or (low == "4" and not is_determined):
        return True
    is_joined = first + 1 < at and words.is_glue(first + 1)
    is_name = words.has_case and words.is_capital(first) and first + 1 < at
    return low in listed_words("adjectives") and not is_joined and not is_name


def _is_known(words: Words, first: int, at: int) -> bool:
    return all(words.is_soft(number) or not words.tokens[number].is_word for number in range(first, at))


def _is_no_team(words: Words, first: int, at: int, *, is_determined: bool) -> bool:
    """True for people of any kind, for a directory's groups, and for plain words beside a loose word."""
    group, opening = words.low(at), words.low(first)
    if opening in listed_words("foreign") and group in ("group", "groups", "users"):
        return True
    is_plain_name = words.are_plain(first, at)
    if group in ("people", "users", "colleagues"):
        return is_plain_name or not is_determined or _is_known(words, first, at)
    if not is_plain_name:
        return False
    is_loose = group in listed_words("loose_groups")
    names_group = is_determined and group in listed_words("intensive_groups")
    return (is_loose and not names_group) or opening in listed_words("numbering")


def _weight_before(words: Words, first: int, at: int, *, is_determined: bool) -> float:
    kinds = {words.soft[number].kind for number in range(first, at) if number in words.soft}
    if is_determined:
        weight = 4.5
    elif not _is_known(words, first, at):
        weight = 4.0
    else:
        weight = 3.0 if "environment" not in kinds or len(words.span(first, at).split()) > 1 else 2.0
    if words.low(at) in listed_words("loose_groups"):
        weight -= _LOOSE_LESS_DETERMINED if is_determined else _LOOSE_LESS
    return weight


def _is_all_capital(words: Words, first: int, at: int) -> bool:
    """True for "databricks for Production Accounting team": capitals in the middle of a sentence make one name."""
    if not words.has_case or not first or not words.tokens[first - 1].is_word:
        return False
    texts = [token.text for token in words.words(first, at)]
    return len(texts) > 1 and all(text[:1].isupper() and not text.isupper() for text in texts)


def _opens_with_name(words: Words, first: int, at: int) -> bool:
    """True for "Production Engineering team needs a dev …": a clause opens with it, and the field stands elsewhere."""
    soft = words.soft.get(first)
    if soft is None or soft.kind not in _OPENERS or soft.after >= at or not words.is_boundary(first - 1):
        return False
    rest = [number for number in range(soft.after, at) if words.tokens[number].is_word]
    return len(rest) == 1 and not words.is_soft(rest[0]) and words.is_said_elsewhere(soft)


def _without_fields(words: Words, first: int, at: int) -> int:
    """Where the name begins when no "the" says so: behind the last phrase that a table knows, unless that is all."""
    is_of = words.low(first - 1) in listed_words("of_words")
    if is_of and not any(words.is_soft_of(number, *_FIELDS) for number in range(first, at)):
        return first
    last = at - 1
    if words.is_plain(last) and not words.is_soft(last) and not words.is_glue(last - 1):
        return at
    start = words.soft[last].first if words.is_soft(last) else last
    while start > first:
        previous = start - 1
        if words.is_glue(previous) and previous > first:
            start = previous - 1
        elif words.low(previous) == "&" or _belongs(words, previous):
            start = previous
        else:
            break
    while start < at and not words.tokens[start].is_word:
        start += 1
    return max(first, start)


def _belongs(words: Words, at: int) -> bool:
    return words.tokens[at].is_word and not words.is_soft(at) and not words.is_plain(at)


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


def _name_behind(words: Words, at: int) -> _Beside | None:
    """The name that follows the word "team"."""
    if words.low(at) not in listed_words("before_name"):
        return None
    link = _link(words, at)
    if link.first >= len(words) or not words.is_free(link.first) or _is_no_name(words, link):
        return None
    first = link.first
    after = name_end(words, first, is_quoted=link.is_quoted)
    if choice := other_choice(words, first, after):
        return _Beside(choice, _CALLED_WEIGHT)
    weight = _weight_behind(words, link, after)
    mention = words.mention(first, after, weight, marked=None if link.is_determined else (at, after))
    return _Beside(mention, weight) if mention else None


def _link(words: Words, at: int) -> _Link:
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


def _is_passed(words: Words, at: int, *, is_linked: bool) -> bool:
    """True for a dash, an "of", and the "the" behind either."""
    low = words.low(at)
    if low == "the":
        return is_linked or words.low(at - 1) == "of"
    return low in ("–", "of", "de", "des", "du") or (low == "-" and not words.is_glue(at))  # noqa: RUF001 - a dash


def _is_no_name(words: Words, link: _Link) -> bool:
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


def _weight_behind(words: Words, link: _Link, after: int) -> float:
    if link.is_explicit:
        return _CALLED_WEIGHT
    if words.is_soft(link.first) and not link.is_linked:
        return 3.4 if words.soft[link.first].after >= after else 4.3
    return 4.2 if link.is_determined else 4.6


def _is_apposed(words: Words, at: int) -> bool:
    """True for the "Digitised Collections" of "my small team, Digitised Collections, would love"."""
    if not words.has_case or not words.is_capital(at) or words.is_stop(at):
        return False
    end = at
    while end - at < LONGEST and words.is_capital(end):
        end += 1
    return end < len(words) and words.tokens[end].text in ",)" and not words.are_soft(at, end)


def _names_more(words: Words, first: int) -> bool:
    """True where a table's word in capitals is followed by another word in capitals that no table knows."""
    after = words.soft[first].after
    in_capitals = words.has_case and words.is_capital(first) and words.is_capital(after)
    return in_capitals and words.begins_name(after) and not words.is_soft(after)


def names_apposed(words: Words) -> Iterator[Mention]:
    """Names that are said to be a team: "Bus Ridership is our little team", "Crew Rostering, our new team, …"."""
    if not words.has_case:
        return
    for first, after in capital_runs(words):
        if not _IS_TEAM.match(words.behind(after, 70)) or _is_common(words, first, after):
            continue
        if mention := words.mention(first, after, _APPOSED_WEIGHT):
            yield mention


def _is_common(words: Words, first: int, after: int) -> bool:
    low = words.low(first)
    is_one_plain = after - first == 1 and (low in listed_words("common_first") or low in plain_words())
    return is_one_plain or words.are_soft(first, after)


def names_instead(words: Words, denied: Sequence[int]) -> None:
    """Adds the "data mesh" of "the team is not data platform, it's data mesh"; `denied` are ends of denied names."""
    ends = [*denied[:_MOST_DENIALS], *[found.end() for found in _NOT_TEAM.finditer(words.page.text)][:_MOST_DENIALS]]
    for end in ends:
        words.page.add(_name_instead(words, end))


def _name_instead(words: Words, end: int) -> Iterable[Mention]:
    found = _INSTEAD.search(words.text, end, end + _INSTEAD_REACH)
    if found is None:
        return ()
    at = words.page.token_at(found.end())
    if at >= len(words) or words.tokens[at].start != found.end() or not words.begins_name(at) or words.is_soft(at):
        return ()
    mention = words.mention(at, name_end(words, at), PLAINLY)
    return () if mention is None else (mention,)
