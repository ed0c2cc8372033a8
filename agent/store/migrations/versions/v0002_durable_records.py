"""Records that survive: runs, events, approvals by column, the audit chain. Moves what 0.1 kept.

Plans of 0.1 are not taken over: their digests were made differently, so none of them could be confirmed any more.
"""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from alembic import op
from sqlalchemy import Connection, text

from agent.store import audit
from agent.store.tables import audit_head, conversations, deployments, metadata

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_OLD = ("conversations", "plans", "approvals", "deployments", "happenings")


def upgrade() -> None:
    connection = op.get_bind()
    for name in _OLD:
        op.execute(f"alter table {name} rename to old_{name}")
    for table in metadata.tables.values():
        table.create(connection, checkfirst=False)
    connection.execute(audit_head.insert(), {"id": 1, "seq": 0, "hash": audit.GENESIS})
    _moved(connection, "select id, document from old_conversations", _conversation)
    _moved(connection, "select deployment_id, document from old_deployments", _deployment)
    _moved(connection, "select deployment_id, document from old_happenings order by number", _happening)
    for name in _OLD:
        op.execute(f"drop table old_{name}")


def _moved(connection: Connection, query: str, move: Callable[[Connection, str, dict[str, Any]], None]) -> None:
    for key, document in connection.execute(text(query)).all():
        move(connection, key, json.loads(document))


def _conversation(connection: Connection, key: str, talk: dict[str, Any]) -> None:
    talk |= {"pending": None, "planning": None}
    row = {
        "id": key,
        "owner": "",
        "title": "",
        "version": 1,
        "last_seq": 0,
        "updated_at": datetime.now(UTC).isoformat(),
        "document": json.dumps(talk),
    }
    connection.execute(conversations.insert(), row)


def _deployment(connection: Connection, key: str, kept: dict[str, Any]) -> None:
    if kept["status"] in ("planning", "planned"):
        return
    stranded = kept["status"] in ("queued", "applying", "destroying", "rolling_back")
    kept["status"] = "attention" if stranded else kept["status"]
    row = {
        "deployment_id": key,
        "workspace_name": kept["workspace_name"],
        "status": kept["status"],
        "conversation": kept["conversation"],
        "person": kept["requested_by"]["id"],
        "environment": kept["decision"]["environment"],
        "expires_on": kept["expires_on"],
        "document": json.dumps(kept),
    }
    connection.execute(deployments.insert(), row)


def _happening(connection: Connection, key: str, told: dict[str, Any]) -> None:
    at = datetime.fromisoformat(told["at"])
    who = audit.Actor("", told["who"], told["who"])
    audit.append(connection, [audit.Entry(at, who, told["what"], told.get("detail", ""), key)])
