"""The durable engine, asleep until there is work: what a server with nobody there does without is its largest part.

It rests only on an SQLite file, where one look tells whether work was left and another whether anybody has committed
since; a database of many processes has somebody else's work to take over at any time.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, NullPool, create_engine, text
from sqlalchemy.exc import SQLAlchemyError

from agent.deployment.engine import Cleanup, Engine, JobBody
from agent.deployment.executor_lock import ExecutorLock, name_taken
from agent.orders import EngineAsleep, Job, JobKind
from agent.store.changes import FileChanges

_LEFT = text("select 1 from workflow_status where status in ('PENDING', 'ENQUEUED', 'DELAYED') limit 1")
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Rest:
    """What keeps watch over one file while the engine rests; `look_seconds` is how long others' work may lie."""

    file: Path
    lock: ExecutorLock
    changes: FileChanges
    look_seconds: float

    def is_work_left(self) -> bool:
        """Whether the engine's own tables hold work that nobody has ended; what cannot be told counts as that."""
        engine = create_engine(f"sqlite:///{self.file}", poolclass=NullPool)
        try:
            with engine.connect() as connection:
                is_laid_out = connection.dialect.has_table(connection, "workflow_status")
                return is_laid_out and connection.execute(_LEFT).first() is not None
        except SQLAlchemyError:
            return True


class RestingEngine:
    """Makes the engine when it is started, or, with `rest`, when it is awoken or work has come. `named` is the name
    that the settings give this process; `make` is given the one that it has.
    """

    def __init__(self, make: Callable[[str | None], Engine], *, named: str | None, rest: Rest | None) -> None:
        self._make = make
        self._name = named
        self._rest = rest
        self._bodies: Mapping[JobKind, JobBody] = {}
        self._made: Engine | None = None
        self._one = asyncio.Lock()
        self._watching: asyncio.Task[None] | None = None

    @property
    def executor(self) -> str:
        if self._made is not None:
            return self._made.executor
        if self._name is None:
            raise RuntimeError("the engine was not started")
        return self._name

    async def start(self, bodies: Mapping[JobKind, JobBody]) -> None:
        self._bodies = bodies
        if self._rest is None:
            return await self.awake()
        self._name = await asyncio.to_thread(name_taken, self._rest.lock, self._name)
        self._rest.changes.seen()
        if await asyncio.to_thread(self._rest.is_work_left):
            return await self.awake()
        self._watching = asyncio.create_task(self._watched(self._rest))
        return None

    async def awake(self) -> None:
        async with self._one:
            if self._made is None:
                # In a thread: what it imports takes half a second, and the server answers others meanwhile.
                made, started = await asyncio.to_thread(self._make, self._name), asyncio.Event()
                # What a dead process left begins while this one starts, and may itself ask for its name, or order work.
                await made.start({kind: _once(started, body) for kind, body in self._bodies.items()})
                self._made = made
                started.set()

    def enqueue(self, connection: Connection, jobs: Sequence[Job]) -> None:
        """Raises EngineAsleep for any job while it rests, which leaves nothing of its transaction."""
        if not jobs:  # a command that only ends plans needs no engine
            return
        if self._made is None:
            raise EngineAsleep
        self._made.enqueue(connection, jobs)

    def committed(self, jobs: Sequence[Job]) -> None:
        if self._made is not None:
            self._made.committed(jobs)

    async def stop(self) -> None:
        if self._watching is not None:
            self._watching.cancel()
            await asyncio.gather(self._watching, return_exceptions=True)
        if self._made is not None:
            await self._made.stop()
        if self._rest is not None:
            self._rest.changes.close()
            self._rest.lock.close()

    async def _watched(self, rest: Rest) -> None:
        """Awakes for work that another process orders, or leaves by dying."""
        while self._made is None:
            await asyncio.sleep(rest.look_seconds)
            if not rest.changes.seen() or not await asyncio.to_thread(rest.is_work_left):
                continue
            try:
                await self.awake()
            except Exception:  # noqa: BLE001 - the next change, or whoever speaks here, has it tried again
                _log.exception("the engine could not be started")


def _once(started: asyncio.Event, body: JobBody) -> JobBody:
    """The same, begun once that has happened."""

    async def waited(argument: str) -> Cleanup | None:
        await started.wait()
        return await body(argument)

    return waited
