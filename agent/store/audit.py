"""The audit: append-only, each row bound to the one before by its hash, written with the change that it records.

Whoever owns the database can write a whole chain anew, hashes and all. With a key that is not in the database
(`AUDIT_KEY`) each row and the head carry a mark that only its holders can make; `agent.store.audit_proof` checks both.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from pydantic import JsonValue
from sqlalchemy import Connection, RowMapping, insert, select, update

from agent.store.connection import number_given, run, run_all, text_given
from agent.store.tables import audit, audit_head
from agent.wording import error_of, phrase
from plugins.domain.errors import ConfigurationError
from plugins.domain.plan import Person

GENESIS = "0" * 64
LEAST_KEY = 32
"""Characters of a key: as strong as the digest that it keys."""

_FIRST_FIELDS = ("seq", "at", "who", "what", "detail", "deployment_id", "plan_id", "conversation", "previous")
_FIELDS = (*_FIRST_FIELDS, "issuer", "who_id", "before", "after")

_LOCK_HEAD = select(audit_head).with_for_update()
_ADD = insert(audit)
_MOVE_HEAD = update(audit_head).values(seq=number_given("last"), hash=text_given("digest"), mark=text_given("marked"))

Values = Mapping[str, JsonValue]
Keys = tuple[bytes, ...]
"""The key that marks what is written now first, then those that still hold for what was written with them."""


@dataclass(frozen=True)
class Actor:
    """Somebody as the audit knows them: `id` is exact within `issuer`, `name` is for reading only."""

    issuer: str
    id: str
    name: str


BRICKIE = Actor("brickie", "brickie", "Brickie")
"""What is done by rule, and asked for by nobody."""


def who_of(person: Person) -> Actor:
    return Actor(person.issuer, person.id, person.name)


@dataclass(frozen=True)
class AuditChange:
    """The values that something changed, by their names, and no others; what was not there is not in `before`."""

    before: Values
    after: Values


def changed(before: Values, after: Values) -> AuditChange:
    """What differs between these two."""
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    return AuditChange(_of(before, names), _of(after, names))


@dataclass(frozen=True)
class Entry:
    """Who did what, when (UTC), about which workspace, plan and conversation. `what` is one short phrase."""

    at: datetime
    who: Actor
    what: str
    detail: str = ""
    deployment_id: str | None = None
    plan_id: str | None = None
    conversation: str | None = None
    change: AuditChange | None = None


def keys_of(environment: Mapping[str, str]) -> Keys:
    """The keys in AUDIT_KEY, split at commas: a new one before the old. None where it is not set.

    Raises ConfigurationError for one that could be guessed.
    """
    keys = tuple(key.strip().encode() for key in environment.get("AUDIT_KEY", "").split(",") if key.strip())
    if any(len(key) < LEAST_KEY for key in keys):
        raise error_of(ConfigurationError, "store.audit.key_too_short", least_key=LEAST_KEY)
    return keys


def append(connection: Connection, entries: list[Entry], keys: Keys = ()) -> None:
    """Adds these to the end of the chain. The head is locked first, so that two who write cannot both be next.

    Whoever notes and changes a conversation in one transaction notes first: in another order two could wait for each
    other. Raises ConfigurationError, nothing added, where the chain is keyed and these are not its keys.
    """
    if not entries:
        return
    # The lock is the order of the chain; where it is held, the others wait for a commit of some milliseconds.
    head = demand_head(run(connection, _LOCK_HEAD, {}).mappings().one_or_none(), keys)
    seq, previous = int(head["seq"]), str(head["hash"])
    if keys and seq and head["mark"] is None:
        entries = [
            Entry(
                entries[0].at,
                BRICKIE,
                phrase("store.audit.began_to_key"),
                phrase("store.audit.rows_without_mark", seq=seq),
            ),
            *entries,
        ]
    rows: list[dict[str, object]] = []
    for entry in entries:
        seq += 1
        row = _row(entry, seq, previous)
        previous = row_hash(row)
        rows.append({**row, "hash": previous, "mark": mark(keys[0], "row", seq, previous) if keys else None})
    run_all(connection, _ADD, rows)
    marked = mark(keys[0], "head", seq, previous) if keys else None
    run(connection, _MOVE_HEAD, {"last": seq, "digest": previous, "marked": marked})


def demand_head(head: RowMapping | None, keys: Keys) -> RowMapping:
    """The head. Raises ConfigurationError where nothing may be added to it under these keys: a mark that is once left
    out, or put on a chain that somebody else had cut, would hide that for ever.
    """
    if head is None:
        raise error_of(ConfigurationError, "store.audit.head_missing")
    if head["mark"] is None or is_marked(head["mark"], "head", head["seq"], head["hash"], keys):
        return head
    if not keys:
        raise error_of(ConfigurationError, "store.audit.key_not_set")
    raise error_of(ConfigurationError, "store.audit.head_unmarked")


def mark(key: bytes, purpose: str, seq: int, digest: str) -> str:
    """What only a holder of the key can put on this row, head or anchor."""
    return hmac.new(key, f"{purpose}\0{seq}\0{digest}".encode(), hashlib.sha256).hexdigest()


def is_marked(carried: str | None, purpose: str, seq: int, digest: str, keys: Keys) -> bool:
    return carried is not None and any(hmac.compare_digest(carried, mark(key, purpose, seq, digest)) for key in keys)


def row_hash(row: RowMapping | dict[str, object]) -> str:
    """The hash over the row and the one before it. Rows from before 0.2 have no issuer, and are hashed as they were."""
    names = _FIRST_FIELDS if row["issuer"] is None else _FIELDS
    canonical = json.dumps({name: row[name] for name in names}, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def entry_of(row: RowMapping) -> Entry:
    """The entry that was kept in that row."""
    return Entry(
        at=datetime.fromisoformat(row["at"]),
        who=Actor(row["issuer"] or "", row["who_id"] or "", row["who"]),
        what=row["what"],
        detail=row["detail"],
        deployment_id=row["deployment_id"],
        plan_id=row["plan_id"],
        conversation=row["conversation"],
        change=_change(row["before"], row["after"]),
    )


def _row(entry: Entry, seq: int, previous: str) -> dict[str, object]:
    return {
        "seq": seq,
        "at": entry.at.isoformat(),
        "issuer": entry.who.issuer,
        "who_id": entry.who.id,
        "who": entry.who.name,
        "what": entry.what,
        "detail": entry.detail,
        "deployment_id": entry.deployment_id,
        "plan_id": entry.plan_id,
        "conversation": entry.conversation,
        "previous": previous,
        "before": _text(entry.change.before) if entry.change else None,
        "after": _text(entry.change.after) if entry.change else None,
    }


def _of(values: Values, names: list[str]) -> Values:
    return {name: values[name] for name in names if name in values}


def _text(values: Values) -> str:
    return json.dumps(dict(values), sort_keys=True, ensure_ascii=False)


def _change(before: str | None, after: str | None) -> AuditChange | None:
    return AuditChange(json.loads(before), json.loads(after)) if before is not None and after is not None else None
