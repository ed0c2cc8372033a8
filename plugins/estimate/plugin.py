"""`estimate_cost` as a Semantic Kernel function: a decision in, the month's bill out."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, WithJsonSchema
from semantic_kernel.functions import KernelFunction

from plugins.domain.decision import InfrastructureDecision
from plugins.domain.platform_settings import PlatformSettings
from plugins.estimate import estimate
from plugins.kernel_face import face


class EstimateInput(BaseModel):
    """A decision as `decide` gave it."""

    model_config = ConfigDict(extra="forbid")

    decision: Annotated[
        InfrastructureDecision, WithJsonSchema({"type": "object", "description": "Exactly as `decide` gave it."})
    ]
    """Its schema, seven kilobytes, would be sent with every message; the value is checked all the same."""


def estimate_function(words: Mapping[str, str], platform: PlatformSettings) -> KernelFunction:
    """Prices a decision; changes nothing."""

    async def bill(asked: EstimateInput) -> dict[str, Any]:
        return estimate(asked.decision, platform).model_dump(mode="json")

    return face("estimate_cost", words["estimate_cost"], EstimateInput, bill)
