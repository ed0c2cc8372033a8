"""What was really billed: a month of each workspace beside its estimate, as the bill was read last."""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from agent.turn.context import Outcome, TurnContext
from agent.views.bills import FIRST_DAYS, BilledMonth, BillPeriod, billed_months, grouped
from agent.views.sum_words import share
from agent.wording import money, phrase, several
from plugins.domain.deployment import Deployment
from plugins.domain.portfolio import GroupKey

_MOST_ROWS = 25
_LAST_MONTH = re.compile(r"\b(?:last|previous) month\b", re.IGNORECASE)


def tell_billed(context: TurnContext, deployments: Sequence[Deployment], by: GroupKey | None) -> Outcome | None:
    """The bill of these, by workspace unless it is asked for otherwise; None where no bill was ever read."""
    reading = context.records.bill_reading()
    if reading.read_at is None:
        return None
    period = _period(context, reading.read_at.date())
    days = context.records.billed(period.first - timedelta(days=FIRST_DAYS), period.last)
    rates = context.settings.platform.pricing.exchange_rates
    months = billed_months(deployments, days, period, rates)
    billed = {deployment.deployment_id for deployment, _ in months}
    missing = [one.workspace_name for one in deployments if one.deployment_id not in billed]
    untagged = [one.workspace_name for one, _ in months if not one.decision.tags.get("cost-center")]
    whole = grouped(months, None)
    told = context.say(
        "billed",
        names=several([one.workspace_name for one in deployments]),
        count=len(deployments),
        month=f"{period.first:%Y-%m}",
        through=period.through.isoformat() if period.through >= period.first else "",
        read_at=f"{reading.read_at:%Y-%m-%d %H:%M}",
        problem=reading.problem,
        sums=[_words(one) for one in whole],
        missing=several(missing) if missing else "",
        untagged=several(untagged) if untagged else "",
        partial=any(one.is_part for one in whole),
        pending=context.is_pending,
    )
    if len(months) < 2 and by is None:  # noqa: PLR2004 - one row says no more than the sentence
        return told
    key: GroupKey = by or "workspace_name"
    rows = [row_of(one, one.group or phrase(f"turn.spend.without.{key}")) for one in grouped(months, key)]
    shown = rows[:_MOST_ROWS]
    if len(rows) > _MOST_ROWS:
        shown.append((phrase("turn.billed.others", count=len(rows) - _MOST_ROWS), *[""] * 5))
    shown += [row_of(one, phrase("turn.spend.total")) for one in whole]
    columns = (phrase(f"turn.spend.by.{key}"), *phrase("turn.billed.columns").split(" | "))
    return told.then(context.table(phrase("turn.billed.title", month=f"{period.first:%Y-%m}"), columns, tuple(shown)))


def _period(context: TurnContext, read_on: date) -> BillPeriod:
    day = context.today
    if _LAST_MONTH.search(context.text):
        day = day.replace(day=1) - timedelta(days=1)
    return BillPeriod.of(day, read_on)


def _words(one: BilledMonth) -> dict[str, str]:
    """One currency's sum, as the sentence says it."""
    return {
        "billed": money(one.billed, one.currency),
        "compared": "" if one.compared is None else money(one.compared, one.currency),
        "estimated": "" if one.estimated is None else money(one.estimated, one.currency),
        "error": error_words(one.error),
        "forecast": "" if one.forecast is None else money(one.forecast, one.currency),
        "part": "part" if one.is_part else "",
    }


def row_of(one: BilledMonth, label: str) -> tuple[str, ...]:
    """One line of the table; what is not known is said so."""
    unknown = phrase("turn.billed.unknown")

    def amount(value: Decimal | None) -> str:
        return unknown if value is None else money(value, one.currency)

    def least(words: str) -> str:
        return phrase("views.sums.at_least", amount=words) if one.is_part else words

    used = least(share(one.billed, one.limit)) if one.limit else unknown
    billed = least(money(one.billed, one.currency))
    return (label, billed, amount(one.estimated), error_words(one.error) or unknown, amount(one.forecast), used)


def error_words(error: Decimal | None) -> str:
    """In whole percent with its sign: "+4 %"; "" where it is not known."""
    return "" if error is None else f"{round(error * 100):+d} %".replace("-", "\u2212")
