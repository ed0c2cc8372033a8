"""Another try at what failed last in this conversation: a plan of its own, which needs its own yes."""

from functools import partial

from agent.dialogue.advance import asked_or_proposed
from agent.dialogue.drafts import Draft, amended
from agent.dialogue.steps import Ask
from agent.turn.actions.ask import ask_open
from agent.turn.actions.destroy import destroy
from agent.turn.actions.propose import propose_drafts
from agent.turn.context import Outcome, TurnContext
from agent.turn.put_aside import take_in_hand
from agent.wording import phrase
from plugins.domain.deployment import DeploymentResult
from plugins.domain.plan import PlanItem
from plugins.domain.understanding import Act, Context
from plugins.parse import understand


def retry(context: TurnContext, changes: str = "") -> tuple[Outcome, Act]:
    """Plans again what failed in the newest run of this conversation, with what these words change of it; it needs its
    own yes, as ever.
    """
    failed = _failed_last(context)
    if not failed:
        return context.say("nothing_to_retry"), "unclear"
    # A plan has one action: what is to go is never planned together with what is to be made again.
    destroys = [item for item in failed if item.action == "destroy"]
    if destroys:
        deployment = context.records.deployment(destroys[0].deployment_id)
        if deployment is None:
            return context.unchanged(), "destroy"
        return destroy(context, deployment), "destroy"
    drafts = tuple(_changed(context, _draft_again(context, item), changes) for item in failed)
    conversation = context.conversation.with_(drafts=drafts, earlier=())
    conversation, step = asked_or_proposed(conversation, context.index())
    outcome = Outcome(conversation)
    again = context.after(outcome)
    then = ask_open(again, step.slots) if isinstance(step, Ask) else propose_drafts(again)
    return outcome.then(then), "provision"


def _changed(context: TurnContext, draft: Draft, changes: str) -> Draft:
    """The draft with what the words say of it, in doubt where they leave it so ("retry in Europe")."""
    if not changes:
        return draft
    known = Context(today=context.today, drafts=(draft.request,))
    understood = understand(phrase("turn.retry.changed", words=changes), known)
    statement = next(iter(understood.statements), None)
    return draft if statement is None else amended(draft, statement, understood.doubts)


def ask_again(context: TurnContext, plan_id: str) -> tuple[Outcome, Act]:
    """Plans again what that plan was for, at today's prices; only where it ran out undecided, and for its asker."""
    record = context.records.plan(plan_id)
    if record is None or record[1] != "expired" or not context.viewer.may_touch(record[0].requested_by):
        return context.say("no_such_plan", plan_id=plan_id), "unclear"
    items = list(record[0].items)
    if record[0].action == "destroy":
        deployment = context.records.deployment(items[0].deployment_id)
        return (context.unchanged() if deployment is None else destroy(context, deployment)), "destroy"
    # What is in hand meanwhile is another request, and waits.
    drafts = tuple(_draft_again(context, item) for item in items)
    return context.in_turn(partial(take_in_hand, drafts=drafts), propose_drafts), "provision"


def _failed_last(context: TurnContext) -> list[PlanItem]:
    """What failed of the plan that was applied here last, where this person may act upon it."""
    plan_id = context.records.newest_applied(context.conversation.id)
    record = context.records.plan(plan_id) if plan_id is not None else None
    if plan_id is None or record is None or not context.viewer.may_touch(record[0].requested_by):
        return []
    runs = [run for run in context.records.runs_of(plan_id, "apply") if run.outcome]
    results = [(run, DeploymentResult.model_validate_json(run.outcome or "{}")) for run in runs]
    return [context.records.item(plan_id, run.position) for run, result in results if result.error is not None]


def _draft_again(context: TurnContext, item: PlanItem) -> Draft:
    """The same request: upon what still stands of it, else as a new one."""
    deployment = context.records.deployment(item.deployment_id)
    stands = deployment is not None and deployment.status in ("attention", "succeeded")
    # Until an import has succeeded the workspace is not ours to change, only to take over.
    if item.adopt is not None and item.action == "create":
        return Draft(request=item.request, adopt=item.adopt, deployment_id=item.deployment_id if stands else None)
    if not stands:
        return Draft(request=item.request)
    request = item.request.model_copy(update={"workspace_name": item.decision.workspace_name})
    return Draft(request=request, deployment_id=item.deployment_id, changes=True)
