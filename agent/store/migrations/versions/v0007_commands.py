"""No table changes: from here on plans name their pricing and policy digest, and messages may hold a command.

An older Brickie reads neither, so the number tells it that a newer one made these records.
"""

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Old rows are read as they are."""
