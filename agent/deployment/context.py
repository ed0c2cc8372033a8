"""What planning and applying work with, and how they write down what they did."""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Protocol, TypeVar

from pydantic import JsonValue

from agent.approvals import ApprovalRules
from agent.deployment.engine import Cleanup, Engine
from agent.events import Event
from agent.store.conversations import ConversationChanged
from agent.store.database import Database, RecordsUnavailable
from agent.store.event_feed import EventFeed
from agent.store.price_lists import PricedPlatform
from agent.store.records import Records
from agent.wording import Wording
from plugins.deploy.terraform.recovery import Remaining
from plugins.deploy.terraform.state import Expects
from plugins.deploy.terraform.stream import Tell
from plugins.domain.approval import Approval
from plugins.domain.contents import ContentsLook
from plugins.domain.decision import InfrastructureDecision
from plugins.domain.deployment import DeploymentResult, Drift, Leftover, Undone
from plugins.domain.health import HealthLook
from plugins.domain.plan import PlanAction, PlanFile, PlanHeader, PlanItem, Target, TerraformFiles
from plugins.domain.platform_settings import PlatformSettings

T = TypeVar("T")
_TRIES = 20  # turns are short: one that is beaten twenty times in a row is not beaten by chance
_AWAY_SECONDS = 0.25
_log = logging.getLogger(__name__)


class Terraform(Protocol):
    """Plans and applies one workspace; see `plugins.deploy.terraform.executor`. Raises InfraError where the world
    misbehaved. Every call may be made again after a crash, and then goes on with what the first one began.
    """

    async def plan(
        self,
        decision: InfrastructureDecision,
        *,
        deployment_id: str,
        plan_id: str,
        action: PlanAction,
        adopt: str | None,
        expects: Expects,
        recorded: Mapping[str, JsonValue] | None,
        cancelled: Callable[[], bool],
    ) -> tuple[TerraformFiles, PlanFile]:
        """Raises StateLost where what it `expects` does not stand in the state. With `recorded`, the outputs of the
        deployed workspace, it is the plan that takes over again what stands in no state.
        """
        ...

    async def apply(
        self, header: PlanHeader, item: PlanItem, approval: Approval, tell: Tell, *, rest: PlanFile | None = None
    ) -> DeploymentResult: ...

    async def stop(self, plan_id: str, deployment_id: str) -> bool: ...

    async def drift(self, plan_file: PlanFile, *, deployment_id: str) -> tuple[Drift, ...]: ...

    async def drift_now(
        self, decision: InfrastructureDecision, *, deployment_id: str, run_id: str
    ) -> tuple[Drift, ...]: ...

    async def remaining(self, item: PlanItem, *, plan_id: str, attempt: int) -> Remaining: ...

    async def undo(
        self, header: PlanHeader, item: PlanItem, approval: Approval, tell: Tell, *, attempt: int
    ) -> Undone: ...

    async def leftovers(self, item: PlanItem) -> tuple[Leftover, ...] | None: ...

    async def give_back(self, plan_id: str) -> None:
        """Gives back the lock of a state that a run of this plan died with; nothing when there is none, or that cannot
        be done now.
        """
        ...

    def discard(self, plan_id: str) -> None:
        """Throws a plan's files away, unless they are needed to give a lock back; nothing when there are none."""
        ...

    def kept_since(self, before: datetime) -> tuple[str, ...]:
        """The plans, and looks for drift, whose files were made here before that and are still there."""
        ...


class TerraformAhead(Protocol):
    """What of a plan may be done before the plan is: it takes nobody's consent, for no cloud is asked or told."""

    def look_ahead(self) -> None:
        """Has Terraform looked for beside whatever the caller does; raises nothing."""
        ...

    def initialise_ahead(self) -> Coroutine[Any, Any, None]:
        """Begins to make the providers ready, and gives what waits for that. Raises InfraError, as the plan that needs
        them will.
        """
        ...


@dataclass(frozen=True)
class RetryPolicy:
    """How often a run is tried again after what passes by itself, and the seconds before the first of these."""

    retries: int = 3
    first_seconds: float = 5.0


@dataclass(frozen=True)
class DeploymentContext:
    """`plan_hours` is how long a plan waits for its decision; `pricing_policy_digest` names today's price tables
    and policy; `following` is told when something was kept that somebody may be waiting for; `health` and
    `contents` ask the cloud whether a workspace works and what lives in it, None where there is none to ask; `ahead`
    begins what a plan will need, None where that takes no time.
    """

    database: Database
    engine: Engine
    terraform: Terraform
    wording: Wording
    rules: ApprovalRules
    target: Target
    platform: PlatformSettings
    plan_hours: float
    pricing_policy_digest: str
    clock: Callable[[], datetime]
    following: EventFeed
    retry_policy: RetryPolicy = RetryPolicy()
    pricing: PricedPlatform | None = None
    health: HealthLook | None = None
    contents: ContentsLook | None = None
    ahead: TerraformAhead | None = None

    def priced(self, records: Records) -> PlatformSettings:
        """The platform with the live prices of this moment, where they are wanted."""
        return self.platform if self.pricing is None else self.pricing.now(records)

    async def kept(self, work: Callable[[Records], T], *, quietly: bool = False) -> T:
        """What `work` returns, kept in one transaction; done again when a turn changed the conversation meanwhile. With
        `quietly` nobody waits to be shown it: a look at the records just then would hold up what begins.

        Waits while the database is away: what runs has happened, whether or not it can be written down just now.
        """
        for _ in range(_TRIES):
            try:
                done = await self._kept_once_there(work)
            except ConversationChanged:
                continue
            if not quietly:
                self.following.pulse()
            return done
        raise RuntimeError("a conversation kept moving under a run")

    async def _kept_once_there(self, work: Callable[[Records], T]) -> T:
        pause = _AWAY_SECONDS
        while True:
            try:
                return await self.database.transact(work)
            except RecordsUnavailable:
                _log.warning("a run cannot be written down just now; trying again in %.1f s", pause)
            await asyncio.sleep(pause)
            pause = min(2 * pause, 16 * _AWAY_SECONDS)

    async def tidying(self, run_id: str) -> Cleanup | None:
        """For a run that had ended when it was begun again: its process died between keeping that and tidying up.

        A plan's files hold its variables in clear: they stay while it may be applied, and no longer.
        """

        def of_no_use(records: Records) -> str | None:
            plan_id = records.run(run_id).plan_id
            return plan_id if records.is_plan_over(plan_id) else None

        plan_id = await self.database.read(of_no_use)
        return partial(self.terraform.discard, plan_id) if plan_id is not None else None

    async def discard_if_over(self, plan_id: str) -> None:
        if await self.database.read(lambda records: records.is_plan_over(plan_id)):
            await self.discard(plan_id)

    async def discard(self, plan_id: str) -> None:
        """Throws a plan's files away. Gives the lock back first that it died with: nobody may ever plan there again."""
        await self.terraform.give_back(plan_id)
        await asyncio.to_thread(self.terraform.discard, plan_id)

    def tell(self, records: Records, *events: Event) -> None:
        """Keeps these as said on their conversation; whoever follows it shows them."""
        if events:
            texts = [event.as_text() for event in events]
            records.log(events[0].conversation, events, source="work", now=self.clock(), texts=texts)
            for text, event in zip(texts, events, strict=True):
                self.following.recall(text, event)
