"""The bill kept up to date: read once a day behind everything, held against limits, told where it runs away.

What fails is kept as a failure, for whoever asks what something cost; the days of before stay with their date.
"""

import asyncio
import logging
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Protocol

from agent.deployment.context import DeploymentContext
from agent.events import Message
from agent.store.audit import BRICKIE, Entry
from agent.store.bills import WorkspaceDay
from agent.store.database import RecordsUnavailable
from agent.store.records import Records
from agent.telemetry import logged_fault
from agent.views.bills import FIRST_DAYS, THRESHOLDS, BilledMonth, BillPeriod, billed_months, jump_of, threshold_of
from agent.views.portfolio import stands
from agent.wording import difference, money, phrase
from plugins.domain.bill import BilledDay, BillRead, BillReading
from plugins.domain.deployment import Deployment
from plugins.domain.errors import InfraError

AGAIN = timedelta(hours=1)
"""After a failure; longer where Azure asks for it."""

CORRECTED_DAYS = 5
"""Of a new month, in which the month before is read once more: Azure closes a bill only then."""

READ_SECONDS = 600.0

_log = logging.getLogger(__name__)


class BillSource(Protocol):
    """Reads the bill; see `plugins.resource_manager.bills`."""

    @property
    def reads_bills(self) -> bool: ...

    @property
    def read_again_after(self) -> timedelta:
        """How old a reading becomes before it is made anew unasked."""
        ...

    async def read_bill(
        self, billed: Sequence[Deployment], groups: Sequence[str], since: date, until: date, *, seconds: float
    ) -> BillRead:
        """Raises InfraError, with the seconds after which it may be asked again as `wait` where Azure said so."""
        ...


class BillRefresh:
    """Reads the bill by itself and when somebody asks for it; one reading at a time."""

    def __init__(self, context: DeploymentContext, source: BillSource) -> None:
        self._context = context
        self._source = source
        self._task: asyncio.Task[BillReading] | None = None

    @property
    def is_read(self) -> bool:
        """Whether there is a bill to read here at all; it may read a file."""
        return self._source.reads_bills

    def begin_if_due(self) -> None:
        """As `refresh_if_due`, and waits for nothing: Azure may make it last."""
        self._begun()

    async def refresh_if_due(self) -> BillReading:
        """Reads it now where the last reading is a day old, or failed some time ago; how the last one went."""
        return await asyncio.shield(self._begun())

    async def stop(self) -> None:
        """Leaves what is under way."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def _begun(self) -> "asyncio.Task[BillReading]":
        # Whether one is due is looked up within it: what was looked up before is of before a reading that ends by now.
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._read_if_due())
        return self._task

    async def _read_if_due(self) -> BillReading:
        """How it went, whatever happens: who asks is told, and a kept failure ends asking for a while."""
        now = self._context.clock()
        try:
            last = await self._context.database.read(lambda records: records.bill_reading())
            if not self._is_due(last, now) or not await asyncio.to_thread(lambda: self.is_read):
                return last
            return await self._read(last, now)
        except RecordsUnavailable as error:
            _log.warning("%s: %s", error.activity, error.problem)
            return BillReading(tried_at=now, problem=error.problem.rstrip("."))

    def _is_due(self, last: BillReading, now: datetime) -> bool:
        if last.tried_at is None:
            return True
        pause = AGAIN if last.problem else self._source.read_again_after
        return now - last.tried_at >= pause and (last.not_before is None or now >= last.not_before)

    async def _read(self, last: BillReading, now: datetime) -> BillReading:
        try:
            return await self._read_anew(last, now)
        except RecordsUnavailable:
            raise  # it is the records that are away: nothing can be kept of that
        except InfraError as error:
            _log.warning("%s: %s", error.activity, error.problem)
            return await self._failed(last, error.problem, getattr(error, "wait", 0.0), now)
        except Exception:  # noqa: BLE001 - the top of a reading: logged with an id, told by that id
            problem = phrase("deployment.bill_fault", fault=logged_fault(_log, "a reading failed"))
            return await self._failed(last, problem, 0.0, now)

    async def _read_anew(self, last: BillReading, now: datetime) -> BillReading:
        """Reads and keeps it; where nothing stands that could be billed nobody is asked, and it stays due."""
        known = await self._context.database.read(lambda records: records.deployments())
        since, until = _span(last, now.date()), now.date()
        billed = [deployment for deployment in known if _was_billed(deployment, since)]
        groups = {group for deployment in billed for group in groups_of(deployment)}
        if not groups:
            return last
        read = await self._source.read_bill(billed, sorted(groups), since, until, seconds=READ_SECONDS)
        reading = BillReading(read_at=now, tried_at=now)
        await self._context.kept(lambda records: self._kept(records, read, billed, reading))
        return reading

    async def _failed(self, last: BillReading, problem: str, wait_seconds: float, now: datetime) -> BillReading:
        wait = timedelta(seconds=max(wait_seconds, 0.0))
        reading = BillReading(last.read_at, now, now + wait if wait else None, problem.rstrip("."))
        await self._context.kept(lambda records: records.keep_bill_reading(reading))
        return reading

    def _kept(self, records: Records, read: BillRead, billed: Sequence[Deployment], reading: BillReading) -> None:
        records.keep_bill(_attributed(read.days, billed), read.since, read.until)
        records.keep_bill_reading(reading)
        self._alert(records, billed, read.until)

    def _alert(self, records: Records, billed: Sequence[Deployment], today: date) -> None:
        """Tells of each month that has reached a part of its limit, and of each day that jumped; each once."""
        period = BillPeriod.of(today, today)
        days = records.billed(period.first - timedelta(days=FIRST_DAYS), today)
        rates = self._context.platform.pricing.exchange_rates
        standing = [deployment for deployment in billed if stands(deployment)]
        for deployment, month in billed_months(standing, days, period, rates):
            self._tell_threshold(records, deployment, month, period)
        of: dict[str, list[WorkspaceDay]] = {}
        for day in days:
            of.setdefault(day.deployment_id, []).append(day)
        for deployment in standing:
            self._tell_jump(records, deployment, of.get(deployment.deployment_id, []), period.through)

    def _tell_threshold(self, records: Records, deployment: Deployment, month: BilledMonth, period: BillPeriod) -> None:
        """By the highest that is reached; the lower ones are then past."""
        reached, now = threshold_of(month), self._context.clock()
        if reached is None or month.limit is None:
            return
        about, due = f"{period.first:%Y-%m}", [threshold for threshold in THRESHOLDS if threshold <= reached]
        fresh = [records.notice(deployment.deployment_id, f"bill {of} %", about, now=now) for of in due]
        if not fresh[-1]:
            return
        self._say(
            records,
            deployment,
            "bill_limit",
            percent=reached,
            billed=money(month.billed, month.currency),
            is_part=month.is_part,
            limit=money(month.limit, month.currency),
            forecast="" if month.forecast is None else money(month.forecast, month.currency),
        )

    def _tell_jump(self, records: Records, deployment: Deployment, days: Sequence[WorkspaceDay], through: date) -> None:
        jump = jump_of(days, through)
        if jump is None or not records.notice(
            deployment.deployment_id, "bill jump", jump.day.isoformat(), now=self._context.clock()
        ):
            return
        self._say(
            records,
            deployment,
            "bill_jump",
            day=jump.day.isoformat(),
            amount=money(jump.amount, jump.currency),
            mean=money(jump.mean, jump.currency),
            more=difference(jump.amount - jump.mean, jump.currency),
        )

    def _say(self, records: Records, deployment: Deployment, reply: str, **values: object) -> None:
        """In the conversation that the workspace came from, and to its owner in person where they have one here."""
        now, owner = self._context.clock(), deployment.request.owner or ""
        text = self._context.wording.say(reply, name=deployment.workspace_name, owner=owner, **values)
        places = {deployment.conversation: deployment.requested_by.key}
        for chat in records.personal_chats():
            is_theirs = records.owner_of(chat.conversation) in (None, chat.who.key)
            if is_theirs and owner and (chat.who.email or "").casefold() == owner.casefold():
                places.setdefault(chat.conversation, chat.who.key)
        for place, whose in places.items():
            conversation = records.conversation(place)
            if conversation.version == 0:
                records.keep_conversation(conversation, now=now, owner=whose)
            self._context.tell(records, Message(conversation=place, turn=conversation.turn, text=text))
        deed = phrase("deployment.audit.bill_told")
        records.note(Entry(now, BRICKIE, deed, reply, deployment_id=deployment.deployment_id))


def groups_of(deployment: Deployment) -> tuple[str, ...]:
    """The resource groups whose bill is this workspace's alone, in lower case: DBUs are billed in its own, machines in
    the managed one. One that is shared with others is nobody's alone.
    """
    decision = deployment.decision
    own = () if decision.existing_resource_group else (decision.resource_group_name,)
    managed = decision.managed_resource_group_name or str(deployment.outputs.get("managed_resource_group_name") or "")
    return tuple(name.casefold() for name in (*own, managed) if name)


def _was_billed(deployment: Deployment, since: date) -> bool:
    """What stands, or was there within the time that is read."""
    if stands(deployment):
        return True
    return deployment.status == "destroyed" and deployment.updated_at.date() >= since


def _span(last: BillReading, today: date) -> date:
    """From which day on it is read anew."""
    if last.read_at is None:
        return today - timedelta(days=FIRST_DAYS - 1)
    month = today.replace(day=1)
    if today.day <= CORRECTED_DAYS:
        month = (month - timedelta(days=1)).replace(day=1)
    return min(month, last.read_at.date() - timedelta(days=CORRECTED_DAYS))


def _attributed(days: Sequence[BilledDay], billed: Sequence[Deployment]) -> Iterator[WorkspaceDay]:
    """Each group's day as its workspace's. Of several that had a group of that name one after the other it is the one
    that had begun by then.
    """
    holders: dict[str, list[Deployment]] = {}
    for deployment in sorted(billed, key=lambda one: one.created_at, reverse=True):
        for group in groups_of(deployment):
            holders.setdefault(group, []).append(deployment)
    for day in days:
        several = holders.get(day.group, [])
        holder = next((one for one in several if one.created_at.date() <= day.day), several[-1] if several else None)
        if holder is not None:
            yield WorkspaceDay(holder.deployment_id, day.day, day.currency, day.amount)
