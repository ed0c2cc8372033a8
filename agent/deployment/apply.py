"""Applying one approved workspace: check again, apply that file, and see every unclean end through.

Each end is one of three, and is said: *finished*, *undone* (what this run had created is removed again), or *listed
for a person*. The run's notes say how far it is, so that whoever takes it over goes on from there.
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from functools import partial

from pydantic import BaseModel, ConfigDict

from agent.approvals import stored_approval
from agent.deployment.context import DeploymentContext
from agent.deployment.engine import Cleanup
from agent.deployment.outcome import UNTOUCHED, ApplyOutcome, keep_ending, shown_result
from agent.deployment.progress import ProgressWriter
from agent.deployment.watch import Watch
from agent.metrics import count
from agent.store.records import Records
from agent.store.runs import Run
from agent.telemetry import logged_fault
from agent.wording import phrase
from plugins.domain.approval import Approval
from plugins.domain.deployment import DeploymentResult, DeploymentStatus, Failure, Undone
from plugins.domain.errors import InfraError
from plugins.domain.health import WorkspaceHealth
from plugins.domain.plan import PlanFile, PlanHeader, PlanItem

_STOP_AGAIN_SECONDS = 0.2
_PASSES_BY_ITSELF = frozenset({"interrupted"})
_log = logging.getLogger(__name__)


class ApplyNotes(BaseModel):
    """How far an apply is. `was` is the deployment's status before it; `rests` are the plans of its further tries, and
    `undoings` counts the tries to take back what it had made.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    was: DeploymentStatus
    is_checked: bool = False
    rests: tuple[PlanFile, ...] = ()
    undoings: int = 0

    def with_(self, **changes: object) -> "ApplyNotes":
        return self.model_copy(update=changes)


@dataclass
class _Work:
    """One apply in hand."""

    context: DeploymentContext
    run: Run
    header: PlanHeader
    item: PlanItem
    approval: Approval
    notes: ApplyNotes
    watch: Watch

    @property
    def is_told_to_stop(self) -> bool:
        return self.watch.cancelled.is_set()

    async def keep(self, notes: ApplyNotes) -> None:
        self.notes = notes
        await self.context.kept(
            lambda records: records.note_run(self.run.run_id, notes.model_dump_json()), quietly=True
        )


async def apply_workspace(context: DeploymentContext, run_id: str) -> Cleanup | None:
    """Applies one workspace of an approved plan; the body of the job `apply`."""
    work = await context.kept(lambda records: _begun(context, records, run_id), quietly=True)
    if work is None:
        return await context.tidying(run_id)
    keep_steps = None
    if isinstance(work, ApplyOutcome):
        ending = work
    else:
        async with ProgressWriter(context, work.run, work.item) as progress, work.watch:
            ending, keep_steps = await _applied(work, progress), progress.keep
    # Kept first, the files thrown away afterwards: whoever takes over reads how Terraform ended from them.
    over = await context.kept(lambda records: keep_ending(context, records, ending, keep_steps))
    count("brickie.applies", action=ending.item.action, status=shown_result(context, ending).status)
    if ending.result.error is not None:
        count("brickie.failures", where="apply", kind=ending.result.error.kind)
    if over:
        return partial(context.terraform.discard, ending.run.plan_id)
    return None


def _begun(context: DeploymentContext, records: Records, run_id: str) -> "_Work | ApplyOutcome | None":
    """The work as the records have it, checked again; its ending when it may not be done; None when it was done."""
    now = context.clock()
    if not records.begin_run(run_id, context.engine.executor, now=now):
        return None
    run = records.run(run_id)
    item = records.item(run.plan_id, run.position)
    deployment = records.deployment(run.deployment_id)
    was = ApplyNotes(was=deployment.status if deployment else "planned")
    notes = ApplyNotes.model_validate_json(run.notes) if run.notes else was
    plan = records.plan_head(run.plan_id)
    approval_row = records.approval_row(run.plan_id)
    approval = stored_approval(approval_row, plan, context.rules) if approval_row is not None else None
    if approval is None or plan is None:
        return ApplyOutcome(run, item, None, _refused("not_approved"), notes.was)
    if run.cancel_requested and not run.notes:
        return ApplyOutcome(run, item, approval, _refused("cancelled_before"), notes.was)
    if item.adopt is not None and records.holding(item.adopt, but=run.deployment_id) is not None:
        return ApplyOutcome(run, item, approval, _refused("taken"), notes.was)
    # Only before the first start: what runs at the price that was consented to is seen through.
    if plan.pricing_policy_digest != context.pricing_policy_digest and not notes.is_checked:
        return ApplyOutcome(run, item, approval, _refused("grounds_changed"), notes.was)
    # What is made new has nothing in the cloud that could have changed since it was planned: this was its check.
    notes = notes.with_(is_checked=notes.is_checked or item.action == "create")
    # Kept before anything is touched: whoever takes over from a process that dies from here on knows what it was.
    records.note_run(run_id, notes.model_dump_json())
    if deployment is not None:
        status: DeploymentStatus = "destroying" if item.action == "destroy" else "applying"
        records.keep_deployment(deployment.model_copy(update={"status": status, "updated_at": now}))
    return _Work(context, run, plan.header, item, approval, notes, Watch(context, run))


def _refused(kind: str) -> DeploymentResult:
    text, remedy = phrase(f"deployment.refused.{kind}.text"), phrase(f"deployment.refused.{kind}.remedy")
    return _failed(Failure(kind=kind, text=text, remedy=remedy))


@contextlib.asynccontextmanager
async def _stoppable(work: _Work) -> AsyncGenerator[None, None]:
    """In here a person's stop reaches Terraform, whichever process works. An undoing is outside: a stop wants it."""

    async def stopped() -> None:
        # One interrupt ends Terraform cleanly, with its state saved; the executor sees to it that there is only one.
        await work.watch.cancelled.wait()
        while True:  # until this ends: what is about to start is stopped, too
            await work.context.terraform.stop(work.run.plan_id, work.run.deployment_id)
            await asyncio.sleep(_STOP_AGAIN_SECONDS)

    stopping = asyncio.create_task(stopped())
    try:
        yield
    finally:
        stopping.cancel()
        await asyncio.gather(stopping, return_exceptions=True)


async def _applied(work: _Work, progress: ProgressWriter) -> ApplyOutcome:
    started = time.monotonic()
    undone: Undone | None = None
    leftovers = None
    try:
        result, undone = await _seen_through(work, progress)
        if result.status == "destroyed" or (undone is not None and work.item.action == "create"):
            leftovers = await work.context.terraform.leftovers(work.item)
    except InfraError as error:
        result = _failed(_failure(error))
    except Exception:  # noqa: BLE001 - the top of a run: logged with an id, told by that id, and left for a person
        result = _failed(_fault())
    elapsed = round(time.monotonic() - started, 2)
    result = result.model_copy(update={"elapsed_s": result.elapsed_s or elapsed})
    health = await _health(work, result)
    return ApplyOutcome(work.run, work.item, work.approval, result, work.notes.was, undone, leftovers, health)


async def _health(work: _Work, result: DeploymentResult) -> WorkspaceHealth | None:
    """Whether what was applied works; None where nothing stands, or there is no cloud to ask."""
    if result.status != "succeeded" or work.context.health is None:
        return None
    return await work.context.health.look(result.outputs)


async def _seen_through(work: _Work, progress: ProgressWriter) -> tuple[DeploymentResult, Undone | None]:
    if work.notes.undoings:
        result = await _once(work, progress)
    else:
        async with _stoppable(work):
            result = await _tried(work, progress)
        if result.error is None or result.error.kind in UNTOUCHED or work.item.action == "destroy":
            return result, None
        # Before the undoing begins: who takes over from here on must not go on with an apply that is being taken back.
        await work.keep(work.notes.with_(undoings=1))
    undone = await _undone(work, progress)
    if result.error is not None and result.error.kind == "cancelled":
        result = _refused("cancelled")  # Terraform's own words say that what was made is kept
    return result, undone


async def _tried(work: _Work, progress: ProgressWriter) -> DeploymentResult:
    """Applied; tried again, within what was approved, when it was interrupted or what failed passes by itself."""
    if work.item.action != "create" and not work.notes.is_checked:
        try:
            drift = await work.context.terraform.drift(work.item.plan_file, deployment_id=work.run.deployment_id)
        except InfraError as error:
            return _failed(Failure(kind="unchecked", text=error.problem, remedy=error.remedy))
        # What the plan itself had found, the person has seen and confirmed; only what came since stops it.
        if set(drift) - set(work.item.plan_file.drift):
            return _refused("drifted")
    # Before the start: whoever takes over must not take what this very run has changed for somebody else's doing.
    if not work.notes.is_checked:
        await work.keep(work.notes.with_(is_checked=True))
    while True:
        result = await _once(work, progress)
        if result.error is None:
            return result
        # A rest is a plan of the same state: it is stale only where somebody else has changed that meanwhile.
        if work.notes.rests and result.error.kind in UNTOUCHED:
            return _refused("beyond")
        if not _passes(result.error) or len(work.notes.rests) >= work.context.retry_policy.retries:
            return result
        ended = await _gone_on(work, result)
        if ended is not None:
            return ended


async def _gone_on(work: _Work, result: DeploymentResult) -> DeploymentResult | None:
    """Plans what that failure left to do; None when it may be applied now, else the end of it."""
    attempt = len(work.notes.rests) + 1
    if result.error is not None and result.error.kind not in _PASSES_BY_ITSELF:
        await _paused(work, attempt)
    if work.is_told_to_stop:
        return _refused("cancelled")
    # A saved plan cannot be applied twice ("Saved plan is stale"), so what is left is planned anew, and is applied
    # under the same approval only where it holds nothing that was not approved.
    try:
        rest = await work.context.terraform.remaining(work.item, plan_id=work.run.plan_id, attempt=attempt)
    except InfraError as error:
        _log.warning("planning what is left of %s: %s", work.run.run_id, error.problem)
        return result
    if rest.is_finished and work.item.action == "destroy":
        return DeploymentResult(deployment_id=work.run.deployment_id, status="destroyed")
    if not rest.is_within:
        return result if work.item.action == "create" else _refused("beyond")
    if work.is_told_to_stop:
        return _refused("cancelled")
    await work.keep(work.notes.with_(rests=(*work.notes.rests, rest.plan_file)))
    return None


async def _once(work: _Work, progress: ProgressWriter) -> DeploymentResult:
    rest = work.notes.rests[-1] if work.notes.rests else None
    try:
        return await work.context.terraform.apply(work.header, work.item, work.approval, progress.applying, rest=rest)
    except InfraError as error:
        return _failed(_failure(error))


async def _undone(work: _Work, progress: ProgressWriter) -> Undone:
    """What this run had created taken away again; tried again when that is interrupted, or fails by what passes."""
    gone: set[str] = set()
    while True:
        undone = await _undone_once(work, progress)
        gone |= set(undone.undone)
        last = (
            undone.error is None or not _passes(undone.error) or work.notes.undoings > work.context.retry_policy.retries
        )
        if last:
            return undone.model_copy(update={"undone": tuple(sorted(gone))})
        await asyncio.sleep(_pause(work, work.notes.undoings))
        await work.keep(work.notes.with_(undoings=work.notes.undoings + 1))


async def _undone_once(work: _Work, progress: ProgressWriter) -> Undone:
    """Where it cannot even be planned, everything that the run was to create is listed for a person."""
    try:
        return await work.context.terraform.undo(
            work.header, work.item, work.approval, progress.undoing, attempt=work.notes.undoings
        )
    except InfraError as error:
        created = tuple(change.address for change in work.item.resources if change.action == "create")
        return Undone(left=created, error=_failure(error))


async def _paused(work: _Work, attempt: int) -> None:
    """Waits longer before each further try; a stop ends the wait."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_pause(work, attempt)):
            await work.watch.cancelled.wait()


def _pause(work: _Work, attempt: int) -> float:
    return work.context.retry_policy.first_seconds * 3 ** (attempt - 1)


def _passes(failure: Failure) -> bool:
    return failure.retryable or failure.kind in _PASSES_BY_ITSELF


def _failure(error: InfraError) -> Failure:
    kind = getattr(error, "kind", error.code)
    return Failure(kind=kind, text=error.problem, remedy=error.remedy, retryable=error.retryable)


def _failed(failure: Failure) -> DeploymentResult:
    return DeploymentResult(deployment_id="", status="failed", error=failure)


def _fault() -> Failure:
    fault = logged_fault(_log, "a run failed")
    text = phrase("deployment.applying_fault.text", fault=fault)
    return Failure(kind="internal", text=text, remedy=phrase("deployment.applying_fault.remedy"))
