"""Messages as sequences of agreements, refusals and the words around them: closed tables, read from left to right."""

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Literal

from agent.dialogue.consent.rows import PhraseRows

UnitKind = Literal[
    "yes",
    "yes_word",
    "yes_done",
    "yes_that",
    "take",
    "make",
    "destroy",
    "no",
    "dont",
    "no_new",
    "no_destroy",
    "later",
    "name",
    "weak",
    "laughter",
    "remark",
    "report",
    "fine",
    "reason",
    "other",
]
"""What a unit is. From `weak` on they are runs of words between the phrases: courtesy, courtesy with
laughter, a remark, one that tells of somebody else or of an answer, one that agrees, a reason against, and what nothing
claims.
"""

MOST_CHARACTERS = 240
"""A longer message says more than yes or no."""

_PHRASES: tuple[UnitKind, ...] = (
    "yes",
    "yes_word",
    "yes_done",
    "yes_that",
    "take",
    "make",
    "destroy",
    "no",
    "dont",
    "no_new",
    "no_destroy",
    "later",
    "reason",
    "weak",
    "laughter",
    "remark",
    "report",
)
_IN_RUNS: frozenset[UnitKind] = frozenset({"weak", "laughter", "remark", "report", "other"})
_STRANGE = frozenset('"`<>{}[]()/\\|=#*~^%€$£§')
_CHEERING = re.compile(
    "[\U0001f44d\U0001f64f\U0001f389\U0001f680\U0001f642\u2705\U0001f3fb-\U0001f3ff\ufe0f]|[:;]-?[)D](?!\\w)"
)
_ADDRESSED = re.compile(r"<at>\s*brickie\s*</at>|@brickie\b|^\s*(?:hey |hi |ok |hello )?brickie\b", re.IGNORECASE)
_BREAK = re.compile(r"[.,;:!\u00a1\u2026\n]+|\s[-\u2013\u2014]+\s")
_SENTENCE_END = re.compile(r"[!\n]|(?<!\.)\.(?!\.)")
"""Dots in a row are a hesitation within a sentence."""

_IRONIC = re.compile(r"\b(yeah|yea|yep|yup|ya|ja),\s*(?=(?:right|yeah|yea|ya|ja)\b)")
_SPOKEN_WITH = re.compile(
    r"\b((?i:checked|checked it|checked this|went through it|spoke|spoken|talked|cleared it|discussed it|agreed it)"
    r" with) "
    r"(?!(?:No|Not|None|Nobody|Noone|Nothing|Neither)\b)[A-Z][a-z]+(?: (?:and )?[A-Z][a-z]+)?(?=[.,;!\n]|$)"
)
"""Who was asked, by name, at the end of a clause."""

_SOMEBODY = re.compile(
    r"(?P<before>^|[.,;!\n]\s*|\b(?i:ok|okay|so|and|well|now)\s+)"
    r"(?!(?:No|Not|None|Nobody|Noone|Nothing|Neither|Never|Hardly|Few|Who|What|Which|Where|When|Why|How|Whoever|Whatever"
    r"|If|Once|Unless|Until|Anyone|Anybody|Someone|Somebody|It|This|That|There|He|She|We|You|They|Is|Was)\b)"
    r"[A-Z][a-z]+(?=\s(?:is|was|says|said|has)\b)"
)
"""Who is told of by name, at the start of a clause."""

_REPEATED = re.compile(r"(\w)\1{2,}")
_WORD = re.compile(r"(?<![\w-])[^\W\d_]+(?![\w-])")
"""A word of letters: in names and ids no letter is taken away."""

_ASKS = re.compile(
    r"(?:is|are|was|were|does|did|can|could|should|would|will|has|shall|may|am)"
    r" (?:i|you|we|he|she|it|they|this|that|the|there)\b"
    r"|(?:do|have) (?:i|you|we|they)\b|(?:what|why|which|who|how|when|where)\b"
)


@dataclass(frozen=True)
class Unit:
    """One phrase, or the words between two. `clause` and `sentence` number those that it stands in; `negates` is
    true of words that turn what follows them into its opposite.
    """

    kind: UnitKind
    clause: int
    words: str = ""
    negates: bool = False
    sentence: int = 0


def folded(text: str) -> str:
    """Lower case, without accents, cheering and the name that it is addressed to; who was spoken with is "them", and
    who is told of is "he".
    """
    addressed = _SOMEBODY.sub(r"\g<before>he", _SPOKEN_WITH.sub(r"\1 them", _ADDRESSED.sub(" ", text)))
    plain = unicodedata.normalize("NFKD", addressed.replace("\u2019", "'")).casefold()
    bare = "".join(c for c in plain.replace("\U0001f44e", " thumbsdown ") if not unicodedata.combining(c))
    return _WORD.sub(lambda word: _REPEATED.sub(r"\1", word[0]), _CHEERING.sub(" ", bare)).strip()


def units(text: str, names: frozenset[str], *, most: int = MOST_CHARACTERS) -> tuple[Unit, ...] | None:
    """The units of folded text; None when it is longer than `most`, or holds a mark that only quotations and code have,
    or values.

    `names` are what the plan that waits may be called by: its own id and its workspaces'.
    """
    if not text or len(text) > most or "@" in text or _STRANGE & set(text):
        return None
    parsed: list[Unit] = []
    for number, (sentence, words) in enumerate(_clauses(text)):
        if any(_is_quoted(word) for word in words):
            return None
        if words == ["why", "not"]:  # alone it assents: "why not, go ahead"
            parsed.append(Unit("weak", number, "why not", sentence=sentence))
        elif _ASKS.match(" ".join(words)):
            parsed.append(Unit("other", number))
        else:
            parsed += (replace(unit, sentence=sentence) for unit in _clause(words, number, names))
    return tuple(parsed)


def _clauses(text: str) -> Iterator[tuple[int, list[str]]]:
    """The words of each clause that has any, with the number of its sentence."""
    for number, sentence in enumerate(_SENTENCE_END.split(_IRONIC.sub(r"\1 ", text))):
        for clause in _BREAK.split(sentence):
            if words := clause.split():
                yield number, words


def words_of(table: str) -> frozenset[str]:
    """A list of words, or the rows of phrases, as they stand in the tables."""
    return _tables()[table]


def _clause(words: list[str], number: int, names: frozenset[str]) -> Iterator[Unit]:
    """The phrases of one clause, and between them what the other words come to."""
    run: list[tuple[UnitKind, str]] = []
    at = 0
    parts = _parted(words, names)
    while at < len(words):
        kind, length = parts[at]
        if kind in _IN_RUNS:
            if words[at] in names:
                yield from _run(run, number)
                run = []
                yield Unit("name", number, words[at])
            else:
                run.append((kind, " ".join(words[at : at + max(length, 1)])))
        else:
            yield from _run(run, number)
            run = []
            yield Unit(kind, number, " ".join(words[at : at + length]))
        at += max(length, 1)
    yield from _run(run, number)


def _run(run: list[tuple[UnitKind, str]], number: int) -> Iterator[Unit]:
    if not run:
        return
    loose = {words for kind, words in run if kind == "other"}
    negates = any(word in ("not", "never") or word.endswith("n't") for word in loose)
    kind = _loosely(loose, {kind for kind, _ in run})
    yield Unit(kind, number, " ".join(words for _, words in run), negates)


def _loosely(loose: set[str], kinds: set[UnitKind]) -> UnitKind:
    """What a run comes to that holds phrases of these kinds and, loose among them, words that belong to none."""
    remarks, fine, reasons = map(words_of, ("remark_words", "fine_words", "reason_words"))
    if not loose <= remarks | fine:
        return "reason" if loose <= remarks | fine | reasons else "other"
    if "report" in kinds:
        return "report" if loose.isdisjoint(words_of("hedge_words")) else "other"
    if loose & fine:
        return "fine"
    return "remark" if loose or "remark" in kinds else "weak"


def _parted(words: list[str], names: frozenset[str]) -> list[tuple[UnitKind, int]]:
    """For each word the phrase that is taken to begin with it, and its length in words; `other` and 0 where none is.

    It is the longest. Only a bare agreement may be a shorter one, where fewer words are left without a phrase by that:
    "yes do" is one, and "yes do it" is "yes" and "do it". "Please confirm" stays what asks somebody else.
    """
    loose = [0] * (len(words) + 1)
    taken: list[tuple[UnitKind, int]] = [("other", 0)] * len(words)
    for at in reversed(range(len(words))):
        found = _phrases().at(words, at)
        if not found:
            loose[at] = loose[at + 1] + (words[at] not in names)
            continue
        longest = max(found)
        lengths = (
            [length for length, kind in found.items() if kind == "yes_word"] if found[longest] == "yes_word" else []
        )
        best = min((loose[at + length], -length) for length in (longest, *lengths))
        loose[at], taken[at] = best[0], (found[-best[1]], -best[1])
    return taken


def _is_quoted(word: str) -> bool:
    return word[0] in "'>" or word[-1] == "'"


@cache
def _tables() -> dict[str, frozenset[str]]:
    rows: dict[str, list[str]] = tomllib.loads((files("agent.dialogue.consent") / "phrases.toml").read_text("utf-8"))
    return {name: frozenset(words) for name, words in rows.items()}


@cache
def _phrases() -> PhraseRows[UnitKind]:
    """Every row of the tables; of two that hold the same phrase that comes first which is named first."""
    kinds: list[tuple[UnitKind, str]] = [("other", "irony"), *((kind, kind) for kind in _PHRASES)]
    return PhraseRows((kind, row) for kind, name in kinds for row in sorted(_tables()[name]))
