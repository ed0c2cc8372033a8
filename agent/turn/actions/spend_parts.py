"""What a month is made of: what bills while nothing runs, what drives it, what its end saves, what it has cost, what no
price holds.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from agent.turn.actions.billed import tell_billed
from agent.turn.actions.cost import show_bill
from agent.turn.context import Outcome, TurnContext
from agent.views.sum_words import in_period, least_or, month_of, over_days, share
from agent.wording import MOST_NAMES, money, phrase, several
from plugins.databricks.proposal import Proposal, while_idle
from plugins.domain.decision import InfrastructureDecision
from plugins.domain.deployment import Deployment
from plugins.domain.estimate import Estimate
from plugins.domain.money import rounded
from plugins.domain.plan import PlanItem
from plugins.domain.portfolio import GroupKey

_DRIVING = frozenset({"node_type", "photon", "workers", "network", "spot"})
"""Choices that the month hangs on."""


@dataclass(frozen=True)
class PricedWorkspace:
    """A workspace and its month; `since` is the day from which it has stood, None where it does not yet."""

    name: str
    decision: InfrastructureDecision
    cost: Estimate
    since: date | None = None
    deployment: Deployment | None = None

    @staticmethod
    def of(deployment: Deployment) -> "PricedWorkspace":
        since = deployment.created_at.date()
        return PricedWorkspace(deployment.workspace_name, deployment.decision, deployment.cost, since, deployment)

    @staticmethod
    def planned(item: PlanItem) -> "PricedWorkspace":
        return PricedWorkspace(item.decision.workspace_name, item.decision, item.cost)

    @staticmethod
    def proposed(proposal: Proposal) -> "PricedWorkspace":
        return PricedWorkspace(proposal.decision.workspace_name, proposal.decision, proposal.cost)


def tell_idle(context: TurnContext, workspaces: Sequence[PricedWorkspace]) -> Outcome:
    """What each costs while its cluster is off, all month long."""
    platform = context.settings.platform
    idle = [(one, while_idle(one.decision, platform)) for one in workspaces]
    first, cost = idle[0]
    if len(idle) == 1:
        told = context.say(
            "idle",
            name=first.name,
            idle=money(cost.expected, cost.currency),
            expected=month_of(first.cost),
            minutes=first.decision.autotermination_minutes,
            pending=context.is_pending,
        )
        return told.then(show_bill(context, phrase("turn.spend.idle_bill", name=first.name), cost))
    rows = tuple((one.name, money(off.expected, off.currency), month_of(one.cost)) for one, off in idle)
    total = sum((off.expected for _, off in idle), Decimal(0))
    whole = sum((one.cost.expected for one, _ in idle), Decimal(0))
    last = (phrase("turn.spend.total"), money(total, cost.currency), money(whole, cost.currency))
    is_one_currency = len({off.currency for _, off in idle}) == 1
    told = context.say("idle_several", count=len(rows), pending=context.is_pending)
    columns = tuple(phrase("turn.spend.idle_columns").split(" | "))
    return told.then(
        context.table(phrase("turn.spend.idle_title"), columns, (*rows, last) if is_one_currency else rows)
    )


def tell_so_far(context: TurnContext, workspaces: Sequence[PricedWorkspace], by: GroupKey | None = None) -> Outcome:
    """What was billed; where no bill is read, that, and what the estimate comes to since each stands."""
    standing = [one.deployment for one in workspaces if one.deployment is not None]
    billed = tell_billed(context, standing, by) if standing else None
    return billed or _estimated_so_far(context, workspaces)


def _estimated_so_far(context: TurnContext, workspaces: Sequence[PricedWorkspace]) -> Outcome:
    rows = tuple(_since(context, one) for one in workspaces)
    sums = _so_far_together(context, workspaces)
    told = context.say(
        "so_far",
        names=several([one.name for one in workspaces]),
        one=len(workspaces) == 1,
        month=phrase("views.sums.amounts").join(month for _, _, month, _ in sums),
        since=rows[0][1],
        at_rate=phrase("views.sums.amounts").join(spent for *_, spent in sums if spent),
        stands=any(one.since is not None for one in workspaces),
        problem=context.records.bill_reading().problem,
        pending=context.is_pending,
    )
    if len(workspaces) == 1:
        return told
    shown = rows[:_MOST_SO_FAR]
    if len(rows) > _MOST_SO_FAR:
        shown = (*shown, (phrase("turn.spend.others", count=len(rows) - _MOST_SO_FAR), "", "", ""))
    columns = tuple(phrase("turn.spend.so_far_columns").split(" | "))
    return told.then(context.table(phrase("turn.spend.so_far_title"), columns, (*shown, *sums)))


_MOST_SO_FAR = 25
"""Rows of one table; the total is of all of them."""


def _so_far_together(
    context: TurnContext, workspaces: Sequence[PricedWorkspace]
) -> tuple[tuple[str, str, str, str], ...]:
    """The last row of each currency: the sum of all months, and of what they come to since each stands."""
    rows: list[tuple[str, str, str, str]] = []
    for currency in dict.fromkeys(one.cost.currency for one in workspaces):
        those = [one for one in workspaces if one.cost.currency == currency]
        month = money(sum((one.cost.expected for one in those), Decimal(0)), currency)
        spent = sum((_at_rate(context, one) for one in those), Decimal(0))
        least = least_or(month, is_lower_bound=any(one.cost.is_lower_bound for one in those))
        rows.append((phrase("turn.spend.total"), "", least, money(spent, currency) if spent else ""))
    return tuple(rows)


def _at_rate(context: TurnContext, one: PricedWorkspace) -> Decimal:
    """What the estimate comes to for the whole days that it has stood, rounded as it is shown."""
    days = max((context.today - one.since).days, 0) if one.since is not None else 0
    return rounded(over_days(one.cost.expected, days))


def _since(context: TurnContext, one: PricedWorkspace) -> tuple[str, str, str, str]:
    if one.since is None:
        return one.name, "", month_of(one.cost), ""
    spent = _at_rate(context, one)
    return one.name, one.since.isoformat(), month_of(one.cost), money(spent, one.cost.currency) if spent else ""


def tell_saved(context: TurnContext, workspaces: Sequence[PricedWorkspace]) -> Outcome:
    """What the end of these would save: the whole of their months."""
    currencies = {one.cost.currency for one in workspaces}
    if len(currencies) != 1:
        return _saved_by_each(context, workspaces, ())
    month = sum((one.cost.expected for one in workspaces), Decimal(0))
    currency = currencies.pop()
    names = [one.name for one in workspaces]
    told = context.say(
        "saved",
        names=several(names),
        order=phrase("wording.and").join(names if len(names) <= MOST_NAMES else names[:1]),
        stands=workspaces[0].since is not None,
        month=money(month, currency),
        year=money(in_period(month, "year"), currency),
        least=any(one.cost.is_lower_bound for one in workspaces),
        pending=context.is_pending,
    )
    if len(workspaces) == 1:
        return told
    last = (phrase("turn.spend.total"), money(month, currency))
    return told.then(_saved_by_each(context, workspaces, (last,)))


def _saved_by_each(
    context: TurnContext, workspaces: Sequence[PricedWorkspace], last: tuple[tuple[str, str], ...]
) -> Outcome:
    rows = (*((one.name, month_of(one.cost)) for one in workspaces), *last)
    columns = tuple(phrase("turn.spend.saved_columns").split(" | "))
    return context.table(phrase("turn.spend.saved_title"), columns, rows)


def tell_uncounted(context: TurnContext) -> Outcome:
    """What no price here holds."""
    pricing = context.settings.platform.pricing
    return context.say(
        "uncounted",
        traffic=f"{pricing.nat_data_gb_per_month:f}",
        logs=f"{pricing.log_ingestion_gb_per_month:f}",
        pending=context.is_pending,
    )


def tell_drivers(context: TurnContext, workspaces: Sequence[PricedWorkspace]) -> Outcome:
    """The lines of its bill, the dearest first, with their share, and the choices that they hang on."""
    one = workspaces[0]
    cost, decision = one.cost, one.decision
    lines = sorted(
        (line for line in cost.lines if line.monthly), key=lambda line: line.monthly or Decimal(0), reverse=True
    )
    rows = tuple(
        (line.item, money(line.monthly, cost.currency), share(line.monthly, cost.expected))
        for line in lines
        if line.monthly
    )
    reasons = [reason for reason in decision.justification if reason.about in _DRIVING]
    told = context.say(
        "drivers",
        name=one.name,
        month=month_of(cost),
        hours=f"{decision.hours_per_week:g}",
        first=lines[0].item if lines else "",
        share=rows[0][2] if rows else "",
        reasons=reasons,
        pending=context.is_pending,
    )
    columns = tuple(phrase("turn.spend.driver_columns").split(" | "))
    last = (phrase("turn.cost.total"), money(cost.expected, cost.currency), "")
    return told.then(context.table(phrase("turn.spend.driver_title", name=one.name), columns, (*rows, last)))
