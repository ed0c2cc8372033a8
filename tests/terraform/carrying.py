"""One workspace planned, approved and carried out by the real executor, for the tests of this folder."""

import asyncio
import os
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path

from agent.paths import place
from plugins.databricks.proposal import Proposal, propose
from plugins.deploy.digest import item_digest, plan_digest
from plugins.deploy.generate import generate
from plugins.deploy.sandbox import install as sandbox
from plugins.deploy.sandbox.cloud import SandboxCloud
from plugins.deploy.terraform.backend import Backend, LocalState
from plugins.deploy.terraform.executor import Executor
from plugins.deploy.terraform.find import TerraformBinary, find_terraform
from plugins.deploy.terraform.process import environment
from plugins.deploy.terraform.site import Site
from plugins.deploy.terraform.spawn import DetachedProcess
from plugins.deploy.terraform.stream import Step
from plugins.domain.approval import Approval
from plugins.domain.decision import InfrastructureDecision
from plugins.domain.deployment import DeploymentResult, Undone
from plugins.domain.plan import Person, PlanAction, PlanFile, PlanHeader, PlanItem, Target, TerraformFiles
from plugins.domain.platform_settings import PlatformSettings
from plugins.domain.request import InfrastructureRequest

ANA = Person(id="ana@contoso.com", name="Ana", roles=("requester", "approver"))
DEPLOYMENT = "dep_fern"
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


class Workplace:
    """An executor over a sandbox cloud below `home`, and what one workspace of team fern is planned with.

    Two of them over one home are two processes as far as the executor can tell: it holds nothing between calls.
    """

    def __init__(self, home: Path, *, speed: float = 0, backend: Backend | None = None) -> None:
        self.home = home
        self.cloud = SandboxCloud(sandbox.cloud_path(home))
        self.steps: list[Step] = []
        self.now = NOW
        self.site = Site(
            terraform=found,
            home=home,
            environment=lambda: environment(os.environ, sandbox.environment(home, speed=speed), azure=False),
            backend=backend or LocalState(),
            cloud=sandbox.cloud_path(home),
        )
        self.executor = Executor(self.site, lambda: self.now)

    async def item(self, action: PlanAction = "create", *, plan_id: str = "pln_1", workers: int = 2) -> PlanItem:
        """Planned, and with its plan file."""
        files = files_of(decided(workers))
        plan_file = await self.executor.plan(files, deployment_id=DEPLOYMENT, plan_id=plan_id, action=action)
        return item_of(files, plan_file, action, workers=workers)

    async def item_of(self, decision: InfrastructureDecision, *, plan_id: str, deployment_id: str) -> PlanItem:
        """Another workspace planned, and with its plan file."""
        files = files_of(decision)
        plan_file = await self.executor.plan(files, deployment_id=deployment_id, plan_id=plan_id, action="create")
        item = item_of(files, plan_file, "create")
        return item.model_copy(update={"deployment_id": deployment_id, "decision": decision})

    async def apply(self, item: PlanItem, *, plan_id: str = "pln_1", rest: PlanFile | None = None) -> DeploymentResult:
        header, approval = approved(item, plan_id)
        return await self.executor.apply(header, item, approval, self.steps.append, rest=rest)

    async def undo(self, item: PlanItem, *, plan_id: str = "pln_1", attempt: int = 1) -> Undone:
        header, approval = approved(item, plan_id)
        return await self.executor.undo(header, item, approval, self.steps.append, attempt=attempt)

    async def deployed(self) -> PlanItem:
        """A workspace that is there, by a plan of its own."""
        item = await self.item(plan_id="pln_0")
        assert (await self.apply(item, plan_id="pln_0")).status == "succeeded"
        return item

    async def standing(self) -> None:
        """A workspace that is there, its state in a file, without the plan that made it: for what comes afterwards.
        This process makes it once, and copies it from then on.
        """
        assert isinstance(self.site.backend, LocalState)
        made = await _made_once()
        shutil.copytree(made / "deployments", self.home / "deployments")
        there = (sandbox.cloud_path(made), sandbox.cloud_path(self.home))
        with closing(sqlite3.connect(there[0])) as cloud, closing(sqlite3.connect(there[1])) as copy:
            cloud.backup(copy)

    def kinds(self) -> list[str]:
        """The types of what the cloud holds."""
        return sorted(found.type for found in self.cloud.leftovers())


_made: list[tempfile.TemporaryDirectory[str]] = []


async def _made_once() -> Path:
    """The home in which a workspace was deployed; it goes with this process."""
    if not _made:
        home = tempfile.TemporaryDirectory(prefix="brickie-standing-")
        await Workplace(Path(home.name)).deployed()
        _made.append(home)
    return Path(_made[0].name)


@cache
def found() -> TerraformBinary:
    return find_terraform(os.environ)


def proposed(workers: int = 2, network: str | None = None) -> Proposal:
    request = InfrastructureRequest.model_validate(
        {
            "team": "fern",
            "environment": "dev",
            "workload_type": "data_engineering",
            "max_workers": workers,
            "network": network,
        }
    )
    return propose(request, PlatformSettings(), identity=DEPLOYMENT, today=date(2026, 11, 25))


def decided(workers: int = 2, network: str | None = None) -> InfrastructureDecision:
    return proposed(workers, network).decision


def files_of(decision: InfrastructureDecision) -> TerraformFiles:
    return generate(decision, PlatformSettings(), place("templates") / "terraform")


def item_of(files: TerraformFiles, plan_file: PlanFile, action: PlanAction, *, workers: int = 2) -> PlanItem:
    proposal = proposed(workers)
    return PlanItem(
        deployment_id=DEPLOYMENT,
        action=action,
        request=proposal.request,
        decision=proposal.decision,
        cost=proposal.cost,
        resources=plan_file.resources,
        files=files,
        plan_file=plan_file,
    )


def approved(item: PlanItem, plan_id: str, *, at: datetime = NOW) -> tuple[PlanHeader, Approval]:
    """A plan of this one workspace, and Ana's approval of it."""
    target, digests = Target(mode="sandbox"), (item_digest(item),)
    digest = plan_digest(digests, cost=item.cost, target=target)
    header = PlanHeader(plan_id=plan_id, digest=digest, cost=item.cost, target=target, item_digests=digests)
    approval = Approval("apr_1", plan_id, digest, ANA, at, at + timedelta(hours=1))
    return header, approval


def changed(files: TerraformFiles, values: Mapping[str, str]) -> TerraformFiles:
    """The files with some texts in place of others."""
    return TerraformFiles(files={**files.files, **values})


async def until(holds: Callable[[], object], *, seconds: float = 30) -> None:
    """Looks again and again. Fails the test when it does not come to hold."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        await asyncio.sleep(0.02)


def run_of(item: PlanItem) -> DetachedProcess:
    return DetachedProcess(Path(item.plan_file.folder), "apply")


def terraform_pid(run: DetachedProcess) -> int:
    """The child of the run's shell that is Terraform."""
    leader = run.leader
    assert leader is not None
    told = Path(f"/proc/{leader.pid}/task/{leader.pid}/children").read_text("utf-8").split()
    return int(told[0])
