"""Opening the database: one SQLite file (WAL, synchronous FULL), or PostgreSQL by `Database__Url`; the same code.

A transaction's work is a plain function of `Records`, run on the async connection by SQLAlchemy's own bridge: all
of it is kept when it returns, none of it when it raises.
"""

import asyncio
import contextvars
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from sqlite3 import DatabaseError, OperationalError
from typing import TYPE_CHECKING, Any, TypeVar

# Nothing of it is used here. While another thread first imports it, as the engine does, statements of this one fail on
# halves of it (SQLAlchemy 2.1.9, findings/sqlalchemy_orm_imported_beside.sh).
import sqlalchemy.orm  # noqa: F401 - see above  # pyright: ignore[reportUnusedImport]
from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, ProgrammingError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from agent.store.audit import Keys
from agent.store.blank import laid_out
from agent.store.changes import FileChanges
from agent.store.records import Records
from agent.store.sqlite_check import damage_of
from agent.wording import error_of, phrase
from plugins.domain.errors import ConfigurationError, InfraError
from plugins.private import private_file, private_folder

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine

T = TypeVar("T")
HEAD = "0013"
"""The newest migration; tests hold it against the files."""

_MIGRATIONS = Path(__file__).parent / "migrations"
_MIGRATION_LOCK = 0x62726B  # any number of our own: the advisory lock under which PostgreSQL is migrated
_READS = "brickie_reads"


_READERS = 3
_PIECE = "piece"
_TOGETHER = 100
"""Most pieces of work that one commit keeps."""


class RecordsUnavailable(InfraError, RuntimeError):
    """The database could not be reached or written: nothing of this was kept."""

    code = "not_kept"


class Database:
    """Connections to one database. `url` is SQLAlchemy's, without a driver: sqlite:///FILE or postgresql://…"""

    def __init__(self, url: str, *, audit_keys: Keys = ()) -> None:
        """Raises ConfigurationError for what is no URL of such a database."""
        self.url = url
        self._audit_keys = audit_keys
        self.is_sqlite = url.startswith("sqlite")
        self._waiting: list[tuple[Callable[[Records], Any], asyncio.Future[Any]]] = []
        self._writer: asyncio.Task[None] | None = None
        self._writers = ThreadPoolExecutor(1, "records-write")
        self._readers = ThreadPoolExecutor(_READERS, "records-read")
        if not url.startswith(("sqlite:///", "postgresql://", "postgres://")) or url.endswith("sqlite:///"):
            raise _no_url()
        try:
            self._engine = None if self.is_sqlite else _pooled(url)
            self._plain = _threaded(url) if self._engine is None else self._engine.sync_engine
        except (SQLAlchemyError, ValueError) as error:
            raise _no_url() from error

    @property
    def reads_in_threads(self) -> bool:
        """Whether `read` runs its work in a thread, rather than in the event loop's."""
        return self._engine is None

    @property
    def file(self) -> Path:
        """Where the records lie; of SQLite alone."""
        return Path(self.url.removeprefix("sqlite:///"))

    async def open(self) -> None:
        """Connects and brings the tables up to date. Raises ConfigurationError, one sentence, when it cannot."""
        try:
            await self._migrate()
        except ConfigurationError:
            await self._disconnect()
            raise
        except (SQLAlchemyError, DatabaseError, OSError, ValueError, LookupError) as error:
            await self._disconnect()
            if self.is_sqlite and _tells_of_damage(error):
                raise _damaged(self.file) from error
            raise _unopened(self.url, error) from error

    def examine(self) -> None:
        """Looks whether the records can be used, and changes nothing; none yet is fine. Raises ConfigurationError, with
        what to do, when they cannot.
        """
        path = self.file
        if self.is_sqlite and not path.exists():
            return
        if self.is_sqlite and damage_of(path) is not None:
            raise _damaged(path)
        engine = create_engine(f"sqlite:///{path}") if self.is_sqlite else create_engine(_psycopg(self.url))
        try:
            with engine.connect() as connection:
                _known(connection)
        except (SQLAlchemyError, OSError, ValueError, LookupError) as error:
            raise _unopened(self.url, error) from error
        finally:
            engine.dispose()

    async def transact(self, work: Callable[[Records], T]) -> T:
        """What `work` returns, with everything it wrote kept. Raises NotKept when the database fails.

        SQLite has one writer, and each of its commits waits for the disk: what comes while one is under way is kept
        together in the next, each piece wholly or not at all.
        """
        if not self.is_sqlite:
            return await self._run(work, {})
        waits: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.append((work, waits))
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._written())
        return await waits

    async def read(self, work: Callable[[Records], T]) -> T:
        """What `work` returns; it only reads, and waits for nobody who writes."""
        return await self._run(work, {_READS: True})

    async def close(self) -> None:
        if self._writer is not None:
            await asyncio.gather(self._writer, return_exceptions=True)
        for threads in (self._writers, self._readers):
            threads.shutdown(wait=True)
        await self._disconnect()

    def changes(self) -> FileChanges | None:
        """What tells whether a look at the records is worth it; None where only a look does."""
        return FileChanges(self.file) if self.is_sqlite else None

    def plain_engine(self) -> Engine:
        """A second, synchronous engine on the same database, for whoever cannot await."""
        if not self.is_sqlite:
            return create_engine(_psycopg(self.url), pool_pre_ping=True, pool_size=5, max_overflow=10)
        engine = create_engine(self.url, connect_args={"timeout": 30, "isolation_level": "IMMEDIATE"})
        _pragmas(engine)
        return engine

    async def _migrate(self) -> None:
        if self._engine is not None:
            async with self._engine.begin() as connection:
                await connection.run_sync(_up_to_date)
            return

        def migrated() -> None:
            _made_private(self.file)
            with self._plain.begin() as connection:
                _up_to_date(connection)

        await asyncio.get_running_loop().run_in_executor(self._writers, migrated)

    async def _disconnect(self) -> None:
        if self._engine is not None:
            await self._engine.dispose()
        else:
            self._plain.dispose()

    async def _written(self) -> None:
        while self._waiting:
            together, self._waiting = self._waiting[:_TOGETHER], self._waiting[_TOGETHER:]
            if len(together) > 1 and await self._kept_together(together):
                continue
            for work, waits in together:
                try:
                    done = await self._run(work, {})
                except Exception as error:  # noqa: BLE001 - told to whoever waits for this piece
                    _tell(waits, None, error)
                else:
                    _tell(waits, done, None)

    async def _kept_together(self, together: "list[tuple[Callable[[Records], Any], asyncio.Future[Any]]]") -> bool:
        """True when all of these were kept, or refused for reasons of their own; False when none was, because the
        database failed or would not have one of them: then each has to be tried alone.
        """
        try:
            ends = await self._run(lambda records: [_nested(records, work) for work, _ in together], {})
        except Exception:  # noqa: BLE001 - whoever is at fault is told when it is tried alone
            return False
        for (_, waits), end in zip(together, ends, strict=True):
            _tell(waits, *end)
        return True

    async def _run(self, work: Callable[[Records], T], options: dict[str, Any]) -> T:
        try:
            if self._engine is None:
                return await self._in_thread(work, options)
            async with self._engine.connect() as connection:
                await connection.execution_options(**options)
                async with connection.begin():
                    return await connection.run_sync(lambda plain: work(Records(plain, self._audit_keys)))
        except (IntegrityError, DataError):
            raise  # the database is there: what was to be kept is wrong, and that is our fault
        except (DBAPIError, DatabaseError, PoolTimeout, OSError) as error:
            raise error_of(partial(RecordsUnavailable, retryable=True), "store.not_kept") from error

    async def _in_thread(self, work: Callable[[Records], T], options: dict[str, Any]) -> T:
        """A whole transaction in one thread: SQLite's async driver changes threads for every statement, which costs ten
        milliseconds a turn (measured 2026-11-25).
        """
        threads = self._readers if options else self._writers
        context = contextvars.copy_context()

        def run() -> T:
            with self._plain.connect() as connection:
                connection.execution_options(**options)
                with connection.begin():
                    return context.run(work, Records(connection, self._audit_keys))

        return await asyncio.get_running_loop().run_in_executor(threads, run)


def _nested(records: Records, work: Callable[[Records], Any]) -> tuple[Any, Exception | None]:
    """What this piece returns, kept with the others; or why it raised, with nothing of it kept.

    The savepoint is given to the driver itself: SQLAlchemy's costs as much as two more statements.
    """
    driver: Any = records.connection.connection.driver_connection
    driver.execute(f"savepoint {_PIECE}")
    try:
        done = work(records)
    except (DBAPIError, OSError):
        raise
    except Exception as error:  # noqa: BLE001 - told to whoever waits for this piece
        driver.execute(f"rollback to {_PIECE}")
        driver.execute(f"release {_PIECE}")
        return None, error
    driver.execute(f"release {_PIECE}")
    return done, None


def _tell(waits: "asyncio.Future[Any]", done: object, error: Exception | None) -> None:
    if waits.done():
        return
    if error is not None:
        waits.set_exception(error)
    else:
        waits.set_result(done)


def _made_private(path: Path) -> None:
    """SQLite gives what it puts beside a database the mode that the database has."""
    private_folder(path.parent)
    private_file(path)
    for beside in ("-wal", "-shm"):
        if (file := path.with_name(path.name + beside)).exists():
            private_file(file)


def _pooled(url: str) -> "AsyncEngine":
    from sqlalchemy.ext.asyncio import create_async_engine  # nobody with a file for records needs it

    return create_async_engine(_psycopg(url), pool_pre_ping=True, pool_size=10, max_overflow=20, pool_timeout=10)


def _threaded(url: str) -> Engine:
    """SQLite for whole transactions in one thread each."""
    options = {"timeout": 30, "check_same_thread": False}
    # Every transaction ends where it was begun: giving a connection back need not roll back once more.
    engine = create_engine(url, connect_args=options, pool_size=_READERS + 1, max_overflow=2, pool_reset_on_return=None)
    _tune(engine)
    return engine


def _psycopg(url: str) -> str:
    return "postgresql+psycopg://" + url.split("://", 1)[1]


def _tune(engine: Engine) -> None:
    """Writers queue at BEGIN, where waiting is safe."""
    # A transaction that reads first and then wants to write fails at once with "database is locked": no timeout helps.
    _pragmas(engine, autocommit=True)

    @event.listens_for(engine, "begin")
    def _begun(connection: Connection) -> None:  # pyright: ignore[reportUnusedFunction] - SQLAlchemy calls it
        reads = connection.get_execution_options().get(_READS)
        # To the driver itself: as a statement of SQLAlchemy's it costs as much as a query.
        driver: Any = connection.connection.driver_connection
        driver.execute("begin" if reads else "begin immediate")


def _pragmas(engine: Engine, *, autocommit: bool = False) -> None:
    """WAL and FULL: a commit that was told is on disk."""

    @event.listens_for(engine, "connect")
    def _connected(connection: Any, _: Any) -> None:  # pyright: ignore[reportUnusedFunction] - SQLAlchemy calls it
        if autocommit:
            connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in ("journal_mode = wal", "synchronous = full", "foreign_keys = on", "busy_timeout = 30000"):
            cursor.execute(f"pragma {pragma}")
        cursor.close()


def _up_to_date(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})
    tables, version = _known(connection)
    if connection.dialect.name == "sqlite" and not tables:
        laid_out(connection, "records")
        tables, version = _known(connection)
    if version == HEAD:
        return
    from alembic import command  # a third of a second, needed once in a database's life
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    if "happenings" in tables and "alembic_version" not in tables:
        command.stamp(config, "0001")
    command.upgrade(config, HEAD)


def _known(connection: Connection) -> tuple[set[str], str | None]:
    """The tables there, and how new their records are; None when no migration of ours has seen them. Raises
    ConfigurationError for those of a newer Brickie.
    """
    tables = set(connection.dialect.get_table_names(connection))
    version = _version(connection) if "alembic_version" in tables else None
    if version is not None and version > HEAD:
        raise error_of(ConfigurationError, "store.newer", theirs=version, ours=HEAD)
    return tables, version


def _version(connection: Connection) -> str | None:
    return connection.execute(text("select version_num from alembic_version")).scalar_one_or_none()


def _no_url() -> ConfigurationError:
    return error_of(ConfigurationError, "store.no_url")


def _tells_of_damage(error: BaseException) -> bool:
    """SQLite's own word for a file that it cannot understand; what passes by itself is another class."""
    original = error.orig if isinstance(error, DBAPIError) else error
    return isinstance(original, DatabaseError) and not isinstance(original, OperationalError)


def _damaged(path: Path) -> ConfigurationError:
    return error_of(ConfigurationError, "store.damaged", path=path)


def _unopened(url: str, error: Exception) -> ConfigurationError:
    """What is wrong and what to do. The error's own text, which may name more than it should, is left out."""
    if isinstance(error, ValueError | LookupError):
        return error_of(ConfigurationError, "store.unopened.damaged_rows")
    if url.startswith("sqlite"):
        return error_of(ConfigurationError, "store.unopened.closed_folder")
    if isinstance(error, ProgrammingError):
        return error_of(ConfigurationError, "store.unopened.no_right")
    place = make_url(url).host or phrase("store.unopened.local_socket")
    return error_of(ConfigurationError, "store.unopened.unreachable", place=place)
