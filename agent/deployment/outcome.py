"""Writing down how an apply ended, and saying it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from agent.approvals import PlanHead
from agent.deployment.context import DeploymentContext
from agent.dialogue.advance import EXPIRY_PREFIX
from agent.events import Event, Message, Result, Table
from agent.store.audit import BRICKIE, AuditChange, Entry, changed, who_of
from agent.store.records import Records
from agent.store.runs import Run
from agent.views.news import hears_elsewhere, note_results
from agent.wording import phrase, state
from plugins.domain.approval import Approval
from plugins.domain.deployment import Deployment, DeploymentResult, DeploymentStatus, Leftover, Undone
from plugins.domain.health import WorkspaceHealth
from plugins.domain.plan import PlanItem

UNTOUCHED = frozenset(
    {
        "not_approved",
        "cancelled_before",
        "grounds_changed",
        "taken",
        "drifted",
        "unchecked",
        "stale_plan",
        "damaged_plan",
    }
)
"""Failures before which nothing was touched: the workspace is as it was."""


@dataclass(frozen=True)
class ApplyOutcome:
    """How one apply ended. `was` is the deployment's status before it; `leftovers` None when none were looked for, and
    `health` where nobody looked whether it works.
    """

    run: Run
    item: PlanItem
    approval: Approval | None
    result: DeploymentResult
    was: DeploymentStatus
    undone: Undone | None = None
    leftovers: tuple[Leftover, ...] | None = None
    health: WorkspaceHealth | None = None


def keep_ending(
    context: DeploymentContext, records: Records, ending: ApplyOutcome, keep_steps: Callable[[Records], None] | None
) -> bool:
    """Keeps the ending with its audit, and says it behind the last steps. True when it was the last of its plan."""
    now = context.clock()
    result = shown_result(context, ending)
    # Two processes may follow one Terraform to its end: who writes it down first tells it.
    if not records.end_run(ending.run.run_id, result.model_dump_json(), now=now):
        return False
    deployment = records.deployment(ending.run.deployment_id)
    after = _after(deployment, ending, result) if deployment is not None else None
    if after is not None:
        records.keep_deployment(after.model_copy(update={"updated_at": now}))
    actor = who_of(ending.approval.by) if ending.approval else BRICKIE
    records.note(
        Entry(
            now,
            actor,
            _deed(ending, result),
            _detail(ending, result),
            deployment_id=ending.run.deployment_id,
            plan_id=ending.run.plan_id,
            conversation=ending.run.conversation,
            change=_changed(deployment, after, ending),
        )
    )
    # Behind the audit, as whatever changes a conversation: in another order two transactions could wait for each other.
    if keep_steps is not None:
        keep_steps(records)
    where: dict[str, object] = {"conversation": ending.run.conversation, "turn": ending.run.turn}
    events: list[Event] = _rollback_told(ending, where) + _leftovers_told(context, ending, where)
    events.append(
        Result.model_validate({**where, "deployment_id": ending.run.deployment_id, **result.model_dump(include=_SHOWN)})
    )
    events += _health_told(context, records, ending, where)
    # After the audit, which one transaction at a time may add to: of two that end at once one sees itself as the last.
    last = records.unfinished(ending.run.plan_id, "apply") == 0
    if last:
        events += _batch_told(records, ending.run)
    context.tell(records, *events)
    head = records.plan_head(ending.run.plan_id)
    for home in _homes(records, ending, deployment, head):
        turn = records.conversation(home).turn
        context.tell(records, *(event.model_copy(update={"conversation": home, "turn": turn}) for event in events))
    # Of most plans nobody wants news: the whole of one is read where somebody does.
    if last and head is not None and hears_elsewhere(records, head.requested_by):
        _news_kept(context, records, ending.run)
    return last


def _news_kept(context: DeploymentContext, records: Records, run: Run) -> None:
    record = records.plan(run.plan_id)
    if record is not None:
        note_results(records, record[0], _results(records, run), now=context.clock())


def _homes(records: Records, ending: ApplyOutcome, deployment: Deployment | None, head: PlanHead | None) -> set[str]:
    """The other conversations that wait for this ending: the one that the plan came from, when it was decided
    elsewhere; the workspace's own, when its expiry had it destroyed.
    """
    homes = {head.conversation} if head is not None else set[str]()
    if deployment is not None and any(home.startswith(EXPIRY_PREFIX) for home in homes):
        homes.add(deployment.conversation)
    known = {home for home in homes if records.conversation(home).version}
    return known - {ending.run.conversation}


def _changed(before: Deployment | None, after: Deployment | None, ending: ApplyOutcome) -> AuditChange:
    """What this ending changed of the workspace: all of it where it came to be or ceased to."""
    was, now = _kept_of(before, ending.was), _kept_of(after, after.status if after is not None else None)
    if ending.item.action == "create":
        was = {name: value for name, value in was.items() if name == "status"}
    if now.get("status") in ("destroyed", "rolled_back"):
        now = {"status": now["status"]}
    return changed(was, now)


def _kept_of(deployment: Deployment | None, status: DeploymentStatus | None) -> dict[str, JsonValue]:
    """The values that the audit keeps: the decision without its reasons, the end and the status."""
    if deployment is None:
        return {}
    decided = deployment.decision.model_dump(mode="json", exclude={"justification", "assumptions", "expires_on"})
    expires = deployment.expires_on.isoformat() if deployment.expires_on else None
    return {**decided, "expires_on": expires, "status": status}


_SHOWN = {"status", "outputs", "error"}


def shown_result(context: DeploymentContext, ending: ApplyOutcome) -> DeploymentResult:
    """The result as it is told: where it was, and whether what it had made is gone again."""
    result = ending.result.model_copy(update={"deployment_id": ending.run.deployment_id})
    if context.target.mode == "sandbox" and result.outputs:
        result = result.model_copy(update={"outputs": {**result.outputs, "target": "sandbox cloud"}})
    undone, error = ending.undone, result.error
    if undone is None or error is None:
        return result
    left = len(undone.left) + len(ending.leftovers or ())
    text = context.wording.say(
        "undone",
        text=error.text,
        count=len(undone.undone),
        left=left,
        create=ending.item.action == "create",
        adopted=ending.item.decision.workspace_name if ending.item.adopt else "",
    )
    status = "rolled_back" if not left and ending.item.action == "create" else "failed"
    changes = {"status": status, "error": error.model_copy(update={"text": text.strip()})}
    return result.model_copy(update=changes)


def _after(deployment: Deployment, ending: ApplyOutcome, result: DeploymentResult) -> Deployment:
    item = ending.item
    if result.status == "succeeded":
        says_an_end = item.request.expires_in_days is not None
        return deployment.model_copy(
            update={
                "expires_on": item.decision.expires_on if says_an_end else deployment.expires_on,
                "status": "succeeded",
                "outputs": result.outputs,
                "decision": item.decision,
                "request": item.request,
                "cost": item.cost,
                "workspace_name": item.decision.workspace_name,
                "error": None,
            }
        )
    status: DeploymentStatus = "attention"
    undone = ending.undone
    if result.status in ("destroyed", "rolled_back"):
        status = result.status
    elif undone is not None and not undone.left and item.action == "create":
        status = "failed"  # it never came to be; what it left in no state is listed for a person
    elif result.error is not None and result.error.kind in UNTOUCHED:
        return deployment.model_copy(update={"status": _as_before(deployment, ending)})
    return deployment.model_copy(update={"status": status, "error": result.error})


def _as_before(deployment: Deployment, ending: ApplyOutcome) -> DeploymentStatus:
    """What it was before an order that touched nothing. Confirming had made it `queued`: its last error tells then."""
    if ending.item.action == "create":
        return "rolled_back"
    if ending.was not in ("planned", "queued"):
        return ending.was
    return "succeeded" if deployment.error is None else "attention"


def _deed(ending: ApplyOutcome, result: DeploymentResult) -> str:
    if result.status == "succeeded":
        return "deployed" if ending.item.action == "create" else "changed"
    return {"rolled_back": "rolled back"}.get(result.status, result.status)


def _detail(ending: ApplyOutcome, result: DeploymentResult) -> str:
    if result.error is not None:
        return result.error.text
    return phrase("deployment.resources_in", count=len(ending.item.resources), seconds=result.elapsed_s)


def _rollback_told(ending: ApplyOutcome, where: dict[str, object]) -> list[Event]:
    """Resource by resource: what was removed again, and what is left for a person."""
    undone = ending.undone
    if undone is None or not (undone.undone or undone.left):
        return []
    rows = [(address, phrase("deployment.removed_again")) for address in undone.undone]
    rows += [(address, phrase("deployment.still_there")) for address in undone.left]
    title = phrase("deployment.created_in", name=ending.item.decision.workspace_name)
    return [Table.model_validate({**where, "title": title, "columns": ("Resource", "Now"), "rows": tuple(rows)})]


def _leftovers_told(context: DeploymentContext, ending: ApplyOutcome, where: dict[str, object]) -> list[Event]:
    if not ending.leftovers:
        return []
    name = ending.item.decision.workspace_name
    rows = tuple((left.name, left.type, left.id) for left in ending.leftovers)
    table = {
        "title": phrase("deployment.left_behind", name=name),
        "columns": ("Name", "Type", "Azure id"),
        "rows": rows,
    }
    destroyed = ending.item.action == "destroy"
    text = context.wording.say("leftovers", name=name, count=len(rows), destroyed=destroyed)
    return [Message.model_validate({**where, "text": text}), Table.model_validate({**where, **table})]


def _health_told(
    context: DeploymentContext, records: Records, ending: ApplyOutcome, where: dict[str, object]
) -> list[Event]:
    """Whether it works; of one among several only where it does not, or nobody could look."""
    health = ending.health
    if health is None or (health.verdict == "works" and len(records.runs_of(ending.run.plan_id, "apply")) > 1):
        return []
    name = ending.item.decision.workspace_name
    text = context.wording.say("health", name=name, verdict=health.verdict, text=health.text)
    return [Message.model_validate({**where, "text": text})]


def _batch_told(records: Records, run: Run) -> list[Event]:
    """One table for a plan of several, when the last of them has ended."""
    runs = records.runs_of(run.plan_id, "apply")
    if len(runs) == 1:
        return []
    ended = _results(records, run)
    names = {brief.deployment_id: brief.workspace_name for brief in records.briefs()}
    rows = tuple((names.get(r.deployment_id, r.deployment_id), *_row(r)) for r in _worst_first(ended))
    good = sum(r.status in ("succeeded", "destroyed") for r in ended)
    title = phrase("deployment.some_done", good=good, count=len(ended))
    columns = ("Workspace", "Ended", phrase("deployment.ended_columns.why"))
    return [
        Table.model_validate(
            {
                "conversation": run.conversation,
                "turn": run.turn,
                "title": title,
                "columns": columns,
                "rows": rows,
            }
        )
    ]


def _results(records: Records, run: Run) -> list[DeploymentResult]:
    """Of every apply of that plan that has ended."""
    runs = records.runs_of(run.plan_id, "apply")
    return [DeploymentResult.model_validate_json(each.outcome) for each in runs if each.outcome]


def _row(result: DeploymentResult) -> tuple[str, str]:
    status: DeploymentStatus = result.status
    why = result.error.text if result.error else str(result.outputs.get("workspace_url", ""))
    return state(status), why


def _worst_first(results: Sequence[DeploymentResult]) -> list[DeploymentResult]:
    return sorted(results, key=lambda result: result.error is None)
