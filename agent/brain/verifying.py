"""From a model's reading to an understanding that the conversation may act upon. Pure.

The model proposes, this code disposes. A stated field needs a quote that occurs in the person's latest message and
bears the value; else it is an assumption, which is shown, or nothing. What would change something without a plan to
confirm (an extension, a reset, a rejection) needs the rules' agreement: no text that a model merely saw can cause it.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from pydantic import JsonValue, ValidationError

from agent.brain.reading import Inferred, Reading, Stated, Workspace
from plugins.domain.request import Assumption, InfrastructureRequest
from plugins.domain.understanding import Act, Context, Doubt, Statement, Understanding
from plugins.parse import phrases
from plugins.parse.fields.all import read

NEEDED = frozenset({"team", "environment", "workload_type", "region"})
"""Fields that are asked rather than assumed when no words bear them."""

_PERSONAL = frozenset(
    {"workspace_name", "owner", "cost_center", "tags", "cost_limit", "currency", "expires_in_days", "capability",
     "additional_requirements"}
)  # fmt: skip
"""Fields that only a person's words may fill: an invented owner or limit is worse than none."""

_SPELLED = frozenset({"team", "workspace_name", "node_type", "owner", "cost_center", "tags"})
_NUMBERS = frozenset({"min_workers", "max_workers", "cost_limit", "hours_per_week", "expires_in_days"})
_DRAFTING: frozenset[Act] = frozenset({"provision", "amend", "answer", "cost"})
_UPON: frozenset[Act] = frozenset({"status", "export", "destroy", "extend", "history"})
_ASK_FIRST = frozenset({"several", "contradiction", "ambiguous", "invalid", "crossing", "not_offered", "other_cloud"})
_RESTRICTIONS = ("cost_limit", "currency", "network")
"""What a person forbade or capped: it holds even when the model overlooked it."""

_WITHDRAWS = re.compile(r"\b(?:no|not|without|drop|forget|remove|lift|any|skip|never ?mind)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Message:
    """The person's latest message, its context, and what the rules make of it."""

    text: str
    context: Context
    rules: Understanding


def verified(reading: Reading, message: Message) -> Understanding:
    """The reading as far as the person's words bear it. Never raises."""
    act = _act(reading, message)
    found = Understanding(
        act=act,
        topic=tuple(name for name in reading.topic if re.fullmatch(r"[A-Za-z0-9_]{1,40}", name)),
        undo=reading.undo and message.rules.undo,
        about_plan=reading.about_plan and message.context.plan_pending,
        additional=reading.additional and bool(message.context.drafts),
    )
    if act == "extend" and message.rules.act == act:
        found = replace(found, ending=message.rules.ending, doubts=message.rules.doubts)
    if act in _UPON or act == "list":
        return replace(found, statements=_upon(act, reading, message))
    if act not in _DRAFTING:
        return found
    return _drafting(found, reading, message)


def _act(reading: Reading, message: Message) -> Act:
    rules, act = message.rules.act, reading.act
    if act in ("reset", "reject") and rules != act:
        return "unclear"
    if act == "destroy" and rules != act and not phrases.says("destroy", message.text):
        return "unclear"
    if act == "extend" and rules != act and not phrases.says("extend", message.text):
        return "unclear"
    if act == "destroy" and rules == "extend":
        return rules  # “remove the expiry of …” takes away no workspace
    return act


def _upon(act: Act, reading: Reading, message: Message) -> tuple[Statement, ...]:
    """Which workspace is meant; the days of an extension only as the rules read them too."""
    said = reading.workspaces[0] if reading.workspaces else Workspace()
    fields: dict[str, JsonValue] = {}
    wanted = {"list": ("environment",), "extend": ("workspace_name", "expires_in_days")}.get(act, ("workspace_name",))
    ruled = message.rules.requests[0] if message.rules.requests else InfrastructureRequest()
    for stated in (*said.stated, *said.inferred):
        if stated.field in wanted and _may_name(stated, ruled, message):
            fields[stated.field] = stated.value
    request = _request(fields)
    clear = next((s.clear for s in message.rules.statements), ()) if act == message.rules.act == "extend" else ()
    return (Statement(request, clear=clear),) if request.stated() or clear else ()


def _may_name(stated: Stated | Inferred, ruled: InfrastructureRequest, message: Message) -> bool:
    if stated.value == getattr(ruled, stated.field):
        return True
    if stated.field == "workspace_name":
        return _squeezed(stated.value) in _squeezed(message.text)
    return stated.field == "environment" and _occurs(stated.quote, message.text)


def _drafting(found: Understanding, reading: Reading, message: Message) -> Understanding:
    statements: list[Statement] = []
    doubts: list[Doubt] = []
    several = len(reading.workspaces) > 1
    for number, said in enumerate(reading.workspaces):
        statement, doubted = _statement(said, message, number)
        statements.append(statement)
        doubts += [replace(doubt, statement=number if several else None) for doubt in doubted]
    if found.act == "provision":
        statements = [_of_databricks(statement) for statement in statements or [Statement(InfrastructureRequest())]]
    kept = _kept_doubts(message.rules, doubts, len(statements))
    statements = [_without(statement, kept, number) for number, statement in enumerate(statements)]
    doubts += kept
    statements = _with_restrictions(statements, message.rules)
    if not _says_anything(found, statements, doubts, message):
        return Understanding(act="unclear")
    return replace(found, statements=tuple(statements), doubts=tuple(doubts))


def _says_anything(
    found: Understanding, statements: list[Statement], doubts: list[Doubt], message: Message
) -> bool:  # fmt: skip
    """A message changes what is drafted or pending only when its own words state, take back or doubt something; a
    mere name replaces no plan that waits.
    """
    if found.undo or found.act in ("cost", message.rules.act):
        return True
    if found.act == "provision" and not message.context.plan_pending:
        return True
    nothing = {"capability", "workspace_name"} if message.context.plan_pending else {"capability"}
    return bool(doubts) or any(s.clear or set(s.request.stated()) - nothing for s in statements)


def _statement(said: Workspace, message: Message, number: int) -> tuple[Statement, list[Doubt]]:
    rules = message.rules.requests
    ruled = rules[number] if number < len(rules) else rules[0] if len(rules) == 1 else InfrastructureRequest()
    fields: dict[str, JsonValue] = {}
    assumptions: list[Assumption] = []
    doubts = [
        Doubt(slot=u.field, kind=u.kind, said=u.quote, candidates=tuple(u.candidates))
        for u in said.unsettled
        if _occurs(u.quote, message.text) and re.fullmatch(r"[a-z_]+", u.field)
    ]
    for part in (*said.stated, *said.inferred):
        verdict = _verdict(part, ruled, message)
        if verdict == "drop" or part.field in fields:
            continue
        if isinstance(verdict, Doubt):
            doubts.append(verdict)
            continue
        fields[part.field] = part.value
        if verdict == "assume":
            assumptions.append(_assumption(part))
    for doubt in doubts:
        fields.pop(doubt.slot, None)
    known = {name for name in fields if name in InfrastructureRequest.model_fields}
    request = _request({**fields, "assumptions": [a.model_dump() for a in assumptions if a.field in known]})
    target = said.draft if said.draft is not None and said.draft < len(message.context.drafts) else None
    cleared = tuple(name for name in said.taken_back if _taken_back(name, message))
    return Statement(request, clear=cleared, target=target), doubts


def _verdict(part: Stated | Inferred, ruled: InfrastructureRequest, message: Message) -> str | Doubt:
    """How it counts: "take" as stated, "assume" and show, "drop", or the doubt that must be asked."""
    if _same(part.value, getattr(ruled, part.field)):
        quoted = isinstance(part, Stated) and _occurs(part.quote, message.text)
        return "take" if quoted or part.field not in {a.field for a in ruled.assumptions} else "assume"
    if not _occurs(part.quote, message.text):
        return "drop" if part.field in NEEDED | _PERSONAL else "assume"
    if part.field == "expires_in_days":
        return "drop"
    notes, _ = read(part.quote, today=message.context.today)
    heard = _plain(notes.fields.get(part.field))
    if heard is not None and not _same(part.value, heard):
        return Doubt(
            slot=part.field, kind="ambiguous", said=part.quote, candidates=(str(part.value), str(heard))
        )  # fmt: skip
    if heard is not None and isinstance(part, Stated):
        return "take"
    if part.field in _SPELLED:
        return _spelled(part)
    if part.field in _NUMBERS and not re.search(r"\d|[a-z]{3}", part.quote, re.IGNORECASE):
        return "drop"
    return "take" if part.field in ("additional_requirements", "capability") else "assume"


def _spelled(part: Stated | Inferred) -> str:
    """Names must stand in the words as they are taken: letter by letter, whatever the case and punctuation."""
    values: Iterable[JsonValue] = (
        (*part.value.keys(), *part.value.values()) if isinstance(part.value, dict) else (part.value,)
    )
    words = _squeezed(part.quote)
    borne = all(_squeezed(value) in words and _squeezed(value) for value in values)
    if not borne:
        return "drop"
    return "take" if isinstance(part, Stated) else "assume"


def _taken_back(name: str, message: Message) -> bool:
    """A withdrawal counts when the rules read it, or the message speaks of the field in a withdrawing way."""
    if any(name in statement.clear for statement in message.rules.statements):
        return True
    return _WITHDRAWS.search(message.text) is not None


def _kept_doubts(rules: Understanding, doubts: list[Doubt], count: int) -> list[Doubt]:
    """Doubts that the rules hold stay to be asked: a model does not settle by itself what a person left open."""
    known = {doubt.slot for doubt in doubts}
    return [
        doubt for doubt in rules.doubts
        if doubt.slot not in known and doubt.kind in _ASK_FIRST and (doubt.statement or 0) < max(1, count)
    ]  # fmt: skip


def _with_restrictions(statements: list[Statement], rules: Understanding) -> list[Statement]:
    if len(statements) != 1 or len(rules.statements) != 1:
        return statements
    ruled, said = rules.statements[0].request, statements[0].request
    guessed = {a.field for a in ruled.assumptions}
    missing = {
        name: getattr(ruled, name) for name in _RESTRICTIONS
        if getattr(said, name) is None and getattr(ruled, name) is not None and name not in guessed
    }  # fmt: skip
    return [replace(statements[0], request=said.model_copy(update=missing))] if missing else statements


def _without(statement: Statement, doubts: list[Doubt], number: int) -> Statement:
    """The statement without the fields that are in doubt; a limit stays, as the rules keep it."""
    slots = {
        d.slot for d in doubts if d.statement in (None, number) and d.kind != "crossing" and d.slot != "cost_limit"
    }
    blank = {slot: None for slot in slots if slot in InfrastructureRequest.model_fields and slot != "tags"}
    return replace(statement, request=statement.request.model_copy(update=blank)) if blank else statement


def _of_databricks(statement: Statement) -> Statement:
    return replace(statement, request=statement.request.model_copy(update={"capability": "databricks"}))


def _assumption(part: Stated | Inferred) -> Assumption:
    because = part.because if isinstance(part, Inferred) else ""
    words = f"“{_line(part.quote)}” suggests it" if part.quote else "the model took it; nobody said it"
    return Assumption(field=part.field, value=part.value, because=_line(because) or words)


def _request(fields: Mapping[str, JsonValue]) -> InfrastructureRequest:
    """The fields as a request; one that its own type refuses is left out, never guessed."""
    kept: dict[str, JsonValue] = dict(fields)
    while True:
        try:
            return InfrastructureRequest.model_validate(kept)
        except ValidationError as error:
            wrong = {str(problem["loc"][0]) for problem in error.errors()}
            kept = {name: value for name, value in kept.items() if name not in wrong}


def _same(value: JsonValue, other: object) -> bool:
    if value is None or other is None:
        return False
    if isinstance(value, bool) or isinstance(other, bool):
        return value is other
    if isinstance(value, dict):
        return value == other
    try:
        return float(str(value)) == float(str(other))
    except ValueError:
        return str(value).casefold() == str(other).casefold()


def _plain(value: object) -> object | None:
    return None if value in ({}, ()) else value


def _occurs(quote: str, text: str) -> bool:
    """Whether these words stand in the text, whatever the case, blanks and quotation marks."""
    words = _folded(quote)
    return bool(words) and words in _folded(text)


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(re.sub(r"[\u201c\u201d\"'\u2018\u2019`]", "", plain).split())


def _squeezed(value: object) -> str:
    return re.sub(r"[^a-z0-9]", "", unicodedata.normalize("NFKC", str(value)).casefold())


def _line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 120 else line[:119] + "…"  # noqa: PLR2004 - one line of a card
