"""The composition root: settings in, a running app out. Only here are real things made."""

import asyncio
import getpass
import os
import shutil
import uuid
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from agent.azure_access import AzureAccess
from agent.brain.factory import BrainDependencies, brain_for
from agent.brain.protocol import Brain
from agent.brain.reader import Reader
from agent.brain.rules import RulesBrain
from agent.deployment.archive import Archive, forget_archived
from agent.deployment.bill_refresh import BillRefresh, BillSource
from agent.deployment.context import DeploymentContext, RetryPolicy, Terraform
from agent.deployment.dispatcher import Dispatcher
from agent.deployment.engine import Engine, IdleEngine, InlineEngine
from agent.deployment.export import exporter
from agent.deployment.price_refresh import PriceReader, PriceRefresh
from agent.deployment.reminders import ReminderShares
from agent.deployment.terraform import GeneratedTerraform, exported
from agent.deployment.upkeep import Upkeep, UpkeepSchedule
from agent.events import Event, Incoming
from agent.factories import (
    AppEnvironment,
    LazyHealth,
    durable_engine,
    generate_for,
    generated,
    health_of,
    pause_of,
    price_reader_of,
    pricing_of,
    required_for,
    rules_of,
    site_of,
)
from agent.heap import settle_in
from agent.locks import Locks
from agent.paths import close_home, home_of, place
from agent.settings import Settings, read_settings
from agent.store.audit import keys_of
from agent.store.backlog import note_backlog
from agent.store.database import Database
from agent.store.event_feed import EventFeed
from agent.store.records import Records
from agent.telemetry import switch_on
from agent.turn.context import TurnSettings
from agent.turn.dependencies import AzureLook, TurnDependencies
from agent.turn.phrasing import looking
from agent.turn.turn import Turns
from agent.views.lookups import Lookups
from agent.views.open_matters import told_open
from agent.views.visibility import Viewer
from agent.wording import Wording, error_of, phrase
from plugins.databricks.pricing_policy import pricing_policy_digest_of
from plugins.deploy.binding import target_of
from plugins.deploy.sandbox import install as sandbox
from plugins.deploy.terraform.executor import Executor
from plugins.domain.errors import ConfigurationError
from plugins.domain.health import HealthLook
from plugins.domain.person import OS
from plugins.domain.plan import Person
from plugins.domain.platform_settings import PlatformSettings
from plugins.domain.understanding import Context, Understanding
from plugins.resource_manager.double.told import ToldSubscription, tell, told_in

Listener = Callable[[Event], None]
T = TypeVar("T")


class App:
    """A running Brickie. Every event, also of work behind a conversation, goes to every listener, in order.

    `start` opens the records and begins to work, with what an earlier process left; `close` leaves what is under way
    to the next one. Without `terraform` and `price_reader` the real ones are asked, and the cloud whether what was made
    works, which of another Terraform only `health` can tell; `azure` is whom plans are held against, `bills` who
    knows what was billed;
    `inline` drives work in this process only, one at a time.
    """

    def __init__(
        self,
        setup: AppEnvironment,
        *,
        brain: Brain | None = None,
        terraform: Terraform | None = None,
        health: HealthLook | None = None,
        inline: bool = False,
        price_reader: PriceReader | None = None,
        azure: AzureLook | None = None,
        bills: BillSource | None = None,
    ) -> None:
        settings = setup.settings
        watching = switch_on(settings.telemetry)
        self._listeners: list[Listener] = [] if watching.hear is None else [watching.hear]
        self._scrape = watching.scrape
        self._setup = setup
        self._started = False
        self._lock = asyncio.Lock()
        self._spoken: dict[str, None] = {}
        self.database = Database(
            settings.database.url or f"sqlite:///{setup.home / 'brickie.db'}",
            audit_keys=keys_of(setup.environment),
        )
        self._following = EventFeed(self.database, self._tell, setup.clock)
        self._pricing = pricing_of(setup)
        self._azure = AzureAccess(setup)
        own = LazyHealth(lambda: health_of(setup)) if terraform is None else None
        context = replace(self._deployment_context(terraform, inline=inline), health=own or health, contents=own)
        self._deployment = context
        self._work = Dispatcher(context, reads_only=settings.mode.read_only)
        reminders = ReminderShares(settings.approvals.reminder_share, settings.approvals.escalation_share)
        schedule = UpkeepSchedule(settings.upkeep.sweep_seconds, settings.upkeep.drift_hours, reminders)
        self.prices = PriceRefresh(context, self._work, price_reader or price_reader_of(setup), self._pricing)
        self.bills = BillRefresh(context, bills or self._azure)
        days = settings.records.keep_days
        archive = Archive(setup.home, days) if days is not None else None
        self.upkeep = Upkeep(
            context, self._work, schedule, new_id, prices=self.prices, bills=self.bills, archive=archive
        )
        self._lookups = Lookups(self.database, settings.platform, self._pricing)
        self._reader = Reader()
        self._brain = brain or self._configured_brain()
        self._turns = Turns(
            _turn_settings(settings, context),
            TurnDependencies(
                database=self.database,
                locks=Locks(),
                reader=self._reader,
                brain=self._brain,
                work=self._work,
                following=self._following,
                emit=self._tell,
                clock=setup.clock,
                prices=self.prices if self._pricing.is_wanted else None,
                health=context.health,
                azure=azure or self._azure,
            ),
        )

    def listen(self, listener: Listener) -> None:
        self._listeners.append(listener)

    async def look(self, context: Context, verb: str, asked: Mapping[str, Any]) -> dict[str, Any]:
        """What may be looked up for whoever the context names; see `agent.views.lookups`."""
        await self.start()
        return await self._lookups.look(context, verb, asked)

    async def priced(self, region: str, currency: str) -> PlatformSettings:
        """What a bill is reckoned with there: the platform, with live prices where they are wanted."""
        if not self._pricing.is_wanted:
            return self._setup.settings.platform
        await self.start()
        await self.prices.ready({(region, currency)})
        return await self.database.read(self.prices.priced)

    async def understand(self, text: str, context: Context) -> Understanding:
        """What the rules make of a text. Raises ReadingFailed when it takes too long to read."""
        return await RulesBrain(self._reader).understand(text, context)

    async def start(self) -> None:
        """Raises ConfigurationError when the records cannot be opened, or this process may not work on them."""
        async with self._lock:
            if not self._started:
                settle_in()
                await asyncio.to_thread(close_home, self._setup.home)
                await self.database.open()
                await self.database.read(lambda records: records.demand_audit_keys())
                await self._work.start()
                self._following.start()
                self._started = True

    async def reply_to(self, incoming: Incoming, *, until_settled: bool) -> None:
        """One turn; see `agent.turn.turn`."""
        self._work.look_ahead()
        await self.start()
        self._work.somebody_is_here()
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
            await self._reader.close()
            await self._asked_no_more()
            return
        if waiting:
            await self.settled()
        await self._brain.close()
        await self._reader.close()
        await self.upkeep.stop()
        await self.prices.stop()
        await self._asked_no_more()
        await self._following.stop()
        await self._work.stop()
        await self.database.close()

    async def _asked_no_more(self) -> None:
        await self.bills.stop()
        await self._azure.close()

    async def read(self, work: Callable[[Records], T]) -> T:
        """What `work` finds in the records; it may only read."""
        await self.start()
        return await self.database.read(work)

    async def scraped(self) -> str:
        """The counts and levels of now, as Prometheus reads them; empty where the settings do not want them."""
        if self._scrape is None:
            return ""
        now = self._setup.clock()
        note_backlog(await self.read(lambda records: records.backlog(now)))
        return self._scrape()

    async def kept(self, work: Callable[[Records], T]) -> T:
        """What `work` gives back, with what it wrote kept."""
        await self.start()
        return await self.database.transact(work)

    async def delete_conversation(self, conversation: str) -> None:
        """What was said there goes, also what was archived of it; plans, deployments and the audit stay."""
        now, home = self._setup.clock(), self._setup.home
        await asyncio.to_thread(forget_archived, home, conversation)
        await self.kept(lambda records: records.delete_conversation(conversation, now=now))
        await asyncio.to_thread(forget_archived, home, conversation)  # what a sweep has archived in between

    def pulse(self) -> None:
        """Something was kept that listeners are to be told of at once."""
        self._following.pulse()

    async def reminder(self, person: Person, conversation: str, *, is_logged: bool = False) -> str:
        """What is open for this person as they begin that conversation, in words; "" for nothing. With `is_logged` it
        is the first thing said there.
        """
        viewer, wording = Viewer(person, self._deployment.rules, conversation), self._deployment.wording
        await self.start()
        self._work.somebody_is_here()
        since = self._setup.clock() if is_logged else None
        return await self.kept(lambda records: told_open(records, viewer, wording, here=conversation, logged=since))

    def begin_upkeep(self) -> None:
        """Expiries and drift are looked after from here on, as long as this process lives; not in read-only mode."""
        if not self._setup.settings.mode.read_only:
            self.upkeep.begin()

    def follow(self, conversation: str, *, after: int) -> None:
        """Listeners are told of work behind that conversation, too, though nobody spoke on it here."""
        self._following.follow(conversation, after=after)

    def watch(self, watcher: Callable[[str, int], None]) -> None:
        """Is told of every conversation in which something was kept, by whichever process."""
        self._following.watch(watcher)

    def _deployment_context(self, terraform: Terraform | None, *, inline: bool) -> DeploymentContext:
        setup, settings = self._setup, self._setup.settings
        own = GeneratedTerraform(Executor(site_of(setup), setup.clock), generate_for(settings), required_for(settings))
        azure, subscription = settings.cloud.mode == "azure", settings.cloud.subscription_id
        return DeploymentContext(
            database=self.database,
            engine=self._engine(inline=inline),
            terraform=terraform or own,
            ahead=own if terraform is None else None,
            wording=Wording(place("templates") / "replies"),
            rules=rules_of(settings),
            target=target_of(setup.environment, azure=azure, subscription=subscription),
            platform=settings.platform,
            plan_hours=settings.approvals.plan_hours,
            pricing_policy_digest=pricing_policy_digest_of(settings.platform),
            clock=setup.clock,
            following=self._following,
            retry_policy=RetryPolicy(settings.engine.retries, pause_of(settings)),
            pricing=self._pricing,
        )

    def _configured_brain(self) -> Brain:
        setup = self._setup
        needs = BrainDependencies(
            setup.settings,
            lambda: setup.clock().date(),
            self._lookups.look,
            looking=looking(self._tell),
            reader=self._reader,
        )
        return brain_for(needs, setup.environment)

    def _engine(self, *, inline: bool) -> Engine:
        if self._setup.settings.mode.read_only:
            return IdleEngine()
        return InlineEngine(at_once=1) if inline else durable_engine(self._setup, self.database)

    def _tell(self, event: Event) -> None:
        for listener in self._listeners:
            listener(event)


def _turn_settings(settings: Settings, context: DeploymentContext) -> TurnSettings:
    return TurnSettings(
        platform=settings.platform,
        rules=context.rules,
        wording=context.wording,
        target=context.target,
        new_id=new_id,
        export=exporter(
            lambda decision: exported(generated(decision, settings.platform)), context.wording, settings.state
        ),
        lone=settings.cloud.mode == "sandbox",
        pricing_policy_digest=context.pricing_policy_digest,
        reads_only=settings.mode.read_only,
    )


def build(environment: Mapping[str, str], *, brain: Brain | None = None) -> App:
    """The app for this environment. Raises ConfigurationError when it cannot be built."""
    return App(
        AppEnvironment(settings=read_settings(environment), environment=environment, home=home_of(environment)),
        brain=brain,
    )


def local_person(settings: Settings) -> Person:
    """A terminal's person: the operating system's user, with the roles that the settings give."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):
        name = f"uid {os.getuid()}"
    email = settings.identity.local_emails.get(name)
    return Person(id=name, name=name, roles=settings.local_roles, issuer=OS, email=email)


def believes(settings: Settings) -> bool:
    """True when a caller may say who speaks: in the sandbox, or as a caller that the settings trust."""
    return settings.cloud.mode == "sandbox" or getpass.getuser() in settings.identity.trusted_callers


def new_id(prefix: str) -> str:
    return f"{prefix}_{uuid.uuid4().hex[:12]}"


def reset_sandbox(environment: Mapping[str, str]) -> str:
    """Forgets the sandbox cloud, and every record of what was deployed in it that lies beside it; gives what to tell.

    Raises ConfigurationError where the home is a real subscription's: it holds the state of what stands there.
    """
    home, settings = home_of(environment), read_settings(environment)
    if settings.cloud.mode != "sandbox":
        raise error_of(ConfigurationError, "app.real_subscription")
    sandbox.reset(home)
    for name in ("runs", "inits", "deployments", "executors"):
        shutil.rmtree(home / name, ignore_errors=True)
    for path in home.glob("brickie.db*"):
        path.unlink()
    if settings.database.url:
        return phrase("app.sandbox_emptied_but_records")
    return phrase("app.sandbox_emptied")


def order_fault(environment: Mapping[str, str], kind: str, *, resource_type: str, times: int) -> None:
    """Orders a fault in the sandbox cloud. Raises ConfigurationError for a kind that there is not."""
    from plugins.deploy.sandbox.cloud import SandboxCloud
    from plugins.deploy.sandbox.faults import KINDS

    if kind not in KINDS:
        raise error_of(ConfigurationError, "app.no_such_fault", kind=kind[:40], kinds=", ".join(KINDS))
    SandboxCloud(sandbox.cloud_path(home_of(environment))).add_fault(kind, type=resource_type, times=times)


def told_sandbox(environment: Mapping[str, str], change: Callable[[ToldSubscription], ToldSubscription]) -> None:
    """Changes what the sandbox's subscription was told. Raises ConfigurationError on a real one."""
    if read_settings(environment).cloud.mode != "sandbox":
        raise error_of(ConfigurationError, "app.no_sandbox")
    home = home_of(environment)
    tell(home, change(told_in(home)))


async def serve_price_list(
    environment: Mapping[str, str], regions: tuple[str, ...], ready: Callable[[str, str], None]
) -> None:
    """Serves the double of Azure's price list on this machine until it is cancelled; `ready` gets its address and the
    file of its certificate.
    """
    from plugins.retail_prices.double.server import PriceListDouble

    double = PriceListDouble(regions=regions)
    async with double.serving(home_of(environment) / "price-list") as served:
        ready(served.url, str(served.certificate.certificate) if served.certificate else "")
        await asyncio.Event().wait()
