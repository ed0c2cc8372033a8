"""Plans and deployments as they are shown: a plan as its event, a workspace as one line. Pure."""

from collections.abc import Mapping

from pydantic import JsonValue

from agent.events import PlanProposed, PlanView
from plugins.deploy.diagram import diagram
from plugins.domain.deployment import Deployment
from plugins.domain.money import rounded
from plugins.domain.plan import Plan, PlanItem


def plan_event(plan: Plan, *, turn: int) -> PlanProposed:
    """The plan as people see it: the single workspace at the top, several of them as items."""
    views = tuple(_view(item) for item in plan.items)
    only = views[0] if len(views) == 1 else None
    return PlanProposed(
        conversation=plan.conversation,
        turn=turn,
        plan_id=plan.plan_id,
        digest=plan.digest,
        action=plan.action,
        request=only.request if only else None,
        decision=only.decision if only else None,
        cost=plan.cost,
        policy=tuple(finding for view in views for finding in view.policy),
        resources=tuple(resource for view in views for resource in view.resources),
        items=views,
        alternatives=only.alternatives if only else (),
        before=only.before if only else None,
        diagram="".join(view.diagram for view in views),
        target=plan.target,
        expires_at=plan.expires_at,
        confirm=plan.confirm,
    )


def _view(item: PlanItem) -> PlanView:
    return PlanView(
        deployment_id=item.deployment_id,
        action=item.action,
        request=item.request,
        decision=item.decision,
        cost=item.cost,
        policy=item.policy,
        resources=item.resources,
        alternatives=item.alternatives,
        before=item.before,
        diagram=diagram(item.decision, item.action),
    )


def row_of(deployment: Deployment) -> Mapping[str, JsonValue]:
    """One line of the list. `monthly` is the expected month, None while a price in it is unknown."""
    decision, cost = deployment.decision, deployment.cost
    return {
        "deployment_id": deployment.deployment_id,
        "workspace_name": deployment.workspace_name,
        "status": deployment.status,
        "environment": decision.environment,
        "team": decision.team,
        "owner": deployment.request.owner or deployment.requested_by.name,
        "region": decision.region,
        "monthly": None if cost.is_lower_bound else float(rounded(cost.expected)),
        "currency": cost.currency,
        "expires_on": deployment.expires_on.isoformat() if deployment.expires_on else None,
        "created_at": deployment.created_at.isoformat(),
        "updated_at": deployment.updated_at.isoformat(),
        "url": _link(deployment.outputs.get("workspace_url")),
        "requested_by": deployment.requested_by.name,
    }


def _link(url: JsonValue) -> str | None:
    return url if isinstance(url, str) and url.startswith("https://") else None
