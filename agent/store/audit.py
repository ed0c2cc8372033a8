"""The audit: append-only, each row bound to the one before by its hash, written with the change that it records."""

import contextlib
import hashlib
import json
from collections.abc import Generator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, RowMapping, select, update

from agent.store.tables import audit, audit_head

GENESIS = "0" * 64
_FIELDS = ("seq", "at", "who", "what", "detail", "deployment_id", "plan_id", "conversation", "previous")


@dataclass(frozen=True)
class Entry:
    """Who did what, when (UTC), about which workspace, plan and conversation. `what` is one short phrase."""

    at: datetime
    who: str
    what: str
    detail: str = ""
    deployment_id: str | None = None
    plan_id: str | None = None
    conversation: str | None = None


@dataclass(frozen=True)
class Break:
    """The first place where the chain does not hold: the row's number, and what is wrong with it."""

    seq: int
    what: str


def append(connection: Connection, entries: list[Entry]) -> None:
    """Adds these to the end of the chain. The head is locked first, so that two who write cannot both be next.

    Whoever notes and changes a conversation in one transaction notes first: in another order two could wait for each
    other.
    """
    if not entries:
        return
    head = connection.execute(select(audit_head).with_for_update()).mappings().one()
    seq, previous = int(head["seq"]), str(head["hash"])
    rows: list[dict[str, object]] = []
    for entry in entries:
        seq += 1
        row: dict[str, object] = {
            "seq": seq,
            "at": entry.at.isoformat(),
            "who": entry.who,
            "what": entry.what,
            "detail": entry.detail,
            "deployment_id": entry.deployment_id,
            "plan_id": entry.plan_id,
            "conversation": entry.conversation,
            "previous": previous,
        }
        previous = _hash(row)
        rows.append({**row, "hash": previous})
    connection.execute(audit.insert(), rows)
    connection.execute(update(audit_head).values(seq=seq, hash=previous))


def first_break(connection: Connection) -> Break | None:
    """Where the chain was altered, cut or added to; None when every row is as it was written."""
    expected, previous = 1, GENESIS
    with contextlib.closing(_rows(connection)) as rows:
        for row in rows:
            if row["seq"] != expected:
                return Break(expected, "is missing")
            if row["previous"] != previous:
                return Break(expected, "does not follow the row before it")
            if row["hash"] != _hash({name: row[name] for name in _FIELDS}):
                return Break(expected, "was altered")
            expected, previous = expected + 1, str(row["hash"])
    head = connection.execute(select(audit_head)).mappings().one_or_none()
    if head is None:
        return Break(expected, "the head of the chain is missing")
    if head["seq"] != expected - 1:
        return Break(expected, "is missing" if head["seq"] >= expected else "was added behind the head")
    return None if head["hash"] == previous else Break(expected - 1, "is not the row that the head names")


def length(connection: Connection) -> int:
    return int(connection.execute(select(audit_head.c.seq)).scalar_one())


def _rows(connection: Connection) -> Generator[RowMapping, None, None]:
    wanted = select(audit).order_by(audit.c.seq)
    with connection.execute(wanted, execution_options={"yield_per": 500}) as found:
        yield from found.mappings()


def _hash(row: dict[str, object]) -> str:
    canonical = json.dumps({name: row[name] for name in _FIELDS}, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()
