"""Work that a turn orders and the deployment engine carries out: values, nothing else."""

from dataclasses import dataclass

from plugins.domain.approval import Approval
from plugins.domain.decision import InfrastructureDecision
from plugins.domain.estimate import Estimate
from plugins.domain.finding import Finding
from plugins.domain.plan import Alternative, Before, Person, Plan, PlanAction
from plugins.domain.request import InfrastructureRequest


@dataclass(frozen=True)
class PlanPart:
    """One workspace to plan."""

    deployment_id: str
    action: PlanAction
    request: InfrastructureRequest
    decision: InfrastructureDecision
    cost: Estimate
    policy: tuple[Finding, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    before: Before | None = None


@dataclass(frozen=True)
class PlanOrder:
    """Generate, plan and publish these as one plan; `turn` caused it and its events carry it."""

    plan_id: str
    action: PlanAction
    conversation: str
    turn: int
    person: Person
    parts: tuple[PlanPart, ...]


@dataclass(frozen=True)
class ApplyOrder:
    """Apply exactly this plan under this approval."""

    plan: Plan
    approval: Approval
    turn: int


@dataclass(frozen=True)
class DiscardOrder:
    """Stop planning this, or throw its files away: it will never be applied."""

    plan_id: str
    deployment_ids: tuple[str, ...] = ()


Order = PlanOrder | ApplyOrder | DiscardOrder
