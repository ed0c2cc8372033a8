"""Rounds of approval: whom a plan was put before, who is deciding it just now, what was remarked, how it ended."""

from datetime import datetime, timedelta
from typing import Literal

from pydantic import BaseModel, ConfigDict
from sqlalchemy import select, update

from agent.approvals import PlanStatus
from agent.store.audit import Entry, entry_of
from agent.store.connection import QueryGroup
from agent.store.tables import approval_rounds, audit, plans
from plugins.domain.plan import Person

DECIDING = timedelta(seconds=60)
"""How long a plan is theirs who has begun to decide it."""

Lapse = Literal["reminder", "escalation"]


class _Kept(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Deciding(_Kept):
    """Somebody who has begun to decide; after `until` (UTC) others may."""

    person: Person
    until: datetime


class PassedRemark(_Kept):
    by: str
    text: str


class AskedApprover(_Kept):
    """Somebody, or a place, whom the plan was put before: `target` is its name among all (a platform and an id),
    `label` what people call it. `state` is "sent" only once the platform has taken the card.
    """

    target: str
    label: str
    state: Literal["waiting", "sent", "failed"] = "waiting"


class ApprovalRound(_Kept):
    """`is_for_others` where the asker's own yes does not do. `lapse` is how late it is by the upkeep's clock,
    `lapse_told` how late the cards say. `asked` are all that were tried; `is_unreached` when nobody was left to try.
    `handed` are those, by name as in `asked`, whom it was handed over to on the page. `settled` is the plan's status
    once it is over, and was told.
    """

    plan_id: str
    is_for_others: bool = False
    asked: tuple[AskedApprover, ...] = ()
    is_unreached: bool = False
    deciding: Deciding | None = None
    remarks: tuple[PassedRemark, ...] = ()
    lapse: Lapse | None = None
    lapse_told: Lapse | None = None
    settled: PlanStatus | None = None
    handed: tuple[str, ...] = ()

    def with_(self, **changes: object) -> "ApprovalRound":
        return self.model_copy(update=changes)

    def decider(self, now: datetime) -> Person | None:
        """Who is deciding it now."""
        return self.deciding.person if self.deciding is not None and now < self.deciding.until else None


class RoundQueries(QueryGroup):
    def round(self, plan_id: str) -> ApprovalRound:
        """The round of that plan, a fresh one when it is new; nobody else changes it before this transaction ends."""
        rows = select(approval_rounds.c.document).where(approval_rounds.c.plan_id == plan_id).with_for_update()
        document = self._db.execute(rows).scalar_one_or_none()
        return ApprovalRound.model_validate_json(document) if document is not None else ApprovalRound(plan_id=plan_id)

    def keep_round(self, kept: ApprovalRound) -> None:
        row = {"is_open": int(kept.settled is None), "document": kept.model_dump_json()}
        here = approval_rounds.c.plan_id == kept.plan_id
        if self._db.execute(update(approval_rounds).where(here).values(**row)).rowcount == 0:
            self._insert_once(approval_rounds, {"plan_id": kept.plan_id, **row})

    def open_rounds(self) -> tuple[tuple[ApprovalRound, PlanStatus], ...]:
        """The rounds that were not told to be over, with what became of their plans."""
        rows = self._db.execute(
            select(approval_rounds.c.document, plans.c.status)
            .join(plans, plans.c.plan_id == approval_rounds.c.plan_id)
            .where(approval_rounds.c.is_open == 1)
        )
        return tuple((ApprovalRound.model_validate_json(row.document), row.status) for row in rows)

    def plans_without_round(self) -> tuple[str, ...]:
        """Pending plans that were put before nobody yet, the oldest first."""
        known = select(approval_rounds.c.plan_id)
        rows = select(plans.c.plan_id).where(plans.c.status == "pending", plans.c.plan_id.not_in(known))
        return tuple(self._db.execute(rows.order_by(plans.c.expires_at)).scalars())

    def pending_until(self) -> tuple[tuple[str, datetime], ...]:
        """Every plan that waits, and when (UTC) its time is over."""
        rows = self._db.execute(select(plans.c.plan_id, plans.c.expires_at).where(plans.c.status == "pending"))
        return tuple((row.plan_id, datetime.fromisoformat(row.expires_at)) for row in rows)

    def audited_of_plan(self, plan_id: str) -> tuple[Entry, ...]:
        """What the audit holds of that plan, oldest first."""
        rows = self._db.execute(select(audit).where(audit.c.plan_id == plan_id).order_by(audit.c.seq))
        return tuple(entry_of(row) for row in rows.mappings())
