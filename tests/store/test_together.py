"""Several who write at once: each wholly or not at all, and nobody waits for ever for what another does wrong."""

import asyncio
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Never

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError
from unflushed import SHIPPED

from agent.dialogue.state import Conversation
from agent.store.database import Database
from agent.store.records import Records
from agent.store.tables import conversations

pytestmark = pytest.mark.integration

NOW = datetime(2026, 11, 25, tzinfo=UTC)


def kept(records: Records, name: str) -> str:
    records.keep_conversation(Conversation(id=name), now=NOW, owner="ana")
    return name


async def names(database: Database) -> set[str]:
    return {line.id for line in await database.read(lambda records: records.conversations_of("ana", most=100))}


async def test_what_comes_at_once_is_all_kept(database: Database) -> None:
    many = [f"cnv_{number}" for number in range(50)]
    done = await asyncio.gather(*(database.transact(lambda records, name=name: kept(records, name)) for name in many))
    assert done == many
    assert await names(database) == set(many)


@pytest.mark.parametrize("wrong", ["raises", "breaks a rule of the database"])
async def test_one_that_goes_wrong_leaves_nothing_and_takes_nobody_along(database: Database, wrong: str) -> None:
    def broken(records: Records) -> Never:
        kept(records, "cnv_broken")
        if wrong == "raises":
            raise ZeroDivisionError
        records.connection.execute(insert(conversations), {"id": "cnv_without_the_rest"})
        raise AssertionError("the database took it")

    done = await asyncio.gather(
        database.transact(lambda records: kept(records, "cnv_1")),
        database.transact(broken),
        database.transact(lambda records: kept(records, "cnv_2")),
        return_exceptions=True,
    )
    assert (done[0], done[2]) == ("cnv_1", "cnv_2")
    assert isinstance(done[1], ZeroDivisionError if wrong == "raises" else IntegrityError)
    assert await names(database) == {"cnv_1", "cnv_2"}


async def test_a_commit_that_was_told_is_on_the_disk(tmp_path: Path) -> None:
    """SQLite as Brickie opens it, before the tests make it quicker: write-ahead, and flushed at each commit (FULL)."""
    database = Database(f"sqlite:///{tmp_path / 'brickie.db'}")
    await database.open()
    mode, flushes = await database.transact(
        lambda records: (
            records.connection.exec_driver_sql("pragma journal_mode").scalar_one(),
            records.connection.info[SHIPPED],
        )
    )
    assert (mode, flushes) == ("wal", 2)
    await database.close()


def test_no_statement_runs_beside_the_first_import_of_the_orm() -> None:
    """The engine imports it in a thread: it has to be there before any statement."""
    program = "import agent.store.database, sys; print('sqlalchemy.orm' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert told == "True\n"
