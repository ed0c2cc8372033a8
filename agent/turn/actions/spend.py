"""What is asked of the money of what stands, or of what is in hand: sums, limits, what a month is made of."""

from decimal import Decimal

from agent.dialogue.steps import Price, Spend
from agent.turn.actions.cost import price, price_deployed, priced
from agent.turn.actions.savings import offer_savings, show_savings
from agent.turn.actions.spend_parts import (
    PricedWorkspace,
    tell_drivers,
    tell_idle,
    tell_saved,
    tell_so_far,
    tell_uncounted,
)
from agent.turn.actions.workspace_list import chosen_of, tell_none, tell_unknown, words_of
from agent.turn.context import Outcome, TurnContext
from agent.views.portfolio import Chosen, GroupSum, sums
from agent.views.sum_words import counted, in_period, least_or, share, totals
from agent.wording import difference, money, phrase
from plugins.domain.portfolio import GroupKey, MoneyQuestion

_MOST_ROWS = 25
"""Rows of one table of sums; the rest is one row, so that the total is always what the rows add up to."""


def spend(context: TurnContext, step: Spend) -> Outcome:
    """Nothing is changed by asking, and a plan that waits goes on waiting."""
    if step.in_hand:
        return _of_what_is_in_hand(context, step)
    found = chosen_of(context, step.selection, standing=True)
    if step.question.aspect == "uncounted":
        return tell_uncounted(context)
    if not found.deployments:
        return tell_none(context, found)
    workspaces = tuple(PricedWorkspace.of(deployment) for deployment in found.deployments)
    spoken = context.unchanged()
    if len(workspaces) == 1:
        spoken = Outcome(context.conversation.spoke_of(workspaces[0].name))
    turn = context.after(spoken)
    return spoken.then(tell_unknown(turn, found)).then(_told(turn, step.question, found, workspaces))


def _told(
    context: TurnContext, question: MoneyQuestion, found: Chosen, workspaces: tuple[PricedWorkspace, ...]
) -> Outcome:
    match question.aspect:
        case "idle":
            return tell_idle(context, workspaces)
        case "so_far":
            return tell_so_far(context, workspaces, question.by)
        case "saved":
            return tell_saved(context, workspaces)
        case "uncounted":
            return tell_uncounted(context)
        case "limits":
            return _limits(context, question, found)
        case "cheaper":
            is_one = len(found.deployments) == 1
            return offer_savings(context, found.deployments[0]) if is_one else show_savings(context, found.deployments)
        case "drivers":
            one = _in_question(found, workspaces)
            return tell_drivers(context, one) if len(one) == 1 else _total(context, question, found)
        case "month" | "total":
            is_one = len(found.deployments) == 1 and not question.is_of_all and question.by is None
            return (
                price_deployed(context, found.deployments[0], question.period)
                if is_one
                else _total(context, question, found)
            )


def _in_question(found: Chosen, workspaces: tuple[PricedWorkspace, ...]) -> tuple[PricedWorkspace, ...]:
    """All of them; the dearest or the cheapest alone, where that is what is asked for: they are in that order."""
    is_ranked = found.selection.sort == "cost" and len({one.cost.currency for one in workspaces}) == 1
    return workspaces[:1] if is_ranked else workspaces


def _of_what_is_in_hand(context: TurnContext, step: Spend) -> Outcome:
    plan = context.pending_plan()
    drafts = context.conversation.drafts
    requests = tuple(draft.request for draft in drafts) or tuple(item.request for item in plan.items) if plan else ()
    requests = requests or tuple(draft.request for draft in drafts)
    if step.question.aspect in ("month", "total", "limits"):
        return price(context, Price(requests, period=step.question.period))
    if step.question.aspect == "cheaper":
        return offer_savings(context, None)
    if step.question.aspect == "uncounted":
        return tell_uncounted(context)
    if plan is not None:
        return _told_of_parts(context, step.question, tuple(map(PricedWorkspace.planned, plan.items)))
    quoted = priced(context, requests)
    workspaces = tuple(PricedWorkspace.proposed(proposal) for proposal in quoted.proposals)
    return _told_of_parts(context, step.question, workspaces) if workspaces else quoted.complaint


def _told_of_parts(context: TurnContext, question: MoneyQuestion, workspaces: tuple[PricedWorkspace, ...]) -> Outcome:
    match question.aspect:
        case "idle":
            return tell_idle(context, workspaces)
        case "saved":
            return tell_saved(context, workspaces)
        case "so_far":
            return tell_so_far(context, workspaces)
        case _:
            return tell_drivers(context, workspaces[:1])


def _total(context: TurnContext, question: MoneyQuestion, found: Chosen) -> Outcome:
    """The sum, and what it is made of."""
    whole = sums(found.deployments, None)
    of = words_of(context, found.selection)
    summed = context.say(
        "total",
        count=counted(len(found.deployments)),
        of=of,
        month=totals(whole),
        year=totals(whole, "year"),
        other=totals(whole, question.period) if question.period not in ("month", "year") else "",
        period=phrase(f"turn.spend.period.{question.period}"),
        pending=context.is_pending,
    )
    by: GroupKey = question.by or "workspace_name"
    groups = sums(found.deployments, by)
    if not found.selection.descending and found.selection.sort == "cost":
        groups = tuple(reversed(groups))
    return summed.then(context.table(*_sums_table(groups, whole, by, question)))


def _sums_table(
    groups: tuple[GroupSum, ...], whole: tuple[GroupSum, ...], by: GroupKey, question: MoneyQuestion
) -> tuple[str, tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Title, columns and rows; the last row of each currency is the sum of those above it."""
    is_single = by == "workspace_name"
    period = question.period if question.period != "month" else "year"
    columns = (
        phrase(f"turn.spend.by.{by}"),
        *(() if is_single else (phrase("turn.spend.count"),)),
        phrase("turn.spend.month"),
        phrase(f"turn.spend.a.{period}"),
        phrase("turn.spend.share"),
    )
    month_of = {one.currency: one for one in whole}

    def row(one: GroupSum, label: str) -> tuple[str, ...]:
        amounts = (money(one.month, one.currency), money(in_period(one.month, period), one.currency))
        shown = tuple(least_or(amount, is_lower_bound=one.is_lower_bound) for amount in amounts)
        part = share(one.month, month_of[one.currency].month)
        return (label, *(() if is_single else (str(one.count),)), *shown, part)

    rows = [row(one, one.group or phrase(f"turn.spend.without.{by}")) for one in groups[:_MOST_ROWS]]
    rows += [row(one, phrase("turn.spend.others", count=one.count)) for one in _rest(groups[_MOST_ROWS:])]
    rows += [row(one, phrase("turn.spend.total")) for one in whole]
    return phrase("turn.spend.title", by=columns[0].lower()), columns, tuple(rows)


def _rest(groups: tuple[GroupSum, ...]) -> tuple[GroupSum, ...]:
    """What no row is shown of, as one sum a currency."""
    rest: dict[str, GroupSum] = {}
    for one in groups:
        known = rest.get(one.currency)
        rest[one.currency] = one if known is None else _added(known, one)
    return tuple(rest.values())


def _added(one: GroupSum, other: GroupSum) -> GroupSum:
    return GroupSum(
        group="",
        count=one.count + other.count,
        currency=one.currency,
        month=one.month + other.month,
        is_lower_bound=one.is_lower_bound or other.is_lower_bound,
        limit=None if one.limit is None or other.limit is None else one.limit + other.limit,
    )


def _limits(context: TurnContext, question: MoneyQuestion, found: Chosen) -> Outcome:
    """Each expected month against the limit that holds for it, the fullest first."""
    by: GroupKey = question.by or "workspace_name"
    groups = sorted(sums(found.deployments, by), key=_fullness, reverse=True)
    above = [one for one in groups if one.room is not None and one.room < 0]
    told = context.say(
        "against_limits",
        above=[(one.group, difference(-(one.room or Decimal(0)), one.currency)) for one in above],
        count=counted(len(found.deployments)),
        only=found.deployments[0].workspace_name if len(found.deployments) == 1 else "",
        unlimited=[one.group for one in groups if one.limit is None],
        pending=context.is_pending,
    )
    columns = (phrase(f"turn.spend.by.{by}"), *phrase("turn.spend.limit_columns").split(" | "))
    rows = tuple(_limit_row(one) for one in groups[:_MOST_ROWS])
    return told.then(context.table(phrase("turn.spend.limit_title"), columns, rows))


def _limit_row(one: GroupSum) -> tuple[str, ...]:
    month = least_or(money(one.month, one.currency), is_lower_bound=one.is_lower_bound)
    if one.limit is None or one.room is None:
        return one.group, month, phrase("turn.spend.no_limit"), "", ""
    return (
        one.group,
        month,
        money(one.limit, one.currency),
        difference(one.room, one.currency),
        share(one.month, one.limit),
    )


def _fullness(one: GroupSum) -> Decimal:
    return one.month / one.limit if one.limit else Decimal(-1)
