"""Where processes die, as a table, and the run of one row: to that point, killed, started again, held to account."""

import asyncio
import pickle
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import psutil
from crashing import CONVERSATION, Child, Ground, Story, until
from postgresql import Server

from plugins.deploy.sandbox.cloud import SandboxCloud
from plugins.deploy.sandbox.install import cloud_path

Work = Literal["plan", "apply", "rollback", "destroy"]
Victim = Literal["agent", "leaver", "worker", "terraform", "postgres"]

REQUEST = "dev workspace dbw-fern-dev for team fern, etl, 1 to 2 workers"
CHANGES = 6
"""What that workspace is made of."""


@dataclass(frozen=True)
class Case:
    """`point` is a blade of `child` without its last part, or for real Terraform the moment that `MOMENTS` names.

    The worker is a second process that takes over; PostgreSQL dies while the process is held at the point; the leaver
    ends as it should, but does not wait for what is under way.
    """

    work: Work
    victim: Victim
    point: str
    real: bool = False

    @property
    def name(self) -> str:
        return f"{self.victim} dies at {self.work}, {self.point}{' (Terraform)' if self.real else ''}"


@dataclass(frozen=True)
class Outcome:
    """How long until the work was taken on again (None: it never stopped), and the story at the end."""

    back_seconds: float | None
    total_seconds: float
    story: Story


def _agent(work: Work, *points: str) -> tuple[Case, ...]:
    return tuple(Case(work, "agent", point) for point in points)


AGENT: tuple[Case, ...] = (
    *_agent(
        "plan",
        "Records.keep_runs:1:before",
        "Database.transact:1:after",
        "Records.begin_run:1:after",
        "Terraform.plan:1:before",
        "Terraform.plan:1:after",
        "Records.keep_item:1:after",
        "Records.publish:1:after",
        "Database.transact:3:after",
    ),
    *_agent(
        "apply",
        "Records.keep_approval:1:before",
        "Records.keep_runs:1:after",
        "Database.transact:1:after",
        "Records.begin_run:1:after",
        "Terraform.apply:1:before",
        "Terraform.apply:1:after",
        "Records.end_run:1:before",
        "Records.end_run:1:after",
        "Terraform.discard:1:before",
    ),
    *_agent(
        "rollback",
        "Terraform.undo:1:before",
        "Terraform.undo:1:after",
        "Records.end_run:1:after",
        "Terraform.discard:1:before",
    ),
    *_agent(
        "destroy",
        "Records.keep_approval:1:after",
        "Terraform.drift:1:after",
        "Terraform.apply:1:before",
        "Terraform.apply:1:after",
        "Terraform.leftovers:1:after",
        "Records.end_run:1:after",
    ),
)
WORKER: tuple[Case, ...] = (
    Case("plan", "worker", "Terraform.plan:1:after"),
    Case("apply", "worker", "Terraform.apply:1:before"),
    Case("rollback", "worker", "Terraform.undo:1:after"),
    Case("destroy", "worker", "Terraform.apply:1:after"),
)
POSTGRES: tuple[Case, ...] = (
    Case("plan", "postgres", "Records.publish:1:before"),
    Case("plan", "postgres", "Terraform.plan:1:before"),
    Case("apply", "postgres", "Terraform.apply:1:before"),
    Case("apply", "postgres", "Records.end_run:1:before"),
    Case("rollback", "postgres", "Terraform.undo:1:before"),
    Case("destroy", "postgres", "Terraform.apply:1:after"),
)
REAL: tuple[Case, ...] = tuple(
    Case(work, victim, "half-way", real=True)
    for victim in ("agent", "leaver", "terraform")
    for work in ("plan", "apply", "rollback", "destroy")
)
EVERY: tuple[Case, ...] = (*AGENT, *WORKER, *POSTGRES, *REAL)


async def run(case: Case, ground: Ground, postgres: Server | None) -> Outcome:
    """Raises AssertionError when anything was lost, or done twice."""
    started = time.monotonic()
    try:
        child = await ground.child(in_memory=not case.real)
        await _brought_to(case, child, ground)
        if case.real:
            back = await _killed_half_way(case, child, ground)
        else:
            back = await _struck(case, child, ground, postgres)
        await ground.settled()
        story = await ground.story()
        _hold_to_account(case, story, ground)
        awaited = {story.pending} if story.pending else set[str]()
        await until(
            lambda: files_in(case, ground.home) == awaited, "the files of plans that are over to go", seconds=10
        )
    finally:
        await ground.clear()
    return Outcome(back, time.monotonic() - started, story)


async def _brought_to(case: Case, child: Child, ground: Ground) -> None:
    """Everything before the act that dies."""
    if case.work == "plan":
        return
    await child.say(REQUEST)
    await child.heard("plan")
    if case.work == "rollback" and case.real:
        SandboxCloud(cloud_path(ground.home)).add_fault("quota", type="databricks_cluster")
    elif case.work == "rollback":
        await child.arm(f"fail:{CHANGES}")
    elif case.work == "destroy":
        await child.say("yes")
        await child.heard("result")
        await child.say("destroy dbw-fern-dev")
        await child.heard("plan", count=2)


def _trigger(case: Case) -> str:
    return REQUEST if case.work == "plan" else "yes"


async def _struck(case: Case, child: Child, ground: Ground, postgres: Server | None) -> float | None:
    """Killed at its point; the seconds until its work was taken on again."""
    held = case.victim != "agent"
    await child.arm(f"{case.point}:{'hold' if held else 'die'}")
    await child.say(_trigger(case))
    if case.victim == "agent":
        await child.died()
        return await _started_again(case, ground)
    await child.marked(case.point + ":hold")
    if case.victim == "worker":
        other = await ground.child()
        killed = await child.killed()
        await until(lambda: other.begun, "the take-over")
        return other.begun[0] - killed
    assert postgres is not None
    await asyncio.to_thread(postgres.crash)
    (ground.home / "go").touch()
    return None


async def _started_again(case: Case, ground: Ground) -> float:
    """A new process; what was said is said again where it was not kept."""
    left = await ground.read(lambda records: records.under_way(CONVERSATION))
    kept = await ground.read(lambda records: _is_kept(case, records))
    child = await ground.child(in_memory=not case.real)
    if not kept:
        await child.say(_trigger(case))
        await child.heard("state")
    if kept and left:
        await until(lambda: child.begun, "the work to be taken on again")
        return child.begun[0] - child.spawned
    return child.marks["started"] - child.spawned


def _is_kept(case: Case, records: Any) -> bool:
    from sqlalchemy import text

    kind = "plan" if case.work == "plan" else "apply"
    runs = records.connection.execute(text(f"select count(*) from runs where kind = '{kind}'")).scalar_one()  # noqa: S608
    return runs >= (2 if case.work == "destroy" else 1)


def _hold_to_account(case: Case, story: Story, ground: Ground) -> None:
    """Nothing lost, nothing twice: the records, what was told, and the cloud's own book."""
    asked = 2 if case.work == "destroy" else 1
    decided = {"plan": 0, "destroy": 2}.get(case.work, 1)
    ends: dict[Work, tuple[str, list[str]]] = {
        "plan": ("planned", []),
        "apply": ("succeeded", ["succeeded"]),
        "rollback": ("rolled_back", ["rolled_back"]),
        "destroy": ("destroyed", ["succeeded", "destroyed"]),
    }
    status, results = ends[case.work]
    assert story.deployments == (("dbw-fern-dev", status),), story.deployments
    assert [event["status"] for event in story.told("result")] == results, story.told("result")
    assert len(story.told("plan")) == asked
    assert story.approvals == decided
    assert [event["status"] for event in story.told("approval")] == ["approved"] * decided
    assert sorted(story.runs) == sorted([("plan", "ended")] * asked + [("apply", "ended")] * decided)
    assert (story.pending is not None) == (case.work == "plan")
    assert story.planning is None
    assert story.audit_fault is None
    if case.real:
        _hold_cloud_to_account(case, ground.home)
    else:
        assert len(applied_in(ground.home)) == decided, applied_in(ground.home)


def applied_in(home: Path) -> list[tuple[str, str]]:
    path = home / "terraform.pickle"
    return pickle.loads(path.read_bytes())["applied"] if path.exists() else []  # noqa: S301 - our own file


def files_in(case: Case, home: Path) -> set[str]:
    """The plans whose files, with their variables in clear, are still there."""
    if case.real:
        return {path.name for path in (home / "runs").glob("*")}
    return set(pickle.loads((home / "terraform.pickle").read_bytes())["kept"])  # noqa: S301 - our own file


def _hold_cloud_to_account(case: Case, home: Path) -> None:
    cloud = SandboxCloud(cloud_path(home))
    created = [operation[2] for operation in cloud.operations("create")]
    assert len(created) == len(set(created)), f"created twice: {created}"
    assert bool(cloud.leftovers()) == (case.work == "apply"), cloud.leftovers()
    if case.work == "apply":
        assert len(created) == CHANGES, created


async def _killed_half_way(case: Case, child: Child, ground: Ground) -> float | None:
    """Real Terraform runs, and has begun to change things; then the agent, or Terraform, is killed."""
    cloud = SandboxCloud(cloud_path(ground.home))
    before = len(cloud.operations())
    await child.say(_trigger(case))
    name = "plan" if case.work == "plan" else "apply"
    moved: Callable[[], object] = lambda: len(cloud.operations()) > before  # noqa: E731
    if case.work == "rollback":
        moved = lambda: cloud.operations("delete")  # noqa: E731
    if case.work == "plan":
        moved = lambda: True  # noqa: E731
    await until(lambda: terraform_of(ground.home, name) and moved(), f"Terraform's {name}")
    if case.victim == "agent":
        await child.killed()
        return await _started_again(case, ground)
    if case.victim == "leaver":
        await child.send({"leave": True})
        assert await child.ended() == 0
        assert await ground.read(lambda records: records.under_way(CONVERSATION))
        return await _started_again(case, ground)
    for process in terraform_of(ground.home, name):
        process.send_signal(signal.SIGKILL)
    return None


def terraform_of(home: Path, name: str) -> list[psutil.Process]:
    """Terraform itself, below the shell of a run of that name that has not ended."""
    for path in (home / "runs").glob(f"*/*/*{name}*.pid"):
        if path.with_suffix(".rc").exists():
            continue
        try:
            shell = psutil.Process(int(path.read_text("utf-8").split(" ", 1)[0]))
            return shell.children()
        except (psutil.NoSuchProcess, ValueError, FileNotFoundError):
            continue
    return []
