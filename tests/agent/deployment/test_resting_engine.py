"""The engine rests until there is work, and loses none by that."""

import asyncio
import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine

from agent.deployment.engine import JobBody
from agent.deployment.executor_lock import FileLock
from agent.deployment.resting_engine import Rest, RestingEngine
from agent.orders import EngineAsleep, Job, JobKind
from agent.store.changes import FileChanges
from plugins.domain.errors import ConfigurationError

pytestmark = pytest.mark.integration

JOB = Job(id="plan:pln_1", kind="plan", argument="plan:pln_1")


class Working:
    """An engine that is at work, and notes what it is given."""

    def __init__(self, name: str | None) -> None:
        self.executor = name or "here-0"
        self.jobs: list[str] = []
        self.is_stopped = False

    async def start(self, bodies: Mapping[JobKind, JobBody]) -> None:
        assert list(bodies) == ["plan"]

    async def awake(self) -> None:
        """It is."""

    def enqueue(self, connection: Connection, jobs: Sequence[Job]) -> None:  # noqa: ARG002 - the engine's own
        self.jobs += [job.id for job in jobs]

    def committed(self, jobs: Sequence[Job]) -> None:
        """It looks by itself."""

    async def stop(self) -> None:
        self.is_stopped = True


class Office:
    """A resting engine over a file of records, and those that it has made."""

    def __init__(self, folder: Path, *, named: str | None = None, rests: bool = True) -> None:
        self.file = folder / "records.db"
        self.made: list[Working] = []
        self.lock = FileLock(folder / "executors")
        rest = Rest(self.file, self.lock, FileChanges(self.file), look_seconds=0.01) if rests else None
        self.engine = RestingEngine(self._make, named=named, rest=rest)

    async def start(self) -> None:
        async def body(_: str) -> None:
            """Nothing is begun here."""

        await self.engine.start({"plan": body})

    def order(self) -> None:
        with create_engine(f"sqlite:///{self.file}").connect() as connection:
            self.engine.enqueue(connection, [JOB])

    def _make(self, name: str | None) -> Working:
        self.made.append(Working(name))
        return self.made[-1]


def laid_out(folder: Path, *statuses: str) -> None:
    with sqlite3.connect(folder / "records.db") as file:
        file.execute("create table if not exists workflow_status (status text)")
        file.executemany("insert into workflow_status values (?)", [(status,) for status in statuses])
    file.close()


@pytest.mark.parametrize("ended", [(), ("SUCCESS", "ERROR", "CANCELLED")])
async def test_with_no_work_left_it_rests_until_it_is_awoken(tmp_path: Path, ended: tuple[str, ...]) -> None:
    """It has its name already, which nobody else may take, and takes no order."""
    laid_out(tmp_path, *ended)
    office = Office(tmp_path)
    await office.start()
    assert (office.made, office.engine.executor) == ([], "here-0")
    assert FileLock(tmp_path / "executors").take("here-0") is False
    with pytest.raises(EngineAsleep):
        office.order()
    await asyncio.gather(office.engine.awake(), office.engine.awake())
    office.order()
    assert [engine.jobs for engine in office.made] == [["plan:pln_1"]]
    await office.engine.stop()
    assert office.made[0].is_stopped


@pytest.mark.parametrize("left", ["PENDING", "ENQUEUED", "DELAYED"])
async def test_work_that_was_left_is_taken_up_at_once(tmp_path: Path, left: str) -> None:
    laid_out(tmp_path, "SUCCESS", left)
    office = Office(tmp_path)
    await office.start()
    assert [engine.executor for engine in office.made] == ["here-0"]
    await office.engine.stop()


async def test_work_of_another_process_awakes_it(tmp_path: Path) -> None:
    """One that dies leaves its work there; what others write besides does not."""
    laid_out(tmp_path)
    office = Office(tmp_path)
    await office.start()
    laid_out(tmp_path, "SUCCESS")
    await asyncio.sleep(0.1)
    assert office.made == []
    laid_out(tmp_path, "PENDING")
    async with asyncio.timeout(20):
        while not office.made:
            await asyncio.sleep(0.01)
    await office.engine.stop()


async def test_a_database_of_many_processes_is_worked_on_at_once(tmp_path: Path) -> None:
    office = Office(tmp_path, named="one", rests=False)
    await office.start()
    assert [engine.executor for engine in office.made] == ["one"]


async def test_a_name_that_somebody_has_is_refused_at_the_start(tmp_path: Path) -> None:
    laid_out(tmp_path)
    first, second = Office(tmp_path, named="mine"), Office(tmp_path, named="mine")
    await first.start()
    with pytest.raises(ConfigurationError):
        await second.start()
    await first.engine.stop()
    await second.start()
    await second.engine.stop()


async def test_what_rests_gives_its_name_back_when_it_stops(tmp_path: Path) -> None:
    laid_out(tmp_path)
    office = Office(tmp_path)
    await office.start()
    await office.engine.stop()
    next_one = FileLock(tmp_path / "executors")
    assert next_one.take("here-0")
    next_one.close()


class TakingOver(Working):
    """An engine that begins what a dead process left before it is wholly started, as DBOS does."""

    async def start(self, bodies: Mapping[JobKind, JobBody]) -> None:
        self.left = asyncio.ensure_future(bodies["plan"](JOB.argument))
        for _ in range(10):
            await asyncio.sleep(0)


@pytest.mark.parametrize("named", [None, "mine"])
async def test_what_was_left_begins_once_its_engine_has_a_name_and_takes_orders(named: str | None) -> None:
    """Else it would end in an error, and nobody would take it on again."""
    made: list[TakingOver] = []
    seen: list[str] = []

    def make(name: str | None) -> TakingOver:
        made.append(TakingOver(name))
        return made[0]

    engine = RestingEngine(make, named=named, rest=None)

    async def body(argument: str) -> None:
        seen.append(engine.executor)
        with create_engine("sqlite://").connect() as connection:
            engine.enqueue(connection, [Job(id=argument, kind="plan", argument=argument)])

    await engine.start({"plan": body})
    await made[0].left
    assert (seen, made[0].jobs) == ([named or "here-0"], [JOB.id])
