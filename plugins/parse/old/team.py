"""Whose workspace it is."""

import re
from functools import cache

from plugins.parse.reading import MASK, Notes, Reading
from plugins.parse.vocabulary import table

_STOPS = (
    "a|an|the|my|our|your|their|his|her|this|that|these|those|for|of|from|by|with|to|in|on"
    "|at|and|or|but|is|are|was|be|we|i|you|they|it"
    "|need|needs|needed|needing|want|wants|wanted|would|like|likes|please|pls|plz|here|has"
    "|have|who|which|where|when|so|as|asked|asks|requires?|requested"
    "|uses?|using|will|should|could|can|runs?|does|do|gets?|set|up|new|one|some|only|also"
    "|another|same|other|both|all|each|any|no|not|give|create|make|build|spin"
    "|provide|provision|deploy|hi|hello|hey|kindly|thanks|databricks|workspaces?|ws|workspce"
    "|wkspc|workspcae|dbx|lakehouse|region|env|environment|workload|workers?|max|min|budget"
    "|owner|single|node|whose"
    "|wishes|works|going|just|still|now|then|if|because|since|until|via|per|about|into|over"
    "|under|after|before|during|called|named|tag|location|cost|pay|people|member|members"
    "|lead|i'd|we'd|i'm|we're|it's|that's|let's|don't|say|says|said|guess|think|maybe"
    "|believe|actually|sorry|rather|oh|ok|okay|yes|btw|fyi|ps|next"
)
_SENTENCE = re.compile(
    r"\b(?:hm+|it|that|this|these|them|me|you|make|give|change|wait|(?:small|bigg|larg|cheap|fast)er)\b", re.IGNORECASE
)
"""Words of a sentence, of which a team's name has none."""
_WORD = r"[A-Za-z0-9][\w&+'/-]*"
_GROUP = r"team|squad|crew|guys|folks|department|dept|tribe|chapter|division|people|gang"
_LABEL = re.compile(
    r"(?:^|[\n|,;.(*-]|\bwith\b)[\s*-]*(?:team(?: name)?|squad|who|requested for"
    r"|requesting team|requester team|department|dept|business unit|for team|on behalf of"
    r"|project team|owning team|customer)"
    r"\s*(?:[:=|]|\bis:)[\s|*]*([^\n,;|/]{1,60})",
    re.IGNORECASE,
)
_CALLED = re.compile(
    r"\b(?:our|my|the)?\s*(?:team|squad|group)(?:'s)?(?: name)? (?:is (?:called|named)"
    r"|are called|called|named|name is)\s+[\"']?([^\n,;.\"'()!?]{2,60})",
    re.IGNORECASE,
)
_BRACKETED = re.compile(r"\b(?:our|my|the) (?:team|squad|group)\s*\(([^)\n]{2,40})\)", re.IGNORECASE)
_IS = re.compile(r"\bteam\s+is\s+([^\n,;.()!]{2,60})", re.IGNORECASE)
_WE_ARE = re.compile(
    r"\b(?:we are|we're|i am from|i'm from|this is|i am with|i'm with)\s+(?:the )?team\s+([^\n,;.()!?]{2,40})",
    re.IGNORECASE,
)
_TEAM_BEFORE = re.compile(rf"((?:{_WORD} ){{1,4}})(?:{_GROUP})\b(?!-)", re.IGNORECASE)
_TEAM_AFTER = re.compile(rf"\bteam[ :=]+[\"']?((?:{_WORD}[ ]?){{1,4}})", re.IGNORECASE)
_WHO_ARE_IN = re.compile(
    rf"\b(?:analysts|engineers|scientists|people|folks|colleagues|guys|users|developers) (?:in"
    rf"|from|of|at|over in) (?:the )?((?:{_WORD}[ ]?){{1,3}})",
    re.IGNORECASE,
)
_NEEDS = re.compile(
    rf"(?:^|[.!?\n:]\s*|\bhi,? |\bhello,? |\bhey,? |\ball,\s*)((?:{_WORD} ){{1,3}})(?:needs?"
    rf"|wants?|requires?|would like|is asking|are asking|asks? for|could use|is looking for"
    rf"|are looking for|requested)\b",
    re.IGNORECASE,
)
_FOR = re.compile(rf"\b(?:for|4)\s+(?:the |our |my )?((?:{_WORD}[ ]?){{1,4}})", re.IGNORECASE)
_OR = re.compile(r"\s+or(?: maybe| perhaps)?\s+|\s*/\s*", re.IGNORECASE)
_TRIM = re.compile(rf"^(?:(?:{_STOPS})\b[\s-]*)+|(?:[\s-]*\b(?:{_STOPS}))+$", re.IGNORECASE)
_STOP = re.compile(rf"(?<![\w-])(?:{_STOPS})(?![\w-])", re.IGNORECASE)
_MARKS = " \t\n\"'*_.,:;!?()-"
_PRONOUNS = re.compile(
    r"^(?:we|i|it|he|she|they|you|this|that|someone|everybody|everyone|nobody|who|there|what"
    r"|us|me|now|free|sure|example|instance|real|fun|once|later|today|tomorrow|testing)$",
    re.IGNORECASE,
)
_NO_NAME = re.compile(
    r"a|an|the|my|our|your|their|his|her|this|that|these|those|for|of|from|by|with|to|in|on|at|and|or|is|are|we|i|you|they"
    r"|it|as|new|another|same|one|each|every|any|no|not|whole|entire|other|r|u|4|dear|hi|hello|hey|per|databricks|which"
    r"|say|says|said|think|guess|believe|am|be|called|named|go|going|was|were"
    r"|workspaces?|what|whose|who|need|needs|want|wants|all|both|me|us|please|pls|here",
    re.IGNORECASE,
)
_DOING = re.compile(r"\w{3,}ing\b\s+\w", re.IGNORECASE)
_IT_IS = re.compile(r"\b(?:it'?s|it is|is|used?|use it|need it|want it|meant)\s*$", re.IGNORECASE)
_TIME = re.compile(
    r"\b(?:\d+|weeks?|days?|months?|years?|hours?|next|quarter|while|long|time|moment|night)\b", re.IGNORECASE
)


def team(reading: Reading, notes: Notes) -> None:
    """The team by name, where words such as "team" or "needs" mark it."""
    if _labelled(reading, notes) or _grouped(reading, notes):
        return
    for found in _NEEDS.finditer(reading.text):
        if name := _clean(found[1]):
            notes.say("team", _slug(name))
            reading.mask(found.start(1), found.end(1))
            return


def teams_listed(text: str) -> tuple[tuple[str, ...], tuple[int, int]] | None:
    """The names in "teams a, b and c", and where the list stands; None when no list of teams is there."""
    listed = rf"{_WORD}(?:\s*,\s*{_WORD}){{0,400}}?\s*,?\s*(?:\band\b|&)\s*{_WORD}|{_WORD}(?:\s*,\s*{_WORD})+"
    found = re.search(rf"\b(?:for )?(?:the )?teams[ :]+({listed})", text, re.IGNORECASE) or re.search(
        rf"\bfor (?:the )?({listed}) teams\b", text, re.IGNORECASE
    )
    if found is None:
        return None
    names = [_slug(name) for name in re.split(r"\s*(?:,|\band\b|&)+\s*", found[1], flags=re.IGNORECASE) if name]
    return tuple(dict.fromkeys(name for name in names if name)), found.span()


def _labelled(reading: Reading, notes: Notes) -> bool:
    for pattern in (_CALLED, _BRACKETED, _LABEL, _WE_ARE, _IS):
        for found in pattern.finditer(reading.text):
            value = found[1].split(MASK)[0]
            value = re.split(r"\s\(|\s-\s|(?<=[\w)])\.\s|\.$|\?|\band (?:we|it|they|i)\b", value)[0]
            if pattern in (_IS, _CALLED, _WE_ARE, _LABEL) and (names := _several(value)):
                notes.doubt("team", "several", value, names)
                reading.mask(found.start(1), found.start(1) + len(value))
                return True
            name = _clean(_until_stop(value)) if pattern is not _LABEL else _clean(value)
            if name:
                notes.say("team", _slug(name))
                reading.mask(found.start(), found.start(1) + len(value))
                return True
    return False


def _grouped(reading: Reading, notes: Notes) -> bool:
    """Names beside a word for a group: "the X team", "team X", "the X guys", "the analysts in X"."""
    for found in _TEAM_BEFORE.finditer(reading.text):
        name, start = _last_run(found[1], found.start(1))
        name = name.strip(_MARKS)
        if not re.search(r"[A-Za-z]", name) or _NO_NAME.fullmatch(name) or MASK in name:
            continue
        if (_is_other(name) or len(name) == 1) and _named_after(reading.text, found.end()):
            continue
        notes.say("team", _slug(name))
        reading.mask(start, found.end())
        return True
    for pattern in (_TEAM_AFTER, _WHO_ARE_IN):
        for found in pattern.finditer(reading.text):
            words = _until_stop(found[1])
            name = _clean(words)
            if name and (pattern is _TEAM_AFTER or not _is_other(name)):
                notes.say("team", _slug(name))
                reading.mask(found.start(), found.start(1) + len(words))
                return True
    return False


def _named_after(text: str, end: int) -> bool:
    """True when a name follows the word "team": in "prod etl team quartz" it is quartz."""
    found = re.match(rf"[ :=]+((?:{_WORD}[ ]?){{1,4}})", text[end:])
    return found is not None and bool(_clean(_until_stop(found[1])))


def for_somebody(reading: Reading, notes: Notes) -> None:
    """Takes "for X", read after everything else, so that X is nothing else."""
    if notes.knows("team"):
        return
    for found in _FOR.finditer(reading.text):
        name = _clean(_until_stop(re.split(r"[.]\s|[.]$", found[1])[0]))
        if name and not _is_other(name) and not _TIME.search(name) and not _is_purpose(reading, found, name):
            reading.mask(found.start(1), found.start(1) + found[1].find(name) + len(name))
            notes.assume("team", _slug(name), f"You said “for {name}”.")
            return


def _is_purpose(reading: Reading, found: re.Match[str], name: str) -> bool:
    """True for "it is for scoring transactions": that says what for, not for whom."""
    return bool(_DOING.match(name) and _IT_IS.search(reading.before(found.start(), 12)))


def positional(reading: Reading, notes: Notes) -> None:
    """In a terse list ("data platform / preprod / pipelines / …") the part that is nothing else names the team."""
    if notes.knows("team"):
        return
    for line in reading.text.split("\n"):
        for mark in (" / ", "/", " - ", " | ", ";"):
            parts = line.split(mark)
            if len(parts) < 3:  # noqa: PLR2004 - fewer are no list
                continue
            free = [
                p
                for p in parts
                if MASK not in p and (name := _clean(p)) and re.fullmatch(r"[A-Za-z][\w &-]{1,30}", name)
            ]
            if free and not _is_other(_clean(free[0]) or ""):
                name = _clean(free[0]) or ""
                start = reading.text.index(free[0])
                reading.mask(start, start + len(free[0]))
                notes.assume("team", _slug(name), f"Nothing else in your list names the team, so “{name}”.")
                return


def slug_of(text: str) -> str | None:
    """A bare answer as a team: "pricing", "the pricing team", "it's Supply Chain"."""
    text = re.sub(
        r"^(?:it'?s|that'?s|it is|this is|for|team|the|we are|we're|our|my|name is|called)\b[\s:]*",
        "",
        text.strip(),
        flags=re.IGNORECASE,
    )
    text = re.sub(r"^(?:for|team|the|our|my)\b\s*", "", text, flags=re.IGNORECASE)
    text = re.sub(rf"\s*\b(?:{_GROUP})\b.*$", "", text, flags=re.IGNORECASE).strip(" .!?\"'")
    text = re.sub(r"[\s,]*\b(?:please|pls|plz|thanks)$", "", text, flags=re.IGNORECASE)
    if _SENTENCE.search(text):
        return None
    if not re.fullmatch(r"[A-Za-z0-9][\w &+/.-]{0,40}", text) or len(text.split()) > 4:  # noqa: PLR2004 - a name is short
        return None
    return _slug(text) or None


def _several(value: str) -> tuple[str, ...]:
    names = [_clean(part) for part in _OR.split(value)]
    return tuple(_slug(name) for name in names if name) if len(names) > 1 and all(names) else ()


def _last_run(words: str, start: int) -> tuple[str, int]:
    """The words after the last stop word, and where they begin; the word right before "team" may be any noun."""
    noun = words.rsplit(maxsplit=1)[-1].strip()
    last = len(words.rstrip()) - len(noun)
    stops = [m for m in _STOP.finditer(words) if m.start() < last or _NO_NAME.fullmatch(noun)]
    begin = stops[-1].end() if stops else 0
    return words[begin:], start + begin


def _until_stop(words: str) -> str:
    found = _STOP.search(words)
    return words[: found.start()] if found else words


def _clean(words: str) -> str | None:
    name = words.strip(" \t\n\"'*_.,:;!?()-")
    name = _TRIM.sub("", name).strip(" \t\"'*_.,:;!?()-")
    name = re.sub(r"^(?:the|team)\s+|[\s-]+team$", "", name, flags=re.IGNORECASE)
    if not name or _PRONOUNS.match(name) or not re.search(r"[A-Za-z]", name) or MASK in name:
        return None
    return name


def _is_other(name: str) -> bool:
    """True when the words are a workload, an environment or a thing, and so name no team by themselves."""
    folded = name.lower().strip()
    if folded in _other_words():
        return True
    return all(word in _other_words() for word in re.split(r"[\s/-]+", folded))


def _slug(name: str) -> str:
    text = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    return re.sub(r"^team-|-team$", "", text)


@cache
def _other_words() -> frozenset[str]:
    workloads = table("workloads")
    words = {word for rows in workloads.values() for strength in ("strong", "weak") for word in rows.get(strength, ())}
    words |= {word for row in table("environments").values() for word in row}
    return frozenset(words | {
        "us", "me", "you", "them", "etl", "dashboards", "purposes", "use", "work", "jobs", "data", "production",
        "tests", "experiments", "reporting", "analysis", "demo", "a", "model", "models", "deep", "learning", "machine",
        "near", "sql", "nightly", "daily", "power",
        "event", "hub", "real", "time", "europe", "germany", "cheap", "small", "big",
        "everyone", "compliance", "security", "review", "access", "monday", "sake", "ours", "ourselves", "month",
    })  # fmt: skip
