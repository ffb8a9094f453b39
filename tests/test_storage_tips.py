"""Tips at rest: sealed to their readers, found by their receipt, and without a trace of who sent them."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from stored import NOW, opened, whole

from bot.domain.tip import TipKind, TipLine, Urgency
from bot.storage import tables
from bot.storage.seal import SealBroken, open_tip, seal_tip
from bot.storage.tips import (
    ReaderKey,
    ReceiptMark,
    active_readers,
    add_reader,
    file_tip,
    find_by_receipt,
    retire_reader,
    sealed_tips,
)

KEYS = {name: X25519PrivateKey.generate() for name in ("hoa", "nam")}
READERS = {name: ReaderKey(name, f"Bạn {name}", key.public_key().public_bytes_raw()) for name, key in KEYS.items()}
HOUR = NOW.replace(minute=0)
MARK = ReceiptMark(b"l" * 32, b"p" * 32)
TIP = TipLine("tip-1", HOUR, TipKind.STORING, "xa-1", Urgency.NOW, since=HOUR)


async def filed(work, line=TIP, mark=MARK, way_back=None, content=b"canary-words"):
    for reader in READERS.values():
        if reader.id not in await active_readers(work):
            await add_reader(work, reader)
    readers = {reader.id: reader.public for reader in (await active_readers(work)).values()}
    await file_tip(work, line, seal_tip(content, readers, line.id.encode()), mark, way_back)


async def read(work, reader):
    return [
        (line, open_tip(KEYS[reader], key, body, line.id.encode()))
        async for line, key, body in sealed_tips(work, reader)
    ]


@whole
async def test_every_reader_opens_a_tip(database):
    """Every reader opens a tip with their own key, and nobody with another's."""
    async with database.work() as work:
        await filed(work)
        for reader in READERS:
            assert await read(work, reader) == [(TIP, b"canary-words")]
        ((line, key, body),) = [found async for found in sealed_tips(work, "hoa")]
        with pytest.raises(SealBroken):
            open_tip(KEYS["nam"], key, body, line.id.encode())


@whole
async def test_a_tip_at_rest_shows_nothing_that_was_written(database):
    """A tip's row shows kind, commune, urgency, state and the hour, and not a word of what was written."""
    async with database.work() as work:
        await filed(work)
        row = (await work.do(select(tables.tip))).one()
        assert b"canary" not in bytes(row.body)
        assert (row.kind, row.commune, row.urgency, row.state, row.hour) == (
            "storing",
            "xa-1",
            "now",
            "received",
            HOUR,
        )
        assert row.way_back is None


@whole
async def test_a_tip_is_found_by_its_receipt(database):
    """A tip is found by its receipt's look-up and by no other."""
    async with database.work() as work:
        await filed(work)
        assert await find_by_receipt(work, MARK.look_up) == (TIP, MARK.public)
        assert await find_by_receipt(work, b"x" * 32) is None


@whole
async def test_two_tips_never_share_a_receipt(database):
    """A second tip with the same look-up is refused, and nothing of it is kept."""
    async with database.work() as work:
        await filed(work)

    async def _again():
        async with database.work() as work:
            await filed(work, TipLine("tip-2", HOUR, TipKind.USING, "", Urgency.CALM))

    with pytest.raises(IntegrityError):
        await _again()
    async with database.work() as work:
        assert [line.id for line, _ in await read(work, "hoa")] == ["tip-1"]


@whole
async def test_a_retired_reader_has_no_keys(database):
    """Retiring a reader erases their keys of all tips and leaves the others' alone; new tips are not sealed to them."""
    async with database.work() as work:
        await filed(work)
        assert await retire_reader(work, "hoa", NOW)
        assert not await retire_reader(work, "hoa", NOW)
        assert not await retire_reader(work, "unknown", NOW)
        assert await read(work, "hoa") == []
        assert await active_readers(work) == {"nam": READERS["nam"]}
        assert (await work.do(select(func.count()).select_from(tables.tip_key))).scalar_one() == 1
        await file_tip(
            work,
            TipLine("tip-2", HOUR, TipKind.USING, "", Urgency.CALM),
            seal_tip(b"later", {"nam": READERS["nam"].public}, b"tip-2"),
            ReceiptMark(b"m" * 32, b"p" * 32),
            None,
        )
        assert await read(work, "hoa") == []
        assert [content for _, content in await read(work, "nam")] == [b"canary-words", b"later"]


@whole
async def test_the_order_of_tips_tells_no_order_of_people(database):
    """Tips of one hour come in the order of their random names, however they were filed."""
    async with database.work() as work:
        for n, name in enumerate("cab"):
            await filed(
                work, TipLine(name, HOUR, TipKind.USING, "", Urgency.CALM), ReceiptMark(bytes([n]) * 32, b"p" * 32)
            )
        await filed(work, TipLine("0", HOUR + timedelta(hours=1), TipKind.USING, "", Urgency.CALM), MARK)
        assert [line.id for line, _ in await read(work, "hoa")] == ["a", "b", "c", "0"]


def test_rows_that_could_tell_an_order_have_no_row_numbers(sqlite_url):
    """In SQLite the rows of tips, their keys, conversations, keys heard and web rooms have no row numbers."""

    async def _run():
        async with opened(sqlite_url) as database, database.work() as work:
            found = (await work.connection.exec_driver_sql("PRAGMA table_list")).all()
        assert {row.name for row in found if row.wr} >= {
            "tip",
            "tip_key",
            "conversation",
            "heard",
            "web_room",
            "web_message",
        }

    asyncio.run(_run())
