"""What became of people's requests, for those who want to be told on their other channels, too."""

from alembic import op

from agent.store.tables import news, news_told

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in (news, news_told):
        table.create(op.get_bind(), checkfirst=True)
