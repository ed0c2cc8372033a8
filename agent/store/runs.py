"""Runs: each plan or apply of one workspace, from the order to its end, and what it told on the way.

A run may be begun many times, by several processes one after another, and ends once: whoever ends it second is told so
and keeps nothing.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from pydantic import JsonValue
from sqlalchemy import RowMapping, func, insert, select, update

from agent.store.connection import QueryGroup, stamp, text_given
from agent.store.tables import leases, plans, run_events, runs

RunKind = Literal["plan", "apply"]


@dataclass(frozen=True)
class Run:
    """One plan or apply of one workspace. `turn` caused it, and its events carry it."""

    run_id: str
    kind: RunKind
    plan_id: str
    position: int
    deployment_id: str
    conversation: str
    turn: int
    status: Literal["queued", "running", "ended"] = "queued"
    cancel_requested: bool = False
    notes: str | None = None
    outcome: str | None = None


_THIS = runs.c.run_id == text_given("of")
_OF_PLAN = (runs.c.plan_id == text_given("plan")) & (runs.c.kind == text_given("what"))
_KEEP = insert(runs)
_RUN = select(runs).where(_THIS)
_RUNS_OF = select(runs).where(_OF_PLAN).order_by(runs.c.position)
_BEGIN = (
    update(runs)
    .where(_THIS, runs.c.status != "ended")
    .values(
        status="running",
        executor=text_given("here"),
        started_at=func.coalesce(runs.c.started_at, text_given("at")),
    )
)
_NOTE = update(runs).where(_THIS).values(notes=text_given("noted"))
_END = (
    update(runs)
    .where(_THIS, runs.c.status != "ended")
    .values(status="ended", outcome=text_given("how"), ended_at=text_given("at"))
)
_UNFINISHED = select(func.count()).where(_OF_PLAN, runs.c.ended_at.is_(None))
_UNDER_WAY = select(runs.c.run_id).where(runs.c.ended_at.is_(None), runs.c.conversation == text_given("of")).limit(1)
_IS_CANCELLED = select(runs.c.cancel_requested).where(_THIS)


class RunQueries(QueryGroup):
    def keep_runs(self, ordered: list[Run]) -> None:
        rows = [
            {
                "run_id": run.run_id,
                "kind": run.kind,
                "plan_id": run.plan_id,
                "position": run.position,
                "deployment_id": run.deployment_id,
                "conversation": run.conversation,
                "turn": run.turn,
                "status": run.status,
                "cancel_requested": 0,
            }
            for run in ordered
        ]
        self._run_all(_KEEP, rows)

    def run(self, run_id: str) -> Run:
        return _run_of(self._run(_RUN, {"of": run_id}).mappings().one())

    def runs_of(self, plan_id: str, kind: RunKind) -> tuple[Run, ...]:
        return tuple(_run_of(row) for row in self._run(_RUNS_OF, {"plan": plan_id, "what": kind}).mappings())

    def begin_run(self, run_id: str, executor: str, *, now: datetime) -> bool:
        """Marks the run as running here; False when it has ended already."""
        return self._run(_BEGIN, {"of": run_id, "here": executor, "at": stamp(now)}).rowcount == 1

    def note_run(self, run_id: str, notes: str) -> None:
        """Keeps how far the run is, for whoever goes on with it."""
        self._run(_NOTE, {"of": run_id, "noted": notes})

    def durations(self, action: str, *, most: int = 20) -> tuple[float, ...]:
        """How many seconds the newest applies of such plans (“create”, “change”…) took, those that succeeded."""
        done = (runs.c.kind == "apply") & (plans.c.action == action) & runs.c.started_at.is_not(None)
        rows = self._db.execute(
            select(runs.c.started_at, runs.c.ended_at, runs.c.outcome)
            .join(plans, plans.c.plan_id == runs.c.plan_id)
            .where(done, runs.c.ended_at.is_not(None))
            .order_by(runs.c.ended_at.desc())
            .limit(most)
        )
        return tuple(
            (datetime.fromisoformat(row.ended_at) - datetime.fromisoformat(row.started_at)).total_seconds()
            for row in rows
            if json.loads(row.outcome or "{}").get("status") in ("succeeded", "destroyed")
        )

    def end_run(self, run_id: str, outcome: str | None, *, now: datetime) -> bool:
        """True when the run ends by this; False when it had ended before."""
        return self._run(_END, {"of": run_id, "how": outcome, "at": stamp(now)}).rowcount == 1

    def newest_applied(self, conversation: str) -> str | None:
        """The plan of that conversation, or approved in it, that was last applied and has wholly ended."""
        asked_here = runs.c.plan_id.in_(select(plans.c.plan_id).where(plans.c.conversation == conversation))
        ended = (
            select(runs.c.plan_id)
            .where(asked_here | (runs.c.conversation == conversation), runs.c.kind == "apply")
            .group_by(runs.c.plan_id)
            .having(func.count(runs.c.ended_at) == func.count())
            .order_by(func.max(runs.c.ended_at).desc())
            .limit(1)
        )
        return self._db.execute(ended).scalar_one_or_none()

    def applied_runs(self, deployment_id: str) -> tuple[Run, ...]:
        """The applies of that workspace that did what their plan said, oldest first."""
        rows = self._db.execute(
            select(runs)
            .where(runs.c.deployment_id == deployment_id, runs.c.kind == "apply", runs.c.outcome.is_not(None))
            .order_by(runs.c.ended_at)
        ).mappings()
        ended = [_run_of(row) for row in rows]
        return tuple(run for run in ended if json.loads(run.outcome or "{}").get("status") == "succeeded")

    def newest_run(self, deployment_id: str) -> tuple[Run, str] | None:
        """The last apply of that workspace that has ended, and when (UTC, ISO); None when there was none."""
        row = (
            self._db.execute(
                select(runs)
                .where(runs.c.deployment_id == deployment_id, runs.c.kind == "apply", runs.c.outcome.is_not(None))
                .order_by(runs.c.ended_at.desc())
                .limit(1)
            )
            .mappings()
            .one_or_none()
        )
        return (_run_of(row), row["ended_at"]) if row is not None else None

    def applies_of_turn(self, conversation: str, turn: int) -> int:
        """How many workspaces are applied by what that turn ordered."""
        mine = (runs.c.conversation == conversation) & (runs.c.turn == turn) & (runs.c.kind == "apply")
        return int(self._db.execute(select(func.count()).where(mine)).scalar_one())

    def unfinished(self, plan_id: str, kind: RunKind) -> int:
        """How many runs of that plan have not ended."""
        return int(self._run(_UNFINISHED, {"plan": plan_id, "what": kind}).scalar_one())

    def under_way(self, conversation: str | None = None) -> tuple[Run, ...]:
        """Every run that has not ended, of one conversation or of all."""
        wanted = select(runs).where(runs.c.ended_at.is_(None)).order_by(runs.c.run_id)
        if conversation is not None:
            wanted = wanted.where(runs.c.conversation == conversation)
        return tuple(_run_of(row) for row in self._db.execute(wanted).mappings())

    def is_under_way(self, conversation: str) -> bool:
        """Whether any run of that conversation has not ended."""
        return self._run(_UNDER_WAY, {"of": conversation}).first() is not None

    def request_cancel(self, plan_id: str, kind: RunKind, deployment_id: str | None = None) -> int:
        """Asks the runs of that plan to stop; gives how many have not ended."""
        flagged = (
            update(runs)
            .where(runs.c.plan_id == plan_id, runs.c.kind == kind, runs.c.ended_at.is_(None))
            .values(cancel_requested=1)
        )
        if deployment_id is not None:
            flagged = flagged.where(runs.c.deployment_id == deployment_id)
        return self._db.execute(flagged).rowcount

    def is_cancelled(self, run_id: str) -> bool:
        return bool(self._run(_IS_CANCELLED, {"of": run_id}).scalar_one())

    def tell(self, run_id: str, line_no: int, document: Mapping[str, JsonValue], *, now: datetime) -> bool:
        """Keeps one line of a run's progress; False when that line was told before."""
        row = {"run_id": run_id, "line_no": line_no, "at": stamp(now), "document": json.dumps(document)}
        return self._insert_once(run_events, row)

    def lease(self, name: str, holder: str, *, now: datetime, until: datetime) -> bool:
        """True when that holder has the lease until then: it was free, over, or theirs."""
        taken = self._db.execute(
            update(leases)
            .where(leases.c.name == name, (leases.c.holder == holder) | (leases.c.until <= stamp(now)))
            .values(holder=holder, until=stamp(until))
        )
        if taken.rowcount == 1:
            return True
        return self._insert_once(leases, {"name": name, "holder": holder, "until": stamp(until)})


def _run_of(row: RowMapping) -> Run:
    return Run(
        run_id=row["run_id"],
        kind=row["kind"],
        plan_id=row["plan_id"],
        position=row["position"],
        deployment_id=row["deployment_id"],
        conversation=row["conversation"],
        turn=row["turn"],
        status=row["status"],
        cancel_requested=bool(row["cancel_requested"]),
        notes=row["notes"],
        outcome=row["outcome"],
    )
