"""The verbs tied together for scripts: plan, execute what was approved, roll back."""

from dataclasses import dataclass, field
from pathlib import Path

from pydantic import ValidationError

from plugins.credentials import demand_none
from plugins.databricks.decision_maker import DecisionMaker
from plugins.databricks.intent_parser import IntentParser
from plugins.databricks.sentences import SAYS
from plugins.databricks.terraform_executor import PlannedWork, TerraformExecutor
from plugins.deploy.generate import generate
from plugins.domain.approval import Approval
from plugins.domain.capability import BaseCapability, CapabilityContext
from plugins.domain.decision import InfrastructureDecision
from plugins.domain.deployment import DeploymentResult
from plugins.domain.errors import DeploymentFailed, InvalidRequest, NotApproved
from plugins.domain.plan import Plan, TerraformFiles
from plugins.domain.platform_settings import PlatformSettings
from plugins.domain.request import InfrastructureRequest


class TerraformGenerator:
    """Decision → Terraform files.

    >>> from plugins.databricks import DecisionMaker, InfrastructureRequest
    >>> wanted = InfrastructureRequest(team="ml", environment="dev", workload_type="analytics")
    >>> files = TerraformGenerator().generate_terraform(DecisionMaker().make_decisions(wanted)).files
    >>> "dbw-ml-dev" in files["terraform.tfvars.json"], "dbw-ml-dev" in files["main.tf"]
    (True, False)
    """

    def __init__(self, templates: Path | None = None, platform: PlatformSettings | None = None) -> None:
        self._templates = templates or _templates()
        self._platform = platform or PlatformSettings()

    def generate_terraform(self, decision: InfrastructureDecision) -> TerraformFiles:
        """Raises InvalidRequest or ConfigurationError (both ValueErrors), in words for people."""
        if not isinstance(decision, InfrastructureDecision):  # pyright: ignore[reportUnnecessaryIsInstance] - of a script
            raise SAYS.error(InvalidRequest, "script.no_decision")
        return generate(decision, self._platform, self._templates)


@dataclass(frozen=True)
class DatabricksCapability(BaseCapability):
    """Plan, execute what was approved, plan the undoing. Without arguments it works in a sandbox cloud of its own.

    `parser` reads sentences and `decisions` makes the decisions: by the rules and as the house usually does, unless
    others are given.
    """

    executor: TerraformExecutor = field(default_factory=TerraformExecutor)
    platform: PlatformSettings = field(default_factory=PlatformSettings)
    templates: Path | None = None
    parser: IntentParser = field(default_factory=IntentParser)
    decisions: DecisionMaker | None = None

    async def plan(self, context: CapabilityContext) -> Plan:
        """A plan for the sentence `parameters["text"]`, for the fields of a request in `parameters`, or both.

        Raises InvalidRequest or CostLimitExceeded (ValueErrors), DeploymentFailed (a RuntimeError).
        """
        if not isinstance(context, CapabilityContext):  # pyright: ignore[reportUnnecessaryIsInstance] - of a script
            raise SAYS.error(InvalidRequest, "script.no_context")
        request = await self._requested(context)
        proposal = (self.decisions or DecisionMaker(self.platform)).proposal(request)
        files = TerraformGenerator(self.templates, self.platform).generate_terraform(proposal.decision)
        return await self.executor.planned(PlannedWork(proposal, files, proposal.decision.identity, "create"), context)

    async def execute(self, plan: Plan, approval: Approval | None = None) -> DeploymentResult:
        """Applies exactly that plan. Raises NotApproved without an approval that covers it, DeploymentFailed when
        the deployment fails.
        """
        if approval is None:
            raise SAYS.error(NotApproved, "script.not_approved")
        result = await self.executor.apply(plan, approval)
        if result.error is not None:
            what_stays = SAYS("script.what_stays")
            raise SAYS.error(
                DeploymentFailed,
                "script.failed",
                text=result.error.text,
                remedy=result.error.remedy,
                what_stays=what_stays,
            )
        return result

    async def rollback(self, plan: Plan) -> Plan:
        """The plan that undoes an executed one; it needs an approval of its own to be executed."""
        return await self.executor.destroy(plan)

    async def _requested(self, context: CapabilityContext) -> InfrastructureRequest:
        fields = {name: value for name, value in context.parameters.items() if name != "text"}
        stated = _fields(fields)
        if "text" not in context.parameters:
            return stated
        read = await self.parser.parse_request(str(context.parameters["text"]))
        return read.model_copy(update=stated.stated())


def _fields(fields: dict[str, object]) -> InfrastructureRequest:
    demand_none(SAYS("script.reading_parameters"), [f"{name}={value}" for name, value in fields.items()])
    try:
        return InfrastructureRequest.model_validate(fields)
    except ValidationError as error:
        problems = error.errors(include_url=False, include_input=False)
        wrong = "; ".join(f"{problem['loc'][0]} ({problem['msg'].lower()})" for problem in problems)
        raise SAYS.error(InvalidRequest, "script.wrong_fields", wrong=wrong) from error


def _templates() -> Path:
    """Ours: beside the packages in a checkout, inside `agent` in a wheel."""
    root = Path(__file__).parents[2]
    beside = root / "templates" / "terraform"
    return beside if beside.is_dir() else root / "agent" / "templates" / "terraform"
