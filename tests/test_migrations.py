"""Migrations: every database gets the same tables, once, whoever else is at it; none is taken from a newer version."""

from __future__ import annotations

import asyncio
from datetime import timedelta, timezone
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, make_url, text
from stored import NOW, UNITS, opened, statements

from bot.storage import migrations
from bot.storage.database import StorageError
from bot.storage.migrations import NEWEST, migrate
from bot.storage.tables import metadata
from bot.storage.units import all_units, put_plan, put_units

FOLDER = str(Path(migrations.__file__).parent)


async def inside(database, see):
    async with database.work() as work:
        return await work.connection.run_sync(see)


def differences(connection):
    context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
    return compare_metadata(context, metadata)


def upgraded(connection, to=NEWEST):
    """Step by step, as an old database is brought to this version."""
    config = Config()
    config.set_main_option("script_location", FOLDER)
    config.attributes["connection"] = connection
    command.upgrade(config, to)


def shape(connection):
    """Everything the database itself says about its tables."""
    see = inspect(connection)
    return {
        name: {
            "columns": [(c["name"], str(c["type"]), c["nullable"], c["default"]) for c in see.get_columns(name)],
            "key": see.get_pk_constraint(name),
            "foreign": sorted(map(repr, see.get_foreign_keys(name))),
            "unique": sorted(map(repr, see.get_unique_constraints(name))),
            "indexes": sorted(map(repr, see.get_indexes(name))),
            "options": see.get_table_options(name),
        }
        for name in see.get_table_names()
    }


def test_an_empty_database_gets_all_tables(empty_url):
    """An empty database gets every table, as this version wants them: Alembic finds no difference."""

    async def _run():
        async with opened(empty_url) as database:
            await migrate(database)
            assert await inside(database, differences) == []
            assert set(await inside(database, shape)) == {*metadata.tables, "alembic_version"}

    asyncio.run(_run())


def test_step_by_step_leads_to_the_same_tables(empty_url, request):
    """A database that is migrated step by step has the tables of a new one: columns, keys, indexes and options."""
    new_url = request.getfixturevalue(f"{make_url(empty_url).get_backend_name()}_url")

    async def _run():
        async with opened(empty_url) as old, opened(new_url) as new:
            await inside(old, upgraded)
            assert await inside(old, differences) == []
            assert await inside(old, shape) == await inside(new, shape)

    asyncio.run(_run())


def test_the_newest_version_is_the_last_step(sqlite_url):
    """The version that a new database is given is the one that the last step leads to, and there is one last step."""
    assert ScriptDirectory(FOLDER).get_heads() == [NEWEST]


def test_migrating_again_changes_nothing(empty_url):
    """Migrating again changes no table and no row, and only reads."""

    async def _run():
        async with opened(empty_url) as database:
            await migrate(database)
            before = await inside(database, shape)
            async with database.work() as work:
                await put_units(work, UNITS)
        async with opened(empty_url) as database:
            async with statements(database) as said:
                await migrate(database)
            assert [one for one in said if one.split()[0] in {"CREATE", "ALTER", "DROP", "INSERT", "UPDATE"}] == []
            assert await inside(database, shape) == before
            async with database.work() as work:
                assert await all_units(work) == UNITS

    asyncio.run(_run())


def test_a_database_of_a_newer_version_is_refused(url):
    """A database that a newer version made is refused with a sentence that says so, and is left as it is."""

    async def _run():
        async with opened(url) as database:
            async with database.work() as work:
                await work.do(text("UPDATE alembic_version SET version_num = '9999'"))
            with pytest.raises(StorageError, match="storage-newer"):
                await migrate(database)
            async with database.work() as work:
                assert (await work.do(text("SELECT version_num FROM alembic_version"))).scalar() == "9999"

    asyncio.run(_run())


def test_two_processes_that_migrate_at_once(empty_url):
    """Of several processes that start on an empty database at once, one makes the tables and the others find them."""

    async def _run():
        async with opened(empty_url) as one, opened(empty_url) as two, opened(empty_url) as three:
            await asyncio.gather(migrate(one), migrate(two), migrate(three))
            for database in (one, two, three):
                assert await inside(database, differences) == []
                async with database.work() as work:
                    await put_units(work, UNITS)
            async with one.work() as work:
                assert (await work.do(text("SELECT count(*) FROM alembic_version"))).scalar() == 1

    asyncio.run(_run())


def test_a_migration_that_fails_leaves_nothing(empty_url):
    """Where a migration breaks off, the database is as it was, and the next start begins anew."""

    async def _run():
        async with opened(empty_url) as database:
            async with database.work() as work:
                await work.do(text("CREATE TABLE in_the_way (day INTEGER)"))
                await work.do(text("CREATE INDEX ix_heard_day ON in_the_way (day)"))
            with pytest.raises(Exception, match="ix_heard_day"):
                await migrate(database)
            assert set(await inside(database, shape)) == {"in_the_way"}
            async with database.work() as work:
                await work.do(text("DROP TABLE in_the_way"))
            await migrate(database)
            assert await inside(database, differences) == []

    asyncio.run(_run())


def test_time_is_kept_as_seconds_of_utc(url):
    """An instant of any zone comes back as the same instant in UTC, to the second."""
    local = NOW.astimezone(timezone(timedelta(hours=7))) + timedelta(microseconds=999_999)

    async def _run():
        async with opened(url) as database, database.work() as work:
            await put_plan(work, "lc", b"", local)
            kept = (await work.do(metadata.tables["plan"].select())).one().loaded_at
            assert (kept, kept.utcoffset()) == (NOW, timedelta())

    asyncio.run(_run())
