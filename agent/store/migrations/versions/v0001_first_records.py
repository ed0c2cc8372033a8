"""The records of 0.1: what an older database already holds."""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_TABLES = (
    "create table conversations (id text primary key, document text not null)",
    """create table plans (
        plan_id text primary key, conversation text not null, status text not null, document text not null)""",
    "create table approvals (approval_id text primary key, plan_id text not null unique, document text not null)",
    """create table deployments (
        deployment_id text primary key, workspace_name text not null, status text not null, document text not null)""",
    "create table happenings (number integer primary key, deployment_id text not null, document text not null)",
)


def upgrade() -> None:
    for statement in _TABLES:
        op.execute(statement)
