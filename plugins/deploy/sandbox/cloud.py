"""The simulated cloud: what exists, what is ordered to go wrong, what was done. One SQLite file for all processes."""

import json
import sqlite3
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, NamedTuple

from plugins.deploy.sandbox.faults import Fault, ordered
from plugins.private import private_file, private_folder

GIVEN = "given"
"""The type of what a configuration calls existing and the sandbox has not made."""

_VERSION = 2
_TABLES = """
create table resources (
    key text primary key, id text not null, type text not null, state text not null, failed integer not null,
    ready_at real not null, number integer not null);
create table faults (
    number integer primary key, type text not null, op text not null, name text not null, kind text not null,
    times integer not null);
create table operations (
    number integer primary key, at real not null, op text not null, type text not null, id text not null,
    note text not null);
"""

_COLUMNS = "select id, type, state, failed, ready_at, key from resources "

Status = Literal["creating", "ready", "failed"]


@dataclass(frozen=True)
class Resource:
    """`state` is the object as a provider reports it; `id` is as its maker wrote it, `key` what it lies under."""

    id: str
    type: str
    state: dict[str, Any]
    status: Status
    key: str = field(default="", compare=False)

    @property
    def name(self) -> str:
        return str(self.state.get("name") or self.id.rsplit("/", 1)[-1])


class Operation(NamedTuple):
    """`op` is create, update or delete; `id` what it was done to (its name where there was no id yet); `note` is empty
    where it succeeded.
    """

    op: str
    type: str
    id: str
    note: str


class SandboxCloud:
    """Keys are ids, compared without case, as Azure does. Every method is one short transaction.

    `clock` gives seconds since the epoch: an object is "creating" until its time has come, whether or not the one
    who asked for it still waits. So an abandoned create leaves an orphan, as it does in Azure.
    """

    def __init__(self, path: Path, *, clock: Callable[[], float] = time.time) -> None:
        self._path = path
        self._clock = clock
        private_folder(path.parent)
        private_file(path)
        self._prepare()

    def find(self, key: str) -> Resource | None:
        with self._transaction() as db:
            row = db.execute(_COLUMNS + "where key = ?", (key.lower(),)).fetchone()
        return self._resource(row) if row else None

    def create(self, key: str, kind: str, state: dict[str, Any], *, seconds: float = 0) -> bool:
        """Begins it; it is ready after `seconds`. False, and nothing done, when it exists already."""
        with self._transaction() as db:
            # One statement asks and makes, so of two that create the same only one succeeds, as in Azure.
            made = db.execute(
                "insert or ignore into resources values (?1, ?2, ?3, ?4, 0, ?5,"
                " (select coalesce(max(number), 0) + 1 from resources))",
                (key.lower(), state.get("id") or key, kind, json.dumps(state), self._clock() + seconds),
            )
            return made.rowcount == 1

    def change(self, key: str, state: dict[str, Any], *, failed: bool = False) -> bool:
        """Gives it a new state; False when it does not exist."""
        with self._transaction() as db:
            changed = db.execute(
                "update resources set state = ?2, failed = ?3 where key = ?1", (key.lower(), json.dumps(state), failed)
            )
            return changed.rowcount == 1

    def remove(self, key: str) -> None:
        """Removes it and everything that lies in it or hangs on it."""
        low = key.lower()
        with self._transaction() as db:
            db.execute(
                "delete from resources where key = ?1 or"
                " (substr(key, 1, length(?1)) = ?1 and substr(key, length(?1) + 1, 1) in ('/', '|', '#'))",
                (low,),
            )

    def below(self, key: str) -> tuple[Resource, ...]:
        prefix = key.lower() + "/"
        return self._selected("where substr(key, 1, ?1) = ?2", len(prefix), prefix)

    def in_group(self, name: str) -> tuple[tuple[str, str], ...]:
        """Type and id of the resource groups of that name, and of all that lies in them, as quickly as can be."""
        part = f"/resourcegroups/{name.lower()}/"
        with self._transaction() as db:
            rows = db.execute("select type, id from resources where instr(lower(id) || '/', ?) > 0", (part,)).fetchall()
        return tuple((str(kind), str(own_id)) for kind, own_id in rows)

    def resources(self, kind: str | None = None) -> tuple[Resource, ...]:
        """Everything that exists, of one type or of all, in the order in which it was begun."""
        return self._selected("where ?1 is null or type = ?1", kind)

    def leftovers(self) -> tuple[Resource, ...]:
        """What the sandbox has made and nobody has destroyed."""
        return self._selected("where type <> ?1", GIVEN)

    def add_fault(self, kind: str, *, type: str = "%", op: str = "", name: str = "%", times: int = 1) -> None:  # noqa: A002 - the word of Terraform and of the table
        """Orders a fault for the next `times` operations that match; type and name take SQL's % as wildcard.

        A type of "%" means the types at which that kind of fault makes sense; an empty op the operation.
        """
        fault = ordered(kind, type, op)
        with self._transaction() as db:
            db.execute(
                "insert into faults (type, op, name, kind, times) values (?, ?, ?, ?, ?)",
                (fault.type, fault.op, name, kind, times),
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

    def faults(self) -> tuple[tuple[Fault, int], ...]:
        """The faults that are still to come, and how often."""
        with self._transaction() as db:
            rows = db.execute("select kind, type, op, times from faults where times > 0 order by number").fetchall()
        return tuple((Fault(kind, type_, op), times) for kind, type_, op, times in rows)

    def note(self, op: str, kind: str, resource_id: str, note: str = "") -> int:
        """Writes down what was done; the number of the entry, which is never given twice."""
        with self._transaction() as db:
            entry = db.execute(
                "insert into operations (at, op, type, id, note) values (?, ?, ?, ?, ?)",
                (self._clock(), op, kind, resource_id, note),
            )
            return entry.lastrowid or 0

    def operations(self, op: str | None = None) -> tuple[Operation, ...]:
        """Everything that was done, in order."""
        with self._transaction() as db:
            rows = db.execute(
                "select op, type, id, note from operations where ?1 is null or op = ?1 order by number", (op,)
            ).fetchall()
        return tuple(Operation(*row) for row in rows)

    def times_made(self, resource_id: str) -> int:
        """How often something of that id was made before."""
        with self._transaction() as db:
            row = db.execute(
                "select count(*) from operations where op = 'create' and note = '' and id = ? collate nocase",
                (resource_id,),
            ).fetchone()
        return int(row[0])

    def _selected(self, condition: str, *values: object) -> tuple[Resource, ...]:
        with self._transaction() as db:
            rows = db.execute(_COLUMNS + condition + " order by number", values).fetchall()
        return tuple(self._resource(row) for row in rows)

    def _resource(self, row: tuple[str, str, str, int, float, str]) -> Resource:
        resource_id, kind, state, failed, ready_at, key = row
        status: Status = "failed" if failed else "ready" if ready_at <= self._clock() else "creating"
        return Resource(id=resource_id, type=kind, state=json.loads(state), status=status, key=key)

    def _prepare(self) -> None:
        """Makes the tables, once a file. A file of an older shape is a sandbox to be forgotten."""
        with self._connection() as db:
            if _version(db) == _VERSION:
                return
        with self._transaction() as db:
            if _version(db) == _VERSION:
                return
            for name in ("resources", "faults", "operations"):
                db.execute("drop table if exists " + name)
            for statement in _TABLES.split(";"):
                db.execute(statement)
            db.execute(f"pragma user_version = {_VERSION}")

    @contextmanager
    def _transaction(self) -> Generator[sqlite3.Connection]:
        with self._connection() as db:
            db.execute("begin immediate")
            yield db
            db.execute("commit")

    @contextmanager
    def _connection(self) -> Generator[sqlite3.Connection]:
        db = sqlite3.connect(self._path, timeout=30, isolation_level=None)
        try:
            db.execute("pragma synchronous = off")
            yield db
        finally:
            db.close()


def _version(db: sqlite3.Connection) -> int:
    return int(db.execute("pragma user_version").fetchone()[0])
