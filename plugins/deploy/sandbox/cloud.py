"""The simulated cloud: what exists, what went wrong by order, what was done. One SQLite file for all processes."""

import json
import sqlite3
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_SCHEMA = """
create table if not exists resources (id text primary key, type text not null, document text not null, made_at real);
create table if not exists faults (
    number integer primary key, type text not null, op text not null, name text not null, kind text not null,
    times integer not null);
create table if not exists operations (number integer primary key, at real, op text, type text, id text, note text);
"""


@dataclass(frozen=True)
class Resource:
    """`state` is the object as the provider reports it; `ready` is False while it is being made."""

    id: str
    type: str
    state: dict[str, Any]
    ready: bool


class Cloud:
    """Ids are compared without case, as Azure does. Every method is one short transaction."""

    def __init__(self, path: Path) -> None:
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        with self._transaction() as db:
            db.executescript(_SCHEMA)

    def find(self, resource_id: str) -> Resource | None:
        with self._transaction() as db:
            row = db.execute("select id, type, document from resources where id = ?", (resource_id.lower(),)).fetchone()
        return _resource(row) if row else None

    def begin(self, resource_id: str, kind: str) -> bool:
        """Marks it as being made, so that an abandoned create leaves an orphan; False when it exists already."""
        with self._transaction() as db:
            made = db.execute(
                "insert or ignore into resources values (?, ?, ?, ?)",
                (resource_id.lower(), kind, json.dumps({"ready": False, "state": {"id": resource_id}}), time.time()),
            )
            return made.rowcount == 1

    def put(self, resource_id: str, kind: str, state: dict[str, Any]) -> None:
        document = json.dumps({"ready": True, "state": state})
        with self._transaction() as db:
            db.execute(
                "insert or replace into resources values (?, ?, ?, ?)",
                (resource_id.lower(), kind, document, time.time()),
            )

    def remove(self, resource_id: str) -> None:
        """Removes it and everything whose id lies below it."""
        low = resource_id.lower()
        with self._transaction() as db:
            db.execute("delete from resources where id = ? or substr(id, 1, ?) = ?", (low, len(low) + 1, low + "/"))

    def below(self, resource_id: str) -> tuple[Resource, ...]:
        prefix = resource_id.lower() + "/"
        return tuple(found for found in self.resources() if found.id.startswith(prefix))

    def resources(self, kind: str | None = None) -> tuple[Resource, ...]:
        """Everything that exists, of one type or of all, in the order in which it was made."""
        with self._transaction() as db:
            rows = db.execute(
                "select id, type, document from resources where ?1 is null or type = ?1 order by made_at", (kind,)
            ).fetchall()
        return tuple(_resource(row) for row in rows)

    def add_fault(self, kind: str, *, type: str = "%", op: str = "create", name: str = "%", times: int = 1) -> None:  # noqa: A002
        """Orders a fault for the next `times` operations that match; type and name take SQL's % as wildcard."""
        with self._transaction() as db:
            db.execute(
                "insert into faults (type, op, name, kind, times) values (?, ?, ?, ?, ?)", (type, op, name, kind, times)
            )

    def take_fault(self, kind: str, op: str, name: str) -> str | None:
        """The kind of fault that is ordered for this operation, used up by one; None for none."""
        with self._transaction() as db:
            row = db.execute(
                "select number, kind from faults where times > 0 and ? like type and ? like op and ? like name"
                " order by number limit 1",
                (kind, op, name),
            ).fetchone()
            if row is None:
                return None
            db.execute("update faults set times = times - 1 where number = ?", (row[0],))
            return str(row[1])

    def note(self, op: str, kind: str, resource_id: str, note: str = "") -> None:
        with self._transaction() as db:
            db.execute(
                "insert into operations (at, op, type, id, note) values (?, ?, ?, ?, ?)",
                (time.time(), op, kind, resource_id, note),
            )

    def operations(self, op: str | None = None) -> tuple[tuple[str, str, str, str], ...]:
        """Operation, type, id and note of everything that was done, in order."""
        with self._transaction() as db:
            rows = db.execute(
                "select op, type, id, note from operations where ?1 is null or op = ?1 order by number", (op,)
            ).fetchall()
        return tuple((row[0], row[1], row[2], row[3]) for row in rows)

    @contextmanager
    def _transaction(self) -> Generator[sqlite3.Connection]:
        db = sqlite3.connect(self._path, timeout=30, isolation_level=None)
        try:
            db.execute("pragma journal_mode = wal")
            db.execute("pragma synchronous = off")
            db.execute("begin immediate")
            yield db
            if db.in_transaction:
                db.execute("commit")
        finally:
            db.close()


def _resource(row: tuple[str, str, str]) -> Resource:
    document = json.loads(row[2])
    return Resource(id=row[0], type=row[1], state=document["state"], ready=document["ready"])
