"""Words for environments and workloads, and what joins one of them to a longer name."""

import re
from collections.abc import Mapping
from functools import cache

from plugins.parse.page import Page
from plugins.parse.vocabulary import table
from plugins.parse.words import Hit, Phrases

_ADDRESS_BEHIND = re.compile(r"@|\.\w")
_NOT_WORK = ("teams", "about")


def team_workload(team: str) -> str | None:
    """The work that a team does which is named for it."""
    workload = table("workloads")["teams"].get(team)
    return str(workload) if workload else None


def is_compound(page: Page, hit: Hit) -> bool:
    """True for a part of a longer name or an address: "prod-support", "dev-tools"; "dev-workspace" is none."""
    tokens = page.tokens
    first, after = hit.first, hit.after
    text, start, end = page.layout.text, tokens[first].start, tokens[after - 1].end
    if text[max(0, start - 1) : start] in ("@", ".") or _ADDRESS_BEHIND.match(text, end):
        return True
    if tokens[first].joint and tokens[first - 2].low not in _joinable():
        return True
    return after + 1 < len(tokens) and tokens[after + 1].joint and tokens[after + 1].low not in _joinable()


@cache
def environment_words() -> Phrases:
    """Phrase → environment and how plainly it stands for it: "plain" or "loose"."""
    rows = table("environments")
    return Phrases(
        (word, (name, strength))
        for strength in ("plain", "loose")
        for name, words in rows[strength].items()
        for word in words
    )


@cache
def workload_words() -> Phrases:
    """Phrase → workload and how plainly it stands for it: "strong" or "weak"."""
    rows: Mapping[str, Mapping[str, list[str]]] = {
        name: row for name, row in table("workloads").items() if name not in _NOT_WORK
    }
    return Phrases(
        (word, (name, strength))
        for name, row in rows.items()
        for strength in ("strong", "weak")
        for word in row[strength]
    )


@cache
def words_about(name: str) -> frozenset[str]:
    """One list of the words around an environment's."""
    return frozenset(table("environments")["about"][name])


@cache
def _joinable() -> frozenset[str]:
    return words_about("nouns") | words_about("joinable") | environment_words().words()
