"""Planning one workspace: what Terraform would do to it, decided as it stands in the cloud where it is taken over.

In goes a run, out comes what `publish` writes down of it. Touches the run's files and asks the cloud through Terraform;
nothing is changed there. A plan takes seconds in the sandbox and about a minute on Azure.
"""

import asyncio
import contextlib
import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial

from pydantic import JsonValue

from agent.deployment.context import DeploymentContext
from agent.deployment.engine import Cleanup
from agent.deployment.publish import keep_given_up, keep_planned, keep_unplanned
from agent.deployment.watch import Watch
from agent.metrics import count
from agent.orders import PlanPart
from agent.store.records import Records
from agent.store.runs import Run
from agent.telemetry import logged_fault
from agent.wording import error_of, money, phrase
from plugins.check.living import living_findings
from plugins.databricks.proposal import Proposal
from plugins.databricks.taken_over import as_it_stands
from plugins.deploy.adoption import require_untouched
from plugins.deploy.terraform.state import Expects
from plugins.domain.deployment import Deployment
from plugins.domain.errors import Cancelled, DeploymentFailed, InfraError, InvalidRequest
from plugins.domain.finding import Finding
from plugins.domain.plan import PlanFile, PlanItem, TerraformFiles
from plugins.domain.platform_settings import PlatformSettings

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Ordered:
    """What is to be planned, and what the records have of it."""

    run: Run
    part: PlanPart
    deployment: Deployment | None

    @property
    def expects(self) -> Expects:
        """A change or destroy of what is deployed needs its state. What failed half-way, as a destroy may have, can
        have an empty one, but none that is missing.
        """
        if self.part.action == "create" or self.deployment is None:
            return "nothing"
        if self.deployment.status == "succeeded":
            return "workspace"
        return "state" if self.deployment.outputs else "nothing"

    @property
    def recorded(self) -> Mapping[str, JsonValue] | None:
        return self.deployment.outputs if self.part.reimport and self.deployment is not None else None


async def plan_workspace(context: DeploymentContext, run_id: str) -> Cleanup | None:
    """Plans one workspace of a plan; the body of the job `plan`."""
    executor = context.engine.executor

    def begun(records: Records) -> _Ordered | None:
        run = records.run(run_id)
        if not records.begin_run(run_id, executor, now=context.clock()):
            return None
        return _Ordered(run, records.part(run.plan_id, run.position), records.deployment(run.deployment_id))

    ordered = await context.kept(begun, quietly=True)
    if ordered is None:
        return await context.tidying(run_id)
    run = ordered.run
    ended = await _ended(context, ordered)
    over = await context.kept(lambda records: ended(context, records))
    _count_ended(ordered, ended)
    if over:
        return partial(context.terraform.discard, run.plan_id)
    return None


def _count_ended(ordered: _Ordered, ended: "partial[bool]") -> None:
    how = {keep_planned: "planned", keep_given_up: "given up"}.get(ended.func, "failed")
    count("brickie.plans", action=ordered.part.action, how=how)
    if "error" in ended.keywords:
        count("brickie.failures", where="plan", kind=ended.keywords["error"].code)


async def _ended(context: DeploymentContext, ordered: _Ordered) -> "partial[bool]":
    """How the planning ended, as what is to be kept of it; that tells whether its files are of no use."""
    run, part = ordered.run, ordered.part
    if run.cancel_requested:
        return partial(keep_given_up, run=run)
    try:
        return partial(keep_planned, run=run, item=await _planned(context, ordered))
    except Cancelled:
        return partial(keep_given_up, run=run)
    except InfraError as error:
        return partial(keep_unplanned, run=run, part=part, error=error)
    except Exception:  # noqa: BLE001 - the top of a run: logged with an id, told by that id
        return partial(keep_unplanned, run=run, part=part, error=_fault())


async def _planned(context: DeploymentContext, ordered: _Ordered) -> PlanItem:
    """The workspace planned; what passes by itself is tried again."""
    pause = context.retry_policy.first_seconds
    async with Watch(context, ordered.run) as watch:
        for attempt in range(context.retry_policy.retries + 1):
            try:
                return await _planned_once(context, ordered, watch)
            except DeploymentFailed as error:
                if not error.retryable or attempt == context.retry_policy.retries:
                    raise
            with contextlib.suppress(TimeoutError):  # a stop ends the wait, and then the next try
                await asyncio.wait_for(watch.cancelled.wait(), pause)
            pause *= 3
    raise AssertionError("the last try returns or raises")


async def _planned_once(context: DeploymentContext, ordered: _Ordered, watch: Watch) -> PlanItem:
    """What is taken over is looked at by a first plan, and planned as it was found by a second."""
    part = ordered.part
    lives = await _living(context, ordered)
    files, plan_file = await _plan_file(context, ordered, watch)
    if part.adopt is not None:
        platform = await context.database.read(context.priced)
        # The first plan was made of what was said; what stands may be in another region, or of another kind.
        part = _as_found(context, part, plan_file, platform)
        files, plan_file = await _plan_file(context, replace(ordered, part=part), watch)
        require_untouched(plan_file)
    return PlanItem(
        deployment_id=part.deployment_id,
        action=part.action,
        request=part.request,
        decision=part.decision,
        cost=part.cost,
        policy=(*lives, *part.policy),
        resources=plan_file.resources,
        alternatives=part.alternatives,
        before=part.before,
        adopt=part.adopt,
        files=files,
        plan_file=plan_file,
    )


async def _living(context: DeploymentContext, ordered: _Ordered) -> tuple[Finding, ...]:
    """What a destroy would take with it. Raises InvalidRequest where something runs that must be stopped first."""
    part, deployment = ordered.part, ordered.deployment
    if part.action != "destroy" or context.contents is None or deployment is None or not deployment.outputs:
        return ()
    contents = await context.contents.contents(deployment.outputs)
    findings = living_findings(contents, part.decision, context.platform.policy)
    denial = next((finding for finding in findings if finding.severity == "deny"), None)
    if denial is not None:
        name = part.decision.workspace_name
        raise error_of(InvalidRequest, "deployment.still_runs", name=name, problem=denial.message, remedy=denial.remedy)
    return findings


async def _plan_file(context: DeploymentContext, ordered: _Ordered, watch: Watch) -> tuple[TerraformFiles, PlanFile]:
    run, part = ordered.run, ordered.part
    return await context.terraform.plan(
        part.decision,
        deployment_id=part.deployment_id,
        plan_id=run.plan_id,
        action=part.action,
        adopt=part.adopt,
        expects=ordered.expects,
        recorded=ordered.recorded,
        cancelled=watch.cancelled.is_set,
    )


def _as_found(context: DeploymentContext, part: PlanPart, looked: PlanFile, platform: PlatformSettings) -> PlanPart:
    """The workspace that is taken over, decided as it stands in the cloud. Raises InvalidRequest where the policy's
    rules deny what was found, or its month is above the limit.
    """
    if looked.existing is None:
        require_untouched(looked)
        return part
    today = context.clock().date()
    proposal = as_it_stands(part.request, looked.existing, platform, identity=part.deployment_id, today=today)
    denial = next((finding for finding in proposal.findings if finding.severity == "deny"), None)
    if denial is not None:
        raise error_of(InvalidRequest, "deployment.taking_over_denied", problem=denial.message, remedy=denial.remedy)
    if proposal.excess is not None:
        above = money(proposal.excess.by, proposal.cost.currency)
        raise error_of(InvalidRequest, "deployment.above_limit", above=above)
    return part.model_copy(
        update={
            "request": proposal.request,
            "decision": proposal.decision,
            "cost": proposal.cost,
            "policy": (_taken_over(), *_leaner(proposal), *proposal.findings),
        }
    )


def _leaner(proposal: Proposal) -> tuple[Finding, ...]:
    """Nothing is made smaller silently."""
    if proposal.instead_of is None:
        return ()
    usual = money(proposal.instead_of.expected, proposal.instead_of.currency)
    message = phrase("deployment.leaner.message", usual=usual)
    return (Finding(rule="leaner", severity="warn", message=message, remedy=phrase("deployment.leaner.remedy")),)


def _taken_over() -> Finding:
    return Finding(
        rule="takes-over",
        severity="warn",
        message=phrase("deployment.takes_over.message"),
        remedy=phrase("deployment.takes_over.remedy"),
    )


def _fault() -> InfraError:
    return error_of(InfraError, "deployment.planning_fault", fault=logged_fault(_log, "planning failed"))
