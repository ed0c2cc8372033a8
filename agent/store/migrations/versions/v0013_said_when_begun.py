"""What is taken in on a chat platform comes into its conversation when its turn begins."""

import sqlalchemy as sa
from alembic import op

from agent.store.tables import received

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    known = {column["name"] for column in sa.inspect(op.get_bind()).get_columns(received.name)}
    if "place" not in known:
        op.add_column(received.name, sa.Column("place", sa.Text))
