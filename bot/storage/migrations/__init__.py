"""Brings a database to the tables of this version: Alembic, imported only when there is something to bring."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.database import Database, StorageError
from bot.storage.tables import metadata

NEWEST = "0001"
_VERSION_TABLE = """CREATE TABLE alembic_version (
    version_num VARCHAR(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
)"""
_HERE = Path(__file__).parent


async def migrate(database: Database) -> None:
    """Brings the database to NEWEST, under a lock, all or nothing. Raises StorageError for one from a newer version."""
    async with database.work() as work:
        if work.is_postgresql:
            await work.do(text("SELECT pg_advisory_xact_lock(7426)"))
        version = await work.connection.run_sync(_version)
        if version is None:
            await work.connection.run_sync(_create)
        elif version != NEWEST:
            await _upgrade(work.connection)


async def is_of_this_version(database: Database) -> bool:
    """Whether the tables are those of this version; changes nothing."""
    async with database.read() as work:
        return await work.connection.run_sync(_version) == NEWEST


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _create(connection: Connection) -> None:
    """An empty database gets the tables as they are now, without Alembic's second of import; a test sees to it that
    this is the same as migrating.
    """
    metadata.create_all(connection)
    connection.execute(text(_VERSION_TABLE))
    connection.execute(text("INSERT INTO alembic_version VALUES (:newest)"), {"newest": NEWEST})


async def _upgrade(connection: AsyncConnection) -> None:
    command = import_module("alembic.command")
    config = import_module("alembic.config").Config()
    config.set_main_option("script_location", str(_HERE))

    def _run(synchronous: Connection) -> None:
        config.attributes["connection"] = synchronous
        command.upgrade(config, NEWEST)

    try:
        await connection.run_sync(_run)
    except import_module("alembic.util").CommandError:
        raise StorageError("storage-newer") from None
