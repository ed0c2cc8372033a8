"""The audit keeps who exactly it was, the values before and after, and marks of a key outside the database.

Rows that stand are not touched: what they do not say stays null, and they are hashed as they were.
"""

from alembic import op
from sqlalchemy import Column, String, Text, inspect

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_ADDED: tuple[tuple[str, "Column[str]"], ...] = (
    ("audit", Column("issuer", String)),
    ("audit", Column("who_id", String)),
    ("audit", Column("before", Text)),
    ("audit", Column("after", Text)),
    ("audit", Column("mark", String)),
    ("audit_head", Column("mark", String)),
)


def upgrade() -> None:
    """Only what is missing: 0002 makes tables as they are today."""
    seen = inspect(op.get_bind())
    known = {table: {column["name"] for column in seen.get_columns(table)} for table in ("audit", "audit_head")}
    for table, column in _ADDED:
        if column.name not in known[table]:
            op.add_column(table, column)
