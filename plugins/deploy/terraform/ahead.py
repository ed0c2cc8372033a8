"""What every plan takes of Terraform, begun before it is known what to plan.

Nobody's consent is needed: no cloud is asked or told anything.
"""

import asyncio
import contextlib
import shutil
import threading
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from plugins.deploy.sentences import SAYS
from plugins.deploy.terraform.backend import LocalState, init_arguments
from plugins.deploy.terraform.process import TerraformCommand, begin
from plugins.deploy.terraform.refusal import require_success
from plugins.deploy.terraform.shared_init import SharedInits
from plugins.deploy.terraform.site import INIT, Site, write_files
from plugins.domain.errors import DeploymentFailed, InfraError
from plugins.domain.plan import TerraformFiles

_AHEAD_SECONDS = 60
"""A plan waits for what is made ready ahead of it, and where that comes to nothing makes it ready itself."""


@dataclass(frozen=True)
class _Begun:
    """An `init` in a folder of its own, and what it serves; no command where one is kept."""

    folder: Path
    key: str
    command: TerraformCommand | None


def look_ahead(site: Site) -> None:
    """Has Terraform looked for, and what it runs with laid out, beside whatever the caller does; no end of the process
    waits for that.
    """

    def made(what: Callable[[], object]) -> None:
        with contextlib.suppress(InfraError, OSError):  # whoever needs it is told
            what()

    for what in (site.terraform, site.environment):
        threading.Thread(target=made, args=(what,), name="terraform-looked-for", daemon=True).start()


def initialise_ahead(site: Site, required: Callable[[], TerraformFiles]) -> Coroutine[Any, Any, None]:
    """Has `init` make, in a folder of its own, what it would make for all files with the settings of Terraform's that
    the required ones have; nothing where the state is not kept on this machine.

    Begun by the call itself, in a thread: the loop, which each step would wait for, has the rest of a process's start
    to do. What is given waits for the end, and keeps what was made. Raises DeploymentFailed.
    """
    if not isinstance(site.backend, LocalState):
        return asyncio.sleep(0)
    return _kept(site, asyncio.get_running_loop().run_in_executor(None, _begun, site, required))


async def _kept(site: Site, beginning: "asyncio.Future[_Begun]") -> None:
    try:
        begun = await asyncio.shield(beginning)
    except OSError as error:
        raise SAYS.error(DeploymentFailed, "files.cannot_write") from error
    except asyncio.CancelledError:
        # The thread goes on, and what it begins would be nobody's.
        shutil.rmtree((await beginning).folder, ignore_errors=True)
        raise
    try:
        if begun.command is not None:
            async with site.init_lock(begun.key):
                require_success(begun.command, await site.attach(begun.folder, begun.command))
                await asyncio.to_thread(SharedInits(site.home).keep, begun.key, begun.folder)
    except OSError as error:
        raise SAYS.error(DeploymentFailed, "files.cannot_write") from error
    finally:
        # In a thread: whoever waits for what was made goes on now.
        await asyncio.to_thread(shutil.rmtree, begun.folder, ignore_errors=True)


def _begun(site: Site, required: Callable[[], TerraformFiles]) -> _Begun:
    inits = SharedInits(site.home)
    folder = inits.fresh_folder()
    try:
        return _begun_in(folder, site, required(), inits)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _begun_in(folder: Path, site: Site, files: TerraformFiles, inits: SharedInits) -> _Begun:
    """All that can be is done before Terraform is found, which is waited for anyway: beside a busy loop each file, and
    each look at one, takes its while.
    """
    write_files(folder, site.with_backend(files))
    environment, configured, names = site.command_environment(), site.provider_configuration(), inits.names()
    options = init_arguments(site.backend, folder.name, folder / "none.tfstate")
    command = TerraformCommand("init", (*INIT, *options), _AHEAD_SECONDS)
    key = site.init_key_of(files, configured)
    if any(name.startswith(key) for name in names) and inits.has(key):
        return _Begun(folder, key, None)
    begin(site.terraform().command, command, folder, environment, is_new=True)
    return _Begun(folder, key, command)
