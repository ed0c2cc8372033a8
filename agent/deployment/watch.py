"""Whether somebody asked a run to stop, seen by whichever process works on it.

Whoever begins a run reads in the same transaction whether it was told to: the first look is a while later.
"""

import asyncio
import contextlib
from dataclasses import dataclass, field
from typing import Self

from agent.deployment.context import DeploymentContext
from agent.store.database import RecordsUnavailable
from agent.store.runs import Run

_LOOK_SECONDS = 0.5
"""How often a run looks whether it was told to stop."""


@dataclass
class Watch:
    """Whether a run was told to stop, looked up beside its work; `run` as it was when it was begun."""

    context: DeploymentContext
    run: Run
    cancelled: asyncio.Event = field(default_factory=asyncio.Event)
    _over: asyncio.Event = field(default_factory=asyncio.Event, repr=False)
    _task: asyncio.Task[None] | None = field(default=None, repr=False)

    async def __aenter__(self) -> Self:
        if self.run.cancel_requested:
            self.cancelled.set()
        self._task = asyncio.create_task(self._look())
        return self

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if self._task is None:
            return
        self._over.set()
        if kind is asyncio.CancelledError:
            self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def _look(self) -> None:
        """Looks on while the database is away: the stop may come afterwards."""
        while not self.cancelled.is_set():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_LOOK_SECONDS):
                    await self._over.wait()
                    return
            with contextlib.suppress(RecordsUnavailable):
                if await self.context.database.read(lambda records: records.is_cancelled(self.run.run_id)):
                    self.cancelled.set()
