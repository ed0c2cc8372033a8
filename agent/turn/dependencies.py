"""What turns touch of the world, as values and protocols: `agent.app` makes the real ones."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from agent.brain.protocol import Brain
from agent.brain.reader import Reader
from agent.events import Event
from agent.locks import Locks
from agent.orders import Job, Order
from agent.store.database import Database
from agent.store.event_feed import EventFeed
from agent.store.records import Records
from plugins.domain.azure_facts import AzureFacts, FactsWanted
from plugins.domain.health import HealthLook
from plugins.domain.platform_settings import PlatformSettings


class Prices(Protocol):
    """Live prices: read before a turn needs them, and as they are inside its transaction."""

    async def ready(self, wanted: Collection[tuple[str, str]]) -> None:
        """Some seconds at most; what cannot be read is said on the plan. Region and currency of each list."""
        ...

    def priced(self, records: Records) -> PlatformSettings: ...


class Work(Protocol):
    """Carries out what turns order, once the turn is kept."""

    def expects_a_plan(self) -> None:
        """A turn may order one, or none: what every plan takes, and nobody's consent, may be begun."""
        ...

    async def awake(self) -> None:
        """Returns when orders can be kept."""
        ...

    def order(self, records: Records, orders: Sequence[Order]) -> tuple[Job, ...]:
        """Keeps the orders in the turn's transaction. Raises EngineAsleep where that is to be awoken first."""
        ...

    def committed(self, orders: Sequence[Order], jobs: Sequence[Job]) -> None: ...

    async def settled(self, conversation: str, *, has_ordered: bool) -> None:
        """Returns when nothing that this conversation ordered is under way any more, and all of it was told;
        `has_ordered` when something just was.
        """
        ...


class AzureLook(Protocol):
    """What Azure says of a subscription, asked for before a plan is ordered."""

    @property
    def is_asked(self) -> bool:
        """Whether it is asked here at all; where it is not, no plan speaks of it. It may read a file."""
        ...

    async def facts(self, wanted: FactsWanted) -> AzureFacts:
        """Some seconds at most; what does not answer in them is not known, and is said on the plan."""
        ...


@dataclass(frozen=True)
class TurnDependencies:
    """What turns touch of the world: records, who reads texts, a brain, the engine, who follows the work, a listener
    for every event, a clock (UTC), and whom to ask whether a workspace works, and what stands against a plan.
    """

    database: Database
    locks: Locks
    reader: Reader
    brain: Brain
    work: Work
    following: EventFeed
    emit: Callable[[Event], None]
    clock: Callable[[], datetime]
    prices: Prices | None = None
    health: HealthLook | None = None
    azure: AzureLook | None = None
