"""Terraform for scripts: files and a decision to a plan, and with an approval of that plan the deployment."""

import json
import os
import re
import tempfile
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

from pydantic import JsonValue

from plugins.databricks.decision_maker import within_limit
from plugins.databricks.pricing_policy import pricing_policy_digest_of
from plugins.databricks.proposal import Proposal, checked
from plugins.databricks.sentences import SAYS
from plugins.deploy.binding import PlanOrigin, bound_plan, target_of
from plugins.deploy.generate import variables
from plugins.deploy.sandbox import install as sandbox
from plugins.deploy.terraform.executor import Executor
from plugins.deploy.terraform.find import find_terraform
from plugins.deploy.terraform.once import Once
from plugins.deploy.terraform.process import environment as terraform_environment
from plugins.deploy.terraform.site import Site
from plugins.domain.approval import Approval
from plugins.domain.capability import CapabilityContext
from plugins.domain.decision import InfrastructureDecision
from plugins.domain.deployment import DeploymentResult
from plugins.domain.errors import ConfigurationError, InvalidRequest, NotApproved
from plugins.domain.plan import Person, Plan, PlanAction, PlanFile, PlanItem, TerraformFiles
from plugins.domain.platform_settings import PlatformSettings
from plugins.domain.request import Environment, InfrastructureRequest

_PLAN_HOURS = 24
_IDENTITY = re.compile(r"[A-Za-z0-9_-]{1,64}")
_TFVARS = "terraform.tfvars.json"


@dataclass(frozen=True)
class PlannedWork:
    """What is to be planned: a proposal and its files, for one deployment."""

    proposal: Proposal
    files: TerraformFiles
    deployment_id: str
    action: PlanAction


class TerraformExecutor:
    """Terraform files → a plan, and with an approval of that plan the deployment.

    Runs in the sandbox cloud below `home`, a folder of its own when none is given. With `azure` it works on the
    subscription that ARM_SUBSCRIPTION_ID names, which has to be set, and needs a `home`, since the state of what stands
    there is kept in it: without these it raises ConfigurationError (a ValueError). `environment` is where PATH and
    credentials come from. `target` says which it is: plans are bound to it. `platform` is what prices and house rules
    are taken from; `typed_destroy` names the environments whose destruction is confirmed by typing the name.
    """

    def __init__(
        self,
        home: Path | None = None,
        environment: Mapping[str, str] | None = None,
        *,
        azure: bool = False,
        platform: PlatformSettings | None = None,
        typed_destroy: frozenset[Environment] = frozenset({"prod"}),
    ) -> None:
        given = dict(environment) if environment is not None else dict(os.environ)
        self.target = target_of(given, azure=azure)
        if azure and not self.target.subscription:
            raise SAYS.error(ConfigurationError, "script.no_subscription")
        if azure and home is None:
            raise SAYS.error(ConfigurationError, "script.no_home")
        self._plans: dict[str, Plan] = {}
        self._platform = platform or PlatformSettings()
        self._typed_destroy = typed_destroy
        self._site = _site(home or Path(tempfile.mkdtemp(prefix="brickie-")), given, azure=azure)
        self._executor = Executor(self._site, lambda: datetime.now(UTC))

    async def init(self, tf_files: TerraformFiles) -> None:
        """Checks that Terraform and its providers are there and take these files: `init` and `validate`, and no more.

        Raises DeploymentFailed (a RuntimeError).
        """
        _require(tf_files, TerraformFiles, SAYS.error(InvalidRequest, "script.no_files"))
        plan_id, deployment_id = _new("pln"), _new("dep")
        folder = self._site.run_folder(plan_id, deployment_id)
        try:
            await self._site.prepare(folder, tf_files, deployment_id)
            await self._site.validate(folder)
        finally:
            self._executor.discard(plan_id)

    async def plan(
        self, tf_files: TerraformFiles, decision: InfrastructureDecision, *, context: CapabilityContext | None = None
    ) -> Plan:
        """The plan that these files and the decision that they are of come to, for a person to approve; `context` says
        who asks for it.

        Raises InvalidRequest where the files are of another decision, or for what the house denies; CostLimitExceeded;
        DeploymentFailed when Terraform refuses.
        """
        _require(tf_files, TerraformFiles, SAYS.error(InvalidRequest, "script.no_files"))
        _require(decision, InfrastructureDecision, SAYS.error(InvalidRequest, "script.no_decision"))
        identity = decision.identity
        if not _IDENTITY.fullmatch(identity) or not _are_of(tf_files, decision, self._platform):
            raise SAYS.error(InvalidRequest, "script.other_decision")
        today = datetime.now(UTC).date()
        proposal = within_limit(checked(_request_of(decision), decision, platform=self._platform, today=today))
        action: PlanAction = "change" if self._site.state_path(identity).is_file() else "create"
        work = PlannedWork(proposal, tf_files, identity, action)
        return await self.planned(work, context or CapabilityContext())

    async def apply(self, plan: Plan, approval: Approval | None) -> DeploymentResult:
        """Applies exactly that plan. Raises NotApproved for a plan that was made for another target, or without an
        approval that covers it.
        """
        _require(plan, Plan, SAYS.error(InvalidRequest, "script.no_plan"))
        if approval is None:
            raise SAYS.error(NotApproved, "script.not_approved")
        if plan.target != self.target:
            raise SAYS.error(NotApproved, "script.other_target")
        result = await self._executor.apply(plan.header, plan.items[0], approval, lambda _step: None)
        if self.target.mode == "sandbox" and result.outputs:
            # Addresses look the same in both: nobody is to take one for a workspace that there is.
            result = result.model_copy(update={"outputs": {**result.outputs, "target": "sandbox cloud"}})
        return result

    async def destroy(self, plan: Plan, *, context: CapabilityContext | None = None) -> Plan:
        """The plan that destroys what that one made. It changes nothing: `apply` does, with an approval of its own."""
        _require(plan, Plan, SAYS.error(InvalidRequest, "script.no_plan"))
        item = plan.items[0]
        proposal = Proposal(item.request, item.decision, item.cost, (), None)
        asked = context or CapabilityContext(user_id=plan.requested_by.id, session_id=plan.conversation)
        return await self.planned(PlannedWork(proposal, item.files, item.deployment_id, "destroy"), asked)

    async def deploy(
        self, *, tf_files: TerraformFiles, workspace_name: str, dry_run: bool = True, approval: Approval | None = None
    ) -> DeploymentResult:
        """Plans the files; `dry_run` stops there, with the planned resources as the output "planned".

        Without a dry run it applies the plan that `approval` names, which `plan` of this executor (or
        `DatabricksCapability.plan` through it) made of these very files. Raises NotApproved when there is no such
        approval or plan, DeploymentFailed (a RuntimeError) when Terraform refuses to plan.
        """
        _require(tf_files, TerraformFiles, SAYS.error(InvalidRequest, "script.no_files"))
        if not dry_run:
            plan = self._plans.get(approval.plan_id) if approval is not None else None
            if approval is None or plan is None or plan.items[0].files != tf_files:
                raise SAYS.error(NotApproved, "script.no_approval", workspace_name=workspace_name)
            return await self.apply(plan, approval)
        plan_id = _new("pln")
        planned = await self.plan_file(tf_files, deployment_id=_new("dep"), plan_id=plan_id, action="create")
        self._executor.discard(plan_id)
        outputs: dict[str, JsonValue] = {"planned": [change.address for change in planned.resources]}
        return DeploymentResult(deployment_id="dry-run", status="succeeded", outputs=outputs)

    async def plan_file(
        self, tf_files: TerraformFiles, *, deployment_id: str, plan_id: str, action: PlanAction
    ) -> PlanFile:
        """Terraform's own saved plan of these files."""
        return await self._executor.plan(tf_files, deployment_id=deployment_id, plan_id=plan_id, action=action)

    async def planned(self, work: PlannedWork, context: CapabilityContext) -> Plan:
        """The work planned by Terraform and bound; kept, so that its approval can be honoured."""
        plan_id = _new("pln")
        plan_file = await self.plan_file(
            work.files, deployment_id=work.deployment_id, plan_id=plan_id, action=work.action
        )
        item = PlanItem(
            deployment_id=work.deployment_id,
            action=work.action,
            request=work.proposal.request,
            decision=work.proposal.decision,
            cost=work.proposal.cost,
            policy=work.proposal.findings,
            resources=plan_file.resources,
            files=work.files,
            plan_file=plan_file,
        )
        asked = PlanOrigin(
            plan_id=plan_id,
            action=work.action,
            conversation=context.session_id or plan_id,
            at=datetime.now(UTC),
            by=Person(id=context.user_id or "script", name=context.user_id or "script"),
            hours=_PLAN_HOURS,
            pricing_policy_digest=pricing_policy_digest_of(self._platform),
        )
        plan = bound_plan(asked, (item,), cost=item.cost, target=self.target, typed=self._typed_destroy)
        self._plans[plan_id] = plan
        return plan


def _site(home: Path, given: Mapping[str, str], *, azure: bool) -> Site:
    def environment() -> Mapping[str, str]:
        own = {} if azure else sandbox.environment(home, speed=0)
        return terraform_environment(given, own, azure=azure)

    return Site(
        terraform=Once(lambda: find_terraform(given)),
        home=home,
        environment=environment,
        cloud=None if azure else sandbox.cloud_path(home),
    )


def _are_of(tf_files: TerraformFiles, decision: InfrastructureDecision, platform: PlatformSettings) -> bool:
    """Whether the values that the files give Terraform are the decision's: what is priced is then what is made."""
    try:
        given: object = json.loads(tf_files.files[_TFVARS])
    except (KeyError, ValueError):
        return False
    if not isinstance(given, dict):
        return False
    values = cast("Mapping[str, JsonValue]", given)
    return all(values.get(name) == value for name, value in variables(decision, platform).items())


def _request_of(decision: InfrastructureDecision) -> InfrastructureRequest:
    """What somebody would have asked for who got this decision."""
    fields = InfrastructureRequest.model_fields.keys() & type(decision).model_fields.keys() - {"assumptions"}
    limit = {"cost_limit": decision.monthly_limit}
    named = {"node_type": decision.worker_instance_type}
    return InfrastructureRequest.model_validate({**{n: getattr(decision, n) for n in fields}, **limit, **named})


def _require(value: object, kind: type[object], refused: InvalidRequest) -> None:
    if not isinstance(value, kind):
        raise refused


def _new(prefix: str) -> str:
    return f"{prefix}_{uuid.uuid4().hex[:12]}"
