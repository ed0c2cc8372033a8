"""Where and with what Terraform runs: folders, short commands, the state as it is now."""

import asyncio
import contextlib
import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from weakref import WeakValueDictionary

from plugins.deploy.adoption import existing_in
from plugins.deploy.digest import semantic_digest
from plugins.deploy.sentences import SAYS
from plugins.deploy.summary import imported, resource_changes
from plugins.deploy.terraform.backend import (
    AzureState,
    Backend,
    LocalState,
    PostgresState,
    backend_environment,
    init_arguments,
    with_backend,
)
from plugins.deploy.terraform.find import TerraformBinary
from plugins.deploy.terraform.process import (
    CommandResult,
    OutputListener,
    TerraformCommand,
    attach,
    silent,
    stop,
)
from plugins.deploy.terraform.refusal import require_success
from plugins.deploy.terraform.shared_init import SharedInits, init_key
from plugins.deploy.terraform.spawn import DetachedProcess, runs_in
from plugins.deploy.terraform.stale_lock import PROBE, given_back, is_left_by, lock_in, may_have_left, may_hold
from plugins.deploy.terraform.state import StateResource, TerraformState, empty_state, read_state, state_of
from plugins.domain.deployment import Drift
from plugins.domain.errors import DeploymentFailed, InfraError
from plugins.domain.plan import LostContent, PlanFile, TerraformFiles
from plugins.private import private_folder, write_private
from plugins.tracing import span

PLAN_NAME = "plan.tfplan"
APPLY = "apply"
"""The name of the one run of a folder that changes anything."""

# Without it a command that meets another one's lock fails at once, and the state may just be being written.
_LOCK = "-lock-timeout=120s"
INIT, _INIT_SECONDS = ("init", "-input=false", "-json"), 300
_PLAN = ("plan", "-input=false", "-json", _LOCK)


@dataclass(frozen=True)
class Planned:
    """A plan's `show -json`, what it found otherwise than the state has it, and what it was made without: all that goes
    with a workspace which is made anew, or gone.
    """

    plan_json: Mapping[str, Any]
    drift: tuple[Drift, ...] = ()
    lost: tuple[LostContent, ...] = ()


@dataclass(frozen=True)
class Site:
    """`home` is BRICKIE_HOME, `cloud` the sandbox's file, or None for a real subscription; limits are in seconds."""

    terraform: Callable[[], TerraformBinary]
    home: Path
    environment: Callable[[], Mapping[str, str]]
    backend: Backend = field(default_factory=LocalState)
    cloud: Path | None = None
    plan_seconds: float = 900
    apply_seconds: float = 3 * 3600
    _inits: "WeakValueDictionary[str, asyncio.Lock]" = field(
        default_factory=WeakValueDictionary[str, asyncio.Lock], repr=False, compare=False
    )
    _binary: list[TerraformBinary] = field(default_factory=list[TerraformBinary], repr=False, compare=False)

    def state_path(self, deployment_id: str) -> Path:
        return self.home / "deployments" / deployment_id / "terraform.tfstate"

    def run_folder(self, plan_id: str, deployment_id: str, part: str = "") -> Path:
        """Where one workspace of a plan is worked at; `part` names a later attempt at it."""
        return self.home / "runs" / plan_id / (f"{deployment_id}.{part}" if part else deployment_id)

    def run_folders(self, plan_id: str, deployment_id: str) -> list[Path]:
        """The run's folder and those of the later attempts, as far as there are any."""
        first = self.run_folder(plan_id, deployment_id)
        return [path for path in (first, *sorted(first.parent.glob(f"{deployment_id}.*"))) if path.is_dir()]

    def initialised(self, deployment_id: str) -> Path | None:
        """A folder from which the deployment's state can be read: any, for a local one."""
        if isinstance(self.backend, LocalState):
            return self.home
        folders = (path for path in self.home.glob(f"runs/*/{deployment_id}*") if (path / ".terraform").is_dir())
        return next(folders, None)

    async def _found(self) -> TerraformBinary:
        """Looked for in a thread: it is a process of its own, which the loop would wait for."""
        if not self._binary:
            self._binary.append(await asyncio.to_thread(self.terraform))
        return self._binary[0]

    async def attach(
        self,
        folder: Path,
        command: TerraformCommand,
        listener: OutputListener = silent,
        *,
        then: TerraformCommand | None = None,
    ) -> CommandResult:
        """The end of a command that may be under way already, or have ended; `then` is begun when it ends well."""
        with span(f"terraform {command.name}"):
            terraform = (await self._found()).command
            ended = await attach(terraform, command, folder, self.command_environment(), listener, then=then)
        # What it held would stop whatever comes next; where it cannot be given back now, that one tries again.
        if may_have_left(DetachedProcess(folder, command.name)):
            with contextlib.suppress(InfraError):
                await self.unlock(folder)
        return ended

    def command_environment(self) -> Mapping[str, str]:
        """The environment of a command."""
        return {**self.environment(), **backend_environment(self.backend)}

    async def run(self, folder: Path, command: TerraformCommand, then: TerraformCommand | None = None) -> CommandResult:
        """The end of a command that is run afresh; one of that name that was under way is stopped first."""
        for each in (command, then) if then else (command,):
            before = DetachedProcess(folder, each.name)
            # A run of an agent that died may still hold the lock, and its files would be taken for this run's.
            await stop(before)
            # Before it is forgotten: a lock is known to be its own by when it began.
            if may_have_left(before):
                await self.unlock(folder)
            before.forget()
        return await self.attach(folder, command, then=then)

    async def must(
        self, folder: Path, command: TerraformCommand, then: TerraformCommand | None = None
    ) -> CommandResult:
        """The same. Raises DeploymentFailed, in words for people, when it does not succeed."""
        return require_success(command, await self.run(folder, command, then))

    async def prepare(self, folder: Path, files: TerraformFiles, deployment_id: str) -> None:
        """Writes the files into a folder of their own and initialises it. Raises DeploymentFailed."""
        state = self.state_path(deployment_id)
        try:
            write_files(folder, self.with_backend(files))
            private_folder(state.parent)
        except OSError as error:
            raise SAYS.error(DeploymentFailed, "files.cannot_write") from error
        if isinstance(self.backend, LocalState):
            await self.state(folder, deployment_id)  # a damaged one is named as such before Terraform stumbles over it
        command = TerraformCommand("init", (*INIT, *init_arguments(self.backend, deployment_id, state)), _INIT_SECONDS)
        if isinstance(self.backend, LocalState):
            await self._initialised_once(folder, files, state, command)
        else:
            await self._initialise(folder, command)
        # The first apply of a new state locks the whole database for as long as it lasts; with an empty state in place
        # it does not.
        if isinstance(self.backend, PostgresState) and (await self.state(folder, deployment_id)).serial is None:
            empty = folder / "empty.tfstate"
            write_private(empty, empty_state((await self._found()).version))
            await self.must(folder, TerraformCommand("push", ("state", "push", _LOCK, empty.name), 300))
        # Last: looking for a lock needs a folder that is initialised.
        await self.unlock(folder)

    async def unlock(self, folder: Path) -> None:
        """Gives back what a run of this folder's deployment held when it died; nothing while another one lives. To be
        called before the files of a run are removed: they alone tell that it died. Raises DeploymentFailed.
        """
        if not isinstance(self.backend, AzureState) or not (folder / ".terraform").is_dir():
            return
        deployment_id = folder.name.partition(".")[0]
        dead = [run for run in self._runs_of(deployment_id) if may_have_left(run)]
        if not dead or any(map(may_hold, self._runs_of(deployment_id))):
            return
        probe = await self.run(folder, TerraformCommand("probe", PROBE, 120))
        met = lock_in(probe.errors)
        if met is not None and is_left_by(met, dead):
            # What has begun while the probe did may hold what that met. A lock that is taken from here on has another
            # id, and Terraform gives back none but that of the id that it is told (1.11.4, run 2026-11-30).
            if any(map(may_hold, self._runs_of(deployment_id))):
                return
            await self.must(folder, TerraformCommand("unlock", ("force-unlock", "-force", met.lock_id), 120))
        elif probe.code != 0:
            return  # another's lock, or no answer at all: ours may still be there behind it
        for run in dead:
            given_back(run)

    def may_hold_lock(self, folder: Path) -> bool:
        """Whether a run died there and what it held may not have been given back: its files are still needed."""
        return isinstance(self.backend, AzureState) and any(map(may_have_left, runs_in(folder)))

    async def _initialised_once(
        self, folder: Path, files: TerraformFiles, state: Path, command: TerraformCommand
    ) -> None:
        """By what an `init` of the same settings has made, or by one that others need not do again."""
        inits = SharedInits(self.home)

        def linked() -> tuple[str, bool]:
            key = self.init_key_of(files, self.provider_configuration())
            return key, inits.linked(key, folder, state)

        key, is_linked = await asyncio.to_thread(linked)
        if is_linked:
            return
        async with self.init_lock(key):
            if not await asyncio.to_thread(inits.linked, key, folder, state):
                await self._initialise(folder, command)
                await asyncio.to_thread(inits.keep, key, folder)

    def init_lock(self, key: str) -> asyncio.Lock:
        """Held by whoever makes the `init` that serves that key."""
        return self._inits.setdefault(key, asyncio.Lock())

    def provider_configuration(self) -> str:
        """What tells Terraform where the providers come from."""
        named = self.environment().get("TF_CLI_CONFIG_FILE")
        return Path(named).read_text("utf-8") if named and Path(named).is_file() else ""

    def init_key_of(self, files: TerraformFiles, configured: str) -> str:
        """What the `init` of these files serves, under that configuration."""
        binary = self.terraform()
        return init_key(self.with_backend(files).files, *binary.command, binary.version, configured)

    def with_backend(self, files: TerraformFiles) -> TerraformFiles:
        return with_backend(files, self.backend)

    async def _initialise(self, folder: Path, command: TerraformCommand) -> None:
        """Of the first two in a fresh database, which both make the backend's sequence, one loses and goes again."""
        try:
            await self.must(folder, command)
        except DeploymentFailed as error:
            if not (error.retryable and isinstance(self.backend, PostgresState)):
                raise
            await self.must(folder, command)

    async def validate(self, folder: Path) -> None:
        await self.must(folder, TerraformCommand("validate", ("validate", "-json"), 120))

    async def plan(self, folder: Path, *options: str) -> Mapping[str, Any]:
        """Plans to `PLAN_NAME`; gives the plan's `show -json`. Raises DeploymentFailed.

        A plan begins with all that `validate` does (its walkValidate, Terraform 1.11.4, 2026-11-30).
        """
        return await self._planned(folder, "plan", options, PLAN_NAME)

    async def drift(self, folder: Path) -> Mapping[str, Any]:
        """The `show -json` of a refresh-only plan; neither the state nor the folder's own plan is touched."""
        return await self._planned(folder, "drift", ("-refresh-only",), "drift.tfplan")

    async def _planned(self, folder: Path, name: str, options: tuple[str, ...], to: str) -> Mapping[str, Any]:
        # Where nobody reads on, what is shown stays beside the plan file, which holds the same, until the folder goes.
        command, shown = TerraformCommand(name, (*_PLAN, *options, f"-out={to}"), self.plan_seconds), _show_command(to)
        await self.must(folder, command, shown)
        # A plan file holds the values of all variables in clear, sensitive ones too.
        (folder / to).chmod(0o600)
        return json.loads(_forgotten(folder, shown, await self.attach(folder, shown)))

    async def show(self, folder: Path, name: str) -> Mapping[str, Any]:
        return json.loads(await self._confidential_output(folder, _show_command(name)))

    async def state(self, folder: Path, deployment_id: str) -> TerraformState:
        """The deployment's state as it is now; `folder` is an initialised one. Raises DeploymentFailed."""
        return state_of(await self.state_text(folder, deployment_id))

    async def state_text(self, folder: Path, deployment_id: str) -> str:
        """The same as the state file's own text, values in clear and all; empty where there is none."""
        if isinstance(self.backend, LocalState):
            path = self.state_path(deployment_id)
            return path.read_text("utf-8") if path.is_file() else ""
        return await self._confidential_output(folder, TerraformCommand("pull", ("state", "pull"), 120))

    async def put_state(self, folder: Path, deployment_id: str, text: str) -> None:
        """Makes this the deployment's state, under exactly the serial that it names. Raises DeploymentFailed."""
        if isinstance(self.backend, LocalState):
            # By a rename: a kill in the middle would leave a damaged one.
            new = self.state_path(deployment_id).with_suffix(".new")
            write_private(new, text)
            new.replace(self.state_path(deployment_id))
            return
        content = read_state(text)
        # A push counts on from the serial that it is given (Terraform 1.11.4 over PostgreSQL, 2026-11-30).
        pushed = folder / "push.tfstate"
        write_private(pushed, json.dumps({**content, "serial": content["serial"] - 1}))
        try:
            await self.must(folder, TerraformCommand("push", ("state", "push", "-force", _LOCK, pushed.name), 300))
        finally:
            pushed.unlink()
        if (await self.state(folder, deployment_id)).serial != content["serial"]:
            raise SAYS.error(DeploymentFailed, "state.not_put")

    def is_being_applied(self, deployment_id: str) -> bool:
        """Whether Terraform is changing what this deployment holds, from any run's folder."""
        return not all(DetachedProcess(folder, APPLY).has_ended for folder in self._folders_of(deployment_id))

    def _folders_of(self, deployment_id: str) -> list[Path]:
        """Those of every run of this deployment."""
        names = (f"runs/*/{deployment_id}", f"runs/*/{deployment_id}.*")
        return [folder for name in names for folder in self.home.glob(name)]

    def _runs_of(self, deployment_id: str) -> list[DetachedProcess]:
        return [run for folder in self._folders_of(deployment_id) for run in runs_in(folder)]

    def held_by_others(self, deployment_id: str) -> list[StateResource]:
        """What the states of all other deployments hold, as far as they lie here."""
        own = self.state_path(deployment_id)
        others = [path for path in self.home.glob("deployments/*/terraform.tfstate") if path != own]
        return [resource for path in others for resource in state_of(path.read_text("utf-8")).resources.values()]

    async def bound(self, folder: Path, deployment_id: str, planned: Planned) -> PlanFile:
        """The folder's plan with all that binds it."""
        plan_json = planned.plan_json
        path, state = folder / PLAN_NAME, await self.state(folder, deployment_id)
        return PlanFile(
            folder=str(folder),
            path=str(path),
            sha256=file_hash(path) or "",
            semantic_digest=semantic_digest(plan_json),
            terraform_version=str(plan_json.get("terraform_version", "")),
            lock_sha256=file_hash(folder / ".terraform.lock.hcl"),
            state_serial=state.serial,
            state_sha256=state.sha256,
            resources=resource_changes(plan_json),
            imported=imported(plan_json),
            existing=existing_in(plan_json),
            drift=planned.drift,
            lost=planned.lost,
        )

    async def _confidential_output(self, folder: Path, command: TerraformCommand) -> str:
        """The output of a command that tells of values in clear: it is not kept. Raises DeploymentFailed."""
        return _forgotten(folder, command, await self.run(folder, command))

    def let_go_command(self, addresses: Iterable[str]) -> TerraformCommand:
        return TerraformCommand("let-go", ("state", "rm", _LOCK, *addresses), 300)

    def apply_command(self) -> TerraformCommand:
        return TerraformCommand(APPLY, ("apply", "-input=false", "-json", _LOCK, PLAN_NAME), self.apply_seconds)


def _show_command(name: str) -> TerraformCommand:
    return TerraformCommand("show", ("show", "-json", name), 120)


def _forgotten(folder: Path, command: TerraformCommand, ended: CommandResult) -> str:
    """What it told, of which no file is kept. Raises DeploymentFailed where it did not succeed."""
    output = require_success(command, ended).output
    DetachedProcess(folder, command.name).forget()
    return output


def file_hash(path: Path) -> str | None:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else None


def write_files(folder: Path, files: TerraformFiles) -> None:
    private_folder(folder.parent)
    folder.mkdir(mode=0o700)
    for name, text in files.files.items():
        write_private(folder / name, text)
