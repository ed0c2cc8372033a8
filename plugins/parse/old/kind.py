"""Environment and workload."""

import re
from collections.abc import Mapping
from functools import cache

from rapidfuzz import fuzz, process

from plugins.parse.reading import Mention, Notes, Reading, settle, wanted
from plugins.parse.vocabulary import alternatives, table

_NON_PROD = re.compile(
    r"\bnon[\s-]*prod(?:uction)?\b|\bnot (?:a )?prod(?:uction)?(?: (?:yet|one|workspace))?\s*$", re.IGNORECASE
)
_RESEMBLES = re.compile(
    r"\b(?:mimic\w*|mirror\w*|resembl\w*|similar to|same as|copy of|clone of|(?<!'d )(?<!would )like|equal to"
    r"|as in|close to|replic\w*|simulat\w*)(?: (?:the|our|a))?\W*$",
    re.IGNORECASE,
)
_NO_ENVIRONMENT = re.compile(
    r"^[\s-]*(?:data(?!bricks)|like|systems?|issues?|support|volumes?|traffic|incidents?"
    r"|grade|ready|floor|plan(?:t|ning)|line|costs?|facilit\w+|events?|score|deck|results"
    r"|cases|drive\w*|streams?)\b",
    re.IGNORECASE,
)
_VERB = re.compile(
    r"\b(?:to|can|could|will|must|we|it|they|please|let'?s|i)\s*(?:please |quickly |just )?$", re.IGNORECASE
)
_VERBAL = frozenset({"test", "develop", "live", "stage"})
_LIVE_OK = re.compile(r"^\s*(?:[,.;\n)/|-]|$|env|environment|workspace|one\b|system|please|pls|and\b)", re.IGNORECASE)
_FUZZY_WORDS = {
    "development": "dev",
    "production": "prod",
    "staging": "staging",
    "testing": "staging",
    "sandbox": "dev",
    "preproduction": "staging",
    "playground": "dev",
}
_FUZZY = 84

_STREAM_NOISE = re.compile(
    r"\b(?:video|music|audio|media|movie|film|live|game|content|sports?"
    r"|tv)[\s-]+stream\w*(?: (?:product|service|platform|app|rights|business|site|offering"
    r"|customers))?\b|\bstreaming (?:product|service|platform|app|rights|customers"
    r"|subscribers|business|video)\b|\b(?:revenue|value|income|work) streams?\b",
    re.IGNORECASE,
)
_TRAIN_NOISE = re.compile(
    r"\b(?:staff|employee|user|sales|compliance|safety|onboarding|classroom) training\b"
    r"|\btrain(?:ing)? (?:staff|employees|people|tickets|schedules?|delays?|session|course"
    r"|timetables?)\b|\b(?:business|data|pricing|operating|role|revenue|car) models?\b",
    re.IGNORECASE,
)
_PRODUCTS = re.compile(r"\b(?:log|google|adobe|web) analytics\b|\bdata lake\b|\bevent grid\b", re.IGNORECASE)
_ABOUT = re.compile(r"\b(?:about|on|of|over|regarding)\s+(?:the |our )?(?:\w+ ){0,1}$", re.IGNORECASE)
_LABEL = re.compile(
    r"\b(?:workload(?: type)?|use ?case|usage|purpose|use|used for|mainly for|mostly for"
    r"|type of work|what)\s*(?:[:=|]|\bis\b)\s*[\s|]*([^\n,;|.]{2,60})",
    re.IGNORECASE,
)
_HALF = re.compile(
    r"\bhalf\b|\bequally\b|\b50\s*[/-]\s*50\b|\bboth equally\b|\bcan'?t (?:say|tell|decide)\b"
    r"|\bnot sure (?:which|what)\b",
    re.IGNORECASE,
)
_YIELDS: Mapping[frozenset[str], str] = {
    frozenset({"streaming", "data_engineering"}): "streaming",
    frozenset({"machine_learning", "data_science"}): "machine_learning",
}
"""Pairs that people say for one thing: streaming pipelines stream, training in notebooks trains."""


def environment(reading: Reading, notes: Notes) -> None:
    """The one environment; several at once are the business of `plugins.parse.workspaces`."""
    if found := reading.take(_NON_PROD):
        others = [m for m in environments(reading) if m.value != "prod"]
        if not wanted(reading, others):
            notes.doubt("environment", "ambiguous", found[0], ("dev", "staging"))
            return
    mentions = environments(reading)
    settled = settle(reading, mentions)
    for mention in mentions:
        reading.mask(mention.start, mention.end)
    if settled.value is not None:
        notes.say("environment", settled.value)
    elif settled.kind:
        notes.doubt("environment", settled.kind, settled.said, (str(value) for value in settled.candidates))


def environments(reading: Reading) -> list[Mention]:
    """Every mention of an environment, look-alikes left out."""
    found = [
        Mention(_environment_words()[_spaced(m[0])], m.start(), m.end())
        for m in _environment_pattern().finditer(reading.text)
        if _is_environment(reading, m)
    ]
    return found or _mistyped(reading)


def workload(reading: Reading, notes: Notes) -> None:
    """What it is mainly for; two different things are a doubt."""
    for noise in (_STREAM_NOISE, _TRAIN_NOISE, _PRODUCTS):
        reading.take_all(noise)
    halves = bool(_HALF.search(reading.text))
    if found := _LABEL.search(reading.text):
        inner = Reading(found[1])
        kinds = _kinds(inner)
        if len(kinds) == 1:
            notes.say("workload_type", kinds[0])
            reading.mask(found.start(1), found.end(1))
            _mask_words(reading)
            return
    kinds = _kinds(reading)
    _mask_words(reading)
    if len(kinds) == 1:
        notes.say("workload_type", kinds[0])
    elif kinds:
        said = " / ".join(kind.replace("_", " ") for kind in kinds)
        if not halves and frozenset(kinds) in _YIELDS:
            notes.say("workload_type", _YIELDS[frozenset(kinds)])
        else:
            notes.doubt("workload_type", "several", said, kinds)


def workload_of_team(notes: Notes) -> None:
    """A team that is named for its work does that work, as far as nobody says otherwise."""
    kind = table("workloads")["teams"].get(str(notes.fields.get("team", "")))
    if kind is not None:
        team = notes.fields["team"]
        notes.assume("workload_type", kind, f"The team is called “{team}”, and nothing else was said.")


def _kinds(reading: Reading) -> list[str]:
    """The workloads that strong words name, in the order mentioned; those of weak words when there are none."""
    for strength in ("strong", "weak"):
        mentions = [
            Mention(_workload_words(strength)[_spaced(m[0])], m.start(), m.end())
            for m in _workload_pattern(strength).finditer(reading.text)
        ]
        kept = [
            m for m in wanted(reading, mentions) if not (strength == "weak" and _ABOUT.search(reading.before(m.start)))
        ]
        if kept:
            return [str(value) for value in dict.fromkeys(m.value for m in kept)]
    return []


def _mask_words(reading: Reading) -> None:
    for strength in ("strong", "weak"):
        reading.take_all(_workload_pattern(strength))


def _is_environment(reading: Reading, found: re.Match[str]) -> bool:
    word = found[0].lower()
    if _RESEMBLES.search(reading.before(found.start())) or _NO_ENVIRONMENT.match(reading.after(found.end())):
        return False
    if word in _VERBAL and _VERB.search(reading.before(found.start(), 16)):
        return False
    if word == "live":
        return bool(_LIVE_OK.match(reading.after(found.end(), 14)))
    if word == "stage":
        return not re.search(
            r"\b(?:at this|this|early|late|final|next|first|last)\s*$", reading.before(found.start(), 10), re.IGNORECASE
        )
    if word in ("test", "testing"):
        return not re.match(
            r"\s+(?:data\b|it\b|this\b|that\b|the\b|some\b|our\b|whether\b|if\b|out\b|a\b)",
            reading.after(found.end()),
            re.IGNORECASE,
        )
    return True


def _mistyped(reading: Reading) -> list[Mention]:
    found: list[Mention] = []
    for word in re.finditer(r"[A-Za-z]{6,14}", reading.text):
        near = process.extractOne(word[0].lower(), _FUZZY_WORDS.keys(), scorer=fuzz.ratio, score_cutoff=_FUZZY)
        if near and word[0].lower() not in ("products", "product"):
            found.append(Mention(_FUZZY_WORDS[near[0]], word.start(), word.end()))
    return found


@cache
def _environment_words() -> Mapping[str, str]:
    return {_spaced(word): name for name, words in table("environments").items() for word in words}


@cache
def _environment_pattern() -> re.Pattern[str]:
    return re.compile(rf"(?<![\w@.-])(?:{alternatives(_environment_words())})(?![\w@]|-\w|\.\w)", re.IGNORECASE)


@cache
def _workload_words(strength: str) -> Mapping[str, str]:
    return {_spaced(word): name for name, words in table("workloads").items() for word in words.get(strength, ())}


@cache
def _workload_pattern(strength: str) -> re.Pattern[str]:
    words = alternatives(_workload_words(strength))
    return re.compile(rf"(?<![\w@.-])(?:{words})(?![\w@]|-(?!like)\w|\.\w)", re.IGNORECASE)


def _spaced(text: str) -> str:
    return re.sub(r"[\s-]+", " ", text.lower()).strip()


def mistyped_workload(reading: Reading, notes: Notes) -> None:
    """Typing errors ("dashbords", "notbooks"): words that are nearly a workload's, when nothing else named one."""
    if notes.knows("workload_type"):
        return
    strong = [word for word in _workload_words("strong") if len(word) > 5]  # noqa: PLR2004 - short words resemble too much
    for word in re.finditer(r"(?=\b([A-Za-z]{4,} [A-Za-z]{5,}|[A-Za-z]{6,})\b)", reading.text):
        near = process.extractOne(word[1].lower(), strong, scorer=fuzz.ratio, score_cutoff=86)
        if near:
            notes.say("workload_type", _workload_words("strong")[near[0]])
            reading.mask(word.start(1), word.end(1))
            return
