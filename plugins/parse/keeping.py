"""Whether "keep" and "leave" say of a workspace that it is to stay: "keep it until friday", and neither "keep it paused
until friday" nor "keep calm" nor "leave it until monday", which puts something off.
"""

import re

_ALIVE = r"""(?:up\sand\srunning|running|alive|around|on|live|online|open|going|there|here|standing|available|active
    |as\swell|in\splace|please|pls|at\sleast|just|only|also|still|too|for\s(?:us|now|me)|longer|somewhat|a\sbit)"""
_TIME = (
    r"""(?:until|till|til|for|another|\d|an?\b|one\b|two\b|three\b|four\b|five\b|six\b|some\b|more\b|through\b|by\b)"""
)
_ONE_WORD = r"(?:it|this|that|these|those|them|both|all|everything|dbw-[\w-]{1,64})"
_IS_ONE_WORD = re.compile(rf"\s(?:on\sto\s)?{_ONE_WORD}(?=\s|$)", re.IGNORECASE)
_KEEPS_ALIVE = re.compile(
    rf"\s(?:on\sto\s)?{_ONE_WORD}(?:,?\s(?:and\s|&\s)?{_ONE_WORD}){{0,8}}(?:\sone)?,?(?P<up>\sup)?(?:\s{_ALIVE}){{0,4}}(?:[,;:.!?)]|\s*$|\s{_TIME})",
    re.IGNORECASE | re.VERBOSE,
)
_UP = re.compile(r"\s(?:it|this|that)\sup\s(?:until|till|til|for)\b", re.IGNORECASE)
"""To keep up what one does."""
_PUT_OFF = re.compile(r"\s(?:it|this|that)\s(?:until|till|til)\b", re.IGNORECASE)
_THAT = re.compile(r"\sthat\s", re.IGNORECASE)
_WHAT = re.compile(
    r"""\s(?:on\sto\s)?(?:the|our|my|its|your|every|each|any|just|only|team|dev|development|staging|test|prod|production
    |workspaces?|databricks|all|both|everything|it|this|that|these|those|them|[\w-]{1,40}-[\w-]{1,60})\b""",
    re.IGNORECASE | re.VERBOSE,
)
_OTHERWISE = re.compile(
    r"""\s(?:off|down|stopped|paused|frozen|locked|read-only|short|quiet|simple|small|alone|closed|private|secret|as\s(?:it\s)?is
    |in\smind|at\s\d{1,4}\s\w{1,20}|between\sus|(?:with|to)\s(?:me|us|him|her|them))\s(?:until|till|til|for|another)\b""",
    re.IGNORECASE | re.VERBOSE,
)


_KEEPS = frozenset({"keep", "leave", "hold on to", "hang on to"})
_OF_OTHERS = re.compile(
    r"\s(?:photon|spot|gpus?|workers?|budget|meetings?|contracts?|deadlines?|sprints?|trials?|licen[cs]es?)\b",
    re.IGNORECASE,
)


def is_kept_otherwise(verb: str, behind: str) -> bool:
    """True where this verb and what follows it say how, and not how long, or put something off."""
    verb = verb.lower().replace("keeping", "keep").replace("leaving", "leave")
    if _OF_OTHERS.match(behind):
        return True
    if verb == "push":
        return _THAT.match(behind) is not None
    if verb not in _KEEPS:
        return False
    if (
        (verb == "leave" and _PUT_OFF.match(behind))
        or (verb == "keep" and _UP.match(behind))
        or _OTHERWISE.search(behind[:120])
    ):
        return True
    if _IS_ONE_WORD.match(behind):
        return _KEEPS_ALIVE.match(behind) is None
    return _WHAT.match(behind) is None
