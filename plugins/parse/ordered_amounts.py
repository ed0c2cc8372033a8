"""Whether an amount is ordered, or only told, asked, denied or put off: "half the budget is gone" orders nothing.

The grammar of an order is closed. What fits none of its forms is not taken for one: a wrong amend replaces the plan
that waits.
"""

import re

from plugins.parse import phrases

_MANY = r"(?:all|every|each|both)\s(?:of\s)?(?:the\s|our\s|my\s)?(?:\w{1,30}\s){0,2}workspaces?"
_NAME = (
    r"(?:[\w]{1,20}(?:-[\w]{1,30}){1,6}|(?:the\s|our\s)?(?:dev|staging|prod|(?:\w{1,30}\s){0,2}workspace|cluster)"
    rf"|{_MANY})"
)
_FILLER = (
    r"(?:(?:and|but|so|ok|okay|yes|yeah|yep|no|sure|well|then|now|also|just|actually|sorry|oh|hm{1,4}|right|wait|hi"
    r"|hello|hey|please|pls|plz|kindly|thanks|rather|instead|alright|great|fine|perfect)\s){0,6}"
)
_ASKS = (
    rf"(?:(?:can|could|may|might|would|will)\s(?:you|u|ya|we|i|somebody|someone|{_NAME})\s"
    r"|any chance (?:of|to|you could)\s|(?:would|is) it (?:be )?(?:possible|ok|okay) to\s"
    r"|(?:would|do) you mind\s|why don'?t (?:you|we)\s|how about\s)"
)
_WANTS = (
    rf"(?:(?:we|i|it|{_NAME})(?:\s(?:really|do|also|now))?\s(?:needs?|wants?|would (?:like|prefer)|should (?:have|get)"
    r"|shall have|must have|could do with)\s(?:to\s)?|(?:we|i)'d (?:like|prefer|want)\s(?:to\s)?)"
)
_DOES = (
    r"(?:let'?s|let us|make|give|go|have|get|use|take|set|change|switch|bring|scale|push|put|try|run|order|do|update"
    r"|adjust|resize|increase|add|upgrade|keep)\s"
)
_OF = (
    r"(?:(?:it|that|this|them|us|me|the|our|its|my|a|to|with|for|of|up|down|by|on|have|be|number|amount"
    rf"|{_NAME}),?\s){{0,6}}"
)
_LEADS_IN = re.compile(
    rf"(?:(?:for|on|in|at)\s(?:the\s|team\s)?[\w-]{{1,64}}:?\s|{_NAME}:?\s)?"
    rf"{_FILLER}{_ASKS}?{_FILLER}(?:{_WANTS})?(?:{_DOES}){{0,2}}{_OF}(?:please\s)?",
    re.IGNORECASE,
)
_POLITE = re.compile(rf"{_FILLER}{_ASKS}", re.IGNORECASE)
_GOES_ON = re.compile(
    r"\W*(?:$|[.;,:!?\n)]|(?:please|pls|plz|thanks|thank|thx|now|again|instead|too|as well|also|then|though|asap"
    r"|at once|right away|of|for|on|in|to|from|at|by|per|there|and|but|so|because|since|this time|would do|will do"
    r"|would be (?:fine|nice|great|good|perfect|enough)|than (?:now|today|before|planned|it has|there is))\b)",
    re.IGNORECASE,
)
_TOLD_OF_MANY = re.compile(
    rf"{_FILLER}{_MANY}\s(?!should|must|shall|need|want|would|could|(?:have|are)\sto\s|please|pls|plz|kindly)[a-z]",
    re.IGNORECASE,
)
"""What many do or have is told, and orders nothing: "all dev workspaces use twice the budget"."""
_DENIES = re.compile(
    r"(?:n[o']t|\bnever|\bno need(?:\sto|\sfor)?|\bwithout|\brather than|\binstead of|\bneither|\bnor)\b", re.IGNORECASE
)
_DENIED = re.compile(rf"{_DENIES.pattern}\s(?:[\w']{{1,20}}\s){{0,3}}$", re.IGNORECASE)
_ON_CONDITION = re.compile(
    r"\b(?:if|unless|once|when|whenever|as soon as|in case|provided|assuming|assume|suppose|supposing|maybe|perhaps"
    r"|later|tonight|someday|eventually|at night|says?|said|told|thinks?|thought|asked|wants|suggests?|heard)\b",
    re.IGNORECASE,
)
_TELLS = re.compile(r"\b(?:had|was|were|used|did|has|have been|already|is|are)\b", re.IGNORECASE)
_INFLECTED = re.compile(r"\w{3,9}(?:ed|ing)\b", re.IGNORECASE)
_OR = re.compile(r"\s?\bor\s(?!less|more|so\b)", re.IGNORECASE)
_NOT_YET = re.compile(r"(?:n[o']t|\bnever)$", re.IGNORECASE)
"""What ends so is said of the next clause but one: "do not, whatever happens, double it"."""
_TOO_MANY = re.compile(r"\btoo (?:many|few)$", re.IGNORECASE)
_BARE_AMOUNT = re.compile(r"half|twice|\d", re.IGNORECASE)
_PLEASE = re.compile(r"\b(?:please|pls|plz)\b", re.IGNORECASE)
_REACH = 300
"""Characters of a sentence that are looked at before and behind; what stands farther off is of something else."""
_CLAUSE = re.compile(r"[,;]\s|\s(?:and|but|or|then)\s", re.IGNORECASE)
_ENDS = re.compile(r"[.;!?\n]")
_BY = re.compile(r"\bby\s\d{1,3}(?:\s?(?:%|percent\b|workers?\b|nodes?\b|machines?\b)|\s*$)", re.IGNORECASE)
"""By how much, which is no day: "by 20%"."""


def is_denied(match: re.Match[str]) -> bool:
    """True right behind a "don't", "no need to", "without" or "instead of"."""
    return _DENIED.search(match.string, max(0, match.start() - 80), match.start()) is not None


def is_wanted(match: re.Match[str], *, is_of_money: bool = False) -> bool:
    """True where the clause that holds this amount orders it, now and without a condition. Half a budget alone is an
    amount of money, and no order to halve it.
    """
    before, behind, asks = _sentence(match)
    clauses = _CLAUSE.split(before)
    lead, earlier = clauses[-1], before[: len(before) - len(clauses[-1])]
    if is_denied(match) or not _LEADS_IN.fullmatch(lead) or not _GOES_ON.match(behind):
        return False
    if (
        _TOLD_OF_MANY.match(lead)
        or _INFLECTED.match(match[0])
        or _ON_CONDITION.search(before)
        or _ON_CONDITION.search(behind)
    ):
        return False
    if _TOO_MANY.search(match[0]):  # a remark, or a wish: nobody can tell
        return False
    own = _CLAUSE.split(behind, maxsplit=1)[0]
    if any(phrases.says("later", _BY.sub(" ", part)) for part in (own, lead, *clauses[-2:-1])):
        return False
    if _OR.search(earlier) or _OR.match(behind) or any(_NOT_YET.search(clause) for clause in clauses[:-1]):
        return False
    # "Don't double the workers and halve the hours": what denies or tells the first of two does so of both.
    joined = re.search(r"\s(?:and|or)\s$", earlier, re.IGNORECASE)
    if joined and (_DENIES.search(earlier) or _TELLS.search(earlier)):
        return False
    if asks and not _POLITE.match(before.rpartition(", ")[2]) and not _POLITE.match(before):
        return False
    return not (is_of_money and _BARE_AMOUNT.match(match[0]) and not lead and not _PLEASE.search(behind))


def _sentence(match: re.Match[str]) -> tuple[str, str, bool]:
    """What stands before and behind the amount in its sentence, and whether that asks."""
    text = match.string
    before = _ENDS.split(text[max(0, match.start() - _REACH) : match.start()])[-1].lstrip()
    rest = text[match.end() : match.end() + _REACH]
    end = _ENDS.search(rest)
    behind = rest if end is None else rest[: end.start()]
    asks = (end is not None and end[0] == "?") or phrases.begins("question", before)
    return before, behind, asks
