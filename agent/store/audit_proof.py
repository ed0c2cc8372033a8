"""Whether the audit is as it was written, and what that proves.

Without a key: that nobody changed, removed or inserted a row by hand. Whoever may write to the database can still
write the chain anew, or cut its end and set the head back. With the key the chain was written with: that only its
holders wrote these rows. An older copy of the whole database put back fools both; an anchor, kept where the
database's owner cannot write, does not let it.
"""

import contextlib
import re
from collections.abc import Generator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, select

from agent.store.audit import GENESIS, Keys, is_marked, mark, row_hash
from agent.store.tables import audit, audit_head
from agent.wording import error_of, phrase
from plugins.domain.errors import ConfigurationError, InvalidRequest

_NONE = "0"
_ANCHOR = re.compile(r"brickie-audit\.1\.(\d{1,15})\.([0-9a-f]{64})\.(\d{8}T\d{6})\.([0-9a-f]{64}|0)(?![0-9a-f])")


@dataclass(frozen=True)
class ChainBreak:
    """The first place where the chain does not hold: the row's number, and what is wrong with it."""

    seq: int
    what: str


@dataclass(frozen=True)
class Anchor:
    """The head as it was at that time (UTC), to be kept elsewhere; `marked` by the key, where there was one."""

    seq: int
    digest: str
    at: datetime
    marked: str | None

    @property
    def text(self) -> str:
        return f"brickie-audit.1.{self.seq}.{self.digest}.{self.at:%Y%m%dT%H%M%S}.{self.marked or _NONE}"


@dataclass(frozen=True)
class Proof:
    """How many rows there are, the first break, and the first row that carries a mark of a key; None for none."""

    rows: int
    broken: ChainBreak | None
    keyed_from: int | None


def first_break(connection: Connection, keys: Keys = (), anchor: Anchor | None = None) -> ChainBreak | None:
    """Where the chain was altered, cut or added to; None when every row is as it was written."""
    return proof_of(connection, keys, anchor).broken


def proof_of(connection: Connection, keys: Keys = (), anchor: Anchor | None = None) -> Proof:
    """Every row looked at, up to the first that does not hold; without keys no mark is checked."""
    walk = _Walk(keys, anchor)
    with contextlib.closing(_rows(connection)) as rows:
        for row in rows:
            if broken := walk.broken_at(row):
                return Proof(length(connection), broken, walk.keyed_from)
    head = connection.execute(select(audit_head)).mappings().one_or_none()
    return Proof(walk.seq, walk.broken_at_end(head), walk.keyed_from)


def length(connection: Connection) -> int:
    return int(connection.execute(select(audit_head.c.seq)).scalar() or 0)


def anchor_now(connection: Connection, keys: Keys, *, now: datetime) -> Anchor:
    """The head to keep elsewhere. Raises InvalidRequest for a chain that does not hold: it would be a false witness."""
    broken = first_break(connection, keys)
    if broken is not None:
        raise error_of(InvalidRequest, "store.audit.unsound", row=broken.seq, what=broken.what)
    head = connection.execute(select(audit_head)).mappings().one()
    seq, digest = int(head["seq"]), str(head["hash"])
    return Anchor(seq, digest, now, mark(keys[0], "anchor", seq, digest) if keys else None)


def anchor_in(text: str, keys: Keys) -> Anchor:
    """The anchor in that text. Raises ConfigurationError where there is none, or one that these keys did not make."""
    written = _ANCHOR.search(text)
    if written is None:
        raise error_of(ConfigurationError, "store.audit.no_anchor")
    seq, digest = int(written[1]), written[2]
    marked = None if written[4] == _NONE else written[4]
    if keys and not is_marked(marked, "anchor", seq, digest, keys):
        raise error_of(ConfigurationError, "store.audit.foreign_anchor")
    return Anchor(seq, digest, datetime.strptime(written[3] + "+0000", "%Y%m%dT%H%M%S%z"), marked)


class _Walk:
    """One pass over the chain: what the next row has to be."""

    def __init__(self, keys: Keys, anchor: Anchor | None) -> None:
        self._keys = keys
        self._anchor = anchor
        self._previous = GENESIS
        self.seq = 0
        self.keyed_from: int | None = None

    def broken_at(self, row: RowMapping) -> ChainBreak | None:
        seq = self.seq + 1
        if row["seq"] != seq:
            return ChainBreak(seq, phrase("store.audit.broken.missing"))
        if row["previous"] != self._previous:
            return ChainBreak(seq, phrase("store.audit.broken.does_not_follow"))
        if row["hash"] != row_hash(row):
            return ChainBreak(seq, phrase("store.audit.broken.altered"))
        if what := self._unmarked(row):
            return ChainBreak(seq, what)
        self.seq, self._previous = seq, str(row["hash"])
        return self._unanchored()

    def broken_at_end(self, head: RowMapping | None) -> ChainBreak | None:
        if head is None:
            return ChainBreak(self.seq + 1, phrase("store.audit.broken.head_missing"))
        if head["seq"] > self.seq:
            return ChainBreak(self.seq + 1, phrase("store.audit.broken.missing"))
        if head["seq"] < self.seq:
            return ChainBreak(int(head["seq"]) + 1, phrase("store.audit.broken.behind_head"))
        if head["hash"] != self._previous:
            return ChainBreak(self.seq, phrase("store.audit.broken.not_heads_row"))
        if self._anchor is not None and self._anchor.seq > self.seq:
            return ChainBreak(self.seq + 1, phrase("store.audit.broken.before_anchor", row=self._anchor.seq))
        return self._unkeyed(head)

    def _unmarked(self, row: RowMapping) -> str | None:
        """What is wrong with the mark of this row, where marks are checked."""
        if row["mark"] is None:
            return phrase("store.audit.broken.without_mark") if self._keys and self.keyed_from else None
        self.keyed_from = self.keyed_from or int(row["seq"])
        if not self._keys or is_marked(row["mark"], "row", row["seq"], row["hash"], self._keys):
            return None
        return phrase("store.audit.broken.other_key")

    def _unanchored(self) -> ChainBreak | None:
        anchor = self._anchor
        if anchor is None or anchor.seq != self.seq or anchor.digest == self._previous:
            return None
        return ChainBreak(self.seq, phrase("store.audit.broken.not_anchors_row"))

    def _unkeyed(self, head: RowMapping) -> ChainBreak | None:
        """Marks taken away from all rows, or a head that was set back by somebody without the key."""
        if not self._keys or not self.seq:
            return None
        if self.keyed_from is None:
            return ChainBreak(1, phrase("store.audit.broken.no_marks"))
        if not is_marked(head["mark"], "head", head["seq"], head["hash"], self._keys):
            return ChainBreak(self.seq, phrase("store.audit.broken.head_set_back"))
        return None


def _rows(connection: Connection) -> Generator[RowMapping, Any, None]:
    wanted = select(audit).order_by(audit.c.seq)
    with connection.execute(wanted, execution_options={"yield_per": 500}) as result:
        yield from result.mappings()
