"""Which of the workspaces that stand a message means: "the dev ones over 500 dollars that expire soon, dearest first".

What fields' rules read of a message (environment, team, region …) narrows what is meant, a value behind "except" is
left out, and what only a list knows (a bound, an end, a state, an order) is read here. What nobody reads is `unread`.
"""

import re
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache

from plugins.domain.portfolio import SOON_DAYS, LackedField, Selection, SortKey, Standing
from plugins.domain.understanding import Context
from plugins.parse import phrases, scope
from plugins.parse.fields import kind, money, times
from plugins.parse.page import Page
from plugins.parse.sparing import acts_on_others, is_beside_others, means_others, spared
from plugins.parse.spoken_names import without_meaning
from plugins.parse.vocabulary import table

_LISTS = {
    "environment": "environments",
    "team": "teams",
    "region": "regions",
    "network": "networks",
    "workload_type": "workloads",
    "owner": "owners",
    "address": "owners",
    "cost_center": "cost_centers",
    "node_type": "node_types",
}
"""Fields that rules read → where a selection keeps their values."""

_FLAGS = ("spot", "photon", "enable_gpu")
_BEFORE = 26
"""Characters before a value in which it is said that it is no part of what is meant."""

_AMOUNT = r"(?P<amount>[$€£]?\s?\d[\d.,']{0,12}\s?(?:k\b)?[^.;\n?!]{0,26})"
_OVER = re.compile(
    rf"(?:\b(?:over|above|more than|at least|exceed(?:ing|s)?|greater than|beyond|upwards of"
    rf"|dearer than|more expensive than"
    rf"|starting (?:at|from)|higher than|from)\b|>=?)\s{{0,3}}{_AMOUNT}",
    re.IGNORECASE,
)
_UNDER = re.compile(
    rf"(?:\b(?:under|below|less than|at most|up to|cheaper than|lower than|no more than|max(?:imum)?)\b|<=?)"
    rf"\s{{0,3}}{_AMOUNT}",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\bbetween\s{1,3}(?P<low>[$€£]?\d[\d.,k]{0,12})\s{1,3}and\s{1,3}" + _AMOUNT, re.IGNORECASE)
_NOT_MONEY = re.compile(
    r"^[$€£]?\s?[\d.,]{1,12}\s?(?:days?|weeks?|months?|workers?|nodes?|hours?|gb|cores?|workspaces|ones)\b",
    re.IGNORECASE,
)
_WITHIN = re.compile(
    r"\b(?:within|in|over|during|for)?\s?(?:the )?(?:next|coming|following)?\s{0,2}"
    r"(?P<n>\d{1,3}|two|three|four|a|an|next|coming)?"
    r"\s{0,2}(?P<unit>days?|weeks?|months?|fortnight)\b",
    re.IGNORECASE,
)
_NUMBERS = {"a": 1, "an": 1, "two": 2, "three": 3, "four": 4, "next": 1, "coming": 1}
_UNITS = {"d": 1, "w": 7, "m": 30, "f": 14}
_ENDS = re.compile(
    r"\b(?:expir\w{1,7}|ends?|ending|runs? out|running out|end dates?|time limits?|lapse|due to go)\b", re.IGNORECASE
)
_MINE = re.compile(
    r"\b(?:my own|mine|only my|just my|(?:i|me) (?:asked for|own|created|requested|ordered|made))\b", re.IGNORECASE
)
_RUNTIME = re.compile(
    r"\b(?:runtime|dbr|on|version)\s{0,2}(?:version )?(?P<value>\d{1,2}\.(?:\d|x))(?:\b|-)", re.IGNORECASE
)
_MOST = re.compile(
    r"\b(?:top|first|the)\s{1,2}(?P<n>\d{1,3}|three|five|ten)\b(?! (?:days|weeks|months|workers))", re.IGNORECASE
)
_COUNTS = {"three": 3, "five": 5, "ten": 10}
_LACKS = re.compile(
    r"\b(?:without|no|missing|lack(?:s|ing)?|have no|has no|with no)\s(?:an? |any |the |their )?"
    r"(?P<value>owners?|cost[ -]?cent(?:er|re)s?"
    r"|(?:expiry|expiration|end)(?: dates?)?|limits?|budgets?|tags?)\b",
    re.IGNORECASE,
)
_SORTS = re.compile(
    r"\b(?:sort(?:ed)?|order(?:ed)?|rank(?:ed)?|arranged?)(?: (?:it|them|that|this|the list|those|all|workspaces))?"
    r" (?:by|on|according to)(?: the| their)? (?P<value>[a-z]{2,12}(?: (?:date|cent(?:er|re)))?)"
    r"(?P<way>[ ,]{1,3}(?:asc\w{0,6}|desc\w{0,6}|highest first|lowest first|up|down|dearest first))?",
    re.IGNORECASE,
)
_FIRST = re.compile(
    r"\b(?P<value>most expensive|dearest|costliest|priciest|highest|cheapest|lowest|least expensive|newest|latest"
    r"|oldest|soonest)"
    r"(?: \w{1,12}){0,2} first\b",
    re.IGNORECASE,
)
_TAG = re.compile(
    r"\b(?:tags?|tagged|label\w{0,4})\s(?:with )?(?P<k>[\w.-]{1,40})\s?[=:]\s?(?P<v>[\w.@-]{1,60})", re.IGNORECASE
)


@dataclass
class _SelectionReading:
    """What has been read so far, and where its words stand."""

    text: str
    values: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    excluded: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    fields: dict[str, object] = field(default_factory=dict[str, object])
    taken: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])

    def take(self, match: re.Match[str] | None) -> re.Match[str] | None:
        if match is not None:
            self.taken.append(match.span())
        return match

    def say(self, name: str, value: str, start: int) -> None:
        """One more value of a field, or one that none may have."""
        if is_left_out(self.text, start):
            self.excluded.append((name, value))
            return
        known = self.values.setdefault(_LISTS.get(name, name), [])
        if value not in known:
            known.append(value)


def selection_of(page: Page, named: Sequence[str], context: Context) -> Selection:
    """What this message says of the workspaces that it means; everything where it says nothing."""
    text = page.layout.text
    reading = _SelectionReading(text)
    _read_names(reading, named)
    reading.text = without_meaning(text, named)
    for mention in page.mentions:
        if mention.because and _WHAT_FOR.search(text, max(0, mention.start - _BEFORE), mention.start):
            continue
        if mention.field in _LISTS and isinstance(mention.value, str) and not _is_in_name(text, mention.start, named):
            reading.say(mention.field, mention.value, mention.start)
    _read_denied_environments(reading, page, named)
    _read_flags(reading, page)
    for read in (_read_bounds, _read_lacks, _read_state, _read_order, _read_others):
        read(reading)
    _read_ends(reading, context)
    return Selection.model_validate(
        {
            **{name: tuple(values) for name, values in reading.values.items()},
            **reading.fields,
            "excluded": tuple(dict.fromkeys(reading.excluded)),
            "refers": phrases.says("refers", text),
            "unread": _unread(page, named, reading),
        }
    )


_WHAT_FOR = re.compile(r"\b(?:it|this|that)(?:'s| is)?\s(?:all\s)?for\s(?:the\s|our\s|my\s|an?\s)?$", re.IGNORECASE)
"""Behind this stands what the list is wanted for: "a list of all workspaces, I need it for the audit"."""


def is_left_out(text: str, start: int) -> bool:
    """True where it is said right before this place that what follows is no part of what is meant."""
    before = text[max(0, start - _BEFORE) : start]
    clause = re.split(r"[;.\n]", before)[-1]
    ends = [match.end() for match in _left_out().finditer(clause)]
    return bool(ends) and _BETWEEN_THEM.fullmatch(clause[ends[-1] :]) is not None


_BETWEEN_THEM = re.compile(
    r"\s*(?:(?:for|in|on|the|of|those|these|from|team|any|all|ones|environment|to|touch)\s+){0,4}", re.IGNORECASE
)


@cache
def _left_out() -> re.Pattern[str]:
    return re.compile("|".join(table("acts")["left_out"]["patterns"]), re.IGNORECASE)


def _read_names(reading: _SelectionReading, named: Sequence[str]) -> None:
    """Names that are meant, and those that are left out; what is joined to one that is left out is left out as well."""
    folded = reading.text.casefold()
    end, is_out = 0, False
    of_others = bool(named) and acts_on_others(reading.text)
    for start, name in sorted((folded.find(name.casefold()), name) for name in named):
        is_joined = _JOINED.fullmatch(reading.text[end : max(end, start)]) is not None
        place = (start, start + len(name))
        is_out = bool(spared(reading.text, *place)) or (is_out and is_joined)
        is_out = is_out or (of_others and is_beside_others(reading.text, *place))
        end = start + len(name)
        if is_out and (len(named) + phrases.says("many", reading.text) > 1 or means_others(reading.text)):
            reading.excluded.append(("workspace_name", name))
        else:
            reading.values.setdefault("names", []).append(name)


_JOINED = re.compile(r"[\s,&]*(?:and|or|nor)?[\s,]*", re.IGNORECASE)


def _is_in_name(text: str, start: int, named: Sequence[str]) -> bool:
    """True for a word that is a part of a workspace's name."""
    folded = text.casefold()
    return any((at := folded.find(name.casefold())) >= 0 and at <= start < at + len(name) for name in named)


def _read_denied_environments(reading: _SelectionReading, page: Page, named: Sequence[str]) -> None:
    """Environments that no field was read from, for they are denied: "not in prod", "everything but staging"."""
    known = {*reading.values.get("environments", ()), *(v for n, v in reading.excluded if n == "environment")}
    for hit in page.hits(kind.environment_words()):
        token, value = page.tokens[hit.first], hit.value[0]
        joint = token.joint or (hit.after < len(page.tokens) and page.tokens[hit.after].text in "-_")
        if value in known or joint or hit.value[1] != "plain" or _is_in_name(reading.text, token.start, named):
            continue
        reading.say("environment", value, token.start)
        reading.taken.append((token.start, page.tokens[hit.after - 1].end))


def _read_flags(reading: _SelectionReading, page: Page) -> None:
    said = {m.field: m.value for m in page.mentions if m.field in _FLAGS and isinstance(m.value, bool)}
    if said:
        reading.fields["flags"] = tuple(said.items())


def _read_bounds(reading: _SelectionReading) -> None:
    text = reading.text
    between = _BETWEEN.search(text)
    if between is not None and (high := _amount(between["amount"])) and (low := money.bare_limit(between["low"])):
        reading.take(between)
        # "between 200 and 500 a year": the period is said once, of both.
        share = high[0] / (money.bare_limit(re.split(r"\s", between["amount"])[0]) or high)[0]
        reading.fields |= {"over": low[0] * share, "under": high[0], "currency": high[1] or low[1]}
        return
    for name, pattern in (("over", _OVER), ("under", _UNDER)):
        for match in pattern.finditer(text):
            if (bound := _amount(match["amount"])) is not None:
                reading.taken.append((match.start(), match.end()))
                reading.fields[name] = bound[0]
                if bound[1]:
                    reading.fields["currency"] = bound[1]
                break


def _amount(words: str) -> tuple[Decimal, str | None] | None:
    """Money in a month; None for what counts something else."""
    return None if _NOT_MONEY.match(words) else money.bare_limit(words)


def _read_lacks(reading: _SelectionReading) -> None:
    lacks: list[LackedField] = []
    for match in _LACKS.finditer(reading.text):
        reading.take(match)
        word = match["value"].lower()
        lacks.append(
            "owner"
            if word.startswith("owner")
            else "cost_center"
            if word.startswith("cost")
            else "tags"
            if word.startswith("tag")
            else "cost_limit"
            if word.startswith(("limit", "budget"))
            else "expiry"
        )
    if "expiry" in lacks:
        reading.fields["expiry"] = "never"
        lacks = [lack for lack in lacks if lack != "expiry"]
    if lacks:
        reading.fields["lacks"] = tuple(dict.fromkeys(lacks))


def _read_state(reading: _SelectionReading) -> None:
    words = table("portfolio")["states"]
    states: list[Standing] = []
    for state, patterns in words.items():
        match = reading.take(re.search(rf"\b(?:{'|'.join(patterns)})\b", reading.text, re.IGNORECASE))
        if match is not None and not is_left_out(reading.text, match.start()):
            states.append(state)
    if states:
        reading.fields["states"] = tuple(states)


def _read_order(reading: _SelectionReading) -> None:
    sort = reading.take(_SORTS.search(reading.text))
    first = reading.take(_FIRST.search(reading.text))
    keys: dict[str, SortKey] = table("portfolio")["orders"]
    if sort is not None and (key := keys.get(sort["value"].lower())):
        way = (sort["way"] or "").strip(" ,").lower()
        # The dearest first, unless it is said otherwise: whoever sorts by cost looks for where it goes.
        down = way.startswith(("desc", "highest", "down", "dearest")) or (key == "cost" and not way)
        reading.fields |= {"sort": key, "descending": down}
    elif first is not None:
        word = first["value"].lower()
        key = "age" if word in ("newest", "latest", "oldest") else "expiry" if word == "soonest" else "cost"
        down = word not in ("cheapest", "lowest", "least expensive", "oldest", "soonest")
        reading.fields |= {"sort": key, "descending": down}
    if phrases.says("top", reading.text):
        reading.fields |= {
            "sort": "cost",
            "descending": not re.search(r"\b(?:cheapest|least)\b", reading.text, re.IGNORECASE),
        }
    if count := reading.take(_MOST.search(reading.text)):
        reading.fields["most"] = _COUNTS.get(count["n"].lower()) or int(count["n"])


def _read_others(reading: _SelectionReading) -> None:
    if reading.take(_MINE.search(reading.text)):
        reading.fields["is_mine"] = True
    if runtime := reading.take(_RUNTIME.search(reading.text)):
        reading.fields["runtimes"] = (runtime["value"],)
    tags = tuple((m["k"], m["v"]) for m in _TAG.finditer(reading.text) if reading.take(m))
    if tags:
        reading.fields["tags"] = tags


def _read_ends(reading: _SelectionReading, context: Context) -> None:
    """When what is meant ends: by “soon”, by a day, never, already."""
    text = reading.text
    ends = _ENDS.search(text)
    # "Sort by expiry" asks for no end.
    if ends is not None and any(start <= ends.start() < end for start, end in reading.taken):
        return
    if reading.take(ends) is None or ends is None or "expiry" in reading.fields:
        return
    if re.search(r"\b(?:never|not|n't|no)\b[^.;\n]{0,12}$", text[: ends.start()], re.IGNORECASE):
        reading.fields["expiry"] = "never"
        return
    if re.search(r"\b(?:already|overdue|have|has|past)\b[^.;\n]{0,10}$|\bexpired\b", text[: ends.end()], re.IGNORECASE):
        reading.fields["expiry"] = "over" if "expired" in ends[0].lower() else "ever"
        return
    days = _days_ahead(reading, text, context)
    reading.fields |= {"expiry": "ever"} if days is None else {"expiry": "within", "expiry_days": days}


def _days_ahead(reading: _SelectionReading, text: str, context: Context) -> int | None:
    """Within how many days; None where no time is said."""
    if reading.take(re.search(r"\b(?:soon|shortly|next up|before long)\b", text, re.IGNORECASE)):
        return SOON_DAYS
    if reading.take(re.search(r"\btoday\b", text, re.IGNORECASE)):
        return 0
    if week := reading.take(re.search(r"\bthis (week|month)\b", text, re.IGNORECASE)):
        day = times.day_in(f"end of the {week[1]}", context.today)
        # A week ends on its Sunday for a list, though work ends on Friday.
        return (day - context.today).days + (2 if week[1].lower() == "week" else 0) if day else None
    day = times.day_in(text, context.today)
    if day is not None and day >= context.today:
        return (day - context.today).days
    span = next((m for m in _WITHIN.finditer(text) if m["n"] or "next" in m[0].lower()), None)
    if reading.take(span) is None or span is None:
        return None
    count = _NUMBERS.get((span["n"] or "a").lower()) or int(span["n"])
    return count * _UNITS[span["unit"][0].lower()]


def _unread(page: Page, named: Sequence[str], reading: _SelectionReading) -> tuple[str, ...]:
    """The words that are neither read nor the grammar of such a message, in their order."""
    known = _list_words()
    foreign = set(scope.foreign_words(page, tuple(named)))
    left: list[str] = []
    taken, taken_until = deque(sorted(reading.taken)), 0
    for at, token in enumerate(page.tokens):
        while taken and taken[0][0] <= token.start:
            taken_until = max(taken_until, taken.popleft()[1])
        word = token.low.removesuffix("'s")
        if token.start < taken_until or word in known or token.low not in foreign:
            continue
        # "data-platform": what is joined is one word.
        if token.joint and left and page.tokens[at - 2].low == left[-1].split("-")[-1]:
            left[-1] = f"{left[-1]}-{token.low}"
        else:
            left.append(token.low)
    return tuple(dict.fromkeys(left))[:8]


@cache
def _list_words() -> frozenset[str]:
    return frozenset(str(table("portfolio")["words"]).split())
