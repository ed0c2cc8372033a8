"""One Terraform command, detached: it goes on when its reader ends, and any later reader finds it again."""

import asyncio
import json
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from plugins.deploy.sentences import SAYS
from plugins.deploy.terraform.exit_watch import ExitWatch
from plugins.deploy.terraform.spawn import DetachedProcess, start
from plugins.domain.errors import DeploymentFailed

_READ_SECONDS = 0.1
"""How often the output of a command is read that somebody listens to."""
_BEGUN_SECONDS, _BEGUN_POLL_SECONDS = 10.0, 0.01
_SILENT_SECONDS = 2.0
_FIRST_BYTES = 64_000
_GRACE_SECONDS = 300.0
"""How long Terraform may take to stop cleanly; it finishes the request that is on its way."""
_AGAIN_SECONDS = 15.0
"""After the second interrupt Terraform drops everything; what does not end then is killed."""

_KEPT = (
    "PATH",
    "HOME",
    "LANG",
    "LC_ALL",
    "TMPDIR",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "HTTPS_PROXY",
    "HTTP_PROXY",
    "NO_PROXY",
    "PYTHONPATH",
    "SYSTEMROOT",
)
_CREDENTIALS = (
    "ARM_CLIENT_ID",
    "ARM_CLIENT_SECRET",
    "ARM_TENANT_ID",
    "ARM_SUBSCRIPTION_ID",
    "ARM_USE_OIDC",
    "ARM_OIDC_TOKEN",
    "ARM_OIDC_TOKEN_FILE_PATH",
    "ARM_OIDC_REQUEST_TOKEN",
    "ARM_OIDC_REQUEST_URL",
    "ARM_OIDC_AZURE_SERVICE_CONNECTION_ID",
    "ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID",
    "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
    "ACTIONS_ID_TOKEN_REQUEST_URL",
    "SYSTEM_ACCESSTOKEN",
    "SYSTEM_OIDCREQUESTURI",
    "ARM_USE_AKS_WORKLOAD_IDENTITY",
    "AZURE_CLIENT_ID",
    "AZURE_TENANT_ID",
    "AZURE_FEDERATED_TOKEN_FILE",
    "ARM_CLIENT_ID_FILE_PATH",
    "ARM_CLIENT_SECRET_FILE_PATH",
    "ARM_USE_MSI",
    "ARM_MSI_ENDPOINT",
    "ARM_USE_CLI",
    "ARM_CLIENT_CERTIFICATE_PATH",
    "ARM_CLIENT_CERTIFICATE_PASSWORD",
    "ARM_ENVIRONMENT",
    "AZURE_CONFIG_DIR",
)


OutputListener = Callable[[int, str], None]
"""Called for each line of output: its number, from 1, and the line."""
Stopped = Literal["cancelled", "timeout"]


@dataclass(frozen=True)
class TerraformCommand:
    """What to run: arguments after the Terraform command, a name for its output files, a limit in seconds."""

    name: str
    arguments: tuple[str, ...]
    timeout_seconds: float


@dataclass(frozen=True)
class CommandResult:
    """How it ended: exit code (None when it died without one, or of a signal), what stood on its two outputs, how
    long it lasted, and why it was asked to stop, if it was.
    """

    code: int | None
    output: str
    errors: str
    seconds: float = 0.0
    stopped: Stopped | None = None


def environment(base: Mapping[str, str], own: Mapping[str, str], *, azure: bool) -> dict[str, str]:
    """The environment of a Terraform process: little of the caller's, nothing of DATABRICKS_* or TF_*.

    ARM_* credentials pass in azure mode only. DATABRICKS_* would win over the generated provider block, and the cluster
    be made in another workspace (github.com/databricks/terraform-provider-databricks issue 1520, read 2026-11-22).
    """
    passed_on = (*_KEPT, *_CREDENTIALS) if azure else _KEPT
    return {
        **{key: base[key] for key in passed_on if key in base},
        "CHECKPOINT_DISABLE": "1",
        "TF_IN_AUTOMATION": "1",
        "TF_INPUT": "0",
        **own,
    }


def silent(_number: int, _line: str) -> None:
    pass


def begin(
    terraform: Sequence[str],
    command: TerraformCommand,
    folder: Path,
    env: Mapping[str, str],
    then: TerraformCommand | None = None,
    *,
    is_new: bool = False,
) -> DetachedProcess:
    """The run of that command, started if it never was, and followed by `then` if it ends well. In a folder that
    `is_new` it is not looked for. Raises DeploymentFailed.
    """
    run = DetachedProcess(folder, command.name)
    if is_new or not run.is_started:
        follows = (then.name, (*terraform, *then.arguments)) if then else None
        try:
            start(run, (*terraform, *command.arguments), env, then=follows)
        except OSError as error:
            raise SAYS.error(DeploymentFailed, "terraform.cannot_start", name=command.name) from error
    return run


async def attach(
    terraform: Sequence[str],
    command: TerraformCommand,
    folder: Path,
    env: Mapping[str, str],
    listener: OutputListener = silent,
    *,
    then: TerraformCommand | None = None,
) -> CommandResult:
    """The end of the command: started if it never was, followed if it runs, read from its files if it has ended. The
    same process goes on with `then` if it ends well; the end of the first may be heard of with that of the other.

    `listener` is given every complete line of its output, from the first. Cancelling only ends the reading. Past the
    limit, counted from its real start, it is stopped and `stopped` is "timeout".
    """
    run = begin(terraform, command, folder, env, then)
    lines = _Lines(run.path("out"), listener)
    look = 1.0 if listener is silent else _READ_SECONDS
    with ExitWatch(run) as watch:
        while not run.has_ended:
            lines.read()
            left = command.timeout_seconds - run.seconds
            if left < 0:
                await stop(run, "timeout")
            await watch.wait(min(look, max(left, 0)))
    lines.read(last=True)
    return CommandResult(
        code=None if run.is_killed else run.code,
        output=_text(run.path("out")),
        errors=_text(run.path("err")),
        seconds=round(run.seconds, 2),
        stopped=_asked_to_stop(run),
    )


async def stop(run: DetachedProcess, why: Stopped = "cancelled") -> bool:
    """Interrupts the run cleanly and returns when it has ended; False when nothing ran.

    Only the first who asks sends the interrupt, because a second one makes Terraform drop what it does; everybody
    waits. What does not end within a long grace is interrupted again, and then killed.
    """
    if not run.is_started or run.has_ended:
        return False
    # Whoever makes the file sends the interrupt: a second interrupt would make Terraform drop what it does.
    marker = run.path("stop")
    try:
        marker.touch(mode=0o600, exist_ok=False)
        marker.write_text(json.dumps(why), "utf-8")
    except FileExistsError:
        asked = marker.stat().st_mtime
    else:
        asked = marker.stat().st_mtime
        # An interrupt before the command is there would reach only its shell, which ignores it.
        await _has_begun(run)
        run.signal(signal.SIGINT)
    for number, patience in ((signal.SIGINT, _GRACE_SECONDS), (signal.SIGKILL, _GRACE_SECONDS + _AGAIN_SECONDS)):
        if await _ends(run, asked + patience):
            return True
        run.signal(number)
    return await _ends(run, time.time() + _AGAIN_SECONDS)


async def _has_begun(run: DetachedProcess) -> None:
    """An interrupt would be lost that only the run's shell gets, since the command is not there yet; and one that an
    apply gets before its operation runs: Terraform notes it, stops nothing, and goes on (1.11.4, run 2026-11-30). Its
    first line tells the version, the next one of the operation.
    """
    begun = time.time()
    while time.time() < begun + _BEGUN_SECONDS:
        if run.has_ended or (run.has_command and (run.name != "apply" or _operates(run, time.time() - begun))):
            return
        await asyncio.sleep(_BEGUN_POLL_SECONDS)


def _operates(run: DetachedProcess, seconds: float) -> bool:
    """Whether an apply has told more than its version; one that has told nothing for so long tells nothing at all."""
    try:
        with run.path("out").open("rb") as file:
            told = file.read(_FIRST_BYTES)
    except FileNotFoundError:
        told = b""
    return told.count(b"\n") > 1 or (b'"version"' not in told and (bool(told) or seconds > _SILENT_SECONDS))


async def _ends(run: DetachedProcess, until: float) -> bool:
    with ExitWatch(run) as watch:
        while not run.has_ended:
            left = until - time.time()
            if left < 0:
                return False
            await watch.wait(left)
    return True


def _asked_to_stop(run: DetachedProcess) -> Stopped | None:
    try:
        return "timeout" if json.loads(run.path("stop").read_text("utf-8")) == "timeout" else "cancelled"
    except FileNotFoundError:
        return None
    except ValueError:
        return "cancelled"


class _Lines:
    """Hands over each complete line of a growing file once, with its number."""

    def __init__(self, path: Path, listener: OutputListener) -> None:
        self._path = path
        self._told = listener
        self._at = 0
        self._number = 0

    def read(self, *, last: bool = False) -> None:
        """What has come since; `last` takes the unfinished line as well."""
        try:
            with self._path.open("rb") as file:
                file.seek(self._at)
                new = file.read()
        except FileNotFoundError:
            return
        # An unfinished line is left for the next look: half a JSON message would be none.
        whole = len(new) if last else new.rfind(b"\n") + 1
        self._at += whole
        for line in new[:whole].decode("utf-8", errors="replace").removesuffix("\n").split("\n") if whole else ():
            self._number += 1
            self._told(self._number, line)


def _text(path: Path) -> str:
    return path.read_text("utf-8", errors="replace") if path.exists() else ""
