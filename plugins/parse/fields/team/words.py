"""The words of a page, each with what it would be if it were part of no name."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from plugins.parse.fields import kind, machine, place
from plugins.parse.fields.team.slug import slugged
from plugins.parse.fields.team.vocabulary import is_plain, listed_words
from plugins.parse.page import Mention, Page
from plugins.parse.sentences import SAYS
from plugins.parse.words import Phrases, Token

LONGEST = 5
"""Words of the longest name."""

MOST_TOKENS = 24
"""Words and hyphens of the longest name: a longer chain of hyphens is none, and would be read again at each link."""

PLAINLY = 4
"""Weight from which on a name was told plainly, and is one wherever it stands again."""

_GLUE = frozenset("-_'.+&")
_INITIALS = (2, 3)
"""Letters of an abbreviation: "IT", "HR"."""

_MOSTLY_CAPITALS = 0.6
"""Share of capitals from which on a writer shouts, and capitals tell no name."""

_MOST_NAMES = 100
"""Names that are looked for again, so that a long list stays linear."""

_SHORT = 3
_TEAM_AROUND = re.compile(r"^(?:team|squad)\W+|\W+(?:team|squad)$", re.IGNORECASE)
_LETTER = re.compile(r"[a-z]")


@dataclass(frozen=True, slots=True)
class Soft:
    """What a word would be if it were no name: the field, and where the phrase begins and ends."""

    kind: str
    first: int
    after: int


class TeamWords:
    """The words of one page, by their number. What is masked on the page is free no longer."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.tokens: Sequence[Token] = page.tokens
        self.text = page.layout.text

    @cached_property
    def soft(self) -> dict[int, Soft]:
        """What tables of other fields know, by the number of the word; the first table that knows a word has it."""
        by_word: dict[int, Soft] = {}
        for name, phrases in _soft_phrases():
            for hit in self.page.hits(phrases):
                if name == "flag" and hit.value[0] == "on demand":
                    continue
                for at in range(hit.first, hit.after):
                    by_word.setdefault(at, Soft(name, hit.first, hit.after))
        return by_word

    @cached_property
    def _soft_reach(self) -> dict[str, tuple[int, int]]:
        """Where the first phrase of each field ends, and where the last one begins."""
        reach: dict[str, tuple[int, int]] = {}
        for soft in self.soft.values():
            after, first = reach.get(soft.kind, (soft.after, soft.first))
            reach[soft.kind] = (min(after, soft.after), max(first, soft.first))
        return reach

    @cached_property
    def has_case(self) -> bool:
        """True where the writer uses capitals for names: the text holds capitals, and is not shouted."""
        capitals = sum(map(str.isupper, self.text))
        return 0 < capitals < sum(map(str.isalpha, self.text)) * _MOSTLY_CAPITALS

    @cached_property
    def lows(self) -> frozenset[str]:
        """All words of the page, in small letters."""
        return frozenset(token.low for token in self.tokens)

    def __len__(self) -> int:
        return len(self.tokens)

    def low(self, at: int) -> str:
        """The word in small letters; "" beyond the text."""
        return self.tokens[at].low if 0 <= at < len(self.tokens) else ""

    def is_capital(self, at: int) -> bool:
        return 0 <= at < len(self.tokens) and self.tokens[at].text[:1].isupper()

    def is_free(self, at: int) -> bool:
        """True for a word that no mention has taken."""
        token = self.tokens[at]
        return token.is_word and self.page.is_free(token.start, token.end)

    def is_plain(self, at: int) -> bool:
        return is_plain(self.tokens[at].low)

    def are_plain(self, first: int, after: int) -> bool:
        """True where every word of these is plain: that is no name."""
        return all(is_plain(token.low) for token in self.words(first, after))

    def is_stop(self, at: int) -> bool:
        """True for a verb or a noun of ordering, which no name holds."""
        token = self.tokens[at]
        if token.low not in listed_words("stops"):
            return False
        inside = at > 0 and self.tokens[at - 1].is_word
        if token.low in listed_words("soft_stops") and inside and self.is_capital(at) and self.has_case:
            return False
        return not self.is_initial(at)

    def is_initial(self, at: int) -> bool:
        """A plain word in capitals amid others is a name's: "IT", "HR", "US Retail"."""
        text = self.tokens[at].text
        return len(text) in _INITIALS and text.isupper() and text not in listed_words("not_initials") and self.has_case

    def is_number_word(self, at: int) -> bool:
        """True for a figure that was written as a word: the "seven" of "line seven"."""
        token = self.tokens[at]
        return token.text.isdigit() and self.page.quote(token.start, token.end).isalpha()

    def is_glue(self, at: int) -> bool:
        """True for a hyphen, a dot or the like with a word at either side and no blank."""
        token = self.tokens[at]
        return (
            token.text in _GLUE
            and 0 < at < len(self.tokens) - 1
            and self.tokens[at - 1].end == token.start
            and self.tokens[at + 1].start == token.end
            and self.tokens[at + 1].is_word
        )

    def is_soft(self, at: int) -> bool:
        """True for a phrase that a table knows, unless a hyphen joins it to a word of a name."""
        soft = self.soft.get(at)
        if soft is None:
            return False
        before, after = soft.first - 1, soft.after
        if before > 0 and self.is_hyphen(before) and before - 1 not in self.soft:
            return False
        return not (after < len(self.tokens) and self.is_hyphen(after) and after + 1 not in self.soft)

    def is_hyphen(self, at: int) -> bool:
        return self.tokens[at].text == "-" and self.is_glue(at)

    def is_soft_of(self, at: int, *kinds: str) -> bool:
        """True for a phrase of one of these fields."""
        return self.is_soft(at) and self.soft[at].kind in kinds

    def are_soft(self, first: int, after: int) -> bool:
        return all(self.is_soft(at) for at in range(first, after))

    def is_said_elsewhere(self, soft: Soft) -> bool:
        """True where another phrase speaks of the same field."""
        after, first = self._soft_reach[soft.kind]
        return first >= soft.after or after < soft.first

    def is_boundary(self, at: int) -> bool:
        """True where no word goes on."""
        return not 0 <= at < len(self.tokens) or not (self.tokens[at].is_word or self.tokens[at].text in "-&")

    def begins_name(self, at: int) -> bool:
        """True for a word that may begin a name."""
        return at < len(self.tokens) and self.is_free(at) and not self.is_stop(at)

    def words(self, first: int, after: int) -> list[Token]:
        """The words among these tokens, marks left out."""
        return [token for token in self.tokens[first:after] if token.is_word]

    def span(self, first: int, after: int) -> str:
        """These words as the person wrote them."""
        return self.page.quote(self.tokens[first].start, self.tokens[after - 1].end)

    def behind(self, after: int, length: int) -> str:
        """The text behind the token before `after`."""
        end = self.tokens[after - 1].end
        return self.text[end : end + length]

    def mention(
        self, first: int, after: int, weight: float, *, because: str = "", marked: tuple[int, int] | None = None
    ) -> Mention | None:
        """These words as a team; None where they are none. `marked` are the tokens of the name and of its mark."""
        slug = slugged(self.span(first, after))
        if not slug or any("n't" in token.low for token in self.tokens[first:after]):
            return None
        if weight < PLAINLY and not _LETTER.search(slug):
            return None
        begin, end = marked or (first, after)
        return Mention("team", slug, self.tokens[begin].start, self.tokens[end - 1].end, weight, because=because)

    def inferred(self, first: int, after: int, weight: float, where: str) -> Mention | None:
        """These words as a team, because nothing else in the list or the message can be it."""
        quote = self.span(first, after)
        return self.mention(first, after, weight, because=SAYS("because.nothing_else", where=where, name=quote))


def again(page: Page) -> Iterator[tuple[int, int]]:
    """Where names that were told plainly stand again: the Photon Science team uses no Photon."""
    text = page.layout.text
    names: dict[str, str] = {}
    for mention in page.mentions:
        if mention.field == "team" and mention.weight >= PLAINLY and mention.value:
            name = _TEAM_AROUND.sub("", text[mention.start : mention.end])
            # short words in small letters are said for other things
            if " " in name or (len(name) > _SHORT and not name.islower()):
                names.setdefault(name.lower(), name)
    for name in list(names.values())[:_MOST_NAMES]:
        for match in re.finditer(re.escape(name), text, re.IGNORECASE):
            yield match.span()


@cache
def _soft_phrases() -> tuple[tuple[str, Phrases], ...]:
    return (
        ("region", place.names()),
        ("place", place.countries()),
        ("environment", kind.environment_words()),
        ("workload_type", kind.workload_words()),
        ("flag", machine.flag_words()),
    )
