"""Planning to a file, and applying exactly that file, by a Terraform that outlives whoever asked for it."""

import asyncio
import contextlib
import json
import shutil
from collections.abc import Callable, Coroutine, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from plugins.deploy.sentences import SAYS
from plugins.deploy.summary import beyond, drifted, resized_in_use, resource_changes
from plugins.deploy.terraform.ahead import initialise_ahead, look_ahead
from plugins.deploy.terraform.approved import require_approval
from plugins.deploy.terraform.contents import Contents
from plugins.deploy.terraform.failures import failure_called, failure_of
from plugins.deploy.terraform.process import CommandResult, stop
from plugins.deploy.terraform.recovery import BEFORE, Recovery, Remaining
from plugins.deploy.terraform.reimport import Reimport
from plugins.deploy.terraform.site import APPLY, Planned, Site, file_hash
from plugins.deploy.terraform.spawn import DetachedProcess, runs_in
from plugins.deploy.terraform.state import Expects, require_state
from plugins.deploy.terraform.stream import Tell, Watcher
from plugins.domain.approval import Approval
from plugins.domain.deployment import DeploymentResult, Drift, Failure, Leftover, Undone
from plugins.domain.errors import Cancelled, DeploymentFailed, InfraError, NotApproved
from plugins.domain.plan import PlanAction, PlanFile, PlanHeader, PlanItem, TerraformFiles
from plugins.private import write_private

RESCUED = "errored.tfstate"
"""What Terraform leaves in the run's folder when it could not write the state where it belongs."""

_LOOK_SECONDS = 0.2
_T = TypeVar("_T")


def never() -> bool:
    return False


def _is_older(path: Path, before: datetime) -> bool:
    try:
        return path.stat().st_mtime < before.timestamp()
    except FileNotFoundError:
        return False


class Executor:
    """Runs Terraform at one site. Holds nothing between calls but the site: every call may come from another process
    than the last, and finds what that one began in the run's folder.
    """

    def __init__(self, site: Site, clock: Callable[[], datetime]) -> None:
        self._site = site
        self._clock = clock
        self._contents = Contents(site)
        self._recovery = Recovery(site, self._contents)

    def look_ahead(self) -> None:
        """Has Terraform looked for beside whatever the caller does."""
        look_ahead(self._site)

    def initialise_ahead(self, required: Callable[[], TerraformFiles]) -> Coroutine[Any, Any, None]:
        """Begins at once to make ready the providers that these files name, and gives what waits for that; no cloud is
        asked. Raises DeploymentFailed.
        """
        return initialise_ahead(self._site, required)

    async def plan(
        self,
        files: TerraformFiles,
        *,
        deployment_id: str,
        plan_id: str,
        action: PlanAction,
        expects: Expects = "nothing",
        cancelled: Callable[[], bool] = never,
    ) -> PlanFile:
        """Writes the files, plans them to a file and binds it by its hashes. What an earlier attempt left is stopped
        and removed first.

        Raises StateLost when what it `expects` does not stand in the state; DeploymentFailed, in words for people, when
        Terraform refuses, or when this plan is being applied; Cancelled soon after `cancelled` comes true.
        """
        folder = self._site.run_folder(plan_id, deployment_id)
        await self._clear(folder)
        destroy = ("-destroy",) if action == "destroy" else ()
        work = self._planned(folder, files, deployment_id, destroy, expects)
        return await self._unless(cancelled, work, plan_id, deployment_id)

    async def reimport(
        self,
        files: TerraformFiles,
        *,
        deployment_id: str,
        plan_id: str,
        recorded: Mapping[str, str],
        cancelled: Callable[[], bool] = never,
    ) -> tuple[TerraformFiles, PlanFile]:
        """The plan that takes over again what is deployed and stands in no state, and its files; `recorded` is what the
        records know of it, address → id. Raises as `plan` does.
        """
        folder = self._site.run_folder(plan_id, deployment_id)
        await self._clear(folder)
        work = self._reimported(folder, files, deployment_id, recorded)
        return await self._unless(cancelled, work, plan_id, deployment_id)

    async def apply(
        self, header: PlanHeader, item: PlanItem, approval: Approval, tell: Tell, *, rest: PlanFile | None = None
    ) -> DeploymentResult:
        """Applies exactly the plan file that was approved, or, after an unclean end, the `rest` of it that `remaining`
        planned. The first call starts it; any later one follows it to its end, or reads it from its files.

        Cancelling only ends the following: `stop` stops Terraform. Raises NotApproved when the approval is for another
        plan, or has ended before this was started. Whatever Terraform makes of it comes back as the result.
        """
        plan_file = rest or item.plan_file
        folder = Path(plan_file.folder)
        first = self._site.run_folder(header.plan_id, item.deployment_id)
        if rest and not (folder.parent == first.parent and folder.name.startswith(f"{first.name}.rest-")):
            # every workspace's addresses are the same: only the folder tells whose rest it is
            raise SAYS.error(NotApproved, "apply.of_something_else")
        # Looked at before the approval: a run that began in time is followed to its end however long that takes; only a
        # start needs an approval that still holds.
        started = DetachedProcess(folder, APPLY).is_started
        require_approval(header, item, approval, at=approval.given_at if started else self._clock())
        refused = None if started else await self._refused(item, plan_file)
        if refused is not None:
            return DeploymentResult(deployment_id=item.deployment_id, status="failed", error=refused)
        if not started:
            await self._made_ready(item, folder, first=rest is None)
        watcher = Watcher(total=len(plan_file.resources), tell=tell)
        ended = await self._site.attach(folder, self._site.apply_command(), watcher.read_line)
        await self._contents.put_back_if_possible(folder, item.deployment_id)
        return _result(item, ended, watcher, rescued=(folder / RESCUED).exists())

    async def _made_ready(self, item: PlanItem, folder: Path, *, first: bool) -> None:
        # Once only, and before the first start: what lies there later may be what this very run has made.
        if first:
            await self._recovery.remember(item)
        await self._contents.take_out(folder, item.deployment_id)

    async def stop(self, plan_id: str, deployment_id: str) -> bool:
        """Interrupts whatever runs for that workspace of that plan and returns when it has ended, its state whole.

        May be called from any process, and again. False when nothing ran.
        """
        folders = self._site.run_folders(plan_id, deployment_id)
        stopped = await asyncio.gather(*(_stop_all(folder) for folder in folders))
        return any(stopped)

    async def drift(self, plan_file: PlanFile, *, deployment_id: str) -> tuple[Drift, ...]:
        """What in the cloud is otherwise than the plan knew; looked for in the plan's own folder, nothing changed."""
        return await self._recovery.drift(Path(plan_file.folder), deployment_id)

    async def drift_now(self, files: TerraformFiles, *, deployment_id: str, run_id: str) -> tuple[Drift, ...]:
        """The same for a workspace of which there is no plan, in a folder that is gone afterwards."""
        folder = self._site.run_folder(run_id, deployment_id)
        await self._clear(folder)
        try:
            await self._contents.prepare(folder, files, deployment_id)
            # Of an empty state a refresh would report no drift at all, which is not what is meant by "none".
            require_state(await self._site.state(folder, deployment_id), "workspace")
            return await self._recovery.drift(folder, deployment_id)
        finally:
            self.discard(run_id)

    async def remaining(self, item: PlanItem, *, plan_id: str, attempt: int) -> Remaining:
        """What an unclean end has left to do: planned afresh, and held against what was approved."""
        folder = self._site.run_folder(plan_id, item.deployment_id, f"rest-{attempt}")
        await self._clear(folder)
        return await self._recovery.remaining(item, folder)

    async def undo(self, header: PlanHeader, item: PlanItem, approval: Approval, tell: Tell, *, attempt: int) -> Undone:
        """Destroys what this plan's run has created, and nothing that was there before. Detached and found again as an
        apply is, by `attempt`. Raises NotApproved when the plan was never approved.
        """
        require_approval(header, item, approval, at=approval.given_at)
        folder = self._site.run_folder(header.plan_id, item.deployment_id, f"undo-{attempt}")
        if not DetachedProcess(folder, APPLY).is_started:
            await self._clear(folder)
        return await self._recovery.undo(item, folder, tell)

    async def leftovers(self, item: PlanItem) -> tuple[Leftover, ...] | None:
        """What this run has created, or a destroy has left, that is in the cloud and in no state; None where that
        cannot be looked for.
        """
        return await self._recovery.leftovers(item)

    async def give_back(self, plan_id: str) -> None:
        """Gives back the state's lock where a run of this plan died with it, so that `discard` may throw its files
        away; nothing where that cannot be done now.
        """
        for part in (self._site.home / "runs" / plan_id).glob("*"):
            if self._site.may_hold_lock(part):
                with contextlib.suppress(InfraError):
                    await self._site.unlock(part)

    def discard(self, plan_id: str) -> None:
        """Throws a plan's files away, except where Terraform left a state that it could not write elsewhere, while
        anything of it runs, and where what died of it may still hold the state's lock.
        """
        folder = self._site.home / "runs" / plan_id
        alive = any(run.may_live for part in folder.glob("*") for run in runs_in(part))
        locks = any(self._site.may_hold_lock(part) for part in folder.glob("*"))
        if not alive and not locks and not any(folder.glob(f"*/{RESCUED}")):
            shutil.rmtree(folder, ignore_errors=True)

    def kept_since(self, before: datetime) -> tuple[str, ...]:
        """The plans whose files were made before that and are still there."""
        folders = (self._site.home / "runs").glob("*")
        return tuple(sorted(path.name for path in folders if _is_older(path, before)))

    async def _planned(
        self, folder: Path, files: TerraformFiles, deployment_id: str, options: tuple[str, ...], expects: Expects
    ) -> PlanFile:
        await self._contents.prepare(folder, files, deployment_id)
        require_state(await self._site.state(folder, deployment_id), expects)
        planned = await self._contents.planned(folder, deployment_id, *options)
        resized = resized_in_use(planned.plan_json)
        if resized is not None:
            raise SAYS.error(DeploymentFailed, "plan.resizes", subnet=resized)
        return await self._bound(folder, deployment_id, planned)

    async def _reimported(
        self, folder: Path, files: TerraformFiles, deployment_id: str, recorded: Mapping[str, str]
    ) -> tuple[TerraformFiles, PlanFile]:
        await self._contents.prepare(folder, files, deployment_id)
        with_blocks, plan_json = await Reimport(self._site).planned(folder, files, recorded)
        return with_blocks, await self._bound(folder, deployment_id, Planned(plan_json, drifted(plan_json)))

    async def _bound(self, folder: Path, deployment_id: str, planned: Planned) -> PlanFile:
        before = await self._site.state(folder, deployment_id)
        # Before anything is applied: an undoing takes away only what is not in this list.
        write_private(folder / BEFORE, json.dumps(sorted(before.resources)))
        return await self._site.bound(folder, deployment_id, planned)

    async def _unless(
        self, cancelled: Callable[[], bool], work: Coroutine[Any, Any, _T], plan_id: str, deployment_id: str
    ) -> _T:
        """The work's result. Raises Cancelled, with nothing left running, soon after `cancelled` comes true."""
        task = asyncio.create_task(work)
        try:
            while not (await asyncio.wait({task}, timeout=_LOOK_SECONDS))[0]:
                if cancelled():
                    # Ending the task ends only the reading. Terraform is detached and goes on until it is stopped.
                    task.cancel()
                    await asyncio.wait({task})
                    await self.stop(plan_id, deployment_id)
                    raise SAYS.error(Cancelled, "plan.stopped")
            return task.result()
        finally:
            task.cancel()

    async def _clear(self, folder: Path) -> None:
        """Ends and removes what an earlier attempt left there. Raises DeploymentFailed where one was applied."""
        # A folder in which an apply began is the only record of what it made: no new plan may take its place.
        if DetachedProcess(folder, APPLY).is_started:
            raise SAYS.error(DeploymentFailed, "plan.is_applied")
        await _stop_all(folder)
        # Before the files go, which alone tell that something died here with the lock in its hand.
        await self._site.unlock(folder)
        shutil.rmtree(folder, ignore_errors=True)

    async def _refused(self, item: PlanItem, plan_file: PlanFile) -> Failure | None:
        """Why this plan file may not be applied any more; None when it is the one that was approved."""
        path, folder = Path(plan_file.path), Path(plan_file.folder)
        # Whoever died between taking the contents out and the start left the copy in the state's place.
        await self._contents.put_back(folder, item.deployment_id)
        if file_hash(path) != plan_file.sha256:
            return failure_called("damaged_plan", "altered")
        # Terraform compares only lineage and serial: a state that was edited by hand under one serial passes there.
        if (await self._site.state(folder, item.deployment_id)).sha256 != plan_file.state_sha256:
            return failure_called("stale_plan", "moved")
        # What remains was planned after the approval, so it is held against what was approved once more, from the file
        # itself.
        if plan_file is not item.plan_file:
            changes = resource_changes(await self._site.show(folder, path.name))
            return failure_called("stale_plan", "more") if beyond(changes, item.resources) else None
        return None


async def _stop_all(folder: Path) -> bool:
    stopped = [await stop(run) for run in runs_in(folder)]
    return any(stopped)


def _result(item: PlanItem, ended: CommandResult, watcher: Watcher, *, rescued: bool) -> DeploymentResult:
    failure = None
    if ended.code != 0:
        died = ended.code is None
        failure = failure_of(watcher.diagnostics, errors=ended.errors, stopped=ended.stopped, died=died)
        failure = failure_called("disk_full", "state_rescued") if rescued else failure
    return DeploymentResult(
        deployment_id=item.deployment_id,
        status="failed" if failure else "destroyed" if item.action == "destroy" else "succeeded",
        outputs={} if failure else watcher.outputs,
        error=failure,
        elapsed_s=ended.seconds,
    )
