"""From a model's reading to an understanding that the conversation may act upon. Pure.

The model proposes, this code disposes. A stated field needs a quote that occurs in the person's latest message and
bears the value (`agent.brain.grounding.evidence`); else it is an assumption, which is shown, a question, or nothing.
What would change something without a plan to confirm (an extension, a reset, a rejection) needs the rules'
agreement: no text that a model merely saw can cause it. A quoted value that its own words bear is not overruled because
the rules read the message otherwise.
"""

import re
from dataclasses import replace

from pydantic import JsonValue

from agent.brain.grounding.evidence import is_limit, squeezed
from agent.brain.grounding.quantities import QuotedWords, folded
from agent.brain.grounding.workspace import GroundedWorkspace, MessageInContext, bare, grounded_workspace, occurs_in
from agent.brain.model_output import Inferred, ModelReading, Stated, Workspace
from plugins.domain.request import InfrastructureRequest, usable_request
from plugins.domain.understanding import Act, Doubt, Statement, Understanding
from plugins.parse.of_the_talk import OF_THE_TALK
from plugins.parse.scope import service_meant
from plugins.parse.upon import wonders
from plugins.parse.words import plain_words

_DRAFTING: frozenset[Act] = frozenset({"provision", "amend", "answer", "cost"})
_UPON: frozenset[Act] = frozenset({"status", "export", "destroy", "extend", "history"})
_OF_ONE: frozenset[Act] = frozenset({"list", "explain", "compare"})
"""Questions that may name a workspace: the answer is of that one."""
_ASK_FIRST = frozenset({"several", "contradiction", "ambiguous", "invalid", "crossing", "not_offered", "other_cloud"})
_CHANGES_NOTHING: frozenset[Act] = frozenset(
    {"explain", "status", "help", "greet", "cost", "compare", "list", "unclear", "out_of_scope"}
)
_RESTRICTIONS = ("cost_limit", "currency", "network")
"""What a person forbade or capped: it holds even when the model overlooked it."""

_DESTROYS = re.compile(
    r"\b(?:destroy|tear(?:ing)? (?:\S+ )?down|delet(?:e|ing)|remov(?:e|ing)|rid of|decommission|nuke|kill|dispose of"
    r"|(?:take|shut|bring) (?:\S+ )?down|wipe|clean(?:ing)? up|retire|drop|bin|scrap|terminate|losch|abreiss|supprim"
    r"|detrui|elimin|borra)"
)
_EXTENDS = re.compile(
    r"\b(?:exten|prolong|renew|postpon|push (?:back|out)|lengthen|longer|another|more\b|extra|additional|keep|leave"
    r"|stay|live\b|last\b|until|till|expir|end\b|ends\b|verlanger|alarg)"
)
_OR = r"\b(?:or|oder|ou|o|vs|versus)\b"
_BESIDE = 16
"""Characters between a quote and the "or" that offers something else in its place."""


def verified(reading: ModelReading, message: MessageInContext) -> Understanding:
    """The reading as far as the person's words bear it. Never raises."""
    act = _act(reading, message)
    if message.rules.topic[:1] and message.rules.topic[0] in OF_THE_TALK and act in _CHANGES_NOTHING:
        return message.rules
    if act == message.rules.act and _beyond_the_schema(message.rules):
        return message.rules
    understanding = Understanding(
        act=act,
        topic=_topic(act, reading, message),
        undo=reading.undo and message.rules.undo,
        about_plan=reading.about_plan and message.context.plan_pending,
        additional=reading.additional and bool(message.context.drafts),
    )
    if act == "extend" and message.rules.act == act:
        understanding = replace(understanding, ending=message.rules.ending, doubts=message.rules.doubts)
    if act in _UPON or act in _OF_ONE:
        return replace(understanding, statements=_upon(act, reading, message))
    if act not in _DRAFTING:
        return understanding
    return _drafting(understanding, reading, message)


def _beyond_the_schema(ruled: Understanding) -> bool:
    """Whether the rules read what a model's reading has no words for: which of several are meant, what of their money
    is asked, what a figure is multiplied by, a compute's price, what a new one is to be like. There the model's say is
    the act.
    """
    scaled = any(statement.scaled for statement in ruled.statements)
    several = ruled.act in _UPON and len(ruled.statements) > 1
    asked = ruled.selection is not None or ruled.money is not None or ruled.topic[:1] in (("dbu",), ("pause",))
    return scaled or several or asked or bool(ruled.like)


def _act(reading: ModelReading, message: MessageInContext) -> Act:
    rules, act = message.rules.act, reading.act
    if act in ("reset", "reject") and rules != act:
        return "unclear"
    if act == "destroy" and rules != act and not _DESTROYS.search(folded(message.text)):
        return "unclear"
    if act == "extend" and rules != act and not _EXTENDS.search(folded(message.text)):
        return "unclear"
    if act in ("destroy", "extend") and rules != act and wonders(message.text):
        return rules  # "what happens if we extend it by a week?" orders nothing
    if act == "destroy" and rules == "extend":
        return rules  # “remove the expiry of …” takes away no workspace
    return act


def _upon(act: Act, reading: ModelReading, message: MessageInContext) -> tuple[Statement, ...]:
    """Which workspace is meant; the days of an extension only as the rules read them too."""
    workspace = reading.workspaces[0] if reading.workspaces else Workspace()
    fields: dict[str, JsonValue] = {}
    wanted = {"list": ("environment",), "extend": ("workspace_name", "expires_in_days")}.get(act, ("workspace_name",))
    ruled = message.rules.requests[0] if message.rules.requests else InfrastructureRequest()
    for stated in (*workspace.stated, *workspace.inferred):
        if stated.field in wanted and _may_name(stated, ruled, message):
            fields[stated.field] = stated.value
    request = usable_request(fields)
    clear = next((s.clear for s in message.rules.statements), ()) if act == message.rules.act == "extend" else ()
    return (Statement(request, clear=clear),) if request.stated() or clear else ()


def _may_name(stated: Stated | Inferred, ruled: InfrastructureRequest, message: MessageInContext) -> bool:
    if stated.value == getattr(ruled, stated.field):
        return True
    if stated.field == "workspace_name":
        return squeezed(stated.value) in squeezed(message.text)
    return stated.field == "environment" and occurs_in(stated.quote, message.text)


def _topic(act: Act, reading: ModelReading, message: MessageInContext) -> tuple[str, ...]:
    """What a question is about, by fields and options; the service that cannot be made is named by the tables."""
    if act == "out_of_scope":
        return service_meant(message.text)
    return tuple(name for name in reading.topic if re.fullmatch(r"[A-Za-z0-9_]{1,40}", name))


def _left(message: MessageInContext, used: tuple[str, ...]) -> tuple[str, ...]:
    """What the rules made nothing of, and the model neither."""
    taken = {word for quote in used for word in re.findall(r"\w+", quote.lower())} - plain_words()
    return tuple(piece for piece in message.rules.unused if not taken & set(re.findall(r"\w+", piece.lower())))


def _drafting(understanding: Understanding, reading: ModelReading, message: MessageInContext) -> Understanding:
    grounded = [grounded_workspace(workspace, message, number) for number, workspace in enumerate(reading.workspaces)]
    statements = [one.statement for one in grounded]
    several = len(grounded) > 1
    doubts = [
        replace(doubt, statement=number if several else None)
        for number, one in enumerate(grounded)
        for doubt in one.doubts
    ]
    if understanding.act == "provision":
        statements = [_of_databricks(statement) for statement in statements or [Statement(InfrastructureRequest())]]
    still_doubted = _kept_doubts(message, doubts, grounded)
    statements = [_without(statement, still_doubted, number) for number, statement in enumerate(statements)]
    doubts += still_doubted
    statements = _with_restrictions(statements, message)
    if not _says_anything(understanding, statements, doubts, message):
        return Understanding(act="unclear")
    used = tuple(dict.fromkeys(quote for one in grounded for quote in one.used))
    left = () if understanding.act == "cost" else _left(message, used)
    return replace(understanding, statements=tuple(statements), doubts=tuple(doubts), unused=left)


def _says_anything(
    understanding: Understanding, statements: list[Statement], doubts: list[Doubt], message: MessageInContext
) -> bool:
    """A message changes what is drafted or pending only when its own words state, take back or doubt something; a
    mere name replaces no plan that waits.
    """
    if understanding.undo or understanding.act in ("cost", message.rules.act):
        return True
    if understanding.act == "provision" and not message.context.plan_pending:
        return True
    nothing = {"capability", "workspace_name"} if message.context.plan_pending else {"capability"}
    return bool(doubts) or any(s.clear or _stated(s, message) - nothing for s in statements)


def _stated(statement: Statement, message: MessageInContext) -> set[str]:
    """The fields that say something: where a plan waits, what a model only supposes does not."""
    supposed = {assumption.field for assumption in statement.request.assumptions}
    return set(statement.request.stated()) - (supposed if message.context.plan_pending else set())


def _kept_doubts(message: MessageInContext, doubts: list[Doubt], grounded: list[GroundedWorkspace]) -> list[Doubt]:
    """Doubts that the rules hold stay to be asked, unless the model's quotes bear a value for each workspace concerned.

    Of "eastus or westus?" a model does not choose by itself, however well its quote bears the choice.
    """
    known = {doubt.slot for doubt in doubts}
    return [
        doubt
        for doubt in message.rules.doubts
        if doubt.slot not in known
        and doubt.kind in _ASK_FIRST
        and (doubt.statement or 0) < max(1, len(grounded))
        and not _settled(doubt, grounded, message)
    ]


def _settled(doubt: Doubt, grounded: list[GroundedWorkspace], message: MessageInContext) -> bool:
    concerned = grounded if doubt.statement is None else grounded[doubt.statement : doubt.statement + 1]
    quotes = [one.borne.get(doubt.slot) for one in concerned]
    if not quotes or not all(quotes):
        return False
    return doubt.kind != "several" or not any(quote and _is_one_of_several(quote, message.text) for quote in quotes)


def _is_one_of_several(quote: str, text: str) -> bool:
    """True when an "or" stands in these words or right beside them."""
    words, whole = bare(quote), bare(text)
    start = whole.find(words)
    around = whole[max(0, start - _BESIDE) : start + len(words) + _BESIDE]
    return re.search(_OR, around) is not None


def _with_restrictions(statements: list[Statement], message: MessageInContext) -> list[Statement]:
    """The statements with what the person forbade or capped and the model overlooked, read by the rules."""
    rules = message.rules
    if len(statements) != 1 or len(rules.statements) != 1:
        return statements
    ruled, drafted = rules.statements[0].request, statements[0].request
    guessed = {a.field for a in ruled.assumptions}
    missing = {
        name: getattr(ruled, name)
        for name in _RESTRICTIONS
        if getattr(drafted, name) is None and getattr(ruled, name) is not None and name not in guessed
    }
    limit = missing.get("cost_limit")
    words = QuotedWords(message.text, message.text, message.context.today)
    if limit is not None and not is_limit(float(limit), words):
        missing = {name: value for name, value in missing.items() if name not in ("cost_limit", "currency")}
    if not missing:
        return statements
    sources = tuple((name, words) for name, words in rules.statements[0].sources if name in missing)
    statement = replace(
        statements[0], request=drafted.model_copy(update=missing), sources=statements[0].sources + sources
    )
    return [statement]


def _without(statement: Statement, doubts: list[Doubt], number: int) -> Statement:
    """The statement without the fields that are in doubt; a limit stays, as the rules keep it."""
    slots = {
        d.slot for d in doubts if d.statement in (None, number) and d.kind != "crossing" and d.slot != "cost_limit"
    }
    blank = {slot: None for slot in slots if slot in InfrastructureRequest.model_fields and slot != "tags"}
    return replace(statement, request=statement.request.model_copy(update=blank)) if blank else statement


def _of_databricks(statement: Statement) -> Statement:
    return replace(statement, request=statement.request.model_copy(update={"capability": "databricks"}))
