"""Reading and writing the records, inside one transaction."""

import json
import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import cast

from pydantic import BaseModel, ConfigDict

from agent.approvals import PlanStatus
from agent.conversation import Conversation
from plugins.domain.approval import Approval
from plugins.domain.deployment import Deployment
from plugins.domain.errors import ConfigurationError
from plugins.domain.plan import Plan

_SCHEMA = """
create table if not exists conversations (id text primary key, document text not null);
create table if not exists plans (
    plan_id text primary key, conversation text not null, status text not null, document text not null);
create table if not exists approvals (
    approval_id text primary key, plan_id text not null unique, document text not null);
create table if not exists deployments (
    deployment_id text primary key, workspace_name text not null, status text not null, document text not null);
create table if not exists happenings (
    number integer primary key, deployment_id text not null, document text not null);
create index if not exists happenings_by_deployment on happenings (deployment_id);
"""


class Happening(BaseModel):
    """One line of a workspace's history: who did what, when (UTC)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    at: datetime
    who: str
    what: str
    detail: str = ""


class Records:
    """What one transaction may read and write; it lives only inside `Store.transaction`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    def conversation(self, conversation_id: str) -> Conversation:
        """The conversation of that id, a fresh one when it is new."""
        row = self._one("select document from conversations where id = ?", conversation_id)
        return Conversation.model_validate_json(row[0]) if row else Conversation(id=conversation_id)

    def keep_conversation(self, talk: Conversation) -> None:
        self._db.execute("insert or replace into conversations values (?, ?)", (talk.id, talk.model_dump_json()))

    def plan(self, plan_id: str) -> tuple[Plan, PlanStatus] | None:
        row = self._one("select document, status from plans where plan_id = ?", plan_id)
        return (Plan.model_validate_json(row[0]), cast("PlanStatus", row[1])) if row else None

    def keep_plan(self, plan: Plan) -> None:
        self._db.execute(
            "insert into plans values (?, ?, 'pending', ?)", (plan.plan_id, plan.conversation, plan.model_dump_json())
        )

    def settle_plan(self, plan_id: str, status: PlanStatus) -> bool:
        """True when the plan was pending and now has this status; False when it had been settled before."""
        changed = self._db.execute(
            "update plans set status = ? where plan_id = ? and status = 'pending'", (status, plan_id)
        )
        return changed.rowcount == 1

    def keep_approval(self, approval: Approval) -> None:
        """Keeps an approval; a second one for the same plan breaks the transaction."""
        document = {
            "digest": approval.digest,
            "by": approval.by.model_dump(mode="json"),
            "given_at": approval.given_at.isoformat(),
            "expires_at": approval.expires_at.isoformat(),
        }
        self._db.execute(
            "insert into approvals values (?, ?, ?)", (approval.approval_id, approval.plan_id, json.dumps(document))
        )

    def deployments(self) -> tuple[Deployment, ...]:
        """Every deployment ever started, oldest first."""
        rows = self._db.execute("select document from deployments order by rowid").fetchall()
        return tuple(Deployment.model_validate_json(row[0]) for row in rows)

    def deployment(self, deployment_id: str) -> Deployment | None:
        row = self._one("select document from deployments where deployment_id = ?", deployment_id)
        return Deployment.model_validate_json(row[0]) if row else None

    def keep_deployment(self, deployment: Deployment) -> None:
        self._db.execute(
            "insert into deployments values (?, ?, ?, ?) on conflict (deployment_id) do update set"
            " workspace_name = excluded.workspace_name, status = excluded.status, document = excluded.document",
            (deployment.deployment_id, deployment.workspace_name, deployment.status, deployment.model_dump_json()),
        )

    def forget_deployment(self, deployment_id: str) -> None:
        """Drops a deployment that never came to be: its plan was not applied."""
        self._db.execute("delete from deployments where deployment_id = ?", (deployment_id,))

    def note(self, deployment_id: str, happening: Happening) -> None:
        self._db.execute(
            "insert into happenings (deployment_id, document) values (?, ?)",
            (deployment_id, happening.model_dump_json()),
        )

    def history(self, deployment_id: str) -> tuple[Happening, ...]:
        rows = self._db.execute(
            "select document from happenings where deployment_id = ? order by number", (deployment_id,)
        ).fetchall()
        return tuple(Happening.model_validate_json(row[0]) for row in rows)

    def _one(self, query: str, key: str) -> tuple[str, ...] | None:
        return self._db.execute(query, (key,)).fetchone()


class Store:
    """The embedded database. One process writes at a time; a second one waits up to ten seconds for it."""

    def __init__(self, path: Path) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._db = sqlite3.connect(path, timeout=10, isolation_level=None, check_same_thread=False)
            self._db.execute("pragma journal_mode = wal")
            self._db.execute("pragma synchronous = full")
            self._db.executescript(_SCHEMA)
        except (OSError, sqlite3.Error) as error:
            raise ConfigurationError(
                "opening the records",
                "the folder that BRICKIE_HOME names cannot be written to.",
                "Set BRICKIE_HOME to a folder of yours with free space.",
            ) from error

    @contextmanager
    def transaction(self) -> Generator[Records]:
        """All of it is kept when the block ends, none of it when it raises."""
        self._db.execute("begin immediate")
        try:
            yield Records(self._db)
        except BaseException:
            self._db.execute("rollback")
            raise
        self._db.execute("commit")

    def close(self) -> None:
        self._db.close()
