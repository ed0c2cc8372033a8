"""How often the turn of a message was begun."""

import sqlalchemy as sa
from alembic import op

from agent.store.tables import received

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    known = {column["name"] for column in sa.inspect(op.get_bind()).get_columns(received.name)}
    if "beginnings" not in known:
        op.add_column(received.name, sa.Column("beginnings", sa.Integer, nullable=False, server_default="0"))
