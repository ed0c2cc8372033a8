"""The engine's Terraform: files generated from the decision, run by the executor, or kept in memory."""

from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import JsonValue

from plugins.deploy.adoption import GROUP, as_they_are, import_ids, with_imports
from plugins.deploy.terraform.executor import Executor
from plugins.deploy.terraform.recovery import Remaining
from plugins.deploy.terraform.reimport import recorded_ids
from plugins.deploy.terraform.state import Expects
from plugins.deploy.terraform.stream import Tell
from plugins.domain.approval import Approval
from plugins.domain.decision import InfrastructureDecision
from plugins.domain.deployment import DeploymentResult, Drift, Leftover, Undone
from plugins.domain.plan import PlanAction, PlanFile, PlanHeader, PlanItem, TerraformFiles

Generate = Callable[[InfrastructureDecision], TerraformFiles]


@dataclass(frozen=True)
class GeneratedTerraform:
    """`agent.deployment.context.Terraform` over the real executor; `required` are the files that name the providers."""

    executor: Executor
    generate: Generate
    required: Callable[[], TerraformFiles]

    def look_ahead(self) -> None:
        self.executor.look_ahead()

    def initialise_ahead(self) -> Coroutine[Any, Any, None]:
        return self.executor.initialise_ahead(self.required)

    async def plan(
        self,
        decision: InfrastructureDecision,
        *,
        deployment_id: str,
        plan_id: str,
        action: PlanAction,
        adopt: str | None,
        expects: Expects,
        recorded: Mapping[str, JsonValue] | None,
        cancelled: Callable[[], bool],
    ) -> tuple[TerraformFiles, PlanFile]:
        files = self.generate(decision)
        if recorded is not None:
            ids = recorded_ids(decision, recorded)
            taken, plan_file = await self.executor.reimport(
                files, deployment_id=deployment_id, plan_id=plan_id, recorded=ids, cancelled=cancelled
            )
            return exported(taken), plan_file
        if adopt is not None:
            ids = import_ids(adopt)
            if decision.existing_resource_group:
                del ids[GROUP]
            files = as_they_are(with_imports(files, ids), ids)
        plan_file = await self.executor.plan(
            files, deployment_id=deployment_id, plan_id=plan_id, action=action, expects=expects, cancelled=cancelled
        )
        return exported(files), plan_file

    async def apply(
        self, header: PlanHeader, item: PlanItem, approval: Approval, tell: Tell, *, rest: PlanFile | None = None
    ) -> DeploymentResult:
        return await self.executor.apply(header, item, approval, tell, rest=rest)

    async def stop(self, plan_id: str, deployment_id: str) -> bool:
        return await self.executor.stop(plan_id, deployment_id)

    async def drift(self, plan_file: PlanFile, *, deployment_id: str) -> tuple[Drift, ...]:
        return await self.executor.drift(plan_file, deployment_id=deployment_id)

    async def drift_now(
        self, decision: InfrastructureDecision, *, deployment_id: str, run_id: str
    ) -> tuple[Drift, ...]:
        return await self.executor.drift_now(self.generate(decision), deployment_id=deployment_id, run_id=run_id)

    async def remaining(self, item: PlanItem, *, plan_id: str, attempt: int) -> Remaining:
        return await self.executor.remaining(item, plan_id=plan_id, attempt=attempt)

    async def undo(self, header: PlanHeader, item: PlanItem, approval: Approval, tell: Tell, *, attempt: int) -> Undone:
        return await self.executor.undo(header, item, approval, tell, attempt=attempt)

    async def leftovers(self, item: PlanItem) -> tuple[Leftover, ...] | None:
        return await self.executor.leftovers(item)

    async def give_back(self, plan_id: str) -> None:
        await self.executor.give_back(plan_id)

    def discard(self, plan_id: str) -> None:
        self.executor.discard(plan_id)

    def kept_since(self, before: datetime) -> tuple[str, ...]:
        return self.executor.kept_since(before)


def exported(files: TerraformFiles) -> TerraformFiles:
    """The files as a person keeps them: without the backend, which says where our own state lies."""
    return TerraformFiles(files={name: text for name, text in files.files.items() if name != "backend.tf"})
