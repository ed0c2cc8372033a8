"""SQLite that leaves it to the machine when what was written goes to the disk.

What is written outlives the process without a flush, also a killed one, as long as the machine lives; with one at each
commit, as Brickie has it, tests of conversations wait for the disk a third of their time and more.
"""

import sqlite3
from functools import cache
from typing import Any

SHIPPED = "synchronous as shipped"
"""Under this name a connection's `info` has what Brickie had chosen."""


@cache
def flush_nothing() -> None:
    """From here on, in this process."""
    from sqlalchemy import event, pool  # a third of a second, and most tests open no database

    @event.listens_for(pool.Pool, "checkout")
    def _relaxed(connection: Any, record: Any, _: object) -> None:  # pyright: ignore[reportUnusedFunction] - SQLAlchemy calls it
        if isinstance(connection, sqlite3.Connection) and SHIPPED not in record.info:
            record.info[SHIPPED] = connection.execute("pragma synchronous").fetchone()[0]
            connection.execute("pragma synchronous = off")
