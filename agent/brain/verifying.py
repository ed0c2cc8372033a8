"""From a model's reading to an understanding that the conversation may act upon. Pure.

The model proposes, this code disposes. A stated field needs a quote that occurs in the person's latest message and
bears the value (`agent.brain.evidence`); else it is an assumption, which is shown, a question, or nothing. What would
change something without a plan to confirm (an extension, a reset, a rejection) needs the rules' agreement: no text that
a model merely saw can cause it. A quoted value that its own words bear is not overruled because the rules read the
message otherwise.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from pydantic import JsonValue, ValidationError

from agent.brain import evidence
from agent.brain.evidence import SPELLED, weighed
from agent.brain.quantities import GRAMMARS, Words, folded, speaks_of
from agent.brain.reading import Inferred, Reading, Stated, Workspace
from plugins.domain.request import Assumption, InfrastructureRequest
from plugins.domain.understanding import Act, Context, Doubt, DoubtKind, Statement, Understanding

NEEDED = frozenset({"team", "environment", "workload_type", "region"})
"""Fields that are asked rather than assumed when no words bear them."""

_PERSONAL = frozenset(
    {"workspace_name", "owner", "cost_center", "tags", "cost_limit", "currency", "expires_in_days", "capability",
     "additional_requirements"}
)  # fmt: skip
"""Fields that only a person's words may fill: an invented owner or limit is worse than none."""

_NEVER_ASKED = frozenset({"capability", "tags", "additional_requirements"})
"""Nothing that is built depends on them: what is odd there is left out and listed as not used."""

_DRAFTING: frozenset[Act] = frozenset({"provision", "amend", "answer", "cost"})
_UPON: frozenset[Act] = frozenset({"status", "export", "destroy", "extend", "history"})
_ASK_FIRST = frozenset({"several", "contradiction", "ambiguous", "invalid", "crossing"})
_RESTRICTIONS = ("cost_limit", "currency", "network")
"""What a person forbade or capped: it holds even when the model overlooked it."""

_WITHDRAWS = re.compile(r"\b(?:no|not|without|drop|forget|remove|lift|any|skip|never ?mind)\b", re.IGNORECASE)
_DESTROYS = re.compile(
    r"\b(?:destroy|tear|delet|remov|rid of|decommission|nuke|kill|dispose|take|wipe|clean|shut|retire|drop|bin|scrap"
    r"|terminat)",
    re.IGNORECASE,
)
_EXTENDS = re.compile(
    r"\b(?:exten|prolong|renew|postpone|push|lengthen|keep|leave|live|last|stay|longer|more|later|another|extra"
    r"|additional|add)\b|\bexten",
    re.IGNORECASE,
)
_OR = r"\b(?:or|oder|ou|o|vs|versus)\b"
_BESIDE = 16
"""Characters between a quote and the "or" that offers something else in its place."""

Unused = Callable[[str, tuple[str, ...]], tuple[str, ...]]
"""From a message and the words of it that were used to what is left over and was no courtesy."""


def nothing_unused(_: str, __: tuple[str, ...]) -> tuple[str, ...]:
    return ()


@dataclass(frozen=True)
class Message:
    """The person's latest message, its context, what the rules make of it, and how to tell what nobody used."""

    text: str
    context: Context
    rules: Understanding
    unused: Unused = nothing_unused


@dataclass(frozen=True)
class _Heard:
    """One workspace as far as the words bear it. `used` are the quotes of what was taken, assumed or doubted; `borne`
    the fields whose quotes bear their values, with these quotes.
    """

    statement: Statement
    doubts: tuple[Doubt, ...]
    used: tuple[str, ...]
    borne: Mapping[str, str]


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
    if act in _UPON or act == "list":
        return replace(found, statements=_upon(act, reading, message))
    if act not in _DRAFTING:
        return found
    return _drafting(found, reading, message)


def _act(reading: Reading, message: Message) -> Act:
    rules, act = message.rules.act, reading.act
    if act in ("reset", "reject") and rules != act:
        return "unclear"
    if act == "destroy" and rules != act and not _DESTROYS.search(message.text):
        return "unclear"
    if act == "extend" and rules != act and not _EXTENDS.search(message.text):
        return "unclear"
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
    return (Statement(request),) if request.stated() else ()


def _may_name(stated: Stated | Inferred, ruled: InfrastructureRequest, message: Message) -> bool:
    if stated.value == getattr(ruled, stated.field):
        return True
    if stated.field == "workspace_name":
        return _squeezed(stated.value) in _squeezed(message.text)
    return stated.field == "environment" and _occurs(stated.quote, message.text)


def _drafting(found: Understanding, reading: Reading, message: Message) -> Understanding:
    heard = [_heard(said, message, number) for number, said in enumerate(reading.workspaces)]
    statements = [one.statement for one in heard]
    several = len(heard) > 1
    doubts = [
        replace(doubt, statement=number if several else None)
        for number, one in enumerate(heard) for doubt in one.doubts
    ]  # fmt: skip
    if found.act == "provision":
        statements = [_of_databricks(statement) for statement in statements or [Statement(InfrastructureRequest())]]
    kept = _kept_doubts(message, doubts, heard)
    statements = [_without(statement, kept, number) for number, statement in enumerate(statements)]
    doubts += kept
    statements = _with_restrictions(statements, message)
    if not _says_anything(found, statements, doubts, message):
        return Understanding(act="unclear")
    used = tuple(dict.fromkeys(quote for one in heard for quote in one.used))
    left = () if found.act == "cost" else message.unused(message.text, used)
    return replace(found, statements=tuple(statements), doubts=tuple(doubts), unused=left)


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


def _heard(said: Workspace, message: Message, number: int) -> _Heard:
    rules = message.rules.requests
    ruled = rules[number] if number < len(rules) else rules[0] if len(rules) == 1 else InfrastructureRequest()
    fields: dict[str, JsonValue] = {}
    assumptions: list[Assumption] = []
    doubts = _unsettled(said, message)
    quotes: dict[str, str] = {}
    borne: dict[str, str] = {}
    for part in map(_canonical, (*said.stated, *said.inferred)):
        verdict = _verdict(part, ruled, message)
        if verdict == "drop" or part.field in fields:
            continue
        if _occurs(part.quote, message.text):
            quotes[part.field] = _line(part.quote)
        if isinstance(verdict, Doubt):
            doubts.append(verdict)
            continue
        fields[part.field] = part.value
        if verdict == "assume":
            assumptions.append(_assumption(part))
        elif part.field in quotes:
            borne[part.field] = part.quote
    for doubt in doubts:
        fields.pop(doubt.slot, None)
    known = {name for name in fields if name in InfrastructureRequest.model_fields}
    request = _request({**fields, "assumptions": [a.model_dump() for a in assumptions if a.field in known]})
    target = said.draft if said.draft is not None and said.draft < len(message.context.drafts) else None
    cleared = tuple(name for name in said.taken_back if _taken_back(name, message))
    held = request.stated()
    sources = tuple((name, words) for name, words in quotes.items() if name in held)
    used = (*quotes.values(), *(doubt.said for doubt in doubts))
    return _Heard(Statement(request, cleared, target, sources), tuple(doubts), used, borne)


def _unsettled(said: Workspace, message: Message) -> list[Doubt]:
    """What the model leaves open, as far as the person's words speak of it."""
    return [
        Doubt(slot=u.field, kind=u.kind, said=u.quote, candidates=tuple(u.candidates))
        for u in said.unsettled
        if u.field not in _NEVER_ASKED and re.fullmatch(r"[a-z_]+", u.field) and _occurs(u.quote, message.text)
    ]


def _verdict(part: Stated | Inferred, ruled: InfrastructureRequest, message: Message) -> str | Doubt:
    """How it counts: "take" as stated, "assume" and show, "drop", or the doubt that must be asked."""
    occurs = _occurs(part.quote, message.text)
    if _same(part.value, getattr(ruled, part.field)):
        quoted = isinstance(part, Stated) and occurs
        return "take" if quoted or part.field not in {a.field for a in ruled.assumptions} else "assume"
    if not occurs:
        return "drop" if part.field in NEEDED | _PERSONAL else "assume"
    before = tuple(
        number for draft in message.context.drafts
        if (number := evidence.as_number(getattr(draft, part.field, None))) is not None
    )  # fmt: skip
    weight = weighed(part.field, part.value, Words(part.quote, message.text, message.context.today, before))
    if weight.others:
        return _doubt(part, weight.others)
    if weight.bears:
        return "take" if isinstance(part, Stated) else "assume"
    if part.field in SPELLED or (part.field in GRAMMARS and not speaks_of(part.field, part.quote)):
        return "drop"
    return "assume"


def _doubt(part: Stated | Inferred, others: tuple[str, ...]) -> Doubt:
    """The question between the model's value and what the words hold; a value that nobody could take is no choice."""
    if others == ("",):
        kind: DoubtKind = "invalid" if part.field == "workspace_name" else "unknown"
        return Doubt(slot=part.field, kind=kind, said=part.quote)
    candidates = tuple(
        dict.fromkeys((str(part.value).casefold() if isinstance(part.value, bool) else str(part.value), *others))
    )
    return Doubt(slot=part.field, kind="ambiguous", said=part.quote, candidates=candidates)


def _canonical(part: Stated | Inferred) -> Stated | Inferred:
    value = evidence.canonical_value(part.field, part.value)
    return part if value == part.value else part.model_copy(update={"value": value})


def _taken_back(name: str, message: Message) -> bool:
    """A withdrawal counts when the rules read it, or the message speaks of the field in a withdrawing way."""
    if any(name in statement.clear for statement in message.rules.statements):
        return True
    return _WITHDRAWS.search(message.text) is not None


def _kept_doubts(message: Message, doubts: list[Doubt], heard: list[_Heard]) -> list[Doubt]:
    """Doubts that the rules hold stay to be asked, unless the model's quotes bear a value for each workspace concerned.

    Of "eastus or westus?" a model does not choose by itself, however well its quote bears the choice.
    """
    known = {doubt.slot for doubt in doubts}
    return [
        doubt for doubt in message.rules.doubts
        if doubt.slot not in known and doubt.kind in _ASK_FIRST and (doubt.statement or 0) < max(1, len(heard))
        and not _settled(doubt, heard, message)
    ]  # fmt: skip


def _settled(doubt: Doubt, heard: list[_Heard], message: Message) -> bool:
    concerned = heard if doubt.statement is None else heard[doubt.statement : doubt.statement + 1]
    quotes = [one.borne.get(doubt.slot) for one in concerned]
    if not quotes or not all(quotes):
        return False
    return doubt.kind != "several" or not any(quote and _is_one_of_several(quote, message.text) for quote in quotes)


def _is_one_of_several(quote: str, text: str) -> bool:
    """True when an "or" stands in these words or right beside them."""
    words, whole = _folded(quote), _folded(text)
    start = whole.find(words)
    around = whole[max(0, start - _BESIDE) : start + len(words) + _BESIDE]
    return re.search(_OR, around) is not None


def _with_restrictions(statements: list[Statement], message: Message) -> list[Statement]:
    """The statements with what the person forbade or capped and the model overlooked, read by the rules."""
    rules = message.rules
    if len(statements) != 1 or len(rules.statements) != 1:
        return statements
    ruled, said = rules.statements[0].request, statements[0].request
    guessed = {a.field for a in ruled.assumptions}
    missing = {
        name: getattr(ruled, name) for name in _RESTRICTIONS
        if getattr(said, name) is None and getattr(ruled, name) is not None and name not in guessed
    }  # fmt: skip
    limit = missing.get("cost_limit")
    words = Words(message.text, message.text, message.context.today)
    if limit is not None and not evidence.is_limit(float(limit), words):
        missing = {name: value for name, value in missing.items() if name not in ("cost_limit", "currency")}
    if not missing:
        return statements
    sources = tuple((name, words) for name, words in rules.statements[0].sources if name in missing)
    statement = replace(statements[0], request=said.model_copy(update=missing), sources=statements[0].sources + sources)
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


def _occurs(quote: str, text: str) -> bool:
    """Whether these words stand in the text, whatever the case, blanks and quotation marks."""
    words = _folded(quote)
    return bool(words) and words in _folded(text)


def _folded(text: str) -> str:
    return " ".join(re.sub(r"[\u201c\u201d\u201e\"'`]", "", folded(text)).split())


def _squeezed(value: object) -> str:
    return re.sub(r"[^a-z0-9]", "", folded(str(value)))


def _line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 120 else line[:119] + "…"  # noqa: PLR2004 - one line of a card
