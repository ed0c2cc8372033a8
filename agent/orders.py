"""Work that a turn orders and the deployment engine carries out: values, nothing else."""

from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict

from plugins.domain.decision import InfrastructureDecision
from plugins.domain.estimate import Estimate
from plugins.domain.finding import Finding
from plugins.domain.plan import Alternative, Before, Person, PlanAction
from plugins.domain.request import InfrastructureRequest


class PlanPart(BaseModel):
    """One workspace to plan. `adopt` is the Azure id of an existing workspace that is to be taken over; with `reimport`
    what the records know of a deployed one is taken over again, its state being lost. `sources` are pairs of a field
    and the words that it was read from; `unused` the words of the request that were not, kept with the first workspace
    of a plan.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    deployment_id: str
    action: PlanAction
    request: InfrastructureRequest
    decision: InfrastructureDecision
    cost: Estimate
    policy: tuple[Finding, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    before: Before | None = None
    adopt: str | None = None
    reimport: bool = False
    sources: tuple[tuple[str, str], ...] = ()
    unused: tuple[str, ...] = ()


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
    """Apply this plan, workspace by workspace; its approval is kept in the same transaction."""

    plan_id: str
    digest: str
    conversation: str
    turn: int
    deployment_ids: tuple[str, ...]


@dataclass(frozen=True)
class DiscardOrder:
    """Stop planning this, or throw its files away: it will never be applied."""

    plan_id: str


@dataclass(frozen=True)
class StopOrder:
    """Stop this workspace's apply cleanly; what it had created is removed again."""

    plan_id: str
    deployment_id: str


Order = PlanOrder | ApplyOrder | DiscardOrder | StopOrder


JobKind = Literal["plan", "apply", "spread"]


class EngineAsleep(Exception):
    """An order was to be kept while nothing was awake that would carry it out: awake it, and keep the order again."""


@dataclass(frozen=True)
class Job:
    """`id` is unique for ever: a job of that id runs once to its end. `lane` is what limits count by. What `yields`
    lets others go first: the many of one plan keep nobody waiting who wants a single workspace.
    """

    id: str
    kind: JobKind
    argument: str
    lane: str = "sandbox"
    yields: bool = False
