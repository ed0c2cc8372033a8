"""Clauses and what they do to the words in them: deny, take back, leave open, or speak of another time or of others.

One pass over the tokens; a mention then asks by its position.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from plugins.parse.put_off import not_needed_after_all, put_off
from plugins.parse.spans import Spans
from plugins.parse.vocabulary import either, table
from plugins.parse.words import Phrases, Token

_BLANKS = 3
"""Characters between a word that denies and the word that it denies: its own end, a blank or two."""

_PREDICATE = 14
"""Characters of the longest word behind "not" that may end what is dismissed: "gpu is not necessary"."""

_LONGEST_DENIAL = 9
"""Words after a "not" that it can deny; the clause's end comes first, mostly."""

_REACH = 70
"""Characters between a word that takes something back and what is said instead."""


@dataclass(frozen=True)
class Clauses:
    """Where something is denied, elsewhere, taken back or left open; each a list of spans in order of their start."""

    denied: tuple[tuple[int, int], ...]
    elsewhere: tuple[tuple[int, int], ...]
    dismissed: tuple[tuple[int, int], ...]
    corrections: tuple[tuple[int, int], ...]
    alternatives: tuple[tuple[int, int], ...]
    sentence_ends: tuple[int, ...]
    text: str

    @cached_property
    def _denied(self) -> Spans:
        return Spans(self.denied)

    @cached_property
    def _elsewhere(self) -> Spans:
        return Spans(self.elsewhere)

    @cached_property
    def _dismissed(self) -> Spans:
        return Spans(self.dismissed)

    def is_denied(self, start: int) -> bool:
        return start in self._denied

    def is_denied_after(self, end: int) -> bool:
        """True where the words right behind deny: "italy north is not wanted"."""
        return _DENIED_AFTER.match(self.text, end) is not None

    def is_denied_itself(self, start: int) -> bool:
        """True where the very word before denies: a "no spot" elsewhere in the clause denies no number."""
        at = bisect_left(self.denied, (start - _BLANKS, 0))
        return any(abs(begin - start) <= _BLANKS for begin, _ in self.denied[at : at + 2])

    def is_elsewhere(self, start: int) -> bool:
        """True where a clause speaks of the past, of others, or of what is only compared with."""
        return start in self._elsewhere or start in self._dismissed

    def is_dismissed_itself(self, start: int, end: int) -> bool:
        """True where the clause is dismissed by words that speak of what stands here: "spot instances are excluded"."""
        if start in self._elsewhere or start not in self._dismissed:
            return False
        at = bisect_left(self.dismissed, (start + 1, 0)) - 1
        return self.dismissed[at][1] - end < _PREDICATE

    def are_corrected(self, end: int, start: int) -> bool:
        """True when what stands at `start` takes back what ended at `end`."""
        at = bisect_left(self.corrections, (end, 0))
        return any(
            correction[1] <= start and (start - correction[1] < _REACH or self.same_sentence(correction[1], start))
            for correction in self.corrections[at : at + 8]
        )

    def are_alternatives(self, end: int, start: int) -> bool:
        """True when an "or" stands between them."""
        at = bisect_left(self.alternatives, (end, 0))
        return at < len(self.alternatives) and self.alternatives[at][1] <= start

    def same_sentence(self, one: int, other: int) -> bool:
        return bisect_right(self.sentence_ends, one) == bisect_right(self.sentence_ends, other)

    def sentence(self, at: int) -> tuple[int, int]:
        """Where the sentence stands that holds this position."""
        number = bisect_right(self.sentence_ends, at)
        start = self.sentence_ends[number - 1] if number else 0
        return start, self.sentence_ends[number] if number < len(self.sentence_ends) else len(self.text)


_DENIED_AFTER = re.compile(
    rf"\s?(?:(?:is|are|was|would be|it's) )?(?:{either('clauses', 'denied_after')})", re.IGNORECASE
)


def clauses_of(text: str, tokens: Sequence[Token]) -> Clauses:
    """What the clauses of these tokens do. Linear in their number."""
    ends = tuple(
        token.end
        for number, token in enumerate(tokens)
        if token.text in ";\n!?" or (token.text == "." and _ends_sentence(tokens, number))
    )
    # Sorted, since they come from patterns and phrases alike and are looked up by position.
    return Clauses(
        denied=tuple(sorted(_denied(tokens) + _left_out(text))),
        elsewhere=tuple(sorted(_elsewhere(text, tokens, ends) + put_off(text))),
        dismissed=tuple(sorted(_dismissed(tokens))),
        corrections=tuple(sorted(_spans(tokens, _phrases("corrections")) + _marked(text))),
        alternatives=tuple(_spans(tokens, _phrases("alternatives"))),
        sentence_ends=ends,
        text=text,
    )


def _left_out(text: str) -> list[tuple[int, int]]:
    """What is left out by a phrase, what is listed under a heading that denies, and what is not needed after all."""
    spans = [match.span("what") for pattern in (_LEFT_OUT, _LISTED_OUT) for match in pattern.finditer(text)]
    return spans + not_needed_after_all(text)


def _ends_sentence(tokens: Sequence[Token], number: int) -> bool:
    following = tokens[number + 1] if number + 1 < len(tokens) else None
    return following is None or following.start > tokens[number].end


def _spans(tokens: Sequence[Token], phrases: Phrases) -> list[tuple[int, int]]:
    return [(tokens[hit.first].start, tokens[hit.after - 1].end) for hit in phrases.hits(tokens)]


_LISTED_OUT = re.compile(
    r"""
    ^[^\n]{0,30}?(?:
        (?:\b(?:not|never)|n't)[ ](?:\w+[ ])?(?:need(?:ed)?|want(?:ed)?|required?|necessary|use)
        |\b(?:excluded|exclusions|without|to[ ]avoid)
    )\b[^\n]{0,20}\n{1,3}
    (?P<what>(?:[ \t]{0,8}(?:[-*•+]|\d{1,2}[.)])[ \t]{1,4}[^\n]{1,80}(?:\n|$)){1,20})
    """,
    re.IGNORECASE | re.MULTILINE | re.VERBOSE,
)
_NO_AFTER = re.compile(r"(?:\.{2,3}|…|[?;]|:\s{2})\s{0,3}no\s?[,.!]", re.IGNORECASE)
_ARROW = re.compile(
    r"""
    ->|=>|\bno,?[ ](?:exactly[ ]|make[ ]it[ ]|rather[ ]|only[ ]|just[ ]|say[ ])?(?=\d)|\*(?=\w+\s*$)
    |\bnot[ ][^.,;\n]{1,30},[ ]but\b|\?\s{0,3}no[:,]
    """,
    re.IGNORECASE | re.VERBOSE,
)


def _marked(text: str) -> list[tuple[int, int]]:
    """Signs that take back, besides the words: an arrow, an asterisk, a question that is answered no."""
    return [match.span() for pattern in (_ARROW, _NO_AFTER) for match in pattern.finditer(text)]


def _denied(tokens: Sequence[Token]) -> list[tuple[int, int]]:
    """What follows a word that denies, to the end of its clause or to the "but" that ends the denial."""
    harmless = {at for hit in _phrases("harmless").hits(tokens) for at in range(hit.first, hit.after)}
    spans: list[tuple[int, int]] = []
    turned = frozenset(hit.first for hit in _phrases("corrections").hits(tokens))
    for hit in _phrases("denials").hits(tokens):
        if hit.first in harmless or _is_interjection(tokens, hit.first, turned):
            continue
        end = _denial_end(tokens, hit.after, turned)
        if tokens[hit.after - 1].low in _words("of_nouns"):
            end = _noun_end(tokens, hit.after, end)
        if end > hit.after:
            spans.append((tokens[hit.after].start, tokens[end - 1].end))
    return spans


def _is_interjection(tokens: Sequence[Token], at: int, turned: frozenset[int]) -> bool:
    """True for the "no" of "no let's say dev": it answers what stands before it, and denies nothing behind it."""
    if tokens[at].low not in _words("interjections") or at + 1 >= len(tokens):
        return False
    return at + 1 in turned or (at in turned and tokens[at + 1].low != "longer")


_LEFT_OUT = re.compile(
    r"\b(?:leave|take|keep|drop|skip) (?:the )?(?P<what>[^.;,\n]{1,24}?) (?:one )?(?:out|away|aside)\b", re.IGNORECASE
)


def _denial_end(tokens: Sequence[Token], first: int, turned: frozenset[int]) -> int:
    """The token after the last one that a denial reaches."""
    words = 0
    for at in range(first, len(tokens)):
        token = tokens[at]
        if words == _LONGEST_DENIAL or _ends_denial(tokens, at) or (at > first and at in turned):
            return at
        if token.low in _words("predicates"):
            return at + 1
        words += token.is_word
    return len(tokens)


def _ends_denial(tokens: Sequence[Token], at: int) -> bool:
    token = tokens[at]
    if token.low in _words("denial_ends") or (token.low == "and" and not _joins_bare(tokens, at)):
        return True
    if token.low == "the" and tokens[at - 1].low in ("one", "ones"):  # "not the live one the qa one"
        return True
    if token.text == "/":
        return tokens[at - 1].end < token.start
    return not token.is_word and token.text not in "-_'\"&" and not _goes_on(tokens, at)


def _noun_end(tokens: Sequence[Token], first: int, end: int) -> int:
    """A "no" or "without" denies the noun behind it, and not what a preposition adds: "without gpu in uksouth"."""
    for at in range(first + 1, end):
        if tokens[at].low in ("in", "for", "on", "with", "at", "from", "using", "to", "as", "über", "mit", "für"):
            return at
    return end


def _goes_on(tokens: Sequence[Token], at: int) -> bool:
    """A comma inside a list that ends in "or" or "nor" ends no denial: "no gpu, spot or photon"."""
    if tokens[at].text != ",":
        return False
    return any(token.low in ("or", "nor") for token in tokens[at + 1 : at + 4]) and not any(
        token.text in ".;\n" for token in tokens[at + 1 : at + 4]
    )


def _joins_bare(tokens: Sequence[Token], at: int) -> bool:
    """An "and" goes on with a denial when a word of the same kind stands behind it: "without spot and photon"."""
    following = tokens[at + 1].low if at + 1 < len(tokens) else ""
    before = tokens[at - 1].low if at else ""
    return following in _words("flags") and before in _words("flags") and not _is_welcome(tokens, at + 2)


def _is_welcome(tokens: Sequence[Token], at: int) -> bool:
    """True where the words behind a flag say yes to it: "and spot is okay", "and spot please"."""
    words = [token.low for token in tokens[at : at + 2]]
    return bool(words) and (
        words[0] in _words("welcomes") or (words[0] in ("is", "are") and words[-1] in _words("welcomes"))
    )


_HAVE_ALREADY = re.compile(
    r"\b(?:have|has|'ve|got|had)\s(?:a |an |the |our |their )?(?:\w+\s){1,3}already\b", re.IGNORECASE
)
_SOMEBODY_IS = re.compile(
    rf"""
    \b(?:{either("clauses", "somebody")})\s(?:is|are|sits?|lives?|works?|was|were|flies|travels)\s
    (?:currently[ ]|now[ ]|still[ ]|all[ ])?(?:in|at|to|from)\s\w+
    """,
    re.IGNORECASE | re.VERBOSE,
)
_SOMEBODY_HAS = re.compile(
    rf"""
    \b(?:my|our|a|an|another|the[ ]other)[ ](?:\w+[ ])?(?:{either("clauses", "others")})
    (?:\s(?:in|from|at|of|on)\s(?:the[ ])?\w+)?\s
    (?:got|had|ordered|bought|built|took|received|went[ ](?:for|with)|chose|picked
        |(?:just[ ]|already[ ])?(?:has|have|runs?|uses?))\b
    (?![ ](?:to|asked|approval|permission|budget|the[ ]ok)\b)
    """,
    re.IGNORECASE | re.VERBOSE,
)
_NEAR_THERE = re.compile(rf"\b(?:{either('clauses', 'to_be_near')})\b", re.IGNORECASE)
"""Asks for a place near one's own, which is then where to build."""
_SECTION = re.compile(
    rf"""
    ^[#*\s]{{0,8}}(?:\d[.)][ ])?
    (?:{either("clauses", "sections")})[^\n]{{0,60}}\n(?:[ \t]*\n)?(?:[ \t]*[-*•][^\n]*(?:\n|$)){{1,30}}
    """,
    re.IGNORECASE | re.MULTILINE | re.VERBOSE,
)
"""A heading of what is not asked for now, with the items below it."""


_WISHED = re.compile(r"(?:\bwould|['\u2019]d)\s(?:also\s|really\s|then\s)?$", re.IGNORECASE)
_WISH_REACH = 16


def _elsewhere(text: str, tokens: Sequence[Token], ends: Sequence[int]) -> list[tuple[int, int]]:
    """Clauses that speak of another time, of others, or of what was only thought of."""
    spans = [match.span() for match in _SOMEBODY_IS.finditer(text)]
    if "\n" in text:
        spans += [match.span() for match in _SECTION.finditer(text)]
    for match in _SOMEBODY_HAS.finditer(text):
        number = bisect_right(ends, match.start())
        end = ends[number] if number < len(ends) else len(text)
        # "My colleague has one in prod and we need the same in dev" goes on with what is wanted.
        turned = _OURS_FOLLOWS.search(text, match.end(), end)
        spans.append((match.start(), turned.start() if turned else end))
    if "already" in text.lower():
        spans += [match.span() for match in _HAVE_ALREADY.finditer(text)]
    is_near = _NEAR_THERE.search(text) is not None
    for hit in _phrases("elsewhere").hits(tokens):
        if _is_supposed(tokens, hit.first) or _is_asked(tokens, hit.first):
            continue
        if is_near and hit.value[0] in _words("whereabouts"):
            continue
        start = tokens[hit.first].start
        # "We'd like our own in North Europe" compares with nothing.
        if tokens[hit.first].low == "like" and _WISHED.search(text, max(0, start - _WISH_REACH), start):
            continue
        number = bisect_right(ends, start)
        sentence_end = ends[number] if number < len(ends) else len(text)
        end = next((t.start for t in tokens[hit.after : hit.after + 30] if _turns(t, sentence_end)), sentence_end)
        spans.append((start, max(tokens[hit.after - 1].end, end)))
    return spans


def _dismissed(tokens: Sequence[Token]) -> list[tuple[int, int]]:
    """Clauses of which the last words say that they are of another time, or of nothing that is wanted."""
    firsts = _clause_starts(tokens)
    return [
        (tokens[firsts[hit.first]].start, tokens[hit.after - 1].end)
        for hit in _phrases("elsewhere_before").hits(tokens)
    ]


def _is_supposed(tokens: Sequence[Token], at: int) -> bool:
    """True for the "it was" of "what if it was prod?", which speaks of no past."""
    return any(token.low in ("if", "suppose", "imagine") for token in tokens[max(0, at - 3) : at])


def _is_asked(tokens: Sequence[Token], at: int) -> bool:
    """True for the "cost us" of "what would it cost us with 4 workers", which tells of no loss."""
    return tokens[at].low == "cost" and any(token.low in _ASKING for token in tokens[max(0, at - 12) : at])


_ASKING = frozenset({"would", "will", "does", "do", "can", "could", "might", "much", "should"})
_OURS_FOLLOWS = re.compile(r"[,;]\s|\b(?:but|so|and|while|whereas)\s(?:we|i|our|my|us|now|please)\b", re.IGNORECASE)


def _turns(token: Token, sentence_end: int) -> bool:
    """True where a clause of another time ends, and what is meant now begins."""
    return token.start >= sentence_end or token.text in ",;()\n" or token.low in _words("turns")


def _clause_starts(tokens: Sequence[Token]) -> list[int]:
    """The number of the first token of the clause that each token stands in."""
    starts: list[int] = []
    first = 0
    for number, token in enumerate(tokens):
        starts.append(first)
        if token.text in ".;:,\n!?()" or token.low in ("and", "but"):
            first = number + 1
    return starts


@cache
def _phrases(name: str) -> Phrases:
    return Phrases((phrase, (phrase,)) for phrase in table("clauses")[name])


@cache
def _words(name: str) -> frozenset[str]:
    """Single words of the table: `denial_ends`, `interjections`, `turns`, and `predicates`, which are denied of
    somebody and not of what stands behind them ("we are not ready"); and the phrases of `whereabouts`.
    """
    return frozenset(table("clauses")[name])
