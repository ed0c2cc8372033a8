"""What keeps a verb from being an order: somebody else does it, it is doubted, told of, or taken back behind it."""

import re

from plugins.parse import phrases
from plugins.parse.vocabulary import table

REACH = 240
"""Characters on either side of a verb that are looked at, so that reading stays linear."""

SENTENCE_ENDS = re.compile(r"[.!?;\n]+(?=\s|$)|\n")
_CLAUSE = re.compile(r"[,:()]|\s-+\s|\b(?:so|but|and|because|then|please|pls|plz|kindly)\b", re.IGNORECASE)
_WORD = re.compile(r"[\w'\u2019@-]+")
_SPEAKERS = frozenset(table("leading")["leads"]["speakers"].split())
_WORKSPACE_WORDS = frozenset(table("leading")["leads"]["workspaces"].split())
_LEADS = frozenset(table("leading")["leads"]["others"].split())
"""Words that may lead to a verb without being who does it."""
_TOLD_BY = re.compile(
    r"\b(?!(?:i|we|which|that|who|it|and|not|just|also|really|still|only)\b)[\w'-]+\s(?:(?:just|also|only|has|have|had)\s)?"
    r"(?:said|says|tells|told|claims|claimed|thinks|thought|wrote|writes|believes|believed|mentioned|promised|asked|asks|wants"
    r"|wanted|wishes|wished|expects|expected|hopes|hoped|insists|insisted|suggests|suggested|recommends|recommended"
    r"|demands|demanded|plans|planned|decided)\b(?!\s(?:workspaces?|ws)\b)",
    re.IGNORECASE,
)
_HEDGED = re.compile(
    r"\b(?:might|maybe|perhaps|possibly|probably|presumably|(?:may|could) (?:still )?need|tried|trying|forgot(?:ten)?"
    r"|wanted|promised|planned|planning|plan|plans|agreed|intend(?:s|ed)?|consider(?:s|ed|ing)?|thought|thinking"
    r"|(?:told|asked|supposed|about|tempted|reluctant|afraid|meant) to|mistake|mistaken|wrong|crazy|mad|stupid|silly"
    r"|risky|bad idea|regret(?:ted)?|almost|nearly|used to|failed to)\b",
    re.IGNORECASE,
)
_NO_HEDGE = re.compile(
    r"\b(?:(?:can|could|would|may|might) (?:we|you|i|it|dbw-\S{1,60}) (?:possibly|perhaps|maybe|please)"
    r"|(?:wanted|meant|planned|about|forgot) to (?:ask|request|say|tell you)"
    r"|might (?:we|i|you)\b|(?:was|am|i'm) (?:wondering|hoping))",
    re.IGNORECASE,
)
_TAKEN_BACK = re.compile(
    r"""\b(?:just|only|i'?m|was)\s(?:kidding|joking)|\bjk\b|\bkidding\b
    |\bor\s(?:maybe\s|perhaps\s|better\s)?not\b(?!\s(?:at\sall\sneeded))
    |\b(?:undecided|haven'?t\sdecided|(?<!has\s)not\s(?:yet\s)?decided|can'?t\sdecide|(?:not\ssure|unsure)(?!\s(?:we|i|it|they)\b))\b
    |\b(?:ask|check\swith|consult|tell|call|ping|wait\sfor)\s(?:me|us|\w+)\s(?:first|before)\b
    |(?:[.,;!?]|\s-|\bbut)\s?(?:but\s|and\s|well\s)?(?:not\s(?:yet|now|today|really)|on\ssecond\sthought|scratch\sthat|forget\s(?:it|that)
        |never\s?mind\W*$|rather\snot|better\snot)\b
    |\?+\s?(?:well\W|oh\W)?(?:(?:no|nope|nah)\b(?!\s(?:rush|hurry|worries|problem|pressure|longer|need))|never\b|not\b(?!\surgent)
        |h+m+\b|u+m+\b|why\b|who\b|dunno|maybe\b|perhaps\b|don'?t\b|do\snot\b|i\s(?:don'?t|do\snot|doubt)\b|let\sme\sthink)
    |[.,;!]\s?(?:but\s)?(?:no|nope|nah|never)(?:\s(?:thanks|thank\syou|way))?[\s.!]*$
    |\b(?:maybe|perhaps|probably|possibly)\W*$
    |,\s(?:\w+\s){1,2}(?:said|says|told\s\w+|asked|thinks|wants)\W*$
    |(?:^(?:(?!\b(?:because|since|as|now)\b)[^,.;!?\n]){0,60}
        |,\s(?:but\s)?(?:it|that|this|which|(?:the|that|this|my|our)\s(?:request|wish|order|change|proposal|idea|plan))\s)
        \b(?:was|were|got|been|is|gets|has\sbeen)\s(?:rejected|declined|refused|denied|cancell?ed|turned\sdown)
    |\?+\s?(?:absolutely|certainly|definitely|surely|of\scourse|please|i'?d|i\swould|rather)\s(?:rather\s)?(?:not\b|don'?t\b)
    |\b(?:no|oh),?\swait\b
    |^[^.;!?\n]{0,60}"?\sis\s(?:what|how|why)\b
    |^[^.;!?,\n]{0,60}\bmakes?\s(?:no|little)\b
    |^[^.;!?,\n]{0,60}\b(?:would|will|could)\sbe\s(?:an?\s|too\s|very\s)?(?:mistake|wrong|bad|stupid|risky|crazy|shame|pity|problem
        |disaster|early|premature)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_AMOUNT = r"(?:an?|one|two|three|four|five|six|\d{1,4})"
_ALTERNATIVES = re.compile(
    rf"\b(?:days?|weeks?|months?)\s?(?:/|\bor\b)\s?(?:(?:by|for|to|until)\s)?{_AMOUNT}\b|\bor\s(?:by|until|till)\b"
    rf"|\b{_AMOUNT}\sor\s{_AMOUNT}\s(?:days|weeks|months)\b"
    r"|\bor\s(?:on\s|next\s)?(?:mon|tues|wednes|thurs|fri|satur|sun)day\b",
    re.IGNORECASE,
)
_SPEAKS_OF = re.compile(
    r"\s\S+\s(?:is|was|takes|makes|means|costs|seems|sounds|looks|would|will|could|might|can)\b", re.IGNORECASE
)
_PAUSED_DENIAL = re.compile(r"(?:n't|\bnot|\bnever|\bdont),\s[^,.;!?\n]{1,60},\s$", re.IGNORECASE)


def is_unordered(text: str, match: re.Match[str]) -> bool:
    """True where the verb of this phrase is somebody else's, doubted, planned, or taken back by what follows."""
    before = SENTENCE_ENDS.split(text[max(0, match.start() - REACH) : match.start()])[-1]
    behind = text[match.end() : match.end() + REACH]
    if _TAKEN_BACK.search(behind) or _ALTERNATIVES.search(match[0] + behind) or _PAUSED_DENIAL.search(before):
        return True
    clause = _CLAUSE.split(before)[-1]
    # "Deleting dbw-x is risky" speaks of it; "would you mind deleting dbw-x" orders it.
    if match[0].lower().endswith("ing") and not clause.strip() and _SPEAKS_OF.match(behind):
        return True
    said = _NO_HEDGE.sub(" ", clause)
    return _HEDGED.search(said) is not None or _TOLD_BY.search(before) is not None or _is_done_by_others(said)


def comes_first(before: str) -> bool:
    """True where these words put something else before what they lead to: "wait until friday before you"."""
    return _COMES_FIRST.search(before) is not None


_COMES_FIRST = re.compile(
    r"\b(?:before|until|till|after|when|whenever|although|though)\s(?:we|you|i)"
    r"(?:\s(?:can|could|have to|must|just))?\s$",
    re.IGNORECASE,
)


def _is_done_by_others(clause: str) -> bool:
    """True where another word than the speaker, the reader or a workspace leads to the verb: "bob will"."""
    is_of_a_workspace = False
    for found in reversed(_WORD.findall(clause)):
        word = found.lower().replace("\u2019", "'")
        if word in _SPEAKERS:
            return False
        is_of_a_workspace = is_of_a_workspace or word in _WORKSPACE_WORDS
        is_known = word in _LEADS or "-" in word or word.isdigit()
        if word.endswith("'s") and word not in _LEADS:
            return True
        if not (is_known or is_of_a_workspace):  # "the churn workspace needs another week" has words of its own
            return True
    return False


_OTHER_THING = re.compile(
    r"^\s(?P<what>[^.,;!?\n]{1,60}?)\s(?:in|from|on|inside|within|of|at)\s(?:the\s)?(?:workspace\s)?(?:dbw-[\w-]+|it)\b",
    re.IGNORECASE,
)
_WORKSPACES = re.compile(
    r"\b(?:workspaces?|ws|databricks|dbx|environment|env|all|everything|it|both|dbw-\S+|rest|whole|deployment)\b",
    re.IGNORECASE,
)


_ITS_THING = re.compile(
    r"\s(?:the\s|its\s)?dbw-[\w-]+(?:'s)?\s(?:\w+\s)?(?:clusters?|tables?|jobs?|notebooks?|schemas?|catalogs?|files?)\b",
    re.IGNORECASE,
)


_SOMEBODY = re.compile(
    r"\s(?:you|me|him|her|us|myself|yourself|someone|somebody|people)\b(?!\s(?:the|a|an)\b)", re.IGNORECASE
)


def is_of_another_thing(text: str, match: re.Match[str]) -> bool:
    """True where what goes is in a workspace and no workspace: "delete the cluster in dbw-x"."""
    behind = text[match.end() : match.end() + REACH]
    if _ITS_THING.match(behind) or _SOMEBODY.match(behind):
        return True
    thing = _OTHER_THING.match(behind)
    return thing is not None and _WORKSPACES.search(thing["what"]) is None


_WISHES = re.compile(
    r"\b(?:can|could|may|might|shall|should|must|let|make|have to|want|like|needs?|sure|please|pls)\b", re.IGNORECASE
)
_STATES = re.compile(
    r"(?:\b(?:has|had|is|would|does|do|did|was|will|got|have)|\w's|\w'll|\w'd)\s(?:an?\s)?$", re.IGNORECASE
)
_PRESENT = re.compile(r"\bnever (?:expires|ends)\b", re.IGNORECASE)
_IS_DONE = re.compile(r"(?:be|get)\s", re.IGNORECASE)


def is_told_of(text: str, match: re.Match[str]) -> bool:
    """True where it is said what is or will be, and not what shall be: "it has no expiry", "it will be deleted"."""
    before = SENTENCE_ENDS.split(text[max(0, match.start() - REACH) : match.start()])[-1]
    if text.startswith(" in sight", match.end()):
        return True
    if _WISHES.search(before):
        return False
    subject = _WORD.search(phrases.after_openings(f"{before}."))
    if _PRESENT.match(match[0]):
        return subject is not None
    return subject is not None and _STATES.search(before) is not None


def is_foretold(text: str, match: re.Match[str]) -> bool:
    """True for "it will be deleted on friday"."""
    before = text[max(0, match.start() - REACH) : match.start()]
    return _IS_DONE.match(match[0]) is not None and re.search(r"(?:\bwill|'ll)\s$", before, re.IGNORECASE) is not None


_PUTS_OFF = re.compile(
    r"\b(?:postpone|delay|defer|put(?:ting)? off|hold off|push (?:back|out)|move)\b[^.;,\n]{0,40}$", re.IGNORECASE
)


def is_put_off(text: str, match: re.Match[str]) -> bool:
    """True where what is ordered of a destruction is that it comes later: "postpone the deletion of dbw-x"."""
    return _PUTS_OFF.search(text[max(0, match.start() - REACH) : match.start()]) is not None
