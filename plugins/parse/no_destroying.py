"""Words of a destruction that order none: scorned, threatened with, asked of others, told as an error or with thanks;
and those that only state who has no need.
"""

import re

from plugins.parse.unordered import REACH, SENTENCE_ENDS
from plugins.parse.vocabulary import either

_OBJECT = (
    r"(?:dbw-[\w-]{1,64}|it|this|that|them|(?:the|this|that|our|my)\s(?:[\w-]{1,40}\s){0,3}?(?:workspaces?|ws|one))"
)
_SCORNED = re.compile(rf"\b(?:{either('scorn', 'before')})\b", re.IGNORECASE)
_ORDERS_ANEW = re.compile(r"\b(?:so|please|pls|therefore|hence|thus)\b", re.IGNORECASE)
_SCORNED_AFTER = re.compile(
    rf"[.,;!?\u2013\u2014-]\s{{0,3}}(?:(?:and|but|oh|well|ha|lol|hah)\W\s?)?(?:{either('scorn', 'behind')})",
    re.IGNORECASE,
)
_THREATENS = re.compile(rf"\sand\s(?:{either('scorn', 'threats')})\b", re.IGNORECASE)
_FELT = re.compile(rf"\b(?:{either('scorn', 'felt')})\s(?:that\s)?(?:we|you|i|they)\b[^,:;]{{0,40}}$", re.IGNORECASE)
_THANKED = re.compile(
    r"\b(?:thanks|thank you|thx|cheers|kudos)\b[^,:;.!?\n]{0,30}\sfor\s(?:\w{1,12}\s)?$", re.IGNORECASE
)
_ASKED_OF_OTHERS = re.compile(
    rf"(?:[,?]|\s-)\s{{0,3}}(?:{either('scorn', 'asked')})\s?\?|\b(?:y/n|yes/no|yes or no)\b", re.IGNORECASE
)
_FAILED = re.compile(
    rf"\s{_OBJECT}(?:\s(?:{either('scorn', 'failed')})\b|\s?(?:[:=-]|->|=>)\s?(?:{either('scorn', 'refused')})\b)",
    re.IGNORECASE,
)
_FAILED_BEFORE = re.compile(rf"^\W*(?:{either('scorn', 'refused')})\s?:", re.IGNORECASE)
_CLOSED = re.compile(rf"\((?:{either('scorn', 'closed')})\)", re.IGNORECASE)
_UNDONE = re.compile(
    r"\b(?:undo|undoing|revert|reverting|reverse|roll(?:ing)? back|take back)\s"
    r"(?:(?:the|that|my|this|a|last|our)\s){0,3}$",
    re.IGNORECASE,
)


def is_no_order(text: str, match: re.Match[str]) -> bool:
    """True where the words around a phrase of destruction show that nobody orders it here."""
    before = SENTENCE_ENDS.split(text[max(0, match.start() - REACH) : match.start()])[-1]
    behind = text[match.end() : match.end() + REACH]
    if _STOPS.fullmatch(match[0]) and _WHEN_IDLE.match(behind):
        return True
    own = _ORDERS_ANEW.split(before)[-1]
    if any(told.search(own) for told in (_SCORNED, _FELT, _THANKED, _UNDONE, _FAILED_BEFORE)):
        return True
    if _SOMEBODY.match(behind) and _OF_THINGS_TOO.fullmatch(match[0]) is None:
        return True
    sentence = _ENDS.split(behind, maxsplit=1)[0]
    if _GERMAN.search(match[0]) and is_bound_in_german(text, match):
        return True
    if _FAILED.match(behind) or _CLOSED.search(behind) or _THREATENS.search(sentence):
        return True
    return _SCORNED_AFTER.search(behind) is not None or _ASKED_OF_OTHERS.search(behind) is not None


_STOPS = re.compile(r"shut (?:\S{1,60} )?down|take (?:\S{1,60} )?down|terminate|drop|kill", re.IGNORECASE)
_WHEN_IDLE = re.compile(
    r"""[^,.;!?\n]{0,30}?\b(?:(?:after|nach)\s(?:about\s)?\d{1,5}\s?(?:min\w{0,5}|m|h|hours?|hrs?)\b
    |(?:when|while|if|once)\s(?:it(?:'s|\sis)?\s)?(?:idl(?:e|ing)|nobody|no\sone))""",
    re.IGNORECASE | re.VERBOSE,
)
"""What shall stop by itself is a cluster that nobody uses: "shut it down after 30 min idle"."""


def is_bound_in_german(text: str, match: re.Match[str]) -> bool:
    """True where the German sentence binds what it says to a time or a condition, or tells somebody else's words."""
    before = SENTENCE_ENDS.split(text[max(0, match.start() - REACH) : match.start()])[-1]
    behind = _ENDS.split(text[match.end() : match.end() + REACH], maxsplit=1)[0]
    return _GERMAN_BOUND.search(f"{before} {match[0]} {behind}") is not None


_ENDS = re.compile(r"[.;!?\n](?=\s|$)")
_GERMAN = re.compile(
    r"\b(?:l(?:ö|oe)sch\w{0,2}|gel(?:ö|oe)scht|abrei\w{2,4}|abbauen|zerstören|entfernen|wegräumen|weg|nicht mehr)\b",
    re.IGNORECASE,
)
_GERMAN_BOUND = re.compile(
    r"\b(?:wenn|falls|sobald|sofern|ob|erst|später|demnächst|morgen|übermorgen|nächste[nrsm]?|nach|würde[nt]?|könnte[nt]?|hätte"
    r"|sag(?:t|te|ten|en)|gesagt|mein(?:t|te|ten)|schr(?:ei|ie)bt?|glaubt?|hieß|heißt|soll ich|sollen wir|nie|niemals"
    r"|kein(?:e|en)?)\b"
    r"(?! mehr\b)",
    re.IGNORECASE,
)


def is_only_stated(text: str, match: re.Match[str]) -> bool:
    """True for "dbw-x is no longer needed?" and "… by team wren", which ask, or say of whom."""
    return _NEED.search(match[0]) is not None and _OF_WHOM.match(text, match.end(), match.end() + REACH) is not None


_NEED = re.compile(r"\b(?:needed|required|used|wanted|in use)\b", re.IGNORECASE)
_OF_WHOM = re.compile(
    r"(?:\s(?:by|for)\s[^.,;?!\n]{1,40})?\s?\?|\s(?:any ?more |any longer )?by\s"
    r"(?!(?:us|me|any\w*|our|my|anybody|the team|everyone|everybody|all|either|both)\b)\w",
    re.IGNORECASE,
)
# "I'll kill you" and "drop me a line" are of somebody; "delete me the old one" is not.
_SOMEBODY = re.compile(
    r"\s(?:you|me|him|her|us|myself|yourself|ourselves|time|the mood|the messenger)\b", re.IGNORECASE
)
_OF_THINGS_TOO = re.compile(
    r"(?:delet|remov)\w{1,3}|.*\b(?:go|gone|needed|required|used|wanted|use)\b.*", re.IGNORECASE
)
