"""Workers, hours and lifetime: the numbers that are not money."""

import re
from datetime import date

from plugins.domain.request import MOST_DAYS
from plugins.parse.reading import Notes, Reading, corrected_between

_WORKER = r"(?:workers?|nodes?|executors?|machines?|vms?|instances?|wrkrs?|worker nodes?)"
_RANGE = re.compile(
    rf"\b(?:(?:{_WORKER}|autoscal\w*|scale|scaling|cluster size|size|cluster)\b[\s:=|(]*(?:of"
    rf"|from|between|is|are)?\s*)?(?P<low>\d{{1,3}})\s*(?:-|to|\.\.\.?|until|and|bis|till"
    rf"|through)\s*(?P<high>\d{{1,3}})\b(?!\s*(?:%|\.\d|/))\s*(?P<after>(?:small |big |spot "
    rf"|fixed )?{_WORKER})?",
    re.IGNORECASE,
)
_LOW_WORDS = (
    r"(?:at least|min(?:imum)?\.?(?: of| is)?|no (?:less|fewer) than|not (?:less|fewer) than"
    r"|starting (?:at|with|from)|from)"
)
_HIGH_WORDS = (
    r"(?:at most|max(?:imum)?\.?(?: of| is)?|up to|no more than|not more than|limited to"
    r"|upper limit(?: of)?|never more than|capped at|cap(?: of)?)"
)
_LOW = re.compile(
    rf"\b(?:{_WORKER}\s*)?{_LOW_WORDS}[\s:=]*(?:{_WORKER}[\s:=]*)?(?P<n>\d{{1,3}})\b(?!\s*(?:%"
    rf"|k\b|hours?|h\b|days?|weeks?|min|gpus?))|(?<![\d.-])(?P<m>\d{{1,3}})\s*(?:{_WORKER}\s*(?:min(?:imum)?"
    rf"|at (?:the )?least|or more)|minimum)\b",
    re.IGNORECASE,
)
_HIGH = re.compile(
    rf"\b(?:{_WORKER}[\s:=]*)?{_HIGH_WORDS}[\s:=]*(?:{_WORKER}[\s:=]*)?(?P<n>\d{{1,3}})\b(?!\s*(?:%"
    rf"|k\b|hours?|h\b|days?|weeks?|gb|tb|[.,]\d|usd|eur|gbp|chf|dollars?|euros?|bucks))"
    rf"|(?<![\d.-])(?P<m>\d{{1,3}})\s*{_WORKER}?\s*(?:max(?:imum)?|at (?:the )?most|tops"
    rf"|or less|or fewer)\b",
    re.IGNORECASE,
)
_EXACT = re.compile(
    rf"\b(?:(?:exactly|always|fixed(?: at| to)?|just|only|with|use|have"
    rf"|on)\s+)?(?P<n>\d{{1,3}})\s+(?:(?:fixed|static|constant|small|big|large|spot|\w+_v\d"
    rf"|[a-z]{{1,2}}\d\w*|gpu|\u00a4+)\s+){{0,3}}{_WORKER}\b",
    re.IGNORECASE,
)
_LABELLED = re.compile(
    rf"\b(?:number of |num[ _]?)?{_WORKER}\s*[:=|]\s*(?:exactly|just|only"
    rf"|fixed(?: at)?)?\s*(?P<n>\d{{1,3}})\b(?!\s*(?:-|to|\.\.))",
    re.IGNORECASE,
)
_SINGLE = re.compile(
    r"\b(?:single|one|1)[\s-]*(?:node|machine|vm)\b|\bno workers\b|\bwithout workers\b"
    r"|\b0 workers\b|\bdriver[\s-]only\b",
    re.IGNORECASE,
)
_LOOKALIKE = re.compile(
    r"\b(?:people|users|analysts|engineers|room|building|floor|gb|tb|had|last one|v\d)\b[^.;\n]{0,12}$", re.IGNORECASE
)
_MOST_WORKERS = 1000

_ALWAYS = re.compile(
    r"\b24\s*[/x]\s*7\b|\baround the clock\b|\bround the clock\b|\balways[\s-]*(?:on|running"
    r"|up)\b|\bnon[\s-]?stop\b|\bday and night\b|\b24 hours (?:a|per|every) day\b"
    r"|\bpermanently (?:on|running)\b|\ball day every day\b",
    re.IGNORECASE,
)
_OFFICE = re.compile(
    r"\b(?:only )?(?:during |in |within )?(?:office|business|working|work) hours(?: only)?\b", re.IGNORECASE
)
_WEEKLY = re.compile(
    r"(?<![\d.])(\d{1,3}(?:\.\d)?)\s*(?:hours?|hrs?|h|std)\s*(?:a|per|/|each|every|weekly"
    r"|p\.?)?\s*(?:week|wk|weekly)\b|\bhours(?: per week| a week|/week)?\s*[:="
    r"|]\s*(\d{1,3})\b",
    re.IGNORECASE,
)
_DAILY = re.compile(
    r"(?:(?:each|every) (?:night|day|morning|evening"
    r"|nite)\D{0,12})?(?<![\d.])(?P<n>\d{1,2}(?:\.\d)?)\s*(?:hours?|hrs?|h)\b\s*(?:(?:a|per|/"
    r"|each|every|on|in the|of the)\s*)?"
    r"(?P<days>weekdays?|working ?days?|work ?days?|business days?|days?|nights?|nightly"
    r"|daily|weekends?|mon(?:day)?s?(?: to | ?- ?)(?:fri|thu)\w*)?(?P<also>[\s,(]*(?:on "
    r"|from )?(?:mon(?:day)?s?\s*(?:to|-|till|through)\s*(?:fri\w*|thu\w*|sat\w*|sun\w*)"
    r"|weekdays|sun(?:day)?s? to thu\w*))?",
    re.IGNORECASE,
)
_CLOCK = re.compile(
    r"(?<![\d.])(?P<from>\d{1,2})(?::?(?P<fm>[0-5]\d))?\s*(?P<fa>am|pm)?\s*(?:-|to|till"
    r"|until)\s*(?P<to>\d{1,2})(?::?(?P<tm>[0-5]\d))?\s*(?P<ta>am|pm)?\s*(?:,|\()?\s*(?:on "
    r"|from |every )?"
    r"(?P<days>mon\w*\s*(?:to|-|till|through)\s*(?:fri|thu|sat|sun)\w*|sun\w* (?:to"
    r"|-) ?thu\w*|weekdays|work ?days|working days|business days|daily|every day|each day"
    r"|7 days a week|on days)\b",
    re.IGNORECASE,
)
_DAYS_FIRST = re.compile(
    r"\b(?P<days>mon\w*\s*(?:to|-|till|through)\s*(?:fri|thu|sat|sun)\w*|sun\w* (?:to|-) ?thu\w*|weekdays|daily"
    r"|working days|business days|every day)[\s,]*(?:from |between |at )?"
    r"(?P<from>\d{1,2})(?::?(?P<fm>[0-5]\d))?\s*(?P<fa>am|pm)?\s*(?:-|to|till|until|and)\s*"
    r"(?P<to>\d{1,2})(?::?(?P<tm>[0-5]\d))?\s*(?P<ta>am|pm)?\b(?!\s*(?:workers?|nodes?))",
    re.IGNORECASE,
)
_DAYS_A_WEEK = re.compile(r"\b([1-7]) days (?:a|per|each|/) ?week\b", re.IGNORECASE)
_DAYS = {"fri": 5, "thu": 4, "sat": 6, "sun": 7}

_SPAN = re.compile(
    r"(?<![\d.,\w])(\d{1,4}|an?(?= )|one)[\s-]*(?:more |extra |additional |further |other )?(days?|d|weeks?"
    r"|wks?|months?|mths?|mos?|years?|yrs?|sprints?)\b",
    re.IGNORECASE,
)
_UNITS = {"d": 1, "w": 7, "m": 30, "y": 365, "s": 14}
_LIVES_BEFORE = re.compile(
    r"\b(?:for(?: only| just| about| the next| around| up to)?|expires?(?: in| after)?|expiry"
    r"|expiration|expire(?: it)? (?:in|after)|after|lifetime|ttl|lives?|valid(?: for)?|only"
    r"|short[\s-]lived|end date|until|keep (?:it|this|them)(?: up| alive| running)?(?: for)?"
    r"|delete(?: it)? (?:in|after)"
    r"|gone (?:after|in)|removed? (?:after|in)|needed for|another|by|longer,?|additional|extra"
    r"|more|extend(?:ed)?(?: it)?(?: by| for)?|duration|duration of|time ?box(?:ed)?(?: to)?"
    r"|temporary)\W{0,4}$",
    re.IGNORECASE,
)
_LIVES_AFTER = re.compile(
    r"^\W{0,3}(?:only|long|longer|more|and then|then|after creation|from now|lifetime|max"
    r"|tops|is enough|will do|or so and|extension|poc|trial|pilot|temporary)\b",
    re.IGNORECASE,
)
_NO_LIFE_BEFORE = re.compile(
    r"\b(?:within|by next|need (?:it|this|them) (?:in|by)|in(?: about)?|last|past|previous"
    r"|every|each|of|keep (?:the |our )?\w+(?: there| here)? for|retain\w*(?: \w+)? for"
    r"|retention|history of|since|ago|over|stored? for|archive\w* for|looks? back|per|took"
    r"|takes|creating for|waiting for)\W{0,3}$",
    re.IGNORECASE,
)
_NO_LIFE_AFTER = re.compile(
    r"^\W{0,2}(?:of (?!creation)|ago|retention|history|old|worth|back|data|notice"
    r"|from kickoff|a week|per week|sla|rolling)",
    re.IGNORECASE,
)
_UNTIL = re.compile(
    r"\b(?:until|till|expires? on|end date|valid until|delete(?: it)? on|up to)\W{0,4}(\d{4})-(\d{2})-(\d{2})\b",
    re.IGNORECASE,
)
_DAY = re.compile(r"(?<![\d-])(\d{4})-(\d{2})-(\d{2})(?![\d-])")
_BACKWARD = re.compile(r"(?:^|[^\w)])([-\u2212\u2013]|minus |negative )$", re.IGNORECASE)
_BACKWARD_ANSWER = re.compile(
    r"\W{0,4}((?:[-\u2212\u2013]|minus |negative )\s?\d{1,6}(?: ?[a-z]{1,7})?)\W*$", re.IGNORECASE
)
_ALONE = re.compile(r"(?:^|[,;\n(/|-])\s*$")


def workers(reading: Reading, notes: Notes) -> None:
    """Minimum and maximum workers; crossing limits and a single node with workers are doubts."""
    single = reading.take(_SINGLE)
    low, high = _limits(reading)
    if single and (low is not None or high is not None) and (low, high) != (0, 0):
        notes.doubt(
            "min_workers",
            "contradiction",
            f"{single[0]}, {low if low is not None else ''} to {high if high is not None else ''} workers",
        )
        return
    if single:
        low = high = 0
    if low is not None and high is not None and low > high:
        notes.doubt("min_workers", "crossing", f"at least {low}, at most {high}")
        return
    for name, value in (("min_workers", low), ("max_workers", high)):
        if value is not None:
            notes.say(name, value)


def bare_workers(text: str) -> tuple[int, int] | None:
    """Workers as the answer to the question for them: "2 to 4", "4"."""
    if found := re.search(r"(\d{1,3})\s*(?:-|to|\.\.|and|bis)\s*(\d{1,3})", text):
        return int(found[1]), int(found[2])
    if found := re.fullmatch(r"\D{0,12}(\d{1,3})\D{0,12}", text):
        return int(found[1]), int(found[1])
    return None


def hours(reading: Reading, notes: Notes) -> None:
    """Hours a week; two different statements are a doubt."""
    said: list[tuple[float, str]] = []
    for pattern, value in ((_ALWAYS, 168.0), (_OFFICE, 40.0)):
        said += [(value, found[0]) for found in reading.take_all(pattern) if not reading.is_negated(found.start())]
    for pattern in (_CLOCK, _DAYS_FIRST):
        said += [(_clock_hours(found), found[0]) for found in reading.take_all(pattern)]
    for found in reading.take_all(_WEEKLY):
        said.append((float(found[1] or found[2]), found[0]))
    week = reading.take(_DAYS_A_WEEK)
    for found in _DAILY.finditer(reading.text):
        days = int(week[1]) if week else _days_of(found)
        if days:
            reading.mask(found.start(), found.end())
            said.append((float(found["n"]) * days, found[0]))
    values = list(dict.fromkeys(value for value, _ in said if 0 <= value <= 168))  # noqa: PLR2004 - a week's hours
    if len(values) > 1:
        notes.doubt("hours_per_week", "contradiction", " and ".join(text.strip() for _, text in said))
    elif values:
        notes.say("hours_per_week", values[0])


def expiry(reading: Reading, notes: Notes, today: date | None = None) -> None:
    """Days that the workspace should live; deadlines, data ages and retention are not that."""
    if today is not None and (found := reading.take(_UNTIL)):
        end = _day(found)
        if end is not None and end > today:
            notes.say("expires_in_days", (end - today).days)
        else:
            notes.doubt("expires_in_days", "invalid", "-".join(found.groups()))
        return
    spans = [found for found in _SPAN.finditer(reading.text) if _is_lifetime(reading, found)]
    if not spans:
        return
    _say_days(reading.text, spans[-1], notes)
    for found in spans:
        reading.mask(found.start(), found.end())


def days_of_an_end(text: str, notes: Notes) -> None:
    """The days of a message that is known to be about a workspace's end, however they are put."""
    if not notes.knows("expires_in_days") and (found := _SPAN.search(text)):
        _say_days(text, found, notes)


def says_days(text: str) -> bool:
    return _SPAN.search(text) is not None or day_in(text) is not None


def _say_days(text: str, found: re.Match[str], notes: Notes) -> None:
    """Days that lead to no day of the next hundred years are a doubt."""
    sign = _BACKWARD.search(text, max(0, found.start() - 10), found.start())
    days = _days(found)
    if sign or not 0 < days <= MOST_DAYS:
        notes.doubt("expires_in_days", "invalid", f"{sign[1] if sign else ''}{found[0]}")
    else:
        notes.say("expires_in_days", days)


def bare_days(text: str) -> int | None:
    """A lifetime as the answer to the question for it: "two more weeks", "10"."""
    if found := _SPAN.search(text):
        return _days(found)
    found = re.fullmatch(r"\D{0,12}(\d{1,4})\D{0,12}", text)
    return int(found[1]) if found else None


def backward_days(text: str, notes: Notes) -> bool:
    """Doubts an answer of days that count backward ("-5"); True when it is one, or they are in doubt already."""
    if notes.knows("expires_in_days"):
        return any(doubt.slot == "expires_in_days" for doubt in notes.doubts)
    if found := _BACKWARD_ANSWER.match(text):
        notes.doubt("expires_in_days", "invalid", found[1])
    elif (span := _SPAN.search(text)) and _BACKWARD.search(text, max(0, span.start() - 10), span.start()):
        _say_days(text, span, notes)
    return any(doubt.slot == "expires_in_days" for doubt in notes.doubts)


def day_in(text: str) -> date | None:
    """The first day that stands in the text as numbers ("2026-12-31"); None when there is none."""
    return next((day for found in _DAY.finditer(text) if (day := _day(found)) is not None), None)


def _day(found: re.Match[str]) -> date | None:
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None


def _limits(reading: Reading) -> tuple[int | None, int | None]:
    ranges = [m for m in _RANGE.finditer(reading.text) if _is_workers(reading, m)]
    low = high = None
    for found in ranges:
        low, high = int(found["low"]), int(found["high"])
        reading.mask(found.start(), found.end())
    for pattern, is_low in ((_LOW, True), (_HIGH, False)):
        for found in pattern.finditer(reading.text):
            number = found["n"] or found["m"]
            if reading.is_negated(found.start()) or not _is_count(reading, found):
                continue
            low, high = (int(number), high) if is_low else (low, int(number))
            reading.mask(found.start(), found.end())
    if low is None and high is None and (found := _LABELLED.search(reading.text) or _exact(reading)):
        low = high = int(found["n"])
        reading.mask(found.start(), found.end())
    return low, high


def _exact(reading: Reading) -> re.Match[str] | None:
    found = [m for m in _EXACT.finditer(reading.text) if not _LOOKALIKE.search(reading.before(m.start()))]
    kept = [m for m in found if not reading.is_negated(m.start("n"))]
    if len(kept) > 1 and corrected_between(reading, kept[0].end(), kept[-1].start()):
        return kept[-1]
    return kept[0] if kept else None


def _is_workers(reading: Reading, found: re.Match[str]) -> bool:
    """A range counts when workers are named at it or right beside it."""
    named = re.search(rf"{_WORKER}|autoscal|scal(?:e|ing)|cluster", found[0], re.IGNORECASE)
    near = re.search(
        rf"\b(?:{_WORKER}|autoscal\w*|scal\w+|between)\W*$", reading.before(found.start(), 18), re.IGNORECASE
    )
    after = re.match(rf"\s*(?:\w+\s){{0,2}}{_WORKER}\b", reading.after(found.end(), 26), re.IGNORECASE)
    return bool(named or near or after)


def _is_count(reading: Reading, found: re.Match[str]) -> bool:
    """A bare "max 10" counts workers unless it limits money, time or people."""
    if re.search(_WORKER, found[0], re.IGNORECASE):
        return True
    if re.match(
        (
            r"\s*(?:usd|eur|gbp|chf|\$|\u20ac|\u00a3|dollars?|euros?|bucks|k\b|people|users|gb|tb"
            r"|hours?|h\b|days?|weeks?|months?|minutes?|gpus?|\d|%|per (?:month|week|year)|a (?:month"
            r"|week|year)|/ ?(?:mo|month|week|year|day)\b)"
        ),
        reading.after(found.end()),
        re.IGNORECASE,
    ):
        return False
    return (
        re.search(r"(?:\$|\u20ac|\u00a3|budget|cost|spend)\W*\w*\W*$", reading.before(found.start(), 14), re.IGNORECASE)
        is None
    )


def _clock_hours(found: re.Match[str]) -> float:
    start = _hour(found["from"], found["fm"], found["fa"])
    end = _hour(found["to"], found["tm"], found["ta"])
    if end <= start:
        end += 12 if not found["ta"] and end + 12 > start else 24
    return (end - start) * _week_days(found["days"])


def _hour(hour: str, minute: str | None, half: str | None) -> float:
    value = int(hour) % 12 + 12 if (half or "").lower() == "pm" else int(hour)
    return value + int(minute or 0) / 60


def _week_days(days: str) -> int:
    folded = days.lower()
    if re.match(r"sun\w* ?(?:to|-)", folded):
        return 5
    if re.match(r"daily|every|each|7", folded):
        return 7
    end = re.search(r"(fri|thu|sat|sun)\w*$", folded)
    return _DAYS[end[1]] if end and folded.startswith("mon") else 5


def _days_of(found: re.Match[str]) -> int:
    days, also = (found["days"] or "").lower(), (found["also"] or "").strip(" ,(").lower()
    if also:
        return _week_days(re.sub(r"^(?:on|from) ", "", also))
    if days.startswith(("weekday", "work", "business", "mon")):
        return 5
    if days.startswith("weekend"):
        return 2
    if days or re.match(r"(?:each|every)", found[0], re.IGNORECASE):
        return 7
    return 0


def _is_lifetime(reading: Reading, found: re.Match[str]) -> bool:
    before, after = reading.before(found.start(), 34), reading.after(found.end(), 20)
    if _NO_LIFE_AFTER.match(after):
        return False
    if _NO_LIFE_BEFORE.search(before) and not re.search(
        r"\b(?:expires?|gone|delete\w*|removed?|dies?) in\W*$", before, re.IGNORECASE
    ):
        return False
    alone = _ALONE.search(before) and re.match(r"\s*(?:$|[,;.\n)|/])", reading.after(found.end()) or "")
    if not found[1].isdigit():
        return bool(_LIVES_BEFORE.search(before) or re.match(r"\W{0,3}(?:longer|more)\b", after, re.IGNORECASE))
    more = re.search(r"\b(?:more|extra|additional|further)\b", found[0], re.IGNORECASE)
    return bool(more or _LIVES_BEFORE.search(before) or _LIVES_AFTER.match(after) or alone)


def _days(found: re.Match[str]) -> int:
    unit = found[2][0].lower()
    return (int(found[1]) if found[1].isdigit() else 1) * _UNITS[unit]
