"""What was billed of each workspace, day by day, and how reading the bill went."""

from alembic import op

from agent.store.tables import bill_days, bill_readings

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in (bill_days, bill_readings):
        table.create(op.get_bind(), checkfirst=True)
