"""The audit refuses to be changed: rows are added, never altered or removed, whoever asks.

An owner of the database can take the triggers away again; `brickie audit verify` then still finds what was changed.
"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_SQLITE = """
create trigger audit_no_{event} before {event} on audit
begin select raise(abort, 'the audit is append-only'); end
"""
_POSTGRESQL = (
    """
    create function audit_is_append_only() returns trigger language plpgsql as
    $$ begin raise exception 'the audit is append-only' using errcode = 'integrity_constraint_violation'; end $$
    """,
    """
    create trigger audit_append_only before update or delete or truncate on audit
    for each statement execute function audit_is_append_only()
    """,
)


def upgrade() -> None:
    op.execute("create index if not exists deployments_by_status on deployments (status, workspace_name)")
    if op.get_bind().dialect.name == "sqlite":
        for event in ("update", "delete"):
            op.execute(_SQLITE.format(event=event))
        return
    for statement in _POSTGRESQL:
        op.execute(statement)
