"""What a model may answer: one act, and what the message states, each with a quote. Untrusted until verified.

The shape is flat on purpose: a list of stated facts costs a fifth of the words of a schema with every field, and is
checked by one rule. There is no act `confirm` here: consent is never a model's.
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from plugins.domain.understanding import DoubtKind

ModelAct = Literal[
    "provision",
    "amend",
    "answer",
    "reject",
    "cost",
    "explain",
    "compare",
    "status",
    "list",
    "export",
    "destroy",
    "extend",
    "history",
    "reset",
    "help",
    "greet",
    "out_of_scope",
    "unclear",
]

FieldName = Literal[
    "capability",
    "team",
    "environment",
    "region",
    "workload_type",
    "enable_gpu",
    "workspace_name",
    "node_type",
    "min_workers",
    "max_workers",
    "cost_limit",
    "currency",
    "hours_per_week",
    "spot",
    "photon",
    "network",
    "expires_in_days",
    "owner",
    "cost_center",
    "tags",
    "additional_requirements",
]

_QUOTE = "The person's own words that say so, copied exactly from their latest message."


class _ModelValue(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Stated(_ModelValue):
    """One field that the message states."""

    field: FieldName
    value: JsonValue = Field(description="In the form that the field wants; tags as an object of strings.")
    quote: str = Field(description=_QUOTE, max_length=4000)


class Inferred(_ModelValue):
    """One field that the message does not state but suggests."""

    field: FieldName
    value: JsonValue
    because: str = Field(description="Why, in a few words for the person.", max_length=300)
    quote: str = Field(default="", description="The words that suggest it; empty when none do.", max_length=4000)


class Unsettled(_ModelValue):
    """A field that the message speaks of without settling it: it will be asked."""

    field: str = Field(max_length=40)
    kind: DoubtKind
    quote: str = Field(description=_QUOTE, max_length=4000)
    candidates: list[str] = Field(default_factory=list, max_length=9)


class Workspace(_ModelValue):
    """What the message says of one workspace."""

    stated: list[Stated] = Field(default_factory=list[Stated], max_length=40)
    inferred: list[Inferred] = Field(default_factory=list[Inferred], max_length=40)
    unsettled: list[Unsettled] = Field(default_factory=list[Unsettled], max_length=20)
    taken_back: list[FieldName] = Field(
        default_factory=list[FieldName], description="Fields that the person withdraws (“no limit after all”)."
    )
    draft: int | None = Field(default=None, ge=0, description="Index of the draft meant, when there are several.")


class ModelReading(_ModelValue):
    """One message as a model understood it."""

    act: ModelAct = Field(description="What the message does.")
    workspaces: list[Workspace] = Field(
        default_factory=list[Workspace],
        max_length=60,
        description="One for each workspace that is spoken of, in order.",
    )
    topic: list[str] = Field(
        default_factory=list, max_length=8, description="explain, compare: fields or options asked about."
    )
    undo: bool = Field(default=False, description="amend: the last change is to be taken back.")
    about_plan: bool = Field(default=False, description="status, export: the pending plan is meant.")
    additional: bool = Field(default=False, description="provision: on top of what is drafted.")
