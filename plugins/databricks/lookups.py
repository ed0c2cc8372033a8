"""What can be looked up of workspaces, and what each look-up takes. Whose they are is never among it."""

from collections.abc import Mapping
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from plugins.domain.request import Environment

Lookup = Literal["status", "list", "explain", "compare", "export", "extend", "destroy"]


class _LookupInput(BaseModel):
    model_config = ConfigDict(extra="forbid")


class NameInput(_LookupInput):
    """One workspace by name."""

    workspace_name: str = Field(max_length=64)


class ListInput(_LookupInput):
    """All workspaces, or those of one environment."""

    environment: Environment | None = None


class TopicInput(_LookupInput):
    """What is asked about: names of fields or options; none for everything."""

    topic: list[str] = Field(default_factory=list, max_length=8)


class PlanOrNameInput(_LookupInput):
    """One workspace by name; none for the pending plan."""

    workspace_name: str | None = Field(default=None, max_length=64)


class ExtendInput(_LookupInput):
    """One workspace by name, and by how many days."""

    workspace_name: str = Field(max_length=64)
    days: int = Field(ge=1, le=3650)


INPUTS: Mapping[Lookup, type[BaseModel]] = {
    "status": NameInput,
    "list": ListInput,
    "explain": TopicInput,
    "compare": TopicInput,
    "export": PlanOrNameInput,
    "extend": ExtendInput,
    "destroy": NameInput,
}
