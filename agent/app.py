"""The composition root: settings in, a running app out. Only here are real things made."""

import getpass
import os
import shutil
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from agent.approvals import ApprovalRules
from agent.brain.choosing import Needs, brain_for
from agent.brain.protocol import Brain
from agent.deployment import Deployments, Step, Terraform, Workshop
from agent.events import Event, Incoming
from agent.lookups import Lookups
from agent.places import home_of, place
from agent.reply import Desk
from agent.settings import Settings, read_settings
from agent.store.locks import Locks
from agent.store.records import Store
from agent.telemetry import switch_on
from agent.telling import looking
from agent.turn import Surroundings, Turns
from agent.wording import Wording
from plugins.deploy.generate import generate
from plugins.deploy.sandbox import install as sandbox
from plugins.deploy.terraform.executor import Executor, Site
from plugins.deploy.terraform.find import Found, find_terraform
from plugins.deploy.terraform.process import environment as terraform_environment
from plugins.domain.approval import Approval
from plugins.domain.decision import InfrastructureDecision
from plugins.domain.deployment import DeploymentResult
from plugins.domain.errors import ConfigurationError
from plugins.domain.house import House
from plugins.domain.plan import Person, Plan, PlanAction, PlanFile, PlanItem, Target, TerraformFiles
from plugins.domain.understanding import Context

Listener = Callable[[Event], None]


@dataclass(frozen=True)
class World:
    """What the app is built from: settings, the environment, a clock (UTC) and where its state lies."""

    settings: Settings
    environment: Mapping[str, str]
    home: Path
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)


class App:
    """A running Brickie. Every event, also of background work, goes to every listener, in order."""

    def __init__(self, world: World, *, brain: Brain | None = None, terraform: Terraform | None = None) -> None:
        settings = world.settings
        watching = switch_on(settings.telemetry)
        self._listeners: list[Listener] = [] if watching is None else [watching]
        rules = ApprovalRules(
            four_eyes=frozenset(settings.approvals.four_eyes),
            typed_destroy=frozenset(settings.approvals.typed_destroy),
            requester=settings.approvals.requester_role,
            approver=settings.approvals.approver_role,
        )
        store, locks, wording = Store(world.home / "brickie.db"), Locks(), Wording(place("templates") / "replies")
        target = Target(mode=settings.cloud.mode, subscription=settings.cloud.subscription_id)
        real = _Generating(Executor(site_of(world), world.clock), settings.house)
        self._store = store
        self._work = Deployments(
            Workshop(
                store=store, locks=locks, terraform=terraform or real, wording=wording,
                rules=rules, target=target, plan_hours=settings.approvals.plan_hours, emit=self._tell,
                clock=world.clock,
            )
        )  # fmt: skip
        desk = Desk(
            house=settings.house, rules=rules, wording=wording, target=target, new_id=new_id,
            generate=lambda decision: exported(generated(decision, settings.house)),
            lone=settings.cloud.mode == "sandbox",
        )  # fmt: skip
        self._lookups = Lookups(store, settings.house)
        self._brain = brain or brain_for(
            Needs(settings, lambda: world.clock().date(), self._lookups.look, looking=looking(self._tell)),
            world.environment,
        )
        self._turns = Turns(
            desk,
            Surroundings(
                store=store, locks=locks, brain=self._brain, work=self._work, emit=self._tell,
                clock=world.clock,
            ),
        )  # fmt: skip

    async def look(self, context: Context, verb: str, asked: Mapping[str, Any]) -> dict[str, Any]:
        """What may be looked up for whoever the context names; see `agent.lookups`."""
        return await self._lookups.look(context, verb, asked)

    def listen(self, listener: Listener) -> None:
        self._listeners.append(listener)

    async def reply_to(self, incoming: Incoming, *, until_settled: bool) -> None:
        """One turn; see `agent.turn`."""
        await self._turns.reply_to(incoming, until_settled=until_settled)

    async def settled(self) -> None:
        """Returns when nothing is under way."""
        await self._work.all_settled()

    async def cancel(self) -> bool:
        """Stops what is under way cleanly; True when there was something."""
        return await self._work.cancel()

    async def close(self) -> None:
        await self.settled()
        await self._brain.close()
        self._store.close()

    def _tell(self, event: Event) -> None:
        for listener in self._listeners:
            listener(event)


class _Generating:
    """The engine's Terraform: files generated from the decision, run by the executor."""

    def __init__(self, executor: Executor, house: House) -> None:
        self._executor = executor
        self._house = house

    async def plan(
        self, decision: InfrastructureDecision, *, deployment_id: str, plan_id: str, action: PlanAction
    ) -> tuple[TerraformFiles, PlanFile]:
        files = generated(decision, self._house)
        plan_file = await self._executor.plan(files, deployment_id=deployment_id, plan_id=plan_id, action=action)
        return exported(files), plan_file

    async def apply(self, plan: Plan, item: PlanItem, approval: Approval, step: Step) -> DeploymentResult:
        return await self._executor.apply(plan, item, approval, step)

    def discard(self, plan_id: str) -> None:
        self._executor.discard(plan_id)


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
        plan_seconds=limits.plan_minutes * 60, apply_seconds=limits.apply_minutes * 60,
    )  # fmt: skip


def generated(decision: InfrastructureDecision, house: House) -> TerraformFiles:
    return generate(decision, house, place("templates") / "terraform")


def exported(files: TerraformFiles) -> TerraformFiles:
    """The files as a person keeps them: without the backend, which says where our own state lies."""
    return TerraformFiles(files={name: text for name, text in files.files.items() if name != "backend.tf"})


def new_id(prefix: str) -> str:
    return f"{prefix}_{uuid.uuid4().hex[:12]}"


def reset_sandbox(environment: Mapping[str, str]) -> None:
    """Forgets the sandbox cloud, and every record of what was deployed in it."""
    home = home_of(environment)
    sandbox.reset(home)
    for name in ("runs", "deployments"):
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
