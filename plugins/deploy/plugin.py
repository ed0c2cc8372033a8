"""`deploy` as a Semantic Kernel function: it proposes. It writes the Terraform of a decision; it applies nothing.

Applying takes an Approval, which only code makes from a person's own act; no kernel holds a function for it.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, WithJsonSchema
from semantic_kernel.functions import KernelFunction

from plugins.deploy.generate import generate
from plugins.domain.decision import InfrastructureDecision
from plugins.domain.platform_settings import PlatformSettings
from plugins.kernel_face import face


class DeployInput(BaseModel):
    """A decision as `decide` gave it."""

    model_config = ConfigDict(extra="forbid")

    decision: Annotated[
        InfrastructureDecision, WithJsonSchema({"type": "object", "description": "Exactly as `decide` gave it."})
    ]
    """Its schema, seven kilobytes, would be sent with every message; the value is checked all the same."""


def deploy_function(words: Mapping[str, str], platform: PlatformSettings, templates: Path) -> KernelFunction:
    """Proposes a deployment: the files that a plan would be made of."""

    async def proposal(asked: DeployInput) -> dict[str, Any]:
        files = generate(asked.decision, platform, templates).files
        return {"proposed": sorted(files), "next": "A person must ask for the plan in the conversation and confirm it."}

    return face("deploy", words["deploy"], DeployInput, proposal)
