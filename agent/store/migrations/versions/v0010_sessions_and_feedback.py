"""Sessions of the web page, verdicts on answers, and conversations that their owner has deleted."""

import sqlalchemy as sa
from alembic import op

from agent.store.tables import conversations, feedback, sessions

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in (sessions, feedback):
        table.create(op.get_bind(), checkfirst=True)
    known = {column["name"] for column in sa.inspect(op.get_bind()).get_columns(conversations.name)}
    if "deleted_at" not in known:
        op.add_column(conversations.name, sa.Column("deleted_at", sa.String))
