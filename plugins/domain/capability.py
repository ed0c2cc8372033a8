"""What ties the verbs of one capability together, as its users know it."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field

from plugins.domain.approval import Approval
from plugins.domain.deployment import DeploymentResult
from plugins.domain.plan import Plan


@dataclass(frozen=True)
class CapabilityContext:
    """`parameters` holds `text` (a sentence), the fields of an InfrastructureRequest, or both: fields count more."""

    parameters: dict[str, object] = field(default_factory=dict[str, object])
    user_id: str = ""
    session_id: str = ""


class BaseCapability(ABC):
    """What a script does with a capability, whichever it is: plan, execute what was approved, plan the undoing.

    Nothing is applied without an `Approval` of that very plan, which `agent.approvals` makes from a named person's act.
    Bad input is a ValueError, a refusal of the cloud a RuntimeError, each in one sentence for people.
    """

    @abstractmethod
    async def plan(self, context: CapabilityContext) -> Plan:
        """What would be made, what it costs, and what a person would consent to."""

    @abstractmethod
    async def execute(self, plan: Plan, approval: Approval | None = None) -> DeploymentResult:
        """Applies exactly that plan."""

    @abstractmethod
    async def rollback(self, plan: Plan) -> Plan:
        """The plan that undoes an executed one; it takes an approval of its own."""
