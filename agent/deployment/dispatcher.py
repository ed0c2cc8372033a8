"""What turns order, written down in the turn's own transaction, and started once that is kept."""

import asyncio
import logging
from collections.abc import Sequence

from agent.deployment.ahead import Preparations
from agent.deployment.apply import apply_workspace
from agent.deployment.context import DeploymentContext
from agent.deployment.plan import plan_workspace
from agent.orders import ApplyOrder, DiscardOrder, Job, Order, PlanOrder, StopOrder
from agent.store.records import Records
from agent.store.runs import Run, RunKind

_FEW = 5
_AT_A_TIME = 20

_log = logging.getLogger(__name__)


class Dispatcher:
    """Keeps orders as runs and jobs, and tells when a conversation's work has ended. With `reads_only` nothing is
    waited for, and nothing asked to stop: what is under way is another process's.
    """

    def __init__(self, context: DeploymentContext, *, reads_only: bool = False) -> None:
        self._context = context
        self._following = context.following
        self._reads_only = reads_only
        self._discards: set[asyncio.Task[None]] = set()
        self._awaking: asyncio.Task[None] | None = None
        self._preparations = Preparations(None if reads_only else context.ahead)

    def look_ahead(self) -> None:
        """Somebody speaks: Terraform is looked for while it is found out what they want."""
        self._preparations.look()

    def somebody_is_here(self) -> None:
        """What their orders will need is awoken while it is found out what they want."""
        if self._awaking is None:
            self._awaking = asyncio.create_task(self._context.engine.awake())
            self._awaking.add_done_callback(_heard)

    def expects_a_plan(self) -> None:
        """The providers are made ready while it is decided what to plan, and that is kept."""
        self._preparations.initialise()

    async def start(self) -> None:
        """Begins to work, with what was left when this process, or another that died, last stopped."""
        context = self._context
        await context.engine.start(
            {
                "plan": lambda run_id: plan_workspace(context, run_id),
                "apply": lambda run_id: apply_workspace(context, run_id),
                "spread": self._spread,
            }
        )

    async def awake(self) -> None:
        """To be waited for before an order is kept that has work to be done."""
        await self._context.engine.awake()

    def order(self, records: Records, orders: Sequence[Order]) -> tuple[Job, ...]:
        """Keeps these orders in the caller's transaction; give the jobs to `committed` when it is kept."""
        jobs: list[Job] = []
        for order in orders:
            match order:
                case PlanOrder():
                    records.keep_order(order, now=self._context.clock())
                    ids = tuple(part.deployment_id for part in order.parts)
                    jobs += self._ordered(records, order, "plan", f"plan:{order.plan_id}", ids)
                case ApplyOrder():
                    # The engine starts work of one name once: a consent that comes twice orders one apply.
                    name = f"apply:{order.plan_id}:{order.digest}"
                    jobs += self._ordered(records, order, "apply", name, order.deployment_ids)
                case DiscardOrder():
                    records.settle_plan(order.plan_id, "superseded", was=("planning",))
                    records.request_cancel(order.plan_id, "plan")
                case StopOrder():
                    records.request_cancel(order.plan_id, "apply", order.deployment_id)
        # In the very transaction: a job without its run would find nothing, a run without its job would lie for ever.
        self._context.engine.enqueue(records.connection, jobs)
        return tuple(jobs)

    def committed(self, orders: Sequence[Order], jobs: Sequence[Job]) -> None:
        """The transaction is kept: the work may begin."""
        self._context.engine.committed(jobs)
        for order in orders:
            if isinstance(order, DiscardOrder):
                task = asyncio.create_task(self._discarded(order.plan_id))
                self._discards.add(task)
                task.add_done_callback(self._discards.discard)

    async def settled(self, conversation: str, *, has_ordered: bool = False) -> None:
        """Returns when nothing that this conversation ordered is under way any more, and all of it has been told;
        `has_ordered` when something just was, so that a look at once would find it.
        """
        if self._reads_only:
            return await self._following.look()
        return await self._following.until(
            lambda records: not records.is_under_way(conversation), at_once=not has_ordered
        )

    async def cancel(self, conversations: Sequence[str]) -> bool:
        """Asks everything that these conversations ordered to stop cleanly; True when there was something."""
        if self._reads_only:
            return False

        def asked(records: Records) -> int:
            under_way = [run for name in conversations for run in records.under_way(name)]
            return sum(records.request_cancel(run.plan_id, run.kind) for run in under_way)

        return bool(await self._context.database.transact(asked))

    async def tidied(self) -> None:
        """Returns when the files of plans that ended here are gone."""
        await asyncio.gather(*self._discards, return_exceptions=True)

    async def stop(self) -> None:
        """Ends this process's work; Terraform that runs goes on, and is found again."""
        await self.tidied()
        await self._preparations.stop()
        if self._awaking is not None:
            await asyncio.gather(self._awaking, return_exceptions=True)
        await self._context.engine.stop()

    def _ordered(
        self, records: Records, order: PlanOrder | ApplyOrder, kind: RunKind, name: str, ids: tuple[str, ...]
    ) -> list[Job]:
        """A run for each workspace, and a job for each; where they are many, one job that spreads itself."""
        runs = [
            Run(
                run_id=name if len(ids) == 1 else f"{name}:{position}",
                kind=kind,
                plan_id=order.plan_id,
                position=position,
                deployment_id=deployment_id,
                conversation=order.conversation,
                turn=order.turn,
            )
            for position, deployment_id in enumerate(ids)
        ]
        records.keep_runs(runs)
        # Queueing a job takes some milliseconds of the turn's transaction: many are queued by a job of their own.
        if len(runs) <= _FEW:
            return [self._job(run, yields=False) for run in runs]
        return [Job(id=name, kind="spread", argument=f"{kind} {order.plan_id}")]

    def _job(self, run: Run, *, yields: bool) -> Job:
        lane = self._context.target.subscription or self._context.target.mode
        return Job(id=run.run_id, kind=run.kind, argument=run.run_id, lane=lane, yields=yields)

    async def _spread(self, argument: str) -> None:
        """The jobs of a plan of many: hundreds of them would keep the turn that orders them waiting.

        Some at a time, since others want to write between; a job that was queued before a crash stays as it is.
        """
        kind, plan_id = argument.split(" ", 1)
        runs = await self._context.database.read(
            lambda records: records.runs_of(plan_id, "apply" if kind == "apply" else "plan")
        )
        jobs = [self._job(run, yields=True) for run in runs if run.status != "ended"]
        for first in range(0, len(jobs), _AT_A_TIME):
            some = jobs[first : first + _AT_A_TIME]
            await self._context.kept(lambda records, some=some: self._context.engine.enqueue(records.connection, some))
            self._context.engine.committed(some)

    async def _discarded(self, plan_id: str) -> None:
        """Stops what still plans it, and throws its files away."""
        deployments = await self._context.database.read(
            lambda records: [run.deployment_id for run in records.runs_of(plan_id, "plan") if run.status == "running"]
        )
        for deployment_id in deployments:
            await self._context.terraform.stop(plan_id, deployment_id)
        await self._context.discard(plan_id)


def _heard(awaking: "asyncio.Task[None]") -> None:
    """Whoever orders tries it again, and is told."""
    if not awaking.cancelled() and (error := awaking.exception()) is not None:
        _log.error("what carries out orders could not be awoken", exc_info=error)
