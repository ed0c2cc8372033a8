"""`brickie costs`: what stands, summed: a row a group and a total. Read from the records; no work is started."""

import argparse
import asyncio
import csv
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal

from pydantic import JsonValue

from agent.cli.bills import show_billed
from agent.cli.session import CommandSession, write_json
from agent.events import Table
from agent.views.portfolio import GroupSum, chosen, stands, sums
from agent.views.sum_words import counted, in_period, least_or, share, totals
from agent.wording import money, phrase
from plugins.domain.money import rounded
from plugins.domain.portfolio import GroupKey, Selection

FIELDS = ("group", "workspaces", "currency", "month", "year", "share", "at_least")
"""The columns of the CSV, and the fields of a JSON line; amounts are in the currency beside them."""


def summed(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    """What everything that this person may know of costs a month and a year, as estimated; or what was billed."""
    return asyncio.run(_summed(options, environment))


async def _summed(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    session = CommandSession(options, environment)
    if options.actual:
        return await show_billed(session, options)
    known = await session.read(session.viewer.deployments)
    await session.close()
    standing = [deployment for deployment in known if stands(deployment)]
    rates = session.settings.platform.pricing.exchange_rates
    found = chosen(standing, Selection(), today=datetime.now(UTC).date(), rates=rates)
    by: GroupKey = options.by
    groups, whole = sums(found.deployments, by), sums(found.deployments, None)
    rows = [_document(one, one.group, whole) for one in groups] + [_document(one, _TOTAL, whole) for one in whole]
    if options.csv:
        _write_csv(by, rows)
    elif session.as_json:
        for row in rows:
            write_json({"by": by, **row})
    else:
        session.show([_table(by, groups, whole)])
    return 0


_TOTAL = "total"


def _document(one: GroupSum, group: str, whole: tuple[GroupSum, ...]) -> dict[str, JsonValue]:
    """One row as data. `group` is empty for what belongs to none, `at_least` true while a price in it is unknown."""
    together = next(each.month for each in whole if each.currency == one.currency)
    part = one.month / together if together else None
    return {
        "group": group,
        "workspaces": one.count,
        "currency": one.currency,
        "month": float(rounded(one.month)),
        "year": float(in_period(one.month, "year")),
        "share": None if part is None else float(round(part, 4)),
        "at_least": one.is_lower_bound,
    }


def _write_csv(by: GroupKey, rows: list[dict[str, JsonValue]]) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow((by, *FIELDS[1:]))
    writer.writerows([row[field] for field in FIELDS] for row in rows)


def _table(by: GroupKey, groups: tuple[GroupSum, ...], whole: tuple[GroupSum, ...]) -> Table:
    columns = (phrase(f"turn.spend.by.{by}"), *phrase("cli.costs.columns").split(" | "))
    count = counted(sum(one.count for one in whole))
    title = phrase("cli.costs.title", count=count, month=totals(whole), year=totals(whole, "year")) if whole else count
    month_of = {one.currency: one.month for one in whole}
    rows = [_row(one, one.group or phrase(f"turn.spend.without.{by}"), month_of) for one in groups]
    rows += [_row(one, phrase("turn.spend.total"), month_of) for one in whole]
    return Table(conversation="", turn=0, title=title, columns=columns, rows=tuple(rows))


def _row(one: GroupSum, label: str, month_of: Mapping[str, Decimal]) -> tuple[JsonValue, ...]:
    amounts = (money(one.month, one.currency), money(in_period(one.month, "year"), one.currency))
    shown = (least_or(amount, is_lower_bound=one.is_lower_bound) for amount in amounts)
    return (label, one.count, *shown, share(one.month, month_of[one.currency]))
