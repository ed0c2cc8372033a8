"""Putting a workspace back to what was decided for it, whatever was done to it elsewhere."""

from functools import partial

from agent.dialogue.drafts import Draft
from agent.orders import PlanPart
from agent.turn.context import Outcome, TurnContext
from agent.turn.deployed_drafts import as_deployed
from agent.turn.plan_order import order_plan
from agent.turn.put_aside import take_in_hand
from agent.turn.rights import why_closed
from plugins.domain.deployment import Deployment
from plugins.domain.plan import Before


def fix(context: TurnContext, deployment: Deployment, *, reimport: bool = False) -> Outcome:
    """Orders the plan that puts a workspace back to what was decided for it, whatever was changed outside; with
    `reimport` the one that takes over again what is deployed of it, its Terraform state being lost.
    """
    if (refusal := why_closed(context, deployment)) is not None:
        return refusal
    request = as_deployed(deployment)
    # Decided anew it could come out otherwise, under today's prices and policy: nobody asked for that.
    part = PlanPart(
        deployment_id=deployment.deployment_id,
        action="change",
        request=request,
        decision=deployment.decision,
        cost=deployment.cost,
        before=Before(decision=deployment.decision, cost=deployment.cost),
        reimport=reimport,
    )
    draft = Draft(request=request, deployment_id=deployment.deployment_id, changes=True)
    return context.in_turn(
        partial(take_in_hand, drafts=(draft,)),
        lambda context: Outcome(context.conversation.spoke_of(deployment.workspace_name)),
        partial(order_plan, action="change", parts=(part,)),
    )
