"""Drafts that are taken out of several: "drop prod", "only dev and staging", "not for fraud"."""

import re
from collections.abc import Sequence
from functools import cache

from plugins.domain.request import InfrastructureRequest
from plugins.domain.understanding import Context
from plugins.parse import phrases
from plugins.parse.fields import place
from plugins.parse.narrated import opinion_of_another
from plugins.parse.vocabulary import table
from plugins.parse.words import Phrases, Token, tokens_of

_KEYS = frozenset({"environment", "team", "region", "workspace_name", "workload_type"})
"""What tells one draft from another; a message that states more changes what is drafted."""
_SEVERAL = 2
_LONGEST = 160
_MOST_FOREIGN = 3
_JOINS = frozenset({"and", "or", ",", "&", "+", "/", "nor", "plus"})
_ORDINALS = {"first": 0, "1st": 0, "second": 1, "2nd": 1, "third": 2, "3rd": 2, "last": -1}
_CLAUSES = re.compile(
    r"[.;!\n]{1,9}|, but |, (?=(?:[\w-]{1,30} ){1,3}only\b)|, (?=(?:keep|we|the|i|just|only|it)\b)", re.IGNORECASE
)


def removed(text: str, fields: frozenset[str], foreign: Sequence[str], context: Context) -> tuple[int, ...]:
    """The numbers of the drafts that this message takes out and leaves the others as they are; empty when it does not.

    A message that would leave none takes nothing out here: that is a refusal.
    """
    drafts = context.drafts
    if len(drafts) < _SEVERAL or len(text) > _LONGEST or _wonders(text):
        return ()
    if not fields <= _KEYS or len(foreign) > _MOST_FOREIGN:
        return ()
    gone: set[int] = set()
    for clause in _CLAUSES.split(text):
        for part in _parts(clause):
            gone |= _gone(part, drafts)
    return tuple(sorted(gone)) if len(gone) < len(drafts) else ()


def _wonders(text: str) -> bool:
    asks = text.rstrip().endswith("?") and not phrases.says("polite", text)
    return asks or phrases.begins("what_if", text)


def _parts(clause: str) -> Sequence[str]:
    """What is told of one beside what is told of the other: "drop staging, dev is enough"."""
    parts = clause.split(",")
    tells = [phrases.says("keeps_only", part) or phrases.says("takes_out", part) for part in parts]
    return parts if len(parts) > 1 and all(tells) else (clause,)


def _gone(clause: str, drafts: Sequence[InfrastructureRequest]) -> set[int]:
    """What one clause takes out; what somebody else thinks of it takes out nothing."""
    meant = _meant(clause, drafts)
    opinion = opinion_of_another(clause)
    # "Remove elm, they would rather wait" gives the reason of an order.
    ordered = [match.start() for kind in _TAKING for match in phrases.each(kind, clause)]
    if not meant or (opinion is not None and opinion.start() < min(ordered, default=len(clause))):
        return set()
    if phrases.says("keeps_only", clause) and not phrases.says("not_only", clause):
        return set(range(len(drafts))) - meant
    before = clause[: _first(clause, drafts)]
    return meant if phrases.says("takes_out", before) or phrases.says("taken_out", clause) else set()


_TAKING: tuple[phrases.Kind, ...] = ("takes_out", "taken_out", "keeps_only")


def _meant(clause: str, drafts: Sequence[InfrastructureRequest]) -> set[int]:
    """The drafts of which the clause speaks: words that stand together name one, an "and" begins another."""
    meant: set[int] = set()
    group: set[int] | None = None
    for _, indices in _references(clause, drafts):
        if indices is None:
            meant |= group or set()
            group = None
        else:
            group = indices if group is None else (group & indices or group | indices)
    return meant | (group or set())


def _first(clause: str, drafts: Sequence[InfrastructureRequest]) -> int:
    return next((at for at, indices in _references(clause, drafts) if indices is not None), 0)


def _references(clause: str, drafts: Sequence[InfrastructureRequest]) -> list[tuple[int, set[int] | None]]:
    """Where the clause names what some of the drafts have and others have not, in order; None where it joins two."""
    tokens = tokens_of(clause)
    references: list[tuple[int, set[int] | None]] = [(token.start, None) for token in tokens if token.low in _JOINS]
    for start, key, value in (*_values(tokens), *_own_words(tokens, drafts)):
        having = {at for at, draft in enumerate(drafts) if getattr(draft, key) == value}
        if having and len(having) < len(drafts):
            references.append((start, having))
    references += [(token.start, {_ORDINALS[token.low] % len(drafts)}) for token in tokens if token.low in _ORDINALS]
    return sorted(references, key=lambda one: one[0])


def _values(tokens: Sequence[Token]) -> list[tuple[int, str, str]]:
    """Environments and regions that the words name."""
    values = [(tokens[hit.first].start, "environment", hit.value[0]) for hit in _environments().hits(tokens)]
    return values + [(tokens[hit.first].start, "region", hit.value[1]) for hit in place.names().hits(tokens)]


def _own_words(tokens: Sequence[Token], drafts: Sequence[InfrastructureRequest]) -> list[tuple[int, str, str]]:
    """Teams and names of the drafts themselves."""
    rows = [
        (value.replace("-", " "), (key, value))
        for draft in drafts
        for key in ("team", "workspace_name")
        if (value := getattr(draft, key))
    ]
    return [(tokens[hit.first].start, hit.value[0], hit.value[1]) for hit in Phrases(rows).hits(tokens)]


@cache
def _environments() -> Phrases:
    environments = table("environments")
    return Phrases(
        (word, (name,)) for group in ("plain", "loose") for name, words in environments[group].items() for word in words
    )
