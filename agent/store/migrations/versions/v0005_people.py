"""What links one person's identities, and consents to plans that take several."""

from alembic import op

from agent.store.tables import consents, identities

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in (identities, consents):
        table.create(op.get_bind(), checkfirst=True)
