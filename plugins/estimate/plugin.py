"""`estimate_cost` as a Semantic Kernel function: a decision in, the month's bill out."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict
from semantic_kernel.functions import KernelFunction

from plugins.domain.decision import InfrastructureDecision
from plugins.domain.house import House
from plugins.estimate import estimate
from plugins.kernel_face import face


class EstimateInput(BaseModel):
    """A decision as `decide` gave it."""

    model_config = ConfigDict(extra="forbid")

    decision: InfrastructureDecision


def estimate_function(words: Mapping[str, str], house: House) -> KernelFunction:
    """Prices a decision; changes nothing."""

    async def bill(asked: EstimateInput) -> dict[str, Any]:
        return estimate(asked.decision, house).model_dump(mode="json")

    return face("estimate_cost", words["estimate_cost"], EstimateInput, bill)
