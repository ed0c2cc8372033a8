"""The durable engine over real databases: what is ordered begins, once, within its limits."""

import asyncio
import logging
import sys
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from postgresql import Server
from sqlalchemy import text

from agent.deployment import dbos_engine
from agent.deployment.dbos_engine import DbosEngine, QueueLimits
from agent.deployment.engine import JobBody
from agent.deployment.executor_lock import ExecutorLock, FileLock, PostgresLock
from agent.orders import Job, JobKind
from agent.store.database import Database
from plugins.domain.errors import ConfigurationError

pytestmark = pytest.mark.durable

SELDOM = QueueLimits(poll_seconds=30, takeover_seconds=0.2)


@dataclass
class Bench:
    """An engine at work on one database, and what its jobs did. `hold` keeps every job under way until it is set."""

    database: Database
    folder: Path
    begun: list[tuple[str, float]] = field(default_factory=list[tuple[str, float]])
    under_way: list[str] = field(default_factory=list[str])
    most: dict[str, int] = field(default_factory=dict[str, int])
    hold: asyncio.Event = field(default_factory=asyncio.Event)
    lost: list[float] = field(default_factory=list[float])
    guard: ExecutorLock | None = None

    @asynccontextmanager
    async def at_work(self, limits: QueueLimits = SELDOM, *, named: str | None = None) -> AsyncGenerator[DbosEngine]:
        plain = self.database.plain_engine()
        self.guard = FileLock(self.folder / "executors") if self.database.is_sqlite else PostgresLock(plain)
        engine = DbosEngine(
            plain, self.guard, named=named, limits=limits, lost=lambda: self.lost.append(time.monotonic())
        )
        bodies: Mapping[JobKind, JobBody] = {"plan": self._work, "apply": self._work, "spread": self._work}
        try:
            await engine.start(bodies)
            yield engine
        finally:
            await engine.stop()

    async def order(self, engine: DbosEngine, *jobs: Job) -> None:
        await self.database.transact(lambda records: engine.enqueue(records.connection, jobs))
        engine.committed(jobs)

    async def did(self, count: int) -> None:
        await _until(lambda: len(self.begun) >= count and not self.under_way)

    @property
    def names(self) -> list[str]:
        return [name for name, _ in self.begun]

    async def _work(self, argument: str) -> None:
        lane = argument.split(" ", 1)[0]
        self.begun.append((argument, time.monotonic()))
        self.under_way.append(lane)
        for scope in (lane, "all"):
            now = self.under_way.count(lane) if scope == lane else len(self.under_way)
            self.most[scope] = max(self.most.get(scope, 0), now)
        try:
            await self.hold.wait()
        finally:
            self.under_way.remove(lane)


@pytest.fixture(params=["sqlite", "postgresql"])
async def bench(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Bench]:
    url = f"sqlite:///{tmp_path / 'brickie.db'}"
    if request.param == "postgresql":
        server: Server = request.getfixturevalue("postgresql")
        url = server.database()
    database = Database(url)
    await database.open()
    yield Bench(database, tmp_path)
    await database.close()


def _apply(name: str, *, lane: str = "a", yields: bool = False) -> Job:
    return Job(id=f"apply:{name}", kind="apply", argument=f"{lane} {name}", lane=lane, yields=yields)


async def _until(true: Callable[[], bool], *, within: float = 20.0) -> None:
    deadline = time.monotonic() + within
    while not true():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.01)


async def test_what_is_ordered_here_begins_at_once(bench: Bench) -> None:
    """However seldom the queues are looked at."""
    bench.hold.set()
    async with bench.at_work() as engine:
        await _queues_are_looked_at(bench, engine)
        for number in range(3):
            ordered = time.monotonic()
            await bench.order(engine, _apply(str(number)), Job(id=f"plan:{number}", kind="plan", argument="p"))
            await bench.did(3 + 2 * number)
            assert bench.begun[-1][1] - ordered < SELDOM.poll_seconds / 2


async def test_it_begins_again_when_the_error_stream_of_its_first_start_is_closed(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logging.getLogger("dbos"), "handlers", [])
    with (bench.folder / "errors").open("w") as stream:
        monkeypatch.setattr(sys, "stderr", stream)
        async with bench.at_work():
            pass
    async with bench.at_work() as engine:
        await bench.order(engine, _apply("one"))
        await _until(lambda: bench.names == ["a one"])
        bench.hold.set()


async def test_what_it_logs_goes_where_all_is_logged(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    async with bench.at_work():
        logging.getLogger("dbos").error("a queue is gone")
    assert "a queue is gone" in caplog.messages


async def test_the_next_in_the_queue_begins_when_a_place_is_free(bench: Bench) -> None:
    bench.hold.set()
    async with bench.at_work(QueueLimits(applies=1, poll_seconds=60)) as engine:
        await _queues_are_looked_at(bench, engine)
        begun = time.monotonic()
        await bench.order(engine, *(_apply(str(number)) for number in range(5)))
        await bench.did(6)
    assert time.monotonic() - begun < 30.0


async def test_a_job_that_is_ordered_again_runs_once(bench: Bench) -> None:
    """As it is when a crash has a plan of many spread a second time."""
    bench.hold.set()
    async with bench.at_work() as engine:
        await bench.order(engine, _apply("one"), _apply("two"))
        await bench.order(engine, _apply("one"), _apply("three"))
        await bench.did(3)
        await bench.order(engine, _apply("two"), _apply("four"))
        await bench.did(4)
    assert sorted(bench.names) == ["a four", "a one", "a three", "a two"]


async def test_an_order_that_was_not_kept_is_none(bench: Bench) -> None:
    bench.hold.set()
    async with bench.at_work() as engine:

        def broken(records: object) -> None:
            engine.enqueue(records.connection, [_apply("never")])  # type: ignore[attr-defined]
            raise KeyError

        with pytest.raises(KeyError):
            await bench.database.transact(broken)
        await bench.order(engine, _apply("kept"))
        await bench.did(1)
    assert bench.names == ["a kept"]


async def test_applies_are_limited_by_lane_and_overall(bench: Bench) -> None:
    """A subscription takes so many at once; another's are not kept waiting by it."""
    limits = QueueLimits(applies=3, applies_overall=3, applies_per_lane=2)
    async with bench.at_work(limits) as engine:
        await bench.order(engine, *(_apply(str(number)) for number in range(6)))
        await bench.order(engine, *(_apply(str(number), lane="b") for number in range(6, 9)))
        await _until(lambda: len(bench.under_way) == 3)
        bench.hold.set()
        await bench.did(9)
    assert bench.most["a"] <= 2
    assert bench.most["all"] == 3


async def test_what_was_ordered_by_lanes_is_done_where_there_is_but_one(bench: Bench) -> None:
    """A home of an earlier version had them: now its subscription's limit is that of all."""
    async with bench.at_work(QueueLimits(applies=1, applies_per_lane=1)) as engine:
        await bench.order(engine, *(_apply(str(number), lane="ab"[number % 2]) for number in range(6)))
        await _until(lambda: len(bench.under_way) == 1)
    bench.under_way.clear()
    async with bench.at_work(QueueLimits(applies=3, applies_overall=2, applies_per_lane=None)):
        await _until(lambda: len(bench.under_way) == 2)
        bench.hold.set()
        await _until(lambda: len(set(bench.names)) == 6 and not bench.under_way)
    assert bench.most["all"] == 2


async def test_the_many_of_one_plan_let_a_single_workspace_go_first(bench: Bench) -> None:
    async with bench.at_work(QueueLimits(applies=1)) as engine:
        await bench.order(engine, *(_apply(f"many {number}", yields=True) for number in range(4)))
        await _until(lambda: len(bench.begun) == 1)
        await bench.order(engine, _apply("single"))
        bench.hold.set()
        await bench.did(5)
    assert bench.names[1] == "a single"


async def test_what_is_under_way_when_an_engine_stops_begins_again_with_the_next(bench: Bench) -> None:
    """Under another name, too, once the first is gone; a lane's limit holds for what is taken over."""
    limits = QueueLimits(applies=4, applies_per_lane=2, takeover_seconds=0.2)
    async with bench.at_work(limits) as engine:
        await bench.order(engine, *(_apply(str(number)) for number in range(4)))
        await _until(lambda: len(bench.under_way) == 2)
    bench.under_way.clear()
    first = len(bench.begun)
    async with bench.at_work(limits, named="another"):
        await _until(lambda: len(bench.under_way) == 2)
        bench.hold.set()
        await _until(lambda: set(bench.names[first:]) == {f"a {number}" for number in range(4)})
        await _until(lambda: not bench.under_way)
    assert bench.most["a"] == 2


async def test_a_name_is_for_one_process(bench: Bench) -> None:
    async with bench.at_work(named="mine"):
        other = bench.database.plain_engine()
        guard = FileLock(bench.folder / "executors") if bench.database.is_sqlite else PostgresLock(other)
        second = DbosEngine(other, guard, named="mine", limits=SELDOM, lost=lambda: None)
        with pytest.raises(ConfigurationError, match="named mine is at work"):
            await second.start({})
        await second.stop()


@pytest.mark.parametrize("bench", ["postgresql"], indirect=True)
@pytest.mark.parametrize("taken", [False, True])
async def test_who_lost_its_name_takes_it_again_or_stops(bench: Bench, *, taken: bool) -> None:
    """The name goes with the session that holds it; work under a name that another has could be done twice."""
    async with bench.at_work(named="mine"):
        other = bench.database.plain_engine()
        rival = PostgresLock(other)
        assert not rival.take("mine")
        with other.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT")
            before = connection.execute(_HOLDER).scalar_one()
            connection.execute(text("select pg_terminate_backend(:pid)"), {"pid": before})
            if taken:
                await _until(lambda: rival.take("mine"))
                await _until(lambda: bool(bench.lost))
            else:
                await _until(lambda: connection.execute(_HOLDER).scalar() not in (None, before))
                assert not rival.take("mine")
                assert not bench.lost
        rival.close()
        other.dispose()


_HOLDER = text("select pid from pg_locks where locktype = 'advisory' and granted and classid = 25202")


async def test_what_ended_long_ago_is_forgotten(bench: Bench) -> None:
    async with bench.at_work() as engine:
        bench.hold.set()
        await bench.order(engine, _apply("old"))
        await bench.did(1)
        await _until(lambda: _left(bench) == {"SUCCESS"})
        engine.forget(ended_before=datetime.now(UTC) - timedelta(hours=1))
        assert _left(bench) == {"SUCCESS"}
        bench.hold.clear()
        await bench.order(engine, _apply("under way"))
        await _until(lambda: len(bench.begun) == 2)
        engine.forget(ended_before=datetime.now(UTC) + timedelta(hours=1))
        assert _left(bench) == {"PENDING"}
        bench.hold.set()


def _left(bench: Bench) -> set[str]:
    table = "workflow_status" if bench.database.is_sqlite else "dbos.workflow_status"
    plain = bench.database.plain_engine()
    with plain.connect() as connection:
        found = set(connection.execute(text(f"select status from {table}")).scalars())  # noqa: S608 - our own name
    plain.dispose()
    return found


async def _queues_are_looked_at(bench: Bench, engine: DbosEngine) -> None:
    """A first job has run: the engine's threads have come up."""
    await bench.order(engine, _apply("first"))
    await bench.did(1)


@pytest.mark.parametrize("part", ["_laid_out", "_launch", "_queues"])
async def test_a_start_that_failed_half_way_is_made_good_by_the_next(
    bench: Bench, part: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DBOS keeps itself in globals: what a failed start left of it would take orders and carry none out."""
    where = dbos_engine if part == "_launch" else DbosEngine
    real = getattr(where, part)

    def failing(*given: object) -> None:
        if part == "_launch":
            real(*given)
        raise OSError("no room")

    bench.hold.set()
    left = _apply("left")
    async with bench.at_work() as engine:
        await bench.database.transact(lambda records: engine.enqueue(records.connection, [left]))
    with monkeypatch.context() as patched:
        patched.setattr(where, part, failing)
        with pytest.raises(OSError, match="no room"):
            async with bench.at_work():
                pytest.fail("it started")
    async with bench.at_work() as engine:
        await bench.order(engine, _apply("new"))
        await _until(lambda: {"a left", "a new"} <= set(bench.names))
    assert sorted(set(bench.names)) == ["a left", "a new"]
