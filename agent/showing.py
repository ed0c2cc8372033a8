"""A plan as the event that shows it. Pure."""

from agent.events import PlanProposed, PlanView
from plugins.deploy.diagram import diagram
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
