"""What waits: plans for a person, workspaces for their turn. Cheap enough to be asked for at every scrape."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Integer, cast, func, select

from agent.metrics import level
from agent.store.connection import QueryGroup
from agent.store.runs import RunKind
from agent.store.tables import approvals, plans, requests, runs


@dataclass(frozen=True)
class Queue:
    """Workspaces that wait and that are worked at, and for how many seconds the longest has waited (0 for none)."""

    waiting: int = 0
    running: int = 0
    oldest_seconds: float = 0.0


@dataclass(frozen=True)
class Backlog:
    """`approvals` are plans that await a decision."""

    approvals: int
    queues: Mapping[RunKind, Queue]


class BacklogQueries(QueryGroup):
    def backlog(self, now: datetime) -> Backlog:
        # A plan's wait begins with its order, an apply's with the approval: a run itself has no time before it begins.
        began = func.coalesce(func.max(approvals.c.given_at), func.max(requests.c.at))
        waiting = runs.c.status == "queued"
        rows = self._db.execute(
            select(runs.c.kind, runs.c.plan_id, func.sum(cast(waiting, Integer)), func.count(), began)
            .select_from(runs)
            .outerjoin(approvals, (approvals.c.plan_id == runs.c.plan_id) & (runs.c.kind == "apply"))
            .outerjoin(requests, (requests.c.plan_id == runs.c.plan_id) & (requests.c.position == runs.c.position))
            .where(runs.c.ended_at.is_(None))
            .group_by(runs.c.kind, runs.c.plan_id)
        ).all()
        queues: dict[RunKind, Queue] = {"plan": Queue(), "apply": Queue()}
        for kind, _, queued, all_of_it, at in rows:
            age = max(0.0, (now - datetime.fromisoformat(at)).total_seconds()) if queued and at else 0.0
            so_far = queues[kind]
            queues[kind] = Queue(
                so_far.waiting + queued, so_far.running + all_of_it - queued, max(so_far.oldest_seconds, age)
            )
        pending = select(func.count()).select_from(plans).where(plans.c.status == "pending")
        return Backlog(int(self._db.execute(pending).scalar_one()), queues)


def note_backlog(backlog: Backlog) -> None:
    """Tells whoever watches."""
    level("brickie.approvals.waiting", backlog.approvals)
    for kind, queue in backlog.queues.items():
        level("brickie.runs.waiting", queue.waiting, kind=kind)
        level("brickie.runs.running", queue.running, kind=kind)
        level("brickie.queue.age.seconds", queue.oldest_seconds, kind=kind)
