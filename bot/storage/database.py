"""One database, SQLite or PostgreSQL, and the `Work` that holds a transaction of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from sqlalchemy import Table, event, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import CursorResult
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool
from sqlalchemy.sql.base import Executable

from bot.domain.trouble import Trouble
from bot.storage.sqlite_driver import Hurry, connector


class StorageError(Trouble):
    """The database can't be used; the sentence says what to do."""


class SavepointLost(Exception):
    """What was done since a savepoint could be neither kept nor undone by itself: the whole work has to fail."""

    def __str__(self) -> str:
        return type(self).__doc__ or ""


@dataclass(frozen=True, slots=True)
class Work:
    """What other rooms hold while storage holds a transaction. All that is done with one is done, or none of it."""

    connection: AsyncConnection

    async def do(self, statement: Executable, rows: Any = None) -> CursorResult[Any]:
        """Executes one statement, over many rows where `rows` is a list."""
        return await self.connection.execute(statement, rows)

    @property
    def is_postgresql(self) -> bool:
        return self.connection.dialect.name == "postgresql"

    @asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        """What is done inside is undone when it raises; what was done before stays.

        Raises SavepointLost where the database refuses that, or refuses to release the savepoint: what was done inside
        is then still in the work (SQLAlchemy undoes nothing after a refused release), and must not be committed.
        """
        nested = await self.connection.begin_nested()
        try:
            yield
        except BaseException:
            await _or_lost(nested.rollback())
            raise
        await _or_lost(nested.commit())

    def insert(self, table: Table) -> sqlite.Insert | postgresql.Insert:
        """An insert that knows ON CONFLICT, in the dialect at hand."""
        return postgresql.insert(table) if self.is_postgresql else sqlite.insert(table)

    async def put(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
        """Inserts rows, or replaces those with the same primary key."""
        if not rows:
            return
        insert = self.insert(table)
        key = [column.name for column in table.primary_key]
        rest = {name: insert.excluded[name] for name in rows[0] if name not in key}
        on_conflict = (
            insert.on_conflict_do_update(table.primary_key, set_=rest) if rest else insert.on_conflict_do_nothing()
        )
        await self.do(on_conflict, list(rows))


async def _or_lost(ending: Awaitable[None]) -> None:
    try:
        await ending
    except SQLAlchemyError:
        raise SavepointLost from None


@dataclass(frozen=True, slots=True)
class Line:
    """A way to the database; on SQLite one connection, used by one work at a time."""

    engine: AsyncEngine
    hurry: Hurry = field(default_factory=Hurry)
    alone: asyncio.Lock = field(default_factory=asyncio.Lock)

    @asynccontextmanager
    async def work(self, *, quick: bool) -> AsyncIterator[Work]:
        async with self.alone, self.engine.begin() as connection:
            self.hurry.is_on = quick
            try:
                yield Work(connection)
            finally:
                self.hurry.is_on = False


class Database:
    """Opens works. On SQLite there is one writer, and one reader beside it; on PostgreSQL as many of both as the pool
    has connections.
    """

    def __init__(self, writer: Line, reader: Line) -> None:
        self._engine = writer.engine
        self._writer = writer
        self._reader = reader
        self.is_sqlite = writer.engine.dialect.name == "sqlite"

    @asynccontextmanager
    async def work(self, *, quick: bool = False) -> AsyncIterator[Work]:
        """A transaction: committed at the end, undone when the block raises.

        `quick`: it holds a handful of statements that find their rows by an index, so that on SQLite they are not
        worth a thread (bot/storage/sqlite_driver.py).
        """
        if not self.is_sqlite:
            async with self._engine.begin() as connection:
                yield Work(connection)
            return
        async with self._writer.work(quick=quick) as work:
            yield work

    @asynccontextmanager
    async def read(self, *, quick: bool = False) -> AsyncIterator[Work]:
        """A transaction that only looks: it sees what was committed before it, and waits for no writer.

        On SQLite it has a connection of its own, which refuses to write.
        """
        if not self.is_sqlite:
            async with self._engine.begin() as connection:
                yield Work(connection)
            return
        async with self._reader.work(quick=quick) as work:
            yield work

    async def close(self) -> None:
        """What a reader elsewhere keeps in the write-ahead log, the first `tidy` after the next start erases."""
        await self._reader.engine.dispose()
        if self.is_sqlite:
            await self._outside_of_works("PRAGMA wal_checkpoint(TRUNCATE)")
        await self._engine.dispose()

    async def tidy(self) -> bool:
        """Sees to it that what was erased is gone from the files of SQLite too (docs/design.md, section 7).

        `secure_delete` overwrites a row that is deleted, but not what stays in the gaps of a page when rows around it
        are moved to another: so the database is written anew, and then the write-ahead log is emptied into it.
        False: another process is reading, and the log could not be emptied; it is to be tried again.
        """
        if not self.is_sqlite:
            return True
        await self._outside_of_works("VACUUM")
        busy, *_ = await self._outside_of_works("PRAGMA wal_checkpoint(TRUNCATE)")
        return not busy

    async def _outside_of_works(self, statement: str) -> tuple[Any, ...]:
        """The statement's first row, if it has one. Nobody of ours reads meanwhile: that would keep the log from being
        emptied, as a reader in another process does.
        """
        async with self._writer.alone, self._reader.alone, self._engine.connect() as connection:
            raw = await connection.get_raw_connection()
            assert raw.driver_connection is not None
            cursor = await raw.driver_connection.execute(statement)
            row = await cursor.fetchone()
            await cursor.close()
            return tuple(row or ())


def open_database(url: str) -> Database:
    """Opens the database that `url` names ("sqlite+aiosqlite:///…" or "postgresql+asyncpg://…")."""
    address = make_url(url)
    if address.drivername == "sqlite+aiosqlite":
        return Database(_open_sqlite(url, "BEGIN IMMEDIATE"), _open_sqlite(url, "BEGIN", "query_only=ON"))
    if address.drivername == "postgresql+asyncpg":
        both = Line(create_async_engine(url, pool_size=5, max_overflow=5, hide_parameters=True))
        return Database(both, both)
    raise StorageError("storage-unknown-url", driver=address.drivername)


def _open_sqlite(url: str, begin: str, *more_pragmas: str) -> Line:
    hurry = Hurry()
    connect_with = connector(hurry)
    engine = create_async_engine(
        url,
        poolclass=AsyncAdaptedQueuePool,
        pool_size=1,
        max_overflow=0,
        hide_parameters=True,
        connect_args={"async_creator_fn": connect_with} if connect_with else {},
    )

    @event.listens_for(engine.sync_engine, "connect")
    def _promise(connection: Any, _record: object) -> None:
        # The driver must not begin transactions by itself: then savepoints work, and BEGIN IMMEDIATE is ours.
        connection.isolation_level = None
        cursor = connection.cursor()
        # temp_store: VACUUM's copy of everything is never a file, which nobody would overwrite, in another folder.
        pragmas = ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON", "foreign_keys=ON", "temp_store=MEMORY")
        for pragma in (*pragmas, *more_pragmas):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.execute("PRAGMA secure_delete")
        if cursor.fetchone() != (1,):
            raise StorageError("storage-no-secure-delete")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql(begin)

    return Line(engine, hurry)


def lock_folder(folder: Path) -> FileLock:
    """Takes the data folder for this process alone, until it ends. Raises StorageError when another one has it."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    lock = FileLock(folder / "in-use.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise StorageError("storage-in-use", folder=str(folder)) from None
    return lock
