"""Writing down how the planning of one workspace ended; the last one of a plan publishes it.

Every function here works inside one transaction of the caller's, changes the records only, and tells whether the files
of the plan are of no more use.
"""

from agent.deployment.context import DeploymentContext
from agent.events import Error, Event, Message, Progress
from agent.orders import PlanOrder, PlanPart
from agent.store.audit import Entry, changed, who_of
from agent.store.records import Records
from agent.store.runs import Run
from agent.views.plan import plan_event
from agent.views.workspace_status import note_lost
from agent.wording import phrase, unused_words
from plugins.databricks.proposal import total_cost
from plugins.deploy.binding import PlanOrigin, bound_plan
from plugins.domain.deployment import Deployment
from plugins.domain.errors import InfraError, StateLost
from plugins.domain.plan import WORKSPACE, Plan, PlanItem


def keep_planned(context: DeploymentContext, records: Records, run: Run, item: PlanItem) -> bool:
    """Keeps one planned workspace; publishes the plan when it was the last. True when its files are of no use."""
    now = context.clock()
    # The plan's row is locked first: of two workspaces that are ready at once, exactly one sees itself as the last.
    status = records.lock_plan(run.plan_id)
    if not records.end_run(run.run_id, None, now=now):
        return False
    # Who told it to stop a moment ago was not heard of any more by what has just ended; asked once nobody can any more.
    if records.is_cancelled(run.run_id):
        return keep_given_up(context, records, run)
    if status != "planning":
        return True
    records.keep_item(run.plan_id, run.position, item)
    wanting, total = records.items_wanting(run.plan_id)
    if wanting:
        context.tell(records, _step(run, item, done=total - wanting, total=total))
        return False
    items = (item,) if total == 1 else records.items(run.plan_id)
    return _publish(context, records, records.order(run.plan_id), items)


def keep_given_up(context: DeploymentContext, records: Records, run: Run) -> bool:
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


def keep_unplanned(context: DeploymentContext, records: Records, run: Run, part: PlanPart, error: InfraError) -> bool:
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


def _publish(context: DeploymentContext, records: Records, order: PlanOrder, items: tuple[PlanItem, ...]) -> bool:
    """Keeps the plan as pending and shows it, unless the request changed while it was being made."""
    now = context.clock()
    conversation = records.conversation(order.conversation)
    changes = any(item.resources or item.plan_file.imported for item in items)
    if not conversation.makes(order.plan_id) or not changes:
        records.settle_plan(order.plan_id, "superseded", was=("planning",))
        if conversation.makes(order.plan_id):
            records.keep_conversation(conversation.unplanned(order.plan_id, dropped=True), now=now)
            context.tell(records, *_nothing(context, records, order, items))
        return True
    plan = _bound(context, order, items)
    # The audit before the conversation: in another order two transactions could wait for each other.
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
    asking = PlanOrigin(
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
    unused = unused_words(tuple(words for part in order.parts for words in part.unused))
    text = context.wording.say("nothing_changes", name=names, unused=unused)
    return [Message.model_validate({**where, "text": text})]


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
