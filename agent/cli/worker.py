"""`brickie worker`: one more process that plans and applies what was ordered anywhere on these records."""

import argparse
import asyncio
import signal
from collections.abc import Mapping

from agent.app import App, AppEnvironment
from agent.output import tell
from agent.paths import home_of
from agent.settings import read_settings
from plugins.domain.errors import ConfigurationError


def work(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    """Works until SIGTERM or Ctrl-C; what is under way then goes on, and is found by the next process.

    Raises ConfigurationError when the records cannot be opened, a living process has this one's name, or nothing is to
    be worked on.
    """
    del options
    settings = read_settings(environment)
    if settings.mode.read_only:
        raise ConfigurationError(
            "starting a worker",
            "Mode__ReadOnly is set: nothing is planned or applied, so it has nothing to do.",
            "Unset it here, or start none.",
        )
    app = App(AppEnvironment(settings=settings, environment=environment, home=home_of(environment)))
    return asyncio.run(_worked(app))


async def _worked(app: App) -> int:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    await app.start()
    app.begin_upkeep()
    tell("brickie worker: ready. SIGTERM or Ctrl-C stops it; Terraform that runs goes on.")
    await stopped.wait()
    await app.close(waiting=False)
    return 0
