"""The audit: whatever is done to its rows behind Brickie's back is found, and nothing is done before it."""

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError

from agent.store.audit import Actor, Entry, changed
from agent.store.audit_proof import ChainBreak, first_break, length
from agent.store.database import Database
from agent.store.records import Records

pytestmark = pytest.mark.integration

ROWS = 6
COLUMNS = (
    "seq",
    "at",
    "who",
    "what",
    "detail",
    "deployment_id",
    "plan_id",
    "conversation",
    "previous",
    "hash",
    "issuer",
    "who_id",
    "before",
    "after",
)
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


def entry(number: int) -> Entry:
    return Entry(
        NOW + timedelta(seconds=number),
        Actor("os", "ana", "Ana"),
        f"deed {number}",
        "§ “quoted”",
        f"dep_{number}" if number % 2 else None,
        "pln_1",
        None if number % 2 else "cnv",
        changed({"plan": "pending"}, {"plan": "approved"}),
    )


async def written(database: Database) -> None:
    """Some rows, in one transaction and in several."""
    await database.transact(lambda records: records.note(entry(1), entry(2), entry(3)))
    for number in range(4, ROWS + 1):
        await database.transact(lambda records, number=number: records.note(entry(number)))


async def found(database: Database, *statements: str, **values: Any) -> ChainBreak | None:
    """The break that these, done by somebody who may do everything, leave behind; they are undone again."""

    def tampered(records: Records) -> ChainBreak | None:
        connection = records.connection
        savepoint = connection.begin_nested()
        _unguarded(connection)
        for statement in statements:
            connection.execute(text(statement), values)
        broken = first_break(connection)
        savepoint.rollback()
        return broken

    return await database.transact(tampered)


def _unguarded(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.execute(text("drop trigger audit_no_update"))
        connection.execute(text("drop trigger audit_no_delete"))
    else:
        connection.execute(text("drop trigger audit_append_only on audit"))


async def test_what_was_written_holds(database: Database) -> None:
    assert await found(database) is None
    await written(database)
    assert await found(database) is None
    assert await database.read(lambda records: length(records.connection)) == ROWS


async def test_an_altered_value_is_found_in_every_row_and_column(database: Database) -> None:
    await written(database)
    for column, seq in itertools.product(COLUMNS, range(1, ROWS + 1)):
        value: object = 77 if column == "seq" else "x"
        broken = await found(database, f"update audit set {column} = :value where seq = :seq", value=value, seq=seq)
        assert (broken.seq if broken else None, column) == (seq, column)


async def test_a_value_that_was_blanked_is_found(database: Database) -> None:
    await written(database)
    for column, seq in itertools.product(("deployment_id", "plan_id", "conversation"), range(1, ROWS + 1)):
        row = f"(select {column} from audit where seq = :seq) is not null"
        broken = await found(database, f"update audit set {column} = null where seq = :seq and {row}", seq=seq)
        has = column == "plan_id" or (seq % 2 == 1) == (column == "deployment_id")
        assert broken == (ChainBreak(seq, "was altered") if has else None)


async def test_a_row_that_was_removed_is_found_wherever_it_was(database: Database) -> None:
    await written(database)
    for seq in range(1, ROWS + 1):
        assert await found(database, "delete from audit where seq = :seq", seq=seq) == ChainBreak(seq, "is missing")


async def test_rows_cut_off_the_end_are_found_also_all_of_them(database: Database) -> None:
    await written(database)
    for seq in range(1, ROWS + 1):
        assert await found(database, "delete from audit where seq >= :seq", seq=seq) == ChainBreak(seq, "is missing")


async def test_a_removed_row_whose_gap_was_closed_is_found(database: Database) -> None:
    await written(database)
    for seq in range(1, ROWS):
        moved = [f"update audit set seq = {later - 1} where seq = {later}" for later in range(seq + 1, ROWS + 1)]
        broken = await found(database, f"delete from audit where seq = {seq}", *moved)
        assert broken == ChainBreak(seq, "does not follow the row before it")


async def test_an_inserted_row_is_found_wherever_it_is_put(database: Database) -> None:
    await written(database)
    columns = ", ".join(column for column in COLUMNS if column not in ("seq", "hash"))
    for seq in range(1, ROWS + 2):
        moved = [f"update audit set seq = {later + 1} where seq = {later}" for later in range(ROWS, seq - 1, -1)]
        copy = f"insert into audit (seq, {columns}, hash) select {seq}, {columns}, 'made up' from audit where seq = "
        broken = await found(database, *moved, copy + str(ROWS if seq == 1 else 1))
        assert broken is not None
        assert broken.seq == seq


async def test_two_rows_that_changed_places_are_found(database: Database) -> None:
    await written(database)
    for seq in range(1, ROWS):
        swap = (
            f"update audit set seq = 99 where seq = {seq}",
            f"update audit set seq = {seq} where seq = {seq + 1}",
            f"update audit set seq = {seq + 1} where seq = 99",
        )
        assert await found(database, *swap) == ChainBreak(seq, "does not follow the row before it")


async def test_a_head_that_was_touched_is_found(database: Database) -> None:
    await written(database)
    for change in ("seq = seq - 1", "seq = seq + 1", "hash = 'x'"):
        assert await found(database, f"update audit_head set {change}") is not None
    assert await found(database, "delete from audit_head") is not None


async def test_the_database_itself_refuses_to_change_what_was_written(database: Database) -> None:
    await written(database)
    for statement in ("update audit set who = 'x'", "delete from audit", "delete from audit where seq = 6"):
        with pytest.raises(IntegrityError, match="append-only"):
            await database.transact(lambda records, statement=statement: records.connection.execute(text(statement)))
    assert await found(database) is None


async def test_what_was_not_kept_leaves_no_row(database: Database) -> None:
    await written(database)

    def failing(records: Records) -> None:
        records.note(entry(9))
        raise KeyError

    with pytest.raises(KeyError):
        await database.transact(failing)
    assert await found(database) is None
    assert await database.read(lambda records: length(records.connection)) == ROWS
