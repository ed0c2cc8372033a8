"""Whether a look at an SQLite file's tables is worth it."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from agent.store.changes import FileChanges

pytestmark = pytest.mark.integration


def written(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("pragma journal_mode = wal")
    connection.execute("create table if not exists t (a)")
    return connection


def test_every_commit_of_anybody_is_seen_once_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "with blank and %.db"
    with closing(written(path)) as one, closing(written(path)) as another:
        changes = FileChanges(path)
        assert [changes.seen(), changes.seen()] == [True, False]
        for connection in (one, another):
            connection.execute("insert into t values (1)")
            assert [changes.seen(), changes.seen()] == [True, False]
        one.execute("select * from t").fetchall()
        one.execute("begin immediate")
        one.execute("insert into t values (2)")
        assert not changes.seen()
        one.execute("rollback")
        assert not changes.seen()
        one.execute("pragma wal_checkpoint(truncate)")
        one.execute("insert into t values (3)")
        assert changes.seen()
        changes.close()


def test_a_look_that_cannot_be_made_counts_as_a_change(tmp_path: Path) -> None:
    changes = FileChanges(tmp_path / "none.db")
    assert [changes.seen(), changes.seen()] == [True, True]
    assert not (tmp_path / "none.db").exists()
    with closing(written(tmp_path / "none.db")):
        assert [changes.seen(), changes.seen()] == [True, False]
    changes.close()
