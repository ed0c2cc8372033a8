"""What Azure's public price list said, by region and currency."""

from alembic import op

from agent.store.tables import price_lists

revision = "0009"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    price_lists.create(op.get_bind(), checkfirst=True)
