"""Owner, cost centre, tags, and the workspace's name: what is quoted, labelled or shaped like nothing else."""

import re

from plugins.parse.reading import Notes, Reading

EMAIL = r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
NAME = re.compile(r"[A-Za-z0-9_-]{3,64}")

_OWNER = (
    re.compile(
        (
            rf"\b(?:owner|owned by|responsible|contact)\b[\s:=|*-]*(?:(?:is|will be|should be|person"
            rf"|e-?mail)\b[\s:=|]*)*({EMAIL})"
        ),
        re.IGNORECASE,
    ),
    re.compile(rf"({EMAIL})\s*(?:as|is|will be|=)\s*(?:the |our |its )?owner", re.IGNORECASE),
    re.compile(rf"({EMAIL})\s*\(owner\)", re.IGNORECASE),
)
_EMAILS = re.compile(EMAIL)
_COST_CENTER = re.compile(
    r"\b(?:cost[\s-]*cent(?:er|re)|kostenstelle|cc|cost code)\b[\s:=|#*]*(?:(?:is|no\.?|number|code)[\s:=|#]*)?"
    r"((?:[A-Za-z]{1,5}-?)?\d[\w-]*)",
    re.IGNORECASE,
)
_CHARGE = re.compile(
    r"\b(?:charge|bill|book)(?:ed)? (?:it |this )?(?:to|on) ([A-Za-z]{0,5}-?\d{3,}[\w-]*)", re.IGNORECASE
)
_PAIR = r"([A-Za-z][\w.-]*)\s*=\s*(\"[^\"\n]*\"|'[^'\n]*'|[^\s,;|\"'()]+)"
_TAGS = re.compile(
    rf"\b(?:and )?tag(?:s|ged)?\b[\s:|*-]*(?:(?:it|them|this|with|as|are|is|both"
    rf"|all)\b[\s:]*)*({_PAIR}(?:\s*(?:,|;|and|&)?\s*(?:tags?\s*:?\s*)?{_PAIR})*)",
    re.IGNORECASE,
)
_ONE_PAIR = re.compile(_PAIR)
_QUOTED_NAME = re.compile(
    r"\b(?:call(?:ed)?|nam(?:e|ed)|rename)\b(?: (?:it|them|this|the workspace|should be|is|to"
    r"|of it))*[\s:=|]*(\"[^\"\n]{1,80}\"|'[^'\n]{1,80}'|`[^`\n]{1,80}`)",
    re.IGNORECASE,
)
_PLAIN_NAME = re.compile(
    r"(?:\b(?:call|name) (?:it|this|the workspace)|\bnamed|\bworkspace name"
    r"|\bname of the workspace|\b(?<!team )(?<!team is )called|^\W*name"
    r"|\bname (?:is|should be|shall be|will be)|\bname)\b[\s:=|]*(?:is |should be |shall be "
    r"|to be )?((?:\$\{|%\{)[^\s,;]{1,80}|[^\s,;|\"'`]{1,80})",
    re.IGNORECASE | re.MULTILINE,
)
_ODD_NAME = re.compile(r"\b(?:name|call) (?:it|this|the workspace)[\s:]+([^\w\s][^\n,]{0,60})", re.IGNORECASE)
_AS_NAME = re.compile(r"([\w-]{3,64})[\"'`]? (?:as|is) (?:the |its |a )?(?:workspace )?name\b", re.IGNORECASE)
_QUOTED = re.compile(r"[\"'`]((?=[\w-]*[-_])[A-Za-z][\w-]{2,63})[\"'`]")
SHAPED = re.compile(r"(?<![\w/.@-])((?:dbw|dbx|adb|ws|databricks)[-_][\w-]*\w)(?![\w/@])", re.IGNORECASE)
_LIKE = re.compile(
    r"\b(?:like|similar to|same as|copy of|clone of|based on|than|mirrors?|modelled on|as in|besides|not)\W*$",
    re.IGNORECASE,
)
_NO_NAME = frozenset(
    {"it", "the", "a", "an", "is", "for", "of", "and", "please", "whatever", "something", "will", "to", "on", "in"}
)


def owner(reading: Reading, notes: Notes) -> None:
    for pattern in _OWNER:
        if found := reading.take(pattern):
            notes.say("owner", found[1].rstrip(".").lower() if found[1].isupper() else found[1].rstrip("."))
            break
    reading.take_all(_EMAILS)


def cost_center(reading: Reading, notes: Notes) -> None:
    found = reading.take(_COST_CENTER) or reading.take(_CHARGE)
    if found:
        notes.say("cost_center", found[1])


def tags(reading: Reading, notes: Notes) -> None:
    said: dict[str, str] = {}
    for found in reading.take_all(_TAGS):
        for pair in _ONE_PAIR.finditer(found[1]):
            said[pair[1]] = pair[2].strip("\"'").rstrip(".")
    if said:
        notes.say("tags", said)


def workspace_name(reading: Reading, notes: Notes) -> None:
    """The name asked for. One that Azure refuses stays unset and is asked, whatever the text around it says."""
    said = _said_name(reading)
    if said is None:
        return
    if NAME.fullmatch(said):
        notes.say("workspace_name", said)
    else:
        notes.doubt("workspace_name", "invalid", said)


def _said_name(reading: Reading) -> str | None:
    if found := reading.take(_QUOTED_NAME):
        return found[1].strip("\"'`")
    if found := reading.take(_AS_NAME):
        return found[1]
    for found in _PLAIN_NAME.finditer(reading.text):
        name = found[1].rstrip(".!?:)").lstrip("(")
        labelled = re.search(r"[:=|]\s*$", reading.text[found.start() : found.start(1)])
        if name and (labelled or name.lower() not in _NO_NAME) and not _LIKE.search(reading.before(found.start(1))):
            reading.mask(found.start(), found.end())
            return name
    if found := reading.take(_ODD_NAME):
        return found[1].strip()
    for pattern in (_QUOTED, SHAPED):
        for found in pattern.finditer(reading.text):
            like = _LIKE.search(reading.before(found.start()))
            reading.mask(found.start(), found.end())
            if not like:
                return found[1]
    return None
