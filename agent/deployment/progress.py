"""Telling how far a run is: kept by the line of its output, at a pace that people can follow."""

import asyncio
import contextlib
import time
from collections import deque
from typing import Self

from agent.deployment.context import DeploymentContext
from agent.events import Progress
from agent.store.records import Records
from agent.store.runs import Run
from plugins.deploy.terraform.stream import Step
from plugins.domain.plan import PlanItem

PACE_SECONDS = 0.25
"""The shortest time between two tellings of one run."""

_END_SECONDS = 0.02
"""How long a step waits for the run's end, which may have come with it."""

_MOST_AT_ONCE = 8
"""Of what came between two tellings so much is told: whoever draws the steps sees that each began and how it ended, and
a run of hundreds of resources still tells at a pace that the records bear. The oldest go first.
"""

_GOES_ON = " s)"
"""How a line ends that tells of something that lasts (`plugins.deploy.terraform.stream`)."""

_UNDO = 1_000_000
"""Lines of an undoing are numbered from here, behind those of the apply."""


class ProgressWriter:
    """Takes a run's steps as they come, and keeps the newest at its pace; what is left at the end is for whoever keeps
    the end.
    """

    def __init__(self, context: DeploymentContext, run: Run, item: PlanItem) -> None:
        self._context = context
        self._run = run
        self._name = "destroy" if item.action == "destroy" else "apply"
        self._started = time.monotonic()
        self._untold: deque[tuple[int, Progress]] = deque(maxlen=_MOST_AT_ONCE)
        self._there = asyncio.Event()
        self._over = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._told())
        return self

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Ends of itself: a telling that was cut off in its transaction might not be ended by being cancelled."""
        if self._task is None:
            return
        self._over.set()
        self._there.set()
        if kind is asyncio.CancelledError:
            self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    def applying(self, step: Step) -> None:
        self._take(step, self._name, step.line)

    def undoing(self, step: Step) -> None:
        """Every resource that is removed again is told, whatever the pace."""
        self._take(step, "rollback", _UNDO + step.line)

    def _take(self, step: Step, name: str, line: int) -> None:
        progress = Progress(
            conversation=self._run.conversation,
            turn=self._run.turn,
            deployment_id=self._run.deployment_id,
            step=name,
            done=step.done,
            total=step.total,
            text=step.text,
            elapsed_s=round(time.monotonic() - self._started, 2),
        )
        # That something goes on is told once, as it stands: the newest of such lines is enough.
        if self._untold and self._untold[-1][1].text.endswith(_GOES_ON):
            self._untold.pop()
        self._untold.append((line, progress))
        self._there.set()

    async def _told(self) -> None:
        while True:
            await self._there.wait()
            # What comes with the end is kept with it.
            if await self._is_over(within=_END_SECONDS):
                return
            self._there.clear()
            await self._tell()
            if await self._is_over(within=PACE_SECONDS):
                return

    async def _is_over(self, *, within: float) -> bool:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(within):
                await self._over.wait()
        return self._over.is_set()

    async def _tell(self) -> None:
        untold = tuple(self._untold)
        if not untold:
            return
        await self._context.kept(lambda records: self._keep(records, untold))
        # What came meanwhile stays; a kept line is never told again.
        while self._untold and self._untold[0][0] <= untold[-1][0]:
            self._untold.popleft()

    def keep(self, records: Records) -> None:
        """Keeps what was not told yet."""
        self._keep(records, tuple(self._untold))

    def _keep(self, records: Records, untold: tuple[tuple[int, Progress], ...]) -> None:
        now = self._context.clock()
        # By its line: who takes over reads Terraform's output from the start, and tells nothing twice.
        told = [p for line, p in untold if records.tell(self._run.run_id, line, dict(p.as_json()), now=now)]
        self._context.tell(records, *told)
