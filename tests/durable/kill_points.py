"""Where processes die, as a table, and the run of one row: to that point, killed, started again, held to account."""

import asyncio
import pickle
import signal
import time
from collections import Counter
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import psutil
from crashing import CONVERSATION, Child, Ground, Story, until
from postgresql import Server

from plugins.deploy.sandbox.arm import MANAGED_GROUP
from plugins.deploy.sandbox.cloud import SandboxCloud
from plugins.deploy.sandbox.install import cloud_path
from plugins.deploy.terraform.state import state_of

Work = Literal["plan", "apply", "rollback", "destroy", "replan", "replace"]
"""The last two: a change that makes the workspace anew is planned, and applied."""

Victim = Literal["agent", "leaver", "worker", "terraform", "postgres"]

REQUEST = "dev workspace dbw-fern-dev for team fern, etl, 1 to 2 workers"
CHANGE = "change dbw-fern-dev to vnet injection"
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
    def in_memory(self) -> bool:
        """What lives in a workspace that is made anew, only real Terraform knows of."""
        return not self.real and self.work not in ("replan", "replace")

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
    for work in ("plan", "apply", "rollback", "destroy", "replan", "replace")
)
REPLACING: tuple[Case, ...] = (
    *_agent(
        "replan",
        "Contents.take_out:1:before",
        "Contents.take_out:1:after",
        "Contents.put_back:2:before",
        "Terraform.plan:1:after",
    ),
    # In its look for drift the first time, before its start the second; put back at the end for the fourth.
    *_agent(
        "replace",
        "Contents.take_out:1:after",
        "Contents.take_out:2:before",
        "Contents.take_out:2:after",
        "Contents.put_back:4:before",
        "Terraform.apply:1:after",
        "Records.end_run:1:before",
    ),
    Case("replace", "worker", "Contents.take_out:2:after"),
)
EVERY: tuple[Case, ...] = (*AGENT, *WORKER, *POSTGRES, *REPLACING, *REAL)


async def run(case: Case, ground: Ground, postgres: Server | None) -> Outcome:
    """Raises AssertionError when anything was lost, or done twice."""
    started = time.monotonic()
    try:
        child = await ground.child(in_memory=case.in_memory)
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
    elif case.work in ("destroy", "replan", "replace"):
        await child.say("yes")
        await child.heard("result")
    if case.work in ("destroy", "replace"):
        await child.say("destroy dbw-fern-dev" if case.work == "destroy" else CHANGE)
        await child.heard("plan", count=2)


def _trigger(case: Case) -> str:
    return {"plan": REQUEST, "replan": CHANGE, "replace": "dbw-fern-dev"}.get(case.work, "yes")


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
        other = await ground.child(in_memory=case.in_memory)
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
    child = await ground.child(in_memory=case.in_memory)
    if not kept:
        await child.say(_trigger(case))
        await child.heard("state")
    if kept and left:
        await until(lambda: child.begun, "the work to be taken on again")
        return child.begun[0] - child.spawned
    return child.marks["started"] - child.spawned


def _is_kept(case: Case, records: Any) -> bool:
    from sqlalchemy import text

    kind = "plan" if case.work in ("plan", "replan") else "apply"
    runs = records.connection.execute(text(f"select count(*) from runs where kind = '{kind}'")).scalar_one()  # noqa: S608 - a kind of ours
    return runs >= (2 if case.work in ("destroy", "replan", "replace") else 1)


def _hold_to_account(case: Case, story: Story, ground: Ground) -> None:
    """Nothing lost, nothing twice: the records, what was told, and the cloud's own book."""
    asked = 2 if case.work in ("destroy", "replan", "replace") else 1
    decided = {"plan": 0, "destroy": 2, "replace": 2}.get(case.work, 1)
    ends: dict[Work, tuple[str, list[str]]] = {
        "plan": ("planned", []),
        "apply": ("succeeded", ["succeeded"]),
        "rollback": ("rolled_back", ["rolled_back"]),
        "destroy": ("destroyed", ["succeeded", "destroyed"]),
        "replan": ("succeeded", ["succeeded"]),
        "replace": ("succeeded", ["succeeded", "succeeded"]),
    }
    status, results = ends[case.work]
    assert story.deployments == (("dbw-fern-dev", status),), story.deployments
    assert [event["status"] for event in story.told("result")] == results, story.told("result")
    assert len(story.told("plan")) == asked
    assert story.approvals == decided
    assert [event["status"] for event in story.told("approval")] == ["approved"] * decided
    assert sorted(story.runs) == sorted([("plan", "ended")] * asked + [("apply", "ended")] * decided)
    assert (story.pending is not None) == (case.work in ("plan", "replan"))
    assert story.planning is None
    assert story.audit_fault is None
    if not case.in_memory:
        _hold_cloud_to_account(case, ground.home)
    else:
        assert len(applied_in(ground.home)) == decided, applied_in(ground.home)


def applied_in(home: Path) -> list[tuple[str, str]]:
    path = home / "terraform.pickle"
    return pickle.loads(path.read_bytes())["applied"] if path.exists() else []  # noqa: S301 - our own file


def files_in(case: Case, home: Path) -> set[str]:
    """The plans whose files, with their variables in clear, are still there."""
    if not case.in_memory:
        return {path.name for path in (home / "runs").glob("*")}
    return set(pickle.loads((home / "terraform.pickle").read_bytes())["kept"])  # noqa: S301 - our own file


def _hold_cloud_to_account(case: Case, home: Path) -> None:
    cloud = SandboxCloud(cloud_path(home))
    # A subnet and what it is joined to share its id.
    created = Counter((operation.type, operation.id) for operation in cloud.operations("create"))
    deleted = Counter((operation.type, operation.id) for operation in cloud.operations("delete"))
    twice = [one for one, times in created.items() if times > 1 + deleted[one]]
    assert not twice, f"created twice: {twice}"
    assert bool(cloud.leftovers()) == (case.work in ("apply", "replan", "replace")), cloud.leftovers()
    if case.work in ("apply", "replan"):
        # Whose maker was killed with Terraform stands in no book: it is there, and was taken over.
        there = {(one.type, one.id) for one in cloud.leftovers() if one.type != MANAGED_GROUP}
        assert len(there) == CHANGES, there
        assert set(created) <= there, set(created) - there
    if case.work in ("replan", "replace"):
        _hold_state_to_account(cloud, home)


def _hold_state_to_account(cloud: SandboxCloud, home: Path) -> None:
    """What lives in the workspace stands in its state, and is there."""
    (path,) = home.glob("deployments/*/terraform.tfstate")
    held = {one.id for one in state_of(path.read_text("utf-8")).resources.values() if one.type.startswith("databricks")}
    there = {one.id for one in cloud.resources() if one.type.startswith("databricks_cluster")}
    assert held == there, (held, there)
    assert len(held) == 2
    assert not list(home.glob("deployments/*/whole.tfstate"))


async def _killed_half_way(case: Case, child: Child, ground: Ground) -> float | None:
    """Real Terraform runs, and has begun to change things; then the agent, or Terraform, is killed."""
    cloud = SandboxCloud(cloud_path(ground.home))
    before = len(cloud.operations())
    await child.say(_trigger(case))
    name = "plan" if case.work in ("plan", "replan") else "apply"
    moved: Callable[[], object] = lambda: len(cloud.operations()) > before  # noqa: E731 - one of three, chosen above
    if case.work == "rollback":
        moved = lambda: cloud.operations("delete")  # noqa: E731 - one of three, chosen above
    if case.work == "plan":
        moved = lambda: True  # noqa: E731 - one of three, chosen above
    if case.work == "replan":
        moved = lambda: list(ground.home.glob("deployments/*/whole.tfstate"))  # noqa: E731 - one of four
    await until(lambda: terraform_of(ground.home, name) and moved(), f"Terraform's {name}")
    if case.victim == "terraform":
        for process in terraform_of(ground.home, name):
            process.send_signal(signal.SIGKILL)
        return None
    with halted(ground.home, name):
        if case.victim == "agent":
            await child.killed()
        else:
            await child.send({"leave": True})
            assert await child.ended() == 0
            assert await ground.read(lambda records: records.under_way(CONVERSATION))
        return await _started_again(case, ground)


@contextmanager
def halted(home: Path, name: str) -> Generator[None]:
    """In here Terraform stands still, however long what happens around it takes; afterwards it goes on."""
    running = terraform_of(home, name)
    try:
        for process in running:
            with suppress(psutil.NoSuchProcess):
                process.suspend()
        yield
    finally:
        for process in running:
            with suppress(psutil.NoSuchProcess):
                process.resume()


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
