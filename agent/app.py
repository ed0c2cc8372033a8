"""The composition root: settings in, a running app out. Only here are real things made."""

import asyncio
import getpass
import logging
import os
import shutil
import signal
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from agent.approvals import ApprovalRules
from agent.brain.protocol import Brain
from agent.brain.rules import RulesBrain
from agent.deployment.deployments import Deployments
from agent.deployment.engine import Body, Engine, InlineEngine
from agent.deployment.upkeep import Rhythm, Upkeep
from agent.deployment.workshop import Patience, Terraform, Workshop
from agent.events import Event, Incoming
from agent.following import Following
from agent.generating import GeneratedTerraform, exported
from agent.locks import Locks
from agent.orders import Job, JobKind
from agent.places import home_of, place
from agent.reply import Desk
from agent.settings import Settings, read_settings
from agent.store.database import Database
from agent.turn import Surroundings, Turns
from agent.wording import Wording
from plugins.databricks.grounds import grounds_of
from plugins.deploy.generate import generate
from plugins.deploy.sandbox import install as sandbox
from plugins.deploy.terraform.backend import AzureState, Backend, LocalState, PostgresState
from plugins.deploy.terraform.executor import Executor
from plugins.deploy.terraform.find import Found, find_terraform
from plugins.deploy.terraform.process import environment as terraform_environment
from plugins.deploy.terraform.site import Site
from plugins.domain.decision import InfrastructureDecision
from plugins.domain.errors import ConfigurationError
from plugins.domain.house import House
from plugins.domain.plan import Person, Target, TerraformFiles

if TYPE_CHECKING:
    from sqlalchemy import Connection

Listener = Callable[[Event], None]


@dataclass(frozen=True)
class World:
    """What the app is built from: settings, the environment, a clock (UTC) and where its state lies."""

    settings: Settings
    environment: Mapping[str, str]
    home: Path
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)


class App:
    """A running Brickie. Every event, also of work behind a conversation, goes to every listener, in order.

    `start` opens the records and begins to work, with what an earlier process left; `close` leaves what is under way
    to the next one. Without `terraform` the real one runs; `inline` drives work in this process only, one at a time.
    """

    def __init__(
        self, world: World, *, brain: Brain | None = None, terraform: Terraform | None = None, inline: bool = False
    ) -> None:
        settings = world.settings
        self._listeners: list[Listener] = []
        self._world = world
        self._started = False
        self._lock = asyncio.Lock()
        self._spoken: dict[str, None] = {}
        self.database = Database(settings.database.url or f"sqlite:///{world.home / 'brickie.db'}")
        self._following = Following(self.database, self._tell, world.clock)
        wording = Wording(place("templates") / "replies")
        shop = Workshop(
            database=self.database,
            engine=InlineEngine(at_once=1) if inline else _Later(lambda: durable_engine(world, self.database)),
            terraform=terraform or GeneratedTerraform(Executor(site_of(world), world.clock), _generate(settings)),
            wording=wording,
            rules=rules_of(settings),
            target=Target(mode=settings.cloud.mode, subscription=settings.cloud.subscription_id),
            plan_hours=settings.approvals.plan_hours,
            grounds=grounds_of(settings.house),
            clock=world.clock,
            pulse=self._following.pulse,
            patience=Patience(settings.engine.retries, _pause(settings)),
        )
        self._work = Deployments(shop, self._following)
        self.upkeep = Upkeep(
            shop, self._work, Rhythm(settings.upkeep.sweep_seconds, settings.upkeep.drift_hours), new_id
        )  # fmt: skip
        desk = Desk(
            house=settings.house, rules=shop.rules, wording=wording, target=shop.target, new_id=new_id,
            generate=lambda decision: exported(generated(decision, settings.house)),
            lone=settings.cloud.mode == "sandbox", grounds=shop.grounds,
        )  # fmt: skip
        self._turns = Turns(
            desk,
            Surroundings(
                database=self.database, locks=Locks(), brain=brain or RulesBrain(), work=self._work,
                following=self._following, emit=self._tell, clock=world.clock,
            ),
        )  # fmt: skip

    def listen(self, listener: Listener) -> None:
        self._listeners.append(listener)

    async def start(self) -> None:
        """Raises ConfigurationError when the records cannot be opened, or this process may not work on them."""
        async with self._lock:
            if not self._started:
                await self.database.open()
                await self._work.start()
                self._following.start()
                self._started = True

    async def reply_to(self, incoming: Incoming, *, until_settled: bool) -> None:
        """One turn; see `agent.turn`."""
        await self.start()
        self._spoken[incoming.conversation] = None
        await self._turns.reply_to(incoming, until_settled=until_settled)

    async def settled(self) -> None:
        """Returns when nothing is under way that was ordered in the conversations of this process."""
        for conversation in tuple(self._spoken):
            await self._work.settled(conversation)

    async def cancel(self) -> bool:
        """Asks what the conversations of this process ordered to stop cleanly; True when there was something."""
        return await self._work.cancel(tuple(self._spoken))

    async def close(self, *, waiting: bool = True) -> None:
        """Waits for what is under way here, unless told not to; then leaves the rest to the next process."""
        if not self._started:
            return
        if waiting:
            await self.settled()
        await self.upkeep.stop()
        await self._following.stop()
        await self._work.stop()
        await self.database.close()

    def _tell(self, event: Event) -> None:
        for listener in self._listeners:
            listener(event)


class _Later:
    """The durable engine, imported and made when it is started: half a second that no prompt waits for."""

    def __init__(self, make: Callable[[], Engine]) -> None:
        self._make = make
        self._made: Engine | None = None

    @property
    def executor(self) -> str:
        return self._engine.executor

    async def start(self, bodies: Mapping[JobKind, Body]) -> None:
        self._made = self._make()
        await self._made.start(bodies)

    def enqueue(self, connection: "Connection", jobs: Sequence[Job]) -> None:
        self._engine.enqueue(connection, jobs)

    def committed(self, jobs: Sequence[Job]) -> None:
        self._engine.committed(jobs)

    async def stop(self) -> None:
        if self._made is not None:
            await self._made.stop()

    @property
    def _engine(self) -> Engine:
        if self._made is None:
            raise RuntimeError("the engine was not started")
        return self._made


def durable_engine(world: World, database: Database) -> Engine:
    """DBOS on the database of the records, under a name that no other living process has."""
    from agent.deployment.durable import DurableEngine, Limits  # noqa: PLC0415
    from agent.deployment.guard import FileGuard, SessionGuard  # noqa: PLC0415

    engine, told = database.plain_engine(), world.settings.engine
    limits = Limits(
        plans=told.plans, applies=told.applies, plans_overall=told.plans_overall,
        applies_overall=told.applies_overall, poll_seconds=told.poll_seconds, takeover_seconds=told.takeover_seconds,
    )  # fmt: skip
    guard = FileGuard(world.home / "executors") if database.is_sqlite else SessionGuard(engine)
    return DurableEngine(engine, guard, named=told.executor, limits=limits, lost=_stop_at_once)


def _stop_at_once() -> None:
    """Another process has our name: nothing that this one goes on doing could be trusted."""
    logging.getLogger(__name__).critical("another process works under this one's name; stopping")
    os.kill(os.getpid(), signal.SIGTERM)


def rules_of(settings: Settings) -> ApprovalRules:
    told = settings.approvals
    return ApprovalRules(
        four_eyes=frozenset(told.four_eyes),
        four_eyes_destroy=frozenset(told.four_eyes_destroy),
        four_eyes_above=told.four_eyes_above,
        typed_destroy=frozenset(told.typed_destroy),
        expire_unasked=frozenset(told.expire_unasked),
        requester=told.requester_role,
        approver=told.approver_role,
    )


def _pause(settings: Settings) -> float:
    """Seconds before the first further try: as slow as the cloud is."""
    speed = settings.cloud.sandbox.speed if settings.cloud.mode == "sandbox" else 1.0
    return settings.engine.retry_seconds * min(speed, 1.0)


def _generate(settings: Settings) -> Callable[[InfrastructureDecision], TerraformFiles]:
    return lambda decision: generated(decision, settings.house)


def backend_of(world: World) -> Backend:
    """Where Terraform's state is kept. Raises ConfigurationError when the settings leave out what that takes."""
    told = world.settings.state
    match told.backend:
        case "local":
            return LocalState()
        case "pg":
            connection = world.environment.get("PG_CONN_STR")
            if connection:
                return PostgresState(connection)
            missing = "PG_CONN_STR in the environment"
        case "azurerm":
            if told.resource_group and told.storage_account and told.container:
                return AzureState(told.resource_group, told.storage_account, told.container, told.prefix)
            missing = "State__ResourceGroup, State__StorageAccount and State__Container"
    raise ConfigurationError(
        "choosing where Terraform's state is kept", f"State__Backend is {told.backend}, which takes {missing}.",
        "Set it, or State__Backend=local.",
    )  # fmt: skip


def build(environment: Mapping[str, str], *, brain: Brain | None = None) -> App:
    """The app for this environment. Raises ConfigurationError when it cannot be built."""
    return App(
        World(settings=read_settings(environment), environment=environment, home=home_of(environment)), brain=brain
    )


def local_person(settings: Settings) -> Person:
    """A terminal's person: the operating system's user, with the roles that the settings give."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):
        name = f"uid {os.getuid()}"
    return Person(id=name, name=name, roles=settings.identity.local_roles)


def believes(settings: Settings) -> bool:
    """True when a caller may say who speaks: in the sandbox, or as a caller that the settings trust."""
    return settings.cloud.mode == "sandbox" or getpass.getuser() in settings.identity.trusted_callers


def site_of(world: World) -> Site:
    """Where Terraform runs: over the sandbox cloud, or on the subscription that the environment names."""
    azure = world.settings.cloud.mode == "azure"

    @cache
    def found() -> Found:
        return find_terraform(world.environment)

    @cache
    def prepared() -> Mapping[str, str]:
        own: dict[str, str] = {}
        if not azure:
            own = sandbox.environment(world.home, speed=world.settings.cloud.sandbox.speed)
        elif world.settings.cloud.subscription_id:
            own = {"ARM_SUBSCRIPTION_ID": world.settings.cloud.subscription_id}
        return terraform_environment(world.environment, own, azure=azure)

    limits = world.settings.terraform
    return Site(
        terraform=found, home=world.home, environment=prepared,
        cloud=None if azure else sandbox.cloud_path(world.home), backend=backend_of(world),
        plan_seconds=limits.plan_minutes * 60, apply_seconds=limits.apply_minutes * 60,
    )  # fmt: skip


def generated(decision: InfrastructureDecision, house: House) -> TerraformFiles:
    return generate(decision, house, place("templates") / "terraform")


def new_id(prefix: str) -> str:
    return f"{prefix}_{uuid.uuid4().hex[:12]}"


def reset_sandbox(environment: Mapping[str, str]) -> None:
    """Forgets the sandbox cloud, and every record of what was deployed in it."""
    home = home_of(environment)
    sandbox.reset(home)
    for name in ("runs", "deployments", "executors"):
        shutil.rmtree(home / name, ignore_errors=True)
    for path in home.glob("brickie.db*"):
        path.unlink()


def order_fault(environment: Mapping[str, str], kind: str, *, resource_type: str, times: int) -> None:
    """Orders a fault in the sandbox cloud. Raises ConfigurationError for a kind that there is not."""
    from plugins.deploy.sandbox.cloud import Cloud  # noqa: PLC0415
    from plugins.deploy.sandbox.faults import KINDS  # noqa: PLC0415

    if kind not in KINDS:
        raise ConfigurationError(
            "ordering a fault", f"there is no fault “{kind[:40]}”.", f"There are {', '.join(KINDS)}."
        )
    Cloud(sandbox.cloud_path(home_of(environment))).add_fault(kind, type=resource_type, times=times)
