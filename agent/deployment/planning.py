"""Planning one workspace, and publishing the plan when its last workspace is planned."""

import asyncio
import contextlib
import logging
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Self

from agent.approvals import confirm_by
from agent.deployment.engine import Tidying
from agent.deployment.workshop import Workshop
from agent.events import Error, Event, Message, Progress
from agent.orders import PlanOrder, PlanPart
from agent.showing import plan_event
from agent.store.audit import Entry, changed, who_of
from agent.store.database import NotKept
from agent.store.records import Records
from agent.store.running import Run
from plugins.databricks.proposal import total_cost
from plugins.deploy.digest import item_digest, plan_digest
from plugins.domain.deployment import Deployment
from plugins.domain.errors import Cancelled, DeploymentFailed, InfraError
from plugins.domain.plan import Plan, PlanItem

_LOOK_SECONDS = 0.5
"""How often a run looks whether it was told to stop."""

_log = logging.getLogger(__name__)


@dataclass
class Watch:
    """Whether a run was told to stop, looked up beside its work."""

    shop: Workshop
    run_id: str
    cancelled: asyncio.Event = field(default_factory=asyncio.Event)
    _over: asyncio.Event = field(default_factory=asyncio.Event, repr=False)
    _task: asyncio.Task[None] | None = field(default=None, repr=False)

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._look())
        return self

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if self._task is None:
            return
        self._over.set()
        if kind is asyncio.CancelledError:
            self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def _look(self) -> None:
        """Looks on while the database is away: the stop may come afterwards."""
        while not self._over.is_set():
            with contextlib.suppress(NotKept):
                if await self.shop.database.read(lambda records: records.is_cancelled(self.run_id)):
                    self.cancelled.set()
                    return
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_LOOK_SECONDS):
                    await self._over.wait()


async def plan_workspace(shop: Workshop, run_id: str) -> Tidying | None:
    """Plans one workspace of a plan; the body of the job `plan`."""
    executor = shop.engine.executor

    def begun(records: Records) -> tuple[Run, PlanPart] | None:
        run = records.run(run_id)
        if not records.begin_run(run_id, executor, now=shop.clock()):
            return None
        return run, records.part(run.plan_id, run.position)

    found = await shop.kept(begun)
    if found is None:
        return await shop.tidying(run_id)
    run, part = found
    ended = await _ended(shop, run, part)
    if await shop.kept(lambda records: ended(shop, records)):
        return partial(shop.terraform.discard, run.plan_id)
    return None


async def _ended(shop: Workshop, run: Run, part: PlanPart) -> Callable[[Workshop, Records], bool]:
    """How the planning ended, as what is to be kept of it; that tells whether its files are of no use."""
    if run.cancel_requested:
        return partial(_given_up, run=run)
    try:
        return partial(_keep_planned, run=run, item=await _planned(shop, run, part))
    except Cancelled:
        return partial(_given_up, run=run)
    except InfraError as error:
        return partial(_unplanned, run=run, part=part, error=error)
    except Exception:  # noqa: BLE001 - the top of a run: logged with an id, told by that id
        return partial(_unplanned, run=run, part=part, error=_fault())


async def _planned(shop: Workshop, run: Run, part: PlanPart) -> PlanItem:
    """The workspace planned; what passes by itself is tried again."""
    pause = shop.patience.first_seconds
    async with Watch(shop, run.run_id) as watch:
        for attempt in range(shop.patience.retries + 1):
            try:
                return await _planned_once(shop, run, part, watch)
            except DeploymentFailed as error:
                if not error.retryable or attempt == shop.patience.retries:
                    raise
            with contextlib.suppress(TimeoutError):  # a stop ends the wait, and then the next try
                await asyncio.wait_for(watch.cancelled.wait(), pause)
            pause *= 3
    raise AssertionError("the last try returns or raises")


async def _planned_once(shop: Workshop, run: Run, part: PlanPart, watch: Watch) -> PlanItem:
    files, plan_file = await shop.terraform.plan(
        part.decision, deployment_id=part.deployment_id, plan_id=run.plan_id, action=part.action, adopt=part.adopt,
        cancelled=watch.cancelled.is_set,
    )  # fmt: skip
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


def _keep_planned(shop: Workshop, records: Records, run: Run, item: PlanItem) -> bool:
    """Keeps one planned workspace; publishes the plan when it was the last. True when its files are of no use."""
    now = shop.clock()
    status = records.lock_plan(run.plan_id)
    if not records.end_run(run.run_id, None, now=now):
        return False
    if status != "planning":
        return True
    records.keep_item(run.plan_id, run.position, item)
    wanting, total = records.items_wanting(run.plan_id)
    if wanting:
        shop.tell(records, _step(run, item, done=total - wanting, total=total))
        return False
    return _publish(shop, records, records.order(run.plan_id))


def _step(run: Run, item: PlanItem, *, done: int, total: int) -> Progress:
    return Progress(
        conversation=run.conversation, turn=run.turn, deployment_id=run.deployment_id, step="plan",
        done=done, total=total, text=f"{item.decision.workspace_name} planned", elapsed_s=0.0,
    )  # fmt: skip


def _publish(shop: Workshop, records: Records, order: PlanOrder) -> bool:
    """Keeps the plan as pending and shows it, unless the request changed while it was being made."""
    now = shop.clock()
    talk = records.conversation(order.conversation)
    items = records.items(order.plan_id)
    changes = any(item.resources or item.plan_file.imported for item in items)
    if talk.planning != order.plan_id or not changes:
        records.settle_plan(order.plan_id, "superseded", was=("planning",))
        if talk.planning == order.plan_id:
            records.keep_conversation(talk.with_(planning=None, drafts=()), now=now)
            shop.tell(records, _nothing(shop, order))
        return True
    plan = _bound(shop, order, items)
    records.publish(plan)
    records.note(*(_asked(plan, item) for item in items))
    records.keep_conversation(talk.pended(plan_id=plan.plan_id, digest=plan.digest), now=now)
    for item in items:
        if item.action == "create" and records.deployment(item.deployment_id) is None:
            records.keep_deployment(_new_deployment(plan, item))
    shop.tell(records, plan_event(plan, turn=order.turn))
    return False


def _asked(plan: Plan, item: PlanItem) -> Entry:
    return Entry(
        plan.created_at, who_of(plan.requested_by), f"asked to {plan.action}", plan.plan_id,
        deployment_id=item.deployment_id, plan_id=plan.plan_id, conversation=plan.conversation,
        change=changed({"plan": None}, {"plan": "pending", "digest": plan.digest}),
    )  # fmt: skip


def _bound(shop: Workshop, order: PlanOrder, items: tuple[PlanItem, ...]) -> Plan:
    now = shop.clock()
    names = tuple(item.decision.workspace_name for item in items)
    cost = items[0].cost if len(items) == 1 else total_cost(tuple(item.cost for item in items), names)
    digests = tuple(item_digest(item) for item in items)
    return Plan(
        plan_id=order.plan_id,
        digest=plan_digest(digests, cost=cost, target=shop.target),
        action=order.action,
        conversation=order.conversation,
        requested_by=order.person,
        items=items,
        item_digests=digests,
        cost=cost,
        target=shop.target,
        confirm=confirm_by(order.action, items, shop.rules),
        created_at=now,
        expires_at=now + timedelta(hours=shop.plan_hours),
        grounds=shop.grounds,
    )


def _new_deployment(plan: Plan, item: PlanItem) -> Deployment:
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
        created_at=plan.created_at,
        updated_at=plan.created_at,
    )


def _given_up(shop: Workshop, records: Records, run: Run) -> bool:
    """Ends a run that was told to stop, and its plan with it; the draft stays. True when no run of the plan is left."""
    now = shop.clock()
    status = records.lock_plan(run.plan_id)
    records.end_run(run.run_id, None, now=now)
    if status == "planning":
        records.settle_plan(run.plan_id, "superseded", was=("planning",))
        records.request_cancel(run.plan_id, "plan")
        talk = records.conversation(run.conversation)
        if talk.planning == run.plan_id:
            records.keep_conversation(talk.with_(planning=None), now=now)
    return records.unfinished(run.plan_id, "plan") == 0


def _fault() -> InfraError:
    fault = uuid.uuid4().hex[:8]
    _log.exception("planning failed, fault %s", fault)
    return InfraError(
        "planning the workspace", f"it went wrong on our side (fault {fault}).",
        "Say it again, and give that number to whoever runs Brickie if it happens twice.",
    )  # fmt: skip


def _unplanned(shop: Workshop, records: Records, run: Run, part: PlanPart, error: InfraError) -> bool:
    """Planning ended without a plan: the draft stays, the person is told which workspace stood in the way."""
    now = shop.clock()
    status = records.lock_plan(run.plan_id)
    if not records.end_run(run.run_id, None, now=now) or status != "planning":
        return records.unfinished(run.plan_id, "plan") == 0
    records.settle_plan(run.plan_id, "superseded", was=("planning",))
    records.request_cancel(run.plan_id, "plan")
    talk = records.conversation(run.conversation)
    if talk.planning == run.plan_id:
        records.keep_conversation(talk.with_(planning=None), now=now)
    name = part.decision.workspace_name
    text = shop.wording.say("plan_failed", name=name, text=error.problem, remedy=error.remedy)
    told: Event = Error(
        conversation=run.conversation, turn=run.turn, code=error.code, text=text, retryable=error.retryable
    )
    shop.tell(records, told)
    return records.unfinished(run.plan_id, "plan") == 0


def _nothing(shop: Workshop, order: PlanOrder) -> Message:
    names = ", ".join(part.decision.workspace_name for part in order.parts)
    return Message(
        conversation=order.conversation, turn=order.turn, text=shop.wording.say("nothing_changes", name=names)
    )
