"""A workspace's life, and what one run of Terraform made of it."""

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from plugins.domain.decision import InfrastructureDecision
from plugins.domain.estimate import Estimate
from plugins.domain.plan import Drift, Person
from plugins.domain.request import InfrastructureRequest

__all__ = [
    "Deployment",
    "DeploymentResult",
    "DeploymentStatus",
    "Drift",
    "Failure",
    "Leftover",
    "ResultStatus",
    "Undone",
]

DeploymentStatus = Literal[
    "planning",
    "planned",
    "queued",
    "applying",
    "succeeded",
    "failed",
    "rolling_back",
    "rolled_back",
    "destroying",
    "destroyed",
    "attention",
]
ResultStatus = Literal["succeeded", "failed", "rolled_back", "destroyed"]


class Failure(BaseModel):
    """Why a run failed, in words that are safe to show: no secret, no path of this machine, no stack trace.

    `kind` is the cause. What stays as it is: "quota", "policy", "protected", "permission", "registration",
    "subscription", "tier", "region", "size", "name", "name_conflict", "in_use", "network_setup", "diagnostics",
    "budget", "credentials", "unreachable", "not_found", "init_script", "half_way", "stale_plan", "damaged_plan",
    "disk_full", "cancelled". What passes by itself: "capacity", "busy", "not_ready", "throttled", "unavailable",
    "network", "locked", "provider_start", "timeout" (it was stopped for lasting too long). Either: "cluster_start".
    "unknown" is never guessed at; "interrupted" is a Terraform that died, so that nobody knows how far it came.
    `resource` is the Terraform address when one is to blame; `remedy` says what to do next.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: str
    text: str
    remedy: str
    resource: str | None = None
    retryable: bool = False


class DeploymentResult(BaseModel):
    """What one apply or destroy ended in. `outputs` are Terraform's, sensitive ones left out."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    deployment_id: str
    status: ResultStatus
    outputs: dict[str, JsonValue] = Field(default_factory=dict)
    error: Failure | None = None
    elapsed_s: float = 0.0


class Undone(BaseModel):
    """What an undoing took away again, and what it had to leave for a person; both are Terraform addresses."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    undone: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    error: Failure | None = None


class Leftover(BaseModel):
    """Something in the cloud that belongs to a deployment and stands in no state."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    type: str
    name: str
    id: str


class Deployment(BaseModel):
    """One workspace for its whole life. `folder` is its home below BRICKIE_HOME, where its state lies."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    deployment_id: str
    workspace_name: str
    status: DeploymentStatus
    conversation: str
    requested_by: Person
    request: InfrastructureRequest
    decision: InfrastructureDecision
    cost: Estimate
    outputs: dict[str, JsonValue] = Field(default_factory=dict)
    expires_on: date | None = None
    created_at: datetime
    updated_at: datetime
    error: Failure | None = None
