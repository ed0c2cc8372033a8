"""`brickie costs --actual`: what was billed this month beside what was estimated, a row a group and a total."""

import argparse
import csv
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from pydantic import JsonValue

from agent.cli.session import CommandSession, fail, write_json
from agent.events import Table
from agent.output import tell
from agent.turn.actions.billed import row_of
from agent.views.bills import FIRST_DAYS, BilledMonth, BillPeriod, billed_months, grouped
from agent.wording import error_of, phrase
from plugins.domain.bill import BillReading
from plugins.domain.errors import ConfigurationError
from plugins.domain.money import rounded
from plugins.domain.portfolio import GroupKey

FIELDS = (
    "group",
    "workspaces",
    "currency",
    "month",
    "billed",
    "compared",
    "estimated",
    "error",
    "forecast",
    "at_least",
)
"""The columns of the CSV, and the fields of a JSON line: `compared` and `estimated` are of the whole days alone; what
is not known is empty, or null.
"""


@dataclass(frozen=True)
class _Bill:
    """What is shown: sums a group, and of all, of that month."""

    by: GroupKey
    groups: tuple[BilledMonth, ...]
    whole: tuple[BilledMonth, ...]
    period: BillPeriod
    reading: BillReading


async def show_billed(session: CommandSession, options: argparse.Namespace) -> int:
    """0 with a table, also an old one; 1 where nothing is known of the bill. Raises ConfigurationError where there is
    none to read.
    """
    bills = session.app.bills
    if not bills.is_read:
        raise error_of(ConfigurationError, "cli.costs.no_bill")
    known = await session.read(session.viewer.deployments)
    reading = await bills.refresh_if_due()
    if reading.problem:
        tell(phrase("cli.costs.not_read", problem=reading.problem))
    if reading.read_at is None:
        await session.close()
        return fail(phrase("cli.costs.never_read"))
    period = BillPeriod.of(datetime.now(UTC).date(), reading.read_at.date())
    days = await session.read(lambda records: records.billed(period.first - timedelta(days=FIRST_DAYS), period.last))
    await session.close()
    rates = session.settings.platform.pricing.exchange_rates
    by: GroupKey = options.by
    months = billed_months(known, days, period, rates)
    _show(session, _Bill(by, grouped(months, by), grouped(months, None), period, reading), as_csv=options.csv)
    return 0


def _show(session: CommandSession, bill: _Bill, *, as_csv: bool) -> None:
    rows = [_document(one, one.group, bill.period) for one in bill.groups]
    rows += [_document(one, "total", bill.period) for one in bill.whole]
    if as_csv:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow((bill.by, *FIELDS[1:]))
        writer.writerows([row[field] for field in FIELDS] for row in rows)
    elif session.as_json:
        read_at = bill.reading.read_at.isoformat() if bill.reading.read_at else None
        for row in rows:
            write_json({"by": bill.by, **row, "through": bill.period.through.isoformat(), "read_at": read_at})
    else:
        session.show([_table(bill)])


def _table(bill: _Bill) -> Table:
    columns = (phrase(f"turn.spend.by.{bill.by}"), *phrase("turn.billed.columns").split(" | "))
    rows = [row_of(one, one.group or phrase(f"turn.spend.without.{bill.by}")) for one in bill.groups]
    rows += [row_of(one, phrase("turn.spend.total")) for one in bill.whole]
    title = phrase("turn.billed.title", month=f"{bill.period.first:%Y-%m}")
    return Table(conversation="", turn=0, title=title, columns=columns, rows=tuple(rows))


def _document(one: BilledMonth, group: str, period: BillPeriod) -> dict[str, JsonValue]:
    def amount(value: Decimal | None) -> float | None:
        return None if value is None else float(rounded(value))

    return {
        "group": group,
        "workspaces": one.count,
        "currency": one.currency,
        "month": f"{period.first:%Y-%m}",
        "billed": amount(one.billed),
        "compared": amount(one.compared),
        "estimated": amount(one.estimated),
        "error": None if one.error is None else float(round(one.error, 4)),
        "forecast": amount(one.forecast),
        "at_least": one.is_part,
    }
