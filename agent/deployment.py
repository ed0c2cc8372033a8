"""Carrying out what turns order: planning, and applying exactly what was approved.

Two pieces of work, joined by a row in the records and never by waiting for a person: `plan` generates, plans to a
file, binds it by a digest and publishes it; `apply` checks the approval again and applies that file. In this
embedded form both are tasks of the process that the conversation runs in.
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from agent.approvals import ApprovalRules, confirm_by
from agent.events import Error, Event, Message, Progress, Result
from agent.orders import ApplyOrder, DiscardOrder, Order, PlanOrder, PlanPart
from agent.showing import plan_event
from agent.store.locks import Locks
from agent.store.records import Happening, Records, Store
from agent.wording import Wording
from plugins.databricks.proposal import total_cost
from plugins.deploy.digest import item_digest, plan_digest
from plugins.deploy.terraform.stream import Step, Tell
from plugins.domain.approval import Approval
from plugins.domain.decision import InfrastructureDecision
from plugins.domain.deployment import Deployment, DeploymentResult, DeploymentStatus
from plugins.domain.errors import InfraError
from plugins.domain.plan import Plan, PlanAction, PlanFile, PlanHeader, PlanItem, Target, TerraformFiles

AT_ONCE = 2
"""Terraform runs side by side in one process: as many as a small machine has cores."""


class Terraform(Protocol):
    """Plans and applies one workspace. Raises InfraError where the world misbehaved."""

    async def plan(
        self, decision: InfrastructureDecision, *, deployment_id: str, plan_id: str, action: PlanAction
    ) -> tuple[TerraformFiles, PlanFile]: ...

    async def apply(self, header: PlanHeader, item: PlanItem, approval: Approval, tell: Tell) -> DeploymentResult: ...

    def discard(self, plan_id: str) -> None:
        """Throws a plan's files away; nothing when there are none."""
        ...


@dataclass(frozen=True)
class Workshop:
    """What the engine works with. `plan_hours` is how long a plan waits for its decision."""

    store: Store
    locks: Locks
    terraform: Terraform
    wording: Wording
    rules: ApprovalRules
    target: Target
    plan_hours: float
    emit: Callable[[Event], None]
    clock: Callable[[], datetime]


class Deployments:
    """The embedded engine: tasks of this process, at most two Terraform runs at once."""

    def __init__(self, shop: Workshop) -> None:
        self._shop = shop
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._tasks: defaultdict[str, dict[str, asyncio.Task[None]]] = defaultdict(dict)

    def start(self, order: Order) -> None:
        match order:
            case PlanOrder():
                self._run(order.conversation, order.plan_id, self._plan(order))
            case ApplyOrder():
                self._run(order.plan.conversation, f"apply:{order.plan.plan_id}", self._apply(order))
            case DiscardOrder():
                self._discard(order.plan_id)

    async def settled(self, conversation: str) -> None:
        while tasks := list(self._tasks[conversation].values()):
            await asyncio.wait(tasks)

    async def all_settled(self) -> None:
        """Returns when nothing is under way for anybody."""
        for conversation in list(self._tasks):
            await self.settled(conversation)

    async def cancel(self) -> bool:
        """Stops everything under way cleanly; True when there was something."""
        tasks = [task for running in self._tasks.values() for task in running.values()]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)
        return bool(tasks)

    def _run(self, conversation: str, name: str, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work, name=name)
        self._tasks[conversation][name] = task
        task.add_done_callback(lambda _: self._tasks[conversation].pop(name, None))

    def _discard(self, plan_id: str) -> None:
        for running in self._tasks.values():
            if plan_id in running:
                running[plan_id].cancel()
                return
        self._shop.terraform.discard(plan_id)
        with self._shop.store.transaction() as records:
            _forget_planned(records, plan_id)

    async def _plan(self, order: PlanOrder) -> None:
        try:
            items = await asyncio.gather(*(self._planned(order, part) for part in order.parts))
        except asyncio.CancelledError:
            await self._unplanned(order, None)
            raise
        except InfraError as error:
            await self._unplanned(order, error)
            return
        await self._publish(order, tuple(items))

    async def _planned(self, order: PlanOrder, part: PlanPart) -> PlanItem:
        async with self._slots:
            files, plan_file = await self._shop.terraform.plan(
                part.decision, deployment_id=part.deployment_id, plan_id=order.plan_id, action=part.action
            )
        return PlanItem(
            deployment_id=part.deployment_id,
            action=part.action,
            request=part.request,
            decision=part.decision,
            cost=part.cost,
            policy=part.policy,
            resources=plan_file.resources,
            alternatives=part.alternatives,
            before=part.before,
            files=files,
            plan_file=plan_file,
        )

    async def _unplanned(self, order: PlanOrder, error: InfraError | None) -> None:
        """Planning ended without a plan: its files go, the draft stays, the person is told."""
        self._shop.terraform.discard(order.plan_id)
        async with self._shop.locks.of(order.conversation):
            with self._shop.store.transaction() as records:
                talk = records.conversation(order.conversation)
                if talk.planning == order.plan_id:
                    records.keep_conversation(talk.with_(planning=None))
        if error is None:
            return
        names = ", ".join(part.decision.workspace_name for part in order.parts)
        text = self._shop.wording.say("plan_failed", name=names, text=error.problem, remedy=error.remedy)
        self._shop.emit(
            Error(
                conversation=order.conversation, turn=order.turn, code=error.code, text=text, retryable=error.retryable
            )
        )

    async def _publish(self, order: PlanOrder, items: tuple[PlanItem, ...]) -> None:
        """Keeps the plan as pending and shows it, unless the request changed while it was being made."""
        plan = self._bound(order, items)
        async with self._shop.locks.of(order.conversation):
            with self._shop.store.transaction() as records:
                talk = records.conversation(order.conversation)
                wanted = talk.planning == order.plan_id
                changes = any(item.resources for item in items)
                if wanted and changes:
                    _keep_planned(records, plan, self._shop.clock())
                    pending = {"plan_id": plan.plan_id, "digest": plan.digest}
                    records.keep_conversation(talk.pended(**pending))
                elif wanted:
                    records.keep_conversation(talk.with_(planning=None, drafts=()))
        if not (wanted and changes):
            self._shop.terraform.discard(order.plan_id)
        if wanted:
            self._shop.emit(plan_event(plan, turn=order.turn) if changes else self._nothing(order))

    def _nothing(self, order: PlanOrder) -> Message:
        names = ", ".join(part.decision.workspace_name for part in order.parts)
        text = self._shop.wording.say("nothing_changes", name=names)
        return Message(conversation=order.conversation, turn=order.turn, text=text)

    def _bound(self, order: PlanOrder, items: tuple[PlanItem, ...]) -> Plan:
        now = self._shop.clock()
        names = tuple(item.decision.workspace_name for item in items)
        digests = tuple(item_digest(item) for item in items)
        cost = items[0].cost if len(items) == 1 else total_cost(tuple(item.cost for item in items), names)
        return Plan(
            plan_id=order.plan_id,
            digest=plan_digest(digests, cost=cost, target=self._shop.target),
            action=order.action,
            conversation=order.conversation,
            requested_by=order.person,
            items=items,
            item_digests=digests,
            cost=cost,
            target=self._shop.target,
            confirm=confirm_by(order.action, items, self._shop.rules),
            created_at=now,
            expires_at=now + timedelta(hours=self._shop.plan_hours),
        )

    async def _apply(self, order: ApplyOrder) -> None:
        await asyncio.gather(*(self._applied(order, item) for item in order.plan.items))
        self._shop.terraform.discard(order.plan.plan_id)

    async def _applied(self, order: ApplyOrder, item: PlanItem) -> None:
        started = time.monotonic()
        where = {"conversation": order.plan.conversation, "turn": order.turn, "deployment_id": item.deployment_id}

        def tell(step: Step) -> None:
            elapsed = round(time.monotonic() - started, 2)
            name = "destroy" if item.action == "destroy" else "apply"
            self._shop.emit(
                Progress.model_validate(
                    {
                        **where,
                        "step": name,
                        "done": step.done,
                        "total": step.total,
                        "text": step.text,
                        "elapsed_s": elapsed,
                    }
                )
            )

        async with self._slots:
            result = await self._shop.terraform.apply(order.plan.header, item, order.approval, tell)
        if self._shop.target.mode == "sandbox" and result.outputs:
            result = result.model_copy(update={"outputs": {**result.outputs, "target": "sandbox cloud"}})
        with self._shop.store.transaction() as records:
            _keep_applied(records, order, item, result, self._shop.clock())
        self._shop.emit(
            Result.model_validate({**where, "status": result.status, "outputs": result.outputs, "error": result.error})
        )


def _keep_planned(records: Records, plan: Plan, now: datetime) -> None:
    records.keep_plan(plan)
    for item in plan.items:
        happening = Happening(at=now, who=plan.requested_by.name, what=f"asked to {plan.action}", detail=plan.plan_id)
        records.note(item.deployment_id, happening)
        if item.action == "create" and records.deployment(item.deployment_id) is None:
            records.keep_deployment(_new_deployment(plan, item, now))


def _new_deployment(plan: Plan, item: PlanItem, now: datetime) -> Deployment:
    return Deployment(
        deployment_id=item.deployment_id,
        workspace_name=item.decision.workspace_name,
        status="planned",
        conversation=plan.conversation,
        requested_by=plan.requested_by,
        request=item.request,
        decision=item.decision,
        cost=item.cost,
        expires_on=item.decision.expires_on,
        created_at=now,
        updated_at=now,
    )


def _forget_planned(records: Records, plan_id: str) -> None:
    """Deployments that only ever were this plan's are forgotten with it."""
    found = records.plan(plan_id)
    for item in found[0].items if found else ():
        deployment = records.deployment(item.deployment_id)
        if deployment is not None and deployment.status == "planned":
            records.forget_deployment(item.deployment_id)


def _keep_applied(records: Records, order: ApplyOrder, item: PlanItem, result: DeploymentResult, now: datetime) -> None:
    deployment = records.deployment(item.deployment_id)
    if deployment is None:
        return
    status: DeploymentStatus = "attention" if result.status == "failed" and result.outputs else result.status
    changes: dict[str, object] = {"status": status, "error": result.error, "updated_at": now}
    if result.status == "succeeded":
        changes |= {
            "outputs": result.outputs,
            "decision": item.decision,
            "request": item.request,
            "cost": item.cost,
            "workspace_name": item.decision.workspace_name,
        }
    records.keep_deployment(deployment.model_copy(update=changes))
    what = {"succeeded": "deployed" if item.action == "create" else "changed"}.get(result.status, result.status)
    detail = result.error.text if result.error else f"{len(item.resources)} resources, {result.elapsed_s:.0f} s"
    records.note(item.deployment_id, Happening(at=now, who=order.approval.by.name, what=what, detail=detail))
