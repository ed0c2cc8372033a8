"""`brickie worker`: one more process that plans and applies what was ordered anywhere on these records."""

import argparse
import asyncio
import signal
from collections.abc import Mapping

from agent.app import App, AppEnvironment
from agent.output import tell
from agent.paths import home_of
from agent.settings import read_settings
from agent.wording import error_of, phrase
from plugins.domain.errors import ConfigurationError


def work(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    """Works until SIGTERM or Ctrl-C; what is under way then goes on, and is found by the next process.

    Raises ConfigurationError when the records cannot be opened, a living process has this one's name, or nothing is to
    be worked on.
    """
    del options
    settings = read_settings(environment)
    if settings.mode.read_only:
        raise error_of(ConfigurationError, "cli.worker.read_only")
    app = App(AppEnvironment(settings=settings, environment=environment, home=home_of(environment)))
    return asyncio.run(_worked(app))


async def _worked(app: App) -> int:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    # Before the app starts: a stop that arrives meanwhile ends the worker as cleanly as one that comes later.
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    await app.start()
    app.begin_upkeep()
    tell(phrase("cli.worker.ready"))
    await stopped.wait()
    # Terraform runs in a process of its own and goes on; the next worker finds it by its records.
    await app.close(waiting=False)
    return 0
