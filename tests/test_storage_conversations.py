"""Conversations between two messages: found under the secrets of two days, sealed, and gone for good afterwards."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from stored import NOW, whole

from bot.storage import tables
from bot.storage.conversations import Conversations, Kept
from bot.storage.keys import SecretDestroyed
from bot.storage.seal import Vault

VAULT = Vault(b"d" * 32)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LAN, MINH, HERE = ("script", "g", "lan"), ("script", "g", "minh"), ("zalo", "g", "lan")
KEY = ("script", "k1")


class Undone(Exception):
    pass


def kept(who, content=b"form", now=NOW, lasts=DAY):
    return Kept(who, content, now + lasts)


async def begun(work, now=NOW):
    conversations = Conversations(VAULT)
    await conversations.prepare(work, now)
    return conversations


async def count(work, table):
    return (await work.do(select(func.count()).select_from(table))).scalar_one()


@whole
async def test_a_conversation_is_found_by_who_speaks_where(database):
    """A conversation is found by its channel, chat and sender together, after a restart too."""
    async with database.work() as work:
        await (await begun(work)).keep(work, [kept(LAN, b"one"), kept(HERE, b"two")], NOW)
    async with database.work() as work:
        found = await (await begun(work)).find(work, [LAN, MINH, HERE, ("script", "gl", "an")], NOW)
        assert found == {LAN: b"one", HERE: b"two"}


@whole
async def test_a_conversation_kept_again_is_the_newest(database):
    """A conversation has one row, and it is the newest."""
    async with database.work() as work:
        conversations = await begun(work)
        await conversations.keep(work, [kept(LAN, b"one")], NOW)
        await conversations.keep(work, [kept(LAN, b"two")], NOW)
        await conversations.keep(work, [], NOW)
        assert await conversations.find(work, [LAN], NOW) == {LAN: b"two"}
        assert await count(work, tables.conversation) == 1


@whole
async def test_a_conversation_goes_on_past_midnight(database):
    """A conversation of yesterday is found today, and with its next message it is today's and no more yesterday's."""
    midnight = NOW.replace(hour=0) + DAY
    evening, morning = midnight - HOUR, midnight + HOUR
    async with database.work() as work:
        await (await begun(work, evening)).keep(work, [kept(LAN, b"one", evening)], evening)
        conversations = await begun(work, morning)
        assert await conversations.find(work, [LAN], morning) == {LAN: b"one"}
        await conversations.keep(work, [kept(LAN, b"two", morning)], morning)
        assert (await work.do(select(tables.conversation.c.day))).scalars().all() == [morning.date()]
        assert await conversations.find(work, [LAN], morning) == {LAN: b"two"}


@whole
async def test_a_conversation_that_ended_past_midnight_is_forgotten(database):
    """A conversation of yesterday that ends today leaves no row."""
    midnight = NOW.replace(hour=0) + DAY
    async with database.work() as work:
        await (await begun(work, midnight - HOUR)).keep(work, [kept(LAN), kept(MINH)], midnight - HOUR)
        conversations = await begun(work, midnight)
        await conversations.forget(work, [LAN], midnight)
        await conversations.forget(work, [], midnight)
        assert set(await conversations.find(work, [LAN, MINH], midnight)) == {MINH}
        assert await count(work, tables.conversation) == 1


@whole
async def test_a_silent_conversation_is_not_found(database):
    """A conversation that fell silent is not found, at the latest an hour after its time, and its row is erased."""
    async with database.work() as work:
        conversations = await begun(work)
        await conversations.keep(work, [kept(LAN, lasts=HOUR / 2)], NOW)
        assert await conversations.find(work, [LAN], NOW + HOUR / 2) == {LAN: b"form"}
        assert await conversations.find(work, [LAN], NOW + HOUR) == {}
        assert await count(work, tables.conversation) == 1
        await conversations.destroy_old(work, NOW + HOUR)
        assert await count(work, tables.conversation) == 0


@whole
async def test_a_secret_lives_two_days(database):
    """48 hours after its day began a secret is destroyed with all that was kept under it; a minute before it is not."""
    end = NOW.replace(hour=0) + 2 * DAY
    async with database.work() as work:
        conversations = await begun(work)
        await conversations.keep(work, [kept(LAN, lasts=9 * DAY)], NOW)
        await conversations.write_heard(work, [KEY], NOW)
        await conversations.destroy_old(work, end - timedelta(minutes=1))
        assert await conversations.find(work, [LAN], end - timedelta(minutes=1)) == {LAN: b"form"}
        await conversations.destroy_old(work, end)
        assert await conversations.find(work, [LAN], end) == {}
        assert await count(work, tables.conversation) == 0
        assert await count(work, tables.heard) == 0
        days = (await work.do(select(tables.day_secret.c.day).order_by(tables.day_secret.c.day))).scalars().all()
        assert days == [(end - DAY).date(), end.date()]


@whole
async def test_nothing_opens_a_row_whose_secret_is_destroyed(database):
    """A row copied before its secret was destroyed opens for nobody who comes later, not even with the same clock."""
    async with database.work() as work:
        conversations = await begun(work)
        await conversations.keep(work, [kept(LAN, b"canary", lasts=9 * DAY)], NOW)
        row = (await work.do(select(tables.conversation))).one()
        assert b"canary" not in bytes(row.sealed)
        await conversations.destroy_old(work, NOW + 2 * DAY)
        with pytest.raises(SecretDestroyed):
            await conversations.find(work, [LAN], NOW)
        await work.put(tables.conversation, [dict(row._mapping)])
        later = await begun(work, NOW)  # a clock set back makes new secrets, which find and open nothing
        assert await later.find(work, [LAN], NOW) == {}


@whole
async def test_rows_show_neither_who_nor_where(database):
    """The rows of one person's two conversations have nothing in common that could be joined."""
    async with database.work() as work:
        conversations = await begun(work)
        await conversations.keep(work, [kept(LAN), kept(HERE)], NOW)
        one, two = (await work.do(select(tables.conversation))).all()
        assert one.id[:8] != two.id[:8]
        assert not {b"lan", b"script"} & {bytes(one.sealed)[i : i + 3] for i in range(len(one.sealed))}
        assert one.silent_at == two.silent_at == NOW + DAY + HOUR


# --- keys heard ------------------------------------------------------------------------------------------------------


@whole
async def test_a_key_is_heard_once(database):
    """A key that was written down has been heard, today and tomorrow, on its own channel."""
    async with database.work() as work:
        await (await begun(work)).write_heard(work, [KEY, ("script", "k2")], NOW)
    tomorrow = NOW + DAY
    async with database.work() as work:
        conversations = await begun(work, tomorrow)
        asked = [KEY, ("zalo", "k1"), ("script", "k3")]
        assert await conversations.heard_before(work, asked, tomorrow) == {KEY}
        assert await conversations.heard_before(work, [], tomorrow) == set()
        await conversations.destroy_old(work, tomorrow)
        assert await conversations.heard_before(work, asked, tomorrow) == {KEY}


@whole
async def test_a_key_written_twice_fails_the_work(database):
    """Where two write the same key down, the second one's whole work fails."""
    async with database.work() as work:
        await (await begun(work)).write_heard(work, [KEY], NOW)

    async def _again():
        async with database.work() as work:
            conversations = await begun(work)
            await conversations.keep(work, [kept(LAN)], NOW)
            await conversations.write_heard(work, [KEY], NOW)

    with pytest.raises(IntegrityError):
        await _again()
    async with database.work() as work:
        assert await (await begun(work)).find(work, [LAN], NOW) == {}


# --- the secrets of the days -----------------------------------------------------------------------------------------


@whole
async def test_a_secret_that_was_undone_is_not_used(database):
    """Where the work that made today's secret is undone, the next one makes another, and a restart still finds all."""
    conversations = Conversations(VAULT)

    async def _fail():
        async with database.work() as work:
            await conversations.prepare(work, NOW)
            raise Undone

    with pytest.raises(Undone):
        await _fail()
    async with database.work() as work:
        await conversations.prepare(work, NOW)
        await conversations.keep(work, [kept(LAN)], NOW)
        await conversations.write_heard(work, [KEY], NOW)
    async with database.work() as work:
        after_restart = await begun(work)
        assert await after_restart.find(work, [LAN], NOW) == {LAN: b"form"}
        assert await after_restart.heard_before(work, [KEY], NOW) == {KEY}


@whole
async def test_two_processes_share_the_secret_of_the_day(database):
    """What one process keeps the other finds, though both were there when the day began."""
    one, other = Conversations(VAULT), Conversations(VAULT)
    async with database.work() as work:
        await one.prepare(work, NOW)
        await one.keep(work, [kept(LAN)], NOW)
    async with database.work() as work:
        await other.prepare(work, NOW)
        assert await other.find(work, [LAN], NOW) == {LAN: b"form"}


@whole
async def test_a_secret_at_rest_is_sealed(database):
    """The secrets in the database open with the installation's key only."""
    async with database.work() as work:
        await (await begun(work)).keep(work, [kept(LAN)], NOW)
        with pytest.raises(Exception, match="can't be opened"):
            await Conversations(Vault(b"x" * 32)).prepare(work, NOW)
