"""What a person asked for, one workspace a request."""

from collections.abc import Mapping
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError

from plugins.domain.money import Money

Environment = Literal["dev", "staging", "prod"]
WorkloadType = Literal["data_engineering", "machine_learning", "analytics", "data_science", "streaming"]
Network = Literal["public", "vnet", "private_link"]


MOST_WORKSPACES = 400
"""Workspaces that one message may ask for: the largest batch."""

MOST_DAYS = 36_500
"""The furthest end that a workspace may have: a hundred years."""


class Assumption(BaseModel):
    """A value that nobody said, and why it was taken."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    field: str
    value: JsonValue
    because: str


class InfrastructureRequest(BaseModel):
    """One workspace as asked for. None means not said; what was inferred is also listed in `assumptions`.

    `cost_limit` is per month in `currency`; `hours_per_week` is 0 to 168. `node_type` keeps the size that was
    said even when it is retired: replacing it is the decision's business, where it is shown.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    capability: str | None = None
    team: str | None = None
    environment: Environment | None = None
    region: str | None = None
    workload_type: WorkloadType | None = None
    enable_gpu: bool | None = None
    workspace_name: str | None = None
    node_type: str | None = None
    min_workers: int | None = Field(default=None, ge=0)
    max_workers: int | None = Field(default=None, ge=0)
    cost_limit: Money | None = Field(default=None, ge=0)
    currency: str | None = None
    hours_per_week: float | None = Field(default=None, ge=0, le=168)
    spot: bool | None = None
    photon: bool | None = None
    network: Network | None = None
    expires_in_days: int | None = Field(default=None, ge=0, le=MOST_DAYS)
    owner: str | None = None
    cost_center: str | None = None
    tags: dict[str, str] = Field(default_factory=dict)
    assumptions: tuple[Assumption, ...] = ()
    additional_requirements: str | None = None

    def stated(self) -> dict[str, object]:
        """Field name → value for every field that holds something, assumptions left out."""
        return {
            name: value
            for name in type(self).model_fields
            if name != "assumptions" and (value := getattr(self, name)) not in (None, {}, ())
        }


def usable_request(fields: Mapping[str, object]) -> InfrastructureRequest:
    """These fields as a request. A value that its own type refuses is left out, never guessed at: it is then asked
    for, or listed as not used, like anything that was not understood.
    """
    usable = dict(fields)
    while True:
        try:
            return InfrastructureRequest.model_validate(usable)
        except ValidationError as error:
            refused = {str(problem["loc"][0]) for problem in error.errors()}
            usable = {name: value for name, value in usable.items() if name not in refused}
