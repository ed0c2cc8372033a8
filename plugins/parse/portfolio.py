"""Questions of money that are of what stands: of one workspace, of all of them, or of some.

A question for the price of what is wanted ("how much would a dev workspace cost?") is none of these; it is told apart
by what it says of a new one. Which workspaces are meant is `selection`'s.
"""

import re
from typing import Literal

from plugins.domain.portfolio import GroupKey, MoneyAspect, MoneyQuestion, Period, Selection
from plugins.domain.request import usable_request
from plugins.domain.understanding import Act, Context, Statement, Understanding
from plugins.parse import phrases
from plugins.parse.evidence import counts_what_stands, means_all_in_hand
from plugins.parse.phrases import Kind
from plugins.parse.vocabulary import table

_FIRST: tuple[Literal["uncounted", "so_far", "saved", "idle", "drivers", "cheaper"], ...] = (
    "uncounted",
    "so_far",
    "saved",
    "idle",
    "drivers",
    "cheaper",
)
"""What is asked by phrases of its own, in the order in which it is looked for."""

_LIMITS = re.compile(
    r"\b(?:we|our|all|any\w*|which|who|teams?|workspaces|ones|everything|left|used|against)\b|dbw", re.IGNORECASE
)
_PERIOD = re.compile(
    r"\b(?:per|a|an|each|every|in a|this|for the|over the|/)\s?(?P<unit>year|month|quarter|week|day|annum)\b"
    r"|\b(?P<adverb>annual(?:ly)?|yearly|monthly|quarterly|weekly|daily|p\.a|12 months)\b",
    re.IGNORECASE,
)
_IS_WANTED = re.compile(r"\b(?:would|will|could|can|shall|want|need|if)\b", re.IGNORECASE)
_GROUP_ALONE = re.compile(
    r"""(?:(?:and|or|now|then|what\ about|how\ about|same|the\ same)\s){0,3}(?:(?:break|split|group|sum)\s
    (?:that|it|this|them|those)?\s?(?:down\s|up\s)?)?(?:(?:the\ )?(?:totals?|sums?)\s)?
    (?:by|per|split\ by|grouped\ by|for\ each)\s[\w\ -]{1,24}[?.!]?""",
    re.IGNORECASE | re.VERBOSE,
)
"""Asked after a sum was told: "and by cost centre?"."""
_NEW = re.compile(r"\b(?:a|an|new|another|one more)\s(?:\w{1,30}\s){0,3}(?:workspace|databricks)\b(?!s)", re.IGNORECASE)


_WHO_PAYS = re.compile(
    r"(?:[,;.:]|\b(?:since|because|as|cause))\s{1,3}(?:they|he|she|those|these|we|(?:the|that)\s\w{1,20}\steam)"
    r"(?:'re|'s|'ll|\s(?:are|is|will|would))?\s(?:be\s)?(?:the\sones?\s(?:who\s)?)?(?:paying|pays?|footing)\b[^?\n]{0,30}$",
    re.IGNORECASE,
)
"""Who pays, told at the end as the reason of something else."""


def money_question(text: str, selection: Selection, context: Context, *, asks_for_new: bool) -> MoneyQuestion | None:
    """What is asked of the money of what stands or is in hand; None where nothing is, or where a price of something
    new is asked.
    """
    if _GROUP_ALONE.fullmatch(text.strip()) and not context.open_slots and (by := _group(text)):
        return MoneyQuestion(aspect="total", by=by, period=_period(text), is_of_all=True)
    if (again := _over_another_period(text, context)) is not None:
        return again
    told = _WHO_PAYS.sub(" ", text)
    if asks_for_new or not any(phrases.says(kind, told) for kind in _OF_MONEY):
        return None
    plain = phrases.without("cost_fields", text)
    period, by = _period(plain), _group(text)
    is_of_all = phrases.says("of_all", plain) or by is not None or phrases.says("top", plain)
    is_of_all = is_of_all or counts_what_stands(plain, context)
    aspect = _aspect(plain, selection, context, is_of_all=is_of_all)
    if aspect is None:
        return None
    is_ours = (
        aspect in ("cheaper", "so_far", "idle", "limits")
        and _OURS.search(text) is not None
        and not phrases.says("it", text)
    )
    # "Actual spend this month" is everybody's, whatever was spoken of before; "what did it cost?" is of that.
    is_spent = aspect == "so_far" and _SPENT.search(text) is not None and not phrases.says("it", _period_less(text))
    is_of_all = is_of_all or is_ours or is_spent or _is_of_many(plain)
    return MoneyQuestion(aspect=aspect, by=by, period=period, is_of_all=is_of_all and not selection.names)


_OF_MONEY: tuple[Kind, ...] = ("of_money", "held_limits", "uncounted", "drivers", "cheaper")

_PERIOD_ALONE = re.compile(
    r"""(?:(?:and|or|now|then|so|what\ about|how\ about|what\ is\ that|what's\ that|how\ much\ is\ that)\s){0,3}
    (?:(?:per|a|an|each|every|in\ a|over\ a|for\ a|for\ the)\s(?:whole\s)?(?:year|month|quarter|week|day)
    |yearly|annually|monthly|quarterly|weekly|daily)[?.!\s]{0,4}""",
    re.IGNORECASE | re.VERBOSE,
)


def _over_another_period(text: str, context: Context) -> MoneyQuestion | None:
    """The question “and per year?” after the sum of all was told; None where something else was, or is in hand."""
    if context.drafts or context.open_slots or context.plan_pending or not context.workspaces:
        return None
    if _PERIOD_ALONE.fullmatch(text.strip()) is None or not context.said:
        return None
    last = context.said[-1]
    told = [name for name in context.workspaces if name in last.text] if last.who == "brickie" else []
    return None if len(told) == 1 else MoneyQuestion(aspect="total", period=_period(text), is_of_all=True)


_COSTS_ALONE = re.compile(
    r"""\W{0,9}(?:please\ )?(?:(?:show|list|give|tell)(?:\ me|\ us)?\ )?(?:the\ |all\ )?
    (?:costs|spend(?:ing)?|bills?|expenses)\W{0,9}""",
    re.IGNORECASE | re.VERBOSE,
)
"""With nothing in hand it is all that stands."""

_SMALLER = re.compile(
    r"\b(?:photon|spot|gpus?|workers?|nodes?|machines?|vms?|hours|smaller|single node)\b", re.IGNORECASE
)
_OURS = re.compile(r"\b(?:we|us|our)\b", re.IGNORECASE)
_SPENT = re.compile(r"\b(?:we|our|spend(?:ing)?|spent|bills?|invoices?)\b", re.IGNORECASE)


def selection_of_money(selection: Selection, question: MoneyQuestion) -> Selection:
    """Which workspaces it is of: of those that are named nothing else is a filter, and "destroyed" is no state here."""
    if selection.names:
        return Selection(names=selection.names)
    is_kept = selection.model_copy(update={"states": ()})
    if question.aspect == "cheaper":
        is_kept = is_kept.model_copy(update={"under": None, "currency": None})  # what it shall come to
    return is_kept if question.aspect in ("total", "limits") else is_kept.model_copy(update={"flags": ()})


def asked_of_money(question: MoneyQuestion, selection: Selection) -> Understanding:
    """The question as it is understood: of those that are named a statement for each."""
    meant = selection_of_money(selection, question)
    each = tuple(Statement(usable_request({"workspace_name": name})) for name in meant.names)
    return Understanding(act_of_money(question), each, money=question, selection=meant)


def act_of_money(question: MoneyQuestion) -> Act:
    """The act that such a question counts as."""
    acts: dict[MoneyAspect, Act] = {"cheaper": "compare", "drivers": "explain", "uncounted": "cost"}
    return acts.get(question.aspect, "cost")


def _aspect(text: str, selection: Selection, context: Context, *, is_of_all: bool) -> MoneyAspect | None:
    if phrases.says("top", text) and re.search(r"\bwhy\b", text, re.IGNORECASE):
        return "drivers"
    for aspect in _FIRST:
        if phrases.says(aspect, text) and _is_asked(aspect, text):
            # What a smaller one would save is no end of it.
            return "cheaper" if aspect == "saved" and _SMALLER.search(text) else aspect
    if phrases.says("held_limits", text) and _asks_of_limits(text, context):
        return "limits"
    if not selection.names and means_all_in_hand(text, context):
        return None
    if _NEW.search(text) or (_IS_WANTED.search(text) and not is_of_all):
        return None
    if len(selection.names) > 1 and phrases.says("of_money", text):
        return "total"
    if _names_some(text, selection, context):
        return "total"
    is_of_all = is_of_all or (not context.drafts and _COSTS_ALONE.fullmatch(text) is not None)
    if is_of_all or (_is_of_many(text) and not selection.names):
        return "total" if phrases.says("of_money", text) and _asks_sum(text, selection) else None
    # Of one that is named only the period is news: "what does dbw-x cost a year?"
    return "month" if selection.names and _period(text) != "month" else None


_OF_A_FEATURE = re.compile(
    r"\W*(?:does|do|will|would|is|are|can)\s(?:photon|spot|gpus?|serverless|autoscaling|the photon engine)\b",
    re.IGNORECASE,
)
"""What somebody wonders of one option is answered by what it is: "does Photon save money?"."""


def _is_asked(aspect: MoneyAspect, text: str) -> bool:
    if aspect == "cheaper" and _OF_A_FEATURE.match(text):
        return False
    if aspect == "cheaper":
        # "Make it cheaper: 2 workers" changes what is in hand.
        return not re.search(r"\bor\b", text, re.IGNORECASE) or not phrases.says("compare", text)
    return aspect != "idle" or bool(
        re.search(r"\b(?:cost\w*|pay\w*|price|spend\w*|bill\w*|charge\w*|much)\b", text, re.IGNORECASE)
    )


def _asks_of_limits(text: str, context: Context) -> bool:
    """True for a question of what stands; one about what is in hand is explained by what it says."""
    asks = "?" in text or phrases.begins("question", text) or phrases.begins("asks_list", text)
    is_terse = len(text.split()) <= _TERSE and not re.search(r"\d", text)
    is_of_the_draft = bool(context.drafts) and "dbw" not in text and not _OURS.search(text)
    return (asks or is_terse) and bool(_LIMITS.search(text)) and not is_of_the_draft


_TERSE = 6


def _names_some(text: str, selection: Selection, context: Context) -> bool:
    """True for "the cost of prod" where there is something in prod and nothing in hand: what stands is meant."""
    if not context.workspaces or context.drafts or context.open_slots or selection.names:
        return False
    says_which = bool(selection.environments or selection.teams)
    return says_which and not selection.unread and phrases.says("cost", text) and not phrases.says("verb", text)


_OF_A_SUM = re.compile(
    r"\b(?:costs?|costing|pay(?:s|ing)?|spend(?:s|ing)?|total|sum|much|price|run[- ]?rate|forecasts?|projections?)\b",
    re.IGNORECASE,
)


def _asks_sum(text: str, selection: Selection) -> bool:
    """False for a list with a bound on its money ("which workspaces cost over 500?"): that shows workspaces."""
    has_bound = selection.over is not None or selection.under is not None
    if phrases.begins("asks_list", text) and not _OF_A_SUM.search(text):
        return False
    shows = re.match(
        r"\W*(?:(?:please|can you|could you) )?(?:list|show|display|which|what) (?:me )?(?:are )?"
        r"(?:all |the |our |my )?"
        r"(?:\w{1,20} ){0,2}(?:workspaces|ones|deployments)\b",
        text,
        re.IGNORECASE,
    )
    return not (shows and (has_bound or not re.search(r"\b(?:cost|pay|spend|total|sum)\b", text, re.IGNORECASE)))


def _is_of_many(text: str) -> bool:
    return phrases.says("many", text) and not re.search(r"\ba workspace\b", text, re.IGNORECASE)


def _period_less(text: str) -> str:
    """Without the month that it is of: "this month" is nothing that was spoken of."""
    return re.sub(r"\b(?:this|that) (?:day|week|month|quarter|year)\b", "", text, flags=re.IGNORECASE)


def _period(text: str) -> Period:
    match = _PERIOD.search(text)
    words: dict[str, Period] = table("portfolio")["periods"]
    return words.get((match["unit"] or match["adverb"]).lower(), "month") if match else "month"


def _group(text: str) -> GroupKey | None:
    groups: dict[str, GroupKey] = table("portfolio")["groups"]
    match = phrases.found("grouped", text)
    if match is not None:
        return next((groups[word] for word in _singular(match[0]) if word in groups), None)
    top = phrases.found("top", text)
    if top is None:
        return None
    return next((groups[word] for word in _singular(top[0]) if word in groups), None)


def _singular(text: str) -> list[str]:
    """Its words without a plural's ending, the last first: what follows "per" is the key."""
    words = re.findall(r"[a-z]+", text.lower())
    return [word.removesuffix("s") if word != "people" else word for word in reversed(words)]
