"""Plans with their items, where they were shown, and the approvals given to them."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import func, insert, select, update

from agent.approvals import PlanHead, PlanStatus
from agent.orders import PlanOrder, PlanPart
from agent.store.connection import QueryGroup, stamp
from agent.store.tables import approvals, deployments, plan_items, plans, requests, showings
from plugins.domain.approval import Approval
from plugins.domain.plan import ConfirmBy, Person, Plan, PlanAction, PlanHeader, PlanItem

_WITHOUT_ITEMS = {"items"}


@dataclass(frozen=True)
class WaitingPlan:
    """A plan that awaits a decision, without its items."""

    plan_id: str
    conversation: str
    action: str
    requested_by: Person
    expires_at: datetime
    workspaces: tuple[str, ...]
    environments: tuple[str, ...]


class PlanQueries(QueryGroup):
    def keep_order(self, order: PlanOrder, *, now: datetime) -> None:
        """Keeps what is to be planned; the plan itself is `planning` until its items are there."""
        self._db.execute(
            insert(plans),
            {
                "plan_id": order.plan_id,
                "conversation": order.conversation,
                "turn": order.turn,
                "status": "planning",
                "action": order.action,
                "requested_by": order.person.model_dump_json(),
            },
        )
        self._db.execute(
            insert(plan_items),
            [
                {
                    "plan_id": order.plan_id,
                    "position": position,
                    "deployment_id": part.deployment_id,
                    "part": part.model_dump_json(),
                }
                for position, part in enumerate(order.parts)
            ],
        )
        self._db.execute(
            insert(requests),
            [
                {
                    "plan_id": order.plan_id,
                    "position": position,
                    "conversation": order.conversation,
                    "person": order.person.key,
                    "at": stamp(now),
                    "document": part.request.model_dump_json(),
                }
                for position, part in enumerate(order.parts)
            ],
        )

    def order(self, plan_id: str) -> PlanOrder:
        """What was ordered, with all its parts."""
        row = self._db.execute(select(plans).where(plans.c.plan_id == plan_id)).mappings().one()
        parts = self._db.execute(
            select(plan_items.c.part).where(plan_items.c.plan_id == plan_id).order_by(plan_items.c.position)
        ).scalars()
        return PlanOrder(
            plan_id=plan_id,
            action=row["action"],
            conversation=row["conversation"],
            turn=row["turn"],
            person=Person.model_validate_json(row["requested_by"]),
            parts=tuple(PlanPart.model_validate_json(part) for part in parts),
        )

    def part(self, plan_id: str, position: int) -> PlanPart:
        return PlanPart.model_validate_json(self._item_column(plan_id, position, "part"))

    def item(self, plan_id: str, position: int) -> PlanItem:
        return PlanItem.model_validate_json(self._item_column(plan_id, position, "item"))

    def keep_item(self, plan_id: str, position: int, item: PlanItem) -> None:
        self._db.execute(
            update(plan_items)
            .where(plan_items.c.plan_id == plan_id, plan_items.c.position == position)
            .values(item=item.model_dump_json())
        )

    def plan_status(self, plan_id: str) -> PlanStatus | None:
        status = self._db.execute(select(plans.c.status).where(plans.c.plan_id == plan_id)).scalar_one_or_none()
        return cast("PlanStatus | None", status)

    def conversation_of_plan(self, plan_id: str) -> str | None:
        """Where it was asked for."""
        return self._db.execute(select(plans.c.conversation).where(plans.c.plan_id == plan_id)).scalar_one_or_none()

    def lock_plan(self, plan_id: str) -> PlanStatus | None:
        """The plan's status, None when there is none; nobody else changes it before this transaction ends."""
        rows = self._db.execute(select(plans.c.status).where(plans.c.plan_id == plan_id).with_for_update())
        return cast("PlanStatus | None", rows.scalar_one_or_none())

    def items_wanting(self, plan_id: str) -> tuple[int, int]:
        """How many of its workspaces are not planned yet, and how many it has."""
        counted = select(func.count(), func.count(plan_items.c.item)).where(plan_items.c.plan_id == plan_id)
        total, planned = self._db.execute(counted).one()
        return total - planned, total

    def items(self, plan_id: str) -> tuple[PlanItem, ...]:
        rows = self._db.execute(
            select(plan_items.c.item)
            .where(plan_items.c.plan_id == plan_id, plan_items.c.item.is_not(None))
            .order_by(plan_items.c.position)
        ).scalars()
        return tuple(PlanItem.model_validate_json(row) for row in rows)

    def publish(self, plan: Plan) -> None:
        """Keeps the finished plan as pending."""
        self._db.execute(
            update(plans)
            .where(plans.c.plan_id == plan.plan_id)
            .values(
                status="pending",
                expires_at=stamp(plan.expires_at),
                document=plan.model_dump_json(exclude=_WITHOUT_ITEMS),
            )
        )

    def plan(self, plan_id: str) -> tuple[Plan, PlanStatus] | None:
        """The finished plan and what became of it; None when there is none of that id."""
        row = self._db.execute(select(plans.c.document, plans.c.status).where(plans.c.plan_id == plan_id)).one_or_none()
        if row is None or row.document is None:
            return None
        whole = {**json.loads(row.document), "items": self.items(plan_id)}
        return Plan.model_validate(whole), cast("PlanStatus", row.status)

    def plan_head(self, plan_id: str) -> PlanHead | None:
        """The finished plan without its items: what an apply of one of them needs."""
        row = self._db.execute(select(plans.c.document, plans.c.status).where(plans.c.plan_id == plan_id)).one_or_none()
        if row is None or row.document is None:
            return None
        document = json.loads(row.document)
        return PlanHead(
            header=PlanHeader.model_validate({name: document[name] for name in PlanHeader.model_fields}),
            status=cast("PlanStatus", row.status),
            conversation=document["conversation"],
            pricing_policy_digest=document.get("pricing_policy_digest") or document["grounds"],
            confirm=ConfirmBy.model_validate(document["confirm"]),
            expires_at=datetime.fromisoformat(document["expires_at"]),
        )

    def called(self, plan_id: str) -> tuple[PlanAction, tuple[str, ...]]:
        """What a plan does, and the workspaces that it is about, by name."""
        action = self._db.execute(select(plans.c.action).where(plans.c.plan_id == plan_id)).scalar_one()
        names = (
            select(deployments.c.workspace_name)
            .join(plan_items, plan_items.c.deployment_id == deployments.c.deployment_id)
            .where(plan_items.c.plan_id == plan_id)
            .order_by(plan_items.c.position)
        )
        return cast("PlanAction", action), tuple(self._db.execute(names).scalars())

    def is_planning(self, conversation: str, turn: int) -> bool:
        """Whether what that turn ordered is still being planned."""
        mine = (plans.c.conversation == conversation) & (plans.c.turn == turn) & (plans.c.status == "planning")
        return self._db.execute(select(plans.c.plan_id).where(mine).limit(1)).scalar() is not None

    def planned_name(self, conversation: str, turn: int) -> str | None:
        """The workspace that a plan of that turn is about, before it has a deployment; None where it is of several."""
        ordered = (
            select(plan_items.c.part)
            .join(plans, plans.c.plan_id == plan_items.c.plan_id)
            .where(plans.c.conversation == conversation, plans.c.turn == turn)
            .limit(2)
        )
        parts = self._db.execute(ordered).scalars().all()
        return PlanPart.model_validate_json(parts[0]).decision.workspace_name if len(parts) == 1 else None

    def settle_plan(self, plan_id: str, status: PlanStatus, *, was: Iterable[PlanStatus] = ("pending",)) -> bool:
        """True when the plan was that and now has this status; False when it had been settled before."""
        changed = self._db.execute(
            update(plans).where(plans.c.plan_id == plan_id, plans.c.status.in_(tuple(was))).values(status=status)
        )
        return changed.rowcount == 1

    def show_in(self, plan_id: str, conversation: str, person: str, *, now: datetime) -> None:
        """That person was shown the plan there, and may decide it there if they may decide it at all."""
        row = {"plan_id": plan_id, "conversation": conversation, "person": person, "at": stamp(now)}
        self._insert_once(showings, row)

    def shown_in(self, plan_id: str) -> frozenset[tuple[str, str]]:
        """Conversation and person (a key) of everywhere that it was shown beside its own conversation."""
        rows = self._db.execute(select(showings.c.conversation, showings.c.person).where(showings.c.plan_id == plan_id))
        return frozenset((row.conversation, row.person) for row in rows)

    def waiting(self) -> tuple[WaitingPlan, ...]:
        """Every plan that awaits a decision, the oldest first."""
        rows = self._db.execute(
            select(plans.c.plan_id, plans.c.document, plans.c.action, plans.c.conversation, plans.c.requested_by)
            .where(plans.c.status == "pending")
            .order_by(plans.c.expires_at)
        ).all()
        waiting: list[WaitingPlan] = []
        for row in rows:
            document = json.loads(row.document)
            items = self.items(row.plan_id)
            waiting.append(
                WaitingPlan(
                    plan_id=row.plan_id,
                    conversation=row.conversation,
                    action=row.action,
                    requested_by=Person.model_validate_json(row.requested_by),
                    expires_at=datetime.fromisoformat(document["expires_at"]),
                    workspaces=tuple(item.decision.workspace_name for item in items),
                    environments=tuple(sorted({item.decision.environment for item in items})),
                )
            )
        return tuple(waiting)

    def newest_plan(self, deployment_id: str) -> Plan | None:
        """The latest finished plan that is about this deployment."""
        touching = (
            select(plans.c.plan_id)
            .join(plan_items, plan_items.c.plan_id == plans.c.plan_id)
            .where(plan_items.c.deployment_id == deployment_id, plans.c.document.is_not(None))
            .order_by(plans.c.expires_at.desc())
            .limit(1)
        )
        plan_id = self._db.execute(touching).scalar_one_or_none()
        newest = self.plan(plan_id) if plan_id is not None else None
        return newest[0] if newest is not None else None

    def carried_out(self, deployment_id: str) -> tuple[tuple[datetime, PlanItem], ...]:
        """What was planned for this deployment and approved, with when, the oldest first."""
        rows = self._db.execute(
            select(approvals.c.given_at, plan_items.c.item)
            .join(plan_items, plan_items.c.plan_id == approvals.c.plan_id)
            .where(plan_items.c.deployment_id == deployment_id, plan_items.c.item.is_not(None))
            .order_by(approvals.c.given_at)
        )
        return tuple((datetime.fromisoformat(row.given_at), PlanItem.model_validate_json(row.item)) for row in rows)

    def overdue(self, now: datetime) -> tuple[tuple[str, str], ...]:
        """Plan and conversation of every pending plan whose time has passed."""
        rows = self._db.execute(
            select(plans.c.plan_id, plans.c.conversation).where(
                plans.c.status == "pending", plans.c.expires_at <= stamp(now)
            )
        )
        return tuple((row.plan_id, row.conversation) for row in rows)

    def deployments_of(self, plan_id: str) -> tuple[str, ...]:
        rows = select(plan_items.c.deployment_id).where(plan_items.c.plan_id == plan_id).order_by(plan_items.c.position)
        return tuple(self._db.execute(rows).scalars())

    def keep_approval(self, approval: Approval) -> bool:
        """Keeps an approval; False when the plan has one already, whoever gave it."""
        row = {
            "approval_id": approval.approval_id,
            "plan_id": approval.plan_id,
            "digest": approval.digest,
            "by_id": approval.by.key,
            "given_at": stamp(approval.given_at),
            "expires_at": stamp(approval.expires_at),
            "document": approval.by.model_dump_json(),
        }
        return self._insert_once(approvals, row)

    def approval_row(self, plan_id: str) -> dict[str, str] | None:
        """The approval kept for that plan, as it was written; `agent.approvals` makes the value of it again."""
        row = self._db.execute(select(approvals).where(approvals.c.plan_id == plan_id)).mappings().one_or_none()
        return {name: str(value) for name, value in row.items()} if row is not None else None

    def _item_column(self, plan_id: str, position: int, column: str) -> str:
        query = select(plan_items.c[column]).where(plan_items.c.plan_id == plan_id, plan_items.c.position == position)
        return str(self._db.execute(query).scalar_one())
