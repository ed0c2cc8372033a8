"""The real parts of an app, made from its settings: engine, Terraform's site, rules. Only `agent.app` asks for them."""

import logging
import os
import signal
import ssl
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Protocol

from pydantic import JsonValue

from agent.approvals import ApprovalRules, shorthand
from agent.deployment.engine import Engine
from agent.deployment.executor_lock import FileLock, PostgresLock
from agent.deployment.price_refresh import PriceReader
from agent.deployment.resting_engine import Rest, RestingEngine
from agent.paths import place
from agent.settings import Settings
from agent.store.database import Database
from agent.store.price_lists import PricedPlatform
from agent.telemetry import logged_fault
from agent.wording import error_of, phrase
from plugins.deploy.generate import generate, required_providers
from plugins.deploy.sandbox import install as sandbox
from plugins.deploy.terraform.backend import AzureState, Backend, LocalState, PostgresState
from plugins.deploy.terraform.find import TerraformBinary, find_terraform
from plugins.deploy.terraform.once import Once
from plugins.deploy.terraform.process import environment as terraform_environment
from plugins.deploy.terraform.site import Site
from plugins.domain.contents import ContentsLook, WorkspaceContents
from plugins.domain.decision import InfrastructureDecision
from plugins.domain.errors import ConfigurationError
from plugins.domain.health import HealthFinding, HealthLook, WorkspaceHealth
from plugins.domain.live_prices import PriceList
from plugins.domain.plan import TerraformFiles
from plugins.domain.platform_settings import PlatformSettings
from plugins.retail_prices.address import AZURE, endpoint_of

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class AppEnvironment:
    """What the app is built from: settings, the environment, a clock (UTC) and where its state lies."""

    settings: Settings
    environment: Mapping[str, str]
    home: Path
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)


class LazyHealth:
    """Whom to ask whether a workspace works, made when something is asked; a fault of ours in it is a finding, too."""

    def __init__(self, make: "Callable[[], WorkspaceLook]") -> None:
        self._made = cache(make)

    async def contents(self, outputs: Mapping[str, JsonValue]) -> WorkspaceContents:
        try:
            return await self._made().contents(outputs)
        except Exception:  # noqa: BLE001 - the rim: a plan says that nobody could look, and stands
            logged_fault(_log, "a look failed")
            return WorkspaceContents(unseen="not_understood")

    async def look(self, outputs: Mapping[str, JsonValue]) -> WorkspaceHealth:
        try:
            return await self._made().look(outputs)
        except Exception:  # noqa: BLE001 - the rim: what was applied, and a reply, stand without it
            text = phrase("deployment.health.fault", fault=logged_fault(_log, "a look failed"))
            return WorkspaceHealth(findings=(HealthFinding(about="address", verdict="unchecked", text=text),))


def durable_engine(setup: AppEnvironment, database: Database) -> Engine:
    """DBOS on the database of the records, under a name that no other living process has, once there is work for it."""
    settings = setup.settings.engine
    changes = database.changes()
    lock = FileLock(setup.home / "executors")
    rest = None if changes is None else Rest(database.file, lock, changes, settings.poll_seconds)

    def made(name: str | None) -> Engine:
        # half a second, and a sixth of a server's memory, that no prompt and no idle server takes
        from agent.deployment.dbos_engine import DbosEngine, QueueLimits

        # A home has one subscription, whose limit is that of all; by lanes each look for work takes as long again.
        overall, in_lane = settings.applies_overall, settings.applies_per_subscription
        limits = QueueLimits(
            plans=settings.plans,
            applies=settings.applies,
            plans_overall=settings.plans_overall,
            applies_overall=min(overall, in_lane) if database.is_sqlite else overall,
            applies_per_lane=None if database.is_sqlite else in_lane,
            poll_seconds=settings.poll_seconds,
            takeover_seconds=settings.takeover_seconds,
        )
        engine = database.plain_engine()
        held = lock if database.is_sqlite else PostgresLock(engine)
        return DbosEngine(engine, held, named=name, limits=limits, lost=_stop_at_once, changes=database.changes())

    return RestingEngine(made, named=settings.executor, rest=rest)


def _stop_at_once() -> None:
    """Another process has our name: nothing that this one goes on doing could be trusted."""
    logging.getLogger(__name__).critical("another process works under this one's name; stopping")
    os.kill(os.getpid(), signal.SIGTERM)


def rules_of(settings: Settings) -> ApprovalRules:
    """The rules that the settings name, and those that they are short for: all of them hold."""
    approvals = settings.approvals
    short = shorthand(
        four_eyes=approvals.four_eyes,
        four_eyes_destroy=approvals.four_eyes_destroy,
        four_eyes_above=approvals.four_eyes_above,
        import_needs_approver=approvals.import_needs_approver,
        approver=approvals.approver_role,
    )
    return ApprovalRules(
        rules=(*short, *approvals.rules),
        typed_destroy=frozenset(approvals.typed_destroy),
        expire_unasked=frozenset(approvals.expire_unasked),
        requester=approvals.requester_role,
        approver=approvals.approver_role,
        currency=settings.defaults.currency,
        exchange_rates=settings.pricing.exchange_rates,
    )


def pricing_of(setup: AppEnvironment) -> PricedPlatform:
    """The platform with live prices, where they are wanted. In the sandbox nothing is asked unless a list is named."""
    settings = setup.settings
    pricing, is_azure = settings.pricing, settings.cloud.mode == "azure"
    may_ask = is_azure or bool(pricing.api_url)
    is_wanted = pricing.source == "live" or (pricing.source == "auto" and may_ask)
    off = phrase("app.prices_off") if is_wanted and not may_ask else ""
    return PricedPlatform(settings.platform, setup.clock, is_wanted=is_wanted, off=off)


def price_reader_of(setup: AppEnvironment) -> PriceReader:
    """The client of the price list; its library is imported when a list is read. Raises ConfigurationError."""
    url = setup.settings.pricing.api_url
    if url:
        endpoint_of(url)
    return _LazyPriceReader(url, setup.environment.get("REQUESTS_CA_BUNDLE"))


class _LazyPriceReader:
    """The web client takes a third of a second to import: no first prompt waits for it."""

    def __init__(self, url: str | None, bundle: str | None) -> None:
        self._url = url
        self._bundle = bundle

    async def read(
        self, region: str, currency: str, sizes: Sequence[str], *, now: datetime, seconds: float
    ) -> PriceList:
        from plugins.retail_prices.client import PriceListClient

        client = PriceListClient(self._url or AZURE, trust=self._trust)
        return await client.read(region, currency, sizes, now=now, seconds=seconds)

    def _trust(self) -> ssl.SSLContext:
        """The system's certificates (SSL_CERT_FILE names others), and those that Azure's own libraries are told of."""
        context = ssl.create_default_context()
        if self._bundle:
            context.load_verify_locations(cafile=self._bundle)
        return context


def pause_of(settings: Settings) -> float:
    """Seconds before the first further try: as slow as the cloud is."""
    speed = settings.cloud.sandbox.speed if settings.cloud.mode == "sandbox" else 1.0
    return settings.engine.retry_seconds * min(speed, 1.0)


def generate_for(settings: Settings) -> Callable[[InfrastructureDecision], TerraformFiles]:
    return lambda decision: generated(decision, settings.platform)


def backend_of(setup: AppEnvironment) -> Backend:
    """Where Terraform's state is kept. Raises ConfigurationError when the settings leave out what that takes."""
    storage = setup.settings.state
    match storage.backend:
        case "local":
            return LocalState()
        case "pg":
            connection = setup.environment.get("PG_CONN_STR")
            if connection:
                return PostgresState(connection)
            missing = phrase("app.needs_connection")
        case "azurerm":
            if storage.resource_group and storage.storage_account and storage.container:
                return AzureState(storage.resource_group, storage.storage_account, storage.container, storage.prefix)
            missing = phrase("app.needs_storage")
    raise error_of(ConfigurationError, "app.state_storage", backend=storage.backend, missing=missing)


def site_of(setup: AppEnvironment) -> Site:
    """Where Terraform runs: over the sandbox cloud, or on the subscription that the environment names."""
    azure = setup.settings.cloud.mode == "azure"

    def found() -> TerraformBinary:
        return find_terraform(setup.environment)

    def prepared() -> Mapping[str, str]:
        own: dict[str, str] = {}
        if not azure:
            own = sandbox.environment(setup.home, speed=setup.settings.cloud.sandbox.speed)
        elif setup.settings.cloud.subscription_id:
            own = {"ARM_SUBSCRIPTION_ID": setup.settings.cloud.subscription_id}
        return terraform_environment(setup.environment, own, azure=azure)

    limits = setup.settings.terraform
    return Site(
        terraform=Once(found),
        home=setup.home,
        environment=Once(prepared),
        cloud=None if azure else sandbox.cloud_path(setup.home),
        backend=backend_of(setup),
        plan_seconds=limits.plan_minutes * 60,
        apply_seconds=limits.apply_minutes * 60,
    )


class WorkspaceLook(HealthLook, ContentsLook, Protocol):
    """Asks a workspace how it is and what lives in it."""


def health_of(setup: AppEnvironment) -> WorkspaceLook:
    """Asks the simulated cloud, or the real workspaces with the credentials that Terraform is given."""
    if setup.settings.cloud.mode == "sandbox":
        from plugins.deploy.sandbox.rest import SandboxHealth  # a web server that no prompt waits for

        return SandboxHealth(sandbox.cloud_path(setup.home))
    from plugins.deploy.contents import RestLook
    from plugins.deploy.sign_in import workspace_token

    return RestLook(lambda: workspace_token(setup.environment))


def required_for(settings: Settings) -> Callable[[], TerraformFiles]:
    return lambda: required_providers(settings.platform, place("templates") / "terraform", "databricks")


def generated(decision: InfrastructureDecision, platform: PlatformSettings) -> TerraformFiles:
    return generate(decision, platform, place("templates") / "terraform")
