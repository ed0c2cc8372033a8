"""Plans with their items, where they were shown, and the approvals given to them."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import cast

from sqlalchemy import Update, func, insert, or_, select, update

from agent.approvals import PlanHead, PlanStatus
from agent.orders import PlanOrder, PlanPart
from agent.store.connection import QueryGroup, number_given, stamp, text_given
from agent.store.tables import approvals, deployments, plan_items, plans, requests, showings
from plugins.domain.approval import Approval
from plugins.domain.plan import ConfirmBy, Person, Plan, PlanAction, PlanHeader, PlanItem

_WITHOUT_ITEMS = {"items"}
_PLAN = plans.c.plan_id == text_given("of")
_ITEMS = plan_items.c.plan_id == text_given("of")
_ITEM = _ITEMS & (plan_items.c.position == number_given("place"))
_ORDER = insert(plans)
_ORDER_ITEM = insert(plan_items)
_ASK = insert(requests)
_ORDERED = select(plans.c.action, plans.c.conversation, plans.c.turn, plans.c.requested_by).where(_PLAN)
_PARTS = select(plan_items.c.part).where(_ITEMS).order_by(plan_items.c.position)
_ONE_PART, _ONE_ITEM = (select(column).where(_ITEM) for column in (plan_items.c.part, plan_items.c.item))
_KEEP_ITEM = update(plan_items).where(_ITEM).values(item=text_given("whole"))
_STATUS = select(plans.c.status).where(_PLAN)
_LOCK = _STATUS.with_for_update()
_COUNTED = select(func.count(), func.count(plan_items.c.item)).where(_ITEMS)
_PLANNED = select(plan_items.c.item).where(_ITEMS, plan_items.c.item.is_not(None)).order_by(plan_items.c.position)
_PUBLISH = (
    update(plans).where(_PLAN).values(status="pending", expires_at=text_given("until"), document=text_given("whole"))
)
_WHOLE = select(plans.c.document, plans.c.status).where(_PLAN)
_ACTION = select(plans.c.action).where(_PLAN)
_NAMES = (
    select(deployments.c.workspace_name)
    .join(plan_items, plan_items.c.deployment_id == deployments.c.deployment_id)
    .where(_ITEMS)
    .order_by(plan_items.c.position)
)
_SHOWN = select(showings.c.conversation, showings.c.person).where(showings.c.plan_id == text_given("of"))
_APPROVAL = select(approvals).where(approvals.c.plan_id == text_given("of"))


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
        self._run(
            _ORDER,
            {
                "plan_id": order.plan_id,
                "conversation": order.conversation,
                "turn": order.turn,
                "status": "planning",
                "action": order.action,
                "requested_by": order.person.model_dump_json(),
            },
        )
        self._run_all(
            _ORDER_ITEM,
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
        self._run_all(
            _ASK,
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
        row = self._run(_ORDERED, {"of": plan_id}).mappings().one()
        parts = self._run(_PARTS, {"of": plan_id}).scalars()
        return PlanOrder(
            plan_id=plan_id,
            action=row["action"],
            conversation=row["conversation"],
            turn=row["turn"],
            person=Person.model_validate_json(row["requested_by"]),
            parts=tuple(PlanPart.model_validate_json(part) for part in parts),
        )

    def part(self, plan_id: str, position: int) -> PlanPart:
        return PlanPart.model_validate_json(self._run(_ONE_PART, {"of": plan_id, "place": position}).scalar_one())

    def item(self, plan_id: str, position: int) -> PlanItem:
        return PlanItem.model_validate_json(self._run(_ONE_ITEM, {"of": plan_id, "place": position}).scalar_one())

    def keep_item(self, plan_id: str, position: int, item: PlanItem) -> None:
        self._run(_KEEP_ITEM, {"of": plan_id, "place": position, "whole": item.model_dump_json()})

    def plan_status(self, plan_id: str) -> PlanStatus | None:
        return cast("PlanStatus | None", self._run(_STATUS, {"of": plan_id}).scalar_one_or_none())

    def conversation_of_plan(self, plan_id: str) -> str | None:
        """Where it was asked for."""
        return self._db.execute(select(plans.c.conversation).where(plans.c.plan_id == plan_id)).scalar_one_or_none()

    def lock_plan(self, plan_id: str) -> PlanStatus | None:
        """The plan's status, None when there is none; nobody else changes it before this transaction ends."""
        return cast("PlanStatus | None", self._run(_LOCK, {"of": plan_id}).scalar_one_or_none())

    def items_wanting(self, plan_id: str) -> tuple[int, int]:
        """How many of its workspaces are not planned yet, and how many it has."""
        total, planned = self._run(_COUNTED, {"of": plan_id}).one()
        return total - planned, total

    def items(self, plan_id: str) -> tuple[PlanItem, ...]:
        return tuple(PlanItem.model_validate_json(row) for row in self._run(_PLANNED, {"of": plan_id}).scalars())

    def publish(self, plan: Plan) -> None:
        """Keeps the finished plan as pending."""
        document = plan.model_dump_json(exclude=_WITHOUT_ITEMS)
        self._run(_PUBLISH, {"of": plan.plan_id, "until": stamp(plan.expires_at), "whole": document})

    def plan(self, plan_id: str) -> tuple[Plan, PlanStatus] | None:
        """The finished plan and what became of it; None when there is none of that id."""
        row = self._run(_WHOLE, {"of": plan_id}).one_or_none()
        if row is None or row.document is None:
            return None
        whole = {**json.loads(row.document), "items": self.items(plan_id)}
        return Plan.model_validate(whole), cast("PlanStatus", row.status)

    def plan_head(self, plan_id: str) -> PlanHead | None:
        """The finished plan without its items: what an apply of one of them needs."""
        row = self._run(_WHOLE, {"of": plan_id}).one_or_none()
        if row is None or row.document is None:
            return None
        document = json.loads(row.document)
        return PlanHead(
            header=PlanHeader.model_validate({name: document[name] for name in PlanHeader.model_fields}),
            status=cast("PlanStatus", row.status),
            conversation=document["conversation"],
            requested_by=Person.model_validate(document["requested_by"]),
            pricing_policy_digest=document.get("pricing_policy_digest") or document["grounds"],
            confirm=ConfirmBy.model_validate(document["confirm"]),
            expires_at=datetime.fromisoformat(document["expires_at"]),
        )

    def called(self, plan_id: str) -> tuple[PlanAction, tuple[str, ...]]:
        """What a plan does, and the workspaces that it is about, by name."""
        action = cast("PlanAction", self._run(_ACTION, {"of": plan_id}).scalar_one())
        return action, tuple(self._run(_NAMES, {"of": plan_id}).scalars())

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
        return self._run(_settled(frozenset(was)), {"of": plan_id, "is": status}).rowcount == 1

    def show_in(self, plan_id: str, conversation: str, person: str, *, now: datetime) -> None:
        """That person was shown the plan there, and may decide it there if they may decide it at all."""
        row = {"plan_id": plan_id, "conversation": conversation, "person": person, "at": stamp(now)}
        self._insert_once(showings, row)

    def shown_in(self, plan_id: str) -> frozenset[tuple[str, str]]:
        """Conversation and person (a key) of everywhere that it was shown beside its own conversation."""
        return frozenset((row.conversation, row.person) for row in self._run(_SHOWN, {"of": plan_id}))

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
        row = self._run(_APPROVAL, {"of": plan_id}).mappings().one_or_none()
        return {name: str(value) for name, value in row.items()} if row is not None else None


@cache
def _settled(was: frozenset[PlanStatus]) -> Update:
    is_one = or_(*(plans.c.status == status for status in sorted(was)))
    return update(plans).where(_PLAN, is_one).values(status=text_given("is"))
