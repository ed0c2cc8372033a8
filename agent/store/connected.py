"""What every group of records stands on: one connection, inside one transaction."""

from collections.abc import Mapping
from datetime import UTC, datetime

from sqlalchemy import Connection, Table, literal
from sqlalchemy.dialects import postgresql, sqlite


class Connected:
    """Lives only inside `Database.transact` or `Database.read`."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    @property
    def connection(self) -> Connection:
        """For the durable engine, which enqueues in the same transaction."""
        return self._db

    def _insert_once(self, table: Table, row: Mapping[str, object]) -> bool:
        """True when the row is new; False, nothing changed, when one of its keys is there.

        The row itself tells: the count of an insert is not kept for PostgreSQL.
        """
        made = (sqlite if self._db.dialect.name == "sqlite" else postgresql).insert(table)
        told = made.values(**row).on_conflict_do_nothing().returning(literal(1))
        return self._db.execute(told).first() is not None


def stamp(at: datetime) -> str:
    """UTC, ISO 8601, of one width, so that text sorts as time does."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")
