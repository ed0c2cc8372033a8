"""The name that ends right before the word "team"."""

from plugins.parse.fields.team.marked import Marked
from plugins.parse.fields.team.vocabulary import listed_words
from plugins.parse.fields.team.words import LONGEST, MOST_TOKENS, TeamWords

# Weights of a name before "team", on the scale of `Mention.weight` (5 under a key, 1 a loose word). Only their order
# counts: a name with "the" before it beats one without, which beats words that another field's table knows whole. A
# loose word for a group takes so much that "the data crew" yields to any "team" but a lone environment's.
_DETERMINED = 4.5
"""The "the" or "our" of "our ML team" says where the name begins."""

_UNKNOWN_WORDS = 4.0
"""No other table knows the words: they can hardly be anything but a name."""

_KNOWN_WORDS = 3.0
"""Another table knows all of them: "data science team" may be the work."""

_LONE_ENVIRONMENT = 2.0
"""One word that is an environment: the "dev team" are the developers as often as a team of that name."""

_LOOSE_LESS = 1.8
"""What a loose word for a group ("crew", "desk") takes from the weight of "team"."""

_LOOSE_LESS_DETERMINED = 1.6
_FIELDS = ("environment", "region", "place", "flag")
_OPENERS = ("environment", "workload_type", "flag")
_EDGES = "&-_/'+."


def name_before(words: TeamWords, at: int) -> Marked | None:
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
    return Marked(mention, weight, is_known) if mention else None


def _name_start(words: TeamWords, at: int) -> tuple[int, bool]:
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
        elif (
            low == "and" and count and (_joins_capitals(words, previous, first) or _joins_one_team(words, previous, at))
        ):
            first = previous
        elif _ends_before(words, previous, at, is_last=not count):
            break
        else:
            first, count = previous, count + 1
    return first, False


def _joins_capitals(words: TeamWords, conjunction: int, first: int) -> bool:
    before = conjunction - 1
    return words.is_capital(before) and words.is_capital(first) and words.begins_name(before)


def _joins_one_team(words: TeamWords, conjunction: int, at: int) -> bool:
    """True in "the sales and marketing team": one team, of two names."""
    name = conjunction - 1
    is_determined = name > 0 and words.low(name - 1) in listed_words("determiners") and words.low(name - 1) not in _ONE
    return is_determined and not words.low(at).endswith("s") and words.begins_name(name) and not words.is_soft(name)


_ONE = ("a", "an")


def _ends_before(words: TeamWords, previous: int, at: int, *, is_last: bool) -> bool:
    """True for a word that no name holds, and for a bare figure beside "team"."""
    if words.is_stop(previous) and not (previous + 1 < at and words.is_glue(previous + 1)):
        return True
    if _is_aside(words, previous) or (is_last and _is_counted(words, previous)):
        return True
    return is_last and words.tokens[previous].text.isdigit() and not _ends_in_number_word(words, previous)


def _is_aside(words: TeamWords, at: int) -> bool:
    """True for what people say while they think, behind something else than a "the": "4 er 6 workers team fox"."""
    before = at - 1
    return before >= 0 and words.low(at) in _HESITATIONS and words.low(before) not in listed_words("determiners")


_HESITATIONS = frozenset({"er", "erm", "err", "uh", "uhm", "um", "umm", "hm", "hmm", "eh"})


def _is_counted(words: TeamWords, at: int) -> bool:
    """True for the workers of "4 workers team fox"."""
    return at > 0 and words.low(at) in ("workers", "nodes") and words.tokens[at - 1].text.isdigit()


def _ends_in_number_word(words: TeamWords, at: int) -> bool:
    """True for the line seven team of somebody who dictates: a name stands before a number in letters."""
    before = at - 1
    is_name = before >= 0 and words.is_free(before) and not (words.is_stop(before) or words.is_plain(before))
    return is_name and words.is_number_word(at) and not words.is_soft(before)


def _opens_no_name(words: TeamWords, first: int, at: int, *, is_determined: bool) -> bool:
    """True for an adjective, a mark, or the "4" that stands for "for"."""
    low = words.low(first)
    if low in _EDGES or (low == "4" and not is_determined):
        return True
    is_joined = first + 1 < at and words.is_glue(first + 1)
    is_name = words.has_case and words.is_capital(first) and first + 1 < at
    return low in listed_words("adjectives") and not is_joined and not is_name


def _is_known(words: TeamWords, first: int, at: int) -> bool:
    return all(words.is_soft(number) or not words.tokens[number].is_word for number in range(first, at))


def _is_no_team(words: TeamWords, first: int, at: int, *, is_determined: bool) -> bool:
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


def _weight_before(words: TeamWords, first: int, at: int, *, is_determined: bool) -> float:
    kinds = {words.soft[number].kind for number in range(first, at) if number in words.soft}
    if is_determined:
        weight = _DETERMINED
    elif not _is_known(words, first, at):
        weight = _UNKNOWN_WORDS
    else:
        is_lone = "environment" in kinds and len(words.span(first, at).split()) <= 1
        weight = _LONE_ENVIRONMENT if is_lone else _KNOWN_WORDS
    if words.low(at) in listed_words("loose_groups"):
        weight -= _LOOSE_LESS_DETERMINED if is_determined else _LOOSE_LESS
    return weight


def _is_all_capital(words: TeamWords, first: int, at: int) -> bool:
    """True for "databricks for Production Accounting team": capitals in the middle of a sentence make one name."""
    if not words.has_case or not first or not words.tokens[first - 1].is_word:
        return False
    texts = [token.text for token in words.words(first, at)]
    return len(texts) > 1 and all(text[:1].isupper() and not text.isupper() for text in texts)


def _opens_with_name(words: TeamWords, first: int, at: int) -> bool:
    """True for "Production Engineering team needs a dev …": a clause opens with it, and the field stands elsewhere."""
    soft = words.soft.get(first)
    if soft is None or soft.kind not in _OPENERS or soft.after >= at or not words.is_boundary(first - 1):
        return False
    rest = [number for number in range(soft.after, at) if words.tokens[number].is_word]
    return len(rest) == 1 and not words.is_soft(rest[0]) and words.is_said_elsewhere(soft)


def _without_fields(words: TeamWords, first: int, at: int) -> int:
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


def _belongs(words: TeamWords, at: int) -> bool:
    return words.tokens[at].is_word and not words.is_soft(at) and not words.is_plain(at)
