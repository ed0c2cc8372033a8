"""Azure Resource Manager as this app asks it: the real one in azure mode, in the sandbox the double, as far as the
sandbox was told to have anything; made when it is first asked. Only `agent.app` asks for it.
"""

import asyncio
import logging
import ssl
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from agent.factories import AppEnvironment
from agent.telemetry import logged_fault
from plugins.deploy.health import SignInMissing
from plugins.deploy.sandbox import install as sandbox
from plugins.deploy.sandbox.cloud import SandboxCloud
from plugins.domain.azure_facts import AzureFacts, FactsWanted
from plugins.domain.bill import BilledDay, BillRead
from plugins.domain.deployment import Deployment
from plugins.listening import end_listening
from plugins.resource_manager.address import AZURE, SCOPE, base_of
from plugins.resource_manager.double.subscription import Restriction, SetQuota, Standing, Subscription
from plugins.resource_manager.double.told import ToldBill, ToldSubscription, told_in

if TYPE_CHECKING:
    from aiohttp import web

    from plugins.resource_manager.bills import BillReader
    from plugins.resource_manager.client import ResourceManager
    from plugins.resource_manager.preflight import PreflightReader

_log = logging.getLogger(__name__)

_GROUP, _WORKSPACE = "azurerm_resource_group", "azurerm_databricks_workspace"
_HOURS_OF_A_MONTH = Decimal(730)

DAILY = timedelta(days=1)
"""Azure's own advice: once a day and scope (learn.microsoft.com/azure/cost-management-billing, read 2026-11-22)."""


@dataclass
class _Made:
    """What asks, once it is made; `double` is what answers in the sandbox."""

    preflight: "PreflightReader"
    bills: "BillReader"
    double: "web.AppRunner | None" = None


class AzureAccess:
    """Reads, and never changes. In the sandbox what was told is looked up whenever something is asked, so that a
    command beside this process counts at once.
    """

    def __init__(self, setup: AppEnvironment) -> None:
        """Raises ConfigurationError for an address that is none."""
        self._setup = setup
        self._url = base_of(setup.settings.azure.management_url or AZURE)
        self._is_sandbox = setup.settings.cloud.mode == "sandbox"
        self._lock = asyncio.Lock()
        self._made: _Made | None = None
        self._billed: Sequence[Deployment] = ()

    @property
    def is_asked(self) -> bool:
        """Whether a plan is held against what Azure says."""
        wanted = self._setup.settings.azure.preflight
        return wanted and (told_in(self._setup.home).restricts if self._is_sandbox else True)

    @property
    def reads_bills(self) -> bool:
        wanted = self._setup.settings.azure.bills
        return wanted and (told_in(self._setup.home).bill is not None if self._is_sandbox else True)

    @property
    def read_again_after(self) -> timedelta:
        """The sandbox's bill may be told anew at any time, and costs nothing to read."""
        return timedelta(0) if self._is_sandbox else DAILY

    async def facts(self, wanted: FactsWanted) -> AzureFacts:
        """Within the seconds that the settings give a turn."""
        seconds = self._setup.settings.azure.preflight_seconds
        started = asyncio.get_running_loop().time()
        made = await self._ready()
        left = max(seconds - (asyncio.get_running_loop().time() - started), seconds / 4)
        return await made.preflight.facts(wanted, seconds=left)

    async def read_bill(
        self, billed: Sequence[Deployment], groups: Sequence[str], since: date, until: date, *, seconds: float
    ) -> BillRead:
        """What these resource groups of these deployments cost. Raises InfraError."""
        self._billed = billed
        made = await self._ready()
        return await made.bills.read(groups, since, until, now=self._setup.clock(), seconds=seconds)

    async def close(self) -> None:
        if self._made is None:
            return
        await self._made.preflight.close()
        await self._made.bills.close()
        if self._made.double is not None:
            await end_listening(self._made.double)
        self._made = None

    async def _ready(self) -> _Made:
        async with self._lock:
            if self._made is None:
                self._made = await (self._sandboxed() if self._is_sandbox else self._real())
            return self._made

    async def _real(self) -> _Made:
        environment = self._setup.environment
        subscription = self._setup.settings.cloud.subscription_id or environment.get("ARM_SUBSCRIPTION_ID")
        bundle = environment.get("REQUESTS_CA_BUNDLE")
        return await asyncio.to_thread(_made, environment, self._url, subscription, lambda: _trust(bundle))

    async def _sandboxed(self) -> _Made:
        """The double, started here; the sign-in and the client are those of the real one."""
        from plugins.resource_manager.double.server import ResourceManagerDouble

        double = ResourceManagerDouble(self._subscription)
        runner = await double.started(self._setup.home / "sandbox" / "azure")
        if double.certificate is None:
            raise RuntimeError("a double that listens has a certificate")
        bundle = str(double.certificate.certificate)
        environment = {**await asyncio.to_thread(double.environment), "REQUESTS_CA_BUNDLE": bundle}
        subscription = environment["ARM_SUBSCRIPTION_ID"]
        made = _made(environment, double.url, subscription, double.certificate.client, forgets=True)
        made.double = runner
        return made

    def _subscription(self) -> Subscription:
        """As the sandbox was told, with what stands in its cloud."""
        told = told_in(self._setup.home)
        cloud = SandboxCloud(sandbox.cloud_path(self._setup.home))
        groups = [str(one.state.get("name")) for one in cloud.resources(_GROUP)]
        workspaces = [one.state for one in cloud.resources(_WORKSPACE)]
        managed = [str(state.get("managed_resource_group_name")) for state in workspaces]
        standing = [Standing(str(state.get("name")), str(state.get("resource_group_name"))) for state in workspaces]
        return Subscription(
            quotas=tuple(SetQuota(one.region, one.row, one.limit, one.used) for one in told.quotas),
            restricted=tuple(Restriction(one.size, one.region, one.zones) for one in told.restricted),
            workspaces=tuple(standing),
            groups=(*groups, *managed, *told.taken),
            bill=lambda since, until: self._bill(told, since, until),
        )

    def _bill(self, told: ToldSubscription, since: date, until: date) -> Iterator[BilledDay]:
        if told.bill is not None:
            for deployment in self._billed:
                yield from sandbox_bill(deployment, told.bill, since, until, now=self._setup.clock())


def _made(
    environment: Mapping[str, str],
    url: str,
    subscription: str | None,
    trust: Callable[[], ssl.SSLContext],
    *,
    forgets: bool = False,
) -> _Made:
    # A third of a second for the web client, and a quarter for the sign-in: no first prompt waits for them.
    from plugins.resource_manager.bills import BillReader
    from plugins.resource_manager.client import ResourceManager
    from plugins.resource_manager.preflight import PreflightReader
    from plugins.resource_manager.sign_in import SharedSignIn

    sign_in = SharedSignIn(lambda: _token(environment))

    def client() -> "ResourceManager":
        return ResourceManager(sign_in.token, url, trust=trust)

    preflight = PreflightReader(client(), subscription, forgets=forgets, fault_of=_fault_of)
    return _Made(preflight, BillReader(client(), subscription))


def _fault_of(error: BaseException) -> str:
    return logged_fault(_log, "a look failed", error)


def _token(environment: Mapping[str, str]) -> tuple[str, float] | None:
    from plugins.deploy.sign_in import access_token

    try:
        return access_token(environment, SCOPE)
    except SignInMissing:
        return None


def _trust(bundle: str | None) -> ssl.SSLContext:
    """The system's certificates (SSL_CERT_FILE names others), and those that Azure's own libraries are told of."""
    context = ssl.create_default_context()
    if bundle:
        context.load_verify_locations(cafile=bundle)
    return context


def sandbox_bill(
    deployment: Deployment, told: ToldBill, since: date, until: date, *, now: datetime
) -> Iterator[BilledDay]:
    """What a workspace of the sandbox has cost: its estimate by the hour, from when it was made, and the hours that the
    bill was told have passed before that; DBUs in its own group, machines and all else in the managed one, as Azure
    bills them.
    """
    begun = deployment.created_at - timedelta(hours=told.hours)
    lines = [(line.unit == "DBU", line.monthly) for line in deployment.cost.lines if line.monthly]
    decision = deployment.decision
    for number in range((until - since).days + 1):
        day = since + timedelta(days=number)
        start, end = datetime.combine(day, time(0), UTC), datetime.combine(day + timedelta(days=1), time(0), UTC)
        seconds = (min(end, now) - max(start, begun)).total_seconds()
        if seconds <= 0:
            continue
        jump = told.jump if day == now.date() - timedelta(days=1) else Decimal(1)
        share = Decimal(str(seconds)) / 3600 / _HOURS_OF_A_MONTH * told.factor * jump
        for is_dbu, group in ((True, decision.resource_group_name), (False, decision.managed_resource_group_name)):
            amount = sum((monthly for of_dbu, monthly in lines if of_dbu is is_dbu), Decimal(0)) * share
            if amount and group:
                yield BilledDay(day, group.casefold(), deployment.cost.currency, round(amount, 6))
