"""Whether words of an end, or of a workspace that is to go, order anything: an end is moved at once and without a plan,
so that only an order or a polite wish that stands by itself counts. What is reported, denied, wondered or bound to a
condition orders nothing, nor does what is said of somebody or something else than a workspace.
"""

import re
from itertools import islice

from plugins.parse import phrases
from plugins.parse.keeping import is_kept_otherwise
from plugins.parse.no_destroying import is_bound_in_german
from plugins.parse.unordered import REACH, SENTENCE_ENDS, comes_first, is_foretold, is_told_of, is_unordered
from plugins.parse.withheld import is_withheld

_MOST_LOOKED_AT = 40
"""Phrases of one kind that are looked at in a message: each has its surroundings searched by many patterns."""


def is_denied(text: str, at: int) -> bool:
    """True where the clause that leads to this position denies what stands there: "we aren't planning to delete"."""
    near = text[max(0, at - REACH) : at + REACH]
    at = min(at, REACH)
    begins = max((turn.end() for turn in _TURNS.finditer(near) if turn.end() <= at), default=0)
    doubted = _DOUBTS.search(near, 0, at)
    if doubted and not (_SAID_ANEW.search(near[doubted.end() : begins]) or _BEGINS_ANEW.fullmatch(near[begins:at])):
        return True
    return _DENIES.search(_NO_DENIAL.sub(" ", near[begins:at])) is not None


def orders_an_end(kind: phrases.Kind, text: str) -> bool:
    """True where a phrase of this kind ("extend", "sets_end", "no_end", "destroy") is an order or a wish."""
    found = islice(phrases.each(kind, text), _MOST_LOOKED_AT)
    return any(_stands_by_itself(kind, text, match) and _is_of_itself(kind, text, match) for match in found)


def hangs_behind(text: str, match: re.Match[str]) -> bool:
    """True where what follows binds the phrase to a condition, or tells who said it: "delete it if nobody needs it"."""
    _, behind = _sentence(text, match)
    said = _BECAUSE.split(behind, maxsplit=1)[0]
    return any(found.search(said) for found in (_CONDITION, _WHEN)) or _TOLD_AFTER.search(behind) is not None


_ITSELF = r"""(?:(?:it|this|that|these|those|them|they|all|both|everything)(?:\sone|\sall)?
    |dbw-[\w-]{1,64}
    |(?:the|this|that|our|my|all|every|each|both|its)\s(?:[\w-]{1,40}\s){0,4}?(?:workspaces?|ws|wksp|databricks|dbx|ones?)
    |(?:all\s|the\s|our\s)?(?:team\s[\w-]{1,40}|dev|development|staging|test|prod|production))"""
_VERB = r"""(?:extend|prolong|renew|postpone|push|lengthen|keep|leave|hold|give|add|grant|let|make|have|set|move|change
    |put|bring|remove|delete|drop|destroy|kill|clear|lift)"""
_TURNS = re.compile(
    rf"""[;:!?\n()]|\.(?=\s|$)|\s-\s
    |(?:^|\W)(?:but|so|please|pls|instead|then|therefore|because|since|while|rather)\b
    |(?:^|(?<!n't)(?<!\bnot)(?<!never)(?<!dont)(?<!cant)(?<!cannot)\W)just\b
    |(?:,\s?(?:and\s)?|\band\s)(?=(?:i|we|you|it|this|can|could|may|would|dbw-[\w-]+|another|\d+)\b)
    |,\s?(?:and\s)?(?={_VERB}\b)""",
    re.IGNORECASE | re.VERBOSE,
)
"""Where a denial ends: what follows is said anew."""
_DENIES = re.compile(
    r"\b(?:not|never|cannot|cant|dont|wont|didnt|doesnt|isnt|arent|wasnt|shouldnt|mustnt|without|nobody|noone|nothing|none"
    r"|neither|nor|hardly|no|avoid|refuse[sd]?|stop|against|instead of|rather than)\b|[a-z]'t\b",
    re.IGNORECASE,
)
_NO_DENIAL = re.compile(
    r"\b(?:(?:do not|don'?t|never) (?:forget|hesitate|fail) to|why (?:do not|don'?t|not)(?: (?:we|you|i))?"
    r"|(?:can|could|would|will)(?:n't|'t| not) (?:we|you|i)\b"
    r"|(?:can|could) (?:we|you|i) not(?= (?:just|simply)\b)|not only|no (?:problem|worries|rush|hurry)"
    r"|if (?:you )?(?:do not|don'?t) mind|if (?:it is|it's|that is|that's) (?:not|no) (?:a )?(?:bother|problem|trouble)"
    r"|if (?:it is|it's|that is|that's) not too much trouble)",
    re.IGNORECASE,
)
_DOUBTS = re.compile(
    r"(?:\bnot|n't|\bdont|\bnever) (?:really |honestly )?(?:think|believe|suppose|feel|reckon)\b", re.IGNORECASE
)
"""Denies what follows though a pause comes between: "i don't think, honestly, we should"."""
_SAID_ANEW = re.compile(r"[.;!?\n]|\b(?:so|but|please|pls)\b", re.IGNORECASE)
_BEGINS_ANEW = re.compile(r"(?:(?:can|could|may|would)\b.*)?", re.IGNORECASE)
_TELLS = r"""(?:said|says?|tells?|told|claims?|claimed|thinks?|thought|wrote|writes?|believes?|believed|mentioned
    |promised|heard|read|reads|asked|asks|wants?|wanted|wished|wishes|decided|agreed|expects?|expected|hopes?|hoped|knows?|knew
    |insists?|insisted|suggests?|suggested|assumes?|assumed)"""
_REPORTS = re.compile(
    rf"""\b(?:he|she|they|you|somebody|someone|nobody|everybody|everyone|anybody|anyone|people
    |(?:the|my|our|your|his|her|their|a)\s(?:[\w-]{{1,30}}\s)?[\w-]{{1,30}}|it|which|who|docs?|page|mail)\s
    (?:(?:all|just|only|also|always|once|has|have|had|already)\s)?{_TELLS}\b
    |\baccording\sto\b|\bapparently\b|\ballegedly\b|\bsupposedly\b
    |\b(?:i|we)\s(?:(?:just|once|only)\s)?(?:heard|read|thought|saw|see|noticed|remember|assumed?|guess(?:ed)?|believed?
    |wonder(?:ed)?|doubt(?:ed)?|know|knew|was|were|had|did|used)\b
    |\b(?:i|we)\s(?:think|suppose|reckon)\b(?!\s(?:that\s)?\S+(?:\s\S+){{0,3}}?\s(?:should|must|needs?|have\sto|could|can)\b)
    |\b(?:whether|wonder(?:ing|s)?|check|verify|confirm|curious|imagine|suppose|supposing|explain|why|how|what|who)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_WISHED = re.compile(
    r"\b(?:why (?:do not|don'?t|not)|how about|you think (?:you|we|i) (?:can|could)|check (?:that|it) off)\b",
    re.IGNORECASE,
)
_CONDITION = re.compile(
    r"\b(?:if|unless|in case|provided|assuming|only when|as soon as|once)\b"
    r"(?! (?:more|again|possible|(?:it is|it's|that is|that's|that) (?:possible|ok|okay|fine|alright|all right|works?)"
    r"|you'd\b|you (?:can|could|may|would|don'?t mind|do not mind|please|like)|(?:we|i) (?:may|can|could)\b(?! not)"
    r"|(?:it is|it's|that is|that's) not too much trouble))",
    re.IGNORECASE,
)
_WHEN = re.compile(r"\bwhen\b(?! (?:you|possible|convenient|ready)\b)", re.IGNORECASE)
_EXCEPT = re.compile(r"\bexcept\b", re.IGNORECASE)
_WHEN_BEFORE = re.compile(r"^\W*(?:and |but |so )?when\b", re.IGNORECASE)
_BECAUSE = re.compile(r"\b(?:because|since|as (?!soon)|so that|while|in order)\b", re.IGNORECASE)
_DENIED_AFTER = re.compile(
    r"^[^,;:]{0,80}?\b(?:(?:is|are|was|were|would be|will be|makes|seems)(?:n't| not| no\b| never| hardly| pointless"
    r"| nonsense| out of| unnecessary| too| wrong)|isnt|arent"
    r"|(?:does|do|did|would|will|can|must|may|should)(?:n't|'t| not)"
    r"|cannot|costs?|makes no)\b",
    re.IGNORECASE,
)
_TAG = re.compile(
    r",\s?(?:and\s|or\s)?(?:is|isn't|was|wasn't|does|doesn't|did|didn't|will|won't|right|correct|true|why|how|no|yes|really|or)\b"
    r"(?! (?:that|it|this) (?:be )?(?:ok|okay|fine|possible|alright|all right|work)\b)",
    re.IGNORECASE,
)
_TOLD_AFTER = re.compile(
    rf"(?:,|\bas)\s?(?:far\sas\b|i\s(?:think|guess|believe|suppose|heard|read)\b|(?:you|he|she|they)\s{_TELLS}\b|right\W*$)",
    re.IGNORECASE | re.VERBOSE,
)
_WHO_ELSE = re.compile(
    r"\b(?:he|she|they|nobody|somebody|someone|everybody|everyone)"
    r"(?:'d|'ll| will| would| can| could| should| may)?\W*$",
    re.IGNORECASE,
)


def _sentence(text: str, match: re.Match[str]) -> tuple[str, str]:
    """What stands before and behind in the same sentence, its question mark with it."""
    before = SENTENCE_ENDS.split(text[max(0, match.start() - REACH) : match.start()])[-1]
    behind = text[match.end() : match.end() + REACH]
    end = SENTENCE_ENDS.search(behind)
    return before, behind[: end.end()] if end else behind


def _stands_by_itself(kind: phrases.Kind, text: str, match: re.Match[str]) -> bool:
    """True where nothing in the sentence makes the phrase a report, a denial, a condition or a question of fact."""
    before, behind = _sentence(text, match)
    if is_unordered(text, match) or is_denied(text, match.start()) or _WHO_ELSE.search(before):
        return False
    if _WHEN_BEFORE.match(before) or comes_first(before) or _EXCEPT.search(f"{before} {behind}"):
        return False
    if kind != "destroy" and is_withheld(text, match):
        return False
    if _CONDITION.search(_NO_DENIAL.sub(" ", before)) or _REPORTS.search(_WISHED.sub(" ", before)):
        return False
    said = _BECAUSE.split(behind, maxsplit=1)[0]
    # A denial may stand within the phrase: "can it not stay until friday".
    if kind not in _DENYING and (_DENIES.search(_NO_DENIAL.sub(" ", match[0])) or _DENIED_AFTER.match(said)):
        return False
    return not (hangs_behind(text, match) or ("?" in behind and _TAG.search(behind)))


_DENYING: frozenset[phrases.Kind] = frozenset({"no_end", "destroy"})
"""Kinds of which the phrases themselves deny: "never expire", "no longer needed"."""


def _is_of_itself(kind: phrases.Kind, text: str, match: re.Match[str]) -> bool:
    """True where a workspace is what is extended or stays: "the consultant stays until friday" is of none."""
    if kind == "extend" and _GERMAN.search(match[0]):
        return not is_bound_in_german(text, match)  # its phrases name the workspace themselves
    if kind in _DENYING:
        return not (is_told_of(text, match) if kind == "no_end" else is_foretold(text, match))
    before, behind = _sentence(text, match)
    if act := _ACTS.search(match[0]):
        return _acts_on_it(before + match[0][: act.start()], act[0], match[0][act.end() :] + behind)
    if being := _BEING.search(match[0]):
        if being[0].lower() == "expires" and not _WHEN_ALONE.match(text[match.start() + being.end() :][:REACH]):
            return False
        return _is_to_be(before + match[0][: being.start()], being[0], match[0][being.end() :] + behind)
    return _gives_time(before, match[0], behind)


_GERMAN = re.compile(r"\b(?:verläng\w{2,4}|länger|laufen lassen|stehen lassen|behalten)\b", re.IGNORECASE)
_ACTS = re.compile(
    r"\b(?:extend(?:ing)?|extension|bump|stretch|prolong(?:ing)?|renew|postpone|delay|defer|put off|push|lengthen"
    r"|keep(?:ing)?|leav(?:e|ing)|(?:hold|hang) on to"
    r"|still needs?|add|set|move|change"
    r"|put|bring)\b(?!\s(?:it\sso|sure))",
    re.IGNORECASE,
)
_BEING = re.compile(r"\b(?:stay|live|last|remain|exist|run|stand|expire|end)s?\b", re.IGNORECASE)
_OURS = re.compile(
    r"\b(?:workspaces?|ws|databricks|dbx|environment|env|expiry|expiration|end|date|life|lifetime|lifespan|runtime|time"
    r"|deletion|destruction|removal|ones?|team|dev|development|staging|test|prod|production|sandbox|deployment|limit|dbw-[\w-]+|bit|little|few|couple"
    r"|(?:week|day|month)s?)\b",
    re.IGNORECASE,
)
_OBJECT = re.compile(
    r"^\s(?:(?:of|to|for)\s)?(?:(?P<who>me|us|him|her|you|(?!everything\b)\w+ing(?<!running))\b"
    r"|(?:the|my|our|your|his|her|their|an?)\s(?P<what>[^.,;\n]{1,60}?)"
    r"(?=\s(?:by|for|until|till|til|another|to|with|on)\b|[,.;!?\n]|$))",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    r"\b(?:the|my|our|your|his|her|their|an?)\s(?P<what>(?:[\w-]{1,30}\s){1,3}?)"
    r"(?:(?:will|would|can|could|should|must|may|might|shall|(?:has|have|needs?|wants?|ought)\sto)\s)?$",
    re.IGNORECASE,
)


def _acts_on_it(before: str, verb: str, behind: str) -> bool:
    """True for "extend it", "keep the mint one"; "extend my contract" and "keep me posted" are of other things."""
    thing = _OBJECT.match(behind)
    if thing and (thing["who"] or not _OURS.search(thing["what"])):
        return False
    if is_kept_otherwise(verb, behind) or _is_added_to_others(behind):
        return False
    return verb.lower() == "extension" or not _is_of_others(before)


def _is_added_to_others(behind: str) -> bool:
    """True for the "2 days to the sprint" of "add 2 days to the sprint"."""
    thing = _ADDED_TO.match(behind)
    return thing is not None and _OURS.search(thing["what"]) is None


_ADDED_TO = re.compile(
    r"[^,;:]{1,40}?\b(?:days?|weeks?|months?)\sto\s(?:the|my|our|your|his|her|their|an?)\s(?P<what>[^.,;\n]{1,60})",
    re.IGNORECASE,
)


def _is_of_others(before: str) -> bool:
    """True where somebody or something else than a workspace is who does it: "the auditors will"."""
    subject = _SUBJECT.search(before)
    return subject is not None and _OURS.search(subject["what"]) is None


_MODALS = (
    r"(?:can|could|may|might|should|shall|must|will|would|(?:has|have|needs?|ought)\sto|to|also|really|just|please)"
)
_IT_IS_TO = re.compile(
    rf"(?:^|(?P<word>\w+)?\W+){_ITSELF}(?:\s(?:of|for|in)\s(?:team\s)?[\w-]{{1,40}}){{0,2}}"
    rf"(?P<modal>(?:\s{_MODALS}){{0,3}})\s$",
    re.IGNORECASE | re.VERBOSE,
)
_OF = frozenset(
    {"of", "for", "in", "on", "with", "by", "behind", "like", "from", "about", "without", "nothing", "none"}
)
_WISHES = re.compile(
    r"\b(?:can|could|may|might|shall|should|must|let|make|have|want|like|need|sure|please|pls)\b", re.IGNORECASE
)


_NAME_ALONE = re.compile(r"\W*\w{1,40}-[\w-]{1,60}\s")
_WHEN_ALONE = re.compile(
    r"""(?:\s(?:in|on|after|at|by|the|of|end|next|this|an?|one|two|three|four|five|six|\d{1,4}(?:st|nd|rd|th)?|\d[\d./-]{1,9}
    |days?|weeks?|months?|years?|tomorrow|(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?
    |(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6})){1,8},?(?:\s(?:please|pls|thanks|thank\syou))?\.?\s*$""",
    re.IGNORECASE | re.VERBOSE,
)
_MUST_BE = re.compile(
    r"^\W*(?:so|thus|hence|therefore|then|ah|oh|aha|i\ssee)\W+\S+\s(?:must|has\sto|needs\sto|should|will)\s$",
    re.IGNORECASE,
)
_THEN = re.compile(r"\bthen\W*$", re.IGNORECASE)
"""What is concluded is no wish: "so it must stay until friday"."""


def _is_to_be(before: str, verb: str, behind: str) -> bool:
    """True where a workspace is what shall stay or end; what is told of it is no wish: "it lasts until friday"."""
    subject = _IT_IS_TO.search(before)
    if verb.lower() == "expires" and "?" not in behind and _NAME_ALONE.fullmatch(before):
        return True  # "dbw-ml-dev expires in 30 days": with its name, and nothing beside it, it is set
    if _MUST_BE.match(before) or _THEN.search(behind):
        return False
    is_told = verb.lower().endswith("s") and not _WISHES.search(before)
    if is_told and (subject or "?" in behind or verb.lower() in ("lasts", "remains", "runs", "exists", "stands")):
        return False
    if subject and re.search(r"\bwill\b", subject["modal"], re.IGNORECASE) and "?" not in behind:
        return False
    if subject is None:
        runs_it = verb.lower() == "run" and re.match(rf"\s{_ITSELF}\b", behind, re.IGNORECASE | re.VERBOSE)
        return bool(runs_it) or re.search(r"\w", phrases.after_openings(f"{before}.")) is None
    return (subject["word"] or "").lower() not in _OF


_FILLERS = r"""(?:for|around|alive|running|up|on|live|stay|last|exist|to|at|least|just|only|about|maybe|like|an?|the
    |another|some|yet|still|further|more|extra|additional|bit|little|few|couple|of|long(?:er)?|time|somewhat|life|lifetime|runtime
    |one|two|three|four|five|six|\d{1,4}|days?|weeks?|months?)"""
_GIVEN = re.compile(
    rf"""(?:\b(?:extend|prolong|renew|keep|leave|have|needs?|wants?|like|give|grant|use|let|make|get|run|to)\s{_ITSELF}
    |(?:^|[^\w]){_ITSELF}(?:\s{_MODALS}){{0,2}}\s(?:needs?|gets?|have|gets|stays?|live|last|remain|run|be\skept|be\sextended))
    (?:\s{_FILLERS}){{0,9}}\s?\+?\s?$""",
    re.IGNORECASE | re.VERBOSE,
)
_GIVEN_TO = re.compile(
    rf"""^(?:\s{_FILLERS}){{0,4}}?\s(?:for|with|on|to)\s{_ITSELF}(?![\w-])""", re.IGNORECASE | re.VERBOSE
)
_GIVES = re.compile(
    rf"""\b(?:give|grant|allow|need|want|like|have|get|request|ask\sfor)(?:\s(?:us|me))?(?:\s{_FILLERS}){{0,9}}\s?$""",
    re.IGNORECASE | re.VERBOSE,
)
_WHOLE = re.compile(
    rf"""(?<!\w)(?:{_ITSELF}|{_FILLERS}|please|pls|plz|thanks|thank|thx|you|and|ok|okay|yes|sure|then|hi|hey|hello|so|but
    |well|by|until|till|would|be|great|nice|good|perfect|fine|enough|later\sexpiry|new\sexpiry|brickie|with|if|possible|pretty)
    (?=[\s,:;!.+-]|$)""",
    re.IGNORECASE | re.VERBOSE,
)
_BETWEEN = re.compile(r"[\s,:;!.+-]*")
_REASON = re.compile(r",\s(?=(?:the|we|i|our|my|it)\b)", re.IGNORECASE)


_WOULD_BE = re.compile(r"\bwould be (?:great|nice|good|perfect|fine|lovely|enough)\b", re.IGNORECASE)
_REASON_FIRST = re.compile(r",\s(?=(?:the|we|i|our|my|it|another|one|a|\d+)\b)", re.IGNORECASE)
"""Politely asked, more time may be the end of a sentence that gives the reason first."""
_TO_DO = re.compile(
    r"(?:\s(?:days?|weeks?|months?))?\sto\s(?!(?:it|this|that|the|our|my|dbw-|be|finish|complete|wrap|test|live|run|stay)\b)\w",
    re.IGNORECASE,
)
"""What somebody or something does in that time: "give it two more days to settle"."""
_REMARKS = re.compile(r"\b(?:only|just)\b|!|\.\.", re.IGNORECASE)
_PLEASE = re.compile(r"\b(?:please|pls|plz)\b", re.IGNORECASE)


def _gives_time(before: str, words: str, behind: str) -> bool:
    """True where more time is the whole wish ("another week please"), or is given to a workspace."""
    upto = before + words
    if _TO_DO.match(behind):
        return False
    if (given := _GIVEN.search(upto)) is not None:
        return not _is_of_others(upto[: given.start()])
    if _GIVES.search(upto) and _GIVEN_TO.match(behind) and not _is_of_others(before):
        return True
    is_polite = _PLEASE.search(behind) or _WOULD_BE.search(behind)
    *_, clause = (_REASON_FIRST if is_polite else _REASON).split(before)
    said = _REASON.split(_BECAUSE.split(behind, maxsplit=1)[0], maxsplit=1)[0]
    if _REMARKS.search(clause + words + said) and not _PLEASE.search(clause + said):
        return False
    # Each taken out by itself: matched as one whole, what may be read in two ways takes time that doubles with each.
    rest = _WHOLE.sub(" ", re.sub(r"^\W+|\W+$", "", clause + words + said))
    return "?" not in said and _BETWEEN.fullmatch(rest) is not None
