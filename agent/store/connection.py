"""What every group of queries stands on: one connection, inside one transaction that the caller opens and ends."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache, lru_cache
from typing import Any, TypeAlias, cast

from sqlalchemy import (
    BindParameter,
    Column,
    Connection,
    CursorResult,
    Dialect,
    Insert,
    Integer,
    Row,
    Select,
    String,
    Table,
    Update,
    bindparam,
    literal,
)
from sqlalchemy.dialects import postgresql, sqlite

AnyStatement: TypeAlias = "Select[*tuple[Any, ...]] | Insert | Update"


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
        return self._run(_insert_once(table, self._db.dialect.name), row).first() is not None

    def _insert_new(
        self, table: Table, rows: Sequence[Mapping[str, object]], *columns: Column[Any]
    ) -> Sequence[Row[Any]]:
        """Inserts those of these rows whose keys are not there, in one statement, and gives these columns of them."""
        if not rows:
            return ()
        return self._db.execute(_insert_new(table, self._db.dialect.name, columns), rows).all()

    def _insert_missing(self, table: Table, rows: Sequence[Mapping[str, object]]) -> None:
        """The same, where nobody asks which were new."""
        self._run_all(_insert_new(table, self._db.dialect.name, ()), rows)

    def _run(self, statement: AnyStatement, values: Mapping[str, object]) -> CursorResult[*tuple[Any, ...]]:
        return run(self._db, statement, values)

    def _run_all(self, statement: Insert | Update, rows: Sequence[Mapping[str, object]]) -> None:
        run_all(self._db, statement, rows)


def run(
    connection: Connection, statement: AnyStatement, values: Mapping[str, object]
) -> CursorResult[*tuple[Any, ...]]:
    """That statement with these values, all texts and numbers, for what every turn or run does: its text is given to
    the driver, which takes two thirds of SQLAlchemy's own way, and it is built once, which takes as long again.
    """
    text, order, fixed = _compiled(statement, _Wire.of(connection), tuple(values))
    return connection.exec_driver_sql(text, _given(values, order, fixed))


def run_all(connection: Connection, statement: Insert | Update, rows: Sequence[Mapping[str, object]]) -> None:
    """That statement with each of these rows, all with the same names, texts and numbers.

    Compiled once and given to the driver: SQLAlchemy's own way with many rows costs half of what SQLite does.
    """
    if rows:
        text, order, fixed = _compiled(statement, _Wire.of(connection), tuple(rows[0]))
        values: Any = [_given(row, order, fixed) for row in rows]
        connection.exec_driver_sql(text, values)


@cache
def _insert_once(table: Table, dialect: str) -> Insert:
    inserted = (sqlite if dialect == "sqlite" else postgresql).insert(table)
    return cast("Insert", inserted.on_conflict_do_nothing().returning(literal(1)))


def _given(values: Mapping[str, object], order: tuple[str, ...], fixed: Mapping[str, object]) -> Any:
    """The values, with those that the statement has itself, as the driver takes them: by their place, or by name."""
    whole = {**fixed, **values} if fixed else values
    return tuple(whole[name] for name in order) if order else dict(whole)


@dataclass(frozen=True)
class _Wire:
    """What a statement is written for: a database and its driver, however many connect to such."""

    name: str
    driver: str
    dialect: Dialect = field(compare=False)

    @classmethod
    def of(cls, connection: Connection) -> "_Wire":
        return cls(connection.dialect.name, connection.dialect.driver, connection.dialect)


@lru_cache(maxsize=300)
def _compiled(
    statement: AnyStatement, wire: _Wire, names: tuple[str, ...]
) -> tuple[str, tuple[str, ...], Mapping[str, object]]:
    """The statement's text, the order of its values where they go by their place, and the values that it has itself."""
    # An update names all that it sets by itself.
    keys = names if isinstance(statement, Insert) else ()
    compiled: Any = statement.compile(dialect=wire.dialect, column_keys=keys)
    fixed = {name: value for name, value in compiled.params.items() if name not in names}
    return str(compiled), tuple(compiled.positiontup or ()), fixed


@cache
def _insert_new(table: Table, dialect: str, columns: tuple[Column[Any], ...]) -> Insert:
    inserted = (sqlite if dialect == "sqlite" else postgresql).insert(table).on_conflict_do_nothing()
    return cast("Insert", inserted.returning(*columns)) if columns else inserted


def text_given(name: str) -> BindParameter[str]:
    """A text that a statement is given by this name when it runs."""
    return bindparam(name, type_=String())


def number_given(name: str) -> BindParameter[int]:
    return bindparam(name, type_=Integer())


def stamp(at: datetime) -> str:
    """UTC, ISO 8601, of one width, so that text sorts as time does."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")
