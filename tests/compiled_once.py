"""Statements compiled once for all SQLite databases of a process.

SQLAlchemy keeps what it compiled with the engine. Brickie has one; each test of a conversation opens its own, and
compiling the same statements anew takes a quarter of its time.
"""

from functools import cache
from typing import Any


@cache
def compile_once() -> None:
    """From here on, in this process."""
    from sqlalchemy import Connection, Engine, event  # a third of a second, and most tests open no database
    from sqlalchemy.dialects.sqlite.base import SQLiteDialect

    def is_alike(one: object, other: object) -> bool:
        return type(one) is type(other)

    def number(one: object) -> int:
        return hash(type(one))

    # What was compiled is found by its dialect, of which each engine has one of its own.
    dialects: Any = SQLiteDialect
    dialects.__eq__, dialects.__hash__ = is_alike, number
    compiled: dict[Any, Any] = {}

    @event.listens_for(Engine, "engine_connect")
    def _shared(connection: Connection) -> None:  # pyright: ignore[reportUnusedFunction] - SQLAlchemy calls it
        if isinstance(connection.dialect, SQLiteDialect):
            connection.execution_options(compiled_cache=compiled)
