"""What every plan takes, begun while a turn still finds out what is to be planned.

It takes nobody's consent: no cloud is asked or told anything, and what is made ready for nothing serves the next plan.
"""

import asyncio
import contextlib
import time
from collections.abc import Coroutine
from typing import Any

from agent.deployment.context import TerraformAhead
from plugins.domain.errors import InfraError

_AGAIN_SECONDS = 3600.0
"""A look whether they are ready still costs a turn a tenth of a millisecond."""


class Preparations:
    """Begins each beside the work that will need it. Whoever needs it waits for what is under way, and hears of what is
    wrong with it.
    """

    def __init__(self, ahead: TerraformAhead | None) -> None:
        self._ahead = ahead
        self._has_looked = False
        self._due = 0.0
        self._initialising: asyncio.Task[None] | None = None

    def look(self) -> None:
        """Looks for Terraform, once in a process."""
        if self._ahead is not None and not self._has_looked:
            self._has_looked = True
            self._ahead.look_ahead()

    def initialise(self) -> None:
        """Makes the providers ready; what was made ready a while ago is still, or the plan makes it anew."""
        if self._ahead is not None and time.monotonic() >= self._due:
            self._due = time.monotonic() + _AGAIN_SECONDS
            self._initialising = asyncio.create_task(_made_ready(self._ahead.initialise_ahead()))

    async def stop(self) -> None:
        if self._initialising is not None:
            await asyncio.sleep(0)  # it has begun by then, and cleans up after itself
            self._initialising.cancel()
            await asyncio.gather(self._initialising, return_exceptions=True)


async def _made_ready(initialising: Coroutine[Any, Any, None]) -> None:
    with contextlib.suppress(InfraError):
        await initialising
