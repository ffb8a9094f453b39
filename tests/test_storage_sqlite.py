"""What SQLite promises us, and that what is erased is gone from its files."""

from __future__ import annotations

import asyncio
import random  # noqa: TID251 - sizes and an order that a test can repeat
import threading
from datetime import timedelta
from pathlib import Path

import aiosqlite
import pytest
from sqlalchemy import delete, make_url, select
from sqlalchemy.exc import OperationalError
from stored import NOW, opened

from bot.channels.channel import Said
from bot.clock import StoppedClock
from bot.storage import tables
from bot.storage.conversations import Conversations, Kept
from bot.storage.database import StorageError, lock_folder, open_database
from bot.storage.files import Files
from bot.storage.outbox import Outbox, Parcel, Posting, Priority
from bot.storage.seal import Vault
from bot.storage.settings import read_setting, write_setting
from bot.storage.sqlite_driver import LEANS_ON, Hurry, connector
from bot.storage.web_rooms import WebRooms
from scheduler import retention

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


def test_who_reads_waits_for_no_writer(sqlite_url):
    """Inside a work of ours or of another process a read sees what was committed before it, and it can't write."""

    async def _run():
        async with opened(sqlite_url) as database, opened(sqlite_url) as other:
            async with database.work() as work:
                await write_setting(work, "x", "before")
            async with database.work() as work:
                await write_setting(work, "x", "within")
                for one in (database, other):
                    async with one.read(quick=True) as look:
                        assert await read_setting(look, "x") == "before"
            async with database.read() as look:
                assert await read_setting(look, "x") == "within"
                with pytest.raises(OperationalError, match="readonly"):
                    await write_setting(look, "x", "after")

    asyncio.run(_run())


def test_a_room_is_looked_at_while_somebody_writes(sqlite_url):
    """A page that asks whether there is something new waits for no writer, nor does one that is read."""

    async def _run():
        async with opened(sqlite_url) as database:
            web = WebRooms(database, VAULT, StoppedClock(NOW))
            await web.post("c.cookie", Said("x"), ours=True)
            async with database.work():
                assert await web.changed("c.cookie", since=0) == 1
                assert [posted.said.text for posted in await web.read("c.cookie")] == ["x"]

    asyncio.run(_run())


def test_who_tidies_beside_a_reader_is_told(sqlite_url):
    """While another process reads, the log can't be emptied and `tidy` says so; afterwards it is. A reader of our own
    is waited for.
    """

    async def _run():
        async with opened(sqlite_url) as database, opened(sqlite_url) as other:
            await database._outside_of_works("PRAGMA busy_timeout = 0")
            erased = await _erase_some(database)
            async with other.read() as look:
                await read_setting(look, "x")
                assert not await database.tidy()
                assert left_of(sqlite_url, erased)
            async with database.read() as look:
                await read_setting(look, "x")
                tidying = asyncio.create_task(database.tidy())
                await asyncio.sleep(0)
            assert await tidying
            assert left_of(sqlite_url, erased) == 0

    asyncio.run(_run())


def test_an_hour_is_done_only_when_the_files_are_tidy(sqlite_url, tmp_path):
    """A bell beside a reader leaves the hour undone: the next bell of the same hour tidies."""

    async def _run():
        clock = StoppedClock(NOW)
        async with opened(sqlite_url) as database, opened(sqlite_url) as other:
            await database._outside_of_works("PRAGMA busy_timeout = 0")
            rooms = WebRooms(database, VAULT, clock)
            kept = retention.Kept(Conversations(VAULT), Outbox(VAULT), rooms, Files(tmp_path / "files"))
            bell = retention.Retention(database, kept, clock, way_back_days=90)
            erased = await _erase_some(database)
            async with other.read() as look:
                await read_setting(look, "x")
                await bell.ring()
                assert left_of(sqlite_url, erased)
            await bell.ring()
            assert left_of(sqlite_url, erased) == 0

    asyncio.run(_run())


def test_nothing_is_done_at_once_while_the_thread_is_busy(tmp_path):
    """Who waited for a statement and was cancelled leaves the thread at work: what comes next waits for its end."""

    async def _run():
        connection = await connector(Hurry())(str(tmp_path / "x.sqlite"))
        may_end, begun = threading.Event(), threading.Event()

        def slow():
            begun.set()
            may_end.wait()

        def close():  # a name of what is done at once when nothing is under way
            return threading.get_ident()

        assert await connection._execute(close) == threading.get_ident()
        waiting = asyncio.create_task(connection._execute(slow))
        await asyncio.to_thread(begun.wait)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        following = asyncio.create_task(connection._execute(close))
        await asyncio.sleep(0)
        may_end.set()
        assert await following != threading.get_ident()
        assert await connection._execute(close) == threading.get_ident()
        await connection.close()

    asyncio.run(_run())


def test_what_is_leant_on_of_aiosqlite_is_there(tmp_path):
    """The names of its own that the driver uses are there in the version that is installed, which it knows."""
    assert all(hasattr(aiosqlite.Connection, name) for name in LEANS_ON)

    async def _run():
        connection = await connector(Hurry())(str(tmp_path / "x.sqlite"))
        assert {"_connection", "_running", "_thread"} <= vars(connection).keys()
        await connection.close()

    asyncio.run(_run())


@pytest.mark.parametrize(
    ("name", "other"),
    [("aiosqlite.__version__", "0.23.0"), ("bot.storage.sqlite_driver.LEANS_ON", ("_gone",))],
    ids=["version", "name"],
)
def test_another_aiosqlite_is_used_as_it_is(sqlite_url, monkeypatch, name, other):
    """With a version that the driver does not know, or one that lacks a name, a database works without its haste."""
    assert connector(Hurry()) is not None
    monkeypatch.setattr(name, other)
    assert connector(Hurry()) is None

    async def _run():
        async with opened(sqlite_url) as database:
            async with database.work(quick=True) as work:
                await write_setting(work, "x", "kept")
            async with database.read(quick=True) as look:
                assert await read_setting(look, "x") == "kept"

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
