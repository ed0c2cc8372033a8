"""Whether somebody asked a run to stop, seen by whichever process works on it."""

import asyncio
import contextlib
from dataclasses import dataclass, field
from typing import Self

from agent.deployment.context import DeploymentContext
from agent.store.database import RecordsUnavailable

_LOOK_SECONDS = 0.5
"""How often a run looks whether it was told to stop."""


@dataclass
class Watch:
    """Whether a run was told to stop, looked up beside its work."""

    context: DeploymentContext
    run_id: str
    cancelled: asyncio.Event = field(default_factory=asyncio.Event)
    _over: asyncio.Event = field(default_factory=asyncio.Event, repr=False)
    _task: asyncio.Task[None] | None = field(default=None, repr=False)

    async def __aenter__(self) -> Self:
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
        while not self._over.is_set():
            with contextlib.suppress(RecordsUnavailable):
                if await self.context.database.read(lambda records: records.is_cancelled(self.run_id)):
                    self.cancelled.set()
                    return
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_LOOK_SECONDS):
                    await self._over.wait()
