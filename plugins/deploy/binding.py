"""Planned workspaces, bound into the one plan that a person confirms: the same for a conversation and a script.

Header, target, digest and the way of confirming are made here and nowhere else.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from plugins.deploy.digest import item_digest, plan_digest
from plugins.domain.estimate import Estimate
from plugins.domain.plan import ConfirmBy, Person, Plan, PlanAction, PlanItem, Target
from plugins.domain.request import Environment


@dataclass(frozen=True)
class PlanOrigin:
    """Who asked for a plan, where and when (UTC); it waits for its decision for `hours`, on today's
    prices and policy.
    """

    plan_id: str
    action: PlanAction
    conversation: str
    by: Person
    at: datetime
    hours: float
    pricing_policy_digest: str


def bound_plan(
    asked: PlanOrigin, items: tuple[PlanItem, ...], *, cost: Estimate, target: Target, typed: Collection[Environment]
) -> Plan:
    """The plan; `typed` are the environments whose destroy is confirmed by typing a name."""
    digests = tuple(item_digest(item) for item in items)
    return Plan(
        plan_id=asked.plan_id,
        digest=plan_digest(digests, cost=cost, target=target),
        action=asked.action,
        conversation=asked.conversation,
        requested_by=asked.by,
        items=items,
        item_digests=digests,
        cost=cost,
        target=target,
        confirm=confirm_by(asked.action, items, typed, plan_id=asked.plan_id),
        created_at=asked.at,
        expires_at=asked.at + timedelta(hours=asked.hours),
        pricing_policy_digest=asked.pricing_policy_digest,
    )


def target_of(surroundings: Mapping[str, str], *, azure: bool, subscription: str | None = None) -> Target:
    """Where Terraform works: the sandbox cloud, or the subscription that is named, else the one that azurerm takes from
    its environment.
    """
    if not azure:
        return Target(mode="sandbox")
    return Target(mode="azure", subscription=subscription or surroundings.get("ARM_SUBSCRIPTION_ID"))


def confirm_by(
    action: PlanAction, items: tuple[PlanItem, ...], typed: Collection[Environment], *, plan_id: str = ""
) -> ConfirmBy:
    """How a plan must be confirmed: by typing such a workspace's name where one is destroyed that is of these
    environments, by what stands or by what is to be, or where one is replaced; else by a click. Of a plan of
    several it is the plan's id: one name would not stand for the others.
    """
    # Replaced counts in every environment: what lives in a workspace goes with it, and nobody can bring it back.
    names = [
        item.decision.workspace_name
        for item in items
        if (action == "destroy" and _environments(item) & set(typed)) or item.replaces_workspace
    ]
    if not names:
        return ConfirmBy(kind="click")
    return ConfirmBy(kind="type", phrase=plan_id if len(items) > 1 and plan_id else names[0])


def _environments(item: PlanItem) -> set[Environment]:
    decisions = (item.decision,) if item.before is None else (item.decision, item.before.decision)
    return {decision.environment for decision in decisions}
