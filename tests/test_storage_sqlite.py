"""What SQLite promises us, and that what is erased is gone from its files."""

from __future__ import annotations

import asyncio
import random  # noqa: TID251 - sizes and an order that a test can repeat
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, make_url, select
from sqlalchemy.exc import OperationalError
from stored import NOW, opened

from bot.channels.channel import Said
from bot.clock import StoppedClock
from bot.storage import tables
from bot.storage.conversations import Conversations, Kept
from bot.storage.database import StorageError, lock_folder, open_database
from bot.storage.outbox import Outbox, Parcel, Posting, Priority
from bot.storage.seal import Vault
from bot.storage.settings import write_setting
from bot.storage.web_rooms import WebRooms

VAULT = Vault(b"v" * 32)
PIECE = 12


def on_disk(url):
    """All bytes of the database's files."""
    file = Path(make_url(url).database)
    return b"".join(one.read_bytes() for one in sorted(file.parent.glob(file.name + "*")))


def pieces(content):
    """Parts of a sealed content, so that a half of it left behind is found too."""
    return [content[at : at + PIECE] for at in range(0, len(content) - PIECE + 1, PIECE)]


def left_of(url, erased):
    """How many parts of what was erased are still in the files."""
    found = on_disk(url)
    there = {found[at : at + PIECE] for at in range(len(found) - PIECE + 1)}
    return sum(piece in there for content in erased for piece in pieces(content))


async def pragma(work, name):
    return (await work.connection.exec_driver_sql(f"PRAGMA {name}")).scalar()


def test_the_promises_hold_on_every_connection(sqlite_url):
    """WAL, FULL, secure_delete and foreign keys hold inside a work, on a connection that was opened anew too."""

    async def _run():
        async with opened(sqlite_url) as database:
            for _ in range(2):
                async with database.work() as work:
                    names = ("journal_mode", "synchronous", "secure_delete", "foreign_keys")
                    assert [await pragma(work, name) for name in names] == ["wal", 2, 1, 1]
                await database._engine.dispose()

    asyncio.run(_run())


def test_a_work_holds_the_writers_place_from_its_beginning(sqlite_url):
    """A work begins as a writer, so that it never fails half way because another process wrote meanwhile."""

    async def _run():
        async with opened(sqlite_url) as one, opened(sqlite_url) as other:
            await other._outside_of_works("PRAGMA busy_timeout = 0")
            async with one.work():
                with pytest.raises(OperationalError, match="locked"):
                    await other.work().__aenter__()

    asyncio.run(_run())


def test_what_is_erased_is_gone_from_the_files(sqlite_url):
    """Sent messages, ended conversations and cleared rooms are gone from the database and its log after tidying."""

    async def _run():
        async with opened(sqlite_url) as database:
            erased = await _erase_some(database)
            assert left_of(sqlite_url, erased)  # before tidying they are still there: the search would find them
            await database.tidy()
            assert left_of(sqlite_url, erased) == 0
            assert Path(make_url(sqlite_url).database + "-wal").stat().st_size == 0
            await _erase_some(database)
        assert left_of(sqlite_url, erased) == 0

    asyncio.run(_run())


async def _erase_some(database):
    """Puts one of each in, takes them out, and returns what the rows held."""
    outbox, conversations, web = Outbox(VAULT), Conversations(VAULT), WebRooms(database, VAULT, StoppedClock(NOW))
    who = ("script", "c", "s")
    async with database.work() as work:
        await outbox.queue(work, [Posting(Parcel("script", "c", Said("x" * 9000)), Priority.ANSWER, NOW)])
        await conversations.prepare(work, NOW)
        await conversations.keep(work, [Kept(who, b"y" * 5000, NOW + timedelta(days=1))], NOW)
    await web.post("c.cookie", Said("z" * 3000), ours=False)
    async with database.work() as work:
        names = (tables.outbox, tables.conversation, tables.web_message)
        sealed = [bytes((await work.do(select(table.c.sealed))).scalar_one()) for table in names]
        await outbox.done(work, [taken.id for taken in await outbox.take(work, "script", NOW, 9)])
        await conversations.forget(work, [who], NOW)
    await web.clear("c.cookie")
    return sealed


def test_what_is_replaced_is_gone_from_the_files(sqlite_url):
    """What a row held before it was written over is gone after tidying."""

    async def _run():
        async with opened(sqlite_url) as database:
            web = WebRooms(database, VAULT, StoppedClock(NOW))
            erased = []
            for n in range(20):
                text = "z" * (50 + 97 * n)
                await (web.replace("c.cookie", "1", Said(text)) if n else web.post("c.cookie", Said(text), ours=True))
                async with database.work() as work:
                    erased.append(bytes((await work.do(select(tables.web_message.c.sealed))).scalar_one()))
            await database.tidy()
            assert left_of(sqlite_url, erased[-1:])
            assert left_of(sqlite_url, erased[:-1]) == 0

    asyncio.run(_run())


@pytest.mark.parametrize("seed", range(4))
def test_rows_erased_among_others_are_gone_from_the_files(sqlite_url, seed):
    """However rows of all sizes lie among one another, after tidying nothing is left of those that were erased."""
    chance = random.Random(seed)
    table = tables.conversation

    async def _run():
        async with opened(sqlite_url) as database:
            kept, erased = {}, []
            for _ in range(30):
                fresh = {chance.randbytes(32): chance.randbytes(chance.randrange(40, 3000)) for _ in range(12)}
                rows = [{"id": k, "day": NOW.date(), "sealed": v, "silent_at": NOW} for k, v in fresh.items()]
                async with database.work() as work:
                    await work.put(table, rows)
                kept |= fresh
                gone = chance.sample(sorted(kept), chance.randrange(len(kept) // 2 + 1))
                erased += [kept.pop(key) for key in gone] + gone
                async with database.work() as work:
                    await work.do(delete(table).where(table.c.id.in_(gone)))
            await database.tidy()
            assert left_of(sqlite_url, kept.values()) >= sum(len(content) // PIECE for content in kept.values()) * 0.9
            assert left_of(sqlite_url, erased) == 0

    asyncio.run(_run())


def test_nothing_that_was_written_is_lost_by_a_killed_process(sqlite_url):
    """What was committed is there for who opens the files as a killed process left them."""

    async def _run():
        async with opened(sqlite_url) as database:
            async with database.work() as work:
                await write_setting(work, "x", "kept")
            file = Path(make_url(sqlite_url).database)
            left = file.parent / "left"
            left.mkdir()
            for one in file.parent.glob(file.name + "*"):
                (left / one.name).write_bytes(one.read_bytes())
        async with opened(f"sqlite+aiosqlite:///{left / file.name}") as again, again.work() as work:
            assert (await work.do(select(tables.setting.c.value))).scalars().all() == ["kept"]

    asyncio.run(_run())


def test_an_unknown_address_is_refused_with_a_sentence():
    """A database of another kind is refused with the two addresses that are known."""
    with pytest.raises(StorageError, match="storage-unknown-url"):
        open_database("mysql+aiomysql://x/y")


def test_a_data_folder_is_for_one_process(tmp_path):
    """A data folder that is in use is refused with a sentence, and is free once it was let go."""
    lock = lock_folder(tmp_path / "data")
    with pytest.raises(StorageError, match="storage-in-use"):
        lock_folder(tmp_path / "data")
    lock.release()
    lock_folder(tmp_path / "data").release()
