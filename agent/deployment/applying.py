"""Applying one approved workspace: check again, apply that file, and see every unclean end through.

Each end is one of three, and is said: *finished*, *undone* (what this run had created is removed again), or *listed
for a person*. The run's notes say how far it is, so that whoever takes it over goes on from there.
"""

import asyncio
import time
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict

from agent.approvals import given
from agent.deployment.planning import Watch
from agent.deployment.progress import Progressing
from agent.deployment.settling import Ending, keep_ending
from agent.deployment.workshop import Workshop
from agent.store.records import Records
from agent.store.running import Run
from plugins.domain.approval import Approval
from plugins.domain.deployment import DeploymentResult, DeploymentStatus, Failure, Undone
from plugins.domain.errors import InfraError
from plugins.domain.plan import PlanFile, PlanHeader, PlanItem

_PASSES_BY_ITSELF = frozenset({"interrupted"})


class Notes(BaseModel):
    """How far an apply is. `was` is the deployment's status before it; `rests` are the plans of its further tries."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    was: DeploymentStatus
    is_checked: bool = False
    rests: tuple[PlanFile, ...] = ()
    is_undoing: bool = False

    def with_(self, **changes: object) -> "Notes":
        return self.model_copy(update=changes)


@dataclass
class _Work:
    """One apply in hand."""

    shop: Workshop
    run: Run
    header: PlanHeader
    item: PlanItem
    approval: Approval
    notes: Notes

    async def keep(self, notes: Notes) -> None:
        self.notes = notes
        await self.shop.kept(lambda records: records.note_run(self.run.run_id, notes.model_dump_json()))


async def apply_workspace(shop: Workshop, run_id: str) -> None:
    """Applies one workspace of an approved plan; the body of the job `apply`."""
    work = await shop.kept(lambda records: _begun(shop, records, run_id))
    if work is None:
        return
    if isinstance(work, Ending):
        ending = work
    else:
        async with Progressing(shop, work.run, work.item) as progress, Watch(shop, run_id) as watch:
            stopping = asyncio.create_task(_stop_when_told(work, watch))
            try:
                ending = await _applied(work, progress)
            finally:
                stopping.cancel()
    last = await shop.kept(lambda records: keep_ending(shop, records, ending))
    if last:
        shop.terraform.discard(ending.run.plan_id)


def _begun(shop: Workshop, records: Records, run_id: str) -> "_Work | Ending | None":
    """The work as the records have it, checked again; its ending when it may not be done; None when it was done."""
    now = shop.clock()
    if not records.begin_run(run_id, shop.engine.executor, now=now):
        return None
    run = records.run(run_id)
    item = records.item(run.plan_id, run.position)
    deployment = records.deployment(run.deployment_id)
    was = Notes(was=deployment.status if deployment else "planned")
    notes = Notes.model_validate_json(run.notes) if run.notes else was
    found = records.plan_head(run.plan_id)
    kept = records.approval_row(run.plan_id)
    approval = given(kept, found, shop.rules) if kept is not None else None
    if approval is None or found is None:
        return Ending(run, item, None, _refused("not_approved"), notes.was)
    if run.cancel_requested and not run.notes:
        return Ending(run, item, approval, _refused("cancelled_before"), notes.was)
    if found.grounds != shop.grounds and not notes.is_checked:
        return Ending(run, item, approval, _refused("grounds_changed"), notes.was)
    records.note_run(run_id, notes.model_dump_json())
    if deployment is not None:
        status: DeploymentStatus = "destroying" if item.action == "destroy" else "applying"
        records.keep_deployment(deployment.model_copy(update={"status": status, "updated_at": now}))
    return _Work(shop, run, found.header, item, approval, notes)


_REFUSALS = {
    "not_approved": ("There is no valid approval of this very plan, so nothing was done.", "Ask for the plan again."),
    "cancelled_before": ("It was stopped before it began; nothing was done.", "Say it again when you want it."),
    "grounds_changed": (
        "Prices or policy changed since the plan was approved, so it was not applied.",
        "Ask again; I will price and plan afresh.",
    ),
    "drifted": (
        "Somebody changed the workspace outside of me since the plan was made, so it was not applied.",
        "Ask again; the new plan shows what it would do now.",
    ),
    "beyond": (
        "It was interrupted, and finishing it now would do more than was approved, so I stopped there.",
        "Say the change again: I plan afresh from what stands.",
    ),
}


def _refused(kind: str) -> DeploymentResult:
    text, remedy = _REFUSALS[kind]
    return DeploymentResult(deployment_id="", status="failed", error=Failure(kind=kind, text=text, remedy=remedy))


async def _stop_when_told(work: _Work, watch: Watch) -> None:
    """A person's stop reaches Terraform from whichever process works."""
    await watch.cancelled.wait()
    await work.shop.terraform.stop(work.run.plan_id, work.run.deployment_id)


async def _applied(work: _Work, progress: Progressing) -> Ending:
    started = time.monotonic()
    try:
        result, undone = await _seen_through(work, progress)
    except InfraError as error:
        kind = getattr(error, "kind", error.code)
        failure = Failure(kind=kind, text=error.problem, remedy=error.remedy, retryable=error.retryable)
        result = DeploymentResult(deployment_id=work.run.deployment_id, status="failed", error=failure)
        undone = None
    elapsed = round(time.monotonic() - started, 2)
    result = result.model_copy(update={"elapsed_s": result.elapsed_s or elapsed})
    leftovers = None
    if result.status == "destroyed":
        leftovers = await work.shop.terraform.leftovers(
            work.item.decision, deployment_id=work.run.deployment_id
        )  # fmt: skip
    return Ending(work.run, work.item, work.approval, result, work.notes.was, undone, leftovers)


async def _seen_through(work: _Work, progress: Progressing) -> tuple[DeploymentResult, Undone | None]:
    if not work.notes.is_undoing:
        result = await _tried(work, progress)
        if result.status != "failed" or result.error is None or work.item.action == "destroy":
            return result, None
        if result.error.kind in ("drifted", "stale_plan", "damaged_plan"):
            return result, None
        await work.keep(work.notes.with_(is_undoing=True))
    else:
        result = await _once(work, progress)
    undone = await work.shop.terraform.undo(
        work.header, work.item, work.approval, progress.undoing, attempt=len(work.notes.rests)
    )  # fmt: skip
    return result, undone


async def _tried(work: _Work, progress: Progressing) -> DeploymentResult:
    """Applied; tried again, within what was approved, when it was interrupted or what failed passes by itself."""
    if work.item.action != "create" and not work.notes.is_checked:
        drift = await work.shop.terraform.drift(work.item.plan_file, deployment_id=work.run.deployment_id)
        if set(drift) - set(work.item.plan_file.drift):
            return _refused("drifted")
    if not work.notes.is_checked:
        await work.keep(work.notes.with_(is_checked=True))
    pause = work.shop.patience.first_seconds
    while True:
        result = await _once(work, progress)
        if not _worth_retrying(result) or len(work.notes.rests) >= work.shop.patience.retries:
            return result
        if result.error is not None and result.error.kind not in _PASSES_BY_ITSELF:
            await asyncio.sleep(pause)
            pause *= 3
        attempt = len(work.notes.rests) + 1
        rest = await work.shop.terraform.remaining(work.item, plan_id=work.run.plan_id, attempt=attempt)
        if rest.is_finished and work.item.action == "destroy":
            return DeploymentResult(deployment_id=work.run.deployment_id, status="destroyed")
        if not rest.is_within:
            return result if work.item.action == "create" else _refused("beyond")
        await work.keep(work.notes.with_(rests=(*work.notes.rests, rest.plan_file)))


async def _once(work: _Work, progress: Progressing) -> DeploymentResult:
    rest = work.notes.rests[-1] if work.notes.rests else None
    return await work.shop.terraform.apply(work.header, work.item, work.approval, progress.applying, rest=rest)


def _worth_retrying(result: DeploymentResult) -> bool:
    return result.error is not None and (result.error.retryable or result.error.kind in _PASSES_BY_ITSELF)
