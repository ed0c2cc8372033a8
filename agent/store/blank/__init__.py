"""The tables of a fresh SQLite file, as its migrations leave them: `records.sql` ours, `engine.sql` the engine's.

Both are written by `tests/store/test_blank.py` from files that were really migrated, and hold what these do, with the
number of the migration that they stand at: the migrations after it are run on them as on any older file. What this
saves is a first start's wait for a hundred and fifty statements that make and remake empty tables.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from sqlalchemy import Connection

Part = Literal["records", "engine"]
_BETWEEN = "\n--\n"


def laid_out(connection: Connection, part: Part) -> None:
    """Makes the part's tables, in the transaction that is open; there must be none of them yet."""
    text = (Path(__file__).parent / f"{part}.sql").read_text("utf-8")
    for statement in text.split(_BETWEEN):
        connection.exec_driver_sql(statement)


def written(statements: Iterator[str]) -> str:
    """A part's text, of the statements of a dump (`sqlite3.Connection.iterdump`), in an order that does not depend on
    the order in which the migrations made them.
    """
    order = ("CREATE TABLE", "INSERT", "CREATE", "")
    kept = (each for each in statements if each not in ("BEGIN TRANSACTION;", "COMMIT;"))
    ranked = sorted((next(rank for rank, first in enumerate(order) if each.startswith(first)), each) for each in kept)
    return _BETWEEN.join(each for _, each in ranked) + "\n"
