"""Terraform in memory: the plan and the progress of the generated files, without a process and without a cloud.

A double that stands beside the real executor, for tests of conversations and for demonstrations of them. It plans
what the files declare and "applies" it at once; what goes wrong is ordered by hand. It is never chosen by itself:
without a Terraform the product says so and stops at the files.
"""

import asyncio
import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from pydantic import JsonValue

from plugins.deploy.adoption import WORKSPACE, group_of, name_of
from plugins.deploy.generate import generate
from plugins.deploy.summary import beyond
from plugins.deploy.terraform.approved import require_approval
from plugins.deploy.terraform.recovery import Remaining
from plugins.deploy.terraform.state import Expects, TerraformState, require_state
from plugins.deploy.terraform.stream import Step, Tell
from plugins.domain.approval import Approval
from plugins.domain.decision import InfrastructureDecision
from plugins.domain.deployment import DeploymentResult, Drift, Failure, Leftover, Undone
from plugins.domain.existing import ExistingWorkspace
from plugins.domain.plan import Imported, PlanAction, PlanFile, PlanHeader, PlanItem, ResourceChange, TerraformFiles
from plugins.domain.platform_settings import PlatformSettings

_RESOURCE = re.compile(r'^resource "(\w+)" "(\w+)"', re.MULTILINE)
_VERBS = {"create": "create", "change": "update", "destroy": "delete"}


@dataclass
class _Applied:
    """What one apply has come to."""

    result: DeploymentResult
    steps: list[Step] = field(default_factory=list[Step])


class InMemoryTerraform:
    """Remembers what was planned and applied: `applied` holds (plan id, approver) in order, `kept` the plans
    whose files were not thrown away, `locked` those of them of which a run died with the state's lock in its hand.

    `fail_at`, `die_at` and `hold` order what becomes of the next apply; `drifted` is what a look for drift finds,
    `left_behind` what a look for leftovers finds, and `is_state_lost` makes every state a lost one until it is imported
    again; `existing` is what a workspace that is taken over is found to be, where it is not just what was decided.
    """

    def __init__(self, platform: PlatformSettings, templates: Path) -> None:
        self._platform = platform
        self._templates = templates
        self._deployed: dict[str, TerraformFiles] = {}
        self._there: defaultdict[str, set[str]] = defaultdict(set)
        self._made: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        self._runs: dict[tuple[str, str], _Applied] = {}
        self._ordered: list[tuple[int, Failure]] = []
        self.applied: list[tuple[str, str]] = []
        self.kept: set[str] = set()
        self.locked: set[str] = set()
        self.drifted: tuple[Drift, ...] = ()
        self.left_behind: tuple[Leftover, ...] | None = ()
        self.is_state_lost = False
        self.existing: ExistingWorkspace | None = None
        self._held: asyncio.Event | None = None

    def fail_at(self, number: int, kind: str = "quota", *, retryable: bool = False) -> None:
        """The next apply fails at its resource of this number, from 1."""
        text, remedy = "Azure refused it in the rehearsal.", "Say it again."
        self._ordered.append((number, Failure(kind=kind, text=text, remedy=remedy, retryable=retryable)))

    def die_at(self, number: int) -> None:
        """The next apply dies at its resource of this number: nobody is told how far it came."""
        self.fail_at(number, "interrupted")

    def hold(self) -> None:
        """The next apply stands still after its first resource, until it is stopped."""
        self.fail_at(2, "cancelled")
        self._held = asyncio.Event()

    async def plan(
        self,
        decision: InfrastructureDecision,
        *,
        deployment_id: str,
        plan_id: str,
        action: PlanAction,
        adopt: str | None = None,
        expects: Expects = "nothing",
        recorded: Mapping[str, JsonValue] | None = None,
        cancelled: Callable[[], bool] = lambda: False,  # noqa: ARG002 - it plans at once
    ) -> tuple[TerraformFiles, PlanFile]:
        if self.is_state_lost and recorded is None:
            require_state(TerraformState(), expects)
        self.kept.add(plan_id)
        files = generate(decision, self._platform, self._templates)
        planned = _plan_file(plan_id, files, self._changes(files, deployment_id, action))
        if adopt is not None:
            planned = _taken_over(planned, self.existing or _as_decided(decision, adopt))
        if recorded is not None:
            there = _imported(self._there[deployment_id])
            planned = planned.model_copy(update={"resources": (), "imported": there})
        drift = self.drifted if self._there[deployment_id] else ()
        return files, planned.model_copy(update={"drift": drift})

    async def apply(
        self, header: PlanHeader, item: PlanItem, approval: Approval, tell: Tell, *, rest: PlanFile | None = None
    ) -> DeploymentResult:
        require_approval(header, item, approval, at=approval.given_at)
        plan_file = rest or item.plan_file
        key = (item.deployment_id, plan_file.sha256)
        # A second call follows the first, as the executor's does: nothing is applied twice.
        if key not in self._runs:
            self.applied.append((header.plan_id, approval.by.name))
            self._runs[key] = self._run(header.plan_id, item, plan_file.resources)
        run = self._runs[key]
        for step in run.steps:
            tell(step)
            if self._held is not None:
                await self._held.wait()
        return run.result

    async def stop(self, plan_id: str, deployment_id: str) -> bool:  # noqa: ARG002 - but what is held, all is done at once
        if self._held is None:
            return False
        self._held.set()
        return True

    async def drift(self, plan_file: PlanFile, *, deployment_id: str) -> tuple[Drift, ...]:  # noqa: ARG002 - done at once
        return self.drifted if self._there[deployment_id] else ()

    async def drift_now(
        self,
        decision: InfrastructureDecision,  # noqa: ARG002 - as it was applied, so it stands
        *,
        deployment_id: str,
        run_id: str,  # noqa: ARG002 - everything is done at once
    ) -> tuple[Drift, ...]:
        if self.is_state_lost:
            require_state(TerraformState(), "workspace")
        return self.drifted if self._there[deployment_id] else ()

    async def remaining(self, item: PlanItem, *, plan_id: str, attempt: int) -> Remaining:
        there = self._there[item.deployment_id]
        left = tuple(
            change
            for change in item.resources
            if (change.address in there if change.action == "delete" else change.address not in there)
        )
        return Remaining(_plan_file(f"{plan_id}.{attempt}", item.files, left), beyond(left, item.resources))

    async def undo(
        self,
        header: PlanHeader,
        item: PlanItem,
        approval: Approval,
        tell: Tell,
        *,
        attempt: int,  # noqa: ARG002 - everything is done at once
    ) -> Undone:
        require_approval(header, item, approval, at=approval.given_at)
        made = self._made[header.plan_id, item.deployment_id]
        for number, address in enumerate(reversed(made), 1):
            tell(Step(number, number, len(made), f"{address} deleted"))
        self._there[item.deployment_id] -= set(made)
        return Undone(undone=tuple(sorted(made)))

    async def leftovers(self, item: PlanItem) -> tuple[Leftover, ...] | None:  # noqa: ARG002 - done at once
        return self.left_behind

    async def give_back(self, plan_id: str) -> None:
        self.locked.discard(plan_id)

    def discard(self, plan_id: str) -> None:
        if plan_id not in self.locked:
            self.kept.discard(plan_id)

    def kept_since(self, before: datetime) -> tuple[str, ...]:  # noqa: ARG002 - made at once, kept for ever
        return tuple(sorted(self.kept))

    def _run(self, plan_id: str, item: PlanItem, changes: tuple[ResourceChange, ...]) -> _Applied:
        number, failure = self._ordered.pop(0) if self._ordered else (len(changes) + 1, None)
        steps: list[Step] = []
        for line, change in enumerate(changes, 1):
            if line == number:
                steps.append(Step(line, line - 1, len(changes), f"{change.address} failed"))
                result = DeploymentResult(deployment_id=item.deployment_id, status="failed", error=failure)
                return _Applied(result, steps)
            self._carry_out(plan_id, item.deployment_id, change)
            steps.append(Step(line, line, len(changes), f"{change.address} done"))
        return _Applied(self._succeeded(item), steps)

    def _carry_out(self, plan_id: str, deployment_id: str, change: ResourceChange) -> None:
        there = self._there[deployment_id]
        if change.action == "delete":
            there.discard(change.address)
        elif change.address not in there:
            there.add(change.address)
            self._made[plan_id, deployment_id].append(change.address)

    def _succeeded(self, item: PlanItem) -> DeploymentResult:
        if item.action == "destroy":
            self._deployed.pop(item.deployment_id, None)
            return DeploymentResult(deployment_id=item.deployment_id, status="destroyed")
        self._deployed[item.deployment_id] = item.files
        if item.plan_file.imported:
            self.is_state_lost = False
        url = f"https://adb-rehearsed.azuredatabricks.net/{item.decision.workspace_name}"
        outputs = {"workspace_url": url, "resource_group_name": item.decision.resource_group_name}
        return DeploymentResult(deployment_id=item.deployment_id, status="succeeded", outputs=dict(outputs))

    def _changes(self, files: TerraformFiles, deployment_id: str, action: PlanAction) -> tuple[ResourceChange, ...]:
        """Every declared resource when it is new or destroyed; on a change, all of them if any value differs."""
        declared = [resource for text in files.files.values() for resource in _RESOURCE.findall(text)]
        if action == "destroy" and deployment_id in self._there:
            declared = [each for each in declared if ".".join(each) in self._there[deployment_id]]
        before = self._deployed.get(deployment_id)
        # A change of nothing plans nothing, but for what somebody else has changed, which is put back.
        if action == "change" and before is not None and before.files == files.files:
            return tuple(_put_back(each) for each in self.drifted)
        return tuple(
            ResourceChange.model_validate(
                {"address": f"{kind}.{name}", "type": kind, "name": name, "action": _VERBS[action]}
            )
            for kind, name in sorted(declared)
        )


def _put_back(drift: Drift) -> ResourceChange:
    action = "create" if drift.what == "deleted" else "update"
    return ResourceChange(address=drift.address, type=drift.type, name=drift.address.split(".")[1], action=action)


def _as_decided(decision: InfrastructureDecision, azure_id: str) -> ExistingWorkspace:
    """As if the workspace stood exactly as it was decided."""
    return ExistingWorkspace(
        name=name_of(azure_id),
        resource_group_name=group_of(azure_id),
        region=decision.region,
        sku=decision.databricks_sku,
        network="public",
        storage_sku=decision.storage_sku,
        tags=decision.tags,
    )


def _taken_over(planned: PlanFile, existing: ExistingWorkspace) -> PlanFile:
    """The workspace is imported as it is, the rest is created."""
    imported = Imported(address=WORKSPACE, type=WORKSPACE.split(".")[0], name="this")
    left = tuple(change for change in planned.resources if change.address != WORKSPACE)
    return planned.model_copy(update={"resources": left, "imported": (imported,), "existing": existing})


def _imported(addresses: Iterable[str]) -> tuple[Imported, ...]:
    return tuple(Imported(address=each, type=each.split(".")[0], name=each.split(".")[1]) for each in sorted(addresses))


def _plan_file(plan_id: str, files: TerraformFiles, changes: tuple[ResourceChange, ...]) -> PlanFile:
    content = [files.files, [change.model_dump() for change in changes], plan_id]
    digest = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
    return PlanFile(
        folder="in-memory",
        path="in-memory",
        sha256=digest,
        semantic_digest=digest,
        terraform_version="in-memory",
        lock_sha256=None,
        state_serial=None,
        state_sha256=None,
        resources=changes,
    )
