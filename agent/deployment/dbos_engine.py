"""The engine port on DBOS Transact (MIT core), in the same database as the records. The only file that knows it.

Why it is used so (measured with DBOS 3.4.0, 2026-11): its version is pinned by hand, since the automatic one, a hash of
the sources, strands pending work at every edit; it serializes portably, since pickles run code; each process has a name
of its own, locked, since two under one name do each other's work twice; we take over a dead process's work, which the
free package leaves where it is for ever; and no workflow waits for a person, since a waiting one holds its place in the
queue. Workflows have no steps: each body finds its place from the records and the run's files.
"""

import asyncio
import contextlib
import logging
import re
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from dbos import DBOS, DBOSClient, DBOSConfig, DBOSPortableJSONSerializer
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

from agent.deployment.engine import Cleanup, JobBody
from agent.deployment.executor_lock import ExecutorLock, name_taken
from agent.deployment.wakeup import WakeSignal
from agent.orders import Job, JobKind
from agent.store.blank import laid_out
from agent.store.changes import FileChanges
from agent.wording import error_of
from plugins.domain.errors import ConfigurationError

VERSION = "wf-1"
"""Work that was queued under another version is started by nobody: this stays as it is for ever."""

_APPLICATION = "brickie"
_KEPT = timedelta(days=7)
_SOONER, _LATER = 1, 2
_TOLD_SECONDS = 0.02
_ENDING_SECONDS, _RECORDING_SECONDS = 0.25, 10.0
_UNASKED_SECONDS = 30.0
"""How long DBOS's threads may rest where every commit to its database is heard of."""

_WAITING = text("select distinct queue_name from workflow_status where status = 'ENQUEUED'")
_CUT_OFF = re.compile("cannot schedule new futures after shutdown|System database accessed before DBOS was launched")
_FAILED_LAUNCH = re.compile("failed to launch")
_log = logging.getLogger(__name__)
_NO_CONSOLE = logging.NullHandler()
"""Where it finds a handler DBOS adds none of its own, which would write past what makes a log plain, and for good to
what was the error stream at the first start.
"""


@dataclass(frozen=True)
class QueueLimits:
    """`plans` and `applies` at once in one process, `..._overall` in all of them together, and of the applies so many
    in one lane (a subscription), None where there is but one; `poll_seconds` is how long another process's order may
    lie; `takeover_seconds` how often dead processes are looked for.
    """

    plans: int = 2
    applies: int = 2
    plans_overall: int = 8
    applies_overall: int = 8
    applies_per_lane: int | None = 4
    poll_seconds: float = 0.5
    takeover_seconds: float = 1.5


class DbosEngine:
    """Drives jobs as DBOS workflows. One in a process: DBOS keeps itself in globals."""

    def __init__(
        self,
        engine: Engine,
        lock: ExecutorLock,
        *,
        named: str | None,
        limits: QueueLimits,
        lost: Callable[[], None],
        changes: FileChanges | None = None,
    ) -> None:
        self._database = engine
        self._lock = lock
        self._named = named
        self._limits = limits
        self._lost = lost
        self._executor = ""
        self._changes = changes
        self._wake_signal = WakeSignal(at_least=0.0 if changes is None else _UNASKED_SECONDS)
        self._heard = 0
        self._owners: tuple[int, list[str]] = (-1, [])
        self._client: DBOSClient | None = None
        self._dbos: DBOS | None = None
        self._at_work = 0
        self._upkeep: asyncio.Task[None] | None = None
        self._listening: asyncio.Task[None] | None = None

    @property
    def executor(self) -> str:
        return self._executor

    async def start(self, bodies: Mapping[JobKind, JobBody]) -> None:
        """Raises ConfigurationError when the name that the settings give is held by a living process, or when the
        engine may not make its own tables in the database. What it has begun by then is ended: DBOS keeps itself in
        globals, and a half of it would keep the next from starting.
        """
        self._executor = await asyncio.to_thread(name_taken, self._lock, self._named)
        try:
            await self._begun(bodies)
        except BaseException:
            for task in self._tasks:  # the next start finds them as a dead process leaves them
                task.cancel()
            await self._ended()
            self._database.dispose()
            raise

    async def _begun(self, bodies: Mapping[JobKind, JobBody]) -> None:
        log = logging.getLogger("dbos")
        log.addFilter(_was_not_cut_off)
        log.addHandler(_NO_CONSOLE)
        self._dbos = dbos = DBOS(
            config=DBOSConfig(
                name=_APPLICATION,
                system_database_url=str(self._database.url.render_as_string(hide_password=False)),
                system_database_engine=self._database,
                application_version=VERSION,
                executor_id=self._executor,
                serializer=DBOSPortableJSONSerializer(),
                use_listen_notify=False,  # SQLite has none, and `WakeSignal` is quicker within one process
                max_executor_threads=16,  # else without limit
                notification_listener_polling_interval_sec=0.1,  # nothing here is ever notified; a stop waits for it
                log_level="ERROR",
            )
        )
        self._register(bodies)
        # DBOS adds each event before its thread begins: attended later, the first wait would be missed.
        dbos.background_thread_stop_events = _Attended(self._wake_signal)
        self._wake_signal.attend(dbos._background_jobs_stop_event, wakes=False)  # noqa: SLF001 # pyright: ignore[reportPrivateUsage] - it asks twice a second for what we never order
        await asyncio.to_thread(self._laid_out)
        _launch()
        # Asked at every look for work, by a query that takes longer than the look; it matters only to rows without a
        # version, of which there are none.
        dbos._sys_db._is_latest_version = _never_latest  # noqa: SLF001 # pyright: ignore[reportPrivateUsage] - see above
        await self._queues()
        self._wake_signal.wake()
        self._client = await asyncio.to_thread(
            lambda: DBOSClient(
                system_database_engine=self._database,
                serializer=DBOSPortableJSONSerializer(),
                application_name=_APPLICATION,
                use_listen_notify=False,
            )
        )
        self._upkeep = asyncio.create_task(self._kept_up())
        if self._changes is not None:
            self._listening = asyncio.create_task(self._listened(self._changes))

    async def awake(self) -> None:
        """It is, from its start on."""

    def enqueue(self, connection: Connection, jobs: Sequence[Job]) -> None:
        if self._client is None:
            raise RuntimeError("the engine was not started")
        for job in jobs:
            # Without `app_version` a row has none, and only the version that was registered last takes it.
            options: Any = {
                "workflow_name": job.kind,
                "queue_name": _QUEUES[job.kind],
                "workflow_id": job.id,
                "app_version": VERSION,
                "priority": _LATER if job.yields else _SOONER,
            }
            if job.kind == "apply":
                options["queue_partition_key"] = job.lane
            self._client.enqueue_in_transaction(connection, options, job.argument)

    def committed(self, jobs: Sequence[Job]) -> None:
        if jobs:  # most turns order none, and each call has every thread look whether it was meant
            self._wake_signal.wake({_thread_of(job.kind) for job in jobs})

    async def stop(self) -> None:
        """Ends the connections of its engine, too."""
        await self._ended()
        self._lock.close()
        self._database.dispose()

    async def _ended(self) -> None:
        for task in (self._upkeep, self._listening):
            if task is not None:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
        if self._changes is not None:
            self._changes.close()
        client, self._client = self._client, None
        if client is not None:
            await self._let_end()
            # In a thread: on the loop it would wait for workflows that the loop could then not end.
            await asyncio.to_thread(client.destroy)
        if self._dbos is not None:
            self._dbos = None
            await asyncio.to_thread(lambda: DBOS.destroy(workflow_completion_timeout_sec=0))
            # DBOS leaves its own, closed thread pool as the loop's.
            asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor())

    async def _let_end(self) -> None:
        """Waits a moment for what is about to end, and for DBOS to write down what has: else it logs that as an error
        and does it again at the next start. What goes on for longer is left to the next process.
        """
        loop = asyncio.get_running_loop()
        soon, late = loop.time() + _ENDING_SECONDS, loop.time() + _RECORDING_SECONDS
        while (left := self._tasks) and (wait := (late if len(left) > self._at_work else soon) - loop.time()) > 0:
            await asyncio.wait(left, timeout=wait, return_when=asyncio.FIRST_COMPLETED)

    @property
    def _tasks(self) -> "set[asyncio.Task[Any]]":
        dbos: Any = self._dbos
        return set() if dbos is None else set(dbos._workflow_tasks)  # noqa: SLF001 - it gives no public count of what it does here

    def _register(self, bodies: Mapping[JobKind, JobBody]) -> None:
        for kind in _QUEUES:
            # A job whose process died every time is begun again: its own notes end it, not a count of the engine's.
            DBOS.workflow(name=kind, max_recovery_attempts=1000)(self._workflow(kind, bodies[kind]))

    def _workflow(self, kind: JobKind, body: JobBody) -> Callable[[str], Any]:
        async def work(argument: str) -> None:
            task = asyncio.current_task()
            if task is not None:
                # DBOS writes the end down, and frees the place, before this task ends: then the next may have it.
                task.add_done_callback(lambda _: self._wake_signal.wake({_thread_of(kind)}))
            tidying = await counted(argument)
            # DBOS writes down that it ended as soon as it has: whoever waits for what was kept of it goes first.
            await asyncio.sleep(_TOLD_SECONDS)
            if tidying is not None:
                await asyncio.to_thread(tidying)

        async def counted(argument: str) -> Cleanup | None:
            self._at_work += 1
            try:
                return await body(argument)
            finally:
                self._at_work -= 1

        return work

    def _laid_out(self) -> None:
        """A fresh file gets the engine's tables at once; any other is left to the engine's own migrations."""
        if self._database.dialect.name == "sqlite":
            with self._database.begin() as connection:
                connection.exec_driver_sql("begin immediate")  # of two first starts one lays it out
                if not connection.dialect.has_table(connection, "dbos_migrations"):
                    laid_out(connection, "engine")

    async def _queues(self) -> None:
        """The limits of this start hold for all: who starts last has read the newest settings."""
        limits = self._limits
        for name, in_process, overall, in_lane, poll in (
            ("plans", limits.plans, limits.plans_overall, None, limits.poll_seconds),
            ("applies", limits.applies, limits.applies_overall, limits.applies_per_lane, limits.poll_seconds),
            ("spreads", 1, 4, None, limits.poll_seconds * 3),
        ):
            await DBOS.register_queue_async(
                name,
                worker_concurrency=min(in_process, overall),
                global_concurrency=overall,
                partition_concurrency=None if in_lane is None else min(in_lane, overall),
                polling_interval_sec=poll,
            )

    async def _listened(self, changes: FileChanges) -> None:
        """Has the queues that hold work looked at when anybody has committed anything; else they are left alone."""
        while True:
            await asyncio.sleep(self._limits.poll_seconds)
            if changes.seen():
                self._heard += 1
                self._wake_signal.wake(await asyncio.to_thread(self._threads_with_work))

    def _threads_with_work(self) -> set[str]:
        """Each look of theirs takes the file from whoever wants to write; what cannot be told counts as work."""
        try:
            with self._database.connect() as connection:
                waiting = set(connection.execute(_WAITING).scalars())
        except SQLAlchemyError:
            waiting = set(_QUEUES.values())
        return {_thread_of(kind) for kind, queue in _QUEUES.items() if queue in waiting}

    async def _kept_up(self) -> None:
        """Gives up when the name was lost; takes over from the dead; forgets what ended long ago."""
        swept = datetime.now(UTC)
        while True:
            await asyncio.sleep(self._limits.takeover_seconds)
            with contextlib.suppress(Exception):  # the database may be away for a while: the next round does it
                if not await asyncio.to_thread(self._lock.is_held, self._executor) and not await asyncio.to_thread(
                    self._lock.take, self._executor
                ):
                    self._lost()
                    return
                await asyncio.to_thread(self._take_over)
                if datetime.now(UTC) - swept > timedelta(hours=1):
                    swept = datetime.now(UTC)
                    await asyncio.to_thread(self._forget_old)

    def _take_over(self) -> None:
        if not self._lock.can_judge():
            return
        heard = self._heard
        if self._changes is None or self._owners[0] != heard:
            self._owners = heard, self._others()
        for name in self._owners[1]:
            if self._lock.take(name):
                self._owners = -1, []
                try:
                    _log.warning("taking over the work of %s, which is gone", name)
                    # The public way (`resume_workflow`) forgets a job's queue, deadline and count of recoveries; this
                    # one touches only what the named process still owns. A test guards it against a new version.
                    DBOS._recover_pending_workflows([name])  # noqa: SLF001 # pyright: ignore[reportPrivateUsage] - see above
                finally:
                    self._lock.release(name)

    def _others(self) -> list[str]:
        schema = "" if self._database.dialect.name == "sqlite" else "dbos."
        pending = text(
            f"select distinct executor_id from {schema}workflow_status where status = 'PENDING'"  # noqa: S608 - the schema is one of two words of ours
        )
        with self._database.connect() as connection:
            names = connection.execute(pending).scalars().all()
        return [name for name in names if name and name != self._executor]

    def _forget_old(self) -> None:
        self.forget(ended_before=datetime.now(UTC) - _KEPT)

    def forget(self, *, ended_before: datetime) -> None:
        """Drops the engine's own rows of jobs that ended before then; what became of these is in the records."""
        if self._client is not None:
            ended = self._client.list_workflows(
                status=["SUCCESS", "ERROR", "CANCELLED"], completed_before=ended_before.isoformat(), load_input=False
            )
            self._client.delete_workflows([workflow.workflow_id for workflow in ended])


def _never_latest(app_version: str, c: Connection | None = None) -> bool:  # noqa: ARG001 - as DBOS calls it
    return False


class _Attended(list[threading.Event]):
    """The events on which DBOS's threads wait, each attended as it is added."""

    def __init__(self, signal: WakeSignal) -> None:
        super().__init__()
        self._signal = signal

    def append(self, event: threading.Event, /) -> None:
        self._signal.attend(event)
        super().append(event)


def _thread_of(kind: JobKind) -> str:
    """How DBOS calls the thread that looks for such work; a test guards it against a new version."""
    return f"queue-worker-{_QUEUES[kind]}"


def _launch() -> None:
    """Inside the loop, so that workflows run on it; blocks it once for a tenth of a second."""
    log = logging.getLogger("dbos")
    log.addFilter(_is_no_failed_launch)
    try:
        DBOS.launch()
    except SQLAlchemyError as error:
        raise error_of(ConfigurationError, "deployment.no_schema") from error
    finally:
        log.removeFilter(_is_no_failed_launch)


def _was_not_cut_off(record: logging.LogRecord) -> bool:
    """What a stop leaves unfinished is finished by the next start; DBOS logs it as an error, with its whole stack."""
    error = record.exc_info[1] if record.exc_info else None
    return _CUT_OFF.search(str(error)) is None


def _is_no_failed_launch(record: logging.LogRecord) -> bool:
    """It is told in our own words; DBOS logs the whole stack of it, too."""
    return _FAILED_LAUNCH.search(str(record.msg)) is None


_QUEUES: Mapping[JobKind, str] = {"plan": "plans", "apply": "applies", "spread": "spreads"}
