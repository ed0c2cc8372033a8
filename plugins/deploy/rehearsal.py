"""Terraform rehearsed: the plan and the progress of the generated files, without a process and without a cloud.

A double that stands beside the real executor, for tests of conversations and for demonstrations of them. It plans
what the files declare and "applies" it at once. It is never chosen by itself: without a Terraform the product says
so and stops at the files.
"""

import hashlib
import json
import re
from collections.abc import Callable
from pathlib import Path

from plugins.deploy.generate import generate
from plugins.domain.approval import Approval
from plugins.domain.decision import InfrastructureDecision
from plugins.domain.deployment import DeploymentResult
from plugins.domain.house import House
from plugins.domain.plan import Plan, PlanAction, PlanFile, PlanItem, ResourceChange, TerraformFiles

_RESOURCE = re.compile(r'^resource "(\w+)" "(\w+)"', re.MULTILINE)


class RehearsedTerraform:
    """Remembers what was planned and applied: `applied` holds (plan id, approver) in order."""

    def __init__(self, house: House, templates: Path) -> None:
        self._house = house
        self._templates = templates
        self._deployed: dict[str, TerraformFiles] = {}
        self.applied: list[tuple[str, str]] = []
        self.discarded: list[str] = []

    async def plan(
        self, decision: InfrastructureDecision, *, deployment_id: str, plan_id: str, action: PlanAction
    ) -> tuple[TerraformFiles, PlanFile]:
        files = generate(decision, self._house, self._templates)
        changes = self._changes(files, self._deployed.get(deployment_id), action)
        digest = hashlib.sha256(json.dumps([files.files, action, plan_id], sort_keys=True).encode()).hexdigest()
        plan_file = PlanFile(
            folder="rehearsal", path="rehearsal", sha256=digest, semantic_digest=digest, terraform_version="rehearsed",
            lock_sha256=None, state_serial=None, state_sha256=None, resources=changes,
        )  # fmt: skip
        return files, plan_file

    async def apply(
        self, plan: Plan, item: PlanItem, approval: Approval, step: Callable[[int, int, str], None]
    ) -> DeploymentResult:
        self.applied.append((plan.plan_id, approval.by.name))
        total = len(item.resources)
        for done, change in enumerate(item.resources, 1):
            step(done, total, f"{change.address} done")
        if item.action == "destroy":
            self._deployed.pop(item.deployment_id, None)
            return DeploymentResult(deployment_id=item.deployment_id, status="destroyed")
        self._deployed[item.deployment_id] = item.files
        url = f"https://adb-rehearsed.azuredatabricks.net/{item.decision.workspace_name}"
        outputs = {"workspace_url": url, "resource_group_name": item.decision.resource_group_name}
        return DeploymentResult(deployment_id=item.deployment_id, status="succeeded", outputs=dict(outputs))

    def discard(self, plan_id: str) -> None:
        self.discarded.append(plan_id)

    def _changes(
        self, files: TerraformFiles, before: TerraformFiles | None, action: PlanAction
    ) -> tuple[ResourceChange, ...]:
        """Every declared resource when it is new or destroyed; on a change, all of them if any value differs."""
        declared = [found for text in files.files.values() for found in _RESOURCE.findall(text)]
        if action == "change" and before is not None and before.files == files.files:
            return ()
        verb = {"create": "create", "change": "update", "destroy": "delete"}[action]
        return tuple(
            ResourceChange.model_validate({"address": f"{kind}.{name}", "type": kind, "name": name, "action": verb})
            for kind, name in sorted(declared)
        )
