"""What every plan needs, begun while a turn still finds out what is to be planned, and whether it can be kept.

It takes nobody's consent: no cloud is asked or told anything, and what is made ready for nothing serves the next plan.
"""

import asyncio
import contextlib

from agent.deployment.context import TerraformAhead
from agent.orders import PlanOrder
from plugins.domain.decision import InfrastructureDecision
from plugins.domain.errors import InfraError


class Preparations:
    """Begins each beside the work that will need it. Whoever that is waits for what is under way, and hears of what is
    wrong with it.
    """

    def __init__(self, ahead: TerraformAhead | None) -> None:
        self._ahead = ahead
        self._has_looked = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._under_way: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        self._loop = asyncio.get_running_loop()

    def somebody_speaks(self) -> None:
        """Terraform is looked for, once in a process."""
        if self._ahead is not None and not self._has_looked:
            self._has_looked = True
            self._ahead.look_ahead()

    def ordered(self, order: PlanOrder) -> None:
        """Makes the providers of the first workspace ready; those of a batch mostly have the same. Any thread may call."""
        first = order.parts[0]
        # What is taken over gets files of its own, which only its plan knows.
        if self._loop is not None and first.adopt is None and not first.reimport:
            self._loop.call_soon_threadsafe(self._begin, first.decision)

    async def stop(self) -> None:
        for task in self._under_way:
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)

    def _begin(self, decision: InfrastructureDecision) -> None:
        if self._ahead is not None:
            task = asyncio.create_task(_made_ready(self._ahead, decision))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)


async def _made_ready(ahead: TerraformAhead, decision: InfrastructureDecision) -> None:
    with contextlib.suppress(InfraError):
        await ahead.initialise_ahead(decision)
