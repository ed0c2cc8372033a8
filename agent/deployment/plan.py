"""Planning one workspace, and publishing the plan when its last workspace is planned."""

import asyncio
import contextlib
import logging
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Self

from pydantic import JsonValue

from agent.deployment.context import DeploymentContext
from agent.deployment.engine import Tidying
from agent.events import Error, Event, Message, Progress
from agent.orders import PlanOrder, PlanPart
from agent.store.audit import Entry, changed, who_of
from agent.store.database import NotKept
from agent.store.records import Records
from agent.store.runs import Run
from agent.views.plan import plan_event
from agent.views.workspace_status import note_lost
from agent.wording import error_of, money, phrase
from plugins.databricks.proposal import Proposal, total_cost
from plugins.databricks.taken_over import as_it_stands
from plugins.deploy.adoption import require_untouched
from plugins.deploy.binding import Asked, bound_plan
from plugins.deploy.terraform.state import Expects
from plugins.domain.deployment import Deployment
from plugins.domain.errors import Cancelled, DeploymentFailed, InfraError, InvalidRequest, StateLost
from plugins.domain.finding import Finding
from plugins.domain.plan import WORKSPACE, Plan, PlanFile, PlanItem, TerraformFiles

_LOOK_SECONDS = 0.5
"""How often a run looks whether it was told to stop."""

_log = logging.getLogger(__name__)


@dataclass
class Watch:
    """Whether a run was told to stop, looked up beside its work."""

    context: DeploymentContext
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
                if await self.context.database.read(lambda records: records.is_cancelled(self.run_id)):
                    self.cancelled.set()
                    return
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_LOOK_SECONDS):
                    await self._over.wait()


@dataclass(frozen=True)
class _Ordered:
    """What is to be planned, and what the records have of it."""

    run: Run
    part: PlanPart
    deployment: Deployment | None

    @property
    def expects(self) -> Expects:
        """A change or destroy of what is deployed needs its state. What failed half-way, as a destroy may have, can
        have an empty one, but none that is missing.
        """
        if self.part.action == "create" or self.deployment is None:
            return "nothing"
        if self.deployment.status == "succeeded":
            return "workspace"
        return "state" if self.deployment.outputs else "nothing"

    @property
    def recorded(self) -> Mapping[str, JsonValue] | None:
        return self.deployment.outputs if self.part.reimport and self.deployment is not None else None


async def plan_workspace(context: DeploymentContext, run_id: str) -> Tidying | None:
    """Plans one workspace of a plan; the body of the job `plan`."""
    executor = context.engine.executor

    def begun(records: Records) -> _Ordered | None:
        run = records.run(run_id)
        if not records.begin_run(run_id, executor, now=context.clock()):
            return None
        return _Ordered(run, records.part(run.plan_id, run.position), records.deployment(run.deployment_id))

    ordered = await context.kept(begun)
    if ordered is None:
        return await context.tidying(run_id)
    run = ordered.run
    ended = await _ended(context, ordered)
    if await context.kept(lambda records: ended(context, records)):
        return partial(context.terraform.discard, run.plan_id)
    return None


async def _ended(context: DeploymentContext, ordered: _Ordered) -> Callable[[DeploymentContext, Records], bool]:
    """How the planning ended, as what is to be kept of it; that tells whether its files are of no use."""
    run, part = ordered.run, ordered.part
    if run.cancel_requested:
        return partial(_given_up, run=run)
    try:
        return partial(_keep_planned, run=run, item=await _planned(context, ordered))
    except Cancelled:
        return partial(_given_up, run=run)
    except InfraError as error:
        return partial(_unplanned, run=run, part=part, error=error)
    except Exception:  # noqa: BLE001 - the top of a run: logged with an id, told by that id
        return partial(_unplanned, run=run, part=part, error=_fault())


async def _planned(context: DeploymentContext, ordered: _Ordered) -> PlanItem:
    """The workspace planned; what passes by itself is tried again."""
    pause = context.retry_policy.first_seconds
    async with Watch(context, ordered.run.run_id) as watch:
        for attempt in range(context.retry_policy.retries + 1):
            try:
                return await _planned_once(context, ordered, watch)
            except DeploymentFailed as error:
                if not error.retryable or attempt == context.retry_policy.retries:
                    raise
            with contextlib.suppress(TimeoutError):  # a stop ends the wait, and then the next try
                await asyncio.wait_for(watch.cancelled.wait(), pause)
            pause *= 3
    raise AssertionError("the last try returns or raises")


async def _planned_once(context: DeploymentContext, ordered: _Ordered, watch: Watch) -> PlanItem:
    """What is taken over is looked at by a first plan, and planned as it was found by a second."""
    part = ordered.part
    files, plan_file = await _plan_file(context, ordered, watch)
    if part.adopt is not None:
        part = _as_found(context, part, plan_file)
        files, plan_file = await _plan_file(context, replace(ordered, part=part), watch)
        require_untouched(plan_file)
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
        adopt=part.adopt,
        files=files,
        plan_file=plan_file,
    )


async def _plan_file(context: DeploymentContext, ordered: _Ordered, watch: Watch) -> tuple[TerraformFiles, PlanFile]:
    run, part = ordered.run, ordered.part
    return await context.terraform.plan(
        part.decision,
        deployment_id=part.deployment_id,
        plan_id=run.plan_id,
        action=part.action,
        adopt=part.adopt,
        expects=ordered.expects,
        recorded=ordered.recorded,
        cancelled=watch.cancelled.is_set,
    )


def _as_found(context: DeploymentContext, part: PlanPart, looked: PlanFile) -> PlanPart:
    """The workspace that is taken over, decided as it stands in the cloud. Raises InvalidRequest where the house's
    rules deny what was found, or its month is above the limit.
    """
    if looked.existing is None:
        require_untouched(looked)
        return part
    today = context.clock().date()
    proposal = as_it_stands(part.request, looked.existing, context.platform, identity=part.deployment_id, today=today)
    denial = next((finding for finding in proposal.findings if finding.severity == "deny"), None)
    if denial is not None:
        raise error_of(InvalidRequest, "deployment.taking_over_denied", problem=denial.message, remedy=denial.remedy)
    if proposal.excess is not None:
        above = money(proposal.excess.by, proposal.cost.currency)
        raise error_of(InvalidRequest, "deployment.above_limit", above=above)
    return part.model_copy(
        update={
            "request": proposal.request,
            "decision": proposal.decision,
            "cost": proposal.cost,
            "policy": (_taken_over(), *_leaner(proposal), *proposal.findings),
        }
    )


def _leaner(proposal: Proposal) -> tuple[Finding, ...]:
    """Nothing is made smaller silently."""
    if proposal.instead_of is None:
        return ()
    usual = money(proposal.instead_of.expected, proposal.instead_of.currency)
    message = phrase("deployment.leaner.message", usual=usual)
    return (Finding(rule="leaner", severity="warn", message=message, remedy=phrase("deployment.leaner.remedy")),)


def _taken_over() -> Finding:
    return Finding(
        rule="takes-over",
        severity="warn",
        message=phrase("deployment.takes_over.message"),
        remedy=phrase("deployment.takes_over.remedy"),
    )


def _keep_planned(context: DeploymentContext, records: Records, run: Run, item: PlanItem) -> bool:
    """Keeps one planned workspace; publishes the plan when it was the last. True when its files are of no use."""
    now = context.clock()
    status = records.lock_plan(run.plan_id)
    if not records.end_run(run.run_id, None, now=now):
        return False
    if status != "planning":
        return True
    records.keep_item(run.plan_id, run.position, item)
    wanting, total = records.items_wanting(run.plan_id)
    if wanting:
        context.tell(records, _step(run, item, done=total - wanting, total=total))
        return False
    return _publish(context, records, records.order(run.plan_id))


def _step(run: Run, item: PlanItem, *, done: int, total: int) -> Progress:
    return Progress(
        conversation=run.conversation,
        turn=run.turn,
        deployment_id=run.deployment_id,
        step="plan",
        done=done,
        total=total,
        text=phrase("deployment.planned", name=item.decision.workspace_name),
        elapsed_s=0.0,
    )


def _publish(context: DeploymentContext, records: Records, order: PlanOrder) -> bool:
    """Keeps the plan as pending and shows it, unless the request changed while it was being made."""
    now = context.clock()
    conversation = records.conversation(order.conversation)
    items = records.items(order.plan_id)
    changes = any(item.resources or item.plan_file.imported for item in items)
    if not conversation.makes(order.plan_id) or not changes:
        records.settle_plan(order.plan_id, "superseded", was=("planning",))
        if conversation.makes(order.plan_id):
            records.keep_conversation(conversation.unplanned(order.plan_id, dropped=True), now=now)
            context.tell(records, *_nothing(context, records, order, items))
        return True
    plan = _bound(context, order, items)
    records.publish(plan)
    records.note(*(_asked(plan, item) for item in items))
    records.keep_conversation(conversation.pended(plan_id=plan.plan_id, digest=plan.digest), now=now)
    for item in items:
        if item.action == "create" and records.deployment(item.deployment_id) is None:
            records.keep_deployment(_new_deployment(plan, item))
    context.tell(records, plan_event(plan, context.rules, turn=order.turn))
    return False


def _asked(plan: Plan, item: PlanItem) -> Entry:
    return Entry(
        plan.created_at,
        who_of(plan.requested_by),
        f"asked to {plan.action}",
        plan.plan_id,
        deployment_id=item.deployment_id,
        plan_id=plan.plan_id,
        conversation=plan.conversation,
        change=changed({"plan": None}, {"plan": "pending", "digest": plan.digest}),
    )


def _bound(context: DeploymentContext, order: PlanOrder, items: tuple[PlanItem, ...]) -> Plan:
    names = tuple(item.decision.workspace_name for item in items)
    cost = items[0].cost if len(items) == 1 else total_cost(tuple(item.cost for item in items), names)
    asking = Asked(
        plan_id=order.plan_id,
        action=order.action,
        conversation=order.conversation,
        by=order.person,
        at=context.clock(),
        hours=context.plan_hours,
        pricing_policy_digest=context.pricing_policy_digest,
    )
    plan = bound_plan(asking, items, cost=cost, target=context.target, typed=context.rules.typed_destroy)
    return plan.model_copy(
        update={
            "sources": tuple(dict(part.sources) for part in order.parts),
            "unused": tuple(words for part in order.parts for words in part.unused),
        }
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


def _given_up(context: DeploymentContext, records: Records, run: Run) -> bool:
    """Ends a run that was told to stop, and its plan with it; the draft stays. True when no run of the plan is left."""
    now = context.clock()
    status = records.lock_plan(run.plan_id)
    records.end_run(run.run_id, None, now=now)
    if status == "planning":
        records.settle_plan(run.plan_id, "superseded", was=("planning",))
        records.request_cancel(run.plan_id, "plan")
        conversation = records.conversation(run.conversation)
        if conversation.makes(run.plan_id):
            records.keep_conversation(conversation.unplanned(run.plan_id), now=now)
    return records.unfinished(run.plan_id, "plan") == 0


def _fault() -> InfraError:
    fault = uuid.uuid4().hex[:8]
    _log.exception("planning failed, fault %s", fault)
    return error_of(InfraError, "deployment.planning_fault", fault=fault)


def _unplanned(context: DeploymentContext, records: Records, run: Run, part: PlanPart, error: InfraError) -> bool:
    """Planning ended without a plan: the draft stays, the person is told which workspace stood in the way."""
    now = context.clock()
    status = records.lock_plan(run.plan_id)
    if not records.end_run(run.run_id, None, now=now) or status != "planning":
        return records.unfinished(run.plan_id, "plan") == 0
    records.settle_plan(run.plan_id, "superseded", was=("planning",))
    records.request_cancel(run.plan_id, "plan")
    conversation = records.conversation(run.conversation)
    if conversation.makes(run.plan_id):
        records.keep_conversation(conversation.unplanned(run.plan_id), now=now)
    name = part.decision.workspace_name
    if isinstance(error, StateLost):
        note_lost(records, part.deployment_id, now=now)
        text = context.wording.say("state_lost", name=name)
    else:
        text = context.wording.say("plan_failed", name=name, text=error.problem, remedy=error.remedy)
    event: Event = Error(
        conversation=run.conversation, turn=run.turn, code=error.code, text=text, retryable=error.retryable
    )
    context.tell(records, event)
    return records.unfinished(run.plan_id, "plan") == 0


def _nothing(
    context: DeploymentContext, records: Records, order: PlanOrder, items: tuple[PlanItem, ...]
) -> list[Message]:
    """What is told of a plan that would do nothing; a destroy of what is not there takes it off the list."""
    where = {"conversation": order.conversation, "turn": order.turn}
    if order.action == "destroy":
        deployments = [(item, records.deployment(item.deployment_id)) for item in items]
        return [
            Message.model_validate({**where, "text": _taken_off(context, records, order, item, deployment)})
            for item, deployment in deployments
            if deployment is not None
        ]
    names = ", ".join(part.decision.workspace_name for part in order.parts)
    return [Message.model_validate({**where, "text": context.wording.say("nothing_changes", name=names)})]


def _taken_off(
    context: DeploymentContext, records: Records, order: PlanOrder, item: PlanItem, deployment: Deployment
) -> str:
    """What never came to be, or was deleted by somebody else, is over; why a state just knows nothing of it is for a
    person to find out.
    """
    name, now = deployment.workspace_name, context.clock()
    was_deleted = any(drift.type == WORKSPACE and drift.what == "deleted" for drift in item.plan_file.drift)
    if deployment.outputs and not was_deleted:
        return context.wording.say("destroy_unknown", name=name)
    status = "destroyed" if deployment.outputs else "rolled_back"
    records.keep_deployment(deployment.model_copy(update={"status": status, "updated_at": now}))
    records.note(
        Entry(
            now,
            who_of(order.person),
            phrase("deployment.audit.took_off"),
            phrase("deployment.audit.nothing_there"),
            plan_id=order.plan_id,
            deployment_id=deployment.deployment_id,
            conversation=order.conversation,
            change=changed({"status": deployment.status}, {"status": status}),
        )
    )
    return context.wording.say("destroy_nothing", name=name)
