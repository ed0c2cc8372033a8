"""The Azure Databricks capability: what ties the verbs together, and the published names.

`from plugins.databricks import IntentParser, DecisionMaker, TerraformGenerator, TerraformExecutor,
DatabricksCapability, BaseCapability, CapabilityContext, InfrastructureRequest, InfrastructureDecision, TerraformFiles,
DeploymentResult`. They are loaded when first asked for, since a conversation does not need them.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from plugins.databricks.published import (
        BaseCapability,
        CapabilityContext,
        DatabricksCapability,
        DecisionMaker,
        DeploymentResult,
        InfrastructureDecision,
        InfrastructureRequest,
        IntentParser,
        TerraformExecutor,
        TerraformFiles,
        TerraformGenerator,
    )

__all__ = [
    "BaseCapability",
    "CapabilityContext",
    "DatabricksCapability",
    "DecisionMaker",
    "DeploymentResult",
    "InfrastructureDecision",
    "InfrastructureRequest",
    "IntentParser",
    "TerraformExecutor",
    "TerraformFiles",
    "TerraformGenerator",
]


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from plugins.databricks import published  # loaded when first asked for

    return getattr(published, name)
