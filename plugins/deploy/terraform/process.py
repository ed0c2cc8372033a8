"""One Terraform command: its own session, output in files, a clean stop on cancel."""

import asyncio
import contextlib
import os
import signal
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from plugins.domain.errors import DeploymentFailed

_POLL_SECONDS = 0.05
_STOP_SECONDS = 120.0
"""How long Terraform may take to stop cleanly; it finishes the request that is on its way."""

_KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "SSL_CERT_FILE", "SSL_CERT_DIR", "HTTPS_PROXY", "HTTP_PROXY",
         "NO_PROXY", "PYTHONPATH", "SYSTEMROOT")  # fmt: skip
_CREDENTIALS = ("ARM_CLIENT_ID", "ARM_CLIENT_SECRET", "ARM_TENANT_ID", "ARM_SUBSCRIPTION_ID", "ARM_USE_OIDC",
                "ARM_OIDC_TOKEN", "ARM_OIDC_TOKEN_FILE_PATH", "ARM_OIDC_REQUEST_TOKEN", "ARM_OIDC_REQUEST_URL",
                "ARM_USE_MSI", "ARM_MSI_ENDPOINT", "ARM_USE_CLI", "ARM_CLIENT_CERTIFICATE_PATH",
                "ARM_CLIENT_CERTIFICATE_PASSWORD", "ARM_ENVIRONMENT", "AZURE_CONFIG_DIR")  # fmt: skip


@dataclass(frozen=True)
class Command:
    """What to run: arguments after the Terraform command, a name for its output files, a limit in seconds."""

    name: str
    arguments: tuple[str, ...]
    timeout_seconds: float


@dataclass(frozen=True)
class Ended:
    """How it ended: exit code and what stood on its two outputs."""

    code: int
    output: str
    errors: str


def environment(base: Mapping[str, str], own: Mapping[str, str], *, azure: bool) -> dict[str, str]:
    """The environment of a Terraform process: little of the caller's, nothing of DATABRICKS_* or TF_*.

    ARM_* credentials pass in azure mode only; DATABRICKS_* would point the cluster at another workspace
    (azure-databricks facts, section 6).
    """
    kept = (*_KEPT, *_CREDENTIALS) if azure else _KEPT
    return {
        **{key: base[key] for key in kept if key in base},
        "CHECKPOINT_DISABLE": "1",
        "TF_IN_AUTOMATION": "1",
        "TF_INPUT": "0",
        **own,
    }


async def run(
    terraform: Sequence[str], command: Command, folder: Path, env: Mapping[str, str],
    told: Callable[[str], None] | None = None,
) -> Ended:  # fmt: skip
    """Runs one command to its end. `told` receives each line of its output while it runs.

    Cancelling asks Terraform to stop (SIGINT) and waits until it has, so that its state is whole. Raises
    DeploymentFailed past the time limit.
    """
    output, errors = folder / f"{command.name}.out", folder / f"{command.name}.err"
    with output.open("wb") as out, errors.open("wb") as err:
        process = await asyncio.create_subprocess_exec(
            *terraform, *command.arguments, cwd=folder, env=dict(env), stdin=asyncio.subprocess.DEVNULL,
            stdout=out, stderr=err, start_new_session=True,
        )  # fmt: skip
    reading = asyncio.create_task(_follow(output, told)) if told else None
    try:
        async with asyncio.timeout(command.timeout_seconds):
            await process.wait()
    except TimeoutError as error:
        await _stop(process)
        raise DeploymentFailed(
            f"running terraform {command.name}",
            f"it did not end within {command.timeout_seconds / 60:.0f} minutes and was stopped.",
            "Try again; if it happens twice, ask your platform team to look at the cloud.",
            retryable=True,
        ) from error
    except asyncio.CancelledError:
        await asyncio.shield(_stop(process))
        raise
    finally:
        if reading is not None:
            reading.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await reading
    return Ended(process.returncode or 0, _text(output), _text(errors))


async def _stop(process: asyncio.subprocess.Process) -> None:
    """SIGINT to Terraform's whole session, then patience; the provider stops between two requests."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(process.pid, signal.SIGINT)
    try:
        async with asyncio.timeout(_STOP_SECONDS):
            await process.wait()
    except TimeoutError:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()


async def _follow(path: Path, told: Callable[[str], None]) -> None:
    """Hands over each whole line as it is written, the rest when cancelled."""
    with path.open("r", encoding="utf-8", errors="replace") as lines:
        unfinished = ""
        try:
            while True:
                unfinished = _hand_over(unfinished + lines.read(), told)
                await asyncio.sleep(_POLL_SECONDS)
        finally:
            _hand_over(unfinished + lines.read(), told)


def _hand_over(text: str, told: Callable[[str], None]) -> str:
    *whole, rest = text.split("\n")
    for line in whole:
        told(line)
    return rest


def _text(path: Path) -> str:
    return path.read_text("utf-8", errors="replace")
