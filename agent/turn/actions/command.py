"""Carrying out what is said about the work itself: what waits, a plan shown here, another try, a stop."""

from typing import Literal

from agent.approvals import may_decide
from agent.dialogue.commands import Command
from agent.dialogue.drafts import Draft
from agent.dialogue.state import PendingPlan
from agent.dialogue.steps import About
from agent.orders import StopOrder
from agent.store.audit import changed
from agent.store.plans import WaitingPlan
from agent.store.runs import Run
from agent.turn.actions import answer as answering
from agent.turn.actions.adopt import foreign
from agent.turn.actions.destroy import destroy
from agent.turn.actions.fix import fix
from agent.turn.actions.propose import propose_drafts
from agent.turn.actions.quote import say_read_only
from agent.turn.context import Reply
from agent.turn.put_aside import bring_forward
from agent.turn.rights import why_not_theirs
from agent.wording import several
from plugins.domain.deployment import DeploymentResult
from plugins.domain.plan import Plan, PlanItem
from plugins.domain.understanding import Act

WAITING_COLUMNS = ("Plan", "To", "Workspaces", "Asked by", "Until", "You")


def obey(reply: Reply, command: Command) -> Act:
    """Carries the command out; gives the act that it counts as."""
    match command.kind:
        case "waiting":
            _waiting(reply)
            return "list"
        case "show":
            _show(reply, command.about or "")
            return "status"
        case "retry":
            return _retry(reply)
        case "stop":
            return _stop(reply, command.about)
        case "fix" | "reimport" | "destroy" | "export" | "rename":
            return _upon(reply, command.kind, command.about)
        case "foreign":
            reply.take(foreign(reply.context(), command.about or ""))
            return "unclear"


def _upon(reply: Reply, kind: Literal["fix", "reimport", "destroy", "export", "rename"], workspace: str | None) -> Act:
    """Acts upon the workspace of exactly that name; of an unknown one the nearest is named, and nothing is done."""
    if workspace is None:
        reply.say("nothing_to_change")
        return "unclear"
    deployment = reply.named(workspace)
    if deployment is None:
        answering.unknown(reply, workspace)
        return "unclear"
    match kind:
        case "fix":
            reply.take(fix(reply.context(), deployment))
            return "amend"
        case "reimport":
            reply.take(fix(reply.context(), deployment, reimport=True))
            return "amend"
        case "rename":
            reply.say("no_rename", name=deployment.workspace_name)
            return "unclear"
        case "destroy" | "export":
            answering.about(reply, About(kind, deployment.workspace_name))
            return kind


def _waiting(reply: Reply) -> None:
    """What awaits this person: plans that they asked for, and plans that they may decide."""
    rows = tuple(
        (w.plan_id, w.action, several(w.workspaces), w.requested_by.name, f"{w.expires_at:%Y-%m-%d %H:%M} UTC", role)
        for w in reply.records.waiting()
        if (role := _role(reply, w)) is not None
    )
    if not rows:
        reply.say("nothing_waits")
        return
    reply.table("Plans that wait", WAITING_COLUMNS, rows)
    reply.say("waiting", first=rows[0][0])


def _role(reply: Reply, waiting: WaitingPlan) -> str | None:
    """What this person is to that plan: who may decide it, who asked for it, or nobody."""
    found = reply.records.plan(waiting.plan_id)
    if found is None:
        return None
    if _may_decide(reply, found[0]):
        return "may decide"
    return "asked for it" if waiting.requested_by.key == reply.incoming.person.key else None


def _may_decide(reply: Reply, plan: Plan) -> bool:
    person = reply.incoming.person
    return may_decide(plan, person, reply.settings.rules, reply.records.consents(plan, person))


def _show(reply: Reply, plan_id: str) -> None:
    """Shows a plan of another conversation to somebody who may decide it; from here on they may do so here."""
    found = reply.records.plan(plan_id)
    person = reply.incoming.person
    if found is None or found[1] != "pending" or not reply.may_see(found[0]):
        reply.say("no_such_plan", plan_id=plan_id)
        return
    plan = found[0]
    reply.take(bring_forward(reply.context(), plan_id=plan_id))
    if not _may_decide(reply, plan):
        reply.show_plan(plan)
        return
    if plan.conversation != reply.talk.id:
        if reply.talk.pending is not None and not reply.talk.pending.is_shown:
            reply.say("own_plan_first")
            return
        reply.records.show_in(plan_id, reply.talk.id, person.key, now=reply.now)
        reply.talk = reply.talk.with_(pending=PendingPlan(plan_id=plan_id, digest=plan.digest, is_shown=True))
        reply.note("looked at the plan", plan_id=plan_id)
    reply.show_plan(plan)


def _retry(reply: Reply) -> Act:
    """Plans again what failed in the newest run of this conversation; it needs its own yes, as ever."""
    failed = _failed_last(reply)
    if not failed:
        reply.say("nothing_to_retry")
        return "unclear"
    destroys = [item for item in failed if item.action == "destroy"]
    if destroys:
        deployment = reply.records.deployment(destroys[0].deployment_id)
        if deployment is not None:
            reply.take(destroy(reply.context(), deployment))
        return "destroy"
    reply.talk = reply.talk.with_(drafts=tuple(_draft_again(reply, item) for item in failed), earlier=())
    reply.take(propose_drafts(reply.context()))
    return "provision"


def _failed_last(reply: Reply) -> list[PlanItem]:
    plan_id = reply.records.newest_applied(reply.talk.id)
    found = reply.records.plan(plan_id) if plan_id is not None else None
    if plan_id is None or found is None or not reply.may_touch(found[0].requested_by):
        return []
    runs = [run for run in reply.records.runs_of(plan_id, "apply") if run.outcome]
    results = [(run, DeploymentResult.model_validate_json(run.outcome or "{}")) for run in runs]
    return [reply.records.item(plan_id, run.position) for run, result in results if result.error is not None]


def _draft_again(reply: Reply, item: PlanItem) -> Draft:
    """The same request: upon what still stands of it, else as a new one."""
    deployment = reply.records.deployment(item.deployment_id)
    stands = deployment is not None and deployment.status in ("attention", "succeeded")
    if item.adopt is not None and item.action == "create":
        return Draft(request=item.request, adopt=item.adopt, deployment_id=item.deployment_id if stands else None)
    if not stands:
        return Draft(request=item.request)
    request = item.request.model_copy(update={"workspace_name": item.decision.workspace_name})
    return Draft(request=request, deployment_id=item.deployment_id, changes=True)


def _may_stop(reply: Reply, run: Run) -> bool:
    deployment = reply.records.deployment(run.deployment_id)
    return deployment is None or reply.may_touch(deployment.requested_by)


def _stop(reply: Reply, workspace: str | None) -> Act:
    """Stops what is under way here, or on that workspace, cleanly."""
    if reply.settings.reads_only:
        reply.take(say_read_only(reply.context(), "stop", ""))
        return "unclear"
    under_way = [run for run in reply.records.under_way() if run.kind == "apply"]
    if workspace is None:
        chosen = [run for run in under_way if run.conversation == reply.talk.id and _may_stop(reply, run)]
    else:
        deployment = reply.named(workspace)
        chosen = [run for run in under_way if deployment and run.deployment_id == deployment.deployment_id]
        refusal = why_not_theirs(reply.context(), deployment.requested_by, workspace) if chosen and deployment else None
        if refusal is not None:
            reply.take(refusal)
            return "unclear"
    if not chosen:
        reply.say("nothing_to_stop")
        return "unclear"
    for run in chosen:
        reply.orders.append(StopOrder(run.plan_id, run.deployment_id))
        stops = changed({"stop_requested": False}, {"stop_requested": True})
        reply.note("asked to stop", deployment_id=run.deployment_id, plan_id=run.plan_id, change=stops)
    reply.say("stopping", count=len(chosen))
    return "reject"
