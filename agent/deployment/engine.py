"""The port to whatever drives durable work, and the double that drives it inside this process only."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from typing import Protocol

from sqlalchemy import Connection

from agent.orders import Job, JobKind
from agent.wording import error_of
from plugins.domain.errors import ReadOnly

Cleanup = Callable[[], None]
"""What is left to do when a job's end is kept. It takes a moment, and may be done again."""

JobBody = Callable[[str], Awaitable[Cleanup | None]]
"""A piece of work by its argument. It may be begun again at any time, by another process too, and then goes on. What it
gives back is done in a thread, and a stop waits for it.
"""

AT_ONCE = 2
"""Terraform runs side by side in one process: as many as a small machine has cores."""


class Engine(Protocol):
    """Starts jobs that were enqueued in a transaction which was then committed; each once, also after crashes."""

    @property
    def executor(self) -> str:
        """The process's name among those that work on the same database."""
        ...

    async def start(self, bodies: Mapping[JobKind, JobBody]) -> None:
        """Begins to work, with what this process's predecessor of the same name had left."""
        ...

    async def awake(self) -> None:
        """Returns when it takes orders: one that has nothing to do may rest until then."""
        ...

    def enqueue(self, connection: Connection, jobs: Sequence[Job]) -> None:
        """Adds jobs in the caller's transaction: rolled back with it, gone; committed, kept."""
        ...

    def committed(self, jobs: Sequence[Job]) -> None:
        """The transaction in which these were enqueued is kept."""
        ...

    async def stop(self) -> None:
        """Ends the work of this process; what is under way is left for its next start, or for another."""
        ...


class IdleEngine:
    """The engine of read-only mode: it starts nothing, not even what was ordered before, and takes no order."""

    executor = "read-only"

    async def start(self, bodies: Mapping[JobKind, JobBody]) -> None:
        """Nothing is begun."""

    async def awake(self) -> None:
        """It takes none."""

    def enqueue(self, connection: Connection, jobs: Sequence[Job]) -> None:
        """Raises ReadOnly for any job, which leaves nothing of its transaction."""
        del connection
        if jobs:
            raise error_of(ReadOnly, "deployment.read_only")

    def committed(self, jobs: Sequence[Job]) -> None:
        """There are none."""

    async def stop(self) -> None:
        """Nothing is under way here."""


class InlineEngine:
    """The double: jobs are tasks of this process, and end with it. For tests of conversations."""

    executor = "inline"

    def __init__(self, at_once: int = AT_ONCE) -> None:
        self._bodies: Mapping[JobKind, JobBody] = {}
        self._slots = asyncio.Semaphore(at_once)
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self, bodies: Mapping[JobKind, JobBody]) -> None:
        self._bodies = bodies

    async def awake(self) -> None:
        """It is, from its start on."""

    def enqueue(self, connection: Connection, jobs: Sequence[Job]) -> None:
        """Nothing to write: `committed` begins them."""

    def committed(self, jobs: Sequence[Job]) -> None:
        for job in jobs:
            self._begin(self._worked(job))

    async def stop(self) -> None:
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _begin(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _worked(self, job: Job) -> None:
        if job.kind == "spread":
            await self._bodies[job.kind](job.argument)
            return
        async with self._slots:
            tidying = await self._bodies[job.kind](job.argument)
        if tidying is not None:
            tidying()
