"""A name that one living process holds: a lock on a file, or of a session in PostgreSQL.

Two processes under one name would each take the other's work for its own left-overs and do it twice (seen with DBOS
3.4.0, 2026-11), so the second one is refused. A name whose lock is free belongs to nobody alive: its work may
be taken over. What this costs: one open connection a process, and that PostgreSQL is reached directly.
"""

import contextlib
import fcntl
import time
import zlib
from pathlib import Path
from typing import IO, Protocol

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

from agent.wording import error_of
from plugins.domain.errors import ConfigurationError
from plugins.private import private_file, private_folder

_SPACE = 0x6272  # the first key of our advisory locks
_RETURN_SECONDS = 6.0
# A machine that vanishes resets no connection: without these its locks would last for hours, by Linux' defaults.
_KEEPALIVE = "set tcp_keepalives_idle = 5; set tcp_keepalives_interval = 2; set tcp_keepalives_count = 3"


class ExecutorLock(Protocol):
    def take(self, name: str) -> bool:
        """True when the name is now held by this process; False when somebody alive holds it."""
        ...

    def release(self, name: str) -> None: ...

    def is_held(self, name: str) -> bool:
        """Whether this process still holds it: a lost session loses its locks."""
        ...

    def can_judge(self) -> bool:
        """Whether a free name may be taken for a dead process's."""
        ...

    def close(self) -> None:
        """Gives every name back."""
        ...


class FileLock:
    """Locks on files in one folder of this machine; they go with the process that holds them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._held: dict[str, IO[str]] = {}

    def take(self, name: str) -> bool:
        if name in self._held:
            return True
        file = private_file(private_folder(self._folder) / f"{name}.lock").open("w")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.close()
            return False
        self._held[name] = file
        return True

    def release(self, name: str) -> None:
        file = self._held.pop(name, None)
        if file is not None:
            file.close()

    def is_held(self, name: str) -> bool:
        return name in self._held

    def can_judge(self) -> bool:
        return True

    def close(self) -> None:
        for name in tuple(self._held):
            self.release(name)


class PostgresLock:
    """Advisory locks of one PostgreSQL session. A pooler in transaction mode breaks them: connect directly."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._session: Connection | None = None
        self._held: set[str] = set()
        self._lost_at: float | None = None

    def take(self, name: str) -> bool:
        if name in self._held:
            return True
        got = bool(
            self._connected()
            .execute(text("select pg_try_advisory_lock(:space, :key)"), {"space": _SPACE, "key": _key(name)})
            .scalar_one()
        )
        if got:
            self._held.add(name)
        return got

    def release(self, name: str) -> None:
        if name in self._held:
            self._held.discard(name)
            with contextlib.suppress(SQLAlchemyError):  # a lost session has let go already
                self._connected().execute(
                    text("select pg_advisory_unlock(:space, :key)"), {"space": _SPACE, "key": _key(name)}
                )

    def is_held(self, name: str) -> bool:
        try:
            self._connected().execute(text("select 1"))
        except SQLAlchemyError:
            self._session = None
            self._held.clear()
            self._lost_at = time.monotonic()
        return name in self._held

    def can_judge(self) -> bool:
        """Not soon after a session was lost: when the server was away, the living have yet to take theirs again."""
        return self._lost_at is None or time.monotonic() - self._lost_at > _RETURN_SECONDS

    def close(self) -> None:
        """Ends the session, and its locks with it."""
        self._held.clear()
        if self._session is not None:
            self._session.invalidate()
            self._session.close()
            self._session = None

    def _connected(self) -> Connection:
        if self._session is None:
            # Session locks outlive transactions; autocommit keeps none open, which would hold back PostgreSQL's vacuum.
            self._session = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            self._session.exec_driver_sql(_KEEPALIVE)
        return self._session


def name_taken(lock: ExecutorLock, named: str | None) -> str:
    """The name that this process holds now: the one that it is given, or the first that is free. Raises
    ConfigurationError when somebody alive holds the one that it is given.
    """
    if named is not None:
        if lock.take(named):
            return named
        raise error_of(ConfigurationError, "deployment.name_taken", name=named)
    number = 0
    while not lock.take(f"here-{number}"):
        number += 1
    return f"here-{number}"


def _key(name: str) -> int:
    return zlib.crc32(name.encode()) - 2**31
