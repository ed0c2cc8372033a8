"""What was billed: amounts by workspace and day, and how the last reading went."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import delete, insert, select, text

from agent.store.connection import QueryGroup, stamp
from agent.store.tables import bill_days, bill_readings
from plugins.domain.bill import BillReading

_MILLION = Decimal(1_000_000)
_READING = "azure"
_BILL_LOCK = 0x62726B_62  # any number of our own, beside the migrations'


@dataclass(frozen=True)
class WorkspaceDay:
    """What one workspace cost on one day (UTC), before tax."""

    deployment_id: str
    day: date
    currency: str
    amount: Decimal


class BillQueries(QueryGroup):
    def keep_bill(self, days: Iterable[WorkspaceDay], since: date, until: date) -> None:
        """Keeps these in the place of all that was known of the days from `since` to `until`: Azure corrects what it
        billed.
        """
        self._alone()
        span = bill_days.c.day.between(since.isoformat(), until.isoformat())
        self._db.execute(delete(bill_days).where(span))
        summed: dict[tuple[str, str, str], Decimal] = {}
        for one in days:
            key = (one.deployment_id, one.day.isoformat(), one.currency)
            summed[key] = summed.get(key, Decimal(0)) + one.amount
        rows = [
            {"deployment_id": of, "day": day, "currency": currency, "micros": round(amount * _MILLION)}
            for (of, day, currency), amount in summed.items()
        ]
        if rows:
            self._db.execute(insert(bill_days), rows)

    def billed(self, since: date, until: date) -> tuple[WorkspaceDay, ...]:
        """Every workspace's days from `since` to `until`, oldest first."""
        c = bill_days.c
        query = select(c.deployment_id, c.day, c.currency, c.micros).order_by(c.day)
        rows = self._db.execute(query.where(c.day.between(since.isoformat(), until.isoformat()))).all()
        days = {day: date.fromisoformat(day) for day in {row[1] for row in rows}}
        return tuple(WorkspaceDay(row[0], days[row[1]], row[2], Decimal(row[3]) / _MILLION) for row in rows)

    def bill_reading(self) -> BillReading:
        """How the last attempt went; without any, all of it is unset."""
        row = self._db.execute(select(bill_readings).where(bill_readings.c.name == _READING)).mappings().one_or_none()
        if row is None:
            return BillReading()
        return BillReading(_at(row["read_at"]), _at(row["tried_at"]), _at(row["not_before"]), row["problem"])

    def keep_bill_reading(self, reading: BillReading) -> None:
        self._alone()
        self._db.execute(delete(bill_readings).where(bill_readings.c.name == _READING))
        self._db.execute(
            insert(bill_readings),
            {
                "name": _READING,
                "read_at": reading.read_at and stamp(reading.read_at),
                "tried_at": reading.tried_at and stamp(reading.tried_at),
                "not_before": reading.not_before and stamp(reading.not_before),
                "problem": reading.problem,
            },
        )

    def _alone(self) -> None:
        """Until the transaction's end: what two put in the place of the same rows would meet. SQLite has one writer."""
        if self._db.dialect.name == "postgresql":
            self._db.execute(text("select pg_advisory_xact_lock(:key)"), {"key": _BILL_LOCK})


def _at(stamped: str | None) -> datetime | None:
    return datetime.fromisoformat(stamped) if stamped else None
