"""What is done to workspaces that stand, what is asked of how they are, and lists: of one that is named, or several."""

import re

from plugins.domain.understanding import Act, Context
from plugins.parse import phrases, scope
from plugins.parse.evidence import MAIN, MOST, SEVERAL, Evidence, is_open, is_request, starts_request
from plugins.parse.fields import times
from plugins.parse.no_destroying import is_no_order, is_only_stated
from plugins.parse.ordered_ends import hangs_behind, is_denied, orders_an_end
from plugins.parse.scaling import scaled
from plugins.parse.unordered import is_foretold, is_of_another_thing, is_put_off, is_unordered

OF_AN_END = frozenset({"workspace_name", "expires_in_days"})


def of_many(text: str, evidence: Evidence, context: Context) -> Act | None:
    """What is done to several that stand, or how they are listed: their facts tell which, and ask for none."""
    is_many = phrases.says("many", text)
    is_in_hand = bool(context.drafts) or context.plan_pending
    if is_many and not (evidence.named or is_in_hand or evidence.facts >= MOST) and scaled(text):
        return "amend"  # “all staging workspaces need 2 more workers” needs no new one
    them = context.listed and says_them(text)
    if not (is_many or phrases.says("sorted", text) or them) or starts_request(text):
        return None
    if evidence.facts >= MOST:
        return None
    if context.workspaces and is_of_an_end(text, evidence, context):
        return "extend"
    if not evidence.named and context.workspaces and phrases.says("change", text) and "?" not in text:
        return "amend" if is_change_of_many(text, evidence) else None
    act = acted_upon(text, evidence, context) if them or _is_upon_many(text) else None
    return act or ("list" if context.listed and _asks_list(text, evidence, context) else None)


def says_them(text: str) -> bool:
    return _THEM.search(text) is not None


_THEM = re.compile(r"\b(?:them|those|these)\b", re.IGNORECASE)


def is_change_of_many(text: str, evidence: Evidence) -> bool:
    """True for "turn off photon on all staging workspaces": several are meant, and something else is said of them."""
    if not phrases.says("many", text):
        return False
    verb = phrases.found("change", text)
    is_changed = verb is not None and verb.start() < scope.BEGINS_WITHIN
    says_what = bool(evidence.fields - MAIN or evidence.fields & {"region"})
    return bool(scaled(text)) or (is_changed and says_what)  # "double the workers" needs no other verb


def changed_by_kind(text: str, evidence: Evidence, context: Context) -> str:
    """The words by which one that stands is meant and changed: the "risk" of "change the risk workspace to 4 workers";
    "" where none is. With a request in hand such words are of the request.
    """
    if evidence.named or is_open(context) or evidence.facts >= MOST or wonders(text) or phrases.says("many", text):
        return ""
    said = phrases.after_openings(text)
    which = _THE_ONE.search(said, 0, scope.BEGINS_WITHIN)
    changes = phrases.begins("alters", text) or phrases.begins("change", text) or said.lower().startswith("give ")
    if which is None or not changes or _CHANGES_NOTHING.match(said) or _MAKES.match(said) or _A_NEW_ONE.search(said):
        return ""
    says_what = evidence.fields - MAIN or evidence.fields & {"region"} or bool(scaled(text))
    return which["which"] if says_what else ""


_THE_ONE = re.compile(r"\b(?:the|our|my)\s(?P<which>(?:[\w-]{1,30}\s){1,4})(?:workspace|ws)\b", re.IGNORECASE)
_MAKES = re.compile(r"(?:set (?:me |us )?up|make|move in)\b", re.IGNORECASE)
_A_NEW_ONE = re.compile(
    r"\b(?:a|an|new|another|one more)\s(?:(?!(?:the|our|my|of|to)\b)[\w-]{1,30}\s){0,4}(?:workspace|ws|databricks)\b",
    re.IGNORECASE,
)


def change_by_kind(text: str, evidence: Evidence, context: Context) -> Act | None:
    if _CHANGES_NOTHING.match(phrases.after_openings(text)) and _BUT.search(text) is None:
        return "unclear"
    return "amend" if changed_by_kind(text, evidence, context) else None


_CHANGES_NOTHING = re.compile(
    r"(?:change|alter|modify|touch|move|resize|scale|set|raise|lower|do)\s(?:absolutely\s)?(?:nothing|none|neither)\b",
    re.IGNORECASE,
)
_BUT = re.compile(r"\b(?:but|except|besides|other than|apart from|then)\b", re.IGNORECASE)


def _is_upon_many(text: str) -> bool:
    """True where an act comes first and several workspaces follow: "destroy all dev workspaces of team risk"."""
    match = phrases.found("destroy", text) or phrases.found("extend", text) or phrases.found("export", text)
    return match is not None and match.start() < scope.BEGINS_WITHIN and phrases.says("many", text)


def is_ordered(text: str) -> bool:
    """True where something is to be done, and money is only why: "delete dbw-x so that we stop paying for it"."""
    if "?" in text:
        return False
    done = [match for match in (phrases.found("destroy", text), phrases.found("extend", text)) if match is not None]
    return any(re.fullmatch(_BEFORE_ORDER, text[: match.start()], re.IGNORECASE | re.DOTALL) for match in done)


_BEFORE_ORDER = (
    r"(?:(?:.{0,200}[.!;:\n])?\W{0,9}|.{0,200},\s(?=(?:please|pls|kindly|now|so|then|just|and|go ahead and)\b))"
    r"(?:(?:please|pls|kindly|now|so|then|just|and|go ahead and)\W{1,3}){0,3}"
)


def is_of_pause(text: str, evidence: Evidence) -> bool:
    """True when what runs in a workspace is to be paused, stopped or started."""
    return phrases.says("pauses", text) and evidence.facts < SEVERAL and not evidence.fields - {"workspace_name"}


def upon(text: str, evidence: Evidence, context: Context) -> Act | None:
    """Acts upon a workspace that is named or meant, and lists of them."""
    named = bool(evidence.named)
    asks_for_one = evidence.facts >= SEVERAL if named else is_request(text, evidence)
    is_list = phrases.begins("lists", text) or (phrases.begins("asks_list", text) and "?" in text)
    if not named and evidence.facts >= MOST and not is_list:
        return None
    if not asks_for_one and (act := acted_upon(text, evidence, context)) is not None:
        return act
    if _asks_list(text, evidence, context):
        return "list"
    return "status" if not asks_for_one and asks_status(text) else None


def wonders(text: str) -> bool:
    """True for a message that asks and orders nothing: what it says of an act is done by nobody ("what happens if we
    extend dbw-x by a week?"). "Can you extend it?" orders.
    """
    said = phrases.after_openings(text)
    # "May we have it for another week?" begins with its wish, "have we extended it?" with its question.
    wishes = said[:5].lower() == "have " and _MAY.search(text[: len(text) - len(said)]) is not None
    return not wishes and not phrases.says("kindly", text) and _WONDERS.match(said) is not None


_MAY = re.compile(r"\b(?:can|could|may)\s(?:we|i)\W*$", re.IGNORECASE)


_WONDERS = re.compile(
    r"""
    (?:(?:tell|explain|show|say|remind|let)\ (?:to\ )?(?:me\ |us\ )?(?:know\ )?)?
    (?:what|what's|who|when|where|why|how|which|whether
    |if(?!\ (?:possible|you\ (?:can|could|don't\ mind)|(?:it|that)(?:'s|\ is)\ (?:ok|okay|fine|possible|no|not)\b))
    |should|shall|did|does|do|has|have|had|was|were|is|are
    |(?:would|will)(?!\ (?:you|somebody))|suppose|supposing|imagine)\b
    """,
    re.IGNORECASE | re.VERBOSE,
)


def acted_upon(text: str, evidence: Evidence, context: Context) -> Act | None:
    named = bool(evidence.named)
    if wonders(text):
        return _looked_up(text, evidence)
    if is_of_an_end(text, evidence, context):
        return "extend"
    destroyed = next((match for match in phrases.each("destroy", text) if not is_only_stated(text, match)), None)
    if destroyed and is_put_off(text, destroyed):
        return "extend" if orders_an_end("extend", text) else None
    if destroyed and _is_no_destroying(text, destroyed):
        return None
    if destroyed and _is_for_later(text, evidence, context):
        return "extend" if orders_an_end("destroy", text) else None
    # “What's that, and can I drop it?” of a request in hand: nothing stands that could go.
    if destroyed and not named and not context.workspaces and is_open(context) and "?" in _asking(text):
        return None
    is_meant = named or phrases.says("destroy_what", text) or evidence.is_by_kind(context)
    if destroyed and is_meant and (named or destroyed.start() < scope.BEGINS_WITHIN):
        return "destroy"
    may_stand = bool(context.workspaces) and (not context.drafts or evidence.is_by_kind(context))
    if (named or may_stand) and orders_an_end("extend", text):
        return "extend"
    return _looked_up(text, evidence)


def _is_no_destroying(text: str, match: re.Match[str]) -> bool:
    return (
        is_denied(text, match.start())
        or is_unordered(text, match)
        or is_of_another_thing(text, match)
        or is_foretold(text, match)
        or hangs_behind(text, match)
        or is_no_order(text, match)
    )


def _looked_up(text: str, evidence: Evidence) -> Act | None:
    """Acts upon a workspace that change nothing."""
    if phrases.says("history", text) and evidence.facts < SEVERAL:
        return "history"
    return "export" if phrases.says("export", text) else None


def _asking(text: str) -> str:
    """The text with its question mark, which people leave out."""
    return f"{text}?" if phrases.begins("question", text) else text


def _is_for_later(text: str, evidence: Evidence, context: Context) -> bool:
    """True when what is to go shall go on a day to come: that is an end, and nothing is destroyed now."""
    later = phrases.found("later", text)
    if later is None or re.search(r"\b(?:that|which|whose|expiring|ones)\b[^.;\n]{0,30}$", text[: later.start()]):
        return False
    is_meant = bool(evidence.named) or phrases.says("many", text) or phrases.says("it", text)
    is_meant = is_meant or evidence.is_by_kind(context)
    return is_meant and evidence.fields - OF_AN_END <= MAIN and "?" not in text


def is_of_an_end(text: str, evidence: Evidence, context: Context) -> bool:
    """True when the message says of a workspace nothing but when it shall end, or that it shall not."""
    is_many = phrases.says("many", text) and not starts_request(text)
    known = bool(evidence.named) or is_many or (bool(context.workspaces) and not context.drafts)
    known = known or evidence.is_by_kind(context)
    says_which = is_many or evidence.is_by_kind(context)
    says_else = evidence.fields - OF_AN_END - (MAIN if says_which else frozenset[str]())
    if not known or says_else or "?" in text or phrases.begins("asks_list", text):
        return False
    if orders_an_end("no_end", text):
        return True
    says_when = "expires_in_days" in evidence.fields or times.says_days(text)
    return says_when and (orders_an_end("sets_end", text) or _is_only_until(text, evidence, context))


def is_unordered_end(text: str, evidence: Evidence) -> bool:
    """True where all that is said of a workspace is an end that nobody orders: "no need to extend dbw-x by a week"."""
    kinds: list[phrases.Kind] = [kind for kind in _ENDING if phrases.says(kind, text)]
    # "Legal would like to keep it until friday" tells of a team and asks for none.
    of_an_end = OF_AN_END if phrases.says("noun", text) else OF_AN_END | {"team"}
    return evidence.fields <= of_an_end and bool(kinds) and not any(orders_an_end(kind, text) for kind in kinds)


_ENDING: tuple[phrases.Kind, ...] = ("extend", "sets_end", "no_end", "destroy")


def supposes_an_end(text: str, evidence: Evidence, context: Context) -> bool:
    """True where it is wondered what another end would come to: "what happens if we extend dbw-x by a week?"."""
    if not (evidence.named or (context.workspaces and not context.drafts)) or evidence.fields - OF_AN_END:
        return False
    says_when = "expires_in_days" in evidence.fields or times.says_days(text)
    says_end = phrases.says("extend", text) or phrases.says("sets_end", text) or _ENDS.search(text) is not None
    return says_when and says_end and wonders(text)


_ENDS = re.compile(r"\b(?:ends?|ended|expired?|expires)\b", re.IGNORECASE)


def _is_only_until(text: str, evidence: Evidence, context: Context) -> bool:
    """True for "till 24 december" and nothing more, where nothing is open that it could answer."""
    said = phrases.after_openings(text)
    until = _UNTIL.match(said)
    if until is None or evidence.named or is_open(context):
        return False
    return not (is_unordered(said, until) or phrases.says("destroy", text) or _FAREWELL.search(said))


_FAREWELL = re.compile(
    r"!|\.\.|\bthen\W*$|\b(?:i'm|we're|they're|it's|(?:i|we) (?:am|are)|it is|i'll|we'll)\b", re.IGNORECASE
)
_UNTIL = re.compile(r"(?:only |just |rather |keep it )?(?:until|till|til)\b", re.IGNORECASE)


def _asks_list(text: str, evidence: Evidence, context: Context) -> bool:
    if phrases.says("list_all", text) and not evidence.fields & {"team", "workload_type"}:
        return True
    if evidence.named or phrases.says("compare", text):
        return False
    if _narrows_list(text, evidence, context) or (evidence.facts and _orders_list(text)):
        return True
    if not phrases.says("list", text) or (phrases.says("cost", text) and not evidence.narrows):
        return False
    return phrases.begins("asks_list", text) or not starts_request(text)


def _orders_list(text: str) -> bool:
    """True for "list the staging workspaces of team fraud": its facts say which, however many they are."""
    return phrases.begins("lists", text) and not phrases.says("cost", text)


def _narrows_list(text: str, evidence: Evidence, context: Context) -> bool:
    """True for what is said of a list that is spoken of, or of one that only such words ask for: "sort by cost"."""
    if starts_request(text) or (is_open(context) and not context.listed):
        return False
    if phrases.says("sorted", text) or phrases.says("ones", text):
        return bool(context.workspaces) or evidence.facts < SEVERAL
    if context.listed and phrases.says("refers", text) and len(text.split()) <= _SHORT:
        return bool(evidence.fields or evidence.narrows)
    asks = phrases.begins("asks_list", text) or phrases.begins("many", text)
    return bool(context.workspaces) and asks and evidence.narrows and evidence.facts < MOST


_SHORT = 12
"""Words of the longest message that only narrows a list."""


def asks_status(text: str) -> bool:
    return (phrases.says("status", text) or phrases.says("ended", text)) and not phrases.says("cost", text)
