"""What is said of the workspace in sight without a verb of change: "4 workers", "owner is jane@contoso.com"."""

import re

from plugins.domain.understanding import Context
from plugins.parse import phrases
from plugins.parse.evidence import Evidence
from plugins.parse.page import Page

_CHANGED_ALONE = frozenset(
    {"owner", "cost_center", "tags", "workers", "node_type", "photon", "spot", "cost_limit", "hours_per_week"}
    | {"enable_gpu", "network"}
)
"""What can be changed of a workspace that stands, and describes no new one by itself, as mentions call it."""

_WISHING = re.compile(
    r"""
    \b(?:
        (?:the\ |its\ )?(?:new\ )?(?:owner|limit|budget|cost\ cent(?:er|re)|tags?)
            (?:\ (?:is|shall\ be|should\ be|must\ be|to|of))?
        |(?:would|should)\ be\ (?:nice|good|great|enough|fine|better|plenty|perfect)|(?:should|will|would)\ do
        |if\ (?:possible|that(?:'?s|\ is)\ (?:ok|okay|fine|possible|alright))|(?:i|we)\ could\ use|(?:a\ )?cap\ of
        |is\ enough|let['\u2019]?s\ (?:use|have|take|go\ with)
        |cap\ it\ at|a\ (?:day|week|month)|between|at\ (?:least|most)
        |(?:i|we)(?:'d|\ would)\ (?:rather|like|prefer)(?:\ to)?(?:\ (?:have|use|get))?|(?:i|we)\ (?:want|need)
        |(?:can|could|may|might)\ (?:i|we|you|it)(?:\ (?:also|please))?
            \ (?:have|get|use|add|put|turn|switch|set|make|give|run)(?:\ it)?(?:\ (?:on|with|to))?
        |it\ (?:should|shall|must|needs?|has\ to)(?:\ to)?(?:\ (?:have|get|use|run\ on|be\ on|be))?
        |(?:make|give|put|charge|book|bill|log|assign|tag|label|use|add|set|name|appoint|turn|switch|take)
            (?:\ (?:it|this|that))?(?:\ (?:to|on|with|at|under|against|an?))?
        |do(?:n't|\ not)\ use|without|with|no|max(?:imum)?|min(?:imum)?|workers?|nodes?|machines?|hours|network
        |as|the|an?|and|also|too|please|pls|now|then|actually|instead|rather|just|only|ok|okay
        |hi|hello|brickie|for\ now|down\ as
    )\b
    |['\u2019]d\ be\ (?:nice|good|great|enough|fine|plenty|perfect)
    |,|:|=|\.$|!$|\ (?:thanks|thank\ you|thx)\W*$
    """,
    re.IGNORECASE | re.VERBOSE,
)
_FLAGS = frozenset({"photon", "spot", "enable_gpu"})
_JUDGES = re.compile(r"\bis\b", re.IGNORECASE)
"""In what is read of a flag: "spot is risky" judges, and wishes only beside a request."""

_SWITCHED = re.compile(r"\W*(?:on|off)\b", re.IGNORECASE)
"""Behind a flag these say how it is to be; before one, or beside a number, nobody knows what goes on or off."""
_ASKS_WHETHER = re.compile(
    r"\b(?:can|could|may|might) (?:(?:i|we|it)(?: also)? (?:use|run)|you(?: also)? have)\b", re.IGNORECASE
)
"""Of what is possible: "can I use photon with spot?" wishes neither."""

_MAY_IT = re.compile(r"\b(?:can|could|may) (?:it|this|that) (?:also )?(?:have|get|be|run|use|go)\b", re.IGNORECASE)


def is_bare_wish(page: Page) -> bool:
    """True where values that can be changed are said, and beside them only the words of wishing and giving: no report
    ("it costs 400 USD"), no judgement ("spot is risky"), nobody else's ("4 workers for wren").
    """
    read = sorted(page.mentions, key=lambda mention: mention.start)
    if not read or any(mention.field not in _CHANGED_ALONE for mention in read):
        return False
    if _ASKS_WHETHER.search(page.layout.text) or _is_refused_or_told(page.layout.text, read[0].start, read[-1].end):
        return False
    kept, parts = 0, list[str]()
    for mention in read:
        if mention.field in _FLAGS and _JUDGES.search(page.layout.text, mention.start, mention.end):
            return False
        parts.append(page.layout.text[kept : max(kept, mention.start)])
        kept = max(kept, mention.end)
        if mention.field in _FLAGS and (switched := _SWITCHED.match(page.layout.text, kept)):
            kept = switched.end()
    rest = " ".join([*parts, page.layout.text[kept:]])
    return re.search(r"\w", _WISHING.sub(" ", rest)) is None


def _is_refused_or_told(text: str, start: int, end: int) -> bool:
    """True where a "no" comes behind what is read between these positions, or words tell what it already is."""
    if _REFUSED.search(text, end) or _NO_PLEASE.search(text, 0, start):
        return True
    return any(told.search(text) for told in (_TOLD, _TOLD_NOW, _NO_MACHINES, _SAD))


_REFUSED = re.compile(
    r"(?<!\w)(?:no|nope|nah|never)\b(?!\s(?:more|less|fewer|longer|rush|hurry|problem)\b)", re.IGNORECASE
)
_NO_PLEASE = re.compile(r"\b(?:please|pls|plz)\W{1,3}no\b\W*$", re.IGNORECASE)
_TOLD = re.compile(
    r"\b(?:its\s(?:\w{1,12}\s)?(?:owner|limit|budget|cost\scent(?:er|re)|tags?)|actually,?\s(?:the\s|its\s)?"
    r"(?:owner|limit|budget|cost\scent(?:er|re)|tags?))\s(?:is|are)\b",
    re.IGNORECASE,
)
_TOLD_NOW = re.compile(
    r"\b(?:is|are)\s(?:now|already|currently)\b|\b(?:is|are)\b[^.;!?\n]{1,80}\snow\W*$", re.IGNORECASE
)
_NO_MACHINES = re.compile(r"\bno\s(?:workers?|nodes?|machines?)\b", re.IGNORECASE)
"""Nobody can tell whether none at all are meant, or no more."""
_SAD = re.compile(r"(?<!\w):-?\(")


def states_alone(text: str, evidence: Evidence, context: Context) -> bool:
    """True for "4 workers", "it needs 4 workers" and "could we have spot?" where workspaces stand: nothing is said but
    what is to hold for one of them.
    """
    if not (context.workspaces and evidence.fields and evidence.is_bare_wish):
        return False
    is_wished = phrases.says("polite", text) or _MAY_IT.search(text) is not None
    return is_wished or phrases.begins("alters", text) or not ("?" in text or phrases.begins("question", text))
