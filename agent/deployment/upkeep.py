"""What nobody orders: plans that ran out of time, workspaces that expire, workspaces that somebody else changed.

One process at a time does it, by a lease in the records; every sweep may be cut off anywhere and done again. Touches
the records, throws away files of plans that are over, and asks the cloud through Terraform what differs; it changes
nothing there, but may order a destroy, which a person or the policy then decides. Days end at midnight UTC.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta

from agent.approvals import approve_expiry, expires_unasked
from agent.deployment.archive import Archive
from agent.deployment.bill_refresh import BillRefresh
from agent.deployment.context import DeploymentContext
from agent.deployment.dispatcher import Dispatcher
from agent.deployment.ending import ended
from agent.deployment.price_refresh import PriceRefresh
from agent.deployment.reminders import ReminderShares, remind
from agent.dialogue.advance import EXPIRY_PREFIX
from agent.events import Message
from agent.orders import ApplyOrder, DiscardOrder, Job, PlanOrder, PlanPart
from agent.store.audit import BRICKIE, Entry, changed, who_of
from agent.store.backlog import note_backlog
from agent.store.database import RecordsUnavailable
from agent.store.records import Records
from agent.views.news import note_ending
from agent.views.workspace_status import DRIFTED, LOOKED, LOST, note_lost
from agent.wording import phrase
from plugins.domain.deployment import Deployment, Drift
from plugins.domain.errors import InfraError, StateLost

WARNINGS = (timedelta(days=7), timedelta(days=1), timedelta(hours=1))
"""How long before its expiry a workspace's people are warned; each once."""

REMEMBERED = timedelta(days=1)
"""How long the id of an answered message is kept, by which a repeat is known."""

SHOWN_ONCE = timedelta(days=45)
"""How long the messages of chat platforms are remembered: longer than any plan waits (`Approvals__PlanHours`)."""

FORGOTTEN = timedelta(hours=1)
"""Older files of a plan that is over were left by a process that died: nobody else will throw them away."""

MOST_LOOKS = 5
"""Workspaces that one sweep holds against the cloud; each takes Terraform some seconds, and expiries wait meanwhile."""

MOST_TOLD = 500
"""Characters of what differs that are kept and told."""

_LEASE = timedelta(minutes=5)
_LOOK = "drift"
"""How the ids of looks for drift begin."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class UpkeepSchedule:
    """Seconds between two sweeps, and hours between two looks at a workspace (0 for never); when those are reminded who
    do not answer.
    """

    sweep_seconds: float
    drift_hours: float
    reminders: ReminderShares = field(default_factory=ReminderShares)


class Upkeep:
    """Sweeps on its schedule once begun; `sweep` does one round."""

    def __init__(
        self,
        context: DeploymentContext,
        work: Dispatcher,
        schedule: UpkeepSchedule,
        new_id: Callable[[str], str],
        *,
        prices: PriceRefresh | None = None,
        bills: BillRefresh | None = None,
        archive: Archive | None = None,
    ) -> None:
        self._archive = archive
        self._prices = prices
        self._bills = bills
        self._context = context
        self._work = work
        self._schedule = schedule
        self._new_id = new_id
        self._task: asyncio.Task[None] | None = None

    def begin(self) -> None:
        if self._task is None:
            self._task = asyncio.create_task(self._sweeping())

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def sweep(self) -> None:
        """One round, if no other process is at it; what lies about here, each process tidies for itself."""
        now = self._context.clock()
        for plan_id in await asyncio.to_thread(self._context.terraform.kept_since, now - FORGOTTEN):
            await self._by_itself(self._tidied(plan_id), plan_id)
        # Files lie on this machine alone, so that part is before the lease, which another process may hold.
        # Two processes that swept at once would warn twice and look at every workspace twice.
        holder = self._context.engine.executor
        if not await self._context.kept(lambda records: records.lease("upkeep", holder, now=now, until=now + _LEASE)):
            return
        await self._context.kept(lambda records: records.forget_received(now - REMEMBERED))
        await self._context.kept(lambda records: records.forget_sessions(now))
        await self._context.kept(lambda records: records.forget_outgoing(now - SHOWN_ONCE))
        await self._context.kept(lambda records: records.forget_news(now - SHOWN_ONCE))
        note_backlog(await self._context.database.read(lambda records: records.backlog(now)))
        await self._expire_plans()
        await remind(self._context, self._schedule.reminders)
        await self._warn_and_expire()
        await self._renew_prices()
        if self._bills is not None:
            self._bills.begin_if_due()
        await self._look_for_drift()
        if self._archive is not None:
            await self._archive.archive(self._context, now)

    async def _sweeping(self) -> None:
        while True:
            try:
                await self.sweep()
            except Exception:  # noqa: BLE001 - the next round may do better; this one is in the log
                _log.exception("a round of upkeep failed")
            await asyncio.sleep(self._schedule.sweep_seconds)

    async def _tidied(self, plan_id: str) -> None:
        if plan_id.startswith(_LOOK):
            await self._context.discard(plan_id)
        else:
            await self._context.discard_if_over(plan_id)

    async def _expire_plans(self) -> None:
        now = self._context.clock()
        for plan_id, _ in await self._context.database.read(lambda records: records.overdue(now)):
            await self._by_itself(self._expire_plan(plan_id), plan_id)

    async def _by_itself(self, work: Coroutine[None, None, None], of: str) -> None:
        """What goes wrong with one plan or workspace keeps nobody from the others; a database that is away, does."""
        try:
            await work
        except RecordsUnavailable:
            raise
        except Exception:  # noqa: BLE001 - logged, and tried again by the next round
            _log.exception("upkeep of %s failed", of)

    async def _expire_plan(self, plan_id: str) -> None:
        orders = await self._context.kept(lambda records: self._expired(records, plan_id))
        self._work.committed(orders, ())

    def _expired(self, records: Records, plan_id: str) -> list[DiscardOrder]:
        return ended(
            self._context,
            self._work,
            records,
            plan_id,
            status="expired",
            reason=phrase("deployment.nobody_decided"),
            deed=phrase("deployment.audit.let_expire"),
        )

    async def _warn_and_expire(self) -> None:
        now = self._context.clock()
        until = (now + WARNINGS[0]).date()
        for deployment in await self._context.database.read(lambda records: records.expiring(until)):
            await self._by_itself(self._warn_or_expire(deployment), deployment.workspace_name)

    async def _warn_or_expire(self, deployment: Deployment) -> None:
        left = expiry_of(deployment) - self._context.clock()
        if left <= timedelta(0):
            return await self._expire(deployment)
        since = expiry_of(deployment) - deployment.updated_at
        due = [warning for warning in WARNINGS if left <= warning <= since]
        return await self._context.kept(lambda records: self._warned(records, deployment, due))

    def _warned(self, records: Records, deployment: Deployment, due: list[timedelta]) -> None:
        """Warns by the nearest that is due; the earlier ones are then past."""
        now, about = self._context.clock(), str(deployment.expires_on)
        fresh = [records.notice(deployment.deployment_id, f"expires in {w}", about, now=now) for w in due]
        if fresh and fresh[-1]:
            self._say(records, deployment, "expiry_warning", left=_left(due[-1]))
            self._note_ending(records, deployment, "ends", about=f"{about} {due[-1]}")

    async def _expire(self, deployment: Deployment) -> None:
        conversation_id = EXPIRY_PREFIX + deployment.deployment_id
        await self._work.awake()
        ordered = await self._context.kept(lambda records: self._expiry_ordered(records, deployment, conversation_id))
        if ordered is not None:
            self._work.committed(*ordered)
            return
        decided = await self._context.kept(lambda records: self._expiry_decided(records, deployment, conversation_id))
        if decided is not None:
            self._work.committed(*decided)

    def _expiry_ordered(
        self, records: Records, deployment: Deployment, conversation_id: str
    ) -> tuple[list[PlanOrder], tuple[Job, ...]] | None:
        """The destroy of what expired, for a person or the policy to decide; asked again daily while nobody does."""
        now = self._context.clock()
        conversation = records.conversation(conversation_id)
        about = f"{deployment.expires_on}, asked on {now.date()}"
        if (
            conversation.planning
            or conversation.pending
            or not records.notice(deployment.deployment_id, "expired", about, now=now)
        ):
            return None
        part = PlanPart(
            deployment_id=deployment.deployment_id,
            action="destroy",
            request=deployment.request,
            decision=deployment.decision,
            cost=deployment.cost,
        )
        order = PlanOrder(
            plan_id=self._new_id("pln"),
            action="destroy",
            conversation=conversation_id,
            turn=conversation.turn + 1,
            person=deployment.requested_by,
            parts=(part,),
        )
        records.note(Entry(now, BRICKIE, "expired", deployment_id=deployment.deployment_id, plan_id=order.plan_id))
        planning = conversation.with_(turn=conversation.turn + 1, planning=order.plan_id)
        records.keep_conversation(
            planning,
            now=now,
            owner=deployment.requested_by.key,
            title=phrase("deployment.expired_title", name=deployment.workspace_name),
        )
        jobs = self._work.order(records, [order])
        unasked = expires_unasked(deployment, self._context.rules)
        self._say(records, deployment, "expired", plan_id=order.plan_id, unasked=unasked)
        self._note_ending(records, deployment, "ended", about=about)
        return [order], jobs

    def _note_ending(self, records: Records, deployment: Deployment, what: str, *, about: str) -> None:
        text = phrase(f"views.elsewhere.{what}", name=deployment.workspace_name, day=deployment.expires_on)
        note_ending(records, deployment, text, about=about, now=self._context.clock())

    def _expiry_decided(
        self, records: Records, deployment: Deployment, conversation_id: str
    ) -> tuple[list[ApplyOrder], tuple[Job, ...]] | None:
        """The policy's own consent, where the settings give it."""
        conversation = records.conversation(conversation_id)
        pending = records.plan(conversation.pending.plan_id) if conversation.pending else None
        if pending is None or pending[1] != "pending":
            return None
        plan, now = pending[0], self._context.clock()
        approval = approve_expiry(plan, deployment, self._context.rules, approval_id=self._new_id("apr"), now=now)
        if approval is None or not records.settle_plan(plan.plan_id, "approved") or not records.keep_approval(approval):
            return None
        records.note(
            Entry(
                now,
                who_of(approval.by),
                phrase("deployment.audit.approved_destroy"),
                f"digest {plan.digest[:12]}",
                deployment_id=deployment.deployment_id,
                plan_id=plan.plan_id,
                conversation=conversation_id,
                change=changed({"plan": "pending"}, {"plan": "approved", "digest": plan.digest}),
            )
        )
        records.keep_conversation(conversation.with_(pending=None), now=now)
        order = ApplyOrder(plan.plan_id, plan.digest, conversation_id, conversation.turn, (deployment.deployment_id,))
        return [order], self._work.order(records, [order])

    async def _renew_prices(self) -> None:
        """The price lists of what stands, of what was asked for before, and of the usual region."""
        if self._prices is None:
            return
        live = await self._context.database.read(lambda records: records.deployments(live=True))
        usual = self._context.platform.defaults.region
        await self._prices.sweep({deployment.decision.region for deployment in live} | ({usual} if usual else set()))

    async def _look_for_drift(self) -> None:
        """Holds each workspace against its Terraform, one at a time, and says what differs, each difference once."""
        if not self._schedule.drift_hours:
            return
        live = await self._context.database.read(lambda records: records.deployments(live=True))
        looks = 0
        for deployment in live:
            if deployment.status == "succeeded" and await self._context.kept(
                lambda records, d=deployment: self._is_to_be_looked_at(records, d)
            ):
                await self._by_itself(self._held_against(deployment), deployment.workspace_name)
                looks += 1
            if looks == MOST_LOOKS:
                return

    def _is_to_be_looked_at(self, records: Records, deployment: Deployment) -> bool:
        """True once in each period, and not just after Terraform itself has looked."""
        now, period = self._context.clock(), timedelta(hours=self._schedule.drift_hours)
        last = records.noticed(deployment.deployment_id, "looking")
        began = max(deployment.updated_at, datetime.fromisoformat(last[1]) if last else deployment.updated_at)
        if now - began < period:
            return False
        records.forget_notices(deployment.deployment_id, "looking")
        return records.notice(deployment.deployment_id, "looking", "", now=now)

    async def _held_against(self, deployment: Deployment) -> None:
        try:
            drift = await self._context.terraform.drift_now(
                deployment.decision, deployment_id=deployment.deployment_id, run_id=self._new_id(_LOOK)
            )
        except StateLost:
            await self._context.kept(lambda records: self._lost(records, deployment))
            return
        except InfraError as error:
            _log.warning("looking for drift in %s: %s", deployment.workspace_name, error.problem)
            return
        await self._context.kept(lambda records: self._looked(records, deployment, drift))

    def _lost(self, records: Records, deployment: Deployment) -> None:
        """Says once that the state is gone; again when it was there meanwhile."""
        now, of = self._context.clock(), deployment.deployment_id
        if note_lost(records, of, now=now):
            records.note(Entry(now, BRICKIE, phrase("deployment.audit.state_lost"), deployment_id=of))
            self._say(records, deployment, "state_lost")

    def _looked(self, records: Records, deployment: Deployment, drift: tuple[Drift, ...]) -> None:
        """Keeps what was seen, and tells it where it was not told yet."""
        now, of = self._context.clock(), deployment.deployment_id
        what = "; ".join(f"{d.address} {d.what} {', '.join(d.attributes)}".strip() for d in drift)[:MOST_TOLD]
        last = records.noticed(of, DRIFTED)
        records.forget_notices(of, LOOKED, LOST)
        records.notice(of, LOOKED, "", now=now)
        if last is not None and last[0] == what:
            return
        records.forget_notices(of, DRIFTED)
        if drift:
            records.notice(of, DRIFTED, what, now=now)
            records.note(Entry(now, BRICKIE, phrase("deployment.audit.drifted"), what, deployment_id=of))
            self._say(records, deployment, "drifted", what=what)

    def _say(self, records: Records, deployment: Deployment, reply: str, **values: object) -> None:
        """A message in the conversation that the workspace came from."""
        conversation = records.conversation(deployment.conversation)
        if conversation.version == 0:
            records.keep_conversation(conversation, now=self._context.clock(), owner=deployment.requested_by.key)
        text = self._context.wording.say(
            reply, name=deployment.workspace_name, expires=str(deployment.expires_on), **values
        )
        self._context.tell(records, Message(conversation=conversation.id, turn=conversation.turn, text=text))


def expiry_of(deployment: Deployment) -> datetime:
    """The end (UTC) of the day on which it expires."""
    day = deployment.expires_on
    if day is None:
        raise RuntimeError("it never expires")
    return datetime.combine(day, time(0), UTC) + timedelta(days=1)


def _left(warning: timedelta) -> str:
    if warning >= timedelta(days=2):
        return phrase("deployment.left.days", count=warning.days)
    return phrase("deployment.left.day") if warning >= timedelta(days=1) else phrase("deployment.left.hour")
