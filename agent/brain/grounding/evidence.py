"""How far a quote bears the value that was read from it. Pure.

Closed grammars (numbers, sizes, addresses) and closed lists (environments, regions, currencies) say which values of a
kind stand in the quote at all. The value is borne when it is one of them, whatever else stands beside it: which of
several is meant ("max 10, no, make it 6") was the reader's to find out, and a weaker reading does not overrule it. It
is contradicted when only others stand there. Where nothing of its kind is recognised, the quote is silent.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import cache

from pydantic import JsonValue

from agent.brain.grounding.quantities import GRAMMARS, QuotedWords, bounds, folded
from plugins.catalogue.regions import regions
from plugins.domain.understanding import DoubtKind
from plugins.parse.fields.machine import SIZE, canonical
from plugins.parse.fields.people import EMAIL, NAME
from plugins.parse.vocabulary import alternatives, environments, table, workloads

SPELLED = frozenset({"team", "workspace_name", "node_type", "owner", "cost_center", "tags"})
"""Names, which stand in the words as they are taken, letter by letter."""

_ALIKE = 0.88
_LONGEST_NAME = 4
"""Words of a region's name: "US Gov Virginia 2"."""

_ABOUT = {
    "enable_gpu": re.compile(
        r"\bgpus?\b|\bcpus?\b|\b(?:t4|a10|a100|h100|h200|v100|l4|a40)s?\b|\bn[cdv]\d|nvidia|graphics"
    ),
    "spot": re.compile(r"\bspot\b|on[\s-]?demand|preemptible|low[\s-]priority|evict"),
    "photon": re.compile(r"\bphoton\b"),
}
_NETWORKS = {
    "private_link": re.compile(r"privat|\bpe\b|reachable|exposed|outside"),
    "vnet": re.compile(r"\bv-?net|virtual network|inject|\bown net"),
    "public": re.compile(r"public|offentlich|internet|\bopen\b"),
}
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "ł": "l"})
_SAID = {"true": True, "yes": True, "false": False, "no": False}
_FORBIDS = r"\b(?:no|not|non|without|never|avoid|disable[ds]?|block(?:ed)?|deny|ohne|kein\w*|nicht|sans|pas|sin)\b"
_FORBIDDEN = {
    name: re.compile(rf"\W*{_FORBIDS}\W+(?:(?:any|de|a|use|need) )?{noun}\b(?: \w+)?\W*")
    for name, noun in (("enable_gpu", "gpus?"), ("spot", "spot"), ("photon", "photon"))
}
_REFUSES = re.compile(
    rf"{_FORBIDS}|n't\b|\b(?:n|off|false|none|nope|nah|dont|wont|cant|skip|drop|exclude\w*|except|refuse\w*|forb\w+"
    r"|instead|rather|only|on[\s-]?demand|regular|cpus?|overkill|unnecessary|disabl\w*|deaktiv\w*|aus|nein|nee|nix)\b"
    r"|\[x\] ?no"
)
_FORBIDDEN_PUBLIC = re.compile(
    rf"{_FORBIDS}[^.;,\n]{{0,30}}\b(?:public|internet|offentlich\w*)\b"
    r"|\bpublic\b[^.;,\n]{0,30}\b(?:disabled?|off|forbidden|blocked|denied|not allowed)\b"
)


@dataclass(frozen=True)
class Weight:
    """`doubt` names why the value is contradicted, None when it is not; `others` are the values of its kind that the
    words hold instead, as people would choose among them.
    """

    bears: bool = False
    doubt: DoubtKind | None = None
    others: tuple[str, ...] = ()


SILENT = Weight()
_BEARS = Weight(bears=True)


def weighed(field: str, value: JsonValue, words: QuotedWords) -> Weight:
    """What the quote says of this value."""
    if value is None or (isinstance(value, list | dict) and field != "tags"):
        return SILENT
    if field in GRAMMARS:
        return _number(field, value, words)
    weigh = _KINDS.get(field)
    return weigh(value, words) if weigh else _BEARS


def canonical_value(field: str, value: JsonValue) -> JsonValue:
    """The value in the form that the field wants, where a model wrote what people write ("West Europe", "qa")."""
    spelling = str(value)
    if field == "region":
        return _regions().get(squeezed(spelling), value)
    if field == "environment":
        return _environments().get(_spaced(spelling), value)
    if field == "workload_type":
        return _workloads().get(_spaced(spelling.replace("_", " ")), value)
    if field in ("enable_gpu", "spot", "photon"):
        return _SAID.get(spelling.casefold(), value)
    size = SIZE.fullmatch(spelling) if field == "node_type" else None
    return canonical(size) if size else value


def _number(field: str, value: JsonValue, words: QuotedWords) -> Weight:
    ranges = GRAMMARS[field](words)
    wanted = as_number(value)
    if wanted is None or not ranges:
        return SILENT
    only = bounds(field, words) if field in ("min_workers", "max_workers") and not words.before else None
    meant = ranges if only is None else [only]
    if any(low <= wanted <= high for low, high in meant):
        return _BEARS
    others = dict.fromkeys(_shown(round((low + high) / 2, 2)) for low, high in (*meant, *ranges) if high >= 0)
    return Weight(doubt="several", others=tuple(others)[:3])


def as_number(value: JsonValue) -> float | None:
    """The value as a number; None for what is none."""
    try:
        return None if isinstance(value, bool) else float(str(value))
    except ValueError:
        return None


def _among(value: JsonValue, values: Iterable[str]) -> Weight:
    known = tuple(dict.fromkeys(values))
    if str(value).casefold() in {one.casefold() for one in known}:
        return _BEARS
    return Weight(doubt="several", others=known[:3]) if known else SILENT


def _size(value: JsonValue, words: QuotedWords) -> Weight:
    sizes = [canonical(size) for size in SIZE.finditer(words.quote)]
    if not sizes:
        return _BEARS if squeezed(value).removeprefix("standard") in squeezed(words.quote) else SILENT
    return _among(value, sizes)


def _owner(value: JsonValue, words: QuotedWords) -> Weight:
    addresses = (re.search(EMAIL, word) for word in words.quote.split() if "@" in word)
    return _among(value, (address[0].rstrip(".") for address in addresses if address))


def _currency(value: JsonValue, words: QuotedWords) -> Weight:
    signs: Mapping[str, str] = table("money")["signs"]
    pattern = "|".join(re.escape(sign) for sign in sorted(signs, key=len, reverse=True))
    quoted = re.findall(rf"(?<![a-z])(?:{pattern})(?![a-z])", folded(words.quote))
    return _among(value, (signs[sign] for sign in quoted))


def _environment(value: JsonValue, words: QuotedWords) -> Weight:
    weight = _among(value, (_environments()[_spaced(m[0])] for m in _words_of("environments").finditer(words.quote)))
    return weight if weight.doubt is None else replace(weight, doubt="unknown")


def _workload(value: JsonValue, words: QuotedWords) -> Weight:
    """Workloads are no closed list: other words beside the model's say nothing against it."""
    named = {_workloads()[_spaced(m[0])] for m in _words_of("workloads").finditer(words.quote)}
    return _BEARS if value in named else SILENT


def _region(value: JsonValue, words: QuotedWords) -> Weight:
    if value not in regions():
        return Weight(doubt="unknown")
    runs = _runs(words.quote)
    named = _among(value, (_regions()[run] for run in runs if run in _regions()))
    if named != SILENT:
        return named
    own = [spelling for spelling, name in _regions().items() if name == value and len(spelling) > 6]  # noqa: PLR2004 - shorter ones resemble too much
    if any(_alike(run, spelling) for run in runs for spelling in own):
        return _BEARS
    places: Mapping[str, list[str]] = {squeezed(p): c for p, c in table("places")["ambiguous"].items()}
    meant = [place for run in runs for place in places.get(run, ())]
    if not meant or meant == [value]:
        return _BEARS if meant else SILENT
    return Weight(doubt="ambiguous", others=tuple(dict.fromkeys(meant))[:4])


def _flag(name: str) -> Callable[[JsonValue, QuotedWords], Weight]:
    """Refusing a thing takes a word that refuses: where none stands, a no is only suggested; likewise a yes to what is
    refused.
    """

    def weigh(value: JsonValue, words: QuotedWords) -> Weight:
        text = folded(words.quote)
        if value is True and _FORBIDDEN[name].fullmatch(text):
            return Weight(doubt="contradiction", others=("false",))
        clear = not _FORBIDDEN[name].search(text) if value is True else bool(_REFUSES.search(text))
        return _BEARS if clear and _ABOUT[name].search(text) else SILENT

    return weigh


def _network(value: JsonValue, words: QuotedWords) -> Weight:
    """What a person forbade in so many words stays forbidden, whatever else the quote allows."""
    text = folded(words.quote)
    if value == "public" and _FORBIDDEN_PUBLIC.search(text):
        return Weight(doubt="contradiction", others=("private_link",))
    named = [name for name, pattern in _NETWORKS.items() if pattern.search(text)]
    if value == "private_link" and named == ["public"]:
        return _BEARS if _REFUSES.search(text) else SILENT
    return _among(value, named)


def _spelled(value: JsonValue, words: QuotedWords) -> Weight:
    """Letter by letter, whatever the case, accents and punctuation; an "and" may stand for a mark."""
    values = (*value.keys(), *value.values()) if isinstance(value, dict) else (value,)
    spellings = [squeezed(text) for text in (words.quote, words.quote.casefold().translate(_UMLAUTS))]
    spellings += [text.replace("and", "") for text in spellings]
    letters = [squeezed(one) for one in values]
    borne = all(letters) and all(
        any(one in text or one.replace("and", "") in text for text in spellings) for one in letters
    )
    return _BEARS if borne else SILENT


def _name(value: JsonValue, words: QuotedWords) -> Weight:
    """A name that Azure refuses is in doubt, however plainly it was said."""
    return _spelled(value, words) if NAME.fullmatch(str(value)) else Weight(doubt="invalid")


_KINDS: Mapping[str, Callable[[JsonValue, QuotedWords], Weight]] = {
    "node_type": _size,
    "owner": _owner,
    "currency": _currency,
    "environment": _environment,
    "region": _region,
    "workload_type": _workload,
    "network": _network,
    "enable_gpu": _flag("enable_gpu"),
    "spot": _flag("spot"),
    "photon": _flag("photon"),
    "team": _spelled,
    "cost_center": _spelled,
    "tags": _spelled,
    "workspace_name": _name,
}


def is_limit(value: JsonValue, words: QuotedWords) -> bool:
    """Whether the message itself limits its costs to this: an amount in one clause with a word that limits, and with a
    currency or a period. Last year's bill and a cost centre are no limits.
    """
    for clause in re.split(r"[.;\n,](?!\d)", words.text):
        limiting = _LIMITS.search(folded(clause))
        if limiting and _MONEY.search(folded(clause)) and _number("cost_limit", value, _in(clause, words)).bears:
            return True
    return False


_LIMITS = re.compile(
    r"\b(?:budget|limit|cap|capped|max\w*|under|below|up to|no more than|not more than|at most|ceiling|exceed|less than"
    r"|within|tops|spend|hochstens|maximal|bis zu|plafond|tope)\b"
)
_MONEY = re.compile(
    r"[$\u20ac\u00a3\u00a5\u20b9]|\b(?:usd|eur|gbp|chf|euros?|dollars?|pounds?|bucks|month|year|quarter|mo)\b"
)


def _in(clause: str, words: QuotedWords) -> QuotedWords:
    return QuotedWords(quote=clause, text=words.text, today=words.today)


def _runs(text: str) -> list[str]:
    """Every run of up to four words, longest first, squeezed; what lies inside a longer one that is a region's name is
    left out ("US" in "West US").
    """
    words = re.findall(r"[a-z0-9]+", folded(text))
    taken: set[int] = set()
    runs: list[str] = []
    for length in range(_LONGEST_NAME, 0, -1):
        for start in range(len(words) - length + 1):
            run = "".join(words[start : start + length])
            if taken & set(range(start, start + length)):
                continue
            runs.append(run)
            if run in _regions():
                taken |= set(range(start, start + length))
    return runs


def _alike(run: str, spelling: str) -> bool:
    """A typing error apart: begun alike and nearly as long, so that few are compared letter by letter."""
    if run[:1] != spelling[:1] or abs(len(run) - len(spelling)) > 2:  # noqa: PLR2004 - two letters lost or added
        return False
    return SequenceMatcher(None, run, spelling).ratio() >= _ALIKE


@cache
def _regions() -> Mapping[str, str]:
    """Squeezed spelling → region name: names, cities, abbreviations, and the US turned round ("US East 2")."""
    names: dict[str, str] = {}
    for region in regions().values():
        for spelling in (region.name, region.display_name, *region.cities, *region.abbreviations):
            names[squeezed(spelling)] = region.name
        if turned := re.fullmatch(r"(.*) US( \d)?", region.display_name):
            names[squeezed(f"US{turned[1]}{turned[2] or ''}")] = region.name
    return names


@cache
def _environments() -> Mapping[str, str]:
    return {_spaced(word): name for name, words in environments(loose=True).items() for word in words}


@cache
def _workloads() -> Mapping[str, str]:
    return {_spaced(word): name for name, words in workloads().items() for word in words}


@cache
def _words_of(name: str) -> re.Pattern[str]:
    words = _environments() if name == "environments" else _workloads()
    return re.compile(rf"(?<![^\W_]){'(?:' + alternatives(words) + ')'}(?![^\W_])", re.IGNORECASE)


def _spaced(text: str) -> str:
    return re.sub(r"[\s-]+", " ", text.lower()).strip()


def squeezed(value: object) -> str:
    """Letters and figures alone, as two spellings of a name have them in common."""
    return re.sub(r"[^a-z0-9]", "", folded(str(value)))


def _shown(number: float) -> str:
    return str(int(number)) if number == int(number) else str(number)
