"""The capability under the names that its users know: thin doors onto the same functions.

Usable without a conversation. Nothing is applied without an `Approval` (made by `agent.approvals`, from a named
person's act): `execute` and `deploy(dry_run=False)` raise NotApproved without one that covers the very plan.
`brickie help python` shows each of them at work.
"""

from plugins.databricks.capability import DatabricksCapability, TerraformGenerator
from plugins.databricks.decision_maker import DecisionMaker
from plugins.databricks.intent_parser import IntentParser
from plugins.databricks.terraform_executor import TerraformExecutor
from plugins.domain.capability import BaseCapability, CapabilityContext
from plugins.domain.decision import InfrastructureDecision
from plugins.domain.deployment import DeploymentResult
from plugins.domain.plan import TerraformFiles
from plugins.domain.request import InfrastructureRequest

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
