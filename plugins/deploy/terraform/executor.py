"""Planning to a file, and applying exactly that file."""

import asyncio
import hashlib
import json
import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from plugins.deploy.digest import plan_digest, semantic_digest
from plugins.deploy.summary import resource_changes
from plugins.deploy.terraform.failures import diagnostics_of, failure_of
from plugins.deploy.terraform.find import Found
from plugins.deploy.terraform.process import Command, Ended, run
from plugins.deploy.terraform.stream import Watcher
from plugins.domain.approval import Approval
from plugins.domain.deployment import DeploymentResult, Failure
from plugins.domain.errors import DeploymentFailed, NotApproved
from plugins.domain.plan import Plan, PlanAction, PlanFile, PlanItem, TerraformFiles
from plugins.tracing import span

PLAN_NAME = "plan.tfplan"
RESCUED = "errored.tfstate"
"""What Terraform leaves in the run's folder when it could not write the state where it belongs."""

Step = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Site:
    """Where and with what Terraform runs. `home` is BRICKIE_HOME; limits are in seconds."""

    terraform: Callable[[], Found]
    home: Path
    environment: Callable[[], Mapping[str, str]]
    plan_seconds: float = 900
    apply_seconds: float = 3 * 3600

    def state(self, deployment_id: str) -> Path:
        return self.home / "deployments" / deployment_id / "terraform.tfstate"

    def run_folder(self, plan_id: str, deployment_id: str) -> Path:
        return self.home / "runs" / plan_id / deployment_id


class Executor:
    """Runs Terraform at one site. Holds nothing between calls but the site."""

    def __init__(self, site: Site, clock: Callable[[], datetime]) -> None:
        self._site = site
        self._clock = clock

    async def plan(self, files: TerraformFiles, *, deployment_id: str, plan_id: str, action: PlanAction) -> PlanFile:
        """Writes the files, plans them to a file and binds it by its hashes.

        Raises DeploymentFailed, in words for people, when Terraform refuses; nothing is left behind then.
        """
        folder = self._site.run_folder(plan_id, deployment_id)
        state = self._site.state(deployment_id)
        try:
            _write(folder, files)
            state.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise DeploymentFailed(
                "writing the Terraform files", "the working folder cannot be written to.",
                "Check that BRICKIE_HOME is yours and that its disk has space.",
            ) from error  # fmt: skip
        await self._must(folder, Command("init", (*_INIT, f"-backend-config=path={state}"), 300))
        await self._must(folder, Command("validate", ("validate", "-json"), 120))
        destroy = ("-destroy",) if action == "destroy" else ()
        await self._must(folder, Command("plan", (*_PLAN, *destroy), self._site.plan_seconds))
        shown = await self._must(folder, Command("show", ("show", "-json", PLAN_NAME), 120))
        return self._bound(folder, state, json.loads(shown.output))

    async def apply(self, plan: Plan, item: PlanItem, approval: Approval, step: Step) -> DeploymentResult:
        """Applies exactly the plan file that was approved. `step` is told of progress.

        Raises NotApproved when the approval is for another plan or has ended. Whatever Terraform makes of it comes
        back as the result; a cancel stops it cleanly first and says so.
        """
        now = self._clock()
        digest = plan_digest(plan.items, cost=plan.cost, target=plan.target)
        if digest != plan.digest or not approval.covers(plan_id=plan.plan_id, digest=digest, at=now):
            raise NotApproved(
                "applying the plan", "there is no valid approval of this very plan.",
                "Ask for the plan again and confirm it.",
            )  # fmt: skip
        started = time.monotonic()
        stale = self._stale(item.plan_file, self._site.state(item.deployment_id))
        if stale is not None:
            return _failed(item, stale, started)
        folder = Path(item.plan_file.folder)
        watcher = Watcher(total=len(item.resources), step=step)
        command = Command("apply", _APPLY, self._site.apply_seconds)
        try:
            ended = await self._run(folder, command, watcher.told)
        except asyncio.CancelledError:
            return _failed(item, _CANCELLED, started)
        except DeploymentFailed as error:
            return _failed(item, Failure(kind="timeout", text=error.problem, remedy=error.remedy), started)
        return self._result(item, ended, watcher, folder, started)

    def discard(self, plan_id: str) -> None:
        """Throws a plan's files away, except where Terraform left a state that it could not write elsewhere."""
        folder = self._site.home / "runs" / plan_id
        if folder.is_dir() and not any(folder.glob(f"*/{RESCUED}")):
            shutil.rmtree(folder, ignore_errors=True)

    def _result(self, item: PlanItem, ended: Ended, watcher: Watcher, folder: Path, started: float) -> DeploymentResult:
        if ended.code != 0:
            failure = failure_of(watcher.diagnostics, errors=ended.errors)
            if (folder / RESCUED).exists():
                failure = _RESCUED_STATE
            return _failed(item, failure, started)
        return DeploymentResult(
            deployment_id=item.deployment_id,
            status="destroyed" if item.action == "destroy" else "succeeded",
            outputs=watcher.outputs,
            elapsed_s=round(time.monotonic() - started, 2),
        )

    def _stale(self, plan_file: PlanFile, state: Path) -> Failure | None:
        """Why this plan file may not be applied any more; None when it is the one that was approved."""
        path = Path(plan_file.path)
        if not path.is_file() or _hash(path) != plan_file.sha256:
            return Failure(
                kind="damaged_plan", text="The saved plan is gone or was altered, so it was not applied.",
                remedy="Ask again; I will plan afresh.",
            )  # fmt: skip
        if _hash(state) != plan_file.state_sha256:
            return Failure(
                kind="stale_plan", text="The workspace changed since the plan was made, so it was not applied.",
                remedy="Ask again; I will plan afresh.",
            )  # fmt: skip
        return None

    async def _run(self, folder: Path, command: Command, told: Callable[[str], None] | None = None) -> Ended:
        with span(f"terraform {command.name}"):
            return await run(self._site.terraform().command, command, folder, self._site.environment(), told)

    async def _must(self, folder: Path, command: Command) -> Ended:
        ended = await self._run(folder, command)
        if ended.code == 0:
            return ended
        told = diagnostics_of(ended.output)
        if command.name == "validate":
            told = json.loads(ended.output or "{}").get("diagnostics", [])
        failure = failure_of(told, errors=ended.errors)
        raise DeploymentFailed(
            f"running terraform {command.name}", failure.text, failure.remedy, retryable=failure.retryable
        )

    def _bound(self, folder: Path, state: Path, shown: Mapping[str, Any]) -> PlanFile:
        path, lock = folder / PLAN_NAME, folder / ".terraform.lock.hcl"
        path.chmod(0o600)
        return PlanFile(
            folder=str(folder),
            path=str(path),
            sha256=_hash(path) or "",
            semantic_digest=semantic_digest(shown),
            terraform_version=str(shown.get("terraform_version", "")),
            lock_sha256=_hash(lock),
            state_serial=json.loads(state.read_text("utf-8")).get("serial") if state.is_file() else None,
            state_sha256=_hash(state),
            resources=resource_changes(shown),
        )


_INIT = ("init", "-input=false", "-json")
_PLAN = ("plan", "-input=false", "-json", "-lock-timeout=30s", f"-out={PLAN_NAME}")
_APPLY = ("apply", "-input=false", "-json", "-lock-timeout=30s", PLAN_NAME)
_CANCELLED = Failure(
    kind="cancelled",
    text="It was stopped on request; what had been made by then is kept in the state.",
    remedy="Say the request again to finish it, or destroy what is there.",
)
_RESCUED_STATE = Failure(
    kind="disk_full",
    text="The state could not be written, most likely because the disk is full; it was saved in the run's folder.",
    remedy="Free some space and run `brickie doctor`, which puts it back.",
)


def _failed(item: PlanItem, failure: Failure, started: float) -> DeploymentResult:
    return DeploymentResult(
        deployment_id=item.deployment_id, status="failed", error=failure, elapsed_s=round(time.monotonic() - started, 2)
    )


def _write(folder: Path, files: TerraformFiles) -> None:
    folder.mkdir(parents=True, mode=0o700)
    for name, text in files.files.items():
        path = folder / name
        path.touch(mode=0o600)
        path.write_text(text, "utf-8")


def _hash(path: Path) -> str | None:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else None
