"""Processes that are started, spoken to, killed and started again, and what the records say afterwards."""

import asyncio
import json
import os
import signal
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from forked import Spoken

from agent.store.audit_proof import first_break
from agent.store.database import Database
from agent.store.records import Records

ROOT = Path(__file__).parents[2]
CONVERSATION = "cnv_crash"
PATIENCE_SECONDS = 90.0


@dataclass
class Child:
    """One process of Brickie; see `child`. `begun` maps each run that it took on to when (seconds since the epoch)."""

    process: asyncio.subprocess.Process | Spoken
    spawned: float
    events: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    marks: dict[str, float] = field(default_factory=dict[str, float])
    _reader: "asyncio.Task[None] | None" = None

    @classmethod
    async def spawn(cls, environment: Mapping[str, str], *, in_memory: bool = True, forks: bool = True) -> "Child":
        """A child that has started to work."""
        child = await cls.launched(environment, in_memory=in_memory, forks=forks)
        await child.marked("started")
        return child

    @classmethod
    async def launched(cls, environment: Mapping[str, str], *, in_memory: bool = True, forks: bool = True) -> "Child":
        spawned = time.time()
        arguments = ("--in-memory",) if in_memory else ()
        env = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
        if forks:
            process = await Spoken.begun("child", arguments, env=env)
        else:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                str(Path(__file__).parent / "child.py"),
                *arguments,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                cwd=ROOT,
                limit=1 << 24,
                env=env,
            )
        child = cls(process, spawned)
        child._reader = asyncio.create_task(child._read())
        return child

    async def say(self, text: str = "", **more: object) -> None:
        await self.send({"conversation": CONVERSATION, **({"text": text} if text else {}), **more})

    async def send(self, line: Mapping[str, object]) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write((json.dumps(line) + "\n").encode())
        await self.process.stdin.drain()

    async def arm(self, point: str) -> None:
        await self.send({"arm": point})
        await self.marked("armed")

    async def marked(self, what: str) -> float:
        """When this was marked, once it is."""
        await until(lambda: what in self.marks or self._is_gone, f"mark {what}")
        assert what in self.marks, f"the process ended ({self.process.returncode}) before it marked {what}"
        return self.marks[what]

    async def heard(self, kind: str, *, count: int = 1) -> dict[str, Any]:
        """The last of that many events of a type, once they have come."""
        await until(lambda: len(self._of(kind)) >= count or self._is_gone, f"{count} {kind}")
        assert len(self._of(kind)) >= count, f"the process ended before it told {count} {kind}"
        return self._of(kind)[-1]

    async def killed(self) -> float:
        """Killed now, or found to have killed itself; gives when."""
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGKILL)
        await self.died()
        return time.time()

    async def died(self) -> None:
        await asyncio.wait_for(self.process.wait(), PATIENCE_SECONDS)
        assert self.process.returncode == -signal.SIGKILL, f"ended by itself: {self.process.returncode}"

    async def ended(self) -> int:
        """Told that nothing more is said; gives the exit code."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        return await asyncio.wait_for(self.process.wait(), PATIENCE_SECONDS)

    @property
    def begun(self) -> list[float]:
        return [at for what, at in self.marks.items() if what.startswith("begin ")]

    @property
    def _is_gone(self) -> bool:
        return self._reader is not None and self._reader.done()

    def _of(self, kind: str) -> list[dict[str, Any]]:
        return [event for event in self.events if event["type"] == kind]

    async def _read(self) -> None:
        assert self.process.stdout is not None
        async for line in self.process.stdout:
            told = json.loads(line)
            if told["type"] == "mark":
                self.marks.setdefault(told["what"], told["at"])
            else:
                self.events.append(told)


@dataclass
class Ground:
    """One home and one database, and everything that was started there. What measures how soon a process is at work
    again has each one loaded from the disk, as a real one is: `forks` is then False.
    """

    home: Path
    url: str | None
    speed: float = 0
    forks: bool = True
    children: list[Child] = field(default_factory=list[Child])

    @property
    def environment(self) -> dict[str, str]:
        named = {"Database__Url": self.url} if self.url else {}
        return {"BRICKIE_HOME": str(self.home), "Cloud__Sandbox__Speed": str(self.speed), **named}

    async def child(self, *, in_memory: bool = True) -> Child:
        child = await Child.spawn(self.environment, in_memory=in_memory, forks=self.forks)
        self.children.append(child)
        return child

    async def clear(self) -> None:
        for child in self.children:
            if child.process.returncode is None:
                child.process.send_signal(signal.SIGKILL)
                await child.process.wait()

    async def read(self, work: Callable[[Records], Any]) -> Any:
        database = Database(self.url or f"sqlite:///{self.home / 'brickie.db'}")
        try:
            return await database.read(work)
        finally:
            await database.close()

    async def settled(self) -> None:
        """Returns when nothing is under way any more."""
        database = Database(self.url or f"sqlite:///{self.home / 'brickie.db'}")
        deadline = time.monotonic() + PATIENCE_SECONDS
        try:
            while left := await database.read(lambda records: records.under_way(CONVERSATION)):
                assert time.monotonic() < deadline, f"still under way: {left}"
                await asyncio.sleep(0.05)
        finally:
            await database.close()

    async def story(self) -> "Story":
        return await self.read(_story)


@dataclass(frozen=True)
class Story:
    """What the records hold of the conversation at the end."""

    events: tuple[dict[str, Any], ...]
    pending: str | None
    planning: str | None
    approvals: int
    runs: tuple[tuple[str, str], ...]
    deployments: tuple[tuple[str, str], ...]
    audit_fault: str | None

    def told(self, kind: str) -> list[dict[str, Any]]:
        return [event for event in self.events if event["type"] == kind]


def _story(records: Records) -> Story:
    from sqlalchemy import text

    talk = records.conversation(CONVERSATION)
    rows = records.connection.execute(text("select kind, status from runs order by plan_id, position"))
    approvals = records.connection.execute(text("select count(*) from approvals")).scalar_one()
    fault = first_break(records.connection)
    logged = records.logged(CONVERSATION, after=0, most=10_000)
    assert [each.seq for each in logged] == list(range(1, len(logged) + 1))
    return Story(
        events=tuple(dict(each.event) for each in logged),
        pending=talk.pending.plan_id if talk.pending else None,
        planning=talk.planning,
        approvals=approvals,
        runs=tuple((row.kind, row.status) for row in rows),
        deployments=tuple((b.workspace_name, b.status) for b in records.briefs()),
        audit_fault=str(fault) if fault else None,
    )


async def until(true: Callable[[], object], what: str, *, seconds: float = PATIENCE_SECONDS) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, f"waited {seconds:.0f} s for {what}"
        await asyncio.sleep(0.02)
