"""What was billed: Cost Management's query, page by page, by resource group and day.

One query for a whole subscription, because Azure allows some four a minute in a scope. What is read is whole or is
nothing: a page that is missing would be a bill that is too low.
The API: learn.microsoft.com/rest/api/cost-management/query/usage, api-version 2025-03-01 (read 2026-11-22).
"""

import asyncio
from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, cast

from plugins.domain.bill import BilledDay, BillRead
from plugins.resource_manager.client import MOST_PAGES, ArmAnswer, Json, Patience, ResourceManager, next_page
from plugins.resource_manager.failed import not_answered
from plugins.resource_manager.sentences import SAYS

API_VERSION = "2025-03-01"

MOST_FILTERED = 100
"""Resource groups that are named in a query; where there are more, all of the subscription are asked for, since a
longer filter is refused.
"""

MOST_SKEW = timedelta(minutes=10)
"""By which our clock and Azure's may differ: beyond it a day would be counted as another."""

PATIENCE = Patience(tries=6, longest=90.0, first=5.0)

_WHAT = "the bill"
_COST = ("Cost", "PreTaxCost", "totalCost")
"""What the column of the amount is called, by the kind of agreement."""


class BillReader:
    """Reads what a subscription's resource groups cost."""

    def __init__(self, client: ResourceManager, subscription: str | None, *, patience: Patience = PATIENCE) -> None:
        self._client = client
        self._subscription = subscription
        self._patience = patience

    async def read(
        self, groups: Collection[str], since: date, until: date, *, now: datetime, seconds: float
    ) -> BillRead:
        """These groups' days, from `since` to `until`. Raises NotAnswered, with the wait that Azure asked for."""
        if self._subscription is None:
            raise not_answered(_WHAT, SAYS("problem.no_subscription"))
        wanted = frozenset(group.casefold() for group in groups)
        try:
            async with asyncio.timeout(seconds):
                days = await self._pages(wanted, since, until, now)
        except TimeoutError as error:
            raise not_answered(_WHAT, SAYS("problem.slow", seconds=f"{seconds:g}")) from error
        return BillRead(since, until, [day for day in days if day.group in wanted])

    async def _pages(self, wanted: frozenset[str], since: date, until: date, now: datetime) -> list[BilledDay]:
        path = f"/subscriptions/{self._subscription}/providers/Microsoft.CostManagement/query"
        body, days = _query(wanted, since, until), list[BilledDay]()
        query: dict[str, str] | None = {"api-version": API_VERSION}
        for _ in range(MOST_PAGES):
            answer = await self._client.post(path, query, body, what=_WHAT, patience=self._patience)
            _demand_same_time(answer, now)
            properties = answer.body.get("properties")
            if not isinstance(properties, dict):
                raise not_answered(_WHAT, SAYS("problem.odd"))
            page = cast("Json", properties)
            days += days_in(page)
            path, query = next_page(page.get("nextLink"), path)
            if query is None:
                return days
        raise not_answered(_WHAT, SAYS("problem.endless", most=MOST_PAGES))

    async def close(self) -> None:
        await self._client.close()


def _query(wanted: frozenset[str], since: date, until: date) -> Json:
    dataset: Json = {
        "granularity": "Daily",
        "aggregation": {"totalCost": {"name": "Cost", "function": "Sum"}},
        "grouping": [{"type": "Dimension", "name": "ResourceGroupName"}],
    }
    if len(wanted) <= MOST_FILTERED:
        dataset["filter"] = {"dimensions": {"name": "ResourceGroupName", "operator": "In", "values": sorted(wanted)}}
    period = {"from": f"{since.isoformat()}T00:00:00Z", "to": f"{until.isoformat()}T23:59:59Z"}
    return {"type": "ActualCost", "timeframe": "Custom", "timePeriod": period, "dataset": dataset}


def days_in(properties: Json) -> Iterator[BilledDay]:
    """The rows of a page. Raises NotAnswered where a column or a value is missing: no row is left out silently."""
    columns, rows = properties.get("columns"), properties.get("rows")
    if not isinstance(columns, list) or not isinstance(rows, list):
        raise not_answered(_WHAT, SAYS("problem.odd"))
    names = [str(column.get("name")) for column in cast("list[Json]", columns)]
    cost = next((names.index(name) for name in _COST if name in names), None)
    if cost is None:
        raise not_answered(_WHAT, SAYS("problem.columns", column="Cost"))
    day, group, currency = (_column(names, name) for name in ("UsageDate", "ResourceGroupName", "Currency"))
    for row in cast("list[Any]", rows):
        if not isinstance(row, list) or len(cast("list[Any]", row)) != len(names):
            raise not_answered(_WHAT, SAYS("problem.odd"))
        values = cast("Sequence[Any]", row)
        yield BilledDay(
            _day(values[day]), str(values[group]).casefold(), _currency(values[currency]), _amount(values[cost])
        )


def _column(names: list[str], name: str) -> int:
    if name not in names:
        raise not_answered(_WHAT, SAYS("problem.columns", column=name))
    return names.index(name)


def _day(value: object) -> date:
    """Azure writes 20261130, as a number."""
    try:
        return date.fromisoformat(f"{value}"[:8])
    except ValueError as error:
        raise not_answered(_WHAT, SAYS("problem.number")) from error


def _currency(value: object) -> str:
    if not isinstance(value, str) or len(value) != 3:  # noqa: PLR2004 - ISO 4217
        raise not_answered(_WHAT, SAYS("problem.number"))
    return value


def _amount(value: object) -> Decimal:
    """Credits are negative; what is no number is no amount."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal) or not Decimal(value).is_finite():
        raise not_answered(_WHAT, SAYS("problem.number"))
    return Decimal(value)


def _demand_same_time(answer: ArmAnswer, now: datetime) -> None:
    skew = abs(answer.at - now) if answer.at is not None else timedelta(0)
    if skew > MOST_SKEW:
        raise not_answered(_WHAT, SAYS("problem.skewed", minutes=round(skew.total_seconds() / 60)))
