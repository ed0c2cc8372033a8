"""One message, understood in its context."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from plugins.domain.portfolio import MoneyQuestion, Selection
from plugins.domain.request import InfrastructureRequest, usable_request
from plugins.domain.understanding import Act, Context, Doubt, Statement, Understanding
from plugins.parse import acts, phrases, portfolio, removal, scope, topics
from plugins.parse.answers import answered
from plugins.parse.beside import like_one_that_stands, one_more
from plugins.parse.evidence import Evidence, is_open
from plugins.parse.fields import times
from plugins.parse.fields.extras import extras
from plugins.parse.gathering import evidence_of, only_assumed
from plugins.parse.how_many import not_all_made
from plugins.parse.narrated import is_opinion_of_another, only_narrates
from plugins.parse.notes import RequestNotes
from plugins.parse.of_several import ACT_UPON, of_several
from plugins.parse.of_the_talk import asked_of_the_talk
from plugins.parse.page import Page
from plugins.parse.reading import page_of
from plugins.parse.resets import is_quoted
from plugins.parse.residue import unused
from plugins.parse.scaling import Scaled, scaled, spans_scaled, supposed, words_scaled
from plugins.parse.selection import selection_of
from plugins.parse.sparing import spared, with_spared_named
from plugins.parse.spoken_names import with_whole_names, without_meaning
from plugins.parse.upon import OF_AN_END, is_ordered, supposes_an_end
from plugins.parse.whose_words import addresses_another, says_by_itself, states_for_another
from plugins.parse.workspaces import workspaces_of
from plugins.tracing import traced

_IT = re.compile(r"\b(?:it|its|this one|that one|this workspace|that workspace|the workspace)\b", re.IGNORECASE)
_ALL = re.compile(r"\b(?:both|all(?: of them)?|each|every one|everything|all three)\b", re.IGNORECASE)
_CLEARED = {
    "cost_limit": re.compile(
        r"""\b(?:no|without(?:\ a|\ any)?|drop\ the|forget\ the|remove\ the)
        \ (?:cost\ |budget\ |monthly\ )?(?:limit|budget|cap)\b|\bunlimited\ budget\b""",
        re.IGNORECASE | re.VERBOSE,
    ),
    "expires_in_days": re.compile(
        r"""\b(?:no|without(?:\ an?)?|drop\ the|remove\ the)\ (?:expiry|end\ date|expiration)\b
        |\bkeep\ it\ (?:forever|permanently)\b|\bno\ end\b""",
        re.IGNORECASE | re.VERBOSE,
    ),
    "tags": re.compile(r"\b(?:no|without|drop the|remove the|forget the) tags?\b", re.IGNORECASE),
    "node_type": re.compile(r"\b(?:any|default|your choice of) (?:node|machine|vm|size)\b", re.IGNORECASE),
}


@traced("parse")
def understand_one(text: str, context: Context) -> Understanding:
    """What this message does and says, read as one (see `orders`). Never raises; what makes no sense is `unclear`.
    `confirm` is never returned.
    """
    page = page_of(with_spared_named(with_whole_names(text, context), context), context.today, teams=_drafted(context))
    notes = workspaces_of(page, tuple(extras(page)))
    newest = page.layout.text
    named = names_in(newest, context)
    plain = without_meaning(newest, named)
    _leave_out_amounts(notes, page, context)
    selection = selection_of(page, named, context)
    evidence = evidence_of(page, notes, named, selection, context)
    # Before anything else: "drop prod" states an environment, and would be read as a change of it.
    if remove := removal.removed(newest, evidence.fields, evidence.foreign, context):
        return Understanding(act="amend", remove=remove)
    # Only of one workspace: in a list a bare word answers for none of them in particular.
    answer = answered(newest, notes[0], context) if len(notes) == 1 else None
    asked = asked_of_the_talk(plain, evidence, context)
    money = _money_asked(plain, selection, evidence, context) if asked is None else None
    # Answered or not, the act is looked for: a question that holds an answer's word is still a question.
    act = portfolio.act_of_money(money) if money is not None else _act_of(plain, page, evidence, context)
    if act in ("extend", "destroy", "amend") and addresses_another(text):
        act = "unclear"
    act = "unclear" if act == "reset" and is_quoted(text) else act
    if asked is not None and act == asked.act:
        return Understanding(act, _of_one(named), topic=asked.topic)
    if rates := _rates_asked(newest, act, named):
        place = {name: value for name, value in notes[0].fields.items() if name in ("region", "currency")}
        return Understanding("cost", (Statement(usable_request(place)),) if place else (), topic=rates)
    if money is not None:
        return portfolio.asked_of_money(money, selection)
    if (
        answer is not None
        and act in ("unclear", "answer", "amend", "out_of_scope", "list", "greet")
        and not (act == "out_of_scope" and acts.is_off(newest, evidence))
    ):
        understood = _understood("answer", [answer], page, context, named)
        values = map(str, answer.fields.values())
        return replace(understood, unused=_unused(page, understood, (*named, *values)))
    if act in ("amend", "provision") and (beside := one_more(newest, evidence, notes, context)):
        return beside
    if like := like_one_that_stands(newest, act, evidence, notes, context):
        return _alike(like, notes[0], page, newest)
    meant = _understood(act, notes, page, context, named)
    if act == "cost" and supposes_an_end(plain, evidence, context):
        meant = replace(_upon("extend", notes, plain, context, named), act="cost")
    understood = of_several(meant, page, selection, evidence, context)
    left = _unused(page, understood, (*named, *_said(newest)))
    return replace(understood, unused=(*not_all_made(page, understood), *left))


def _drafted(context: Context) -> frozenset[str]:
    """The teams that something is drafted for, where they tell the drafts apart."""
    teams = frozenset(draft.team for draft in context.drafts if draft.team)
    return teams if len(teams) > 1 else frozenset()


def _act_of(text: str, page: Page, evidence: Evidence, context: Context) -> Act:
    """The act of the text. What moves an end, destroys or changes what stands must be in the person's own words."""
    act = acts.act_of(text, evidence, context)
    if is_open(context) and act in _MAY_BE_OPINION and not evidence.named and is_opinion_of_another(page):
        return "unclear"
    if act in ("extend", "destroy"):
        own = says_by_itself(page, text)
        return act if own == text or acts.act_of(own, evidence, context) == act else "unclear"
    if context.plan_pending and act in _MAY_NARRATE and not evidence.named and only_narrates(page):
        return "unclear"
    if is_open(context) and act in _MAY_BE_OPINION and not evidence.named and is_opinion_of_another(page):
        return "unclear"
    is_bare = evidence.is_bare_wish or evidence.fields <= OF_AN_END
    if act == "amend" and is_bare and not is_open(context) and states_for_another(page):
        return "unclear"
    return act


_MAY_BE_OPINION: frozenset[Act] = frozenset({"amend", "provision", "destroy", "extend"})
_MAY_NARRATE: frozenset[Act] = frozenset({"amend", "provision", "status"})


def _alike(like: str, note: RequestNotes, page: Page, text: str) -> Understanding:
    """A new one like that one; what is taken back of it is said as of a change."""
    note.leave_out("workspace_name")
    cleared = tuple(field for field, pattern in _CLEARED.items() if pattern.search(text))
    statement = Statement(_request_of(note, "provision"), cleared, None, tuple(note.sources.items()), ())
    meant = Understanding("provision", (statement,), tuple(note.doubts), like=like)
    return replace(meant, unused=_unused(page, meant, (like, *_said(text))))


def _of_one(named: tuple[str, ...]) -> tuple[Statement, ...]:
    return (Statement(usable_request({"workspace_name": named[0]})),) if named else ()


def _explained(text: str, notes: Sequence[RequestNotes]) -> tuple[str, ...]:
    """What a why-question is about: what it names by its kind, else the kinds of what it names (“is it in Europe?”,
    “is that staging?”).
    """
    named = topics.explained(text)
    if named:
        return named
    slots = [slot for note in notes for slot in (*note.fields, *(doubt.slot for doubt in note.doubts))]
    return tuple(dict.fromkeys(_TOPIC_OF.get(slot, slot) for slot in slots if slot not in _NO_TOPIC))


_TOPIC_OF = {"min_workers": "workers", "max_workers": "workers"}
_NO_TOPIC = frozenset({"capability", "workspace_name", "assumptions", "additional_requirements"})


def _rates_asked(text: str, act: Act, named: tuple[str, ...]) -> tuple[str, ...]:
    """The computes whose DBU price is asked for; of no workspace that was named."""
    return topics.rates_asked(text) if act in ("cost", "explain", "unclear") and not named else ()


def _said(text: str) -> tuple[str, ...]:
    """Words of which no field is made and that are used all the same."""
    return (*phrases.all_of("tier", text), *words_scaled(text))


def _money_asked(text: str, selection: Selection, evidence: Evidence, context: Context) -> MoneyQuestion | None:
    """What is asked of the money of what stands. A whole request beside it is what the message is about."""
    if ((selection.names or selection.excluded) and is_ordered(text)) or scaled(text):
        return None
    stands = set(selection.names) & set(context.workspaces)
    asks_for_new = not stands and acts.asks_for_one(text, evidence)
    return portfolio.money_question(text, selection, context, asks_for_new=asks_for_new)


def _unused(page: Page, understood: Understanding, used: Iterable[str]) -> tuple[str, ...]:
    """What nothing was made of, where the message asks for something to be built or changed."""
    if understood.act not in ("provision", "amend", "answer"):
        return ()
    known = {field for request in understood.requests for field in request.stated()}
    known |= {doubt.slot for doubt in understood.doubts}
    known |= {field for statement in understood.statements for field in statement.clear}
    wishes = (request.additional_requirements or "" for request in understood.requests)
    return unused(page, known, (*used, *wishes))


def _understood(
    act: Act, notes: Sequence[RequestNotes], page: Page, context: Context, named: tuple[str, ...]
) -> Understanding:
    text = page.layout.text
    if act in ACT_UPON:
        return _upon(act, notes, without_meaning(text, named), context, named)
    of_one = _of_one(named)
    if act == "explain":
        return Understanding(act=act, statements=of_one, topic=_explained(text, notes))
    if act == "out_of_scope":
        if phrases.says("pauses", text) and not scope.service_meant(text):
            return Understanding(act=act, statements=of_one, topic=("pause",))
        return Understanding(act=act, topic=scope.service_meant(text))
    if act == "compare":
        return _compared(text, named)
    if act in ("provision", "amend", "answer", "cost"):
        return _stated(act, notes, page, context, named)
    return Understanding(act=act)


def _compared(text: str, named: tuple[str, ...]) -> Understanding:
    """What is compared, in the order in which it is said: workspaces by their names, or options of one."""
    folded, others = text.casefold(), text
    in_order = sorted(named, key=lambda name: folded.find(name.casefold()))
    for name in named:  # what a name is made of is no option
        others = re.sub(re.escape(name), " ", others, flags=re.IGNORECASE)
    each = tuple(statement for name in in_order for statement in _of_one((name,)))
    return Understanding("compare", each, topic=() if len(each) > 1 else topics.compared(others))


def _upon(
    act: Act, notes: Sequence[RequestNotes], text: str, context: Context, named: tuple[str, ...]
) -> Understanding:
    about_plan = act in ("status", "export") and context.plan_pending and not named
    name = named[0] if named else None
    if name is None and not about_plan and (_IT.search(text) or len(context.workspaces) == 1):
        name = context.in_sight
    fields: dict[str, object] = {"workspace_name": name} if name else {}
    if act == "extend":
        return _extended(fields, notes[0], text, context)
    statements = (Statement(usable_request(fields)),) if fields else ()
    return Understanding(act=act, statements=statements, about_plan=about_plan)


_LONGER = re.compile(
    r"\b(?:days?|weeks?|months?) (?:longer|more|extra)\b"
    r"|\b(?:another|more|extra|additional) (?:\w{1,6} )?(?:days?|weeks?|months?)\b",
    re.IGNORECASE,
)


def _extended(fields: dict[str, object], notes: RequestNotes, text: str, context: Context) -> Understanding:
    """The end that is set, moved or removed."""
    day = times.day_in(text, context.today)
    doubts = [doubt for doubt in notes.doubts if doubt.slot == "expires_in_days"]
    if "expires_in_days" in notes.fields:
        fields["expires_in_days"] = notes.fields["expires_in_days"]
    # A day that is named counts before a span of days beside it.
    elif day is not None and day > context.today and not doubts:
        fields["expires_in_days"] = (day - context.today).days
    elif day is None and not doubts and (days := times.days_said(text)) is not None:
        if isinstance(days, int):
            fields["expires_in_days"] = days
        else:
            doubts = [Doubt("expires_in_days", "invalid", days)]
    is_set = phrases.says("sets_end", text) or phrases.says("destroy", text)
    if _LONGER.search(text) and phrases.says("extend", text) and isinstance(longer := times.days_said(text), int):
        # "It expires tomorrow, can it live two weeks longer?": the day is the one that is to be moved.
        fields["expires_in_days"], day = longer, None
    outright = is_set and not phrases.says("extend", text)
    clear = ("expires_in_days",) if "expires_in_days" not in fields and phrases.says("no_end", text) else ()
    return Understanding(
        act="extend",
        statements=(Statement(usable_request(fields), clear),) if fields or clear else (),
        doubts=tuple(doubts),
        ending="at" if outright else "until" if day is not None else "later",
    )


def _stated(
    act: Act, notes: Sequence[RequestNotes], page: Page, context: Context, named: tuple[str, ...]
) -> Understanding:
    text = page.layout.text
    statements: list[Statement] = []
    doubts: list[Doubt] = []
    for number, note in enumerate(notes):
        if act == "cost" and context.drafts and note.fields.keys() <= {"capability", "team"}:
            note.leave_out("team")  # whoever wants to know it, the price is the same
        if act == "amend" and not context.drafts and len(notes) == 1:
            _name_meant(note, context, named, text)
        elif act in ("cost", "amend") and len(notes) == 1 and _names_another(note, act, context, named):
            note.fields["workspace_name"] = named[0]
        target = _target(note, text, context) if act in ("amend", "answer", "cost") else None
        if target is None and act in ("amend", "answer") and note.fields.get("team") in _drafted(context):
            note.leave_out("team")  # it is the name of one of them, and of none a new one
        cleared = tuple(field for field, pattern in _CLEARED.items() if act == "amend" and pattern.search(text))
        is_counted = any(draft.max_workers is not None for draft in context.drafts)
        stands = context.plan_pending or is_counted or bool(named) or (act == "amend" and not context.drafts)
        wishes = scaled(text, stands=stands) if act == "amend" else supposed(text, stands=stands)
        scaled_by = _scaled(note, page, wishes, stands=stands) if act in ("amend", "cost") else ()
        statements.append(Statement(_request_of(note, act), cleared, target, tuple(note.sources.items()), scaled_by))
        doubts += [replace(doubt, statement=number if len(notes) > 1 else None) for doubt in note.doubts]
    return Understanding(
        act=act,
        statements=tuple(statements),
        doubts=tuple(doubts),
        topic=tuple(dict.fromkeys(_TIERS.findall(" ".join(phrases.all_of("tier", text)).lower())))
        if act != "cost"
        else (),
        undo=act == "amend" and acts.wants_undo(text) and bool(context.drafts or context.workspaces),
        additional=act == "provision" and bool(context.drafts) and acts.is_additional(text),
    )


_TIERS = re.compile(r"trial|premium|standard")


def _scaled(note: RequestNotes, page: Page, wishes: tuple[Scaled, ...], *, stands: bool) -> tuple[Scaled, ...]:
    """The wishes in terms of what is there now; the figures in them are then no numbers of workers."""
    if wishes and _counts_only_amounts(page, stands=stands):
        _leave_out_workers(note)
    return wishes


def _leave_out_amounts(notes: Sequence[RequestNotes], page: Page, context: Context) -> None:
    """Without numbers of workers that say by how many more or fewer where nobody orders it: "not 2 more workers"."""
    may_be_of_one = len(notes) == 1 and (is_open(context) or bool(context.workspaces))
    if may_be_of_one and not scaled(page.layout.text) and _counts_only_amounts(page, stands=False):
        _leave_out_workers(notes[0])


def _counts_only_amounts(page: Page, *, stands: bool) -> bool:
    """True where all the numbers of workers that are said stand in wishes in terms of what is there now."""
    spans = spans_scaled(page.layout.text, stands=stands)
    said = [mention for mention in page.mentions if mention.field == "workers"]
    return bool(spans and said) and all(any(m.start < end and start < m.end for start, end in spans) for m in said)


def _leave_out_workers(note: RequestNotes) -> None:
    for name in ("min_workers", "max_workers"):
        note.leave_out(name)


def _names_another(note: RequestNotes, act: Act, context: Context, named: tuple[str, ...]) -> bool:
    """True where a workspace that stands is named and no field was read from its name ("the owner of dbw-x"), or where
    a price is asked and the name is all that says of what ("don't delete dbw-x, what does it cost?").
    """
    if not named or "workspace_name" in note.fields:
        return False
    return named[0] in context.workspaces or (act == "cost" and not note.fields.keys() - {"capability"})


def _name_meant(note: RequestNotes, context: Context, named: tuple[str, ...], text: str) -> None:
    """A change without a draft is of the workspace named, or of the one in sight."""
    name = _first_meant(named, text) or context.in_sight
    if name is not None:
        note.fields["workspace_name"] = name


def _first_meant(named: Sequence[str], text: str) -> str | None:
    """Of these names the first that is not said to stay as it is: "change dbw-x to 3 workers, dbw-y stays"."""
    folded = text.casefold()
    places = sorted((at, name) for name in named if (at := folded.find(name.casefold())) >= 0)
    meant = [name for at, name in places if spared(text, at, at + len(name)) != "kept"]
    return next(iter((*meant, *(name for _, name in places), *named)), None)


def _target(note: RequestNotes, text: str, context: Context) -> int | None:
    """The draft that is meant: by its environment or name, when there are several."""
    if len(context.drafts) <= 1 or _ALL.search(text):
        return None
    for key in ("workspace_name", "environment", "team"):
        value = note.fields.get(key)
        matching = [at for at, draft in enumerate(context.drafts) if value is not None and getattr(draft, key) == value]
        if len(matching) == 1 and len(note.fields) > 1:
            del note.fields[key]
            note.assumptions = [a for a in note.assumptions if a.field != key]
            return matching[0]
    return None


def _request_of(note: RequestNotes, act: Act) -> InfrastructureRequest:
    fields = dict(note.fields)
    if act == "provision":
        fields["capability"] = "databricks"
    elif act in ("amend", "answer"):
        note.assumptions = [a for a in note.assumptions if a.field == "team" or act == "answer"]
        assumed = {a.field for a in note.assumptions}
        fields = {k: v for k, v in fields.items() if k in assumed or not only_assumed(note, k)}
    if note.extras:
        fields["additional_requirements"] = "; ".join(dict.fromkeys(note.extras))
    return usable_request({**fields, "assumptions": tuple(note.assumptions)})


def names_in(text: str, context: Context) -> tuple[str, ...]:
    """Workspaces that the text names: known ones by any spelling of case, and what is shaped like a name."""
    known = [
        name for name in context.workspaces if re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text, re.IGNORECASE)
    ]
    folded = {name.casefold() for name in known}
    return (*known, *(name for name in acts.shaped_names(text) if name.casefold() not in folded))
