"""What every group of records stands on: one connection, inside one transaction."""

from datetime import UTC, datetime

from sqlalchemy import Connection


class Connected:
    """Lives only inside `Database.transact` or `Database.read`."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    @property
    def connection(self) -> Connection:
        """For the durable engine, which enqueues in the same transaction."""
        return self._db


def stamp(at: datetime) -> str:
    """UTC, ISO 8601, of one width, so that text sorts as time does."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")
