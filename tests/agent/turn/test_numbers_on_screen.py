"""Every number that is shown of what stands is what a query of the records gives."""

import asyncio
import sqlite3
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from talking import Talk

from agent.events import Event, Message, Table

pytestmark = pytest.mark.integration

_ESTATE = """team,environment,workload,name,workers,cost_limit,owner,cost_center,expires_in_days
risk,dev,etl,dbw-risk-dev,2,500,zoe@contoso.com,4412,
risk,staging,etl,dbw-risk-staging,2-4,2000,zoe@contoso.com,4412,
bi,dev,dashboards,dbw-bi-dev,1-2,500,,,10"""
_MONTH = "CAST(ROUND(SUM(json_extract(document, '$.cost.expected')) * 100) AS INTEGER)"
_STANDING = "status IN ('succeeded', 'attention')"


class Estate(Talk):
    """Three workspaces of two teams, on one event loop from the first line to the close."""

    def __init__(self, home: Path, loop: asyncio.Runner) -> None:
        super().__init__(home)
        self._loop = loop

    def asked(self, *texts: str) -> list[Event]:
        return self._loop.run(self._asked(texts))

    async def _asked(self, texts: tuple[str, ...]) -> list[Event]:
        events: list[Event] = []
        for text in texts:
            events = await self.say(text)
        return events


@pytest.fixture
def estate(tmp_path: Path) -> Iterator[Estate]:
    with asyncio.Runner() as loop:
        talk = Estate(tmp_path, loop)
        talk.asked(_ESTATE, "yes")
        yield talk
        loop.run(talk.app.close())


def cents(home: Path, group: str, where: str = "1") -> dict[str, int]:
    """The sum of the months in cents, by a column or a path of the document."""
    (file,) = [path for path in home.iterdir() if path.suffix in (".db", ".sqlite", ".sqlite3")]
    with sqlite3.connect(file) as database:
        query = f"SELECT {group}, {_MONTH} FROM deployments WHERE {_STANDING} AND {where} GROUP BY 1"  # noqa: S608
        return dict(database.execute(query).fetchall())


def table(events: list[Event]) -> Table:
    return next(event for event in events if isinstance(event, Table))


def messages(events: list[Event]) -> list[Message]:
    return [event for event in events if isinstance(event, Message)]


def shown_cents(text: object) -> int:
    """An amount as it is shown, in cents."""
    return int(Decimal(str(text).split()[0].replace(",", "").replace("\u2212", "-")) * 100)


def column(shown: Table, name: str) -> dict[str, int]:
    at = shown.columns.index(name)
    return {str(row[0]): shown_cents(row[at]) for row in shown.rows}


@pytest.mark.parametrize(
    ("question", "path"),
    [
        ("cost per team", "$.decision.team"),
        ("cost by environment", "$.decision.environment"),
        ("spend by region", "$.decision.region"),
        ("how much do we spend in total?", "$.workspace_name"),
    ],
)
def test_sums_are_those_of_the_records(estate: Estate, tmp_path: Path, question: str, path: str) -> None:
    shown = column(table(estate.asked(question)), "A month")
    by_query = cents(tmp_path, f"json_extract(document, '{path}')")
    assert shown == {**by_query, "Total": sum(by_query.values())}
    years = column(table(estate.asked(question)), "A year")
    assert years == {group: 12 * month for group, month in shown.items()}


def test_a_list_its_title_and_a_filter_tell_the_records_months(estate: Estate, tmp_path: Path) -> None:
    listed = table(estate.asked("list my workspaces"))
    by_query = cents(tmp_path, "workspace_name")
    assert column(listed, "A month") == by_query
    assert f"{sum(by_query.values()) / 100:,.2f} USD a month" in listed.title
    over = table(estate.asked("which workspaces cost over 400 dollars?"))
    where = "json_extract(document, '$.cost.expected') > 400"
    assert column(over, "A month") == cents(tmp_path, "workspace_name", where)


def test_the_room_below_the_limits_is_limit_less_month(estate: Estate, tmp_path: Path) -> None:
    shown = table(estate.asked("are we over budget?"))
    months, limits, rooms = (column(shown, name) for name in ("A month", "Limit", "Room"))
    assert months == cents(tmp_path, "workspace_name")
    assert limits == {"dbw-risk-dev": 50_000, "dbw-risk-staging": 200_000, "dbw-bi-dev": 50_000}
    assert rooms == {name: limits[name] - months[name] for name in months}


def test_the_lines_of_a_bill_multiply_and_add_up_to_the_cent(estate: Estate, tmp_path: Path) -> None:
    shown = table(estate.asked("what does dbw-risk-staging cost?"))
    lines, total = shown.rows[:-1], shown.rows[-1]
    priced = [line for line in lines if line[3] != "unknown"]
    assert [line[4] for line in lines if line not in priced] == ["unknown", "unknown"]
    for line in priced:
        quantity, price = (Decimal(str(line[at]).replace(",", "")) for at in (1, 3))
        assert (quantity * price).quantize(Decimal("0.01"), rounding="ROUND_HALF_UP") * 100 == shown_cents(line[4])
    assert sum(shown_cents(line[4]) for line in priced) == shown_cents(total[4])
    assert shown_cents(total[4]) == cents(tmp_path, "workspace_name")["dbw-risk-staging"]


def test_what_its_end_saves_is_its_month(estate: Estate, tmp_path: Path) -> None:
    (message,) = [
        e for e in estate.asked("how much would we save if we destroyed dbw-bi-dev?") if isinstance(e, Message)
    ]
    month = cents(tmp_path, "workspace_name")["dbw-bi-dev"]
    assert f"**{month / 100:,.2f} USD** a month less, {12 * month / 100:,.2f} USD a year" in message.text


def test_an_end_that_is_moved_is_the_same_on_every_screen(estate: Estate, tmp_path: Path) -> None:
    estate.asked("extend dbw-bi-dev by 7 days")
    (file,) = [path for path in tmp_path.iterdir() if path.suffix in (".db", ".sqlite", ".sqlite3")]
    with sqlite3.connect(file) as database:
        ends = database.execute(
            "SELECT expires_on, json_extract(document, '$.expires_on'), json_extract(document, '$.decision.expires_on')"
            " FROM deployments WHERE workspace_name = 'dbw-bi-dev'"
        ).fetchone()
    assert len(set(ends)) == 1
    listed = table(estate.asked("list my workspaces"))
    at = listed.columns.index("Expires")
    assert next(row[at] for row in listed.rows if row[0] == "dbw-bi-dev") == ends[0]


def test_what_was_paid_is_told_of_all_of_them_together(estate: Estate, tmp_path: Path) -> None:
    shown = table(estate.asked("what have we paid"))
    months = column(shown, "A month")
    total = months.pop("Total")
    assert months == cents(tmp_path, "json_extract(document, '$.workspace_name')")
    assert total == sum(months.values())


def test_a_later_end_costs_its_days_of_the_month(estate: Estate, tmp_path: Path) -> None:
    (message,) = messages(estate.asked("what happens if we extend bi dev by a week?"))
    month = Decimal(cents(tmp_path, "json_extract(document, '$.workspace_name')")["dbw-bi-dev"]) / 100
    week = (month * 7 * 24 / 730).quantize(Decimal("0.01"))
    assert f"**{week:,.2f} USD**" in message.text


def test_what_all_would_come_to_is_the_sum_of_its_rows(estate: Estate, tmp_path: Path) -> None:
    events = estate.asked("what if everything ran 20 hours a week?")
    shown = table(events)
    now, then, by = (column(shown, name) for name in ("A month", "Then", "Difference"))
    assert now == cents(tmp_path, "json_extract(document, '$.workspace_name')")
    assert by == {name: then[name] - now[name] for name in now}
    (message,) = messages(events)
    assert f"\u2212{-sum(by.values()) / 100:,.2f} USD a month in all" in message.text
    assert cents(tmp_path, "json_extract(document, '$.workspace_name')") == now
