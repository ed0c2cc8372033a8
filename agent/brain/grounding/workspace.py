"""One workspace of a model's reading, as far as the person's words bear it. Pure.

What a quote bears is taken, what it only suggests is assumed and shown, what it contradicts is asked, and what nobody
said is dropped.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import JsonValue

from agent.brain.grounding.evidence import SPELLED, Weight, as_number, canonical_value, weighed
from agent.brain.grounding.quantities import GRAMMARS, QuotedWords, folded, speaks_of
from agent.brain.model_output import Inferred, Stated, Workspace
from agent.wording import phrase
from plugins.domain.request import Assumption, InfrastructureRequest, usable_request
from plugins.domain.understanding import Context, Doubt, Statement, Understanding

NEEDED = frozenset({"team", "environment", "workload_type", "region"})
"""Fields that are asked rather than assumed when no words bear them."""

_PERSONAL = frozenset(
    {
        "workspace_name",
        "owner",
        "cost_center",
        "tags",
        "cost_limit",
        "currency",
        "expires_in_days",
        "capability",
        "additional_requirements",
    }
)
"""Fields that only a person's words may fill: an invented owner or limit is worse than none."""

_NEVER_ASKED = frozenset({"capability", "tags", "additional_requirements"})
"""Nothing that is built depends on them: what is odd there is left out and listed as not used."""

_WITHDRAWS = re.compile(r"\b(?:no|not|without|drop|forget|remove|lift|any|skip|never ?mind)\b", re.IGNORECASE)


@dataclass(frozen=True)
class MessageInContext:
    """The person's latest message, its context, and what the rules make of it."""

    text: str
    context: Context
    rules: Understanding


_IN_PIECES = frozenset({"tags", "additional_requirements"})
"""What a model may give one by one: every tag, every further requirement."""


@dataclass(frozen=True)
class GroundedWorkspace:
    """`used` are the quotes of what was taken, assumed or doubted, `borne` those that bear their fields' values."""

    statement: Statement
    doubts: tuple[Doubt, ...]
    used: tuple[str, ...]
    borne: Mapping[str, str]


@dataclass
class _Notes:
    """What has been made of the parts so far."""

    doubts: list[Doubt]
    fields: dict[str, JsonValue] = field(default_factory=dict[str, JsonValue])
    assumptions: list[Assumption] = field(default_factory=list[Assumption])
    quotes: dict[str, str] = field(default_factory=dict[str, str])
    borne: dict[str, str] = field(default_factory=dict[str, str])

    def take(self, part: Stated | Inferred, verdict: str, *, occurs: bool) -> None:
        self.fields[part.field] = _together(self.fields.get(part.field), part.value)
        if verdict == "assume":
            self.assumptions.append(_assumption(part))
        if occurs:
            self.quotes[part.field] = _together(self.quotes.get(part.field), part.quote)
            if verdict != "assume" or isinstance(part, Inferred):
                self.borne[part.field] = part.quote


def grounded_workspace(workspace: Workspace, message: MessageInContext, number: int) -> GroundedWorkspace:
    """The workspace that stands at this place of the reading."""
    rules = message.rules.requests
    ruled = rules[number] if number < len(rules) else rules[0] if len(rules) == 1 else InfrastructureRequest()
    notes = _Notes(_unsettled(workspace, message))
    used = [doubt.said for doubt in notes.doubts]
    for part in map(_canonical, (*workspace.stated, *workspace.inferred)):
        occurs = occurs_in(part.quote, message.text)
        verdict = _verdict(part, ruled, message)
        if verdict == "drop" or (part.field in notes.fields and part.field not in _IN_PIECES):
            continue
        used += [part.quote] if occurs else []
        if isinstance(verdict, Doubt):
            notes.doubts.append(verdict)
        else:
            notes.take(part, verdict, occurs=occurs)
    return GroundedWorkspace(_statement(workspace, notes, message), tuple(notes.doubts), tuple(used), notes.borne)


def _statement(workspace: Workspace, notes: _Notes, message: MessageInContext) -> Statement:
    fields = {name: value for name, value in notes.fields.items() if name not in {d.slot for d in notes.doubts}}
    guessed: list[JsonValue] = [a.model_dump() for a in notes.assumptions if a.field in fields]
    request = usable_request({**fields, "assumptions": guessed})
    target = workspace.draft if workspace.draft is not None and workspace.draft < len(message.context.drafts) else None
    cleared = tuple(name for name in workspace.taken_back if _taken_back(name, message))
    held = request.stated()
    sources = tuple((name, _line(words)) for name, words in notes.quotes.items() if name in held)
    return Statement(request, cleared, target, sources)


def _unsettled(workspace: Workspace, message: MessageInContext) -> list[Doubt]:
    """What the model leaves open, as far as the person's words speak of it."""
    return [
        Doubt(slot=u.field, kind=u.kind, said=u.quote, candidates=tuple(u.candidates))
        for u in workspace.unsettled
        if u.field not in _NEVER_ASKED and re.fullmatch(r"[a-z_]+", u.field) and occurs_in(u.quote, message.text)
    ]


def _verdict(part: Stated | Inferred, ruled: InfrastructureRequest, message: MessageInContext) -> str | Doubt:
    """How it counts: "take" as stated, "assume" and show, "drop", or the doubt that must be asked."""
    occurs = occurs_in(part.quote, message.text)
    if same(part.value, getattr(ruled, part.field)):
        quoted = isinstance(part, Stated) and occurs
        return "take" if quoted or part.field not in {a.field for a in ruled.assumptions} else "assume"
    if not occurs:
        return "drop" if part.field in NEEDED | _PERSONAL else "assume"
    before = tuple(
        number
        for draft in message.context.drafts
        if (number := as_number(getattr(draft, part.field, None))) is not None
    )
    weight = weighed(part.field, part.value, QuotedWords(part.quote, message.text, message.context.today, before))
    if weight.doubt is not None:
        return _doubt(part, weight)
    if weight.bears:
        return "take" if isinstance(part, Stated) else "assume"
    if part.field in SPELLED or (part.field in GRAMMARS and not speaks_of(part.field, part.quote)):
        return "drop"
    return "assume"


def _doubt(part: Stated | Inferred, weight: Weight) -> Doubt:
    """The question between the model's value and what the words hold; a value that nobody could take is no choice."""
    own = str(part.value).casefold() if isinstance(part.value, bool) else str(part.value)
    candidates = tuple(dict.fromkeys((own, *weight.others))) if weight.others else ()
    return Doubt(slot=part.field, kind=weight.doubt or "unknown", said=part.quote, candidates=candidates)


def _canonical(part: Stated | Inferred) -> Stated | Inferred:
    value = canonical_value(part.field, part.value)
    return part if value == part.value else part.model_copy(update={"value": value})


def _taken_back(name: str, message: MessageInContext) -> bool:
    """A withdrawal counts when the rules read it, or the message speaks of the field in a withdrawing way."""
    if any(name in statement.clear for statement in message.rules.statements):
        return True
    return _WITHDRAWS.search(message.text) is not None


def _assumption(part: Stated | Inferred) -> Assumption:
    because = part.because if isinstance(part, Inferred) else ""
    words = phrase("brain.suggested_by", words=_line(part.quote)) if part.quote else phrase("brain.assumed_by_model")
    return Assumption(field=part.field, value=part.value, because=_line(because) or words)


def same(value: JsonValue, other: object) -> bool:
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


def occurs_in(quote: str, text: str) -> bool:
    """Whether these words stand in the text, whatever the case, blanks and quotation marks."""
    words = bare(quote)
    return bool(words) and words in bare(text)


def bare(text: str) -> str:
    return " ".join(re.sub(r"[\u201c\u201d\u201e\"'`]", "", folded(text)).split())


def _line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 120 else line[:119] + "…"  # noqa: PLR2004 - one line of a card


def _together(one: JsonValue, other: JsonValue) -> Any:
    """Both pieces of what is given in pieces; the other alone where there is no first."""
    if isinstance(one, dict) and isinstance(other, dict):
        return {**one, **other}
    if isinstance(one, str) and isinstance(other, str):
        return one if other in one else f"{one}; {other}"
    return other
