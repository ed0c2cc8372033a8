"""Whether a message orders that all be begun anew, or only speaks of it: only an order drops what waits."""

import re

from plugins.parse import phrases
from plugins.parse.vocabulary import either

_REACH = 300
"""Characters before and behind a phrase that are looked at."""
_ENDS = re.compile(r"[.!?\n]")
_CLAUSE = re.compile(r"[,;:\u2013\u2014]\s|\s(?:and|but|so|then|or)\s", re.IGNORECASE)

_SMALL = r"""(?:no|nope|nah|and|but|so|ok|okay|oh|ah|ugh|hm+|well|yes|yeah|sure|wait|hey|hi|hello|now|just|sorry|then
    |first|right|actually|also|please|pls|plz|kindly|brickie|never\ mind|nvm|thanks|all|simply|completely|really|better
    |(?:(?:this|that|it)(?:\ is|'?s)\ )?wrong(?:\ (?:one|project|team|chat))?
    |(?:forget|scrap|cancel|drop|stop)\ (?:it|that|this|all)|go|a|an|the)"""
_ASKING = r"""(?:can|could)\ (?:we|i|you|u)|would\ you|(?:may|might)\ (?:we|i)
    |would\ (?:it\ be\ (?:possible|ok|okay|fine|alright)\ (?:to|if\ (?:we|i)))|(?:would|do)\ you\ mind(?:\ if\ we)?
    |mind\ if\ (?:we|i)|any\ chance\ (?:we|you|i)\ (?:can|could)|(?:how|what)\ about(?:\ (?:we|you|i))?
    |why\ (?:don['\u2019]?t\ (?:we|you|i)|not)|let['\u2019]?s|let\ us"""
_WANTING = r"""(?:(?:i|we)\ )?(?:really\ |do\ )?(?:want|wanna|wish)(?:\ to)?|(?:i|we)(?:['\u2019]?d|\ would)
    (?:\ (?:really|much))?\ (?:like\ to|rather|prefer\ to|love\ to)"""
_LEADS = re.compile(
    rf"(?:\W*\b{_SMALL}\b)*\W*(?:(?P<asks>\b(?:{_ASKING})\b)|\b(?:{_WANTING})\b)?(?:\W*\b{_SMALL}\b)*\W*",
    re.IGNORECASE | re.VERBOSE,
)
"""All that may stand before the phrase in its clause: no subject but who writes and who reads, no report, no need."""

_FROM_SCRATCH = re.compile(
    r"\b(?:(?:re)?start|begin|do (?:it|this)(?: all)?(?: over)?)(?: (?:all|again))?\s$", re.IGNORECASE
)
_TAIL = re.compile(
    r"""
    (?:[^\w.!?\n]*\b(?:please|pls|plz|thanks|thank\ you|thx|now|right\ now|then|again|all\ over|altogether|completely
    |instead|here    |for\ me|(?:from|at)\ (?:scratch|the\ (?:very\ )?(?:beginning|start|top))|from\ zero
    |with\ (?:this|it|everything|all)
    |(?:what\ )?(?:i|we)(?:['\u2019]?ve|\ have)?\ (?:just\ )?(?:said|told\ you|wrote|asked(?:\ for)?)
    |so\ far|before|earlier|until\ now|up\ to\ now|ok|okay|it|that|this|everything|all)\b)*
    [ "'\u2019\u201d)]*
    (?P<end>$|[.!?\n,;:\u2013\u2014(]|-\ |(?:and|but|so|then|because|since|as)\b(?!\ over\b))
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""All that may stand behind it in its clause: neither another thing nor another time, nor a condition."""
_SCORN = either("scorn", "behind")
_TAKES_BACK = re.compile(
    rf"""
    \W*(?:and\ |but\ |well\W+|oh\W+|hm+\W+)*(?:
        (?:no|nope|nah|never|wait|hm+|why|what|kidding)\b(?=\W*(?:$|[.!?,]|no\b|not\b|wait\b|don|never\b|i\b|way\b|thanks?\b))
        |(?:not|do(?:n['\u2019]?t|\ not)|if|unless|until|when|once|later|tomorrow|maybe|perhaps|only|just\ kidding|or
        |(?:he|she|they|it|\w{{1,20}})\ (?:said|says|told|wrote)|is\ (?:what|not)
        |(?:please\ |only\ |just\ )?keep(?:ing)?|with\ the\ same|except|without|leave
        |(?:that|this|which)(?:['\u2019]?s|\ is)\ what
        |(?:you|are\ you|you\ are|you['\u2019]re)\ (?:must|kidding|joking|crazy|mad|serious)
        |so\ what|does\ (?:it|that)|how|who|where)\b
        |(?:{_SCORN})
    )
    """,
    re.IGNORECASE | re.VERBOSE,
)
_REPORTS = re.compile(
    r"\b(?:says?|said|tell(?:s|ing)?|told|wrote|writes?|reads?|ask(?:s|ed|ing)?|shows?|click(?:s|ed)?|press(?:ed)?"
    r"|labell?ed|called|if|when|whenever|once|unless|until|before|after|whether|suppos(?:e|es|ing)|imagine|assum(?:e|ing))\b",
    re.IGNORECASE,
)
_ENDS_TOO = re.compile(
    r"""
    (?:cancel|forget|scrap|drop|discard|delete|clear|throw|stop|abort|undo|wipe|reset|reject|leave|never|bin|go)\b
    (?:\s(?:away|out|off|back|about|mind|ahead))?
    (?:\s(?:(?:it|that|this|them|these|those|all|everything|both|here|there)(?:\ (?:all|one|alone|be))?
        |(?:(?:all|of|the|this|that|these|those|my|our|your|its)\ ){1,3}(?:[\w-]{1,40}\ ){0,2}
            (?:plans?|drafts?|requests?|thing|lot|workspaces?|conversation|chat|order|ones?|stuff|slate|board|rest|changes?|form|proposal|mess|idea|talk|session)
        |(?:what|everything|all)\ (?:that\ )?(?:i|we)\ \w{1,12}(?:\ \w{1,12}){0,3}|dbw-[\w-]{1,64}))?
    (?:\s(?:away|out|off|please|pls|now|then|again|completely|altogether|for\ now))*\W*
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""What is ended along with what waits: "cancel it and start over"; a "cancel culture" ends nothing here."""
_SCORNED = re.compile(rf"\b(?:{either('scorn', 'before')})\b", re.IGNORECASE)
_NAMES_WHO = re.compile(
    r"\b(?:i|we|i['\u2019]?m|i['\u2019]?ve|we['\u2019]?ve|it|it['\u2019]?s|this|that)\b", re.IGNORECASE
)
_NO_BEFORE = re.compile(r"\bno\s$", re.IGNORECASE)


_FORGETS_A_PART = re.compile(
    r"\W*(?:(?:please|no|ok|sorry|and|but|just)\W{1,3}){0,3}(?:forget|ignore|scrap|disregard) "
    r"(?:what|everything|all|anything)(?: that)? (?:i|we)(?:['\u2019]ve| have)? (?:just )?(?:said|told you|wrote|asked)"
    r"(?: \w{1,10})? (?:about|of|on|regarding|for) [^.!?;,\n]{1,80}\W*",
    re.IGNORECASE,
)


_ALL_BUT = re.compile(
    r"\b(?:forget|scrap|clear|wipe|reset|ignore|disregard|discard)\s(?:it\s)?(?:everything|all)(?:\sof\s(?:it|that|this))?"
    r"\s(?:but|except|apart\sfrom|aside\sfrom|other\sthan|besides|save|minus|bar)\b",
    re.IGNORECASE,
)


def forgets_a_part(text: str, *, is_open: bool) -> bool:
    """True for "forget what I said about photon", which wishes no photon, and no new start either; and for "forget
    everything but the region", where something is drafted.
    """
    return _FORGETS_A_PART.fullmatch(text) is not None or (is_open and _ALL_BUT.search(text) is not None)


def resets(text: str) -> bool:
    """True where one of the sentences orders a new start: "can we start over?", and neither "we start from scratch"
    nor "bob says we should start over" nor "what happens if we do?".
    """
    return any(_is_ordered(text, match) for match in phrases.each("reset", text))


def _is_ordered(text: str, match: re.Match[str]) -> bool:
    sentence = _ENDS.split(text[max(0, match.start() - _REACH) : match.start()])[-1]
    if _SCORNED.search(sentence):
        return False
    breaks = [*_CLAUSE.finditer(sentence)]
    own = sentence[breaks[-1].end() :] if breaks else sentence
    if match[0].lower() == "from scratch":
        begun = _FROM_SCRATCH.search(own)
        if begun is None:
            return False
        own = own[: begun.start()]
    lead = None if _NO_BEFORE.search(own) else _LEADS.fullmatch(own)
    tail = _TAIL.match(text, match.end(), match.end() + _REACH)
    if lead is None or tail is None or _is_taken_back(text, tail):
        return False
    speaks = lead["asks"] is not None or _WANTS.search(own) is not None
    if not speaks and breaks and not _orders_with(sentence[: breaks[-1].start()], breaks[-1][0]):
        return False
    end = _ENDS.search(text, match.end(), match.end() + _REACH)
    asks = end is not None and end[0] == "?"
    return not asks or lead["asks"] is not None or phrases.says("polite", own) or _PLEASE.search(tail[0]) is not None


_WANTS = re.compile(r"\b(?:want|wanna|wish|like|rather|prefer|love)\b", re.IGNORECASE)
_PLEASE = re.compile(r"\b(?:please|pls|plz)\b", re.IGNORECASE)


def _orders_with(before: str, link: str) -> bool:
    """True where a bare "start over" is an order behind these clauses: "cancel it and start over", and not "they told
    me to cancel it and start over" nor "when it fails, start over".
    """
    if _REPORTS.search(before):
        return False
    # "INC-12: start over" and "my manager's words: start over" are titles of what somebody else wrote.
    if link.strip() == ":" and not (_LEADS.fullmatch(before) or _NAMES_WHO.search(before)):
        return False
    if link.strip().lower() not in ("and", "or", "then"):
        return True
    first = _CLAUSE.split(before)[-1]
    lead = _LEADS.match(first)
    rest = first[lead.end() :] if lead else first
    return not rest.strip() or _ENDS_TOO.fullmatch(rest) is not None


_EVERYTHING = re.compile(r"\b(?:everything|all)\s$", re.IGNORECASE)


def _is_taken_back(text: str, tail: re.Match[str]) -> bool:
    """True where what follows says that it is not meant, not of all, not now or not by who writes."""
    # "Forget everything but the region" keeps a part.
    if tail["end"].lower() == "but" and _EVERYTHING.search(text, max(0, tail.start() - _REACH), tail.start("end")):
        return True
    start = tail.start("end") if tail["end"].isalpha() else tail.end()
    # "Start over: what does it do" asks what the words mean.
    if tail["end"] == ":" and phrases.begins("question", text[start : start + _REACH]):
        return True
    return _TAKES_BACK.match(text[start : start + _REACH]) is not None


def is_quoted(text: str) -> bool:
    """True where each new start of a message as it was sent stands in a line that is quoted, or the title of a mail."""
    lines = [text[text.rfind("\n", 0, match.start()) + 1 : match.start()] for match in phrases.each("reset", text)]
    return bool(lines) and all(_QUOTED.match(line) for line in lines)


_QUOTED = re.compile(r"\s*(?:>|(?:fwd?|fw|re|aw|wg|subject|betreff)\s?:)", re.IGNORECASE)
