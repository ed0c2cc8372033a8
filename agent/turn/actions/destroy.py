"""Destroying a workspace: a plan like any other, which a person confirms."""

from functools import partial

from agent.dialogue.drafts import Draft
from agent.orders import PlanPart
from agent.turn.context import Outcome, TurnContext
from agent.turn.plan_order import order_plan
from agent.turn.put_aside import take_in_hand
from agent.turn.rights import why_closed
from agent.views.networks import neighbours_of
from plugins.check import check_destroy
from plugins.domain.deployment import Deployment


def destroy(context: TurnContext, deployment: Deployment) -> Outcome:
    """Orders the plan that destroys a workspace; nothing is destroyed before a person confirms that plan."""
    if (refusal := why_closed(context, deployment)) is not None:
        return refusal
    request = deployment.request.model_copy(update={"workspace_name": deployment.workspace_name})
    draft = Draft(request=request, deployment_id=deployment.deployment_id, changes=True)
    return context.in_turn(
        partial(take_in_hand, drafts=(draft,)),
        lambda turn: order_plan(turn, "destroy", (destroy_part(turn, deployment, draft),)),
    )


def destroy_part(context: TurnContext, deployment: Deployment, draft: Draft) -> PlanPart:
    """What a plan that destroys holds of this one."""
    # Others may sign in through its endpoint: whoever decides is told so. What was superseded just now is none of them.
    neighbours = neighbours_of(context.records, context.settings.platform, deployment)
    return PlanPart(
        deployment_id=deployment.deployment_id,
        action="destroy",
        request=draft.request,
        decision=deployment.decision,
        cost=deployment.cost,
        policy=check_destroy(deployment.decision, neighbours),
    )
