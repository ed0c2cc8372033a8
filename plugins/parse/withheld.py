"""What makes of an order none in other words than "if" and "not": a reservation ("subject to approval"), something that
comes first or a day to come, an idiom of denial, and a question, a threat or a remark behind it.
"""

import re

from plugins.parse.unordered import REACH, SENTENCE_ENDS

_RESERVED = re.compile(
    r"""\bsubject\sto\b|\bpending\b|\b(?:depend|hing)(?:s|ing|ent)?\son\b|\b(?:contingent|conditional)\s(?:up)?on\b
    |\b(?:as|so)\slong\sas\b(?!\s(?:possible|you\s(?:can|like)|needed|necessary))|\bgiven\sthat\b|\bbarring\b
    |\b(?:only|just)\swith\b
    |\bwith(?:out)?\s(?:[\w']{1,30}\s){0,3}(?:ok|okay|approval|permission|consent|blessing|go-ahead)\b
    |\b(?:has|have|needs?|must|should)\s(?:to\s)?\w{1,20}\sfirst\b|\bin\sthe\sevent\b|\bon\s(?:the\s)?condition\b|\b(?:up)?on\sapproval\b|\bwhenever\b
    |\bshould\s(?!i\b|we\b|you\b|it\b|be\b|have\b|stay\b|get\b)\w{1,20}\s(?:agree|approve|want|need|fail|slip|say)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_ONLY_AFTER = re.compile(
    r"^[^,;]{0,60}?(?<!the day )(?<!the week )\bafter\b(?!\s(?:tomorrow|next|all\b|that\b))", re.IGNORECASE
)
_AFTER_THEN = re.compile(r"(?:^|\W)(?:then|afterwards|after\sthat)(?:\splease|\splz|\spls)?,?\s?$", re.IGNORECASE)
_NOTHING_FIRST = re.compile(
    r"(?:\W|\b(?:ok|okay|yes|yeah|yep|sure|so|well|good|great|fine|alright|all\sright|right|and|but|please|thanks|no|now)\b)*",
    re.IGNORECASE,
)
_FIRST = re.compile(r"\w.*\bfirst\b", re.IGNORECASE | re.DOTALL)
_DAY = (
    r"(?:next\s(?:week|month|year|\w{3,6}day)|tomorrow|tonight|every\s\w{1,20}|each\s(?:time|week|month|day|\w{3,6}day)"
    r"|later|eventually|some\s?(?:day|time)|one\sday|at\ssome\spoint|(?<!as\s)soon"
    r"|(?<=[syhk]\s)(?:in\san?\s(?:day|week|month|year)|on\s\w{3,6}day|in\s(?:jan|febr)uary|in\s(?:march|april|may|june|july)"
    r"|in\s(?:august|(?:septem|octo|novem|decem)ber))"
    r")"
)
_DAY_BEFORE = re.compile(
    rf"(?:^|,\s)\W*(?:on\s)?{_DAY},?\s(?:please\s|pls\s|just\s|(?:we|i|you)\s(?:\w{{1,10}}\s)?)?$", re.IGNORECASE
)
_DAY_BEHIND = re.compile(
    r"^[^,;:]{0,60}?(?<!until\s)(?<!till\s)(?<!til\s)(?<!to\s)(?<!by\s)(?<!of\s)(?<!through\s)(?<!the\s)(?<!for\s)"
    rf"(?<!than\s)\b{_DAY}\b(?!\s(?:than|expiry|end|date|and\b))",
    re.IGNORECASE,
)
_IDIOM = re.compile(
    r"""\bover\smy\sdead\sbody\b|\b(?:like|the|what\sthe)\shell\b|\bhell\sno\b|\b(?:god|heaven|lord)\sforbid\b|\bfat\schance\b
    |\bno\sway\b|\bno\schance\b|\bnot\son\smy\swatch\b|\bwhen\s(?:hell|pigs)\b
    |\blast\sthing\s(?:(?:that\s)?(?:i|we|you|anyone|anybody|one)\s)?(?:\w{1,10}\s)?(?:want|wants|need|needs|do|is)\b
    |\btoo\sbad\b|\b(?:shame|pity|hate|dread|annoying|ridiculous|absurd)\b|\bh+m+\b|\bi'?d\srather\sdie\b
    |\bthank(?:s|\syou)\s(?:that|for)\s(?:[\w']{1,20}\s){0,3}$
    |(?<!be\s)\b(?:great|nice|good|glad|happy|lucky|cool|awesome|wonderful)\sthat\b""",
    re.IGNORECASE | re.VERBOSE,
)
_REMARK = re.compile(
    r"""(?:[.,;!?]+|\s-+)\s?(?:well\W|oh\W|and\s|but\s|so\s|any\s)?(?:over\smy\sdead\sbody|dream\son|you\swish
    |as\sif|yeah,?\sright|sure,?\sjan|thoughts|opinions?|objections?|ideas|comments|what\sdo\s(?:you|we|they)\s(?:think|say)
    |what\ssay\syou|anyone|anybody|y/n|yes/no|yes\sor\sno|seriously|really\?|lol|haha|says\swho|since\swhen|fat\schance|like\shell
    |no\sway|you\smust\sbe|are\syou\s(?:kidding|serious|crazy|mad)|odd|strange|weird|funny|interesting|hm+)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_ASKED_BEHIND = re.compile(
    r"""(?:,|\s-|\band|\bbut)\s(?:and\s|but\s|or\s)?(?:at\s|for\s|to\s|by\s)?
    (?:what(?:'?s)?|how|why|who|whose|which|would|will|does|do|did|is|isn't|doesn't|won't|has|hasn't|can\sthat|could\sthat)\b
    (?!\syou\W*$|\s(?:that|it|this|you|be|we|i)?\s?(?:be\s)?(?:possible|ok|okay|fine|alright|all\sright|work|doable|please|mind|help))""",
    re.IGNORECASE | re.VERBOSE,
)
_CONSEQUENCE = re.compile(
    r"""\band\s(?:(?:i|we|you|it|they|he|she|everything|everybody|nobody)(?:'ll|'re|'m|\s(?:will|are|am|is|lose|loses|lost|would))\b
    |see\b(?!\s(?:to|that)\b))""",
    re.IGNORECASE | re.VERBOSE,
)
_SAID_SO = re.compile(
    r"\b(?:says|said|according\sto|per)\s(?:the\s|our\s|my\s)?\w|\bby\sdefault\b|\([^()]{0,60}\b(?:yesterday|ago|last\s\w{1,9})\b|\b(?:my\sass|lol|lmao|rofl|haha)\b|\s/s\b|\bfor\sall\s(?:i|we)\scare\b|\bclick\b",
    re.IGNORECASE,
)
_TO_DO_SO = re.compile(r"^\W*(?:in\sorder\s)?to\s$", re.IGNORECASE)
_ABLE = re.compile(
    r"""(?:^|[,;:]\s|\b(?:so|but|and|that|which|then)\s)\W*(?:i|we|you|one|they|people|anyone|anybody)(?:'ll|\s(?:will|can|could|may|might))
        (?:\s(?:also|always|still|just|only|even|easily|simply))?\s$""",
    re.IGNORECASE | re.VERBOSE,
)
_DOES = re.compile(r"(?:^|[,;:]\s)\W*(?:i|we|you|they)\s$", re.IGNORECASE)
_EXTENDS = re.compile(r"extend|prolong|renew|postpone", re.IGNORECASE)
"""What one does of that is told; "we keep it" decides."""
_ALLOWED = re.compile(
    r"\b(?:can|could|may)\s(?:one|people|users?|owners?)\s$"
    r"|\b(?:am\si|are\swe|is\sone|is\sit)\s(?:allowed|able|permitted|entitled)\sto\s$",
    re.IGNORECASE,
)
_BECAUSE = re.compile(r"\b(?:because|since|as\swe|as\si|so\sthat|while)\b", re.IGNORECASE)


def is_withheld(text: str, match: re.Match[str]) -> bool:
    """True where the sentence of this phrase, or the beginning of the next, keeps it from being an order of now."""
    before = SENTENCE_ENDS.split(text[max(0, match.start() - REACH) : match.start()])[-1]
    whole = text[match.end() : match.end() + REACH]
    end = SENTENCE_ENDS.search(whole)
    behind = whole[: end.end()] if end else whole
    own = _BECAUSE.split(behind, maxsplit=1)[0]
    if any(found.search(before) for found in (_RESERVED, _IDIOM, _TO_DO_SO, _ALLOWED)) or _comes_later(before, own):
        return True
    does = _EXTENDS.match(match[0]) and _DOES.search(before)
    if "?" not in behind and (does or _ABLE.search(before)):
        return True
    if any(found.search(own) for found in (_RESERVED, _ONLY_AFTER, _ASKED_BEHIND, _CONSEQUENCE)):
        return True
    return _SAID_SO.search(behind) is not None or _REMARK.search(whole) is not None


def _comes_later(before: str, behind: str) -> bool:
    """True where something else is to be done first, or the day of doing it is to come."""
    then = _AFTER_THEN.search(before)
    if then and _NOTHING_FIRST.fullmatch(before[: then.start()]) is None:
        return True
    if _FIRST.search(before) or _DAY_BEFORE.search(before):
        return True
    return _DAY_BEHIND.search(behind) is not None
