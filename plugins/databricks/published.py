"""The capability under the names that its users know: thin doors onto the same functions.

Usable without a conversation. Nothing is applied without an `Approval` (made by `agent.approvals`, from a named
person's act): `execute` and `deploy(dry_run=False)` raise NotApproved without one that covers the very plan.
"""

import asyncio
import tempfile
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from pydantic import JsonValue, ValidationError

from plugins.credentials import demand_none
from plugins.databricks.pricing_policy import pricing_policy_digest_of
from plugins.databricks.proposal import Proposal, propose
from plugins.databricks.sentences import SAYS
from plugins.deploy.binding import PlanOrigin, bound_plan, target_of
from plugins.deploy.generate import generate
from plugins.deploy.sandbox import install as sandbox
from plugins.deploy.terraform.executor import Executor
from plugins.deploy.terraform.find import find_terraform
from plugins.deploy.terraform.process import environment as terraform_environment
from plugins.deploy.terraform.site import Site
from plugins.domain.approval import Approval
from plugins.domain.capability import CapabilityContext
from plugins.domain.decision import InfrastructureDecision
from plugins.domain.deployment import DeploymentResult
from plugins.domain.errors import CostLimitExceeded, DeploymentFailed, InvalidRequest, NotApproved
from plugins.domain.plan import Person, Plan, PlanAction, PlanFile, PlanItem, TerraformFiles
from plugins.domain.platform_settings import PlatformSettings
from plugins.domain.request import Environment, InfrastructureRequest
from plugins.domain.understanding import Context
from plugins.parse import understand

_PLAN_HOURS = 24


class IntentParser:
    """Text → request, by the rules."""

    async def parse_request(self, text: str) -> InfrastructureRequest:
        """The first workspace that the text asks for.

        Raises InvalidRequest (a ValueError) when it asks for none, or holds a credential.
        """
        demand_none(SAYS("script.reading_request"), [text])
        understood = await asyncio.to_thread(understand, text, Context(today=datetime.now(UTC).date()))
        if understood.act not in ("provision", "cost", "amend") or not understood.requests:
            raise SAYS.error(InvalidRequest, "script.no_workspace")
        return understood.requests[0]


class DecisionMaker:
    """Request → decision."""

    def __init__(self, platform: PlatformSettings | None = None) -> None:
        self._platform = platform or PlatformSettings()

    def make_decisions(self, request: InfrastructureRequest) -> InfrastructureDecision:
        """Raises InvalidRequest or CostLimitExceeded (both ValueErrors), in words for people."""
        return _within_limit(_proposed(request, self._platform, identity=_new("dep"))).decision


class TerraformGenerator:
    """Decision → Terraform files."""

    def __init__(self, templates: Path | None = None, platform: PlatformSettings | None = None) -> None:
        self._templates = templates or _templates()
        self._platform = platform or PlatformSettings()

    def generate_terraform(self, decision: InfrastructureDecision) -> TerraformFiles:
        return generate(decision, self._platform, self._templates)


class TerraformExecutor:
    """Terraform files → a plan, and with an approval of that plan the deployment.

    Runs in the sandbox cloud below `home`, a folder of its own when none is given; `environment` is where PATH and
    credentials come from, and with `azure` it works on the subscription that those name. `target` says which it is:
    plans are bound to it.
    """

    def __init__(
        self, home: Path | None = None, environment: Mapping[str, str] | None = None, *, azure: bool = False
    ) -> None:
        self._plans: dict[str, Plan] = {}
        self._home = home or Path(tempfile.mkdtemp(prefix="brickie-"))
        given = dict(environment) if environment is not None else _inherited()
        self.target = target_of(given, azure=azure)
        self._executor = Executor(
            Site(
                terraform=lambda: find_terraform(given),
                home=self._home,
                environment=lambda: terraform_environment(given, self._own(azure=azure), azure=azure),
                cloud=None if azure else sandbox.cloud_path(self._home),
            ),
            lambda: datetime.now(UTC),
        )

    async def deploy(
        self, *, tf_files: TerraformFiles, workspace_name: str, dry_run: bool = True, approval: Approval | None = None
    ) -> DeploymentResult:
        """Plans the files; `dry_run` stops there, with the planned resources as the output "planned".

        Without a dry run it applies the plan that `approval` names, if `DatabricksCapability.plan` made it of these
        very files. Raises NotApproved when there is no such approval or plan, DeploymentFailed (a RuntimeError)
        when Terraform refuses to plan.
        """
        if not dry_run:
            plan = self._plans.get(approval.plan_id) if approval is not None else None
            if approval is None or plan is None or plan.items[0].files != tf_files:
                raise SAYS.error(NotApproved, "script.no_approval", workspace_name=workspace_name)
            return await self.apply(plan, plan.items[0], approval)
        plan_id = _new("pln")
        planned = await self.plan(tf_files, deployment_id=_new("dep"), plan_id=plan_id, action="create")
        self._executor.discard(plan_id)
        outputs: dict[str, JsonValue] = {"planned": [change.address for change in planned.resources]}
        return DeploymentResult(deployment_id="dry-run", status="succeeded", outputs=outputs)

    async def plan(self, tf_files: TerraformFiles, *, deployment_id: str, plan_id: str, action: PlanAction) -> PlanFile:
        return await self._executor.plan(tf_files, deployment_id=deployment_id, plan_id=plan_id, action=action)

    async def apply(self, plan: Plan, item: PlanItem, approval: Approval) -> DeploymentResult:
        """Raises NotApproved for a plan that was made for another target, or without an approval that covers it."""
        if plan.target != self.target:
            raise SAYS.error(NotApproved, "script.other_target")
        return await self._executor.apply(plan.header, item, approval, lambda _step: None)

    def remember(self, plan: Plan) -> Plan:
        """Keeps a plan that this executor planned, so that its approval can be honoured."""
        self._plans[plan.plan_id] = plan
        return plan

    def _own(self, *, azure: bool) -> Mapping[str, str]:
        return {} if azure else sandbox.environment(self._home, speed=0)


@dataclass(frozen=True)
class DatabricksCapability:
    """The verbs tied together: plan, execute what was approved, roll back. `typed_destroy` names the environments whose
    rollback is confirmed by typing the workspace's name.
    """

    executor: TerraformExecutor
    platform: PlatformSettings = field(default_factory=PlatformSettings)
    templates: Path | None = None
    typed_destroy: frozenset[Environment] = frozenset({"prod"})

    async def plan(self, context: CapabilityContext) -> Plan:
        """A plan for `parameters["text"]`, or for the fields of a request in `parameters`.

        Raises InvalidRequest or CostLimitExceeded (ValueErrors), DeploymentFailed (a RuntimeError).
        """
        request = await _requested(context.parameters)
        deployment_id = _new("dep")
        proposal = _within_limit(_proposed(request, self.platform, identity=deployment_id))
        return await self._planned(context, request, proposal, deployment_id=deployment_id, action="create")

    async def execute(self, plan: Plan, approval: Approval | None = None) -> DeploymentResult:
        """Applies exactly that plan. Raises NotApproved without an approval that covers it, DeploymentFailed when
        the deployment fails.
        """
        if approval is None:
            raise SAYS.error(NotApproved, "script.not_approved")
        result = await self.executor.apply(plan, plan.items[0], approval)
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
        item = plan.items[0]
        context = CapabilityContext(user_id=plan.requested_by.id, session_id=plan.conversation)
        proposal = Proposal(item.request, item.decision, item.cost, (), None)
        return await self._planned(context, item.request, proposal, deployment_id=item.deployment_id, action="destroy")

    async def _planned(
        self,
        context: CapabilityContext,
        request: InfrastructureRequest,
        proposal: Proposal,
        *,
        deployment_id: str,
        action: PlanAction,
    ) -> Plan:
        plan_id = _new("pln")
        files = generate(proposal.decision, self.platform, self.templates or _templates())
        plan_file = await self.executor.plan(files, deployment_id=deployment_id, plan_id=plan_id, action=action)
        item = PlanItem(
            deployment_id=deployment_id,
            action=action,
            request=request,
            decision=proposal.decision,
            cost=proposal.cost,
            policy=proposal.findings,
            resources=plan_file.resources,
            files=files,
            plan_file=plan_file,
        )
        asked = PlanOrigin(
            plan_id=plan_id,
            action=action,
            conversation=context.session_id or plan_id,
            at=datetime.now(UTC),
            by=Person(id=context.user_id or "script", name=context.user_id or "script"),
            hours=_PLAN_HOURS,
            pricing_policy_digest=pricing_policy_digest_of(self.platform),
        )
        plan = bound_plan(asked, (item,), cost=item.cost, target=self.executor.target, typed=self.typed_destroy)
        return self.executor.remember(plan)


async def _requested(parameters: Mapping[str, object]) -> InfrastructureRequest:
    if "text" in parameters:
        return await IntentParser().parse_request(str(parameters["text"]))
    try:
        demand_none(SAYS("script.reading_parameters"), [f"{name}={value}" for name, value in parameters.items()])
        return InfrastructureRequest.model_validate(dict(parameters))
    except ValidationError as error:
        wrong = ", ".join(str(problem["loc"][0]) for problem in error.errors())
        raise SAYS.error(InvalidRequest, "script.wrong_fields", wrong=wrong) from error


def _proposed(request: InfrastructureRequest, platform: PlatformSettings, *, identity: str) -> Proposal:
    return propose(request, platform, identity=identity, today=datetime.now(UTC).date())


def _within_limit(proposal: Proposal) -> Proposal:
    """The proposal itself. Raises InvalidRequest for a denial, CostLimitExceeded above the limit."""
    denial = next((finding for finding in proposal.findings if finding.severity == "deny"), None)
    if denial is not None:
        raise SAYS.error(InvalidRequest, "script.denied", message=denial.message, remedy=denial.remedy)
    if proposal.excess is not None:
        raise SAYS.error(
            CostLimitExceeded,
            "script.over_limit",
            name=proposal.decision.workspace_name,
            expected=proposal.cost.expected,
            currency=proposal.cost.currency,
            by=proposal.excess.by,
            limit=proposal.excess.limit,
        )
    return proposal


def _inherited() -> dict[str, str]:
    import os  # the one place where a script's own surroundings are read

    return dict(os.environ)


def _templates() -> Path:
    """Ours: beside the packages in a checkout, inside `agent` in a wheel."""
    root = Path(__file__).parents[2]
    beside = root / "templates" / "terraform"
    return beside if beside.is_dir() else root / "agent" / "templates" / "terraform"


def _new(prefix: str) -> str:
    return f"{prefix}_{uuid.uuid4().hex[:12]}"


__all__ = [
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
