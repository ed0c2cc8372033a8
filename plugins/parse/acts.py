"""What a message does. Pure patterns over the readable text; the vocabulary of what is out of scope is data.

Order matters and is the whole rule: what cannot be misread comes first, a request for a workspace late, and what
nothing claims is unclear.
"""

import re
from dataclasses import dataclass
from functools import cache

from plugins.domain.understanding import Act, Context
from plugins.parse import phrases
from plugins.parse.fields import people, times
from plugins.parse.vocabulary import alternatives, table
from plugins.parse.words import Phrases, tokens_of


@dataclass(frozen=True)
class Evidence:
    """What was read of the message: which fields it states, which workspaces it names, and where fields stand."""

    fields: frozenset[str]
    named: tuple[str, ...]
    doubts: bool
    places: tuple[int, ...] = ()

    def outside(self, start: int, end: int) -> int:
        """How many of the four main fields are said elsewhere than between these characters."""
        return sum(not start <= at < end for at in self.places)


_BEGINS_WITHIN = 60
"""Characters within which a command has its verb; later it is part of a longer wish."""

_OF_AN_END = frozenset({"workspace_name", "expires_in_days"})
_MAIN = frozenset({"team", "environment", "workload_type", "region"})


def act_of(text: str, seen: Evidence, context: Context) -> Act:
    """The act of this readable text."""
    stripped = text.strip()
    if not re.search(r"\w", stripped):
        return "unclear"
    for rule in (_plain, _named_outright, _scope, _upon, _question):
        act = rule(stripped, seen, context)
        if act is not None:
            return act
    return _request(stripped, seen, context)


def wants_undo(text: str) -> bool:
    return phrases.UNDO.search(text) is not None


def is_additional(text: str) -> bool:
    return phrases.ADDITIONAL.search(text) is not None


def speaks_of_plan(text: str) -> bool:
    return phrases.PLAN.search(text) is not None


def _plain(text: str, seen: Evidence, context: Context) -> Act | None:
    """Greetings, help, resets: messages that say nothing else."""
    if phrases.RESET.search(text) and not (seen.fields & _MAIN and phrases.NOUN.search(text)):
        return "reset"
    if phrases.CANCEL.match(text) or (context.plan_pending and phrases.REFUSE.search(text)):
        return "reject" if context.plan_pending else "reset" if context.drafts else "unclear"
    if phrases.GREET.match(text):
        return "greet"
    if phrases.HELP.search(text) and not seen.fields - {"region", "team"}:
        return "help"
    if phrases.HELLO.search(text) and not seen.fields - {"region", "team"} and not phrases.NOUN.search(text):
        return "greet"
    if wants_undo(text) and context.drafts:
        return "amend"
    return None


def _scope(text: str, seen: Evidence, context: Context) -> Act | None:
    """What Brickie does not do."""
    if service_asked(text, early=len(seen.fields & _MAIN) > 2):  # noqa: PLR2004 - most of the four
        return "out_of_scope"
    if (found := _ON_ANOTHER.search(text)) and not phrases.FROM.search(text[max(0, found.start() - 30) : found.start()]):
        return "out_of_scope"
    clouds = [
        m for m in _words("clouds").finditer(text) if not phrases.FROM.search(text[max(0, m.start() - 30) : m.start()])
    ]
    if clouds and not re.search(r"\bazure\b", text, re.IGNORECASE):
        return "out_of_scope"
    if (phrases.ACCESS.search(text) or phrases.JOBS.search(text)) and not (
        len(seen.fields & _MAIN) > 1 and phrases.NOUN.search(text) and not seen.named
    ):
        return "out_of_scope"
    if _words("tasks").search(text) and not (len(seen.fields & _MAIN) > 2 or (len(seen.fields & _MAIN) > 1 and phrases.NOUN.search(text))):  # noqa: PLR2004
        return "out_of_scope"
    if phrases.NOUN.search(text) or seen.named:
        return None
    products = [
        m
        for m in _words("products").finditer(text)
        if not phrases.FROM.search(text[max(0, m.start() - 30) : m.start()])
    ]
    if products and not (context.open_slots or context.drafts):
        return "out_of_scope"
    if _words("topics").search(text) and not seen.fields - {"region", "workers", "expires_in_days"}:
        return "out_of_scope"
    return None


def _upon(text: str, seen: Evidence, context: Context) -> Act | None:
    """Acts upon a workspace that is named or meant, and lists of them."""
    named = bool(seen.named)
    asks_for_one = len(seen.fields & _MAIN) > 1 if named else _is_request(text, seen)
    if not named and len(seen.fields & _MAIN) > 2 and not (phrases.ASKS_LIST.match(text) and "?" in text):  # noqa: PLR2004 - most of the four
        return None
    if not asks_for_one and (act := _acted_upon(text, seen, context)) is not None:
        return act
    if not seen.fields & {"team", "workload_type"} and re.search(r"\b(?:list|show)(?: me| us)? (?:all|every|each)\b[^.;\n?]{0,20}\bworkspaces?\b", text, re.IGNORECASE):
        return "list"
    if re.search(r"\blist of (?:all|my|our|the|existing|current)\b[^.;\n]{0,12}\bworkspaces\b", text, re.IGNORECASE):
        return "list"
    listed = (
        phrases.LIST.search(text) and not phrases.COMPARE.search(text) and not named and not phrases.COST.search(text)
    )
    if listed and (phrases.ASKS_LIST.match(text) or not _starts_request(text)):
        return "list"
    if (
        (phrases.STATUS.search(text) or phrases.ENDED.search(text))
        and not asks_for_one
        and not phrases.COST.search(text)
    ):
        return "status"
    return None


def _named_outright(text: str, seen: Evidence, context: Context) -> Act | None:
    """What is asked of a workspace by its name, and of nothing else: scope and small talk beside it do not matter."""
    if not seen.named or len(seen.fields & _MAIN) > 1 or phrases.ACCESS.search(text) or phrases.JOBS.search(text):
        return None
    if (act := _acted_upon(text, seen, context)) is not None:
        return act
    if phrases.STATUS.search(text) or phrases.ENDED.search(text):
        return None if phrases.COST.search(text) else "status"
    return None


def _acted_upon(text: str, seen: Evidence, context: Context) -> Act | None:
    named = bool(seen.named)
    if _is_of_an_end(text, seen, context):
        return "extend"
    destroyed = phrases.DESTROY.search(text)
    if destroyed and (named or (phrases.DESTROY_WHAT.search(text) and destroyed.start() < _BEGINS_WITHIN)):
        return "destroy"
    if phrases.EXTEND.search(text) and (named or (context.workspaces and not context.drafts)):
        return "extend"
    if phrases.HISTORY.search(text) and len(seen.fields & _MAIN) < 2:  # noqa: PLR2004 - more is said of a new one
        return "history"
    return "export" if phrases.EXPORT.search(text) else None


def _is_of_an_end(text: str, seen: Evidence, context: Context) -> bool:
    """True when the message says of a workspace nothing but when it shall end, or that it shall not."""
    known = bool(seen.named) or (bool(context.workspaces) and not context.drafts)
    if not known or not seen.fields <= _OF_AN_END or "?" in text:
        return False
    if phrases.NO_END.search(text):
        return True
    says_when = "expires_in_days" in seen.fields or times.says_days(text)
    return says_when and phrases.SETS_END.search(text) is not None


def _question(text: str, seen: Evidence, context: Context) -> Act | None:
    """Questions about money, alternatives and reasons; none of them proposes anything."""
    names_a_team = "team" in context.open_slots and phrases.PRICING_TEAM.match(text) is not None
    without_fields = phrases.COST_FIELDS.sub(" ", text)
    if (found := phrases.EXPLAIN.search(text)) and not _besides(text, seen, found):
        return "explain"
    if (found := phrases.COMPARE.search(text)) and not _besides(text, seen, found) and ("?" in text or not _is_request(text, seen)):
        return "compare"
    if phrases.WHAT_IF.match(text) and seen.fields:
        return "cost"
    found = phrases.COST.search(without_fields) or phrases.PRICE_FIRST.match(text)
    if len(seen.fields & _MAIN) > 2 and found and not _asks(without_fields, found) or (len(seen.fields & _MAIN) > 2 and "?" not in text and not found):  # noqa: PLR2004
        return None
    if (phrases.PRICE_FIRST.match(text) and not names_a_team) or (
        phrases.COST.search(without_fields) and ("?" in text or not _starts_request(text))
    ):
        return "cost"
    return None


_QUESTION_FIRST = re.compile(r"^\W*(?:(?:hi|hey|hello|and|so|ok|please|pls|quick question)\W+){0,3}(?:how much|what|price|cost|quote|estimate|ballpark|rough|give me|can you|could you|tell me|roughly)\b", re.IGNORECASE)


def _asks(text: str, found: re.Match[str]) -> bool:
    """True when the sentence that holds this phrase asks: it ends in a question mark, or the message begins with it."""
    end = min((at for mark in ".!\n?" if (at := text.find(mark, found.end())) >= 0), default=len(text))
    return text[end : end + 1] == "?" or bool(_QUESTION_FIRST.match(text[: found.end()]))


def _besides(text: str, seen: Evidence, found: re.Match[str]) -> bool:
    """True when a workspace is asked for in other sentences than the one that holds this phrase."""
    start = max(text.rfind(mark, 0, found.start()) for mark in ".!?\n") + 1
    ends = [at for mark in ".!?\n" if (at := text.find(mark, found.end())) >= 0]
    return seen.outside(start, min(ends, default=len(text))) > 1


def _request(text: str, seen: Evidence, context: Context) -> Act:
    """Requests, their changes, and answers; else off the topic, or unclear."""
    if len(text.split()) == 1 and seen.named and "workspace_name" not in context.open_slots:
        return "status" if seen.named[0] in context.workspaces and not context.plan_pending else "unclear"
    if len(seen.fields & _MAIN) > 1 and not (context.drafts or context.open_slots or context.plan_pending) and not (set(seen.named) & set(context.workspaces)):
        return "provision"
    if seen.named and phrases.CHANGE.search(text) and not _starts_request(text):
        return "amend"
    if context.drafts or context.open_slots or context.plan_pending:
        act = _in_talk(text, seen, context)
        if act is not None:
            return act
    elif _is_request(text, seen) or (seen.fields and phrases.NOUN.search(text)) or len(seen.fields & _MAIN) > 1:
        return "provision"
    elif (seen.named and seen.fields - {"workspace_name"}) or (
        context.workspaces and seen.fields and phrases.CHANGE.search(text)
    ):
        return "amend"
    elif seen.fields & _MAIN and phrases.VERB.search(text) and not phrases.QUESTION.match(text):
        return "provision"
    if (phrases.QUESTION.match(text) and len(text.split()) > 3) or phrases.COMMAND.match(text):  # noqa: PLR2004
        return "out_of_scope"
    return "unclear"


def _in_talk(text: str, seen: Evidence, context: Context) -> Act | None:
    """A request, a change or an answer, while something is being asked for; None when it is none of them."""
    another = phrases.ANOTHER.search(text) and "team" in seen.fields
    if another or _starts_request(text) or (phrases.NOUN.search(text) and len(seen.fields & _MAIN) > 1):
        return "provision"
    if seen.fields or seen.doubts:
        return "answer" if seen.fields & set(context.open_slots) or not context.drafts else "amend"
    return None


def _starts_request(text: str) -> bool:
    return bool(phrases.NOUN.search(text) and phrases.VERB.search(text) and phrases.ARTICLE.search(text))


def _is_request(text: str, seen: Evidence) -> bool:
    """True when the message asks for a workspace: it says so, or says enough of one."""
    stated = len(seen.fields & _MAIN)
    if stated > 2 or (stated > 1 and phrases.NOUN.search(text) and phrases.VERB.search(text)):  # noqa: PLR2004 - most of the four
        return not phrases.COST.search(phrases.COST_FIELDS.sub(" ", text))
    return bool(_starts_request(text) and not _question_mark_alone(text))


def _question_mark_alone(text: str) -> bool:
    return phrases.QUESTION.match(text) is not None


_ORDERED = re.compile(
    r"(?:^|[\n.!?:;,]|\b(?:a|an|the|new|another|one|some|2|3|our|my|us|me|create|deploy|provision|build|make|spin up|set up|setup|get|need|needs|want|wants|order|request|add|open|roll|launch|give|have|for)\b)[\s\"'(]{0,2}(?:(?:new|small|plain|simple|azure|dev|prod|test|little|big|basic|single|managed|dedicated|second|linux|standard|premium|\w+)\s){0,2}$",
    re.IGNORECASE,
)
_ON_ANOTHER = re.compile(r"\b(?:databricks|workspace|lakehouse|dbx|it)\b (?:should (?:be|run) )?on (?:aws|amazon|gcp|google|google cloud|alibaba)\b", re.IGNORECASE)
_BESIDE = re.compile(r"\b(?:from|to|with|into|of|via|using|through|over|behind|against|on|and|or|connect|connects|our|reads?|loads?|feeds?|consum\w+|like|than|instead|without|no|not|plus|off|replac\w+|migrat\w+|left|leaving|access|mount)\b[^.;\n]{0,12}$", re.IGNORECASE)
_PRODUCT = re.compile(r"\b(?:databricks|dbx|data ?bricks|lakehouse|adb|databrick)\b", re.IGNORECASE)


def service_asked(text: str, *, early: bool = False) -> str:
    """What another service is called that is asked for in place of a workspace; "" when none is.

    With `early` only what the message begins with counts: it says a workspace's facts, and may speak of others beside.
    """
    tokens = tokens_of(text)
    for hit in _services().hits(tokens):
        start, end = tokens[hit.first].start, tokens[hit.after - 1].end
        before = text[max(0, start - 40) : start]
        inside = text[:start] + " " + text[end:]
        if _PRODUCT.search(inside) or phrases.NOUN.search(inside):
            return ""
        if early and start > _BEGINS_WITHIN:
            return ""
        if _ORDERED.search(before) and not _BESIDE.search(before):
            return hit.value[0]
    return ""


@cache
def _services() -> Phrases:
    return Phrases((phrase, (name,)) for name, said in table("scope")["services"].items() for phrase in said)


@cache
def _words(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:{alternatives(table('scope')[name])})(?![\w-])", re.IGNORECASE)


def shaped_names(text: str) -> tuple[str, ...]:
    """Names in the text that look like a workspace's."""
    return tuple(dict.fromkeys(match[1] for match in people.SHAPED.finditer(text)))
