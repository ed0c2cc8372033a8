"""Bill against estimate: a month of each workspace, and what a day may be alarming for. Pure.

Days are compared as wholes: the first of a workspace, of which it stood a part only, and the day on which the bill was
read are counted as billed and not compared. Azure's figures of a day settle within a day or two, and it may
correct them later (learn.microsoft.com/azure/cost-management-billing/costs/understand-cost-mgt-data, as remembered on
2026-11-30).
"""

from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from agent.store.bills import WorkspaceDay
from agent.views.portfolio import group_of
from plugins.domain.deployment import Deployment
from plugins.domain.estimate import HOURS_PER_MONTH
from plugins.domain.money import converted
from plugins.domain.portfolio import GroupKey

FIRST_DAYS = 90
"""How far back the bill is read at first."""

LEAST_DAYS = 3
"""Whole days from which a month is forecast, and a day is held against those before it."""

THRESHOLDS = (50, 80, 100)
"""Percent of the limit at which people are told, each once a month."""

JUMP = 3
"""A day that costs more than so many times the mean of the week before it is told."""

_WEEK = 7


@dataclass(frozen=True)
class BilledMonth:
    """One group, or one workspace, in one currency. `compared` is what was billed on the whole days, `estimated` what
    those were estimated at; None where no day can be compared, or the estimate is in a currency without a rate.
    `forecast` is the month's end at the rate of the whole days; None while there are too few. `is_part` where a
    resource group is shared with others, so that what is billed there is left out: `billed` and `used` are then at
    least that, and a part is held against no estimate and forecasts nothing.
    """

    group: str
    count: int
    currency: str
    billed: Decimal
    compared: Decimal | None
    estimated: Decimal | None
    forecast: Decimal | None
    limit: Decimal | None
    is_part: bool = False

    @property
    def error(self) -> Decimal | None:
        """By which share of the estimate the bill is higher; negative where it is lower."""
        if self.compared is None or not self.estimated:
            return None
        return self.compared / self.estimated - 1

    @property
    def used(self) -> Decimal | None:
        """The share of the limit that is billed so far."""
        return self.billed / self.limit if self.limit else None


@dataclass(frozen=True)
class BillPeriod:
    """A calendar month (UTC) as far as it is known: `through` is its last whole day that was read."""

    first: date
    last: date
    through: date

    @staticmethod
    def of(day: date, read_on: date) -> "BillPeriod":
        """The month of that day, of a bill that was read on that other day."""
        first = day.replace(day=1)
        last = day.replace(day=monthrange(day.year, day.month)[1])
        return BillPeriod(first, last, min(last, read_on - timedelta(days=1)))


def billed_months(
    deployments: Sequence[Deployment], days: Sequence[WorkspaceDay], period: BillPeriod, rates: Mapping[str, Decimal]
) -> tuple[tuple[Deployment, BilledMonth], ...]:
    """Each of these and its month, a row for each currency that it was billed in, as far as it was billed at all.

    `days` may reach back before the period: a workspace's first day is then known as such.
    """
    of: dict[str, list[WorkspaceDay]] = {}
    for day in days:
        of.setdefault(day.deployment_id, []).append(day)
    return tuple(
        (deployment, _month(deployment, billed, currency, period, rates))
        for deployment in deployments
        for currency, billed in _by_currency(of.get(deployment.deployment_id, ())).items()
        if any(period.first <= day.day <= period.last for day in billed)
    )


def _by_currency(days: Iterable[WorkspaceDay]) -> dict[str, list[WorkspaceDay]]:
    by: dict[str, list[WorkspaceDay]] = {}
    for day in days:
        by.setdefault(day.currency, []).append(day)
    return by


def _month(
    deployment: Deployment, days: list[WorkspaceDay], currency: str, period: BillPeriod, rates: Mapping[str, Decimal]
) -> BilledMonth:
    begun = min(day.day for day in days)
    start = max(period.first, begun + timedelta(days=1))
    count = max((period.through - start).days + 1, 0)
    billed = sum((day.amount for day in days if period.first <= day.day <= period.last), Decimal(0))
    is_part = deployment.decision.existing_resource_group
    whole_days = [day.amount for day in days if start <= day.day <= period.through]
    compared = sum(whole_days, Decimal(0)) if count and not is_part else None
    expected = converted(deployment.cost.expected, of=deployment.cost.currency, to=currency, rates=rates)
    limit = deployment.decision.monthly_limit
    return BilledMonth(
        group=deployment.workspace_name,
        count=1,
        currency=currency,
        billed=billed,
        compared=compared if expected is not None else None,
        estimated=expected * count * 24 / HOURS_PER_MONTH if expected is not None and compared is not None else None,
        forecast=_forecast(deployment, days, period, compared, count),
        limit=None if limit is None else converted(limit, of=deployment.decision.currency, to=currency, rates=rates),
        is_part=is_part,
    )


def _forecast(
    deployment: Deployment, days: list[WorkspaceDay], period: BillPeriod, compared: Decimal | None, count: int
) -> Decimal | None:
    """What has been billed by the last whole day, and the mean of the whole days for each day that is left: to the
    month's end, or the workspace's own.
    """
    if compared is None or count < LEAST_DAYS:
        return None
    so_far = sum((day.amount for day in days if period.first <= day.day <= period.through), Decimal(0))
    is_gone = deployment.status in ("destroyed", "rolled_back")
    last = min(period.last, deployment.expires_on or period.last)
    left = 0 if is_gone else max((last - period.through).days, 0)
    return so_far + compared / count * left


def grouped(months: Iterable[tuple[Deployment, BilledMonth]], by: GroupKey | None) -> tuple[BilledMonth, ...]:
    """Their sums, one a group and currency, the dearest first; without `by` one a currency. What is not known of one of
    a group is not known of it.
    """
    groups: dict[tuple[str, str], list[BilledMonth]] = {}
    for deployment, month in months:
        groups.setdefault((group_of(deployment, by), month.currency), []).append(month)
    summed = [_sum(group, currency, members) for (group, currency), members in groups.items()]
    return tuple(sorted(summed, key=lambda one: (-one.billed, one.group)))


def _sum(group: str, currency: str, members: Sequence[BilledMonth]) -> BilledMonth:
    # Those of which no day can be compared yet keep nobody from comparing the others.
    pairs = [(one.compared, one.estimated) for one in members if one.compared is not None and one.estimated is not None]
    forecasts = [one.forecast for one in members]
    limits = [one.limit for one in members]
    return BilledMonth(
        group=group,
        count=len(members),
        currency=currency,
        billed=sum((one.billed for one in members), Decimal(0)),
        compared=sum((compared for compared, _ in pairs), Decimal(0)) if pairs else None,
        estimated=sum((estimated for _, estimated in pairs), Decimal(0)) if pairs else None,
        forecast=_whole(forecasts),
        limit=_whole(limits),
        is_part=any(one.is_part for one in members),
    )


def _whole(amounts: Sequence[Decimal | None]) -> Decimal | None:
    known = [amount for amount in amounts if amount is not None]
    return sum(known, Decimal(0)) if len(known) == len(amounts) else None


def threshold_of(month: BilledMonth) -> int | None:
    """The highest percentage of its limit that it has reached; None below the first, or without a limit."""
    used = month.used
    reached = [] if used is None else [threshold for threshold in THRESHOLDS if used * 100 >= threshold]
    return reached[-1] if reached else None


@dataclass(frozen=True)
class Jump:
    """A day that cost far more than the days before it."""

    day: date
    currency: str
    amount: Decimal
    mean: Decimal


def jump_of(days: Sequence[WorkspaceDay], through: date) -> Jump | None:
    """Whether the last whole day of one workspace jumped. One without a row cost nothing; its first is no whole one."""
    for currency, billed in _by_currency(days).items():
        begun = min(day.day for day in billed)
        since = max(through - timedelta(days=_WEEK), begun + timedelta(days=1))
        count = (through - since).days
        amount = sum((day.amount for day in billed if day.day == through), Decimal(0))
        before = sum((day.amount for day in billed if since <= day.day < through), Decimal(0))
        if count >= LEAST_DAYS and before > 0 and amount > JUMP * before / count:
            return Jump(through, currency, amount, before / count)
    return None
