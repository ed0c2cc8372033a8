"""What every group of queries stands on: one connection, inside one transaction that the caller opens and ends."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any

from sqlalchemy import Column, Connection, Executable, Row, Table, literal
from sqlalchemy.dialects import postgresql, sqlite


class QueryGroup:
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
        return self._db.execute(_insert_once(table, self._db.dialect.name), row).first() is not None

    def _insert_new(
        self, table: Table, rows: Sequence[Mapping[str, object]], *columns: Column[Any]
    ) -> Sequence[Row[Any]]:
        """Inserts those of these rows whose keys are not there, in one statement, and gives these columns of them."""
        return self._db.execute(_insert_new(table, self._db.dialect.name, columns), rows).all() if rows else ()

    def _insert_missing(self, table: Table, rows: Sequence[Mapping[str, object]]) -> None:
        """The same, where nobody asks which were new."""
        if rows:
            self._db.execute(_insert_new(table, self._db.dialect.name, ()), rows)


@cache
def _insert_once(table: Table, dialect: str) -> Executable:
    inserted = (sqlite if dialect == "sqlite" else postgresql).insert(table)
    return inserted.on_conflict_do_nothing().returning(literal(1))


@cache
def _insert_new(table: Table, dialect: str, columns: tuple[Column[Any], ...]) -> Executable:
    inserted = (sqlite if dialect == "sqlite" else postgresql).insert(table).on_conflict_do_nothing()
    return inserted.returning(*columns) if columns else inserted


def stamp(at: datetime) -> str:
    """UTC, ISO 8601, of one width, so that text sorts as time does."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")
