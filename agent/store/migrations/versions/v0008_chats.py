"""Chat platforms: their conversations, what is to be shown there, rounds of approval, links and wishes."""

from alembic import op

from agent.store.tables import approval_rounds, chats, links, notify_choices, outgoing

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in (chats, outgoing, approval_rounds, links, notify_choices):
        table.create(op.get_bind(), checkfirst=True)
